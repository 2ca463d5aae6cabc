"""LMB503: a runtime on which AWS updates no functions."""

from __future__ import annotations

import datetime

import pytest

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.rules import update_blocked_runtime as rule

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
            "python2.7",
            "function",
            "runtime `python2.7` accepts no function updates since 2022-05-30; use `python3.14`",
        ),
        (
            "python3.6",
            "global",
            "runtime `python3.6` accepts no function updates since 2022-08-29; use `python3.14`",
        ),
    ],
)
def test_bad(identifier, kind, text):
    assert messages(identifier, kind) == [text]
    assert len(text) <= 100


@pytest.mark.parametrize(
    "identifier",
    [
        "python3.7",
        "python3.8",
    ],
)
def test_good(identifier):
    assert messages(identifier) == []


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        ((2022, 8, 28), 0),
        ((2022, 8, 29), 1),
        ((2030, 1, 1), 1),
    ],
)
def test_days(as_of, count):
    assert len(messages("python3.6", as_of=datetime.date(*as_of))) == count
