"""The kept coroutines that are run again, and tasks that outlive their loop."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops import current
from flake8_lambda_handler.analyses.loops.holders import target
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import CoroutineMade
from flake8_lambda_handler.flow.events import Driven
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopMade
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import Scheduled
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value

#: A cached function gives its coroutine to each call with the same arguments.
REPEATED = "the next call with the same arguments"


class Spent(NamedTuple):
    """A kept coroutine that each invocation runs, or a task that each one waits for."""

    node: ast.AST
    name: str
    #: `coroutine` or `task`.
    kind: str
    #: What fails first.
    when: str
    where: str
    use: str


def find(invocation: Invocation) -> list[Spent]:
    """Return the kept coroutines and tasks that fail, each at its first use."""
    found: dict[ast.AST, Spent] = {}
    for event in invocation.events:
        if not isinstance(event, Driven) or paths.is_caught(event.path):
            continue
        values = paths.coroutines(event, event.value)
        # What a global holds was made there, too, by way of other calls.
        made = {value.address.node: value for value in values}
        if event.frame.shared or len(made) != 1:
            continue  # what a cached function does, it does once
        for node, value in made.items():
            when = None if node in found else _failing(invocation, value, event)
            if when is not None and invocation.origins.is_complete:
                found[node] = _fact(invocation, value, when, event)
    return list(found.values())


def strays(invocation: Invocation) -> list[Spent]:
    """Return the futures that belong to the thread's current loop, run by another one.

    Outside of a loop `asyncio.gather` asks for the current one, which
    `asyncio.new_event_loop()` does not change.
    """
    found: dict[ast.AST, Spent] = {}
    makers = invocation.once(_made)
    for event in invocation.events:
        if not isinstance(event, Driven) or paths.is_caught(event.path):
            continue
        values = paths.coroutines(event, event.value)
        made = makers.get(values[0].address.node) if len(values) == 1 else None
        loop = running_loop(event.path)
        if (
            isinstance(made, Scheduled)
            and made.how in ("ensure_future", "gather", "shield")
            and loop is not None
            and loop.node is event.node
            and running_loop(made.path) is None
            and _is_never_current(invocation, loop.value)
        ):
            found.setdefault(made.node, _fact(invocation, values[0], EVERY, event))
    return list(found.values())


def twice(invocation: Invocation) -> list[Spent]:
    """Return the coroutines that one invocation certainly awaits twice."""
    found: dict[ast.AST, Spent] = {}
    makers = invocation.once(_made)
    first: dict[Address, list[Event]] = {}
    for event in invocation.events:
        if not isinstance(event, Driven) or paths.is_caught(event.path):
            continue
        values = paths.coroutines(event, event.value)
        made = makers.get(values[0].address.node) if values else None
        if made is None or values[0].kind != "coroutine" or values[0].address.shared:
            continue
        if any(step.kind == "for" for step in made.path):
            continue  # one of many
        before = first.setdefault(values[0].address, [])
        if made.node not in found and any(
            _comes_to_both(made, one, event) for one in before
        ):
            found[made.node] = _fact(invocation, values[0], EVERY, event)
        before.append(event)
    return list(found.values())


def _comes_to_both(made: Event, one: Event, other: Event) -> bool:
    """Return whether whoever comes to the second of two uses has come to the first.

    Who waits twice for a task, or for `gather`, has what is in it run once.
    """
    if one.node is other.node or _tasks(one) & _tasks(other) - _tasks(made):
        return False
    return paths.is_prefix(_way(one), _way(other))


def _tasks(event: Event) -> set[ast.AST]:
    """Return what starts the tasks around an event."""
    return {step.node for step in event.path if step.kind == "task"}


def _way(event: Event) -> Path:
    """Return the way to a use, whatever task it leads through."""
    steps = (one for one in event.path if one.node is not event.node)
    return tuple([one for one in steps if one.kind != "task"])


def _is_never_current(invocation: Invocation, loop: object) -> bool:
    """Return whether a loop is made, and nothing makes it the thread's current one."""
    origin = invocation.origins.of(loop)
    return (
        origin is not None
        and isinstance(origin.event, LoopMade)
        and invocation.origins.is_complete
        and not invocation.allows_nesting
        and not current.sets(invocation.origins.everything)
    )


def _failing(invocation: Invocation, value: Coroutine, use: Event) -> str | None:
    """Return what fails because a use comes to the same object again, if it does."""
    address = value.address
    if not _is_kept(invocation, value, use) or invocation.origins.is_let_go(
        address.node, address.module
    ):
        return None
    if value.kind == "task":
        if _is_foreign(invocation, value, use):
            return EVERY
        return SECOND if _is_left_behind(invocation, value) else None
    if value.kind != "coroutine" or any(
        step.kind == "task" and _is_kept_task(invocation, step.node)
        for step in use.path
    ):
        return None
    entry = _entry(invocation, value)
    if entry is not None and _is_cached(entry):
        return REPEATED if entry.args or entry.keywords else SECOND
    is_run = any(
        isinstance(event, Driven) and event.value.address.node is value.address.node
        for event in invocation.origins.imported
    )
    return EVERY if is_run else SECOND


