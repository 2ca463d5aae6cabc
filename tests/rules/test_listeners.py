"""Functions that other modules give to an object, which keeps them and calls them later."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import is_dropped
from tests.support import violations

LISTS = """\
from collections import defaultdict


class Bus:
    def __init__(self):
        self.handlers = defaultdict(list)

    def subscribe(self, kind, handler):
        self.handlers[kind].append(handler)

    def publish(self, event):
        for handler in self.handlers["created"]:
            CALL


bus = Bus()
"""

DROPPED = LISTS.replace("CALL", "handler(event)  # LMB201")

#: What an application does with the bus.
BODY = """
async def created(event):
    print(event)


def plain(event):
    print(event)


class Service:
    async def created(self, event):
        print(event)

    async def __call__(self, event):
        print(event)
"""

USE = """

def lambda_handler(event, context):
    bus.publish(event)
"""

#: Other ways to keep what is given, and to call it.
KEEPING = {
    "under a key, by a decorator": """
class Bus:
    def __init__(self):
        self._routes = {}

    def route(self, name):
        def keep(function):
            self._routes[name] = function
            return function

        return keep

    def publish(self, event):
        CALL(self._routes["created"](event))


bus = Bus()
""",
    "in a list, by a decorator without a call": """
class Bus:
    def __init__(self) -> None:
        self.listeners: list = []

    def listener(self, function):
        self.listeners.append(function)
        return function

    def publish(self, event):
        for one in list(self.listeners):
            CALL(one(event))


bus = Bus()
""",
    "as its annotation says, through another method": """
from collections.abc import Callable
from typing import Any


class Bus:
    def __init__(self) -> None:
        self._listeners: dict[str, list[Callable[..., Any]]] = {}

    def add(self, name: str, listener: Callable[..., Any]) -> None:
        if name not in self._listeners:
            self._listeners[name] = []
        self._listeners[name].append(listener)

    def on(self, name: str) -> Callable[..., Any]:
        def keep(listener: Callable[..., Any]) -> Callable[..., Any]:
            self.add(name, listener)
            return listener

        return keep

    def publish(self, event):
        for one in self._listeners.get("created", []):
            CALL(one(event))


bus = Bus()
""",
    "by setdefault, with what unsubscribes": """
class Bus:
    def __init__(self):
        self.hooks = dict()

    def hook(self, name, *, function):
        self.hooks.setdefault(name, set()).add(function)

    def unhook(self, name, function):
        self.hooks[name].discard(function)

    def publish(self, event):
        for hooks in self.hooks.values():
            for one in hooks:
                CALL(one(event))


bus = Bus()
""",
}

GIVING = {
    "under a key, by a decorator": '@bus.route("created")\n',
    "in a list, by a decorator without a call": "@bus.listener\n",
    "as its annotation says, through another method": '@bus.on("created")\n',
    "by setdefault, with what unsubscribes": (
        'def start():\n    bus.hook("created", function=created)\n\n\n'
    ),
}

#: Ways to give async functions.
ASYNC = {
    "a function": 'bus.subscribe("created", created)',
    "a method": 'service = Service()\nbus.subscribe("created", service.created)',
    "a callable object": 'bus.subscribe("created", handler=Service())',
    "a partial": "import functools\n"
    'bus.subscribe("created", functools.partial(created))',
    "in a function, to a parameter": """
def connect(to: Bus):
    async def inner(event):
        print(event)

    to.subscribe("created", inner)


connect(bus)
""",
    "in a method, to an attribute": """
class App:
    def __init__(self):
        self.bus = bus

    def start(self):
        self.bus.subscribe("created", self.created)

    async def created(self, event):
        print(event)


App().start()
""",
    "without a method": 'bus.handlers["created"].append(created)',
}

#: Ways after which something else may have been given.
OTHERS = {
    "a plain function": 'bus.subscribe("created", plain)',
    "a plain one, too": 'bus.subscribe("created", created)\n'
    'bus.subscribe("created", plain)\nbus.handlers["created"].pop(0)',
    "a plain one, too, without a method": 'bus.subscribe("made", created)\n'
    'bus.handlers["created"] = [plain]',
    "a lambda that runs it": "import asyncio\n"
    'bus.subscribe("created", lambda event: asyncio.run(created(event)))',
    "what a decorator runs": """
import asyncio
import functools


def running(function):
    @functools.wraps(function)
    def run(event):
        asyncio.run(function(event))

    return run


bus.subscribe("created", running(created))
""",
    "to something, a plain one": """
