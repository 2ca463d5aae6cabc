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
from flake8_lambda_handler.flow.events import Driven
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Scheduled
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
            if _name(event) != "get" or _is_tested(event, "empty", "qsize"):
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
            if one in about and _name(one) in _TAKING and not _is_tested(one, "locked"):
                if one.node not in pauses:
                    pauses[one.node] = _pauses_meanwhile(one)
                if pauses[one.node]:
                    holders[one.path] = index
        if any(map(self._is_repeated, holders)):
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
        # A task that starts meets the earlier ones that still run.
        crowds = dict.fromkeys(tasks, 1)
        ordered = sorted(tasks, key=lambda task: starts[task[-1].node] if task else -1)
        for one, two in itertools.combinations(ordered, 2):
            if self._overlap(one, two, tasks, starts):
                crowds[two] += 1
        return max(crowds.values(), default=0)

    def _overlap(
        self, one: Path, two: Path, last: dict[Path, int], starts: dict[ast.AST, int]
    ) -> bool:
        """Return whether two tasks, by the steps that started them, run side by side.

        `last` says when each of them came to their object, `starts` when a step began.
        """
        for mine, other in zip(one, two):
            if mine != other:
                earlier, later = sorted((mine, other), key=lambda one: starts[one.node])
                if mine.node is other.node:
                    return True
                return _goes_on(earlier) and not self._ends(earlier, starts[later.node])
        shorter, longer = sorted((one, two), key=len)
        step = longer[len(shorter)]
        if not _goes_on(step) or last[shorter] <= starts[step.node]:
            return False
        return not self._ends(step, last[shorter])

    def _ends(self, step: Step, before: int) -> bool:
        """Return whether somebody waits for a task, where it starts, before an event."""
        return any(
            paths.is_prefix(end, start)
            for index, end in self._awaited.get(step.node, ())
            if index < before
            for start in self._starts.get(step.node, ())
        )

    @cached_property
    def _awaited(self) -> dict[ast.AST, list[tuple[int, Path]]]:
        """When something waits for the task that a call starts, and on which way."""
        found: dict[ast.AST, list[tuple[int, Path]]] = {}
        for index, event in enumerate(self.events):
            if isinstance(event, Driven) and event.value.kind == "task":
                node = event.value.address.node
                found.setdefault(node, []).append((index, event.path))
        return found

    @cached_property
    def _starts(self) -> dict[ast.AST, set[Path]]:
        """The ways that lead to the calls that start tasks."""
        found: dict[ast.AST, set[Path]] = {}
        for event in self.events:
            if isinstance(event, Scheduled):
                found.setdefault(event.node, set()).add(event.path)
        scheduled = set(found)
        for event in self.events:
            for index, step in enumerate(event.path):
                if step.kind == "task" and step.node not in scheduled:
                    found.setdefault(step.node, set()).add(event.path[:index])
        return found

    def _is_repeated(self, path: Path) -> bool:
        """Return whether a way leads through a task that is started many times at once."""
        way = paths.inside(path)
        for index, step in enumerate(way):
            call = step.node
            if step.kind != "task" or not isinstance(call, ast.Call):
                continue
            number = step.value if isinstance(step.value, int) else 0
            if number < len(call.args) and isinstance(call.args[number], ast.Starred):
                return True
            if paths.call(call).endswith(("wait()", "as_completed()")):
                return not _is_one(call.args)
            if _goes_on(step):
                ends = [end for _, end in self._awaited.get(call, ())]
                for start in self._starts.get(call, ()):
                    loops = {one for one in paths.inside(start) if one.kind == "for"}
                    if loops and not any(
                        loops <= set(end) and paths.is_prefix(end, start)
                        for end in ends
                    ):
                        return True
        return False


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


def _is_tested(event: Event, *questions: str) -> bool:
    """Return whether a condition such as `while not queue.empty()` leads to an event."""
    asked = re.compile(rf"\b(?:{'|'.join(questions)})\b")
    return any(
        step.kind in ("after", "if", "for") and asked.search(paths.condition(step.node))
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


def _goes_on(step: Step) -> bool:
    """Return whether a task goes on while its starter does, unlike in `gather`."""
    return paths.call(step.node).endswith(("create_task()", "ensure_future()"))


def _is_one(given: list[ast.expr]) -> bool:
    """Return whether a call is given a list of one element."""
    elements: list[ast.expr] = getattr(given[0], "elts", []) if given else []
    return len(elements) == 1 and not isinstance(elements[0], ast.Starred)
