"""A dict that is forked in no time, and joined in the time of what has changed.

Paths part and meet again all the time, and most of what is known stays the same. So a
fork shares everything that is there, and both sides put what they change on top.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import Generic
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

#: Layers of so few entries are put together, whatever lies above them.
SMALL = 16


class _Border(dict[Any, Any]):
    """An empty layer with which no other one is put together."""

    __slots__ = ("mark",)

    def __init__(self, mark: str) -> None:
        self.mark = mark


#: What a key holds that was taken away above a layer that has it.
_GONE: Any = object()


class Layers(Generic[Key, Value]):
    """What keys hold; changes do not reach the dicts that were forked from it."""

    __slots__ = ("_below", "_own")

    def __init__(
        self,
        own: dict[Key, Value] | None = None,
        below: tuple[dict[Key, Value], ...] = (),
    ) -> None:
        self._own: dict[Key, Value] = {} if own is None else own
        #: What is shared with others, the lowest first. Nobody changes it.
        self._below = below

    def get(self, key: Any, default: Any = None) -> Any:
        """Return what a key holds."""
        found = default
        if key in self._own:
            found = self._own[key]
        else:
            for layer in reversed(self._below):
                if key in layer:
                    found = layer[key]
                    break
        return default if found is _GONE else found

    def __contains__(self, key: object) -> bool:
        return self.get(key, _GONE) is not _GONE

    def __getitem__(self, key: Key) -> Value:
        found: Value = self.get(key, self)
        if found is self:
            raise KeyError(key)
        return found

    def __setitem__(self, key: Key, value: Value) -> None:
        self._own[key] = value

    def pop(self, key: Key, default: Value) -> Value:
        """Take a key away, and return what it held."""
        found: Value = self.get(key, default)
        self._own[key] = _GONE
        return found

    def update(self, entries: dict[Key, Value]) -> None:
        """Set many keys."""
        self._own.update(entries)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.flat())

    def items(self) -> Iterator[tuple[Key, Value]]:
        """Yield all keys with what they hold; changes meanwhile do not matter."""
        return iter(self.flat().items())

    def flat(self) -> dict[Key, Value]:
        """Return a plain dict of everything."""
        found: dict[Key, Value] = {}
        for layer in (*self._below, self._own):
            found.update(layer)
        if _GONE in found.values():
            found = {key: one for key, one in found.items() if one is not _GONE}
        return found

    def values(self) -> Iterator[Value]:
        """Yield what all keys hold."""
        return iter(self.flat().values())

    def fork(self) -> Layers[Key, Value]:
        """Return another dict that holds the same."""
        if self._own:
            self._below = _compact([*self._below, self._own])
            self._own = {}
        return Layers(None, self._below)

    def bordered(self, mark: str, *, once: bool = False) -> Layers[Key, Value]:
        """Return a fork of which `changes` tells later on.

        With `once`, earlier borders with the mark go.
        """
        below = self.fork()._below
        if once:
            below = _compact([one for one in below if getattr(one, "mark", "") != mark])
        return Layers(None, (*below, _Border(mark)))

    def changes(self, mark: str) -> dict[Key, Value]:
        """Return what was set since the last border with a mark."""
        found: list[dict[Key, Value]] = [self._own]
        for layer in reversed(self._below):
            if isinstance(layer, _Border) and layer.mark == mark:
                break
            found.append(layer)
        changed: dict[Key, Value] = {}
        for layer in reversed(found):
            changed.update(layer)
        return changed

    def is_above(self, mark: str) -> bool:
        """Return whether there is a border with a mark."""
        return any(getattr(layer, "mark", "") == mark for layer in self._below)

    def above(self, other: Layers[Key, Value]) -> tuple[int, dict[Key, None]]:
        """Return how many layers are shared, and the keys set above them here."""
        shared = 0
        if self._below is other._below:
            shared = len(self._below)
        else:
            for one, two in zip(self._below, other._below):
                if one is not two:
                    break
                shared += 1
        keys: dict[Key, None] = {}
        for layer in (*self._below[shared:], self._own):
            keys.update(dict.fromkeys(layer))
        return shared, keys

    def join(
        self,
        other: Layers[Key, Value],
        combine: Callable[[Value | None, Value | None, Key], Value | None],
    ) -> Layers[Key, Value]:
        """Return what holds where both meet.

        `combine` is asked for each key that differs; `None` stands for a missing one,
        and takes a key away.
        """
        if self._below is other._below and not self._own and not other._own:
            return Layers(None, self._below)
        shared, keys = self.above(other)
        _, more = other.above(self)
        joined: dict[Key, Value] = {}
        for key in {**keys, **more}:
            one, two = self.get(key), other.get(key)
            found = one if one is two else combine(one, two, key)
            joined[key] = _GONE if found is None else found
        return Layers(joined, self._below[:shared])


def _compact(layers: list[dict[Any, Any]]) -> tuple[dict[Any, Any], ...]:
    """Return layers of which the upper ones are put together, so there are few."""
    while len(layers) > 1 and _are_alike(layers[-2], layers[-1]):
        layers[-2:] = [{**layers[-2], **layers[-1]}]
    return tuple(layers)


def _are_alike(lower: dict[Any, Any], upper: dict[Any, Any]) -> bool:
    """Return whether two layers are put together: so there are never many."""
    if isinstance(lower, _Border) or isinstance(upper, _Border):
        return False
    return len(lower) <= max(2 * len(upper), SMALL)
