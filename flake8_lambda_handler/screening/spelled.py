"""Which names of attributes code spells as texts, for `getattr(object, name)`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.screening.finder import Finder

#: A text that can be the name of an attribute.
_TEXT = re.compile(r"""["'](\w+)["']""")

#: Where a function begins, as far as it is alone on its line.
_FUNCTION = re.compile(r"([ \t]*)(?:async[ \t]+)?def\b")


class Spelled:
    """The texts that can be names, by where they stand."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._inside: dict[BodyTerms, frozenset[str]] = {}
        self._outside: dict[str, frozenset[str]] = {}
        self._lines: dict[str, list[str]] = {}

    def near(self, body: BodyTerms) -> frozenset[str]:
        """Return the names that a function can give to another one.

        They stand in it, or outside functions in its file, or in one from which this
        imports.
        """
        found = self._inside.get(body)
        if found is None:
            paths = {body.path, *self._imported_by(body.module)}
            found = frozenset(_TEXT.findall("".join(self._lines_of(body))))
            found = found.union(*map(self._constants, paths))
            self._inside[body] = found
        return found

    def _lines_of(self, body: BodyTerms) -> list[str]:
        """Return the lines of the function around a body, and perhaps some behind it."""
        while not body.is_named and body.outer is not None:
            body = body.outer
        first, column = body.place
        last = min(
            (
                one.place[0]
                for one in body.module.within()
                if one.place[0] > first and one.place[1] <= column and one.outer
            ),
            default=None,
        )
        lines = self._source(body.path)
        return lines[max(first - 1, 0) : last and last - 1] if body.is_named else []

    def _constants(self, path: str) -> frozenset[str]:
        """Return the names that a file spells outside its functions."""
        found = self._outside.get(path)
        if found is None:
            kept: list[str] = []
            column: int | None = None
            for line in self._source(path):
                rest = line.lstrip()
                indent = len(line) - len(rest)
                # `):` may end what began with `def f(`.
                if column is not None and (indent > column or rest[:1] in (")", "")):
                    continue
                function = _FUNCTION.match(line)
                column = len(function[1]) if function is not None else None
                kept.append(line)
            found = self._outside[path] = frozenset(_TEXT.findall("".join(kept)))
        return found

    def _source(self, path: str) -> list[str]:
        if path not in self._lines:
            text = self._finder.source(path) or ""
            self._lines[path] = text.splitlines(keepends=True)
        return self._lines[path]

    def _imported_by(self, module: BodyTerms) -> Iterator[str]:
        folder = os.path.dirname(module.path)
        for bound in module.names.values():
            for term in bound:
                if isinstance(term, ImportTerm) and term.name is not None:
                    found = self._finder.find_path(folder, term.dotted, term.level)
                    if found is not None:
                        yield found
