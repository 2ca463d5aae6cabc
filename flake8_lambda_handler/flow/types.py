"""Which objects the standard library, boto3 and a few other packages give.

Only objects whose encoding as JSON is of interest stand here: what makes them, and what
their methods and attributes give. `encoding` says what becomes of them. Everything was
run on CPython 3.10 to 3.13, 2026-11-21.
"""

from __future__ import annotations

import ast
import builtins
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any

from flake8_lambda_handler import tables
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.classes import ClassFacts
    from flake8_lambda_handler.flow.statements import Activation

BOOL = "builtins.bool"
BYTES = "builtins.bytes"
FLOAT = "builtins.float"
INT = "builtins.int"
STR = "builtins.str"

DATE = "datetime.date"
DATETIME = "datetime.datetime"
TIME = "datetime.time"
TIMEDELTA = "datetime.timedelta"
DECIMAL = "decimal.Decimal"
#: Types of a `Decimal` that is no number, with what it is posted as.
DECIMAL_NAN = "decimal.Decimal NaN"
DECIMAL_INF = "decimal.Decimal Infinity"
DECIMAL_MINUS_INF = "decimal.Decimal -Infinity"
DECIMALS = frozenset({DECIMAL, DECIMAL_NAN, DECIMAL_INF, DECIMAL_MINUS_INF})
PATH = "pathlib.Path"
PURE_PATH = "pathlib.PurePath"
UUID = "uuid.UUID"
PATTERN = "re.Pattern"
MATCH = "re.Match"
TEXT_FILE = "io.TextIOWrapper"
BINARY_FILE = "io.BufferedReader"
#: What `except ... as name` binds: the class may be any below the one that is named.
CAUGHT = "caught exception"

STREAM = "botocore.response.StreamingBody"
RESPONSE = "requests.Response"
HEADERS = "requests.structures.CaseInsensitiveDict"
HTTPX_RESPONSE = "httpx.Response"
HTTP_RESPONSE = "http.client.HTTPResponse"
NDARRAY = "numpy.ndarray"
FRAME = "pandas.DataFrame"
ENVIRON = "os._Environ"

SESSION = "boto3.Session"
CLIENT = "boto3 client"
RESOURCE = "boto3 resource"
TABLE = "boto3 table"
PAGINATOR = "boto3 paginator"
PAGES = "boto3 pages"
REPLY = "boto3 response"

#: Types of objects that hold what was read from somewhere; `with` gives them back.
FILES = frozenset({TEXT_FILE, BINARY_FILE, HTTP_RESPONSE})


class Boto(Object):
    """A client, a table, a paginator or a part of a response of boto3.

    `operation` is the service, the method and whether values come as from a resource;
    `path` leads from the response to the part, with `None` for an element of a list.
    The heap has empty `Items` at the address of a response that nobody changed.
    """

    __slots__ = ("type", "address", "operation", "path")
    operation: tuple[str, str, bool]
    path: tuple[str | None, ...]

    @property
    def shape(self) -> tables.Shape | None:
        return _shape(self.operation, self.path)


@lru_cache(maxsize=None)
def _shape(
    operation: tuple[str, str, bool], path: tuple[str | None, ...]
) -> tables.Shape | None:
    if not path:
        return tables.boto3_operation(*operation)
    above = _shape(operation, path[:-1])
    return None if above is None else above.item(path[-1])


# -- calls --------------------------------------------------------------------------

_REQUESTS = ("delete", "get", "head", "options", "patch", "post", "put", "request")

