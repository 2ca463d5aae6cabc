"""Containers of more entries than are told apart."""

from __future__ import annotations

import pytest

from tests.support import violations

#: What `limits.ENTRIES` is.
ENTRIES = 64

HEAD = "from datetime import datetime\n\n\n"


def literal(size, last):
    entries = "".join(f"        'k{i}': {i},\n" for i in range(size - 1))
    return (
        f"{HEAD}def lambda_handler(event, context):\n    table = {{\n{entries}"
        f"        'last': {last},\n    }}\n    return table\n"
    )


def assigned(size, last):
    rows = "".join(f"    table['k{i}'] = {i}\n" for i in range(size - 1))
    return (
        f"{HEAD}def lambda_handler(event, context):\n    table = {{}}\n{rows}"
        f"    table['last'] = {last}\n    return table\n"
    )


def merged(size, last):
    rows = "".join(f"    table = {{**table, 'k{i}': {i}}}\n" for i in range(size - 1))
    return (
        f"{HEAD}def lambda_handler(event, context):\n    table = {{}}\n{rows}"
        f"    return {{**table, 'last': {last}}}\n"
    )


def merged_at_one_go(size, last):
    """Return a dict of two halves."""
    half = size // 2
    one = "".join(f"'k{i}': {i}, " for i in range(half))
    two = "".join(f"'k{i}': {i}, " for i in range(half, size - 1))
    return (
        f"{HEAD}def lambda_handler(event, context):\n    table = {{{one}}}\n"
        f"    table |= {{{two}'last': {last}}}\n    return table\n"
    )


SOURCES = [literal, assigned, merged, merged_at_one_go]


@pytest.mark.parametrize("source", SOURCES)
def test_up_to_the_bound_each_is_judged(source):
    assert violations(source(ENTRIES, "'text'")) == []
    (found,) = violations(source(ENTRIES, "datetime.now()"))
    assert found.code == "LMB401"
    assert found.text.startswith("`last` in the response is a `datetime`")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("last", ["'text'", "datetime.now()"])
def test_behind_the_bound_nothing_is_reported(source, last):
    assert violations(source(ENTRIES + 40, last)) == []
