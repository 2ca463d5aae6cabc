"""Which functions of a module Lambda calls, and how that is known.

The best evidence comes first: a template names the function, then the setting
`lambda-handlers` does, then its name and parameters look like a handler's. Only one in
five async functions that look so really is an entry point (counted over 59 public
repositories, 2026-11-20), so a guess must pass every test of `_is_plausible`.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Any

from flake8_lambda_handler import patterns
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    from flake8_lambda_handler.project import Declared

_EVENT = re.compile(
    r"_{0,2}(?:\w+_)?(?:event|events|evt|payload|request|records?|message|data|input|body)"
    r"|e|_|__|ev|raw_event|\w*event\w*",
)
_CONTEXT = re.compile(r"_{0,2}(?:\w+_)?(?:context|ctx|cxt)|c|_|__|context_?\w*")

_TEST_FILE = re.compile(r"test_\w*\.py|\w*_tests?\.py|tests?\.py|conftest\.py")
_TEST_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?:pytest|unittest)\b", re.M)

#: Packages whose callbacks look like handlers: their framework awaits them.
FOREIGN_PACKAGES = re.compile(
    r"^\s*(?:import|from)\s+("
    r"aiogram|aiohttp\.web|apscheduler|azure|bottle|channels|cloudevents|cloudflare|"
    r"discord|disnake|faststream|firebase_functions|flet|functions_framework|"
    r"google\.cloud|grpc|hikari|js|kopf|microdot|nats|nextcord|nonebot|pubsub|"
    r"pyodide|pyrogram|quart|robyn|runpod|sanic|serverless_wsgi|slack_bolt|socketio|"
    r"starlette|telebot|telegram|telethon|tornado|twilio|vercel\w*|vkbottle|websockets|"
    r"workers|ydb|yandex\w*|bedrock_agentcore|fastapi|litestar|blacksheep|falcon|flask"
    r")\b",
    re.M,
)
_FOREIGN_WORDS = re.compile(r"yandex|ycloud|vercel|netlify|cloudflare|scaleway", re.I)

#: Annotations that Lambda code puts on its two parameters.
_PLAIN_ANNOTATIONS = frozenset(
    {
        "Any",
        "Context",
        "Dict",
        "JSON",
        "LambdaContext",
        "LambdaDict",
        "Mapping",
        "MutableMapping",
        "None",
        "Optional",
        "TypedDict",
        "Union",
        "bytes",
        "dict",
        "int",
        "list",
        "object",
        "str",
    }
)


class Handler:
    """A function that Lambda calls.

    `node` is what findings point at: the `def` (not its decorator) or the assignment.
    """

    def __init__(
        self,
        module: Module,
        name: str,
        node: ast.stmt,
        evidence: Evidence,
        declarations: tuple[Declaration, ...],
    ) -> None:
        self.module = module
        self.name = name
        self.node = node
        self.evidence = evidence
        self.declarations = declarations

    @property
    def line(self) -> int:
        """Return the line to report at, from 1."""
        return self.node.lineno

    @property
    def column(self) -> int:
        """Return the column to report at, from 0, in bytes as `ast` counts."""
        return self.node.col_offset

    @property
    def is_async_def(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    @cached_property
    def is_entry(self) -> bool:
        """Return whether Lambda gets what the function returns, as far as can be told.

        A function that only looks like a handler may work for other code, which takes
        any object.
        """
        if self.evidence.kind != "name" or self.name == "lambda_handler":
            return True
        shown: ast.stmt | None = self.node
        if not isinstance(shown, _DEFS):
            shown = getattr(self.value, "node", None)
        if shown is None or _is_foreign(self, shown):
            return False
        used = any(
            self.name in scope.loaded - scope.local
            for scope in self.module.scopes.values()
            if scope.parent is not None
        )
        return not used and not self.module.project.is_used_elsewhere(
            self.module, self.name
        )

    @cached_property
    def value(self) -> Value:
        """Return what the name holds once the module is imported."""
        value: Value = self.module.project.analysis.global_value(self.module, self.name)
        return value


def find(
    module: Module, declared: list[Declared], settings: Settings
) -> tuple[Handler, ...]:
    """Return the handlers of a module in file order."""
    found: dict[str, Handler] = {}
    for one in declared:
        node = last_binding(module.tree, one.name)
        if node is None:
            continue
        if one.name in found:
            old = found[one.name]
            if one.declaration not in old.declarations:
                old.declarations = (*old.declarations, one.declaration)
            continue
        place = one.declaration.place
        detail = f"{os.path.relpath(place.path)}:{place.line}"
        found[one.name] = Handler(
            module, one.name, node, Evidence("template", detail), (one.declaration,)
        )
    if settings.handlers:
        for name, pattern in _configured(module, settings):
            node = last_binding(module.tree, name)
            if name not in found and node is not None:
                found[name] = Handler(
                    module, name, node, Evidence("setting", pattern), ()
                )
    else:
        for handler in _guessed(module, found):
            found[handler.name] = handler
    return tuple(sorted(found.values(), key=lambda one: (one.line, one.column)))


# -- the setting --------------------------------------------------------------------


def _configured(module: Module, settings: Settings) -> Iterator[tuple[str, str]]:
    path = patterns.module_path(module.path, settings)
    for pattern in settings.handlers:
        if not patterns.matches(path, pattern):
            continue
        wanted = pattern.rpartition(".")[2]
        for name, node in bindings(module.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)):
                continue
            if fnmatchcase(name, wanted):
                yield name, pattern


# -- the guess by name --------------------------------------------------------------


def hidden(module: Module) -> Iterator[Handler]:
    """Yield the async functions that may be handlers, but for an unknown decorator.

    Whatever that makes of them: they are none by name, and no rule judges them.
    """
    if module.project.settings.handlers:
        return
    for handler in _named(module):
        node = handler.node
        if (
            isinstance(node, ast.AsyncFunctionDef)
            and node.decorator_list
            and UNKNOWN in each(handler.value)
            and _looks_like_handler(node, 0)
            and not _is_foreign(handler, node)
            and not _is_used(module, handler.name, node)
        ):
            yield handler


def _guessed(module: Module, found: dict[str, Handler]) -> Iterator[Handler]:
    if not found:
        yield from filter(_is_plausible, _named(module))


def _named(module: Module) -> Iterator[Handler]:
    """Yield what is called like a handler, where no template says more."""
    if "handler" not in module.text or is_test(module):
        return
    if module.project.resolves_handlers_in(module.path):
        return
    last = dict(bindings(module.tree))
    for name, node in last.items():
        if not (name in ("lambda_handler", "handler") or name.endswith("_handler")):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)):
            continue
        yield Handler(module, name, node, Evidence("name", name), ())


def _is_plausible(handler: Handler) -> bool:
    """Return whether a function that looks like a handler can be one."""
    own = handler.node
    module = handler.module
    proof = False
    for value in each(handler.value):
        given = 0
        if isinstance(value, Partial):
            given = len(value.args)
            value = value.function
        if not isinstance(value, Function):
            return False
        given += value.receiver is not None
        # A decorator of the project may hide the parameters behind `*args`.
        shown = own if isinstance(own, _DEFS) and not given else value.node
        if not _looks_like_handler(shown, given):
            return False
        if _needs_proof(own, value, module, given):
            if _is_foreign(handler, shown):
                return False
            proof = True
    if not proof:
        return True
    return not _is_used(module, handler.name, own) and not (
        module.project.is_used_elsewhere(module, handler.name)
    )


_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _needs_proof(own: ast.stmt, function: Function, module: Module, given: int) -> bool:
    """Return whether calling the function as a handler would fail."""
    if isinstance(own, ast.AsyncFunctionDef) or function.is_async:
        return True
    for node in (own, function.node):
        scope = module.scopes.get(node)
        if scope is not None and scope.yields:
            return True
    arguments = function.node.args
    positional = len(arguments.posonlyargs) + len(arguments.args)
    required = positional - len(arguments.defaults)
    return required > 2 + given or None in arguments.kw_defaults


def _looks_like_handler(node: Any, given: int) -> bool:
    """Return whether parameters look like `(event, context)`."""
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args][given:]
    if len(parameters) < 2:
        return False
    first, second = parameters[0].arg.lower(), parameters[1].arg.lower()
    if len(first) == 1 and second == "_":
        return False
    return bool(_EVENT.fullmatch(first) and _CONTEXT.fullmatch(second))


def _is_foreign(handler: Handler, node: Any) -> bool:
    """Return whether another framework or cloud owns the function."""
    parameters = [*node.args.posonlyargs, *node.args.args][:2]
    for parameter in parameters:
        if parameter.annotation is not None and not _is_plain(
            parameter.annotation, handler.module
        ):
            return True
    if handler.name == "lambda_handler":
        return False
    if _is_foreign_text(handler.module.text):
        return True
    tree = handler.module.project.tree(os.path.dirname(handler.module.path))
    if not is_inside(handler.module.path, os.path.join(tree.root, "api")):
        return False
    return tree.has_file(os.path.join(tree.root, "vercel.json"))


@lru_cache(maxsize=1)
def _is_foreign_text(text: str) -> bool:
    """Return whether another framework or cloud owns a file of many handlers."""
    return bool(_FOREIGN_WORDS.search(text) or FOREIGN_PACKAGES.search(text))


def _is_plain(annotation: ast.expr, module: Module) -> bool:
    """Return whether an annotation fits an event or a context of Lambda."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False  # no annotation, or nested deeper than the parser goes
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            name = node.id
        elif isinstance(node, ast.Attribute):
            name = node.attr
        else:
            continue
        if name in _PLAIN_ANNOTATIONS or name in ("typing", "t", "types", "context"):
            continue
        value = module.project.analysis.global_value(module, name)
        if isinstance(value, Class):
            continue
        dotted = getattr(value, "name", "")
        if not dotted.startswith(("aws_lambda", "typing", "builtins", "mypy_boto3")):
            return False
    return True


