"""Async APIs of libraries: what must be awaited, entered or iterated.

`data/async/<package>.json` is generated from the real packages by
`scripts/make_async_apis.py`: which functions and methods give something that must be
awaited or entered, and of which type the result is. Only the one package that is asked
for is decoded, once per process. A name that is in no table gives `None`: it is unknown.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any
from typing import NamedTuple

#: Where the tables are shipped.
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")

#: What a call can give, as the table of async APIs puts it:
#:
#: - `coroutine`: runs nothing until it is awaited;
#: - `awaitable`: the same, and may be entered with `async with` or iterated with
#:   `async for` instead;
#: - `async context`: does nothing until it is entered with `async with`;
#: - `async generator`, `async iterator`: does nothing until `async for`;
#: - `future`: already started; its result and its errors are lost if nobody awaits it;
#: - `plain`: an ordinary call.
KINDS = frozenset(
    {
        "async context",
        "async generator",
        "async iterator",
        "awaitable",
        "coroutine",
        "future",
        "plain",
    }
)

#: What a call gives: its kind, and the dotted type that awaiting, entering, iterating
#: or (for `plain`) calling it yields, or `None` when that type is in no table. The
#: type `(A, B)` stands for a tuple of two types.
Call = tuple[str, "str | None"]


#: The clients of aioboto3, and what in their responses is read by coroutines.
ASYNC_CLIENT = "aiobotocore.client.AioBaseClient"
ASYNC_STREAM = "aiobotocore.response.StreamingBody"


#: Queries, and what is in the rows that they give when they are awaited or iterated.
ROWS = {
    "django.db.models.QuerySet": "django.db.models.Model",
    "tortoise.queryset.QuerySet": "tortoise.Model",
    "tortoise.queryset.QuerySetSingle": "tortoise.Model",
}

#: Methods of a class whose coroutines give an object of it, and whether it is new.
PAIRS = {"tortoise.Model": frozenset({"get_or_create", "update_or_create"})}


class AsyncClass(NamedTuple):
    """A class with an async API; what it inherits is included."""

    #: Calling the method of this name. A name that is not listed is unknown, unless
    #: there is a `default_method`. `__call__` is calling the instance. `None` masks a
    #: method that has a default, but no certain kind.
    methods: dict[str, Call | None]
    #: Dotted type of the attribute of this name.
    attributes: dict[str, str]
    #: The classes in the tables that it derives from.
    bases: tuple[str, ...]
    #: Dotted type that `async with` on an instance binds, if that is certain.
    enter: str | None
    #: Kind of every public method which is not listed.
    default_method: str | None
    #: True when an instance belongs to the event loop that runs when it is made (or
    #: entered), "first use" when to the loop of its first use; both fail under
    #: another loop. False when it can be used under any number of loops.
    loop_bound: bool | str
    #: Dotted type of every other attribute: `client.orders` of a MongoDB client.
    default_attribute: str | None
    #: Attributes of no known type, to which `default_attribute` does not apply.
    other_attributes: frozenset[str]
    #: True when an instance can be iterated with `async for` and in no other way.
    async_for_only: bool
    #: True when an instance can be entered with `async with` and in no other way.
    async_with_only: bool


@lru_cache(maxsize=None)
def async_packages() -> frozenset[str]:
    """Return the top-level packages which have a table of async APIs."""
    names = os.listdir(os.path.join(DATA, "async"))
    return frozenset([name[:-5] for name in names if name.endswith(".json")])


def async_function(dotted: str, literal: str | None = None) -> Call | None:
    """Return what calling a function, or a method through its class, gives.

    `dotted` is the full name as users import it: `asyncio.sleep`,
    `redis.asyncio.Redis.from_url`. `literal` is the value of the first argument when
    it is known (see `method`). None for a class itself and for unknown names.
    """
    table = _table_of(dotted)
    if table is None:
        return None
    name = table["aliases"].get(dotted, dotted)
    found = table["functions"].get(name)
    if found is not None:
        return _with_literal((found[0], found[1]), literal)
    owner, _, attribute = name.rpartition(".")
    return method(owner, attribute, literal) if owner else None


@lru_cache(maxsize=None)
def async_class(dotted: str) -> AsyncClass | None:
    """Return what is known of a class, found by any name users import it by.

    A type for one AWS service is written `aiobotocore.client.AioBaseClient[s3]`; it is
    looked up as written first, then without its service.
    """
    name = canonical(dotted)
    table = _table_of(name)
    if table is None:
        return None
    found = table["classes"].get(name)
    if found is None:
        general = dotted.partition("[")[0]
        return async_class(general) if general != dotted else None
    methods: dict[str, Call | None] = {}
    attributes: dict[str, str] = {}
    enter: Any = None
    bases = tuple(found.get("bases", ()))
    for base in reversed(bases):
        above = async_class(base)
        if above is not None:
            methods.update(above.methods)
            attributes.update(above.attributes)
            enter = above.enter or enter
    for key, call in found.get("methods", {}).items():
        methods[key] = call and (call[0], name if call[1] == "Self" else call[1])
    own = found.get("attributes", {})
    attributes.update({key: type for key, type in own.items() if type})
    enter = found.get("enter", enter)
    return AsyncClass(
        methods,
        attributes,
        bases,
        name if enter == "Self" or enter in bases else enter,
        found.get("default_method"),
        found.get("loop_bound", False),
        found.get("default_attribute"),
        frozenset([key for key, type in own.items() if not type]),
        found.get("async_for", False),
        found.get("async_with", False),
    )


def method(type: str, name: str, literal: str | None = None) -> Call | None:
    """Return what calling a method of an instance of `type` gives.

    Follows base classes; every public method that is not listed of a type with a
    `default_method` is of that kind. `literal` is the value of the first argument when
    it is known: with it the type for one AWS service comes back, such as
    `aiobotocore.client.AioBaseClient[s3]`.
    """
    found = async_class(type)
    if found is None:
        return None
    call = found.methods.get(name)
    if call is not None:
        return _with_literal(call, literal)
    if found.default_method and name not in found.methods and name[:1] != "_":
        return (found.default_method, None)
    return None


@lru_cache(maxsize=None)
def method_names(dotted: str) -> frozenset[str]:
    """Return the methods of a class that give something to drive; `*` for any name.

    Of a package, those of all its classes.
    """
    names = [dotted] if "." in dotted else _async_table(dotted)["classes"]
    found: set[str] = set()
    for listed in filter(None, map(async_class, names)):
        if (listed.default_method or "plain") != "plain":
            found.add("*")
        found |= {
            name
            for name, call in listed.methods.items()
            if call is not None and call[0] != "plain" and name[:1] != "_"
        }
    return frozenset(found)


def attribute(type: str, name: str) -> str | None:
    """Return the dotted type of an attribute of an instance of `type`, or None."""
    found = async_class(type)
    if found is None:
        return None
    if name in found.attributes:
        return found.attributes[name]
    if name[:1] == "_" or name in found.methods or name in found.other_attributes:
        return None
    return found.default_attribute


def canonical(dotted: str) -> str:
    """Return the shortest public name of a function or class; unknown names as is."""
    table = _table_of(dotted)
    return dotted if table is None else table["aliases"].get(dotted, dotted)


def tuple_items(type: str) -> tuple[str, ...] | None:
    """Return the types in `(A, B)`, the written form of a tuple; None for others."""
    if not type.startswith("("):
        return None
    return tuple([item.strip() for item in type[1:-1].split(",")])


@lru_cache(maxsize=None)
def is_listed(dotted: str) -> bool:
    """Return whether a table has a name, or one that begins with it and a dot."""
    package, _, _ = dotted.partition(".")
    if package not in async_packages():
        return False
    owner, _, name = dotted.rpartition(".")
    return (
        dotted in _beginnings(package)
        or method(owner, name) is not None
        or attribute(owner, name) is not None
    )


@lru_cache(maxsize=None)
def _beginnings(package: str) -> frozenset[str]:
    """Return the names of a table, and all that stands before one of their dots."""
    table = _async_table(package)
    found: set[str] = set()
    for dotted in (*table["functions"], *table["classes"], *table["aliases"]):
        while dotted and dotted not in found:
            found.add(dotted)
            dotted = dotted.rpartition(".")[0]
    return frozenset(found)


def _table_of(dotted: str) -> dict[str, Any] | None:
    package = dotted.partition(".")[0]
    return _async_table(package) if package in async_packages() else None


@lru_cache(maxsize=None)
def _async_table(package: str) -> dict[str, Any]:
    path = os.path.join(DATA, "async", f"{package}.json")
    with open(path, encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table


def _with_literal(call: Call, literal: str | None) -> Call:
    kind, type = call
    if type is None or not type.endswith("[]"):
        return call
    general = type[:-2]
    return (kind, general if literal is None else f"{general}[{literal}]")