def connect(to):
    to.subscribe("created", plain)


bus.subscribe("made", created)
connect(bus)
""",
    "to another object": """
class Plain:
    def subscribe(self, kind, handler):
        print(kind)


Plain().subscribe("created", created)
""",
}

#: What `publish` does instead of dropping what it is given back.
DRIVING = {
    "run": "import asyncio; asyncio.run(handler(event))",
    "asked": "import asyncio, inspect\n"
    "            found = handler(event)\n"
    "            if inspect.isawaitable(found):\n"
    "                asyncio.run(wait(found))",
    "handed to what runs it": "self.run(handler(event))",
}

RUN = """
    def run(self, job):
        import asyncio

        asyncio.run(job)
"""


def files(bus: str, given: str) -> dict[str, str]:
    return {
        "bus.py": bus,
        "listeners.py": "from bus import Bus, bus\n" + BODY + "\n\n" + given + "\n",
        "app.py": "import listeners\nfrom bus import bus\n" + USE,
    }


def dropped(found: dict[str, str]) -> bool:
    """Return whether Python tells of a coroutine, in one module of all files."""
    lines = "\n".join(found.values()).splitlines()
    own = ("from bus ", "import listeners")
    return is_dropped("\n".join(one for one in lines if not one.startswith(own)))


@pytest.mark.parametrize("given", ASYNC.values(), ids=ASYNC)
def test_async_functions_only(given):
    assert dropped(files(DROPPED, given))
    assert_marked(files(DROPPED, given))


@pytest.mark.parametrize("given", OTHERS.values(), ids=OTHERS)
def test_others_as_well(given):
    assert not dropped(files(DROPPED, given))
    assert_marked(files(LISTS.replace("CALL", "handler(event)"), given))


@pytest.mark.parametrize("name", KEEPING)
def test_how_it_is_kept(name):
    given = GIVING[name] + BODY.lstrip()
    if "start" in given:
        given = BODY + "\n" + GIVING[name] + "start()"
    calls = KEEPING[name].replace("CALL(", "(")
    found = files(calls.replace("event))", "event))  # LMB201"), given)
    found["listeners.py"] = found["listeners.py"].replace(BODY + "\n\n", "")
    assert dropped(found)
    assert_marked(found)
    found["bus.py"] = "import asyncio\n" + KEEPING[name].replace("CALL", "asyncio.run")
    assert not dropped(found)
    assert_marked(found)


@pytest.mark.parametrize("call", DRIVING.values(), ids=DRIVING)
def test_what_is_done_with_it(call):
    wait = "async def wait(found):\n    await found\n\n\n"
    bus = wait + LISTS.replace("CALL", call).replace("\n\n\nbus", RUN + "\n\nbus")
    found = files(bus, ASYNC["a function"])
    assert not dropped(found)
    assert_marked(found)


def test_functions_that_are_told_apart():
    """Both are kept, each in its own list."""
    bus = """\
import asyncio


class Bus:
    def __init__(self):
        self.plain = []
        self.others = []

    def subscribe(self, kind, handler):
        if kind == "async":
            self.others.append(handler)
            return
        self.plain.append(handler)

    def publish(self, event):
        for one in self.plain:
            one(event)
        for one in self.others:
            asyncio.run(one(event))


bus = Bus()
"""
    given = 'bus.subscribe("async", created)'
    assert not dropped(files(bus, given))
    assert_marked(files(bus, given))


def test_another_method_that_awaits_them():
    """Who calls `publish` may have plain ones, elsewhere."""
    bus = LISTS.replace("CALL", "handler(event)").replace(
        "\n\n\nbus",
        "\n\n    async def publish_async(self, event):\n"
        "        for one in self.handlers['created']:\n"
        "            await one(event)\n\n\nbus",
    )
    assert_marked(files(bus, ASYNC["a function"]))


@pytest.mark.parametrize("others", [38, 39])
def test_many_files_with_such_a_method(others):
    """Two files of the bus are among the forty."""
    bus = DROPPED if others == 38 else LISTS.replace("CALL", "handler(event)")
    more = {
        f"other{number}.py": "def f(it):\n    it.subscribe(1)\n"
        for number in range(others)
    }
    assert_marked({**files(bus, ASYNC["a function"]), **more})


def test_words():
    found = violations(files(DROPPED, ASYNC["a function"]))
    assert [one.text for one in found] == [
        "`handler()`, such as `created` (listeners.py:3), is never awaited and does "
        "nothing; run it with `asyncio.run(...)`"
    ]
