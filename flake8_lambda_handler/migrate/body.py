"""What the body of an async handler asks of a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.names import own_nodes
from flake8_lambda_handler.migrate.uses import last_name

#: Last names of what raises, or does nothing, where no loop runs.
_NEEDS_LOOP = frozenset(
    {
        "ClientSession",
        "TaskGroup",
        "call_at",
        "call_later",
        "call_soon",
        "create_task",
        "current_task",
        "ensure_future",
        "gather",
        "get_running_loop",
        "run_in_executor",
        "timeout",
    }
)

#: Modules whose `run` drives a coroutine.
_RUNNERS = frozenset({"anyio", "asyncio", "trio", "uvloop"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Body(NamedTuple):
    """The first node that does what the field says; None where nothing does."""

    yields: ast.AST | None
    #: `await`, `async for`, `async with` or an asynchronous comprehension.
    awaits: ast.AST | None
    #: Starts a loop of its own, itself or in a function of the module that it calls.
    drives: ast.AST | None
    #: Uses a loop that has to run already, without an `await`.
    needs_loop: ast.AST | None
    #: Uses trio, which does not run in a loop of asyncio.
    trio: ast.AST | None


def read(names: Names, function: Function) -> Body:
    """Return what the function does in its own scope."""
    nodes = list(own_nodes(function))
    return Body(
        yields=_first(node for node in nodes if isinstance(node, ast.Yield)),
        awaits=_first(filter(_is_await, nodes)),
        drives=_first(_drivers(names, nodes, {function})),
        needs_loop=_first(node for node in nodes if last_name(node) in _NEEDS_LOOP),
        trio=_first(_uses_trio(names, nodes, {function})),
    )


def _first(nodes: Iterator[ast.AST]) -> ast.AST | None:
    return min(nodes, key=lambda node: getattr(node, "lineno", 0), default=None)


def _is_await(node: ast.AST) -> bool:
    if isinstance(node, ast.comprehension):
        return bool(node.is_async)
    return isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))


def _drivers(
    names: Names, nodes: list[ast.AST], seen: set[Function]
) -> Iterator[ast.AST]:
    """Yield the calls that start a loop, or lead to one in the module."""
    has_runner = any(last_name(node) == "Runner" for node in nodes)
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = last_name(node.func)
        if name in ("run_until_complete", "run_forever"):
            yield node
        elif name == "run" and (has_runner or _is_runner(names, node.func)):
            yield node
        elif isinstance(node.func, ast.Call):
            if last_name(node.func.func) == "async_to_sync":
                yield node
        elif callee := _callee(names, node, seen):
            if not isinstance(callee, ast.AsyncFunctionDef):
                inner = list(own_nodes(callee))
                if any(_drivers(names, inner, seen)):
                    yield node


def _uses_trio(
    names: Names, nodes: list[ast.AST], seen: set[Function]
) -> Iterator[ast.AST]:
    for node in nodes:
        if isinstance(node, ast.Name) and "trio" in _modules(names, node.id):
            yield node
        elif isinstance(node, ast.Call) and (callee := _callee(names, node, seen)):
            if any(_uses_trio(names, list(own_nodes(callee)), seen)):
                yield node


def _callee(names: Names, call: ast.Call, seen: set[Function]) -> Function | None:
    """Return the function of the module that is called, the first time."""
    if isinstance(call.func, ast.Name):
        name = call.func.id
        if names.home(call, name) is not names.tree:
            return None
        for binding in names.bindings(name):
            if isinstance(binding, Function) and binding not in seen:
                seen.add(binding)
                return binding
    return None


def _is_runner(names: Names, function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        value = function.value
        return isinstance(value, ast.Name) and not _RUNNERS.isdisjoint(
            _modules(names, value.id)
        )
    return isinstance(function, ast.Name) and not _RUNNERS.isdisjoint(
        _modules(names, function.id)
    )


def _modules(names: Names, name: str) -> set[str]:
    """Return the packages that a name is imported from, anywhere in the file."""
    return names.origins.get(name, set())
