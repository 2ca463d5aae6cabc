"""What only annotations tell of."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all


class Callback(Value):
    """A function of which an annotation tells that its calls give something to await.

    `gives` is the kind of that: a `coroutine`, or an `awaitable`. Where the project tells
    it, `example` is one of the functions that it may be.
    """

    __slots__ = ("gives", "example")
    gives: str
    example: Function | None


class Alias(Value):
    """A name for an annotation: `Hook = Callable[[int], Awaitable[None]]`."""

    __slots__ = ("hint",)
    hint: Hint


def is_doubted(run: Run, call: ast.AST) -> bool:
    """Return whether a file gives, as what it calls, a lambda that may not be async.

    An annotation that says so tells nothing then.
    """
    name = getattr(getattr(call, "func", None), "attr", "")
    for given in run.module.lambdas.get(name, ()):
        called = given.body.func if isinstance(given.body, ast.Call) else None
        if not isinstance(called, ast.Name):
            return True
        if not is_async(run.world.global_value(run.module, called.id)):
            return True
    return False


def as_declared(value: Value) -> Value:
    """Return what is left of a value when only its class, or `None`, may be told."""
    found: list[Value] = []
    for one in each(value):
        if one == NONE and value != NONE:
            found.append(NONE)
        elif isinstance(one, Instance):
            found.append(Typed(one.cls, None))
        elif isinstance(one, Held):
            found.append(one)
        elif isinstance(one, Object) and not isinstance(one, Coroutine):
            found.append(Object(one.type, None) if type(one) is Object else UNKNOWN)
        else:
            found.append(UNKNOWN)
    return join_all(found) or UNKNOWN


class Row(Held):
    """A tuple or list of objects of which it is known, by their places, what they are."""

    __slots__ = ("kind", "item", "items")
    items: tuple[Value, ...]


def yielded(run: Run, value: Value) -> Value:
    """Return what is left of what a generator yields, for whoever has not followed it."""
    found: list[Value] = []
    for one in each(value):
        if not isinstance(one, Container) or one.kind not in ("list", "tuple"):
            found.append(as_declared(one))
            continue
        items = run.items(one)
        known = tuple(map(as_declared, items.values()))
        item = join_all([*known]) or UNKNOWN
        is_whole = items.rest is None and [*items.known] == [*range(len(known))]
        held = Row(one.kind, item, known) if is_whole else Held("list", item)
        found.append(held if known else UNKNOWN)
    return join_all(found) or UNKNOWN
