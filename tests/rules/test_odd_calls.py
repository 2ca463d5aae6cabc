"""Calls with too few, too many or other arguments than Python takes are followed, too.

They raise when they run, or are written for another version of a package: nothing is
known of them, and checking goes on.
"""

from __future__ import annotations

import pytest

from flake8_lambda_handler.libraries import outside
from flake8_lambda_handler.libraries import registry
from tests.support import violations

#: What stands between the brackets.
ARGUMENTS = (
    "",
    "event",
    "event, 1",
    "event, 1, 2, 3",
    "None",
    "'a'",
    "'a', 'b'",
    "[]",
    "{}, {}",
    "len",
    "*event",
    "**event",
    "key=event",
    "event, key=None",
)

assert outside.REGISTERED  # importing it registers all

NAMES = sorted(name for name in registry.CALLS if "<" not in name)

#: Objects that code makes itself, and what asks for their methods.
OBJECTS = {"[1]": list, "(1,)": tuple, "{'a': 1}": dict, "{1}": set, "'a'": str}
METHODS = [
    (text, name)
    for text, type in OBJECTS.items()
    for name in dir(type)
    if not name.startswith("_")
]

#: Objects of libraries, with what is known of their methods.
LIBRARIES = {
    "asyncio.TaskGroup()": ["create_task"],
    "asyncio.Runner()": ["run", "get_loop", "close"],
    "asyncio.new_event_loop()": [
        "call_later",
        "call_soon",
        "close",
        "create_task",
        "run_forever",
        "run_in_executor",
        "run_until_complete",
    ],
    "boto3.client('s3')": ["get_object", "get_paginator", "put_object"],
    "boto3.resource('dynamodb')": ["Table", "batch_get_item"],
    "boto3.resource('dynamodb').Table('a')": ["get_item", "query", "update_item"],
    "collections.Counter()": ["most_common", "update"],
    "concurrent.futures.ThreadPoolExecutor()": ["map", "shutdown", "submit"],
    "contextlib.AsyncExitStack()": [
        "aclose",
        "callback",
        "enter_async_context",
        "enter_context",
        "push_async_callback",
    ],
    "contextvars.ContextVar('a')": ["get", "reset", "set"],
    "datetime.datetime.now()": ["astimezone", "isoformat", "replace", "strftime"],
    "decimal.Decimal(1)": ["normalize", "quantize", "to_eng_string"],
    "re.compile('a')": ["findall", "match", "sub"],
}
CALLED = [(text, name) for text, names in LIBRARIES.items() for name in names]


def handler(function: str) -> str:
    calls = "".join(
        f"    found = {function}({given})\n    found.rows[0](found)\n"
        for given in ARGUMENTS
    )
    return f"\ndef lambda_handler(event, context):\n{calls}    return event\n"


@pytest.mark.parametrize("name", NAMES)
def test_of_a_function(name):
    module = name.rpartition(".")[0]
    found = violations(f"import {module}\n" + handler(name))
    assert not {one.code for one in found} & {"LMB101", "LMB401", "LMB402"}


@pytest.mark.parametrize("text, name", METHODS)
def test_of_a_method(text, name):
    assert not violations(handler(f"{text}.{name}"))


@pytest.mark.parametrize("text, name", CALLED)
def test_of_a_method_of_a_library(text, name):
    module = text.partition("(")[0].rpartition(".")[0]
    awaited = "".join(f"    await {text}.{name}({given})\n" for given in ARGUMENTS)
    source = f"import {module}\n\nasync def main(event):\n{awaited}"
    assert violations(source + handler(f"{text}.{name}")) is not None
