"""Which objects calls from outside the project give, as far as JSON is concerned.

Only what the encoders refuse, and what leads to it, stands here: the type that a call
gives, and the types of its methods and attributes. A type is written as the dotted name
of its class. Run on CPython 3.10 to 3.13, 2026-11-21.
"""

from __future__ import annotations

from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import frames

BOOL = "builtins.bool"
BYTES = "builtins.bytes"
#: Bytes that are no text: compressed, random, a digest.
BINARY = "builtins.bytes that are no text"
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
#: What `json.loads` with `parse_float=Decimal` gives, and a part of that.
DECIMAL_JSON = "json with Decimal"
JSON_PART = "part of json with Decimal"
#: A part of an item of DynamoDB, or of such JSON: if it is a number, it is a `Decimal`.
ITEM_PART = "part of an item"
PATH = "pathlib.Path"
PURE_PATH = "pathlib.PurePath"
UUID = "uuid.UUID"
HASH = "hashlib.HASH"
PATTERN = "re.Pattern"
MATCH = "re.Match"
TEXT_FILE = "io.TextIOWrapper"
BINARY_FILE = "io.BufferedReader"
#: What `except ... as name` binds: the class may be any below the one that is named.
CAUGHT = "caught exception"
#: What `type(value)` gives.
TYPE = "builtins.type"
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
#: Version 4 or 6, as the text says.
IP_ADDRESS = "ipaddress.ip_address"
IP_INTERFACE = "ipaddress.ip_interface"
IP_NETWORK = "ipaddress.ip_network"
#: What some methods give one by one, in whatever kind of iterator.
ADDRESSES = "addresses of ipaddress"
MATCHES = "matches of re"
NETWORKS = "networks of ipaddress"
PATHS = "paths of pathlib"
ENVIRON = "os._Environ"

#: Types of objects that hold what was read from somewhere; `with` gives them back.
FILES = frozenset({TEXT_FILE, BINARY_FILE, HTTP_RESPONSE})

REQUESTS = ("delete", "get", "head", "options", "patch", "post", "put", "request")

