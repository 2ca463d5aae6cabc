"""What a term may stand for, as far as it matters to what can be awaited."""

from __future__ import annotations

import ast
from collections.abc import Collection
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from flake8_lambda_handler.facts.expression_reader import ADDING
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import RegisteredTerm
from flake8_lambda_handler.libraries import async_apis

#: Stands where a kind has no body.
_NO_BODY = BodyTerms(ast.Pass(), "", None)


class Meaning(NamedTuple):
    """One of the things that a term may stand for.

    - `function`: `body`, and in `owner` the class of the object it is bound to.
    - `class`, `instance`: the class is `body`. `typed`: an instance, by an annotation.
    - `super`: the bases of `body`, for an object of `owner`.
    - `coroutine`: what calling a `function` made, or giving an external type `name`.
    - `module`: the project's file `name`. `namespace`: what `import a.b.c` in a file of
      the folder `start` makes of `a`, or of its folder `a.b`: `name`, and the `rest`.
    - `external`: a name from outside the project, or an object of that type; where that
      makes a difference, `rest` is `OBJECT` for the latter.
    - `registered`: something that a function was given and has kept; `called`: the
      same, of which only calling it matters.
    - `parameter`, `plain` (a literal or container), `harmless` (a name of a module that
      has nothing to do with coroutines; the file of the module is `start`).
    """

    kind: str
    body: BodyTerms = _NO_BODY
    owner: BodyTerms | None = None
    name: str = ""
    start: str = ""
    rest: str = ""


Kinds = frozenset[Meaning]

NOTHING: Kinds = frozenset()
PARAMETER = Meaning("parameter")
PLAIN = Meaning("plain")
HARMLESS = Meaning("harmless")
REGISTERED = Meaning("registered")
CALLED = Meaning("called")

#: They make functions of plain ones whose calls must be awaited.
IN_THREADS = frozenset(
    {"asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"}
)

#: Decorators after which nothing is known of a function.
OPAQUE = frozenset(
    {
        "asgiref.sync.async_to_sync",
        "asyncer.syncify",
        "typing.overload",
        "typing_extensions.overload",
    }
)

#: Calls outside the tables that give a coroutine.
MAKING = frozenset(
    {"asyncio.as_completed", "asyncio.to_thread", "asyncio.wait", "asyncio.wait_for"}
)

#: What a call of asyncio gives that is in no table: a loop, a task.
ASYNCIO = "asyncio.<object>"

#: Tells an object of a class from outside the project from the class.
OBJECT = "object"

#: What `asyncio.gather` and `asyncio.shield` give: awaited, or used as a plain value.
FUTURE = "asyncio.<future>"

COROUTINES = frozenset(
    {"async context", "async generator", "async iterator", "awaitable", "coroutine"}
)

#: Methods that give what a container holds.
TAKING = frozenset(
    {"copy", "get", "items", "pop", "popitem", "popleft", "result", "setdefault"}
    | {"values"}
)

#: Methods that put something into a container, and give nothing back.
_PUTTING = ADDING - TAKING

#: Calls from outside the project that call what they are given, with the rest of it.
CALLING = frozenset({"builtins.map", "functools.partial", "functools.partialmethod"})

#: Puts what it is given into a container.
KEEPING = "builtins.list.append"

#: What `functools.wraps` gives.
WRAPPING = "functools.wraps()"

#: Calls that look at a function, or hand it back, and do not call it.
LOOKING = frozenset(
    {
        KEEPING,
        "abc.abstractmethod",
        "builtins.all",
        "builtins.any",
        "builtins.bool",
        "builtins.callable",
        "builtins.classmethod",
        "builtins.dict",
        "builtins.enumerate",
        "builtins.frozenset",
        "builtins.getattr",
        "builtins.hasattr",
        "builtins.hash",
        "builtins.id",
        "builtins.isinstance",
        "builtins.issubclass",
        "builtins.len",
        "builtins.list",
        "builtins.print",
        "builtins.property",
        "builtins.repr",
        "builtins.reversed",
        "builtins.set",
        "builtins.setattr",
        "builtins.staticmethod",
        "builtins.str",
        "builtins.super",
        "builtins.tuple",
        "builtins.type",
        "builtins.zip",
        "contextlib.asynccontextmanager",
        "contextlib.contextmanager",
        "functools.update_wrapper",
        "functools.wraps",
        WRAPPING,
        "inspect.isasyncgenfunction",
        "inspect.iscoroutinefunction",
        "inspect.signature",
        "typing.TypeVar",
        "typing.cast",
        "typing.overload",
        "typing.override",
        "typing_extensions.override",
    }
)

#: What they give has nothing to do with the function, or nothing is known of it.
_GIVING_NOTHING = frozenset({KEEPING, "inspect.signature", "typing.TypeVar"})

#: They make a container of what they are given.
_COLLECTING = frozenset(
    {"builtins.dict", "builtins.enumerate", "builtins.frozenset", "builtins.list"}
    | {"builtins.reversed", "builtins.set", "builtins.tuple", "builtins.zip"}
)

