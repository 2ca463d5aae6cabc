"""Clients, connections and pools that cannot be used again once they are closed.

Others can, and are not here: those of requests, redis, boto3 and SQLAlchemy connect again.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.objects import REQUESTS
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made

EXECUTOR = "concurrent.futures.ThreadPoolExecutor"
PROCESSES = "concurrent.futures.ProcessPoolExecutor"
POOL = "multiprocessing.pool.Pool"
THREAD_POOL = "multiprocessing.pool.ThreadPool"


class Closable(NamedTuple):
    """What closes an object for good, and what that means."""

    #: In the words of a message.
    kind: str
    #: Methods after which it is closed.
    closing: frozenset[str]
    #: Whether the end of a `with` closes it.
    by_with: bool
    #: Methods that raise from then on.
    using: frozenset[str]
    #: What they raise.
    error: str
    #: What `with` raises; empty if it raises nothing itself.
    reopening: str = ""


_REQUESTS = frozenset(REQUESTS)
_HTTPX = (
    _REQUESTS | {"send", "stream"},
    "RuntimeError: Cannot send a request, as the client has been closed",
    "RuntimeError: Cannot reopen a client instance, once it has been closed",
)
_CLOSE = frozenset({"close"})
_DATABASE = frozenset({"begin", "commit", "cursor", "execute", "rollback"})
_ASYNCPG = frozenset({"execute", "executemany", "fetch", "fetchrow", "fetchval"})

#: Methods of pools that call a function.
CALLING = frozenset(
    {
        "apply",
        "apply_async",
        "imap",
        "imap_unordered",
        "map",
        "map_async",
        "starmap",
        "starmap_async",
        "submit",
    }
)

#: By type. Observed with httpx 0.28, aiohttp 3.14, the standard library of Python 3.10 to
#: 3.13, PyMySQL 1.1, mysql-connector 9; read in asyncpg 0.30, psycopg 3.2 and in psycopg2's
#: documentation of `connection.close`; 2026-11-22.
CLOSABLE = {
    "aiohttp.ClientSession": Closable(
        "session",
        _CLOSE,
        True,
        _REQUESTS | {"ws_connect"},
        "RuntimeError: Session is closed",
    ),
    "httpx.AsyncClient": Closable("client", frozenset({"aclose"}), True, *_HTTPX),
    "httpx.Client": Closable("client", _CLOSE, True, *_HTTPX),
    "sqlite3.Connection": Closable(
        "connection",
        _CLOSE,
        False,
        _DATABASE | {"executemany", "executescript"},
        "ProgrammingError: Cannot operate on a closed database",
    ),
    "psycopg2.extensions.connection": Closable(
        "connection",
        _CLOSE,
        False,
        _DATABASE,
        "InterfaceError: connection already closed",
    ),
    "psycopg.Connection": Closable(
        "connection",
        _CLOSE,
        True,
        _DATABASE,
        "OperationalError: the connection is closed",
    ),
    "pymysql.connections.Connection": Closable(
        "connection", _CLOSE, True, _DATABASE, "InterfaceError: (0, '')"
    ),
    "mysql.connector.connection.MySQLConnection": Closable(
        "connection",
        _CLOSE,
        True,
        _DATABASE,
        "OperationalError: MySQL Connection not available",
    ),
    "asyncpg.Connection": Closable(
        "connection", _CLOSE, False, _ASYNCPG, "InterfaceError: connection is closed"
    ),
    "asyncpg.Pool": Closable(
        "pool", _CLOSE, True, _ASYNCPG | {"acquire"}, "InterfaceError: pool is closed"
    ),
    **dict.fromkeys(
        (EXECUTOR, PROCESSES),
        Closable(
            "pool",
            frozenset({"shutdown"}),
            True,
            CALLING,
            "RuntimeError: cannot schedule new futures after shutdown",
        ),
    ),
    **dict.fromkeys(
        (POOL, THREAD_POOL),
        Closable(
            "pool",
            frozenset({"close", "terminate"}),
            True,
            CALLING,
            "ValueError: Pool not running",
        ),
    ),
}

#: What makes those that are in no table of async APIs.
MAKERS = {
    "concurrent.futures.ProcessPoolExecutor": PROCESSES,
    "concurrent.futures.ThreadPoolExecutor": EXECUTOR,
    "concurrent.futures.thread.ThreadPoolExecutor": EXECUTOR,
    "multiprocessing.Pool": POOL,
    "multiprocessing.dummy.Pool": THREAD_POOL,
    "multiprocessing.pool.Pool": POOL,
    "multiprocessing.pool.ThreadPool": THREAD_POOL,
    "mysql.connector.connect": "mysql.connector.connection.MySQLConnection",
    "psycopg.Connection.connect": "psycopg.Connection",
    "psycopg.connect": "psycopg.Connection",
    "psycopg2.connect": "psycopg2.extensions.connection",
    "pymysql.connect": "pymysql.connections.Connection",
    "sqlite3.connect": "sqlite3.Connection",
}


@call_of(*MAKERS)
def _made(run: Run, call: Call) -> Value:
    return made(run, call, MAKERS[call.name])


def has_plain_threads(pool: Value) -> bool:
    """Return whether a pool has threads that come to their work as they are made."""
    if not isinstance(pool, Object) or pool.type not in (EXECUTOR, THREAD_POOL):
        return False
    call = pool.address.node if pool.address is not None else None
    return (
        isinstance(call, ast.Call)
        and len(call.args) < 2
        and not any(one.arg in (None, "initializer") for one in call.keywords)
    )
