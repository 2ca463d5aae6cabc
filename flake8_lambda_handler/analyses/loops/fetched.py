"""The calls of `get_event_loop()` that find no loop."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import IMPORT
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import PolicySet
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.libraries.event_loops import UNSET
from flake8_lambda_handler.model import RuntimeUse

#: From this version on, `get_event_loop()` makes no loop any more (python/cpython
#: pull request 126354, read 2026-11-20).
NO_LOOP_BY_DEFAULT = (3, 14)


class Fetched(NamedTuple):
    """A call of `get_event_loop()` that finds no loop."""

    node: ast.AST
    call: str
    #: Evidence: the line of the `asyncio.run` before it, or the declared runtime.
    run: int | None
    #: The file of that line when it is another one, else empty.
    run_where: str
    declared: RuntimeUse | None
    when: str
    where: str


def find(invocation: Invocation) -> list[Fetched]:
    """The calls of `get_event_loop()` that raise."""
    return [fact for fact, _ in invocation.once(fetches)]


def fetches(invocation: Invocation) -> list[tuple[Fetched, ast.AST]]:
    """The calls of `get_event_loop()` that raise, with their nodes."""
    found: dict[ast.AST, tuple[Fetched, ast.AST]] = {}
    status: Event | str = "unset"
    imported = invocation.origins.own_import
    if any(
        isinstance(event, LoopFetched) for event in (*imported, *invocation.events)
    ) or (
        invocation.declared(lambda version: version >= NO_LOOP_BY_DEFAULT) is not None
    ):
        imported = invocation.origins.imported
    for event in imported:
        if isinstance(event, LoopFetched) and not paths.is_caught(event.path):
            fact = _judge(invocation, event, status, IMPORT)
            if fact is not None:
                found.setdefault(event.node, (fact, event.node))
        status = _next_status(status, event)
    for index, event in enumerate(invocation.events):
        if not isinstance(event, LoopFetched) or event.node in found:
            continue
        if running_loop(event.path) is not None or paths.is_caught(event.path):
            continue
        now: Event | str = "unknown"
        when = EVERY
        if event.current == NONE:
            now = _last_run(invocation.events[:index]) or "unknown"
        elif event.current == UNSET:
            now = status
            if _sets_loop(invocation.events[:index]):
                now = "unknown"
        fact = _judge(invocation, event, now, when)
        if fact is None and now != "unknown":
            later = _later_run(invocation, index, event)
            if later is not None:
                fact = _judge(invocation, event, later, SECOND)
        if fact is not None:
            found[event.node] = (fact, event.node)
    return list(found.values()) if not found or invocation.origins.is_complete else []


def _judge(
    invocation: Invocation, event: Event, status: Event | str, when: str
) -> Fetched | None:
    declared = run = None
    run_where = ""
    if status == "unset":
        declared = invocation.declared(lambda version: version >= NO_LOOP_BY_DEFAULT)
        if declared is None:
            return None
    elif isinstance(status, Event):
        run = getattr(status.node, "lineno", 0)
        if status.module is not invocation.module:
            run_where = invocation.origins.where(status)
    else:
        return None
    node, where = invocation.place(event)
    return Fetched(node, paths.call(event.node), run, run_where, declared, when, where)


def _later_run(invocation: Invocation, index: int, event: Event) -> Event | None:
    """Return the `asyncio.run` that every invocation of this path comes to."""
    if _sets_loop(invocation.events):
        return None
    for one in invocation.events[index:]:
        path = tuple([step for step in one.path if step.kind != "after"])
        if not _takes_loop(one) or not paths.is_prefix(path, event.path):
            continue
        if not paths.excludes(one, event):
            return one
    return None


def _sets_loop(events: list[Event]) -> bool:
    return any(
        isinstance(event, PolicySet)
        or (isinstance(event, LoopSet) and event.value != NONE)
        for event in events
    )


def _takes_loop(event: Event) -> bool:
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


def _next_status(status: Event | str, event: Event) -> Event | str:
    """Return what the thread's current loop is after one more event of an import."""
    if _takes_loop(event):
        return "unknown" if event.path else event
    if isinstance(event, (LoopSet, PolicySet)):
        return "unknown" if event.path or isinstance(event, PolicySet) else "set"
    if isinstance(event, LoopFetched) and status == "unset":
        return "unset" if event.path else "fetched"
    return status


def _last_run(events: list[Event]) -> Event | None:
    for event in reversed(events):
        if _takes_loop(event):
            return event
    return None
