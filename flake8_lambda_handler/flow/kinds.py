"""Of what kind a value is."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.values import TEXT
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import External
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

#: Kinds that raise a `TypeError` under what drives others.
REFUSED = {
    "async for": frozenset({"coroutine"}),
    "async with": frozenset({"async generator", "coroutine"}),
    "await": frozenset({"async generator"}),
}

#: Those of them that are often made beforehand, for a branch that needs them.
LAZY = frozenset({"async context", "async generator", "async iterator"})


def function_of(value: Value) -> Value:
    """Return what a partial calls in the end; any other value as it is."""
    while isinstance(value, Partial):
        value = value.function
    return value


def bind(value: Value, receiver: Value) -> Value | None:
    """Return a method of an object, also one that a decorator from outside has wrapped."""
    if isinstance(value, Function):
        return value.bind(receiver) if value.receiver is None else value
    if not isinstance(value, Partial) or not isinstance(value.function, External):
        return None
    if not value.function.name.startswith("<"):
        return None  # `functools.partial` binds nothing
    inner = bind(value.args[0], receiver)
    return inner and Partial(value.function, (inner, *value.args[1:]), value.keywords)


def is_async(value: Value) -> bool:
    """Return whether a value is a function whose call gives a coroutine."""
    value = function_of(value)
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


def is_nested(function: Function) -> bool:
    """Return whether a function may read names of one that is around it."""
    frame = function.frame
    while frame is not None and isinstance(frame.scope, ast.ClassDef):
        frame = frame.parent
    return frame is not None and not isinstance(frame.scope, ast.Module)


def retries(function: Function | None) -> bool:
    """Return whether a function only tries in a loop, and gives `None` when it is over."""
    body = getattr(function and function.node, "body", None)
    if not isinstance(body, list) or not isinstance(body[-1], (ast.For, ast.While)):
        return False
    tried = [one for one in body[-1].body if isinstance(one, ast.Try)]
    return any(map(_returns, tried)) and not any(map(_returns, body[:-1]))


def _returns(statement: ast.stmt) -> bool:
    return any(isinstance(one, ast.Return) for one in ast.walk(statement))


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


def is_stub(function: Function) -> bool:
    """Return whether a method only stands for those of derived classes."""
    if function.owner is None or isinstance(function.node, ast.Lambda):
        return False
    body = function.node.body
    if _is_constant(body[0], str):
        body = body[1:]
    return all(
        isinstance(one, ast.Pass) or _is_constant(one, type(...)) or _is_missing(one)
        for one in body
    )


def _is_constant(statement: ast.stmt, kind: type) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, kind)
    )


def _is_missing(statement: ast.stmt) -> bool:
    """Return whether a statement is `raise NotImplementedError`."""
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
