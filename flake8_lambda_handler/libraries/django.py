"""Managers and queries of Django, and the rows that awaiting their methods gives.

Django 6.1.3, run 2026-11-22.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import tortoise
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.tortoise import Rows

MODEL = "django.db.models.Model"
MANAGER = "django.db.models.Manager"
QUERY = "django.db.models.QuerySet"

#: Queries whose rows are no objects.
_WITHOUT_OBJECTS = frozenset({"values", "values_list"})


def manager(facts: ClassFacts, name: str) -> Value | None:
    """Return a manager of a class of rows: the one that Django gives it, or its own."""
    if MODEL not in map(async_apis.canonical, facts.ancestors):
        return None
    own = [one.namespace[name] for one in facts.line() if name in one.namespace]
    if own:
        is_plain = isinstance(own[0], Object) and own[0].type == MANAGER
    else:
        is_plain = name == "objects"
    return Rows(MANAGER, None, facts.cls) if is_plain else None


@methods_of(MANAGER, QUERY)
def _query_method(run: Run, receiver: Object, call: Call) -> Value | None:
    listed = async_apis.method(receiver.type, call.name)
    if listed is None or listed[0] != "plain":
        return None
    for value in call.values():
        run.escape(value, keep=True)
    if listed[1] == MODEL:
        return _row(run, receiver, call.name, call.node)
    if call.name in _WITHOUT_OBJECTS or not isinstance(receiver, Rows):
        return Object(QUERY, run.address(call.node))
    return Rows(QUERY, run.address(call.node), receiver.cls)


def awaited(run: Run, maker: Method, node: ast.AST) -> Value | None:
    """Return what awaiting a method of a query gives, if it is a row."""
    query = maker.receiver
    if not isinstance(query, Object) or query.type not in (MANAGER, QUERY):
        return None
    listed = async_apis.method(query.type, maker.name)
    is_row = listed is not None and listed[1] == MODEL
    return _row(run, query, maker.name[1:], node) if is_row else None


def _row(run: Run, query: Object, name: str, node: ast.AST) -> Value:
    """Return what a method gives, or awaiting that with an `a` before its name."""
    if not isinstance(query, Rows):
        # Of an unknown query, rows may be dicts or tuples.
        is_sure = query.type == MANAGER and name in (
            "create",
            "earliest",
            "get",
            "latest",
        )
        return Object(MODEL, run.address(node)) if is_sure else UNKNOWN
    if name.endswith("_or_create"):
        return tortoise.pair(run, query.cls, node)
    row = Typed(query.cls, None)
    return join(row, NONE) if name in ("first", "last") else row


def item(query: Object, node: ast.AST) -> Value:
    """Return what a subscript of a query gives: a row, or a query of fewer."""
    if isinstance(getattr(node, "slice", None), ast.Slice):
        return query
    return Typed(query.cls, None) if isinstance(query, Rows) else UNKNOWN


@call_of("django.shortcuts.get_object_or_404")
def _found(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value, keep=True)
    given = call.argument(0)
    if isinstance(given, Class) and manager(run.world.class_facts(given), "objects"):
        return Typed(given, None)
    return UNKNOWN
