"""Questions about the way on which an event happened (see `running.Step`)."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable
from typing import TypeGuard
from typing import TypeVar

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value

Kind = TypeVar("Kind", bound=Value)

#: Names longer than this would hide a message.
MAX_NAME = 40

#: Conditions that ask about a loop, or whether something is there already.
_ABOUT_LOOPS = re.compile(r"loop|closed|running|thread|is None|is not None", re.I)

_CAUGHT = frozenset({"RuntimeError", "Exception", "BaseException"})


def place(event: Event, module: Module) -> ast.AST | None:
    """Return the node of a file that is, or leads to, an event; `None` if none does."""
    return first_owned((event.node, *reversed(event.frame.context)), module)


def first_owned(nodes: Iterable[ast.AST], module: Module) -> ast.AST | None:
    """Return the first of several nodes that stands in a file."""
    return next(filter(module.owns, map(written, nodes)), None)


def unfollowed(summary: Summary) -> str:
    """Return, in words, what of a body was not followed to its end."""
    assert summary.activation is not None
    function = summary.activation.frame.function
    name = "the module" if function is None else f"`{function.name}`"
    return (
        f"the calls of {name} go too deep, or take too many steps, to follow them all"
    )


def is_prefix(path: Path, other: Path) -> bool:
    """Return whether whoever comes along `other` has come along `path`, too."""
    path = tuple([step for step in path if step.kind not in ("try", "choice")])
    other = tuple([step for step in other if step.kind not in ("try", "choice")])
    return other[: len(path)] == path


def inside(path: Path) -> Path:
    """Return the part of a way that lies in the innermost running loop."""
    outer = max([i for i, step in enumerate(path) if step.kind == "run"], default=-1)
    return path[outer + 1 :]


def is_caught(path: Path) -> bool:
    """Return whether a `RuntimeError` is expected somewhere on the way."""
    for step in path:
        for handler in step.node.handlers if step.kind == "try" else ():  # type: ignore[attr-defined]
            if handler.type is None:
                return True
            for node in ast.walk(handler.type):
                if getattr(node, "id", getattr(node, "attr", "")) in _CAUGHT:
                    return True
    return False


def asks_about_loops(path: Path) -> bool:
    """Return whether a condition on the way is about a loop."""
    return any(
        step.kind in ("if", "after", "for", "or")
        and _ABOUT_LOOPS.search(condition(step.node))
        for step in path
    )


def asks_for_version(path: Path) -> bool:
    """Return whether a condition on the way is about the version of Python."""
    return any(
        step.kind in ("if", "after", "or") and "version" in condition(step.node)
        for step in path
    )


def condition(node: ast.AST) -> str:
    """Return the text of what decides at a branch or a loop."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return text(node.test)
    if isinstance(node, ast.BoolOp):
        return text(node.values[0])
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return text(node.iter)
    return text(node.subject) if isinstance(node, ast.Match) else ""


def receivers(event: Event, value: Value) -> list[Object]:
    """Return the objects that a value of an event may be; none if that is not certain.

    `None` among the alternatives does not count: the call would raise. Nor does what an
    earlier invocation has left: that is what this one would make.
    """
    return _alternatives(event, value, Object)


def coroutines(event: Event, value: Value) -> list[Coroutine]:
    """Return the same for coroutines and tasks."""
    return _alternatives(event, value, Coroutine)


def _alternatives(event: Event, value: Value, kind: type[Kind]) -> list[Kind]:
    last = event.path[-1] if event.path else None
    choices: tuple[Value, ...] = (value,)
    if last is not None and last.kind == "choice" and last.node is event.node:
        assert isinstance(last.value, tuple)
        choices = last.value
    found = []
    for one in choices:
        receiver = one.receiver if isinstance(one, Method) else one
        if receiver in (NONE, KEPT):
            continue
        if not isinstance(receiver, kind):
            return []
        found.append(receiver)
    return found


def is_chosen(path: Path, node: ast.AST) -> bool:
    """Return whether the call of a node is one of several alternatives."""
    return any(step.kind == "choice" and step.node is node for step in path)


def excludes(one: Event, other: Event) -> bool:
    """Return whether a condition that is constant for a process parts two ways.

    Only one of the two events happens then, in this invocation and in all others.
    """
    nodes = {step.node for step in one.path if step.kind == "after"}
    if any(
        step.kind == "if" and step.node in nodes and is_constant(step.node.test, other)  # type: ignore[attr-defined]
        for step in other.path
    ):
        return True
    mine, others = decisions(one), decisions(other)
    return any(others.get(text, arm) != arm for text, arm in mine.items())


def decisions(event: Event) -> dict[str, bool]:
    """Return how the constant conditions on the way to an event come out, by text."""
    found = {}
    for step in event.path:
        outcome = decided(step)
        if outcome is None:
            continue
        test, arm = outcome
        if is_constant(test, event):
            if isinstance(test, ast.Compare) and len(test.ops) == 1:
                opposite = _NEGATIONS.get(type(test.ops[0]))
                if opposite is not None:
                    test = ast.Compare(test.left, [opposite()], test.comparators)
                    arm = not arm
            found[text(test)] = arm
    return found


def decided(step: Step) -> tuple[ast.expr, bool] | None:
    """Return the condition of a step and how it comes out, if the step is about one.

    That of `not x` is `x`, which comes out the other way.
    """
    test, arm = getattr(step.node, "test", None), _arm(step)
    if arm is None or not isinstance(test, ast.expr):
        return None
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, arm = test.operand, not arm
    return test, arm


_NEGATIONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.IsNot: ast.Is,
    ast.NotEq: ast.Eq,
    ast.NotIn: ast.In,
}


