"""The verdicts about encoding, checked against the encoders themselves.

Each row of the table makes one value. The real client's marshaller and `json.dumps` are
asked what they do with it, and the rules must say the same about a handler that returns
it: the same error text, or nothing.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import sys
import textwrap
import types
from typing import Any

import pytest
from runtime_client import VERSIONS
from runtime_client import interpreter
from runtime_client import invoke

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli import explain
from tests.support import violations

#: What the rows may use.
SETUP = """
import abc, array, asyncio, base64, collections, dataclasses, datetime, decimal
import enum, functools
import fractions, hashlib, http, io, ipaddress, json, math, os, pathlib, re, types, typing, uuid
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString
from collections import defaultdict, deque, namedtuple
from dataclasses import asdict, dataclass
from datetime import date, datetime as dt, time, timedelta
from decimal import Decimal
from enum import Enum, Flag, IntEnum, IntFlag
from pathlib import Path, PurePath
from types import MappingProxyType, SimpleNamespace
from uuid import UUID, uuid4

class Plain:
    def __init__(self):
        self.a = 1
class WithToJson:
    def to_json(self): return "{}"
    def for_json(self): return {}
    def __json__(self): return {}
class WithAsdict:
    def _asdict(self): return {"a": 1}
class Child(Plain): pass
class Abstract(abc.ABC): pass
class Shop(Exception): pass
@dataclass
class Order:
    id: int
    when: object = None
@dataclass(frozen=True)
class Frozen:
    id: int
class Point(typing.NamedTuple):
    x: object
    y: object = 2
Pair = namedtuple("Pair", "x y")
class Movie(typing.TypedDict):
    name: object
class Color(Enum):
    RED = "red"
class Bits(Flag):
    ONE = 1
class Level(IntEnum):
    LOW = 1
class Mask(IntFlag):
    ONE = 1
class Text(str, Enum):
    A = "a"
class Number(int, Enum):
    A = 1
class Real(float, Enum):
    A = 1.5
class MyDict(dict): pass
class MyList(list): pass
class MyStr(str): pass
class MyInt(int): pass
class MyFloat(float): pass
class MyTuple(tuple): pass
class MySet(set): pass
def function(): pass
def numbers():
    yield 1
d = {"a": 1}
try:
    raise KeyError("caught")
except KeyError as error:
    caught = error
