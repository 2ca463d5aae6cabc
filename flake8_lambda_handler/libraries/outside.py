"""What names, types and objects from outside the project do: see `flow.run.Libraries`.

Calls that do something of their own to their arguments stand in the other files of this
room, each under its name in `registry`; libraries with async APIs stand in the shipped
tables (see `tables`). A name that is in neither is unknown: its arguments may be driven
or changed, and nothing is known of what it returns.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import annotated
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import builtins
from flake8_lambda_handler.libraries import callbacks
from flake8_lambda_handler.libraries import carriers
from flake8_lambda_handler.libraries import chalice  # noqa: F401, for its table
from flake8_lambda_handler.libraries import clients
from flake8_lambda_handler.libraries import containers
from flake8_lambda_handler.libraries import data_calls
from flake8_lambda_handler.libraries import decorators
from flake8_lambda_handler.libraries import django
from flake8_lambda_handler.libraries import event_loops
from flake8_lambda_handler.libraries import logging
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import orm
from flake8_lambda_handler.libraries import powertools
from flake8_lambda_handler.libraries import routers
from flake8_lambda_handler.libraries import tasks
from flake8_lambda_handler.libraries import telegram
from flake8_lambda_handler.libraries import tortoise
from flake8_lambda_handler.libraries import validated
from flake8_lambda_handler.libraries.annotated import is_async
from flake8_lambda_handler.libraries.annotated import is_harmless
from flake8_lambda_handler.libraries.annotated import object_of
from flake8_lambda_handler.libraries.boto import changed
from flake8_lambda_handler.libraries.callbacks import note_unknown
from flake8_lambda_handler.libraries.current_loop import start
from flake8_lambda_handler.libraries.data_models import above
from flake8_lambda_handler.libraries.data_models import binds_nothing
from flake8_lambda_handler.libraries.data_models import class_attribute
from flake8_lambda_handler.libraries.data_models import field_defaults
from flake8_lambda_handler.libraries.data_models import given_fields
from flake8_lambda_handler.libraries.data_models import inherited
from flake8_lambda_handler.libraries.data_models import is_enum_member
from flake8_lambda_handler.libraries.data_models import is_plain_metaclass
from flake8_lambda_handler.libraries.decorators import decorate_class
from flake8_lambda_handler.libraries.numbers import arithmetic
from flake8_lambda_handler.libraries.numbers import constant
from flake8_lambda_handler.libraries.numbers import negative
from flake8_lambda_handler.libraries.parts import attribute
from flake8_lambda_handler.libraries.parts import awaitable_attribute
from flake8_lambda_handler.libraries.parts import each_async
from flake8_lambda_handler.libraries.parts import element
from flake8_lambda_handler.libraries.parts import is_async_function
from flake8_lambda_handler.libraries.parts import made_by
from flake8_lambda_handler.libraries.parts import set_attribute
from flake8_lambda_handler.libraries.parts import set_item
from flake8_lambda_handler.libraries.parts import subscript
from flake8_lambda_handler.libraries.parts import use_plainly
from flake8_lambda_handler.libraries.registry import CALLS
from flake8_lambda_handler.libraries.registry import METHODS
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.types import caught
from flake8_lambda_handler.libraries.types import class_of
from flake8_lambda_handler.libraries.types import expects_exception
from flake8_lambda_handler.libraries.types import expects_refusal
from flake8_lambda_handler.libraries.types import expects_type_error
from flake8_lambda_handler.libraries.types import is_data
from flake8_lambda_handler.libraries.types import is_reply
from flake8_lambda_handler.libraries.types import is_subclass
from flake8_lambda_handler.libraries.types import is_true

#: These register what stands for their names.
REGISTERED = (builtins, logging, routers)

#: With what stands below, this is all of `flow.run.Libraries`.
__all__ = [
    "above",
    "arithmetic",
    "attribute",
    "awaitable_attribute",
    "awaited_object",
    "binds_nothing",
    "call",
    "call_method",
    "caught",
    "changed",
    "class_attribute",
    "class_of",
    "constant",
    "decorate_class",
    "each_async",
    "element",
    "enter",
    "enter_async",
    "exit_method",
    "field_defaults",
    "given_fields",
    "expects_exception",
    "expects_refusal",
    "expects_type_error",
    "inherited",
    "is_async",
    "is_async_function",
    "is_data",
    "is_enum_member",
    "is_harmless",
    "is_plain_metaclass",
    "is_reply",
    "is_subclass",
    "is_true",
    "negative",
    "note_unknown",
    "object_of",
    "outcome",
    "set_attribute",
    "set_item",
    "start",
    "subscript",
    "use_plainly",
]

#: Awaiting these gives what `async with` on their first argument would bind.
ENTERING = frozenset({"__aenter__", "enter_async_context"})

#: Methods of a task that neither wait for it nor end it.
TASK_QUESTIONS = frozenset(
    {"add_done_callback", "cancelled", "done", "get_coro", "get_name", "set_name"}
)

# -- calls --------------------------------------------------------------------------


def call(run: Run, call: Call) -> Value:
    """Return what calling an external name gives."""
    callbacks.note(run, call)
    if run.world.root.has_coroutines and data_calls.takes_data(call.name):
        call = data_calls.refuse(run, call)
    found = CALLS.get(call.name)
    if found is not None:
        return found(run, call)
    listed = async_apis.async_function(call.name, _literal(call))
    if listed is not None:
        return _listed(run, listed, External(call.name), call)
    if async_apis.async_class(call.name) is not None:
        type = async_apis.canonical(call.name)
        given = call.values() if type in carriers.CARRIERS else []
        new = made(run, call, type)
        carriers.carry(run, new, given)
        return new
    for value in call.values():
        run.escape(value)
    return UNKNOWN


def call_method(run: Run, method: Method, call: Call) -> Value:
    """Return what calling a method of an external object or a container gives."""
    receiver = method.receiver
    if isinstance(receiver, Container):
        return containers.method(run, receiver, call)
    if isinstance(receiver, Held):
        return annotated.method(run, receiver, call)
    if isinstance(receiver, Const) and receiver != NONE:
        for value in call.values():
            run.look_at(value, call.node, f"`{call.name}()`")
        plain = Object(f"builtins.{type(receiver.value).__name__}", None)
        found = METHODS.get(plain.type)
        given = found and found(run, plain, call._replace(args=[], keywords={}))
        return given or UNKNOWN
    if isinstance(receiver, Instance):
        return validated.instance_method(run, receiver, call)
    if isinstance(receiver, Coroutine):
        return _awaitable_method(run, receiver, call)
    if isinstance(receiver, Class):
        return validated.class_method(run, receiver, call)
    if isinstance(receiver, Object):
        if receiver.type in data_calls.TYPES:
            call = data_calls.refuse(run, call)
        return _object_method(run, receiver, call)
    # `None`, as one of several values, would raise.
    for value in call.values():
        run.escape(value)
    return UNKNOWN


def _object_method(run: Run, receiver: Object, call: Call) -> Value:
    stand = METHODS.get(receiver.type)
    found = None if stand is None else stand(run, receiver, call)
    if found is not None:
        return found
    if receiver.type == "asyncio.Future":
        callbacks.note_method(run, call)
    method = Method(receiver, call.name)
    if receiver.type == "contextlib.AsyncExitStack" and call.name in ENTERING:
        return run.make_coroutine("coroutine", method, call.args, {}, call.node)
    if receiver.type == "contextlib.AsyncExitStack" and call.name == "callback":
        callbacks.unrun(run, call.argument(0), call.node, "`callback`")
    listed = async_apis.method(receiver.type, call.name, _literal(call))
    run.record(Used(call.node, receiver, call.name))
    if listed is not None and not telegram.is_plain(run, receiver.type, call.name):
        return _listed(run, listed, method, call)
    for value in call.values():
        run.escape(value)
    return UNKNOWN


def _awaitable_method(run: Run, receiver: Coroutine, call: Call) -> Value:
    name = call.name
    if receiver.kind in ("task", "future") and name in TASK_QUESTIONS:
        callbacks.note_method(run, call)
        return UNKNOWN
    for value in call.args:
        run.escape(value)
    run.drive(receiver)
    if name == "__aenter__":
        function = Method(receiver, name)
        return run.make_coroutine("coroutine", function, [receiver], {}, call.node)
    if receiver.kind == "task" and name == "result":
        made = run.entry(receiver.address)
        if isinstance(made, Made) and made.args:
            return run.outcome(made.args[0], call.node)
    return UNKNOWN


def _literal(call: Call) -> str | None:
    """Return the text of a first argument that is a literal: `client("s3")`."""
    first = call.argument(0)
    if isinstance(first, Const) and isinstance(first.value, str):
        return first.value
    return None


def _listed(run: Run, listed: async_apis.Call, function: Value, call: Call) -> Value:
    """Return what a call from the shipped tables gives."""
    kind, returns = listed
    for value in call.values():
        run.escape(value, keep=True)
    if kind != "plain":
        return run.make_coroutine(kind, function, [], {}, call.node, returns=returns)
    if returns is None:
        return UNKNOWN
    given = _of_type(run, returns, run.address(call.node), call.node)
    if isinstance(function, Method):
        carriers.carry(run, given, [function.receiver])
    return given


def _of_type(run: Run, type: str, address: Address, node: ast.AST) -> Value:
    """Return an object of a type in the tables, or a tuple of several."""
    types = async_apis.tuple_items(type)
    if types is not None:
        items = [Object(one, run.address(Marker(node))) for one in types]
        return run.container("tuple", Items(dict(enumerate(items))), node)
    found = Object(type, address)
    run.record(ObjectMade(node, found))
    return found


# -- awaiting and entering ----------------------------------------------------------


def outcome(run: Run, value: Coroutine, made: Made, node: ast.AST) -> Value:
    """Return what `await` gives for a coroutine made outside the project."""
    found = tasks.outcome(run, value, made, node)
    if found is not None:
        return found
    maker = made.callable
    if isinstance(maker, Function) and value.kind == "async context":
        return run.world.yielded(maker)
    if isinstance(maker, Method) and maker.name in ENTERING and made.args:
        return enter_async(run, made.args[0], node)
    if isinstance(maker, Method) and isinstance(maker.receiver, Class):
        return validated.outcome(run, maker.receiver, maker.name, node)
    if isinstance(maker, Method) and (row := django.awaited(run, maker, node)):
        return row
    if made.returns is None and isinstance(maker, Method):
        rows = orm.awaited(run, maker, made, node)
        if rows is not None:
            return rows
        client = maker.receiver.type if isinstance(maker.receiver, Object) else ""
        if client.startswith(async_apis.ASYNC_CLIENT):
            return boto.async_reply(run, client, maker.name, node)
    if made.returns is None:
        return UNKNOWN
    return _of_type(run, made.returns, value.address, node)


def awaited_object(value: Object) -> Value:
    """Return what `await` gives for a pool and its like: itself, ready for use."""
    if isinstance(value, tortoise.Rows):
        return tortoise.awaited(value)
    listed = async_apis.async_class(value.type)
    entered = listed.enter if listed is not None else None
    return Object(entered, value.address) if entered else UNKNOWN


def enter_async(run: Run, value: Value, node: ast.AST) -> Value:
    """Return what `async with` binds."""
    run.drive(value)
    found: list[Value] = []
    for one in run.choices(value, node):
        if isinstance(one, Coroutine):
            made = run.entry(one.address)
            inner = outcome(run, one, made, node) if isinstance(made, Made) else UNKNOWN
            found.append(inner)
        elif isinstance(one, Object):
            if one.type == tasks.TASK_GROUP:
                found.append(one)
                continue
            run.record(Entered(node, one))
            found.append(awaited_object(one))
        elif isinstance(one, Instance):
            found.append(run.world.entered(one))
        else:
            found.append(UNKNOWN)
    return join(*found)


def enter(run: Run, value: Value, node: ast.AST) -> Value:
    """Return what a plain `with` binds; entering `None`, as one of several, raises."""
    found = [
        _enter(run, one, node)
        for one in run.choices(value, node)
        if one != NONE or value == NONE
    ]
    return join(*found)


def _enter(run: Run, value: Value, node: ast.AST) -> Value:
    if isinstance(value, Object):
        if value.type == powertools.BATCH or value.type in clients.CLOSABLE:
            run.record(Entered(node, value))
            return value
        if value.type in (objects.RUNNER, event_loops.CLOSING):
            return event_loops.enter(run, value, node)
        if value.type in objects.FILES or value.type in orm.ENTERED:
            return value
        if value.type == decorators.CONTEXT:
            return made_by(run, value)
    if isinstance(value, Instance):
        method = run.world.class_facts(value.cls).find("__enter__")
        if isinstance(method, Function):
            return run.call(method.bind(value), [], {}, node)
    run.drive(value)
    return UNKNOWN


def exit_method(run: Run, value: Value, asynchronous: bool) -> Value | None:
    """Return the `__exit__` of a context manager, as far as it does something.

    With `asynchronous` the `__aexit__`, which gives a coroutine.
    """
    if isinstance(value, Object) and value.type == objects.RUNNER:
        return None if asynchronous else Method(value, "__exit__")
    if isinstance(value, Object) and value.type == tasks.TASK_GROUP:
        return Method(value, "__aexit__")
    if isinstance(value, Instance):
        name = "__aexit__" if asynchronous else "__exit__"
        method = run.world.class_facts(value.cls).find(name)
        if isinstance(method, Function):
            return method.bind(value)
    return None
