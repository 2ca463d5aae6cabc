"""From a name of a module to the file that binds it, as the runtime follows it."""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING

from flake8_lambda_handler.project.imports import Imports

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module

#: Modules that pass a name on, one to the next: they may be a circle.
MOST_REEXPORTS = 8


class Homes(Imports):
    """The files that bind what other files pass on."""

    def home(self, path: str, name: str, depth: int = 0) -> tuple[str, str] | None:
        """Return the file and name that bind a name of a file, through re-exports."""
        text = self.source(path)
        if text is None or depth > MOST_REEXPORTS:
            return None
        if _defines(text, name) and "import " + name not in text:
            return path, name
        module = self.parse(path)
        if module is None:
            return None
        from flake8_lambda_handler.facts.bindings import last_binding
        from flake8_lambda_handler.facts.bindings import star_imports

        node = last_binding(module.tree, name)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return self._imported_home(module, node, alias.name, depth)
        if node is not None and not isinstance(node, ast.Import):
            return path, name
        for star in star_imports(module.tree):
            found = self._imported_home(module, star, name, depth)
            if found is not None:
                return found
        return None

    def _imported_home(
        self, module: Module, node: ast.ImportFrom, name: str, depth: int
    ) -> tuple[str, str] | None:
        folder = os.path.dirname(module.path)
        path = self.find_path(folder, node.module or "", node.level)
        return None if path is None else self.home(path, name, depth + 1)

    def home_path(self, entry: str, name: str) -> str | None:
        """Return the file that binds a name of a module."""
        text = self.source(entry) or ""
        if name not in text and "import *" not in text:
            return None
        home = self.home(entry, name)
        return None if home is None else home[0]


def _defines(text: str, name: str) -> bool:
    return bool(
        re.search(rf"^(?:async[ \t]+)?def[ \t]+{re.escape(name)}\b", text, re.M)
    )
