"""The kept loops that are closed."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.fetched import fetches
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopCalled
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import PolicySet
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.libraries.current_loop import UNSET
from flake8_lambda_handler.libraries.objects import RUNNER


class Closed(NamedTuple):
    """A kept loop, or something that is no more use once it is closed, is closed."""

    node: ast.AST
    #: `event loop`, `runner`, `client`.
    kind: str
    name: str
    #: `closed`, or `stopped` while idle.
    how: str
    #: Which invocation fails: `the second invocation`, or `every invocation`.
    when: str
    error: str
    where: str
    #: Where it is made: ` from line 3`, ` from aio.py:3`.
    made: str


def find(invocation: Invocation) -> list[Closed]:
    """Return the places that close a loop which the next invocation needs."""
    return [fact for fact, _ in invocation.once(closings)]


def closings(invocation: Invocation) -> list[tuple[Closed, Origin]]:
    """Return the same, each with the origin of its loop."""
    found: dict[ast.AST, tuple[Closed, Origin]] = {}
    for event in invocation.events:
        if not isinstance(event, (Entered, LoopCalled)):
            continue
        how = closing(event)
        if how is None or event.node in found or _is_apart(invocation, event):
            continue
        for origin in (
            invocation.kept_loops(event, event.value) or _current(invocation, event)
        )[:1]:
            error = "RuntimeError: Event loop is closed"
            if how == "stopped":
                error = "RuntimeError: Event loop stopped before Future completed"
            elif origin.made.type == RUNNER:
                error = "RuntimeError: Runner is closed"
            name = invocation.origins.name(origin, event)
            fact = told(invocation, event, origin, name, how, SECOND, error)
            found[event.node] = (fact, origin)
    closed = {
        made.node: event
        for event in (
            invocation.origins.imported if any(invocation.runs_on_loops()) else ()
        )
        if isinstance(event, (Entered, LoopCalled))
        and closing(event) == "closed"
        and (made := invocation.origins.of(event.value)) is not None
        and made.at_import
    }
    for event, loop in invocation.runs_on_loops() if closed else ():
        for origin in invocation.kept_loops(event, loop):
            if origin.node in closed:
                last = closed.pop(origin.node)
                error = "RuntimeError: Event loop is closed"
                name = invocation.origins.name(origin)
                fact = told(invocation, last, origin, name, "closed", EVERY, error)
                found.setdefault(last.node, (fact, origin))
    return list(found.values())


def told(
    invocation: Invocation,
    event: Event,
    origin: Origin,
    name: str,
    how: str,
    when: str,
    error: str,
) -> Closed:
    node, where = invocation.place(event)
    made = invocation.origins.made(origin)
    return Closed(node, origin.kind, name, how, when, error, where, made)


def _is_apart(invocation: Invocation, close: Event) -> bool:
    """Return whether a process that comes to a closing runs nothing on any loop."""
    runs = [run for run, _ in invocation.runs_on_loops()]
    return bool(runs) and all(paths.excludes(run, close) for run in runs)


def _current(invocation: Invocation, event: Entered | LoopCalled) -> list[Origin]:
    """Return the origin of the thread's own loop, if an event is about that.

    `get_event_loop()` in the handler gives the same loop to each invocation.
    """
    origins = [
        invocation.origins.of(one) for one in paths.receivers(event, event.value)
    ]
    first = origins[0] if origins else None
    if (
        first is None
        or any(one is None or one.node is not first.node for one in origins)
        or first.at_import
        or not isinstance(first.event, LoopFetched)
        or first.event.current != UNSET
        or first.node in invocation.guarded
        or any(
            one.node is first.node and fact.is_certain
            for fact, one in invocation.once(fetches)
        )
        or any(
            isinstance(one, (LoopSet, PolicySet))
            for one in invocation.origins.everything
        )
    ):
        return []
    return [first]


def closing(event: Entered | LoopCalled) -> str | None:
    """Return whether an event means the end of a loop: `closed` or `stopped`."""
    if isinstance(event, Entered):
        is_runner = isinstance(event.value, Object) and event.value.type == RUNNER
        return "closed" if is_runner else None
    if event.name == "stop":
        return "stopped" if running_loop(event.path) is None else None
    return "closed" if event.name == "close" else None
