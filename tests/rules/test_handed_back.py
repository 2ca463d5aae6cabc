"""LMB201 on coroutines in what a called function gives back."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio
import json

async def work(x=1):
    return x

def jobs():
    return [work(1), work(2)]

def pair():
    return work(1), 3

def by_name():
    found = {}
    found["a"] = work(1)
    return found

"""

BAD = {
    "a list that is dropped": """
        async def main():
            jobs()  # LMB201
    """,
    "a list that is dumped": """
        async def main():
            found = jobs()  # LMB201
            return json.dumps(found)
    """,
    "one of a pair": """
        async def main():
            found, size = pair()  # LMB201
            return size
    """,
    "a dict that is dropped": """
        async def main():
            by_name()  # LMB201
    """,
    "a value of a dict as text": """
        async def main():
            found = by_name()  # LMB201
            return str(found["a"])
    """,
    "what an async function gives": """
        async def later():
            return {"a": work(1)}  # LMB201

        async def main():
            found = await later()
            return json.dumps(found)
    """,
}
GOOD = {
    "a list that is gathered": """
        async def main():
            return await asyncio.gather(*jobs())
    """,
    "a list that is looped over": """
        async def main():
            found = jobs()
            return json.dumps([await one for one in found])
    """,
    "one of a pair": """
        async def main():
            found, size = pair()
            return await found, size
    """,
    "a dict whose value is awaited": """
        async def main():
            found = by_name()
            return str(await found["a"])
    """,
    "a dict that is handed on": """
        async def main(use):
            use(by_name())
    """,
    "what an async function gives": """
        async def later():
            return {"a": work(1)}

        async def main():
            found = await later()
            found["a"] = await found["a"]
            return json.dumps(found)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_nobody_awaits_it(source):
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_it_is_awaited(source):
    assert violations(WORK + textwrap.dedent(source)) == []


def test_the_words_say_where_it_was_made():
    (found,) = violations(WORK + "async def main():\n    jobs()\n")
    assert found.text.startswith("`work()` (line 8) is never awaited")