#: What calling a name gives.
RESULTS = {
    "array.array": "array.array",
    "builtins.bytearray": "builtins.bytearray",
    "builtins.bytes": BYTES,
    "builtins.bytes.fromhex": BYTES,
    "builtins.complex": "builtins.complex",
    "builtins.memoryview": "builtins.memoryview",
    "builtins.object": "builtins.object",
    "builtins.slice": "builtins.slice",
    **{
        f"base64.{name}": BYTES
        for name in (
            "b16decode",
            "b16encode",
            "b32decode",
            "b32encode",
            "b64decode",
            "b64encode",
            "b85decode",
            "b85encode",
            "decodebytes",
            "encodebytes",
            "standard_b64decode",
            "standard_b64encode",
            "urlsafe_b64decode",
            "urlsafe_b64encode",
        )
    },
    "bz2.compress": BYTES,
    "gzip.compress": BYTES,
    "gzip.decompress": BYTES,
    "zlib.compress": BYTES,
    "zlib.decompress": BYTES,
    "os.urandom": BYTES,
    "pickle.dumps": BYTES,
    "secrets.token_bytes": BYTES,
    "collections.ChainMap": "collections.ChainMap",
    "collections.UserDict": "collections.UserDict",
    "collections.UserList": "collections.UserList",
    "collections.UserString": "collections.UserString",
    "datetime.date": DATE,
    "datetime.date.fromisoformat": DATE,
    "datetime.date.fromtimestamp": DATE,
    "datetime.date.today": DATE,
    "datetime.datetime": DATETIME,
    "datetime.datetime.combine": DATETIME,
    "datetime.datetime.fromisoformat": DATETIME,
    "datetime.datetime.fromtimestamp": DATETIME,
    "datetime.datetime.now": DATETIME,
    "datetime.datetime.strptime": DATETIME,
    "datetime.datetime.today": DATETIME,
    "datetime.datetime.utcfromtimestamp": DATETIME,
    "datetime.datetime.utcnow": DATETIME,
    "datetime.time": TIME,
    "datetime.timedelta": TIMEDELTA,
    "email.utils.parsedate_to_datetime": DATETIME,
    "fractions.Fraction": "fractions.Fraction",
    "io.BytesIO": "io.BytesIO",
    "io.StringIO": "io.StringIO",
    "ipaddress.IPv4Address": "ipaddress.IPv4Address",
    "ipaddress.IPv4Network": "ipaddress.IPv4Network",
    "ipaddress.IPv6Address": "ipaddress.IPv6Address",
    "ipaddress.IPv6Network": "ipaddress.IPv6Network",
    "pathlib.Path": PATH,
    "pathlib.Path.cwd": PATH,
    "pathlib.Path.home": PATH,
    "pathlib.PosixPath": PATH,
    "pathlib.PurePath": PURE_PATH,
    "pathlib.PurePosixPath": PURE_PATH,
    "re.compile": PATTERN,
    "types.MappingProxyType": "types.MappingProxyType",
    "types.SimpleNamespace": "types.SimpleNamespace",
    "uuid.UUID": UUID,
    "uuid.uuid1": UUID,
    "uuid.uuid3": UUID,
    "uuid.uuid4": UUID,
    "uuid.uuid5": UUID,
    **{f"requests.{name}": RESPONSE for name in _REQUESTS},
    "requests.Session": "requests.Session",
    "requests.session": "requests.Session",
    **{f"httpx.{name}": HTTPX_RESPONSE for name in _REQUESTS},
    "urllib.request.urlopen": HTTP_RESPONSE,
    "boto3.Session": SESSION,
    "boto3.session.Session": SESSION,
    "dateutil.parser.parse": DATETIME,
    "dateutil.parser.isoparse": DATETIME,
    "numpy.arange": NDARRAY,
    "numpy.array": NDARRAY,
    "numpy.full": NDARRAY,
    "numpy.linspace": NDARRAY,
    "numpy.ones": NDARRAY,
    "numpy.zeros": NDARRAY,
    "pandas.DataFrame": FRAME,
    "chalice.Response": "chalice.app.Response",
    "chalice.app.Response": "chalice.app.Response",
    "aws_lambda_powertools.event_handler.Response": (
        "aws_lambda_powertools.event_handler.api_gateway.Response"
    ),
    "aws_lambda_powertools.event_handler.api_gateway.Response": (
        "aws_lambda_powertools.event_handler.api_gateway.Response"
    ),
}

#: Calls that give a match or nothing.
_SEARCHES = frozenset({"re.fullmatch", "re.match", "re.search"})

