"""Templates move to another runtime, and keep every other byte."""

from __future__ import annotations

import pytest

from tests.migrate.rewriting import command
from tests.migrate.rewriting import dedented
from tests.support import project

pytestmark = pytest.mark.usefixtures("with_and_without_git")

#: Files in which each `python3.8` that is not marked `# stays` becomes `python3.13`.
MOVED = {
    "SAM, globals and quotes": {
        "template.yaml": """
            # python3.8 in a comment  # stays
            Transform: AWS::Serverless-2016-10-31
            Globals:
              Function:
                Runtime:   "python3.8"   # old
            Resources:
              A: {é: 1, Type: AWS::Serverless::Function, Properties:
                {Handler: app.é, Runtime: 'python3.8'}}
              B:
                Type: AWS::Serverless::Function
                Properties:
                  Description: python3.8  # stays
                  Runtime: python3.8  # noqa  # stays
        """
    },
    "CloudFormation, a parameter, a mapping and branches": {
        "stack.template": """
            AWSTemplateFormatVersion: "2010-09-09"
            Parameters:
              Version: {Type: String, Default: python3.8}
            Conditions: {IsNew: !Equals [a, b]}
            Resources:
              A:
                Type: AWS::Lambda::Function
                Properties:
                  Handler: app.run
                  Code: {S3Bucket: b, S3Key: k}
                  Runtime: !Ref Version
              B:
                Type: AWS::Lambda::Function
                Properties:
                  Handler: app.run
                  Code: {S3Bucket: b, S3Key: k}
                  Runtime: !If [IsNew, python3.13, python3.8]
        """
    },
    "CloudFormation in JSON": {
        "template.json": """
            {"AWSTemplateFormatVersion": "2010-09-09",
             "Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties":
               {"Description": "python3.8 stays",
                "Role": "é", "Runtime" : "python3.8"}}}}
        """
    },
    "Serverless Framework": {
        "serverless.yml": """
            service: orders
            custom:
              runtime: python3.8
            provider:
              name: aws
              runtime: ${self:custom.runtime}
            functions:
              one:
                handler: app.run
                runtime: python3.8
        """
    },
    "Terraform": {
        "main.tf": """
            variable "runtime" {
              default = "python3.8"
            }
            resource "aws_lambda_function" "one" {
              description = "é python3.8"  # stays
              runtime     = var.runtime
            }
            resource "aws_lambda_function" "two" {
              runtime = "python3.8"
            }
        """
    },
}


MOVED["Terraform in several files"] = {
    "main.tf": """
        resource "aws_lambda_function" "one" { runtime = var.runtime }
        resource "aws_lambda_function" "two" { runtime = var.runtime }
    """,
    "variables.tf": """
        variable "runtime" { default = "python3.8" }
    """,
    "more.tf": """
        resource "aws_lambda_function" "three" { runtime = var.runtime }
    """,
}


MOVED["a CDK app in Python"] = {
    "app.py": """
        # python3.8 in a comment  # stays
        from aws_cdk import DockerImage, aws_lambda as lambda_

        OLD = lambda_.Runtime.PYTHON_3_8
        KEPT = lambda_.Runtime.PYTHON_3_8  # noqa: LMB501  # stays
        if runtime == lambda_.Runtime.PYTHON_3_8:  # stays
            pass
        lambda_.Function(stack, "é", description="python3.8 stays", runtime=OLD)
        lambda_.Function(stack, "python3.8 é", runtime=lambda_.Runtime.PYTHON_3_13)  # stays
        lambda_.LayerVersion(
            stack, "é", compatible_runtimes=["é" and lambda_.Runtime.PYTHON_3_8]
        )
        lambda_.CfnFunction(stack, "A", runtime='python3.8')
        child.add_property_override("Runtime", "python3.8")
        image = DockerImage.from_registry("public.ecr.aws/sam/build-python3.8")
        image = lambda_.Runtime.PYTHON_3_8.bundling_image
    """,
    "settings.py": """
        RUNTIME = "python3.8"  # stays
    """,
    "tests/test_app.py": """
        from aws_cdk import aws_lambda as lambda_

        RUNTIME = lambda_.Runtime.PYTHON_3_8  # stays
    """,
}
MOVED["a CDK app in TypeScript"] = {
    "app.ts": """
        import * as lambda from 'aws-cdk-lib/aws-lambda';
        // python3.8 stays
        const OLD = lambda.Runtime.PYTHON_3_8;
        new lambda.Function(this, 'é', { description: 'é', runtime: OLD });
        new lambda.CfnFunction(this, "A", { description: "python3.8", runtime: x }); // stays
        new lambda.CfnFunction(this, "A", { runtime: "python3.8" });
    """,
}
MOVED["Pulumi and boto3"] = {
    "__main__.py": """
        import pulumi_aws as aws

        OLD = aws.lambda_.Runtime.PYTHON3D8
        aws.lambda_.Function("orders", runtime="python3.8", description='''
        python3.8 stays''')
    """,
    "deploy.py": """
        import boto3

        client = boto3.client("lambda")
        options = {"FunctionName": "a", "Runtime": "python3.8"}
        client.create_function(**options)
        other.create_function(Runtime="python3.8")  # stays
    """,
}


