"""LMB201 on async functions that other modules put into a container."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

#: A registry, what fills it, and what calls what is in it.
HOME = """
HANDLERS = {}
def register(name):
    def decorator(function):
        HANDLERS[name] = function
        return function
    return decorator
"""
ASYNC = """
from app.registry import register
@register("create")
async def create(event):
    return 1
@register("delete")
async def delete(event):
    return 2
"""
USE = """
from app import actions
from app.registry import HANDLERS
def lambda_handler(event, context):
    HANDLERS[event["action"]](event)
"""
DROPPED = USE.replace("(event)\n", "(event)  # LMB201\n", 2).replace(
    "lambda_handler(event, context):  # LMB201", "lambda_handler(event, context):"
)


def files(home=HOME, actions=ASYNC, main=DROPPED):
    return {"app/registry.py": home, "app/actions.py": actions, "app/main.py": main}


BAD = {
    "a decorator": files(),
    "a decorator of a module": files(
        actions=ASYNC.replace("@register", "@registry.register").replace(
            "from app.registry import register", "from app import registry"
        )
    ),
    "a decorator without arguments, and a list": {
        "app/bus.py": """
            SUBSCRIBERS = []
            def subscribe(function):
                SUBSCRIBERS.append(function)
                return function
            def publish(event):
                for function in SUBSCRIBERS:
                    function(event)  # LMB201
        """,
        "app/mail.py": """
            from app.bus import subscribe
            @subscribe
            async def send(event):
                print(event)
        """,
    },
    "calls": {
        "app/bus.py": """
            SUBSCRIBERS = []
            def subscribe(function):
                SUBSCRIBERS.append(function)
            def publish(event):
                for function in SUBSCRIBERS:
                    function(event)  # LMB201
        """,
        "app/mail.py": """
            from app import bus
            async def send(event):
                print(event)
            bus.subscribe(send)
        """,
    },
    "lists by their event": {
        "app/bus.py": """
            from collections import defaultdict
            SUBSCRIBERS = defaultdict(list)
            def on(name):
                def decorator(function):
                    SUBSCRIBERS[name].append(function)
                    return function
                return decorator
            def emit(name, event):
                for function in SUBSCRIBERS[name]:
                    function(event)  # LMB201
        """,
        "app/mail.py": """
            from app.bus import on
            @on("created")
            async def send(event):
                print(event)
        """,
    },
    "objects of classes": {
        "app/registry.py": """
            SERVICES = {}
            def service(cls):
                SERVICES[cls.__name__] = cls()
                return cls
        """,
        "app/orders.py": """
            from app.registry import service
            @service
            class Orders:
                async def run(self, event):
                    return 1
                def name(self):
                    return "orders"
        """,
        "app/main.py": """
            from app import orders
            from app.registry import SERVICES
            def lambda_handler(event, context):
                SERVICES["Orders"].name()
                SERVICES["Orders"].run(event)  # LMB201
        """,
    },
    "filled by others, too": files(
        home=HOME + "def plugins(more):\n    HANDLERS.update(more)\n"
    ),
    "filled in another way, too": files(
        home=HOME + "def add(name):\n    HANDLERS[name] = load(name)\n"
    ),
    "the registry calls": files(
        home=HOME
        + "def dispatch(name, event):\n"
        + "    function = HANDLERS.get(name)\n"
        + "    return {'result': str(function(event))}  # LMB201\n",
        main="from app import actions\n",
    ),
}
PLAIN = "@register('b')\ndef plain(event):\n    return 1\n"

GOOD = {
    "awaited": files(
        main=USE.replace("import actions", "import actions\nimport asyncio")
        .replace("    HANDLERS", "    asyncio.run(HANDLERS")
        .replace("](event)", "](event))")
    ),
    "one of them is plain": files(actions=ASYNC + PLAIN, main=USE),
    "wrapped before it is kept": files(
        actions=ASYNC.replace('("create")', '("create")\n@somewhere.drive').replace(
            "from app", "import somewhere\nfrom app", 1
        ),
        main=USE,
    ),
    "a decorator of another name": files(
        actions=ASYNC.replace("import register", "import other as register"), main=USE
    ),
    "whoever calls asks": files(
        main=USE.replace(
            '    HANDLERS[event["action"]](event)',
            '    result = HANDLERS[event["action"]](event)\n'
            "    if inspect.isawaitable(result):\n"
            "        return asyncio.run(result)",
        ).replace(
            "from app import actions",
            "import asyncio, inspect\nfrom app import actions",
        )
    ),
    "tests do not count": {
        **files(
            actions=PLAIN.replace("@", "from app.registry import register\n@"), main=USE
        ),
        "tests/test_app.py": ASYNC,
    },
}


@pytest.mark.parametrize("sources", BAD.values(), ids=BAD)
def test_bad(sources):
    assert any("# LMB201" in text for text in sources.values())
    assert_marked(sources)


@pytest.mark.parametrize("sources", GOOD.values(), ids=GOOD)
def test_good(sources):
    assert not any("# LMB" in text for text in sources.values())
    assert_marked(sources)
