"""What the heap holds of an object."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.kinds import are_called
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_optional


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
        """Return the items with a value under a constant key."""
        if len(self.known) >= limits.ENTRIES and key not in self.known:
            return self.add(value, Const(key))
        return self._replace(known={**self.known, key: value})

    def with_all(self, known: dict[object, Value]) -> Items:
        """Return the items with values under many constant keys."""
        items = self
        if len(self.known) + len(known) <= limits.ENTRIES:
            return self._replace(known={**self.known, **known})
        for key, value in known.items():
            items = items.set(key, value)
        return items

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
    #: Where it was made, if that was in a function that has returned it since.
    origin: Address | None = None


Entry = Items | Made


def callables(value: Value, look: Callable[[Address], object]) -> Value:
    """Return what made the coroutines that a value may be."""
    found = [look(one.address) for one in each(value) if isinstance(one, Coroutine)]
    makers = [one.callable for one in found if isinstance(one, Made)]
    return join(*makers) if len(makers) == len(found) and makers else UNKNOWN


#: The keys under which `changes` tells of values and keys that are not constant.
OTHERS = object()
KEYS = object()


def changes(old: Items, new: Items) -> Iterator[tuple[object, Value]]:
    """Yield the values, with their keys, that one content has and another had not."""
    found: list[tuple[object, Value | None, Value | None]] = [
        (OTHERS, old.rest, new.rest),
        (KEYS, old.keys, new.keys),
    ]
    if new.known is not old.known:
        found += [(key, old.known.get(key), one) for key, one in new.known.items()]
    for key, before, after in found:
        if after is None or after is before or isinstance(after, Overfull):
            continue
        known = () if before is None else tuple(each(before))
        for one in each(after):
            if one not in known:
                yield key, one


def blurred(old: Items, new: Items) -> Items:
    """Return what one of many objects holds, of which nobody knows which has changed."""
    known: dict[object, Value] = {}
    for key in {**old.known, **new.known}:
        before, after = old.known.get(key), new.known.get(key)
        same = before is after and before is not None
        known[key] = before if same else _either(before, after)  # type: ignore[assignment]
    rest = old.rest if old.rest is new.rest else _either(old.rest, new.rest)
    return Items(known, rest, join_optional(old.keys, new.keys))


def _either(before: Value | None, after: Value | None) -> Value:
    return join(*[one for one in (before, after, UNKNOWN) if one is not None])


def overwritten(items: Items, value: Value) -> Items:
    """Return items of which one, nobody knows which, is replaced by a value.

    One of a table of functions is still one of those that it was filled with.
    """
    known = {key: join(old, value, UNKNOWN) for key, old in items.known.items()}
    rest = items.rest
    if rest is not None and rest != value and not are_called(join(rest, value)):
        rest = join(rest, UNKNOWN)
    return Items(known, rest, items.keys)


def moved(mine: Entry | None, before: Entry | None, after: Entry) -> Entry:
    """Return what an entry becomes by a change from one entry to another."""
    if (
        not isinstance(mine, Items)
        or not isinstance(before, Items)
        or not isinstance(after, Items)
    ):
        return after
    known = {key: value for key, value in mine.known.items() if key in after.known}
    for key, value in after.known.items():
        if value is not before.known.get(key):
            known[key] = value
    return Items(
        known,
        mine.rest if after.rest is before.rest else after.rest,
        mine.keys if after.keys is before.keys else after.keys,
    )


def join_items(one: Items, two: Items) -> Items:
    """Return what a container holds that is one of two."""
    known = dict(one.known)
    for key, value in two.known.items():
        known[key] = join(known[key], value) if key in known else value
    return Items(
        known, join_optional(one.rest, two.rest), join_optional(one.keys, two.keys)
    )


def join_entries(one: Entry | None, two: Entry | None, address: object) -> Entry:
    if isinstance(one, Items) and isinstance(two, Items):
        return join_items(one, two)
    found = two if one is None else one
    assert found is not None
    return found
