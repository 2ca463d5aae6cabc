"""Handlers that LMB104 reports, wherever they are written, under the real client."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import violations

CODE = """\
import json

import os


def run(event, context):
    return json.dumps([event["name"], os.environ["HOME"]])
"""
SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: HANDLER
      CodeUri: fn/
"""
INLINE = """
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: RUNTIME
      Handler: HANDLER
      Code:
        ZipFile: |
{}"""
CDK = """
from aws_cdk import Stack, aws_lambda as lambda_


class Shop(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        lambda_.Function(
            self,
            "Orders",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="HANDLER",
            code=lambda_.Code.CODE,
        )
"""
SCRIPT = """
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib';

class Shop extends Stack {
  constructor(scope, id) {
    super(scope, id);
    new lambda.Function(this, 'Orders', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'HANDLER',
      code: lambda.Code.fromAsset('fn'),
    });
  }
}
"""
PULUMI = """
import pulumi
import pulumi_aws as aws

aws.lambda_.Function(
    "orders", runtime="python3.13", handler="HANDLER", code=CODE
)
"""
TEXT = f"'''\n{CODE}'''"

IMAGE = """
FROM public.ecr.aws/lambda/python:3.13
COPY fn/app.py ./
CMD ["HANDLER"]
"""

#: The template, its folder of code or the module that it holds, and what more there is.
PLACES = {
    "a template": ("template.yaml", SAM, "fn", {}),
    "a template far away": (
        "ops/stacks/a/template.yaml",
        SAM.replace("fn/", "../../../fn/"),
        "fn",
        {},
    ),
    "code in a template": (
        "template.yaml",
        INLINE.format(textwrap.indent(CODE, " " * 10)),
        "index.py",
        {},
    ),
    "a CDK app": (
        "shop/stack.py",
        CDK.replace("CODE", 'from_asset("fn")'),
        "fn",
        {"cdk.json": "{}"},
    ),
    "code in a CDK app": (
        "shop/stack.py",
        CDK.replace("CODE", f"from_inline({TEXT})"),
        "index.py",
        {"cdk.json": "{}"},
    ),
    "a CDK app in TypeScript": ("lib/stack.ts", SCRIPT, "fn", {"cdk.json": "{}"}),
    "a Pulumi program": (
        "__main__.py",
        PULUMI.replace("CODE", 'pulumi.FileArchive("./fn")'),
        "fn",
        {"Pulumi.yaml": "runtime: python"},
    ),
    "code in a Pulumi program": (
        "__main__.py",
        PULUMI.replace(
            "CODE", f'pulumi.AssetArchive({{"app.py": pulumi.StringAsset({TEXT})}})'
        ),
        "app.py",
        {"Pulumi.yaml": "runtime: python"},
    ),
}
HANDLERS = ["app.go", "index.go", "app", "time.run", "app.Orders.run", "other.run"]
_TOLD = re.compile(r"handler `(.*?)` cannot be loaded: ([\w.]+)(?:: (.*?))?(?:;|$)")


@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_is_told_is_what_lambda_says(place, handler):
    path, template, code, more = place
    found = told(path, template, code, more, handler, "python3.13")
    assert found, "these cannot be loaded"
    deployed = {code if code.endswith(".py") else "app.py": CODE}
    outcomes = invoke(deployed, handler=handler, events=[{}])
    error = outcomes.init_error or outcomes[0]
    for name, kind, message in found:
        assert (name, kind) == (handler, error.error_type)
        words = (message or "").replace("missing on '", "missing on module '")
        if kind != "Runtime.BuiltInModuleConflict":
            assert words in error.error_message


def test_in_an_image():
    """Of a module that is there; any other may be in the image that it starts from."""
    for handler in HANDLERS:
        found = told("Dockerfile", IMAGE, "fn", {}, handler, "python3.13")
        if handler != "app.go":
            assert not found
            continue
        error = invoke({"app.py": CODE}, handler=handler, events=[{}]).init_error
        ((name, kind, message),) = found
        assert (name, kind) == (handler, error.error_type)
        assert message.replace("on '", "on module '") in error.error_message
    assert told("Dockerfile", IMAGE, "fn", {}, "app.run", "python3.13") == []


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_handler_that_is_there(place):
    path, template, code, more = place
    module = code.removesuffix(".py") if code.endswith(".py") else "app"
    assert told(path, template, code, more, f"{module}.run", "python3.13") == []
    deployed = {f"{module}.py": CODE}
    outcomes = invoke(deployed, handler=f"{module}.run", events=[{"name": "a"}])
    assert outcomes.init_error is None


@pytest.mark.parametrize("runtime", ["python39", "Python3.9", "python3.1"])
def test_beside_a_mistyped_runtime(runtime):
    """Once the runtime is mended, Lambda says the same of the handler."""
    for path, template, code, more in (*PLACES.values(),):
        if "RUNTIME" in template:
            found = told(path, template, code, more, "app.go", runtime)
            known = told(path, template, code, more, "app.go", "python3.13")
            assert found == known != []


def told(path, template, code, more, handler, runtime):
    text = template.replace("HANDLER", handler).replace("RUNTIME", runtime)
    files = {path: text, **more}
    if code == "fn":
        files["fn/app.py"] = CODE
    every = [one.text for one in violations(files) if one.code == "LMB104"]
    return [found.groups() for text in every for found in _TOLD.finditer(text)]
