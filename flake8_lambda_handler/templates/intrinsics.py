"""CloudFormation's intrinsic functions and loops.

Sources, read 2026-11-20: AWS CloudFormation user guide, "Intrinsic function reference",
"Fn::ForEach", "Parameters" (types and their defaults).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from functools import cached_property

from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.samconfig import Given
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: Most resources that the loops of one template may make.
MOST_RESOURCES = 10_000
#: Most loops inside each other.
MOST_LOOPS = 5

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_LOOP = "Fn::ForEach::"
_LOOP_VARIABLE = re.compile(r"[$&]\{(\w+)\}")


class Stack(Resolver):
    """Intrinsic functions of one template, in the short and the long form.

    `literal` says what a scalar or collection stands for that is no intrinsic
    function; Serverless Framework has variables of its own there. `given` says what
    parameters are given from outside.
    """

    def __init__(
        self,
        root: Mapping,
        literal: Callable[[Node], Iterable[Node]] | None = None,
        given: Callable[[], Mapping_[str, Given]] = dict,
    ) -> None:
        super().__init__()
        self.root = root
        self._literal = literal
        self._ask = given
        self._made = 0

    @cached_property
    def _given(self) -> Mapping_[str, Given]:
        return self._ask()

    def section(self, name: str) -> Mapping | None:
        """Return a part of the template, None when it has none of that name."""
        return next(iter(self.mappings(self.root.get(name))), None)

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        name, argument = intrinsic(node)
        if name:
            method = _INTRINSICS.get(name)
            return () if method is None else method(self, argument, scope)
        if isinstance(node, Scalar) and scope:
            return (_in_loop(node, scope),)
        return (node,) if self._literal is None else self._literal(node)

    def resources(self) -> Iterator[tuple[str, Mapping, Scope | None]]:
        """Yield name, body and loop variables of each resource."""
        for resources in self.mappings(self.root.get("Resources")):
            yield from self._resources(resources, None)

    def _resources(
        self, resources: Mapping, scope: Scope | None
    ) -> Iterator[tuple[str, Mapping, Scope | None]]:
        for label, node in resources.entries():
            if label.text.startswith(_LOOP):
                yield from self._loop(node, scope)
                continue
            self._made += 1
            if self._made > MOST_RESOURCES:
                return
            name = _in_loop(label, scope).text if scope else label.text
            for resource in self.mappings(node, scope):
                yield name, resource, scope

    def _loop(
        self, node: Node, scope: Scope | None
    ) -> Iterator[tuple[str, Mapping, Scope | None]]:
        """Yield the resources of `Fn::ForEach::Name: [Variable, [items], {…}]`."""
        if not isinstance(node, Sequence) or len(node.items) != 3:
            return
        variable, items, body = node.items
        if not isinstance(variable, Scalar) or not isinstance(body, Mapping):
            return
        if scope is not None and len(scope) >= MOST_LOOPS:
            return
        for item in self.members(items, scope):
            for value in self.scalars(item, scope):
                self._made += 1
                if self._made > MOST_RESOURCES:
                    return
                yield from self._resources(
                    body, {**(scope or {}), variable.text: value}
                )

    def _ref(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        for name in self.texts(node, scope):
            if scope and name in scope:
                yield scope[name]
                continue
            parameters = self.section("Parameters")
            parameter = parameters.get(name) if parameters else None
            if not isinstance(parameter, Mapping):
                continue
            kind = text_of(parameter.get("Type"))
            default = parameter.get("Default")
            given = self._given.get(name)
            if given is not None and kind in ("", "String"):
                yield from given.values
                if given.is_always:
                    continue
            if default is None or kind.startswith("AWS::SSM::"):
                continue  # the default of these is the name of a stored value
            if isinstance(default, Scalar) and "List" in kind:
                yield _split(default, ",")
            else:
                yield default

    def _sub(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        local: Mapping | None = None
        if isinstance(node, Sequence):
            if len(node.items) != 2 or not isinstance(node.items[1], Mapping):
                return
            local = node.items[1]
            node = node.items[0]
        if not isinstance(node, Scalar):
            return
        pieces: list[str | list[Scalar]] = []
        end = 0
        for found in VARIABLE.finditer(node.text):
            pieces.append(node.text[end : found.start()])
            end = found.end()
            name = found[1].strip()
            if name.startswith("!"):
                pieces.append(f"${{{name[1:]}}}")
                continue
            value = local.get(name) if local else None
            if value is not None:
                known = self.scalars(value, scope)
            else:
                known = [
                    scalar
                    for made in self._ref(node.part(*found.span(1)), scope)
                    for scalar in self.scalars(made, scope)
                ]
            if not known:
                return
            pieces.append(known)
        pieces.append(node.text[end:])
        if all(isinstance(piece, str) for piece in pieces):
            yield Scalar(node.source, node.offset, "".join(map(str, pieces)))
        else:
            yield from self.compose(node, pieces)

    def _join(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        for delimiter in self.texts(node.items[0], scope):
            for sequence in self.values(node.items[1], scope):
                if not isinstance(sequence, Sequence):
                    continue
                pieces: list[str | list[Scalar]] = []
                for item in sequence.items:
                    known = self.scalars(item, scope)
                    if not known:
                        break
                    pieces += [delimiter, known] if pieces else [known]
                else:
                    yield from self.compose(node, pieces)

    def _select(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        index, items = node.items
        for text in self.texts(index, scope):
            yield from self.walk(self.values(items, scope), [text], scope)

    def _split(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        for delimiter in self.texts(node.items[0], scope):
            for text in self.scalars(node.items[1], scope):
                if delimiter:
                    yield _split(text, delimiter)

    def _if(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if isinstance(node, Sequence) and len(node.items) == 3:
            yield from self.values(node.items[1], scope)
            yield from self.values(node.items[2], scope)

    def _find_in_map(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) < 3:
            return
        mappings = self.section("Mappings")
        found: list[Node] = [] if mappings is None else [mappings]
        for key in node.items[:3]:
            found = self._rows(found, key, scope)
        yield from found
        if len(node.items) > 3 and isinstance(node.items[3], Mapping):
            yield from self.values(node.items[3].get("DefaultValue"), scope)

    def _rows(self, tables: list[Node], key: Node, scope: Scope | None) -> list[Node]:
        """Return a row of each table, every row when the key is known to AWS only."""
        name, argument = intrinsic(key)
        if name == "Ref" and text_of(argument).startswith("AWS::"):
            return [
                row
                for table in tables
                if isinstance(table, Mapping)
                for _, value in table.entries()
                for row in self.values(value, scope)
            ]
        return [
            row
            for text in self.texts(key, scope)
            for row in self.walk(tables, [text], scope)
        ]


_INTRINSICS: dict[str, Callable[[Stack, Node, Scope | None], Iterable[Node]]] = {
    "Ref": Stack._ref,
    "Sub": Stack._sub,
    "Join": Stack._join,
    "Select": Stack._select,
    "Split": Stack._split,
    "If": Stack._if,
    "FindInMap": Stack._find_in_map,
}


def intrinsic(node: Node) -> tuple[str, Node]:
    """Return name and argument of an intrinsic function; no name when it is none."""
    if node.tag.startswith("!") and node.tag != "!":
        return node.tag[1:], _untagged(node)
    if isinstance(node, Mapping) and len(node.pairs) == 1:
        ((key, argument),) = node.pairs.items()
        if key == "Ref":
            return key, argument
        if key.startswith("Fn::") and not key.startswith(_LOOP):
            return key[4:], argument
    return "", node


def text_of(node: Node | None) -> str:
    """Return the text of a scalar, nothing for any other value."""
    return node.text if isinstance(node, Scalar) else ""


def _untagged(node: Node) -> Node:
    copy: Node
    if isinstance(node, Mapping):
        copy = Mapping(node.source, node.offset)
        copy.pairs, copy.labels, copy.merged = node.pairs, node.labels, node.merged
    elif isinstance(node, Sequence):
        copy = Sequence(node.source, node.offset)
        copy.items = node.items
    else:
        assert isinstance(node, Scalar)
        copy = Scalar(node.source, node.offset, node.text)
    return copy


def _in_loop(node: Scalar, scope: Scope) -> Scalar:
    """Return a text of a loop's body with the loop's variables put in."""

    def value(found: re.Match[str]) -> str:
        known = scope.get(found[1])
        if not isinstance(known, Scalar):
            return found[0]
        plain = found[0].startswith("&")
        return re.sub(r"[^0-9A-Za-z]", "", known.text) if plain else known.text

    text = _LOOP_VARIABLE.sub(value, node.text)
    return node if text == node.text else Scalar(node.source, node.offset, text)


def _split(scalar: Scalar, delimiter: str) -> Sequence:
    """Return the pieces of a text, each standing where it stands."""
    sequence = Sequence(scalar.source, scalar.offset)
    start = 0
    for piece in scalar.text.split(delimiter):
        before = len(piece) - len(piece.lstrip())
        end = start + len(piece.rstrip())
        sequence.items.append(scalar.part(min(start + before, end), end))
        start += len(piece) + len(delimiter)
    return sequence
