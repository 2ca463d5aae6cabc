"""The tables of plain values, against what the real functions and methods give."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import dataclasses
import importlib
import importlib.util
import inspect
import multiprocessing.pool
import pkgutil
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from flake8_lambda_handler import analyses
from flake8_lambda_handler import libraries
from flake8_lambda_handler.analyses.encoding import kinds
from flake8_lambda_handler.libraries import awaitables
from flake8_lambda_handler.libraries import builtins
from flake8_lambda_handler.libraries import callbacks
from flake8_lambda_handler.libraries import clients
from flake8_lambda_handler.libraries import data_calls
from flake8_lambda_handler.libraries import method_names
from flake8_lambda_handler.libraries import objects
from tests.support import violations

#: The packages besides the standard library that the tables name.
PACKAGES = frozenset(
    {
        "aiobotocore",
        "aiogram",
        "aiohttp",
        "anyio",
        "asgiref",
        "asyncer",
        "asyncpg",
        "attr",
        "attrs",
        "aws_lambda_powertools",
        "aws_xray_sdk",
        "awslambdaric",
        "backoff",
        "beartype",
        "boto3",
        "botocore",
        "cachetools",
        "chalice",
        "channels",
        "click",
        "dateutil",
        "django",
        "fastapi",
        "flask",
        "homeassistant",
        "httpx",
        "mysql",
        "nest_asyncio",
        "nest_asyncio2",
        "numpy",
        "orjson",
        "pandas",
        "psycopg",
        "psycopg2",
        "pydantic",
        "pydantic_settings",
        "pymysql",
        "redis",
        "requests",
        "sqlalchemy",
        "sqlmodel",
        "starlette",
        "telegram",
        "tenacity",
        "tortoise",
        "trio",
        "typeguard",
        "typer",
        "typing_extensions",
        "uvloop",
    }
)

#: Tables of parts of names.
PARTS = frozenset({"_RESOLVERS"})

#: A name of ours, and what came with Python 3.11 to 3.13.
NOT_EVERYWHERE = frozenset(
    {
        "asyncio.Barrier",
        "asyncio.EventLoop",
        "asyncio.Runner",
        "asyncio.TaskGroup",
        "asyncio.runners.Runner",
        "asyncio.timeout",
        "builtins.BaseExceptionGroup",
        "builtins.ExceptionGroup",
        "enum.StrEnum",
        "typing.override",
        objects.HASH,
    }
)

#: The arguments of calls that need some.
GIVEN = {
    "array.array": "'i', [1]",
    "aws_lambda_powertools.event_handler.Response": "200",
    "aws_lambda_powertools.event_handler.api_gateway.Response": "200",
    "base64.b16decode": "b'61'",
    "base64.b32decode": "b'ME======'",
    "base64.b64decode": "b'YQ=='",
    "base64.b85decode": "b'VE'",
    "base64.decodebytes": "b'YQ=='",
    "base64.standard_b64decode": "b'YQ=='",
    "base64.urlsafe_b64decode": "b'YQ=='",
    "builtins.bytes.fromhex": "'61'",
    "builtins.memoryview": "b'a'",
    "builtins.slice": "1",
    "bz2.decompress": "bz2.compress(b'a')",
    "collections.UserString": "'a'",
    "datetime.date": "2026, 11, 20",
    "datetime.date.fromisoformat": "'2026-11-20'",
    "datetime.date.fromtimestamp": "0",
    "datetime.datetime": "2026, 11, 20",
    "datetime.datetime.combine": "datetime.date(2026, 11, 20), datetime.time(1)",
    "datetime.datetime.fromisoformat": "'2026-11-20'",
    "datetime.datetime.fromtimestamp": "0",
    "datetime.datetime.strptime": "'2026', '%Y'",
    "datetime.datetime.utcfromtimestamp": "0",
    "dateutil.parser.isoparse": "'2026-11-20'",
    "dateutil.parser.parse": "'2026-11-20'",
    "email.utils.parsedate_to_datetime": "'Fri, 20 Nov 2026 10:00:00 +0000'",
    "gzip.decompress": "gzip.compress(b'a')",
    "hashlib.new": "'md5'",
    "hmac.digest": "b'key', b'a', 'sha256'",
    "hmac.new": "b'key', b'a', 'sha256'",
    "ipaddress.IPv4Address": "'10.0.0.1'",
    "ipaddress.IPv4Network": "'10.0.0.0/8'",
    "ipaddress.IPv6Address": "'::1'",
    "ipaddress.IPv6Network": "'::/8'",
    "ipaddress.ip_address": "'10.0.0.1'",
    "ipaddress.ip_interface": "'10.0.0.1/8'",
    "ipaddress.ip_network": "'10.0.0.0/8'",
    "lzma.decompress": "lzma.compress(b'a')",
    "os.urandom": "64",
    "pathlib.Path.glob": "'*'",
    "pathlib.Path.rglob": "'*'",
    "pathlib.PosixPath": "'a'",
    "pickle.dumps": "1",
    "re.compile": "'a'",
    "re.finditer": "'a', 'a'",
    "types.MappingProxyType": "{}",
    "uuid.UUID": "int=1",
    "uuid.uuid3": "uuid.NAMESPACE_DNS, 'a'",
    "uuid.uuid5": "uuid.NAMESPACE_DNS, 'a'",
    "zlib.decompress": "zlib.compress(b'a')",
    # methods
    "builtins.str.center": "9",
    "builtins.str.format_map": "{}",
    "builtins.str.join": "[]",
    "builtins.str.ljust": "9",
    "builtins.str.removeprefix": "'a'",
    "builtins.str.removesuffix": "'a'",
    "builtins.str.replace": "'a', 'b'",
    "builtins.str.rjust": "9",
    "builtins.str.translate": "{}",
    "builtins.str.zfill": "9",
    "datetime.date.replace": "day=1",
    "datetime.date.strftime": "'%Y'",
    "datetime.datetime.strftime": "'%Y'",
    "datetime.time.strftime": "'%H'",
    "decimal.Decimal.quantize": "decimal.Decimal('1')",
    "hashlib.HASH.update": "b'a'",
    "pathlib.Path.with_name": "'b'",
    "pathlib.Path.with_suffix": "'.b'",
}

#: Python 3.13 looks at a folder as soon as it is asked for what is in it.
FOLDER = "pathlib.Path(__file__).parent"

#: What makes an object of each type that has listed methods or attributes.
MADE = {
    objects.BINARY: "b'a'",
    objects.BINARY_FILE: "open(__file__, 'rb')",
    objects.BYTES: "b'a'",
    objects.DATE: "datetime.date(2026, 11, 20)",
    objects.DATETIME: "datetime.datetime(2026, 11, 20)",
    objects.DECIMAL: "decimal.Decimal('1.5')",
    objects.HASH: "hashlib.md5()",
    objects.IP_ADDRESS: "ipaddress.ip_address('10.0.0.1')",
    objects.IP_INTERFACE: "ipaddress.ip_interface('10.0.0.1/8')",
    objects.IP_NETWORK: "ipaddress.ip_network('10.0.0.0/8')",
    objects.MATCH: "re.match('a', 'a')",
    objects.PATH: "pathlib.Path(__file__)",
    objects.PATTERN: "re.compile('a')",
    objects.STR: "'a'",
    objects.TEXT_FILE: "open(__file__)",
    objects.TIME: "datetime.time(1)",
    objects.TIMEDELTA: "datetime.timedelta(1)",
    objects.UUID: "uuid.UUID(bytes=b'\\xff' * 16)",
    "builtins.bytearray": "bytearray(b'a')",
    "builtins.memoryview": "memoryview(b'a')",
    "io.BytesIO": "io.BytesIO(b'a')",
    "io.StringIO": "io.StringIO('a')",
}

#: Types whose objects come from elsewhere: a request, a service, a package.
ELSEWHERE = frozenset(
    {objects.HTTP_RESPONSE, objects.HTTPX_RESPONSE, objects.RESPONSE, objects.STREAM}
    | {"requests.Session"}
    | {type for type in objects.KNOWN_TYPES if type.startswith(("numpy.", "pandas."))}
)

#: The names in the tables of types that Python calls otherwise.
PYTHON = {
    objects.ADDRESSES: {"generator", "list"},
    objects.MATCHES: {"callable_iterator"},
    objects.NETWORKS: {"generator"},
    objects.PATHS: {"generator", "map"},
    objects.BINARY: {"bytes"},
    objects.HASH: {"HASH", "HMAC", "blake2b", "blake2s"},
    objects.IP_ADDRESS: {"IPv4Address"},
    objects.IP_INTERFACE: {"IPv4Interface"},
    objects.IP_NETWORK: {"IPv4Network"},
    objects.PATH: {"PosixPath", "WindowsPath"},
    objects.PURE_PATH: {"PurePosixPath", "PureWindowsPath"},
    "types.MappingProxyType": {"mappingproxy"},
}

#: Calls that need a network.
REMOTE = ("requests.", "httpx.", "urllib.request.urlopen", "boto3.")

METHODS = [
    (type, name, result)
    for type, methods in objects.METHODS.items()
    for name, result in methods.items()
    if type not in ELSEWHERE
]
ATTRIBUTES = [
    (type, name, result)
    for type, attributes in objects.ATTRIBUTES.items()
    for name, result in attributes.items()
    if type not in ELSEWHERE
]
HERE = [
    name
    for name in objects.RESULTS
    if not name.startswith(REMOTE)
    and importlib.util.find_spec(name.partition(".")[0]) is not None
]


def resolve(dotted: str) -> Any:
    """Return what a dotted name is."""
    module, names = dotted, []
    while True:
        try:
            found = importlib.import_module(module)
            break
        except ModuleNotFoundError as error:
            lacking = error.name or ""
            if "." not in lacking or not f"{module}.".startswith(f"{lacking}."):
                raise  # a package is not here
            module, _, name = module.rpartition(".")
            names.insert(0, name)
    for name in names:
        found = getattr(found, name)
    return found


def imported(expression: str) -> str:
    """Return the imports that an expression needs."""
    modules = {"builtins"} | {
        module
        for name in (*objects.RESULTS, *MADE, "decimal.Decimal")
        for module in [name.rpartition(".")[0]]
        if name.partition(".")[0] + "." in expression and is_module(module)
    }
    return "".join(f"import {name}\n" for name in sorted(modules))


def is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ModuleNotFoundError, ValueError):
        return False


def evaluated(expression: str) -> Any:
    names: dict[str, Any] = {"__file__": __file__}
    exec(imported(expression), names)
    return eval(expression, names)


def assert_is(value: Any, listed: str) -> None:
    wanted = PYTHON.get(listed, {listed.rpartition(".")[2]})
    assert type(value).__name__ in wanted


def assert_judged(expression: str, value: Any) -> None:
    """Check that a handler that returns a value is told of it as Lambda would."""
    source = f"{imported(expression)}\n\ndef lambda_handler(event, context):\n"
    source += f"    return [{expression}]\n"
    found = violations(source.replace("__file__", "'notes'"))
    try:
        LambdaMarshaller().marshal_response([value])
    except FaultException:
        codes = {one.code for one in found}
        # What bytes hold is known of what is compressed or random alone.
        assert codes == {"LMB401"} or type(value) is bytes and not codes
    else:
        assert not found


@pytest.mark.parametrize("name", HERE)
def test_a_call_gives_what_the_table_says(name):
    expression = f"{name}({GIVEN.get(name, default_of(name))})"
    value = evaluated(expression)
    assert_is(value, objects.RESULTS[name])
    assert_judged(expression, value)


def default_of(name: str) -> str:
    is_of_bytes = name.startswith(("base64.", "bz2.", "gzip.", "lzma.", "zlib."))
    return "b'a'" if is_of_bytes else ""


@pytest.mark.parametrize("type, name, result", METHODS)
def test_a_method_gives_what_the_table_says(type, name, result):
    given = GIVEN.get(f"{type}.{name}", "b'a'" if name == "update" else "")
    made = FOLDER if name == "iterdir" else MADE[type]
    expression = f"{made}.{name}({given})"
    value = evaluated(expression)
    if result is None:
        assert value is None
    else:
        assert_is(value, result)
    assert_judged(expression, value)


@pytest.mark.parametrize("type, name, result", ATTRIBUTES)
def test_an_attribute_is_what_the_table_says(type, name, result):
    expression = f"{MADE[type]}.{name}"
    value = evaluated(expression)
    assert_is(value, result)
    assert_judged(expression, value)


@pytest.mark.parametrize("name", objects.VALUES)
def test_a_value_is_what_the_table_says(name):
    listed = objects.VALUES[name]
    if importlib.util.find_spec(name.partition(".")[0]) is not None:
        value = getattr(listed, "value", None)
        assert repr(resolve(name)) == repr(value) or value is None


def dotted_names(value: object) -> Iterator[str]:
    """Yield what looks like a full name, at any depth of a table."""
    if isinstance(value, str):
        if re.fullmatch(r"[a-zA-Z_]\w*(\.\w+)+", value):
            yield value
    elif isinstance(value, dict):
        yield from dotted_names(tuple(value.items()))
    elif isinstance(value, (frozenset, list, set, tuple)):
        for one in value:
            yield from dotted_names(one)


def test_listed_names_exist():
    names = {
        name
        for package in (analyses, libraries)
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        for table, value in vars(importlib.import_module(found.name)).items()
        if table not in PARTS and not table.startswith("__")
        for name in dotted_names(value)
    }
    assert {
        name.partition(".")[0] for name in names
    } - sys.stdlib_module_names == PACKAGES
    missing = {name for name in names - NOT_EVERYWHERE if not exists(name)}
    assert missing == set()


def exists(name: str) -> bool:
    """Return whether there is such a thing, or its package is not here."""
    try:
        resolve(name)
    except ModuleNotFoundError:
        return True
    except AttributeError:
        return False
    return True


@pytest.mark.parametrize("name", kinds.OBJECTS)
def test_what_encoders_refuse_is_called_so_and_has_the_cure(name):
    word, cure = kinds.OBJECTS[name]
    assert re.fullmatch(
        r"(use|return) (its|an?|`\S+`)( [a-z]+)*( `\S+`)?( of each)?", cure
    )
    try:
        found = resolve(name)
    except (AttributeError, ModuleNotFoundError):
        return  # not here, or a name of ours
    assert word in PYTHON.get(name, {found.__name__}) | {""}
    assert set(re.findall(r"`\.(\w+)", cure)) <= set(dir(found))


def test_listed_methods_and_attributes_exist():
    for table in (objects.METHODS, objects.ATTRIBUTES):
        for type, members in table.items():
            if type.partition(".")[0] in sys.stdlib_module_names and exists(type):
                made = MADE.get(type)
                found = resolve(type) if made is None else evaluated(made)
                assert set(members) <= set(dir(found)), type


@pytest.mark.parametrize("name", method_names.CALLBACKS)
def test_where_a_method_of_a_loop_takes_what_it_calls(name):
    owner = next(
        one for one in (asyncio.AbstractEventLoop, asyncio.Task) if hasattr(one, name)
    )
    try:
        given = [*inspect.signature(getattr(owner, name)).parameters][1:]
    except ValueError:
        pytest.skip("this Python does not tell")
    index = method_names.CALLBACKS[name]
    assert given[index] in ("callback", "fn")


def test_what_asyncio_calls_what_it_awaits():
    given = {
        name
        for one in (
            *vars(asyncio).values(),
            *vars(asyncio.BaseEventLoop).values(),
        )
        if inspect.isfunction(one)
        for name in inspect.signature(one).parameters
    }
    assert {*awaitables.KEYWORDS} <= given


@pytest.mark.parametrize("name", builtins.ASKED)
def test_what_is_asked_about_a_function(name):
    async def coroutine():
        pass

    async def items():
        yield

    functions = {
        (True, False): coroutine,
        (True, True): items,
        (False, True): lambda: (yield),
        (False, False): lambda: None,
    }
    answers = [kind for kind, function in functions.items() if resolve(name)(function)]
    assert answers == [builtins.ASKED[name]]


@pytest.mark.parametrize("name", clients.CLOSABLE)
def test_what_is_closed_has_its_methods(name):
    known = clients.CLOSABLE[name]
    assert known.kind in ("client", "connection", "pool", "session")
    for error in filter(None, (known.error, known.reopening)):
        assert re.fullmatch(
            r"(Interface|Operational|Programming|Runtime|Value)Error: .*[a-z)]", error
        )
    if importlib.util.find_spec(name.partition(".")[0]) is None:
        pytest.skip("not here")
    here = set(dir(resolve(name)))
    assert known.closing <= here
    # One list stands for pools and executors, and one for all databases.
    assert known.using - here - clients.CALLING <= {"begin"}
    assert not known.by_with or here & {"__exit__", "__aexit__"}


def test_what_pools_call_with():
    pools = {*dir(multiprocessing.pool.Pool), *dir(concurrent.futures.Executor)}
    assert clients.CALLING <= pools


@pytest.mark.parametrize("name", callbacks.CALLBACKS)
def test_a_function_is_given_where_the_table_says(name):
    try:
        parameters = inspect.signature(resolve(name)).parameters
    except ValueError:
        pytest.skip("this Python does not tell")
    index, argument = callbacks.CALLBACKS[name]
    if argument in parameters:
        is_named_only = parameters[argument].kind is inspect.Parameter.KEYWORD_ONLY
        assert index == (-1 if is_named_only else [*parameters].index(argument))
    else:
        assert any(one.kind is one.VAR_KEYWORD for one in parameters.values())


#: What is refused, by an expression of these classes and modules.
AROUND = """\
import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import io
import ipaddress
import os
import pathlib
import re
import types
import uuid

