"""What pytest gives to tests: fixtures of their file, and of each `conftest.py` above."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from flake8_lambda_handler.facts import hints

Fixture = ast.AsyncFunctionDef | ast.FunctionDef

#: How many folders above a test have a `conftest.py` that is asked.
LEVELS = 4

#: A function under a decorator that makes a fixture of it, as far as text tells.
_NAMES = re.compile(
    r"fixture\b[^\n]*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)"
)


def names(text: str) -> set[str]:
    """Return the names of functions that a text makes fixtures of, and perhaps others."""
    return set(_NAMES.findall(text)) if "fixture" in text else set()


def named(tree: ast.Module, name: str) -> Fixture | None:
    """Return the fixture of a file with a name."""
    for one in tree.body:
        if isinstance(one, (ast.AsyncFunctionDef, ast.FunctionDef)):
            if one.name == name and any(map(_makes_fixture, one.decorator_list)):
                return one
    return None


def may_be_others(tree: ast.Module, text: str, name: str) -> bool:
    """Return whether some tests of a file get something else under a name."""
    return (
        re.search(rf"""name=["']{name}["']|parametrize\([^\n]*\b{name}\b""", text)
        is not None
    ) or any(
        getattr(inner, "name", "") == name
        for one in tree.body
        if isinstance(one, ast.ClassDef)
        for inner in one.body
    )


def given_by(fixture: Fixture) -> ast.expr | None:
    """Return the expression that a fixture gives; `None` if that is not one expression.

    Nor if it changes something of it, such as a method.
    """
    found = [*_given(fixture.body)]
    if len(found) != 1:
        return None
    given = getattr(found[0], "id", "")
    changed = {
        getattr(one.value, "id", "")
        for one in ast.walk(fixture)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
    }
    return None if given in changed else found[0]


def parameters(tree: ast.Module) -> frozenset[ast.arg]:
    """Return the parameters of the tests and fixtures of a file."""
    return frozenset(
        parameter
        for around in (tree, *tree.body)
        if isinstance(around, (ast.ClassDef, ast.Module))
        for one in around.body
        if asks(one)
        for parameter in (*one.args.args, *one.args.kwonlyargs)  # type: ignore[attr-defined]
    )


def asks(function: ast.AST) -> bool:
    """Return whether a function is a test or a fixture: its parameters are fixtures."""
    if not isinstance(function, (ast.AsyncFunctionDef, ast.FunctionDef)):
        return False
    decorators = [hints.last_name(one) for one in function.decorator_list]
    if "parametrize" in decorators or "given" in decorators:
        return False  # it gives some of them
    return function.name.startswith("test") or "fixture" in decorators


def _makes_fixture(decorator: ast.expr) -> bool:
    """Return whether a decorator makes a fixture of a function, under its own name."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return hints.last_name(decorator) == "fixture" and all(
        one.arg != "name" for one in keywords
    )


def _given(body: list[ast.stmt]) -> Iterator[ast.expr]:
    stack: list[ast.AST] = [*body]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Return, ast.Yield)):
            yield node.value or ast.Constant(None)
        elif not isinstance(
            node, (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef, ast.Lambda)
        ):
            stack += ast.iter_child_nodes(node)
