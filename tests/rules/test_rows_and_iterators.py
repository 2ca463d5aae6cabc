"""Rows of sqlite and iterators in a response, as the encoders of Python see them."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from tests.support import assert_marked

HEAD = """
import itertools
import sqlite3
from itertools import groupby

ROWS = [{"kind": "a", "n": 1}, {"kind": "a", "n": 2}, {"kind": "b", "n": 3}]

def kind(row):
    return row["kind"]

def connected(factory=None):
    connection = sqlite3.connect(":memory:")
    connection.row_factory = factory
    return connection

"""

#: What is in the response, and what may be instead.
PAIRS = {
    "rows of a connection": (
        "connected(sqlite3.Row).execute('select 1').fetchall()",
        "connected().execute('select 1').fetchall()",
    ),
    "one of them": (
        "connected(sqlite3.Row).execute('select 1').fetchone()",
        "connected(sqlite3.Row).execute('select 1 as n').fetchone()['n']",
    ),
    "rows of a cursor": (
        "connected(sqlite3.Row).cursor().execute('select 1').fetchmany(1)",
        "[tuple(one) for one in connected(sqlite3.Row).cursor().execute('select 1')]",
    ),
    "rows that are gone through": (
        "[one for one in connected(sqlite3.Row).execute('select 1')]",
        "[dict(one) for one in connected(sqlite3.Row).execute('select 1')]",
    ),
    "groups": (
        "{key: one for key, one in groupby(ROWS, key=kind)}",
        "{key: list(one) for key, one in groupby(ROWS, key=kind)}",
    ),
    "groups and their keys": (
        "itertools.groupby(ROWS, kind)",
        "[key for key, _ in itertools.groupby(ROWS, kind)]",
    ),
    "a chain": (
        "itertools.chain(ROWS, ROWS)",
        "list(itertools.chain(ROWS, ROWS))",
    ),
    "a chain of what a list holds": (
        "list(itertools.chain.from_iterable([[1], [{2}]]))",
        "list(itertools.chain.from_iterable([[1], [2]]))",
    ),
    "a part": (
        "itertools.islice(ROWS, 2)",
        "[*itertools.islice(ROWS, 2)]",
    ),
    "what stands side by side": (
        "itertools.zip_longest(ROWS, [1])",
        "[*itertools.zip_longest(ROWS, [1])]",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_good(name):
    source = _source(PAIRS[name][1], "")
    json.dumps(_answer(source))
    assert_marked(source)


@pytest.mark.parametrize("name", PAIRS)
def test_bad(name):
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(_answer(_source(PAIRS[name][0], "")))
    assert_marked(_source(PAIRS[name][0], "  # LMB401"))


def test_coroutines_that_go_through_them():
    source = """
        import asyncio
        from itertools import chain, islice

        async def load(key):
            return key

        async def main():
            first, second = [load(1)], [load(2)]
            await asyncio.gather(*chain(first, second))
            for one in chain.from_iterable([[load(3)], [load(4)]]):
                await one
            for one in islice([load(5)], 1):
                await one
            for one in chain([load(6)]):  # LMB201
                print(one)
    """
    assert_marked(source)


def _source(value: str, mark: str) -> str:
    handler = f"""
        def lambda_handler(event, context):
            return {{"value": {value}}}{mark}
    """
    return HEAD + textwrap.dedent(handler)


def _answer(source: str) -> object:
    names: dict[str, Any] = {}
    exec(source, names)
    answer: object = names["lambda_handler"]({}, None)
    return answer


#: Iterators that give the elements of what they are given.
PASSING = [
    "itertools.chain([work()])",
    "itertools.chain.from_iterable([[work()]])",
    "itertools.cycle([work()])",
    "itertools.dropwhile(callable, [work()])",
    "itertools.filterfalse(callable, [work()])",
    "itertools.islice([work()], 1)",
    "itertools.takewhile(bool, [work()])",
]


@pytest.mark.parametrize("iterator", PASSING)
def test_coroutines_that_an_iterator_gives(iterator):
    assert_marked(
        f"""
        import itertools

        async def work():
            return 1

        async def drives():
            for one in {iterator}:
                await one

        async def drops():
            for one in {iterator}:  # LMB201
                print(one)
        """
    )
