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
    "others of its class await the same": """
        class Client:
            async def send(self, method, path):
                return path
            async def get(self, path):
                return await self.send("GET", path)
            async def post(self, path):
                if path:
                    return self.send("POST", path)  # LMB201
                raise ValueError(path)
    """,
    "a condition asks for its result": """
        async def unload(data):
            done = work(data)  # LMB201
            if done:
                data.clear()
            return done
    """,
    "by the wrapper of a decorator": """
        import functools

        def timed(function):
            @functools.wraps(function)
            async def wrapper(*args):
                try:
                    return function(*args)  # LMB201
                finally:
                    print("done")
            return wrapper

        @timed
        async def get(key):
            return {"a": key}

        async def use(key):
            found = await get(key)
            return found["a"]
    """,
    "by the wrapper of a decorator that is called": """
        def logged(level):
            def decorate(function):
                async def wrapper(*args, **kwargs):
                    print(level)
                    return function(*args, **kwargs)  # LMB201
                return wrapper
            return decorate

        @logged("INFO")
        async def get(key):
            return key

        async def use(key):
            return await get(key) + 1
    """,
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
    "unlike a list that is filled": """
        class Repo:
            async def batch(self, token):
                return [1]
            async def all(self, token):
                items = []
                if token:
                    return self.batch(token)  # LMB201
                items.extend(await self.batch(None))
                return items
    """,
    "unlike a computed value": """
        async def pick(key):
            found = await work(key)
            if found:
                return found + 1
            return work(key)  # LMB201
    """,
    "unlike False": """
        async def pick(key):
            if not key:
                return False
            return work(key)  # LMB201
    """,
    "tried once more": """
        async def fetch(url, times=0):
            try:
                return await work(url)
            except ValueError:
                if times < 3:
                    return fetch(url, times + 1)  # LMB201
                raise
    """,
    "tried once more, where nothing is returned else": """
        async def send(url):
            try:
                await work(url)
                return
            except ValueError:
                return send(url)  # LMB201
            except KeyError:
                pass
    """,
    "a method that tries once more": """
        class Sender:
            async def send(self, url):
                if await work(url):
                    return
                return self.send(url)  # LMB201
    """,
    "told once for two callers": """
        async def get(key):
            return work(key)  # LMB201

        async def one(key):
            return (await get(key))["a"]

        async def two(key):
            return (await get(key)).name
    """,
    "annotated with a class of the project, made by a classmethod": """
        from pydantic import BaseModel

        class Item(BaseModel):
            id: int

            @classmethod
            async def create(cls, key: int):
                return cls(id=key)

        async def create(key: int) -> Item:
            return Item.create(key)  # LMB201

        async def find(key: int) -> "Item | None":
            return Item.create(key)  # LMB201
    """,
    "annotated with what a library gives": """
        import httpx

        class Api:
            def __init__(self) -> None:
                self.client = httpx.AsyncClient()

            async def get(self, path: str) -> httpx.Response:
                return self.client.get(path)  # LMB201
    """,
    "a static method": """
        class Repo:
            @staticmethod
            async def get(key):
                if key:
                    return await work(key)
                return work(0)  # LMB201
    """,
    "a length on another branch": """
        async def find(key):
            return await work(key)
        async def count(rows):
            if rows:
                return len(rows)
            return find("none")  # LMB201
        async def use(rows):
            return await count(rows)
    """,
}