class Plain:
    def __init__(self):
        self.x = 1
    def run(self):
        return 1

@dataclasses.dataclass
class Data:
    x: int

class Color(enum.Enum):
    RED = 1
"""
REFUSED = (
    "{1}",
    "frozenset()",
    "datetime.datetime.now()",
    "datetime.date.today()",
    "datetime.time(1)",
    "datetime.timedelta(1)",
    "uuid.uuid4()",
    "pathlib.Path('a')",
    "re.compile('a')",
    "re.match('a', 'a')",
    "fractions.Fraction(1)",
    "1j",
    "range(3)",
    "memoryview(b'a')",
    "bytearray(b'a')",
    "array.array('i')",
    "io.BytesIO()",
    "io.StringIO()",
    "collections.deque()",
    "collections.UserDict()",
    "collections.ChainMap()",
    "types.MappingProxyType({})",
    "map(str, [1])",
    "filter(None, [1])",
    "zip([1])",
    "enumerate([1])",
    "(one for one in 'ab')",
    "{}.keys()",
    "{}.values()",
    "{}.items()",
    "ValueError()",
    "type(1)",
    "object()",
    "slice(1)",
    "print",
    "dict",
    "functools.partial(dict)",
    "[].append",
    "Plain()",
    "Plain",
    "Plain().run",
    "Data(1)",
    "Color.RED",
    "...",
    "b'\\xff'",
    "collections.UserList()",
    "collections.UserString('a')",
    "hashlib.md5()",
    "ipaddress.ip_address('10.0.0.1')",
    "ipaddress.ip_interface('10.0.0.1/8')",
    "ipaddress.ip_network('10.0.0.0/8')",
    "open('/dev/null')",
    "open('/dev/null', 'rb')",
    "os.environ",
    "types.SimpleNamespace()",
)


@pytest.mark.parametrize("expression", REFUSED)
def test_the_words_are_those_of_lambda_and_the_cure_is_one(expression):
    source = f"{AROUND}\n\ndef lambda_handler(event, context):\n    return "
    (found,) = violations(f"{source}{{'x': {expression}}}\n")
    names: dict[str, Any] = {}
    exec(AROUND, names)
    with pytest.raises(FaultException) as raised:
        LambdaMarshaller().marshal_response({"x": eval(expression, names)})
    error, _, cure = found.text.partition("Runtime.MarshalError: ")[2].rpartition("; ")
    assert error in raised.value.msg
    written = re.match(r"use `(?:(\.[\w.]+\(?\)?)|([\w.]+)\(\.\.\.\))`", cure)
    if written is None:
        assert cure in ("call it", "return an instance", "return a value")
        return
    method, function = written.groups()
    names |= {"vars": vars, "dataclasses": dataclasses, "base64": base64}
    cured = f"({expression}){method}" if method else f"{function}({expression})"
    LambdaMarshaller().marshal_response({"x": eval(cured, names)})


def test_a_name_that_does_not_exist_is_noticed():
    with pytest.raises(AttributeError):
        resolve("secrets.token_byte")


def test_modules_that_take_data_are_there():
    for name in data_calls.MODULES:
        if name.partition(".")[0] in sys.stdlib_module_names:
            importlib.import_module(name)
        else:
            assert name in PACKAGES, name
