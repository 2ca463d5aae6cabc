from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """\
import asyncio
import dataclasses
import functools
import json
import os
import re
import uuid
from collections import defaultdict
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from enum import IntEnum
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("orders")
"""

GOOD = {
    "the fields of a model that is validated": """
        from pydantic import BaseModel, ConfigDict, Field, field_validator
        class Product(BaseModel):
            model_config = ConfigDict(extra="ignore", frozen=True)
            labels: set[str] = Field(default_factory=set)
            created: datetime
            @property
            def first(self):
                return sorted(self.labels)[:1]
        class Checked(BaseModel):
            labels: set[str]
            @field_validator("labels")
            @classmethod
            def sort(cls, labels):
                return sorted(labels)
        class Named(BaseModel):
            model_config = ConfigDict(use_enum_values=True)
            labels: set[str]
        def lambda_handler(event, context):
            product = Product.model_validate(event)
            product.created.isoformat()
            return {
                "first": product.first,
                "labels": sorted(product.labels),
                "created": product.created.isoformat(),
                "checked": Checked.model_validate(event).labels,
                "named": Named.model_validate(event).model_dump(),
            }
    """,
    "keys without a value, as a list": """
        def lambda_handler(event, context):
            names = [one["name"] for one in event["items"]]
            return {"names": list(dict.fromkeys(names))}
    """,
    "fields that are called like a name of the module": """
        fields = {1}
        def lambda_handler(event, context, **fields):
            def inner():
                return fields
            return inner()
    """,
    "numbers of an array": """
        import array
        def lambda_handler(event, context):
            return array.array("i", event["numbers"]).tolist()
    """,
    "what the loop of another thread gives, as a list": """
        import anyio
        async def load(key):
            return [key]
        def lambda_handler(event, context):
            return anyio.from_thread.run(load, event["key"])
    """,
    "moments that need not come": """
        import boto3
        def lambda_handler(event, context):
            es = boto3.client("es")
            if event["update"]:
                return es.start_elasticsearch_service_software_update(DomainName="a")
            payments = boto3.client("payment-cryptography")
            return payments.get_parameters_for_import(KeyMaterialType="a")
    """,
    "what fields with names of their own are given": """
        def make(a, *, b=1, **rest):
            return rest
        def lambda_handler(event, context):
            return make(a={1}, b={2}, c=3)
    """,
    "a name that stands for something else inside a comprehension": """
        ITEM = "a"
        def lambda_handler(event, context):
            print([len(ITEM) for ITEM in [{1}, {2}]])
            return ITEM
    """,
    "text, left in a class by the invocation before": """
        class Last:
            seen = None
        def lambda_handler(event, context):
            found = Last.seen
            Last.seen = datetime.now().isoformat()
            return found
    """,
    "what `vars` gives": """
        class Row:
            def __init__(self):
                self.at = datetime.now().isoformat()

        def lambda_handler(event, context):
            return vars(Row())
    """,
    "the event goes back": """
        def lambda_handler(event, context):
            return event
    """,
    "sorted and listed sets": """
        def lambda_handler(event, context):
            names = {r["name"] for r in event}
            return {"a": sorted(names), "b": list(names), "c": len(names)}
    """,
    "converted in place before the return": """
        def lambda_handler(event, context):
            response = {"names": set(), "at": datetime.now()}
            response["names"] = list(response["names"])
            response["at"] = response["at"].isoformat()
            return response
    """,
    "every value is converted in a loop": """
        def lambda_handler(event, context):
            response = {"id": uuid.uuid4(), "at": datetime.now()}
            for key in response:
                response[key] = str(response[key])
            return response
    """,
    "every item is converted in a loop": """
        def lambda_handler(event, context):
            times = [datetime.now(), datetime.now() - timedelta(days=1)]
            for index, time in enumerate(times):
                times[index] = time.isoformat()
            return times
    """,
    "groups are listed afterwards": """
        def lambda_handler(event, context):
            groups = defaultdict(set)
            for record in event["Records"]:
                groups[record["kind"]].add(record["id"])
            return {kind: sorted(ids) for kind, ids in groups.items()}
    """,
    "groups are listed in place": """
        def lambda_handler(event, context):
            groups = defaultdict(set)
            for record in event["Records"]:
                groups[record["kind"]].add(record["id"])
            for kind in groups:
                groups[kind] = list(groups[kind])
            return groups
    """,
    "popped before the return": """
        def lambda_handler(event, context):
            response = {"at": datetime.now(), "a": {1}, "b": Path("x")}
            response.pop("at")
            del response["a"]
            response["c"] = str(response.pop("b"))
            return response
    """,
    "cleared": """
        def lambda_handler(event, context):
            response = {"at": datetime.now()}
            response.clear()
            return response
    """,
    "isinstance decides": """
        def plain(value):
            if isinstance(value, set):
                return sorted(value)
            if isinstance(value, (datetime, Path)):
                return str(value)
            if isinstance(value, dict):
                return {k: plain(v) for k, v in value.items()}
            return value

        def lambda_handler(event, context):
            return {"a": plain({1}), "b": plain(datetime.now()), "c": plain({"d": {1}})}
    """,
    "isinstance in an expression": """
        def lambda_handler(event, context):
            at = datetime.now()
            names = {"a"}
            return {
                "at": at.isoformat() if isinstance(at, datetime) else at,
                "names": names if not isinstance(names, set) else list(names),
                "all": [n for n in [{1}, 2] if not isinstance(n, set)],
            }
    """,
    "hasattr decides": """
        def plain(value):
            return value.isoformat() if hasattr(value, "isoformat") else value

        def lambda_handler(event, context):
            return {"at": plain(datetime.now())}
    """,
    "a test of the type decides": """
        def lambda_handler(event, context):
            value = event.get("a") or {1}
            names = {1, 2}
            if type(names) is set:
                names = list(names)
            return {"names": names}
    """,
    "match decides": """
        def lambda_handler(event, context):
            value = {1}
            match value:
                case set():
                    return list(value)
                case _:
                    return value
    """,
    "a marker for nothing": """
        MISSING = object()

        def build(value=MISSING, other=MISSING):
            response = {}
            if value is not MISSING:
                response["value"] = value
            if given(other):
                response["other"] = other
            return response

        def given(value):
            return value is not MISSING

        def lambda_handler(event, context):
            return build(event["a"])
    """,
    "None is told apart": """
        def find(event):
            for record in event["Records"]:
                if record["id"] == 1:
                    return record
            return None

        def lambda_handler(event, context):
            at = None
            if event.get("at"):
                at = datetime.now()
            if at is None:
                return {"at": at}
            if not at:
                return {"at": at}
            return {"at": at and at.isoformat(), "r": find(event)}
    """,
    "an exception in words": """
        def lambda_handler(event, context):
            try:
                return {"statusCode": 200}
            except (ClientError, ValueError) as error:
                return {"body": str(error), "args": error.args, "code": error.response}
    """,
    "the error is kept and told apart": """
        def lambda_handler(event, context):
            error = None
            try:
                table.put_item(Item=event)
            except ClientError as e:
                error = e
            if error:
                return {"error": str(error)}
            return {"error": error}
    """,
    "Decimal, bytes and named tuples are fine": """
        from collections import namedtuple
        from typing import NamedTuple

        class Point(NamedTuple):
            x: int

        Pair = namedtuple("Pair", "a b")

        def lambda_handler(event, context):
            return {"a": Decimal("1"), "b": b"text", "c": Point(1), "d": Pair(1, 2)}
    """,
    "bytes at the top are posted as they are": r"""
        def lambda_handler(event, context):
            if event:
                return json.dumps(event).encode()
            return b'{"ok": true}'
    """,
    "enums that are text or numbers": """
        class Level(IntEnum):
            LOW = 1

        class Color(str, Enum):
            RED = "red"

        class Plain(Enum):
            A = "a"

        def lambda_handler(event, context):
            return [Level.LOW, Color.RED, Plain.A.value, Plain.A.name, Level["LOW"]]
    """,
    "subclasses of dict, list and str": """
        class Response(dict):
            def __init__(self, **kwargs):
                super().__init__(kwargs)
                self.at = datetime.now()

        class Items(list):
            pass

        class Name(str):
            pass

        def lambda_handler(event, context):
            return {"a": Response(a=1), "b": Items(), "c": Name("a")}
    """,
    "an object with _asdict": """
        class Order:
            def _asdict(self):
                return {"id": 1}

        def lambda_handler(event, context):
            return Order()
    """,
    "a dataclass as a dict": """
        @dataclass
        class Order:
            id: str
            at: str

        def lambda_handler(event, context):
            order = Order("1", datetime.now().isoformat())
            return {"a": asdict(order), "b": vars(order), "c": order.__dict__}
    """,
    "a pydantic model as JSON": """
        from pydantic import BaseModel

        class Order(BaseModel):
            id: str
            at: datetime

        def lambda_handler(event, context):
            order = Order(**event)
            return {"a": order.model_dump(mode="json"), "b": order.model_dump_json()}
    """,
    "a pydantic model that changes its own dump": """
        from pydantic import BaseModel
        from pydantic import field_serializer

        class Order(BaseModel):
            at: datetime

            @field_serializer("at")
            def plain(self, at):
                return at.isoformat()

        def lambda_handler(event, context):
            return Order(**event).model_dump()
    """,
    "json.dumps with a default": """
        def lambda_handler(event, context):
            return json.dumps({"at": datetime.now(), "names": {1}}, default=str)
    """,
    "unknown calls and jsonable_encoder": """
        from fastapi.encoders import jsonable_encoder
        from elsewhere import encode

        def lambda_handler(event, context):
            return [jsonable_encoder({"at": datetime.now()}), encode({1})]
    """,
    "changed by unknown code": """
        from elsewhere import make_plain

        def lambda_handler(event, context):
            response = {"at": datetime.now()}
            make_plain(response)
            return response
    """,
    "an unknown decorator may encode it": """
        from elsewhere import json_response

        @json_response
        def lambda_handler(event, context):
            return {"at": datetime.now()}
    """,
    "a decorator of the project encodes it": """
        import functools

        def encoded(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return json.dumps(function(event, context), default=str)
            return wrapper

        @encoded
        def lambda_handler(event, context):
            return {"at": datetime.now()}
    """,
    "an event handler routes, and encodes what they return": """
        from dataclasses import dataclass

        from aws_lambda_powertools.event_handler import APIGatewayRestResolver

        app = APIGatewayRestResolver()

        @dataclass
        class Order:
            id: str

        @app.get("/orders/<id>")
        def orders(id):
            return {"order": Order(id)}

        def lambda_handler(event, context):
            return app.resolve(event, context)
    """,
    "the loop's function converts": """
        async def main(event):
            return {"at": datetime.now().isoformat()}

        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "not a handler": """
        def names(event, context, more):
            return {1}

        def lambda_handler(event, context):
            return sorted(names(event, context, 1))
    """,
    "a boto3 response with nothing in it": """
        def lambda_handler(event, context):
            return boto3.client("sqs").send_message(QueueUrl="q", MessageBody="m")
    """,
    "what a write to DynamoDB gives": """
        def lambda_handler(event, context):
            return [table.put_item(Item=event), table.get_item(Key={"id": 1})]
    """,
    "the plain parts of a boto3 response": """
        def lambda_handler(event, context):
            response = ec2.describe_instances()
            found = s3.get_object(Bucket="b", Key="k")
            return {
                "ids": [
                    one["InstanceId"]
                    for reservation in response["Reservations"]
                    for one in reservation["Instances"]
                ],
                "body": found["Body"].read(),
                "at": found["LastModified"].isoformat(),
            }
    """,
    "times in a boto3 response are converted in place": """
        def lambda_handler(event, context):
            buckets = s3.list_buckets()["Buckets"]
            for bucket in buckets:
                bucket["CreationDate"] = str(bucket["CreationDate"])
            return buckets
    """,
    "times in a boto3 response are taken out": """
        def lambda_handler(event, context):
            response = s3.head_object(Bucket="b", Key="k")
            del response["LastModified"]
            response.pop("Expires", None)
            return response
    """,
    "times that a service seldom gives": """
        def lambda_handler(event, context):
            return s3.create_multipart_upload(Bucket="b", Key="k")
    """,
    "sets that are compared and listed": """
        def lambda_handler(event, context):
            old = {record["id"] for record in event["old"]}
            new = set(event["new"])
            return {"n": len(new - old), "ids": list(old & new), "same": old == new}
    """,
    "a list that is empty": """
        def lambda_handler(event, context):
            errors = []
            for record in event["Records"]:
                try:
                    print(record)
                except ValueError as error:
                    errors.append(error)
            if event.get("strict"):
                if errors:
                    raise errors[0]
                return {"errors": errors}
            if len(errors) > 0:
                raise RuntimeError(errors)
            return {"errors": errors}
    """,
    "the context, read": """
        def lambda_handler(event, context):
            if context is None:
                return {"context": context}
            return {"id": context.aws_request_id, "left": context.get_remaining_time()}
    """,
    "the environment, read": """
        def lambda_handler(event, context):
            return [os.environ["A"], os.environ.get("B"), dict(os.environ)]
    """,
    "replaced as a whole": """
        def lambda_handler(event, context):
            groups = {"a": {1}}
            groups.update({key: sorted(names) for key, names in groups.items()})
            names = [{1}, {2}]
            names[:] = [list(one) for one in names]
            return {**groups, "names": names}
    """,
    "replaced by a nested function": """
        def lambda_handler(event, context):
            names = {1}
            found = {"ids": {1}}

            def finish():
                nonlocal names
                names = list(names)
                found["ids"] = sorted(found["ids"])

            finish()
            return [names, found]
    """,
    "picked by a key": """
        KINDS = {"list": list, "set": set}

        def lambda_handler(event, context):
            return KINDS[event["kind"]](event["items"])
    """,
    "a cached property": """
        import functools

        class Service:
            @functools.cached_property
            def name(self):
                return "orders"

        service = Service()

        def lambda_handler(event, context):
            return {"name": service.name}
    """,
    "overridden by unknown entries": """
        def lambda_handler(event, context):
            return {"at": datetime.now(), **event}
    """,
    "an attribute of something unknown, or something bad": """
        def lambda_handler(event, context):
            return event.at if event else datetime.now()
    """,
    "some rows are converted, and the loop is left": """
        def lambda_handler(event, context):
            rows = [{"at": datetime.now()} for item in event["items"]]
            for row in rows:
                if row["last"]:
                    row["at"] = None
                    break
            return rows
    """,
    "a default dict without a factory": """
        def lambda_handler(event, context):
            table = defaultdict()
            table["n"] = 1
            return table
    """,
    "an entry that is changed in an unknown way": """
        def lambda_handler(event, context):
            table = {"ids": {1, 2}}
            table["ids"] -= event["ids"]
            return table
    """,
    "a list and something unknown": """
        def lambda_handler(event, context):
            return [{1, 2}][1:] + event["items"]
    """,
    "two names that came together, one of them in two ways": """
        def lambda_handler(event, context):
            if event:
                number, ids = None if context else 1, []
            else:
                number, ids = 2, {1}
            if number is None:
                return ids
            return number
    """,
    "a timedelta and something unknown": """
        def lambda_handler(event, context):
            return timedelta(1) - event["at"]
    """,
    "arguments of which nobody knows the names": """
        def helper(ids={1, 2}):
            return ids

        def lambda_handler(event, context):
            given = {}
            for name in event:
                given[name] = 1
            return helper(**given)
    """,
    "an exception of one's own is taken out": """
        class Failed(Exception):
            pass

        def lambda_handler(event, context):
            found = [] if event else Failed()
            if isinstance(found, Exception):
                return 1
            return found
    """,
    "what it is not is never returned": """
        def lambda_handler(event, context):
            found = datetime.now() if event else 1
            if isinstance(found, Decimal):
                return found
            return 1
    """,
    "an attribute by its name": """
        def lambda_handler(event, context):
            return getattr(context, "function_name")
    """,
    "calls that raise": """
        def lambda_handler(event, context):
            if event == 1:
                return list(filter(None))
            if event == 2:
                return asdict()
            return datetime.now() + datetime.now()
    """,
    "what a partial of a partial is given, as text": """
        def answer(status, body, headers):
            return {"statusCode": status, "body": body, "headers": headers}
        ok = functools.partial(answer, 200)
        empty = functools.partial(ok, "none")
        def lambda_handler(event, context):
            return empty({})
    """,
    "one of two that came together, and not with the other": """
        def load(event):
            if event == 1:
                return None, None
            if event == 2:
                return event["fault"], {1}
            return None, 1
        def lambda_handler(event, context):
            fault, found = load(event)
            if fault == "none":
                return 1
            return None if fault else event["found"]
    """,
    "a date of which a class is asked that no date has": """
        def lambda_handler(event, context):
            now = datetime.now()
            if isinstance(now, (int, str)):
                return now
            return now.isoformat()
    """,
    "a builtin constant": """
        def lambda_handler(event, context):
            return {"debug": __debug__, "name": event["name"]}
    """,
    "a default of attrs, by its factory, that is a list": """
        import attrs
        @attrs.define
        class Order:
            items: list = attrs.Factory(list)
        def lambda_handler(event, context):
            return attrs.asdict(Order())
    """,
    "an attribute that is not there, with a default": """
        class Order:
            def __init__(self):
                self.items = {1}
        def lambda_handler(event, context):
            return getattr(Order(), "rows", None)
    """,
    "all but the first of a list": """
        def lambda_handler(event, context):
            first, *others = [{1}, 2, 3]
            return others
    """,
    "all of an empty list, by a star": """
        def lambda_handler(event, context):
            [*rows] = []
            return rows
    """,
    "the last of three is never come to": """
        def lambda_handler(event, context):
            return event.get("rows") or "none" or {1}
    """,
    "a field that is made plain when all are set": """
        @dataclass
        class Order:
            items: object
            def __post_init__(self):
                self.items = list(self.items)
        def lambda_handler(event, context):
            return vars(Order({1}))
    """,
    "where an import has failed that never does": """
        def lambda_handler(event, context):
            try:
                import csv
            except ImportError:
                return {"missing"}
            return csv.list_dialects()
    """,
    "the other field of a named tuple": """
        from typing import NamedTuple
        class Point(NamedTuple):
            x: object
            y: object
        def lambda_handler(event, context):
            return Point({1}, 2).y
    """,
    "elements of the second of two lists side by side": """
        def lambda_handler(event, context):
            rows = []
            for one, two in zip([{1}], ["a"]):
                rows.append(two)
            return rows
    """,
    "a namespace holds a list of it": """
        from types import SimpleNamespace
        def lambda_handler(event, context):
            rows = {1}
            held = SimpleNamespace(others=[*rows])
            return held.others
    """,
    "what is there only where another name says so": """
        def lambda_handler(event, context):
            item = {1} if event.get("item") else None
            status = 200 if item is not None else 404
            if status == 404:
                return item
            return 1
    """,
    "the next of a list of text": """
        def lambda_handler(event, context):
            rows = ["a"]
            return next(iter(rows))
    """,
    "a part that somebody else looks at": """
        import vendor
        def lambda_handler(event, context):
            found = {"rows": {1}}
            if vendor.is_plain(found["rows"]):
                return vendor.plain(found)
            return 1
    """,
    "masks of pandas, one or the other": """
        import pandas
        def lambda_handler(event, context):
            frame = pandas.DataFrame(event)
            mask = (frame["a"] > 1) | (frame["b"] > 1)
            return int(mask.sum())
    """,
    "a response without what was taken out": """
        def lambda_handler(event, context):
            found = s3.get_object(Bucket="b", Key="k")
            found.pop("Body")
            found.pop("LastModified")
            return found
    """,
    "a context variable, of a task that is over": """
        import asyncio
        from contextvars import ContextVar
        TAGS = ContextVar("TAGS", default=None)
        async def main():
            TAGS.set({1})
        def lambda_handler(event, context):
            asyncio.run(main())
            return TAGS.get()
    """,
    "a part of a response that somebody else changes": """
        import vendor
        def lambda_handler(event, context):
            found = ec2.describe_instances()["Reservations"]
            vendor.make_plain(found)
            return found
    """,
    "two sums of tuples": """
        def lambda_handler(event, context):
            rows = (1,) + (2,)
            more = (1,) + (datetime.now(),)
            return rows
    """,
    "dates of objects that a loop makes, one of which is asked for": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                row = {"at": datetime.now()}
                if key:
                    row["at"] = None
                rows.append(row)
            first = rows[0]
            return 1 if first["at"] is None else 2
    """,
    "what a compiled pattern finds, as a list": """
        def lambda_handler(event, context):
            return re.compile("a").findall(event["text"])
    """,
    "a namespace of who knows what": """
        from types import SimpleNamespace
        def lambda_handler(event, context):
            found = SimpleNamespace(**event)
            found.rows = {1}
            return found.rows
    """,
    "a dict that is asked whether it holds something": """
        def lambda_handler(event, context):
            row = {}
            if event:
                row["at"] = datetime.now()
            if not row:
                return row
            return 1
    """,
    "all attributes of an object, and a question that Python refuses": """
        class Row:
            def __init__(self):
                self.tags = [1]
        def lambda_handler(event, context):
            tags = {1}
            if isinstance(tags):
                return tags
            return Row().__dict__
    """,
    "texts of one of two lists, added in place": """
        def lambda_handler(event, context):
            rows = []
            rows += ["a"] if event else []
            return rows
    """,
    "one of many dicts with dates, which gets another value": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                rows.append({key: datetime.now()})
            first = rows[0]
            first[event["key"]] = 1
            return first
    """,
    "a field of a model that is not dumped": """
        from pydantic import BaseModel, Field
        class Row(BaseModel):
            at: datetime = Field(
                alias="a", default_factory=datetime.now, description="", examples=[],
                ge=1, gt=1, le=2, lt=2, max_length=1, min_length=1, pattern="", title="", exclude=True
            )
        def lambda_handler(event, context):
            return Row(**event).model_dump()
    """,
    "a model that makes itself what it holds": """
        from pydantic import BaseModel
        class Row(BaseModel):
            at: datetime
            def __init__(self, **fields): ...
        def lambda_handler(event, context):
            return Row(**event).model_dump()
    """,
    "what a defaultdict is made with, under another key": """
        def lambda_handler(event, context):
            found = defaultdict(list, rows={1})
            return found["names"]
    """,
    "asked about before a comprehension, which it does not leave": """
        def lambda_handler(event, context):
            rows = {1} if event else None
            if rows is not None:
                return [key for key in rows]
            return rows
    """,
    "an object that may answer what the runtime asks of it": """
        class Row:
            def __getattr__(self, name):
                return dict
        def lambda_handler(event, context):
            return Row()
    """,
    "a part that is asked about, and that is then another": """
        def lambda_handler(event, context):
            row = {"at": datetime.now() if event else None}
            if row["at"] is None:
                return row
            return row["at"].isoformat()
    """,
    "a list of a response that is emptied": """
        def lambda_handler(event, context):
            found = ec2.describe_instances()["Reservations"]
            found.clear()
            return found
    """,
    "what several constants decide": """
        DEBUG = False
        def lambda_handler(event, context):
            if DEBUG and event:
                return {1}
            if event or not DEBUG:
                return {}
            return {3}
    """,
    "converted behind a `continue`": """
        def lambda_handler(event, context):
            rows = [1]
            for key in event:
                if key:
                    rows = [2]
                    continue
                rows = sorted({key})
            return rows
    """,
    "many dicts, all of which are changed behind a condition": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                rows.append({"at": datetime.now()})
            if event:
                print(rows)
            for row in rows:
                row["at"] = None
            return rows
    """,
    "compared by size, not for being the same": """
        def lambda_handler(event, context):
            if event:
                count, at = 3, ""
            else:
                count, at = 1, datetime.now()
            if count >= 3:
                return at
            return None
    """,
    "popped from a heap": """
        import heapq

        def lambda_handler(event, context):
            heap = [datetime.now()]
            heapq.heappop(heap)
            return heap
    """,
    "replaced on a heap": """
        import heapq

        def lambda_handler(event, context):
            heap = [datetime.now()]
            heapq.heapreplace(heap, "")
            return heap
    """,
    "pushed on a heap and popped": """
        import heapq

        def lambda_handler(event, context):
            heap = ["b"]
            heapq.heappushpop(heap, min("a", str(datetime.now())))
            return heap
    """,
}

