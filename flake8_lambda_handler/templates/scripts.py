"""What the expressions of TypeScript and JavaScript stand for, in several files."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.typescript import AROUND
from flake8_lambda_handler.templates.typescript import Script
from flake8_lambda_handler.templates.typescript import arguments
from flake8_lambda_handler.templates.typescript import bare
from flake8_lambda_handler.templates.typescript import base
from flake8_lambda_handler.templates.typescript import inner
from flake8_lambda_handler.templates.typescript import parameters
from flake8_lambda_handler.templates.typescript import text
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: Most parts of an expression, such as `a + b + …`, that are put together.
MOST_PARTS = 50
#: Longest program that is read, in characters: longer ones are bundles of many.
LONGEST = 300_000
#: Files that pass a name on, one to the next, and classes that extend one another.
DEEPEST_CHAIN = 5
#: Most files that are read for one.
MOST_FILES = 100

_PATHS = ("join", "resolve")
_SUFFIXES = (".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js")
_NAMES = frozenset({"identifier", "member_expression", "shorthand_property_identifier"})
_ESCAPE = re.compile(r"\\(.)", re.S)


class Code(Node):
    """An expression that has not been looked into, and what its parameters are."""

    __slots__ = ("scope", "script", "tree")

    def __init__(self, script: Script, tree: Any, scope: Scope | None = None) -> None:
        super().__init__(script.source, tree.start_byte)
        self.script = script
        self.tree = tree
        self.scope = scope

    @property
    def key(self) -> object:
        tree = self.tree
        place = tree.start_byte, tree.end_byte, tree.type
        return self.source.key, *place, id(self.scope)

    def at(self, tree: Any) -> Code:
        """Return another expression of the same place."""
        return Code(self.script, tree, self.scope)

    def field(self, name: str) -> Code:
        """Return a part of the expression, by its name in the grammar."""
        return self.at(self.tree.child_by_field_name(name))


class Scripts(Resolver):
    """Files that import one another."""

    def __init__(self, source: Source, files: TemplateFiles) -> None:
        super().__init__()
        self.files = files
        self.script = Script(source)
        self._root = Roots().of(self.script.folder)
        self._scripts: dict[str, Script | None] = {source.path: self.script}

    @cached_property
    def home_folder(self) -> str:
        """The folder in which the app is run, that of `cdk.json`; empty if unknown."""
        folder = self.script.folder
        while is_inside(folder, self._root):
            if os.path.isfile(os.path.join(folder, "cdk.json")):
                return folder
            folder = os.path.dirname(folder)
        return ""

    # -- files, classes and functions ----------------------------------------------

    def module(self, script: Script, name: str) -> Script | None:
        """Return the file of the project that an import names."""
        if not name.startswith("."):
            return None
        path = os.path.normpath(os.path.join(script.folder, name))
        stem = re.sub(r"\.[cm]?js$", "", path)
        for candidate in (path, *(stem + suffix for suffix in _SUFFIXES)):
            if candidate in self._scripts:
                return self._scripts[candidate]
            if os.path.isfile(candidate) and is_inside(candidate, self._root):
                if len(self._scripts) >= MOST_FILES:
                    return None
                self._scripts[candidate] = self._script(candidate)
                return self._scripts[candidate]
        return None

    def _script(self, path: str) -> Script | None:
        try:
            source = self.files.source(path)
        except Unreadable:
            return None
        return Script(source) if len(source.text) <= LONGEST else None

    def home(self, script: Script, name: str) -> tuple[Script, str] | None:
        """Return the file that binds a name of a file, and its name there."""
        waiting = [(script, name)]
        seen: set[tuple[str, str]] = set()
        while waiting and len(seen) < MOST_FILES:
            script, name = waiting.pop(0)
            name = script.default if name == "default" and script.default else name
            if (script.source.path, name) in seen:
                continue
            seen.add((script.source.path, name))
            origin = script.imports.get(name) or script.passed_on.get(name)
            if origin is None and script.binds(name):
                return script, name
            modules = [origin] if origin else [(x, name) for x in script.everything_of]
            for one in modules:
                other = self.module(script, one[0]) if len(one) == 2 else None
                if other is not None:
                    waiting.append((other, one[1]))
        return None

    def _owner(self, tree: Any, script: Script) -> tuple[Script, str] | None:
        """Return the file that binds a name, `name` or `module.name`, and its name."""
        if tree is None or tree.type == "identifier":
            return self.home(script, text(tree))
        if tree.type == "member_expression":
            origin = script.origin(tree)
            other = self.module(script, origin[0]) if len(origin) == 2 else None
            return self.home(other, origin[1]) if other else None
        return None

    def class_of(self, tree: Any, script: Script) -> tuple[Script, Any] | None:
        """Return the class of the project that an expression names, with its file."""
        found = self._owner(tree, script)
        if found is None:
            return None
        cls = found[0].classes.get(found[1])
        return None if cls is None else (found[0], cls)

    def called(self, tree: Any, script: Script) -> tuple[Script, Any, Any] | None:
        """Return what a call runs: the file, the function, and where it all stands.

        That is a function or method of the project, or the constructor of a class.
        """
        if tree.type == "new_expression":
            found = self.class_of(tree.child_by_field_name("constructor"), script)
            return None if found is None else self._constructor(*found)
        function = tree.child_by_field_name("function")
        if function.type == "super":
            cls = script.class_around(tree)
            found = self.class_of(base(cls), script) if cls is not None else None
            return None if found is None else self._constructor(*found)
        if function.type == "member_expression":
            if function.child_by_field_name("object").type == "this":
                cls = script.class_around(tree)
                name = text(function.child_by_field_name("property"))
                key = (-1 if cls is None else cls.start_byte), name
                method = script.methods.get(key)
                return None if method is None else (script, method, method)
        owner = self._owner(function, script)
        made = owner[0].functions.get(owner[1]) if owner is not None else None
        return None if owner is None or made is None else (owner[0], made, made)

    def _constructor(self, script: Script, cls: Any) -> tuple[Script, Any, Any]:
        made = script.methods.get((cls.start_byte, "constructor"))
        return script, made or cls, cls

    def scope(self, script: Script, function: Any, given: list[Code]) -> Scope:
        """Return what the parameters of a function are in a call."""
        found: Scope = {}
        for number, one in enumerate(parameters(function)):
            value: Node = Node(script.source, 0)  # which nobody knows
            if number < len(given):
                value = given[number]
            elif one.default is not None:
                value = Code(script, one.default)
            if one.is_whole:
                found[one.names[""]] = value
                continue
            objects = self.mappings(value)
            for key, name in one.names.items():
                part = objects[0].get(key) if len(objects) == 1 else None
                found[name] = part or Node(script.source, 0)
        return found

    # -- expressions -----------------------------------------------------------------

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Code):
            return (node,)
        if node.tree.type in AROUND:
            return self.values(node.at(node.tree.named_children[0]))
        method = _EXPRESSIONS.get(node.tree.type)
        return () if method is None else method(self, node)

    def _string(self, node: Code) -> Iterable[Node]:
        start = node.offset + 1
        plain = _ESCAPE.sub(r"\1", node.source.text[start : node.tree.end_byte - 1])
        yield Scalar(node.source, start, plain)

    def _number(self, node: Code) -> Iterable[Node]:
        yield Scalar(node.source, node.offset, text(node.tree))

    def _template(self, node: Code) -> Iterable[Node]:
        pieces: list[str | list[Scalar]] = []
        written, end = node.source.text, node.offset + 1
        for part in node.tree.named_children[:MOST_PARTS]:
            if part.type != "template_substitution":
                continue
            pieces.append(written[end : part.start_byte])
            pieces.append(self.scalars(node.at(part.named_children[0])))
            end = part.end_byte
        tail = written[end : node.tree.end_byte - 1]
        if not pieces:
            yield Scalar(node.source, node.offset + 1, tail)
        elif all(pieces[1::2]):
            yield from self.compose(node, [*pieces, tail])

    def _name(self, node: Code) -> Iterable[Node]:
        if text(node.tree) == "__dirname":
            yield Scalar(node.source, node.offset, node.script.folder)
        for target in self.targets(node):
            yield from self.values(target)

    def targets(self, node: Code) -> Iterator[Node]:
        """Yield what a name, or an attribute of a class or module, is bound to."""
        if node.tree.type == "member_expression":
            name = text(node.tree.child_by_field_name("property"))
            owner = node.tree.child_by_field_name("object")
            if owner.type == "this":
                yield from self._field(
                    node, node.script, node.script.class_around(owner), name
                )
            elif (known := self.class_of(owner, node.script)) is not None:
                yield from self._field(node, *known, name)
            elif (found := self._owner(node.tree, node.script)) is not None:
                yield from self._bound(node, *found)
            return
        name = text(node.tree)
        if node.scope is not None and name in node.scope:
            yield node.scope[name]
        elif (found := self.home(node.script, name)) is not None:
            yield from self._bound(node, *found)

    def _bound(self, node: Code, script: Script, name: str) -> Iterator[Node]:
        value = script.bound.get(name)
        if value is None:
            return
        made = Code(script, value, node.scope if script is node.script else None)
        if name not in script.keys:
            yield made
            return
        for mapping in self.mappings(made):
            part = mapping.get(script.keys[name])
            if part is not None:
                yield part

    def _field(
        self, node: Code, script: Script, cls: Any, name: str, depth: int = 0
    ) -> Iterator[Node]:
        """Yield what a class, or one that it extends, keeps under a name."""
        if cls is None or depth > DEEPEST_CHAIN:
            return
        value = script.fields.get((cls.start_byte, name))
        if value is not None:
            yield Code(script, value, node.scope if script is node.script else None)
        elif (cls.start_byte, name) not in script.fields and base(cls) is not None:
            found = self.class_of(base(cls), script)
            if found is not None:
                yield from self._field(node, *found, name, depth + 1)

    def made(self, node: Node | None) -> Code | None:
        """Return the expression that names lead to, if they lead to one only."""
        for _ in range(DEEPEST_CHAIN):
            if not isinstance(node, Code):
                return None
            node = node.at(bare(node.tree))
            if node.tree.type not in _NAMES:
                return node
            found = [*self.targets(node)]
            if not found and node.tree.type == "member_expression":
                return node
            node = found[0] if len(found) == 1 else None
        return None

    def _member(self, node: Code) -> Iterable[Node]:
        found = [*self.targets(node)]
        for target in found:
            yield from self.values(target)
        if not found and node.tree.child_by_field_name("object").type != "this":
            name = text(node.tree.child_by_field_name("property"))
            for mapping in self.mappings(node.field("object")):
                yield from self.values(mapping.get(name))

    def _object(self, node: Code) -> Iterable[Node]:
        made = Mapping(node.source, node.offset)
        for part in node.tree.named_children:
            if part.type == "pair":
                key = part.child_by_field_name("key")
                value = part.child_by_field_name("value")
                name = inner(key) if key.type == "string" else text(key)
                made.add(Scalar(node.source, key.start_byte, name), node.at(value))
            elif part.type == "shorthand_property_identifier":
                label = Scalar(node.source, part.start_byte, text(part))
                made.add(label, node.at(part))
            elif part.type == "spread_element":
                for mapping in self.mappings(node.at(part.named_children[0])):
                    for label, value in mapping.entries():
                        made.add(label, value)
        yield made

    def _array(self, node: Code) -> Iterable[Node]:
        made = Sequence(node.source, node.offset)
        for part in node.tree.named_children:
            if part.type == "spread_element":
                made.items += self.members(node.at(part.named_children[0]))
            elif part.type != "comment":
                made.items.append(node.at(part))
        yield made

    def _either(self, node: Code) -> Iterable[Node]:
        for name in ("consequence", "alternative"):
            yield from self.values(node.field(name))

    def _operation(self, node: Code) -> Iterable[Node]:
        sides = [node.field(name) for name in ("left", "right")]
        operator = text(node.tree.child_by_field_name("operator"))
        if operator in ("||", "??"):
            for side in sides:
                yield from self.values(side)
        elif operator == "+":
            pieces: list[str | list[Scalar]] = [self.scalars(side) for side in sides]
            if all(pieces):
                yield from self.compose(node, pieces)

    def _call(self, node: Code) -> Iterable[Node]:
        """Yield what `path.join(…)` gives, the one function that is known."""
        origin = node.script.origin(node.tree.child_by_field_name("function"))
        if origin[:1] not in (("path",), ("node:path",)) or origin[-1] not in _PATHS:
            return
        words = [x for x in arguments(node.tree) if x.type != "spread_element"]
        known = [self.texts(node.at(word)) for word in words[:MOST_PARTS]]
        if known and all(len(texts) == 1 for texts in known):
            path = posixpath.join(*(texts[0] for texts in known))
            yield Scalar(node.source, node.offset, posixpath.normpath(path))


_EXPRESSIONS: dict[str, Any] = {
    "array": Scripts._array,
    "binary_expression": Scripts._operation,
    "call_expression": Scripts._call,
    "identifier": Scripts._name,
    "member_expression": Scripts._member,
    "number": Scripts._number,
    "object": Scripts._object,
    "shorthand_property_identifier": Scripts._name,
    "string": Scripts._string,
    "template_string": Scripts._template,
    "ternary_expression": Scripts._either,
}
