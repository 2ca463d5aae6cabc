"""What the top level of a module binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def bindings(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each name that a module's top level binds, in order, with its statement.

    Blocks (`if`, `try`, `with`, loops) count, a `__main__` block does not.
    """
    stack: list[ast.stmt] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for child in ast.walk(target):
                    if isinstance(child, ast.Name):
                        yield child.id, node
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name) and node.value is not None:
                yield node.target.id, node
        elif isinstance(node, ast.If) and _is_main(node.test):
            stack.extend(reversed(node.orelse))
        else:
            for field in ("finalbody", "orelse", "handlers", "body", "cases"):
                for child in reversed(getattr(node, field, ())):
                    if isinstance(child, ast.stmt):
                        stack.append(child)
                    else:
                        stack.extend(reversed(getattr(child, "body", ())))


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )


def last_binding(tree: ast.Module, name: str) -> ast.stmt | None:
    """Return the statement that binds a name last at a module's top level."""
    found = None
    for bound, node in bindings(tree):
        if bound == name:
            found = node
    return found


def star_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    """Return the `from x import *` statements of a module's top level."""
    return [
        node
        for name, node in bindings(tree)
        if name == "*" and isinstance(node, ast.ImportFrom)
    ]
