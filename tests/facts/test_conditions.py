"""Conditions come out as facts of Lambda say, or are open."""

from __future__ import annotations

import ast
import os
import sys

import pytest

from flake8_lambda_handler.facts import conditions
from flake8_lambda_handler.facts.conditions import ALWAYS_SET
from flake8_lambda_handler.facts.conditions import never_fails
from flake8_lambda_handler.facts.conditions import settled

#: The versions that a module may run on.
VERSIONS = ((3, 9), (3, 14))

TRUE = [
    "sys.version_info >= (3, 8)",
    "sys.version_info > (3, 8)",
    "sys.version_info > (3, 9)",
    "sys.version_info >= (3,)",
    "sys.version_info > (3,)",
    "sys.version_info != (3, 11)",
    "sys.version_info < (3, 15)",
    "(3, 8) <= sys.version_info",
    "(4, 0) > sys.version_info",
    "sys.version_info[:2] >= (3, 9)",
    "sys.version_info[0] == 3",
    "sys.version_info[0] >= 3 and sys.version_info[1] >= 8",
    "sys.version_info.major == 3",
    "sys.version_info.minor >= 9",
    "version_info >= (3, 8)",
    "not TYPE_CHECKING",
    "not typing.TYPE_CHECKING",
    "os.environ.get('AWS_LAMBDA_FUNCTION_NAME')",
    "os.environ.get('AWS_LAMBDA_FUNCTION_NAME', '')",
    "os.environ.get('AWS_REGION') is not None",
    "os.environ.get('AWS_REGION') != None",
    "os.environ['LAMBDA_TASK_ROOT']",
    "os.getenv('AWS_EXECUTION_ENV')",
    "getenv('_HANDLER')",
    "environ.get('_HANDLER')",
    "'AWS_LAMBDA_FUNCTION_NAME' in os.environ",
    "bool(os.environ.get('AWS_LAMBDA_FUNCTION_NAME'))",
    "os.environ",
    "ON_LAMBDA",
    "ON_LAMBDA or x",
    "x or 'AWS_REGION' in os.environ",
]
FALSE = [
    "sys.version_info < (3, 8)",
    "sys.version_info <= (3, 8)",
    "sys.version_info == (3, 9)",
    "sys.version_info < (3,)",
    "sys.version_info >= (3, 15)",
    "sys.version_info[0] == 2",
    "sys.version_info.minor < 9",
    "(3, 8) > sys.version_info",
    "TYPE_CHECKING",
    "t.TYPE_CHECKING",
    "not os.environ.get('AWS_LAMBDA_FUNCTION_NAME')",
    "'AWS_LAMBDA_FUNCTION_NAME' not in os.environ",
    "os.environ.get('AWS_REGION') is None",
    "not ON_LAMBDA",
    "x and not ON_LAMBDA",
    "TYPE_CHECKING and x",
]
OPEN = [
    "sys.version_info >= (3, 10)",
    "sys.version_info < (3, 14)",
    "sys.version_info >= (3, 9, 2)",
    "sys.version_info[:3] >= (3, 8, 1)",
    "sys.version_info[1] >= 10",
    "sys.version_info[2] >= 1",
    "sys.version_info >= wanted",
    "sys.version_info >= 3",
    "3 < sys.version_info[1] < 20",
    "sys.platform == 'linux'",
    "os.environ.get('STAGE')",
    "os.environ.get(name)",
    "os.environ.get('AWS_REGION') == 'eu-central-1'",
    "'AWS_SAM_LOCAL' in os.environ",
    "'AWS_REGION' in settings",
    "settings.get('AWS_REGION')",
    "f('AWS_REGION')",
    "x",
    "TWICE",
    "OTHER",
    "os.getenv()",
    "ON_LAMBDA and x",
    "TYPE_CHECKING or x",
    "not x",
]
HEAD = """\
ON_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
TWICE = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
if x:
    TWICE = False
OTHER = ON_LAMBDA
"""
CONSTANTS = conditions.constants(ast.parse(HEAD))


def outcome(text):
    return settled(ast.parse(text, mode="eval").body, lambda: VERSIONS, CONSTANTS)


@pytest.mark.parametrize("text", TRUE)
def test_true(text):
    assert outcome(text) is True


@pytest.mark.parametrize("text", FALSE)
def test_false(text):
    assert outcome(text) is False


@pytest.mark.parametrize("text", OPEN)
def test_open(text):
    assert outcome(text) is None


@pytest.mark.parametrize("text", [*TRUE, *FALSE])
def test_python_agrees(text, monkeypatch):
    for name in ALWAYS_SET:
        monkeypatch.setenv(name, "x")
    here = sys.version_info[:2]
    names = {
        "os": os,
        "sys": sys,
        "environ": os.environ,
        "getenv": os.getenv,
        "version_info": sys.version_info,
        "TYPE_CHECKING": False,
        "typing": conditions,
        "t": conditions,
        "x": False,
        "ON_LAMBDA": True,
    }
    monkeypatch.setattr(conditions, "TYPE_CHECKING", False, raising=False)
    condition = ast.parse(text, mode="eval").body
    said = settled(condition, lambda: [here], CONSTANTS)
    assert said is bool(eval(text, names))


FAILS = {
    "a package": "try:\n import orjson\nexcept ImportError: pass",
    "a name": "try:\n from asyncio import timeout\nexcept ImportError: pass",
    "a module of some versions": "try:\n import tomllib\nexcept ImportError: pass",
    "a module in a package": "try:\n import os.none\nexcept ImportError: pass",
    "another exception": "try:\n import json\nexcept ValueError: pass",
    "any exception": "try:\n import json\nexcept: pass",
    "code": "try:\n import json\n json.x()\nexcept ImportError: pass",
    "a decorator": "try:\n @x\n def f(): ...\nexcept ImportError: pass",
}
WORKS = {
    "a module": "try:\n import json\nexcept ImportError: pass",
    "two modules": "try:\n import json, asyncio\nexcept ImportError: pass",
    "the narrow exception": "try:\n import json\nexcept ModuleNotFoundError: pass",
    "both": "try:\n import json\nexcept (ImportError, ModuleNotFoundError): pass",
    "a function": "try:\n import json\n def f(): ...\nexcept ImportError: pass",
    "an async one": "try:\n import re\n async def f(): ...\nexcept ImportError: pass",
    "an alias": "try:\n import json as j\nexcept ImportError: pass",
    "a reason to end": "try:\n import json\nexcept ImportError as e: raise e",
}


@pytest.mark.parametrize("text", FAILS.values(), ids=FAILS)
def test_may_fail(text):
    assert not never_fails(ast.parse(text).body[0])


@pytest.mark.parametrize("text", WORKS.values(), ids=WORKS)
def test_never_fails(text):
    assert never_fails(ast.parse(text).body[0])
    exec(text, {})
