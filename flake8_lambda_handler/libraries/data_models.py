"""Instances of the project's classes, with what their class has from elsewhere.

Dataclasses, named tuples, enumerations and pydantic models.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Namespace
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import django
from flake8_lambda_handler.libraries import stores
from flake8_lambda_handler.libraries import tortoise
from flake8_lambda_handler.libraries.method_names import VALIDATORS
from flake8_lambda_handler.libraries.registry import call_of

#: Metaclasses that leave instances as they are.
PLAIN_METACLASSES = frozenset({"abc.ABCMeta"})

#: Bases from outside that bind no method which a project's class would override.
TRANSPARENT_BASES = frozenset(
    {
        "abc.ABC",
        "builtins.object",
        "builtins.Exception",
        "typing.Generic",
        "typing.NamedTuple",
        "typing.Protocol",
        "typing.TypedDict",
        "typing_extensions.Protocol",
        "typing_extensions.TypedDict",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "pydantic.BaseModel",
    }
)

#: Bases from outside that have nothing to do with the objects of derived classes.
EMPTY_BASES = frozenset(
    {"abc.ABC", "builtins.object", "typing.Generic", "typing.Protocol"}
)

#: Bases whose objects are decorators that call a function, and hand on what it gives.
DECORATING = frozenset({"contextlib.ContextDecorator"})

ENUMS = frozenset(
    {"enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum"}
)
PYDANTIC = frozenset(
    {
        "aws_lambda_powertools.utilities.parser.BaseModel",
        "aws_lambda_powertools.utilities.parser.pydantic.BaseModel",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic_settings.BaseSettings",
    }
)


def binds_nothing(base: str) -> bool:
    """Return whether a base binds no method which a class would override."""
    return base in TRANSPARENT_BASES


def is_plain_metaclass(name: str) -> bool:
    """Return whether a metaclass leaves instances as they are."""
    return name in PLAIN_METACLASSES


#: Decorators that make no field, and check none.
_OF_METHODS = frozenset({"cached_property", "classmethod", "property", "staticmethod"})

#: Options of `ConfigDict` under which fields hold, and give, what they say.
#: Source: pydantic 2.12 documentation, "Configuration", read 2026-11-23.
_HARMLESS = frozenset(
    (
        "alias_generator arbitrary_types_allowed coerce_numbers_to_str extra "
        "from_attributes frozen json_schema_extra populate_by_name "
        "protected_namespaces str_max_length str_min_length str_strip_whitespace "
        "str_to_lower strict title use_attribute_docstrings validate_assignment "
        "validate_by_alias validate_by_name"
    ).split()
)

#: Types of fields that pydantic makes of no object that is something else.
_PLAIN_TYPES = frozenset(
    {"bool", "bytes", "dict", "float", "int", "list", "set", "str"}
)

#: Decorators that make a class of its fields, by their last name.
DATA_CLASSES = frozenset({"attrs", "dataclass", "define", "frozen", "mutable", "s"})


def decorated_with(cls: Class) -> set[str]:
    """Return the last names of a class's decorators."""
    return set(map(last_name, cls.node.decorator_list))


def is_dataclass(cls: Class) -> bool:
    return "dataclass" in decorated_with(cls)


def is_enum_member(facts: ClassFacts, name: str, found: Value | None) -> bool:
    """Return whether a class attribute is a member of an enumeration."""
    return (
        found is not None
        and not name.startswith("_")
        and not isinstance(found, (Function, Descriptor, Class))
        and bool(facts.ancestors & ENUMS)
    )


@call_of(
    "attr.Factory",
    "attr.field",
    "attr.ib",
    "attrs.Factory",
    "attrs.field",
    "dataclasses.field",
    "pydantic.Field",
    "pydantic.fields.Field",
)
def _field(run: Run, call: Call) -> Value:
    """Return what makes the default of a field."""
    for value in call.values():
        run.escape(value, keep=True)
    if "default" in call.keywords:
        return call.keywords["default"]
    name = "default_factory" if "default_factory" in call.keywords else "factory"
    if name not in call.keywords and not call.name.endswith("Factory"):
        return UNKNOWN
    return Descriptor("field", call.keywords.get(name, call.argument(0)))


