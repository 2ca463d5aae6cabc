"""LMB504: a runtime whose deprecation is near."""

from __future__ import annotations

import datetime

import pytest

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.rules import announced_deprecation as rule

TODAY = datetime.date(2026, 11, 20)


def messages(identifier, kind="function", as_of=TODAY, horizon_days=365):
    place = Place("/template.yaml", 1, 0)
    use = RuntimeUse(identifier, place, place, "A", kind)
    return [
        rule.MESSAGE.format(**fields)
        for fields in rule.check_runtime(use, as_of, horizon_days)
    ]


@pytest.mark.parametrize(
    ("identifier", "kind", "text"),
    [
        (
            "python3.11",
            "function",
            "runtime `python3.11` will be deprecated on 2027-06-30; use `python3.14`",
        ),
        (
            "python3.11",
            "build",
            "build method `python3.11` will be deprecated on 2027-06-30; use `python3.14`",
        ),
    ],
)
def test_bad(identifier, kind, text):
    assert messages(identifier, kind) == [text]
    assert len(text) <= 100


@pytest.mark.parametrize(
    "identifier",
    [
        "python3.10",
        "python3.12",
        "python3.15",
    ],
)
def test_good(identifier):
    assert messages(identifier) == []


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        ((2026, 6, 29), 0),
        ((2026, 6, 30), 1),
        ((2027, 6, 29), 1),
        ((2027, 6, 30), 0),
    ],
)
def test_days(as_of, count):
    assert len(messages("python3.11", as_of=datetime.date(*as_of))) == count


def test_nothing_ahead_without_a_horizon():
    eve = datetime.date(2027, 6, 29)
    assert messages("python3.11", as_of=eve, horizon_days=0) == []


def test_no_cure_where_there_is_none():
    text = "runtime `python3.14` will be deprecated on 2029-06-30"
    assert messages("python3.14", as_of=datetime.date(2029, 6, 1)) == [text]