def _is_used(module: Module, name: str, own: ast.stmt) -> bool:
    """Return whether a module itself uses a name that it binds at its top."""
    for scope in module.scopes.values():
        if name in scope.loaded and not (
            name in scope.local and scope.parent is not None
        ):
            if scope.node is not own:
                return True
    return False


def uses_import(other: Module, module: Module, name: str) -> bool:
    """Return whether a module imports a name from another one and uses it."""

    def leads(dotted: str, level: int) -> bool:
        folder = os.path.dirname(other.path)
        return bool(other.project.find_path(folder, dotted, level) == module.path)

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


def _loads(module: Module, name: str) -> bool:
    return any(name in scope.loaded for scope in module.scopes.values())


def _reads_attribute(module: Module, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == name
        for node in ast.walk(module.tree)
    )


# -- tests --------------------------------------------------------------------------


def is_test_path(path: str) -> bool:
    """Return whether a path, relative to the project, is one where tests live."""
    *folders, name = path.split(os.sep)
    if _TEST_FILE.fullmatch(name):
        return True
    return any(folder in ("test", "tests", "testing") for folder in folders)


def is_test(module: Module) -> bool:
    """Return whether a module holds tests, by its path or by what it imports."""
    folder, name = os.path.split(module.path)
    if _TEST_FILE.fullmatch(name):
        return True
    below = folder.removeprefix(module.project.tree(folder).root).split(os.sep)
    if any(part in ("test", "tests") for part in below):
        return True
    return bool(_TEST_IMPORT.search(module.text))


