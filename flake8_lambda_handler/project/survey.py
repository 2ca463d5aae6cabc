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

# Expressions are compiled when they are first used: most runs of flake8 need none.
TEST_FILE = r"test_\w*\.py|\w*_tests?\.py|tests?\.py|conftest\.py"

#: A project has some dozens of templates; one with more files of such names keeps data
#: in them, and only the first are looked into, those nearest to the top.
MOST_FILES = 2_000

#: The most that CloudFormation takes is 1 MB (user guide, "Quotas", read 2026-11-20).
MOST_BYTES = 1_000_000

#: Most data is JSON, and few of the templates that people write are.
_JSON = r"(?i).*template.*|(?:sam|serverless)\.json|.*\.(?:tf|tofu)\.json"
#: It starts where a word does: to try again within a long one costs its square.
_HANDLER = r"(?<![\w./-])[\w./-]*\w\.[^\W\d]\w*"
_STEPS = r"[./]"
_NAME = r"[\w-]+"
#: What Terraform calls the folders that a module is called from.
_ROOTS = ("path.root", "path.cwd")
_COMPOSED = r"[\w-]\$\{|\}[\w-]"


class Unit:
    """A template: one file, or the files of a Terraform module."""

    def __init__(self, paths: list[str], text: str, root: str) -> None:
        self.paths = paths
        self.folder = os.path.dirname(paths[0])
        #: What may be handler strings.
        self.handlers = frozenset(re.findall(_HANDLER, text))
        #: Whether a code path may be a folder above, which has no name then.
        self.climbs = ".." in text
        #: Whether a code path may lead out of the folder: up, from the root of the
        #: project or of Terraform, or from whatever folder an image is built in.
        self.leaves = any(word in text for word in ("..", root, "COPY", *_ROOTS))
        #: Then, what may be names of folders, and whether they may be put together.
        self.names = frozenset(re.findall(_NAME, text) if self.leaves else ())
        self.composes = self.leaves and re.search(_COMPOSED, text) is not None

    def reaches(self, path: str) -> bool:
        """Return whether a code path, with a handler, can lead to a file."""
        if path.startswith(self.folder + os.sep):
            return True
        if not self.leaves or self.composes:
            return self.leaves
        common = os.path.commonprefix([self.folder + os.sep, path]).rfind(os.sep)
        name = path[common:].removesuffix(".py").removesuffix("__init__")
        return self.names.issuperset(re.findall(_NAME, name))


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
        found: dict[Unit, None] = {}
        for handler, entries in self._named.get(path, {}).items():
            above, leaving = self._by_folder[handler]
            for folder in {one for entry in entries for one in self._above(entry)}:
                found.update(dict.fromkeys(above.get(folder, ())))
            for unit in leaving:
                if unit not in found and any(map(unit.reaches, entries)):
                    found[unit] = None
        return _by_distance(found, os.path.dirname(path))

    def covering(self, folder: str) -> list[Unit]:
        """Return the templates whose functions can be made from a folder.

        They name a handler that is there, and the folder or one above it; those that
        lie above it themselves are near. The nearest come first.
        """
        above = folder[len(self._tree.root) :].split(os.sep)
        return _by_distance(
            (
                unit
                for unit in self._with_handlers
                if unit.climbs or unit.leaves and not unit.names.isdisjoint(above)
            ),
            folder,
        )

    @cached_property
    def climbing(self) -> list[Unit]:
        """The templates that can speak of code which does not lie below them."""
        return [unit for unit in self._every if unit.climbs]

    @cached_property
    def _with_handlers(self) -> list[Unit]:
        named = dict.fromkeys(x for handlers in self._named.values() for x in handlers)
        return list(dict.fromkeys(x for one in named for x in self._by_handler[one]))

    @cached_property
    def _by_handler(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self._every:
            for handler in unit.handlers:
                found.setdefault(handler, []).append(unit)
        return found

    @cached_property
    def _by_folder(self) -> dict[str, tuple[dict[str, list[Unit]], list[Unit]]]:
        """The templates with a handler: by their folders, and those that lead out of it."""
        found: dict[str, tuple[dict[str, list[Unit]], list[Unit]]] = {}
        for handler, units in self._by_handler.items():
            above: dict[str, list[Unit]] = {}
            for unit in units:
                above.setdefault(unit.folder, []).append(unit)
            found[handler] = above, [unit for unit in units if unit.leaves]
        return found

    def _above(self, path: str) -> Iterator[str]:
        """Yield the folders of the project that a file is in."""
        folder = os.path.dirname(path)
        while len(folder) >= len(self._tree.root):
            yield folder
            folder = os.path.dirname(folder)

    @cached_property
    def _named(self) -> dict[str, dict[str, list[str]]]:
        """Return the handler strings that can mean a file, with what they lead to.

        That is another file if it only passes the handler on.
        """
        found: dict[str, dict[str, list[str]]] = {}
        for handler in sorted(self._by_handler):
            for entry, home in self._homes(handler):
                found.setdefault(home, {}).setdefault(handler, []).append(entry)
        return found

    def _homes(self, handler: str) -> Iterator[tuple[str, str]]:
        """Yield the files that a handler string can mean, each with the one that binds it."""
        dotted, _, name = handler.rpartition(".")
        parts = [part for part in re.split(_STEPS, dotted) if part]
        if parts and parts[-1] in self._tree.modules:
            tail = os.sep + os.path.join(*parts)
            for entry in modules_at(self._tree, tail, parts[-1]):
                home = self._home(entry, name)
                if home is not None:
                    yield entry, home

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
                yield Unit(paths, text, self._tree.root)
        for folder, names in self._tree.walk():
            if not programs.ROOTS.isdisjoint(names):
                for path, text in self._said_by(folder, self._tree):
                    yield Unit([path], text, self._tree.root)

    def _files(self) -> Iterable[str]:
        start = len(self._tree.root)
        found = [
            folder + os.sep + name
            for folder, names in self._tree.walk()
            if TEST_FOLDERS.isdisjoint(folder[start:].split(os.sep))
            for name in names
            if templates.is_template_name(name)
            and (not name.endswith(".json") or re.fullmatch(_JSON, name))
        ]
        found.sort(key=lambda path: (path.count(os.sep), path))
        return found[:MOST_FILES]


def _by_distance(units: Iterable[Unit], folder: str) -> list[Unit]:
    """Sort templates by how many steps lead to them from a folder."""

    def steps(unit: Unit) -> tuple[int, int, str]:
        path = unit.paths[0]
        away = len(os.path.relpath(unit.folder, folder).split(os.sep))
        return away, path.count(os.sep), path

    return sorted(units, key=steps)


def _text(path: str) -> str:
    try:
        return reading.read(path, MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def is_test_path(path: str) -> bool:
    """Return whether a path, relative to the project, is one where tests live."""
    *folders, name = path.split(os.sep)
    if re.fullmatch(TEST_FILE, name):
        return True
    return any(folder in TEST_FOLDERS for folder in folders)
