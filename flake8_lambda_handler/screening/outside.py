"""What names from outside the project stand for, by the tables of async APIs."""

from __future__ import annotations

from functools import lru_cache

from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.screening.kinds import ASYNCIO
from flake8_lambda_handler.screening.kinds import CALLED
from flake8_lambda_handler.screening.kinds import CALLING
from flake8_lambda_handler.screening.kinds import FOREIGN
from flake8_lambda_handler.screening.kinds import FUTURE
from flake8_lambda_handler.screening.kinds import KEEPING
from flake8_lambda_handler.screening.kinds import LOOKING
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import OBJECT
from flake8_lambda_handler.screening.kinds import OPAQUE
from flake8_lambda_handler.screening.kinds import PLAIN
from flake8_lambda_handler.screening.kinds import REGISTERED
from flake8_lambda_handler.screening.kinds import WRAPPING
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning

#: What is known outside the tables of async APIs: all of a package, or a part of it.
KNOWN = frozenset(
    """
    abc aiogram anyio argparse array asgiref ast asyncer asyncio atexit attr attrs
    aws_lambda_powertools aws_xray_sdk backoff base64 beartype binascii bisect boto3
    botocore builtins bz2 cachetools chalice channels collections concurrent
    contextlib contextvars copy csv dataclasses datetime dateutil decimal email enum
    fastapi.concurrency fastapi.encoders fastapi.responses.JSONResponse flask
    fractions functools gzip hashlib heapq hmac html http httpx inspect io ipaddress
    itertools json logging lzma math multiprocessing mysql nest_asyncio
    nest_asyncio2 numpy orjson os pandas pathlib pickle pprint psycopg psycopg2
    pydantic pymysql queue random re requests secrets shlex signal sqlalchemy
    sqlite3 sqlmodel starlette.concurrency starlette.responses.JSONResponse
    statistics struct subprocess tarfile telegram tenacity textwrap threading time tortoise
    trio typeguard types typing typing_extensions urllib uuid uvloop warnings
    weakref zipfile zlib
    """.split()
)

#: What leads to a part.
_LEADING = frozenset({one.rpartition(".")[0] for one in KNOWN if one.count(".") > 1})

#: They make functions of plain ones whose calls must be awaited.
IN_THREADS = frozenset(
    {"asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"}
)

#: Calls outside the tables that give a coroutine.
MAKING = frozenset(
    {"asyncio.as_completed", "asyncio.to_thread", "asyncio.wait", "asyncio.wait_for"}
)

COROUTINES = frozenset(
    {"async context", "async generator", "async iterator", "awaitable", "coroutine"}
)

#: What they give has nothing to do with the function, or nothing is known of it.
_GIVING_NOTHING = frozenset({KEEPING, "inspect.signature", "typing.TypeVar"})

#: They make a container of what they are given.
_COLLECTING = frozenset(
    {"builtins.dict", "builtins.enumerate", "builtins.frozenset", "builtins.list"}
    | {"builtins.reversed", "builtins.set", "builtins.tuple", "builtins.zip"}
)


@lru_cache(maxsize=None)
def external(name: str) -> Meaning:
    return Meaning("external", name=name)


@lru_cache(maxsize=None)
def made(name: str) -> Meaning:
    """Return an object of a class from outside the project."""
    return Meaning("external", name=name, rest=OBJECT)


def outside(name: str) -> Meaning:
    """Return what a dotted name from outside the project stands for."""
    is_of_asyncio = name.startswith("asyncio.") and name.count(".") < 3
    if name in OPAQUE or name in CALLING or name in LOOKING or is_of_asyncio:
        return external(name)
    if async_apis.is_listed(name):
        return external(name)
    return PLAIN if _is_known(name) else FOREIGN


def imported(name: str) -> Meaning:
    """Return what an import gives of a module from outside the project."""
    is_known = _is_known(name) or async_apis.is_listed(name)
    return external(name) if is_known else FOREIGN


def _is_known(name: str) -> bool:
    parts = name.split(".")
    return name in _LEADING or any(
        ".".join(parts[:count]) in KNOWN for count in range(1, 4)
    )


