"""What belongs to a project, and what is never read.

The root of a file's project is

1. the nearest folder, from the file's own upwards, that is under version control:
   one with `.git` or `.hg`;
2. else the nearest with a configuration: `setup.cfg`, `tox.ini` or `.flake8` with a
   section for flake8, or `pyproject.toml` with a `[tool.…]` section;
3. else the current folder, if it holds the file;
4. else the file's own folder.

It is never the root of the file system nor the user's home folder, whatever lies in
there, and the way up ends at them and where another file system is mounted. Without a
marker, no folder that holds the home folder is a root either. A file that has no
project is read alone.

Nothing outside the root is opened or listed, links included; the only files above it
that are looked at are the markers themselves.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from flake8_lambda_handler import reading

#: Folders of version control.
CHECKOUTS = (".git", ".hg")

_FLAKE8 = re.compile(rb"^\[flake8(?::local-plugins)?\]", re.M)
_TOOL = re.compile(rb"^[ \t]*\[\[?[ \t]*tool[ \t]*\.", re.M)
#: Files that configure a project, and the sections that show it.
CONFIGURATIONS = {
    "setup.cfg": _FLAKE8,
    "tox.ini": _FLAKE8,
    ".flake8": _FLAKE8,
    "pyproject.toml": _TOOL,
}
_CONFIGURATION_BYTES = 1024 * 1024

#: Folders that hold other people's code, or copies that a tool made.
SKIPPED = frozenset(
    {
        ".aws-sam",
        ".eggs",
        ".git",
        ".hg",
        ".nox",
        ".serverless",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "cdk.out",
        "node_modules",
        "site-packages",
        "venv",
    }
)
_SKIPPED_ENDS = (".egg-info",)

#: The file that makes a folder a virtual environment.
ENVIRONMENT = "pyvenv.cfg"

#: A larger tree is no project, but somebody's disk: what lies behind is not found.
MAX_FOLDERS = 20_000


def is_skipped(name: str) -> bool:
    """Tell whether folders of this name are not walked into."""
    return (
        name in SKIPPED
        or name.endswith(_SKIPPED_ENDS)
        or (name.startswith(".") and name.endswith("_cache"))
    )


def is_inside(path: str, folder: str) -> bool:
    """Tell whether a path is a folder's, or the folder itself, by its text alone.

    Nothing is inside of ``""``, the root of files without a project.
    """
    return bool(folder) and (
        path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
    )


def leads_into(path: str, folder: str) -> bool:
    """Tell whether a path leads into a folder, links followed."""
    try:
        return is_inside(os.path.realpath(path), os.path.realpath(folder))
    except (OSError, ValueError):  # no path at all: a NUL, or half a character
        return False


def checkout(folder: str) -> str:
    """Return the nearest folder upwards that is under version control, or nothing."""
    roots = Roots()
    return next((one for one in roots.upwards(folder) if _is_checkout(one)), "")


class Roots:
    """Finds the roots of folders; looks into each folder once."""

    def __init__(self) -> None:
        self._home = _home()
        self._found: dict[str, str] = {}
        self._facts: dict[tuple[Callable[[str], bool], str], bool] = {}

    def of(self, folder: str) -> str:
        """Return the root of the project that files in a folder belong to.

        An empty text if they belong to none; `folder` is absolute.
        """
        if folder not in self._found:
            self._found[folder] = self._find(folder)
        return self._found[folder]

    def _find(self, folder: str) -> str:
        above = []
        for one in self.upwards(folder):
            if self._ask(_is_checkout, one):
                return one
            above.append(one)
        for one in above:
            if self._ask(_is_configured, one):
                return one
        for one in (_here(), folder):
            if one in above and not is_inside(self._home, one):
                return one
        return ""

    def upwards(self, folder: str) -> Iterator[str]:
        """Yield the folder and those above it that can be its project's root."""
        while folder not in (self._home, os.path.dirname(folder)):
            yield folder
            if self._ask(os.path.ismount, folder):
                return
            folder = os.path.dirname(folder)

    def _ask(self, question: Callable[[str], bool], folder: str) -> bool:
        key = (question, folder)
        if key not in self._facts:
            self._facts[key] = question(folder)
        return self._facts[key]


def _is_checkout(folder: str) -> bool:
    return any(os.path.lexists(os.path.join(folder, name)) for name in CHECKOUTS)


def _is_configured(folder: str) -> bool:
    for name, section in CONFIGURATIONS.items():
        path = os.path.join(folder, name)
        # Asked first, so that nothing is opened above a project that has none.
        if os.path.isfile(path):
            try:
                if section.search(reading.read(path, _CONFIGURATION_BYTES)):
                    return True
            except OSError:
                pass
    return False


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # the current folder is gone
        return ""


def _home() -> str:
    home = os.path.expanduser("~")
    return os.path.realpath(home) if os.path.isabs(home) else ""