#: What iterating an object gives.
ELEMENTS = {
    ADDRESSES: IP_ADDRESS,
    BINARY_FILE: BYTES,
    IP_NETWORK: IP_ADDRESS,
    MATCHES: MATCH,
    NETWORKS: IP_NETWORK,
    PATHS: PATH,
    "io.BytesIO": BYTES,
}

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
    "bz2.compress": BINARY,
    "bz2.decompress": BYTES,
    "gzip.compress": BINARY,
    "gzip.decompress": BYTES,
    "hmac.digest": BINARY,
    "lzma.compress": BINARY,
    "lzma.decompress": BYTES,
    "zlib.compress": BINARY,
    "zlib.decompress": BYTES,
    "os.urandom": BINARY,
    "pickle.dumps": BYTES,
    "secrets.token_bytes": BINARY,
    "hmac.new": HASH,
    **{
        f"hashlib.{name}": HASH
        for name in (
            "blake2b",
            "blake2s",
            "md5",
            "new",
            "sha1",
            "sha224",
            "sha256",
            "sha384",
            "sha3_256",
            "sha3_512",
            "sha512",
        )
    },
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
    "ipaddress.ip_address": IP_ADDRESS,
    "ipaddress.ip_interface": IP_INTERFACE,
    "ipaddress.ip_network": IP_NETWORK,
    "pathlib.Path": PATH,
    "pathlib.Path.cwd": PATH,
    "pathlib.Path.home": PATH,
    "pathlib.PosixPath": PATH,
    "pathlib.PurePath": PURE_PATH,
    "pathlib.PurePosixPath": PURE_PATH,
    "re.compile": PATTERN,
    "re.finditer": MATCHES,
    "types.MappingProxyType": "types.MappingProxyType",
    "uuid.UUID": UUID,
    "uuid.uuid1": UUID,
    "uuid.uuid3": UUID,
    "uuid.uuid4": UUID,
    "uuid.uuid5": UUID,
    **{f"requests.{name}": RESPONSE for name in REQUESTS},
    "requests.Session": "requests.Session",
    "requests.session": "requests.Session",
    **{f"httpx.{name}": HTTPX_RESPONSE for name in REQUESTS},
    "urllib.request.urlopen": HTTP_RESPONSE,
    "boto3.Session": "boto3.Session",
    "boto3.session.Session": "boto3.Session",
    "dateutil.parser.parse": DATETIME,
    "dateutil.parser.isoparse": DATETIME,
    **frames.RESULTS,
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
    **frames.METHODS,
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
    BINARY: {"decode": STR, "hex": STR},
    HASH: {"copy": HASH, "digest": BINARY, "hexdigest": STR, "update": None},
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
    DECIMAL: {
        "copy_abs": DECIMAL,
        "is_nan": BOOL,
        "normalize": DECIMAL,
        "quantize": DECIMAL,
        "sqrt": DECIMAL,
        "to_eng_string": STR,
        "to_integral_value": DECIMAL,
    },
    PATH: {
        "absolute": PATH,
        "as_posix": STR,
        "exists": BOOL,
        "expanduser": PATH,
        "glob": PATHS,
        "is_dir": BOOL,
        "is_file": BOOL,
        "iterdir": PATHS,
        "joinpath": PATH,
        "read_bytes": BYTES,
        "read_text": STR,
        "resolve": PATH,
        "rglob": PATHS,
        "with_name": PATH,
        "with_suffix": PATH,
    },
    IP_NETWORK: {"hosts": ADDRESSES, "subnets": NETWORKS, "supernet": IP_NETWORK},
    TEXT_FILE: {"read": STR, "readline": STR},
    BINARY_FILE: {"read": BYTES, "readline": BYTES},
    HTTP_RESPONSE: {"read": BYTES},
    STREAM: {"read": BYTES},
    "io.BytesIO": {"getvalue": BYTES, "read": BYTES},
    "io.StringIO": {"getvalue": STR, "read": STR},
    "builtins.bytearray": {"decode": STR, "hex": STR},
    "builtins.memoryview": {"tobytes": BYTES, "hex": STR},
    "requests.Session": {name: RESPONSE for name in REQUESTS},
}

ATTRIBUTES: dict[str, dict[str, str]] = {
    **frames.ATTRIBUTES,
    UUID: {"bytes": BINARY, "hex": STR, "int": INT, "urn": STR},
    PATH: {"name": STR, "parent": PATH, "stem": STR, "suffix": STR},
    PATTERN: {"pattern": STR},
    IP_ADDRESS: {"compressed": STR, "exploded": STR, "packed": BYTES},
    IP_INTERFACE: {"ip": IP_ADDRESS, "network": IP_NETWORK},
    IP_NETWORK: {
        **dict.fromkeys(
            ("broadcast_address", "hostmask", "netmask", "network_address"), IP_ADDRESS
        ),
        "num_addresses": INT,
        "prefixlen": INT,
        "with_prefixlen": STR,
    },
    MATCH: {"string": STR, "re": PATTERN},
    RESPONSE: {"content": BYTES, "headers": HEADERS, "status_code": INT, "text": STR},
    HTTPX_RESPONSE: {"content": BYTES, "status_code": INT, "text": STR},
}


class Caught(Object):
    """A caught exception, with the names of the classes that are caught.

    `own` is the class, if it is one of the project.
    """

    __slots__ = ("type", "address", "names", "own")
    names: tuple[str, ...]
    own: Class | None


#: Types whose objects only change through the methods and operators listed here.
KNOWN_TYPES = frozenset(
    {*RESULTS.values(), *METHODS, *ATTRIBUTES, CAUGHT, CONTEXT, DECIMAL, TYPE}
)