"""

#: Values that the rules know everything about.
KNOWN = """
[{k: 1} for k, v in {(1, 2): 3}.items()]
[{k: 1} for k in {(1, 2): 3}.keys()]
[{k: 1} for k, v in {"a": 3}.items()]
[{k: 1} for k in {"a": 3}.keys()]
functools.partial(functools.partial(lambda a, b, c: {"b": b}, 1), {2}, 3)()
functools.partial(functools.partial(lambda a, b, c: {"c": c}, 1), {2}, 3)()
defaultdict()
defaultdict(None, {"a": {1}})
[{1}] + list("ab")
[1] + list("ab")
type(1)
1 + 2j
round(Decimal("1.25"), 1)
Decimal(1) * 2
hashlib.md5()
[hashlib.md5().hexdigest()]
ipaddress.ip_address("10.0.0.1")
ipaddress.ip_network("10.0.0.0/8")
ipaddress.ip_interface("10.0.0.1/8")
ipaddress.ip_interface("10.0.0.1/8").network
ipaddress.ip_interface("10.0.0.1/8").ip.exploded
ipaddress.ip_network("10.0.0.0/30")[1]
list(ipaddress.ip_network("10.0.0.0/30"))
[str(one) for one in ipaddress.ip_network("10.0.0.0/30")]
[one for one in ipaddress.ip_network("10.0.0.0/30").hosts()]
ipaddress.ip_network("10.0.0.0/30").network_address
ipaddress.ip_network("10.0.0.0/30").num_addresses
list(ipaddress.ip_network("10.0.0.0/30").subnets())
sorted(Path("/").iterdir())
sorted(str(one) for one in Path("/").iterdir())
[one for one in Path("/").glob("*")]
[one.name for one in Path("/").glob("*")]
list(io.BytesIO(b"a"))
[one for one in re.finditer("a", "aa")]
[one.group() for one in re.finditer("a", "aa")]
list(re.compile("a").finditer("aa"))
re.finditer("a", "a")
None
True
1
1.5
"text"
"é"
[]
[1, "a", None]
(1, 2)
{}
{"a": [1, {"b": (True, None)}]}
{1, 2}
set()
frozenset()
frozenset([1])
{n for n in [1]}
set([1]) | {2}
{1, 2} - {2}
{1} ^ frozenset([2])
d.keys() & {"a"}
{1}.union([2])
list({1, 2} - {2})
[{1}]
({1}, 2)
{"a": {"b": [{"c": {1}}]}}
[n for n in [1]]
{str(n): n for n in [1]}
(n for n in [1])
numbers()
list(numbers())
map(str, [1])
list(map(str, [1]))
filter(None, [1])
zip([1], [2])
list(zip([1], [2]))
enumerate([1])
reversed([1])
iter([1])
range(3)
list(range(3))
d.keys()
d.values()
d.items()
list(d.items())
dict(d)
{**d, "b": {1}}
dict(a={1})
sorted({2, 1})
tuple({1})
len({1})
str({1})
f"{ {1} }"
None and {1}
None or {1}
{1} if d else {2}
b"text"
b"\\xff"
[b"text"]
[b"\\xff"]
{"a": b"\\xff"}
bytearray(b"a")
[bytearray(b"a")]
memoryview(b"a")
base64.b64encode(b"a")
[base64.b64encode(b"a")]
base64.b64encode(b"a").decode()
"text".encode()
["text".encode()]
"text".upper()
array.array("i", [1])
io.BytesIO(b"a")
io.StringIO("a")
io.StringIO("a").getvalue()
open(os.devnull)
open(os.devnull, "rb")
open(os.devnull).read()
dt.now()
dt(2026, 1, 1)
dt.now().isoformat()
dt.now().strftime("%Y")
dt.now().timestamp()
dt.now().date()
dt.now() - timedelta(days=1)
dt.now() - dt.now()
(dt.now() - dt.now()).total_seconds()
dt.now().replace(microsecond=0)
dt.strptime("2026", "%Y")
datetime.datetime.fromtimestamp(0)
date.today()
date(2026, 1, 1)
date.today().isoformat()
time(1, 2)
timedelta(1)
-timedelta(1)
uuid4()
uuid.uuid4()
UUID(int=1)
uuid4().hex
str(uuid4())
Path("a")
Path("a") / "b"
Path("a").name
Path("a").parent
str(Path("a"))
PurePath("a")
fractions.Fraction(1, 2)
ipaddress.IPv4Address("10.0.0.1")
ipaddress.IPv6Network("::/64")
re.compile("a")
re.compile("a").pattern
re.match("a", "a")
re.search("a", "a")
re.compile("a").match("a")
re.match("a", "a").group()
Decimal("1.50")
Decimal(1)
Decimal("1") + Decimal("2")
-Decimal("1")
{"a": Decimal("1.5")}
str(Decimal("1"))
float(Decimal("1"))
Decimal("NaN")
Decimal("sNaN")
Decimal("Infinity")
[Decimal("-Infinity")]
float("nan")
float("inf")
float("-inf")
float("1.5")
-math.inf
math.inf
math.nan
1e999
math.nan * 3
math.nan // 2
5 % math.nan
math.nan ** 0
ipaddress.ip_network("10.0.0.0/30").prefixlen
math.inf - math.inf
math.inf * 0
-2 * math.inf
3 / math.inf
5 % math.inf
1e308 * 10
1e308 + 1
sum([math.nan])
[math.nan]
{"a": {"b": [float("nan")]}}
complex(1, 2)
1j
Color.RED
Color("red")
Color.RED.value
Bits.ONE
Level.LOW
Mask.ONE
Text.A
Number.A
Real.A
http.HTTPStatus.OK
[Color.RED]
Plain()
Child()
Abstract()
WithToJson()
WithAsdict()
Order(1)
Order(1, 2)
Frozen(1)
asdict(Order(1))
asdict(Order(1, dt.now()))
asdict(Order(1, [Order(2, {3})]))
dataclasses.asdict(Order(1, dt.now().isoformat()))
vars(Plain())
Plain().__dict__
Point(1)
Point({1})
Point(1, dt.now())
Point(1)._asdict()
Pair(1, 2)
Movie(name="a")
Movie(name={1})
SimpleNamespace(a=1)
vars(SimpleNamespace(a=1))
MyDict(a=1)
MyList([1])
MyStr("a")
MyInt(1)
MyFloat(1.5)
MyTuple([1])
OrderedDict(a=1)
OrderedDict(a={1})
defaultdict(list)
defaultdict(int, a=1)
Counter("aab")
deque([1])
list(deque([1]))
UserDict(a=1)
UserList([1])
UserString("a")
MappingProxyType({"a": 1})
dict(MappingProxyType({"a": 1}))
ChainMap({"a": 1})
function
lambda: 1
len
dict
Plain
Plain().__init__
d.keys
functools_partial
ValueError("a")
str(ValueError("a"))
Shop("a")
[Exception()]
caught
str(caught)
...
NotImplemented
slice(1)
object()
os.environ
dict(os.environ)
{1: "a"}
{1.5: "a"}
{True: "a"}
{None: "a"}
{b"a": 1}
{b"\\xff": 1}
{(1, 2): 1}
{frozenset([1]): 1}
{math.nan: 1}
{float("nan"): 1}
{Decimal("1"): 1}
{timedelta(1): 1}
{re.compile("a"): 1}
{date.today(): 1}
{dt.now(): 1}
{uuid4(): 1}
{str(uuid4()): 1}
{Path("a"): 1}
{Color.RED: 1}
{Color.RED.value: 1}
{Level.LOW: 1}
{Text.A: 1}
{Number.A: 1}
{http.HTTPStatus.OK: 1}
{Point(1): 1}
{Frozen(1): 1}
{Plain(): 1}
{"a": {(1, 2): 1}}
[{(1, 2): 1}]
{(n, n): n for n in [1]}
Counter([(1, 2)])
Counter(["a"])
{1: "a", "1": "b"}
""".strip().splitlines()

#: Values that cannot be encoded, about which the rules keep silent: what they are is
#: not known, or it depends on what is in them.
SILENT = """
os.urandom(8) * 9 + b"\\xff"
[os.urandom(8) + b"\\xff"]
MySet([1])
datetime.timezone.utc
collections.abc.Mapping
os.scandir()
Color
asyncio.Lock()
json.JSONEncoder()
decimal.Context()
json
""".strip().splitlines()

#: The names of the rows that need more than an expression.
SPECIAL = {"functools_partial": "functools.partial(function)"}


def evaluated(expression: str) -> Any:
    module = sys.modules.setdefault("encoding_rows", types.ModuleType("encoding_rows"))
    exec(SETUP, vars(module))
    return eval(SPECIAL.get(expression, expression), vars(module))


def by_runtime(value: Any) -> tuple[str, str] | None:
    """Return the code that fits what the runtime does with a value, and its text."""
    from awslambdaric.lambda_runtime_exception import FaultException
    from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

    try:
        text, _ = LambdaMarshaller().marshal_response(value)
    except FaultException as error:
        text = error.msg.removeprefix("Unable to marshal response: ")
        return "LMB402" if text.startswith("keys ") else "LMB401", text
    if isinstance(text, str):
        try:
            json.loads(text, parse_constant=_refuse)
        except _NotJson as error:
            return "LMB403", str(error)
    else:
        try:
            json.loads(text)
        except ValueError:
            return "LMB401", POSTED
    return None


#: What is said of bytes that are no JSON and the whole response.
POSTED = "Lambda sends them as they are"


class _NotJson(Exception):
    pass


def _refuse(constant: str) -> None:
    raise _NotJson(constant)


def by_json(value: Any) -> tuple[str, str] | None:
    try:
        json.dumps(value)
    except TypeError as error:
        return "LMB404", str(error)
    return None


@functools.cache
def findings(*, dumps: bool) -> dict[str, set[tuple[str, str]]]:
    """Return the code and the whole text of each finding, by row: one handler each."""
    rows = [*KNOWN, *SILENT]
    lines = SETUP.strip().split("\n")
    row_of = {}
    for number, row in enumerate(rows):
        value = SPECIAL.get(row, row)
        value = f"json.dumps({value})" if dumps else value
        lines += [f"def handler_{number}(event, context):", f"    return {value}"]
        row_of[len(lines)] = row
    found: dict[str, set[tuple[str, str]]] = {row: set() for row in rows}
    for one in violations({"app.py": "\n".join(lines)}, handlers=("app.handler_*",)):
        found[row_of[one.line]].add((one.code, one.text))
    return found


def by_rules(expression: str, *, dumps: bool) -> set[tuple[str, str]]:
    return findings(dumps=dumps)[expression]


def assert_agrees(found: set[tuple[str, str]], truth: tuple[str, str] | None) -> None:
    if truth is None:
        assert found == set()
        return
    code, error = truth
    assert {one for one, _ in found} == {code}
    quoted = re.sub(r"Object of type \w+ is", "Object of type ... is", error)
    assert any(error in text or quoted in text for _, text in found), (error, found)


@pytest.mark.parametrize("expression", KNOWN)
def test_runtime_agrees(expression):
    value = evaluated(expression)
    truth = by_runtime(value)
    if truth is not None and "codec" in truth[1] and isinstance(value, dict):
        # Keys and values that are no UTF-8 give the same text.
        truth = ("LMB402" if b"\xff" in value else "LMB401", truth[1])
    if truth == ("LMB401", POSTED) and not expression.startswith('b"'):
        # What bytes hold is known of literals, and of what is compressed or random.
        truth = None
    assert_agrees(by_rules(expression, dumps=False), truth)


@pytest.mark.parametrize("expression", KNOWN)
def test_json_agrees(expression):
    assert_agrees(by_rules(expression, dumps=True), by_json(evaluated(expression)))


@pytest.mark.parametrize("expression", SILENT)
def test_silent(expression):
    value = evaluated(expression)
    if not isinstance(value, bytes):
        assert by_runtime(value) is not None, "not in doubt at all"
    assert by_rules(expression, dumps=False) == set()


def test_table_is_balanced():
    refused = sum(by_runtime(evaluated(row)) is not None for row in KNOWN)
    assert 0.4 < refused / len(KNOWN) < 0.6
    assert len(set(KNOWN)) == len(KNOWN)


# -- end to end ---------------------------------------------------------------------

#: One handler for each shape of message; a message quotes what the real client posts.
QUOTED = {
    "set": "return {'body': {'items': [{1}]}}",
    "datetime": "return {'at': datetime.now()}",
    "generator": "return (n for n in [1])",
    "enum": "return Color.RED",
    "dataclass": "return Order(1)",
    "caught": """
        try:
            return event["nothing"]
        except KeyError as error:
            return {"body": error}
    """,
    "bytes": "return ['\\xff'.encode('latin-1'), b'\\xff']",
    "context": "return {'context': context}",
    "tuple key": "return {(1, 2): 3}",
    "Decimal key": "return {Decimal(1): 2}",
    "bytes key": "return {b'\\xff': 2}",
    "dumps of a set": "return json.dumps({1})",
    "dumps of a Decimal": "return json.dumps({'a': Decimal(1)})",
    "dumps of a key": "return json.dumps({(1, 2): 3})",
    "dumps of bytes": "return json.dumps({'a': b'a'})",
}

HEAD = """\
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

