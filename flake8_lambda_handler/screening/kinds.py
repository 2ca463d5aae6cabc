"""What a term may stand for, as far as it matters to what can be awaited."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.facts.terms import BodyTerms
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
    - `external`: a name from outside the project, or an object of that type.
    - `parameter`, `plain` (a literal or container), `harmless` (a name of a module that
      has nothing to do with coroutines).
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

#: Decorators after which nothing is known of a function.
OPAQUE = frozenset(
    {
        "asgiref.sync.async_to_sync",
        "asyncer.syncify",
        "contextlib.contextmanager",
        "typing.overload",
        "typing_extensions.overload",
    }
)

#: Calls outside the tables that give a coroutine.
MAKING = frozenset({"asyncio.to_thread", "asyncio.wait", "asyncio.wait_for"})

#: What a call of asyncio gives that is in no table: a loop, a task.
ASYNCIO = "asyncio.<object>"

COROUTINES = frozenset({"async generator", "coroutine"})

#: Methods that give what a container holds.
TAKING = frozenset(
    {"copy", "get", "items", "pop", "popitem", "popleft", "setdefault", "values"}
)

#: Calls from outside the project that call what they are given, with the rest of it.
_CALLING = frozenset({"builtins.map", "functools.partial", "functools.partialmethod"})

#: Calls of asyncio that take something to await.
_WANTING = frozenset(
    {
        "create_task",
        "ensure_future",
        "gather",
        "run",
        "run_until_complete",
        "shield",
        "wait_for",
    }
)

_FOLLOWED = frozenset(
    {"class", "function", "harmless", "instance", "module", "super", "typed"}
)


def external(name: str) -> Meaning:
    return Meaning("external", name=name)


def outside(name: str) -> Meaning:
    """Return what a dotted name from outside the project stands for."""
    is_of_asyncio = name.startswith("asyncio.") and name.count(".") < 3
    if name in OPAQUE or name in _CALLING or is_of_asyncio:
        return external(name)
    return external(name) if async_apis.is_listed(name) else PLAIN


def typed(cls: Meaning) -> Kinds:
    """Return the objects of a class that an annotation names."""
    if cls.kind == "class":
        return frozenset({Meaning("typed", cls.body)})
    return NOTHING if async_apis.async_class(cls.name) is None else frozenset({cls})


def makes(name: str) -> bool:
    """Return whether calling something from outside the project gives a coroutine."""
    listed = async_apis.async_function(name)
    return name in MAKING or (listed is not None and listed[0] in COROUTINES)


def takes_care(callee: Meaning) -> bool:
    """Return whether a callee is unknown, or runs the coroutines that it is given."""
    return callee == PARAMETER or (
        callee.name.startswith("asyncio.")
        and not callee.name.endswith((".to_thread", ".run_in_executor"))
    )


def wants_coroutine(callee: Meaning) -> bool:
    """Return whether a callee refuses an async function: it takes what that gives."""
    return (
        callee.name.startswith("asyncio.")
        and callee.name.rpartition(".")[2] in _WANTING
    )


def is_no_coroutine(kind: Meaning) -> bool:
    """Return whether something can be awaited, or give what can, and is no coroutine."""
    return kind.body.is_async and (kind.kind == "function" or kind.body.is_generator)


def is_followed(callee: Meaning) -> bool:
    """Return whether a callee may be followed with what it is given."""
    return callee.kind in _FOLLOWED or callee.name in _CALLING
