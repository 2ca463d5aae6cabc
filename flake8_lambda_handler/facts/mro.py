"""The order in which Python looks through a class and its bases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Base = TypeVar("Base")


def mro(cls: Base, bases_of: Callable[[Base], list[Base]], most: int) -> list[Base]:
    """Return a class and its bases, nearest first: Python's method resolution order.

    Where Python would refuse the class, and beyond `most` classes, each base comes before
    the next one with all that it is derived from.
    """
    found: dict[Base, list[Base]] = {}
    stack = [cls]
    while stack and len(found) < most:
        current = stack.pop()
        if current not in found:
            found[current] = bases_of(current)
            stack += reversed(found[current])
    if all(len(bases) < 2 for bases in found.values()):
        return list(found)
    return _merged(cls, found, {}) or list(found)


def _merged(
    cls: Base, bases: dict[Base, list[Base]], known: dict[Base, list[Base]]
) -> list[Base]:
    """Return the order by the C3 linearization; nothing where there is none."""
    if cls not in known:
        known[cls] = []  # stays so for a class that is its own base
        direct = [base for base in bases[cls] if base in bases]
        lines = [_merged(base, bases, known) for base in direct]
        order = [cls]
        left = [list(line) for line in (*lines, direct)]
        if not all(lines):
            return []
        while any(left):
            heads = [line[0] for line in left if line]
            behind = {one for line in left for one in line[1:]}
            head = next((one for one in heads if one not in behind), None)
            if head is None:
                return []
            order.append(head)
            left = [[one for one in line if one != head] for line in left]
        known[cls] = order
    return known[cls]
