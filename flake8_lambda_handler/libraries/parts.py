"""What attributes, items and elements of values from outside the project are."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.events import Configured
from flake8_lambda_handler.flow.events import EncoderPatched
from flake8_lambda_handler.flow.events import UsedPlainly
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import UNDRIVEN
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import data_models
from flake8_lambda_handler.libraries import django
from flake8_lambda_handler.libraries import frames
from flake8_lambda_handler.libraries import numbers
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import orm
from flake8_lambda_handler.libraries import stores
from flake8_lambda_handler.libraries import tortoise


def made_by(run: Run, value: Value) -> Value:
    """Return what a generator gives, async or not."""
    made = run.entry(getattr(value, "address", None))
    maker = made.callable if isinstance(made, Made) else UNKNOWN
    if isinstance(maker, Method) and isinstance(maker.receiver, tortoise.Rows):
        return Typed(maker.receiver.cls, None)  # `aiterator` of Django
    return run.world.yielded(maker) if isinstance(maker, Function) else UNKNOWN


def each_async(run: Run, value: Value) -> Value:
    """Return what `async for` over a value gives."""
    run.drive(value)
    if isinstance(value, tortoise.Rows):
        return Typed(value.cls, None)
    if isinstance(value, Instance):
        method = run.world.class_facts(value.cls).find("__aiter__")
        if isinstance(method, Function) and method.is_async:
            return run.world.yielded(method)
        return UNKNOWN
    is_generator = isinstance(value, Coroutine) and value.kind == "async generator"
    return made_by(run, value) if is_generator else UNKNOWN


def element(run: Run, value: Value, node: ast.AST) -> Value:
    """Return what iterating an external value gives."""
    if isinstance(value, boto.Boto):
        return boto.element(run, value, node) or UNKNOWN
    if isinstance(value, Object) and value.type in numbers.EXACT:
        return numbers.part(value, UNKNOWN)
    if isinstance(value, Generator):
        return made_by(run, value)
    if isinstance(value, tortoise.Rows) and value.type == django.QUERY:
        return Typed(value.cls, None)
    if isinstance(value, orm.Query):
        return Instance(value.cls, None)
    if isinstance(value, Object) and value.type == frames.INTEGERS:
        return Object(frames.PLACE, None)
    if isinstance(value, Object) and value.type in orm.ELEMENTS:
        return Object(orm.ELEMENTS[value.type], None)
    if isinstance(value, Object) and value.type in objects.ELEMENTS:
        return Object(objects.ELEMENTS[value.type], None)
    if isinstance(value, Class):
        return data_models.member(run, value)
    if isinstance(value, Instance):
        return _element_of(run, value, node)
    return UNKNOWN


def _element_of(run: Run, value: Instance, node: ast.AST) -> Value:
    """Return what a plain `for` over an object of the project gives."""
    method = run.world.class_facts(value.cls).find("__iter__")
    if not isinstance(method, Function):
        return UNKNOWN
    given = run.call(method.bind(value), [], {}, node)
    return UNKNOWN if isinstance(given, Instance) else run.iterate(given, node)


def subscript(value: Value, key: Value, node: ast.AST) -> Value:
    """Return what subscripting an external value gives."""
    if isinstance(value, boto.Boto):
        return boto.subscript(value, key, node)
    if isinstance(value, Object) and value.type in numbers.EXACT:
        return numbers.part(value, key)
    if isinstance(value, Object) and value.type == frames.INTEGERS:
        is_slice = isinstance(getattr(node, "slice", None), ast.Slice)
        is_one = isinstance(key, Const) and isinstance(key.value, int)
        if is_slice:
            return value
        return Object(frames.PLACE, None) if is_one else UNKNOWN
    if isinstance(value, Object) and value.type in (frames.FRAME, frames.ROWS):
        wanted = str if value.type == frames.FRAME else int
        is_one = isinstance(key, Const) and isinstance(key.value, wanted)
        return Object(frames.SERIES, None) if is_one else UNKNOWN
    if value == Object(objects.IP_NETWORK, None):
        return Object(objects.IP_ADDRESS, None)
    if isinstance(value, External):
        if value.name == "os.environ":
            return Object(objects.STR, None)
        # `list[int]`, `Generic[T]`: a parametrised type is the type.
        return value
    if isinstance(value, Object) and value.type == django.QUERY:
        return django.item(value, node)
    if isinstance(value, Object):
        listed = async_apis.method(value.type, "__getitem__")
        if listed is not None and listed[1] is not None:
            return Object(listed[1], value.address)
    return UNKNOWN


def attribute(run: Run, value: Object, name: str) -> Value:
    """Return an attribute of an external object."""
    found = objects.ATTRIBUTES.get(value.type, {}).get(name)
    if found is not None:
        return Object(found, None)
    if value.type == orm.ROW and name == "_mapping":
        return Object(orm.MAPPING, None)
    part = boto.attribute(value, name) if isinstance(value, boto.Boto) else None
    if part is not None:
        return part
    if isinstance(value, objects.Caught) and value.own is not None:
        return run.attribute(Typed(value.own, None), name, value.own.node)
    held = stores.attribute(run, value, name)
    if held is not None:
        return held
    kind = async_apis.attribute(value.type, name)
    return Method(value, name) if kind is None else Object(kind, value.address)


def awaitable_attribute(run: Run, value: Coroutine, name: str) -> Value:
    """Return an attribute of a coroutine, task or future."""
    if value.kind in UNDRIVEN:
        run.drive(value)
    return Method(value, name)


def is_async_function(maker: Value) -> bool:
    """Return whether what is from outside gives coroutines, and nothing like them."""
    return maker in _ASYNC_FUNCTIONS


#: Those that are often taken for something that gives tasks.
_ASYNC_FUNCTIONS = (
    External("asyncio.as_completed"),
    External("asyncio.sleep"),
    External("asyncio.to_thread"),
    External("asyncio.wait"),
    External("asyncio.wait_for"),
)


def set_attribute(
    run: Run, owner: Value, name: str, value: Value, node: ast.AST
) -> None:
    """Note an assignment to an attribute of an external object."""
    if isinstance(owner, External) and owner.name.startswith("json."):
        if name == "default":
            run.record(EncoderPatched(node))
    if isinstance(owner, Object):
        stores.set_attribute(run, owner, name, value, node)
        orm.set_attribute(run, owner, name, value)
        run.record(Configured(node, owner))


def set_item(
    run: Run, owner: Value, target: ast.Subscript, key: Value, value: Value
) -> None:
    """Note an assignment to an item of an external object."""
    boto.changed(run, owner)
    if isinstance(owner, stores.ModuleNames):
        stores.bind(run, owner.module, target.slice, key, value)


def use_plainly(run: Run, value: Value, node: ast.AST, word: str) -> None:
    """Report an object that only works with `async for` or `async with`."""
    if isinstance(value, Instance):
        if _is_only_async(run, value, word):
            run.record(UsedPlainly(node, value, word))
        return
    listed = async_apis.async_class(value.type) if isinstance(value, Object) else None
    if listed is not None and isinstance(value, Object):
        if listed.async_for_only if word == "for" else listed.async_with_only:
            run.record(UsedPlainly(node, value, word))


def _is_only_async(run: Run, value: Instance, word: str) -> bool:
    """Return whether a class of the project can do something with `async` only."""
    facts = run.world.class_facts(value.cls)
    wanted, *others = NEEDED[word]
    return (
        isinstance(facts.find(wanted), Function)
        and not facts.is_open
        and facts.ancestors <= data_models.EMPTY_BASES
        and not any(facts.find(name) is not None for name in others)
    )


#: What a class has that can be used with `async`, and what it has if without as well.
NEEDED = {
    "for": ("__aiter__", "__iter__", "__getitem__"),
    "with": ("__aenter__", "__enter__"),
}
