"""LMB502: a runtime on which AWS creates no functions."""

from __future__ import annotations

import datetime

import pytest

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.rules import create_blocked_runtime as rule

TODAY = datetime.date(2026, 11, 20)


def messages(identifier, kind="function", as_of=TODAY, horizon_days=0):
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
            "python3.7",
            "function",
            "runtime `python3.7` accepts no new functions since 2024-01-09; use `python3.14`",
        ),
        (
            "python3.7",
            "layer",
            "layer runtime `python3.7` accepts no new functions since 2024-01-09; list `python3.14`",
        ),
    ],
)
def test_bad(identifier, kind, text):
    assert messages(identifier, kind) == [text]
    assert len(text) <= 100


@pytest.mark.parametrize(
    "identifier",
    [
        "python3.8",
        "python3.6",
    ],
)
def test_good(identifier):
    assert messages(identifier) == []


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        ((2024, 1, 8), 0),
        ((2024, 1, 9), 1),
        ((2027, 3, 2), 1),
        ((2027, 3, 3), 0),
    ],
)
def test_days(as_of, count):
    assert len(messages("python3.7", as_of=datetime.date(*as_of))) == count
