"""What deployment templates declare: runtimes, handlers and where the code lies.

A format is one module of this folder with `is_name`, `is_sure_name` and `read`;
nothing else lists it.
"""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
from types import ModuleType

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.nodes import stamp

Found = Declaration | RuntimeUse | Problem


def is_template_name(name: str) -> bool:
    """Tell whether a file of this name (no folder) can be a template."""
    return bool(_readers_of(name))


def read(path: str, given: dict[str, bytes] | None = None) -> Template:
    """Return what a template declares; empty when the file is no Lambda template.

    A file that cannot be read or parsed gives a problem, never an error. Terraform
    counts by the folder: what is returned is used in the file or written in it.
    What was read is kept, and read again when a file that it came from has changed.
    `given` holds the bytes of files that are not on the disk, or not like this.
    """
    path = os.path.abspath(path)
    readers = _readers_of(os.path.basename(path))
    if not readers:
        return Template(path)
    if given:
        return _Unit(path, readers, given).serve(path)
    whole_folder = any(hasattr(reader, "WHOLE_FOLDER") for reader in readers)
    key = os.path.dirname(path) if whole_folder else path
    unit = _units.get(key)
    if unit is None or (path in unit.served and unit.has_changed()):
        unit = _units[key] = _Unit(path, readers)
    return unit.serve(path)


def named_files(path: str) -> list[str]:
    """Return the Python files that a template names as handlers, by its text alone.

    This is for templates that cannot be parsed; see `read` for the others.
    """
    from flake8_lambda_handler.templates import rendered

    path = os.path.abspath(path)
    try:
        source = TemplateFiles().source(path)
    except Unreadable as error:
        source = Source(path, error.text or "")
    return rendered.named_files(source)


@functools.cache
def _readers() -> tuple[ModuleType, ...]:
    modules = [
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
    ]
    return tuple(module for module in modules if hasattr(module, "is_name"))


def _readers_of(name: str) -> list[ModuleType]:
    return [reader for reader in _readers() if reader.is_name(name)]


class _Unit:
    """One template file with what it includes, or a folder that is one template.

    Each of its files is served once before the unit looks for changes, so that a run
    over a folder of many files looks at each of them only once.
    """

    def __init__(
        self,
        path: str,
        readers: list[ModuleType],
        given: dict[str, bytes] | None = None,
    ) -> None:
        self.served: set[str] = set()
        self._readers = readers
        self._files = TemplateFiles(given)
        self._found: dict[str, list[Found]] = {}
        self._stamps: dict[str, tuple[int, ...] | None] = {}
        whole_folder = any(hasattr(reader, "WHOLE_FOLDER") for reader in readers)
        if whole_folder:
            folder = os.path.dirname(path)
            self._stamps[folder] = stamp(folder)
        for item in self._read(path):
            paths = {path}
            if whole_folder:
                paths = {item.place.path}
                if isinstance(item, RuntimeUse):
                    paths.add(item.used_at.path)
            for name in paths:
                self._found.setdefault(name, []).append(item)
        self._stamps.update(self._files.stamps)
        self._files = TemplateFiles()  # lets go of the texts and trees

    def _read(self, path: str) -> list[Found]:
        found: list[Found] = []
        for reader in self._readers:
            try:
                for item in reader.read(path, self._files):
                    found.append(item)
            except Unreadable as error:
                found.append(error.problem)
        return found

    def has_changed(self) -> bool:
        """Tell whether a file is new, changed or gone since the unit was read."""
        self.served.clear()
        return any(stamp(path) != seen for path, seen in self._stamps.items())

    def serve(self, path: str) -> Template:
        """Return what the unit found in one of its files."""
        self.served.add(path)
        found = self._found.get(path, [])
        if path not in self._stamps or self._stamps[path] is None:
            found = [*found, *self._cannot_open(path)]
        return _template(path, found)

    def _cannot_open(self, path: str) -> list[Found]:
        try:
            TemplateFiles().source(path)
        except Unreadable as error:
            if error.text is None and not os.path.isdir(path):
                return [error.problem]
        return []


_units: dict[str, _Unit] = {}


def _template(path: str, found: list[Found]) -> Template:
    def order(item: Found) -> tuple[bool, Place]:
        return item.place.path != path, item.place

    runtimes: dict[tuple[Place, str], RuntimeUse] = {}
    others: dict[Found, None] = {}
    for item in found:
        if isinstance(item, RuntimeUse):
            runtimes.setdefault((item.place, item.identifier), item)
        else:
            others[item] = None
    return Template(
        path,
        tuple(sorted((x for x in others if isinstance(x, Declaration)), key=order)),
        tuple(sorted(runtimes.values(), key=order)),
        tuple(sorted((x for x in others if isinstance(x, Problem)), key=order)),
    )
