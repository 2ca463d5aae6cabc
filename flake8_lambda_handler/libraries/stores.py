"""Objects from outside that keep what they are given.

Namespaces, context variables and `globals()`.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of

NAMESPACE = "types.SimpleNamespace"
CONTEXT_VARIABLE = "contextvars.ContextVar"
GLOBALS = "builtins.globals"


def _made(run: Run, type: str, known: dict[object, Value], call: Call) -> Value:
    address = run.address(call.node)
    for value in known.values():
        run.escape(value, keep=True)
    run.state.fresh(address, Items(known))
    return Object(type, address)


# -- namespaces ---------------------------------------------------------------------


@call_of(NAMESPACE, "argparse.Namespace")
def _namespace(run: Run, call: Call) -> Value:
    if call.args or REST in call.keywords:
        for value in call.values():
            run.escape(value)
        return Object(NAMESPACE, None)
    return _made(run, NAMESPACE, dict(call.keywords.items()), call)


def attribute(run: Run, owner: Object, name: str) -> Value | None:
    """Return what an attribute of a namespace holds; `None` for any other object."""
    if owner.type in _ALL_QUEUES and name not in _OF_QUEUES:
        run.escape(owner)  # such as `queue.queue`, which is all that it holds
    entry = run.entry(owner.address) if owner.type == NAMESPACE else None
    if not isinstance(entry, Items):
        return None
    if name in entry.known:
        return run.or_kept(entry.known[name], owner.address)
    return KEPT if run.is_kept(owner.address) else UNKNOWN


def set_attribute(
    run: Run, owner: Object, name: str, value: Value, node: object
) -> None:
    """Carry out an assignment to an attribute of a namespace."""
    entry = run.entry(owner.address) if owner.type == NAMESPACE else None
    if isinstance(entry, Items):
        run.update(owner, entry.set(name, value), value)


# -- context variables --------------------------------------------------------------


@call_of(CONTEXT_VARIABLE)
def _variable(run: Run, call: Call) -> Value:
    known = {name: one for name, one in call.keywords.items() if name == "default"}
    return _made(run, CONTEXT_VARIABLE, dict(known.items()), call)


@methods_of(CONTEXT_VARIABLE)
def _variable_method(run: Run, receiver: Object, call: Call) -> Value | None:
    entry = run.entry(receiver.address)
    if not isinstance(entry, Items):
        return None
    if call.name == "get":
        default = entry.known.get("default", KEPT)
        seen = [entry.known[one] for one in _contexts(run) if one in entry.known]
        found = [*seen, call.argument(0) if call.args else default]
        return run.or_kept(found[0], receiver.address)
    if call.name == "set":
        value = call.argument(0)
        context = _contexts(run)[0]
        items = entry.set(context, value)
        if context is None:
            run.update(receiver, items, value)
        elif receiver.address is not None:
            run.state.change(receiver.address, items)
        run.escape(value, keep=True)
        return UNKNOWN
    return None


def _contexts(run: Run) -> list[Step | None]:
    """Return whose values code sees: its task's, those around it, then the thread's.

    Each task has a copy of the context: what it sets is gone with it.
    """
    way = reversed(run.world.root.way or ())
    return [*[step for step in way if step.kind in ("run", "task")], None]


# -- queues -------------------------------------------------------------------------

QUEUES = frozenset({"queue.LifoQueue", "queue.PriorityQueue", "queue.Queue"}) | {
    "queue.SimpleQueue"
}
ASYNC_QUEUES = frozenset(
    {"asyncio.LifoQueue", "asyncio.PriorityQueue", "asyncio.Queue"}
)


_ALL_QUEUES = QUEUES | ASYNC_QUEUES


@call_of(*_ALL_QUEUES)
def _queue(run: Run, call: Call) -> Value:
    found = made(run, call, call.name)
    if found.address is not None:
        run.state.fresh(found.address, Items())
    return found


@methods_of(*_ALL_QUEUES)
def _queue_method(run: Run, receiver: Object, call: Call) -> Value | None:
    name, is_later = call.name, receiver.type in ASYNC_QUEUES
    entry = run.entry(receiver.address)
    if name not in _MOVING or not isinstance(entry, Items):
        return None
    run.record(Used(call.node, receiver, name))
    if name.startswith("put"):
        added = call.argument(0, "item")
        run.update(receiver, entry.add(added), added, call.node)
    if is_later and name in ("get", "put"):
        method = Method(receiver, name)
        return run.make_coroutine("coroutine", method, [], {}, call.node)
    return NONE if name.startswith("put") else taken_out(run, receiver)


_MOVING = frozenset({"get", "get_nowait", "put", "put_nowait"})

#: What says nothing of what a queue holds.
_OF_QUEUES = (
    _MOVING | {"empty", "full", "join", "maxsize", "qsize", "shutdown"} | {"task_done"}
)


def taken_out(run: Run, queue: Object) -> Value:
    """Return one of the things that a queue holds."""
    entry = run.entry(queue.address)
    return entry.element() if isinstance(entry, Items) else UNKNOWN


# -- names of the module ------------------------------------------------------------


class ModuleNames(Object):
    """The names of a module as a dict: `globals()`."""

    __slots__ = ("type", "address", "module")
    module: Module


@call_of("builtins.globals")
def _globals(run: Run, call: Call) -> Value:
    return ModuleNames(GLOBALS, None, run.module)


@methods_of(GLOBALS)
def _globals_method(run: Run, receiver: Object, call: Call) -> Value | None:
    module = receiver.module if isinstance(receiver, ModuleNames) else run.module
    name = call.argument(0)
    if call.name == "update":
        _update(run, module, call)
        return NONE
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return None
    default = call.argument(1) if len(call.args) > 1 else NONE
    if call.name == "get":
        found = run.world.global_value(module, name.value)
        return join(default, found)
    if call.name == "setdefault":
        run.escape(default, keep=True)
        run.world.store_global(run, name.value, default)
        return default
    return None


def _update(run: Run, module: Module, call: Call) -> None:
    given: dict[object, Value] = dict(call.keywords.items())
    for one in call.args:
        items = run.items(one) if isinstance(one, Container) else Items({}, UNKNOWN)
        given.update(items.known)
        if items.rest is not None:
            run.world.rebind(module, "")
    for name, value in given.items():
        bind(run, module, None, Const(name), value)
    for value in call.values():
        run.escape(value, keep=True)


def bind(
    run: Run, module: Module, node: ast.AST | None, name: Value, value: Value
) -> None:
    """Bind a name of a module; `node` is where it is written."""
    if isinstance(name, Const) and isinstance(name.value, str) and name.value != REST:
        run.world.store_attribute(run, ModuleValue(module), name.value, value)
        return
    begin = node.values[0] if isinstance(node, ast.JoinedStr) else None
    prefix = begin.value if isinstance(begin, ast.Constant) else ""
    run.world.rebind(module, str(prefix))
