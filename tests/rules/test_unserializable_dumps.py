from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """\
import base64
import functools
import json
import uuid
from datetime import datetime
from decimal import Decimal

import boto3

kms = boto3.client("kms")
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("orders")
"""

GOOD = {
    "what an error of the project says of itself": """
        class ApiError(Exception):
            def __init__(self, message, *codes):
                super().__init__(message)
                self.codes = set(codes)
            def as_dict(self):
                return {"error": str(self), "codes": sorted(self.codes)}
        def lambda_handler(event, context):
            try:
                raise ApiError("no", 1)
            except ApiError as error:
                return {"body": json.dumps(error.as_dict())}
    """,
    "what threads give, in a list": """
        from concurrent.futures import ThreadPoolExecutor
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return json.dumps({"found": list(pool.map(str, event["ids"]))})
    """,
    "the text of an answer": """
        import httpx
        import requests
        def lambda_handler(event, context):
            found = httpx.get("a") if event["new"] else requests.get("a")
            return json.dumps([found.text, found.status_code])
    """,
    "tried, whatever it raises": """
        def lambda_handler(event, context):
            try:
                json.dumps({1})
            except:
                pass
            try:
                json.dumps({1})
            except (OSError, BaseException):
                pass
    """,
    "what both encoders take": """
        from typing import NamedTuple

        class Point(NamedTuple):
            x: int

        def lambda_handler(event, context):
            return json.dumps([{"a": (1, None)}, Point(1), "text", 1.5])
    """,
    "a default": """
        def lambda_handler(event, context):
            body = json.dumps({"at": datetime.now(), "n": Decimal(1)}, default=str)
            return {"body": body}
    """,
    "an encoder class": """
        class Encoder(json.JSONEncoder):
            def default(self, o):
                return str(o)

        def lambda_handler(event, context):
            return json.dumps({"at": datetime.now()}, cls=Encoder)
    """,
    "a default of a partial": """
        dumps = functools.partial(json.dumps, default=str)

        def lambda_handler(event, context):
            return dumps({"at": datetime.now()})
    """,
    "options that are not known": """
        def lambda_handler(event, context):
            options = {"default": str}
            return json.dumps({"at": datetime.now()}, **options)
    """,
    "another encoder": """
        import simplejson
        import orjson

        def lambda_handler(event, context):
            return [simplejson.dumps(Decimal(1)), orjson.dumps(datetime.now())]
    """,
    "the standard encoder is replaced": """
        json.JSONEncoder.default = lambda self, value: str(value)

        def lambda_handler(event, context):
            return json.dumps({"at": datetime.now()})
    """,
    "TypeError is expected": """
        def encode(value):
            try:
                return json.dumps(value)
            except TypeError:
                return json.dumps(value, default=str)

        def safe(value):
            try:
                return json.dumps(value)
            except Exception:
                return repr(value)

        def lambda_handler(event, context):
            return [encode({"at": datetime.now()}), safe({1})]
    """,
    "skipped keys": """
        def lambda_handler(event, context):
            return json.dumps({(1, 2): 3, "a": 1}, skipkeys=True)
    """,
    "converted before": """
        def lambda_handler(event, context):
            body = {"at": datetime.now(), "names": {1}, "id": uuid.uuid4()}
            body["at"] = body["at"].isoformat()
            body.update(names=sorted(body["names"]), id=str(body["id"]))
            data = base64.b64encode(b"x").decode()
            return json.dumps([body, data])
    """,
    "an item of DynamoDB with a default": """
        def lambda_handler(event, context):
            return json.dumps(table.get_item(Key={"id": 1})["Item"], default=str)
    """,
    "an item of DynamoDB that is changed": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": 1})["Item"]
            item["price"] = float(item["price"])
            return json.dumps(item)
    """,
    "items whose numbers are replaced in place": """
        def plain(value):
            if isinstance(value, list):
                for index in range(len(value)):
                    value[index] = plain(value[index])
                return value
            if isinstance(value, dict):
                for key in value.keys():
                    value[key] = plain(value[key])
                return value
            return float(value) if isinstance(value, Decimal) else value

        def lambda_handler(event, context):
            found = table.scan()
            return [json.dumps(plain(found["Items"])), json.dumps(plain(found))]
    """,
    "one attribute of an item": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": 1}).get("Item")
            return json.dumps({"name": item["name"], "n": int(item["n"])})
    """,
    "a projection": """
        def lambda_handler(event, context):
            found = table.query(ProjectionExpression="id", **{})
            more = table.scan(ProjectionExpression="id")
            count = table.scan(Select="COUNT")
            return json.dumps([found, more["Items"], count])
    """,
    "what a write to DynamoDB gives": """
        def lambda_handler(event, context):
            return json.dumps(table.put_item(Item=event))
    """,
    "the low-level client gives text": """
        def lambda_handler(event, context):
            client = boto3.client("dynamodb")
            return json.dumps(client.get_item(TableName="t", Key={"id": {"S": "1"}}))
    """,
    "isinstance decides": """
        def plain(value):
            if isinstance(value, Decimal):
                return int(value)
            return value

        def lambda_handler(event, context):
            return json.dumps({"n": plain(Decimal(1))})
    """,
    "not reached by a handler": """
        def report():
            return json.dumps({"at": datetime.now()})

        def lambda_handler(event, context):
            return "ok"
    """,
    "not by a path that ends before": """
        def lambda_handler(event, context):
            return "ok"
            return json.dumps({"at": datetime.now()})
    """,
    "a NaN": """
        def lambda_handler(event, context):
            return json.dumps({"a": float("nan")})
    """,
    "where the next page of a table begins": """
        def lambda_handler(event, context):
            response = table.query(Limit=2)
            return {"body": json.dumps({"next": response.get("LastEvaluatedKey")})}
    """,
    "where the next page of a scan begins": """
        def lambda_handler(event, context):
            response = table.scan()
            if "LastEvaluatedKey" in response:
                return {"body": json.dumps(response["LastEvaluatedKey"])}
            return {}
    """,
    "options of a partial": """
        from functools import partial
        OPTIONS = {"default": str}
        dumps = partial(json.dumps, **OPTIONS)
        def lambda_handler(event, context):
            return {"body": dumps({"ids": {1, 2}})}
    """,
    "options of a partial that nobody knows": """
        import vendor
        from functools import partial
        dumps = partial(json.dumps, **vendor.OPTIONS)
        def lambda_handler(event, context):
            return {"body": dumps({"ids": {1, 2}})}
    """,
    "options of the call": """
        OPTIONS = {"default": str}
        def lambda_handler(event, context):
            return {"body": json.dumps({"ids": {1, 2}}, **OPTIONS)}
    """,
    "a number that somebody else looks at": """
        import vendor

        def lambda_handler(event, context):
            price = Decimal(event["price"])
            if vendor.is_plain(price):
                return json.dumps({"price": float(price)})
            return json.dumps(None)
    """,
    "what the context has": """
        def lambda_handler(event, context):
            return json.dumps({"id": getattr(context, "aws_request_id")})
    """,
    "methods of texts and bytes": """
        def lambda_handler(event, context):
            return json.dumps({"a": "x".upper(), "b": b"x".decode(), "c": 1.5.hex()})
    """,
    "what is no awaitable": """
        import inspect
        def lambda_handler(event, context):
            found = {"a": 1}
            if inspect.isawaitable(found):
                found = {1}
            return json.dumps(found)
    """,
    "what a function of an enumeration of texts gives": """
        from enum import Enum
        class Color(str, Enum):
            RED = "r"
            def label(self):
                return self.value
        def lambda_handler(event, context):
            return json.dumps([Color.RED, Color.RED.label()])
    """,
    "a key and its value, taken out of a dict": """
        def lambda_handler(event, context):
            key, value = {"a": 1}.popitem()
            return json.dumps({key: value})
    """,
    "a key that is encoded and decoded, with two exceptions": """
        def lambda_handler(event, context):
            try:
                return json.dumps({base64.b64encode(b"a").decode(): 1})
            except (OSError, ImportError):
                return ""
    """,
    "an exception of a module that it does raise": """
        import builtins
        def lambda_handler(event, context):
            try:
                return json.dumps({1})
            except builtins.TypeError:
                return ""
    """,
}

