"""The programs of projects that deploy functions, each with what its files declare."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_lambda_handler import programs
from flake8_lambda_handler.project.homes import Homes
from flake8_lambda_handler.project.survey import is_test_path
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.model import Template

#: Most files of one program that are read.
MOST_PROGRAMS = 300


class Deployed(Homes):
    """The Python files that declare functions as templates do."""

    def __init__(self) -> None:
        super().__init__()
        self._run_in: dict[str, dict[str, Template]] = {}

    def programs(self, folder: str, tree: Tree) -> dict[str, Template]:
        """Return what the program that is run in a folder declares, by its files.

        They are read together, because one says what the functions of another are given.
        """
        if folder not in self._run_in:
            found = self._run_in[folder] = self._scripts(folder, tree)
            if not programs.ROOTS.isdisjoint(tree.listing(folder).files):
                found |= self._read(folder, tree)
        return self._run_in[folder]

    def _scripts(self, folder: str, tree: Tree) -> dict[str, Template]:
        """Return what the scripts of a folder declare, each run there on its own."""
        found: dict[str, Template] = {}
        names = [x for x in tree.listing(folder).files if x.endswith(".py")]
        for name in sorted(names)[:MOST_PROGRAMS]:
            path = os.path.join(folder, name)
            if not is_test_path(path[len(tree.root) + 1 :]):
                text = self._sources.passing(path)
                module = self.parse(path) if programs.is_script(text) else None
                if module is not None:
                    found |= programs.declarations([module], self, folder, None)
        return found

    def _read(self, folder: str, tree: Tree) -> dict[str, Template]:
        texts: dict[str, str] = {}
        modules: list[Module] = []
        for path in _run_below(folder, tree):
            text = self._sources.passing(path)
            if programs.is_part(text):
                texts[path] = text
            if programs.may_declare(text) and len(modules) < MOST_PROGRAMS:
                module = self.parse(path)
                modules += [] if module is None else [module]

        def others(word: str) -> Iterator[Module]:
            is_said = re.compile(rf"\b{re.escape(word)}\b").search
            for path in [path for path, text in texts.items() if is_said(text)]:
                if (module := self.parse(path)) is not None:
                    yield module

        is_proxied = any(map(programs.is_about_proxies, texts.values()))
        return programs.declarations(
            modules, self, folder, others if is_proxied else None
        )

    def program(self, path: str) -> Template | None:
        """Return what a file declares that is part of a program; None for others."""
        if not path.endswith(".py"):
            return None
        read = self._run_in.values()
        return next((found[path] for found in read if path in found), None)

    def said_by(self, folder: str, tree: Tree) -> Iterator[tuple[str, str]]:
        """Yield the files of the program of a folder, with what they say of code."""
        for path, found in self.programs(folder, tree).items():
            yield path, said(found)


def said(found: Template) -> str:
    """Return what a file says of handlers and code, as a text with their names."""
    return "\n".join(" ".join((x.handler, *x.code)) for x in found.declarations)


def _run_below(folder: str, tree: Tree) -> Iterator[str]:
    """Yield the Python files of the program that is run in a folder, but for tests."""
    others: list[str] = []
    for one, names in tree.walk(folder):
        if one != folder and not programs.ROOTS.isdisjoint(names):
            others.append(one)
        if not any(is_inside(one, other) for other in others):
            for name in sorted(names):
                path = os.path.join(one, name)
                if name.endswith(".py") and not is_test_path(path[len(folder) + 1 :]):
                    yield path
