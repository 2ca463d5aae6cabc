"""LMB303 on clients that are kept, in all the ways in which they are."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked

HEAD = """
import asyncio
import functools
import os

import httpx

"""

TAIL = """
async def main(event):
    client = get()
    response = await client.get(os.environ["URL"])
    return response.json()

def lambda_handler(event, context):
    return asyncio.run(main(event))
"""

#: What gives the same client to each invocation.
BAD = {
    "a dictionary, asked whether it is false": """
        CACHE = {}
        def get():
            client = CACHE.get("client")
            if not client:
                client = httpx.AsyncClient()  # LMB303
                CACHE["client"] = client
            return client
    """,
    "a dictionary, asked whether it is true": """
        CACHE = {}
        def get():
            client = CACHE.get("client")
            if client:
                return client
            CACHE["client"] = client = httpx.AsyncClient()  # LMB303
            return client
    """,
    "a dictionary, a walrus": """
        CACHE = {}
        def get():
            if (client := CACHE.get("client")) is None:
                client = CACHE["client"] = httpx.AsyncClient()  # LMB303
            return client
    """,
    "a dictionary, a KeyError": """
        CACHE = {}
        def get():
            try:
                return CACHE["client"]
            except KeyError:
                CACHE["client"] = httpx.AsyncClient()  # LMB303
                return CACHE["client"]
    """,
    "a dictionary, one key for each of several": """
        CACHE: dict[str, httpx.AsyncClient] = {}
        def get(name="client"):
            client = CACHE.get(name)
            if not client:
                client = CACHE[name] = httpx.AsyncClient()  # LMB303
            return client
    """,
    "a dictionary in a dictionary": """
        CACHE = {}
        def get():
            inner = CACHE.setdefault("clients", {})
            if "client" not in inner:
                inner["client"] = httpx.AsyncClient()  # LMB303
            return inner["client"]
    """,
    "a list": """
        POOL = []
        def get():
            if not POOL:
                POOL.append(httpx.AsyncClient())  # LMB303
            return POOL[0]
    """,
    "an attribute, asked whether it is false": """
        class State:
            def __init__(self):
                self.client = None
        STATE = State()
        def get():
            client = STATE.client
            if not client:
                client = STATE.client = httpx.AsyncClient()  # LMB303
            return client
    """,
}

#: What gives a new one to each.
GOOD = {
    "a dictionary of the invocation": """
        def get():
            cache = {}
            client = cache.get("client")
            if not client:
                client = cache["client"] = httpx.AsyncClient()
            return client
    """,
    "a dictionary that is filled anew": """
        CACHE = {}
        def get():
            CACHE["client"] = httpx.AsyncClient()
            return CACHE["client"]
    """,
    "a dictionary that keeps something else": """
        CACHE = {}
        def get():
            options = CACHE.get("options")
            if not options:
                options = CACHE["options"] = {"timeout": 3}
            return httpx.AsyncClient(**options)
    """,
    "a dictionary, for each loop": """
        CACHE = {}
        def get():
            loop = asyncio.get_running_loop()
            client = CACHE.get(loop)
            if not client:
                client = CACHE[loop] = httpx.AsyncClient()
            return client
    """,
    "a dictionary that is emptied": """
        CACHE = {}
        def get():
            CACHE.clear()
            client = CACHE.get("client")
            if not client:
                client = CACHE["client"] = httpx.AsyncClient()
            return client
    """,
    "a list that is emptied": """
        POOL = []
        def get():
            if not POOL:
                POOL.append(httpx.AsyncClient())
            return POOL.pop()
    """,
    "a list of the invocation": """
        def get():
            pool = []
            pool.append(httpx.AsyncClient())
            return pool[0]
    """,
    "an attribute of an object of the invocation": """
        class State:
            def __init__(self):
                self.client = None
        def get():
            state = State()
            client = state.client
            if not client:
                client = state.client = httpx.AsyncClient()
            return client
    """,
}


def source(body):
    return HEAD + textwrap.dedent(body) + TAIL


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    assert_marked(source(BAD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert_marked(source(GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_second_invocation_fails(name, url):
    first, second = invoke(source(BAD[name]), environment={"URL": url})
    assert first.ok, first
    assert second.error_message == "Event loop is closed"


@pytest.mark.parametrize("name", GOOD)
def test_works_in_each_invocation(name, url):
    assert invoke(source(GOOD[name]), environment={"URL": url}).ok