#: Values of external names, where it is not a class, a function or a module.
VALUES = {
    "cmath.inf": Const(float("inf")),
    "cmath.nan": Const(float("nan")),
    "math.inf": Const(float("inf")),
    "math.nan": Const(float("nan")),
    "numpy.inf": Const(float("inf")),
    "numpy.nan": Const(float("nan")),
    "os.environ": Object(ENVIRON, None),
}

#: What methods give, by type; `None` for the value `None`.
METHODS: dict[str, dict[str, str | None]] = {
    STR: {
        "encode": BYTES,
        **{
            name: STR
            for name in (
                "capitalize",
                "casefold",
                "center",
                "expandtabs",
                "format",
                "format_map",
                "join",
                "ljust",
                "lower",
                "lstrip",
                "removeprefix",
                "removesuffix",
                "replace",
                "rjust",
                "rstrip",
                "strip",
                "swapcase",
                "title",
                "translate",
                "upper",
                "zfill",
            )
        },
    },
    BYTES: {"decode": STR, "hex": STR},
    DATETIME: {
        "astimezone": DATETIME,
        "ctime": STR,
        "date": DATE,
        "isoformat": STR,
        "isoweekday": INT,
        "replace": DATETIME,
        "strftime": STR,
        "time": TIME,
        "timestamp": FLOAT,
        "weekday": INT,
    },
    DATE: {
        "ctime": STR,
        "isoformat": STR,
        "isoweekday": INT,
        "replace": DATE,
        "strftime": STR,
        "weekday": INT,
    },
    TIME: {"isoformat": STR, "replace": TIME, "strftime": STR},
    TIMEDELTA: {"total_seconds": FLOAT},
    PATH: {
        "absolute": PATH,
        "as_posix": STR,
        "exists": BOOL,
        "expanduser": PATH,
        "is_dir": BOOL,
        "is_file": BOOL,
        "joinpath": PATH,
        "read_bytes": BYTES,
        "read_text": STR,
        "resolve": PATH,
        "with_name": PATH,
        "with_suffix": PATH,
    },
    TEXT_FILE: {"read": STR, "readline": STR},
    BINARY_FILE: {"read": BYTES, "readline": BYTES},
    HTTP_RESPONSE: {"read": BYTES},
    STREAM: {"read": BYTES},
    "io.BytesIO": {"getvalue": BYTES, "read": BYTES},
    "io.StringIO": {"getvalue": STR, "read": STR},
    "builtins.bytearray": {"decode": STR, "hex": STR},
    "builtins.memoryview": {"tobytes": BYTES, "hex": STR},
    "requests.Session": {name: RESPONSE for name in _REQUESTS},
}

ATTRIBUTES: dict[str, dict[str, str]] = {
    UUID: {"bytes": BYTES, "hex": STR, "int": INT, "urn": STR},
    PATH: {"name": STR, "parent": PATH, "stem": STR, "suffix": STR},
    PATTERN: {"pattern": STR},
    MATCH: {"string": STR, "re": PATTERN},
    RESPONSE: {"content": BYTES, "headers": HEADERS, "status_code": INT, "text": STR},
    HTTPX_RESPONSE: {"content": BYTES, "status_code": INT, "text": STR},
}

#: Types whose objects only change through the methods and operators listed here.
KNOWN_TYPES = frozenset({*RESULTS.values(), *METHODS, *ATTRIBUTES, CAUGHT, DECIMAL})


