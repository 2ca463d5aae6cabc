"""Uses of a coroutine function in the other files of the project."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.handlers import last_binding
from flake8_lambda_handler.migrate.expected import Expected
from flake8_lambda_handler.migrate.imports import free_name
from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.source import Edit
from flake8_lambda_handler.migrate.source import Source
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.uses import LEAVE
from flake8_lambda_handler.migrate.uses import REDIRECT
from flake8_lambda_handler.migrate.uses import UNDECIDED
from flake8_lambda_handler.migrate.uses import Use
from flake8_lambda_handler.migrate.uses import missing
from flake8_lambda_handler.migrate.uses import uses
from flake8_lambda_handler.module import Module
from flake8_lambda_handler.project import Project

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

    #: The import of the function; None for an import of its module.
    alias: ast.alias | None
    #: The name is defined where it is imported from, not handed on from there.
    is_direct: bool
    uses: list[Use]


def users(project: Project, root: str, names: set[str]) -> dict[Home, set[str]]:
    """Return the files below a folder that import functions of these names.

    Those whose import leads nowhere stand under a home without a path.
    """
    found: dict[Home, set[str]] = {}
    for path in project.python_files(root):
        text = project.source(path)
        if text is None or not any(name in text for name in names):
            continue
        module = project.parse(path)
        if module is not None:
            for home in _homes(project, module, names):
                found.setdefault(home, set()).add(path)
    return found


class User:
    """A file that imports a coroutine function, and what it does with it.

    Raises:
        Undecided: a use may need the coroutine function, or not.
    """

    def __init__(self, project: Project, module: Module, data: bytes, home: Home):
        self.path = module.path
        self._source = Source(data)
        self._names = Names(self._source.tree)
        self._home = home
        self._imported = list(self._imports(project, module))
        for imported in self._imported:
            for use in imported.uses:
                if use.decision == UNDECIDED or (
                    use.decision == REDIRECT and not imported.is_direct
                ):
                    reason = "is used here, perhaps as a coroutine function"
                    raise Undecided(self.path, use.node.lineno, reason)

    @property
    def needs_coroutine(self) -> bool:
        return any(
            use.decision == REDIRECT for one in self._imported for use in one.uses
        )

    def redirected(self, function: ast.AsyncFunctionDef, name: str) -> bytes:
        """Return the file with its uses redirected to the implementation.

        Raises:
            Undecided: a call relies on a default that cannot be written there.
        """
        source = self._source
        edits: set[Edit] = set()
        expected = Expected(source.text, self._names)
        for imported in self._imported:
            redirected = [use for use in imported.uses if use.decision == REDIRECT]
            for use in redirected:
                added = missing(use, function)
                if added is None:
                    reason = "is called here without what its defaults give"
                    raise Undecided(self.path, use.node.lineno, reason)
                if added and use.call:
                    edits.add(source.keywords_added(use.call, added))
                    expected.add_keywords(use.call, added)
            alias = imported.alias
            if alias is None:
                for use in redirected:
                    end = source.end(use.node)
                    edits.add(Edit(end - len(self._home.name), end, name))
                    expected.rename(use.node, name)
            elif redirected:
                local = alias.asname or alias.name
                start, end = source.start(alias), source.end(alias)
                if len(redirected) == len(imported.uses):
                    edits.add(Edit(start, end, f"{name} as {local}"))
                    expected.import_as(alias, [(name, local)])
                    continue
                other = free_name(source, name)
                text = name if other == name else f"{name} as {other}"
                edits.add(Edit(end, end, f", {text}"))
                kept = (alias.name, alias.asname)
                expected.import_as(
                    alias, [kept, (name, None if other == name else other)]
                )
                for use in redirected:
                    edits.add(Edit(source.start(use.node), source.end(use.node), other))
                    expected.rename(use.node, other)
        data = source.encode(source.edited(edits))
        if not expected.is_met(parse(data)):
            reason = "cannot be redirected without touching other code"
            raise Undecided(self.path, 1, reason)
        return data

    def _imports(self, project: Project, module: Module) -> Iterator[Imported]:
        for node in self._names.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield from self._from(project, module, node, alias)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found = project.find_module(module, alias.name, 0)
                    if found is not None and found.path == self._home.path:
                        local = alias.asname or alias.name
                        yield Imported(None, True, self._attributes(alias, local))

    def _from(
        self, project: Project, module: Module, node: ast.ImportFrom, alias: ast.alias
    ) -> Iterator[Imported]:
        dotted = node.module or ""
        found = project.find_module(module, dotted, node.level)
        if alias.name == "*":
            if found is not None and found.path == self._home.path:
                yield Imported(alias, False, self._uses(alias, self._home.name))
        elif alias.name == self._home.name and (
            found is None
            and _may_be(dotted, self._home)
            or found is not None
            and _home(project, found, alias.name) == self._home
        ):
            is_direct = found is not None and found.path == self._home.path
            yield Imported(
                alias, is_direct, self._uses(alias, alias.asname or alias.name)
            )
        inner = f"{dotted}.{alias.name}" if dotted else alias.name
        submodule = project.find_module(module, inner, node.level)
        if submodule is not None and submodule.path == self._home.path:
            local = alias.asname or alias.name
            yield Imported(None, True, self._attributes(alias, local))

    def _uses(self, alias: ast.alias, local: str) -> list[Use]:
        scope = self._names.home(alias, local)
        return uses(self._names, self._names.loads(local, scope))

    def _attributes(self, alias: ast.alias, local: str) -> list[Use]:
        first = local.partition(".")[0]
        scope = self._names.home(alias, first)
        nodes = [
            node
            for node in self._names.nodes
            if isinstance(node, ast.Attribute)
            and node.attr == self._home.name
            and isinstance(node.ctx, ast.Load)
            and _dotted(node.value) == local
            and self._names.home(node, first) is scope
        ]
        return uses(self._names, nodes)


def _homes(project: Project, module: Module, names: set[str]) -> Iterator[Home]:
    """Yield the functions that a module may import, each perhaps more than once."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            dotted = node.module or ""
            found = project.find_module(module, dotted, node.level)
            for alias in node.names:
                if alias.name in names:
                    if found is None:
                        yield Home("", alias.name)
                    elif home := _home(project, found, alias.name):
                        yield home
                inner = f"{dotted}.{alias.name}" if dotted else alias.name
                submodule = project.find_module(module, inner, node.level)
                if submodule is not None:
                    yield from (Home(submodule.path, name) for name in names)
                elif alias.name == "*" and found is not None:
                    yield from (Home(found.path, name) for name in names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found = project.find_module(module, alias.name, 0)
                if found is not None:
                    yield from (Home(found.path, name) for name in names)


def _home(project: Project, module: Module, name: str) -> Home | None:
    """Return where a name that can be imported from a module is defined."""
    for _ in range(_MAX_HOPS):
        node = last_binding(module.tree, name)
        if not isinstance(node, ast.ImportFrom):
            return None if node is None else Home(module.path, name)
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                name = alias.name
        found = project.find_module(module, node.module or "", node.level)
        if found is None:
            return None
        module = found
    return None


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
