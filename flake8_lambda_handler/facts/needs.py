"""What a module needs of the Python that imports it: syntax, modules, names.

The standard library's changes are data, `stdlib.json` beside this file, which
`scripts/make_stdlib_changes.py` makes from interpreters.
"""

from __future__ import annotations

import ast
import functools
import io
import json
import pkgutil
import re
import sys
import tokenize
from collections.abc import Callable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.facts.conditions import Version

#: How a condition always comes out; None where that is open.
Settle = Callable[[ast.expr], "bool | None"]


class Need(NamedTuple):
    """Something that some versions of Python have and others lack."""

    node: ast.AST
    #: In the words of a message: `` `tomllib` ``.
    what: str
    #: The version that brought it, or the first one without it.
    version: Version
    is_gone: bool = False
    #: The module of the standard library that it is, if it is one as a whole.
    module: str = ""
    #: What Lambda says of a module with it on a version that lacks it.
    error: str = "Runtime.UserCodeSyntaxError"

    def is_lacked_by(self, version: Version) -> bool:
        return (version >= self.version) is self.is_gone


#: Statements and expressions by the version that brought them. Source: "What's New In
#: Python 3.8" to 3.14.
_SYNTAX: dict[str, tuple[str, Version]] = {
    "NamedExpr": ("`:=`", (3, 8)),
    "Match": ("`match`", (3, 10)),
    "TryStar": ("`except*`", (3, 11)),
    "TypeAlias": ("`type`", (3, 12)),
    "TemplateStr": ("a t-string", (3, 14)),
}

_NEWEST = max(version for _, version in _SYNTAX.values())

#: Classes that `|` and `[]` work on only since they were taught it.
_BUILTINS = frozenset(
    "bool bytes complex dict float frozenset int list object set str tuple type".split()
)
_GENERIC = frozenset("dict frozenset list set tuple type".split())

_IMPORT_ERRORS = frozenset(
    {"BaseException", "Exception", "ImportError", "ModuleNotFoundError"}
)


#: What stands in each text with syntax that is newer than Python 3.12.
_NEWER = re.compile(
    r"\b(?:[tT][rR]?|[rR][tT])[\"']|\b(?:def|class|type)[ \t\\\r\n]+\w+[ \t\\\r\n]*\["
)


def syntax(tree: ast.Module, text: str, version: Version) -> Iterator[Need]:
    """Yield the syntax of a module that a version of Python cannot parse, and more.

    It costs a walk, unless the version is as new as most that are declared.
    """
    if version >= _NEWEST or version >= (3, 12) and not _NEWER.search(text):
        return
    has_fstrings = False
    for node in ast.walk(tree):
        known = _SYNTAX.get(type(node).__name__)
        if known is not None:
            yield Need(node, *known)
        elif isinstance(node, ast.JoinedStr):
            has_fstrings = True
        if isinstance(node, ast.arguments) and node.posonlyargs:
            yield Need(node.posonlyargs[0], "`/` among parameters", (3, 8))
        for parameter in getattr(node, "type_params", ()):
            has_default = getattr(parameter, "default_value", None) is not None
            if has_default:
                yield Need(parameter, "a type parameter's default", (3, 13))
            else:
                yield Need(parameter, "a type parameter", (3, 12))
        for decorator in getattr(node, "decorator_list", ()):
            if not _is_dotted(decorator):
                yield Need(decorator, "such a decorator", (3, 9))
    if has_fstrings and version < (3, 12) <= sys.version_info:
        yield from _nested_fstrings(text)


