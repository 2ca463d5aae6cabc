"""Which function stands for the calls of each name from outside the project."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterable

from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value

#: Gives what a call returns, and lets it have its effects.
Stand = Callable[[Run, Call], Value]

#: The same for a method of an object; `None` leaves it to the tables of async APIs.
MethodStand = Callable[[Run, Object, Call], "Value | None"]

#: What runs for a call of each of these dotted names.
CALLS: dict[str, Stand] = {}

#: What runs for a call of a method of an object of each of these types.
METHODS: dict[str, MethodStand] = {}


def call_of(*names: str) -> Callable[[Stand], Stand]:
    """Return a decorator that makes a function stand for calls of some names.

    Raises:
        ValueError: another function stands for one of them already.
    """

    def register(function: Stand) -> Stand:
        register_all(names, function)
        return function

    return register


def register_all(names: Iterable[str], function: Stand) -> None:
    """Make a function stand for calls of all names of a table.

    Raises:
        ValueError: another function stands for one of them already.
    """
    for name in names:
        if name in CALLS:
            raise ValueError(f"two functions stand for calls of `{name}`")
        CALLS[name] = function


def methods_of(*types: str) -> Callable[[MethodStand], MethodStand]:
    """Return a decorator that makes a function stand for the methods of some types.

    Raises:
        ValueError: another function stands for one of them already.
    """

    def register(function: MethodStand) -> MethodStand:
        for type in types:
            if type in METHODS:
                raise ValueError(f"two functions stand for methods of `{type}`")
            METHODS[type] = function
        return function

    return register


def pairs(run: Run, kind: str, values: list[Value], node: ast.AST) -> Container:
    """Return a container of tuples, in each of which the same values stand."""
    pair = run.container("tuple", Items(dict(enumerate(values))), node)
    outer = run.address(Marker(node))
    run.state.heap[outer] = Items({}, pair)
    return Container(kind, outer)


def made(run: Run, call: Call, type: str) -> Object:
    """Return the object of a type that a call makes; what it is given is out of sight."""
    for value in call.values():
        run.escape(value)
    found = Object(type, run.address(call.node))
    run.record(ObjectMade(call.node, found))
    return found
