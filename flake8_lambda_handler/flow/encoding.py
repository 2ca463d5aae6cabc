"""What becomes of a value when it is encoded as JSON, and what the error says.

There are two encoders. The runtime client encodes what a handler returns with one of
its own, made from simplejson; `json.dumps` in the handler is the standard library's.
They agree on most kinds of values, and differ in `Decimal`, `bytes` and named tuples.

awslambdaric 2.0.7 to 4.2.2 with simplejson 3.17.2 to 4.3.0, and `json`, observed on
CPython 3.10 to 3.13, 2026-11-20. `tests/test_encoding.py` asks both again.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import math
import re
from collections.abc import Callable
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler.flow import boto
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow import models
from flake8_lambda_handler.flow import objects
from flake8_lambda_handler.flow import types
from flake8_lambda_handler.flow.outcome import Kind
from flake8_lambda_handler.flow.outcome import kind_of
from flake8_lambda_handler.flow.outcome import response_place
from flake8_lambda_handler.flow.outcome import trace_of
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
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
from flake8_lambda_handler.flow.values import each

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis
    from flake8_lambda_handler.flow.expressions import Expressions
    from flake8_lambda_handler.handlers import Handler

#: The standard library's encoder.
DUMPS = frozenset({"json.dump", "json.dumps"})

RUNTIME = "runtime"
JSON = "json"

#: Longer paths would hide the message.
MAX_PATH = 40


class Problem(NamedTuple):
    """One thing in a value that cannot be encoded, or not as JSON."""

    #: Where it is: `body.items[]`; empty for the whole value.
    path: str
    #: `value`, `key` or `number`.
    kind: str
    #: What stands there: "a `set`".
    what: str
    #: The text of the error; the text that is posted for a number.
    error: str
    #: What to do instead.
    cure: str


class Fault(NamedTuple):
    """Why a single object cannot be encoded."""

    what: str
    error: str
    cure: str


# -- tables -------------------------------------------------------------------------

_LIST = "use `list(...)`"
_SORTED = "use `sorted(...)`"
_DICT = "use `dict(...)`"
_TEXT = "use `str(...)`"
_DECODE = "use `.decode()`"
_DEFAULT = "use `default=str`"

#: The class of each kind of container that no encoder takes, and the cure.
CONTAINERS = {
    "deque": ("deque", _LIST),
    "dict_items": ("dict_items", _LIST),
    "dict_keys": ("dict_keys", _LIST),
    "dict_values": ("dict_values", _LIST),
    "enumerate": ("enumerate", _LIST),
    "filter": ("filter", _LIST),
    "frozenset": ("frozenset", _SORTED),
    "generator": ("generator", _LIST),
    "iterator": ("", _LIST),
    "map": ("map", _LIST),
    "range": ("range", _LIST),
    "reversed": ("", _LIST),
    "set": ("set", _SORTED),
    "zip": ("zip", _LIST),
}

#: The class of each type that no encoder takes, and the cure.
OBJECTS = {
    objects.DATE: ("date", "use `.isoformat()`"),
    objects.DATETIME: ("datetime", "use `.isoformat()`"),
    objects.TIME: ("time", "use `.isoformat()`"),
    objects.TIMEDELTA: ("timedelta", "use `.total_seconds()`"),
    objects.UUID: ("UUID", _TEXT),
    objects.PATH: ("PosixPath", _TEXT),
    objects.PURE_PATH: ("PurePosixPath", _TEXT),
    objects.PATTERN: ("Pattern", "use `.pattern`"),
    objects.MATCH: ("Match", "use `.group()`"),
    objects.TEXT_FILE: ("TextIOWrapper", "use `.read()`"),
    objects.BINARY_FILE: ("BufferedReader", "use `.read()`"),
    objects.STREAM: ("StreamingBody", "use `.read()`"),
    objects.HTTP_RESPONSE: ("HTTPResponse", "use `.read()`"),
    objects.RESPONSE: ("Response", "use `.json()` or `.text`"),
    objects.HTTPX_RESPONSE: ("Response", "use `.json()` or `.text`"),
    objects.HEADERS: ("CaseInsensitiveDict", _DICT),
    objects.ENVIRON: ("_Environ", _DICT),
    objects.NDARRAY: ("ndarray", "use `.tolist()`"),
    objects.FRAME: ("DataFrame", "use `.to_dict()`"),
    objects.CAUGHT: ("", _TEXT),
    objects.CONTEXT: ("LambdaContext", "use its attributes"),
    "array.array": ("array", "use `.tolist()`"),
    "aws_lambda_powertools.event_handler.api_gateway.Response": (
        "Response",
        "return a `dict`",
    ),
    "builtins.bytearray": ("bytearray", _DECODE),
    "builtins.complex": ("complex", _TEXT),
    "builtins.memoryview": ("memoryview", "use `.tobytes()`"),
    "builtins.object": ("object", _TEXT),
    "builtins.slice": ("slice", _TEXT),
    "chalice.app.Response": ("Response", "return a `dict`"),
    "collections.ChainMap": ("ChainMap", _DICT),
    "collections.UserDict": ("UserDict", _DICT),
    "collections.UserList": ("UserList", _LIST),
    "collections.UserString": ("UserString", _TEXT),
    "fractions.Fraction": ("Fraction", "use `float(...)`"),
    "io.BytesIO": ("BytesIO", "use `.getvalue()`"),
    "io.StringIO": ("StringIO", "use `.getvalue()`"),
    "ipaddress.IPv4Address": ("IPv4Address", _TEXT),
    "ipaddress.IPv4Network": ("IPv4Network", _TEXT),
    "ipaddress.IPv6Address": ("IPv6Address", _TEXT),
    "ipaddress.IPv6Network": ("IPv6Network", _TEXT),
    "types.MappingProxyType": ("mappingproxy", _DICT),
    "types.SimpleNamespace": ("SimpleNamespace", "use `vars(...)`"),
}

#: Types written in C, which `json` calls by their full name when they are keys.
_FULL_NAMES = objects.DECIMALS | {
    objects.DATE,
    objects.DATETIME,
    objects.PATTERN,
    objects.TIME,
    objects.TIMEDELTA,
}

#: Bases of a class whose instances are encoded as one of JSON's own kinds.
ENCODABLE_BASES = frozenset(
    {
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.str",
        "builtins.tuple",
        "collections.Counter",
        "collections.OrderedDict",
        "collections.defaultdict",
        "enum.IntEnum",
        "enum.IntFlag",
        "enum.StrEnum",
        "typing.Counter",
        "typing.DefaultDict",
        "typing.Dict",
        "typing.List",
        "typing.NamedTuple",
        "typing.OrderedDict",
        "typing.Tuple",
        "typing.TypedDict",
        "typing_extensions.NamedTuple",
        "typing_extensions.TypedDict",
    }
)

#: Those of them that can be a key of a mapping.
KEY_BASES = frozenset(
    {
        "builtins.float",
        "builtins.int",
        "builtins.str",
        "enum.IntEnum",
        "enum.IntFlag",
        "enum.StrEnum",
    }
)

#: Bases whose instances are told apart by their fields, which are judged.
FIELD_BASES = frozenset(
    {
        "typing.NamedTuple",
        "typing.TypedDict",
        "typing_extensions.NamedTuple",
        "typing_extensions.TypedDict",
    }
)

#: Bases that give nothing that an encoder looks for.
PLAIN_BASES = (
    frozenset(
        {
            "abc.ABC",
            "builtins.object",
            "threading.Thread",
            "typing.Generic",
            "typing.Protocol",
            "typing_extensions.Protocol",
        }
    )
    | models.ENUMS
    | models.PYDANTIC
)


# -- single objects -----------------------------------------------------------------


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
            return _refused(*CONTAINERS[value.kind])
        return None
    if isinstance(value, Object):
        return _object_fault(value.type, encoder)
    if isinstance(value, Instance):
        return _instance_fault(value, encoder, analysis)
    if isinstance(value, Generator):
        return _refused("generator", _LIST)
    if isinstance(value, External):
        return _external_fault(value, encoder, analysis)
    if isinstance(value, Function):
        return _function_fault(value)
    if isinstance(value, Partial):
        return _refused("partial", "call it")
    if isinstance(value, Method):
        return _method_fault(value)
    if isinstance(value, Class):
        facts = analysis.class_facts(value)
        if facts.bases or facts.metaclass is not None:
            return None
        return _refused("type", "return an instance")
    if isinstance(value, ModuleValue):
        return _refused("module", "return a value of it")
    return None


def _refused(name: str, cure: str) -> Fault:
    """Return the fault of an object of a class; an empty name is not known."""
    what = f"{_article(name)} `{name}`" if name else "an object"
    return Fault(what, f"Object of type {name or '...'} is not JSON serializable", cure)


def _article(name: str) -> str:
    return "an" if name[:1] in "AEIOaeio" else "a"


def _constant_fault(value: object, encoder: str, top: bool) -> Fault | None:
    if isinstance(value, bytes):
        if encoder == JSON:
            return _refused("bytes", _DECODE)
        error = None if top else _decoding_error(value)
        if error is not None:
            return Fault(
                "`bytes` that are not UTF-8", error, "use `base64.b64encode(...)`"
            )
    if isinstance(value, complex):
        return _refused("complex", _TEXT)
    if value is Ellipsis:
        return _refused("ellipsis", "return a value")
    return None


def _decoding_error(value: bytes) -> str | None:
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return str(error)
    return None


def _object_fault(kind: str, encoder: str) -> Fault | None:
    if kind in OBJECTS:
        name, cure = OBJECTS[kind]
        if kind == objects.CAUGHT:
            return _refused("", cure)._replace(what="a caught exception")
        return _refused(name, cure)
    if kind.startswith("builtins.") and types.is_exception(kind):
        return _refused(kind.removeprefix("builtins."), _TEXT)
    if encoder == JSON:
        if kind in objects.DECIMALS:
            return _refused("Decimal", _DEFAULT)
        if kind == objects.BYTES:
            return _refused("bytes", _DECODE)
    return None


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
    decorators = models.decorated_with(value.cls)
    if ancestors & models.ENUMS:
        cure = "use `.value`"
    elif is_error:
        cure = _TEXT
    elif ancestors & models.PYDANTIC:
        cure = 'use `.model_dump(mode="json")`'
    elif "dataclass" in decorators:
        cure = "use `dataclasses.asdict(...)`"
    elif decorators & {"attrs", "define", "frozen", "mutable", "s"}:
        cure = "use `attrs.asdict(...)`"
    else:
        cure = "use `vars(...)`"
    return _refused(value.cls.node.name, cure)


def _external_fault(value: External, encoder: str, analysis: Analysis) -> Fault | None:
    known = objects.VALUES.get(value.name)
    if known is not None:
        return fault(known, encoder, analysis)
    module, _, name = value.name.rpartition(".")
    if module != "builtins" or name.startswith("_") or not hasattr(builtins, name):
        return None
    found = getattr(builtins, name)
    if isinstance(found, type):
        return _refused("type", "return an instance")
    return _refused(
        type(found).__name__, "call it" if callable(found) else "return a value"
    )


def _function_fault(value: Function) -> Fault | None:
    if value.cached:
        return None
    return _refused("function" if value.receiver is None else "method", "call it")


def _method_fault(value: Method) -> Fault | None:
    owner = value.receiver
    kinds = {"dict": dict, "list": list, "set": set, "tuple": tuple}
    if isinstance(owner, Container) and owner.kind in kinds:
        if hasattr(kinds[owner.kind], value.name):
            return _refused("builtin_function_or_method", "call it")
    return None


def key_fault(value: Value, encoder: str, analysis: Analysis) -> Fault | None:
    """Return why an encoder refuses a key of a mapping; `None` as for `fault`."""
    name, cure = "", "use text as key"
    if isinstance(value, Const):
        if isinstance(value.value, bytes):
            if encoder == JSON:
                name = "bytes"
            else:
                error = _decoding_error(value.value)
                if error is not None:
                    return Fault("a `bytes` key", error, cure)
    elif isinstance(value, Container) and value.kind in ("tuple", "frozenset"):
        name = value.kind
    elif isinstance(value, Object):
        if encoder == JSON and value.type in _FULL_NAMES:
            name = value.type.partition(" ")[0]
        elif value.type in objects.DECIMALS:
            name = "Decimal"
        elif value.type == objects.BYTES:
            name = "bytes" if encoder == JSON else ""
        elif value.type in OBJECTS:
            name = OBJECTS[value.type][0]
    elif isinstance(value, Instance):
        ancestors = analysis.class_facts(value.cls).ancestors
        if ancestors & FIELD_BASES or (
            not ancestors & KEY_BASES
            and _instance_fault(value, JSON, analysis) is not None
        ):
            name = value.cls.node.name
        if ancestors & models.ENUMS:
            cure = "use `.value`"
    if not name:
        return None
    error = f"keys must be str, int, float, bool or None, not {name}"
    return Fault(f"{_article(name)} `{name}` key", error, cure)


def _number(value: Value) -> str | None:
    """Return what a number that JSON has no word for is posted as."""
    if isinstance(value, External):
        value = objects.VALUES.get(value.name, value)
    if isinstance(value, Object) and value.type in objects.DECIMALS:
        return value.type.partition(" ")[2] or None
    if isinstance(value, Const) and isinstance(value.value, float):
        if math.isnan(value.value):
            return "NaN"
        if math.isinf(value.value):
            return "-Infinity" if value.value < 0 else "Infinity"
    return None


# -- whole values -------------------------------------------------------------------

Look = Callable[["Address | None"], object]


def problems(
    value: Value, encoder: str, analysis: Analysis, look: Look
) -> list[Problem]:
    """Return what an encoder refuses in a value, in order of the paths.

    `look` gives the heap's entry at an address.
    """
    walk = _Walk(encoder, analysis, look)
    walk.value(value, "", (), top=encoder == RUNTIME)
    return sorted(walk.found)


class _Walk:
    def __init__(self, encoder: str, analysis: Analysis, look: Look) -> None:
        self.encoder = encoder
        self.analysis = analysis
        self.look = look
        self.found: set[Problem] = set()
        #: Objects in which nothing was found: looked into once, wherever they are held.
        self.clean: set[Address] = set()

    def value(
        self, value: Value, path: str, above: tuple[Address, ...], *, top: bool = False
    ) -> None:
        choices = list(each(value))
        if UNKNOWN in choices or len(above) > limits.VALUE_DEPTH:
            return
        numbers = [_number(one) for one in choices]
        if None not in numbers or "NaN" in numbers:
            # `math.inf` beside other numbers is where a search for the least started.
            posted = "NaN" if "NaN" in numbers else numbers[0]
            what = f"`{posted}`"
            self.found.add(Problem(path, "number", what, str(posted), "use `None`"))
        for one in choices:
            self.one(one, path, above, top)

    def one(
        self, value: Value, path: str, above: tuple[Address, ...], top: bool
    ) -> None:
        if isinstance(value, boto.Boto):
            self.response(value, path)
            return
        found = fault(value, self.encoder, self.analysis, top=top)
        if found is not None:
            self.found.add(Problem(path, "value", *found))
            return
        address = getattr(value, "address", None)
        if address is None or address in above or address in self.clean:
            return
        entry = self.look(address)
        if not isinstance(entry, Items) or len(self.found) > limits.PROBLEMS:
            return
        before = len(self.found)
        self.parts(value, entry, path, (*above, address))
        if len(self.found) == before:
            self.clean.add(address)

    def parts(
        self, value: Value, entry: Items, path: str, above: tuple[Address, ...]
    ) -> None:
        if isinstance(value, Container) and value.kind == "dict":
            self.mapping(entry, path, above)
        elif isinstance(value, Container) and value.kind in ("list", "tuple"):
            for item in entry.values():
                self.value(item, path + "[]", above)
        elif isinstance(value, Instance):
            if self.analysis.class_facts(value.cls).ancestors & FIELD_BASES:
                self.mapping(entry, path, above)

    def mapping(self, entry: Items, path: str, above: tuple[Address, ...]) -> None:
        for key, item in entry.known.items():
            self.key(Const(key), path)
            self.value(item, _below(path, key), above)
        if entry.keys is not None:
            self.key(entry.keys, path)
        if entry.rest is not None:
            self.value(entry.rest, path + "{}", above)

    def key(self, key: Value, path: str) -> None:
        choices = list(each(key))
        if UNKNOWN in choices:
            return
        for one in choices:
            found = key_fault(one, self.encoder, self.analysis)
            if found is not None:
                self.found.add(Problem(path, "key", *found))

    def response(self, value: boto.Boto, path: str) -> None:
        """Judge a part of a boto3 response by the service's model."""
        if value.type != boto.REPLY or not boto.is_intact(self.look(value.address)):
            return
        found = _first_unsafe(value.operation, value.path, self.encoder)
        if found is None:
            return
        inner, kind = found
        if inner and path and not inner.startswith("["):
            inner = "." + inner
        if kind == "timestamp":
            refused = _object_fault(objects.DATETIME, self.encoder)
        elif kind == "dynamodb item":
            refused = _object_fault(objects.DECIMAL, self.encoder)
            if refused is not None:
                refused = refused._replace(what="an item with `Decimal` numbers")
        elif value.operation[:2] in _BODIES:
            refused = _object_fault(objects.STREAM, self.encoder)
        else:
            refused = _refused("", "read it")._replace(what="a stream")
        if refused is not None:
            if inner and kind == "timestamp":
                refused = refused._replace(cure=_DEFAULT)
            self.found.add(Problem(path + inner, "value", *refused))


