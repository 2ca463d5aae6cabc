"""What an encoder refuses in a whole value: in what handlers return, and `json.dumps` gets."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from flake8_lambda_handler.analyses.encoding.kinds import FIELD_BASES
from flake8_lambda_handler.analyses.encoding.refusals import JSON
from flake8_lambda_handler.analyses.encoding.refusals import RUNTIME
from flake8_lambda_handler.analyses.encoding.refusals import fault
from flake8_lambda_handler.analyses.encoding.refusals import key_fault
from flake8_lambda_handler.analyses.encoding.refusals import posted_number
from flake8_lambda_handler.analyses.encoding.responses import response_fault
from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import response_place
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.events import Dumped
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.session import Session

#: Longer paths would hide the message.
MAX_PATH = 40


class Unencodable(NamedTuple):
    """One thing in a value that cannot be encoded, or not as JSON."""

    #: Where it is: `body.items[]`; empty for the whole value.
    path: str
    #: `value`, `key` or `number`.
    kind: str
    #: What stands there: "a `set`".
    what: str
    #: The text of the error; the text that is posted for a number.
    error: str
    #: What to do instead.
    cure: str


Look = Callable[["Address | None"], object]


def problems(
    value: Value, encoder: str, analysis: Analysis, look: Look
) -> list[Unencodable]:
    """Return what an encoder refuses in a value, in order of the paths.

    `look` gives the heap's entry at an address.
    """
    walk = _Walk(encoder, analysis, look)
    walk.value(value, "", (), top=encoder == RUNTIME)
    return sorted(walk.found)


class _Walk:
    def __init__(self, encoder: str, analysis: Analysis, look: Look) -> None:
        self.encoder = encoder
        self.analysis = analysis
        self.look = look
        self.found: set[Unencodable] = set()
        #: Objects in which nothing was found: looked into once, wherever they are held.
        self.clean: set[Address] = set()

    def value(
        self, value: Value, path: str, above: tuple[Address, ...], *, top: bool = False
    ) -> None:
        choices = [] if isinstance(value, Overfull) else list(each(value))
        if not choices or UNKNOWN in choices or len(above) > limits.VALUE_DEPTH:
            return
        numbers = [posted_number(one) for one in choices]
        if None not in numbers or "NaN" in numbers:
            # `math.inf` beside other numbers is where a search for the least started.
            posted = "NaN" if "NaN" in numbers else numbers[0]
            what = f"`{posted}`"
            self.found.add(Unencodable(path, "number", what, str(posted), "use `None`"))
        for one in choices:
            self.one(one, path, above, top)

    def one(
        self, value: Value, path: str, above: tuple[Address, ...], top: bool
    ) -> None:
        if isinstance(value, boto.Boto):
            self.response(value, path)
            return
        found = fault(value, self.encoder, self.analysis, top=top)
        if found is not None:
            self.found.add(Unencodable(path, "value", *found))
            return
        address = getattr(value, "address", None)
        if address is None or address in above or address in self.clean:
            return
        entry = self.look(address)
        if not isinstance(entry, Items) or len(self.found) > limits.PROBLEMS:
            return
        before = len(self.found)
        self.parts(value, entry, path, (*above, address))
        if len(self.found) == before:
            self.clean.add(address)

    def parts(
        self, value: Value, entry: Items, path: str, above: tuple[Address, ...]
    ) -> None:
        if isinstance(value, Container) and value.kind == "dict":
            self.mapping(entry, path, above)
        elif isinstance(value, Container) and value.kind in ("list", "tuple"):
            for item in entry.values():
                self.value(item, path + "[]", above)
        elif isinstance(value, Instance):
            if self.analysis.class_facts(value.cls).ancestors & FIELD_BASES:
                self.mapping(entry, path, above)

    def mapping(self, entry: Items, path: str, above: tuple[Address, ...]) -> None:
        for key, item in entry.known.items():
            self.key(Const(key), path)
            self.value(item, _below(path, key), above)
        if entry.keys is not None:
            self.key(entry.keys, path)
        if entry.rest is not None:
            self.value(entry.rest, path + "{}", above)

    def key(self, key: Value, path: str) -> None:
        choices = [] if isinstance(key, Overfull) else list(each(key))
        if UNKNOWN in choices:
            return
        for one in choices:
            found = key_fault(one, self.encoder, self.analysis)
            if found is not None:
                self.found.add(Unencodable(path, "key", *found))

    def response(self, value: boto.Boto, path: str) -> None:
        """Judge a part of a boto3 response by the service's model."""
        if boto.is_intact(self.look(value.address)):
            found = response_fault(value, self.encoder)
            if found is not None:
                inner, refused = found
                if inner and path and not inner.startswith("["):
                    inner = "." + inner
                self.found.add(Unencodable(path + inner, "value", *refused))


def _below(path: str, key: object) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{key}" if path else key
    return f"{path}[{key!r}]"


def of_dump(event: Dumped, analysis: Analysis) -> list[Unencodable]:
    """Return what `json.dumps` cannot encode."""
    look = _looking(event.state, analysis)
    return [
        one
        for one in problems(event.value, JSON, analysis, look)
        if one.kind == "value" or (one.kind == "key" and not event.skips_keys)
    ]


def _looking(state: State, analysis: Analysis) -> Look:
    """Return what gives the entries of the heap as they are in a state."""

    def look(address: Address | None) -> object:
        if address is None:
            return None
        found = state.heap.get(address)
        return analysis.shared_heap.get(address) if found is None else found

    return look


def of_handler(handler: Handler) -> list[tuple[ast.AST, Unencodable]]:
    """Return what the runtime refuses in what a handler returns, and at which node."""
    return handler.session.once(_of_handler, handler)


def _of_handler(
    session: Session, handler: Handler
) -> list[tuple[ast.AST, Unencodable]]:
    summary = trace_of(handler)
    if summary is None or kind_of(handler) not in (Kind.OTHER, Kind.RETURNS_COROUTINE):
        return []
    analysis = session.analysis
    return [
        (response_place(handler, node), problem)
        for value, state, node in summary.returns
        for problem in problems(value, RUNTIME, analysis, _looking(state, analysis))
    ]


def where(problem: Unencodable, whole: str) -> str:
    """Return the place of a problem; `whole` stands for the value itself."""
    path = problem.path
    if not path:
        return whole
    if not path.isprintable():
        path = ascii(path)[1:-1]
    if len(path) > MAX_PATH:
        path = "..." + path[-MAX_PATH:].partition(".")[2]
    return f"`{path}`"
