from __future__ import annotations

import json
import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

HEAD = """\
import decimal
import json
import os
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus

import boto3
import numpy

ec2 = boto3.client("ec2")
table = boto3.resource("dynamodb").Table("orders")
"""

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.lambda_handler
      CodeUri: .
"""

REST = """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
"""
HTTP_1 = """
      Events:
        Get:
          Type: HttpApi
          Properties: {Path: /, Method: get, PayloadFormatVersion: "1.0"}
"""
HTTP_2 = """
      Events:
        Get: {Type: HttpApi, Properties: {Path: /, Method: get}}
"""
ALB = """
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Orders.Arn}]}
"""
REST_AND_ALB = REST + ALB
REST_AND_QUEUE = """
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Put: {Type: SQS, Properties: {Queue: "arn:aws:sqs:eu-west-1:1:q"}}
"""

#: Events and code; the marks are what is reported.
BAD = {
    "a set, which the runtime refuses, and a dict, which the caller does": (
        REST,
        """
        def lambda_handler(event, context):
            if event:
                return {"statusCode": 200, "body": {1}}  # LMB401
            return {"statusCode": 200, "body": {}}  # LMB405
        """,
    ),
    "no status, beside an answer that is data": (
        REST,
        """
        def lambda_handler(event, context):
            if event:
                return {"message": "x"}  # LMB405
            return None
        """,
    ),
    "no status in both answers": (
        REST,
        """
        def lambda_handler(event, context):
            if event["path"] == "/":
                return {"body": {"a": 1}, "headers": {}}  # LMB405
            return {"body": {"a": 1}, "other": 1}  # LMB405 LMB405
        """,
    ),
    "a body, and no status": (
        REST,
        """
        def lambda_handler(event, context):
            return {"body": {"a": 1}, "headers": {}}  # LMB405
        """,
    ),
    "a dict": (
        REST,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": event["id"]}}  # LMB405
        """,
    ),
    "a list, an empty one too": (
        REST,
        """
        def lambda_handler(event, context):
            if event["all"]:
                return {"statusCode": 200, "body": [event["id"]]}  # LMB405
            return {"statusCode": 200, "body": []}  # LMB405
        """,
    ),
    "numbers": (
        REST,
        """
        def lambda_handler(event, context):
            if event["all"]:
                return {"statusCode": 200, "body": len(event["ids"])}  # LMB405
            if event["any"]:
                return {"statusCode": 200, "body": True}  # LMB405
            return {"statusCode": 200, "body": Decimal(event["id"])}  # LMB405
        """,
    ),
    "a body that is put in later": (
        REST,
        """
        def lambda_handler(event, context):
            response = {"statusCode": 200, "body": ""}
            if event["id"]:
                response["body"] = {"id": event["id"]}  # LMB405
            return response
        """,
    ),
    "one of two ways": (
        REST,
        """
        def lambda_handler(event, context):
            body = json.dumps(event) if event["text"] else {"id": 1}
            return {"statusCode": 200, "body": body}  # LMB405
        """,
    ),
    "a helper": (
        REST,
        """
        def respond(status, body):
            return {"statusCode": status, "body": body}  # LMB405

        def lambda_handler(event, context):
            return respond(200, {"id": event["id"]})
        """,
    ),
    "an item of a table": (
        REST,
        """
        def lambda_handler(event, context):
            item = table.get_item(Key={"id": event["id"]})["Item"]
            return {"statusCode": HTTPStatus.OK, "body": item}  # LMB405
        """,
    ),
    "a key that a REST API does not know": (
        REST,
        """
        def lambda_handler(event, context):
            return {
                "statusCode": 400,
                "body": json.dumps({}),
                "message": event["text"],  # LMB405
            }
        """,
    ),
    "a key in another spelling": (
        REST,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "Headers": {}, "body": ""}  # LMB405
        """,
    ),
    "nothing but other keys": (
        REST,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {"message": "found"}  # LMB405
            return {"message": "none"}  # LMB405
        """,
    ),
    "an HTTP API, 1.0": (
        HTTP_1,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {"statusCode": 200, "body": {}}  # LMB405
            return {"statusCode": 200, "message": ""}
        """,
    ),
    "no status for an HTTP API, 1.0": (
        HTTP_1,
        """
        def lambda_handler(event, context):
            return {"body": json.dumps(event)}  # LMB405
        """,
    ),
    "a load balancer": (
        ALB,
        """
        def lambda_handler(event, context):
            return {
                "statusCode": 200,
                "statusDescription": "200 OK",
                "headers": {},
                "body": {"id": 1},  # LMB405
            }
        """,
    ),
    "no status for a load balancer": (
        ALB,
        """
        def lambda_handler(event, context):
            return {}  # LMB405
        """,
    ),
    "two callers that both refuse it": (
        REST_AND_ALB,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": 1}, "x": 1}  # LMB405
        """,
    ),
    "under a decorator of Powertools": (
        REST,
        """
        from aws_lambda_powertools import Logger

        logger = Logger()

        @logger.inject_lambda_context
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": 1}}  # LMB405
        """,
    ),
}

