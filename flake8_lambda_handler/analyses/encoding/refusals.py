"""Why an encoder refuses a single object, whatever that holds."""

from __future__ import annotations

import builtins
import json
import math
from typing import NamedTuple

from flake8_lambda_handler.analyses.encoding.kinds import CONTAINERS
from flake8_lambda_handler.analyses.encoding.kinds import DECODE
from flake8_lambda_handler.analyses.encoding.kinds import DEFAULT
from flake8_lambda_handler.analyses.encoding.kinds import ENCODABLE_BASES
from flake8_lambda_handler.analyses.encoding.kinds import FIELD_BASES
from flake8_lambda_handler.analyses.encoding.kinds import FULL_NAMES
from flake8_lambda_handler.analyses.encoding.kinds import LIST
from flake8_lambda_handler.analyses.encoding.kinds import OBJECTS
from flake8_lambda_handler.analyses.encoding.kinds import PLAIN_BASES
from flake8_lambda_handler.analyses.encoding.kinds import TEXT
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import data_models
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import orm
from flake8_lambda_handler.libraries import types

RUNTIME = "runtime"
JSON = "json"
#: That of Powertools, for what a route gives: `Decimal` and data models are fine.
ROUTE = "route"


NO_UTF_8 = "`bytes` that are not UTF-8"
BASE_64 = "use `base64.b64encode(...)`"


class Fault(NamedTuple):
    """Why a single object cannot be encoded."""

    what: str
    error: str
    cure: str


#: The runtime encodes all but bytes, which it posts.
RAW = Fault(
    "`bytes` that are no JSON",
    "Lambda sends them as they are",
    "use `.decode()` or `base64.b64encode(...)` in a `dict`",
)


def fault(
    value: Value, encoder: str, analysis: Analysis, *, top: bool = False
) -> Fault | None:
    """Return why an encoder refuses an object, whatever it holds.

    `None` when the object can be encoded, and when nothing is known of it. `top` is
    for the value that a handler returns: Lambda posts `bytes` as they are.
    """
    if isinstance(value, Const):
        return _constant_fault(value.value, encoder, top)
    if isinstance(value, Container):
        if value.kind in CONTAINERS:
            return refused(*CONTAINERS[value.kind])
        return None
    if isinstance(value, objects.Caught):
        return _caught_fault(value)
    if isinstance(value, Object):
        if top and value.type == objects.BINARY:
            return RAW
        return object_fault(value.type, encoder)
    if isinstance(value, Instance):
        return _instance_fault(value, encoder, analysis)
    if isinstance(value, Generator):
        return refused("generator", LIST)
    if isinstance(value, External):
        return _external_fault(value, encoder, analysis)
    if isinstance(value, Function):
        return _function_fault(value)
    if isinstance(value, Partial):
        return refused("partial", "call it")
    if isinstance(value, Method):
        return _method_fault(value)
    if isinstance(value, Class):
        facts = analysis.class_facts(value)
        if facts.bases or facts.metaclass is not None:
            return None
        return refused("type", "return an instance")
    if isinstance(value, ModuleValue):
        return refused("module", "return a value of it")
    return None


def refused(name: str, cure: str) -> Fault:
    """Return the fault of an object of a class; an empty name is not known."""
    what = f"{_article(name)} `{name}`" if name else "an object"
    return Fault(what, f"Object of type {name or '...'} is not JSON serializable", cure)


def _article(name: str) -> str:
    return "an" if name[:1] in "AEIOaeio" else "a"


def _constant_fault(value: object, encoder: str, top: bool) -> Fault | None:
    if isinstance(value, bytes):
        if encoder != RUNTIME:
            return refused("bytes", DECODE)
        if top:
            return None if _is_json(value) else RAW
        error = _decoding_error(value)
        if error is not None:
            return Fault(NO_UTF_8, error, BASE_64)
    if isinstance(value, complex):
        return refused("complex", TEXT)
    if value is Ellipsis:
        return refused("ellipsis", "return a value")
    return None


def _is_json(value: bytes) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _decoding_error(value: bytes) -> str | None:
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return str(error)
    return None


def object_fault(kind: str, encoder: str) -> Fault | None:
    if kind in OBJECTS:
        return refused(*OBJECTS[kind])
    if kind.startswith("builtins.") and types.is_exception(kind):
        return refused(kind.removeprefix("builtins."), TEXT)
    if kind == objects.BINARY and encoder == RUNTIME:
        return Fault(NO_UTF_8, "'utf-8' codec can't decode it", BASE_64)
    if encoder == JSON:
        if kind in objects.DECIMALS:
            return refused("Decimal", DEFAULT)
        if kind == objects.DECIMAL_JSON:
            found = refused("Decimal", DEFAULT)
            return found._replace(what="JSON with `Decimal` numbers")
    if encoder != RUNTIME and kind == orm.ROW:
        return refused("Row", "use `._asdict()`")
    if encoder != RUNTIME and kind in (objects.BINARY, objects.BYTES):
        return refused("bytes", DECODE if kind == objects.BYTES else BASE_64)
    return None


