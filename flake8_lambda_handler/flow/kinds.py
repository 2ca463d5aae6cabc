"""Of what kind a value is."""

from __future__ import annotations

from flake8_lambda_handler.flow.values import TEXT
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

#: Kinds of coroutines that do nothing at all if nobody drives them; an `awaitable` may
#: be entered or iterated instead.
UNDRIVEN = frozenset(
    {"async context", "async generator", "async iterator", "awaitable", "coroutine"}
)

#: Those of them that are often made beforehand, for a branch that needs them.
LAZY = frozenset({"async context", "async generator", "async iterator"})


def is_async(value: Value) -> bool:
    """Return whether a value is a function whose call gives a coroutine."""
    while isinstance(value, Partial):
        value = value.function
    if not isinstance(value, Function) or not value.is_async:
        return False
    return not value.module.scopes[value.node].yields


def are_called(value: Value) -> bool:
    """Return whether all that a value may be is called: it matters what all give.

    Of objects and classes it is a method that is called.
    """
    return all(
        isinstance(one, (Class, Function, Instance, Partial)) for one in each(value)
    )


def is_text(value: Value) -> bool:
    """Return whether a value is text, known or not."""
    if isinstance(value, Const):
        return isinstance(value.value, str)
    return value == TEXT


def is_key(value: Value) -> bool:
    """Return whether a value is a constant under which the heap can keep another."""
    return isinstance(value, Const) and isinstance(
        value.value, (str, bytes, int, float, type(None))
    )
