"""Update expressions of DynamoDB: which attributes are numbers afterwards.

Amazon DynamoDB developer guide, "Using update expressions", read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.objects import DECIMALS

_CLAUSE = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b", re.I)
#: `visits = :n`, `visits = visits + :n`; of a function, the commas stand in brackets.
_ACTION = re.compile(r"(?:[^,()]|\([^()]*\))+")
_SET = re.compile(r"\s*(#?\w+)\s*=(.*)", re.S)
_ADD = re.compile(r"\s*(#?\w+)\s+(:\w+)\s*")


def numbers(run: Run, call: Call) -> frozenset[str]:
    """Return the attributes that `update_item` makes numbers, whatever they were."""
    expression = call.keywords.get("UpdateExpression")
    if not isinstance(expression, Const) or not isinstance(expression.value, str):
        return frozenset()
    values, names = (
        _literal(run, call.keywords.get(f"ExpressionAttribute{kind}"))
        for kind in ("Values", "Names")
    )
    given = {str(name) for name, value in values.items() if _is_number(value)}
    found = set()
    for name in _numbers(expression.value, given):
        if name.startswith("#"):
            meant = names.get(name)
            name = str(meant.value) if isinstance(meant, Const) else ""
        found.add(name)
    return frozenset(found - {""})


def _numbers(expression: str, given: set[str]) -> Iterator[str]:
    """Yield the names of an expression's numbers; `given` are those among its values."""
    parts = _CLAUSE.split(expression)
    for word, text in zip(parts[1::2], parts[2::2]):
        for action in _ACTION.findall(text):
            if word.upper() == "ADD":
                added = _ADD.fullmatch(action)
                if added and added[2] in given:
                    yield added[1]
            elif word.upper() == "SET":
                put = _SET.fullmatch(action)
                # Nothing but numbers can be added and subtracted.
                if put and (put[2].strip() in given or re.search(r"\s[-+]\s", put[2])):
                    yield put[1]


def _literal(run: Run, value: Value | None) -> dict[object, Value]:
    entry = run.entry(getattr(value, "address", None))
    return dict(entry.known) if isinstance(entry, Items) else {}


def _is_number(value: Value) -> bool:
    if isinstance(value, Const):
        return type(value.value) in (float, int)
    return isinstance(value, Object) and value.type in DECIMALS