BAD = {
    "a field of a model that is validated": """
        from pydantic import BaseModel, ConfigDict, Field
        class Product(BaseModel):
            model_config = ConfigDict(extra="ignore", frozen=True)
            labels: set[str] = Field(default_factory=set)
            created: datetime
            @property
            def first(self):
                return sorted(self.labels)[:1]
        def lambda_handler(event, context):
            product = Product.model_validate(event)
            return {
                "labels": product.labels,  # LMB401
                "created": product.created,  # LMB401
            }
    """,
    "keys without a value": """
        def lambda_handler(event, context):
            names = [one["name"] for one in event["items"]]
            return {"names": dict.fromkeys(names).keys()}  # LMB401
    """,
    "what is asked for by whatever is given": """
        import boto3
        def lambda_handler(event, context):
            return boto3.client("s3").get_object(**event)  # LMB401
    """,
    "an array": """
        import array
        def lambda_handler(event, context):
            return array.array("i", event["numbers"])  # LMB401
    """,
    "what the loop of another thread gives": """
        import anyio
        async def load(key):
            return {key}
        def lambda_handler(event, context):
            return anyio.from_thread.run(load, event["key"])  # LMB401
    """,
    "what fields without a name of their own are given": """
        def make(a, *, b=1, **rest):
            return rest
        def lambda_handler(event, context):
            return make(a=1, b=2, c={3})  # LMB401
    """,
    "a name that stands for something better inside a comprehension": """
        def lambda_handler(event, context):
            item = {1}
            print([len(item) for item in ["a", "b"]])
            return item  # LMB401
    """,
    "left in a class by the invocation before": """
        class Last:
            seen = None
        def lambda_handler(event, context):
            found = Last.seen
            Last.seen = datetime.now()
            return found  # LMB401
    """,
    "bytes at the top that are no JSON": r"""
        import gzip

        def lambda_handler(event, context):
            if event:
                return gzip.compress(b"text")  # LMB401
            return b"\xff\xfe"  # LMB401
    """,
    "what `vars` gives": """
        class Row:
            def __init__(self):
                self.at = datetime.now()  # LMB401

        def lambda_handler(event, context):
            return vars(Row())
    """,
    "a set": """
        def lambda_handler(event, context):
            return {1, 2}  # LMB401
    """,
    "a comprehension": """
        def lambda_handler(event, context):
            return {"names": {r["name"] for r in event["Records"]}}  # LMB401
    """,
    "assigned to a key": """
        def lambda_handler(event, context):
            response = {"statusCode": 200}
            response["names"] = set()  # LMB401
            return response
    """,
    "in a branch": """
        def lambda_handler(event, context):
            response = {"statusCode": 200}
            if event.get("time"):
                response.update(at=datetime.now())  # LMB401
            return response
    """,
    "appended": """
        def lambda_handler(event, context):
            times = []
            for record in event["Records"]:
                times.append({"id": record["id"], "at": datetime.now()})  # LMB401
            return {"times": times}
    """,
    "groups": """
        def lambda_handler(event, context):
            groups = defaultdict(set)
            for record in event["Records"]:
                groups[record["kind"]].add(record["id"])
            return groups  # LMB401
    """,
    "a list that is not empty": """
        def lambda_handler(event, context):
            errors = []
            for record in event["Records"]:
                try:
                    print(record)
                except ValueError as error:
                    errors.append(error)  # LMB401
            if errors:
                return {"errors": errors}
            return {"errors": errors}
    """,
    "sets of sets": """
        def lambda_handler(event, context):
            old = {record["id"] for record in event["old"]}
            new = set(event["new"])
            if event["a"]:
                return old - new  # LMB401
            return [old & new, old.union(event["c"]), {"a": 1}.keys() | old]  # LMB401 LMB401 LMB401
    """,
    "setdefault": """
        def lambda_handler(event, context):
            groups = {}
            for record in event["Records"]:
                groups.setdefault(record["kind"], set()).add(record["id"])  # LMB401
            return groups
    """,
    "an empty set is false, and no list": """
        def lambda_handler(event, context):
            names = {record["name"] for record in event["Records"]}
            return {"names": names and sorted(names)}  # LMB401
    """,
    "a nested function fills it": """
        def lambda_handler(event, context):
            response = {}

            def stamp():
                response["at"] = datetime.now()  # LMB401

            stamp()
            return response
    """,
    "merged with |= and +": """
        def lambda_handler(event, context):
            response = {"a": 1}
            response |= {"at": datetime.now()}  # LMB401
            names = set()
            names |= {1}
            return [response] + [names]  # LMB401
    """,
    "spread": """
        def lambda_handler(event, context):
            extra = {"at": datetime.now()}
            return {**event, **dict(extra)} if event else {"a": 1, **extra}  # LMB401 LMB401
    """,
    "unpacked": """
        def times():
            return datetime.now(), "text"

        def lambda_handler(event, context):
            start, text = times()
            return {"text": text, "start": start}  # LMB401
    """,
    "a conditional expression": """
        def lambda_handler(event, context):
            return {"at": datetime.now() if event else None}  # LMB401
    """,
    "a match or nothing": """
        def lambda_handler(event, context):
            return {"found": re.search("a", event["text"])}  # LMB401
    """,
    "a module variable": """
        STARTED = datetime.now()
        DEFAULTS = {"tags": {"a", "b"}}  # LMB401

        def lambda_handler(event, context):
            if event:
                return DEFAULTS
            return {"started": STARTED}  # LMB401
    """,
    "each return on its own": """
        def lambda_handler(event, context):
            if event.get("a"):
                return event["a"]
            if event.get("b"):
                return uuid.uuid4()  # LMB401
            return Path("x")  # LMB401
    """,
    "the caught exception": """
        def lambda_handler(event, context):
            try:
                table.put_item(Item=event)
            except ClientError as e:
                return e  # LMB401
    """,
    "the caught exception as body": """
        def lambda_handler(event, context):
            try:
                return {"statusCode": 200, "body": "ok"}
            except Exception as e:
                return {"statusCode": 500, "body": e}  # LMB401
    """,
    "an exception of the project": """
        class Missing(Exception):
            pass

        def lambda_handler(event, context):
            try:
                raise Missing()
            except (KeyError, Missing) as e:
                body = {"error": e}  # LMB401
            return body
    """,
    "exceptions that are made": """
        def lambda_handler(event, context):
            return {"error": ValueError("no")}  # LMB401
    """,
    "iterators": """
        def lambda_handler(event, context):
            names = map(str, event["names"])
            if event["a"]:
                return names  # LMB401
            return {"n": (n for n in names), "k": {"a": 1}.keys()}  # LMB401 LMB401
    """,
    "a model with words and a method": """
        from pydantic import BaseModel

        class Order(BaseModel):
            'Words.'

            at: datetime

            def age(self):
                return datetime.now() - self.at

        def lambda_handler(event, context):
            return Order(**event).model_dump()  # LMB401
    """,
    "a generator of the project": """
        def rows(event):
            for row in event["rows"]:
                yield row

        def lambda_handler(event, context):
            return {"rows": rows(event)}  # LMB401
    """,
    "objects of the project": """
        class Order:
            def __init__(self, id):
                self.id = id

        @dataclass(frozen=True)
        class Line:
            id: str

        def lambda_handler(event, context):
            if event["a"]:
                return Order("1")  # LMB401
            return {"lines": [Line(one) for one in event["lines"]]}  # LMB401
    """,
    "a pydantic model": """
        from pydantic import BaseModel

        class Order(BaseModel):
            id: str
            at: datetime

        def lambda_handler(event, context):
            order = Order(**event)
            if event["a"]:
                return order  # LMB401
            return order.model_dump()  # LMB401
    """,
    "a dataclass as a dict with a time in it": """
        @dataclass
        class Order:
            id: str
            at: datetime

        def lambda_handler(event, context):
            return asdict(Order("1", datetime.now()))  # LMB401
    """,
    "a plain enum": """
        class Color(Enum):
            RED = "red"

        def lambda_handler(event, context):
            if event["a"]:
                return {"color": Color(event["color"])}  # LMB401
            return {"color": Color.RED}  # LMB401
    """,
    "an attribute": """
        class Clock:
            def __init__(self):
                self.started = datetime.now()

            def times(self):
                return {"started": self.started}  # LMB401

        def lambda_handler(event, context):
            return Clock().times()
    """,
    "bytes that are no text": r"""
        def lambda_handler(event, context):
            return {"body": b"\xff\xfe"}  # LMB401
    """,
    "a function that is not called": """
        def now():
            return "now"

        def lambda_handler(event, context):
            return {"now": now}  # LMB401
    """,
    "files and paths": """
        def lambda_handler(event, context):
            with open("x") as file:
                if event:
                    return {"file": file}  # LMB401
            return {"path": Path("/tmp") / "x"}  # LMB401
    """,
    "the whole environment": """
        def lambda_handler(event, context):
            return {"environment": os.environ}  # LMB401
    """,
    "an HTTP response": """
        import requests

        def lambda_handler(event, context):
            response = requests.get("https://example.com", timeout=3)
            return {"status": response.status_code, "h": response.headers}  # LMB401
    """,
    "a whole boto3 response": """
        def lambda_handler(event, context):
            return ec2.describe_instances()  # LMB401
    """,
    "a part of a boto3 response": """
        def lambda_handler(event, context):
            objects = s3.list_objects_v2(Bucket="b").get("Contents", [])
            return {"objects": objects, "n": len(objects)}  # LMB401
    """,
    "a stream of boto3": """
        def lambda_handler(event, context):
            response = s3.get_object(Bucket="b", Key="k")
            return {"statusCode": 200, "body": response["Body"]}  # LMB401
    """,
    "times out of a boto3 response": """
        def lambda_handler(event, context):
            found = []
            for page in ec2.get_paginator("describe_instances").paginate():
                for reservation in page["Reservations"]:
                    for one in reservation["Instances"]:
                        found.append({"id": one["InstanceId"], "at": one["LaunchTime"]})  # LMB401
            return found
    """,
    "a client of a session, through a helper": """
        session = boto3.Session()

        def client(name):
            return session.client(name)

        def lambda_handler(event, context):
            return client("iam").get_user()["User"]  # LMB401
    """,
    "a client made by a class": """
        class Users:
            def __init__(self):
                self.client = boto3.client("iam")

            def all(self):
                return self.client.list_users()

        def lambda_handler(event, context):
            return Users().all()  # LMB401
    """,
    "what asyncio.run gives": """
        async def main(event):
            return {"at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "Powertools passes it on": """
        from aws_lambda_powertools import Logger
        from aws_lambda_powertools import Tracer

        logger = Logger()
        tracer = Tracer()

        @logger.inject_lambda_context(log_event=True)
        @tracer.capture_lambda_handler
        def lambda_handler(event, context):
            return {"id": uuid.uuid4()}  # LMB401
    """,
    "a decorator of the project passes it on": """
        import functools

        def traced(function):
            @functools.wraps(function)
            def wrapper(event, context):
                return function(event, context)
            return wrapper

        @traced
        def lambda_handler(event, context):
            return {"id": uuid.uuid4()}  # LMB401
    """,
    "a lambda": """
        lambda_handler = lambda event, context: {"id": uuid.uuid4()}  # LMB401
    """,
    "after other types are told apart": """
        def lambda_handler(event, context):
            value = {1}
            if isinstance(value, list):
                return value
            if len(value) > 3:
                return value  # LMB401
            return {"value": value}  # LMB401
    """,
    "on the way out of finally": """
        def lambda_handler(event, context):
            try:
                return {"at": datetime.now()}  # LMB401
            finally:
                print("done")
    """,
    "the context": """
        def lambda_handler(event, context):
            return {"event": event, "context": context}  # LMB401
    """,
    "memory of the escaped kind": """
        from elsewhere import fill

        def lambda_handler(event, context):
            names = set()
            fill(names)
            return names  # LMB401
    """,
    "a partial of a partial": """
        def helper(one, two, three):
            return [one, two, three]  # LMB401

        bound = functools.partial(functools.partial(helper, 1), {2}, 3)

        def lambda_handler(event, context):
            return bound()
    """,
    "keys that are no constants": """
        def lambda_handler(event, context):
            table = {1: 2, datetime.now(): 2}
            return list(table.keys())  # LMB401
    """,
    "the items of a dict": """
        def lambda_handler(event, context):
            return {"a": 1}.items()  # LMB401
    """,
    "when credentials expire": """
        def lambda_handler(event, context):
            return boto3.client("sts").assume_role(RoleArn=event)  # LMB401
    """,
    "what an entry is certainly": """
        def lambda_handler(event, context):
            row = {"at": datetime.now() if event else "never"}  # LMB401
            if isinstance(row["at"], datetime):
                return row
            return {}
    """,
    "a range": """
        def lambda_handler(event, context):
            return range(3)  # LMB401
    """,
    "a default that is filled later": """
        IDS = []

        def helper(ids=IDS):
            return ids

        IDS.append({1})  # LMB401

        def lambda_handler(event, context):
            return helper()
    """,
    "a day later": """
        def lambda_handler(event, context):
            return datetime.now() + timedelta(1)  # LMB401
    """,
    "an element of one of two lists": """
        def lambda_handler(event, context):
            rows = []
            if event:
                rows = [{1}]
            for row in rows:
                return row  # LMB401
    """,
    "fields in the order of the bases, the last one first": """
        @dataclass
        class Name:
            name: object

        @dataclass
        class Ids:
            ids: object

        @dataclass
        class Both(Name, Ids):
            pass

        def lambda_handler(event, context):
            return asdict(Both({1}, "name"))["ids"]  # LMB401
    """,
    "a sum of timedeltas": """
        def lambda_handler(event, context):
            return timedelta(1) + timedelta(2)  # LMB401
    """,
    "an attribute of a class by its name": """
        class Settings:
            ids = {1, 2}

        def lambda_handler(event, context):
            return getattr(Settings, "ids")  # LMB401
    """,
    "what a partial of a partial is given": """
        def answer(status, body, headers):
            return {"statusCode": status, "body": body, "headers": headers}  # LMB401
        ok = functools.partial(answer, 200)
        empty = functools.partial(ok, {"none"})
        def lambda_handler(event, context):
            return empty({})
    """,
    "one of two that came together, by what it came with": """
        def load(event):
            if event == 1:
                return None, None
            if event == 2:
                return event.get("fault") or None, {1}
            return 2, 1
        def lambda_handler(event, context):
            fault, found = load(event)
            if fault is None:
                return found  # LMB401
            return 1
    """,
    "a date of which its own class is asked": """
        def lambda_handler(event, context):
            now = datetime.now()
            if isinstance(now, (str, datetime)):
                return now  # LMB401
            return 1
    """,
    "a builtin function that nobody calls": """
        def lambda_handler(event, context):
            return {"id": id, "name": event["name"]}  # LMB401
    """,
    "a default of attrs, by its factory": """
        import attrs
        @attrs.define
        class Order:
            items: set = attrs.Factory(set)
        def lambda_handler(event, context):
            return attrs.asdict(Order())  # LMB401
    """,
    "an attribute that is asked for by its name, with a default": """
        class Order:
            def __init__(self):
                self.items = {1}
        def lambda_handler(event, context):
            return getattr(Order(), "items", None)  # LMB401
    """,
    "all but the first of a list that a loop has filled": """
        def lambda_handler(event, context):
            rows = []
            for row in event["rows"]:
                rows.append({row})
            first, *others = rows
            return others  # LMB401
    """,
    "all of a list, by a star": """
        def lambda_handler(event, context):
            [*rows] = [{row} for row in event["rows"]]
            return rows  # LMB401
    """,
    "the last of three": """
        def lambda_handler(event, context):
            return event.get("rows") or event.get("row") or {1}  # LMB401
    """,
    "a field that is changed when all are set": """
        @dataclass
        class Order:
            items: list
            def __post_init__(self):
                self.items = set(self.items)  # LMB401
        def lambda_handler(event, context):
            return vars(Order([1]))
    """,
    "where an import has failed": """
        def lambda_handler(event, context):
            try:
                import vendor
            except ImportError:
                return {"missing"}  # LMB401
            return vendor.rows(event)
    """,
    "a field of a named tuple": """
        from typing import NamedTuple
        class Point(NamedTuple):
            x: object
            y: object
        def lambda_handler(event, context):
            return Point({1}, 2)  # LMB401
    """,
    "elements of the first of two lists side by side": """
        def lambda_handler(event, context):
            rows = []
            for one, two in zip([{1}], event["rows"]):
                rows.append(one)  # LMB401
            return rows
    """,
    "a namespace holds what its own name still reaches": """
        from types import SimpleNamespace
        def lambda_handler(event, context):
            rows = {1}
            held = SimpleNamespace(others=[rows])  # LMB401
            return held.others
    """,
    "what is there where another name says so": """
        def lambda_handler(event, context):
            item = {1} if event.get("item") else None
            status = 200 if item is not None else 404
            if status == 200:
                return item  # LMB401
            return 1
    """,
    "the rest that may be empty": """
        def make(*rows, **options):
            if not options:
                return {1}
            return 1
        def lambda_handler(event, context):
            return make(*event["rows"], **event)  # LMB401
    """,
    "the next of a list": """
        def lambda_handler(event, context):
            rows = [{1}]
            return next(iter(rows))  # LMB401
    """,
    "what is taken out of a response": """
        def lambda_handler(event, context):
            found = s3.get_object(Bucket="b", Key="k")
            return {"at": found.pop("LastModified")}  # LMB401
    """,
    "a context variable, in the task that sets it": """
        import asyncio
        from contextvars import ContextVar
        TAGS = ContextVar("TAGS")
        async def main():
            TAGS.set({1})
            return TAGS.get()
        def lambda_handler(event, context):
            return asyncio.run(main())  # LMB401
    """,
    "a part whose length is asked": """
        def lambda_handler(event, context):
            found = {"rows": {1}}  # LMB401
            if len(found["rows"]) > 3:
                return found
            return 1
    """,
    "a part of a response that is sorted in place": """
        def lambda_handler(event, context):
            found = ec2.describe_instances()["Reservations"]
            found.sort(key=lambda one: one["OwnerId"])
            return found  # LMB401
    """,
    "a tuple that is empty, so that the loop over it does not run": """
        def lambda_handler(event, context):
            keys = ()
            rows = {1}
            for key in keys:
                rows = [1]
            return rows  # LMB401
    """,
    "dates of objects that a loop makes, where one of them has none": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                row = {"at": datetime.now()}  # LMB401
                if key:
                    row["at"] = None
                rows.append(row)
            first = rows[0]
            if first["at"] is not None:
                return 1
            return rows
    """,
    "what a compiled pattern finds, one after the other": """
        def lambda_handler(event, context):
            return re.compile("a").finditer(event["text"])  # LMB401
    """,
    "a field that a namespace with others gets": """
        from types import SimpleNamespace
        def lambda_handler(event, context):
            found = SimpleNamespace(a=1)
            found.rows = {1}
            return found.rows  # LMB401
    """,
    "many dicts that a loop makes, one of which is asked for": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                rows.append({"at": datetime.now()})  # LMB401
            first = rows[0]
            if not first:
                return rows
            return 1
    """,
    "all attributes of an object": """
        class Row:
            def __init__(self):
                self.tags = {1}  # LMB401
        def lambda_handler(event, context):
            return Row().__dict__
    """,
    "dates of one of two lists, added in place": """
        def lambda_handler(event, context):
            rows = []
            rows += [datetime.now()] if event else []  # LMB401
            return rows
    """,
    "dates of many dicts, one of which gets another value": """
        def lambda_handler(event, context):
            rows = []
            for key in event:
                rows.append({key: datetime.now()})  # LMB401
            rows[0]["n"] = 1
            return rows
    """,
    "a field of a model, with options that say nothing of what is dumped": """
        from pydantic import BaseModel, Field
        class Row(BaseModel):
            at: datetime = Field(
                alias="a", default_factory=datetime.now, description="", examples=[],
                ge=1, gt=1, le=2, lt=2, max_length=1, min_length=1, pattern="", title=""
            )
        def lambda_handler(event, context):
            return Row(**event).model_dump()  # LMB401
    """,
    "a model with a method of its own": """
        from pydantic import BaseModel
        class Row(BaseModel):
            at: datetime
            def age(self): ...
        def lambda_handler(event, context):
            return Row(**event).model_dump()  # LMB401
    """,
    "what a defaultdict is made with": """
        def lambda_handler(event, context):
            found = defaultdict(list, rows={1})
            return found["rows"]  # LMB401
    """,
    "asked about inside a comprehension, where it reaches no further": """
        def lambda_handler(event, context):
            rows = {1} if event else None
            print([key for key in event if rows is None])
            return rows  # LMB401
    """,
    "an object that answers something else": """
        class Row:
            def __len__(self):
                return dict
        def lambda_handler(event, context):
            return Row()  # LMB401
    """,
    "a part that is asked about in passing": """
        def lambda_handler(event, context):
            row = {"at": datetime.now() if event else None}  # LMB401
            row["at"] is None and print(event)
            return row
    """,
    "a list of a response in another order, with more in it": """
        def lambda_handler(event, context):
            found = ec2.describe_instances()["Reservations"]
            found.append(event)
            found.extend(event)
            found.insert(0, event)
            found.sort(key=str)
            found.reverse()
            return found  # LMB401
    """,
    "what a constant leaves to the event": """
        DEBUG = False
        def lambda_handler(event, context):
            if DEBUG or event:
                return {1}  # LMB401
            return {}
    """,
    "bound before a `continue`": """
        def lambda_handler(event, context):
            rows = [1]
            for key in event:
                if key:
                    rows = {1}
                    continue
                print(key)
            return rows  # LMB401
    """,
    "put on a heap in the place of another one": """
        import heapq

        def lambda_handler(event, context):
            heap = [""]
            heapq.heapreplace(heap, datetime.now())  # LMB401
            return heap
    """,
    "left on a heap of two": """
        import heapq

        def lambda_handler(event, context):
            heap = [1, 2]
            heapq.heapreplace(heap, datetime.now())  # LMB401
            return heap
    """,
    "a model's field of a type with a capital": """
        from pydantic import BaseModel
        from typing import Set

        class Order(BaseModel):
            names: Set[str]

        def lambda_handler(event, context):
            return Order(names=event["names"]).model_dump()  # LMB401
    """,
}

FILES = {
    "a helper in another module": {
        "app/handler.py": """
            from app.build import build

            def handler(event, context):
                return build(event)  # LMB401
        """,
        "app/build.py": """
            from datetime import datetime

            def build(event):
                return {"at": stamp()}

            def stamp():
                return datetime.utcnow()
        """,
        "app/__init__.py": "",
    },
    "a class in another module": {
        "handler.py": """
            import models

            def handler(event, context):
                state = models.State.OPEN
                return [models.Order(event["id"]), {"s": state}]  # LMB401 LMB401
        """,
        "models.py": """
            from dataclasses import dataclass
            from enum import Enum

            class State(Enum):
                OPEN = 1

            @dataclass
            class Order:
                id: str
        """,
    },
    "another caller takes any object": {
        "worker.py": """
            def order_handler(event, context):
                return {1, 2}
        """,
        "main.py": """
            from worker import order_handler

            def lambda_handler(event, context):
                return sorted(order_handler(event, context))
        """,
    },
    "recursion": {
        "app.py": """
            def walk(node):
                return {"name": {1}, "below": [walk(one) for one in node["below"]]}  # LMB401

            def lambda_handler(event, context):
                return walk(event)
        """,
    },
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(_whole(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB401" in source
    assert_marked(_whole(source))


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_files(files):
    assert_marked(files)


def test_questions_that_tell_nothing_of_a_value():
    head = "def lambda_handler(event, context):\n    tags = {1}\n"
    for asked in "all any bool float int len max min str sum".split():
        head += f"    if {asked}(tags) == event:\n        return tags  # LMB401\n"
    assert_marked(head)
    assert_marked(f"{head}    if check(tags):\n        return tags\n")


def test_an_object_that_is_called():
    source = """
        class Service:
            def __call__(self, event, context):
                return {"id": uuid.uuid4()}  # LMB401

        main = Service()
    """
    assert_marked(_whole(source), handlers=("app.main",))


def test_a_method_that_is_bound():
    source = """
        class Service:
            def handle(self, event, context):
                if event:
                    return {"id": uuid.uuid4()}  # LMB401
                return {}

        lambda_handler = Service().handle
    """
    assert_marked(_whole(source))


def test_a_function_by_another_name():
    source = """
        def work(event, context):
            return {"id": uuid.uuid4()}  # LMB401

        lambda_handler = work
    """
    assert_marked(_whole(source))


def test_what_a_decorator_returns_is_told_at_the_handler():
    source = """
        def stamped(function):
            def wrapper(event, context):
                return {"id": uuid.uuid4(), "body": function(event, context)}  # LMB401
            return wrapper

        @stamped
        def lambda_handler(event, context):
            return {}
    """
    assert_marked(_whole(source))


def _whole(source: str) -> dict[str, str]:
    return {"app.py": HEAD + textwrap.dedent(source)}


def test_tables_are_balanced():
    assert abs(len(GOOD) - len(BAD)) <= 2


MESSAGES = {
    "where, what, the error and the cure": (
        "return {'body': {'items': [{1}]}}",
        "an element of `body.items` in the response is a `set`; Lambda raises"
        " Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "the whole response": (
        "return {1}",
        "the response of `lambda_handler` is a `set`; Lambda raises "
        "Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "bytes as the whole response": (
        "return b'text'",
        "the response of `lambda_handler` is `bytes` that are no JSON; Lambda"
        " sends them as they are; use `.decode()` or `base64.b64encode(...)` "
        "in a `dict`",
    ),
    "a list in itself": (
        "rows = []; rows.append(rows); return rows",
        "an element of the response is a circular reference; Lambda raises "
        "Runtime.MarshalError: Circular reference detected; leave it out",
    ),
    "a key that is no name": (
        "return {'a-b': {1: {2}}}",
        "`['a-b'][1]` in the response is a `set`; Lambda raises "
        "Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "any key": (
        "return {key: {1} for key in event}",
        "a value of the response is a `set`; Lambda raises "
        "Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "a boto3 response": (
        "return ec2.describe_instances()",
        "`Reservations[].Instances[].LaunchTime` in the response is a "
        "`datetime`; Lambda raises Runtime.MarshalError: Object of type "
        "datetime is not JSON serializable; use `json.loads(json.dumps(..., "
        "default=str))`",
    ),
    "a part of a boto3 response": (
        "return {'found': ec2.describe_instances()['Reservations']}",
        "`found[].Instances[].LaunchTime` in the response is a `datetime`; "
        "Lambda raises Runtime.MarshalError: Object of type datetime is not "
        "JSON serializable; use `json.loads(json.dumps(..., default=str))`",
    ),
    "a boto3 response under a key": (
        "return {'a': ec2.describe_instances()}",
        "`a.Reservations[].Instances[].LaunchTime` in the response is a "
        "`datetime`; Lambda raises Runtime.MarshalError: Object of type "
        "datetime is not JSON serializable; use `json.loads(json.dumps(..., "
        "default=str))`",
    ),
    "a key that the heap cannot keep apart": (
        "table = {}\n    table[...] = {1}\n    return table",
        "a value of the response is a `set`; Lambda raises "
        "Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "a caught exception": (
        "try:\n        print()\n    except ClientError as e:\n        return {'e': e}",
        "`e` in the response is a caught `ClientError`; Lambda raises "
        "Runtime.MarshalError: Object of type ClientError is not JSON "
        "serializable; use `str(...)`",
    ),
    "a caught exception of any class": (
        "try:\n        print()\n    except Exception as e:\n        return {'e': e}",
        "`e` in the response is a caught exception; Lambda raises "
        "Runtime.MarshalError: Object of type ... is not JSON serializable; "
        "use `str(...)`",
    ),
    "a caught exception of two classes": (
        "try:\n        print()\n    except (KeyError, OSError) as e:\n"
        "        return {'e': e}",
        "`e` in the response is a caught `KeyError` or `OSError`; Lambda "
        "raises Runtime.MarshalError: Object of type KeyError is not JSON "
        "serializable; use `str(...)`",
    ),
    "long paths": (
        "return {'a' * 0 + 'x': 1, 'y' : {'long_name_of_a_key':"
        " {'another_long_name_of_a_key':"
        " {'third': {1}}}}}",
        "`...another_long_name_of_a_key.third` in the response is a `set`; "
        "Lambda raises Runtime.MarshalError: Object of type set is not JSON "
        "serializable; use `sorted(...)`",
    ),
    "a builtin function": (
        "return {'id': id}",
        "`id` in the response is a `builtin_function_or_method`; Lambda raises "
        "Runtime.MarshalError: Object of type builtin_function_or_method is not JSON "
        "serializable; call it",
    ),
    "a builtin object": (
        "return {'none': NotImplemented}",
        "`none` in the response is a `NotImplementedType`; Lambda raises "
        "Runtime.MarshalError: Object of type NotImplementedType is not JSON "
        "serializable; return a value",
    ),
    "dots": (
        "return {'rows': ...}",
        "`rows` in the response is an `ellipsis`; Lambda raises "
        "Runtime.MarshalError: Object of type ellipsis is not JSON serializable; "
        "return a value",
    ),
    "compressed bytes as the whole response": (
        "return uuid.uuid4().bytes",
        "the response of `lambda_handler` is `bytes` that are no JSON; Lambda"
        " sends them as they are; use `.decode()` or `base64.b64encode(...)` "
        "in a `dict`",
    ),
    "a key that is no English": (
        "return {'größe': {1}}",
        "`größe` in the response is a `set`; Lambda raises "
        "Runtime.MarshalError: Object of type set is not JSON serializable; "
        "use `sorted(...)`",
    ),
    "an object whose class depends on what it is made of": (
        "return {'rows': reversed(event['rows'])}",
        "`rows` in the response is an object; Lambda raises Runtime.MarshalError: "
        "Object of type ... is not JSON serializable; use `list(...)`",
    ),
    "a stream of one class or another": (
        "return boto3.client('glacier').get_job_output()",
        "`body` in the response is a stream; Lambda raises Runtime.MarshalError: "
        "Object of type ... is not JSON serializable; read it",
    ),
}


@pytest.mark.parametrize("body, text", MESSAGES.values(), ids=MESSAGES)
def test_message(body, text):
    source = f"def lambda_handler(event, context):\n    {body}\n"
    (found,) = violations({"app.py": HEAD + source})
    assert (found.code, found.text) == ("LMB401", text)
    assert len(text) <= 210


def test_position():
    source = "def lambda_handler(event, context):\n    if event:\n        return {1}\n"
    (found,) = violations(source)
    assert (found.path, found.line, found.column, found.code) == (
        "app.py",
        3,
        8,
        "LMB401",
    )


PLACES = {
    "a key that is refused, behind one that is not": (
        """
        return {
            "a": 1,
            (1, 2): 3,
        }
        """,
        [(4, 4)],
    ),
    "the one element of a list that is sorted": (
        """
        rows = [
            datetime.now(),
        ]
        rows.sort()
        return rows
        """,
        [(3, 4)],
    ),
    "elements that take the place of others": (
        """
        rows = [1]
        rows[1:] = [datetime.now()]
        return rows
        """,
        [(3, 0)],
    ),
    "a display": (
        """
        return {
            "statusCode": 200,
            "names": {1},
        }
        """,
        [(4, 13)],
    ),
    "one for each value": (
        """
        return {
            "names": {1},
            "at": datetime.now(),
            "ok": 1,
        }
        """,
        [(3, 13), (4, 10)],
    ),
    "elements that only a star brings": (
        """
        rows = [{1}]
        more = [
            *rows,
        ]
        return more
        """,
        [(4, 4)],
    ),
    "an element that a star brings": (
        """
        rows = [
            event,
            *[{1}],
        ]
        return rows
        """,
        [(6, 0)],
    ),
    "an entry that is replaced later": (
        """
        response = {"names": {1}}
        response["names"] = {2}
        return response
        """,
        [(3, 0)],
    ),
    "both branches": (
        """
        response = {}
        if event:
            response["names"] = {1}
        else:
            response["names"] = {2}
        return response
        """,
        [(4, 4), (6, 4)],
    ),
    "the value is made elsewhere": (
        """
        names = {1}
        response = {"names": names}
        return response
        """,
        [(3, 21)],
    ),
    "a keyword": (
        """
        response = dict(names={1})
        response.update(at=datetime.now())
        return response
        """,
        [(2, 22), (3, 0)],
    ),
    "a list": (
        """
        rows = []
        rows.append({1})
        rows.insert(0, datetime.now())
        rows += [uuid.uuid4()]
        return {"rows": rows}
        """,
        [(3, 0), (4, 0), (5, 0)],
    ),
    "comprehensions": (
        """
        return {
            "sets": [
                {one} for one in event
            ],
            "times": {
                one: datetime.now() for one in event
            },
        }
        """,
        [(4, 8), (7, 13)],
    ),
    "one object in two places": (
        """
        inner = {"names": {1}}
        return {"a": inner, "b": inner}
        """,
        [(2, 18)],
    ),
    "of two merged dicts nobody knows which": (
        """
        one = {"names": {1}, **{}}
        two = {**event, **one} if event else {**one, "b": 1}
        return {
            "two": two,
        }
        """,
        [(3, 40), (5, 11)],
    ),
    "the whole response": (
        """
        names = {1}
        return names
        """,
        [(3, 0)],
    ),
}


@pytest.mark.parametrize("body, places", PLACES.values(), ids=PLACES)
def test_place(body, places):
    body = textwrap.indent(textwrap.dedent(body).lstrip("\n"), "    ")
    source = f"{HEAD}def lambda_handler(event, context):\n{body}"
    first = HEAD.count("\n")
    found = violations({"app.py": source})
    assert [(one.line - first, one.column - 4) for one in found] == places


def test_put_in_by_another_file():
    files = {
        "app.py": """
            from orders import load

            def lambda_handler(event, context):
                return {
                    "statusCode": 200,
                    "order": load(),  # LMB401
                }
        """,
        "orders.py": """
            def load():
                return {"names": {1}}
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`order.names` in the response is a `set` (orders.py:2); "
    )