GOOD = {
    "both as texts": (
        REST,
        """
        def lambda_handler(event, context):
            if event:
                return {"statusCode": 200, "body": json.dumps([1])}
            return {"statusCode": 200, "body": json.dumps({})}
        """,
    ),
    "no status, beside an answer that nobody knows": (
        REST,
        """
        def lambda_handler(event, context):
            if event:
                return event["handler"]()
            return {"message": "x"}
        """,
    ),
    "no status in the one answer that is known": (
        REST,
        """
        from elsewhere import respond
        def lambda_handler(event, context):
            if event["path"] == "/":
                return respond(event)
            return {"body": {"a": 1}, "other": 1}
        """,
    ),
    "a text, and no status": (
        REST,
        """
        def lambda_handler(event, context):
            return {"body": json.dumps({"a": 1}), "headers": {}}
        """,
    ),
    "text": (
        REST,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": json.dumps({"id": event["id"]})}
        """,
    ),
    "text that becomes text": (
        REST,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {"statusCode": 200, "body": str(len(event["ids"]))}
            return {"statusCode": 200, "body": f"{event}"}
        """,
    ),
    "no body": (
        REST,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {"statusCode": 204, "body": None}
            return {"statusCode": 204}
        """,
    ),
    "a body that is encoded at last": (
        REST,
        """
        def lambda_handler(event, context):
            response = {"statusCode": 200, "body": {"id": event["id"]}}
            response["body"] = json.dumps(response["body"])
            return response
        """,
    ),
    "not known": (
        REST,
        """
        def lambda_handler(event, context):
            body = event["body"] if event["text"] else {"id": 1}
            return {"statusCode": 200, "body": body}
        """,
    ),
    "a helper that encodes": (
        REST,
        """
        def respond(status, body):
            if not isinstance(body, str):
                body = json.dumps(body)
            return {"statusCode": status, "body": body}

        def lambda_handler(event, context):
            return respond(200, {"id": event["id"]})
        """,
    ),
    "bytes, which the runtime makes text of": (
        REST,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": b"hello"}
        """,
    ),
    "all keys that a REST API knows": (
        REST,
        """
        def lambda_handler(event, context):
            return {
                "statusCode": "200",
                "headers": {"a": "b"},
                "multiValueHeaders": {"a": ["b"]},
                "body": "",
                "isBase64Encoded": False,
            }
        """,
    ),
    "a key that is taken away": (
        REST,
        """
        def lambda_handler(event, context):
            response = {"statusCode": 200, "body": "", "message": "x"}
            response["body"] = response.pop("message")
            return response
        """,
    ),
    "other keys for other events": (
        REST,
        """
        def lambda_handler(event, context):
            if event.get("source") == "warmup":
                return {"warm": True}
            return {"statusCode": 200, "body": ""}
        """,
    ),
    "keys that are not known": (
        REST,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {**event, "body": {}}
            return {event["key"]: 1, "statusCode": 200, "body": {}}
        """,
    ),
    "an HTTP API, 2.0": (
        HTTP_2,
        """
        def lambda_handler(event, context):
            if event["id"]:
                return {"statusCode": 200, "body": {"id": 1}}
            return {"message": "none"}
        """,
    ),
    "no template that says who calls": (
        "",
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": 1}}
        """,
    ),
    "a queue calls it, too": (
        REST_AND_QUEUE,
        """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": 1}}
        """,
    ),
    "Powertools builds the response": (
        REST,
        """
        from aws_lambda_powertools.event_handler import APIGatewayRestResolver

        app = APIGatewayRestResolver()

        @app.get("/")
        def hello():
            return {"statusCode": 200, "body": {"id": 1}}

        def lambda_handler(event, context):
            return app.resolve(event, context)
        """,
    ),
    "a decorator that nobody knows builds it": (
        REST,
        """
        from responses import as_json

        @as_json
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {"id": 1}}
        """,
    ),
}


