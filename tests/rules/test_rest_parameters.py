"""Coroutines in `*args` and `**fields`, which are taken apart and put together."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
import asyncio
from elsewhere import send


async def work(x=1):
    return x


async def numbers():
    yield 1


def passed_on(*args):
    send(*args)


def passed_on_by_name(**fields):
    send(**fields)


def counted(*args):
    return len(args)


def first(*args):
    return args[0]


def ignored(*args, **fields):
    return None


def by_name(**fields):
    return fields["job"]


def run_each(*jobs):
    for job in jobs:
        asyncio.run(job)


async def gathered(*jobs):
    return await asyncio.gather(*jobs)


class Kept:
    def __init__(self, *jobs):
        self.jobs = jobs


async def chained(*parts):
    for part in parts:
        async for one in part:
            yield one


class Chain:
    def __init__(self, *parts):
        self.data = chained(*parts)

    def extend(self, *parts):
        self.data = chained(self.data, chained(*parts))

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await anext(self.data)


async def collected(parts):
    return [one async for one in parts]
"""

BAD = {
    "counted": """
        async def f():
            return counted(work())  # LMB201
    """,
    "one of them is dropped": """
        async def f():
            first(work())  # LMB201
    """,
    "only the first is awaited": """
        async def f():
            await first(work(1), work(2))  # LMB201
    """,
    "ignored": """
        async def f():
            ignored(work())  # LMB201
    """,
    "ignored by name": """
        async def f():
            ignored(job=work())  # LMB201
    """,
    "the function that awaits them is not awaited": """
        async def f():
            gathered(work())  # LMB201
    """,
    "by name, and dropped": """
        async def f():
            by_name(job=work())  # LMB201
    """,
    "put before others, and dropped": """
        def f(args):
            jobs = (work(),) + args[1:]  # LMB201
            return 1
    """,
    "put behind others, and dropped": """
        def f(args):
            jobs = args + [work()]  # LMB201
            return 1
    """,
    "an iterator that is counted": """
        async def f():
            return counted(numbers())  # LMB201
    """,
}

GOOD = {
    "passed on": """
        async def f():
            passed_on(work(), numbers())
    """,
    "passed on by name": """
        async def f():
            passed_on_by_name(job=work())
    """,
    "one of them is awaited": """
        async def f():
            return await first(work())
    """,
    "all are awaited": """
        async def f():
            return await gathered(work(1), work(2))
    """,
    "each is run": """
        def f():
            run_each(work(1), work(2))
    """,
    "by name": """
        async def f():
            return await by_name(job=work())
    """,
    "put before others": """
        def f(args):
            send(*((work(),) + args[1:]))
    """,
    "put behind others, perhaps": """
        def f(args, is_sent):
            jobs = [work()] if is_sent else ()
            return args + (jobs or [])
    """,
    "kept by an object": """
        async def f():
            kept = Kept(work())
            return await asyncio.gather(*kept.jobs)
    """,
    "iterators that an object goes through": """
        async def f():
            chain = Chain(numbers(), numbers())
            chain.extend(numbers())
            return await collected(chain)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB201" in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
