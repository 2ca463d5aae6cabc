from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

GOOD = {
    "text, numbers, booleans and None": """
        def lambda_handler(event, context):
            return {"a": 1, 1: 2, 1.5: 3, True: 4, None: 5, -1: 6}
    """,
    "bytes that are text": """
        def lambda_handler(event, context):
            return {b"a": 1}
    """,
    "enums that are text or numbers": """
        from enum import Enum, IntEnum
        from http import HTTPStatus

        class Level(IntEnum):
            LOW = 1

        class Color(str, Enum):
            RED = "red"

        class Plain(Enum):
            A = "a"

        def lambda_handler(event, context):
            return {Level.LOW: 1, Color.RED: 2, HTTPStatus.OK: 3, Plain.A.value: 4}
    """,
    "made text": """
        import uuid
        from datetime import date

        def lambda_handler(event, context):
            return {str(uuid.uuid4()): 1, date.today().isoformat(): 2, f"{event}": 3}
    """,
    "unknown keys": """
        def lambda_handler(event, context):
            return {record["id"]: 1 for record in event["Records"]}
    """,
    "a key that was popped": """
        def lambda_handler(event, context):
            totals = {b"\\xff": 1}
            totals.pop(b"\\xff")
            return totals
    """,
    "turned over afterwards": """
        def lambda_handler(event, context):
            totals = {("a", "b"): 1}
            return {"/".join(key): value for key, value in totals.items()}
    """,
    "as values": """
        from decimal import Decimal

        def lambda_handler(event, context):
            return {"a": Decimal(1), "b": (1, 2)}
    """,
    "counted text": """
        from collections import Counter

        def lambda_handler(event, context):
            return Counter(["a", "b"])
    """,
    "not returned": """
        cache = {}

        def lambda_handler(event, context):
            cache[(1, 2)] = event
            return cache[(1, 2)]
    """,
    "numbers of a range": """
        def lambda_handler(event, context):
            return {number: 1 for number in range(3)}
    """,
    "NaN becomes text": """
        def lambda_handler(event, context):
            return {float("nan"): 1}
    """,
    "the items of a dict, into another with text": """
        def lambda_handler(event, context):
            places = {(1, 2): "a"}
            return {f"{x},{y}": name for (x, y), name in places.items()}
    """,
    "bytes that are text, which the runtime decodes": """
        import base64
        def lambda_handler(event, context):
            return {base64.b64encode(b"a"): 1}
    """,
}

BAD = {
    "a tuple": """
        def lambda_handler(event, context):
            return {(1, 2): 3}  # LMB402
    """,
    "a tuple of what is not known": """
        def lambda_handler(event, context):
            totals = {}
            for record in event["Records"]:
                totals[record["a"], record["b"]] = 1  # LMB402
            return {"totals": totals}
    """,
    "a comprehension": """
        def lambda_handler(event, context):
            return {(r["a"], r["b"]): r for r in event["Records"]}  # LMB402
    """,
    "defaultdict": """
        from collections import defaultdict

        def lambda_handler(event, context):
            totals = defaultdict(int)
            totals[("a", "b")] = 1  # LMB402
            return {"n": {"m": dict(a=totals)}}
    """,
    "a frozenset": """
        def lambda_handler(event, context):
            return {frozenset(event): 1}  # LMB402
    """,
    "a Decimal": """
        from decimal import Decimal

        def lambda_handler(event, context):
            return {Decimal(event["n"]): 1}  # LMB402
    """,
    "dates": """
        from datetime import date, datetime

        def lambda_handler(event, context):
            if event:
                return {date.today(): 1}  # LMB402
            return {datetime.now(): 1}  # LMB402
    """,
    "a UUID": """
        import uuid

        def lambda_handler(event, context):
            return {uuid.uuid4(): event}  # LMB402
    """,
    "a plain enum": """
        from enum import Enum

        class Color(Enum):
            RED = "red"

        def lambda_handler(event, context):
            return {Color.RED: 1}  # LMB402
    """,
    "a named tuple": """
        from typing import NamedTuple

        class Point(NamedTuple):
            x: int
            y: int

        def lambda_handler(event, context):
            return {Point(1, 2): 1}  # LMB402
    """,
    "bytes that are no text": r"""
        def lambda_handler(event, context):
            return {b"\xff": 1}  # LMB402
    """,
    "in a list": """
        from collections import Counter

        def lambda_handler(event, context):
            return [Counter([(1, 2), (3, 4)])]  # LMB402
    """,
    "the items of a dict, into another": """
        def lambda_handler(event, context):
            places = {(1, 2): "a"}
            return {place: name for place, name in places.items()}  # LMB402
    """,
    "a tuple of texts": """
        def lambda_handler(event, context):
            return {(event["a"], "b"): 1}  # LMB402
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB402" in source
    assert_marked(source)


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)


MESSAGES = {
    "a tuple": (
        "{'a': {(1, 2): 3}}",
        18,
        "`a` in the response has a `tuple` key; Lambda raises "
        "Runtime.MarshalError: keys must be str, int, float, bool or None, "
        "not tuple; use text as key",
    ),
    "of the whole response": (
        "{(1, 2): 3}",
        12,
        "the response of `lambda_handler` has a `tuple` key; Lambda raises "
        "Runtime.MarshalError: keys must be str, int, float, bool or None, "
        "not tuple; use text as key",
    ),
    "bytes": (
        "{b'a\\xff': 3}",
        12,
        "the response of `lambda_handler` has a `bytes` key; Lambda raises "
        "Runtime.MarshalError: 'utf-8' codec can't decode byte 0xff in "
        "position 1: invalid start byte; use text as key",
    ),
}


@pytest.mark.parametrize("value, column, text", MESSAGES.values(), ids=MESSAGES)
def test_message(value, column, text):
    (found,) = violations(f"def lambda_handler(event, context):\n    return {value}\n")
    assert found == ("app.py", 2, column, "LMB402", text)
