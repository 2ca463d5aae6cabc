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

from flake8_lambda_handler.facts import nodes

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


class Filled(NamedTuple):
    """Something that is put into a container."""

    #: The name of the container, or that of an object and of its attribute: `self.jobs`.
    name: str
    value: ast.expr
    #: Whether it is put into an item of it.
    is_listed: bool
    #: The functions that do so, the outermost first.
    around: list[Def]


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
        for put in puts(statement, []):
            one = registrar(put) if put.name == name else None
            if one is not None:
                found.setdefault(put.around[0].name, one)
    return found


def puts(node: ast.AST, around: list[Def]) -> Iterator[Filled]:
    """Yield what is put into containers: names, or attributes of names."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                yield from _put(target.value, node.value, around)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in FILLING and node.args:
            yield from _put(node.func.value, node.args[-1], around)
    inner = [*around, node] if isinstance(node, Def) else around
    for child in nodes.children(node):
        yield from puts(child, inner)


def _put(container: ast.expr, value: ast.expr, around: list[Def]) -> Iterator[Filled]:
    is_listed = False
    while isinstance(container, (ast.Call, ast.Subscript)):
        is_listed = True
        if isinstance(container, ast.Subscript):
            container = container.value
            continue
        if not isinstance(container.func, ast.Attribute):
            return
        if container.func.attr not in ("get", "setdefault"):
            return
        container = container.func.value
    if isinstance(container, ast.Attribute) and isinstance(container.value, ast.Name):
        name = f"{container.value.id}.{container.attr}"
        yield Filled(name, value, is_listed, around)
    elif isinstance(container, ast.Name):
        yield Filled(container.id, value, is_listed, around)


def registrar(put: Filled) -> Registrar | None:
    """Return the function that puts in what it is given, or one of it."""
    value, around = put.value, put.around
    is_called = isinstance(value, ast.Call) and not (value.args or value.keywords)
    if isinstance(value, ast.Call) and is_called:
        value = value.func
    if not isinstance(value, ast.Name) or not 1 <= len(around) <= 2:
        return None
    arguments = around[-1].args
    parameters = [one.arg for one in (*arguments.args, *arguments.kwonlyargs)]
    if value.id not in parameters:
        return None
    return Registrar(value.id, len(around) == 2, is_called, put.is_listed)


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
