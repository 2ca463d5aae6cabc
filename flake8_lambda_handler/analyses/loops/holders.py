"""What holds the objects that are made, by the text: names, attributes and items."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.scopes import FUNCTIONS

#: Methods that give what their argument, or their object, gives when it is awaited.
_PASSING_ON = frozenset(
    {"__aenter__", "enter_async_context", "run", "run_until_complete"}
)

#: Methods of containers that put an argument in.
_PUTTING = frozenset({"add", "append", "appendleft", "insert", "setdefault"})

#: Methods that take out what a container holds.
_TAKING = frozenset({"clear", "pop", "popitem"})


def emptied(scopes: Iterable[ast.AST]) -> set[str]:
    """Return the names, attributes and items that functions set to `None` or delete.

    And, with `[]`, the containers from which they take something.
    """
    found: set[str] = set()
    for scope in scopes:
        if not isinstance(scope, FUNCTIONS):
            continue
        if getattr(scope, "name", "") == "__init__":
            continue  # what it sets is not there before
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign):
                value = node.value
                if isinstance(value, ast.Constant) and value.value is None:
                    found.update(map(paths.text, node.targets))
            elif isinstance(node, ast.Delete):
                found.update(map(paths.text, node.targets))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _TAKING:
                    found.add(paths.text(node.func.value) + "[]")
    return found


def holders(made: ast.AST, tree: ast.AST) -> set[str]:
    """Return what gets to hold an object, in the words of `emptied`.

    Also by way of a name: `client = Client()`, then `CACHE["client"] = client`.
    """
    given = list(_given(tree))
    direct = [holder for holder, value in given if _gives(value, made)]
    names = {one.id for one in direct if isinstance(one, ast.Name)}
    direct += [
        holder
        for holder, value in given
        if isinstance(value, ast.Name) and value.id in names
    ]
    found = set(map(paths.text, direct))
    for one in direct:
        if isinstance(one, ast.Subscript):
            found.add(paths.text(one.value) + "[]")
    return found


def _given(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what gets something to hold, with that; `POOL.append(one)` is `POOL[...]`."""
    for node in ast.walk(tree):
        yield from _assigned(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _PUTTING and node.args:
                rest = ast.Constant(...)
                yield ast.Subscript(node.func.value, rest, ast.Store()), node.args[-1]


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the targets of an assignment, each with what it is assigned."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value:
        yield node.target, node.value


def target(made: ast.AST, tree: ast.AST) -> ast.expr | None:
    """Return what the value of an expression is assigned to."""
    for node in ast.walk(tree):
        for holder, value in _assigned(node):
            if _gives(value, made):
                return holder
    return None


def _gives(value: ast.expr, made: ast.AST) -> bool:
    """Return whether an assigned expression is, or passes on, what a call makes."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if node is made:
            return True
        if isinstance(node, ast.Await):
            stack.append(node.value)
        elif isinstance(node, ast.BoolOp):
            stack.extend(node.values)
        elif isinstance(node, ast.IfExp):
            stack.extend((node.body, node.orelse))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _PASSING_ON:
                stack.extend((*node.args, node.func.value))
    return False


def bound_name(made: ast.AST, tree: ast.AST) -> str | None:
    """Return the name under which the value of an expression is kept."""
    assigned = target(made, tree)
    if assigned is not None:
        return paths.short(assigned)
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            pairs = [
                *zip(reversed(positional), reversed(node.defaults)),
                *zip(node.kwonlyargs, node.kw_defaults),
            ]
            for argument, default in pairs:
                if default is made:
                    return argument.arg
    return None
