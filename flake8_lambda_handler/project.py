"""The files of a project together: imports to modules, templates to handlers.

Everything is found on demand, once, and kept: the modules that an import reaches, the
templates of a folder, and the index of Python files (only when a name cannot be found
without it).
"""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler import patterns
from flake8_lambda_handler import reading
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import is_skipped
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.flow.analysis import Analysis
    from flake8_lambda_handler.handlers import Handler
    from flake8_lambda_handler.model import Declaration
    from flake8_lambda_handler.model import Problem
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.prefilter import Prefilter

#: Folders beside the code in which people keep its templates.
INFRASTRUCTURE_FOLDERS = frozenset(
    {
        "aws",
        "cfn",
        "cloudformation",
        "deploy",
        "deployment",
        "iac",
        "infra",
        "infrastructure",
        "sam",
        "serverless",
        "stacks",
        "templates",
        "terraform",
        "tf",
    }
)

#: What the names of templates end in. Most folders hold no such file, and then no reader
#: of templates is loaded.
TEMPLATE_SUFFIXES = (
    ".cfn",
    ".json",
    ".template",
    ".tf",
    ".tfvars",
    ".tofu",
    ".yaml",
    ".yml",
)

#: How deep templates may lie inside such a folder.
INFRASTRUCTURE_DEPTH = 3

#: So much parsed text (in characters) is kept before a fresh start: Python's garbage
#: collector looks at every kept syntax tree again and again, for the whole of flake8.
KEPT_CHARACTERS = 2_000_000

#: With fewer files than this between two fresh starts, more is kept: in a project whose
#: files import a lot, starting afresh costs more than it saves.
FILES_BETWEEN = 8

#: After so many files in a row that hold nothing, what is kept is let go.
IDLE_FILES = 2

#: A larger Python file is generated; it is not followed into.
MAX_SOURCE_BYTES = 2_000_000


class Declared(NamedTuple):
    """A handler that a template names, followed to the file that binds it."""

    path: str
    name: str
    declaration: Declaration
    #: The file that the handler string itself leads to.
    entry: str


class Declarations(NamedTuple):
    """What some templates declare, as far as it leads to code."""

    #: By the file that binds the handler.
    handlers: dict[str, list[Declared]]
    #: The folders of the handlers' code.
    folders: set[str]
    #: Why some of the templates cannot be read.
    problems: list[Problem]


