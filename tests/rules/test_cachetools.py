"""LMB303 on what caches of cachetools keep: coroutines, and clients of the first loop."""

from __future__ import annotations

import asyncio
import textwrap

import cachetools
import pytest

from tests.support import assert_marked

HEAD = """
import asyncio
import cachetools
import httpx
from cachetools import TTLCache, cached
from cachetools.func import lru_cache, ttl_cache
"""

#: The answer of an async function, or a client, under each of these decorators.
KEEPING = {
    "cached": "cached(TTLCache(8, 60))",
    "cached, by its module and with a lock": "cachetools.cached(cache={}, lock=LOCK)",
    "ttl_cache": "ttl_cache(maxsize=8, ttl=60)",
    "lru_cache without arguments": "lru_cache",
}

#: Who chooses the key may choose one for each loop; `None` keeps nothing.
OTHERS = {
    "a key": "cached({}, key=lambda: id(asyncio.get_running_loop()))",
    "nothing is kept": "cached(None)",
    "another library awaits": "somewhere.cached(60)",
}

COROUTINE = """
@{decorator}
async def settings():{mark}
    return 1
async def main():
    return await settings()
def lambda_handler(event, context):
    return asyncio.run(main())
"""

CLIENT = """
@{decorator}
def client():
    return httpx.AsyncClient(){mark}
async def main():
    await client().get("https://example.com")
def lambda_handler(event, context):
    asyncio.run(main())
"""


def source(text: str, decorator: str, mark: str = "") -> str:
    return HEAD + textwrap.dedent(text).format(decorator=decorator, mark=mark)


@pytest.mark.parametrize("text", [COROUTINE, CLIENT], ids=["coroutine", "client"])
@pytest.mark.parametrize("decorator", KEEPING.values(), ids=KEEPING)
def test_kept(text, decorator):
    assert_marked(source(text, decorator, "  # LMB303"))


@pytest.mark.parametrize("text", [COROUTINE, CLIENT], ids=["coroutine", "client"])
@pytest.mark.parametrize("decorator", OTHERS.values(), ids=OTHERS)
def test_perhaps_not_kept(text, decorator):
    assert_marked(source(text, decorator))


def test_a_kept_coroutine_cannot_be_awaited_again():
    """What the real library does."""

    @cachetools.cached({})
    async def settings():
        return 1

    async def main():
        return await settings()

    assert asyncio.run(main()) == 1
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        asyncio.run(main())
