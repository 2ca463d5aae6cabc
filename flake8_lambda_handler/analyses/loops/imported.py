"""The modules that the import of a handler's file runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.analysis import Analysis


def imported_modules(module: Module, analysis: Analysis) -> tuple[list[Module], bool]:
    """Return the modules that importing a module runs, each after those it imports.

    And whether these are all: what the others do is not known.
    """
    found: list[Module] = []
    seen = {module}
    is_complete = True

    def visit(current: Module) -> None:
        nonlocal is_complete
        for dotted, level in _imports(current.tree):
            other = analysis.resolver.find_module(current, dotted, level)
            if other is None or other in seen:
                continue
            if len(seen) >= limits.IMPORTED_MODULES:
                is_complete = False
                return
            seen.add(other)
            visit(other)
        found.append(current)

    visit(module)
    return found, is_complete


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield what the import of a module imports: dotted name and level."""
    stack: list[ast.AST] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        if isinstance(node, FUNCTIONS):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in paths.condition(node):
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, 0
        elif isinstance(node, ast.ImportFrom):
            if node.module:
                yield node.module, node.level
            for alias in node.names:
                inner = f"{node.module}.{alias.name}" if node.module else alias.name
                yield inner, node.level
        elif isinstance(node, (ast.stmt, ast.ExceptHandler)):
            stack.extend(
                child
                for child in reversed(list(ast.iter_child_nodes(node)))
                if isinstance(child, (ast.stmt, ast.ExceptHandler))
            )
