"""The thread's current loop: what `get_event_loop()` gives, and who takes it away."""

from __future__ import annotations

import ast

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import PolicySet
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.libraries.current_loop import UNSET_IN_THREAD

#: What is known of it: the event that took it away or set it; `unset` while nothing has
#: been done, `fetched`, or `unknown`.
Status = Event | str


def following(status: Status, event: Event) -> Status:
    """Return what the current loop is after one more event of an import."""
    if takes(event) or isinstance(event, LoopSet):
        return "unknown" if event.path else event
    if isinstance(event, PolicySet):
        return "unknown"
    if isinstance(event, LoopFetched) and event.current == UNSET_IN_THREAD:
        return status
    if isinstance(event, LoopFetched) and status == "unset":
        return "unset" if event.path else "fetched"
    return status


def takes(event: object) -> bool:
    """Return whether the thread has no current loop afterwards."""
    if isinstance(event, LoopSet):
        return event.value == NONE
    return (
        isinstance(event, LoopRun)
        and event.how in ("asyncio.run", "asyncio.runners.run")
        and isinstance(event.node, ast.Call)
        and not any(keyword.arg == "loop_factory" for keyword in event.node.keywords)
        and running_loop(event.path) is None
    )


def sets(events: list[Event]) -> bool:
    """Return whether events make something the current loop, or may do so."""
    return any(
        isinstance(event, PolicySet)
        or (isinstance(event, LoopSet) and event.value != NONE)
        for event in events
    )


def taker(event: Event) -> str:
    """Return the name of what takes the current loop away."""
    if isinstance(event, LoopRun):
        return "asyncio.run"
    if isinstance(event.node, (ast.With, ast.AsyncWith)):
        return "asyncio.Runner"
    return paths.call(event.node).removesuffix("()")
