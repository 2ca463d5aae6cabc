"""What the body of an async handler asks of a loop, and the lines that give it one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from flake8_lambda_handler.migrate.names import FunctionNode
from flake8_lambda_handler.migrate.names import TreeNames
from flake8_lambda_handler.migrate.names import last_name

#: Longest line that is written, in characters.
WIDTH = 88

#: What a rewrite can be: only the word `async` dropped; a new loop for each
#: invocation, by `asyncio.run`; one loop that is kept; a new loop for each
#: invocation, by hand, for Python 3.6, which has no `asyncio.run`.
DROP, RUN, LOOP, NEW_LOOP = "drop", "run", "loop", "new-loop"

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


class Words(NamedTuple):
    """The names that the lines are made of."""

    asyncio: str
    #: The call of the implementation, all parameters handed on.
    call: str
    #: A variable: of the module for `LOOP`, of the function for `NEW_LOOP`.
    loop: str
    #: What is bound to the loop, as text for the comment; may be empty.
    bound: str


def driving(form: str, words: Words, indentation: str) -> list[str]:
    """Return the lines that end the wrapper."""
    asyncio, call, loop, bound = words
    if form == RUN:
        lines = [f"return {asyncio}.run({call})"]
        if len(indentation + lines[0]) > WIDTH:
            lines = [f"return {asyncio}.run(", f"    {call}", ")"]
    elif form == NEW_LOOP:
        lines = [
            f"{loop} = {asyncio}.new_event_loop()",
            "try:",
            f"    {asyncio}.set_event_loop({loop})",
            f"    return {loop}.run_until_complete({call})",
            "finally:",
            f"    {loop}.close()",
        ]
    else:
        reason = "# One loop for the life of the environment, never closed"
        lines = [
            *(
                [f"{reason}:", f"# {bound} is bound to it."]
                if bound
                else [f"{reason}."]
            ),
            f"global {loop}",
            f"if {loop} is None:",
            f"    {loop} = {asyncio}.new_event_loop()  # noqa: LMB301",
            f"return {loop}.run_until_complete({call})",
        ]
    return [indentation + line for line in lines]


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


class Demands:
    """What the functions of a file do, themselves or in sync functions they call."""

    def __init__(self, names: TreeNames) -> None:
        self._names = names
        self._nodes: dict[FunctionNode, list[ast.AST]] = {}
        for node in names.nodes:
            if isinstance(node, FunctionNode):
                self._nodes.setdefault(node, [])
            if isinstance(function := names.function(node), FunctionNode):
                self._nodes.setdefault(function, []).append(node)
        self._drives = self._leading(self._is_drive)
        self._needs_loop = self._leading(_is_need)
        self._trio = self._leading(self._is_trio, into_async=True)

    def of(self, function: FunctionNode) -> Body:
        nodes = self._nodes[function]
        return Body(
            yields=_first(node for node in nodes if isinstance(node, ast.Yield)),
            awaits=_first(filter(_is_await, nodes)),
            drives=_first(self._drives[function]),
            needs_loop=_first(self._needs_loop[function]),
            trio=_first(self._trio[function]),
        )

    def _is_drive(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        name = last_name(node.func)
        return (
            name in ("run_until_complete", "run_forever")
            or name == "run"
            and (
                self._names.function(node) in self._with_runner
                or not _RUNNERS.isdisjoint(self._packages(node.func))
            )
            or isinstance(node.func, ast.Call)
            and last_name(node.func.func) == "async_to_sync"
        )

    @cached_property
    def _with_runner(self) -> set[ast.AST | None]:
        """Return the functions that make an `asyncio.Runner`."""
        names = self._names
        return {
            names.function(one) for one in names.nodes if last_name(one) == "Runner"
        }

    def _is_trio(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and "trio" in self._packages(node)

    def _packages(self, node: ast.expr) -> set[str]:
        """Return the packages that a name, or the object of an attribute, is from."""
        if isinstance(node, ast.Attribute):
            node = node.value
        name = node.id if isinstance(node, ast.Name) else ""
        return self._names.origins.get(name, set())

    def _leading(
        self, test: Callable[[ast.AST], bool], *, into_async: bool = False
    ) -> dict[FunctionNode, list[ast.AST]]:
        """Return the nodes of each function that pass a test, or call what has one.

        Calls are followed into functions of the module, coroutine functions only with
        `into_async`.
        """
        found = {one: list(filter(test, nodes)) for one, nodes in self._nodes.items()}
        waiting = [function for function, nodes in found.items() if nodes]
        while waiting:
            callee = waiting.pop()
            if isinstance(callee, ast.FunctionDef) or into_async:
                for caller, call in self._calls.get(callee, ()):
                    if not found[caller]:
                        waiting.append(caller)
                    found[caller].append(call)
        return found

    @cached_property
    def _calls(self) -> dict[ast.AST, list[tuple[FunctionNode, ast.AST]]]:
        """Return, for each function of the module, who calls it and where."""
        found: dict[ast.AST, list[tuple[FunctionNode, ast.AST]]] = {}
        for function, nodes in self._nodes.items():
            for node in nodes:
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    name = node.func.id
                    if self._names.home(node, name) is self._names.tree:
                        for callee in self._names.bindings(name):
                            found.setdefault(callee, []).append((function, node))
        return found


def _first(nodes: Iterable[ast.AST]) -> ast.AST | None:
    return min(nodes, key=lambda node: getattr(node, "lineno", 0), default=None)


def _is_await(node: ast.AST) -> bool:
    if isinstance(node, ast.comprehension):
        return bool(node.is_async)
    return isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith))


def _is_need(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) in _NEEDS_LOOP
