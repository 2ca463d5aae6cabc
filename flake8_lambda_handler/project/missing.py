"""Handlers that a template names and the code does not have, and what Lambda says.

Only where the template says for good which folder holds the code, and that folder is
there: whatever may come from elsewhere (layers, dependencies, a build) is not missing.
"""

from __future__ import annotations

import ast
import difflib
import os
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.project.homes import MOST_REEXPORTS
from flake8_lambda_handler.project.homes import Homes
from flake8_lambda_handler.project.imports import modules_at
from flake8_lambda_handler.project.requirements import DEPENDENCIES
from flake8_lambda_handler.project.survey import is_test_path
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import is_skipped

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module

#: Modules inside every interpreter; the runtime refuses handlers in them (awslambdaric
#: 4.2.2 asks `sys.builtin_module_names`, of which these are everywhere).
BUILT_IN = frozenset(
    "atexit builtins errno faulthandler gc itertools marshal posix pwd sys time".split()
)

#: Folders that a build fills.
_BUILT = frozenset(
    """
    .build .dist _build artifact artifacts asset assets build bundle bundled compiled
    dist generated out output package packaged packages release staging target tmp zip
    zips
    """.split()
)

#: Files beside the code that may make more modules.
_MAKERS = frozenset({"Makefile", "makefile", "build.sh", "justfile"})

#: Modules of these names are a project's own, not a dependency's.
_OWN = frozenset(
    "app function handler index lambda_function lambda_handler main".split()
)

#: What binds names that nobody can see.
_DYNAMIC = re.compile(
    r"__getattr__|__dict__|\bglobals\(|\blocals\(|\bvars\(|\bsetattr\(|\bexec\(|"
    r"\bmodules\b|__path__"
)

#: Code in a template with fewer statements may hold the place of what is deployed later.
STUB = 6

#: What such code imports; any other import means that it is there to work.
_STUB_IMPORTS = frozenset({"json", "logging", "os", "sys"})

#: Files whose commands may put code elsewhere than a template says.
_MOVERS = re.compile(
    r".*\.(?:sh|bat|ps1)|buildspec.*\.ya?ml|Jenkinsfile|package\.json|"
    r"(?:noxfile|tasks|fabfile|setup)\.py|Taskfile\.ya?ml|\.gitlab-ci\.yml|cdk\.json|"
    r"bitbucket-pipelines\.yml|azure-pipelines\.yml|tox\.ini|Dockerfile"
)

#: So many files of the code are looked into for the handler that was meant.
_MOST_FILES = 200


class Unloadable(NamedTuple):
    """A handler string that Lambda cannot load."""

    declaration: Declaration
    #: What Lambda says.
    error: str
    #: The handler string that was meant; empty when that is not clear.
    meant: str
    #: The Python file that should hold it, or the first one of the code.
    file: str
    #: Where its module lies instead of in the code, in words; empty when nobody knows.
    elsewhere: str = ""


def fault(homes: Homes, tree: Tree, declaration: Declaration) -> Unloadable | None:
    """Return why Lambda cannot load a handler, None when it can or nobody knows."""
    if not declaration.is_fixed or len(declaration.code) != 1:
        return None
    names = [use.identifier for use in declaration.runtimes]
    if not names or not all(
        runtimes.version(name) or runtimes.is_mistyped(name) for name in names
    ):
        return None
    (code,) = declaration.code
    return _Search(homes, tree, declaration, os.path.normpath(code)).fault()


def embedded_fault(code: Embedded, module: Module) -> Unloadable | None:
    """Return why Lambda cannot load a handler from the code in its template."""
    from flake8_lambda_handler.facts.bindings import last_binding
    from flake8_lambda_handler.facts.bindings import star_imports

    declaration = code.declaration
    dotted, dot, name = declaration.handler.rpartition(".")
    own = code.module
    meant = f"{own}.{name}" if last_binding(module.tree, name) else ""
    if not dot and not _is_stub(module.tree):
        error = f"Runtime.MalformedHandlerName: Bad handler '{declaration.handler}'"
        return Unloadable(declaration, error, meant, "")
    if dotted.replace("/", ".") != own.replace("/", "."):
        if declaration.has_layers or _is_stub(module.tree):
            return None
        error = _not_imported(dotted.replace("/", "."), own.replace("/", "."))
        return Unloadable(declaration, error, meant, "")
    if meant or not code.is_whole or star_imports(module.tree) or _is_stub(module.tree):
        return None
    if _DYNAMIC.search(module.text) or _mentioned(module.tree, name):
        return None
    error = f"Runtime.HandlerNotFound: Handler '{name}' missing on '{own}'"
    near = _nearest_function(module.tree, name)
    return Unloadable(declaration, error, near and f"{own}.{near}", "")


def _not_imported(dotted: str, own: str) -> str:
    """Return what Lambda says of a module where there is only one other."""
    if is_built_in(dotted):
        return f"Runtime.BuiltInModuleConflict: `{dotted}` is a built-in module"
    parts = dotted.split(".")
    common = os.path.commonprefix([parts, own.split(".")])
    what = "'" + ".".join(parts[: len(common) + 1]) + "'"
    what += f"; '{own}' is not a package" if ".".join(common) == own else ""
    return f"Runtime.ImportModuleError: No module named {what}"


