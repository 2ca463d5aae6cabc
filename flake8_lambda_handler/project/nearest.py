"""What is followed from a file behind which there is too much: the modules nearest to it."""

from __future__ import annotations

import os
from collections.abc import Collection

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.root import Tree


class Nearest:
    """A project of which some modules are seen; the others are as if from outside."""

    def __init__(self, project: Project, seen: Collection[str]) -> None:
        self._project = project
        self._seen = seen
        self.source = project.source
        self.may_be_async = project.may_be_async
        self.body = project.body
        self.importers = project.importers
        self.derived = project.derived
        self.naming = project.naming
        self.is_small = project.is_small
        self.async_names = project.async_names
        self.versions = project.versions
        self.asks_for = project.asks_for

    def find_path(self, folder: str, dotted: str, level: int) -> str | None:
        """Return the file that an import in a folder's files loads, if it is seen."""
        path = self._project.find_path(folder, dotted, level)
        return path if path in self._seen else None

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the module that an import in `module` loads, if it is seen."""
        found = self._project.find_module(module, dotted, level)
        return None if found is None or found.path not in self._seen else found


def has_too_much_behind(project: Project, module: Module) -> bool:
    """Return whether the imports of a file lead to more than can be followed."""
    behind = 0
    for path in project.leads({module.path: module.text}):
        behind += project.length(path)
        if behind > limits.BEHIND:
            return True
    return False


def around(project: Project, files: Collection[str]) -> Nearest:
    """Return what is nearest to some files.

    It depends on nothing but the texts of the project's files.
    """
    size = 0
    seen = set(files)
    for path in project.leads({path: project.source(path) or "" for path in files}):
        size += project.length(path)
        if size > limits.NEAREST:
            break
        seen.add(path)
    return Nearest(project, seen)


def parts(tree: Tree) -> dict[str, list[str]]:
    """Return the Python files that share what is near them, by each of them.

    They stand in folders that follow each other; of a large folder, only some do. What
    is near many files is found out once, and where they are many, it is mostly the same.
    """
    found: dict[str, list[str]] = {}
    part: list[str] = []
    left = limits.PART
    for folder, files in tree.walk():
        sizes = {
            path: _size(path)
            for path in (folder + os.sep + name for name in sorted(files))
            if path.endswith(".py")
        }
        if sum(sizes.values()) > left:
            part, left = [], limits.PART
        for path, size in sizes.items():
            if size > left:
                part, left = [], limits.PART
            part.append(path)
            left -= size
            found[path] = part
    return found


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except OSError:  # it has just been removed
        return 0
