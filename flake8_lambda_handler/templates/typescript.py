"""TypeScript and JavaScript: what names are imported, and what expressions stand for.

The grammar of TypeScript also reads JavaScript; its wheel is small enough (0.3 MB) to
be a dependency like those of the other languages, and is loaded for such files only.
"""

from __future__ import annotations

import functools
import os
import posixpath
import re
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.parsing import ascii_bytes
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: Most parts of an expression, such as `a + b + …`, that are put together.
MOST_PARTS = 50
#: Longest chain of names with dots.
MOST_DOTS = 10

_PATHS = ("join", "resolve")
_INSIDE = frozenset(
    {
        "as_expression",
        "await_expression",
        "non_null_expression",
        "parenthesized_expression",
        "satisfies_expression",
    }
)
_ESCAPE = re.compile(r"\\(.)", re.S)


class Code(Node):
    """An expression that has not been looked into."""

    __slots__ = ("tree",)

    def __init__(self, source: Source, tree: Any) -> None:
        super().__init__(source, tree.start_byte)
        self.tree = tree

    @property
    def key(self) -> object:
        return self.source.key, self.tree.start_byte, self.tree.end_byte, self.tree.type


class Script(Resolver):
    """One file. Names stand for what they are bound to, if that is one thing only."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.folder = os.path.dirname(source.path)
        #: Where names come from: `aws-cdk-lib/aws-lambda` and the names after it.
        self.imports: dict[str, tuple[str, ...]] = {}
        self._bound: dict[str, Any] = {}
        self.news: list[Any] = []
        self.attributes: list[Any] = []
        self._read(_parser().parse(ascii_bytes(source.text)).root_node)

    def _read(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            kind = node.type
            if kind == "import_statement":
                self._import(node)
                continue
            if kind == "variable_declarator":
                self._declaration(node)
            elif kind in ("required_parameter", "optional_parameter"):
                self._bind(node.child_by_field_name("pattern"), None)
            elif kind == "assignment_expression":
                self._bind(node.child_by_field_name("left"), None)
            elif kind == "new_expression":
                self.news.append(node)
            elif kind == "member_expression":
                self.attributes.append(node)
            waiting += node.named_children

    def _import(self, node: Any) -> None:
        source = node.child_by_field_name("source")
        for clause in node.named_children:
            if clause.type == "import_require_clause":
                source = clause.child_by_field_name("source")
                self.imports[_text(clause.named_children[0])] = (_inner(source),)
            elif clause.type == "import_clause" and source is not None:
                for part in clause.named_children:
                    self._clause(part, _inner(source))

    def _clause(self, part: Any, module: str) -> None:
        if part.type == "identifier":
            self.imports[_text(part)] = (module, "default")
        elif part.type == "namespace_import":
            self.imports[_text(part.named_children[0])] = (module,)
        elif part.type == "named_imports":
            for one in part.named_children:
                name = one.child_by_field_name("name")
                alias = one.child_by_field_name("alias") or name
                if name is not None:
                    self.imports[_text(alias)] = (module, _text(name))

    def _declaration(self, node: Any) -> None:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        module = _required(value)
        if not module:
            self._bind(name, value)
        elif name.type == "identifier":
            self.imports[_text(name)] = (module,)
        else:
            for part in name.named_children:
                key = part.child_by_field_name("key") or part
                alias = part.child_by_field_name("value") or part
                self.imports[_text(alias)] = (module, _text(key))

    def _bind(self, name: Any, value: Any) -> None:
        """Bind a name; one that is bound twice stands for nothing."""
        if name is not None and name.type == "identifier":
            text = _text(name)
            self._bound[text] = None if text in self._bound else value

    def origin(self, tree: Any) -> tuple[str, ...]:
        """Return the module of a dotted name, and the names in it; else nothing."""
        names: list[str] = []
        while tree is not None and tree.type == "member_expression":
            names.append(_text(tree.child_by_field_name("property")))
            tree = tree.child_by_field_name("object")
            if len(names) > MOST_DOTS:
                return ()
        if tree is None or tree.type != "identifier" or _text(tree) in self._bound:
            return ()
        found = self.imports.get(_text(tree), ())
        return (*found, *reversed(names)) if found else ()

    def code(self, tree: Any) -> Code:
        """Return an expression as a value that is still to be resolved."""
        return Code(self.source, tree)

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Code):
            return (node,)
        tree = node.tree
        kind = tree.type
        if kind in _INSIDE:
            return self._inside(tree)
        method = _EXPRESSIONS.get(kind)
        return () if method is None else method(self, tree)

    def _inside(self, tree: Any) -> Iterable[Node]:
        return self.values(self.code(tree.named_children[0]))

    def _string(self, tree: Any) -> Iterable[Node]:
        text = _ESCAPE.sub(
            r"\1", self.source.text[tree.start_byte + 1 : tree.end_byte - 1]
        )
        yield Scalar(self.source, tree.start_byte + 1, text)

    def _number(self, tree: Any) -> Iterable[Node]:
        yield Scalar(self.source, tree.start_byte, _text(tree))

    def _template(self, tree: Any) -> Iterable[Node]:
        pieces: list[str | list[Scalar]] = []
        end = tree.start_byte + 1
        for part in tree.named_children[:MOST_PARTS]:
            if part.type != "template_substitution":
                continue
            pieces.append(self.source.text[end : part.start_byte])
            pieces.append(self.scalars(self.code(part.named_children[0])))
            end = part.end_byte
        tail = self.source.text[end : tree.end_byte - 1]
        if not pieces:
            yield Scalar(self.source, tree.start_byte + 1, tail)
        elif all(pieces[1::2]):
            yield from self.compose(self.code(tree), [*pieces, tail])

    def _name(self, tree: Any) -> Iterable[Node]:
        name = _text(tree)
        if name == "__dirname":
            yield Scalar(self.source, tree.start_byte, self.folder)
        elif (value := self._bound.get(name)) is not None:
            yield from self.values(self.code(value))

    def _member(self, tree: Any) -> Iterable[Node]:
        name = _text(tree.child_by_field_name("property"))
        base = self.code(tree.child_by_field_name("object"))
        for mapping in self.mappings(base):
            yield from self.values(mapping.get(name))

    def _object(self, tree: Any) -> Iterable[Node]:
        made = Mapping(self.source, tree.start_byte)
        for part in tree.named_children:
            if part.type == "pair":
                key = part.child_by_field_name("key")
                value = part.child_by_field_name("value")
                name = _inner(key) if key.type == "string" else _text(key)
                made.add(Scalar(self.source, key.start_byte, name), self.code(value))
            elif part.type == "shorthand_property_identifier":
                label = Scalar(self.source, part.start_byte, _text(part))
                made.add(label, self.code(part))
            elif part.type == "spread_element":
                for mapping in self.mappings(self.code(part.named_children[0])):
                    for label, node in mapping.entries():
                        made.add(label, node)
        yield made

    def _array(self, tree: Any) -> Iterable[Node]:
        made = Sequence(self.source, tree.start_byte)
        for part in tree.named_children:
            if part.type == "spread_element":
                made.items += self.members(self.code(part.named_children[0]))
            elif part.type != "comment":
                made.items.append(self.code(part))
        yield made

    def _either(self, tree: Any) -> Iterable[Node]:
        for name in ("consequence", "alternative"):
            yield from self.values(self.code(tree.child_by_field_name(name)))

    def _operation(self, tree: Any) -> Iterable[Node]:
        sides = [self.code(tree.child_by_field_name(x)) for x in ("left", "right")]
        operator = _text(tree.child_by_field_name("operator"))
        if operator in ("||", "??"):
            for side in sides:
                yield from self.values(side)
        elif operator == "+":
            pieces: list[str | list[Scalar]] = [self.scalars(side) for side in sides]
            if all(pieces):
                yield from self.compose(self.code(tree), pieces)

    def _call(self, tree: Any) -> Iterable[Node]:
        """Yield what `path.join(…)` gives, the one function that is known."""
        function = tree.child_by_field_name("function")
        origin = self.origin(function)
        if origin[:1] not in (("path",), ("node:path",)) or origin[-1] not in _PATHS:
            return
        words = [x for x in arguments(tree) if x.type != "spread_element"]
        known = [self.texts(self.code(word)) for word in words[:MOST_PARTS]]
        if known and all(len(texts) == 1 for texts in known):
            path = posixpath.join(*(texts[0] for texts in known))
            yield Scalar(self.source, tree.start_byte, posixpath.normpath(path))


_EXPRESSIONS: dict[str, Any] = {
    "array": Script._array,
    "binary_expression": Script._operation,
    "call_expression": Script._call,
    "identifier": Script._name,
    "member_expression": Script._member,
    "number": Script._number,
    "object": Script._object,
    "shorthand_property_identifier": Script._name,
    "string": Script._string,
    "template_string": Script._template,
    "ternary_expression": Script._either,
}


def arguments(tree: Any) -> list[Any]:
    """Return the arguments of a call, comments left out."""
    found = tree.child_by_field_name("arguments")
    children = [] if found is None else found.named_children
    return [child for child in children if child.type != "comment"]


def ancestors(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield a node with the one around it, outwards."""
    while tree.parent is not None:
        yield tree, tree.parent
        tree = tree.parent


@functools.cache
def _parser() -> Any:
    from tree_sitter import Language
    from tree_sitter import Parser
    from tree_sitter_typescript import language_typescript

    return Parser(Language(language_typescript()))


def _required(tree: Any) -> str:
    """Return the module that `require(…)` gives; nothing for other expressions."""
    if tree is None or tree.type != "call_expression":
        return ""
    function, given = tree.child_by_field_name("function"), arguments(tree)
    is_required = _text(function) == "require" and len(given) == 1
    return _inner(given[0]) if is_required and given[0].type == "string" else ""


def _text(tree: Any) -> str:
    return "" if tree is None else str(tree.text.decode())


def _inner(tree: Any) -> str:
    return _text(tree)[1:-1]
