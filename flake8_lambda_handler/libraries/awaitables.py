"""What is given to asyncio to be awaited, and what it refuses.

Observed on Python 3.10 to 3.13, 2026-11-22.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.events import NoCoroutine
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

#: What asyncio calls the parameter that takes an awaitable.
KEYWORDS = (
    "coro",
    "coro_or_future",
    "arg",
    "fut",
    "future",
    "fs",
    "main",
)

#: Kinds of what can be awaited, and is refused by what takes coroutines only.
FUTURES = ("future", "task")

#: Up to then a generator is taken for a coroutine, and fails at what it yields.
GENERATOR = " (RuntimeError up to Python 3.11)"

#: Up to Python 3.10 it makes tasks of them.
WAITING = "TypeError from Python 3.11 on"


def awaitables(call: Call) -> list[Value]:
    """Return the positional arguments, or the one that is given by its name."""
    named = [call.keywords[name] for name in KEYWORDS if name in call.keywords]
    return call.args or named[:1]


def refuse(
    run: Run,
    args: list[Value],
    node: ast.AST,
    how: str,
    error: str,
    kinds: tuple[str, ...] = (),
) -> None:
    """Report what is given instead of a coroutine: an async function, for want of `()`.

    Or a list of coroutines, what a plain function gives, and the like. `kinds` are those
    of the awaitable objects that are refused, too.
    """
    if run.world.root.expected_type_errors:
        return
    for index, value in enumerate(args):
        given = _given(node, index)
        found = [_refused(one, given, kinds) for one in each(value)]
        if all(found):
            raised = f"{error}{GENERATOR}" if "generator" in found else error
            run.record(NoCoroutine(node, next(each(value)), how, raised, given))


def refuse_unlisted(run: Run, args: list[Value], node: ast.AST, how: str) -> None:
    """Report what is given to a call that takes a collection of awaitables.

    That is one coroutine; for `asyncio.wait`, one inside the collection, too.
    """
    for value in () if run.world.root.expected_type_errors else args:
        if isinstance(value, (Coroutine, Function)):
            run.record(NoCoroutine(node, value, how, "TypeError"))
        elif how == "`asyncio.wait`" and isinstance(value, Container):
            for item in run.items(value).values():
                found = [*each(item)]
                if all(
                    isinstance(one, Coroutine) and one.kind == "coroutine"
                    for one in found
                ):
                    run.record(NoCoroutine(node, found[0], how, WAITING))
                    return


def _refused(
    value: Value, given: ast.expr | None, kinds: tuple[str, ...]
) -> str | None:
    """Return of what kind a value is, if asyncio refuses it."""
    value = function_of(value)
    if isinstance(value, (Class, Function)):
        return "function"
    if isinstance(value, Coroutine):
        refused = value.kind in kinds or value.kind == "async generator"
        return value.kind if refused else None
    if not isinstance(value, (Const, Container)) or _is_of_method(given):
        return None
    return "generator" if getattr(value, "kind", "") == "generator" else "plain"


def _given(node: ast.AST, index: int) -> ast.expr | None:
    """Return the expression that gives an argument, if a call shows it."""
    if not isinstance(node, ast.Call):
        return None
    for argument in node.args[: index + 1]:
        if isinstance(argument, ast.Starred):
            return None
    if index < len(node.args):
        return node.args[index]
    return next((one.value for one in node.keywords if one.arg in KEYWORDS), None)


def _is_of_method(given: ast.expr | None) -> bool:
    """Return whether a method gives a value: that of another class may be async."""
    return isinstance(given, ast.Call) and not isinstance(given.func, ast.Name)
