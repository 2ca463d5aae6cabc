"""How a file says `asyncio`, and where an import of it goes."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Collection
from collections.abc import Sequence

from flake8_lambda_handler.migrate.names import TreeNames
from flake8_lambda_handler.migrate.source import LINE_END
from flake8_lambda_handler.migrate.source import Edit
from flake8_lambda_handler.migrate.source import SourceText

#: Comments that have to stay in the first two lines.
_FIRST = re.compile(r"[ \t\f]*#(!|.*?coding[:=])")

#: A block of comments that belongs to no statement: a licence, say.
_COMMENTS = re.compile(r"(?:#.*(?:\r\n|\r|\n))+[ \t]*(?:\r\n|\r|\n)")

_BLANKS = re.compile(r"(?:[ \t\f]*(?:\r\n|\r|\n))*")

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def asyncio_name(
    source: SourceText, names: TreeNames, taken: Collection[str]
) -> tuple[str, Edit | None]:
    """Return the name of asyncio in functions of the module, and how it gets there.

    `taken` are names that mean something else where it is used: parameters.
    """
    bound = names.bindings("asyncio")
    is_free = "asyncio" not in taken and all(_is_asyncio(names, node) for node in bound)
    if is_free and any(_is_unconditional(names, node) for node in bound):
        return "asyncio", None
    for statement, alias in names.imports:
        if (
            isinstance(statement, ast.Import)
            and alias.name == "asyncio"
            and alias.asname
            and alias.asname not in taken
            and names.bindings(alias.asname) == [alias]
            and _is_unconditional(names, alias)
        ):
            return alias.asname, None
    if is_free:
        return "asyncio", _inserted(source, "import asyncio")
    name = free_name(source, "_asyncio")
    return name, _inserted(source, f"import asyncio as {name}")


def free_name(source: SourceText, name: str) -> str:
    """Return the name, with a number behind it if the file has it already.

    An attribute of that name does not count.
    """
    free = name
    number = 2
    while free in source.words:
        free = f"{name}_{number}"
        number += 1
    return free


def _is_asyncio(names: TreeNames, node: ast.AST) -> bool:
    return (
        isinstance(node, ast.alias)
        and isinstance(names.parents[node], ast.Import)
        and node.asname is None
        and node.name.partition(".")[0] == "asyncio"
    )


def _is_unconditional(names: TreeNames, node: ast.AST) -> bool:
    statement = names.parents[node]
    return isinstance(statement, ast.Import) and isinstance(
        names.parents[statement], ast.Module
    )


def _inserted(source: SourceText, line: str) -> Edit:
    """Return the edit that puts an import among those of the file."""
    body = source.tree.body
    count = _prologue(body)
    number = 1
    if count:
        number = _behind(source, body, count - 1)
    elif match := _COMMENTS.match(source.text):
        number = len(LINE_END.findall(match[0])) + 1
    else:
        while number <= 2 and _FIRST.match(source.line(number)):
            number += 1
    head = itertools.takewhile(lambda node: not isinstance(node, _DEFINITIONS), body)
    imports = [
        node
        for node in head
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node.lineno >= number
    ]
    if imports and _starts_line(source, imports[0]):
        return _before(source, line, imports)
    at = source.starts[number - 1] if number <= len(source.starts) else len(source.text)
    newline = source.newline(max(number - 1, 1))
    text = newline + line + newline if count else line + newline
    blanks = _BLANKS.match(source.text, at)
    wanted = 2 if len(body) > count and isinstance(body[count], _DEFINITIONS) else 1
    text += newline * (wanted - len(LINE_END.findall(blanks[0] if blanks else "")))
    if at and source.text[at - 1] not in "\r\n":
        text = newline + text
    return Edit(at, at, text)


def _prologue(body: list[ast.stmt]) -> int:
    """Return how many statements have to come before any import."""
    count = 0
    for index, node in enumerate(body):
        if index == 0 and isinstance(node, ast.Expr):
            if not isinstance(getattr(node.value, "value", None), str):
                break
        elif not isinstance(node, ast.ImportFrom) or node.module != "__future__":
            break
        count = index + 1
    return count


def _behind(source: SourceText, body: list[ast.stmt], index: int) -> int:
    """Return the number of the first line behind a statement and its neighbours."""
    last = body[index].end_lineno or 1
    for node in body[index + 1 :]:
        if node.lineno > last and not source.line(last).rstrip("\r\n").endswith("\\"):
            break
        last = node.end_lineno or last
    return last + 1


def _starts_line(source: SourceText, node: ast.stmt) -> bool:
    above = source.line(node.lineno - 1) if node.lineno > 1 else ""
    return node.col_offset == 0 and not above.rstrip("\r\n").endswith("\\")


def _before(source: SourceText, line: str, imports: Sequence[ast.stmt]) -> Edit:
    """Return the edit that keeps a block of plain imports in its order."""
    number = imports[0].lineno
    for node in imports:
        if (
            not isinstance(node, ast.Import)
            or node.lineno != number
            or node.end_lineno != number
            or node.col_offset
            or node.names[0].name > "asyncio"
        ):
            break
        number += 1
    at = source.after(number - 1) if number > 1 else 0
    newline = source.newline(max(number - 1, 1))
    text = line + newline
    if at and source.text[at - 1] not in "\r\n":
        text = newline + text.removesuffix(newline)
    return Edit(at, at, text)
