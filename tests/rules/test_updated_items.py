"""LMB404 on the counters that `update_item` of DynamoDB gives back, and LMB401 not."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

#: A call of `update_item`, and how its expression and values may be written.
UPDATE = """
import json
import os
from decimal import Decimal
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def lambda_handler(event, context):
    response = table.update_item(
        Key={{"id": "visits"}},
        UpdateExpression="{expression}",
        ExpressionAttributeNames={{"#c": "count"}},
        ExpressionAttributeValues={{":n": {number}, ":s": "text", ":l": [1]}},
        ReturnValues="{wanted}",
    )
    return {{"statusCode": 200, "body": json.dumps({body})}}{mark}
"""
COUNT = '{"count": response["Attributes"]["count"]}'


def update(
    expression="ADD #c :n", number="1", wanted="UPDATED_NEW", body=COUNT, mark=""
):
    return UPDATE.format(**locals())


def bad(*args, **options):
    return update(*args, mark="  # LMB404", **options)


BAD = {
    "added": bad(),
    "added, by its own name": bad("ADD count :n"),
    "one of several": bad("SET kind = :s ADD #c :n"),
    "put": bad("SET #c = :n"),
    "one more": bad("SET #c = #c + :n"),
    "one less, and a text": bad("SET kind = :s, #c = #c - :n"),
    "from zero": bad("SET #c = if_not_exists(#c, :n) + :n"),
    "in small letters": bad("set #c = if_not_exists(#c, :n) + :n"),
    "a Decimal": bad("SET #c = :n", number="Decimal('1.5')"),
    "the whole item": bad(wanted="ALL_NEW"),
    "all that was changed": bad(body='response["Attributes"]'),
    "with a default": bad(body='response.get("Attributes", {}).get("count", 0)'),
}

GOOD = {
    "an int": update(body='int(response["Attributes"]["count"])'),
    "text": update(body='str(response["Attributes"]["count"])'),
    "another attribute": update(
        "SET kind = :s ADD #c :n", body='response["Attributes"]["kind"]'
    ),
    "a text is put": update("SET #c = :s"),
    "a list": update("SET #c = list_append(#c, :l)"),
    "what was there stays": update("SET #c = if_not_exists(#c, :n)"),
    "a part of it": update("SET #c.total = :n", body='response["Attributes"]'),
    "taken away": update("REMOVE #c", body='response.get("Attributes")'),
    "what was there before": update(wanted="UPDATED_OLD"),
    "nothing is asked for": update(wanted="NONE", body="response"),
    "a name that is not known": update("ADD #other :n"),
    "with a default of the encoder": update(body=COUNT + ", default=str"),
    "what the runtime takes": update().replace("json.dumps", "dict"),
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB404" in source
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "# LMB" not in source
    assert_marked(source)
