"""SQLAlchemy's sessions and queries: which of them give rows, that no encoder takes.

SQLAlchemy 2.0 documentation, "ORM Querying Guide", read 2026-11-21.
"""

from __future__ import annotations

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of

#: The base of all mapped classes, by whatever way it was made.
BASE = "sqlalchemy.orm.DeclarativeBase"
BASES = frozenset({BASE, "sqlmodel.SQLModel"})
SESSION = "sqlalchemy.orm.Session"
MAKER = "sqlalchemy.orm.sessionmaker"
QUERY = "sqlalchemy.orm.Query"

_SAME = frozenset(
    {"distinct", "filter", "filter_by", "limit", "offset", "order_by", "where"}
)


class Query(Object):
    """What asks for the rows of one mapped class."""

    __slots__ = ("type", "address", "cls")
    cls: Class


@call_of(
    "sqlalchemy.ext.declarative.declarative_base", "sqlalchemy.orm.declarative_base"
)
def _base(run: Run, call: Call) -> Value:
    return External(BASE)


@call_of(SESSION, "sqlmodel.Session")
def _session(run: Run, call: Call) -> Value:
    return Object(SESSION, None)


@call_of(MAKER)
def _maker(run: Run, call: Call) -> Value:
    return Object(MAKER, None)


@call_of("sqlalchemy.select", "sqlalchemy.future.select", "sqlmodel.select")
def _select(run: Run, call: Call) -> Value:
    return _query(call) or Object(QUERY, None)


def _query(call: Call) -> Value | None:
    """Return the query for the rows of the one class that a call is given."""
    first = call.argument(0)
    if len(call.args) == 1 and isinstance(first, Class):
        return Query(QUERY, None, first)
    return None


@methods_of(MAKER, QUERY, SESSION)
def _method(run: Run, receiver: Object, call: Call) -> Value | None:
    if receiver.type == MAKER:
        return Object(SESSION, None) if call.name in ("__call__", "begin") else None
    first = call.argument(0)
    if receiver.type == SESSION:
        if call.name == "get" and isinstance(first, Class):
            return join(NONE, Instance(first, None))
        if call.name in ("exec", "scalars") and isinstance(first, Query):
            return first
        return _query(call) if call.name == "query" else None
    if not isinstance(receiver, Query):
        return None
    row = Instance(receiver.cls, None)
    if call.name in _SAME:
        return receiver
    if call.name == "all":
        return run.container("list", Items({}, row), call.node)
    if call.name in ("first", "one_or_none"):
        return join(NONE, row)
    return row if call.name == "one" else None
