"""Uses of a coroutine function in the other files of the project."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.handlers import bindings
from flake8_lambda_handler.handlers import last_binding
from flake8_lambda_handler.migrate.expected import Expected
from flake8_lambda_handler.migrate.imports import free_name
from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.source import Edit
from flake8_lambda_handler.migrate.source import Source
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.uses import REDIRECT
from flake8_lambda_handler.migrate.uses import UNDECIDED
from flake8_lambda_handler.migrate.uses import Use
from flake8_lambda_handler.migrate.uses import missing
from flake8_lambda_handler.migrate.uses import uses
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.project import Project
from flake8_lambda_handler.root import Tree

#: How many re-exports are followed, one behind the other.
_MAX_HOPS = 8


class Home(NamedTuple):
    """Where a function is defined: absolute path, and its name there."""

    path: str
    name: str


class Undecided(Exception):
    """A use that cannot be redirected, nor left; `line` is where it stands."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line


class Imported(NamedTuple):
    """One import of the function or of its module, and the uses through it."""

    #: The import of the function; None for an import of a module that has it.
    alias: ast.alias | None
    #: The files that hand the function on, from here to its home; empty for an
    #: import from its home, None where a redirected import would lead nowhere.
    through: tuple[str, ...] | None
    uses: list[Use]


def users(project: Project, tree: Tree, homes: set[Home]) -> dict[Home, set[str]]:
    """Return the files of a tree that import the functions.

    Those whose import leads nowhere stand under a home without a path.
    """
    found: dict[Home, set[str]] = {}
    names = {home.name for home in homes}
    paths = list(tree.python_files())
    while True:
        new_names = set(names)
        for path in paths:
            text = project.source(path)
            if text is None or not any(name in text for name in names):
                continue
            module = project.parse(path)
            if module is not None:
                for home, local in _homes(project, module, names):
                    if home in homes or not home.path:
                        found.setdefault(home, set()).add(path)
                        new_names.add(local)
        if new_names == names:
            return found
        # The function goes on under another name.
        names = new_names


class User:
    """A file that imports a coroutine function, and what it does with it.

    Raises:
        Undecided: a use may need the coroutine function, or not.
    """

    def __init__(self, project: Project, module: Module, data: bytes, home: Home):
        self.path = module.path
        self._source = Source(data)
        self._names = Names(self._source.tree)
        self._imported = list(self._imports(project, module, home))
        for imported in self._imported:
            for use in imported.uses:
                if use.decision == UNDECIDED or (
                    use.decision == REDIRECT and imported.through is None
                ):
                    reason = "is used here, perhaps as a coroutine function"
                    raise Undecided(self.path, use.node.lineno, reason)

    @property
    def needs_coroutine(self) -> bool:
        return any(
            use.decision == REDIRECT for one in self._imported for use in one.uses
        )

    @property
    def through(self) -> set[str]:
        """Return the files that have to hand the implementation on to this one."""
        return {
            path
            for one in self._imported
            if any(use.decision == REDIRECT for use in one.uses)
            for path in one.through or ()
        }

    def redirected(
        self, function: ast.AsyncFunctionDef, name: str, *, hands_on: bool
    ) -> bytes:
        """Return the file with its uses redirected to the implementation.

        `hands_on`: other files import the implementation from this one.

        Raises:
            Undecided: a call relies on a default that cannot be written there.
        """
        source = self._source
        edits: set[Edit] = set()
        expected = Expected(source.text, self._names)
        for alias, _, found in self._imported:
            redirected = [use for use in found if use.decision == REDIRECT]
            for use in redirected:
                added = missing(use, function)
                if added is None:
                    reason = "is called here without what its defaults give"
                    raise Undecided(self.path, use.node.lineno, reason)
                if added and use.call:
                    edits.add(source.keywords_added(use.call, added))
                    expected.add_keywords(use.call, added)
            if alias is None:
                for use in redirected:
                    assert isinstance(use.node, ast.Attribute)
                    end = source.end(use.node)
                    edits.add(Edit(end - len(use.node.attr), end, name))
                    expected.rename(use.node, name)
                continue
            is_handed_on = hands_on and not any(self._names.scopes(alias))
            if not redirected and not is_handed_on:
                continue
            start, end = source.start(alias), source.end(alias)
            if len(redirected) == len(found) and not is_handed_on:
                local = alias.asname or alias.name
                edits.add(Edit(start, end, f"{name} as {local}"))
                expected.import_as(alias, [(name, local)])
                continue
            other = name if is_handed_on else free_name(source, name)
            text = name if other == name else f"{name} as {other}"
            edits.add(Edit(end, end, f", {text}"))
            added_name = (name, None if other == name else other)
            expected.import_as(alias, [(alias.name, alias.asname), added_name])
            for use in redirected:
                edits.add(Edit(source.start(use.node), source.end(use.node), other))
                expected.rename(use.node, other)
        data = source.encode(source.edited(edits))
        if not expected.is_met(parse(data)):
            reason = "cannot be redirected without touching other code"
            raise Undecided(self.path, 1, reason)
        return data

    def _imports(
        self, project: Project, module: Module, home: Home
    ) -> Iterator[Imported]:
        for node in self._names.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield from self._from(project, module, home, node, alias)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found = project.find_module(module, alias.name, 0)
                    yield from self._through(project, found, home, alias)

    def _from(
        self,
        project: Project,
        module: Module,
        home: Home,
        node: ast.ImportFrom,
        alias: ast.alias,
    ) -> Iterator[Imported]:
        dotted = node.module or ""
        found = project.find_module(module, dotted, node.level)
        if alias.name == "*":
            if found is not None and found.path == home.path:
                yield Imported(alias, None, self._uses(alias, home.name))
        elif found is None:
            if alias.name == home.name and _may_be(dotted, home):
                local = alias.asname or alias.name
                yield Imported(alias, None, self._uses(alias, local))
        else:
            way = _way(project, found, alias.name, home)
            if way is not None:
                local = alias.asname or alias.name
                yield Imported(alias, way, self._uses(alias, local))
        inner = f"{dotted}.{alias.name}" if dotted else alias.name
        submodule = project.find_module(module, inner, node.level)
        yield from self._through(project, submodule, home, alias)

    def _through(
        self, project: Project, found: Module | None, home: Home, alias: ast.alias
    ) -> Iterator[Imported]:
        """Yield the uses through a module, by each name that it has the function by."""
        if found is None or home.name not in found.text:
            return
        for name in {bound for bound, _ in bindings(found.tree)}:
            way = _way(project, found, name, home)
            if way is not None:
                local = alias.asname or alias.name
                yield Imported(None, way, self._attributes(alias, local, name))

    def _uses(self, alias: ast.alias, local: str) -> list[Use]:
        scope = self._names.home(alias, local)
        return uses(self._names, self._names.loads(local, scope))

    def _attributes(self, alias: ast.alias, local: str, name: str) -> list[Use]:
        first = local.partition(".")[0]
        scope = self._names.home(alias, first)
        nodes = [
            node
            for node in self._names.nodes
            if isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.ctx, ast.Load)
            and _dotted(node.value) == local
            and self._names.home(node, first) is scope
        ]
        return uses(self._names, nodes)


