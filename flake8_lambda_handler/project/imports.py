"""From an import to the file that it loads, and what is kept of such files."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from flake8_lambda_handler.project.sources import Sources
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module

#: Folders whose modules are there for the functions beside them.
_SHARED = frozenset({"common", "layer", "layers", "lib", "libs", "shared"})

#: What lies in such folders is not deployed.
TEST_FOLDERS = frozenset({"test", "testing", "tests"})


class Imports:
    """The files of projects: the modules that imports load, and their texts."""

    def __init__(self) -> None:
        self._modules: dict[str, Module | None] = {}
        #: The length of their texts.
        self._kept_characters = 0
        self._sources = Sources()
        self._roots = Roots()
        self._trees: dict[str, Tree] = {}
        #: The folders of which templates make layers, by the root of their project.
        self._layers: dict[str, frozenset[str]] = {}
        self._found: dict[tuple[str, str, int], str | None] = {}

    def add(self, module: Module) -> None:
        """Keep the module of a file that is being checked."""
        self.drop(module.path)
        self._modules[module.path] = module
        self._kept_characters += len(module.text)
        self._sources.keep(module.path, module.text)

    def kept(self, path: str) -> Module | None:
        """Return the module of a file, if it is kept."""
        return self._modules.get(path)

    def drop(self, path: str) -> None:
        """Let go of the module of a file that nothing else imports."""
        module = self._modules.pop(path, None)
        if module is not None:
            self._kept_characters -= len(module.text)

    def forget(self) -> None:
        """Let go of all parsed modules; what is still needed is parsed again."""
        self._modules.clear()
        self._kept_characters = 0

    @property
    def with_trees(self) -> list[Module]:
        """Return the modules whose trees are kept."""
        return [one for one in self._modules.values() if one and one.is_parsed]

    def keeps_trees_of(self, characters: int) -> bool:
        """Return whether syntax trees of more than so much text are kept."""
        if self._kept_characters <= characters:
            return False
        return sum([len(one.text) for one in self.with_trees]) > characters

    def parse(self, path: str) -> Module | None:
        """Return the module of a file on disk; `None` if it cannot be parsed."""
        module = self._module(path)
        return None if module is None or module.is_broken else module

    def _module(self, path: str) -> Module | None:
        """Return the module of a file that can be read; it need not be parsed yet."""
        from flake8_lambda_handler.facts.module import Module

        if path not in self._modules:
            text = self.source(path)
            made = None if text is None else Module(path, None, text)
            self._modules[path] = made
            self._kept_characters += len(text or "")
        return self._modules[path]

    def source(self, path: str) -> str | None:
        """Return the text of a Python file; `None` if it cannot be read."""
        return self._sources.text(path)

    def length(self, path: str) -> int:
        """Return the number of characters of a Python file; 0 if it cannot be read."""
        return self._sources.length(path)

    def tree(self, folder: str) -> Tree:
        """Return the project that files in a folder belong to."""
        root = self._roots.of(folder)
        if root not in self._trees:
            self._trees[root] = Tree(root)
        return self._trees[root]

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""
        path = self.find_path(os.path.dirname(module.path), dotted, level)
        return None if path is None else self._module(path)

    def find_path(self, folder: str, dotted: str, level: int) -> str | None:
        """Return the project's file that an import in a folder's files loads."""
        key = (folder, dotted, level)
        if key not in self._found:
            found = self._search(folder, dotted, level)
            # The same few folders and modules, each time as a text of its own.
            key = (sys.intern(folder), sys.intern(dotted), level)
            self._found[key] = found and sys.intern(found)
        return self._found[key]

    def _search(self, folder: str, dotted: str, level: int) -> str | None:
        parts = dotted.split(".") if dotted else []
        tree = self.tree(folder)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return tree.module(folder, parts)
        if not parts or parts[0] in sys.stdlib_module_names:
            return None
        own = self._module_at(tree, folder, parts)
        base = tree.base(folder)
        if own is None and base != folder:
            if self._is_library(tree, base, folder, parts[0]):
                return None
            # The same for all folders of a package, and looked for once.
            return self.find_path(base, dotted, 0)
        while is_inside(base, tree.root):
            found = self._module_at(tree, base, parts)
            if found is None and "src" in tree.listing(base).folders:
                found = self._module_at(tree, os.path.join(base, "src"), parts)
            if found is not None:
                return found
            base = os.path.dirname(base)
        return own if own is not None else self._at_another_root(tree, parts)

    def _is_library(self, tree: Tree, base: str, folder: str, package: str) -> bool:
        """Return whether a package imports a library that is called like itself.

        `plugins/stores/redis/` of a namespace does, where `plugins` is no package.
        """
        if folder[len(base) + 1 :].partition(os.sep)[0] != package:
            return False
        if base in (tree.root, os.path.join(tree.root, "src")):
            return False
        return has_table(package)

    def _module_at(self, tree: Tree, folder: str, parts: list[str]) -> str | None:
        """Return the file of a module, if it is not only called like one from outside.

        `drivers/redis.py` that says `from redis import Redis` is none that an `import
        redis` loads: it would get it from itself.
        """
        found = tree.module(folder, parts)
        if found is None or not has_table(parts[0]):
            return found
        is_called_so = found == os.path.join(folder, parts[0] + ".py")
        return None if is_called_so and self._imports(found, parts[0]) else found

    def _imports(self, path: str, package: str) -> bool:
        """Return whether the text of a file imports a package."""
        from flake8_lambda_handler.project.import_lines import all_imports

        return any(
            not level and dotted.partition(".")[0] == package
            for dotted, level, *_ in all_imports(self.source(path) or "")
        )

    def _at_another_root(self, tree: Tree, parts: list[str]) -> str | None:
        """Return the one module of a project that an import finds if its folder is a root.

        It is for the folder `python/` of a Lambda layer, for packages that are kept beside
        the functions (`shared/<name>/src/<name>`), for the modules of folders that are
        called like a place for such, and for those of which a template makes a layer.
        """
        tail = os.sep + os.path.join(*parts)
        found = [
            (folder, path)
            for path in modules_at(tree, tail, parts[-1])
            if (folder := _without_suffix(path).removesuffix(tail)) != tree.root
        ]
        for wanted in (_is_layer, _is_root):
            paths = [
                path for folder, path in found if wanted(tree, folder, path, parts)
            ]
            if len(paths) == 1:
                return paths[0]
        if found and tree.root not in self._layers:
            from flake8_lambda_handler.project import layers

            self._layers[tree.root] = layers.contents(tree)
        paths = [path for folder, path in found if folder in self._layers[tree.root]]
        return paths[0] if len(paths) == 1 else None


def _is_layer(tree: Tree, folder: str, path: str, parts: list[str]) -> bool:
    return os.path.basename(folder) == "python"


def _is_root(tree: Tree, folder: str, path: str, parts: list[str]) -> bool:
    """Return whether modules of a folder may be imported by their own names."""
    if tree.has_file(os.path.join(folder, "__init__.py")):
        return False
    if not TEST_FOLDERS.isdisjoint(folder.removeprefix(tree.root).split(os.sep)):
        return False
    is_package = len(parts) > 1 or path.endswith(os.sep + "__init__.py")
    return is_package or os.path.basename(folder) in _SHARED


def has_table(package: str) -> bool:
    """Return whether it is known which calls of a package are async."""
    from flake8_lambda_handler.libraries import async_apis

    return package in async_apis.async_packages()


def _without_suffix(path: str) -> str:
    return path.removesuffix(".py").removesuffix(os.sep + "__init__")


def modules_at(tree: Tree, tail: str, stem: str) -> list[str]:
    """Return the modules whose path, without `.py` or `__init__.py`, ends so."""
    return [
        path
        for path in tree.modules.get(stem, [])
        if _without_suffix(path).endswith(tail)
    ]
