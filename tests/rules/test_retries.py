"""LMB201 on functions that return a coroutine, or nothing when all tries have failed."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

RETRY = """
import functools

def retry(times=3):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args):
            for attempt in range(times):
                try:
                    return function(*args)
                except Exception:
                    if attempt == times - 1:
                        raise
        return wrapper
    return decorate

@retry(times=5)
async def fetch(path):
    return {}

"""
MAYBE = """
import asyncio
import inspect

async def load(key):
    return {"key": key}

def find(key):
    if key:
        return load(key)

"""

BAD = {
    "dropped": RETRY
    + """
async def main(path):
    fetch(path)  # LMB201
""",
    "taken for its result": RETRY
    + """
async def main(path):
    left = await fetch(path)
    right = fetch(path)  # LMB201
    return {**left, **right}
""",
    "a function that tries": MAYBE
    + """
def attempt(key):
    for _ in range(3):
        try:
            return load(key)
        except ValueError:
            continue

async def main(key):
    found = attempt(key)  # LMB201
    print(found["key"])
""",
}

GOOD = {
    "awaited": RETRY
    + """
async def main(path):
    left = await fetch(path)
    return {**left, **await fetch(path)}
""",
    "handed on": RETRY
    + """
def main(path):
    return fetch(path)
""",
    "a loop that tries nothing": MAYBE
    + """
def first(keys):
    for key in keys:
        if key:
            return load(key)

async def main(keys):
    first(keys)
""",
    "what decides knows whether there is one": MAYBE
    + """
async def main(key):
    find(key)
""",
    "asked for, then awaited": MAYBE
    + """
async def main(key):
    found = find(key)
    if found is None:
        return {}
    return await found

async def other(key):
    if (found := find(key)) is not None:
        await found
    left = find(key)
    if left:
        await left
    right = find(key)
    return await right if right else None
""",
    "asked for, in other words": MAYBE
    + """
async def main(key):
    found = find(key)
    if inspect.isawaitable(found):
        found = await found
    return found

def plain(key):
    found = find(key)
    if asyncio.iscoroutine(found):
        asyncio.run(found)

async def many(keys):
    found = [find(key) for key in keys]
    return await asyncio.gather(*[one for one in found if one])
""",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB201" not in source
    assert_marked(source)