def _homes(
    project: Project, module: Module, names: set[str]
) -> Iterator[tuple[Home, str]]:
    """Yield the functions that a module may import, and their names there."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            dotted = node.module or ""
            found = project.find_module(module, dotted, node.level)
            for alias in node.names:
                local = alias.asname or alias.name
                if alias.name in names:
                    if found is None:
                        yield Home("", alias.name), local
                    elif home := _home(project, found, alias.name)[0]:
                        yield home, local
                inner = f"{dotted}.{alias.name}" if dotted else alias.name
                submodule = project.find_module(module, inner, node.level)
                yield from _members(project, submodule, names)
                if alias.name == "*":
                    yield from _members(project, found, names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found = project.find_module(module, alias.name, 0)
                yield from _members(project, found, names)


def _members(
    project: Project, module: Module | None, names: set[str]
) -> Iterator[tuple[Home, str]]:
    if module is not None:
        for name in sorted(names):
            if name in module.text and (home := _home(project, module, name)[0]):
                yield home, name


def _way(
    project: Project, module: Module, name: str, home: Home
) -> tuple[str, ...] | None:
    """Return the files between a module's name and a function; None: it is another."""
    found, way = _home(project, module, name)
    return way if found == home else None


def _home(
    project: Project, module: Module, name: str
) -> tuple[Home | None, tuple[str, ...]]:
    """Return where a name of a module is defined, and the files on the way there."""
    way: tuple[str, ...] = ()
    for _ in range(_MAX_HOPS):
        node = last_binding(module.tree, name)
        if node is None:
            break
        if not isinstance(node, ast.ImportFrom):
            return Home(module.path, name), way
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                name = alias.name
        found = project.find_module(module, node.module or "", node.level)
        if found is None:
            break
        way = (*way, module.path)
        module = found
    return None, way


def _may_be(dotted: str, home: Home) -> bool:
    """Can an import that leads nowhere mean the module at this path?"""
    path = home.path.removesuffix(".py").removesuffix(f"{os.sep}__init__")
    return bool(dotted) and f".{path}".replace(os.sep, ".").endswith(f".{dotted}")


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
