"""The syntax of Terraform: blocks, and the expressions in them.

Sources, read 2026-11-20: Terraform language documentation, "Expressions" and
"JSON Configuration Syntax".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.templates import rendered
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import ascii_bytes

_ESCAPE = re.compile(
    r"\\(?:([nrt\"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|(\$\$|%%)(?=\{)"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WRAPPERS = frozenset(
    {"expression", "literal_value", "collection_value", "template_expr"}
)


class Block(NamedTuple):
    """A block: its type with its labels, its arguments, and all that stands in it."""

    names: tuple[str, ...]
    arguments: dict[str, Node]
    #: What it is read from; of a block in a JSON file its arguments are all.
    source: Source | None = None
    tree: Any = None

    @property
    def text(self) -> str:
        """The text of the block; empty for one of a JSON file."""
        if self.source is None:
            return ""
        return self.source.text[self.tree.start_byte : self.tree.end_byte]

    def blocks(self, name: str) -> Iterator[Block]:
        """Yield the blocks of a type inside this one, in order."""
        if self.source is None:
            yield from json_blocks(self.arguments.get(name), (name,), 0)
            return
        for body in self.tree.named_children:
            for part in body.named_children if body.type == "body" else ():
                if part.type == "block":
                    block = _block(self.source, part)
                    if block.names == (name,):
                        yield block


class Expression(Node):
    """An expression that is not a plain value, with its syntax tree."""

    __slots__ = ("tree",)

    def __init__(self, source: Source, offset: int, tree: Any) -> None:
        super().__init__(source, offset)
        self.tree = tree

    @property
    def key(self) -> object:
        tree = self.tree
        return self.source.key, tree.start_byte, tree.end_byte, tree.type


def parse(source: Source) -> tuple[list[Block], dict[str, Node], Unreadable | None]:
    """Return blocks and arguments at the top of a file, and the error in it.

    A file with an error gives its whole blocks all the same.
    """
    root = tree_of(source.text).root_node
    blocks: list[Block] = []
    arguments: dict[str, Node] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in node.named_children:
            if child.type in ("body", "ERROR"):
                waiting.append(child)
            elif child.type == "block" and not child.has_error:
                blocks.append(_block(source, child))
            elif child.type == "attribute" and not child.has_error:
                arguments.update(argument(source, child))
    return blocks, arguments, _error(source, root) if root.has_error else None


@functools.cache
def _parser() -> Any:
    from tree_sitter import Language
    from tree_sitter import Parser
    from tree_sitter_hcl import language

    return Parser(Language(language()))


def tree_of(text: str) -> Any:
    return _parser().parse(ascii_bytes(text))


def _block(source: Source, tree: Any) -> Block:
    names: list[str] = []
    arguments: dict[str, Node] = {}
    for child in tree.named_children:
        if child.type == "identifier":
            names.append(source.text[child.start_byte : child.end_byte])
        elif child.type == "string_lit":
            names.append(source.text[child.start_byte + 1 : child.end_byte - 1])
        elif child.type == "body":
            for part in child.named_children:
                if part.type == "attribute":
                    arguments.update(argument(source, part))
    return Block(tuple(names), arguments, source, tree)


#: The blocks that matter, with the number of their labels.
JSON_LABELS = {"variable": 1, "locals": 0, "module": 1, "data": 2, "resource": 2}


def json_blocks(
    node: Node | None, names: tuple[str, ...], depth: int
) -> Iterator[Block]:
    """Yield the blocks of a JSON file; at every level a list may stand for one."""
    for item in node.items if isinstance(node, Sequence) else [node]:
        if not isinstance(item, Mapping):
            continue
        if depth == 0:
            yield Block(names, item.pairs)
            continue
        for key, value in item.pairs.items():
            yield from json_blocks(value, (*names, key), depth - 1)


def argument(source: Source, tree: Any) -> dict[str, Node]:
    name, value = (x for x in tree.named_children if x.type != "comment")
    key = source.text[name.start_byte : name.end_byte]
    return {key: expression(source, value)}


def operands(tree: Any) -> list[Any]:
    return [x for x in tree.named_children if x.type == "expression"]


def name_of(source: Source, tree: Any) -> Scalar:
    start, end = tree.start_byte, tree.end_byte
    return Scalar(source, start, source.text[start:end])


def expression(source: Source, tree: Any) -> Node:
    """Return a syntax tree as a scalar when it is a plain value, else unresolved."""
    while tree.type in _WRAPPERS:
        children = [x for x in tree.named_children if x.type != "comment"]
        if len(children) != 1 or children[0].type == "variable_expr":
            break
        tree = children[0]
    start, end = tree.start_byte, tree.end_byte
    if tree.type == "string_lit":
        text = source.text[start + 1 : end - 1]
        return Scalar(source, start + 1, unescape(text))
    if tree.type in ("numeric_lit", "bool_lit"):
        return Scalar(source, start, source.text[start:end])
    if tree.type == "quoted_template":
        start += 1
    return Expression(source, start, tree)


def unescape(text: str) -> str:
    if "\\" not in text and "{" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text)


def _unescaped(found: re.Match[str]) -> str:
    if digits := found[2] or found[3]:
        number = int(digits, 16)
        is_character = number <= 0x10FFFF and not 0xD800 <= number < 0xE000
        return chr(number) if is_character else found[0]
    return _ESCAPES[found[1]] if found[1] else found[4][0]


def _error(source: Source, root: Any) -> Unreadable:
    """Return the innermost place where the grammar gives up."""
    node = root
    while not node.is_missing:
        inner = [x for x in node.children if x.has_error or x.is_missing]
        errors = [x for x in inner if x.type == "ERROR" or x.is_missing] or inner
        if not errors:
            break
        node = errors[0]
    start = node.start_byte
    if rendered.mark(source.text):
        return source.unreadable(start, f"is not Terraform but {rendered.WHAT}")
    if node.is_missing:
        reason = f"`{node.type}` is missing"
        start = len(source.text[:start].rstrip())
    else:
        reason = "syntax error"
    return source.unreadable(start, f"is not valid Terraform: {reason}")
