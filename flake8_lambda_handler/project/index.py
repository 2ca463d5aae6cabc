"""Which files of a project concern us, and which use a name."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_lambda_handler.project.configured import Patterns
from flake8_lambda_handler.project.survey import TEST_FILE
from flake8_lambda_handler.project.survey import is_test_path
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.facts.terms import BodyTerms
    from flake8_lambda_handler.project.prefilter import Prefilter

#: In a project of more Python files, nobody asks who calls into a file or derives from it.
FILES = 500

#: Nor of a file into which more others may call.
CALLERS = 20

#: Nor what is given to objects by name, if more files than that call methods so.
NAMING = 40

#: Libraries whose clients are handed from one object to the other.
LIBRARIES = frozenset(
    {"aioboto3", "aiobotocore", "aiogram", "aiohttp", "asyncpg", "discord", "disnake"}
    | {
        "httpx",
        "motor",
        "opensearchpy",
        "playwright",
        "pyrogram",
        "redis",
        "sqlalchemy",
    }
    | {"telegram", "telethon"}
)

# Compiled when they are first used: most runs of flake8 need none of them.
_PACKAGE = r"(?m)^[ \t]*(?:import|from)[ \t]+(\w+)"
_ASYNC = r"\basync[ \t]+def[ \t]+(\w+)"
_CLASS = r"(?m)^[ \t]*class[ \t]+(\w+)[ \t]*\(([^)]*)\)"
_NAME = r"\w+"
_BEHIND_DOT = r"\.(\w+)"
_TEST_IMPORT = r"(?m)^\s*(?:import|from)\s+(?:pytest|unittest)\b"


class Project(Patterns):
    """All files under one configuration.

    Everything is found on demand, once, and kept: the modules that an import reaches,
    the templates of a folder, and who imports what (only when a name cannot be judged
    without it).
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._importers: dict[str, dict[str, list[str]]] = {}
        self._async_names: dict[str, set[str]] = {}
        self._defines_async: dict[str, bool] = {}
        #: Whether what a folder's files need is said in some words.
        self._asked: dict[tuple[str, re.Pattern[str]], bool] = {}
        self._derived: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._bodies: dict[str, BodyTerms | None] = {}
        #: The files with each word behind a dot, by the root of their project.
        self._dotted: dict[str, dict[str, list[str]]] = {}
        #: Whether others may give a file something async, with the text it was told of.
        self._given: dict[str, tuple[str, bool]] = {}
        #: How much text stands behind the bodies that are kept.
        self.characters_read = 0

    # -- coroutines -------------------------------------------------------------

    @cached_property
    def _prefilter(self) -> Prefilter:
        from flake8_lambda_handler.project.prefilter import Prefilter

        return Prefilter(self.find_path, self.source, self._may_be_filled)

    def may_hold_coroutines(self, path: str, text: str) -> bool:
        """Return whether a file may make, run or drop a coroutine, by its text."""
        return (
            ("import" in text or "async" in text or "= {}" in text or "= []" in text)
            and self._prefilter.may_hold_coroutines(path, text)
        ) or self._may_be_given(path, text)

    def _may_be_given(self, path: str, text: str) -> bool:
        """Return whether others may give a file the coroutines that it makes."""
        if "def " not in text or not self.is_small(path):
            return False
        known = self._given.get(path)
        if known is None or known[0] is not text:
            self._given[path] = known = (text, self._is_given(path, text))
        return known[1]

    def _is_given(self, path: str, text: str) -> bool:
        from flake8_lambda_handler.project import given

        keeps = given.keeps_functions(text)
        if not keeps and not given.uses_what_others_say(text):
            return False
        if not self._defines_any(self.tree(os.path.dirname(path))):
            return False
        return (keeps or given.calls_methods(text, self.async_names(path))) and bool(
            self.callers(path)
        )

    def asks_for(self, path: str, wanted: re.Pattern[str]) -> bool:
        """Return whether what a file's project needs is said in some words."""
        from flake8_lambda_handler.project import requirements

        folder = os.path.dirname(path)
        key = (folder, wanted)
        if key not in self._asked:
            self._asked[key] = requirements.asks_for(self.tree(folder), folder, wanted)
        return self._asked[key]

    def may_be_async(self, path: str) -> set[str]:
        """Return the names of a module that may have to do with coroutines."""
        return self._prefilter.may_be_async(path)

    def leads(self, texts: dict[str, str]) -> Iterator[str]:
        """Yield the modules that may be async to which some files lead, nearest first."""
        return self._prefilter.leads(texts)

    def body(self, path: str) -> BodyTerms | None:
        """Return what the body of a module does; `None` if it cannot be read."""
        if path not in self._bodies:
            from flake8_lambda_handler.facts import reader
            from flake8_lambda_handler.facts.module import Module

            text = self.source(path)
            known = self.kept(path)
            if text is not None and (known is None or not known.is_parsed):
                # Its tree takes ten times the memory, and few ask for it.
                known = Module(path, None, text)
            if known is None or known.is_broken:
                self._bodies[path] = None
            else:
                self._bodies[path] = reader.read(known.tree, path)
            self.characters_read += len(text or "")
        return self._bodies[path]

    def files_known(self) -> int:
        """Return of how many modules it is known which names are async."""
        return self._prefilter.size

    def has_read(self, path: str) -> bool:
        """Return whether it is known what the body of a module does."""
        return self._bodies.get(path) is not None

    def forget_bodies(self) -> None:
        """Let go of what the bodies of modules do; what is still needed is read again."""
        for body in filter(None, self._bodies.values()):
            body.take_apart()
        self._bodies.clear()
        self.characters_read = 0

    # -- users of a name --------------------------------------------------------

    def is_used_elsewhere(self, module: Module, name: str) -> bool:
        """Return whether another module of the project uses a name of this one.

        Tests do not count: they call a handler as Lambda does, or as it should be.
        """
        tree = self.tree(os.path.dirname(module.path))
        for path in self._importers_in(tree).get(module.path, ()):
            if name in (self.source(path) or ""):
                other = self.parse(path)
                if other is not None and self._uses_import(other, module, name):
                    return True
        return False

    def _importers_in(self, tree: Tree) -> dict[str, list[str]]:
        """Return the files, but for tests, that may import each module of a project.

        Every file is read once, and not kept: the text alone says what it imports.
        """
        if tree.root not in self._importers:
            found = self._importers[tree.root] = {}
            for path, text in self._texts(tree):
                for imported in self._imported(path, text, tree):
                    found.setdefault(imported, []).append(path)
        return self._importers[tree.root]

    def async_names(self, path: str) -> set[str]:
        """Return the names of the async functions of a file's project.

        With those of methods of the clients that it uses; `*` stands for any.
        """
        tree = self.tree(os.path.dirname(path))
        if tree.root not in self._async_names:
            from flake8_lambda_handler.libraries import async_apis

            names = self._async_names[tree.root] = set()
            left = set(LIBRARIES)
            for _, text in self._texts(tree):
                names.update(re.findall(_ASYNC, text) if "async" in text else ())
                if any(package in text for package in left):
                    left.difference_update(re.findall(_PACKAGE, text))
            for package in LIBRARIES - left:
                names |= async_apis.method_names(package)
        return self._async_names[tree.root]

    def is_small(self, path: str) -> bool:
        """Return whether all files of a file's project may be asked about it."""
        return self.tree(os.path.dirname(path)).size <= FILES

    def callers(self, path: str) -> list[str]:
        """Return the files of a small project that may call into one, also through others.

        None where there are too many of them.
        """
        tree = self.tree(os.path.dirname(path))
        importers = self._importers_in(tree)
        found = [path]
        for one in found:
            found += [by for by in importers.get(one, ()) if by not in found]
            if len(found) > CALLERS + 1:
                return []
        return found[1:]

    def _may_be_filled(self, path: str) -> bool:
        """Return whether a module that imports one may give it something async."""
        if not self.is_small(path):
            return False
        tree = self.tree(os.path.dirname(path))
        return self._defines_any(tree) and any(
            "async def" in (self.source(one) or "")
            for one in self._importers_in(tree).get(path, ())
        )

    def _defines_any(self, tree: Tree) -> bool:
        """Return whether a project has async functions."""
        if tree.root not in self._defines_async:
            self._defines_async[tree.root] = any(
                "async def" in text for _, text in self._texts(tree)
            )
        return self._defines_async[tree.root]

    def importers(self, module: Module) -> list[Module]:
        """Return the modules of a small project that import one; none if too many do.

        Who imports a package may use what its `__init__.py` has imported.
        """
        if not self.is_small(module.path):
            return []
        from flake8_lambda_handler.project import reexports

        importers = self._importers_in(self.tree(os.path.dirname(module.path)))
        found = reexports.users(module, importers, self.source, CALLERS)
        return [one for one in map(self.parse, sorted(found)) if one is not None]

    def naming(self, module: Module, words: Collection[str]) -> list[Module]:
        """Return the modules of a small project with one of some words behind a dot.

        None if there are too many.
        """
        tree = self.tree(os.path.dirname(module.path))
        if tree.size > FILES:
            return []
        if tree.root not in self._dotted:
            dotted = self._dotted[tree.root] = {}
            for path, text in self._texts(tree):
                for word in set(re.findall(_BEHIND_DOT, text)):
                    dotted.setdefault(word, []).append(path)
        found = {
            path for word in words for path in self._dotted[tree.root].get(word, ())
        }
        if len(found) > NAMING:
            return []
        return [one for one in map(self.parse, sorted(found)) if one is not None]

    def _imported(self, path: str, text: str, tree: Tree) -> set[str]:
        """Return the modules of a project that a file may import."""
        from flake8_lambda_handler.project import import_lines

        folder = os.path.dirname(path)
        found: set[str | None] = set()
        for dotted, level, name, _ in import_lines.all_imports(text):
            inner = f"{dotted}.{name}".strip(".")
            for wanted in (dotted, inner) if name else (dotted,):
                # What has no file of its name in the project is somebody else's.
                if not wanted or wanted.rpartition(".")[2] in tree.modules:
                    found.add(self.find_path(folder, wanted, level))
        return {one for one in found if one is not None and one != path}

    def _uses_import(self, other: Module, module: Module, name: str) -> bool:
        """Return whether a module imports a name from another one and uses it."""

        def leads(dotted: str, level: int) -> bool:
            folder = os.path.dirname(other.path)
            return self.find_path(folder, dotted, level) == module.path

        for node in ast.walk(other.tree):
            if isinstance(node, ast.ImportFrom):
                is_home = leads(node.module or "", node.level)
                for alias in node.names:
                    local = alias.asname or alias.name
                    if is_home and alias.name == name:
                        if _loads(other, local):
                            return True
                    inner = f"{node.module}.{alias.name}" if node.module else alias.name
                    if not is_home and alias.name != name:
                        if leads(inner, node.level) and _reads_attribute(other, name):
                            return True
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if leads(alias.name, 0) and _reads_attribute(other, name):
                        return True
        return False

    def mentioning(self, folder: str, word: str) -> list[str] | None:
        """Return the files of a project, but for tests, with a word in their text.

        `None` if the project has too many files to look into.
        """
        tree = self.tree(folder)
        if tree.size > FILES:
            return None
        return [path for path, text in self._texts(tree) if word in text]

    def has_text(self, module: Module, pattern: str) -> bool:
        """Return whether a file of a module's project, but for tests, has some text."""
        tree = self.tree(os.path.dirname(module.path))
        return any(re.search(pattern, text) for _, text in self._texts(tree))

    # -- classes ----------------------------------------------------------------

    def descendants(self, folder: str, *names: str) -> Iterator[tuple[str, str]]:
        """Yield the classes derived from those of some names, each after its file.

        Those of tests do not count: what they replace is not what runs.
        """
        found = list(names)
        for name in found:
            for path, cls in self._derived_from(folder, name):
                yield path, cls
                if cls not in found:
                    found.append(cls)

    def derived(self, module: Module, name: str) -> list[tuple[Module, str]]:
        """Return the classes of a small project derived from one of a module.

        They may be derived from another one of its name; none if there are too many.
        """
        if not self.is_small(module.path):
            return []
        found = set(self.descendants(os.path.dirname(module.path), name))
        if len(found) > CALLERS:
            return []
        parsed = [(self.parse(path), cls) for path, cls in sorted(found)]
        return [(one, cls) for one, cls in parsed if one is not None]

    def _derived_from(self, folder: str, name: str) -> list[tuple[str, str]]:
        """Return the classes of a project that name a base so, each after its file."""
        tree = self.tree(folder)
        if tree.root not in self._derived:
            found = self._derived[tree.root] = {}
            for path, text in self._texts(tree):
                for cls, bases in re.findall(_CLASS, text):
                    for base in set(re.findall(_NAME, bases)):
                        found.setdefault(base, []).append((path, cls))
        return self._derived[tree.root].get(name, [])

    def _texts(self, tree: Tree) -> Iterator[tuple[str, str]]:
        """Yield each file of a project, but for tests, with its text, not kept."""
        for path in tree.python_files():
            if not is_test_path(path[len(tree.root) + 1 :]):
                yield path, self._sources.passing(path)

    def is_test(self, module: Module) -> bool:
        """Return whether a module holds tests, by its path or by what it imports."""
        folder, name = os.path.split(module.path)
        if re.fullmatch(TEST_FILE, name):
            return True
        below = folder.removeprefix(self.tree(folder).root).split(os.sep)
        if any(part in ("test", "tests") for part in below):
            return True
        return bool(re.search(_TEST_IMPORT, module.text))


def _loads(module: Module, name: str) -> bool:
    return any(name in scope.loaded for scope in module.scopes.values())


def _reads_attribute(module: Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == name
        for node in ast.walk(module.tree)
    )
