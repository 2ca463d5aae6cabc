"""The functions that the setting `lambda-handlers` names through other modules.

A pattern names a module as Lambda does, and that module may only import the function.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from flake8_lambda_handler import patterns
from flake8_lambda_handler import reading
from flake8_lambda_handler.project.faults import Faults
from flake8_lambda_handler.project.sources import MAX_SOURCE_BYTES
from flake8_lambda_handler.project.survey import is_test_path


class Patterns(Faults):
    """What patterns name that their own modules do not define."""

    def configured(self, path: str) -> dict[str, str]:
        """Return the names of a file that other files pass on as handlers.

        Each with the pattern that names it there.
        """
        return self._configured.get(path, {}) if self.settings.handlers else {}

    @cached_property
    def _configured(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for pattern in self.settings.handlers:
            for entry in self._modules_of(pattern):
                for name, origin in self.passed_on(entry, pattern.rpartition(".")[2]):
                    path, bound = self.home(origin, name) or (entry, name)
                    if path != entry:
                        found.setdefault(path, {}).setdefault(bound, pattern)
        return found

    def _modules_of(self, pattern: str) -> Iterator[str]:
        """Yield the files that a pattern means; of many, none with tests."""
        settings = self.settings
        tree = self.tree(settings.folder)
        module = pattern.rpartition(".")[0]
        if not patterns.GLOB.search(module):
            parts = module.replace("/", ".").split(".")
            found = tree.module(settings.folder, parts)
            if found is not None:
                yield found
            return
        for path in tree.python_files(settings.folder):
            relative = path[len(tree.root) + 1 :]
            if not is_test_path(relative) and patterns.matches(
                patterns.module_path(path, settings), pattern
            ):
                yield path

    def passed_on(self, entry: str, wanted: str) -> Iterator[tuple[str, str]]:
        """Yield the names that match a pattern and that a file imports.

        Each with the file that knows more of it: for `import *`, the one it is of.
        """
        piece = max(patterns.GLOB.split(wanted), key=len)
        try:
            data = reading.read(entry, MAX_SOURCE_BYTES)
        except OSError:
            return
        is_star = b"import *" in data
        if piece.encode() not in data and not is_star or b"import" not in data:
            return  # as most often
        module = self.parse(entry)
        if module is None:
            return
        from flake8_lambda_handler.facts.bindings import bindings
        from flake8_lambda_handler.facts.bindings import star_imports

        own = set()
        for name, node in bindings(module.tree):
            own.add(name)
            if isinstance(node, ast.ImportFrom) and fnmatchcase(name, wanted):
                yield name, entry
        for star in star_imports(module.tree) if is_star else ():
            folder = os.path.dirname(entry)
            path = self.find_path(folder, star.module or "", star.level)
            origin = None if path is None else self.parse(path)
            for name, _ in bindings(origin.tree) if origin is not None else ():
                is_public = not name.startswith("_") and name not in own
                if is_public and path is not None and fnmatchcase(name, wanted):
                    yield name, path
