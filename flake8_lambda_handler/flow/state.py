"""What is known at one point of a function: names, objects and their fate."""

from __future__ import annotations

from collections.abc import Iterable

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.fates import BRANCH
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import SPLIT
from flake8_lambda_handler.flow.fates import Fates
from flake8_lambda_handler.flow.heap import Entry
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import blurred
from flake8_lambda_handler.flow.heap import join_entries
from flake8_lambda_handler.flow.heap import moved
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join


class Tie:
    """Names whose values belong together, because they came on the same way.

    `ways` has the values of each name, one for each way: after
    `body, status = ("", 200) if ok else (None, 404)` whoever knows that `body` is `None`
    knows the status. `whole` is what a name holds as long as nobody binds it again.
    """

    __slots__ = ("ways", "whole")

    def __init__(
        self, ways: dict[str, tuple[Value, ...]], whole: dict[str, Value]
    ) -> None:
        self.ways = ways
        self.whole = whole


Names = Layers[str, Value]
Ties = Layers[str, Tie]
Heap = Layers[Address, Entry]


class State:
    """Names, heap and fates on one path; forked where paths part.

    `many` has the addresses that stand for many objects: all those that a loop made at
    one place. What happens to one of them happens to nobody knows which.
    """

    __slots__ = ("fates", "heap", "many", "names", "ties")

    def __init__(
        self,
        names: Names | None = None,
        heap: Heap | None = None,
        fates: Fates | None = None,
        many: Layers[Address, bool] | None = None,
        ties: Ties | None = None,
    ) -> None:
        self.names: Names = Layers() if names is None else names
        self.heap: Heap = Layers() if heap is None else heap
        self.fates = Fates() if fates is None else fates
        self.many: Layers[Address, bool] = Layers() if many is None else many
        self.ties: Ties = Layers() if ties is None else ties

    def fork(self) -> State:
        return State(
            self.names.fork(),
            self.heap.fork(),
            self.fates.fork(),
            self.many.fork(),
            self.ties.fork(),
        )

    def bordered(self, mark: str = "exit") -> State:
        """Return a fork whose changes can be put on other states."""
        return State(
            self.names.bordered(mark),
            self.heap.bordered(mark),
            self.fates.bordered(mark),
            self.many.bordered(mark),
            self.ties.fork(),
        )

    def take(self, other: State, before: State, mark: str = "exit") -> None:
        """Put on what another state has changed since its border, but for names.

        `before` is what it was at the border.
        """
        for address, entry in other.heap.changes(mark).items():
            self.heap[address] = moved(
                self.heap.get(address), before.heap.get(address), entry
            )
        self.fates.take(other.fates, mark)
        self.many.update(other.many.changes(mark))

    def lose(self) -> dict[Address, Entry]:
        """Note that nobody knows what any object holds; return those that it did know."""
        lost = self.heap.changes("lost")
        for address, entry in lost.items():
            if isinstance(entry, Items):
                self.heap[address] = Items({}, UNKNOWN, UNKNOWN)
        self.heap = self.heap.bordered("lost", once=True)
        self.fates.settle()
        return lost

    # -- objects that stand for many ---------------------------------------------

    def fresh(self, address: Address, entry: Items) -> None:
        """Note that one object has just been made at an address."""
        self.heap[address] = entry
        if self.many.get(address):
            self.many[address] = False

    def change(self, address: Address, items: Items) -> None:
        """Replace what an object holds; among many nobody knows which of them it is."""
        old = self.heap.get(address)
        if self.many.get(address) and isinstance(old, Items):
            items = blurred(old, items)
        self.heap[address] = items

    def focus(self, addresses: Iterable[Address]) -> None:
        """Note that addresses stand for one object now, as in the body of a loop."""
        for address in addresses:
            if self.many.get(address):
                self.many[address] = False

    def spread(self, before: State) -> None:
        """Note that what a loop has made, and what was many before, are many objects."""
        _, made = self.heap.above(before.heap)
        for address in made:
            if address not in before.heap:
                self.many[address] = True
        _, focused = self.many.above(before.many)
        for address in focused:
            if before.many.get(address):
                self.many[address] = True

    # -- names that belong together ----------------------------------------------

    def tie(self, ways: dict[str, tuple[Value, ...]]) -> None:
        """Note that the values of several names came together, on several ways."""
        rows = list(dict.fromkeys(zip(*ways.values())))
        if len(ways) < 2 or not 1 < len(rows) <= limits.WAYS:
            return
        ways = dict(zip(ways, zip(*rows)))
        tie = Tie(ways, {name: self.names[name] for name in ways})
        self.ties.update(dict.fromkeys(ways, tie))

    def tied(self, name: str) -> Tie | None:
        """Return the tie of a name, if it still holds what came with the others."""
        tie = self.ties.get(name)
        return tie if tie and self.names.get(name) is tie.whole[name] else None

    def companions(self, name: str) -> list[str]:
        """Return a name and those that are tied to it."""
        tie = self.tied(name)
        return [name] if tie is None else list(tie.ways)

    def narrow(self, name: str, kept: list[Value]) -> None:
        """Leave a name only some of its values, and its companions what came along."""
        tie = self.tied(name)
        self.names[name] = join(*kept)
        if tie is None:
            return
        left = [
            index
            for index, value in enumerate(tie.ways[name])
            if any(one in kept for one in each(value))
        ]
        if not 0 < len(left) < len(tie.ways[name]):
            return
        ways = {}
        for other, values in tie.ways.items():
            if other == name or self.names.get(other) is tie.whole[other]:
                ways[other] = tuple([values[index] for index in left])
                if other != name:
                    self.names[other] = join(*ways[other])
        self.tie(ways)


