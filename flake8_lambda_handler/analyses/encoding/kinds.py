"""The classes that encoders refuse, and what to do about each."""

from __future__ import annotations

from flake8_lambda_handler.libraries import containers
from flake8_lambda_handler.libraries import data_models
from flake8_lambda_handler.libraries import frames
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import orm

LIST = "use `list(...)`"
SORTED = "use `sorted(...)`"
DICT = "use `dict(...)`"
TEXT = "use `str(...)`"
DECODE = "use `.decode()`"
DEFAULT = "use `json.dumps(..., default=str)`"
PLAIN = "use `json.loads(json.dumps(..., default=str))`"

#: The class of each kind of container that no encoder takes, and the cure.
CONTAINERS = {
    **{kind: (kind, LIST) for kind in map(containers.kind_of, containers.ITERATORS)},
    "_grouper": ("_grouper", LIST),
    "deque": ("deque", LIST),
    "dict_items": ("dict_items", LIST),
    "dict_keys": ("dict_keys", LIST),
    "dict_values": ("dict_values", LIST),
    "enumerate": ("enumerate", LIST),
    "filter": ("filter", LIST),
    "frozenset": ("frozenset", SORTED),
    "generator": ("generator", LIST),
    "iterator": ("", LIST),
    "map": ("map", LIST),
    "range": ("range", LIST),
    "reversed": ("", LIST),
    "set": ("set", SORTED),
    "zip": ("zip", LIST),
}

#: The class of each type that no encoder takes, and the cure.
OBJECTS = {
    objects.DATE: ("date", "use `.isoformat()`"),
    objects.DATETIME: ("datetime", "use `.isoformat()`"),
    objects.TIME: ("time", "use `.isoformat()`"),
    objects.TIMEDELTA: ("timedelta", "use `.total_seconds()`"),
    objects.UUID: ("UUID", TEXT),
    objects.PATH: ("PosixPath", TEXT),
    objects.PURE_PATH: ("PurePosixPath", TEXT),
    objects.PATTERN: ("Pattern", "use `.pattern`"),
    objects.MATCH: ("Match", "use `.group()`"),
    objects.TEXT_FILE: ("TextIOWrapper", "use `.read()`"),
    objects.BINARY_FILE: ("BufferedReader", "use `.read()`"),
    objects.STREAM: ("StreamingBody", "use `.read()`"),
    objects.HTTP_RESPONSE: ("HTTPResponse", "use `.read()`"),
    objects.RESPONSE: ("Response", "use `.json()` or `.text`"),
    objects.HTTPX_RESPONSE: ("Response", "use `.json()` or `.text`"),
    objects.HEADERS: ("CaseInsensitiveDict", DICT),
    objects.ENVIRON: ("_Environ", DICT),
    frames.NDARRAY: ("ndarray", "use `.tolist()`"),
    frames.INTEGERS: ("ndarray", "use `.tolist()`"),
    frames.PLACE: ("", "use `.tolist()`"),
    frames.FRAME: ("DataFrame", 'use `.to_dict("records")`'),
    frames.SERIES: ("Series", "use `.tolist()`"),
    frames.BOOL_FRAME: ("DataFrame", 'use `.to_dict("records")`'),
    frames.BOOL_SERIES: ("Series", "use `.tolist()`"),
    frames.INDEX: ("", "use `.tolist()`"),
    frames.VALUES: ("", "use `.tolist()`"),
    frames.BOOL: ("bool", "use `bool(...)`"),
    frames.TIMESTAMP: ("Timestamp", "use `.isoformat()`"),
    "pandas.Timedelta": ("Timedelta", "use `.total_seconds()`"),
    objects.HASH: ("HASH", "use `.hexdigest()`"),
    objects.IP_ADDRESS: ("IPv4Address", TEXT),
    objects.IP_INTERFACE: ("IPv4Interface", TEXT),
    objects.IP_NETWORK: ("IPv4Network", TEXT),
    objects.ADDRESSES: ("", "use a `str` of each"),
    objects.NETWORKS: ("", "use a `str` of each"),
    objects.PATHS: ("", "use a `str` of each"),
    objects.MATCHES: ("", "use `.group()` of each"),
    **{f"numpy.{name}": (name, "use `.item()`") for name in frames.NUMPY},
    objects.TYPE: ("type", "use `.__name__`"),
    orm.CURSOR: ("CursorResult", "use `.mappings()` and a `dict` of each"),
    orm.MAPPING: ("RowMapping", DICT),
    orm.MAPPINGS: ("MappingResult", "use a `dict` of each"),
    orm.RECORD: ("Record", DICT),
    orm.SQLITE_ROW: ("Row", DICT),
    objects.CAUGHT: ("", TEXT),
    objects.CONTEXT: ("LambdaContext", "use its attributes"),
    "array.array": ("array", "use `.tolist()`"),
    "aws_lambda_powertools.event_handler.api_gateway.Response": (
        "Response",
        "return a `dict`",
    ),
    "builtins.bytearray": ("bytearray", DECODE),
    "builtins.complex": ("complex", TEXT),
    "builtins.memoryview": ("memoryview", "use `.tobytes()`"),
    "builtins.object": ("object", TEXT),
    "builtins.slice": ("slice", TEXT),
    "chalice.app.Response": ("Response", "return a `dict`"),
    "collections.ChainMap": ("ChainMap", DICT),
    "collections.UserDict": ("UserDict", DICT),
    "collections.UserList": ("UserList", LIST),
    "collections.UserString": ("UserString", TEXT),
    "fractions.Fraction": ("Fraction", "use `float(...)`"),
    "io.BytesIO": ("BytesIO", "use `.getvalue()`"),
    "io.StringIO": ("StringIO", "use `.getvalue()`"),
    "ipaddress.IPv4Address": ("IPv4Address", TEXT),
    "ipaddress.IPv4Network": ("IPv4Network", TEXT),
    "ipaddress.IPv6Address": ("IPv6Address", TEXT),
    "ipaddress.IPv6Network": ("IPv6Network", TEXT),
    "types.MappingProxyType": ("mappingproxy", DICT),
    "types.SimpleNamespace": ("SimpleNamespace", "use `vars(...)`"),
}

#: Types written in C, which `json` calls by their full name when they are keys.
FULL_NAMES = objects.DECIMALS | {
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
    | data_models.ENUMS
    | data_models.PYDANTIC
    | orm.BASES
)