def _is_dotted(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _nested_fstrings(text: str) -> Iterator[Need]:
    """Yield the f-strings that only the grammar of PEP 701 takes.

    Before it, the expressions in an f-string held neither its own quotes nor a
    backslash, a comment or, in one of a single line, the end of a line.
    """
    open_quotes: list[str] = []
    starts: list[tuple[int, int]] = []
    for token in _tokens(text):
        name = tokenize.tok_name[token.type]
        if name == "FSTRING_END":
            open_quotes.pop()
            starts.pop()
            continue
        is_start = name == "FSTRING_START"
        inner = token.string
        depth = len(open_quotes)
        if depth and (
            is_start or name in ("STRING", "COMMENT", "NL", "FSTRING_MIDDLE")
        ):
            # The text of an f-string itself is no expression in it, but one in those around.
            outer = open_quotes[:-1] if name == "FSTRING_MIDDLE" else open_quotes
            if (
                any(quote in inner for quote in outer)
                or (outer and "\\" in inner)
                or (name == "COMMENT")
                or (name == "NL" and any(len(quote) == 1 for quote in outer))
            ):
                node = ast.Constant("", lineno=starts[0][0], col_offset=starts[0][1])
                yield Need(node, "such an f-string", (3, 12))
                return
        if is_start:
            open_quotes.append(inner.lstrip("fFrRtT"))
            column = len(token.line[: token.start[1]].encode("utf-8", "surrogatepass"))
            starts.append((token.start[0], column))


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (SyntaxError, tokenize.TokenError):
        pass  # some texts that Python parses have none


def executed(tree: ast.Module, settle: Settle) -> Iterator[ast.stmt]:
    """Yield the statements that run whenever the module is imported.

    Nothing of functions, of loops, and of what waits for an import to fail.
    """
    waiting = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        body: list[ast.stmt] = []
        if isinstance(node, ast.If):
            is_chosen = settle(node.test)
            if is_chosen is not None:
                body = node.body if is_chosen else node.orelse
        elif isinstance(node, ast.ClassDef):
            body = node.body
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            if not any("suppress" in ast.unparse(x.context_expr) for x in node.items):
                body = node.body
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            handlers: list[ast.ExceptHandler] = getattr(node, "handlers", [])
            if not any(map(_catches_imports, handlers)):
                body = [*getattr(node, "body", ()), *getattr(node, "orelse", ())]
            body = [*body, *getattr(node, "finalbody", ())]
        elif isinstance(node, ast.Raise):
            return
        waiting.extend(reversed(body))


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    names = {getattr(kind, "id", getattr(kind, "attr", "")) for kind in kinds}
    return caught is None or not names.isdisjoint(_IMPORT_ERRORS | {""})


def at_import(statement: ast.stmt, postponed: bool) -> Iterator[Need]:
    """Yield what a statement needs of the library, and of the types in annotations.

    `postponed`: no annotation of the module is evaluated.
    """
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield from _library(statement, alias.name)
    elif isinstance(statement, ast.ImportFrom):
        if statement.module and not statement.level:
            whole = [*_library(statement, statement.module)]
            yield from whole
            for alias in () if whole else statement.names:
                yield from _library(statement, f"{statement.module}.{alias.name}")
    elif not postponed:
        for annotation in _annotations(statement):
            yield from _types(annotation)


def _library(node: ast.stmt, dotted: str) -> Iterator[Need]:
    parts = dotted.split(".")
    for number in range(1, len(parts) + 1):
        name = ".".join(parts[:number])
        module = parts[0] if number == 1 else ""
        for is_gone, changes in enumerate(_changes()):
            if name in changes:
                yield Need(
                    node,
                    f"`{name}`",
                    changes[name],
                    bool(is_gone),
                    module,
                    "Runtime.ImportModuleError",
                )
                return


@functools.cache
def _changes() -> tuple[dict[str, Version], dict[str, Version]]:
    """Return with which version modules and names came, and with which they went."""
    data = json.loads(pkgutil.get_data(__package__, "stdlib.json") or b"{}")

    def versions(rows: dict[str, str]) -> dict[str, Version]:
        split = {name: text.split(".") for name, text in rows.items()}
        return {name: (int(x), int(y)) for name, (x, y) in split.items()}

    return versions(data["added"]), versions(data["removed"])


def is_postponed(tree: ast.Module) -> bool:
    """Return whether a module's annotations are not evaluated."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def _annotations(statement: ast.stmt) -> Iterator[ast.expr]:
    if isinstance(statement, ast.AnnAssign):
        yield statement.annotation
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        given = statement.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        every += [one for one in (given.vararg, given.kwarg) if one is not None]
        yield from (one.annotation for one in every if one.annotation is not None)
        if statement.returns is not None:
            yield statement.returns


def _types(annotation: ast.expr) -> Iterator[Need]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            if any(_is_plain_type(x) for x in (node.left, node.right)):
                yield Need(node, "`|` between types", (3, 10), error="TypeError")
                return
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id in _GENERIC:
                what = f"`{node.value.id}[…]`"
                yield Need(node, what, (3, 9), error="TypeError")
                return


def _is_plain_type(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, ast.Name) and node.id in _BUILTINS
