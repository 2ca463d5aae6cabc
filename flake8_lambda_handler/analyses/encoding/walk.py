"""What an encoder refuses in a whole value: in what handlers return, and `json.dumps` gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.encoding.kinds import FIELD_BASES
from flake8_lambda_handler.analyses.encoding.refusals import RUNTIME
from flake8_lambda_handler.analyses.encoding.refusals import Fault
from flake8_lambda_handler.analyses.encoding.refusals import fault
from flake8_lambda_handler.analyses.encoding.refusals import key_fault
from flake8_lambda_handler.analyses.encoding.refusals import posted_number
from flake8_lambda_handler.analyses.encoding.responses import response_fault
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.heap import KEYS
from flake8_lambda_handler.flow.heap import OTHERS
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Put
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries import boto


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
    #: What holds it, the outermost first.
    puts: tuple[Put, ...]
    #: The call that a response of boto3 came from.
    origin: Address | None = None

    @property
    def is_circle(self) -> bool:
        return self.error == CIRCLE.error

    @property
    def order(self) -> tuple[str, ...]:
        return self[:5]


#: A key of an object on the heap.
_Slot = tuple[Address, object]

#: A loop makes many objects at one address, which hold one another and not themselves.
CIRCLE = Fault("a circular reference", "Circular reference detected", "leave it out")

Look = Callable[["Address | None"], object]


def problems(
    value: Value, encoder: str, analysis: Analysis, state: State
) -> list[Unencodable]:
    """Return what an encoder refuses in a value as it is in a state."""
    walk = _Walk(encoder, analysis, state)
    walk.value(value, "", (), top=encoder == RUNTIME)
    return sorted(walk.found.values(), key=lambda one: one.order)


class _Walk:
    def __init__(self, encoder: str, analysis: Analysis, state: State) -> None:
        self.encoder = encoder
        self.analysis = analysis
        self.state = state
        self.look = looking(state, analysis)
        self.found: dict[object, Unencodable] = {}
        #: Objects in which nothing was found: looked into once, wherever they are held.
        self.clean: set[Address] = set()

    def value(
        self,
        value: Value,
        path: str,
        above: tuple[Put, ...],
        slot: _Slot | None = None,
        *,
        top: bool = False,
    ) -> None:
        """Judge what an object above has in a slot; without one, the whole value."""

        def puts(one: Value) -> tuple[Put, ...]:
            return above if slot is None else (*above, (*slot, one))

        choices = [] if isinstance(value, Overfull) else list(each(value))
        if not choices or len(above) > limits.VALUE_DEPTH:
            return
        if any(one == UNKNOWN or isinstance(one, Typed) for one in choices):
            return
        numbers = [posted_number(one) for one in choices]
        if None not in numbers or "NaN" in numbers:
            # `math.inf` beside other numbers is where a search for the least started.
            posted = "NaN" if "NaN" in numbers else numbers[0]
            held = puts(choices[numbers.index(posted)])
            refused = Fault(f"`{posted}`", str(posted), "use `None`")
            self.add(path, "number", refused, held)
        for one in choices:
            self.one(one, path, puts(one), top)

    def add(
        self,
        path: str,
        kind: str,
        fault: Fault,
        puts: tuple[Put, ...],
        origin: Address | None = None,
    ) -> None:
        one = Unencodable(path, kind, *fault, puts, origin)
        # Of what several objects hold at one place, once is enough.
        self.found.setdefault((kind, *fault, puts[-1] if puts else path), one)

    def one(self, value: Value, path: str, above: tuple[Put, ...], top: bool) -> None:
        if isinstance(value, boto.Boto):
            self.response(value, path, above)
            return
        found = fault(value, self.encoder, self.analysis, top=top)
        if found is not None:
            self.add(path, "value", found, above)
            return
        address = getattr(value, "address", None)
        if address is None or address in self.clean:
            return
        if any(address == holder for holder, _, _ in above):
            if not (address.shared or self.state.many.get(address)):
                self.add(path, "value", CIRCLE, above)
            return
        entry = self.look(address)
        if not isinstance(entry, Items) or len(self.found) > limits.PROBLEMS:
            return
        before = len(self.found)
        self.parts(value, address, entry, path, above)
        if len(self.found) == before:
            self.clean.add(address)

    def parts(
        self,
        value: Value,
        address: Address,
        entry: Items,
        path: str,
        above: tuple[Put, ...],
    ) -> None:
        if isinstance(value, Container) and value.kind == "dict":
            self.mapping(address, entry, path, above)
        elif isinstance(value, Container) and value.kind in ("list", "tuple"):
            for index, item in entry.known.items():
                self.value(item, path + "[]", above, (address, index))
            if entry.rest is not None:
                self.value(entry.rest, path + "[]", above, (address, OTHERS))
        elif isinstance(value, Instance):
            if self.analysis.class_facts(value.cls).ancestors & FIELD_BASES:
                self.mapping(address, entry, path, above)

    def mapping(
        self, address: Address, entry: Items, path: str, above: tuple[Put, ...]
    ) -> None:
        for key, item in entry.known.items():
            self.key(Const(key), path, above, address)
            self.value(item, paths.below(path, key), above, (address, key))
        if entry.keys is not None:
            self.key(entry.keys, path, above, address)
        if entry.rest is not None:
            self.value(entry.rest, path + "{}", above, (address, OTHERS))

    def key(
        self, key: Value, path: str, above: tuple[Put, ...], address: Address
    ) -> None:
        choices = [] if isinstance(key, Overfull) else list(each(key))
        if UNKNOWN in choices:
            return
        for one in choices:
            found = key_fault(one, self.encoder, self.analysis)
            if found is not None:
                self.add(path, "key", found, (*above, (address, KEYS, one)))

    def response(self, value: boto.Boto, path: str, above: tuple[Put, ...]) -> None:
        """Judge a part of a boto3 response by the service's model."""
        if boto.is_intact(self.look(value.address)):
            found = response_fault(value, self.encoder)
            if found is not None:
                inner, refused = found
                if inner and path and not inner.startswith("["):
                    inner = "." + inner
                self.add(path + inner, "value", refused, above, value.address)


def looking(state: State, analysis: Analysis) -> Look:
    """Return what gives the entries of the heap as they are in a state."""

    def look(address: Address | None) -> object:
        if address is None:
            return None
        found = state.heap.get(address)
        return analysis.shared_heap.get(address) if found is None else found

    return look