#: Calls of asyncio that take something to await.
WANTING = frozenset(
    {
        "create_task",
        "ensure_future",
        "gather",
        "run",
        "run_coroutine_threadsafe",
        "run_until_complete",
        "shield",
        "wait_for",
    }
)

#: Those of them that refuse futures and tasks.
_STRICT = frozenset({"create_task", "run", "run_coroutine_threadsafe"})

#: Calls of asyncio that take a collection of what can be awaited.
_LISTING = frozenset({"asyncio.as_completed", "asyncio.wait"})

_FOLLOWED = frozenset(
    {"class", "function", "harmless", "instance", "module", "super", "typed"}
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
    return external(name) if async_apis.is_listed(name) else PLAIN


def registered(term: RegisteredTerm, body: BodyTerms) -> Kinds:
    """Return what a function in a body was given and has kept."""
    if term.cls is None:
        return frozenset({REGISTERED})
    return frozenset({CALLED}) if body.module.gives(term.cls) else NOTHING


def union(parts: Iterable[Kinds]) -> Kinds:
    first, *others = [one for one in parts if one] or (NOTHING,)
    return first.union(*others) if others else first


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


def objects(kinds: Kinds) -> Kinds:
    """Return the objects with methods among several."""
    wanted = ("external", "instance", "typed")
    return frozenset(one for one in kinds if one.kind in wanted)


def bound(kinds: Kinds, owner: BodyTerms | None) -> Kinds:
    """Return several with the functions bound to an object of a class."""
    return frozenset(
        one._replace(owner=owner) if one.kind == "function" else one for one in kinds
    )


def makes(name: str) -> bool:
    """Return whether calling something from outside the project gives a coroutine."""
    listed = async_apis.async_function(name)
    return name in MAKING or (listed is not None and is_coroutine(name, listed[0]))


def is_async(kind: Meaning) -> bool:
    """Return whether an object only works with `async for` or `async with`."""
    found = async_apis.async_class(kind.name)
    return found is not None and (found.async_for_only or found.async_with_only)


def is_only_async(names: Collection[str]) -> bool:
    """Return whether objects of a class with some methods need an `async`."""
    return ("__aiter__" in names and "__iter__" not in names) or (
        "__aenter__" in names and "__enter__" not in names
    )


def is_coroutine(name: str, kind: str) -> bool:
    """Return whether what a call gives must be driven; futures of asyncio are tasks."""
    is_future = kind == "future" and not name.startswith("asyncio.")
    return kind in COROUTINES or is_future


#: Calls of asyncio that run no coroutine: a queue only keeps it.
_NO_DRIVERS = (".to_thread", ".run_in_executor", ".put", ".put_nowait")


def takes_care(callee: Meaning) -> bool:
    """Return whether a callee is unknown, or runs the coroutines that it is given."""
    return callee == PARAMETER or (
        callee.name.startswith("asyncio.") and not callee.name.endswith(_NO_DRIVERS)
    )


def only_looks(callee: Meaning) -> bool:
    """Return whether a callee does not call the functions that it is given."""
    return callee.name in LOOKING or callee.name in OPAQUE


def puts_in(kind: Meaning, method: str) -> bool:
    """Return whether a method of a container puts into it what it is given.

    What a container holds stands for the container.
    """
    return method in _PUTTING and kind.kind in ("coroutine", "function", "plain")


def looked_at(name: str, args: Kinds) -> Kinds:
    """Return what a call gives that only looks at a function, or hands it back."""
    if name == "functools.wraps":
        return frozenset({external(WRAPPING)})
    if name in _GIVING_NOTHING or name in OPAQUE:
        return NOTHING
    return args | {PLAIN} if name in _COLLECTING else args


def wants_coroutine(callee: Meaning) -> bool:
    """Return whether a callee refuses an async function: it takes what that gives."""
    return (
        callee.name.startswith("asyncio.") and callee.name.rpartition(".")[2] in WANTING
    )


def may_be_refused(kind: Meaning, callees: Kinds) -> bool:
    """Return whether a callee may refuse something in the place of a coroutine."""
    if kind.name in (ASYNCIO, FUTURE):
        return any(one.name.rpartition(".")[2] in _STRICT for one in callees)
    return kind.kind == "function" or (kind.body.is_async and kind.body.is_generator)


def may_refuse_coroutine(callees: Kinds) -> bool:
    """Return whether a callee takes a list of tasks, and no coroutines."""
    return any(callee.name in _LISTING for callee in callees)


def is_followed(callee: Meaning) -> bool:
    """Return whether a callee may be followed with what it is given."""
    return callee.kind in _FOLLOWED or callee.name in CALLING


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


def like_plain(given: Kinds) -> Kinds:
    """Return what a decorator that asks makes of a function that is not async."""
    functions = [kind for kind in given if kind.kind == "function"]
    if any(not kind.body.is_async for kind in functions):
        return given.difference(kind for kind in functions if kind.body.is_async)
    return given
