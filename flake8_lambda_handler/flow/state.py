"""What is known at one point of a function: names, objects and their fate."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_optional

if TYPE_CHECKING:
    from flake8_lambda_handler.module import Module
    from flake8_lambda_handler.flow.values import Function

#: The fates of a coroutine. PENDING: nothing has driven it yet. LOOSE: pending, and
#: made on some of the paths only. BRANCH: driven on one branch, not on the other.
#: DONE: driven, or handed to somebody who may drive it.
PENDING, LOOSE, BRANCH, DONE = range(4)


class Items(NamedTuple):
    """The content of a container, or the attributes of an instance.

    `known` has the values under constant keys, `rest` those under any other key,
    `keys` the non-constant keys themselves; `None` where there is none.
    """

    known: dict[object, Value] = {}
    rest: Value | None = None
    keys: Value | None = None

    def get(self, key: object) -> Value:
        """Return what a constant key can hold."""
        if key in self.known:
            found = self.known[key]
            return found if self.rest is None else join(found, self.rest)
        return UNKNOWN if self.rest is None else self.rest

    def values(self) -> list[Value]:
        return [*self.known.values(), *([] if self.rest is None else [self.rest])]

    def element(self) -> Value:
        """Return what iterating can give."""
        values = self.values()
        return join(*values) if values else UNKNOWN

    def set(self, key: object, value: Value) -> Items:
        return self._replace(known={**self.known, key: value})

    def add(self, value: Value, key: Value | None = None) -> Items:
        """Return the items with one more value under a key that is not constant."""
        rest = value if self.rest is None else join(self.rest, value)
        keys = self.keys
        if key is not None:
            keys = key if keys is None else join(keys, key)
        return self._replace(rest=rest, keys=keys)


class Made(NamedTuple):
    """What made a coroutine: the callable and what it was called with.

    `kind` is that of the `Coroutine` value.
    """

    kind: str
    callable: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    #: The type from outside the project that awaiting or entering it gives.
    returns: str | None = None


class State:
    """Names, heap and fates on one path; forked where paths part."""

    __slots__ = ("fates", "heap", "names")

    def __init__(
        self,
        names: dict[str, Value] | None = None,
        heap: dict[Address, Items | Made] | None = None,
        fates: dict[Address, int] | None = None,
    ) -> None:
        self.names = {} if names is None else names
        self.heap = {} if heap is None else heap
        self.fates = {} if fates is None else fates

    def fork(self) -> State:
        return State(dict(self.names), dict(self.heap), dict(self.fates))


def join_states(states: list[State], *, lenient: bool = False) -> State | None:
    """Return what holds where several paths meet; `None` when no path arrives.

    `lenient` counts a coroutine as driven when any of the paths drives it: a loop
    body may run no time at all, and nobody writes code for that.
    """
    if not states:
        return None
    result = states[0]
    for other in states[1:]:
        result = _join_two(result, other, lenient)
    return result


def _join_two(one: State, two: State, lenient: bool) -> State:
    names = dict(one.names)
    for name, value in two.names.items():
        mine = names.get(name)
        if mine is not value:
            names[name] = value if mine is None else join(mine, value)
    heap = dict(one.heap)
    for address, entry in two.heap.items():
        mine_entry = heap.get(address)
        if mine_entry is None or mine_entry is entry:
            heap[address] = entry
        elif isinstance(mine_entry, Items) and isinstance(entry, Items):
            heap[address] = _join_items(mine_entry, entry)
    fates = dict(one.fates)
    for address, fate in one.fates.items():
        if address not in two.fates and fate == PENDING:
            fates[address] = LOOSE
    for address, fate in two.fates.items():
        if address not in one.fates:
            fates[address] = LOOSE if fate == PENDING else fate
        else:
            fates[address] = _join_fates(fates[address], fate, lenient)
    return State(names, heap, fates)


def _join_fates(one: int, two: int, lenient: bool) -> int:
    if one == two:
        return one
    low, high = sorted((one, two))
    if high == DONE:
        # Driven on one side: a leak only if it surely existed before the paths
        # parted and nothing drives it later.
        return BRANCH if low == PENDING and not lenient else DONE
    return high


def _join_items(one: Items, two: Items) -> Items:
    known = dict(one.known)
    for key, value in two.known.items():
        known[key] = join(known[key], value) if key in known else value
    return Items(known, join_optional(one.rest, two.rest), join_optional(one.keys, two.keys))


class Frame:
    """One activation of a function (or of a module or class body).

    `ever` holds every value a name ever had, for the closures that read it later.
    """

    __slots__ = ("context", "ever", "function", "module", "parent", "scope", "shared")

    def __init__(
        self,
        module: Module,
        scope: ast.AST,
        parent: Frame | None,
        function: Function | None,
        context: tuple[ast.AST, ...],
        shared: bool,
    ) -> None:
        self.module = module
        self.scope = scope
        self.parent = parent
        self.function = function
        self.context = context
        self.shared = shared
        self.ever: dict[str, Value] = {}
