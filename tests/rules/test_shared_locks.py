"""Locks that are kept, and whether tasks meet at them: as asyncio itself decides."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import pytest

from tests.support import assert_marked

HEAD = """
import asyncio

LOCK = asyncio.Lock(){}
QUEUE = asyncio.Queue()

async def step(number=0):
    async with LOCK:
        await asyncio.sleep(0)

def lambda_handler(event, context):
    return asyncio.run(main())

"""

#: Beside each, tasks that meet.
PAIRS = {
    "tasks that are awaited before the next one starts": (
        """
        async def main():
            first = asyncio.create_task(step())
            await first
            second = asyncio.create_task(step())
            await second
        """,
        """
        async def main():
            first = asyncio.create_task(step())
            second = asyncio.create_task(step())
            await first
            await second
        """,
    ),
    "a task that is awaited on the spot": (
        """
        async def main():
            for number in range(3):
                await asyncio.create_task(step(number))
        """,
        """
        async def main():
            tasks = [asyncio.create_task(step(number)) for number in range(3)]
            for task in tasks:
                await task
        """,
    ),
    "in a loop, a task that is awaited in the same round": (
        """
        async def main():
            for number in range(3):
                task = asyncio.create_task(step(number))
                await asyncio.sleep(0)
                await task
        """,
        """
        async def main():
            task = None
            for number in range(3):
                task = asyncio.create_task(step(number))
            await task
        """,
    ),
    "the main coroutine comes when the task is over": (
        """
        async def main():
            task = asyncio.create_task(step())
            await task
            await step()
        """,
        """
        async def main():
            task = asyncio.create_task(step())
            await asyncio.sleep(0)
            await step()
            await task
        """,
    ),
    "not on every way": (
        """
        async def main(wait=True):
            task = asyncio.create_task(step())
            if wait:
                await asyncio.sleep(0)
            await task
            await asyncio.create_task(step())
        """,
        """
        async def main(wait=False):
            task = asyncio.create_task(step())
            if wait:
                await task
            await asyncio.create_task(step())
            await task
        """,
    ),
    "one of several that `wait` is given": (
        """
        async def main():
            await asyncio.wait([asyncio.create_task(step())])
            await asyncio.wait({asyncio.create_task(step())})
        """,
        """
        async def main():
            tasks = {asyncio.create_task(step()) for _ in range(2)}
            done, _ = await asyncio.wait(tasks)
            for task in done:
                task.result()
        """,
    ),
    "a lock that is asked before": (
        """
        async def once():
            if LOCK.locked():
                return
            await step()
        async def main():
            await asyncio.gather(once(), once())
        """,
        """
        async def once():
            if QUEUE.empty():
                await step()
        async def main():
            await asyncio.gather(once(), once())
        """,
    ),
}

GROUPS = {
    "groups that follow each other": (
        """
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(step())
            async with asyncio.TaskGroup() as group:
                group.create_task(step())
            await step()
        """,
        """
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(step())
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(step())
        """,
    ),
    "a group in each round": (
        """
        async def main():
            for number in range(3):
                async with asyncio.TaskGroup() as group:
                    group.create_task(step(number))
        """,
        """
        async def main():
            async with asyncio.TaskGroup() as group:
                for number in range(3):
                    group.create_task(step(number))
        """,
    ),
    "a group that a function fills": (
        """
        def fill(group):
            group.create_task(step())
        async def main():
            async with asyncio.TaskGroup() as group:
                fill(group)
            async with asyncio.TaskGroup() as group:
                fill(group)
        """,
        """
        def fill(group):
            group.create_task(step())
            group.create_task(step())
        async def main():
            async with asyncio.TaskGroup() as group:
                fill(group)
        """,
    ),
    "a task of a group that is awaited inside": (
        """
        async def main():
            async with asyncio.TaskGroup() as group:
                await group.create_task(step())
                await group.create_task(step())
        """,
        """
        async def main():
            async with asyncio.TaskGroup() as group:
                first = group.create_task(step())
                await group.create_task(step())
                await first
        """,
    ),
}

#: The same with a semaphore that lets two of them in.
SEMAPHORES = {
    "a long task beside short ones that follow each other": (
        """
        async def main():
            long = asyncio.create_task(step())
            second = asyncio.create_task(step())
            await second
            third = asyncio.create_task(step())
            await third
            await long
        """,
        """
        async def main():
            long = asyncio.create_task(step())
            second = asyncio.create_task(step())
            third = asyncio.create_task(step())
            await second
            await third
            await long
        """,
    ),
}

CASES = {**PAIRS, **GROUPS, **SEMAPHORES}


@pytest.mark.parametrize("name", CASES)
def test_good(name):
    assert _errors(name, 0) == []
    assert_marked(_source(name, 0, ""))


@pytest.mark.parametrize("name", CASES)
def test_bad(name):
    assert any("different event loop" in one for one in _errors(name, 1))
    assert_marked(_source(name, 1, "  # LMB303"))


def _source(name: str, which: int, mark: str) -> str:
    head = HEAD.replace("Lock()", "Semaphore(2)") if name in SEMAPHORES else HEAD
    return head.format(mark) + textwrap.dedent(CASES[name][which])


def _errors(name: str, which: int) -> list[str]:
    """Return what three invocations of one process raise."""
    if name in GROUPS and sys.version_info < (3, 11):
        pytest.skip("asyncio.TaskGroup is new in Python 3.11")
    names: dict[str, Any] = {}
    exec(_source(name, which, ""), names)
    errors: list[str] = []
    for _ in range(3):
        try:
            names["lambda_handler"]({}, None)
        except BaseException as error:
            errors += _texts(error)
    return errors


def _texts(error: BaseException) -> list[str]:
    inner = getattr(error, "exceptions", ())
    return [text for one in inner for text in _texts(one)] or [str(error)]
