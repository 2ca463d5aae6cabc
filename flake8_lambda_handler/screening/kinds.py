"""What a term may stand for, as far as it matters to what can be awaited."""

from __future__ import annotations

import ast
from collections.abc import Collection
from collections.abc import Iterable
from typing import NamedTuple

from flake8_lambda_handler.facts.expression_reader import ADDING
from flake8_lambda_handler.facts.terms import PLAIN as PLAIN_TERM
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import RegisteredTerm

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
    - `foreign`: something from a package of which nothing is known, so that whoever
      follows values does not know what it does, or gives.
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
FOREIGN = Meaning("foreign")

#: Decorators after which nothing is known of a function.
OPAQUE = frozenset(
    {
        "asgiref.sync.async_to_sync",
        "asyncer.syncify",
        "typing.overload",
        "typing_extensions.overload",
    }
)

#: What a call of asyncio gives that is in no table: a loop, a task.
ASYNCIO = "asyncio.<object>"

#: Tells an object of a class from outside the project from the class.
OBJECT = "object"

#: What `asyncio.gather` and `asyncio.shield` give: awaited, or used as a plain value.
FUTURE = "asyncio.<future>"

#: Methods that give what a container holds.
TAKING = frozenset(
    {"copy", "get", "items", "pop", "popitem", "popleft", "result", "setdefault"}
    | {"values"}
)

#: Methods of a container that give nothing of what it holds, and call nothing.
_OF_CONTAINERS = (ADDING | {*dir(dict), *dir(list), *dir(set)}) - TAKING - {"sort"}

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


def registered(term: RegisteredTerm, body: BodyTerms) -> Kinds:
    """Return what a function in a body was given and has kept."""
    if term.cls is None:
        return frozenset({REGISTERED})
    return frozenset({CALLED}) if body.module.gives(term.cls) else NOTHING


def union(parts: Iterable[Kinds]) -> Kinds:
    first, *others = [one for one in parts if one] or (NOTHING,)
    return first.union(*others) if others else first


def objects(kinds: Kinds) -> Kinds:
    """Return the objects with methods among several."""
    wanted = ("external", "instance", "typed")
    return frozenset(one for one in kinds if one.kind in wanted)


def bound(kinds: Kinds, owner: BodyTerms | None) -> Kinds:
    """Return several with the functions bound to an object of a class."""
    return frozenset(
        one._replace(owner=owner) if one.kind == "function" else one for one in kinds
    )


def is_only_async(names: Collection[str]) -> bool:
    """Return whether objects of a class with some methods need an `async`."""
    return ("__aiter__" in names and "__iter__" not in names) or (
        "__aenter__" in names and "__enter__" not in names
    )


#: Calls of asyncio that run no coroutine: a queue only keeps it.
_NO_DRIVERS = (".to_thread", ".run_in_executor", ".put", ".put_nowait")


def takes_care(callee: Meaning) -> bool:
    """Return whether a callee is unknown, or runs the coroutines that it is given."""
    return callee in (FOREIGN, PARAMETER) or (
        callee.name.startswith("asyncio.") and not callee.name.endswith(_NO_DRIVERS)
    )


def only_looks(callee: Meaning) -> bool:
    """Return whether a callee does not call the functions that it is given."""
    return callee.name in LOOKING or callee.name in OPAQUE


def only_holds(kind: Meaning, method: str) -> bool:
    """Return whether a method of a container does no more than to change what it holds.

    What a container holds stands for the container.
    """
    held = ("coroutine", "function", "plain", "registered")
    return method in _OF_CONTAINERS and kind.kind in held


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


def is_misdriven(kind: Meaning, driver: str) -> bool:
    """Return whether something may refuse what drives it on the spot."""
    if driver == "await":
        is_generator = kind.body.is_async and kind.body.is_generator
        return kind.kind == "function" or (kind.kind == "coroutine" and is_generator)
    made = kind.kind == "coroutine" and kind.body.is_async
    return made and (driver == "async with" or not kind.body.is_generator)


def gives_plain_value(kind: Meaning) -> bool:
    """Return whether what a function gives is nothing to await, as far as it shows."""
    body = kind.body
    return (
        kind.kind == "function"
        and body.is_named
        and not (body.is_async or body.is_generator)
        and all(term is PLAIN_TERM for term in body.returns)
    )


def may_refuse_coroutine(callees: Kinds) -> bool:
    """Return whether a callee takes a list of tasks, and no coroutines."""
    return any(callee.name in _LISTING for callee in callees)


def is_followed(callee: Meaning) -> bool:
    """Return whether a callee may be followed with what it is given."""
    return callee.kind in _FOLLOWED or callee.name in CALLING


def like_plain(given: Kinds) -> Kinds:
    """Return what a decorator that asks makes of a function that is not async."""
    functions = [kind for kind in given if kind.kind == "function"]
    if any(not kind.body.is_async for kind in functions):
        return given.difference(kind for kind in functions if kind.body.is_async)
    return given
