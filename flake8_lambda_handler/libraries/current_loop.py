"""The current loop of a thread: what `asyncio.get_event_loop()` gives there."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.heap import Entry
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Value

#: What it is while nobody has made or set one.
UNSET = External("asyncio.<no loop yet>")

#: The same in a thread other than the main one, where the first call makes none.
UNSET_IN_THREAD = External("asyncio.<no loop in a thread>")

#: Its address.
CURRENT = Address(ast.Pass(), None, (), False)  # type: ignore[arg-type]


def start() -> dict[Address, Entry]:
    """Return the heap that every body starts with."""
    return {CURRENT: Items({"loop": UNSET})}


def current_loop(run: Run) -> Value:
    """Return the thread's current loop: `UNSET`, `NONE` once taken away, a loop."""
    entry = run.state.heap.get(CURRENT)
    return entry.known.get("loop", UNKNOWN) if isinstance(entry, Items) else UNSET


def set_current_loop(run: Run, value: Value) -> None:
    run.state.heap[CURRENT] = Items({"loop": value})