def field_defaults(
    run: Run, facts: ClassFacts, given: dict[str, Value], node: ast.AST
) -> dict[object, Value]:
    """Return what fields hold that nobody gives when an instance is made.

    What a model of pydantic refuses among the others is reported.
    """
    found: dict[object, Value] = {}
    if not _has_fields(facts):
        return found
    if facts.ancestors & PYDANTIC and run.world.root.has_coroutines:
        for name, value in given.items():
            if _takes_plain_values(facts, name):
                run.misuse(value, node, f"model `{facts.cls.node.name}`")
    for name in facts.fields or ():
        if name in given:
            continue
        default = facts.find(name)
        if isinstance(default, Descriptor) and default.kind == "field":
            found[name] = run.call(default.function, [], {}, Marker(node))
        elif default is not None:
            found[name] = default
    return found


def given_fields(run: Run, facts: ClassFacts, node: ast.AST) -> dict[object, Value]:
    """Return what fields hold that `Class(**data)` may give or leave out.

    Whoever expects a set there does not expect what JSON can give.
    """
    names = facts.fields or []
    found: dict[object, Value] = dict.fromkeys(names, UNKNOWN)
    for name, value in field_defaults(run, facts, {}, node).items():
        if isinstance(value, Container) and value.kind in ("frozenset", "set"):
            found[name] = join(SOMETHING, value)
    return found


def is_plain_model(facts: ClassFacts) -> bool:
    """Return whether a model does nothing of its own to its fields."""
    if facts.is_open or not facts.ancestors or not facts.ancestors <= PYDANTIC:
        return False
    for one in facts.line():
        for statement in one.cls.node.body:
            if isinstance(statement, (ast.AnnAssign, ast.Pass)):
                continue
            if isinstance(statement, ast.Expr) and isinstance(
                statement.value, ast.Constant
            ):
                continue
            if isinstance(statement, (ast.AsyncFunctionDef, ast.FunctionDef)):
                by = {getattr(one, "id", "") for one in statement.decorator_list}
                is_own = statement.name.startswith(("__", "model_", "dict"))
                if by <= _OF_METHODS and not is_own:
                    continue
            if isinstance(statement, ast.Assign) and _is_harmless(statement):
                continue
            return False
    return True


def _is_harmless(statement: ast.Assign) -> bool:
    """Return whether a class sets options that leave its fields what they are."""
    names = [getattr(one, "id", "") for one in statement.targets]
    options = statement.value
    return (
        names == ["model_config"]
        and isinstance(options, ast.Call)
        and not options.args
        and {one.arg for one in options.keywords} <= _HARMLESS
    )


def _takes_plain_values(facts: ClassFacts, name: str) -> bool:
    """Return whether a model checks that a field holds plain values."""
    if not is_plain_model(facts):
        return False
    for one in facts.line():
        for statement in one.cls.node.body:
            if isinstance(statement, ast.AnnAssign):
                if getattr(statement.target, "id", "") == name:
                    said = hints.alternatives(statement.annotation)
                    return bool(said) and all(
                        part.holders or getattr(part.node, "id", "") in _PLAIN_TYPES
                        for part in said or ()
                        if part.node is not None
                    )
    return False


def _has_fields(facts: ClassFacts) -> bool:
    """Return whether what a class annotates are the attributes of its instances."""
    named = {"typing.NamedTuple", "typing_extensions.NamedTuple", *PYDANTIC}
    return bool(facts.ancestors & named) or any(
        decorated_with(one.cls) & DATA_CLASSES for one in facts.line()
    )


def member(run: Run, cls: Class) -> Value:
    """Return what iterating a class gives: a member of an enumeration."""
    facts = run.world.class_facts(cls)
    is_plain = facts.ancestors & ENUMS and not facts.has_metaclass
    return Instance(cls, None) if is_plain else UNKNOWN


