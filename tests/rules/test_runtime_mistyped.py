"""LMB505: a Python runtime that AWS never had."""

from __future__ import annotations

import datetime

import pytest
from support import violations

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.rules import runtime_mistyped as rule

TODAY = datetime.date(2026, 11, 20)

#: What is written, and what is to be written.
BAD = {
    "python39": "python3.9",
    "python3_9": "python3.9",
    "python310": "python3.10",
    "Python3.9": "python3.9",
    "PYTHON_3_12": "python3.12",
    "python-3.9": "python3.9",
    "python 3.9": "python3.9",
    "python3.9 ": "python3.9",
    "python3.9.1": "python3.9",
    "python3.12.x": "python3.12",
    "py3.12": "python3.12",
    "pyhton3.12": "python3.12",
    "phyton3.12": "python3.12",
    "pyton3.12": "python3.12",
    "pythno3.12": "python3.12",
    "python3": "python3.14",
    "python3.x": "python3.14",
    "python": "python3.14",
    "python3.1": "python3.14",
    "python3.5": "python3.14",
    "python2.6": "python3.14",
    "python3.010": "python3.14",
}

GOOD = [
    *runtimes.TABLE,
    "python3.16",
    "python3.99",
    "python4.0",
    "python3.16.al2023",
    "pythonic",
    "python-uv",
    "pypy3.9",
    "jython3.9",
    "photon3.12",
    "typhon3.12",
    "ruby3.2",
    "nodejs18.x",
    "nodejs4.3",
    "provided.al2023",
    "3.10",
    "",
]

FUNCTION = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      PlaceOrder:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: {runtime}
          Handler: app.lambda_handler
"""


def messages(identifier, kind="function"):
    place = Place("/template.yaml", 1, 0)
    use = RuntimeUse(identifier, place, place, "A", kind)
    return [
        rule.MESSAGE.format(**fields) for fields in rule.check_runtime(use, TODAY, 0)
    ]


@pytest.mark.parametrize("identifier", BAD)
def test_bad(identifier):
    text = f"runtime `{identifier}` is none that Lambda has; the deployment fails; use `{BAD[identifier]}`"
    assert messages(identifier) == [text]
    assert len(text) <= 110


@pytest.mark.parametrize("identifier", GOOD)
def test_good(identifier):
    assert messages(identifier) == []


def test_layers_list_runtimes():
    text = "layer runtime `python39` is none that Lambda has; the deployment fails; list `python3.9`"
    assert messages("python39", "layer") == [text]


def found(name, text):
    return [
        (one.line, one.column, one.code)
        for one in violations(text, name=name)
        if one.code == "LMB505"
    ]


@pytest.mark.parametrize(
    ("runtime", "columns"),
    {
        "python39": [15],
        "'Python3.9'": [16],
        "!Sub python${Version}": [],
        "!Sub '${Language}3.9'": [],
        "nodejs18": [],
        "python3.99": [],
    }.items(),
)
def test_in_sam(runtime, columns):
    text = FUNCTION.format(runtime=runtime)
    assert found("template.yaml", text) == [(6, column, "LMB505") for column in columns]


@pytest.mark.parametrize(
    ("default", "count"), {"3.10": 0, "'3.10'": 0, "3.1": 1, "310": 1}.items()
)
def test_numbers_are_read_as_they_are_written(default, count):
    head = f"""
    Parameters:
      Version: {{Type: String, Default: {default}}}
    """
    text = head.rstrip(" ") + FUNCTION.format(runtime="!Sub 'python${Version}'").lstrip(
        "\n"
    )
    assert len(found("template.yaml", text)) == count


def test_a_mistyped_function_is_one_of_python():
    files = {
        "template.yaml": FUNCTION.format(runtime="Python3.12"),
        "app.py": "async def lambda_handler(event, context): return {}",
    }
    assert [one.code for one in violations(files)] == ["LMB101", "LMB505"]


@pytest.mark.parametrize(
    ("source", "count"),
    {
        "terraform-aws-modules/lambda/aws": 1,
        "terraform-aws-modules/lambda/aws//modules/deploy": 1,
        "./modules/lambda": 0,
        "terraform-google-modules/event-function/google": 0,
    }.items(),
)
def test_modules_of_terraform(source, count):
    text = f"""
        module "fn" {{
          source  = "{source}"
          runtime = "python39"
          handler = "app.handler"
        }}
    """
    assert len(found("main.tf", text)) == count


@pytest.mark.parametrize(
    ("provider", "count"), {"aws": 2, "google": 0, "azure": 0}.items()
)
def test_providers_of_serverless(provider, count):
    text = f"""
        service: shop
        provider:
          name: {provider}
          runtime: python3
        functions:
          one: {{handler: app.handler}}
          two: {{handler: app.handler, runtime: python37}}
    """
    assert len(found("serverless.yml", text)) == count