class Color(Enum):
    RED = 1

@dataclass
class Order:
    id: int

def lambda_handler(event, context):
"""


@pytest.mark.parametrize("body", QUOTED.values(), ids=QUOTED)
def test_message_quotes_what_is_posted(body):
    source = HEAD + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"
    (found,) = violations(source)
    quoted = re.search(r"(Runtime\.MarshalError|TypeError): (.*); [^;]*$", found.text)
    error_type, error = quoted.groups()
    pattern = re.escape(error).replace(r"\.\.\.", r"\w+")
    for outcome in invoke(source):
        assert outcome.error_type == error_type
        message = outcome.error_message.removeprefix("Unable to marshal response: ")
        assert re.fullmatch(pattern, message), message


@pytest.mark.parametrize(
    "number",
    ['float("nan")', "-math.inf", 'Decimal("Infinity")', 'Decimal("-Infinity")'],
)
def test_message_quotes_the_number_that_is_posted(number):
    source = f"""\
import math
from decimal import Decimal
def lambda_handler(event, context):
    return {{"a": {number}}}
"""
    (found,) = violations(source)
    posted = re.search(r"sends `(\S+)`", found.text)[1]
    outcome = invoke(source)[0]
    assert outcome.payload == b'{"a": %s}' % posted.encode()


ALL_ROWS = """
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

