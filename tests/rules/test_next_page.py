"""LMB404 on `LastEvaluatedKey`: it has the attributes of the key, and no others."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """
import json
import os

import boto3
from boto3.dynamodb.conditions import Attr, Key

table = boto3.resource("dynamodb").Table("orders")
users = boto3.resource("dynamodb").Table("users")
"""

#: A call that gives a page, and other calls before it.
NUMBERS = {
    "a condition": "table.query(KeyConditionExpression=Key('id').eq(7))",
    "the second of two conditions": (
        "table.query(KeyConditionExpression="
        "Key('id').eq('a') & Key('at').gt(int(event['since'])))"
    ),
    "a range": "table.query(KeyConditionExpression=Key('at').between(1, 9))",
    "where it starts": "table.scan(ExclusiveStartKey={'id': 7})",
    "an index": (
        "table.query(IndexName='i', KeyConditionExpression=Key('at').lt(Decimal('9')))"
    ),
    "another call on the table": (
        "(table.get_item(Key={'id': int(event['id'])}), table.scan())[1]"
    ),
}

NO_NUMBERS = {
    "text": "table.query(KeyConditionExpression=Key('id').eq('7'))",
    "who knows what": "table.query(KeyConditionExpression=Key('id').eq(event['id']))",
    "a filter": "table.scan(FilterExpression=Attr('age').gt(7))",
    "a limit": "table.scan(Limit=7)",
    "an index of the table": (
        "(table.query(IndexName='i', KeyConditionExpression=Key('at').eq(7)),"
        " table.scan())[1]"
    ),
    "another table": "(users.get_item(Key={'id': 7}), table.scan())[1]",
    "an item": "(table.put_item(Item={'id': 'a', 'age': 7}), table.scan())[1]",
}


def source(page, mark):
    return HEAD + textwrap.dedent(f"""
        def lambda_handler(event, context):
            page = {page}
            return {{"body": json.dumps({{"next": page.get("LastEvaluatedKey")}})}}{mark}
    """)


@pytest.mark.parametrize("page", NUMBERS.values(), ids=NUMBERS)
def test_number(page):
    assert_marked(source(page, "  # LMB404"))


@pytest.mark.parametrize("page", NO_NUMBERS.values(), ids=NO_NUMBERS)
def test_no_number(page):
    assert_marked(source(page, ""))


@pytest.mark.parametrize("page", NUMBERS.values(), ids=NUMBERS)
def test_the_runtime_encodes_decimals(page):
    text = HEAD + textwrap.dedent(f"""
        def lambda_handler(event, context):
            page = {page}
            return {{"next": page.get("LastEvaluatedKey")}}
    """)
    assert_marked(text)


def test_message():
    (found,) = violations(source(NUMBERS["a condition"], ""))
    assert found.text == (
        "`next` in the argument of `json.dumps` is a key of DynamoDB with a `Decimal` "
        "number (from `table.query()` in line 11); `json.dumps` raises TypeError: Object "
        "of type Decimal is not JSON serializable; use `json.dumps(..., default=str)`"
    )
