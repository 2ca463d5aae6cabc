"""What becomes of coroutines on a path."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

#: PENDING: nothing has driven it yet. LOOSE: pending, and made on some of the paths
#: only. BRANCH: driven on one branch, not on the other; SPLIT: the same, found where the
#: branches meet right now. EXCUSED: not driven because of an exception. STORED: not
#: driven, and kept where others may find it. DONE: driven, or handed to
#: somebody who may drive it.
PENDING, LOOSE, BRANCH, SPLIT, EXCUSED, STORED, DONE = range(7)

#: When the fates of objects are written that nothing holds any more: no change to all of
#: them comes later.
_FOR_GOOD = sys.maxsize

#: How often fates were changed at one go; entries that are older than that are changed.
_now = 0


def _tick() -> int:
    global _now
    _now += 1
    return _now


class Fates:
    """The fates of all coroutines, and of what escapes: a container has none before.

    `settle` and `excuse` take the same time for any number of coroutines: they note when
    they happened, and every entry knows when it was written.
    """

    __slots__ = ("_entries", "_excused", "_settled")

    def __init__(
        self,
        entries: Layers[Address, tuple[int, int]] | None = None,
        settled: int = 0,
        excused: int = 0,
    ) -> None:
        self._entries: Layers[Address, tuple[int, int]] = (
            Layers() if entries is None else entries
        )
        self._settled = settled
        self._excused = excused

    def get(self, address: Address | None) -> int | None:
        """Return the fate of an object; `None` if it has none."""
        entry = self._entries.get(address)
        return None if entry is None else self._seen(entry)

    def _seen(self, entry: tuple[int, int]) -> int:
        fate, written = entry
        if fate == DONE or written < self._settled:
            return DONE
        return EXCUSED if written < self._excused and fate != STORED else fate

    def __setitem__(self, address: Address, fate: int) -> None:
        self._entries[address] = (fate, _now)

    def let_go(self, address: Address) -> None:
        """Note that nothing holds an object any more, so that nobody can drive it."""
        self._entries[address] = (self._entries[address][0], _FOR_GOOD)

    def is_let_go(self, address: Address) -> bool:
        """Return whether nothing holds an object any more."""
        return self._entries[address][1] == _FOR_GOOD

    def items(self) -> Iterator[tuple[Address, int]]:
        """Yield all objects that have a fate, with it."""
        for address, entry in self._entries.items():
            yield address, self._seen(entry)

    def settle(self) -> None:
        """Note that nothing is said of the coroutines that are not driven by now."""
        self._settled = _tick()

    def excuse(self) -> None:
        """Note that an exception may be why coroutines are not driven by now.

        Where the path meets one without the exception, that one decides.
        """
        self._excused = _tick()

    def fork(self) -> Fates:
        """Return other fates that are the same."""
        return Fates(self._entries.fork(), self._settled, self._excused)

    def bordered(self, mark: str) -> Fates:
        """Return a fork whose changes can be put on others."""
        return Fates(self._entries.bordered(mark), self._settled, self._excused)

    def take(self, other: Fates, mark: str) -> None:
        """Put on what others have changed since their border."""
        self._entries.update(other._entries.changes(mark))
        self._settled = max(self._settled, other._settled)

    def join(self, other: Fates, split: list[Address]) -> Fates:
        """Return the fates where two paths meet.

        A coroutine that only one of them drives is added to `split`.
        """

        def combine(
            one: tuple[int, int] | None, two: tuple[int, int] | None, address: Address
        ) -> tuple[int, int]:
            mine = None if one is None else self._seen(one)
            fate = _either(mine, None if two is None else other._seen(two))
            if fate == SPLIT:
                split.append(address)
            when = [entry[1] for entry in (one, two) if entry is not None]
            return fate, _FOR_GOOD if min(when) == _FOR_GOOD else _now

        return Fates(
            self._entries.join(other._entries, combine),
            max(self._settled, other._settled),
            min(self._excused, other._excused),
        )


def _either(one: int | None, two: int | None) -> int:
    """Return the fate of a coroutine where two paths meet; it does not matter which."""
    if one is None or two is None:
        there = two if one is None else one
        assert there is not None
        return {PENDING: LOOSE, SPLIT: DONE}.get(there, there)
    low, high = sorted((one, two))
    if low == high or high == EXCUSED:
        return low
    if high < STORED:
        return high
    # Driven on one side: a leak only if it surely existed before the paths parted and
    # nothing drives it later.
    return SPLIT if low in (PENDING, SPLIT) else DONE


def are_pending(value: Value, fates: Fates, *, or_none: bool = False) -> bool:
    """Return whether a value is certainly a coroutine that nothing has driven.

    With `or_none` it may be `None` as well.
    """
    found = [one for one in each(value) if not (or_none and one == NONE)]
    return bool(found) and all(
        isinstance(one, Coroutine)
        and one.kind == "coroutine"
        and fates.get(one.address) in (PENDING, LOOSE)
        for one in found
    )