@pytest.mark.parametrize("events, source", BAD.values(), ids=BAD)
def test_bad(events, source):
    assert "# LMB405" in source
    assert_marked(_files(events, source))


@pytest.mark.parametrize("events, source", GOOD.values(), ids=GOOD)
def test_good(events, source):
    assert "LMB" not in source
    assert_marked(_files(events, source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)


def _files(events, source):
    return {
        "app.py": HEAD + textwrap.dedent(source),
        "template.yaml": TEMPLATE + events.removeprefix("\n"),
    }


MESSAGES = {
    "a body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': {}}",
        "`body` in the response is a `dict`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a truth as the body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': bool(event)}",
        "`body` in the response is a `bool`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a response with bytes as the body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': boto3.client('kms').encrypt(KeyId='a', Plaintext=b'')}",
        "`body` in the response is a `dict`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a count as the body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': len(event)}",
        "`body` in the response is an `int`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a share as the body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': float(event['share'])}",
        "`body` in the response is a `float`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a number of DynamoDB as the body of a REST API": (
        REST,
        "{'statusCode': 200, 'body': decimal.Decimal(1)}",
        "`body` in the response is a `Decimal`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "another key of a REST API": (
        REST,
        "{'statusCode': 200, 'error': ''}",
        "`error` in the response is no key of a proxy response; API Gateway "
        "answers 502, `Malformed Lambda proxy response`; put it into `body`",
    ),
    "a body of an HTTP API": (
        HTTP_1,
        "{'statusCode': 200, 'body': 1}",
        "`body` in the response is an `int`; API Gateway answers 500; use "
        "`json.dumps(...)`",
    ),
    "no status": (
        ALB,
        "{'body': ''}",
        "the response of `lambda_handler` has no `statusCode`; the load "
        "balancer answers 502; add it",
    ),
    "several callers": (
        REST_AND_ALB,
        "{'statusCode': 200, 'body': []}",
        "`body` in the response is a `list`; the client gets an error; use "
        "`json.dumps(...)`",
    ),
    "the size of an array": (
        REST,
        "{'statusCode': 200, 'body': numpy.array([1.5]).size}",
        "`body` in the response is an `int`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
    "a list in a response of a client": (
        REST,
        "{'statusCode': 200, 'body': boto3.client('dynamodb').scan(TableName='t')['Items']}",
        "`body` in the response is a `list`; API Gateway answers 502, "
        "`Malformed Lambda proxy response`; use `json.dumps(...)`",
    ),
}


@pytest.mark.parametrize("events, value, text", MESSAGES.values(), ids=MESSAGES)
def test_message(events, value, text):
    source = f"def lambda_handler(event, context):\n    return {value}\n"
    (found,) = violations(_files(events, source))
    assert (found.code, found.text) == ("LMB405", text)


def test_full_violation():
    source = "def lambda_handler(e, c):\n    return {'statusCode': 1, 'body': {}}\n"
    (found,) = violations(_files(REST, source))
    line = HEAD.count("\n") + 2
    assert found[:4] == ("app.py", line, 37, "LMB405")


def test_put_in_by_another_file():
    files = _files(
        REST,
        """
        from responses import respond

        def lambda_handler(event, context):
            return respond({"id": 1})  # LMB405
        """,
    )
    files["responses.py"] = """
        def respond(body):
            return {"statusCode": 200, "body": body}
    """
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`body` in the response is a `dict` (responses.py:2); "
    )


def test_one_function_of_two_is_called_by_a_queue():
    source = """
        def lambda_handler(event, context):
            return {"statusCode": 200, "body": {}}
    """
    other = TEMPLATE.partition("Resources:\n")[2].replace("Orders", "Other")
    queue = REST_AND_QUEUE.removeprefix("\n")
    files = _files(REST, source)
    files["template.yaml"] += other + queue
    assert_marked(files)


REFUSED = {
    "a body that is no text": "{'statusCode': 200, 'body': {'id': 1}}",
    "another key": "{'statusCode': 200, 'body': '', 'message': ''}",
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_the_runtime_posts_it_as_it_is(value):
    source = f"def lambda_handler(event, context):\n    return {value}\n"
    assert {one.code for one in violations(_files(REST, source))} == {"LMB405"}
    (outcome,) = invoke(source, events=[{}])
    posted = outcome.result
    assert not isinstance(posted["body"], str) or "message" in posted
    assert posted == json.loads(json.dumps(posted))
