"""LMB201: coroutines that are given to async functions which are awaited.

What such a function does with them is followed, and Python says the same: see
`is_dropped`.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

HEAD = """\
import asyncio
import inspect
import json

JOBS = []


async def load(key):
    return {"key": key}


"""
TAIL = """

def lambda_handler(event, context):
    return asyncio.run(main("one"))
"""

#: Async functions that never run what they are given, and how `main` calls them.
BAD = {
    "used like its result": """
        async def parse(item):
            return item["key"]

        async def main(key):
            item = load(key)  # LMB201
            return await parse(item)
    """,
    "used like its result, made on the spot": """
        async def parse(item):
            return item["key"]

        async def main(key):
            return await parse(load(key))  # LMB201
    """,
    "encoded": """
        async def save(item):
            print(json.dumps(item))

        async def main(key):
            item = load(key)  # LMB201
            await save(item=item)
    """,
    "not used at all": """
        async def save(item):
            await asyncio.sleep(0)

        async def main(key):
            await save(load(key))  # LMB201
    """,
    "handed on to one that uses it": """
        async def parse(item):
            return item["key"]

        async def parsed(item):
            return await parse(item)

        async def main(key):
            return await parsed(load(key))  # LMB201
    """,
    "a method": """
        class Store:
            async def save(self, item):
                return item["key"]

            async def copy(self, key):
                item = load(key)  # LMB201
                return await self.save(item)

        async def main(key):
            return await Store().copy(key)
    """,
    "one of two, and neither is awaited": """
        async def parse(item):
            return (await item)["key"]

        async def main(key):
            item = load(key)
            parse(item)  # LMB201
    """,
}

#: Those that do.
GOOD = {
    "awaited": """
        async def parse(item):
            return (await item)["key"]

        async def main(key):
            item = load(key)
            return await parse(item)
    """,
    "awaited, made on the spot": """
        async def timed(job, seconds):
            return await asyncio.wait_for(job, seconds)

        async def main(key):
            return await timed(load(key), 3)
    """,
    "awaited in a task": """
        async def guarded(gate, job):
            async with gate:
                return await job

        async def main(key):
            gate = asyncio.Semaphore(2)
            jobs = [asyncio.create_task(guarded(gate, load(one))) for one in key]
            return await asyncio.gather(*jobs)
    """,
    "awaited if it is one": """
        async def settled(value):
            if inspect.isawaitable(value):
                value = await value
            return value

        async def main(key):
            return await settled(load(key)), await settled(key)
    """,
    "handed on to one that awaits it": """
        async def parse(item):
            return (await item)["key"]

        async def parsed(item):
            return await parse(item)

        async def main(key):
            return await parsed(load(key))
    """,
    "kept by a method, and awaited by another": """
        class Pool:
            def __init__(self):
                self.jobs = []

            async def add(self, job):
                self.jobs.append(job)

            async def run(self):
                return await asyncio.gather(*self.jobs)

        async def main(key):
            pool = Pool()
            await pool.add(load(key))
            return await pool.run()
    """,
    "kept in a list, and awaited later": """
        async def keep(job):
            JOBS.append(job)

        async def main(key):
            await keep(load(key))
            found = await asyncio.gather(*JOBS)
            JOBS.clear()
            return found
    """,
}


def source(text):
    return HEAD + textwrap.dedent(text).strip() + "\n" + TAIL


def test_as_many_good_as_bad():
    assert len(GOOD) == len(BAD)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_never_run(text):
    assert is_dropped(source(text), TypeError)
    assert_marked(source(text))


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_run(text):
    assert not is_dropped(source(text))
    assert_marked(source(text))
