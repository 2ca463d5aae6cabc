"""The handlers that templates name and Lambda cannot load, and where each is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from flake8_lambda_handler.project.templates import Templates

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.project.missing import Unloadable
    from flake8_lambda_handler.root import Tree
    from flake8_lambda_handler.settings import Settings

#: Most templates far from their code, from the top on, that are read for their handlers.
MOST_FAR = 50


class Faults(Templates):
    """Templates whose handlers are looked for in the code."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._at_folder: dict[str, list[Unloadable]] = {}
        self._far: dict[str, list[Unloadable]] = {}

    def faults_at(self, path: str) -> list[Unloadable]:
        """Return the handlers of templates that a file should hold.

        What programs name is told in the program.
        """
        folder = os.path.dirname(path)
        found = [*self._near_faults(folder), *self._far_faults(self.tree(folder))]
        return [
            one
            for one in dict.fromkeys(found)
            if one.file == path and not one.declaration.place.path.endswith(".py")
        ]

    def faults_in(self, path: str) -> list[Unloadable]:
        """Return the handlers that a program's file names and Lambda cannot load."""
        if path in self._embedded:
            return []
        near = self._near_faults(os.path.dirname(path))
        return [one for one in near if one.declaration.place.path == path]

    def _near_faults(self, folder: str) -> list[Unloadable]:
        if folder not in self._at_folder:
            self._at_folder[folder] = self._of(self.template_paths(folder))
        return self._at_folder[folder]

    def _far_faults(self, tree: Tree) -> list[Unloadable]:
        """Return those of templates whose code does not lie below them."""
        if tree.root not in self._far:
            units = self._survey(tree).climbing[:MOST_FAR]
            paths = [path for unit in units for path in unit.paths]
            self._far[tree.root] = self._of(paths)
        return self._far[tree.root]

    def _of(self, paths: Iterable[str]) -> list[Unloadable]:
        templates = map(self.template, dict.fromkeys(paths))
        return [one for template in templates for one in self.faults(template)]

    def faults(self, template: Template) -> Iterator[Unloadable]:
        """Yield the handlers of a template that Lambda cannot load."""
        from flake8_lambda_handler.project import missing

        tree = self.tree(os.path.dirname(template.path))
        for one in template.declarations:
            if not one.is_fixed or self._is_overridden(one):
                continue
            if one.place.path == template.path:
                entry, code = self._entry(template.path, one, tree)
                name = one.handler.rpartition(".")[2]
                if (
                    entry is None
                    or not code  # it lies elsewhere
                    or missing.is_built_in(one.handler)
                    or self.home_path(entry, name) is None
                ):
                    found = missing.fault(self, tree, one)
                    if found is not None:
                        yield found
