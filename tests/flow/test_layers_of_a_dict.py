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


def either(one, two, key):
    """Join two values; odd keys are gone where one side has none."""
    if None in (one, two) and key % 2:
        return None
    return max(value for value in (one, two) if value is not None)


def change(target, changes):
    """Set keys, and take away those that get a 0."""
    for key, value in changes:
        if value:
            target[key] = value
        else:
            target.pop(key, None)


@given(strategies.lists(strategies.tuples(CHANGES, CHANGES), max_size=12))
@settings(max_examples=150)
def test_forks_and_joins(rounds):
    layers: Layers[int, int] = Layers()
    plain: dict[int, int] = {}
    for left, right in rounds:
        other, other_plain = layers.fork(), dict(plain)
        change(layers, left)
        change(plain, left)
        change(other, right)
        change(other_plain, right)
        assert layers.flat() == plain
        assert dict(other.items()) == other_plain
        layers = layers.join(other, either)
        both = {
            key: either(one, two, key) if (one != two) else one
            for key in {**plain, **other_plain}
            for one, two in [(plain.get(key), other_plain.get(key))]
        }
        plain = {key: value for key, value in both.items() if value is not None}
        assert layers.flat() == plain
        for key in range(41):
            assert layers.get(key) == plain.get(key)
            assert (key in layers) == (key in plain)


@given(CHANGES, CHANGES, CHANGES)
@settings(max_examples=100)
def test_changes_since_a_border(before, after, more):
    layers: Layers[int, int] = Layers(dict(before))
    bordered = layers.bordered("one")
    bordered.update(dict(after))
    bordered = bordered.bordered("two")
    bordered.update(dict(more))
    assert bordered.changes("two") == dict(more)
    assert bordered.fork().changes("one") == {**dict(after), **dict(more)}
    assert bordered.changes("three") == {**dict(before), **dict(after), **dict(more)}
    assert layers.flat() == dict(before)


def test_a_border_that_is_drawn_once():
    layers: Layers[int, int] = Layers({-1: 0})
    for number in range(1000):
        layers[number] = number
        layers = layers.bordered("end", once=True)
        assert layers.changes("end") == {}
    assert len(layers._below) <= 16
    layers[1] = 0
    assert layers.changes("end") == {1: 0}


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

    def combine(one, two, key):
        asked.append((key, one, two))
        return 0

    joined = layers.join(other, combine)
    assert sorted(asked) == [(1, -1, 1), (2, 2, -2)]
    assert (joined[1], joined[2], joined[3]) == (0, 0, 3)


def test_missing_key():
    with pytest.raises(KeyError, match="3"):
        Layers({1: 2})[3]
