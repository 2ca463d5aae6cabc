"""What the body of an async handler asks of a loop."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.names import own_nodes
from flake8_lambda_handler.migrate.uses import last_name

#: Last names of what raises, or does nothing, where no loop runs.
_NEEDS_LOOP = frozenset(
    {
        "ClientSession",
        "call_at",
        "call_later",
        "call_soon",
        "create_task",
        "current_task",
        "ensure_future",
        "gather",
        "get_running_loop",
        "run_in_executor",
    }
)

#: Modules whose `run` drives a coroutine.
_RUNNERS = frozenset({"anyio", "asyncio", "trio", "uvloop"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Body(NamedTuple):
    """The first node that does what the field says; None where nothing does.

    `drives`, `needs_loop` and `trio` may be a call that leads to such a node.
    """

    yields: ast.AST | None
    #: `await`, `async for`, `async with` or an asynchronous comprehension.
    awaits: ast.AST | None
    #: Starts a loop of its own.
    drives: ast.AST | None
    #: Uses a loop that has to run already, without an `await`.
    needs_loop: ast.AST | None
    #: Uses trio, which does not run in a loop of asyncio.
    trio: ast.AST | None


def read(names: Names, function: Function) -> Body:
    """Return what the function does, itself or in sync functions that it calls."""
    nodes = list(own_nodes(function))
    has_runner = any(last_name(node) == "Runner" for node in nodes)

    def drives(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        name = last_name(node.func)
        return (
            name in ("run_until_complete", "run_forever")
            or name == "run"
            and (has_runner or not _RUNNERS.isdisjoint(_packages(names, node.func)))
            or isinstance(node.func, ast.Call)
            and last_name(node.func.func) == "async_to_sync"
        )

    def needs_loop(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and last_name(node.func) in _NEEDS_LOOP

    def uses_trio(node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and "trio" in _packages(names, node)

    return Body(
        yields=_first(node for node in nodes if isinstance(node, ast.Yield)),
        awaits=_first(filter(_is_await, nodes)),
        drives=_first(_reaching(names, function, drives)),
        needs_loop=_first(_reaching(names, function, needs_loop)),
        trio=_first(_reaching(names, function, uses_trio, into_async=True)),
    )


def _first(nodes: Iterator[ast.AST]) -> ast.AST | None:
    return min(nodes, key=lambda node: getattr(node, "lineno", 0), default=None)


def _is_await(node: ast.AST) -> bool:
    if isinstance(node, ast.comprehension):
        return bool(node.is_async)
    return isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))


def _reaching(
    names: Names,
    function: Function,
    test: Callable[[ast.AST], bool],
    *,
    into_async: bool = False,
    seen: set[Function] | None = None,
) -> Iterator[ast.AST]:
    """Yield the nodes of a function that pass a test, and the calls that lead to one.

    Calls are followed into functions of the module, coroutine functions only with
    `into_async`.
    """
    seen = set() if seen is None else seen
    seen.add(function)
    for node in own_nodes(function):
        if test(node):
            yield node
            continue
        for callee in _callees(names, node):
            if callee in seen or not into_async and _is_async(callee):
                continue
            if any(_reaching(names, callee, test, into_async=into_async, seen=seen)):
                yield node


def _callees(names: Names, node: ast.AST) -> list[Function]:
    """Return the functions of the module that a node calls."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return []
    name = node.func.id
    if names.home(node, name) is not names.tree:
        return []
    return [one for one in names.bindings(name) if isinstance(one, Function)]


def _is_async(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef)


def _packages(names: Names, node: ast.expr) -> set[str]:
    """Return the packages that a name, or the object of an attribute, comes from."""
    if isinstance(node, ast.Attribute):
        node = node.value
    return names.origins.get(node.id, set()) if isinstance(node, ast.Name) else set()
