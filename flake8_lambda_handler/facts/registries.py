"""Containers of a module that its functions fill with what they are given.

```python
HANDLERS = {}

def register(name):
    def decorator(function):
        HANDLERS[name] = function
        return function
    return decorator
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

#: Methods that put their last argument into a container.
FILLING = frozenset({"add", "append", "appendleft", "insert", "setdefault"})

Def = ast.FunctionDef | ast.AsyncFunctionDef


class Registrar(NamedTuple):
    """A function that puts what it is given into a container."""

    #: The parameter that takes it.
    parameter: str
    #: Whether a function in it does so, which its call gives: a decorator.
    is_nested: bool
    #: Whether it puts in what calling that gives: an object of a class.
    is_called: bool
    #: Whether each item of the container is a list of them.
    is_listed: bool


def name_of(tree: ast.Module, display: ast.AST) -> str | None:
    """Return the name that a module binds to what an expression makes."""
    for statement in tree.body:
        if getattr(statement, "value", None) is display:
            if isinstance(statement, ast.Assign):
                targets = statement.targets
            elif isinstance(statement, ast.AnnAssign):
                targets = [statement.target]
            else:
                return None
            if len(targets) == 1 and isinstance(targets[0], ast.Name):
                return targets[0].id
    return None


def registrars(tree: ast.Module, name: str) -> dict[str, Registrar]:
    """Return the functions of a module that fill a container with what they are given."""
    found: dict[str, Registrar] = {}
    for statement in tree.body:
        for value, is_listed, around in puts(statement, name, []):
            one = registrar(value, is_listed, around)
            if one is not None:
                found.setdefault(around[0].name, one)
    return found


def puts(
    node: ast.AST, name: str, around: list[Def]
) -> Iterator[tuple[ast.expr, bool, list[Def]]]:
    """Yield what is put into a container or into an item of it, if the latter, and where.

    That is in functions, the outermost first. The container is a name, or an attribute
    of one.
    """
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and item_of(target.value, name)[0]:
                yield node.value, item_of(target.value, name)[1], around
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_item, is_listed = item_of(node.func.value, name)
        if is_item and node.func.attr in FILLING and node.args:
            yield node.args[-1], is_listed, around
    inner = [*around, node] if isinstance(node, Def) else around
    for child in ast.iter_child_nodes(node):
        yield from puts(child, name, inner)


def item_of(node: ast.expr, name: str) -> tuple[bool, bool]:
    """Return whether an expression is a container, or an item of it, and if the latter."""
    if isinstance(node, ast.Subscript):
        return item_of(node.value, name)[0], True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_item = node.func.attr in ("get", "setdefault")
        return is_item and item_of(node.func.value, name)[0], True
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}" == name, False
    return isinstance(node, ast.Name) and node.id == name, False


def registrar(value: ast.expr, is_listed: bool, around: list[Def]) -> Registrar | None:
    is_called = isinstance(value, ast.Call) and not (value.args or value.keywords)
    if isinstance(value, ast.Call) and is_called:
        value = value.func
    if not isinstance(value, ast.Name) or not 1 <= len(around) <= 2:
        return None
    arguments = around[-1].args
    parameters = [one.arg for one in (*arguments.args, *arguments.kwonlyargs)]
    if value.id not in parameters:
        return None
    return Registrar(value.id, len(around) == 2, is_called, is_listed)


class Registration(NamedTuple):
    """What a module gives to a function as it is imported."""

    #: What is called: the function, or what its call gives.
    callee: ast.expr
    #: The `def` or `class` that it decorates, or the call.
    node: ast.stmt | ast.Call
    #: Whether other decorators stand between.
    is_wrapped: bool = False


def given(tree: ast.Module) -> Iterator[Registration]:
    """Yield what the top level of a module decorates, and the calls that it makes."""
    for statement in tree.body:
        for index, one in enumerate(getattr(statement, "decorator_list", ())):
            is_last = index == len(statement.decorator_list) - 1  # type: ignore[attr-defined]
            yield Registration(one, statement, not is_last)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield Registration(statement.value.func, statement.value)


def argument(call: ast.Call, function: ast.AST, parameter: str) -> ast.expr | None:
    """Return what a call gives for a parameter of a plain function."""
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    names = [one.arg for one in function.args.args]  # type: ignore[attr-defined]
    index = names.index(parameter) if parameter in names else len(call.args)
    return call.args[index] if index < len(call.args) else None
