"""Branches that Lambda never takes: nothing is said of them, and all of the others.

A table of conditions, each with its opposite, over the shapes of several rules. Lambda sets
some environment variables for each function, and imports the module by its name.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked

HEAD = """
import asyncio
import os

import aiohttp

IS_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
TASK_ROOT = os.getenv("LAMBDA_TASK_ROOT")

def is_local():
    \"\"\"Return whether this runs on a desk.\"\"\"
    return "AWS_EXECUTION_ENV" not in os.environ

async def main(event=None):
    return {}

"""

#: What Lambda never meets, and what it always does.
CONDITIONS = {
    "a script": ('__name__ == "__main__"', '__name__ != "__main__" or True'),
    "a variable that is set": (
        'not os.environ.get("AWS_LAMBDA_FUNCTION_NAME")',
        'os.environ.get("AWS_LAMBDA_FUNCTION_NAME")',
    ),
    "a variable in the environment": (
        '"AWS_REGION" not in os.environ',
        '"AWS_REGION" in os.environ',
    ),
    "a variable that is none": (
        'os.getenv("LAMBDA_TASK_ROOT") is None',
        'os.getenv("LAMBDA_TASK_ROOT") is not None',
    ),
    "a constant of the module": ("not IS_LAMBDA", "IS_LAMBDA"),
    "a text of the module": ("not TASK_ROOT", "TASK_ROOT"),
    "a function that says so": ("is_local()", "not is_local()"),
}

#: What is reported on a branch.
SHAPES = {
    "a loop is closed": """
        LOOP = asyncio.new_event_loop(){otherwise}
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(main(event))
            if {condition}:
                LOOP.close(){mark}
            return result
    """,
    "an asyncio.run takes the loop away": """
        def lambda_handler(event, context):
            if {condition}:
                asyncio.run(main(event))
                return asyncio.get_event_loop().run_until_complete(main(event)){mark}
            return asyncio.run(main(event))
    """,
    "a session is made": """
        SESSION = None
        async def load(event):
            global SESSION
            if {condition}:
                if SESSION is None:
                    SESSION = aiohttp.ClientSession(){mark}
                async with SESSION.get("http://127.0.0.1:9") as response:
                    return response.status
            return 0
        def lambda_handler(event, context):
            return asyncio.run(load(event))
    """,
    "a task is lost": """
        async def load(event):
            if {condition}:
                asyncio.create_task(main(event)){mark}
            return {{}}
        def lambda_handler(event, context):
            return asyncio.run(load(event))
    """,
}
CODES = dict(zip(SHAPES, ("LMB302", "LMB304", "LMB303", "LMB203")))


def _source(shape: str, condition: str, *, taken: bool) -> str:
    mark = f"  # {CODES[shape]}" if taken else ""
    otherwise = "" if taken else "  # LMB301"
    text = SHAPES[shape].format(condition=condition, mark=mark, otherwise=otherwise)
    return HEAD + textwrap.dedent(text)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", CONDITIONS)
def test_never(name, shape):
    assert_marked(_source(shape, CONDITIONS[name][0], taken=False))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", CONDITIONS)
def test_always(name, shape):
    assert_marked(_source(shape, CONDITIONS[name][1], taken=True))


@pytest.mark.parametrize("shape", ["a loop is closed", "a session is made"])
def test_open_conditions_count(shape):
    """Only AWS's own variables are known: `AWS_SAM_LOCAL` is set by who runs it."""
    assert_marked(_source(shape, 'os.environ.get("AWS_SAM_LOCAL")', taken=True))


ENVIRONMENT = {
    "AWS_LAMBDA_FUNCTION_NAME": "orders",
    "AWS_REGION": "eu-west-1",
    "LAMBDA_TASK_ROOT": "/var/task",
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_at_runtime(name):
    never, always = CONDITIONS[name]
    shape = "a loop is closed"
    source = _source(shape, never, taken=False)
    assert invoke(source, environment=ENVIRONMENT).ok
    source = _source(shape, always, taken=True)
    first, second = invoke(source, environment=ENVIRONMENT)
    assert first.ok
    assert second.error_message == "Event loop is closed"