def _below(path: str, key: object) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{key}" if path else key
    return f"{path}[{key!r}]"


# -- boto3 --------------------------------------------------------------------------

#: Operations whose stream is a `StreamingBody`; others may give an `EventStream`.
_BODIES = frozenset(
    {
        ("apigateway", "get_export"),
        ("bedrock-runtime", "invoke_model"),
        ("iot-data", "get_thing_shadow"),
        ("lambda", "invoke"),
        ("polly", "synthesize_speech"),
        ("s3", "get_object"),
        ("sagemaker-runtime", "invoke_endpoint"),
    }
)

#: Names of timestamps that a service always gives, as far as a name can say.
_ALWAYS = re.compile(
    r"attach|creat|issue|launch|modif|regist|request|start|submi|timestamp|updat", re.I
)
_SOMETIMES = re.compile(
    r"abort|automat|defer|delet|disab|end|expir|latest|next|pending|restor|resum|retain"
    r"|schedul|until",
    re.I,
)


#: The members of DynamoDB's responses that hold whole items.
_ITEMS = frozenset({"Attributes", "Item", "Items", "Responses"})


@lru_cache(maxsize=None)
def _first_unsafe(
    operation: boto.Operation, path: boto.Path, encoder: str
) -> tuple[str, str] | None:
    """Return the plainest place in a response that cannot be encoded, and its kind.

    Models do not say which members are always there. Streams are; timestamps are when
    their name sounds like it; bytes seldom are, and the runtime can encode them.
    """
    shape = boto.shape_of(operation, path)
    found = []
    places = shape.paths() if shape else ()
    for place, kind in itertools.islice(places, limits.RESPONSE_PLACES):
        name = place.rpartition(".")[2]
        if kind == "stream":
            found.append((0, place, kind))
        elif kind == "timestamp":
            credentials = place.endswith("Credentials.Expiration")
            if credentials or (_ALWAYS.search(name) and not _SOMETIMES.search(place)):
                found.append((1 + place.count("."), place, kind))
        elif kind == "dynamodb item" and encoder == JSON:
            # `LastEvaluatedKey` and its like have keys only, seldom a number.
            member = str(path[0]) if path else re.split(r"\W", place)[0]
            if member in _ITEMS:
                found.append((1 + place.count("."), place, kind))
    return min(found)[1:] if found else None


