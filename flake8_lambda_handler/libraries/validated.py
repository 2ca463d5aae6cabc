"""Models of pydantic: what their fields hold, as their annotations say."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import data_models
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import tortoise

#: Options of `model_dump` that leave every required field as it is.
_HARMLESS = frozenset(
    {"by_alias", "exclude_defaults", "exclude_none", "exclude_unset", "warnings"}
)

#: What pydantic makes of what it gets for a field of these types.
_KEPT = frozenset(
    {
        objects.DATE,
        objects.DATETIME,
        objects.DECIMAL,
        objects.PATH,
        objects.TIME,
        objects.TIMEDELTA,
        objects.UUID,
    }
)
_CONTAINERS = {
    "builtins.frozenset": "frozenset",
    "builtins.list": "list",
    "builtins.set": "set",
    "typing.FrozenSet": "frozenset",
    "typing.List": "list",
    "typing.Set": "set",
}

#: In the place of a depth: the models in a model stay what they are.
_NOT_DUMPED = -1

#: Options of `Field` that say nothing of what is dumped.
_ABOUT_VALUES = frozenset(
    {
        "alias",
        "default_factory",
        "description",
        "examples",
        "ge",
        "gt",
        "le",
        "lt",
        "max_length",
        "min_length",
        "pattern",
        "title",
    }
)


def class_method(run: Run, receiver: Class, call: Call) -> Value:
    """Return what calling a method of `data_models.class_attribute` gives."""
    rows = tortoise.class_method(run, receiver, call)
    if rows is not None:
        return rows
    facts = run.world.class_facts(receiver)
    listed = data_models.async_method(facts, call.name)
    if listed is not None:
        for value in call.values():
            run.escape(value, keep=True)
        made = Method(receiver, call.name)
        return run.make_coroutine(listed[0], made, [], {}, call.node)
    how = f"`{receiver.node.name}.{call.name}()`"
    for value in call.args[:1]:
        run.misuse(value, call.node, how)
    for value in call.values():
        run.escape(value, keep=True)
    if not data_models.is_plain_model(facts):
        return UNKNOWN
    address = run.address(call.node)
    known: dict[object, Value] = {}
    for name in facts.fields or ():
        held = _field(run, facts, name, call.node, _NOT_DUMPED)
        if held != UNKNOWN:
            known[name] = held
    run.state.fresh(address, Items(known, UNKNOWN))
    return Instance(receiver, address)


def outcome(run: Run, cls: Class, name: str, node: ast.AST) -> Value:
    """Return what an inherited method of a class gives when it is awaited."""
    facts = run.world.class_facts(cls)
    listed = data_models.async_method(facts, name)
    type = None if listed is None else listed[1]
    own = {async_apis.canonical(base) for base in facts.ancestors}
    if any(name in async_apis.PAIRS.get(base, ()) for base in own):
        return tortoise.pair(run, cls, node)
    return Typed(cls, None) if type in own else UNKNOWN


def instance_method(run: Run, receiver: Instance, call: Call) -> Value:
    """Return what calling a method of `data_models.inherited` gives."""
    if "json" in call.name:
        return Object(objects.STR, None)
    if call.name == "_asdict":
        return run.container("dict", run.items(receiver), call.node)
    if call.args or not _HARMLESS.issuperset(call.keywords):
        return UNKNOWN
    return _dumped(run, receiver.cls, call.node, 0)


def _dumped(run: Run, cls: Class, node: ast.AST, depth: int) -> Value:
    facts = run.world.class_facts(cls)
    if (
        not facts.fields
        or not data_models.is_plain_model(facts)
        or depth > limits.ASDICT_DEPTH
    ):
        return UNKNOWN
    known: dict[object, Value] = {
        name: _field(run, facts, name, node, depth) for name in facts.fields
    }
    return run.container("dict", Items(known), Marker(node) if depth else node)


def _field(run: Run, facts: ClassFacts, name: str, node: ast.AST, depth: int) -> Value:
    for one in facts.line():
        for statement in one.cls.node.body:
            if isinstance(statement, ast.AnnAssign):
                if (
                    isinstance(statement.target, ast.Name)
                    and statement.target.id == name
                ):
                    found = _annotated(run, one.cls, statement.annotation, node, depth)
                    default = facts.find(name) if statement.value else None
                    return found if _agrees(run, statement, default, found) else UNKNOWN
    return UNKNOWN


def _agrees(
    run: Run, statement: ast.AnnAssign, default: Value | None, found: Value
) -> bool:
    """Return whether a default is of the class that the annotation says.

    It is not validated, and `Field(exclude=True)` hides a field.
    """
    if statement.value is None:
        return True
    if not isinstance(statement.value, ast.Call) or not isinstance(default, Descriptor):
        return False
    given = {one.arg for one in statement.value.keywords}
    if statement.value.args or not _ABOUT_VALUES.issuperset(map(str, given)):
        return False
    made = run.call(default.function, [], {}, Marker(statement))
    return made == found or (
        getattr(made, "kind", made) == getattr(found, "kind", found)
    )


def _annotated(
    run: Run, cls: Class, annotation: ast.expr, node: ast.AST, depth: int
) -> Value:
    """Return what a field of an annotated type holds when it is dumped."""
    outer, inner = annotation, None
    if isinstance(annotation, ast.Subscript):
        outer, inner = annotation.value, annotation.slice
    named = _resolved(run, cls, outer)
    if isinstance(named, Class):
        facts = run.world.class_facts(named)
        if facts.ancestors & data_models.ENUMS:
            return Instance(named, None)
        if inner is not None or depth == _NOT_DUMPED:
            return UNKNOWN
        return _dumped(run, named, node, depth + 1)
    name = getattr(named, "name", "")
    if name in _KEPT and inner is None:
        return Object(name, None)
    kind = _CONTAINERS.get(name)
    if kind is None:
        return UNKNOWN
    element: Value = UNKNOWN
    if inner is not None and kind == "list":
        element = _annotated(run, cls, inner, node, depth)
    return run.container(kind, Items({}, element), Marker(node))


def _resolved(run: Run, cls: Class, node: ast.expr) -> Value:
    if isinstance(node, ast.Attribute):
        base = getattr(_resolved(run, cls, node.value), "name", "")
        return External(f"{base}.{node.attr}")
    if isinstance(node, ast.Name) and cls.frame is None:
        return run.world.global_value(cls.module, node.id)
    return UNKNOWN
