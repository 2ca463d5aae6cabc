"""Return the loops that each invocation makes and leaves open."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.closed import closing
from flake8_lambda_handler.analyses.loops.holders import target
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopCalled
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopMade
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries.current_loop import CURRENT
from flake8_lambda_handler.libraries.current_loop import UNSET
from flake8_lambda_handler.libraries.objects import RUNNER


class Unclosed(NamedTuple):
    """A loop made by each invocation that is not closed."""

    node: ast.AST
    name: str
    #: `event loop` or `runner`.
    what: str
    #: Whether some paths close it.
    sometimes: bool
    where: str


def find(invocation: Invocation) -> list[Unclosed]:
    """Return the loops that each invocation makes and leaves open."""
    found: dict[ast.AST, Unclosed] = {}
    for event in () if invocation.summary.is_truncated else invocation.events:
        if not isinstance(event, (LoopMade, ObjectMade)) or event.node in found:
            continue
        if not _is_own(invocation, event):
            continue
        sometimes = _left_open(invocation, event)
        if sometimes is not None:
            node, where = invocation.place(event)
            origin = Origin(event, False)
            name = invocation.origins.name(origin)
            found[event.node] = Unclosed(node, name, origin.kind, sometimes, where)
    return list(found.values())


def _is_own(invocation: Invocation, event: LoopMade | ObjectMade) -> bool:
    """Return whether an event makes a loop for one invocation only."""
    value = event.value
    if isinstance(event, ObjectMade) and (
        value.type != RUNNER
        or not any(loop == value for _, loop in invocation.runs_on_loops())
    ):
        return False
    if (
        value.address is None
        or value.address.shared
        or event.node in invocation.guarded
    ):
        return False
    assigned = target(event.node, event.frame.scope)
    is_local = assigned is None or isinstance(assigned, ast.Name)
    is_stored = not is_local or invocation.analysis.is_shared(value.address)
    kinds = {step.kind for step in event.path}
    if kinds & {"except", "or", "run", "choice"} or paths.asks_about_loops(event.path):
        return False
    if is_stored and kinds & {"if", "after", "case"}:
        return False  # somebody remembers it
    if _is_left_current(invocation, value) and any(
        isinstance(one, LoopFetched) and UNSET in each(one.current)
        for one in invocation.events
    ):
        return False  # the next invocation fetches it
    return not _is_closed_later(event)


def _is_left_current(invocation: Invocation, value: Value) -> bool:
    return any(
        isinstance(one, LoopSet) and one.value == value for one in invocation.events
    )


def _left_open(invocation: Invocation, event: LoopMade | ObjectMade) -> bool | None:
    """Return `False` for never closed, `True` for not always, else `None`."""
    address = event.value.address
    fates = [
        entry.known.get("closed", UNKNOWN)
        for _, state, _ in invocation.summary.returns
        if isinstance(entry := state.heap.get(address), Items)
    ]
    if fates and all(fate == Const(False) for fate in fates):
        return False
    if Const(False) in fates or _drops(invocation, event):
        return True
    if any(set(each(fate)) == {Const(True), Const(False)} for fate in fates):
        return _is_closed_by_chance(invocation, event)
    return None


def _drops(invocation: Invocation, event: Event) -> bool:
    """Return whether the function that makes a loop may return and leave it open."""
    function = event.frame.function
    if event.depth == 0 or function is None or not _is_local(event):
        return False
    summary = invocation.analysis.summary(function)
    run = summary.activation
    if run is None:
        return False
    for value, state, _ in summary.returns:
        for address, entry in state.heap.items():
            if address.node is event.node and isinstance(entry, Items):
                if entry.known.get("closed") == Const(False):
                    saved, run.state = run.state, state
                    kept = address in run.reach(value)
                    run.state = saved
                    shared = invocation.analysis.is_shared(address)
                    stored = any(address in run.reach(held) for held in _stored(state))
                    if not kept and not shared and not stored:
                        return True
    return False


def _is_local(event: Event) -> bool:
    """Return whether a loop goes to a local name, or to none."""
    assigned = target(event.node, event.frame.scope)
    scope = event.module.scopes.get(event.frame.scope)
    return assigned is None or (
        isinstance(assigned, ast.Name)
        and scope is not None
        and assigned.id in scope.local
        and assigned.id not in scope.captured
    )


def _is_closed_by_chance(
    invocation: Invocation, event: LoopMade | ObjectMade
) -> bool | None:
    """Return `True` when a condition that is not about the loop decides."""
    value = event.value
    found = None
    for one in invocation.events:
        if not isinstance(one, (Entered, LoopCalled)) or one.value != value:
            continue
        if closing(one) != "closed":
            continue
        if not paths.is_prefix(event.path, one.path):
            return None
        for step in [step for step in one.path if step not in event.path]:
            if step.kind == "try":
                # What runs before it in the block may fail.
                if not any(
                    isinstance(run, LoopRun) and run.how == value and step in run.path
                    for run in invocation.events
                ):
                    return None
            elif step.kind != "if" or paths.asks_about_loops((step,)):
                return None
        found = True
    return found


def _is_closed_later(event: Event) -> bool:
    """Return whether a nested function, or `__del__` of its owner, may close a loop."""
    scope = event.frame.scope
    functions: list[ast.AST] = [
        node for node in ast.walk(scope) if isinstance(node, FUNCTIONS)
    ]
    owner = event.frame.function.owner if event.frame.function is not None else None
    if owner is not None:
        functions += [
            node for node in owner.node.body if getattr(node, "name", "") == "__del__"
        ]
    return any(
        isinstance(inner, ast.Attribute) and inner.attr == "close"
        for node in functions
        if node is not scope
        for inner in ast.walk(node)
    )


def _stored(state: State) -> Iterator[Value]:
    """Yield what objects that other code can reach hold."""
    for address, entry in state.heap.items():
        if isinstance(entry, Items) and address is not CURRENT:
            yield from entry.values()
