"""LMB501: a runtime that AWS has deprecated."""

from __future__ import annotations

import datetime

import pytest

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.rules import create_blocked_runtime
from flake8_lambda_handler.rules import deprecated_runtime as rule
from flake8_lambda_handler.rules import update_blocked_runtime

TODAY = datetime.date(2026, 11, 20)


def messages(identifier, kind="function", as_of=TODAY, horizon_days=0, **more):
    place = Place("/template.yaml", 1, 0)
    use = RuntimeUse(identifier, place, place, "A", kind, **more)
    return [
        rule.MESSAGE.format(**fields)
        for fields in rule.check_runtime(use, as_of, horizon_days)
    ]


@pytest.mark.parametrize(
    ("identifier", "kind", "text"),
    [
        (
            "python3.8",
            "function",
            "runtime `python3.8` is deprecated since 2024-10-14; use `python3.14`",
        ),
        (
            "python3.9",
            "global",
            "runtime `python3.9` is deprecated since 2025-12-15; use `python3.14`",
        ),
        (
            "python3.10",
            "module",
            "runtime `python3.10` is deprecated since 2026-10-31; use `python3.14`",
        ),
        (
            "python3.9",
            "layer",
            "layer runtime `python3.9` is deprecated since 2025-12-15; list `python3.14`",
        ),
        (
            "python3.9",
            "build",
            "build method `python3.9` is deprecated since 2025-12-15; use `python3.14`",
        ),
    ],
)
def test_bad(identifier, kind, text):
    assert messages(identifier, kind) == [text]
    assert len(text) <= 100


@pytest.mark.parametrize(
    ("users", "text"),
    [
        ((), "runtime `python3.8` is"),
        (("A", "B"), "runtime `python3.8` of `A` and `B` is"),
        (("A", "B", "C", "D"), "runtime `python3.8` of `A`, `B` and 2 more is"),
    ],
)
def test_users_of_a_shared_value(users, text):
    assert messages("python3.8", users=users)[0].startswith(text)


@pytest.mark.parametrize(
    ("spelling", "cure"),
    [
        ("", "python3.14"),
        ("3.8", "3.14"),
        ("3.8-arm64", "3.14-arm64"),
        ("PYTHON_3_8", "PYTHON_3_14"),
        ("PYTHON3D8", "PYTHON3D14"),
        ("3.8.2023.01.01.12", "python3.14"),
        ("3.8@sha256:0123", "python3.14"),
        ("3.9", "python3.14"),
    ],
)
def test_cure_is_spelled_as_the_text_is(spelling, cure):
    (text,) = messages("python3.8", spelling=spelling)
    assert text.startswith("runtime `python3.8` is") and text.endswith(f"`{cure}`")


@pytest.mark.parametrize("identifier", ["python2.7", "python3.6", "python3.7"])
def test_images_are_never_blocked(identifier):
    place = Place("/Dockerfile", 1, 0)
    use = RuntimeUse(identifier, place, place, "A", "image", identifier[6:])
    (text,) = messages(identifier, "image", spelling=identifier[6:])
    assert text.startswith(f"image runtime `{identifier}` is deprecated since ")
    assert text.endswith("; use `3.14`")
    for other in (create_blocked_runtime, update_blocked_runtime):
        assert list(other.check_runtime(use, TODAY, 0)) == []


@pytest.mark.parametrize(
    "identifier",
    [
        "python3.7",
        "python3.6",
        "python3.11",
        "python3.15",
        "python3.99",
    ],
)
def test_good(identifier):
    assert messages(identifier) == []


@pytest.mark.parametrize(
    ("as_of", "count"),
    [
        ((2024, 10, 13), 0),
        ((2024, 10, 14), 1),
        ((2027, 1, 31), 1),
        ((2027, 2, 1), 0),
    ],
)
def test_days(as_of, count):
    assert len(messages("python3.8", as_of=datetime.date(*as_of))) == count
