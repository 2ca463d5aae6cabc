"""Code of which its file says that it never runs, or not with what it names.

Tests are skipped, functions are replaced for a test, and tools make a plain copy of an
async file, in which only a constant tells what is left over.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from flake8_lambda_handler.facts import conditions
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.session import Session

#: Constants by which the copy of an async file knows that it is the plain one.
_PLAIN = {"IS_ASYNC": False, "IS_SYNC": True}

#: Decorators that tests are skipped by, with what their condition has to be.
_SKIPPING = {"skip": None, "skipIf": True, "skipUnless": False, "skipif": True}

#: What the name of a decorator says that skips the tests of the other world.
_SELECTING = frozenset({"only", "require", "required", "requires", "skip"})


def is_plain_copy(module: Module) -> bool:
    """Return whether a file is made by a tool from another one, which is async.

    Such as `_IS_SYNC = True`: all that has to do with asyncio is left over, and behind
    conditions.
    """
    if "SYNC" not in module.text:
        return False
    return any(
        isinstance(value := module.constants.get(prefix + name), ast.Constant)
        and value.value is plain
        for name, plain in _PLAIN.items()
        for prefix in ("", "_")
    )


def is_skipped(session: Session, module: Module, line: int) -> bool:
    """Return whether a test is skipped for good: that, or the class, around a line."""
    return any(
        _skips(session, module, decorator)
        for node in _around(module, line)
        for decorator in node.decorator_list
    )


def _skips(session: Session, module: Module, decorator: ast.expr) -> bool:
    name = hints.last_name(decorator)
    if name not in _SKIPPING:
        words = set(name.lower().split("_"))
        return bool(words & _SELECTING) and not words.isdisjoint({"async", "sync"})
    wanted = _SKIPPING[name]
    if wanted is None:
        return True
    arguments = decorator.args if isinstance(decorator, ast.Call) else []
    return bool(arguments) and _constant(session, module, arguments[0]) is wanted


def _constant(session: Session, module: Module, test: ast.expr) -> bool | None:
    """Return how a condition always comes out, by the constants of its file."""

    def settle(test: ast.expr) -> bool | None:
        if isinstance(test, ast.Name):
            value = session.analysis.global_value(module, test.id)
            return bool(value.value) if isinstance(value, Const) else None
        return bool(test.value) if isinstance(test, ast.Constant) else None

    return conditions.combined(test, settle)


def raises(module: Module, node: ast.AST, maker: ast.AST) -> bool:
    """Return whether a test wants an exception of what leads to a coroutine.

    Such as `client.send()` last in a `with pytest.raises(...)`, where the plain method
    `send` calls the async function: were the coroutine made, the test would fail.
    """
    line = getattr(node, "lineno", 0)
    if "aises" not in module.text:
        return False
    for block in ast.walk(module.tree):
        if not isinstance(block, (ast.AsyncWith, ast.With)):
            continue
        inside = block.lineno <= line <= (block.end_lineno or 0)
        if not inside or not any(map(_wants_exception, block.items)):
            continue
        last, is_entered = block.body[-1], False
        while isinstance(last, (ast.AsyncWith, ast.With)):
            last, is_entered = last.body[-1], True
        if last.lineno <= line <= (last.end_lineno or 0):
            others = (one for one in ast.walk(last) if isinstance(one, ast.Call))
            return is_entered or any(one is not maker for one in others)
    return False


def _wants_exception(item: ast.withitem) -> bool:
    return "aises" in hints.last_name(item.context_expr)


def is_asked(module: Module, call: ast.AST, *, near: bool = False) -> bool:
    """Return whether a call stands where its object is known to be a plain one.

    In the other branch of `if inspect.iscoroutinefunction(self.start):`; with `near`,
    also where the condition asks something that belongs to the object.
    """
    if not isinstance(call, ast.Call) or "iscoroutinefunction" not in module.text:
        return False
    if not isinstance(call.func, ast.Attribute):
        return False
    named = _root if near else ast.dump
    owner = named(call.func.value)
    for block in ast.walk(module.tree):
        if isinstance(block, ast.If):
            test, branch = block.test, block.orelse
            if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
                test, branch = test.operand, block.body
            if (
                branch
                and isinstance(test, ast.Call)
                and hints.last_name(test) == "iscoroutinefunction"
                and test.args
                and isinstance(asked := test.args[0], ast.Attribute)
                and named(asked.value) == owner
                and branch[0].lineno <= call.lineno <= (branch[-1].end_lineno or 0)
            ):
                return True
    return False


def _root(node: ast.AST) -> str:
    """Return the name at which a chain of attributes and calls starts."""
    while isinstance(node, (ast.Attribute, ast.Call)):
        if getattr(getattr(node, "func", None), "id", "") == "super":
            return "self"
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return getattr(node, "id", "")


def makers(made: Made) -> set[str]:
    """Return the names of the project's functions that may have made a coroutine."""
    return {one.name for one in each(made.callable) if isinstance(one, Function)}


def is_replaced(module: Module, makers: AbstractSet[str], line: int) -> bool:
    """Return whether a test replaces a function that is called, by its name.

    Such as `with patch("app.save"):`, around a line.
    """
    if not makers or not ("patch" in module.text or "setattr" in module.text):
        return False
    return any(
        isinstance(node, ast.Call)
        and any(word in ast.unparse(node.func) for word in ("patch", "setattr"))
        and not makers.isdisjoint(_named(node))
        for around in _around(module, line)
        for part in ([around] if _is_function(around) else around.decorator_list)
        for node in ast.walk(part)
    )


def _named(call: ast.Call) -> Iterator[str]:
    """Yield the last names that a call is given as text."""
    for argument in call.args:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value.rpartition(".")[2]


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef))


def _around(
    module: Module, line: int
) -> Iterator[ast.AsyncFunctionDef | ast.ClassDef | ast.FunctionDef]:
    """Yield the functions and classes around a line."""
    for node in module.scopes:
        if isinstance(node, (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)):
            first = min(one.lineno for one in (node, *node.decorator_list))
            if first <= line <= (node.end_lineno or first):
                yield node
