"""The order of a class and its bases is Python's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from flake8_lambda_handler.facts.mro import mro

#: Classes by number, each with the numbers of its bases, which are smaller.
hierarchies = strategies.integers(1, 8).flatmap(
    lambda size: strategies.tuples(
        *[
            strategies.lists(
                strategies.integers(0, number - 1), unique=True, max_size=3
            )
            if number
            else strategies.just([])
            for number in range(size)
        ]
    )
)


def pythons(hierarchy: tuple[list[int], ...]) -> list[int] | None:
    """Return the order that Python gives to the last class; None where it refuses."""
    classes: list[type] = []
    for number, bases in enumerate(hierarchy):
        try:
            classes.append(type(f"C{number}", tuple(classes[one] for one in bases), {}))
        except TypeError:
            return None
    return [classes.index(one) for one in classes[-1].__mro__[:-1]]


@given(hierarchies)
def test_order_is_that_of_python(hierarchy):
    found = mro(len(hierarchy) - 1, lambda one: hierarchy[one], 100)
    order = pythons(hierarchy)
    assert order is None or found == order
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "bases, order",
    [
        ({1: [2, 3], 2: [4], 3: [4], 4: []}, [1, 2, 3, 4]),
        ({1: [2, 3], 2: [3], 3: []}, [1, 2, 3]),
        # Python refuses these.
        ({1: [2, 3], 2: [], 3: [2]}, [1, 2, 3]),
        ({1: [1]}, [1]),
        ({1: [2], 2: [1]}, [1, 2]),
        ({1: [2, 2], 2: []}, [1, 2]),
    ],
)
def test_order(bases, order):
    assert mro(1, lambda one: bases[one], 100) == order


def test_no_more_than_allowed():
    assert mro(0, lambda one: [one + 1], 5) == [0, 1, 2, 3, 4]
    assert len(mro(0, lambda one: [one + 1, one + 2], 5)) == 5