def outcome(row):
    try:
        text = LambdaMarshaller().marshal_response(eval(row, globals()))[0]
    except FaultException as error:
        return error.msg
    return "ok" if isinstance(text, str) else "raw"

def lambda_handler(event, context):
    return [outcome(row) for row in event]
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_agrees(version):
    """What this interpreter's client does with the table, the others' do as well."""
    rows = [SPECIAL.get(row, row) for row in KNOWN]
    (outcome,) = invoke(SETUP + ALL_ROWS, events=[rows], python=interpreter(version))
    for row, posted in zip(KNOWN, outcome.result):
        truth = by_runtime(evaluated(row))
        if truth is None or truth[0] == "LMB403":
            assert posted in ("ok", "raw"), row
        elif truth[1] == POSTED:
            assert posted == "raw", row
        else:
            assert posted == f"Unable to marshal response: {truth[1]}", row


#: What encoders refuse; who refuses what LMB405 reports is not here to be asked.
PAGES = [rule for rule in engine.rules() if "LMB401" <= rule.CODE <= "LMB404"]
EVENT = {"id": "1", "Records": []}
RECORDS = {"id": "1", "Records": [{"body": "text", "name": "a"}]}


@pytest.mark.parametrize("rule", PAGES, ids=lambda rule: rule.CODE)
def test_page_is_true(rule):
    page = explain.page(rule)
    example, cure = [
        re.search(rf"^## {title}\n.*?^```python\n(.*?)^```", page, re.S | re.M)[1]
        for title in ("Example", "Use instead")
    ]
    events = [RECORDS, EVENT, RECORDS]
    texts = [found.text for found in violations(example)]
    for outcome in invoke(example, events=events):
        if outcome.ok:
            posted = re.search(rb"NaN|-?Infinity", outcome.payload)
            refused = posted and posted[0].decode()
        else:
            refused = outcome.error_message.removeprefix("Unable to marshal response: ")
        assert refused is None or any(refused in text for text in texts), refused
    outcomes = invoke(example, events=events)
    assert any(not one.ok or b"Infinity" in one.payload for one in outcomes)
    outcomes = invoke(cure, events=events)
    assert outcomes.ok, outcomes
    for outcome in outcomes:
        json.loads(outcome.payload, parse_constant=_refuse)


def test_pages_name_the_versions():
    assert len(PAGES) == 4
    for rule in PAGES:
        page = " ".join(explain.page(rule).split())
        assert "CPython 3.10, 3.11, 3.12 and 3.13" in page


def test_setup_is_valid():
    ast.parse(SETUP)
    assert sys.version_info >= (3, 10)