class Project:
    """All files under one configuration; lives as long as one run."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._modules: dict[str, Module | None] = {}
        self._kept = self._checked = self._idle = 0
        self._most = KEPT_CHARACTERS
        self._sources: dict[str, str | None] = {}
        self._roots = Roots()
        self._trees: dict[str, Tree] = {}
        self._found: dict[tuple[str, str, int], str | None] = {}
        self._templates: dict[str, Template] = {}
        self._followed: dict[tuple[str, str], list[Declared]] = {}
        self._template_paths: dict[tuple[str, str], list[str]] = {}
        self._declared: dict[tuple[str, str], Declarations] = {}
        self._near: dict[str, list[Declarations]] = {}
        self._importers: dict[str, dict[str, list[str]]] = {}
        self._climbed: dict[tuple[str, ...], str | None] = {}

    @cached_property
    def _prefilter(self) -> Prefilter:
        from flake8_lambda_handler.prefilter import Prefilter

        return Prefilter(self.find_path, self.source)

    @cached_property
    def analysis(self) -> Analysis:
        """Return the flow analysis; most runs over most files never need it."""
        from flake8_lambda_handler.flow.analysis import Analysis
        from flake8_lambda_handler.libraries import outside

        return Analysis(outside, self)

    # -- modules ----------------------------------------------------------------

    def module(self, path: str, tree: ast.Module, text: str) -> Module:
        """Return the module of a file that is being checked."""
        from flake8_lambda_handler.facts.module import Module

        path = os.path.abspath(path)
        if self._kept > self._most:
            if self._checked < FILES_BETWEEN:
                self._most *= 2
            self._forget()
        self._kept += len(text)
        self._checked += 1
        module = self._modules[path] = Module(path, tree, text, self)
        self._sources[path] = text
        return module

    def _forget(self) -> None:
        """Let go of all parsed modules; what is still needed is parsed again."""
        self._kept = self._checked = 0
        self._modules.clear()
        self.__dict__.pop("analysis", None)

    def parse(self, path: str) -> Module | None:
        """Return the module of a file on disk; `None` if it cannot be parsed."""
        from flake8_lambda_handler.facts.module import Module

        if path not in self._modules:
            self._modules[path] = None
            text = self.source(path)
            if text is not None:
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        tree = ast.parse(text)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    pass
                else:
                    self._kept += len(text)
                    self._modules[path] = Module(path, tree, text, self)
        return self._modules[path]

    def source(self, path: str) -> str | None:
        """Return the text of a Python file; `None` if it cannot be read."""
        if path not in self._sources:
            self._sources[path] = _read(path)
        return self._sources[path]

    def tree(self, folder: str) -> Tree:
        """Return the project that files in a folder belong to."""
        root = self._roots.of(folder)
        if root not in self._trees:
            self._trees[root] = Tree(root)
        return self._trees[root]

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""
        path = self.find_path(os.path.dirname(module.path), dotted, level)
        return None if path is None else self.parse(path)

    def find_path(self, folder: str, dotted: str, level: int) -> str | None:
        """Return the project's file that an import in a folder's files loads."""
        key = (folder, dotted, level)
        if key not in self._found:
            self._found[key] = self._search(folder, dotted, level)
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
        own = tree.module(folder, parts)
        base = tree.base(folder)
        if own is None and base != folder:
            # The same for all folders of a package, and looked for once.
            return self.find_path(base, dotted, 0)
        while is_inside(base, tree.root):
            for start in (base, os.path.join(base, "src")):
                found = tree.module(start, parts)
                if found is not None:
                    return found
            base = os.path.dirname(base)
        return own if own is not None else _in_layer(tree, parts)

    # -- the pre-filter ---------------------------------------------------------

    def concerns(self, path: str, text: str) -> bool:
        """Return whether any rule can say anything about a Python file.

        Cheap on purpose: it runs for each file of each flake8 run. Nothing is parsed.
        """
        path = os.path.abspath(path)
        concerned = (
            patterns.may_name(text, path, self.settings)
            or self._may_hold_coroutines(path, text)
            or bool(self.declared(path))
        )
        self._idle = 0 if concerned else self._idle + 1
        if self._idle == IDLE_FILES:
            # The collector would look at what is kept during every other check.
            self._forget()
        return concerned

    def may_hold_coroutines(self, module: Module) -> bool:
        """Return whether a module may make, run or drop a coroutine."""
        return self._may_hold_coroutines(module.path, module.text)

    def _may_hold_coroutines(self, path: str, text: str) -> bool:
        return (
            "import" in text or "async" in text
        ) and self._prefilter.may_hold_coroutines(path, text)

    # -- templates --------------------------------------------------------------

    def handlers(self, module: Module) -> tuple[Handler, ...]:
        """Return the handlers of a module, best evidence first for each of them."""
        from flake8_lambda_handler import handlers

        return handlers.find(module, self.declared(module.path), self.settings)

    def declared(self, path: str) -> list[Declared]:
        """Return what templates declare about the handlers that a file binds."""
        near = self._declarations_near(os.path.dirname(path))
        return [one for found in near for one in found.handlers.get(path, ())]

    def resolves_handlers_in(self, path: str) -> bool:
        """Return whether a template names a handler in the folder of a file.

        The folders below it count, as long as they are packages of the same code.
        """
        folder = os.path.dirname(path)
        tree = self.tree(folder)
        near = self._declarations_near(folder)
        while True:
            if any(folder in found.folders for found in near):
                return True
            if folder == tree.root or not tree.is_package(folder):
                return False
            folder = os.path.dirname(folder)

    def template_paths(self, folder: str) -> Iterator[str]:
        """Yield the files near a folder that may be templates, nearest first.

        One that is near in two ways comes twice.
        """
        tree = self.tree(folder)
        for one in _upwards(folder, tree):
            yield from self._templates_of(one, tree)

    def unreadable_near(self, folder: str) -> list[Problem]:
        """Return why templates near a folder cannot be read, nearest first."""
        near = self._declarations_near(folder)
        return list(dict.fromkeys(one for found in near for one in found.problems))

    def _declarations_near(self, folder: str) -> list[Declarations]:
        """Return what templates declare: those that are named, then the nearest.

        Most folders have none near, and are asked for each of their files.
        """
        if folder not in self._near:
            tree = self.tree(folder)
            every = [self._declarations(one, tree) for one in _upwards(folder, tree)]
            self._near[folder] = [one for one in every if any(one)]
        return self._near[folder]

    def _declarations(self, folder: str, tree: Tree) -> Declarations:
        """Return what the templates of one folder declare, or those that are named."""
        key = (folder, tree.root)
        if key not in self._declared:
            found = self._declared[key] = Declarations({}, set(), [])
            for path in self._templates_of(folder, tree):
                for one in self._follow(path, tree):
                    found.handlers.setdefault(one.path, []).append(one)
                    found.folders.add(os.path.dirname(one.path))
                    found.folders.add(os.path.dirname(one.entry))
                mine = self.template(path).problems
                found.problems.extend(one for one in mine if one.place.path == path)
        return self._declared[key]

    def _templates_of(self, folder: str, tree: Tree) -> list[str]:
        """Return the files of one folder that may be templates, or those named."""
        if not folder:
            return self._named_templates
        key = (folder, tree.root)
        if key not in self._template_paths:
            self._template_paths[key] = _templates_in(tree, folder)
        return self._template_paths[key]

    @cached_property
    def _named_templates(self) -> list[str]:
        """Return the files that the setting `lambda-templates` names."""
        import glob

        found = []
        for pattern in self.settings.templates:
            found.extend(sorted(glob.glob(pattern, recursive=True)))
        return [os.path.abspath(path) for path in found]

    def template(self, path: str) -> Template:
        """Return what a template declares; read once."""
        from flake8_lambda_handler import templates

        if path not in self._templates:
            self._templates[path] = templates.read(path)
        return self._templates[path]

    def handler_files(self, template: str, folders: Iterable[str]) -> frozenset[str]:
        """Return the files of the handlers that a template names, unreadable or not.

        They are those of the projects that some folders belong to.
        """
        from flake8_lambda_handler import templates

        trees = {self.tree(folder) for folder in folders}
        followed = {one.path for tree in trees for one in self._follow(template, tree)}
        return frozenset(followed.union(templates.named_files(template)))

    def _follow(self, path: str, tree: Tree) -> list[Declared]:
        """Return the declarations of a template that lead into a project."""
        key = (path, tree.root)
        if key not in self._followed:
            found = []
            for declaration in self.template(path).declarations:
                entry = self._entry(path, declaration, tree)
                if entry is None:
                    continue
                name = declaration.handler.rpartition(".")[2]
                home = self._home(entry, name, 0)
                if home is not None:
                    found.append(Declared(*home, declaration, entry))
            self._followed[key] = found
        return self._followed[key]

    def _entry(self, template: str, declaration: Declaration, tree: Tree) -> str | None:
        """Return the file that a handler string names.

        The runtime imports the part before the last dot, with `/` read as `.`
        (awslambdaric 4.2.2, observed 2026-11-20).
        """
        dotted, _, name = declaration.handler.rpartition(".")
        parts = [part for part in dotted.replace("/", ".").split(".") if part]
        if not parts or not name:
            return None
        for code in declaration.code:
            if code.endswith(".py"):
                if os.path.basename(code) == parts[-1] + ".py" and tree.has_file(code):
                    return code
                continue
            found = tree.module(os.path.normpath(code), parts)
            if found is not None and self._binds(found, name):
                return found
        folder = os.path.dirname(template)
        key = (folder, tree.root, name, *parts)
        if key not in self._climbed:
            self._climbed[key] = self._climb(folder, parts, name, tree)
        return self._climbed[key]

    def _climb(
        self, folder: str, parts: list[str], name: str, tree: Tree
    ) -> str | None:
        """Return the one file at or above a folder that can be meant."""
        candidates = _modules_at(tree, os.sep + os.path.join(*parts), parts[-1])
        if not is_inside(folder, tree.root):  # a template that the user named
            folder = tree.root
        while candidates:
            here = [path for path in candidates if is_inside(path, folder)]
            binding = [path for path in here if self._binds(path, name)]
            if len(binding) == 1:
                return binding[0]
            if len(binding) > 1 or folder == tree.root:
                return None
            folder = os.path.dirname(folder)
        return None

    def _binds(self, path: str, name: str) -> bool:
        text = self.source(path)
        if text is None or name not in text:
            return False
        if _defines(text, name):
            return True
        module = self.parse(path)
        return module is not None and self._home(path, name, 0) is not None

    def _home(self, path: str, name: str, depth: int) -> tuple[str, str] | None:
        """Return the file and name that bind a handler, through re-exports."""
        from flake8_lambda_handler import handlers

        text = self.source(path)
        if text is None or depth > 8:
            return None
        if _defines(text, name) and "import " + name not in text:
            return path, name
        module = self.parse(path)
        if module is None:
            return None
        node = handlers.last_binding(module.tree, name)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return self._imported_home(module, node, alias.name, depth)
        if node is not None and not isinstance(node, ast.Import):
            return path, name
        for star in handlers.star_imports(module.tree):
            found = self._imported_home(module, star, name, depth)
            if found is not None:
                return found
        return None

    def _imported_home(
        self, module: Module, node: ast.ImportFrom, name: str, depth: int
    ) -> tuple[str, str] | None:
        folder = os.path.dirname(module.path)
        path = self.find_path(folder, node.module or "", node.level)
        return None if path is None else self._home(path, name, depth + 1)

    # -- users of a name --------------------------------------------------------

    def is_used_elsewhere(self, module: Module, name: str) -> bool:
        """Return whether another module of the project uses a name of this one.

        Tests do not count: they call a handler as Lambda does, or as it should be.
        """
        from flake8_lambda_handler import handlers

        tree = self.tree(os.path.dirname(module.path))
        for path in self._importers_in(tree).get(module.path, ()):
            if name in (self.source(path) or ""):
                other = self.parse(path)
                if other is not None and handlers.uses_import(other, module, name):
                    return True
        return False

    def _importers_in(self, tree: Tree) -> dict[str, list[str]]:
        """Return the files, but for tests, that may import each module of a project.

        Every file is read once, and not kept: the text alone says what it imports.
        """
        if tree.root not in self._importers:
            from flake8_lambda_handler import handlers

            found = self._importers[tree.root] = {}
            for path in tree.python_files():
                if handlers.is_test_path(path[len(tree.root) + 1 :]):
                    continue
                text = self._sources.get(path) or _read(path) or ""
                for imported in self._imported(path, text, tree):
                    found.setdefault(imported, []).append(path)
        return self._importers[tree.root]

    def _imported(self, path: str, text: str, tree: Tree) -> set[str]:
        """Return the modules of a project that a file may import."""
        from flake8_lambda_handler import import_lines

        folder = os.path.dirname(path)
        found: set[str | None] = set()
        for dotted, level, name, _ in import_lines.all_imports(text):
            inner = f"{dotted}.{name}".strip(".")
            for wanted in (dotted, inner) if name else (dotted,):
                # What has no file of its name in the project is somebody else's.
                if not wanted or wanted.rpartition(".")[2] in tree.modules:
                    found.add(self.find_path(folder, wanted, level))
        return {one for one in found if one is not None and one != path}


def _upwards(folder: str, tree: Tree) -> Iterator[str]:
    """Yield what stands for the templates that are named, then a folder and upwards."""
    yield ""
    while is_inside(folder, tree.root):
        yield folder
        folder = os.path.dirname(folder)


def _templates_in(tree: Tree, folder: str, depth: int = 0) -> list[str]:
    """Return the files in a folder, or kept beside its code, that may be templates."""
    files, folders = tree.listing(folder)
    found = [
        os.path.join(folder, name)
        for name in sorted(files)
        if name.lower().endswith(TEMPLATE_SUFFIXES) and _is_template_name(name)
    ]
    for name in folders:
        if is_skipped(name):
            continue
        if (depth or name in INFRASTRUCTURE_FOLDERS) and depth < INFRASTRUCTURE_DEPTH:
            found.extend(_templates_in(tree, os.path.join(folder, name), depth + 1))
    return found


def _is_template_name(name: str) -> bool:
    from flake8_lambda_handler import templates

    return templates.is_template_name(name)


def _in_layer(tree: Tree, parts: list[str]) -> str | None:
    """Return a module below the `python/` folder of a Lambda layer."""
    tail = os.sep + os.path.join("python", *parts)
    found = _modules_at(tree, tail, parts[-1])
    return found[0] if len(found) == 1 else None


def _modules_at(tree: Tree, tail: str, stem: str) -> list[str]:
    """Return the modules whose path, without `.py` or `__init__.py`, ends so."""
    return [
        path
        for path in tree.modules.get(stem, [])
        if path.removesuffix(".py").removesuffix(os.sep + "__init__").endswith(tail)
    ]


def _defines(text: str, name: str) -> bool:
    return bool(
        re.search(rf"^(?:async[ \t]+)?def[ \t]+{re.escape(name)}\b", text, re.M)
    )


def _read(path: str) -> str | None:
    try:
        return reading.decoded(reading.read(path, MAX_SOURCE_BYTES))
    except (OSError, SyntaxError):
        return None
