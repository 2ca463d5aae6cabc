"""The loops that are run inside a running one."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopCalled
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import RunningAsked
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.libraries.objects import RUNNER


class Nested(NamedTuple):
    """A loop that is run by code that already runs in one."""

    node: ast.AST
    call: str
    #: The loop that runs already.
    outer: str
    error: str
    where: str
    cure: str


def find(invocation: Invocation) -> list[Nested]:
    """The calls that run a loop inside a running one."""
    found: dict[ast.AST, Nested] = {}
    for event in invocation.events:
        if not isinstance(event, LoopRun) or event.node in found:
            continue
        outer = running_loop(event.path)
        if (
            outer is None
            or not _is_certain(event)
            or _asks_first(invocation, event, outer)
        ):
            continue
        if not invocation.origins.is_complete or invocation.allows_nesting:
            break
        node, where = invocation.place(event)
        error = _nested_error(event, outer)
        call = paths.call(event.node)
        running = _running(invocation, outer)
        found[event.node] = Nested(node, call, running, error, where, _cure(event))
    return list(found.values())


def _running(invocation: Invocation, outer: Step) -> str:
    """Return the words for the loop that runs already, with its line."""
    what = f"the loop of `{paths.call(outer.node)}`"
    line = getattr(written(outer.node), "lineno", 0)
    is_here = invocation.module.owns(written(outer.node))
    return f"{what} (line {line})" if is_here else what


def _cure(event: LoopRun) -> str:
    function = event.frame.function
    if function is None or function.is_async:
        return "`await` instead"
    return f"make `{function.name}` async and `await`"


def _asks_first(invocation: Invocation, event: Event, outer: Step) -> bool:
    """Return whether the code looks for a running loop before it runs one."""
    inner = paths.inside(event.path) if outer in event.path else ()
    if (
        paths.is_caught(inner)
        or any(step.kind == "except" for step in inner)
        or paths.asks_about_loops(inner)
    ):
        return True
    function = event.frame.function
    if function is not None and function.is_async:
        return False
    context = event.frame.context
    return any(
        _asks_for_running(one) and one.frame.context[: len(context)] == context
        for one in invocation.events
    )


def _is_certain(event: LoopRun) -> bool:
    """Return whether a `run` event is certainly one, whatever is called there."""
    if isinstance(event.how, Object):
        return bool(paths.receivers(event, event.how))
    last = event.path[-1:]
    return not paths.is_chosen(last, event.node)


def _asks_for_running(event: Event) -> bool:
    """Return whether an event asks for the loop that runs."""
    return isinstance(event, RunningAsked) or (
        isinstance(event, LoopCalled) and event.name == "is_running"
    )


def _nested_error(event: LoopRun, outer: Step) -> str:
    how = event.how
    if isinstance(how, Object):
        if how.type == RUNNER:
            return "Runner.run() cannot be called from a running event loop"
        if outer.value is not None and how != outer.value:
            return "Cannot run the event loop while another loop is running"
        if how.address is None or how == outer.value:
            return "This event loop is already running"
        return "Cannot run the event loop while another loop is running"
    return "asyncio.run() cannot be called from a running event loop"
