"""What exceptions leave behind: coroutines that nothing holds when they are raised."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

WORK = """
import asyncio

async def work(x=1):
    return x

"""

BAD = {
    "before the exception goes on": """
        async def run():
            try:
                await work()
            except KeyError:
                work()  # LMB201
                raise
    """,
    "before a new exception": """
        async def run(x):
            if x:
                work()  # LMB201
                raise ValueError(x)
            return 1
    """,
    "before another exception takes over": """
        async def run():
            try:
                await work()
            except KeyError as error:
                work()  # LMB201
                raise ValueError from error
    """,
    "under a lock, before the exception goes on": """
        async def run(lock):
            async with lock:
                try:
                    await work()
                except BaseException:
                    work()  # LMB201
                    raise
    """,
    "in a function that always raises": """
        async def fail(x):
            work()  # LMB201
            raise ValueError(x)
        async def run(x):
            await fail(x)
    """,
    "in the words of an exception": """
        async def run(x):
            if x:
                text = work(x)  # LMB201
                raise ValueError("no " + text)
            if not x:
                raise ValueError(f"none {work(x)}")  # LMB201
            return 1
    """,
    "in a condition before one": """
        async def run(x):
            found = work(x)  # LMB201
            if "x" in found:
                raise ValueError(x)
            raise KeyError(x)
    """,
    "used before the exception goes on": """
        async def run(x):
            try:
                return await work(x)
            except KeyError as error:
                found = work(x)  # LMB201
                print(found["x"])
                raise ValueError from error
    """,
    "used where the exception is made": """
        class Refused(Exception):
            def __init__(self, job):
                found = job()  # LMB201
                self.status = found["status"]
        async def run(x):
            if x:
                raise Refused(work)
            return 1
    """,
}

GOOD = {
    "named by the exception, and awaited by whoever catches it": """
        async def run(x):
            job = work()
            try:
                if x:
                    raise ValueError(f"{job}")
            except ValueError:
                await job
            else:
                await job
    """,
    "named by the exception, and closed": """
        async def run(x):
            job = work()
            if x:
                job.close()
                raise ValueError(f"not now: {job}")
            await job
    """,
    "a task that is named": """
        async def run(x):
            job = asyncio.create_task(work())
            if x:
                raise ValueError(f"not now: {job}")
            await job
    """,
    "asked before the exception": """
        async def run(x):
            found = work()
            if asyncio.iscoroutine(found):
                found = await found
            if found["x"]:
                raise ValueError(found["message"])
    """,
    "what is no coroutine after all": """
        async def run(x):
            found = work() if x else x
            if not hasattr(found, "__await__"):
                raise TypeError(f"no coroutine: {found}")
            return await found
    """,
    "awaited by whoever catches the exception": """
        async def run(x):
            try:
                job = work()
                raise ValueError(x)
            except ValueError:
                await job
    """,
    "under a name, and an exception comes between": """
        async def run(x):
            job = work()
            if x:
                raise ValueError(x)
            return await job
    """,
    "in a list, and an exception comes between": """
        async def run(x):
            jobs = [work()]
            if x:
                raise ValueError(x)
            return await asyncio.gather(*jobs)
    """,
    "awaited before the exception goes on": """
        async def run():
            try:
                await work()
            except KeyError:
                await work()
                raise
    """,
    "in a loop that an exception ends": """
        async def run(xs):
            for x in xs:
                job = work()
                if x:
                    raise ValueError(x)
                await job
    """,
    "in an attribute, and an exception comes between": """
        class A:
            async def run(self, x):
                self.job = work()
                if x:
                    raise ValueError(x)
                await self.job
    """,
    "as a task": """
        async def run(x):
            asyncio.create_task(work())
            raise ValueError(x)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))
