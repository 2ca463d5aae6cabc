"""Which templates of a project can name a file, wherever they lie: by their text.

A template is read as such only when a question is about a file that it can name. Those
that are near a file need no survey.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler import programs
from flake8_lambda_handler import reading
from flake8_lambda_handler import templates
from flake8_lambda_handler.project.imports import TEST_FOLDERS
from flake8_lambda_handler.project.imports import modules_at
from flake8_lambda_handler.root import Tree

TEST_FILE = re.compile(r"test_\w*\.py|\w*_tests?\.py|tests?\.py|conftest\.py")

#: A project has some dozens of templates; one with more files of such names keeps data
#: in them, and only the first are looked into, those nearest to the top.
MOST_FILES = 2_000

#: The most that CloudFormation takes is 1 MB (user guide, "Quotas", read 2026-11-20).
MOST_BYTES = 1_000_000

#: Most data is JSON, and few of the templates that people write are.
_JSON = re.compile(r".*template.*|(?:sam|serverless)\.json|.*\.(?:tf|tofu)\.json", re.I)
_HANDLER = re.compile(r"[\w./-]*\w\.[^\W\d]\w*")
_STEPS = re.compile(r"[./]")
_NAME = re.compile(r"[\w-]+")


class Unit:
    """A template: one file, or the files of a Terraform module."""

    def __init__(self, paths: list[str], text: str) -> None:
        self.paths = paths
        #: What may be handler strings.
        self.handlers = frozenset(_HANDLER.findall(text))
        #: What may be names of folders.
        self.names = frozenset(_NAME.findall(text))
        #: Whether a code path may be a folder above, which has no name then.
        self.climbs = ".." in text


class Survey:
    """The templates of one project; it is walked once, when the first file asks.

    `home` gives the file that binds a name of a module, through re-exports; `said_by` the
    files of the program that is run in a folder, with what they say of handlers and code.
    """

    def __init__(
        self,
        tree: Tree,
        home: Callable[[str, str], str | None],
        said_by: Callable[[str, Tree], Iterable[tuple[str, str]]],
    ) -> None:
        self._tree = tree
        self._home = home
        self._said_by = said_by

    def naming(self, path: str) -> list[Unit]:
        """Return the templates whose text can name a handler that a file binds.

        The nearest come first.
        """
        return _by_distance(self._by_home.get(path, ()), os.path.dirname(path))

    def covering(self, folder: str) -> list[Unit]:
        """Return the templates whose functions can be made from a folder.

        They name a handler that is there, and the folder or one above it. The nearest
        come first.
        """
        root = self._tree.root
        above = folder[len(root) :].split(os.sep)
        return _by_distance(
            (
                unit
                for unit in self._with_handlers
                if unit.climbs or not unit.names.isdisjoint(above)
            ),
            folder,
        )

    @cached_property
    def climbing(self) -> list[Unit]:
        """The templates that can speak of code which does not lie below them."""
        return [unit for unit in self._every if unit.climbs]

    @cached_property
    def _with_handlers(self) -> list[Unit]:
        return list(dict.fromkeys(one for x in self._by_home.values() for one in x))

    @cached_property
    def _by_home(self) -> dict[str, dict[Unit, None]]:
        found: dict[str, dict[Unit, None]] = {}
        homes: dict[str, list[str]] = {}
        for unit in self._every:
            for handler in sorted(unit.handlers):
                if handler not in homes:
                    homes[handler] = [*self._homes(handler)]
                for path in homes[handler]:
                    found.setdefault(path, {})[unit] = None
        return found

    def _homes(self, handler: str) -> Iterator[str]:
        """Yield the files that a handler string can mean."""
        dotted, _, name = handler.rpartition(".")
        parts = [part for part in _STEPS.split(dotted) if part]
        if parts and parts[-1] in self._tree.modules:
            tail = os.sep + os.path.join(*parts)
            for entry in modules_at(self._tree, tail, parts[-1]):
                home = self._home(entry, name)
                if home is not None:
                    yield home

    @cached_property
    def _every(self) -> list[Unit]:
        return [*self._units()]

    def _units(self) -> Iterator[Unit]:
        modules: dict[str, list[str]] = {}
        for path in self._files():
            formats = templates.formats_of(os.path.basename(path))
            is_folder = any(one.whole_folder for one in formats)
            key = os.path.dirname(path) if is_folder else path
            modules.setdefault(key, []).append(path)
        for paths in modules.values():
            text = "\n".join(map(_text, paths))
            formats = templates.formats_of(os.path.basename(paths[0]))
            if any(one.word in text for one in formats):
                yield Unit(paths, text)
        for folder, names in self._tree.walk():
            if not programs.ROOTS.isdisjoint(names):
                for path, text in self._said_by(folder, self._tree):
                    yield Unit([path], text)

    def _files(self) -> Iterable[str]:
        start = len(self._tree.root)
        found = [
            folder + os.sep + name
            for folder, names in self._tree.walk()
            if TEST_FOLDERS.isdisjoint(folder[start:].split(os.sep))
            for name in names
            if templates.is_template_name(name)
            and (not name.endswith(".json") or _JSON.fullmatch(name))
        ]
        found.sort(key=lambda path: (path.count(os.sep), path))
        return found[:MOST_FILES]


def _by_distance(units: Iterable[Unit], folder: str) -> list[Unit]:
    """Sort templates by how many steps lead to them from a folder."""

    def steps(unit: Unit) -> int:
        there = os.path.dirname(unit.paths[0])
        return len(os.path.relpath(there, folder).split(os.sep))

    return sorted(units, key=steps)


def _text(path: str) -> str:
    try:
        return reading.read(path, MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def is_test_path(path: str) -> bool:
    """Return whether a path, relative to the project, is one where tests live."""
    *folders, name = path.split(os.sep)
    if TEST_FILE.fullmatch(name):
        return True
    return any(folder in TEST_FOLDERS for folder in folders)
