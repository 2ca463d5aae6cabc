"""LMB101 on handlers that are bound in unusual ways, or on a condition."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

TEMPLATE = """
Resources:
  Main:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.lambda_handler, CodeUri: .}
"""

HEAD = """\
import os
import sys
from typing import TYPE_CHECKING

async def work(event, context):
    return {}

def plain(event, context):
    return {}

"""

BAD = {
    "the version of the runtime": """
        if sys.version_info >= (3, 8):
            async def lambda_handler(event, context):  # LMB101
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "not the version of the runtime": """
        if sys.version_info < (3, 13):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "not for type checkers": """
        if TYPE_CHECKING:
            def lambda_handler(event, context): ...
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "a variable that is always set": """
        if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
            async def lambda_handler(event, context):  # LMB101
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "by a name": """
        IS_LOCAL = "AWS_EXECUTION_ENV" not in os.environ
        if IS_LOCAL:
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "an import that never fails": """
        try:
            import json
            async def lambda_handler(event, context):  # LMB101
                return {}
        except ImportError:
            def lambda_handler(event, context):
                return {}
    """,
    "a condition that is open: the async one": """
        if os.environ.get("FAST"):
            async def lambda_handler(event, context):  # LMB101
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "a condition that is open: the async one comes last": """
        if os.environ.get("FAST"):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "one of a chain": """
        if os.environ["MODE"] == "a":
            def lambda_handler(event, context):
                return {}
        elif os.environ["MODE"] == "b":
            async def lambda_handler(event, context):  # LMB101
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "an import that may fail": """
        try:
            import orjson
            def lambda_handler(event, context):
                return {}
        except ImportError:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "defined anew on a condition": """
        def lambda_handler(event, context):
            return {}
        if os.environ.get("FAST"):
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "a walrus": "print(lambda_handler := work)  # LMB101",
    "a walrus in a condition": """
        if (lambda_handler := work) is not None:  # LMB101
            pass
    """,
    "a walrus in a list": "EVERY = [lambda_handler := work, plain]  # LMB101",
    "an item of globals": 'globals()["lambda_handler"] = work  # LMB101',
    "an item of globals, after another binding": """
        lambda_handler = plain
        globals()["lambda_handler"] = work  # LMB101
    """,
    "a default of a table": """
        JOBS = {"work": work}
        lambda_handler = JOBS.get(os.environ["JOB"], work)  # LMB101
    """,
    "any entry of a table": """
        JOBS = {"work": work, "again": work}
        lambda_handler = JOBS[os.environ["JOB"]]  # LMB101
    """,
    "any entry of a table of several": """
        async def other(event, context):
            return {"other": True}
        JOBS = dict(work=work, other=other)
        lambda_handler = JOBS[os.environ["JOB"]]  # LMB101
    """,
    "any function that is registered": """
        JOBS = {}
        def job(name):
            def registered(function):
                JOBS[name] = function
                return function
            return registered
        @job("one")
        async def one(event, context):
            return {"one": 1}
        @job("two")
        async def two(event, context):
            return {"two": 2}
        lambda_handler = JOBS[os.environ["JOB"]]  # LMB101
    """,
    "an entry of a table, or nothing": """
        JOBS = {"work": work, "again": work}
        lambda_handler = JOBS.get(os.environ["JOB"])  # LMB101
    """,
    "the only entry of a table": """
        JOBS = {"work": work}
        lambda_handler = JOBS[os.environ["JOB"]]  # LMB101
    """,
    "an arm for the variables that are always set": """
        lambda_handler = work if os.getenv("AWS_REGION") else plain  # LMB101
    """,
}

GOOD = {
    "an arm for the variables that are always set": """
        lambda_handler = plain if os.getenv("AWS_REGION") else work
    """,
    "the version of the runtime": """
        if sys.version_info >= (3, 8):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):
                return {}
    """,
    "not the version of the runtime": """
        if sys.version_info < (3, 13):
            async def lambda_handler(event, context):
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "for type checkers": """
        if TYPE_CHECKING:
            async def lambda_handler(event, context): ...
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "a variable that is always set": """
        if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):
                return {}
    """,
    "by a name": """
        IS_LOCAL = "AWS_EXECUTION_ENV" not in os.environ
        if IS_LOCAL:
            async def lambda_handler(event, context):
                return {}
        else:
            def lambda_handler(event, context):
                return {}
    """,
    "an import that never fails": """
        try:
            import json
            def lambda_handler(event, context):
                return {}
        except ImportError:
            async def lambda_handler(event, context):
                return {}
    """,
    "a condition that is open: none is async": """
        if os.environ.get("FAST"):
            def lambda_handler(event, context):
                return {}
        else:
            def lambda_handler(event, context):
                return {"slow": True}
    """,
    "a condition that is open, and a binding behind it": """
        if os.environ.get("FAST"):
            async def lambda_handler(event, context):
                return {}
        else:
            def lambda_handler(event, context):
                return {}
        lambda_handler = plain
    """,
    "one of a chain, run by its decorator": """
        from asgiref.sync import async_to_sync
        if os.environ["MODE"] == "a":
            def lambda_handler(event, context):
                return {}
        else:
            @async_to_sync
            async def lambda_handler(event, context):
                return {}
    """,
    "an import that may fail, and what it brings": """
        try:
            from vendor import lambda_handler
        except ImportError:
            async def lambda_handler(event, context):
                return {}
    """,
    "wrapped on a condition": """
        from vendor import wrapped
        async def lambda_handler(event, context):
            return {}
        if os.environ.get("FAST"):
            lambda_handler = wrapped(lambda_handler)
    """,
    "defined anew, always": """
        async def lambda_handler(event, context):
            return {}
        if "_HANDLER" in os.environ:
            def lambda_handler(event, context):
                return {}
    """,
    "a walrus": "print(lambda_handler := plain)",
    "a walrus in a function": """
        def f():
            print(lambda_handler := work)
    """,
    "a walrus in an expression that is a function": "F = lambda: (lambda_handler := work)",
    "an item of globals": 'globals()["lambda_handler"] = plain',
    "an item of globals in a function": """
        def f():
            globals()["lambda_handler"] = work
    """,
    "a table with an entry that is not known": """
        from vendor import other
        JOBS = {"work": work, "other": other}
        lambda_handler = JOBS[os.environ["JOB"]]
    """,
    "any function that is registered, one of them sync": """
        JOBS = {}
        def job(name):
            def registered(function):
                JOBS[name] = function
                return function
            return registered
        @job("one")
        async def one(event, context):
            return {"one": 1}
        @job("two")
        def two(event, context):
            return {"two": 2}
        lambda_handler = JOBS[os.environ["JOB"]]
    """,
    "a table that somebody else fills": """
        from vendor import fill
        JOBS = {"work": work, "again": work}
        fill(JOBS)
        lambda_handler = JOBS[os.environ["JOB"]]
    """,
    "an entry of a table, or another": """
        JOBS = {"work": work}
        lambda_handler = JOBS.get(os.environ["JOB"], plain)
    """,
    "one of a table": """
        JOBS = {"work": work, "plain": plain}
        lambda_handler = JOBS[os.environ["JOB"]]
    """,
}

#: Without a template, functions run on more than one version of Python.
BY_NAME = {
    "the oldest that can be had has it": """
        if sys.version_info >= (3, 8):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):
                return {}
    """,
    "some have it": """
        if sys.version_info >= (3, 12):
            def lambda_handler(event, context):
                return {}
        else:
            async def lambda_handler(event, context):  # LMB101
                return {}
    """,
    "a walrus": "print(lambda_handler := work)  # LMB101",
    "an item of globals": 'globals()["lambda_handler"] = work  # LMB101',
}


def source(text):
    return HEAD + "\n".join(line.removeprefix("        ") for line in text.split("\n"))


def test_tables_have_equal_numbers():
    assert len(GOOD) == len(BAD)


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad(text):
    assert "# LMB101" in text
    assert_marked({"app.py": source(text), "template.yaml": TEMPLATE})


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_good(text):
    assert "# LMB101" not in text
    assert_marked({"app.py": source(text), "template.yaml": TEMPLATE})


@pytest.mark.parametrize("text", BY_NAME.values(), ids=BY_NAME)
def test_by_name(text):
    assert_marked(source(text))
