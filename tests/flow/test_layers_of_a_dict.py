"""Forks and joins of `Layers` hold what copied dicts would hold."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from flake8_lambda_handler.flow.layers import Layers

CHANGES = strategies.lists(
    strategies.tuples(strategies.integers(0, 40), strategies.integers(0, 9)),
    max_size=30,
)


def either(one, two):
    return max(value for value in (one, two) if value is not None)


@given(strategies.lists(strategies.tuples(CHANGES, CHANGES), max_size=12))
@settings(max_examples=150, deadline=None)
def test_forks_and_joins(rounds):
    layers: Layers[int, int] = Layers()
    plain: dict[int, int] = {}
    for left, right in rounds:
        other, other_plain = layers.fork(), dict(plain)
        layers.update(dict(left))
        plain.update(dict(left))
        for key, value in right:
            other[key] = value
            other_plain[key] = value
        assert layers.flat() == plain
        assert dict(other.items()) == other_plain
        layers = layers.join(other, either)
        plain = {
            key: either(plain.get(key), other_plain.get(key))
            for key in {**plain, **other_plain}
        }
        assert layers.flat() == plain
        for key in range(41):
            assert layers.get(key) == plain.get(key)
            assert (key in layers) == (key in plain)


@given(CHANGES, CHANGES, CHANGES)
@settings(max_examples=100, deadline=None)
def test_changes_since_a_border(before, after, more):
    layers: Layers[int, int] = Layers(dict(before))
    bordered = layers.bordered()
    bordered.update(dict(after))
    bordered = bordered.fork()
    bordered.update(dict(more))
    assert bordered.changes() == {**dict(after), **dict(more)}
    assert layers.flat() == dict(before)


@pytest.mark.parametrize("size", [100, 10_000])
def test_forks_share_and_there_are_never_many_layers(size):
    layers: Layers[int, int] = Layers()
    for number in random.Random(1).sample(range(size), size):
        layers[number] = number
        layers.fork()
    assert len(layers._below) <= 16
    assert sum(map(len, layers._below)) <= 2 * size


def test_join_asks_for_nothing_that_both_share():
    layers: Layers[int, int] = Layers({number: number for number in range(1000)})
    other = layers.fork()
    layers[1], other[2] = -1, -2
    asked = []

    def combine(one, two):
        asked.append((one, two))
        return 0

    joined = layers.join(other, combine)
    assert sorted(asked) == [(-1, 1), (2, -2)]
    assert (joined[1], joined[2], joined[3]) == (0, 0, 3)


def test_missing_key():
    with pytest.raises(KeyError):
        Layers({1: 2})[3]