# -- bindings -----------------------------------------------------------------------


def bindings(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Yield each name that a module's top level binds, in order, with its statement.

    Blocks (`if`, `try`, `with`, loops) count, a `__main__` block does not.
    """
    stack: list[ast.stmt] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for child in ast.walk(target):
                    if isinstance(child, ast.Name):
                        yield child.id, node
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name) and node.value is not None:
                yield node.target.id, node
        elif isinstance(node, ast.If) and _is_main(node.test):
            stack.extend(reversed(node.orelse))
        else:
            for field in ("finalbody", "orelse", "handlers", "body", "cases"):
                for child in reversed(getattr(node, field, ())):
                    if isinstance(child, ast.stmt):
                        stack.append(child)
                    else:
                        stack.extend(reversed(getattr(child, "body", ())))


def _is_main(test: ast.expr) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
    )


def last_binding(tree: ast.Module, name: str) -> ast.stmt | None:
    """Return the statement that binds a name last at a module's top level."""
    found = None
    for bound, node in bindings(tree):
        if bound == name:
            found = node
    return found


def star_imports(tree: ast.Module) -> list[ast.ImportFrom]:
    """Return the `from x import *` statements of a module's top level."""
    return [
        node
        for name, node in bindings(tree)
        if name == "*" and isinstance(node, ast.ImportFrom)
    ]
