"""Which literal values an expression can stand for: every branch, never a guess."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence

#: Longest way from one reference to the next that is followed.
DEEPEST_REFERENCE = 50
#: Most values of one expression; an expression with more says nothing.
MOST_VALUES = 200
#: Longest text that is composed, in characters.
LONGEST_TEXT = 1000

#: Names of values that are only set inside a loop.
Scope = dict[str, Node]

_INDEX = re.compile(r"[0-9]{1,6}")
_PYTHON = re.compile(r"python\d+\.\d+", re.ASCII)
_HANDLER = re.compile(r"[\w./-]*\w\.[^\W\d]\w*")
_ELSEWHERE = re.compile(r"\w[\w+.-]*://|.*\$\{|.*\.(?:zip|jar|whl|tgz|tar\.gz)$", re.I)


class Resolver:
    """Follows the references of one template.

    Every node is resolved once in each scope; a node that leads back to itself stands
    for nothing. Sub-classes say in `expand` what their expressions mean.
    """

    def __init__(self) -> None:
        #: The nodes are kept with the answers, so that their ids stay theirs.
        self._known: dict[tuple[int, int], tuple[Node, Scope | None, list[Node]]] = {}
        self._depth = 0

    def values(self, node: Node | None, scope: Scope | None = None) -> list[Node]:
        """Return what a node can stand for: scalars, sequences and mappings.

        The list is empty when that cannot be known. Scalars stand where their text is
        written; a composed text stands where its expression starts.
        """
        if node is None:
            return []
        key = id(node), id(scope)
        if key in self._known:
            return self._known[key][2]
        self._known[key] = node, scope, []
        if self._depth >= DEEPEST_REFERENCE:
            return []
        self._depth += 1
        try:
            found = _unique(self.expand(node, scope))
        finally:
            self._depth -= 1
        self._known[key] = node, scope, found
        return found

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        """Yield what a node can stand for, in no special order, duplicates allowed."""
        return (node,)

    def scalars(self, node: Node | None, scope: Scope | None = None) -> list[Scalar]:
        """Return the single values that a node can stand for."""
        return [x for x in self.values(node, scope) if isinstance(x, Scalar)]

    def texts(self, node: Node | None, scope: Scope | None = None) -> list[str]:
        """Return the texts that a node can stand for."""
        return [scalar.text for scalar in self.scalars(node, scope)]

    def mappings(self, node: Node | None, scope: Scope | None = None) -> list[Mapping]:
        """Return the mappings that a node can stand for."""
        return [x for x in self.values(node, scope) if isinstance(x, Mapping)]

    def members(self, node: Node | None, scope: Scope | None = None) -> Iterator[Node]:
        """Yield the members, still to be resolved, of the lists a node stands for."""
        for found in self.values(node, scope):
            if isinstance(found, Sequence):
                yield from found.items

    def walk(
        self, nodes: Iterable[Node], keys: Iterable[str], scope: Scope | None = None
    ) -> list[Node]:
        """Return what lies at a path of keys and indexes below some values."""
        found = list(nodes)
        for key in keys:
            found = [
                value
                for node in found
                for value in self.values(_member(node, key), scope)
            ]
        return _unique(found)

    def compose(self, node: Node, pieces: list[str | list[Scalar]]) -> Iterator[Scalar]:
        """Yield every text that fixed and variable pieces make; `node` is its place.

        An expression that is one variable piece only gives that piece's own values.
        """
        pieces = [piece for piece in pieces if piece != ""]
        if len(pieces) == 1 and isinstance(pieces[0], list):
            yield from pieces[0]
            return
        made = [""]
        for piece in pieces:
            tails = [piece] if isinstance(piece, str) else [x.text for x in piece]
            made = [head + tail for head in made for tail in dict.fromkeys(tails)]
            if len(made) > MOST_VALUES or any(len(x) > LONGEST_TEXT for x in made):
                return
        for text in made:
            yield Scalar(node.source, node.offset, text)


def _member(node: Node, key: str) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(key)
    if isinstance(node, Sequence) and _INDEX.fullmatch(key):
        return node.items[int(key)] if int(key) < len(node.items) else None
    return None


def _unique(nodes: Iterable[Node]) -> list[Node]:
    found: dict[object, Node] = {}
    for node in nodes:
        key: object = id(node)
        if isinstance(node, Scalar):
            key = node.text, node.source.path, node.offset
        found.setdefault(key, node)
        if len(found) > MOST_VALUES:
            return []
    return list(found.values())


def uses(
    scalars: Iterable[Scalar], used_at: Node, resource: str, kind: str
) -> list[RuntimeUse]:
    """Return the Python runtimes among some values."""
    return [
        RuntimeUse(x.text, x.place, used_at.place, resource, kind)
        for x in scalars
        if _PYTHON.fullmatch(x.text)
    ]


def list_uses(
    resolver: Resolver, node: Node | None, scope: Scope | None, resource: str
) -> Iterator[RuntimeUse]:
    """Yield the Python runtimes that a layer lists."""
    for item in resolver.members(node, scope):
        yield from uses(resolver.scalars(item, scope), item, resource, "layer")


def declarations(
    format_: str,
    resource: str,
    handlers: Iterable[Scalar],
    code: Iterable[str],
    runtimes: Iterable[RuntimeUse],
) -> Iterator[Declaration]:
    """Yield a declaration for each handler string that can name Python code."""
    places = tuple(dict.fromkeys(code))
    in_force = tuple(runtimes)
    for handler in handlers:
        if _HANDLER.fullmatch(handler.text):
            yield Declaration(
                format_, resource, handler.text, handler.place, places, in_force
            )


def is_python(texts: list[str]) -> bool:
    """Tell whether a function with these runtimes can be Python: unknown ones can."""
    known = [text for text in texts if text]
    return not known or any(text.startswith("python") for text in known)


def code_path(folder: str, text: str) -> str | None:
    """Return the absolute path of local code, None for archives and other places."""
    if not text or _ELSEWHERE.match(text):
        return None
    return os.path.normpath(os.path.join(folder, text))
