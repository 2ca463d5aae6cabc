"""The way on which something happens: through branches, loops, tasks and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Frame


class Step(NamedTuple):
    """One step on the way to an event, outermost first, through all calls.

    - `if`: an arm of `node`, which is an `if`, a conditional expression or a loop's
      test; `value` tells which.
    - `after`: behind `node`, one of whose arms left the function.
    - `or`: the operand of `node`, an `and` or `or`, that is not always reached.
    - `for`: the body of a loop or comprehension. `case`: an arm of `match`.
    - `try`, `except`: inside that part of `node`.
    - `choice`: the call `node` of one of several values, `value`.
    - `run`: inside what a loop runs; `value` is the loop or `None` for `asyncio.run`.
    - `task`: inside a task of its own; `value` is its number among those of `node`.
    - `thread`: inside what a thread of its own runs, where no loop runs yet.
    - `main`: under `if __name__ == "__main__"`.
    """

    kind: str
    node: ast.AST
    value: object = None


Path = tuple[Step, ...]


class Way:
    """The last step to the current statement, and the way on which it was taken.

    What comes after shares it, so that a step more costs the same on every way.
    """

    __slots__ = ("before", "step")

    def __init__(self, step: Step, before: Way | None) -> None:
        self.step = step
        self.before = before

    def __reversed__(self) -> Iterator[Step]:
        """Yield the steps, the innermost first."""
        way: Way | None = self
        while way is not None:
            yield way.step
            way = way.before


def path_of(way: Way | None) -> Path:
    """Return the steps of a way, outermost first."""
    return () if way is None else tuple([*reversed(way)][::-1])


def running_loop(path: Path | Way | None) -> Step | None:
    """Return the innermost step that runs a loop."""
    for step in reversed(path or ()):
        if step.kind in ("run", "thread"):
            return step if step.kind == "run" else None
    return None


def way_to(address: Address, frame: Frame) -> tuple[ast.AST, ...]:
    """Return the calls that lead from a body to an object, and what made it there."""
    return (*address.context[len(frame.context) :], address.node)