def join_states(states: list[State], *, strict: bool = False) -> State | None:
    """Return what holds where several paths meet; `None` when no path arrives.

    A coroutine counts as driven when any of the paths drives it: a loop body may run no
    time at all, and nobody writes code for that. With `strict`, where a condition parts
    the paths, it is driven on a branch.
    """
    if not states:
        return None
    split: list[Address] = []
    joined = _join_all(states, split)
    for address in split:
        if joined.fates.get(address) == SPLIT:
            joined.fates[address] = BRANCH if strict else DONE
    return joined


def _join_all(states: list[State], split: list[Address]) -> State:
    if len(states) == 1:
        return states[0]
    # Neighbours have most in common, so they are joined first.
    middle = len(states) // 2
    one = _join_all(states[:middle], split)
    two = _join_all(states[middle:], split)
    return _join_two(one, two, split)


def _join_two(one: State, two: State, split: list[Address]) -> State:
    apart: dict[str, None] = {}

    def join_names(mine: Value | None, other: Value | None, name: str) -> Value | None:
        if mine is None or other is None or mine == other:
            return other if mine is None else mine
        apart[name] = None
        return join(mine, other)

    def join_ties(mine: Tie | None, other: Tie | None, name: str) -> None:
        # Of ties that differ, none is left; those of all ways are tied anew.
        if one.tied(name) is not None and two.tied(name) is not None:
            apart[name] = None

    names = one.names.join(two.names, join_names)
    ties = one.ties.join(two.ties, join_ties)
    heap = one.heap.join(two.heap, join_entries)
    fates = one.fates.join(two.fates, split)
    many = one.many.join(two.many, _join_many)
    joined = State(names, heap, fates, many, ties)
    if len(apart) > 1:
        first, second = _ways(one, list(apart)), _ways(two, list(apart))
        joined.tie({name: first[name] + second[name] for name in apart})
    return joined


def _ways(state: State, names: list[str]) -> dict[str, tuple[Value, ...]]:
    """Return the values of names, one for each way on which they came here."""
    ties = [tie for tie in map(state.tied, names) if tie is not None]
    if not ties:
        return {name: (state.names[name],) for name in names}
    tie = ties[0]
    count = len(next(iter(tie.ways.values())))
    return {
        name: tie.ways[name]
        if state.tied(name) is tie
        else (state.names[name],) * count
        for name in names
    }


def _join_many(one: bool | None, two: bool | None, address: object) -> bool:
    return bool(one or two)
