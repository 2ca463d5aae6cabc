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
import types
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field

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
    "an attribute, by its name": """
        class State:
            pass
        STATE = State()
        def get():
            client = getattr(STATE, "client", None)
            if client is None:
                client = httpx.AsyncClient()  # LMB303
                setattr(STATE, "client", client)
            return client
    """,
    "globals(), a name that is bound": """
        client = None
        def get():
            if globals()["client"] is None:
                globals()["client"] = httpx.AsyncClient()  # LMB303
            return globals()["client"]
    """,
    "globals(), a name that is not bound": """
        def get():
            if "client" not in globals():
                globals()["client"] = httpx.AsyncClient()  # LMB303
            return globals()["client"]
    """,
    "globals(), get": """
        def get():
            client = globals().get("client")
            if not client:
                client = globals()["client"] = httpx.AsyncClient()  # LMB303
            return client
    """,
    "globals(), setdefault": """
        def get():
            return globals().setdefault("client", httpx.AsyncClient())  # LMB303
    """,
    "a global that is not bound at first": """
        def get():
            global client
            if "client" not in globals():
                client = httpx.AsyncClient()  # LMB303
            return client
    """,
    "one object of a class, __new__": """
        class Service:
            _only = None
            def __new__(cls):
                if cls._only is None:
                    cls._only = super().__new__(cls)
                    cls._only.client = httpx.AsyncClient()  # LMB303
                return cls._only
        def get():
            return Service().client
    """,
    "one object of a class, __new__ that asks with hasattr": """
        class Service:
            def __new__(cls):
                if not hasattr(cls, "only"):
                    only = object.__new__(cls)
                    only.client = httpx.AsyncClient()  # LMB303
                    cls.only = only
                return cls.only
        def get():
            return Service().client
    """,
    "one object of a class, __init__ that asks what is there": """
        class Service:
            _only = None
            def __new__(cls, *args, **kwargs):
                if not cls._only:
                    cls._only = super(Service, cls).__new__(cls)
                return cls._only
            def __init__(self):
                if not hasattr(self, "client"):
                    self.client = httpx.AsyncClient()  # LMB303
        def get():
            return Service().client
    """,
    "one object of each class, a metaclass": """
        class Only(type):
            _made = {}
            def __call__(cls, *args, **kwargs):
                if cls not in cls._made:
                    cls._made[cls] = super().__call__(*args, **kwargs)
                return cls._made[cls]
        class Service(metaclass=Only):
            def __init__(self):
                self.client = httpx.AsyncClient()  # LMB303
        class Other(metaclass=Only):
            pass
        def get():
            Other()
            return Service().client
    """,
    "the class of an object, __class__": """
        class Service:
            client = None
            def get(self):
                if self.__class__.client is None:
                    self.__class__.client = httpx.AsyncClient()  # LMB303
                return self.client
        def get():
            return Service().get()
    """,
    "the class of an object, type()": """
        class Service:
            client = None
            def get(self):
                if type(self).client is None:
                    type(self).client = httpx.AsyncClient()  # LMB303
                return type(self).client
        def get():
            return Service().get()
    """,
    "a namespace": """
        STATE = types.SimpleNamespace(client=None)
        def get():
            if STATE.client is None:
                STATE.client = httpx.AsyncClient()  # LMB303
            return STATE.client
    """,
    "a namespace, made with it": """
        STATE = types.SimpleNamespace(client=httpx.AsyncClient())  # LMB303
        def get():
            return STATE.client
    """,
    "a context variable, its default": """
        CLIENT = ContextVar("CLIENT", default=httpx.AsyncClient())  # LMB303
        def get():
            return CLIENT.get()
    """,
    "a context variable, set at import": """
        CLIENT = ContextVar("CLIENT")
        CLIENT.set(httpx.AsyncClient())  # LMB303
        def get():
            return CLIENT.get()
    """,
    "a cached class": """
        get = functools.lru_cache()(httpx.AsyncClient)  # LMB303
    """,
    "a cached class of the project": """
        @functools.cache
        class Service:
            def __init__(self):
                self.client = httpx.AsyncClient()  # LMB303
        def get():
            return Service().client
    """,
    "a cached factory": """
        def make():
            return httpx.AsyncClient(timeout=3)  # LMB303
        get = functools.cache(make)
    """,
    "a cached method of a kept object": """
        class Service:
            @functools.cache
            def client(self):
                return httpx.AsyncClient()  # LMB303
        SERVICE = Service()
        def get():
            return SERVICE.client()
    """,
    "a cached method of equal objects": """
        @dataclass(frozen=True)
        class Service:
            timeout: int
            @functools.cache
            def client(self):
                return httpx.AsyncClient(timeout=self.timeout)  # LMB303
        def get():
            return Service(3).client()
    """,
    "a cached method of a class": """
        class Service:
            @classmethod
            @functools.lru_cache(maxsize=1)
            def client(cls):
                return httpx.AsyncClient()  # LMB303
        def get():
            return Service.client()
    """,
    "a field of a kept object, its default": """
        @dataclass
        class Service:
            client: httpx.AsyncClient = field(
                default_factory=lambda: httpx.AsyncClient(timeout=3)  # LMB303
            )
        SERVICE = Service()
        def get():
            return SERVICE.client
    """,
    "a variable of the function around it": """
        def factory():
            client = None
            def get():
                nonlocal client
                if not client:
                    client = httpx.AsyncClient()  # LMB303
                return client
            return get
        get = factory()
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
    "one object of a class, with a new client": """
        class Service:
            _only = None
            def __new__(cls):
                if cls._only is None:
                    cls._only = super().__new__(cls)
                return cls._only
            def __init__(self):
                self.client = httpx.AsyncClient()
        def get():
            return Service().client
    """,
    "a new object of a class, __new__": """
        class Service:
            def __new__(cls):
                made = super().__new__(cls)
                made.client = httpx.AsyncClient()
                return made
        def get():
            return Service().client
    """,
    "a new object of a class, a metaclass": """
        class Counting(type):
            made = 0
            def __call__(cls, *args, **kwargs):
                Counting.made += 1
                return super().__call__(*args, **kwargs)
        class Service(metaclass=Counting):
            def __init__(self):
                self.client = httpx.AsyncClient()
        def get():
            return Service().client
    """,
    "an attribute of the object, not of its class": """
        class Service:
            client = None
            def get(self):
                if self.client is None:
                    self.client = httpx.AsyncClient()
                return self.client
        def get():
            return Service().get()
    """,
    "a name by itself, not in globals()": """
        def get():
            client = globals().get("client")
            if not client:
                client = httpx.AsyncClient()
            return client
    """,
    "a namespace of the invocation": """
        def get():
            state = types.SimpleNamespace(client=None)
            if state.client is None:
                state.client = httpx.AsyncClient()
            return state.client
    """,
    "a namespace with a new client": """
        STATE = types.SimpleNamespace()
        def get():
            STATE.client = httpx.AsyncClient()
            return STATE.client
    """,
    "a context variable, set in the loop's task": """
        CLIENT = ContextVar("CLIENT", default=None)
        def get():
            client = CLIENT.get()
            if client is None:
                client = httpx.AsyncClient()
                CLIENT.set(client)
            return client
    """,
    "a context variable that is never set": """
        CLIENT = ContextVar("CLIENT")
        def get():
            try:
                return CLIENT.get()
            except LookupError:
                return httpx.AsyncClient()
    """,
    "a class that is not cached": """
        get = functools.partial(httpx.AsyncClient, timeout=3)
    """,
    "a cached function of options": """
        @functools.lru_cache
        def options():
            return {"timeout": 3}
        def get():
            return httpx.AsyncClient(**options())
    """,
    "a cached method of an object of the invocation": """
        class Service:
            @functools.cache
            def client(self):
                return httpx.AsyncClient()
        def get():
            return Service().client()
    """,
    "a cached property of an object of the invocation": """
        class Service:
            @functools.cached_property
            def client(self):
                return httpx.AsyncClient()
        def get():
            return Service().client
    """,
    "a field of an object of the invocation": """
        @dataclass
        class Service:
            client: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
        def get():
            return Service().client
    """,
    "a variable of a function that the invocation calls": """
        def factory():
            client = None
            def get():
                nonlocal client
                if not client:
                    client = httpx.AsyncClient()
                return client
            return get
        def get():
            return factory()()
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


def test_attribute_of_another_module(url):
    files = {
        "state.py": "client = None\n",
        "app.py": source("""
            import state
            def get():
                if state.client is None:
                    state.client = httpx.AsyncClient()  # LMB303
                return state.client
        """),
    }
    assert_marked(files)
    first, second = invoke(files, environment={"URL": url})
    assert first.ok and not second.ok


def test_context_variable_that_the_handler_sets(url):
    files = source("""
        CLIENT = ContextVar("CLIENT", default=None)
        def get():
            return CLIENT.get()
    """).replace(
        "    return asyncio",
        """    if CLIENT.get() is None:
        CLIENT.set(httpx.AsyncClient())  # LMB303
    return asyncio""",
    )
    assert_marked(files)
    first, second = invoke(files, environment={"URL": url})
    assert first.ok and not second.ok