def _is_stub(tree: ast.Module) -> bool:
    """Return whether code in a template does nothing, until a deployment replaces it.

    It is short, imports little and looks into nothing that it is given.
    """
    nodes = [*ast.walk(tree)]
    if sum(isinstance(node, ast.stmt) for node in nodes) >= STUB:
        return False
    imported = {
        alias.name for x in nodes if isinstance(x, ast.Import) for alias in x.names
    }
    imported |= {x.module or "" for x in nodes if isinstance(x, ast.ImportFrom)}
    given = {node.arg for node in nodes if isinstance(node, ast.arg)}
    looks = any(
        isinstance(node, (ast.Attribute, ast.Subscript))
        and isinstance(node.value, ast.Name)
        and node.value.id in given
        for node in nodes
    )
    return imported <= _STUB_IMPORTS and not looks


def is_built_in(handler: str) -> bool:
    """Return whether a handler's module has the name of one in the interpreter."""
    return re.split(r"[./]", handler, maxsplit=1)[0] in BUILT_IN


class _Search:
    """The search for one handler in the folder, or the single file, of its code."""

    def __init__(
        self, homes: Homes, tree: Tree, declaration: Declaration, code: str
    ) -> None:
        self.homes = homes
        self.tree = tree
        self.declaration = declaration
        self.only = code if code.endswith(".py") else ""
        self.folder = os.path.dirname(code) if self.only else code

    def fault(self) -> Unloadable | None:
        first = self._first_file()
        if not first:
            return None
        handler = self.declaration.handler
        module, dot, name = handler.rpartition(".")
        if not dot:
            error = f"Runtime.MalformedHandlerName: Bad handler '{handler}'"
            return self._found(error, self._completed(handler), first)
        parts = module.replace("/", ".").split(".")
        if "" in parts:
            return None
        if is_built_in(handler):
            error = f"Runtime.BuiltInModuleConflict: `{module}` is a built-in module"
            return self._found(error, "", first)
        path = self._module(parts)
        if path is not None:
            if self._binds(path, name):
                return None
            error = f"Runtime.HandlerNotFound: Handler '{name}' missing on '{module}'"
            parsed = self.homes.parse(path)
            near = _nearest_function(parsed.tree, name) if parsed is not None else ""
            return self._found(error, near and f"{module}.{near}", path)
        elsewhere = self._elsewhere(parts, name)
        reason = self._absence(parts, is_elsewhere=bool(elsewhere))
        if not reason:
            return None
        found = self._found(reason, self._nearest_module(handler), first)
        return found._replace(elsewhere=elsewhere)

    def _found(self, error: str, meant: str, file: str) -> Unloadable:
        return Unloadable(self.declaration, error, meant, file)

    def _first_file(self) -> str:
        """Return the first Python file of the code, if this is where it is written."""
        if not is_inside(self.folder, self.tree.root):
            return ""
        inner = self.folder[len(self.tree.root) :].lower().split(os.sep)
        if not _BUILT.isdisjoint(inner) or any(map(is_skipped, filter(None, inner))):
            return ""
        if self.only:
            return self.only if self.tree.has_file(self.only) else ""
        if not _MAKERS.isdisjoint(self.tree.listing(self.folder).files):
            return ""
        return next(self.tree.python_files(self.folder), "")

    def _module(self, parts: list[str]) -> str | None:
        if not self.only:
            return self.tree.module(self.folder, parts)
        return self.only if parts == [os.path.basename(self.only)[:-3]] else None

    # -- a module that is not there ---------------------------------------------

    def _elsewhere(self, parts: list[str], name: str) -> str:
        """Return, in words, where the module lies that a handler string means.

        It is the only one of its name in the project, and nothing but the template says
        what becomes of it.
        """
        tail = os.sep + os.path.join(*parts)
        found = modules_at(self.tree, tail, parts[-1])
        if self.only or len(found) != 1 or not self.homes.home_path(found[0], name):
            return ""
        (path,) = found
        inner = path[len(self.tree.root) + 1 :]
        if is_test_path(inner) or not _BUILT.isdisjoint(inner.lower().split(os.sep)):
            return ""
        template = os.path.dirname(self.declaration.place.path)
        lies = path[: path.rindex(tail)]
        if not is_inside(lies, self.folder):
            for folder in {self.folder, template, self.tree.root, lies}:
                if any(map(_MOVERS.fullmatch, self.tree.listing(folder).files)):
                    return ""
                if not _MAKERS.isdisjoint(self.tree.listing(folder).files):
                    return ""
        shown = [os.path.relpath(one, template) for one in (lies, self.folder)]
        module = path[len(lies) + 1 :]
        what = "`{}` lies in `{}`, the code in `{}`".format(module, *shown)
        return what.replace(os.sep, "/")

    def _absence(self, parts: list[str], *, is_elsewhere: bool) -> str:
        """Return what Lambda says of a module, if it cannot come from elsewhere."""
        error = "Runtime.ImportModuleError: No module named "
        if self.only:
            return f"{error}'{parts[0]}'"
        folder = self.folder
        for number, part in enumerate(parts, 1):
            dotted = ".".join(parts[:number])
            files, folders = self.tree.listing(folder)
            if part + ".py" in files and part not in folders:
                inner = ".".join(parts[: number + 1])
                return f"{error}'{inner}'; '{dotted}' is not a package"
            if part not in folders:
                top = number == 1
                if top and self._may_be_added(part):
                    return ""
                if self._may_come(folder, part, is_elsewhere=is_elsewhere):
                    return ""
                return f"{error}'{dotted}'"
            folder = os.path.join(folder, part)
        name = self.declaration.handler.rpartition(".")[2]
        if not next(self.tree.python_files(folder), "") or self._may_be_added(parts[0]):
            return ""
        return f"Runtime.HandlerNotFound: Handler '{name}' missing on '{dotted}'"

    def _may_come(self, folder: str, part: str, *, is_elsewhere: bool) -> bool:
        """Return whether a module is there as something else, or lies elsewhere."""
        path = os.path.join(folder, part)
        return (
            any(x.startswith(part + ".") for x in self.tree.listing(folder).files)
            or os.path.lexists(path)
            or os.path.lexists(path + ".py")
            or (part in self.tree.modules and not is_elsewhere)
        )

    def _may_be_added(self, top: str) -> bool:
        """Return whether a layer or a dependency may have a module of this name."""
        if self.declaration.has_layers:
            return True
        template = os.path.dirname(self.declaration.place.path)
        names = {
            name
            for folder in (self.folder, template)
            for name in self.tree.listing(folder).files
        }
        return top not in _OWN and any(map(DEPENDENCIES.fullmatch, names))

    def _nearest_module(self, handler: str) -> str:
        """Return the handler of this name whose module comes nearest."""
        module, _, name = handler.rpartition(".")
        found = {}
        if not self.only:
            for path in islice(self.tree.python_files(self.folder), _MOST_FILES):
                if self.homes.home_path(path, name):
                    dotted = path[len(self.folder) + 1 : -3].replace(os.sep, ".")
                    dotted = dotted.removesuffix(".__init__")
                    found[dotted.replace(".", "/") if "/" in module else dotted] = path
        near = (
            [*found] if len(found) == 1 else difflib.get_close_matches(module, found, 1)
        )
        return f"{near[0]}.{name}" if near else ""

    def _completed(self, handler: str) -> str:
        """Return a handler string without a dot as it should be."""
        module, colon, name = handler.rpartition(":")
        found = [
            stem
            for stem in self._stems()
            if (not colon or stem == module)
            and self.homes.home_path(os.path.join(self.folder, stem + ".py"), name)
        ]
        return f"{found[0]}.{name}" if len(found) == 1 else ""

    def _stems(self) -> list[str]:
        if self.only:
            return [os.path.basename(self.only)[:-3]]
        files = sorted(self.tree.listing(self.folder).files)
        return [x[:-3] for x in files if x.endswith(".py")][:_MOST_FILES]

    # -- a name that a module does not bind -------------------------------------

    def _binds(self, path: str, name: str, depth: int = 0) -> bool:
        """Return whether a module may have a name."""
        from flake8_lambda_handler.facts.bindings import last_binding
        from flake8_lambda_handler.facts.bindings import star_imports

        module = self.homes.parse(path)
        if module is None or depth > MOST_REEXPORTS or _DYNAMIC.search(module.text):
            return True
        if path.endswith("__init__.py") and "import" in module.text:
            files, folders = self.tree.listing(os.path.dirname(path))
            if name in folders or name + ".py" in files:
                return True
        if last_binding(module.tree, name) is not None:
            return True
        if _mentioned(module.tree, name):
            return True
        for star in star_imports(module.tree):
            folder = os.path.dirname(path)
            found = self.homes.find_path(folder, star.module or "", star.level)
            if found is None or self._binds(found, name, depth + 1):
                return True
        return False


def _nearest_function(tree: ast.Module, name: str) -> str:
    """Return the function that is called most like a name, or the only like a handler."""
    functions = [*_functions(tree)]
    near = difflib.get_close_matches(name, [x.name for x in functions], 1)
    if near:
        return near[0]
    like = [x.name for x in functions if len(x.args.args) == 2]
    return like[0] if len(like) == 1 else ""


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _mentioned(tree: ast.Module, name: str) -> bool:
    return any(_mentions(node, name) for node in ast.walk(tree))


def _mentions(node: ast.AST, name: str) -> bool:
    """Return whether a node may bind a name in its module, however deep it stands."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.alias):
        return name in (node.asname, node.name)
    if isinstance(node, ast.Constant):
        return node.value == name
    if isinstance(node, ast.Global):
        return name in node.names
    return False