def expected(text: str) -> str:
    return "".join(
        line
        if "stays" in line
        else line.replace("python3.8", "python3.13")
        .replace("PYTHON_3_8", "PYTHON_3_13")
        .replace("PYTHON3D8", "PYTHON3D13")
        for line in text.splitlines(keepends=True)
    )


def move(*arguments: str) -> int:
    return command("--fix", "LMB5xx", "--lambda-as-of", "2026-11-20", *arguments)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("files", MOVED.values(), ids=MOVED)
def test_moved(files, newline):
    texts = {
        name: dedented(text).replace("\n", newline) for name, text in files.items()
    }
    with project(texts) as folder:
        assert move("--runtime", "python3.13") == 0
        for name, text in texts.items():
            assert (folder / name).read_bytes().decode() == expected(text)
        assert move("--runtime", "python3.13", "--check") == 0


def test_the_successor_is_the_newest_supported_runtime():
    text = 'resource "aws_lambda_function" "one" {\n  runtime = "python3.9"\n}\n'
    with project({"main.tf": text}) as folder:
        assert move() == 0
        assert (folder / "main.tf").read_text() == text.replace("3.9", "3.14")


def test_only_the_codes_that_are_named():
    text = (
        'resource "aws_lambda_function" "one" {\n  runtime = "python3.9"\n}\n'
        'resource "aws_lambda_function" "two" {\n  runtime = "python3.6"\n}\n'
    )
    with project({"main.tf": text}) as folder:
        for code in ("LMB501", "LMB502", "LMB503"):
            command("--fix", code, "--lambda-as-of", "2026-01-20")
            moved = (folder / "main.tf").read_text().count("python3.14")
            assert moved == {"LMB501": 1, "LMB502": 1, "LMB503": 2}[code]


@pytest.mark.parametrize(
    ("text", "arguments", "reason"),
    [
        (
            "Resources:\n  L:\n    Type: AWS::Serverless::LayerVersion\n"
            "    Properties:\n"
            "      CompatibleRuntimes: [python3.8, python3.13]\n",
            ("--runtime", "python3.13"),
            "`python3.8` stands beside `python3.13`; take it out of the list",
        ),
        (
            "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
            "      Runtime: python3.8\n",
            ("--runtime", "python3.8"),
            "`python3.8` is not older than `python3.8`",
        ),
        (
            "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
            '      Runtime: "python\\x33.8"\n',
            ("--runtime", "python3.13"),
            "`python3.8` does not stand here word for word",
        ),
    ],
)
def test_refused(text, arguments, reason, capsys):
    with project({"template.yaml": text}) as folder:
        assert move(*arguments) == 3
        assert (folder / "template.yaml").read_text() == text
    assert reason in capsys.readouterr().err


def test_python_is_left_alone():
    text = "async def lambda_handler(event, context):\n    return 1\n"
    with project({"app.py": text}) as folder:
        assert move() == 0
        assert (folder / "app.py").read_text() == text


def test_handlers_and_runtimes_of_one_file():
    text = """\
from aws_cdk import aws_lambda


async def lambda_handler(event, context):
    return await work(event)


RUNTIME = aws_lambda.Runtime.PYTHON_3_8
"""
    with project({"app.py": text}) as folder:
        codes = "LMB101,LMB5xx"
        assert command("--fix", codes, "--lambda-as-of", "2026-11-20") == 0
        moved = (folder / "app.py").read_text()
    assert "asyncio.run(" in moved
    assert moved.endswith("\nRUNTIME = aws_lambda.Runtime.PYTHON_3_14\n")


REFUSED = {
    "put together": """
        from aws_cdk import aws_lambda

        VERSION = "3.8"
        aws_lambda.CfnFunction(stack, "A", runtime=f"python{VERSION}")
    """,
    "an image of which there is none newer": """
        from aws_cdk import DockerImage

        DockerImage.from_registry("lambci/lambda:build-python3.8")
    """,
    "written in pieces": """
        from aws_cdk import aws_lambda

        aws_lambda.CfnFunction(stack, "A", runtime="python" "3.8")
    """,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_programs_that_are_left_alone(text):
    with project({"app.py": dedented(text)}) as folder:
        assert move() == 3
        assert (folder / "app.py").read_text() == dedented(text)


def test_a_template_that_cannot_be_read(capsys):
    with project({"template.yaml": "Resources: {a: AWS::Lambda::Function\n"}):
        assert move() == 3
    assert "template.yaml:" in capsys.readouterr().err
