"""Queries of Tortoise ORM: which of them give rows, and which do nothing unless awaited.

Tortoise ORM 1.1.9, run 2026-11-22.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries.registry import methods_of

MODEL = "tortoise.Model"
MANY = "tortoise.queryset.QuerySet"
SINGLE = "tortoise.queryset.QuerySetSingle"


class Rows(Object):
    """A query of rows of a class of the project: many, or a single one."""

    __slots__ = ("type", "address", "cls")
    cls: Class


def query(facts: ClassFacts, name: str) -> str | None:
    """Return the type of the query that a method of a mapped class gives, if any."""
    if MODEL not in map(async_apis.canonical, facts.ancestors):
        return None
    listed = async_apis.method(MODEL, name)
    return listed[1] if listed and listed[1] in (MANY, SINGLE) else None


def class_method(run: Run, receiver: Class, call: Call) -> Value | None:
    """Return what a method of a mapped class gives, if that is a query."""
    type = query(run.world.class_facts(receiver), call.name)
    if type is None:
        return None
    return Rows(type, run.address(call.node), receiver)


@methods_of(MANY, SINGLE)
def _query_method(run: Run, receiver: Object, call: Call) -> Value | None:
    listed = async_apis.method(receiver.type, call.name)
    if isinstance(receiver, Rows) and listed and listed[1] in (MANY, SINGLE):
        return Rows(listed[1], run.address(call.node), receiver.cls)
    return None


def awaited(value: Rows) -> Value:
    """Return what awaiting a query gives."""
    row = Typed(value.cls, None)
    return Held("list", row) if value.type == MANY else join(row, NONE)


def pair(run: Run, cls: Class, node: ast.AST) -> Value:
    """Return what awaiting a method gives that tells whether its row is new."""
    items: dict[object, Value] = {0: Typed(cls, None), 1: Object("builtins.bool", None)}
    return run.container("tuple", Items(items), node)