# -- what handlers do ---------------------------------------------------------------


def check_dumps(
    run: Expressions, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> None:
    """Note a call of `json.dumps` that fails, with what it cannot encode."""
    if run.analysis.expected_type_errors or not args:
        return
    if any(keywords.get(name, NONE) != NONE for name in ("cls", "default", REST)):
        return
    found = [
        one
        for one in problems(args[0], JSON, run.analysis, run.entry)
        if one.kind == "value" or (one.kind == "key" and "skipkeys" not in keywords)
    ]
    if found:
        run.event("dumps", node, problems=found)


def of_handler(handler: Handler) -> list[tuple[ast.AST, Problem]]:
    """Return what the runtime refuses in what a handler returns, and at which node."""
    cached = handler.__dict__.get("response problems")
    if cached is None:
        cached = handler.__dict__["response problems"] = list(_of_handler(handler))
    found: list[tuple[ast.AST, Problem]] = cached
    return found


def _of_handler(handler: Handler) -> Iterator[tuple[ast.AST, Problem]]:
    summary = trace_of(handler)
    if summary is None or kind_of(handler) not in (Kind.OTHER, Kind.RETURNS_COROUTINE):
        return
    analysis = handler.module.project.analysis
    for value, state, node in summary.returns:

        def look(address: Address | None) -> object:
            if address is None:
                return None
            found = state.heap.get(address)
            return analysis.shared_heap.get(address) if found is None else found

        for problem in problems(value, RUNTIME, analysis, look):
            yield response_place(handler, node), problem


def where(problem: Problem, whole: str) -> str:
    """Return the place of a problem; `whole` stands for the value itself."""
    path = problem.path
    if not path:
        return whole
    if not path.isprintable():
        path = ascii(path)[1:-1]
    if len(path) > MAX_PATH:
        path = "..." + path[-MAX_PATH:].partition(".")[2]
    return f"`{path}`"
