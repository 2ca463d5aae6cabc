"""Reads templates: each with what it includes, and a folder that is one in one piece."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.model import shared
from flake8_lambda_handler.templates import Format
from flake8_lambda_handler.templates import formats_of
from flake8_lambda_handler.templates import rendered
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.nodes import stamp

Found = Declaration | Embedded | RuntimeUse | Problem


def read(path: str, given: dict[str, bytes] | None = None) -> Template:
    """Return what a template declares; see `templates.read`."""
    path = os.path.abspath(path)
    found = formats_of(os.path.basename(path))
    if not found:
        return Template(path)
    if given:
        return _Unit(path, found, given).serve(path)
    is_whole_folder = any(one.whole_folder for one in found)
    key = os.path.dirname(path) if is_whole_folder else path
    unit = _units.get(key)
    if unit is None or (path in unit.served and unit.has_changed()):
        unit = _Unit(path, found)
        if unit.holds_something or is_whole_folder:
            # Projects have thousands of files that only might be templates.
            _units[key] = unit
        else:
            _units.pop(key, None)
    return unit.serve(path)


def named_files(path: str) -> list[str]:
    """Return the Python files that a template names; see `templates.named_files`."""
    path = os.path.abspath(path)
    try:
        source = TemplateFiles().source(path)
    except Unreadable as error:
        source = Source(path, error.text or "")
    return rendered.named_files(source)


class _Unit:
    """One template file with what it includes, or a folder that is one template.

    Each of its files is served once before the unit looks for changes, so that a run
    over a folder of many files looks at each of them only once.
    """

    def __init__(
        self,
        path: str,
        formats: Iterable[Format],
        given: dict[str, bytes] | None = None,
    ) -> None:
        self.served: set[str] = set()
        self._found: dict[str, list[Found]] = {}
        self._stamps: dict[str, tuple[int, ...] | None] = {}
        whole_folder = any(one.whole_folder for one in formats)
        folder = os.path.dirname(path)
        if whole_folder:
            self._stamps[folder] = stamp(folder)
        files = TemplateFiles(given)
        for item, places in _written(_read(path, formats, files)):
            inside = {x.path for x in places if os.path.dirname(x.path) == folder}
            for name in inside if whole_folder and inside else {path}:
                self._found.setdefault(name, []).append(item)
        self._stamps.update(files.stamps)

    @property
    def holds_something(self) -> bool:
        """Whether its files are templates of Lambda functions, or cannot be read."""
        return bool(self._found)

    def has_changed(self) -> bool:
        """Tell whether a file is new, changed or gone since the unit was read."""
        self.served.clear()
        return any(stamp(path) != seen for path, seen in self._stamps.items())

    def serve(self, path: str) -> Template:
        """Return what the unit found in one of its files."""
        self.served.add(path)
        found = self._found.get(path, [])
        if path not in self._stamps or self._stamps[path] is None:
            found = [*dict.fromkeys([*found, *self._cannot_open(path)])]
        return _template(path, found)

    def _cannot_open(self, path: str) -> list[Found]:
        try:
            TemplateFiles().source(path)
        except Unreadable as error:
            if error.text is None and not os.path.isdir(path):
                return [error.problem]
        return []


_units: dict[str, _Unit] = {}


def _read(
    path: str, formats: Iterable[Format], files: TemplateFiles
) -> Iterator[Found]:
    for one in formats:
        reader = importlib.import_module(f"{__package__}.{one.reader}")
        try:
            yield from reader.read(path, files)
        except Unreadable as error:
            yield error.problem


def _written(found: Iterable[Found]) -> Iterator[tuple[Found, list[Place]]]:
    """Yield what was found, with its places: runtimes once for each written value."""
    others: dict[Found, None] = {}
    runtimes: dict[tuple[Place, str], list[RuntimeUse]] = {}
    for item in found:
        if isinstance(item, RuntimeUse):
            runtimes.setdefault((item.place, item.identifier), []).append(item)
        else:
            others[item] = None
    for item in others:
        yield item, [item.place]
    for uses in runtimes.values():
        yield shared(uses), [uses[0].place, *(use.used_at for use in uses)]


def _template(path: str, found: list[Found]) -> Template:
    def order(item: Found) -> tuple[bool, Place]:
        return item.place.path != path, item.place

    return Template(
        path,
        tuple(sorted((x for x in found if isinstance(x, Declaration)), key=order)),
        tuple(sorted((x for x in found if isinstance(x, RuntimeUse)), key=order)),
        tuple(sorted((x for x in found if isinstance(x, Problem)), key=order)),
        tuple(sorted((x for x in found if isinstance(x, Embedded)), key=order)),
    )
