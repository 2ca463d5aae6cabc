"""One parsed Python file."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import PurePath

from flake8_lambda_handler.facts.scopes import Facts
from flake8_lambda_handler.facts.scopes import Scope


class Module:
    """One parsed Python file and what rules may ask of it.

    `path` is absolute.
    """

    def __init__(self, path: str, tree: ast.Module, text: str) -> None:
        self.path = path
        self.tree = tree
        self.text = text

    def __repr__(self) -> str:
        return f"<Module {PurePath(self.path).name}>"

    @cached_property
    def is_package(self) -> bool:
        return PurePath(self.path).name == "__init__.py"

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines as `ast` counts them: a form feed ends none."""
        return self.text.split("\n")

    def owns(self, node: ast.AST) -> bool:
        """Return whether a node stands in this file, and knows its line."""
        return id(node) in self._ids

    @cached_property
    def _ids(self) -> frozenset[int]:
        return frozenset(
            id(node) for node in ast.walk(self.tree) if hasattr(node, "lineno")
        )

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.tree)

    @property
    def scopes(self) -> dict[ast.AST, Scope]:
        """Return the scope of each module, class and function node."""
        return self._facts.scopes

    @property
    def attribute_writers(self) -> dict[str, set[ast.AST]]:
        """Return, for each attribute that the file assigns, the bodies that do it."""
        return self._facts.attribute_writers

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Return every `def` and `async def`, in file order."""
        return self._facts.functions

    @property
    def global_writers(self) -> dict[str, list[ast.AST]]:
        """Return, for each name declared `global`, the functions that assign it."""
        return self._facts.global_writers
