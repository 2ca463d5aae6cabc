"""Objects that do their work through another one, which belongs to an event loop.

A session works through its engine, a client through the pool that it is given, a cursor
through its client. Run with SQLAlchemy 2.1, redis 8.1 and motor 3.7, 2026-11-22.
"""

from __future__ import annotations

from collections.abc import Iterable

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import async_apis

#: The key under which the heap has what an object works through.
THROUGH = object()

#: Types whose objects work through what they are given, and leave it open.
CARRIERS = frozenset(
    {
        "redis.asyncio.Redis",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.ext.asyncio.async_sessionmaker",
    }
)


def carry(run: Run, made: Value, given: Iterable[Value]) -> None:
    """Note through which of some objects a new one works, if that may belong to a loop."""
    address = getattr(made, "address", None)
    for value in given:
        if isinstance(value, Object) and async_apis.async_class(value.type) is not None:
            if address is not None and value.address is not None:
                through = carried(run, value) or value
                run.state.heap[address] = Items({THROUGH: through})


def carried(run: Run, value: Object) -> Object | None:
    """Return what an object works through, if it is another one."""
    entry = run.entry(value.address)
    found = entry.known.get(THROUGH) if isinstance(entry, Items) else None
    return found if isinstance(found, Object) else None