BAD = {
    "what an error of the project holds": """
        class ApiError(Exception):
            def __init__(self, message, *codes):
                super().__init__(message)
                self.codes = set(codes)
        def lambda_handler(event, context):
            try:
                raise ApiError("no", 1)
            except ApiError as error:
                return {"body": json.dumps({"codes": error.codes})}  # LMB404
    """,
    "what threads give": """
        from concurrent.futures import ThreadPoolExecutor
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return json.dumps({"found": pool.map(str, event["ids"])})  # LMB404
    """,
    "the bytes of an answer": """
        import httpx
        import requests
        def lambda_handler(event, context):
            if event["old"]:
                return json.dumps([requests.get(event["url"]).content])  # LMB404
            return json.dumps([httpx.get(event["url"]).content])  # LMB404
    """,
    "a datetime": """
        def lambda_handler(event, context):
            return {"body": json.dumps({"at": datetime.now()})}  # LMB404
    """,
    "map": """
        def lambda_handler(event, context):
            return json.dumps(map(str, event["names"]))  # LMB404
    """,
    "no default after all": """
        def lambda_handler(event, context):
            return json.dumps({1}, default=None, indent=2)  # LMB404
    """,
    "Decimal and bytes, which Lambda itself takes": """
        def lambda_handler(event, context):
            number = {"n": Decimal(1)}  # LMB404
            if event:
                return number
            return {"n": json.dumps(number), "b": json.dumps(b"a")}  # LMB404
    """,
    "base64": """
        def lambda_handler(event, context):
            data = base64.b64encode(event["data"])
            return {"body": json.dumps({"data": data})}  # LMB404
    """,
    "keys": """
        def lambda_handler(event, context):
            return json.dumps({(1, 2): 3})  # LMB404
    """,
    "tried with others, whatever they raise": """
        def lambda_handler(event, context):
            try:
                print(event)
                json.dumps({1})  # LMB404
            except:
                pass
            try:
                if event:
                    json.dumps({1})  # LMB404
            except Exception:
                pass
            try:
                json.dumps({1})  # LMB404
            except OSError:
                pass
    """,
    "the caught exception": """
        def lambda_handler(event, context):
            try:
                return {"statusCode": 200}
            except Exception as e:
                return {"statusCode": 500, "body": json.dumps({"error": e})}  # LMB404
    """,
    "within a try that is there for more": """
        def lambda_handler(event, context):
            try:
                item = table.get_item(Key={"id": event["id"]})["Item"]
                return {"statusCode": 200, "body": json.dumps(item)}  # LMB404
            except Exception:
                return {"statusCode": 500}
    """,
    "an item of DynamoDB": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": event["id"]}).get("Item")
            if not item:
                return {"statusCode": 404}
            return {"statusCode": 200, "body": json.dumps(item)}  # LMB404
    """,
    "all pages of items": """
        def items():
            response = table.scan()
            found = response["Items"]
            while "LastEvaluatedKey" in response:
                response = table.scan(ExclusiveStartKey=response["LastEvaluatedKey"])
                found.extend(response["Items"])
            return found

        def lambda_handler(event, context):
            return {"body": json.dumps({"items": items()})}  # LMB404
    """,
    "a whole response of a table": """
        def lambda_handler(event, context):
            return {"body": json.dumps(table.query(Limit=1))}  # LMB404
    """,
    "what an update gives back": """
        def lambda_handler(event, context):
            response = table.update_item(Key={"id": 1}, ReturnValues="ALL_NEW")
            return json.dumps(response["Attributes"])  # LMB404
    """,
    "times of boto3": """
        def lambda_handler(event, context):
            return json.dumps(s3.list_buckets())  # LMB404
    """,
    "bytes of boto3": """
        def lambda_handler(event, context):
            secret = kms.encrypt(KeyId="k", Plaintext=b"a")
            if event:
                return json.dumps({"secret": secret["CiphertextBlob"]})  # LMB404
            body = s3.get_object(Bucket="b", Key="k")["Body"].read()
            return json.dumps({"body": body})  # LMB404
    """,
    "json.dump to a file": """
        def lambda_handler(event, context):
            with open("/tmp/x", "w") as file:
                json.dump({"at": datetime.now()}, file)  # LMB404
    """,
    "imported by name": """
        from json import dumps as encode

        def lambda_handler(event, context):
            return encode({"at": datetime.now()})  # LMB404
    """,
    "in a helper": """
        def respond(status, body):
            return {"statusCode": status, "body": json.dumps(body)}

        def lambda_handler(event, context):
            return respond(200, {"id": uuid.uuid4()})  # LMB404
    """,
    "in a method": """
        class Response:
            def __init__(self, body):
                self.body = body

            def plain(self):
                return {"body": json.dumps(self.body)}

        def lambda_handler(event, context):
            return Response({"at": datetime.now()}).plain()  # LMB404
    """,
    "in a decorator": """
        def encoded(function):
            def wrapper(event, context):
                return {"body": json.dumps(function(event, context))}
            return wrapper

        @encoded
        def lambda_handler(event, context):
            return {"n": Decimal(1)}  # LMB404
    """,
    "the context": """
        def lambda_handler(event, context):
            print(json.dumps({"event": event, "context": context}))  # LMB404
    """,
    "given to map": """
        def lambda_handler(event, context):
            return list(map(json.dumps, [{1}]))  # LMB404
    """,
    "the items of a page": """
        def lambda_handler(event, context):
            response = table.query(Limit=2)
            return {"body": json.dumps({"items": response.get("Items")})}  # LMB404
    """,
    "one item of a scan": """
        def lambda_handler(event, context):
            response = table.scan()
            return {"body": json.dumps(response["Items"][0])}  # LMB404
    """,
    "other options of a partial": """
        from functools import partial
        OPTIONS = {"indent": 2}
        dumps = partial(json.dumps, **OPTIONS)
        def lambda_handler(event, context):
            return {"body": dumps({"ids": {1, 2}})}  # LMB404
    """,
    "other options of the call": """
        OPTIONS = {"indent": 2}
        def lambda_handler(event, context):
            return {"body": json.dumps({"ids": {1, 2}}, **OPTIONS)}  # LMB404
    """,
    "no default among the options": """
        def lambda_handler(event, context):
            options = dict(default=None)
            return {"body": json.dumps({"ids": {1, 2}}, **options)}  # LMB404
    """,
    "a number of which its size is asked": """
        def lambda_handler(event, context):
            price = Decimal(event["price"])
            if float(price) > 1 and int(price) < 9 and str(price) != "5":
                return json.dumps({"price": price})  # LMB404
            return json.dumps(None)
    """,
    "what the context has, in a set": """
        def lambda_handler(event, context):
            return json.dumps({getattr(context, "aws_request_id")})  # LMB404
    """,
    "a method of a text": """
        def lambda_handler(event, context):
            return json.dumps({"a": "x".encode()})  # LMB404
    """,
    "what `cast` says is something else": """
        from typing import cast
        def lambda_handler(event, context):
            return json.dumps({"a": cast(dict, datetime.now())})  # LMB404
    """,
    "a function of an enumeration of texts": """
        from enum import Enum
        class Color(str, Enum):
            RED = "r"
            def label(self):
                return self.value
        def lambda_handler(event, context):
            return json.dumps(Color.label)  # LMB404
    """,
    "a key that is taken out of a dict": """
        def lambda_handler(event, context):
            return json.dumps({{"a": 1}.popitem(): 1})  # LMB404
    """,
    "a key that is encoded, and two exceptions that it does not raise": """
        def lambda_handler(event, context):
            try:
                return json.dumps({base64.b64encode(b"a"): 1})  # LMB404
            except (OSError, ImportError):
                return ""
    """,
    "an exception of a module that it does not raise": """
        import socket
        def lambda_handler(event, context):
            try:
                return json.dumps({1})  # LMB404
            except socket.error:
                return ""
    """,
}

FILES = {
    "a helper in another module: reported where the handler leads to it": {
        "app.py": """
            from decimal import Decimal
            from helpers.responses import respond

            def lambda_handler(event, context):
                return ok(event)

            def ok(event):
                return respond({"n": Decimal(1)})  # LMB404
        """,
        "helpers/responses.py": """
            import json

            def respond(body):
                return {"body": json.dumps(body)}
        """,
    },
    "a decorator in another module: reported at the handler": {
        "app.py": """
            from datetime import datetime
            from responses import encoded

            @encoded
            def lambda_handler(event, context):
                return {"at": datetime.now()}  # LMB404
        """,
        "responses.py": """
            import json

            def encoded(function):
                def wrapper(event, context):
                    return json.dumps(function(event, context))
                return wrapper
        """,
    },
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(_whole(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB404" in source
    assert_marked(_whole(source))


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_files(files):
    assert_marked(files)


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)


def _whole(source: str) -> dict[str, str]:
    return {"app.py": HEAD + textwrap.dedent(source)}


MESSAGES = {
    "a value": (
        "{'a': [datetime.now()]}",
        29,
        "an element of `a` in the argument of `json.dumps` is a `datetime`; "
        "`json.dumps` raises TypeError: Object of type datetime is not JSON "
        "serializable; use `.isoformat()`",
    ),
    "a key": (
        "{'a': {(1, 2): 3}}",
        29,
        "`a` in the argument of `json.dumps` has a `tuple` key; `json.dumps` "
        "raises TypeError: keys must be str, int, float, bool or None, not "
        "tuple; use text as key",
    ),
    "a key of bytes": (
        "{b'a': 1}",
        23,
        "the argument of `json.dumps` has a `bytes` key; `json.dumps` raises "
        "TypeError: keys must be str, int, float, bool or None, not bytes; use text "
        "as key",
    ),
    "JSON with exact numbers": (
        "json.loads('1.5', parse_float=Decimal)",
        11,
        "the argument of `json.dumps` is JSON with `Decimal` numbers; `json.dumps` "
        "raises TypeError: Object of type Decimal is not JSON serializable; use "
        "`json.dumps(..., default=str)`",
    ),
    "an item of DynamoDB": (
        "{'item': table.get_item(Key={'id': 1})['Item']}",
        31,
        "`item` in the argument of `json.dumps` is a DynamoDB item, whose "
        "numbers are `Decimal`; `json.dumps` raises TypeError: Object of type"
        " Decimal is not JSON serializable; use `json.dumps(..., "
        "default=str)`",
    ),
    "the whole argument": (
        "Decimal(1)",
        11,
        "the argument of `json.dumps` is a `Decimal`; `json.dumps` raises "
        "TypeError: Object of type Decimal is not JSON serializable; use "
        "`json.dumps(..., default=str)`",
    ),
}


@pytest.mark.parametrize("value, column, text", MESSAGES.values(), ids=MESSAGES)
def test_message(value, column, text):
    source = f"def lambda_handler(event, context):\n    return json.dumps({value})\n"
    (found,) = violations({"app.py": HEAD + source})
    line = HEAD.count("\n") + 2
    assert found == ("app.py", line, column, "LMB404", text)


#: Where an item of DynamoDB comes from, and the words for it.
ORIGINS = {
    "another line": (
        "item = table.get_item(Key={})['Item']\n    return json.dumps(item)",
        "`item` is a DynamoDB item, whose numbers are `Decimal`"
        " (from `table.get_item()` in line {});",
    ),
    "a list of them": (
        "rows = table.scan()['Items']\n    return json.dumps(rows)",
        "an element of `rows` is a DynamoDB item, whose numbers are `Decimal`"
        " (from `table.scan()` in line {});",
    ),
    "the same line": (
        "return json.dumps(table.get_item(Key={})['Item'])",
        "the argument of `json.dumps` is a DynamoDB item, whose numbers are `Decimal`;",
    ),
}


@pytest.mark.parametrize("body, words", ORIGINS.values(), ids=ORIGINS)
def test_message_names_the_call(body, words):
    source = f"def lambda_handler(event, context):\n    {body}\n"
    (found,) = violations({"app.py": HEAD + source})
    assert found.text.startswith(words.format(HEAD.count("\n") + 2)), found.text
    assert found.text.endswith("; use `json.dumps(..., default=str)`")


def test_of_two_calls_the_first_is_named():
    source = (
        "def load(key):\n"
        "    if key == 'a':\n"
        "        item = table.get_item(Key={'id': key})['Item']\n"
        "    else:\n\n\n\n\n"
        "        item = table.get_item(Key={})['Item']\n"
        "    return json.dumps({'item': item})\n\n\n"
        "def lambda_handler(event, context):\n    return load(event['id'])\n\n\n"
        "def second_handler(event, context):\n    return load(event['key'])\n"
    )
    (found,) = violations({"app.py": HEAD + source})
    line = HEAD.count("\n") + 3
    assert f" (from `table.get_item()` in line {line}); " in found.text


def test_message_names_the_call_in_another_file():
    files = {
        "app.py": "import json\nimport db\n\n\ndef lambda_handler(event, context):\n"
        "    return json.dumps(db.load(event['id']))\n",
        "db.py": "import boto3\n\n\ndef load(key):\n"
        "    table = boto3.resource('dynamodb').Table('orders')\n"
        "    return table.get_item(Key={'id': key})['Item']\n",
    }
    (found,) = violations(files)
    assert "`Decimal` (from `table.get_item()` at db.py:6); " in found.text


def test_message_names_the_other_file():
    (found,) = violations(
        FILES["a helper in another module: reported where the handler leads to it"]
    )
    assert found.text == (
        "`n` in `body` is a `Decimal` "
        "(helpers/responses.py:4); `json.dumps` raises TypeError: Object of "
        "type Decimal is not JSON serializable; use `json.dumps(..., "
        "default=str)`"
    )


PLACES = {
    "put in above the call": (
        """
        def lambda_handler(event, context):
            body = {"n": Decimal(1)}
            return json.dumps(body)
        """,
        (
            2,
            "`n` in `body` is a `Decimal` (`json.dumps` in line {}); ",
            3,
        ),
    ),
    "put in below the call, in a loop": (
        """
        def lambda_handler(event, context):
            rows = []
            for item in event["items"]:
                print(json.dumps(rows))
                rows.append(Decimal(item))
        """,
        (
            5,
            "an element of `rows` is a `Decimal` (`json.dumps` in line {}); ",
            4,
        ),
    ),
    "put in where it is encoded": (
        """
        def lambda_handler(event, context):
            n = Decimal(1)
            return json.dumps({"n": n})
        """,
        (3, "`n` in the argument of `json.dumps` is a `Decimal`; ", 0),
    ),
    "put in nowhere": (
        """
        def lambda_handler(event, context):
            n = Decimal(1)
            return json.dumps(n)
        """,
        (3, "`n` is a `Decimal`; ", 0),
    ),
}


@pytest.mark.parametrize("source, expected", PLACES.values(), ids=PLACES)
def test_place(source, expected):
    (found,) = violations({"app.py": HEAD + textwrap.dedent(source).lstrip("\n")})
    line, text, dumps = expected
    first = HEAD.count("\n")
    assert found.line == first + line
    assert found.text.startswith(text.format(first + dumps))


def test_put_in_here_and_encoded_elsewhere():
    files = {
        "app.py": """
            from decimal import Decimal
            from responses import respond

            def lambda_handler(event, context):
                body = {"n": Decimal(1)}  # LMB404
                return respond(body)
        """,
        "responses.py": """
            import json

            def respond(body):
                return {"statusCode": 200, "body": json.dumps(body)}
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith("`n` in `body` is a `Decimal` (responses.py:4); ")


def test_put_in_elsewhere_and_encoded_here():
    files = {
        "app.py": """
            import json
            from orders import load

            def lambda_handler(event, context):
                return json.dumps(load())  # LMB404
        """,
        "orders.py": """
            from decimal import Decimal

            def load():
                return {"n": Decimal(1)}
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`n` in the argument of `json.dumps` is a `Decimal` (orders.py:4); "
    )
