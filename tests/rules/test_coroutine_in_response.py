from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

MAIN = """
import asyncio

async def main(event=None):
    return {"ok": True}

"""

BAD = {
    "from a method that the base of an object calls": """
        class Function:
            def __call__(self, event, context):
                return self.handle(event)  # LMB202
        class Orders(Function):
            async def handle(self, event):
                return await main(event)
        lambda_handler = Orders()
    """,
    "returned": """
        def lambda_handler(event, context):
            return main(event)  # LMB202
    """,
    "behind a handler that is async itself": """
        async def async_handler(event, context):  # LMB101
            return await main(event)
        def lambda_handler(event, context):
            return main(event)  # LMB202
    """,
    "through a variable": """
        def lambda_handler(event, context):
            response = main(event)
            return response  # LMB202
    """,
    "from a lambda expression": """
        lambda_handler = lambda event, context: main(event)  # LMB202
    """,
    "inside a dict": """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": main(event)}  # LMB202
    """,
    "inside a list in a dict": """
        def lambda_handler(event, context):
            return {"items": [main(item) for item in event["items"]]}  # LMB202
    """,
    "inside a tuple": """
        def lambda_handler(event, context):
            return 200, main(event)  # LMB202
    """,
    "on one branch": """
        def lambda_handler(event, context):
            if event.get("warm"):
                return {}
            return main(event)  # LMB202
    """,
    "through a helper": """
        def respond(event):
            return main(event)

        def lambda_handler(event, context):
            return respond(event)  # LMB202
    """,
    "under a passive decorator": """
        from aws_lambda_powertools import Logger

        logger = Logger()

        @logger.inject_lambda_context
        def lambda_handler(event, context):
            return main(event)  # LMB202
    """,
}

GOOD = {
    "from a method that the base of an object runs": """
        class Function:
            def __call__(self, event, context):
                return asyncio.run(self.handle(event))
        class Orders(Function):
            async def handle(self, event):
                return await main(event)
        lambda_handler = Orders()
    """,
    "run": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "run through a variable": """
        def lambda_handler(event, context):
            response = main(event)
            return asyncio.run(response)
    """,
    "run from a lambda expression": """
        lambda_handler = lambda event, context: asyncio.run(main(event))
    """,
    "gathered inside": """
        async def everything(event):
            return {"items": await asyncio.gather(*[main(i) for i in event["items"]])}

        def lambda_handler(event, context):
            return asyncio.run(everything(event))
    """,
    "on a loop": """
        loop = asyncio.new_event_loop()  # noqa: LMB301

        def respond(event):
            return drive(main(event))

        def drive(coroutine):
            return asyncio.run(coroutine)

        def lambda_handler(event, context):
            return respond(event)
    """,
    "an unknown driver": """
        from vendor import drive

        def lambda_handler(event, context):
            return drive(main(event))
    """,
    "an unknown decorator": """
        from vendor import driven

        @driven
        def lambda_handler(event, context):
            return main(event)
    """,
    "a decorator of the project drives it": """
        def driven(function):
            def wrapper(event, context):
                return asyncio.run(function(event, context))
            return wrapper

        @driven
        def lambda_handler(event, context):
            return main(event)
    """,
    "not a handler": """
        def respond(event):
            return main(event)
    """,
    "a closed one": """
        def lambda_handler(event, context):
            task = main(event)
            task.close()
            return {}
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB202" in source
    assert_marked(MAIN + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    found = violations(MAIN + textwrap.dedent(source))
    assert [one for one in found if one.code < "LMB3"] == []


MESSAGES = {
    "the response": (
        "return main(event)",
        "the response of `lambda_handler` is the coroutine `main()`",
    ),
    "made before": (
        "found = main(event)\n    return found",
        "the response of `lambda_handler` is the coroutine `main()` from line 7",
    ),
    "a part": (
        "return {'orders': [main(event)]}",
        "an element of `orders` in the response is the coroutine `main()`",
    ),
}


@pytest.mark.parametrize("body, what", MESSAGES.values(), ids=MESSAGES)
def test_message(body, what):
    source = f"{MAIN}def lambda_handler(event, context):\n    {body}\n".lstrip("\n")
    line = source.count("\n")
    assert violations(source) == [
        (
            "app.py",
            line,
            4,
            "LMB202",
            f"{what}, which nothing runs; Lambda raises Runtime.MarshalError: Object of "
            "type coroutine is not JSON serializable; use `asyncio.run(...)`",
        )
    ]


LEFT = {
    "as it is": """
        async def outer(event):
            return main(event)  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(outer(event))
    """,
    "in a body, by two handlers": """
        async def outer(event):
            return main(event)  # LMB201
        def lambda_handler(event, context):
            return {"body": asyncio.run(outer(event))}
        def other_handler(event, context):
            return asyncio.run(outer(event))
    """,
    "in a method": """
        class Service:
            async def get(self, event):
                return self.find(event)  # LMB201
            async def find(self, event):
                return {}
        SERVICE = Service()
        def lambda_handler(event, context):
            return asyncio.run(SERVICE.get(event))
    """,
    "annotated": """
        async def find() -> int:
            return 1
        async def get() -> int:
            return find()  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(get())
    """,
}

TAKEN = {
    "awaited twice": """
        async def outer(event):
            return main(event)
        async def both(event):
            return await (await outer(event))
        def lambda_handler(event, context):
            return asyncio.run(both(event))
    """,
    "run twice": """
        async def outer(event):
            return main(event)
        def lambda_handler(event, context):
            return asyncio.run(asyncio.run(outer(event)))
    """,
    "awaited": """
        async def outer(event):
            return await main(event)
        def lambda_handler(event, context):
            return asyncio.run(outer(event))
    """,
}


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_what_an_async_function_leaves_is_told_there(source):
    text = MAIN + textwrap.dedent(source)
    assert_marked(text)
    for outcome in invoke(text):
        assert "Object of type coroutine is not" in outcome.error_message


@pytest.mark.parametrize("source", TAKEN.values(), ids=TAKEN)
def test_what_somebody_runs(source):
    text = MAIN + textwrap.dedent(source)
    assert_marked(text)
    assert invoke(text).ok


def test_what_is_told_where_it_is_taken_for_its_result():
    source = """
        def lambda_handler(event, context):
            found = main(event)  # LMB201
            return {"found": found, "first": found["ok"]}
    """
    assert_marked(MAIN + textwrap.dedent(source))


TIMED = """
def timed(function):
    def wrapper(event, context):
        response = function(event, context)
        response.setdefault("headers", {})
        return response
    return wrapper
"""


def test_what_a_decorator_takes_for_its_result_is_told_once():
    handler = """
@timed
def lambda_handler(event, context):
    return main(event)  # LMB201
"""
    assert_marked(MAIN + TIMED + handler)
    base = """
class Base:
    def __call__(self, event, context):
        return self.run(event)
    async def run(self, event): ...
"""
    handler = """
from base import Base, timed
class Orders(Base):
    async def run(self, event): return {}
lambda_handler = timed(Orders())  # LMB202
"""
    assert_marked({"base.py": base + TIMED, "app.py": handler})
