"""The calls of `get_event_loop()` that find no loop."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops import current
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import IMPORT
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import PolicySet
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.libraries.current_loop import UNSET
from flake8_lambda_handler.libraries.current_loop import UNSET_IN_THREAD
from flake8_lambda_handler.reports import relative

#: From this version on, `get_event_loop()` makes no loop any more (python/cpython
#: pull request 126354, read 2026-11-20).
NO_LOOP_BY_DEFAULT = (3, 14)


class Fetched(NamedTuple):
    """A call of `get_event_loop()` that finds no loop."""

    node: ast.AST
    call: str
    when: str
    #: The evidence: the `asyncio.run` or the like before it, or the runtime.
    why: str
    where: str
    #: Whether it raises for sure; else on the newest runtime, and none is declared.
    is_certain: bool


def find(invocation: Invocation) -> list[Fetched]:
    """The calls of `get_event_loop()` that raise."""
    return [fact for fact, _ in invocation.once(fetches)]


def fetches(invocation: Invocation) -> list[tuple[Fetched, LoopFetched]]:
    """Return the same, each with its event."""
    found: dict[ast.AST, tuple[Fetched, LoopFetched]] = {}
    status: current.Status = "unset"
    imported = invocation.origins.own_import
    if any(
        isinstance(event, LoopFetched) for event in (*imported, *invocation.events)
    ) or (invocation.judged(lambda version: version >= NO_LOOP_BY_DEFAULT) is not None):
        imported = invocation.origins.imported
    for event in imported:
        if (
            isinstance(event, LoopFetched)
            and event.current != UNSET_IN_THREAD
            and not paths.is_caught(event.path)
        ):
            fact = _judge(invocation, event, status, IMPORT)
            if fact is not None:
                found.setdefault(event.node, (fact, event))
        status = current.following(status, event)
    for index, event in enumerate(invocation.events):
        if not isinstance(event, LoopFetched) or event.node in found:
            continue
        if running_loop(event.path) is not None or paths.is_caught(event.path):
            continue
        if event.current == UNSET_IN_THREAD:
            if not _has_policy(invocation):
                found[event.node] = (_in_thread(invocation, event), event)
            continue
        now: current.Status = "unknown"
        if event.current == NONE:
            now = _last_run(invocation.events[:index]) or "unknown"
        elif event.current == UNSET:
            now = status
            if current.sets(invocation.events[:index]):
                now = "unknown"
        fact = _judge(invocation, event, now, EVERY)
        if now != "unknown" and (fact is None or not fact.is_certain):
            later = _later_run(invocation, index, event)
            if later is not None:
                fact = _judge(invocation, event, later, SECOND)
        if fact is not None:
            found[event.node] = (fact, event)
    if found and (invocation.allows_nesting or not invocation.origins.is_complete):
        return []
    return list(found.values())


def _in_thread(invocation: Invocation, event: Event) -> Fetched:
    """Return the fact for a call in a thread that something starts on the way."""
    node, where = invocation.place(event)
    starts = [step.node for step in event.path if step.kind == "thread"]
    why = f"in the thread of `{paths.call(starts[-1])}`"
    return Fetched(node, paths.call(event.node), EVERY, why, where, True)


def _has_policy(invocation: Invocation) -> bool:
    """Return whether somebody's own policy says which loop a thread has."""
    return any(isinstance(event, PolicySet) for event in invocation.origins.everything)


def _judge(
    invocation: Invocation, event: Event, status: current.Status, when: str
) -> Fetched | None:
    is_certain = True
    if isinstance(status, Event):
        if not current.takes(status):
            return None
        line = f" (line {getattr(status.node, 'lineno', 0)})"
        if status.module is not invocation.module:
            line = invocation.origins.where(status)
        why = f"after `{current.taker(status)}`{line}, which leaves none"
    elif status == "unset":
        found = invocation.judged(lambda version: version >= NO_LOOP_BY_DEFAULT)
        if found is None or paths.asks_for_version(event.path):
            return None
        is_certain = found.use is not None
        why = f"on {found.identifier}, the newest runtime"
        if found.use is not None:
            place = found.use.place
            why = f"on {found.identifier} ({relative(place.path)}:{place.line})"
    else:
        return None
    node, where = invocation.place(event)
    call = paths.call(event.node)
    return Fetched(node, call, when, why, where, is_certain)


def _later_run(invocation: Invocation, index: int, event: Event) -> Event | None:
    """Return the `asyncio.run` that every invocation of this path comes to."""
    if current.sets(invocation.events):
        return None
    for one in invocation.events[index:]:
        path = tuple([step for step in one.path if step.kind != "after"])
        if not current.takes(one) or not paths.is_prefix(path, event.path):
            continue
        if not paths.excludes(one, event):
            return one
    return None


def _last_run(events: list[Event]) -> Event | None:
    for event in reversed(events):
        if current.takes(event):
            return event
    return None