GOOD = {
    "others await the same, but the first await does something": """
        class Client:
            async def send(self, method, path):
                return path
            async def get(self, path):
                return await self.send("GET", path)
            async def post(self, path):
                await work(path)
                return self.send("POST", path)
    """,
    "others await the same, and the annotation says that two are needed": """
        from collections.abc import Awaitable
        class Client:
            async def send(self, method, path):
                return path
            async def get(self, path):
                return await self.send("GET", path)
            async def post(self, path) -> Awaitable[str]:
                return self.send("POST", path)
    """,
    "others await the same of another object": """
        class Client:
            async def send(self, method, path):
                return path
            async def get(self, other, path):
                return await other.send("GET", path)
            async def post(self, path):
                return self.send("POST", path)
    """,
    "a condition asks whether there is one": """
        async def unload(data):
            done = None if data is None else work(data)
            if done:
                data.clear()
            return done
    """,
    "a condition asks for something else": """
        async def unload(data):
            done = work(data)
            if data:
                data.clear()
            return done
    """,
    "once more, by whoever awaits it in a loop": """
        async def send(url):
            if await work(url):
                return
            return send(url)

        async def main():
            left = await send("a")
            while left is not None:
                left = await left
    """,
    "once more, and awaited": """
        async def send(url):
            try:
                await work(url)
            except ValueError:
                return await send(url)
    """,
    "another function's, where nothing is returned else": """
        async def pick(url):
            if not url:
                return
            return work(url)
    """,
    "by the wrapper of a decorator, awaited twice": """
        import functools

        def timed(function):
            @functools.wraps(function)
            async def wrapper(*args):
                return function(*args)
            return wrapper

        @timed
        async def get(key):
            return {"a": key}

        async def use(key):
            found = await (await get(key))
            return found["a"]
    """,
    "by the wrapper of a decorator, of a plain function": """
        import functools

        def timed(function):
            @functools.wraps(function)
            async def wrapper(*args):
                return function(*args)
            return wrapper

        @timed
        def get(key):
            return {"a": key}

        async def use(key):
            found = await get(key)
            return found["a"]
    """,
    "awaited by the wrapper of a decorator": """
        import functools

        def timed(function):
            @functools.wraps(function)
            async def wrapper(*args):
                return await function(*args)
            return wrapper

        @timed
        async def get(key):
            return {"a": key}

        async def use(key):
            found = await get(key)
            return found["a"]
    """,
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
    "annotated with a class that may be awaited": """
        from somewhere import Base

        class Pending:
            def __await__(self):
                yield

        class Open(Base): ...

        async def one() -> Pending:
            return work()

        async def two() -> Open:
            return work()

        async def three() -> type[Pending]:
            return work()
    """,
    "annotated with a class, and awaited twice": """
        class Item: ...

        async def item() -> Item:
            return work(Item())

        async def use():
            found = await item()
            return await found
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
    "unlike what a cache holds": """
        CACHE = {}
        async def pick(key):
            if key in CACHE:
                return CACHE[key]
            return work(key)
    """,
    "after another that is awaited": """
        async def pick(key):
            await work(0)
            return work(key)
    """,
    "on both ways": """
        async def pick(key):
            if key:
                return work(1)
            return work(key)
    """,
    "unlike a value, but awaited twice": """
        async def pick(key):
            if not key:
                return {}
            return work(key)
        async def use(key):
            found = await pick(key)
            if found:
                return await found
    """,
    "unlike None only": """
        async def pick(key):
            if not key:
                return None
            return work(key)
    """,
    "the result of an unknown function on another branch": """
        import vendor
        async def find(key):
            return await work(key)
        async def count(rows):
            if rows:
                return vendor.count(rows)
            return find("none")
        async def use(rows):
            return await count(rows)
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
        import asyncio
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

        async def get_again(key):
            return work(key)

        def plain(key):
            asyncio.run(get_again(key))
        """
    )
    assert [(one.line, one.column, one.text) for one in found] == [
        (
            6,
            11,
            "`work()` is returned without `await`, and is never awaited; a subscript "
            "raises TypeError; `await` it",
        ),
        (
            14,
            11,
            "`work()` is returned without `await`: one `await` of the caller gives a "
            "coroutine, not a result as from line 13; `await` it",
        ),
        (
            17,
            11,
            "`work()` is returned without `await`, and is never awaited and does "
            "nothing; `await` it",
        ),
    ]


REPO = """
class Repo:
    async def find(self, key):
        return {"a": key}
    async def get(self, key):
        return self.find(key)MARK

async def get(key):
    return Repo().get(key)
"""
MARK = "  # LMB201"

#: What another file does with the result of one `await`, and whether the file that holds
#: the mistake tells of it.
CALLERS = {
    "an item": ('return (await Repo().get(key))["a"]', True),
    "an attribute, lines later": (
        "found = await Repo().get(key)\n    print(key)\n    return found.name",
        True,
    ),
    "nothing": ("await Repo().get(key)", True),
    "by an annotation": (
        'async def inner(repo: Repo):\n        return (await repo.get(1))["a"]',
        True,
    ),
    "another await": ('return (await (await Repo().get(key)))["a"]', False),
    "another await, lines later": (
        "found = await Repo().get(key)\n    return await found",
        False,
    ),
    "returned": ("return await Repo().get(key)", False),
    "handed on": ("return send(await Repo().get(key))", False),
}


@pytest.mark.parametrize(("use", "is_told"), CALLERS.values(), ids=CALLERS)
def test_callers_in_another_file(use, is_told):
    lead = "from repo import Repo\nfrom vendor import send\nasync def use(key):\n    "
    repo = REPO.replace("MARK", MARK if is_told else "")
    assert_marked({"repo.py": repo, "app.py": lead + use + "\n"})


def test_one_of_several_callers_awaits_twice():
    app = "from repo import Repo\nasync def use(key):\n    "
    once, twice = "(await Repo().get(key))['a']", "await (await Repo().get(key))"
    files = {"repo.py": REPO.replace("MARK", ""), "app.py": f"{app}return {once}\n"}
    assert_marked({**files, "other.py": f"{app}return {twice}\n"})


#: What an annotation says of an async function that returns a coroutine.
ANNOTATIONS = {
    "dict": True,
    "dict | None": True,
    "list[int]": True,
    "set[int] | frozenset[int] | tuple[int]": True,
    "bool | bytes | float | int": True,
    "List[int] | Set[int] | FrozenSet[int] | Tuple[int] | Dict[int, int]": True,
    "None": True,
    "'str'": True,
    "T": False,
    "object": False,
    "Awaitable[int]": False,
    "dict | Awaitable[dict]": False,
    "Any": False,
}


@pytest.mark.parametrize(("said", "is_told"), ANNOTATIONS.items(), ids=ANNOTATIONS)
def test_annotations(said, is_told):
    mark = MARK if is_told else ""
    assert_marked(
        "from __future__ import annotations\n"
        "from typing import Any, Awaitable, TypeVar\nT = TypeVar('T')\n"
        "async def work(x=1):\n    return x\n\n"
        f"async def get(key) -> {said}:\n    return work(key){mark}\n"
    )


COMMON = """
import functools

def timed(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return function(*args)  # LMB201
    return wrapper
"""

USER = """
from common import timed

@timed
async def get(key):
    return {"a": key}

async def use(key):
    found = await get(key)
    return found["a"]
"""


def test_the_wrapper_of_another_file_is_told_there():
    assert_marked({"common.py": COMMON, "app.py": USER})
    twice = USER.replace("await get(key)", "await (await get(key))")
    assert_marked({"common.py": COMMON.replace("  # LMB201", ""), "app.py": twice})