def _made(invocation: Invocation) -> dict[ast.AST, CoroutineMade | Scheduled]:
    """Return what makes the coroutines and tasks of an invocation."""
    return {
        event.value.address.node: event
        for event in reversed(invocation.events)
        if isinstance(event, (CoroutineMade, Scheduled))
    }


def _is_kept(invocation: Invocation, value: Coroutine, use: Event) -> bool:
    """Return whether the next invocation, too, comes to a use of the same object."""
    address = value.address
    known: Path = ()
    if not address.shared:
        made = invocation.once(_made).get(address.node)
        if made is None or not invocation.analysis.is_shared(address):
            return False
        if paths.is_prefix(made.path, use.path) or paths.excludes(made, use):
            return False  # whoever gets to the use has just made it anew, or never
        known = made.path
    branches = {step.node for step in known if step.kind == "if"}
    return not any(
        step not in known
        and step.node not in branches
        and paths.may_remember(step, use, invocation.parameters)
        for step in use.path
    )


def _is_kept_task(invocation: Invocation, node: ast.AST) -> bool:
    """Return whether a node makes a task that outlives the invocation.

    Its coroutine runs once, however often somebody waits for the task.
    """
    return any(
        isinstance(event, Scheduled)
        and event.node is node
        and invocation.analysis.is_shared(event.value.address)
        for event in invocation.origins.everything
    )


def _is_foreign(invocation: Invocation, value: Coroutine, use: Event) -> bool:
    """Return whether a task of an import is waited for under another loop."""
    return (
        value.address.shared
        and invocation.is_fresh(use.path)
        and not any(isinstance(one, LoopRun) for one in invocation.origins.imported)
    )


def _is_left_behind(invocation: Invocation, value: Coroutine) -> bool:
    """Return whether the invocation that starts a task does not wait for it.

    Its loop cancels the task, if that has to wait for anything.
    """
    node = value.address.node
    made = invocation.once(_made).get(node)
    entry = _entry(invocation, value)
    name = target(node, value.address.module.tree)
    if made is None or entry is None or not isinstance(name, ast.Name):
        return False
    return (
        invocation.is_fresh(made.path)
        and _pauses(invocation, entry)
        and all(
            paths.parts(made.path, event.path)
            for event in invocation.events
            if isinstance(event, Driven) and event.value.address.node is node
        )
        and _is_only_awaited(name.id, value.address.module)
    )


def _pauses(invocation: Invocation, task: Made) -> bool:
    """Return whether what a task runs waits for something."""
    inner = _entry(invocation, task.args[0]) if task.args else None
    function = inner.callable if inner is not None else None
    return isinstance(function, Function) and any(
        isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))
        for node in ast.walk(function.node)
    )


def _is_only_awaited(name: str, module: Module) -> bool:
    """Return whether a module does nothing with a name but wait for it and look at it."""
    plain = (ast.Await, ast.Compare, ast.If, ast.IfExp, ast.UnaryOp)
    return all(
        isinstance(parent, plain) or getattr(parent, "attr", "") == "done"
        for parent in ast.walk(module.tree)
        for node in ast.iter_child_nodes(parent)
        if isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load)
    )


def _entry(invocation: Invocation, value: Value) -> Made | None:
    run = invocation.summary.activation
    entry = None if run is None else run.entry(getattr(value, "address", None))
    return entry if isinstance(entry, Made) else None


def _is_cached(made: Made) -> bool:
    return isinstance(made.callable, Function) and made.callable.cached


def _fact(invocation: Invocation, value: Coroutine, when: str, use: Event) -> Spent:
    """Return what is said of a kept object, with its place."""
    address = value.address
    entry = _entry(invocation, value)
    home, node = address.module, address.node
    nodes = [node, *reversed(address.context)]
    if entry is not None and isinstance(entry.callable, Function):
        if entry.callable.cached or not isinstance(node, ast.Call):
            # What changes is the function, or the property, not its use.
            home, node = entry.callable.module, entry.callable.node
            nodes = [node, *nodes]
    place = paths.first_owned(nodes, invocation.module) or invocation.place(use)[0]
    where = "" if home is invocation.module else invocation.origins.where_is(home, node)
    name = invocation.origins.name_of(address)
    return Spent(place, name, value.kind, when, where, invocation.use(use))
