"""What LMB401 to LMB404 know of calls, defaults and models, beside near misses."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """\
import base64
import gzip
import hashlib
import hmac
import ipaddress
import json
import math
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Optional

import boto3
import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

table = boto3.resource("dynamodb").Table("orders")

class Color(Enum):
    RED = 1

class Line(BaseModel):
    at: datetime
"""

#: Expressions in a response that are refused, and near misses that are not.
REFUSED = {
    "type(event)": "type(event).__name__",
    "1 + 2j": "(1 + 2j).real",
    "ipaddress.ip_address(event['ip'])": "str(ipaddress.ip_address(event['ip']))",
    "ipaddress.ip_network(event['ip'])": "ipaddress.ip_address(event['ip']).version",
    "ipaddress.ip_interface(event['ip'])": "f\"{ipaddress.ip_interface(event['ip'])}\"",
    "gzip.compress(event['x'])": "gzip.decompress(event['x'])",
    "os.urandom(16)": "os.urandom(16).hex()",
    "secrets.token_bytes()": "secrets.token_hex()",
    "hashlib.sha256(b'').digest()": "hashlib.sha256(b'').hexdigest()",
    "hmac.new(b'k', b'm', hashlib.sha256).digest()": (
        "base64.b64encode(hmac.new(b'k', b'm', hashlib.sha256).digest())"
    ),
    "hashlib.new('md5')": "hashlib.new('md5').name",
    "np.array([1])": "np.array([1]).tolist()",
    "np.array([[1]]).T": "np.array([1]).size",
    "np.int64(1)": "np.float64(1)",
    "np.argmax([1, 2])": "int(np.argmax([1, 2]))",
    "np.float32(1)": "np.float32(1).item()",
    "pd.read_csv('a').head()": "pd.read_csv('a').to_dict('records')",
    "pd.DataFrame(event)['a']": "pd.DataFrame(event)['a'].tolist()",
    "np.array([1]).argmax()": "int(np.array([1]).argmax())",
    "np.array([1]).any()": "bool(np.array([1]).any())",
    "np.all([1, 2])": "np.array([1.5]).mean()",
    "np.array([3, 1]).sum()": "np.array([3.5, 1]).sum()",
    "np.array([3, 1]).max()": "np.array([3, 1], dtype=float).max()",
    "np.array([3, 1]).sum(0)": "np.array([3, 1]).sum().item()",
    "np.argsort([3, 1])[0]": "int(np.argsort([3, 1])[0])",
    "[one for one in np.argsort([3, 1])[::-1][:2]]": (
        "[int(one) for one in np.argsort([3, 1])[::-1][:2]]"
    ),
    "list(np.unique(np.array([3, 1])))": "np.unique(np.array([3, 1])).tolist()",
    "np.array([3, 1]).argsort()": "np.array([3, 1]).argsort().tolist()",
    "pd.Series([1])": "int(pd.Series([1]).sum())",
    "pd.Series([1]).count()": "pd.Series([1]).nunique()",
    "pd.Series([1]).isna().sum()": "int(pd.Series([1]).isna().sum())",
    "pd.Series([1]).isin([1]).any()": "pd.Series([1]).hasnans",
    "pd.Series([1]).unique()": "pd.Series([1]).unique().tolist()",
    "pd.Series([1]).values": "pd.Series([1]).values.tolist()",
    "pd.Series([1]).to_numpy()": "pd.Series([1]).to_list()",
    "pd.DataFrame(event).sum()": "pd.DataFrame(event).sum().to_dict()",
    "pd.DataFrame(event).isnull().sum()": (
        "pd.DataFrame(event).isnull().sum().to_dict()"
    ),
    "pd.DataFrame(event).duplicated().sum()": "len(pd.DataFrame(event))",
    "pd.DataFrame(event).iloc[0]": "pd.DataFrame(event).iloc[0].to_dict()",
    "pd.DataFrame(event).columns": "pd.DataFrame(event).columns.tolist()",
    "pd.DataFrame(event).values": "pd.DataFrame(event).shape",
    "pd.DataFrame(event).groupby('a').size()": (
        "pd.DataFrame(event).groupby('a').size().to_dict()"
    ),
    "pd.Timestamp.now()": "pd.Timestamp.now().isoformat()",
    "event.get('tags') or {'a'}": "event.get('tags') or ['a']",
    "event.get('tags', set())": "event.get('tags', [])",
    "event.get('at') or datetime.now()": "event.get('at') or datetime.now().isoformat()",
    "event['a'] / event['b'] if event['b'] else math.nan": (
        "event['a'] / event['b'] if event['b'] else None"
    ),
    "round(event['a'] / 2, 1) if event['b'] else float('nan')": (
        "round(event['a'] / 2, 1) if event['b'] else float('0')"
    ),
    "max(event['a'], math.inf)": "min(event['a'], math.inf)",
    "min(1, 2, float('-inf'))": "max(1, 2, float('-inf'))",
    "math.inf + event['a']": "math.pi + event['a']",
    "event['a'] - math.inf": "event['a'] - math.e",
    "json.dumps(-Decimal('1.5'))": "json.dumps(-float(Decimal('1.5')))",
    "-(datetime.now() - datetime(2026, 1, 1))": (
        "(datetime.now() - datetime(2026, 1, 1)).days"
    ),
    "date.today() - date(2026, 1, 1)": "str(date.today() - date(2026, 1, 1))",
    "(date.today() - date(2026, 1, 1)) + date.today()": (
        "(date.today() - date(2026, 1, 1)).days + date.today().year"
    ),
}

CODES = {
    "event['a'] / event['b'] if event['b'] else math.nan": "LMB403",
    "round(event['a'] / 2, 1) if event['b'] else float('nan')": "LMB403",
    "max(event['a'], math.inf)": "LMB403",
    "min(1, 2, float('-inf'))": "LMB403",
    "json.dumps(-Decimal('1.5'))": "LMB404",
    "math.inf + event['a']": "LMB403",
    "event['a'] - math.inf": "LMB403",
}


@pytest.mark.parametrize("bad, good", REFUSED.items(), ids=REFUSED)
def test_expression(bad, good):
    source = f"""
        def lambda_handler(event, context):
            return {{
                "bad": {bad},  # {CODES.get(bad, "LMB401")}
                "good": {good},
            }}
    """
    assert_marked(HEAD + textwrap.dedent(source))


#: What gives arrays, numbers and frames: all of the tables, with the methods in a row.
OF_NUMPY_AND_PANDAS = """
    np.arange(3), np.asarray([1]), np.column_stack([1]), np.concatenate([[1]])
    np.empty(3), np.eye(3), np.frombuffer(b"a"), np.full(3, 1), np.hstack([1])
    np.identity(3), np.linspace(1, 2), np.ones(3), np.sort([1]), np.stack([1])
    np.unique([1]), np.vstack([1]), np.zeros(3), np.argsort([1])
    np.any([1]), np.argmin([1]), np.count_nonzero([1])
    np.float16(1), np.int16(1), np.int32(1), np.int8(1)
    np.uint16(1), np.uint32(1), np.uint64(1), np.uint8(1)
    np.ones(3).astype(int).copy().cumsum().flatten().reshape(3).round().transpose()
    np.ones(3).all(), np.ones(3).argmin(), np.ones(3).T
    pd.DataFrame.from_records(event), pd.concat(event), pd.json_normalize(event)
    pd.merge(event, event), pd.read_excel("a"), pd.read_json("a"), pd.read_parquet("a")
    pd.Timedelta(1), pd.Timestamp(1), pd.Timestamp.utcnow(), pd.Timestamp.now().date()
    pd.Timestamp.now().to_pydatetime()
    pd.read_csv("a").copy().corr().describe().drop_duplicates().dropna().fillna(0).T
    pd.read_csv("a").merge(event).nlargest(1, "a").nsmallest(1, "a").query("a").index
    pd.read_csv("a").rename().reset_index().set_index("a").sort_values("a").tail()
    pd.read_csv("a").count(), pd.read_csv("a").max(), pd.read_csv("a").mean()
    pd.read_csv("a").min(), pd.read_csv("a").nunique(), pd.read_csv("a").to_numpy()
    pd.read_csv("a").isna().any(), pd.read_csv("a").notna().all()
    pd.read_csv("a").notnull().sum().to_frame()
    pd.Series([1]).cumsum().head().sort_values().tail().value_counts().index
    pd.Series([1]).between(1, 2), pd.Series([1]).duplicated(), pd.Series([1]).isnull()
    pd.Series([1]).notna().all(), pd.Series([1]).notnull().to_numpy()
