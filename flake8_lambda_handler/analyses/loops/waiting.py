"""Whether anybody may have to wait at a lock, a semaphore, a queue or an event.

Since Python 3.10 an object of `asyncio` belongs to no loop until somebody waits for it
(changes of 3.10 in the documentation; observed on Python 3.10 to 3.13, 2026-11-20).
"""

from __future__ import annotations

import ast
import itertools
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
        holders: dict[Path, int] = {}
        about = set(self.about)
        for index, one in enumerate(self.events):
            if one in about and _name(one) in _TAKING:
                if one.node not in pauses:
                    pauses[one.node] = _pauses_meanwhile(one)
                if pauses[one.node]:
                    holders[one.path] = index
        if any(_is_repeated(path, self.events) for path in holders):
            return True
        return self._size(holders) > _limit(self.origin, self.kind)

    def _size(self, ways: dict[Path, int]) -> int:
        """Return how many tasks may be at one place at the same time.

        Each way leads there, at last by an event with a number.
        """
        starts: dict[ast.AST, int] = {}
        for index, event in enumerate(self.events):
            for node in (event.node, *[step.node for step in event.path]):
                starts.setdefault(node, index)
        tasks: dict[Path, int] = {}
        for path, index in ways.items():
            task = tuple([step for step in path if step.kind == "task"])
            tasks[task] = max(index, tasks.get(task, 0))
        crowds = dict.fromkeys(tasks, 1)
        for one, two in itertools.combinations(tasks, 2):
            if _overlap(one, two, tasks, starts):
                crowds[one] += 1
                crowds[two] += 1
        return max(crowds.values(), default=0)


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


def _overlap(
    one: Path, two: Path, last: dict[Path, int], starts: dict[ast.AST, int]
) -> bool:
    """Return whether two tasks, by the steps that started them, run side by side.

    `last` says when each of them came to their object, `starts` when a step began.
    """
    for mine, other in zip(one, two):
        if mine != other:
            earlier = min(mine, other, key=lambda step: starts[step.node])
            return mine.node is other.node or _goes_on(earlier)
    shorter, longer = sorted((one, two), key=len)
    step = longer[len(shorter)]
    return _goes_on(step) and last[shorter] > starts[step.node]


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
