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
