"""Whether anybody may have to wait at a lock, a semaphore, a queue or an event.

Since Python 3.10 an object of `asyncio` belongs to no loop until somebody waits for it
(changes of 3.10 in the documentation; observed on Python 3.10 to 3.13, 2026-11-20).
"""

from __future__ import annotations

import ast
import re
from functools import cached_property

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.path import Step

#: What `_limit` is when the code does not say it in digits.
MANY = 1000

_TAKING = frozenset({"acquire", "enter", "__aenter__"})


class Crowd:
    """All who come to one object in an invocation.

    `about` has the events about it, in order; `events` all of the invocation.
    """

    def __init__(self, origin: Origin, about: list[Event], events: list[Event]) -> None:
        self.origin = origin
        self.about = about
        self.events = events
        self.kind = origin.made.type.rpartition(".")[2]

    def may_wait(self, event: Event) -> bool:
        """Return whether an event about the object may have to wait."""
        kind, about = self.kind, self.about
        if kind == "Event":
            clears = any(_name(one) == "clear" for one in about)
            return (
                _name(event) == "wait"
                and clears
                and not _comes_after(event, about, {"set"})
            )
        if _name(event) in ("wait", "wait_for"):
            return True
        if kind == "Barrier" and _name(event) == "enter":
            return True
        if kind.endswith("Queue"):
            if _name(event) == "join":
                return any(step.kind == "task" for one in about for step in one.path)
            if _name(event) != "get" or _is_tested(event):
                return False
            return not _comes_after(event, about, {"put", "put_nowait"})
        return _name(event) in _TAKING and self.is_contended

    @cached_property
    def is_contended(self) -> bool:
        """Whether more tasks may hold the object at once than it lets in."""
        pauses: dict[ast.AST, bool] = {}
        holders: dict[Path, None] = {}
        for one in self.about:
            if _name(one) in _TAKING:
                if one.node not in pauses:
                    pauses[one.node] = _pauses_meanwhile(one)
                if pauses[one.node]:
                    holders[one.path] = None
        if any(_is_repeated(path, self.events) for path in holders):
            return True
        return _crowd(list(holders)) > _limit(self.origin, self.kind)


def _name(event: Event) -> str:
    """Return the method that an event calls; `enter` for `async with`."""
    return getattr(event, "name", "enter")


def _comes_after(event: Event, about: list[Event], names: set[str]) -> bool:
    """Return whether one of these calls certainly comes first, in the same task."""
    for one in about:
        if one is event:
            return False
        if _name(one) in names and paths.is_prefix(one.path, event.path):
            return True
    return False


def _is_tested(event: Event) -> bool:
    """Return whether a `while not queue.empty()` stands around an event."""
    return any(
        step.kind in ("if", "for")
        and re.search(r"\b(?:empty|qsize)\b", paths.condition(step.node))
        for step in event.path
    )


def _pauses_meanwhile(event: Event) -> bool:
    """Return whether other tasks can run while a lock is held."""
    if not isinstance(event, Entered):
        return True
    for node in ast.walk(event.frame.scope):
        if isinstance(node, ast.AsyncWith) and any(
            item.context_expr is event.node for item in node.items
        ):
            pausing = (ast.Await, ast.AsyncFor, ast.AsyncWith)
            return len(node.items) > 1 or any(
                isinstance(inner, pausing)
                for statement in node.body
                for inner in ast.walk(statement)
            )
    return True


def _limit(origin: Origin, kind: str) -> int:
    """Return how many tasks may hold a lock or semaphore at once."""
    call = origin.node
    if kind in ("Lock", "Condition") or not isinstance(call, ast.Call):
        return 1
    given = [*call.args, *[keyword.value for keyword in call.keywords]]
    if not given:
        return 1
    value = given[0].value if isinstance(given[0], ast.Constant) else None
    return value if isinstance(value, int) else MANY


def _crowd(ways: list[Path]) -> int:
    """Return how many tasks may be at one place at the same time."""
    tasks = [tuple([step for step in path if step.kind == "task"]) for path in ways]
    distinct = list(dict.fromkeys(tasks))
    return max(
        [sum(one is two or _overlap(one, two) for two in distinct) for one in distinct],
        default=0,
    )


def _overlap(one: Path, two: Path) -> bool:
    """Return whether two tasks, by the steps that started them, run side by side."""
    for mine, other in zip(one, two):
        if mine != other:
            if mine.node is other.node:
                return True
            return _goes_on(mine) or _goes_on(other)
    longer = max(one, two, key=len)
    rest = longer[min(len(one), len(two)) :]
    return bool(rest) and _goes_on(rest[0])


def _goes_on(step: Step) -> bool:
    """Return whether a task goes on while its starter does, unlike in `gather`."""
    return paths.call(step.node).endswith(("create_task()", "ensure_future()"))


def _is_repeated(path: Path, events: list[Event]) -> bool:
    """Return whether a way leads through a task that is started many times."""
    way = paths.inside(path)
    for index, step in enumerate(way):
        call = step.node
        if step.kind != "task" or not isinstance(call, ast.Call):
            continue
        number = step.value if isinstance(step.value, int) else 0
        if number < len(call.args) and isinstance(call.args[number], ast.Starred):
            return True
        if paths.call(call).endswith(("wait()", "as_completed()")):
            return True
        if _goes_on(step):
            starts = [paths.inside(one.path) for one in events if one.node is call]
            for start in (way[:index], *starts):
                if any(before.kind == "for" for before in start):
                    return True
    return False
