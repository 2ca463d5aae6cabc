"""What LMB401, LMB402 and LMB404 report about values that came a long way is really
refused under the real client, and what they are silent about is encoded.

Each shape is both judged by the rules and run. The mark says what is reported, the text
what the runtime says to it.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked

HEAD = """\
import dataclasses
import json
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import ClassVar

"""

EVENT = {
    "body": '{"items": [{"price": 1.5, "n": 2}], "text": "x"}',
    "prices": ["1.5", "2"],
    "rows": [{"a": "x", "b": "y", "n": 1}],
    "order": {"id": "1"},
    "ids": ["a", "b"],
    "n": 2,
}

#: Shapes that are refused, with the error.
BAD = {
    "arithmetic with Decimal": (
        """
        def lambda_handler(event, context):
            price = Decimal(event["prices"][0])
            return json.dumps({"total": price * event["n"] + 1})  # LMB404
        """,
        "Object of type Decimal is not JSON serializable",
    ),
    "a total that grows": (
        """
        def lambda_handler(event, context):
            total = Decimal("0")
            for price in event["prices"]:
                total += Decimal(price)
            return json.dumps({"total": round(total, 2)})  # LMB404
        """,
        "Object of type Decimal is not JSON serializable",
    ),
    "the sum of a generator": (
        """
        def lambda_handler(event, context):
            total = sum(Decimal(one) for one in event["prices"])
            return json.dumps({"total": total.quantize(Decimal("0.01"))})  # LMB404
        """,
        "Object of type Decimal is not JSON serializable",
    ),
    "fractions of JSON as Decimal, computed with": (
        """
        def respond(body):
            return {"statusCode": 200, "body": json.dumps(body)}

        def lambda_handler(event, context):
            order = json.loads(event["body"], parse_float=Decimal)
            total = sum(item["price"] * item["n"] for item in order["items"])
            return respond({"total": total})  # LMB404
        """,
        "Object of type Decimal is not JSON serializable",
    ),
    "fractions of JSON as Decimal, as they came": (
        """
        def lambda_handler(event, context):
            order = json.loads(event["body"], parse_float=Decimal)
            return json.dumps(order)  # LMB404
        """,
        "Object of type Decimal is not JSON serializable",
    ),
    "a default of a dataclass": (
        """
        @dataclass
        class Order:
            id: str
            tags: set = field(default_factory=set)

        def lambda_handler(event, context):
            return asdict(Order(**{"id": "1"}))  # LMB401
        """,
        "Object of type set is not JSON serializable",
    ),
    "a default of a dataclass that a lambda makes": (
        """
        @dataclass
        class Order:
            id: str
            at: datetime = field(default_factory=lambda: datetime.now())

        def lambda_handler(event, context):
            order = Order(event["order"]["id"])
            return {"order": vars(order)}  # LMB401
        """,
        "Object of type datetime is not JSON serializable",
    ),
    "a field that is assigned later": (
        """
        @dataclass
        class Order:
            id: str
            tags: set = field(default_factory=set)

            @classmethod
            def parse(cls, data):
                return cls(**data)

        def lambda_handler(event, context):
            order = Order.parse(event["order"])
            order.tags = set(event["ids"])
            return asdict(order)  # LMB401
        """,
        "Object of type set is not JSON serializable",
    ),
    "what `__post_init__` makes": (
        """
        @dataclass
        class Order:
            ids: list

            def __post_init__(self):
                self.ids = frozenset(self.ids)

        def lambda_handler(event, context):
            return asdict(Order(event["ids"]))  # LMB401
        """,
        "Object of type frozenset is not JSON serializable",
    ),
    "keyword arguments": (
        """
        def respond(status, **fields):
            return {"statusCode": status, **fields}

        def lambda_handler(event, context):
            totals = {(one["a"], one["b"]): one["n"] for one in event["rows"]}  # LMB402
            return respond(200, totals=totals)
        """,
        "keys must be str, int, float, bool or None, not tuple",
    ),
    "positional arguments": (
        """
        def respond(status, *rows):
            return {"statusCode": status, "rows": rows}  # LMB401

        def lambda_handler(event, context):
            return respond(200, {1}, 2)
        """,
        "Object of type set is not JSON serializable",
    ),
    "arguments that a decorator passes on": (
        """
        def logged(function):
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper

        @logged
        def load(ids, limit=1):
            return {"ids": set(ids), "limit": limit}  # LMB401

        def lambda_handler(event, context):
            return load(event["ids"], limit=3)
        """,
        "Object of type set is not JSON serializable",
    ),
    "a circle": (
        """
        def lambda_handler(event, context):
            parent = {"id": 1, "children": []}
            for one in event["ids"]:
                child = {"id": one, "parent": parent}  # LMB401
                parent["children"].append(child)
            return parent
        """,
        "Circular reference detected",
    ),
    "a circle in json.dumps": (
        """
        def lambda_handler(event, context):
            rows = []
            rows.append(rows)  # LMB404
            return json.dumps(rows)
        """,
        "Circular reference detected",
    ),
    "members of an enumeration as keys": (
        """
        class Color(Enum):
            RED = "r"

        def lambda_handler(event, context):
            return {"counts": {color: 0 for color in Color}}  # LMB402
        """,
        "keys must be str, int, float, bool or None, not Color",
    ),
    "members of an enumeration in a list": (
        """
        class Color(Enum):
            RED = "r"

        def lambda_handler(event, context):
            return {"colors": list(Color)}  # LMB401
        """,
        "Object of type Color is not JSON serializable",
    ),
}

#: Their near misses, which are encoded.
GOOD = {
    "Decimal becomes a float": """
        def lambda_handler(event, context):
            price = Decimal(event["prices"][0])
            return json.dumps({"total": float(price * event["n"] + 1)})
    """,
    "a total that is rounded to an int": """
        def lambda_handler(event, context):
            total = Decimal("0")
            for price in event["prices"]:
                total += Decimal(price)
            return json.dumps({"total": round(total), "text": str(total)})
    """,
    "the sum of floats": """
        def lambda_handler(event, context):
            total = sum(float(Decimal(one)) for one in event["prices"])
            return json.dumps({"total": total})
    """,
    "numbers of JSON, computed with": """
        def lambda_handler(event, context):
            order = json.loads(event["body"])
            total = sum(item["price"] * item["n"] for item in order["items"])
            return json.dumps({"total": total})
    """,
    "text and whole numbers of JSON with Decimal": """
        def lambda_handler(event, context):
            order = json.loads(event["body"], parse_float=Decimal)
            count = sum(item["n"] * item["n"] for item in order["items"])
            return json.dumps({"text": order["text"] + "!", "count": count})
    """,
    "a default that is a list": """
        @dataclass
        class Order:
            id: str
            tags: list = field(default_factory=list)
            known: ClassVar[set] = set()

        def lambda_handler(event, context):
            return asdict(Order(**event["order"]))
    """,
    "a default that somebody gives": """
        @dataclass
        class Order:
            id: str
            at: datetime = field(default_factory=lambda: datetime.now())

        def lambda_handler(event, context):
            order = Order(event["order"]["id"], at=datetime.now().isoformat())
            return {"order": vars(order)}
    """,
    "a field that is converted": """
        @dataclass
        class Order:
            id: str
            tags: set = field(default_factory=set)

            @classmethod
            def parse(cls, data):
                return cls(**data)

        def lambda_handler(event, context):
            order = Order.parse(event["order"])
            order.tags = sorted(event["ids"])
            return asdict(order)
    """,
    "what `__post_init__` converts": """
        @dataclass
        class Order:
            ids: set

            def __post_init__(self):
                self.ids = sorted(self.ids)

        def lambda_handler(event, context):
            return asdict(Order(set(event["ids"])))
    """,
    "keyword arguments that are converted": """
        def respond(status, **fields):
            return {"statusCode": status, **{k: str(v) for k, v in fields.items()}}

        def lambda_handler(event, context):
            totals = {(one["a"], one["b"]): one["n"] for one in event["rows"]}
            return respond(200, totals=totals)
    """,
    "positional arguments that are converted": """
        def respond(status, *rows):
            return {"statusCode": status, "rows": [list(one) for one in rows]}

        def lambda_handler(event, context):
            return respond(200, {1}, {2})
    """,
    "arguments that a decorator passes on": """
        def logged(function):
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper

        @logged
        def fill(response, ids):
            response["ids"] = sorted(ids)

        def lambda_handler(event, context):
            response = {"ids": set()}
            fill(response, ids=event["ids"])
            return response
    """,
    "one object in two places": """
        def lambda_handler(event, context):
            parent = {"id": 1}
            return [{"id": one, "parent": parent} for one in event["ids"]]
    """,
    "a chain that a loop makes": """
        def lambda_handler(event, context):
            node = None
            for one in event["ids"]:
                node = {"id": one, "next": node}
            return json.dumps(node)
    """,
    "members of an enumeration that are text": """
        class Color(str, Enum):
            RED = "r"

        def lambda_handler(event, context):
            return {"counts": {color: 0 for color in Color}, "all": list(Color)}
    """,
    "values of an enumeration": """
        class Color(Enum):
            RED = "r"

        def lambda_handler(event, context):
            return {"colors": [color.value for color in Color]}
    """,
}


@pytest.mark.parametrize("source, error", BAD.values(), ids=BAD)
def test_bad(source, error):
    assert "# LMB40" in source
    assert_marked(HEAD + textwrap.dedent(source))
    (outcome,) = invoke(HEAD + textwrap.dedent(source), events=[EVENT])
    assert not outcome.ok
    assert error in outcome.error_message


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))
    (outcome,) = invoke(HEAD + textwrap.dedent(source), events=[EVENT])
    assert outcome.ok and outcome.result is not None


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
