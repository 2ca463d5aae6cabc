"""Whether a key of a DynamoDB table holds a number, as far as the code shows.

`LastEvaluatedKey` has the attributes of the key and no others: it holds a `Decimal` if
one of them is a number.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.values import Address

LAST_KEY = "LastEvaluatedKey"

#: Conditions on a key: `Key("at").gt(7)`.
CONDITIONS = frozenset({"between", "eq", "gt", "gte", "lt", "lte"})

#: Arguments that are a key: `get_item(Key={"id": 7})`.
KEYS = frozenset({"ExclusiveStartKey", "Key"})

NUMBERS = frozenset({"Decimal", "float", "int"})


def shows_number_key(address: Address | None) -> bool:
    """Return whether calls on the table that gave a page show a number in a key."""
    node = None if address is None else written(address.node)
    if address is None or not isinstance(node, ast.Call):
        return False
    table = ast.dump(node.func.value) if isinstance(node.func, ast.Attribute) else None
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and ast.dump(call.func.value) == table
        and (call is node or not _asks_an_index(call))
        and any(map(_is_number, _given_to_keys(call)))
        for call in ast.walk(address.module.tree)
    )


def _asks_an_index(call: ast.Call) -> bool:
    """Return whether a call is about an index, whose keys are others."""
    return any(keyword.arg == "IndexName" for keyword in call.keywords)


def _given_to_keys(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a call gives to the attributes of keys."""
    for keyword in call.keywords:
        if keyword.arg in KEYS and isinstance(keyword.value, ast.Dict):
            yield from keyword.value.values
        if keyword.arg == "KeyConditionExpression":
            for node in ast.walk(keyword.value):
                if isinstance(node, ast.Call) and _is_condition(node.func):
                    yield from node.args


def _is_condition(function: ast.expr) -> bool:
    """Return whether a function is `Key("name").eq` or its like."""
    if not isinstance(function, ast.Attribute) or function.attr not in CONDITIONS:
        return False
    made = function.value
    return isinstance(made, ast.Call) and last_name(made) == "Key"


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float)
    return isinstance(value, ast.Call) and last_name(value) in NUMBERS
