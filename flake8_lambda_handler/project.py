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
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler import patterns
from flake8_lambda_handler import reading
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.module import Module
from flake8_lambda_handler.prefilter import Prefilter
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis
    from flake8_lambda_handler.handlers import Handler

#: Folders that hold other people's code, or copies that a tool made.
SKIPPED_FOLDERS = frozenset(
    {
        ".aws-sam",
        ".eggs",
        ".git",
        ".hg",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".serverless",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        "__pycache__",
        "cdk.out",
        "node_modules",
        "site-packages",
        "venv",
    }
)

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

#: How deep templates may lie inside such a folder.
INFRASTRUCTURE_DEPTH = 3

#: A larger tree is no project, but somebody's disk: what lies behind is not found.
MAX_FOLDERS = 20_000

#: So much parsed text (in characters) is kept before a fresh start: Python's garbage
#: collector looks at every kept syntax tree again and again, for the whole of flake8.
KEPT_CHARACTERS = 300_000

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


class Project:
    """All files under one configuration; lives as long as one run."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._modules: dict[str, Module | None] = {}
        self._kept = self._checked = self._idle = 0
        self._most = KEPT_CHARACTERS
        self._sources: dict[str, str | None] = {}
        self._roots: dict[str, str] = {}
        self._found: dict[tuple[str, str, int], str | None] = {}
        self._folders: dict[str, tuple[list[str], list[str]]] = {}
        self._templates: dict[str, Template] = {}
        self._declared: dict[str, list[Declared]] = {}
        self._near: dict[str, dict[str, list[Declared]]] = {}
        self._unreadable: dict[str, list[Problem]] = {}
        self._indexes: dict[str, dict[str, list[str]]] = {}
        self._prefilter = Prefilter(self._find_path, self.source)

    @cached_property
    def analysis(self) -> Analysis:
        """Return the flow analysis; most runs over most files never need it."""
        from flake8_lambda_handler.flow.analysis import Analysis

        return Analysis(self)

    # -- modules ----------------------------------------------------------------

    def module(self, path: str, tree: ast.Module, text: str) -> Module:
        """Return the module of a file that is being checked."""
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

    def root(self, folder: str) -> str:
        """Return the project's folder: the nearest with `.git`, else the current one."""
        if folder not in self._roots:
            parent = os.path.dirname(folder)
            if os.path.exists(os.path.join(folder, ".git")):
                self._roots[folder] = folder
            elif parent == folder:
                self._roots[folder] = ""
            else:
                self._roots[folder] = self.root(parent)
        found = self._roots[folder]
        if found:
            return found
        here = os.getcwd()
        return here if _inside(folder, here) else folder

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""
        path = self._find_path(os.path.dirname(module.path), dotted, level)
        return None if path is None else self.parse(path)

    def _find_path(self, folder: str, dotted: str, level: int) -> str | None:
        key = (folder, dotted, level)
        if key not in self._found:
            self._found[key] = self._search(folder, dotted, level)
        return self._found[key]

    def _search(self, folder: str, dotted: str, level: int) -> str | None:
        parts = dotted.split(".") if dotted else []
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._module_file(folder, parts)
        if not parts or parts[0] in sys.stdlib_module_names:
            return None
        own = folder
        root = self.root(folder)
        while _inside(folder, root) and folder != root and self._is_package(folder):
            folder = os.path.dirname(folder)
        while True:
            for base in (folder, os.path.join(folder, "src")):
                found = self._module_file(base, parts)
                if found is not None:
                    return found
            if folder == root or not _inside(folder, root):
                break
            folder = os.path.dirname(folder)
        found = self._module_file(own, parts)
        return found if found is not None else self._in_layer(root, parts)

    def _module_file(self, folder: str, parts: list[str]) -> str | None:
        base = os.path.join(folder, *parts)
        for path in (base + ".py", os.path.join(base, "__init__.py")):
            if self._is_file(path) and (parts or path != base + ".py"):
                return path
        return None

    def _in_layer(self, root: str, parts: list[str]) -> str | None:
        """Return a module below the `python/` folder of a Lambda layer."""
        tail = os.sep + os.path.join("python", *parts)
        found = [
            path
            for path in self.index(root).get(parts[-1], [])
            if path.removesuffix(".py").removesuffix(os.sep + "__init__").endswith(tail)
        ]
        return found[0] if len(found) == 1 else None

    def _is_package(self, folder: str) -> bool:
        return "__init__.py" in self._list(folder)[0]

    def _is_file(self, path: str) -> bool:
        folder, name = os.path.split(path)
        return name in self._list(folder)[0]

    def _list(self, folder: str) -> tuple[list[str], list[str]]:
        """Return the file names and the folder names of a folder."""
        if folder not in self._folders:
            files, folders = [], []
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        (folders if entry.is_dir() else files).append(entry.name)
            except OSError:
                pass
            self._folders[folder] = (sorted(files), sorted(folders))
        return self._folders[folder]

    def index(self, root: str) -> dict[str, list[str]]:
        """Return every Python file below a folder, by module name."""
        if root not in self._indexes:
            found: dict[str, list[str]] = {}
            for path in self.python_files(root):
                folder, name = os.path.split(path)
                stem = name.removesuffix(".py")
                if stem == "__init__":
                    stem = os.path.basename(folder)
                found.setdefault(stem, []).append(path)
            self._indexes[root] = found
        return self._indexes[root]

    def python_files(self, root: str) -> Iterator[str]:
        """Yield the Python files below a folder that belong to the project."""
        for visited, (folder, folders, files) in enumerate(os.walk(root)):
            if visited > MAX_FOLDERS:
                return
            folders[:] = sorted(
                name
                for name in folders
                if name not in SKIPPED_FOLDERS
                and not name.endswith(".egg-info")
                and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
            )
            for name in sorted(files):
                if name.endswith(".py"):
                    yield os.path.join(folder, name)

    # -- the pre-filter ---------------------------------------------------------

    def concerns(self, path: str, text: str) -> bool:
        """Return whether any rule can say anything about a Python file.

        Cheap on purpose: it runs for each file of each flake8 run. Nothing is parsed.
        """
        path = os.path.abspath(path)
        concerned = (
            patterns.may_name(text, path, self.settings)
            or self._prefilter.may_hold_coroutines(path, text)
            or bool(self.declared(path))
        )
        self._idle = 0 if concerned else self._idle + 1
        if self._idle == IDLE_FILES:
            # The collector would look at what is kept during every other check.
            self._forget()
        return concerned

    def may_hold_coroutines(self, module: Module) -> bool:
        """Return whether a module may make, run or drop a coroutine."""
        return self._prefilter.may_hold_coroutines(module.path, module.text)

    # -- templates --------------------------------------------------------------

    def handlers(self, module: Module) -> tuple[Handler, ...]:
        """Return the handlers of a module, best evidence first for each of them."""
        from flake8_lambda_handler import handlers

        return handlers.find(module, self.declared(module.path), self.settings)

    def declared(self, path: str) -> list[Declared]:
        """Return what templates declare about the handlers that a file binds."""
        return self._declared_near(os.path.dirname(path)).get(path, [])

    def resolves_handlers_in(self, path: str) -> bool:
        """Return whether a template names a handler in the folder of a file.

        The folders below it count, as long as they are packages of the same code.
        """
        folder = os.path.dirname(path)
        near = self._declared_near(folder)
        entries = {os.path.dirname(one.entry) for found in near.values() for one in found}
        entries |= {os.path.dirname(found) for found in near}
        while True:
            if folder in entries:
                return True
            parent = os.path.dirname(folder)
            if parent == folder or not self._is_package(folder):
                return False
            folder = parent

    def _declared_near(self, folder: str) -> dict[str, list[Declared]]:
        if folder not in self._near:
            found: dict[str, list[Declared]] = {}
            problems: list[Problem] = []
            for path in self.template_paths(folder):
                for one in self._follow(path):
                    found.setdefault(one.path, []).append(one)
                mine = self.template(path).problems
                problems += [problem for problem in mine if problem.place.path == path]
            self._near[folder] = found
            self._unreadable[folder] = problems
        return self._near[folder]

    def template_paths(self, folder: str) -> list[str]:
        """Return the files near a folder that may be templates, nearest first."""
        found: dict[str, None] = dict.fromkeys(self._named_templates)
        root = self.root(folder)
        while True:
            found.update(dict.fromkeys(self._templates_in(folder, 0)))
            if folder == root or not _inside(folder, root):
                return list(found)
            folder = os.path.dirname(folder)

    @cached_property
    def _named_templates(self) -> list[str]:
        """Return the files that the setting `lambda-templates` names."""
        import glob

        found = []
        for pattern in self.settings.templates:
            found.extend(sorted(glob.glob(pattern, recursive=True)))
        return [os.path.abspath(path) for path in found]

    def _templates_in(self, folder: str, depth: int) -> list[str]:
        from flake8_lambda_handler import templates

        files, folders = self._list(folder)
        found = [
            os.path.join(folder, name) for name in files if templates.is_template_name(name)
        ]
        for name in folders:
            if name in SKIPPED_FOLDERS:
                continue
            if (depth or name in INFRASTRUCTURE_FOLDERS) and depth < INFRASTRUCTURE_DEPTH:
                found.extend(self._templates_in(os.path.join(folder, name), depth + 1))
        return found

    def template(self, path: str) -> Template:
        """Return what a template declares; read once."""
        from flake8_lambda_handler import templates

        if path not in self._templates:
            self._templates[path] = templates.read(path)
        return self._templates[path]

    def unreadable_near(self, folder: str) -> list[Problem]:
        """Return why templates near a folder cannot be read, nearest first."""
        self._declared_near(folder)
        return self._unreadable[folder]

    def handler_files(self, template: str) -> frozenset[str]:
        """Return the files of the handlers that a template names, unreadable or not."""
        from flake8_lambda_handler import templates

        followed = {one.path for one in self._follow(template)}
        return frozenset(followed.union(templates.named_files(template)))

    def _follow(self, path: str) -> list[Declared]:
        """Return the declarations of a template with the files that they lead to."""
        if path not in self._declared:
            found = []
            for declaration in self.template(path).declarations:
                entry = self._entry(path, declaration)
                if entry is None:
                    continue
                name = declaration.handler.rpartition(".")[2]
                home = self._home(entry, name, 0)
                if home is not None:
                    found.append(Declared(*home, declaration, entry))
            self._declared[path] = found
        return self._declared[path]

    def _entry(self, template: str, declaration: Declaration) -> str | None:
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
                if os.path.basename(code) == parts[-1] + ".py" and self._is_file(code):
                    return code
                continue
            found = self._module_file(os.path.normpath(code), parts)
            if found is not None and self._binds(found, name):
                return found
        return self._climb(os.path.dirname(template), parts, name)

    def _climb(self, folder: str, parts: list[str], name: str) -> str | None:
        """Return the one file at or above a folder that can be meant."""
        root = self.root(folder)
        tail = os.sep + os.path.join(*parts)
        candidates = [
            path
            for path in self.index(root).get(parts[-1], [])
            if path.removesuffix(".py").removesuffix(os.sep + "__init__").endswith(tail)
        ]
        while candidates:
            here = [path for path in candidates if _inside(path, folder)]
            binding = [path for path in here if self._binds(path, name)]
            if len(binding) == 1:
                return binding[0]
            if len(binding) > 1 or folder == root or not _inside(folder, root):
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
        found = self.find_module(module, node.module or "", node.level)
        return None if found is None else self._home(found.path, name, depth + 1)

    # -- users of a name --------------------------------------------------------

    def is_used_elsewhere(self, module: Module, name: str) -> bool:
        """Return whether another module of the project uses a name of this one.

        Tests do not count: they call a handler as Lambda does, or as it should be.
        """
        from flake8_lambda_handler import handlers

        root = self.root(os.path.dirname(module.path))
        stem = os.path.basename(module.path).removesuffix(".py")
        if stem == "__init__":
            stem = os.path.basename(os.path.dirname(module.path))
        for paths in self.index(root).values():
            for path in paths:
                if path == module.path or handlers.is_test_path(path):
                    continue
                text = self.source(path)
                if text is None or name not in text or stem not in text:
                    continue
                other = self.parse(path)
                if other is not None and handlers.uses_import(other, module, name):
                    return True
        return False


def _defines(text: str, name: str) -> bool:
    return bool(re.search(rf"^(?:async[ \t]+)?def[ \t]+{re.escape(name)}\b", text, re.M))


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _read(path: str) -> str | None:
    try:
        return reading.decoded(reading.read(path, MAX_SOURCE_BYTES))
    except (OSError, SyntaxError):
        return None
