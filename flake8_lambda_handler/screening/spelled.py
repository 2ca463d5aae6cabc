"""Which names of attributes code spells as texts, for `getattr(object, name)`."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.screening.finder import Finder

#: A text that can be the name of an attribute.
_TEXT = re.compile(r"""["'](\w+)["']""")

#: Where a function begins, as far as it is alone on its line.
_FUNCTION = re.compile(r"([ \t]*)(?:async[ \t]+)?def\b")


class _Text(NamedTuple):
    """A text that can be the name of an attribute."""

    line: int
    name: str
    #: Whether it stands outside functions.
    is_outside: bool


class Spelled:
    """The texts that can be names, by where they stand."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._near: dict[BodyTerms, frozenset[str]] = {}
        self._in_files: dict[str, list[_Text]] = {}

    def near(self, body: BodyTerms) -> frozenset[str]:
        """Return the names that a function can give to another one.

        They stand in it, or outside functions in its file, or in one from which this
        imports.
        """
        found = self._near.get(body)
        if found is None:
            first, last = _lines_of(body)
            names = {
                one.name
                for one in self._texts(body.path)
                if first <= one.line < last or one.is_outside
            }
            for path in self._imported_by(body.module):
                names.update(one.name for one in self._texts(path) if one.is_outside)
            found = self._near[body] = frozenset(names)
        return found

    def _texts(self, path: str) -> list[_Text]:
        if path not in self._in_files:
            self._in_files[path] = [*_texts_in(self._finder.source(path) or "")]
        return self._in_files[path]

    def _imported_by(self, module: BodyTerms) -> Iterator[str]:
        folder = os.path.dirname(module.path)
        for bound in module.names.values():
            for term in bound:
                if isinstance(term, ImportTerm) and term.name is not None:
                    found = self._finder.find_path(folder, term.dotted, term.level)
                    if found is not None:
                        yield found


def _texts_in(source: str) -> Iterator[_Text]:
    #: Where the function begins that a line may stand in.
    column: int | None = None
    for number, line in enumerate(source.split("\n"), 1):
        rest = line.lstrip()
        indent = len(line) - len(rest)
        # `):` may end what began with `def f(`.
        is_inside = column is not None and (indent > column or rest[:1] in (")", ""))
        if not is_inside:
            function = _FUNCTION.match(line)
            column = len(function[1]) if function is not None else None
        for name in _TEXT.findall(line):
            yield _Text(number, name, not is_inside)


def _lines_of(body: BodyTerms) -> tuple[float, float]:
    """Return the first line of the function around a body, and the first behind it.

    Perhaps it is one behind some more; of a module or class, there are none.
    """
    while not body.is_named and body.outer is not None:
        body = body.outer
    if not body.is_named:
        return 0, 0
    first, column = body.place
    behind = [
        one.place[0]
        for one in body.module.within()
        if one.place[0] > first and one.place[1] <= column and one.outer
    ]
    return first, min(behind, default=math.inf)
