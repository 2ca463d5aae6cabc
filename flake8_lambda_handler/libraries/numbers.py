"""Numbers, `Decimal` most of all: what calls and operators make of them."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Any

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries.registry import call_of

#: What gives a number, or raises an error.
#: Source: Python 3.13 documentation, "statistics", read 2026-11-23.
_STATISTICS = (
    *("fmean", "geometric_mean", "harmonic_mean", "mean", "median", "median_high"),
    *("median_low", "pstdev", "pvariance", "stdev", "variance"),
)

# -- calls --------------------------------------------------------------------------


@call_of("builtins.float")
def _float(run: Run, call: Call) -> Value:
    if len(call.args) == 1 and isinstance(call.args[0], Const):
        try:
            return Const(float(call.args[0].value))
        except (TypeError, ValueError, OverflowError):
            return UNKNOWN
    return Object(objects.FLOAT, None)


@call_of(*[f"statistics.{name}" for name in _STATISTICS])
def _statistic(run: Run, call: Call) -> Value:
    for value in call.values():
        run.misuse(value, call.node, f"`{call.name}()`")
    return SOMETHING


@call_of("decimal.Decimal")
def _decimal(run: Run, call: Call) -> Value:
    if len(call.args) == 1 and isinstance(call.args[0], Const):
        text = str(call.args[0].value).strip().lower()
        if re.fullmatch(r"[+-]?s?nan\d*", text):
            return Object(objects.DECIMAL_NAN, None)
        if re.fullmatch(r"[+-]?inf(inity)?", text):
            minus = text.startswith("-")
            return Object(
                objects.DECIMAL_MINUS_INF if minus else objects.DECIMAL_INF, None
            )
    return Object(objects.DECIMAL, None)


@call_of("builtins.max", "builtins.min")
def _extreme(run: Run, call: Call) -> Value:
    """Return the largest or the smallest of all where an infinity is sure to be it."""
    name = call.name.removeprefix("builtins.")
    for value in call.args:
        run.look_at(value, call.node, f"`{name}()`")
    extreme = Const(math.inf if name == "max" else -math.inf)
    if extreme in call.args:
        return extreme
    given = [run.iterate(call.args[0], call.node)] if len(call.args) == 1 else call.args
    if "key" not in call.keywords:
        for value in given:
            run.look_at(value, call.node, f"`{name}()`")  # it cannot be compared
        given = [one for one in given if not isinstance(one, Coroutine)]
    return join(UNKNOWN, *given)  # one of them, with all that it holds


@call_of("builtins.abs", "builtins.round")
def _rounded(run: Run, call: Call) -> Value:
    """Return what is of the same kind, but for a `round` without digits."""
    name = call.name.removeprefix("builtins.")
    for value in call.values():
        run.misuse(value, call.node, f"`{name}()`")
    first = call.argument(0)
    if name == "round" and len(call.args) == 1 and not call.keywords:
        return Object(objects.INT, None)
    is_kept = isinstance(first, Object) and first.type in (
        objects.DECIMAL,
        objects.TIMEDELTA,
    )
    return first if is_kept or first == SOMETHING else UNKNOWN


@call_of("builtins.sum")
def _sum(run: Run, call: Call) -> Value:
    """Return what adding elements to the start gives."""
    for value in call.values():
        run.misuse(value, call.node, "`sum()`")
    start = call.args[1] if len(call.args) > 1 else call.keywords.get("start", Const(0))
    element = run.iterate(call.argument(0), call.node)
    if isinstance(start, Container):
        inner = [run.iterate(one, call.node) for one in (start, element)]
        return run.container(start.kind, Items({}, join(*inner)), call.node)
    # Of no elements it is the start; nobody adds those up on purpose.
    return arithmetic(start, element, ast.Add())


@call_of("json.load", "json.loads")
def _loads(run: Run, call: Call) -> Value:
    """Return what may hold `Decimal` if the call says so."""
    for value in call.values():
        run.escape(value, keep=True)
    is_exact = call.keywords.get("parse_float") == External(objects.DECIMAL)
    return Object(objects.DECIMAL_JSON, None) if is_exact else UNKNOWN


#: What holds parts that may be `Decimal`.
EXACT = frozenset({objects.DECIMAL_JSON, objects.JSON_PART, objects.ITEM_PART})


def part(value: Object, key: Value) -> Value:
    """Return what a key holds in something with `Decimal` numbers."""
    if value.type == objects.ITEM_PART:
        return value
    name = str(key.value) if isinstance(key, Const) else ""
    is_number = _FRACTIONS.search(name) is not None
    return Object(objects.ITEM_PART if is_number else objects.JSON_PART, None)


#: Names of what has fractions, so that it is where they become `Decimal`.
_FRACTIONS = re.compile(
    r"amount|balance|cost|discount|fee|price|rate|subtotal|tax|total|weight", re.I
)


# -- operators ----------------------------------------------------------------------


def arithmetic(left: Value, right: Value, op: ast.operator | None) -> Value:
    """Return what an operator between two values gives."""
    if isinstance(left, Alternatives) or isinstance(right, Alternatives):
        if isinstance(left, Overfull) or isinstance(right, Overfull):
            return UNKNOWN
        found = [arithmetic(x, y, op) for x in each(left) for y in each(right)]
        return UNKNOWN if UNKNOWN in found else join(*found)
    if (result := _not_finite(left, right, op)) is not None:
        return result
    if isinstance(op, (ast.Add, ast.Sub)):
        # Whatever the other number is, even NaN: none of them is finite.
        if _is_infinite(left):
            return left
        if _is_infinite(right):
            return right if isinstance(op, ast.Add) else negative(right)
    one = left.type if isinstance(left, Object) else ""
    two = right.type if isinstance(right, Object) else ""
    if isinstance(op, (ast.Add, ast.Sub)):
        if one in (objects.DATE, objects.DATETIME) and two == objects.TIMEDELTA:
            return left
        if (
            isinstance(op, ast.Add)
            and one == objects.TIMEDELTA
            and two in (objects.DATE, objects.DATETIME)
        ):
            return right
        if (
            isinstance(op, ast.Sub)
            and one == two
            and one in (objects.DATE, objects.DATETIME)
        ):
            return Object(objects.TIMEDELTA, None)
        if one == two == objects.TIMEDELTA:
            return left
    if isinstance(op, ast.Div) and one == objects.PATH:
        return left
    if isinstance(op, ast.BitOr) and (one or two):
        # Chains of langchain: the other side may be a dict or a function.
        for type in filter(None, (one, two)):
            listed = async_apis.method(type, "__or__")
            if listed is not None and listed[1] is not None:
                return Object(listed[1], None)
    if any(
        isinstance(one, Const) and isinstance(one.value, complex)
        for one in (left, right)
    ):
        return Object("builtins.complex", None)
    if isinstance(op, _NUMERIC) and _gives_decimal(left, right, op):
        return Object(objects.DECIMAL, None)
    return UNKNOWN


def _not_finite(left: Value, right: Value, op: ast.operator | None) -> Const | None:
    """Return what an operator between two numbers gives that is not finite, if it does.

    NaN makes NaN of whatever it is added to, multiplied with or divided by.
    """
    calculate = _CALCULATED.get(type(op))
    if calculate is None:
        return None
    given = [one.value for one in (left, right) if isinstance(one, Const)]
    if any(isinstance(one, float) and math.isnan(one) for one in given):
        return Const(math.nan)
    if len(given) < 2 or not any(isinstance(one, float) for one in given):
        return None
    try:
        result = calculate(*given)
    except (ArithmeticError, TypeError):
        return None
    is_finite = not isinstance(result, float) or math.isfinite(result)
    return None if is_finite else Const(result)


#: Operators whose result is never finite where one side is NaN.
_CALCULATED: dict[type[ast.operator | None], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Mult: operator.mul,
    ast.Sub: operator.sub,
}


def _is_infinite(value: Value) -> bool:
    held = value.value if isinstance(value, Const) else None
    return isinstance(held, float) and math.isinf(held)


_NUMERIC = (ast.Add, ast.Div, ast.FloorDiv, ast.Mult, ast.Pow, ast.Sub)


def _gives_decimal(left: Value, right: Value, op: ast.operator) -> bool:
    """Return whether an operator gives a `Decimal`, or raises a `TypeError`."""
    kinds = {one.type if isinstance(one, Object) else "" for one in (left, right)}
    if objects.DECIMAL in kinds and {UNKNOWN, SOMETHING} & {left, right}:
        return True
    if not all(map(_is_exact, (left, right))):
        return False
    # Two parts may also be text, which can be added.
    return objects.DECIMAL in kinds or (
        objects.ITEM_PART in kinds and not (isinstance(op, ast.Add) and kinds <= EXACT)
    )


def _is_exact(value: Value) -> bool:
    """Return whether a value goes together with `Decimal`, if it is a number at all."""
    if isinstance(value, Const):
        return isinstance(value.value, int)
    exact = (objects.DECIMAL, objects.INT, objects.ITEM_PART, objects.JSON_PART)
    return isinstance(value, Object) and value.type in exact


def constant(value: External) -> Value:
    """Return the number that an external name stands for, or else the name."""
    found = objects.VALUES.get(value.name)
    return found if isinstance(found, Const) else value


def negative(value: Value) -> Value:
    """Return `-value`."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    if isinstance(value, Object):
        opposite = {
            objects.DECIMAL_INF: objects.DECIMAL_MINUS_INF,
            objects.DECIMAL_MINUS_INF: objects.DECIMAL_INF,
        }
        if value.type in objects.DECIMALS or value.type == objects.TIMEDELTA:
            return Object(opposite.get(value.type, value.type), None)
    return UNKNOWN