"""
PLAIN = """
    np.ones(3).size, np.ones(3).ndim, np.ones(3).tobytes().hex(), np.float64(1)
    pd.read_csv("a").to_csv(), pd.read_csv("a").to_json(), pd.read_csv("a").size
    pd.Series([1]).to_json(), pd.Series([1]).size, pd.read_csv("a").info()
    pd.Timestamp.now().strftime("%Y"), pd.Timestamp.now().timestamp()
    pd.Series([1]).nunique(), pd.Series([1]).tolist(), pd.Timestamp(1).year
"""


#: What the error calls each of them, and the cure.
CURES = {
    **{name: ".tolist()" for name in ("...", "Series", "ndarray")},
    **{
        f"{kind}{bits}": ".item()"
        for kind in ("int", "uint")
        for bits in (8, 16, 32, 64)
    },
    "DataFrame": '.to_dict("records")',
    "Timedelta": ".total_seconds()",
    "bool": "bool(...)",
    "float16": ".item()",
    **{name: ".isoformat()" for name in ("Timestamp", "date", "datetime")},
}


def test_numpy_and_pandas():
    found = violations(as_list(OF_NUMPY_AND_PANDAS))
    assert [one.line for one in found] == marked(OF_NUMPY_AND_PANDAS)
    words = [re.search(r"type (\S+) is .*; use `(.+)`$", one.text) for one in found]
    assert dict(one.groups() for one in words) == CURES
    assert violations(as_list(PLAIN)) == []


#: Whole numbers that are summed up along an axis: who knows what.
SUMS = {
    "np.argsort(event['x']).sum()": "int64",
    "np.argsort(event['x']).sum(0)": "...",
    "np.argsort(event['x']).cumsum(0)": "ndarray",
}


@pytest.mark.parametrize("value, kind", SUMS.items())
def test_sums(value, kind):
    (found,) = violations(as_list(value))
    assert f"type {kind} is" in found.text


def as_list(listed):
    """Return a handler that gives back a list, one element in a line."""
    each = re.split(r",\s(?=[np][pd]\.)|\n\s*", listed.strip())
    lines = "".join(f"        {one},\n" for one in each)
    handler = "def lambda_handler(event, context):\n    return [\n"
    return f"{HEAD}\n{handler}{lines}    ]\n"


def marked(listed):
    lines = as_list(listed).lstrip("\n").split("\n")
    return [number for number, line in enumerate(lines, 1) if line.startswith(" " * 8)]


BAD = {
    "a helper gives NaN on one way": """
        def rate(part, whole):
            if not whole:
                return float("nan")
            return part / whole

        def lambda_handler(event, context):
            return {"rate": rate(event["a"], event["b"])}  # LMB403
    """,
    "a set that is a default": """
        def lambda_handler(event, context):
            tags = event.get("tags") or set()
            return {"tags": tags}  # LMB401
    """,
    "the default of a field that data may leave out": """
        @dataclass
        class Order:
            id: str
            tags: set = field(default_factory=set)

        def lambda_handler(event, context):
            return asdict(Order(**event["order"]))  # LMB401
    """,
    "attributes of an item, computed with": """
        class Orders:
            def __init__(self):
                self.table = boto3.resource("dynamodb").Table("orders")

            def get(self, id):
                return self.table.get_item(Key={"id": id})["Item"]

        def lambda_handler(event, context):
            item = Orders().get(event["id"])
            return json.dumps({"total": item["price"] * item["count"]})  # LMB404
    """,
    "the sum over items": """
        def lambda_handler(event, context):
            total = 0
            for item in table.scan()["Items"]:
                total += item["price"] * 2
            return json.dumps({"total": total})  # LMB404
    """,
    "a model that is validated": """
        class Order(BaseModel):
            day: date

        def lambda_handler(event, context):
            return {"order": Order.model_validate(event).model_dump()}  # LMB401
    """,
    "options that leave the fields as they are": """
        class Order(BaseModel):
            day: date

        def lambda_handler(event, context):
            return Order(**event).model_dump(exclude_none=True, by_alias=True)  # LMB401
    """,
    "a factory of the same class": """
        class Order(BaseModel):
            at: datetime = Field(default_factory=datetime.now, description="when")

        def lambda_handler(event, context):
            return Order(**event).model_dump()  # LMB401
    """,
    "a set of a model": """
        class Order(BaseModel):
            tags: set[str]

        def lambda_handler(event, context):
            return Order(**event).model_dump()  # LMB401
    """,
    "models in a list": """
        class Order(BaseModel):
            lines: list[Line]

        def lambda_handler(event, context):
            return {"order": Order(**event).model_dump()}  # LMB401
    """,
    "a member of an enumeration in a model": """
        class Order(BaseModel):
            color: Color

        def lambda_handler(event, context):
            return Order(**event).model_dump()  # LMB401
    """,
    "Decimal of a model": """
        class Order(BaseModel):
            price: Decimal

        def lambda_handler(event, context):
            return json.dumps(Order(**event).model_dump())  # LMB404
    """,
    "bytes of no text in json.dumps": """
        def lambda_handler(event, context):
            return json.dumps({"body": gzip.compress(b"x")})  # LMB404
    """,
    "a compressed body": """
        def lambda_handler(event, context):
            body = gzip.compress(json.dumps(event).encode())
            return {"statusCode": 200, "body": body}  # LMB401
    """,
}

GOOD = {
    "NaN is asked for": """
        def rate(part, whole):
            if not whole:
                return float("nan")
            return part / whole

        def lambda_handler(event, context):
            found = rate(event["a"], event["b"])
            if math.isnan(found):
                found = None
            return {"rate": found}
    """,
    "NaN that the same condition leaves out": """
        def lambda_handler(event, context):
            count = event["count"]
            mean = event["sum"] / count if count else math.nan
            return {"mean": mean if count else None}
    """,
    "a search for the least": """
        def lambda_handler(event, context):
            if not event["prices"]:
                return {}
            least = math.inf
            for price in event["prices"]:
                least = min(least, price)
            return {"least": least}
    """,
    "a set that is a default and becomes a list": """
        def lambda_handler(event, context):
            tags = event.get("tags") or set()
            if not isinstance(tags, list):
                tags = list(tags)
            return {"tags": tags}
    """,
    "a parameter that is given": """
        def stamp(at=None):
            at = at or datetime.now()
            return {"at": at}

        def lambda_handler(event, context):
            return stamp(event["at"])
    """,
    "the default of a field that is listed": """
        @dataclass
        class Order:
            id: str
            tags: set = field(default_factory=set)

            def plain(self):
                return {"id": self.id, "tags": list(self.tags)}

        def lambda_handler(event, context):
            return Order(**event["order"]).plain()
    """,
    "attributes of an item, put together": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": event["id"]})["Item"]
            return json.dumps({"name": item["first"] + item["last"]})
    """,
    "attributes of an item as text": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": event["id"]})["Item"]
            return json.dumps({"name": item["name"], "n": int(item["n"] * 2)})
    """,
    "a model in the mode for JSON": """
        class Order(BaseModel):
            day: date

        def lambda_handler(event, context):
            order = Order.model_validate(event)
            return {"a": order.model_dump(mode="json"), "b": order.model_dump_json()}
    """,
    "options that leave fields out": """
        class Order(BaseModel):
            id: str
            day: date

        def lambda_handler(event, context):
            order = Order(**event)
            return [order.model_dump(exclude={"day"}), order.model_dump(include={"id"})]
    """,
    "a field that need not be there": """
        class Order(BaseModel):
            day: Optional[date] = None
            at: datetime | None = Field(default=None)

        def lambda_handler(event, context):
            return Order(**event).model_dump()
    """,
    "a field that is hidden": """
        class Order(BaseModel):
            at: datetime = Field(default_factory=datetime.now, exclude=True)

        def lambda_handler(event, context):
            return Order(**event).model_dump()
    """,
    "plain fields in a list": """
        class Plain(BaseModel):
            id: str

        class Order(BaseModel):
            lines: list[Plain]
            tags: list[str]

        def lambda_handler(event, context):
            return {"order": Order(**event).model_dump()}
    """,
    "a model that serialises itself": """
        from pydantic import field_serializer

        class Order(BaseModel):
            day: date

            @field_serializer("day")
            def text(self, value):
                return value.isoformat()

        def lambda_handler(event, context):
            return Order.model_validate(event).model_dump()
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB40" in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