def typed(cls: Meaning) -> Kinds:
    """Return the objects of a class that an annotation names."""
    if cls == REGISTERED or cls.kind == "typed":
        # The latter is that of a type variable.
        return frozenset({cls})
    if cls.kind == "class":
        return frozenset({Meaning("typed", cls.body)})
    if async_apis.async_class(cls.name) is None:
        return NOTHING
    return frozenset({made(cls.name)})


def makes(name: str) -> bool:
    """Return whether calling something from outside the project gives a coroutine."""
    listed = async_apis.async_function(name)
    return name in MAKING or (listed is not None and is_coroutine(name, listed[0]))


def is_async(kind: Meaning) -> bool:
    """Return whether an object only works with `async for` or `async with`."""
    found = async_apis.async_class(kind.name)
    return found is not None and (found.async_for_only or found.async_with_only)


def is_coroutine(name: str, kind: str) -> bool:
    """Return whether what a call gives must be driven; futures of asyncio are tasks."""
    is_future = kind == "future" and not name.startswith("asyncio.")
    return kind in COROUTINES or is_future


def looked_at(name: str, args: Kinds) -> Kinds:
    """Return what a call gives that only looks at a function, or hands it back."""
    if name == "functools.wraps":
        return frozenset({external(WRAPPING)})
    if name in _GIVING_NOTHING or name in OPAQUE:
        return NOTHING
    return args | {PLAIN} if name in _COLLECTING else args


def attribute_outside(owner: str, name: str) -> Kinds:
    """Return what an attribute of something from outside the project stands for."""
    parts = async_apis.tuple_items(owner)
    if parts is not None:
        # Nor are those of a tuple.
        return NOTHING.union(*[attribute_outside(one, name) for one in parts])
    found = {outside(f"{owner}.{name}")}
    listed = async_apis.attribute(owner, name)
    if listed is not None:
        found.add(made(listed))
    item = async_apis.method(owner, "__getitem__")
    if item is not None and item[1] is not None and item[1] != owner:
        # Items are not told apart from what holds them.
        found |= attribute_outside(item[1], name)
    return frozenset(found)


def called_outside(name: str, literal: str | None) -> Kinds | None:
    """Return what a call gives by the tables; `None` if the name is in none of them."""
    if name in IN_THREADS:
        return frozenset({CALLED})
    listed = async_apis.async_function(name, literal)
    owner, _, method = name.rpartition(".")
    if listed is None and owner:
        listed = async_apis.method(owner, method, literal)
    if listed is not None:
        kind, returns = listed
        if is_coroutine(name, kind):
            if returns is None and name.startswith(async_apis.ASYNC_CLIENT):
                returns = async_apis.ASYNC_STREAM
            if method in async_apis.PAIRS.get(async_apis.canonical(owner), ()):
                returns = async_apis.canonical(owner)
            return frozenset({Meaning("coroutine", name=returns or "")})
        if name in ("asyncio.gather", "asyncio.shield"):
            return frozenset({external(FUTURE)})
        if returns is None and name.startswith("asyncio."):
            return frozenset({external(ASYNCIO)})
        return frozenset({made(returns)}) if returns else NOTHING
    if name in MAKING or async_apis.async_class(name) is None:
        return None
    return frozenset({made(async_apis.canonical(name))})


def called_object(name: str) -> Kinds:
    """Return what calling an object of a class from outside the project gives."""
    called = async_apis.method(name, "__call__")
    if called is None:
        return NOTHING
    kind, returns = called
    if is_coroutine(name, kind):
        return frozenset({Meaning("coroutine", name=returns or "")})
    return frozenset({made(returns)}) if returns else NOTHING


def awaited_outside(kind: Meaning) -> Kinds:
    """Return what awaiting or entering something gives by the tables."""
    if kind.kind == "coroutine":
        return frozenset({made(kind.name)}) if kind.name else NOTHING
    row = async_apis.ROWS.get(kind.name)
    if row is not None:
        return frozenset({made(row)})
    listed = async_apis.async_class(kind.name)
    entered = {made(listed.enter)} if listed and listed.enter else set()
    return frozenset({external(ASYNCIO) if kind.name == FUTURE else kind, *entered})
