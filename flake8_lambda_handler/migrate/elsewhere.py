"""Uses of coroutine functions in the other files of the project."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.migrate.draft import Draft
from flake8_lambda_handler.migrate.imports import free_name
from flake8_lambda_handler.migrate.names import imports
from flake8_lambda_handler.migrate.rewrite import implementation_name
from flake8_lambda_handler.migrate.source import NoPython
from flake8_lambda_handler.migrate.uses import REDIRECT
from flake8_lambda_handler.migrate.uses import UNDECIDED
from flake8_lambda_handler.migrate.uses import Use
from flake8_lambda_handler.migrate.uses import missing
from flake8_lambda_handler.migrate.uses import uses
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.root import Tree

#: How many re-exports are followed, one behind the other.
_MAX_HOPS = 8

#: What a name comes from that no `from … import` binds.
_OWN = ("", 0, "")


class Home(NamedTuple):
    """Where a function is defined: absolute path, and its name there.

    The path is a dotted name, as it was written, where an import leads nowhere.
    """

    path: str
    name: str


class Undecided(Exception):
    """Uses that cannot be redirected, nor left; `line` is where the first stands."""

    def __init__(
        self, path: str, line: int, reason: str, homes: Collection[Home]
    ) -> None:
        super().__init__(reason)
        self.path = path
        self.line = line
        #: The functions that are used.
        self.homes = homes


class UsedImport(NamedTuple):
    """One import of a function or of its module, and the uses through it."""

    home: Home
    #: The import of the function; None for an import of a module that has it.
    alias: ast.alias | None
    #: The files that hand the function on, from here to its home; empty for an
    #: import from its home, None where a redirected import would lead nowhere.
    through: tuple[str, ...] | None
    uses: list[Use]


class Elsewhere:
    """What the other files of a project do with some of its functions.

    `get` gives the bytes of a file.
    """

    def __init__(
        self, project: Project, homes: Collection[Home], get: Callable[[str], bytes]
    ) -> None:
        self._project = project
        self._bound: dict[str, dict[str, tuple[str, int, str]]] = {}
        # A run that was killed has redirected to what is not there yet.
        self._halfway = {
            Home(home.path, name): home
            for home in homes
            if (name := implementation_name(home.name)) not in self._bindings(home.path)
        }
        self._homes = {*homes, *self._halfway}
        #: The names of the functions, those under which they are handed on included.
        self._names = {home.name for home in self._homes}
        self._users: dict[Home, dict[str, bool]] = {}
        self._awaited: set[Home] = set()
        self._undecided: dict[Home, Undecided] = {}
        folders = {os.path.dirname(home.path) for home in homes}
        trees = dict.fromkeys(map(project.tree, sorted(folders)))
        for path in sorted({one for tree in trees for one in self._importers(tree)}):
            self._ask(path, get)

    def is_awaited(self, home: Home) -> bool:
        """Return whether another file needs the coroutine function."""
        return home in self._awaited

    def users(self, home: Home) -> dict[str, bool]:
        """Return the files to change, and whether they hand the function on.

        A file that hands it on comes before those that get it from there.

        Raises:
            Undecided: a use may need the coroutine function, or not.
        """
        keys = [home, *(Home(dotted, home.name) for dotted in _endings(home.path))]
        found = [self._undecided[key] for key in keys if key in self._undecided]
        if found:
            raise min(found, key=lambda one: (one.path, one.line))
        return self._users.get(home, {})

    def redirected(
        self,
        path: str,
        data: bytes,
        implementations: Mapping[Home, tuple[ast.AsyncFunctionDef, str]],
        handed_on: Collection[Home],
    ) -> bytes:
        """Return a file with its uses redirected: functions as they were, new names.

        `handed_on` are the functions that other files import from this one.

        Raises:
            Undecided: a call relies on a default that cannot be written there.
        """
        draft = Draft(data)
        for home, alias, _, found in self._imports(path, draft):
            if home not in implementations:
                continue
            function, name = implementations[home]
            redirected = [use for use in found if use.decision == REDIRECT]
            for use in redirected:
                added = missing(use, function)
                if added is None:
                    reason = "is called here without what its defaults give"
                    raise Undecided(path, use.node.lineno, reason, [home])
                if added and use.call:
                    draft.add_keywords(use.call, added)
            local = name
            if alias is not None:
                is_handed_on = home in handed_on and _hands_on(draft, alias, name)
                if not redirected and not is_handed_on:
                    continue
                if len(redirected) == len(found) and not is_handed_on:
                    draft.import_as(alias, name, alias.asname or alias.name)
                    continue
                local = name if is_handed_on else free_name(draft.source, name)
                draft.import_too(alias, name, local)
            for use in redirected:
                draft.rename(use.node, local)
        new = draft.finish()
        if new is None:
            reason = "cannot be redirected without touching other code"
            raise Undecided(path, 1, reason, list(implementations))
        return new

    def _importers(self, tree: Tree) -> set[str]:
        """Return the files of a project that may import one of the functions."""
        found: set[str] = set()
        names = self._names
        while names:
            more = set()
            for path in tree.python_files():
                text = self._project.source(path) or ""
                if not names.isdisjoint(re.findall(r"\w+", text)):
                    for _, local in self._imported(path, names):
                        found.add(path)
                        more.add(local)
            # A function goes on under another name.
            names = more - self._names
            self._names = self._names | names
        return found

    def _imported(self, path: str, names: set[str]) -> Iterator[tuple[Home, str]]:
        """Yield the functions that a file may import by these names, and as what."""
        module = self._project.parse(path)
        for node, alias in imports(ast.walk(module.tree)) if module else ():
            source, submodule = self._modules(path, node, alias)
            if alias.name in names and isinstance(node, ast.ImportFrom):
                way = self._way(source, alias.name)
                if source is None:
                    way = Home(node.module or "", alias.name), ()
                if way is not None:
                    yield way[0], alias.asname or alias.name
            for one in (submodule, source if alias.name == "*" else None):
                for name in names.intersection(self._bindings(one)):
                    if way := self._way(one, name):
                        yield way[0], name

    def _ask(self, path: str, get: Callable[[str], bytes]) -> None:
        """Note what a file does with the functions."""
        try:
            draft = Draft(get(path))
        except (OSError, NoPython) as error:
            homes = [home for home, _ in self._imported(path, self._names)]
            line = error.line if isinstance(error, NoPython) else 1
            self._refuse(Undecided(path, line, str(error), homes))
            return
        for home, _, through, found in self._imports(path, draft):
            if home in self._halfway:
                self._awaited.add(self._halfway[home])
            for use in found:
                is_redirected = use.decision == REDIRECT
                if use.decision == UNDECIDED or is_redirected and through is None:
                    reason = "is used here, perhaps as a coroutine function"
                    self._refuse(Undecided(path, use.node.lineno, reason, [home]))
                elif is_redirected:
                    self._awaited.add(home)
                    users = self._users.setdefault(home, {})
                    users.update(dict.fromkeys(reversed(through or ()), True))
                    users.setdefault(path, False)

    def _refuse(self, undecided: Undecided) -> None:
        for home in undecided.homes:
            self._undecided.setdefault(home, undecided)

    def _imports(self, path: str, draft: Draft) -> Iterator[UsedImport]:
        """Yield the imports of functions of other files, and the uses through each."""
        names = draft.names
        attributes: dict[str, list[ast.Attribute]] = {}
        for node in names.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                if node.attr in self._names:
                    attributes.setdefault(_dotted(node.value), []).append(node)
        for statement, alias in names.imports:
            local = alias.asname or alias.name
            scope = names.home(alias, local.partition(".")[0])
            source, submodule = self._modules(path, statement, alias)
            wanted = [alias.name] if isinstance(statement, ast.ImportFrom) else []
            if wanted == ["*"]:
                wanted = sorted(self._names.intersection(self._bindings(source)))
            for name in wanted:
                loads = names.loads(name if alias.name == "*" else local, scope)
                if way := self._way(source, name):
                    if way[0].path != path:
                        through = None if alias.name == "*" else way[1]
                        yield UsedImport(way[0], alias, through, uses(names, loads))
                elif source is None and name in self._names:
                    home = Home(getattr(statement, "module", "") or "", name)
                    yield UsedImport(home, alias, None, uses(names, loads))
            for node in attributes.get(local, ()):
                way = self._way(submodule, node.attr)
                if way is not None and way[0].path != path:
                    if names.home(node, local.partition(".")[0]) is scope:
                        yield UsedImport(way[0], None, way[1], uses(names, [node]))

    def _modules(
        self, path: str, node: ast.Import | ast.ImportFrom, alias: ast.alias
    ) -> tuple[str | None, str | None]:
        """Return the module that an import takes a name of, and the one it binds."""
        if isinstance(node, ast.Import):
            return None, self._find(path, alias.name, 0)
        dotted = node.module or ""
        inner = f"{dotted}.{alias.name}" if dotted else alias.name
        source = self._find(path, dotted, node.level)
        return source, self._find(path, inner, node.level)

    def _find(self, path: str, dotted: str, level: int) -> str | None:
        return self._project.find_path(os.path.dirname(path), dotted, level)

    def _bindings(self, path: str | None) -> dict[str, tuple[str, int, str]]:
        """Return what a module binds: from which module, on which level, as what."""
        if path is None:
            return {}
        if path not in self._bound:
            module = self._project.parse(path)
            last = dict(bindings(module.tree)) if module else {}
            bound = self._bound[path] = dict.fromkeys(last, _OWN)
            for statement, alias in imports(dict.fromkeys(last.values())):
                local = alias.asname or alias.name
                if isinstance(statement, ast.ImportFrom) and last[local] is statement:
                    bound[local] = (statement.module or "", statement.level, alias.name)
        return self._bound[path]

    def _way(self, path: str | None, name: str) -> tuple[Home, tuple[str, ...]] | None:
        """Return the function that a name of a module is, and the files on the way.

        None: it is none of those asked about.
        """
        way: tuple[str, ...] = ()
        for _ in range(_MAX_HOPS):
            if path is None:
                break
            dotted, level, imported = self._bindings(path).get(name, _OWN)
            if not imported:
                home = Home(path, name)
                return (home, way) if home in self._homes else None
            way = (*way, path)
            path = self._find(path, dotted, level)
            name = imported
        return None


def _hands_on(draft: Draft, alias: ast.alias, name: str) -> bool:
    """Return whether an import at module level is to import a name, too."""
    statement = draft.names.parents[alias]
    has_it = any(other.name == name for other in getattr(statement, "names", ()))
    return not has_it and not any(draft.names.scopes(alias))


def _endings(path: str) -> Iterator[str]:
    """Yield the dotted names that the module at a path may be imported by."""
    path = path.removesuffix(".py").removesuffix(f"{os.sep}__init__")
    parts = path.replace(os.sep, ".").split(".")
    for start in range(len(parts)):
        yield ".".join(parts[start:])


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
