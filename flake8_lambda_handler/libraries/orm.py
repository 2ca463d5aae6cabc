"""Sessions, queries and connections: which of them give rows, that no encoder takes.

SQLAlchemy 2.0 documentation, "ORM Querying Guide", read 2026-11-21; asyncpg 0.32, run
2026-11-22.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import carriers
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of

#: The base of all mapped classes, by whatever way it was made.
BASE = "sqlalchemy.orm.DeclarativeBase"
BASES = frozenset({BASE, "sqlmodel.SQLModel"})
SESSION = "sqlalchemy.orm.Session"
MAKER = "sqlalchemy.orm.sessionmaker"
QUERY = "sqlalchemy.orm.Query"

#: What `session.execute(...)` gives.
RESULT = "sqlalchemy.engine.Result"
ASYNC_SESSION = "sqlalchemy.ext.asyncio.AsyncSession"
ASYNC_MAKER = "sqlalchemy.ext.asyncio.async_sessionmaker"

#: Plain SQL: `connection.execute(...)` gives rows, of which `json` knows nothing, and
#: which the runtime encodes (SQLAlchemy 2.1, run 2026-11-22).
ENGINE = "sqlalchemy.engine.Engine"
CONNECTION = "sqlalchemy.engine.Connection"
CURSOR = "sqlalchemy.engine.CursorResult"
ROW = "sqlalchemy.engine.Row"
MAPPINGS = "sqlalchemy.engine.MappingResult"
MAPPING = "sqlalchemy.engine.RowMapping"

#: What gives records of asyncpg, and what they are.
CONNECTIONS = frozenset({"asyncpg.Connection", "asyncpg.Pool"})
RECORD = "asyncpg.Record"

#: The module of the standard library: a connection that is told so gives such rows,
#: else tuples (run with Python 3.11, 2026-11-22).
SQLITE = "sqlite3.Connection"
SQLITE_CURSOR = "sqlite3.Cursor"
SQLITE_ROW = "sqlite3.Row"

#: What `with` binds as it is.
ENTERED = frozenset({CONNECTION, SESSION})

_SAME = frozenset(
    {"distinct", "filter", "filter_by", "limit", "offset", "order_by", "where"}
    | {"options", "unique", "with_for_update"}
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
    if call.keywords.get("class_") == External(ASYNC_SESSION):
        maker = made(run, call, ASYNC_MAKER)
        carriers.carry(run, maker, call.values())
        return maker
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


def _asked(name: str, args: Sequence[Value]) -> Value | None:
    """Return what a session gives for a class or a query."""
    first = args[0] if args else None
    if name == "get" and isinstance(first, Class):
        return join(NONE, Instance(first, None))
    if not isinstance(first, Query):
        return None
    if name == "scalar":
        return join(NONE, Instance(first.cls, None))
    if name == "execute":
        return Query(RESULT, None, first.cls)
    return first if name in ("exec", "scalars") else None


@methods_of(ASYNC_SESSION)
def _asked_later(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name not in ("execute", "get", "scalar", "scalars"):
        return None
    run.record(Used(call.node, receiver, call.name))
    method = Method(receiver, call.name)
    return run.make_coroutine("coroutine", method, call.args, {}, call.node)


def awaited(run: Run, maker: Method, made: Made, node: ast.AST) -> Value | None:
    """Return what a session or a connection gives when it is awaited."""
    if maker.receiver.type == ASYNC_SESSION:
        return _asked(maker.name, made.args)
    if maker.receiver.type in CONNECTIONS:
        record = Object(RECORD, None)
        if maker.name == "fetch":
            return run.container("list", Items({}, record), node)
        return join(NONE, record) if maker.name == "fetchrow" else None
    return None


def set_attribute(run: Run, owner: Object, name: str, value: Value) -> None:
    """Note which rows a connection of sqlite gives from now on."""
    if owner.type == SQLITE and name == "row_factory":
        run.update(owner, Items({name: value}))


@methods_of(SQLITE, SQLITE_CURSOR)
def _selected(run: Run, receiver: Object, call: Call) -> Value | None:
    if receiver.type == SQLITE:
        entry = run.entry(receiver.address)
        rows = entry.get("row_factory") if isinstance(entry, Items) else UNKNOWN
        gives_rows = rows == External(SQLITE_ROW)
        is_cursor = call.name in ("cursor", "execute", "executemany")
        if not (is_cursor and gives_rows):
            return None
        run.record(Used(call.node, receiver, call.name))
        return Object(SQLITE_CURSOR, None)
    row = Object(SQLITE_ROW, None)
    if call.name in ("fetchall", "fetchmany"):
        return run.container("list", Items({}, row), call.node)
    if call.name == "fetchone":
        return join(NONE, row)
    return receiver if call.name in ("execute", "executemany") else None


#: What iterating gives.
ELEMENTS = {CURSOR: ROW, MAPPINGS: MAPPING, SQLITE_CURSOR: SQLITE_ROW}


@call_of("sqlalchemy.create_engine", "sqlalchemy.engine.create_engine")
def _engine(run: Run, call: Call) -> Value:
    return Object(ENGINE, None)


@methods_of(ENGINE, CONNECTION)
def _connected(run: Run, receiver: Object, call: Call) -> Value | None:
    if receiver.type == ENGINE:
        return Object(CONNECTION, None) if call.name in ("begin", "connect") else None
    return Object(CURSOR, None) if call.name == "execute" else None


@methods_of(CURSOR, MAPPINGS)
def _fetched(run: Run, receiver: Object, call: Call) -> Value | None:
    """Return the rows of plain SQL."""
    row = Object(ROW if receiver.type == CURSOR else MAPPING, None)
    if call.name in ("all", "fetchall", "fetchmany"):
        return run.container("list", Items({}, row), call.node)
    if call.name in ("fetchone", "first", "one_or_none"):
        return join(NONE, row)
    if call.name == "mappings":
        return Object(MAPPINGS, None)
    return row if call.name == "one" else None


@methods_of(MAKER, QUERY, RESULT, SESSION)
def _method(run: Run, receiver: Object, call: Call) -> Value | None:
    if receiver.type == MAKER:
        return Object(SESSION, None) if call.name in ("__call__", "begin") else None
    if receiver.type == SESSION:
        if call.name == "query":
            return _query(call)
        found = _asked(call.name, call.args)
        return Object(CURSOR, None) if not found and call.name == "execute" else found
    if not isinstance(receiver, Query):
        return None
    row = Instance(receiver.cls, None)
    if receiver.type == RESULT and call.name != "unique":
        if call.name == "scalars":
            return Query(QUERY, None, receiver.cls)
        if call.name in ("scalar", "scalar_one_or_none"):
            return join(NONE, row)
        return row if call.name == "scalar_one" else None
    if call.name in _SAME:
        return receiver
    if call.name == "all":
        return run.container("list", Items({}, row), call.node)
    if call.name in ("first", "one_or_none"):
        return join(NONE, row)
    return row if call.name == "one" else None
