from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

GOOD = {
    "returns a list": """
        def lambda_handler(event, context):
            return [record for record in event["Records"]]
    """,
    "yields in a nested function": """
        def lambda_handler(event, context):
            def records():
                yield from event["Records"]
            return list(records())
    """,
    "a decorator of the project collects it": """
        def collected(function):
            def wrapper(event, context):
                return list(function(event, context))
            return wrapper

        @collected
        def lambda_handler(event, context):
            yield 1
    """,
    "an unknown decorator": """
        from vendor import stream

        @stream
        def lambda_handler(event, context):
            yield 1
    """,
    "iterated in its own module": """
        def records_handler(event, context):
            yield from event["Records"]

        def lambda_handler(event, context):
            return [record for record in records_handler(event, context)]
    """,
}

BAD = {
    "yield": """
        def lambda_handler(event, context):  # LMB102
            yield {"ok": True}
    """,
    "yield from": """
        def handler(event, context):  # LMB102
            yield from event["Records"]
    """,
    "async generator": """
        async def lambda_handler(event, context):  # LMB102
            yield {"ok": True}
    """,
    "decorated": """
        from aws_lambda_powertools import Logger

        logger = Logger()

        @logger.inject_lambda_context
        def lambda_handler(event, context):  # LMB102
            yield {"ok": True}
    """,
    "an alias": """
        def stream(event, context):
            yield 1

        lambda_handler = stream  # LMB102
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB102" in source
    assert_marked(source)


def test_message():
    assert violations("def lambda_handler(event, context):\n    yield 1\n") == [
        (
            "app.py",
            1,
            0,
            "LMB102",
            "handler `lambda_handler` is a generator; Lambda does not iterate it, so its "
            "body never runs and the call ends in Runtime.MarshalError; return a list or "
            "a dict",
        )
    ]
