"""An item of one of several containers: an empty one has none, and says nothing."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

HEAD = """
import json
from datetime import datetime
import boto3
from somewhere import fill
table = boto3.resource("dynamodb").Table("orders")
def lambda_handler(event, context):
    response = table.query(KeyConditionExpression=event["condition"])
"""

BAD = {
    "the first of a page": """
    items = response.get("Items", [])
    return json.dumps(items[0])  # LMB404
""",
    "the first, if there is one": """
    items = response.get("Items", [])
    if not items:
        return None
    return json.dumps({"item": items[0]})  # LMB404
""",
    "one or nothing": """
    items = response.get("Items") or []
    item = items[0] if items else None
    if item is None:
        return None
    return json.dumps(item)  # LMB404
""",
    "any of them": """
    items = response.get("Items", [])
    return json.dumps(items[event["index"]])  # LMB404
""",
    "of a dict": """
    found = {"at": datetime.now()} if event else {}
    return json.dumps(found["at"])  # LMB404
""",
    "of a tuple": """
    found = (datetime.now(),) if event else ()
    return json.dumps(found[0])  # LMB404
""",
}

GOOD = {
    "filled here": """
    found = []
    found.append("text")
    return json.dumps(found[0])
""",
    "filled by something else": """
    found = []
    fill(found)
    chosen = found if event else [datetime.now()]
    return json.dumps(chosen[0])
""",
    "filled in a loop": """
    found = []
    for one in event:
        found.append(str(one))
    chosen = found if event else ["text"]
    return json.dumps(chosen[0])
""",
    "a part of the page": """
    items = response.get("Items", [])
    return json.dumps(len(items[0]))
""",
    "a slice of nothing": """
    found = [] if event else ["text"]
    return json.dumps(found[:1])
""",
    "its text": """
    items = response.get("Items", [])
    return json.dumps({"id": str(items[0]["id"])})
""",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_bad(body):
    assert "# LMB404" in body
    assert_marked(HEAD + body)


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_good(body):
    assert "# LMB" not in body
    assert_marked(HEAD + body)
