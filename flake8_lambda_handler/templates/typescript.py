"""TypeScript and JavaScript: what the names of one file are bound to.

The grammar of TypeScript also reads JavaScript; its wheel is small enough (0.3 MB) to
be a dependency like those of the other languages, and is loaded for such files only.
"""

from __future__ import annotations

import functools
import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.parsing import ascii_bytes

#: Longest chain of names with dots.
MOST_DOTS = 10

#: What stands around an expression without changing it.
AROUND = frozenset(
    {
        "as_expression",
        "await_expression",
        "non_null_expression",
        "parenthesized_expression",
        "satisfies_expression",
    }
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CLASSES = frozenset({"abstract_class_declaration", "class", "class_declaration"})
_FUNCTIONS = frozenset(
    {"arrow_function", "function_declaration", "function_expression"}
)


class Parameter(NamedTuple):
    """A parameter of a function: its name, or the names of its parts by their keys."""

    names: dict[str, str]
    is_whole: bool
    default: Any


class Script:
    """One file. A name that is bound twice stands for nothing."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.folder = os.path.dirname(source.path)
        #: Where names come from: `aws-cdk-lib/aws-lambda` and the names after it.
        self.imports: dict[str, tuple[str, ...]] = {}
        #: The same for what is only passed on; under `*` the modules of all names.
        self.passed_on: dict[str, tuple[str, ...]] = {}
        self.everything_of: list[str] = []
        #: The name that is exported as the file's default.
        self.default = ""
        self.bound: dict[str, Any] = {}
        #: For names that a pattern takes out of an object, the key there.
        self.keys: dict[str, str] = {}
        self.classes: dict[str, Any] = {}
        self.functions: dict[str, Any] = {}
        #: What classes, told by where they start, keep in `this`.
        self.fields: dict[tuple[int, str], Any] = {}
        self.methods: dict[tuple[int, str], Any] = {}
        self.news: list[Any] = []
        self.calls: list[Any] = []
        self.attributes: list[Any] = []
        #: Assignments to attributes.
        self.stores: list[Any] = []
        self._members: list[tuple[dict[tuple[int, str], Any], Any, Any]] = []
        self._root = _parser().parse(ascii_bytes(source.text)).root_node
        self._read(self._root)
        self._spans = sorted(
            (one.start_byte, one.end_byte, one) for one in self.classes.values()
        )
        for table, name, value in self._members:
            cls = self.class_around(name)
            if cls is not None:
                key = cls.start_byte, text(name)
                table[key] = None if key in table else value

    def _read(self, root: Any) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            kind = node.type
            if kind == "import_statement":
                self._import(node)
                continue
            if kind == "export_statement":
                self._export(node)
            elif kind == "variable_declarator":
                self._declaration(node)
            elif kind in ("required_parameter", "optional_parameter"):
                self._bind(node.child_by_field_name("pattern"), None)
            elif kind == "assignment_expression":
                self._assignment(node)
            elif kind == "new_expression":
                self.news.append(node)
            elif kind == "call_expression":
                self.calls.append(node)
            elif kind == "member_expression":
                self.attributes.append(node)
            elif kind == "public_field_definition":
                self._keep(self.fields, node, node.child_by_field_name("value"))
            elif kind == "method_definition":
                self._keep(self.methods, node, node)
            elif kind in _CLASSES:
                self.classes[text(node.child_by_field_name("name")) or "default"] = node
            elif kind == "function_declaration":
                self.functions[text(node.child_by_field_name("name"))] = node
            waiting += node.named_children

    def _import(self, node: Any) -> None:
        source = node.child_by_field_name("source")
        for clause in node.named_children:
            if clause.type == "import_require_clause":
                source = clause.child_by_field_name("source")
                self.imports[text(clause.named_children[0])] = (inner(source),)
            elif clause.type == "import_clause" and source is not None:
                for part in clause.named_children:
                    self._clause(part, inner(source))

    def _clause(self, part: Any, module: str) -> None:
        if part.type == "identifier":
            self.imports[text(part)] = (module, "default")
        elif part.type == "namespace_import":
            self.imports[text(part.named_children[0])] = (module,)
        elif part.type == "named_imports":
            for alias, name in _pairs(part):
                self.imports[alias] = (module, name)

    def _export(self, node: Any) -> None:
        source = node.child_by_field_name("source")
        if source is None:
            if any(child.type == "default" for child in node.children):
                made = node.child_by_field_name("declaration")
                name = None if made is None else made.child_by_field_name("name")
                value = bare(node.child_by_field_name("value"))
                if value is None or value.type == "identifier":
                    self.default = text(name or value)
                else:
                    self.bound["default"] = value
            return
        clauses = [x for x in node.named_children if x.type == "export_clause"]
        if not clauses:
            self.everything_of.append(inner(source))
        for clause in clauses:
            for alias, name in _pairs(clause):
                self.passed_on[alias] = (inner(source), name)

    def _declaration(self, node: Any) -> None:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        module = _required(value)
        if name.type == "identifier":
            if module:
                self.imports[text(name)] = (module,)
            else:
                self._bind(name, value)
            if value is not None and value.type in _FUNCTIONS:
                self.functions[text(name)] = value
        else:
            for alias, key in picked(name):
                if module:
                    self.imports[alias] = (module, key)
                else:
                    self.bound[alias] = None if alias in self.bound else value
                    self.keys[alias] = key

    def _assignment(self, node: Any) -> None:
        left = node.child_by_field_name("left")
        self._bind(left, None)
        if left is not None and left.type == "member_expression":
            self.stores.append(node)
            if left.child_by_field_name("object").type == "this":
                right = node.child_by_field_name("right")
                name = left.child_by_field_name("property")
                self._members.append((self.fields, name, right))

    def _keep(self, table: dict[tuple[int, str], Any], node: Any, value: Any) -> None:
        if value is not None:
            self._members.append((table, node.child_by_field_name("name"), value))

    @functools.cached_property
    def names(self) -> dict[str, list[Any]]:
        """Where names stand that are no attributes, in any meaning."""
        found: dict[str, list[Any]] = {}
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            if node.type in ("identifier", "shorthand_property_identifier"):
                found.setdefault(text(node), []).append(node)
            waiting += node.named_children
        return found

    def class_around(self, tree: Any) -> Any:
        """Return the class in which a node stands, or None."""
        at = bisect_right(self._spans, tree.start_byte, key=_start)
        inside = (x for x in reversed(self._spans[:at]) if x[1] > tree.start_byte)
        return next(inside, (0, 0, None))[2]

    def _bind(self, name: Any, value: Any) -> None:
        """Bind a name; one that is bound twice stands for nothing."""
        if name is not None and name.type == "identifier":
            bound = text(name)
            self.bound[bound] = None if bound in self.bound else value

    def binds(self, name: str) -> bool:
        """Tell whether the file itself binds a name."""
        return name in self.bound or name in self.classes or name in self.functions

    def origin(self, tree: Any) -> tuple[str, ...]:
        """Return the module of a dotted name, and the names in it; else nothing."""
        names: list[str] = []
        while tree is not None and tree.type == "member_expression":
            names.append(text(tree.child_by_field_name("property")))
            tree = tree.child_by_field_name("object")
            if len(names) > MOST_DOTS:
                return ()
        if tree is None or tree.type != "identifier" or text(tree) in self.bound:
            return ()
        found = self.imports.get(text(tree), ())
        return (*found, *reversed(names)) if found else ()


def parameters(function: Any) -> Iterator[Parameter]:
    """Yield the parameters of a function."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        yield Parameter({"": text(single)}, True, None)
    listed = function.child_by_field_name("parameters")
    for one in () if listed is None else listed.named_children:
        pattern = one.child_by_field_name("pattern")
        default = one.child_by_field_name("value")
        if pattern is None:
            continue
        if pattern.type == "identifier":
            yield Parameter({"": text(pattern)}, True, default)
        else:
            names = {key: alias for alias, key in picked(pattern)}
            yield Parameter(names, False, default)


def base(cls: Any) -> Any:
    """Return the expression for the class that a class extends; None without one."""
    for part in cls.named_children:
        if part.type == "class_heritage":
            for clause in part.named_children:
                if clause.type == "extends_clause":
                    return clause.child_by_field_name("value")
    return None


def arguments(tree: Any) -> list[Any]:
    """Return the arguments of a call, comments left out."""
    found = tree.child_by_field_name("arguments")
    children = [] if found is None else found.named_children
    return [child for child in children if child.type != "comment"]


def bare(tree: Any) -> Any:
    """Return an expression without what stands around it, such as `(… as Type)`."""
    while tree is not None and tree.type in AROUND and tree.named_children:
        tree = tree.named_children[0]
    return tree


def ancestors(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield a node with the one around it, outwards."""
    while tree.parent is not None:
        yield tree, tree.parent
        tree = tree.parent


def _start(span: tuple[int, int, Any]) -> int:
    return span[0]


def text(tree: Any) -> str:
    """Return the text of a node; empty for none."""
    return "" if tree is None else str(tree.text.decode())


def snake(name: str) -> str:
    """Return a name as Python writes it; those of classes are the same."""
    return name if name[:1].isupper() else _CAPITAL.sub("_", name).lower()


def inner(tree: Any) -> str:
    """Return the text of a node without its quotes."""
    return text(tree)[1:-1]


@functools.cache
def _parser() -> Any:
    from tree_sitter import Language
    from tree_sitter import Parser
    from tree_sitter_typescript import language_typescript

    return Parser(Language(language_typescript()))


def _pairs(clause: Any) -> Iterator[tuple[str, str]]:
    """Yield the names that a clause binds, and what they are called there."""
    for one in clause.named_children:
        name = one.child_by_field_name("name")
        alias = one.child_by_field_name("alias") or name
        if name is not None:
            yield text(alias), text(name)


def picked(pattern: Any) -> Iterator[tuple[str, str]]:
    """Yield the names that a pattern binds, and the keys that they are taken from."""
    if pattern.type != "object_pattern":
        return
    for part in pattern.named_children:
        if part.type == "shorthand_property_identifier_pattern":
            yield text(part), text(part)
        elif part.type == "pair_pattern":
            value = part.child_by_field_name("value")
            if value is not None and value.type == "identifier":
                yield text(value), text(part.child_by_field_name("key"))


def _required(tree: Any) -> str:
    """Return the module that `require(…)` gives; nothing for other expressions."""
    if tree is None or tree.type != "call_expression":
        return ""
    function, given = tree.child_by_field_name("function"), arguments(tree)
    is_required = text(function) == "require" and len(given) == 1
    return inner(given[0]) if is_required and given[0].type == "string" else ""
