"""The code that TypeScript and JavaScript give to functions: texts, files and images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.templates.embedded import UNKNOWN
from flake8_lambda_handler.templates.embedded import Characters
from flake8_lambda_handler.templates.embedded import from_characters
from flake8_lambda_handler.templates.embedded import stripped
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.scripts import Code
from flake8_lambda_handler.templates.scripts import Scripts
from flake8_lambda_handler.templates.typescript import arguments
from flake8_lambda_handler.templates.typescript import text

#: Most pieces of a text.
MOST_TEXTS = 500

_ESCAPES = dict(zip("bfnrtv0", "\b\f\n\r\t\v\0"))
_HEXADECIMAL = re.compile(r"\\(?:x(\w{2})|u(\w{4})|u\{(\w+)\})")
_OPEN = re.compile(
    r"child_process|execSync|spawnSync|cpSync|copySync|copyFile|writeFile|mkdir|Aspects|"
    r"PYTHONPATH|AWS_LAMBDA_EXEC_WRAPPER"
)
_FILES = (("fs",), ("node:fs",))


def pieces(scripts: Scripts, node: Node) -> tuple[Piece, ...]:
    """Return the code that an expression is, if one file holds all of it."""
    found = _characters(scripts, node, [MOST_TEXTS])
    made = scripts.made(node)
    if not found or made is None:
        return ()
    return from_characters(found, made.source.path, made.source.text)


def file(scripts: Scripts, node: Node) -> Code | None:
    """Return the path of the file whose text an expression is."""
    made = scripts.made(node)
    while made is not None and made.tree.type == "call_expression":
        function = made.tree.child_by_field_name("function")
        origin = made.script.origin(function)
        if origin[:1] in _FILES and origin[-1] == "readFileSync":
            given = arguments(made.tree)
            return made.at(given[0]) if given else None
        if text(function.child_by_field_name("property")) not in ("toString", "trim"):
            return None
        made = scripts.made(made.at(function.child_by_field_name("object")))
    return None


def zipped(scripts: Scripts, code: Node | None) -> Iterator[Node | None]:
    """Yield the text in an object that is what CloudFormation takes for code."""
    made = scripts.made(code)
    if made is not None and made.tree.type == "object":
        for properties in scripts.mappings(made):
            yield properties.get("zipFile")


def is_settled(scripts: Scripts, call: Any, code: Code, handler: Node | None) -> bool:
    """Tell whether a handler, and a folder that is only packed, are written for good.

    `call` makes the function, `code` what it is made of.
    """
    properties = arguments(call)[2]
    named = scripts.made(handler)
    return (
        properties.type == "object"
        and all(part.type != "spread_element" for part in properties.named_children)
        and named is not None
        and named.tree.type == "string"
        and len(arguments(code.tree)) == 1
        and not code.source.is_one(_is_open)
        and not scripts.script.source.is_one(_is_open)
    )


def _is_open(written: str) -> bool:
    """Tell whether a program may fill folders, or lead the runtime elsewhere."""
    return _OPEN.search(written) is not None


def _characters(scripts: Scripts, node: Node, left: list[int]) -> Characters | None:
    """Return a text; `left` counts the pieces that may still be put together."""
    made = scripts.made(node)
    left[0] -= 1
    if made is None or left[0] < 0:
        return None
    kind = made.tree.type
    if kind in ("string", "template_string"):
        return [*_literal(made)]
    if kind == "binary_expression":
        if text(made.tree.child_by_field_name("operator")) == "+":
            parts = [made.field("left"), made.field("right")]
            return _joined(scripts, made, parts, [], left)
    if kind == "call_expression":
        function = made.tree.child_by_field_name("function")
        method = text(function.child_by_field_name("property"))
        owner = function.child_by_field_name("object")
        if method == "trim" and owner is not None:
            found = _characters(scripts, made.at(owner), left)
            return None if found is None else stripped(found)
        given = arguments(made.tree)
        listed = None if owner is None else scripts.made(made.at(owner))
        if method == "join" and given and listed and listed.tree.type == "array":
            items = [x for x in listed.tree.named_children if x.type != "comment"]
            between = _characters(scripts, made.at(given[0]), left)
            if between is not None:
                return _joined(scripts, made, map(listed.at, items), between, left)
    return None


def _joined(
    scripts: Scripts,
    around: Code,
    parts: Iterable[Code],
    between: Characters,
    left: list[int],
) -> Characters | None:
    found: Characters = []
    for number, part in enumerate(parts):
        origin, more = scripts.made(part), _characters(scripts, part, left)
        if more is None or origin is None or origin.source is not around.source:
            return None
        found += (between if number else []) + more
    return found


def _literal(node: Code) -> Iterator[tuple[str, int]]:
    written = node.source.text
    at = node.tree.start_byte + 1
    for part in node.tree.named_children:
        if part.type not in ("escape_sequence", "template_substitution"):
            continue
        yield from zip(written[at : part.start_byte], range(at, part.start_byte))
        if part.type == "template_substitution":
            yield UNKNOWN, -1 - part.start_byte
        else:
            for char in _unescaped(text(part)):
                yield char, part.start_byte
        at = part.end_byte
    end = node.tree.end_byte - 1
    yield from zip(written[at:end], range(at, end))


def _unescaped(escape: str) -> str:
    found = _HEXADECIMAL.fullmatch(escape)
    if found is not None:
        try:
            return chr(int(next(filter(None, found.groups())), 16))
        except (OverflowError, ValueError):
            return UNKNOWN
    return "" if escape[1:] in ("\n", "\r\n") else _ESCAPES.get(escape[1:], escape[1:])
