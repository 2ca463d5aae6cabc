"""Unpacking keeps the parts of one alternative together."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
import asyncio
import json
from datetime import datetime

import boto3

table = boto3.resource("dynamodb").Table("orders")
"""

GOOD = {
    "what stands before the last, behind a star": """
        def lambda_handler(event, context):
            first, *middle, last = [{1}, 2, {3}, [4]]
            return last
    """,
    "a word that says what an item is": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": 1}).get("Item")
            status = 200 if item else 404
            if status == 404:
                return {"statusCode": status, "body": json.dumps(item)}
            return {"statusCode": status, "body": json.dumps(item, default=str)}
    """,
    "a flag that says what a moment is": """
        def lambda_handler(event, context):
            when = datetime.now() if event else None
            is_known = False if when is None else True
            if not is_known:
                return {"when": when}
            return {"when": when.isoformat()}
    """,
    "the status of a pair is a number whichever comes": """
        def load(key):
            return (None, 400) if not key else ({"at": datetime.now()}, 200)

        def lambda_handler(event, context):
            body, status = load(event["id"])
            return {"statusCode": status}
    """,
    "a flag beside an item": """
        CACHE = {}

        def load(key):
            if key in CACHE:
                return CACHE[key], False
            item = table.get_item(Key={"id": key})["Item"]
            return item, True

        def lambda_handler(event, context):
            item, cold = load(event["id"])
            return {"statusCode": 200, "body": json.dumps({"cold": cold})}
    """,
    "a name beside a set": """
        def load(key):
            if key:
                return {1, 2}, "a"
            return {3}, "b"

        def lambda_handler(event, context):
            ids, name = load(event["id"])
            return {"name": name, "count": len(ids)}
    """,
    "an error beside an item": """
        def load(key):
            try:
                return table.get_item(Key={"id": key}).get("Item"), None
            except ValueError as error:
                return None, str(error)

        def lambda_handler(event, context):
            item, error = load(event["id"])
            return {"statusCode": 200, "body": json.dumps({"error": error})}
    """,
    "what is dangerous came without the error": """
        def load(key):
            if not key:
                return "no key", "error"
            return {"at": datetime.now()}, None

        def lambda_handler(event, context):
            item, error = load(event["id"])
            if error:
                return {"body": item, "error": error}
            return {"at": item["at"].isoformat()}
    """,
    "what is dangerous came with the other flag": """
        def load(key):
            if not key:
                return {"id": 0}, False
            return {"at": datetime.now()}, True

        def lambda_handler(event, context):
            item, found = load(event["id"])
            if not found:
                return item
            return {"at": item["at"].isoformat()}
    """,
    "what is dangerous came with the other word": """
        def load(key):
            if not key:
                return "missing", {"id": 0}
            return "found", {"at": datetime.now()}

        def lambda_handler(event, context):
            kind, item = load(event["id"])
            if kind == "missing":
                return item
            return {"at": item["at"].isoformat()}
    """,
    "what is dangerous came with the other number": """
        def load(key):
            if not key:
                return 404, {"id": 0}
            return 200, {"at": datetime.now()}

        def lambda_handler(event, context):
            status, item = load(event["id"])
            if status != 200:
                return item
            return {"at": item["at"].isoformat()}
    """,
    "the branches of a condition are alternatives, too": """
        def lambda_handler(event, context):
            if event:
                item, found = {"at": datetime.now()}, True
            else:
                item, found = {"id": 0}, False
            if found:
                item = {"at": item["at"].isoformat()}
            return item
    """,
    "a loop finds something, or nothing": """
        def lambda_handler(event, context):
            found = False
            item = None
            for record in event["Records"]:
                if record["ok"]:
                    item = {"at": datetime.now()}
                    found = True
            if not found:
                return {"item": item}
            return {"at": item["at"].isoformat()}
    """,
    "a condition in an expression chooses, too": """
        def load(key):
            if not key:
                return {"id": 0}, False
            return {"at": datetime.now()}, True

        def lambda_handler(event, context):
            item, found = load(event["id"])
            return {"at": item["at"].isoformat()} if found else item
    """,
    "pairs of a list": """
        def lambda_handler(event, context):
            found = {}
            for name, ids in [("a", {1}), ("b", {2})]:
                found[name] = sorted(ids)
            return found
    """,
    "names of the pairs of a list": """
        def lambda_handler(event, context):
            return [name for name, ids in [("a", {1}), ("b", {2})]]
    """,
    "the first of many": """
        def lambda_handler(event, context):
            first, *rest = [1, datetime.now()]
            return first
    """,
    "all but the last": """
        def lambda_handler(event, context):
            *names, last = ["a", {1}]
            return names
    """,
    "those between": """
        def lambda_handler(event, context):
            first, *names, last = [{1}, "a", "b", {2}]
            return names
    """,
    "the least pair": """
        def lambda_handler(event, context):
            pairs = sorted([("b", {2}), ("a", {1})])
            name, ids = pairs[0]
            return name
    """,
    "the result of a loop": """
        async def pair(key):
            if key:
                return 200, {1, 2}
            return 404, None

        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                status, ids = loop.run_until_complete(pair(event["id"]))
            finally:
                loop.close()
            return {"statusCode": status}
    """,
    "pairs within pairs": """
        def load(key):
            return ("a", (1, {1})) if key else ("b", (2, {2}))

        def lambda_handler(event, context):
            name, (number, ids) = load(event["id"])
            return [name, number]
    """,
}

BAD = {
    "what stands behind a star": """
        def lambda_handler(event, context):
            first, *middle, last = [1, 2, [3], {4}]
            return last if event else middle  # LMB401
    """,
    "a word that says what an item is": """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": 1}).get("Item")
            status = 200 if item else 404
            if status == 200:
                return {"statusCode": status, "body": json.dumps(item)}  # LMB404
            return {"statusCode": status}
    """,
    "a flag that says what a moment is": """
        def lambda_handler(event, context):
            when = datetime.now() if event else None
            is_known = False if when is None else True
            if is_known:
                return {"when": when}  # LMB401
            return {}
    """,
    "the body of a pair is a set on one way": """
        def load(key):
            return (None, 400) if not key else ({1, 2}, 200)

        def lambda_handler(event, context):
            body, status = load(event["id"])
            return {"statusCode": status, "body": body}  # LMB401
    """,
    "the item beside a flag": """
        def load(key):
            if key:
                return {"id": 1}, False
            item = table.get_item(Key={"id": key})["Item"]
            return item, True

        def lambda_handler(event, context):
            item, cold = load(event["id"])
            return {"statusCode": 200, "body": json.dumps({"item": item})}  # LMB404
    """,
    "the set beside a name": """
        def load(key):
            if key:
                return {1, 2}, "a"
            return {3}, "b"

        def lambda_handler(event, context):
            ids, name = load(event["id"])
            return {"name": name, "ids": ids}  # LMB401
    """,
    "the error beside an item": """
        def load(key):
            try:
                return table.get_item(Key={"id": key}).get("Item"), None
            except ValueError as error:
                return None, error

        def lambda_handler(event, context):
            item, error = load(event["id"])
            return {"statusCode": 200, "body": json.dumps({"error": error})}  # LMB404
    """,
    "what is dangerous comes with the error": """
        def load(key):
            if not key:
                return {"no key"}, "error"
            return {"at": 1}, None

        def lambda_handler(event, context):
            item, error = load(event["id"])
            if error:
                return {"body": item, "error": error}  # LMB401
            return item
    """,
    "what is dangerous comes with the flag": """
        def load(key):
            if not key:
                return {"id": 0}, False
            return {"at": datetime.now()}, True  # LMB401

        def lambda_handler(event, context):
            item, found = load(event["id"])
            if found:
                return item
            return {"found": found}
    """,
    "what is dangerous comes with the word": """
        def load(key):
            if not key:
                return "missing", {"id": 0}
            return "found", {"at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            kind, item = load(event["id"])
            if kind == "found":
                return item
            return {}
    """,
    "what is dangerous comes with the number": """
        def load(key):
            if not key:
                return 404, {"id": 0}
            return 200, {"at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            status, item = load(event["id"])
            if status != 200:
                return {}
            return item
    """,
    "the branches of a condition are alternatives, too": """
        def lambda_handler(event, context):
            if event:
                item, found = {"at": datetime.now()}, True  # LMB401
            else:
                item, found = {"id": 0}, False
            if not found:
                item = {"id": 1}
            return item
    """,
    "a loop finds something, or nothing": """
        def lambda_handler(event, context):
            found = False
            item = None
            for record in event["Records"]:
                if record["ok"]:
                    item = {"at": datetime.now()}  # LMB401
                    found = True
            if found:
                return {"item": item}
            return {}
    """,
    "a condition in an expression chooses, too": """
        def load(key):
            if not key:
                return {"id": 0}, False
            return {"at": datetime.now()}, True  # LMB401

        def lambda_handler(event, context):
            item, found = load(event["id"])
            return item if found else {}
    """,
    "pairs of a list": """
        def lambda_handler(event, context):
            found = {}
            for name, ids in [("a", {1}), ("b", {2})]:
                found[name] = ids  # LMB401
            return found
    """,
    "sets of the pairs of a list": """
        def lambda_handler(event, context):
            return [ids for name, ids in [("a", {1}), ("b", {2})]]  # LMB401
    """,
    "all but the first": """
        def lambda_handler(event, context):
            first, *rest = [1, datetime.now()]
            return rest  # LMB401
    """,
    "the last of many": """
        def lambda_handler(event, context):
            *names, last = ["a", {1}]
            return last  # LMB401
    """,
    "the first before those between": """
        def lambda_handler(event, context):
            first, *names, last = [{1}, "a", "b", 2]
            return first  # LMB401
    """,
    "the set of the least pair": """
        def lambda_handler(event, context):
            pairs = sorted([("b", {2}), ("a", {1})])
            name, ids = pairs[0]
            return ids  # LMB401
    """,
    "the result of a loop": """
        async def pair(key):
            if key:
                return 200, {1, 2}
            return 404, None

        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                status, ids = loop.run_until_complete(pair(event["id"]))
            finally:
                loop.close()
            return {"statusCode": status, "ids": ids}  # LMB401
    """,
    "pairs within pairs": """
        def load(key):
            return ("a", (1, {1})) if key else ("b", (2, {2}))

        def lambda_handler(event, context):
            name, (number, ids) = load(event["id"])
            return [name, ids]  # LMB401
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "# LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB" in source
    assert_marked(HEAD + textwrap.dedent(source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