def call(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what calling an external name gives; `None` if it is not listed here."""
    found = RESULTS.get(name)
    if found is not None:
        for value in (*args, *keywords.values()):
            run.escape(value, keep=True)
        return Object(found, None)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(run, args, keywords, node)
    if name in _SEARCHES:
        return join(NONE, Object(MATCH, None))
    if name.startswith("builtins.") and is_exception(name):
        for value in (*args, *keywords.values()):
            run.escape(value, keep=True)
        return Object(name, None)
    if name in ("boto3.client", "boto3.resource"):
        kind = CLIENT if name == "boto3.client" else RESOURCE
        return _service(run, kind, args, keywords, node)
    return None


def is_exception(name: str) -> bool:
    """Return whether a name is that of a builtin exception."""
    found = getattr(builtins, name.removeprefix("builtins."), None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _float(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    for value in args:
        run.look_at(value, node, "`float()`")
    if len(args) == 1 and isinstance(args[0], Const):
        try:
            return Const(float(args[0].value))
        except (TypeError, ValueError, OverflowError):
            return UNKNOWN
    return Object(FLOAT, None)


def _decimal(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    for value in args:
        run.look_at(value, node, "`Decimal()`")
    if len(args) == 1 and isinstance(args[0], Const):
        text = str(args[0].value).strip().lower()
        if re.fullmatch(r"[+-]?s?nan\d*", text):
            return Object(DECIMAL_NAN, None)
        if re.fullmatch(r"[+-]?inf(inity)?", text):
            minus = text.startswith("-")
            return Object(DECIMAL_MINUS_INF if minus else DECIMAL_INF, None)
    return Object(DECIMAL, None)


def _open(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    for value in (*args, *keywords.values()):
        run.escape(value, keep=True)
    mode = args[1] if len(args) > 1 else keywords.get("mode", Const("r"))
    if not isinstance(mode, Const) or not isinstance(mode.value, str):
        return UNKNOWN
    if "b" not in mode.value:
        return Object(TEXT_FILE, None)
    return Object(BINARY_FILE, None) if mode.value in ("rb", "br") else UNKNOWN


def _range(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    return run.container("range", Items({}, Object(INT, None)), node)


def _defaultdict(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    items = Items()
    for value in args[1:]:
        items = run.merge(items, value)
    for key, value in keywords.items():
        items = items.set(key, value)
    if args and args[0] != NONE:
        # A key that is missing makes such a value; nobody makes one that stays empty.
        items = items.add(run.call(args[0], [], {}, Marker(node)))
    return run.container("dict", items, node)


def _counter(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    keys: Value = UNKNOWN
    for value in args:
        keys = run.iterate(value, node)
    return run.container("dict", Items({}, Object(INT, None), keys), node)


def _asdict(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    if len(args) != 1 or keywords:
        for value in (*args, *keywords.values()):
            run.escape(value, keep=True)
        return UNKNOWN
    return _as_plain(run, args[0], node, 0)


def _as_plain(run: Activation, value: Value, node: ast.AST, depth: int) -> Value:
    """Return what `asdict` makes of a value: instances of dataclasses become dicts."""
    if depth > 5:
        return UNKNOWN
    if isinstance(value, Instance):
        if depth and not is_dataclass(value.cls):
            return value
        facts = run.analysis.class_facts(value.cls)
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
                None if items.rest is None else _as_plain(run, items.rest, node, depth + 1),
                items.keys,
            ),
            Marker(node),
        )
    if len(list(each(value))) > 1:
        return join(*[_as_plain(run, one, node, depth + 1) for one in each(value)])
    return value


def _vars(
    run: Activation, args: list[Value], keywords: dict[str, Value], node: ast.AST
) -> Value:
    if len(args) == 1 and isinstance(args[0], Instance) and args[0].address is not None:
        return run.container("dict", run.items(args[0]), node)
    return UNKNOWN


_SPECIAL: dict[str, Any] = {
    "builtins.float": _float,
    "builtins.open": _open,
    "builtins.range": _range,
    "builtins.vars": _vars,
    "collections.Counter": _counter,
    "collections.defaultdict": _defaultdict,
    "dataclasses.asdict": _asdict,
    "attr.asdict": _asdict,
    "attrs.asdict": _asdict,
    "decimal.Decimal": _decimal,
    "io.open": _open,
}


class Marker(ast.AST):
    """One more address at a node."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__()
        self.lineno = getattr(node, "lineno", 0)
        self.col_offset = getattr(node, "col_offset", 0)


# -- attributes and methods ---------------------------------------------------------


def attribute(value: Object, name: str) -> Value | None:
    """Return an attribute that is no method; `None` if it is not listed here."""
    found = ATTRIBUTES.get(value.type, {}).get(name)
    if found is not None:
        return Object(found, None)
    if value.type == RESOURCE and name == "meta":
        return value
    if isinstance(value, Boto) and value.type == RESOURCE and name == "client":
        return Boto(CLIENT, value.address, value.operation, ())
    return None


def method(
    run: Activation,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what calling a method gives; `None` if it is not listed here."""
    found = METHODS.get(receiver.type, {})
    if name in found:
        for value in (*args, *keywords.values()):
            run.look_at(value, node, f"`{name}()`")
        result = found[name]
        return NONE if result is None else Object(result, None)
    if receiver.type == PATTERN and "re." + name in _SEARCHES:
        return join(NONE, Object(MATCH, None))
    if receiver.type == SESSION and name in ("client", "resource"):
        kind = CLIENT if name == "client" else RESOURCE
        return _service(run, kind, args, keywords, node)
    if isinstance(receiver, Boto):
        return _boto_method(run, receiver, name, args, keywords, node)
    return None


def arithmetic(left: Value, right: Value, op: ast.operator | None) -> Value:
    """Return what an operator between two values gives."""
    one = left.type if isinstance(left, Object) else ""
    two = right.type if isinstance(right, Object) else ""
    if isinstance(op, (ast.Add, ast.Sub)):
        if one in (DATE, DATETIME) and two == TIMEDELTA:
            return left
        if isinstance(op, ast.Add) and one == TIMEDELTA and two in (DATE, DATETIME):
            return right
        if isinstance(op, ast.Sub) and one == two and one in (DATE, DATETIME):
            return Object(TIMEDELTA, None)
        if one == two and one in (DECIMAL, TIMEDELTA):
            return left
    if isinstance(op, ast.Div) and one == PATH:
        return left
    if isinstance(op, (ast.Mult, ast.Div)) and one == two == DECIMAL:
        return left
    return UNKNOWN


def negative(value: Value) -> Value:
    """Return `-value`."""
    value = VALUES.get(value.name, value) if isinstance(value, External) else value
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    if isinstance(value, Object):
        opposite = {DECIMAL_INF: DECIMAL_MINUS_INF, DECIMAL_MINUS_INF: DECIMAL_INF}
        if value.type in DECIMALS or value.type == TIMEDELTA:
            return Object(opposite.get(value.type, value.type), None)
    return UNKNOWN


# -- exceptions ---------------------------------------------------------------------


def caught(run: Activation, kind: Value | None) -> Value:
    """Return what `except kind as name` binds."""
    for one in each(UNKNOWN if kind is None else kind):
        classes = [one]
        if isinstance(one, Container):
            classes = [c for value in run.items(one).values() for c in each(value)]
        for cls in classes:
            if isinstance(cls, Class):
                facts = run.analysis.class_facts(cls)
                if facts.is_open or not all(map(_is_error, facts.ancestors)):
                    return UNKNOWN
                if any("_asdict" in one.namespace for one in facts.line()):
                    return UNKNOWN
    return Object(CAUGHT, None)


def _is_error(base: str) -> bool:
    return base.startswith("builtins.") and is_exception(base)


def expects_type_error(node: ast.Try) -> bool:
    """Return whether a `try` is there for what `json.dumps` may raise.

    It says so by naming `TypeError`, or by holding one statement and nothing else.
    """
    for handler in node.handlers:
        kind = handler.type
        names = {
            getattr(one, "id", getattr(one, "attr", "Exception"))
            for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind])
        }
        if "TypeError" in names:
            return True
        if names & {"Exception", "BaseException"} and len(node.body) == 1:
            return not isinstance(node.body[0], _COMPOUND)
    return False


_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)


# -- classes of the project ---------------------------------------------------------

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


def decorated_with(cls: Class) -> set[str]:
    """Return the last names of a class's decorators."""
    found = set()
    for node in cls.node.decorator_list:
        function = node.func if isinstance(node, ast.Call) else node
        found.add(getattr(function, "id", getattr(function, "attr", "")))
    return found


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


def inherited(
    run: Activation, value: Instance, facts: ClassFacts, name: str
) -> Value | None:
    """Return a method that an instance has from a base outside the project."""
    if any(name in one.namespace for one in facts.line()):
        return None
    if name in ("model_dump", "dict", "_asdict", "model_dump_json", "json"):
        if facts.ancestors & (PYDANTIC | {"typing.NamedTuple"}):
            return Method(value, name)  # type: ignore[arg-type]
    if name == "__dict__" and value.address is not None:
        return _vars(run, [value], {}, Marker(value.cls.node))
    return None


def instance_method(
    run: Activation,
    receiver: Instance,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what calling a method of `inherited` gives."""
    facts = run.analysis.class_facts(receiver.cls)
    if "json" in name:
        return Object(STR, None)
    if name == "_asdict":
        return run.container("dict", run.items(receiver), node)
    if args or keywords or not facts.fields or not _is_plain_model(facts):
        return UNKNOWN
    known: dict[object, Value] = {
        name: _validated(run, facts, name) for name in facts.fields
    }
    return run.container("dict", Items(known), node)


def _is_plain_model(facts: ClassFacts) -> bool:
    """Return whether a pydantic model does nothing of its own to its fields."""
    if facts.is_open or not facts.ancestors <= PYDANTIC:
        return False
    for one in facts.line():
        for statement in one.cls.node.body:
            if isinstance(statement, (ast.AnnAssign, ast.Pass)):
                continue
            if isinstance(statement, ast.Expr) and isinstance(
                statement.value, ast.Constant
            ):
                continue
            if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
                if not statement.name.startswith(("__", "model_", "dict")):
                    continue
            return False
    return True


def _validated(run: Activation, facts: ClassFacts, name: str) -> Value:
    """Return what pydantic leaves in a field, as its annotation says."""
    for one in facts.line():
        for statement in one.cls.node.body:
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and statement.target.id == name
            ):
                if statement.value is not None:
                    # A default is not validated; `Field(exclude=True)` hides a field.
                    return UNKNOWN
                kind = _resolved(run, one.cls, statement.annotation)
                if kind in (DATE, DATETIME, TIME, TIMEDELTA, UUID, PATH, DECIMAL):
                    return Object(kind, None)
                return UNKNOWN
    return UNKNOWN


def _resolved(run: Activation, cls: Class, node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_resolved(run, cls, node.value)}.{node.attr}"
    if isinstance(node, ast.Name) and cls.frame is None:
        return getattr(run.analysis.global_value(cls.module, node.id), "name", "")
    return ""


# -- boto3 --------------------------------------------------------------------------

#: Methods that write to DynamoDB give no item back unless they are asked to.
_WRITES = frozenset({"put_item", "update_item", "delete_item"})

#: Parameters that may leave out what cannot be encoded.
_SELECTIONS = ("AttributesToGet", "ProjectionExpression", "Select")


def _service(
    run: Activation,
    kind: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    name = args[0] if args else keywords.get("service_name", UNKNOWN)
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return UNKNOWN
    return Boto(kind, run.address(node), (name.value, "", kind == RESOURCE), ())


def _boto_method(
    run: Activation,
    receiver: Boto,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    service, operation, resource = receiver.operation
    kind = receiver.type
    for value in (*args, *keywords.values()):
        run.escape(value, keep=True)
    if kind == REPLY:
        return _reply_method(run, receiver, name, args)
    if kind == RESOURCE:
        if service == "dynamodb" and name == "Table":
            return Boto(TABLE, run.address(node), receiver.operation, ())
        return UNKNOWN
    if kind == CLIENT and name == "get_paginator":
        wanted = args[0] if args else UNKNOWN
        if isinstance(wanted, Const) and isinstance(wanted.value, str):
            address = run.address(node)
            return Boto(PAGINATOR, address, (service, wanted.value, resource), ())
        return UNKNOWN
    if kind == PAGINATOR:
        if name != "paginate":
            return UNKNOWN
        return Boto(PAGES, run.address(node), receiver.operation, ())
    if kind == PAGES:
        return _reply(run, receiver.operation, node) if name == "build_full_result" else None
    if resource and not _selects(name, keywords, node):
        return UNKNOWN
    return _reply(run, (service, name, resource), node)


def _selects(name: str, keywords: dict[str, Value], node: ast.AST) -> bool:
    """Return whether a call to DynamoDB gives back whole items."""
    if isinstance(node, ast.Call) and any(word.arg is None for word in node.keywords):
        return False
    if name in _WRITES:
        wanted = keywords.get("ReturnValues", Const("NONE"))
        return isinstance(wanted, Const) and str(wanted.value).startswith("ALL_")
    return not any(word in keywords for word in _SELECTIONS)


def _reply(run: Activation, operation: tuple[str, str, bool], node: ast.AST) -> Value:
    shape = _shape(operation, ())
    if shape is None or shape.kind == "plain":
        return UNKNOWN
    address = run.address(node)
    run.state.heap[address] = Items()
    return Boto(REPLY, address, operation, ())


def is_intact(entry: object) -> bool:
    """Return whether the heap's entry is that of a response nobody changed."""
    return isinstance(entry, Items) and not entry.known and entry.rest is None


def changed(run: Activation, value: Value) -> None:
    """Note that somebody may change a response of boto3."""
    for one in each(value):
        if isinstance(one, Boto) and one.type == REPLY and one.address is not None:
            run.state.heap[one.address] = Items({}, UNKNOWN, UNKNOWN)


def _part(value: Boto, key: str | None) -> Value:
    """Return what subscripting a response gives."""
    shape = value.shape
    below = None if shape is None else shape.item(key)
    if below is None:
        return UNKNOWN
    if below.kind in _LEAVES:
        return _LEAVES[below.kind]
    return Boto(REPLY, value.address, value.operation, (*value.path, key))


_LEAVES: dict[str, Value] = {
    "blob": Object(BYTES, None),
    "plain": UNKNOWN,
    "stream": Object(STREAM, None),
    "timestamp": Object(DATETIME, None),
}


def _reply_method(run: Activation, receiver: Boto, name: str, args: list[Value]) -> Value:
    shape = receiver.shape
    kind = "plain" if shape is None else shape.kind
    if kind == "list" and name in ("append", "extend", "insert", "sort", "reverse"):
        return NONE
    if kind in ("structure", "map") and name in ("get", "pop") and args:
        if name == "pop":
            changed(run, receiver)
        found = subscript(receiver, args[0], None)
        return join(found, args[1] if len(args) > 1 else NONE)
    if name in ("get", "keys", "index", "count"):
        return UNKNOWN
    # `for value in response.values()`: the values are out of sight.
    changed(run, receiver)
    return UNKNOWN


def subscript(value: Value, key: Value, node: ast.AST | None) -> Value | None:
    """Return what `value[key]` gives; `None` if that is not known here."""
    if isinstance(value, External):
        return Object(STR, None) if value.name == "os.environ" else None
    if not isinstance(value, Boto) or value.type != REPLY:
        return None
    shape = value.shape
    kind = "plain" if shape is None else shape.kind
    if kind == "list":
        return value if isinstance(getattr(node, "slice", None), ast.Slice) else (
            _part(value, None)
        )
    if kind in ("structure", "map") and isinstance(key, Const):
        return _part(value, key.value) if isinstance(key.value, str) else UNKNOWN
    return UNKNOWN


def element(run: Activation, value: Value, node: ast.AST) -> Value | None:
    """Return what iterating an object gives; `None` if that is not known here."""
    if not isinstance(value, Boto):
        return None
    if value.type == PAGES:
        return _reply(run, value.operation, node)
    shape = value.shape
    if value.type == REPLY and shape is not None and shape.kind == "list":
        return _part(value, None)
    return UNKNOWN if value.type == REPLY else None


