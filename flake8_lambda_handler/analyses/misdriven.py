"""What `await`, `async for` or `async with` is given, and refuses.

Each raises a `TypeError` (up to Python 3.10 entering raises an `AttributeError`): run on
Python 3.10 to 3.13, 2026-11-22.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.analyses import coroutines as describe
from flake8_lambda_handler.analyses import never_run
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.overriding import PASSIVE
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import NoCoroutine
from flake8_lambda_handler.flow.kinds import REFUSED
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.session import Session

#: What drives something on the spot, as events call it.
DRIVERS = frozenset(f"`{one}`" for one in REFUSED)

#: What a file mentions that asks what it was given.
_ASKING = frozenset(
    {"__aenter__", "__aiter__", "__await__", "isasyncgen", "isawaitable", "iscoroutine"}
)

_CURES = {
    "`async for`": "`await` it first: `async for ... in await`, or a plain `for`",
    "`async with`": "`await` it first, or make it an `@asynccontextmanager`",
    "`await`": "iterate it with `async for`",
}


def told(
    session: Session, summary: Summary, event: NoCoroutine, module: Module
) -> tuple[str, str] | None:
    """Return what is said of something that its driver refuses, and the repair.

    Nothing where another object may be meant: that of a derived class, or of a test.
    """
    if any(word in module.text for word in _ASKING):
        return None
    value = function_of(event.value)
    made = summary.made(value)
    maker = value if made is None else made.callable
    methods = [one for one in each(maker) if isinstance(one, Function)]
    if not methods or any(_may_differ(session, one) for one in methods):
        return None
    line = getattr(event.node, "lineno", 0)
    if never_run.is_replaced(module, {one.name for one in methods}, line):
        return None
    if isinstance(value, Coroutine) and made is not None:
        name = describe.coroutine(made, value.address, module)
        what = "an async generator" if "generator" in value.kind else "a coroutine"
        return f"{name} gives {what}, which {event.how} refuses", _CURES[event.how]
    name = methods[0].name
    if event.given is not None:
        if not PASSIVE.issuperset(map(hints.last_name, _decorators(methods[0]))):
            return None
        place = paths.from_file(methods[0].module, methods[0].node, module)
        return (
            f"what the plain function `{name}` ({place}) gives is awaited, which raises "
            "TypeError",
            "call it without `await`, or declare it as `async def`",
        )
    return (
        f"function `{name}` is not called, and {event.how} refuses it",
        f"call it: `{name}(...)`",
    )


def _may_differ(session: Session, function: Function) -> bool:
    """Return whether a derived class may have another method in the place of one."""
    if function.owner is None:
        return False
    if _does_nothing(function.node):
        return True
    if any(hints.last_name(one) == "abstractmethod" for one in _decorators(function)):
        return True
    return any(
        session.once(_is_overridden, (one, function.name, _kind(function.node)))
        for receiver in each(function.receiver or function.owner)
        for one in _classes(receiver)
    )


def _classes(receiver: object) -> Iterator[Class]:
    """Yield the class of an object of which no more is known, or a class itself."""
    if isinstance(receiver, Class):
        yield receiver
    elif isinstance(receiver, Instance) and receiver.address is None:
        yield receiver.cls


def _is_overridden(session: Session, about: tuple[Class, str, str]) -> bool:
    cls, method, kind = about
    folder = os.path.dirname(cls.module.path)
    for path, derived in session.project.descendants(folder, cls.node.name):
        module = session.project.parse(path)
        for node in () if module is None else ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and node.name == derived:
                bound = [one for one in node.body if _binds(one, method)]
                if any(_kind(one) != kind for one in bound):
                    return True
    return False


def _binds(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        return any(getattr(one, "id", "") == name for one in targets)
    return getattr(statement, "name", "") == name


def _kind(node: ast.AST) -> str:
    """Return what a function gives when it is called, as far as it shows."""
    if not isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)):
        return ""
    is_async = isinstance(node, ast.AsyncFunctionDef)
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(node))
    return f"{is_async} {yields} {sorted(map(hints.last_name, node.decorator_list))}"


def _does_nothing(node: ast.AST) -> bool:
    """Return whether a method is there for derived classes to do something."""
    body = getattr(node, "body", [])
    return isinstance(body, list) and all(
        isinstance(one, (ast.Pass, ast.Raise))
        or isinstance(one, ast.Return)
        and isinstance(one.value, (ast.Constant, type(None)))
        or isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Constant)
        for one in body
    )


def _decorators(function: Function) -> list[ast.expr]:
    return getattr(function.node, "decorator_list", [])