class Listing(NamedTuple):
    """What is in a folder, by name."""

    files: frozenset[str]
    #: The folders; true for those that are links.
    folders: dict[str, bool]


_EMPTY = Listing(frozenset(), {})


def scan(folder: str, root: str) -> Listing:
    """Return what a folder holds, without the links that lead out of a root."""
    files, folders = [], {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_symlink():
                    is_folder = entry.is_dir()
                elif leads_into(entry.path, root):
                    is_folder = os.path.isdir(entry.path)
                else:
                    continue
                if is_folder:
                    folders[entry.name] = entry.is_symlink()
                else:
                    files.append(entry.name)
    except (OSError, ValueError):
        return _EMPTY
    return Listing(frozenset(files), dict(sorted(folders.items())))


class Tree:
    """The files and folders of one project; each folder is listed once, on demand."""

    def __init__(self, root: str) -> None:
        #: Absolute; empty for the project of files that have none.
        self.root = root
        self._listings: dict[str, Listing] = {}
        self._bases: dict[str, str] = {}

    def listing(self, folder: str) -> Listing:
        """Return what a folder holds: nothing, if it does not belong to the project.

        A folder belongs when the one above lists it, so no path can lead out.
        """
        if folder not in self._listings:
            self._listings[folder] = self._scan(folder)
        return self._listings[folder]

    def _scan(self, folder: str) -> Listing:
        if folder == self.root:
            return scan(folder, self.root)
        if not is_inside(folder, self.root):
            return _EMPTY
        above, _, name = folder.rpartition(os.sep)
        if above not in self._listings:
            # From the top, because a path out of a template can be of any length.
            above = self.root
            *names, name = folder[len(above) + 1 :].split(os.sep)
            for one in names:
                if one not in self.listing(above).folders:
                    return _EMPTY
                above = os.path.join(above, one)
        return (
            scan(folder, self.root) if name in self.listing(above).folders else _EMPTY
        )

    def has_file(self, path: str) -> bool:
        """Tell whether a path is a file of the project; its case counts everywhere."""
        folder, name = os.path.split(path)
        return name in self.listing(folder).files

    def upwards(self, folder: str) -> Iterator[str]:
        """Yield a folder and those above it, up to the root."""
        while folder:
            yield folder
            if folder in (self.root, os.path.dirname(folder)):
                return
            folder = os.path.dirname(folder)

    def is_package(self, folder: str) -> bool:
        return "__init__.py" in self.listing(folder).files

    def base(self, folder: str) -> str:
        """Return the folder in which the package of a folder lies; its own if none."""
        if folder not in self._bases:
            base = folder
            while base != self.root and self.is_package(base):
                base = os.path.dirname(base)
            self._bases[folder] = base
        return self._bases[folder]

    def module(self, folder: str, parts: list[str]) -> str | None:
        """Return the file of a module, given where to start and its dotted name."""
        files, folders = self.listing(folder)
        if parts:
            if parts[0] not in folders and parts[0] + ".py" not in files:
                return None  # as most often
            folder = os.path.join(folder, *parts)
            if self.has_file(folder + ".py"):
                return folder + ".py"
            files, _ = self.listing(folder)
        return os.path.join(folder, "__init__.py") if "__init__.py" in files else None

    def python_files(self, below: str = "") -> Iterator[str]:
        """Yield the Python files of the project, or those below one of its folders."""
        for folder, files in self.walk(below):
            for name in sorted(files):
                if name.endswith(".py"):
                    yield folder + os.sep + name

    def walk(self, below: str = "") -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the folders of the project, or of one of them, with their files."""
        if below in ("", self.root):
            yield from self._every
        else:
            yield from self._walk(below)

    @cached_property
    def _every(self) -> list[tuple[str, frozenset[str]]]:
        return [*self._walk(self.root)]

    def _walk(self, start: str) -> Iterator[tuple[str, frozenset[str]]]:
        waiting = [start] if self.root else []
        visited = 0
        while waiting and visited <= MAX_FOLDERS:
            visited += 1
            folder = waiting.pop()
            files, folders = self.listing(folder)
            yield folder, files
            for name, is_link in reversed(folders.items()):
                if is_link or is_skipped(name):
                    continue
                inner = folder + os.sep + name
                if ENVIRONMENT not in self.listing(inner).files:
                    waiting.append(inner)

    @cached_property
    def size(self) -> int:
        """Return how many Python files the project has."""
        return sum(map(len, self.modules.values()))

    @cached_property
    def modules(self) -> dict[str, list[str]]:
        """Return every Python file of the project, by module name."""
        found: dict[str, list[str]] = {}
        for path in self.python_files():
            folder, _, name = path.rpartition(os.sep)
            stem = name.removesuffix(".py")
            if stem == "__init__":
                stem = folder.rpartition(os.sep)[2]
            found.setdefault(stem, []).append(path)
        return found