def _caught_fault(value: objects.Caught) -> Fault:
    """Return the fault of an exception, by the classes that `except` names.

    Of `Exception` nobody knows which it is.
    """
    names = [name for name in value.names if name not in _ANY_ERROR]
    found = refused(names[0] if names else "", TEXT)
    listed = " or ".join(f"`{name}`" for name in names)
    return found._replace(what=f"a caught {listed or 'exception'}")


_ANY_ERROR = ("BaseException", "Exception")


def _instance_fault(value: Instance, encoder: str, analysis: Analysis) -> Fault | None:
    facts = analysis.class_facts(value.cls)
    ancestors = facts.ancestors
    if facts.is_open or facts.has_metaclass or ancestors & ENCODABLE_BASES:
        return None
    is_error = any(map(types.is_error, ancestors))
    if not all(one in PLAIN_BASES or types.is_error(one) for one in ancestors):
        return None
    for one in facts.line():
        if not all(isinstance(base, (Class, External)) for base in one.bases):
            return None
        names = {"__getattr__", "__getattribute__"}
        if encoder == RUNTIME:
            names.add("_asdict")
        if names & set(one.namespace):
            return None
    decorators = data_models.decorated_with(value.cls)
    is_model = bool(ancestors & data_models.PYDANTIC) or "dataclass" in decorators
    if encoder == ROUTE and is_model:
        return None
    if ancestors & data_models.ENUMS:
        cure = "use `.value`"
    elif is_error:
        cure = TEXT
    elif ancestors & data_models.PYDANTIC:
        cure = 'use `.model_dump(mode="json")`'
    elif ancestors & orm.BASES:
        cure = "return its columns in a `dict`"
    elif "dataclass" in decorators:
        cure = "use `dataclasses.asdict(...)`"
    elif decorators & {"attrs", "define", "frozen", "mutable", "s"}:
        cure = "use `attrs.asdict(...)`"
    else:
        cure = "use `vars(...)`"
    return refused(value.cls.node.name, cure)


def _external_fault(value: External, encoder: str, analysis: Analysis) -> Fault | None:
    known = objects.VALUES.get(value.name)
    if known is not None:
        return fault(known, encoder, analysis)
    module, _, name = value.name.rpartition(".")
    if module != "builtins" or name.startswith("_") or not hasattr(builtins, name):
        return None
    found = getattr(builtins, name)
    if isinstance(found, type):
        return refused("type", "return an instance")
    return refused(
        type(found).__name__, "call it" if callable(found) else "return a value"
    )


def _function_fault(value: Function) -> Fault | None:
    if value.cached:
        return None
    return refused("function" if value.receiver is None else "method", "call it")


def _method_fault(value: Method) -> Fault | None:
    owner = value.receiver
    kinds = {"dict": dict, "list": list, "set": set, "tuple": tuple}
    if isinstance(owner, Container) and owner.kind in kinds:
        if hasattr(kinds[owner.kind], value.name):
            return refused("builtin_function_or_method", "call it")
    return None


def key_fault(value: Value, encoder: str, analysis: Analysis) -> Fault | None:
    """Return why an encoder refuses a key of a mapping; `None` as for `fault`."""
    name, cure = "", "use text as key"
    if isinstance(value, Const):
        if isinstance(value.value, bytes):
            if encoder != RUNTIME:
                name = "bytes"
            else:
                error = _decoding_error(value.value)
                if error is not None:
                    return Fault("a `bytes` key", error, cure)
    elif isinstance(value, Container) and value.kind in ("tuple", "frozenset"):
        name = value.kind
    elif isinstance(value, Object):
        if encoder != RUNTIME and value.type in FULL_NAMES:
            name = value.type.partition(" ")[0]
        elif value.type in objects.DECIMALS:
            name = "Decimal"
        elif value.type == objects.BYTES:
            name = "bytes" if encoder != RUNTIME else ""
        elif value.type in OBJECTS:
            name = OBJECTS[value.type][0]
    elif isinstance(value, Instance):
        ancestors = analysis.class_facts(value.cls).ancestors
        is_refused = _instance_fault(value, JSON, analysis) is not None
        if ancestors & FIELD_BASES or is_refused:
            name = value.cls.node.name
        if ancestors & data_models.ENUMS:
            cure = "use `.value`"
    if not name:
        return None
    error = f"keys must be str, int, float, bool or None, not {name}"
    return Fault(f"{_article(name)} `{name}` key", error, cure)


def posted_number(value: Value) -> str | None:
    """Return what a number that JSON has no word for is posted as."""
    if isinstance(value, Object) and value.type in objects.DECIMALS:
        return value.type.partition(" ")[2] or None
    if isinstance(value, Const) and isinstance(value.value, float):
        if math.isnan(value.value):
            return "NaN"
        if math.isinf(value.value):
            return "-Infinity" if value.value < 0 else "Infinity"
    return None