def inherited(run: Run, value: Instance, name: str) -> Value | None:
    """Return what an instance has from a base outside the project, if anything."""
    facts = run.world.class_facts(value.cls)
    if any(name in one.namespace for one in facts.line()):
        return None
    if name in ("model_dump", "dict", "_asdict", "model_dump_json", "json"):
        if facts.ancestors & (PYDANTIC | {"typing.NamedTuple"}):
            return Method(value, name)
    for base in facts.ancestors:
        if async_apis.method(base, name) is not None:
            return Method(Object(async_apis.canonical(base), value.address), name)
        kind = async_apis.attribute(base, name)
        if kind is not None and not _is_assigned(facts, name):
            return Object(kind, value.address)
    if name == "__call__" and facts.ancestors and facts.ancestors <= DECORATING:
        return External("<decorator>")
    if name == "__dict__" and value.address is not None:
        return Namespace("dict", value.address)
    return None


def _is_assigned(facts: ClassFacts, name: str) -> bool:
    """Return whether the files of a class and its bases assign an attribute of it."""
    return any(
        name in one.cls.module.foreign_writes
        or name in one.cls.module.assigned_by(one.cls.node)
        for one in facts.line()
    )


def above(facts: ClassFacts, name: str) -> Value | None:
    """Return the method of a base from outside the project that `super()` finds.

    Each base that may have it stands in a table, so that none hides it.
    """
    bases = facts.bases_above(name)
    if not all(map(async_apis.async_class, bases)):
        return None
    for base in bases:
        if async_apis.method(base, name) is not None:
            return Method(Object(async_apis.canonical(base), None), name)
    return None


def class_attribute(facts: ClassFacts, name: str) -> Value | None:
    """Return what a class has from a base outside the project, if anything."""
    manager = django.manager(facts, name)
    if manager is not None:
        return manager
    is_validator = name in VALIDATORS and facts.ancestors & PYDANTIC
    if not is_validator and async_method(facts, name) is None:
        if tortoise.query(facts, name) is None:
            return None
    if any(name in one.namespace for one in facts.line()):
        return None
    return Method(facts.cls, name)


def async_method(facts: ClassFacts, name: str) -> async_apis.Call | None:
    """Return what a method from a base outside gives, if that has to be driven."""
    for base in facts.ancestors:
        listed = async_apis.method(base, name)
        if listed is not None and listed[0] != "plain":
            return listed
    return None


@call_of("attr.asdict", "attrs.asdict", "dataclasses.asdict")
def _asdict(run: Run, call: Call) -> Value:
    if len(call.args) != 1 or call.keywords:
        for value in call.values():
            run.escape(value, keep=True)
        return UNKNOWN
    return _as_plain(run, call.args[0], call.node, 0)


def _as_plain(run: Run, value: Value, node: ast.AST, depth: int) -> Value:
    """Return what `asdict` makes of a value: instances of dataclasses become dicts."""
    if depth > limits.ASDICT_DEPTH:
        return UNKNOWN
    if isinstance(value, Instance):
        if depth and not is_dataclass(value.cls):
            return value
        facts = run.world.class_facts(value.cls)
        entry = run.entry(value.address)
        if not isinstance(entry, Items) or entry.rest is not None or not facts.fields:
            return UNKNOWN
        known: dict[object, Value] = {}
        for name in facts.fields:
            found = entry.known.get(name)
            if found is None:
                found = facts.find(name)
                found = found if isinstance(found, Const) else UNKNOWN
            known[name] = _as_plain(run, found, node, depth + 1)
        return run.container("dict", Items(known), Marker(node))
    if isinstance(value, Container) and value.kind in ("dict", "list", "tuple"):
        items = run.items(value)
        return run.container(
            value.kind,
            Items(
                {k: _as_plain(run, v, node, depth + 1) for k, v in items.known.items()},
                None
                if items.rest is None
                else _as_plain(run, items.rest, node, depth + 1),
                items.keys,
            ),
            Marker(node),
        )
    if len(list(each(value))) > 1:
        return join(*[_as_plain(run, one, node, depth + 1) for one in each(value)])
    return value


@call_of("builtins.vars")
def _vars(run: Run, call: Call) -> Value:
    if (
        len(call.args) == 1
        and isinstance(call.args[0], Instance)
        and call.args[0].address is not None
    ):
        return Namespace("dict", call.args[0].address)
    if len(call.args) == 1 and isinstance(call.args[0], ModuleValue):
        return stores.ModuleNames(stores.GLOBALS, None, call.args[0].module)
    for value in call.args or run.state.names.values():
        run.escape(value)
    return UNKNOWN
