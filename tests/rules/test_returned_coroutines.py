"""Coroutines that an async function returns, where one `await` is not enough."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio

async def work(x=1):
    return x

"""

BAD = {
    "an item of what a method returns": """
        class Repo:
            async def find(self, key):
                return {"a": key}
            async def get(self, key):
                return self.find(key)  # LMB201

        async def use(repo_key):
            repo = Repo()
            found = await repo.get(repo_key)
            return found["a"]
    """,
    "an attribute of what a function returns": """
        async def get(key):
            return work(key)  # LMB201

        async def use(key):
            found = await get(key)
            print(found.name)
    """,
    "awaited once, and dropped": """
        async def get(key):
            return work(key)  # LMB201

        async def use(key):
            await get(key)
    """,
    "an item of what is run": """
        async def get(key):
            return work(key)  # LMB201

        def lambda_handler(event, context):
            return {"x": asyncio.run(get(1))["a"]}
    """,
    "unlike another branch": """
        class Repo:
            async def batch(self, token):
                return [1]
            async def all(self, token):
                first = await self.batch(None)
                if token:
                    return self.batch(token)  # LMB201
                return first
    """,
    "unlike the block before": """
        class Repo:
            async def batch(self, token):
                return [1]
            async def all(self, token):
                try:
                    return await self.batch(token)
                except KeyError:
                    return self.batch(None)  # LMB201
    """,
    "unlike a literal": """
        async def pick(key):
            if not key:
                return {}
            return work(key)  # LMB201
    """,
    "told once for two callers": """
        async def get(key):
            return work(key)  # LMB201

        async def one(key):
            return (await get(key))["a"]

        async def two(key):
            return (await get(key)).name
    """,
    "a static method": """
        class Repo:
            @staticmethod
            async def get(key):
                if key:
                    return await work(key)
                return work(0)  # LMB201
    """,
}

GOOD = {
    "awaited twice": """
        async def get(key):
            return work(key)
        async def use(key):
            found = await (await get(key))
            return found["a"]
    """,
    "awaited twice, name": """
        async def get(key):
            return work(key)
        async def use(key):
            inner = await get(key)
            return (await inner)["a"]
    """,
    "annotated": """
        from collections.abc import Awaitable
        async def get(key) -> Awaitable[int]:
            return work(key)
    """,
    "annotated coroutine": """
        from typing import Coroutine
        async def get(key) -> "Coroutine[None, None, int]":
            return work(key)
    """,
    "only returned, nobody uses": """
        async def get(key):
            return work(key)
    """,
    "sync": """
        def get(key):
            return work(key)
        async def use(key):
            return (await get(key))["a"]
    """,
    "branches, both awaited": """
        class Repo:
            async def batch(self, token):
                return [1]
            async def all(self, token):
                if token:
                    return await self.batch(token)
                return await self.batch(None)
    """,
    "task returned": """
        async def start(key):
            return asyncio.create_task(work(key))
        async def use(key):
            task = await start(key)
            return (await task)["a"]
    """,
    "branches, none or coroutine": """
        async def pick(key):
            if key:
                return work(key)
            return None
        async def use(key):
            job = await pick(key)
            if job is not None:
                return await job
    """,
    "dispatcher that resolves": """
        import inspect
        async def pick(key):
            if key:
                return work(key)
            return await work(2)
        async def use(key):
            result = await pick(key)
            while inspect.isawaitable(result):
                result = await result
            return result
    """,
    "decorated": """
        from vendor import flatten
        @flatten
        async def pick(key):
            if key:
                return work(key)
            return await work(2)
    """,
    "gathered": """
        async def start(key):
            return work(key)
        async def use(keys):
            jobs = await asyncio.gather(*[start(key) for key in keys])
            return await asyncio.gather(*jobs)
    """,
    "async generator": """
        async def numbers():
            yield 1
        async def get(key):
            return numbers()
        async def use():
            async for x in await get(1):
                print(x)
    """,
    "abstract": """
        class Base:
            async def get(self, key):
                return self.find(key)
            def find(self, key):
                raise NotImplementedError
        class Repo(Base):
            async def find(self, key):
                return key
    """,
    "unlike None only": """
        async def pick(key):
            if not key:
                return None
            return work(key)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))


def test_words():
    found = violations(
        """
        async def work(x=1):
            return x

        async def get(key):
            return work(key)

        async def use(key):
            return (await get(key))["a"]

        async def mixed(key):
            if key:
                return await work(key)
            return work(0)
        """
    )
    assert [(one.line, one.column, one.text) for one in found] == [
        (
            5,
            11,
            "`work()` is returned without `await`, and is never awaited; a subscript "
            "raises TypeError; `await` it",
        ),
        (
            13,
            11,
            "`work()` is returned without `await`: one `await` of the caller gives a "
            "coroutine, not a result as from line 12; `await` it",
        ),
    ]


def test_a_caller_in_another_file_is_told_there():
    assert_marked(
        {
            "repo.py": """
                async def work(x=1):
                    return x



                async def get(key):
                    return work(key)
            """,
            "app.py": """
                from repo import get

                async def use(key):
                    return (await get(key))["a"]  # LMB201
            """,
        }
    )