def _arm(step: Step) -> bool | None:
    """Return how the condition of a step comes out, if that is one and it shows."""
    if step.kind == "if" and isinstance(step.value, bool):
        return step.value
    if step.kind == "after" and isinstance(step.node, ast.If):
        ends = [_ends(step.node.body), _ends(step.node.orelse)]
        return ends[1] if any(ends) and not all(ends) else None
    return None


def _ends(block: list[ast.stmt]) -> bool:
    return bool(block) and isinstance(block[-1], (ast.Return, ast.Raise))


def parts(one: Path, other: Path) -> bool:
    """Return whether a branch of the first way keeps whoever takes it off the other."""
    arms = {step.node: step.value for step in one if step.kind == "if"}
    for step in other:
        if step.node not in arms:
            continue
        arm = arms[step.node]
        if step.kind == "if" and step.value != arm:
            return True
        if step.kind == "after" and isinstance(step.node, ast.If):
            if _ends(step.node.body if arm else step.node.orelse):
                return True
    return False


def may_remember(step: Step, event: Event, parameters: set[str]) -> bool:
    """Return whether a condition may come out otherwise in the next invocation.

    Whatever asks for more than the `parameters` of the handler, and what is constant for
    a process, may ask what an earlier invocation has left behind.
    """
    if step.kind == "except":
        return True
    if step.kind not in ("if", "after", "or", "for", "case"):
        return False
    for test in _deciding(step.node):
        names = {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
        if not (names <= parameters or _is_fixed(test, names, event)):
            return True
    return False


def _is_fixed(test: ast.expr, names: set[str], event: Event) -> bool:
    """Return whether a constant condition asks for nothing that holds other things."""
    made = [
        node
        for node in event.module.tree.body
        if not isinstance(node, (ast.Import, ast.ImportFrom))
        and names & {one.id for one in ast.walk(node) if _is_bound(one)}
    ]
    return is_constant(test, event) and all(
        isinstance(node, ast.Assign)
        and is_constant(node.value, event)
        and not any(isinstance(inner, _HOLDING) for inner in ast.walk(node.value))
        for node in made
    )


def _is_bound(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


_HOLDING = (ast.Dict, ast.DictComp, ast.List, ast.ListComp, ast.Set, ast.SetComp)


def _deciding(node: ast.AST) -> list[ast.expr]:
    """Return the expressions that decide at a branch or a loop."""
    if isinstance(node, ast.BoolOp):
        return node.values[:1]
    found = [getattr(node, name, None) for name in ("test", "iter", "subject")]
    return [one for one in found if isinstance(one, ast.expr)]


def is_constant(test: ast.expr, event: Event) -> bool:
    """Return whether a condition comes out the same in all invocations of a process.

    It is if it asks for nothing but imports, constants of the module and what
    `os.environ`, `sys` and `platform` say.
    """
    scopes = event.module.scopes
    top = scopes[event.module.tree]
    inner = scopes.get(event.frame.scope)
    local: set[str] = set()
    while inner is not None and inner is not top:
        local |= inner.local
        inner = inner.parent
    for node in ast.walk(test):
        if isinstance(node, ast.Name):
            if node.id in local or node.id in event.module.global_writers:
                return False
            if node.id in top.bound or node.id in _PLAIN_CALLS:
                continue
            return False
        if isinstance(node, ast.Call):
            name = text(node.func)
            if not name.startswith(_SOURCES) and name not in _PLAIN_CALLS:
                if getattr(node.func, "attr", "") not in _TEXT_METHODS:
                    return False
        elif isinstance(node, (ast.Await, ast.Lambda, ast.NamedExpr)):
            return False
    return True


#: What a process never changes, by the beginning of its name.
_SOURCES = ("os.environ", "os.getenv", "getenv", "environ", "sys.", "platform.")
_PLAIN_CALLS = frozenset({"bool", "bytes", "int", "isinstance", "len", "str"})
_TEXT_METHODS = frozenset({"endswith", "get", "lower", "startswith", "strip", "upper"})


# -- words --------------------------------------------------------------------------


def where(module: Module, node: ast.AST, seen_from: Module) -> str:
    """Return the file and line of a node, as seen from another file's folder."""
    path = os.path.relpath(module.path, os.path.dirname(seen_from.path))
    return f"{path.replace(os.sep, '/')}:{getattr(node, 'lineno', 1)}"


def from_file(module: Module, node: ast.AST, seen_from: Module) -> str:
    """Return where a node stands: `line 3`, or `aio.py:3` in another file."""
    if module is seen_from:
        return f"line {getattr(node, 'lineno', 1)}"
    return where(module, node, seen_from)


def below(path: str, key: object) -> str:
    """Return the path to what a dict at a path has under a key."""
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{key}" if path else key
    return f"{path}[{key!r}]"


def text(node: ast.AST) -> str:
    """Return the text of a node; `...` for one that is nested too deep to write."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return "..."


def short(node: ast.AST) -> str | None:
    """Return the text of an expression, unless it would hide a message."""
    found = text(node)
    return found if len(found) <= MAX_NAME and found.isprintable() else None


def call(node: ast.AST) -> str:
    """Return a call without its arguments: `loop.run_until_complete()`."""
    node = node.value if isinstance(node, ast.Await) else node
    function = node.func if isinstance(node, ast.Call) else node
    name = short(function)
    if name is None and isinstance(function, ast.Attribute):
        name = function.attr[:MAX_NAME]
    return f"{name or 'call'}()"


def use(node: ast.AST) -> str:
    """Return the text of a use: `await LOCK.acquire()`, `CLIENT.get()`, `LOCK`."""
    if isinstance(node, ast.Await):
        inner = node.value
        is_call = isinstance(inner, ast.Call)
        return "await " + (call(inner) if is_call else short(inner) or "...")
    if isinstance(node, ast.Call):
        return call(node)
    return short(node) or "..."
