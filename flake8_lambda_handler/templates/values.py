"""Which literal values an expression can stand for: every branch, never a guess."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence

#: Longest way from one reference to the next that is followed in one piece.
DEEPEST_REFERENCE = 50
#: Most pieces of such a way; what leads on further says nothing.
MOST_PIECES = 10_000
#: Most values of one expression; an expression with more says nothing.
MOST_VALUES = 200
#: Longest text that is composed, in characters.
LONGEST_TEXT = 1000

#: The number of no open node.
NO_CIRCLE = 1_000_000

#: Names of values that are only set inside a loop.
Scope = dict[str, Node]

_Key = tuple[object, int]

_INDEX = re.compile(r"[0-9]{1,6}")
_HANDLER = re.compile(r"[\w./-]*\w\.[^\W\d]\w*")
#: What people write who leave out the module, or the dot before the function.
_MALFORMED = re.compile(r"(?:[\w./-]*\w:)?[^\W\d]\w*")
_ELSEWHERE = re.compile(r"\w[\w+.-]*://|.*\$\{|.*\.(?:zip|jar|whl|tgz|tar\.gz)$", re.I)


class _TooDeep(Exception):
    """A reference leads on too far: what it leads to has to be known first."""

    def __init__(self, node: Node, scope: Scope | None) -> None:
        super().__init__()
        self.node = node
        self.scope = scope


class Resolver:
    """Follows the references of one template.

    Every node is resolved once in each scope; a node that leads back to itself stands
    for nothing, and so do all on its way. Sub-classes say in `expand` what their
    expressions mean.
    """

    def __init__(self) -> None:
        #: The nodes are kept with the answers, so that their ids stay theirs.
        self._known: dict[_Key, tuple[Node, Scope | None, list[Node]]] = {}
        #: The nodes that are being resolved, outermost first, by their number.
        self._open: dict[_Key, int] = {}
        #: From this number on, the open nodes lead back to one of them.
        self._circle = NO_CIRCLE
        #: Nodes that lead back to an open one, with its number.
        self._leads_back: dict[_Key, int] = {}

    def values(self, node: Node | None, scope: Scope | None = None) -> list[Node]:
        """Return what a node can stand for: scalars, sequences and mappings.

        The list is empty when that cannot be known. Scalars stand where their text is
        written; a composed text stands where its expression starts.
        """
        if node is None:
            return []
        if self._open:
            return self._values(node, scope)
        # However long the way is, a piece of it at a time.
        waiting = {(node.key, id(scope)): (node, scope)}
        for _ in range(MOST_PIECES):
            key, (node, scope) = next(reversed(waiting.items()))
            try:
                found = self._values(node, scope)
            except _TooDeep as deeper:
                self._leads_back.clear()
                self._circle = NO_CIRCLE
                key = deeper.node.key, id(deeper.scope)
                if key in waiting:
                    self._known[key] = deeper.node, deeper.scope, []
                waiting[key] = deeper.node, deeper.scope
                continue
            del waiting[key]
            if not waiting:
                return found
        return []

    def _values(self, node: Node, scope: Scope | None) -> list[Node]:
        key = node.key, id(scope)
        if key in self._known:
            self._circle = min(self._circle, self._leads_back.get(key, NO_CIRCLE))
            return self._known[key][2]
        if key in self._open:
            self._circle = min(self._circle, self._open[key])
            return []
        number = len(self._open)
        if number >= DEEPEST_REFERENCE:
            raise _TooDeep(node, scope)
        circle, self._circle = self._circle, NO_CIRCLE
        self._open[key] = number
        try:
            found = _unique(self.expand(node, scope))
        finally:
            del self._open[key]
        if self._circle <= number:
            found = []
            if self._circle < number:
                self._leads_back[key] = self._circle
            else:
                self._circle = NO_CIRCLE
                self._leads_back = {
                    k: n for k, n in self._leads_back.items() if n < number
                }
        self._circle = min(circle, self._circle)
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
    """Return the Python runtimes among some values, mistyped ones included."""
    return [
        RuntimeUse(x.text, x.place, used_at.place, resource, kind)
        for x in scalars
        if runtimes.version(x.text) or runtimes.is_mistyped(x.text)
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
    uses: Iterable[RuntimeUse],
    callers: tuple[str, ...] = (),
    is_fixed: bool = False,
    has_layers: bool = False,
) -> Iterator[Declaration]:
    """Yield a declaration for each handler string that can name Python code."""
    places = tuple(dict.fromkeys(code))
    in_force = tuple(uses)
    for handler in handlers:
        is_malformed = is_fixed and in_force and _MALFORMED.fullmatch(handler.text)
        if is_malformed or _HANDLER.fullmatch(handler.text):
            yield Declaration(
                format_,
                resource,
                handler.text,
                handler.place,
                places,
                in_force,
                callers,
                is_fixed,
                has_layers,
            )


def is_python(texts: list[str]) -> bool:
    """Tell whether a function with these runtimes can be Python: unknown ones can."""
    known = [text for text in texts if text]
    return not known or any(
        text.startswith("python") or runtimes.is_mistyped(text) for text in known
    )


def code_path(folder: str, text: str) -> str | None:
    """Return the absolute path of local code, None for archives and other places."""
    if not text or "\0" in text or _ELSEWHERE.match(text):
        return None
    return os.path.normpath(os.path.join(folder, text))
