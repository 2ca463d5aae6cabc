"""Which objects calls from outside the project give, as far as JSON is concerned.

Only what the encoders refuse, and what leads to it, stands here: the type that a call
gives, and the types of its methods and attributes. A type is written as the dotted name
of its class. Run on CPython 3.10 to 3.13, 2026-11-21.
"""

from __future__ import annotations

from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value

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
#: The second argument of a handler.
CONTEXT = "awslambdaric.lambda_context.LambdaContext"

#: Event loops: one that code has made or fetched, and the one that runs.
LOOP = "asyncio.AbstractEventLoop"
RUNNING = "asyncio.running loop"
RUNNER = "asyncio.Runner"

STREAM = "botocore.response.StreamingBody"
RESPONSE = "requests.Response"
HEADERS = "requests.structures.CaseInsensitiveDict"
HTTPX_RESPONSE = "httpx.Response"
HTTP_RESPONSE = "http.client.HTTPResponse"
NDARRAY = "numpy.ndarray"
FRAME = "pandas.DataFrame"
ENVIRON = "os._Environ"

#: Types of objects that hold what was read from somewhere; `with` gives them back.
FILES = frozenset({TEXT_FILE, BINARY_FILE, HTTP_RESPONSE})

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
    "boto3.Session": "boto3.Session",
    "boto3.session.Session": "boto3.Session",
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
SEARCHES = frozenset({"re.fullmatch", "re.match", "re.search"})

#: Values of external names, where it is not a class, a function or a module.
VALUES: dict[str, Value] = {
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
KNOWN_TYPES = frozenset(
    {*RESULTS.values(), *METHODS, *ATTRIBUTES, CAUGHT, CONTEXT, DECIMAL}
)
