"""The syntax of Terraform: blocks, and what their expressions can stand for.

Sources, read 2026-11-20: Terraform language documentation, "Expressions", "Functions"
and "JSON Configuration Syntax".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.templates import rendered
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import ascii_bytes
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: Most parts of an expression that are searched for names.
MOST_PARTS = 500

#: Functions that give back what they get.
_SAME = frozenset({"tostring", "toset", "tolist", "tomap", "nonsensitive"})
_ESCAPE = re.compile(r"\\([nrt\"\\])|(\$\$|%%)(?=\{)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WRAPPERS = frozenset(
    {"expression", "literal_value", "collection_value", "template_expr"}
)


class Block(NamedTuple):
    """A block: its type with its labels, its arguments, and all that stands in it."""

    names: tuple[str, ...]
    arguments: dict[str, Node]
    text: str = ""


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


class _Fragment(Source):
    """A string of a JSON file, read as a Terraform template."""

    __slots__ = ("_scalar",)
    HEAD = 'x = "'

    def __init__(self, scalar: Scalar) -> None:
        super().__init__(scalar.source.path, f'{self.HEAD}{scalar.text}"\n')
        self._scalar = scalar

    @property
    def key(self) -> object:
        return self._scalar.key

    def place(self, offset: int) -> Place:
        start = max(offset - len(self.HEAD), 0)
        return self._scalar.part(start, start).place


def parse(source: Source) -> tuple[list[Block], dict[str, Node], Unreadable | None]:
    """Return blocks and arguments at the top of a file, and the error in it.

    A file with an error gives its whole blocks all the same.
    """
    root = _tree(source.text).root_node
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
                arguments.update(_argument(source, child))
    return blocks, arguments, _error(source, root) if root.has_error else None


@functools.cache
def _parser() -> Any:
    from tree_sitter import Language
    from tree_sitter import Parser
    from tree_sitter_hcl import language

    return Parser(Language(language()))


def _tree(text: str) -> Any:
    return _parser().parse(ascii_bytes(text))


class ExpressionResolver(Resolver):
    """What expressions stand for; sub-classes say in `named` what their names mean."""

    def named(self, base: Scalar, name: str, scope: Scope | None) -> Node | None:
        """Return the value of `base.name`, such as `var.runtime`."""
        raise NotImplementedError

    def references(self, node: Node) -> Iterator[tuple[str, ...]]:
        """Yield the names in an expression: `("data", "archive_file", "x", …)`."""
        if isinstance(node, Scalar):
            node = self._template(node)
        if not isinstance(node, Expression):
            return
        waiting = [node.tree]
        seen = 0
        while waiting and seen < MOST_PARTS:
            tree = waiting.pop()
            seen += 1
            children = tree.named_children
            waiting += children
            if children and children[0].type == "variable_expr":
                yield tuple(
                    _name(node.source, child.named_children[0]).text
                    for child in children
                    if child.type in ("variable_expr", "get_attr")
                )

    def _template(self, scalar: Scalar) -> Node:
        """Return a string of a JSON file as the template that it is."""
        if "${" not in scalar.text or not scalar.source.path.lower().endswith(".json"):
            return scalar
        fragment = _Fragment(scalar)
        tree = _tree(fragment.text)
        if tree.root_node.has_error:
            return Node(scalar.source, scalar.offset)  # says nothing
        attribute = tree.root_node.named_children[0].named_children[0]
        return _argument(fragment, attribute)["x"]

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if isinstance(node, Scalar):
            template = self._template(node)
            return (node,) if template is node else self.values(template, scope)
        if isinstance(node, Expression):
            method = _EXPRESSIONS.get(node.tree.type)
            return () if method is None else method(self, node, scope)
        return (node,)

    def _tuple(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        sequence = Sequence(node.source, node.offset)
        sequence.items = [
            _expression(node.source, child) for child in _operands(node.tree)
        ]
        yield sequence

    def _object(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        mapping = Mapping(node.source, node.offset)
        for element in node.tree.named_children:
            key = element.child_by_field_name("key")
            value = element.child_by_field_name("val")
            if key is None or value is None:
                continue
            label = _expression(node.source, key)
            names = label.tree.named_children if isinstance(label, Expression) else []
            if len(names) == 1 and names[0].type == "variable_expr":
                label = _name(node.source, names[0])
            if isinstance(label, Scalar):
                mapping.add(label, _expression(node.source, value))
        yield mapping

    def _conditional(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        parts = _operands(node.tree)
        yield from self.values(_expression(node.source, parts[2]), scope)
        while parts:
            yield from self.values(_expression(node.source, parts[1]), scope)
            # The grammar reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`, though
            # Terraform means `a ? b : (c ? d : e)`.
            inner = parts[0].children
            is_bare = len(inner) == 1 and inner[0].type == "conditional"
            parts = _operands(inner[0]) if is_bare else []

    def _quoted(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        pieces: list[str | list[Scalar]] = []
        end = node.offset
        for child in node.tree.named_children:
            text = node.source.text[child.start_byte : child.end_byte]
            if child.type == "template_literal":
                # The grammar drops the spaces around an interpolation.
                pieces.append(node.source.text[end : child.start_byte])
                pieces.append(_unescape(text))
                end = child.end_byte
            elif child.type == "template_interpolation":
                pieces.append(node.source.text[end : child.start_byte])
                known = [
                    scalar
                    for x in _operands(child)
                    for scalar in self.scalars(_expression(node.source, x), scope)
                ]
                if not known:
                    return
                pieces.append(known)
                end = child.end_byte
            elif child.type == "quoted_template_end":
                pieces.append(node.source.text[end : child.start_byte])
            elif child.type != "quoted_template_start":
                return
        yield from self.compose(node, pieces)

    def _call(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        children = node.tree.named_children
        name = node.source.text[children[0].start_byte : children[0].end_byte]
        arguments: list[Node] = [
            _expression(node.source, x)
            for child in children[1:]
            if child.type == "function_arguments"
            for x in _operands(child)
        ]
        if name in ("coalesce", "try"):
            for argument in arguments:
                known = [
                    x
                    for x in self.values(argument, scope)
                    if not isinstance(x, Scalar) or x.text
                ]
                if known:
                    return known
        elif name == "lookup" and len(arguments) in (2, 3):
            tables = self.values(arguments[0], scope)
            keys = self.texts(arguments[1], scope)
            fallback = arguments[2] if len(arguments) == 3 else None
            if not tables or not keys:
                return self.values(fallback, scope)
            return [
                value
                for table in tables
                for key in keys
                for value in self.walk([table], [key], scope)
                or self.values(fallback, scope)
            ]
        elif name == "merge":
            merged = Mapping(node.source, node.offset)
            for argument in arguments:
                for mapping in self.mappings(argument, scope):
                    for label, value in mapping.entries():
                        merged.add(label, value)
            return [merged]
        elif name in _SAME and len(arguments) == 1:
            return self.values(arguments[0], scope)
        return ()

    def _traversal(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        children = [x for x in node.tree.named_children if x.type != "comment"]
        steps: list[Node] = []
        for child in children[1:]:
            parts = [x for x in child.named_children if x.type != "comment"]
            if child.type == "get_attr":
                steps.append(_name(node.source, parts[0]))
            elif child.type == "index" and parts and parts[0].type == "new_index":
                steps += [_expression(node.source, x) for x in _operands(parts[0])]
            else:
                return []
        if children[0].type != "variable_expr":
            known = self.values(_expression(node.source, children[0]), scope)
        elif steps and isinstance(steps[0], Scalar):
            base = _name(node.source, children[0])
            known = self.values(self.named(base, steps[0].text, scope), scope)
            del steps[0]
        else:
            return []
        for step in steps:
            known = [
                value
                for key in self.texts(step, scope)
                for value in self.walk(known, [key], scope)
            ]
        return known


_EXPRESSIONS: dict[
    str, Callable[[ExpressionResolver, Expression, Scope | None], Iterable[Node]]
] = {
    "tuple": ExpressionResolver._tuple,
    "object": ExpressionResolver._object,
    "conditional": ExpressionResolver._conditional,
    "quoted_template": ExpressionResolver._quoted,
    "function_call": ExpressionResolver._call,
    "expression": ExpressionResolver._traversal,
}


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
                    arguments.update(_argument(source, part))
    text = source.text[tree.start_byte : tree.end_byte]
    return Block(tuple(names), arguments, text)


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


def _argument(source: Source, tree: Any) -> dict[str, Node]:
    name, value = (x for x in tree.named_children if x.type != "comment")
    key = source.text[name.start_byte : name.end_byte]
    return {key: _expression(source, value)}


def _operands(tree: Any) -> list[Any]:
    return [x for x in tree.named_children if x.type == "expression"]


def _name(source: Source, tree: Any) -> Scalar:
    start, end = tree.start_byte, tree.end_byte
    return Scalar(source, start, source.text[start:end])


def _expression(source: Source, tree: Any) -> Node:
    """Return a syntax tree as a scalar when it is a plain value, else unresolved."""
    while tree.type in _WRAPPERS:
        children = [x for x in tree.named_children if x.type != "comment"]
        if len(children) != 1 or children[0].type == "variable_expr":
            break
        tree = children[0]
    start, end = tree.start_byte, tree.end_byte
    if tree.type == "string_lit":
        text = source.text[start + 1 : end - 1]
        return Scalar(source, start + 1, _unescape(text))
    if tree.type in ("numeric_lit", "bool_lit"):
        return Scalar(source, start, source.text[start:end])
    if tree.type == "quoted_template":
        start += 1
    return Expression(source, start, tree)


def _unescape(text: str) -> str:
    if "\\" not in text and "{" not in text:
        return text
    return _ESCAPE.sub(lambda x: _ESCAPES[x[1]] if x[1] else x[2][0], text)


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
