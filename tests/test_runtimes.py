"""The lifecycle table: what it holds, and what it says about a day."""

from __future__ import annotations

import datetime

import pytest

from flake8_lambda_handler import runtimes

TODAY = datetime.date(2026, 11, 20)
DAY = datetime.timedelta(days=1)


def test_rows_are_in_order_of_version():
    versions = [runtimes.version(identifier) for identifier in runtimes.TABLE]
    assert None not in versions
    assert versions == sorted(versions)
    assert (3, 9) in versions and (3, 10) in versions


@pytest.mark.parametrize("row", runtimes.TABLE.values(), ids=runtimes.TABLE)
def test_row(row):
    assert runtimes.TABLE[row.identifier] is row
    assert row.as_of <= runtimes.AS_OF
    assert row.sources
    assert set(row.sources) <= set(runtimes.SOURCES)
    dates = (row.deprecated, row.create_blocked, row.update_blocked)
    if row.is_preview:
        assert dates == (None, None, None)
    else:
        assert None not in dates
        assert list(dates) == sorted(dates)


def test_every_source_is_used():
    used = {name for row in runtimes.TABLE.values() for name in row.sources}
    assert used == set(runtimes.SOURCES)


#: Phase on the day of the table: identifier, phase, day.
PHASES = [
    ("python2.7", "update-blocked", "2022-05-30"),
    ("python3.6", "update-blocked", "2022-08-29"),
    ("python3.7", "create-blocked", "2024-01-09"),
    ("python3.8", "deprecated", "2024-10-14"),
    ("python3.9", "deprecated", "2025-12-15"),
    ("python3.10", "deprecated", "2026-10-31"),
]


@pytest.mark.parametrize(("identifier", "name", "date"), PHASES)
def test_phase(identifier, name, date):
    found = runtimes.phase(identifier, TODAY)
    assert found == (name, datetime.date.fromisoformat(date), "python3.14")


@pytest.mark.parametrize(
    "identifier",
    [
        "python3.11",
        "python3.12",
        "python3.13",
        "python3.14",
        "python3.15",
        "python3.16",
        "python4.0",
        "python3.1",
        "python3",
        "python",
        "nodejs12.x",
        "Python3.8",
        "python3.8 ",
        "",
    ],
)
def test_no_phase(identifier):
    assert runtimes.phase(identifier, TODAY) is None


@pytest.mark.parametrize(
    "row",
    [row for row in runtimes.TABLE.values() if not row.is_preview],
    ids=lambda row: row.identifier,
)
def test_phases_begin_on_their_day(row):
    days = {
        "deprecated": row.deprecated,
        "create-blocked": row.create_blocked,
        "update-blocked": row.update_blocked,
    }
    for name, day in days.items():
        before = runtimes.phase(row.identifier, day - DAY)
        assert before is None or before.name != name
        on = runtimes.phase(row.identifier, day)
        last = [n for n, d in days.items() if d == day][-1]
        assert (on.name, on.date) == (last, day)
    assert runtimes.phase(row.identifier, days["deprecated"] - DAY) is None


@pytest.mark.parametrize(
    ("days_before", "horizon_days", "name"),
    [
        (1, 0, None),
        (1, 1, "announced"),
        (90, 89, None),
        (90, 90, "announced"),
        (90, 10_000_000, "announced"),
        (0, 90, "deprecated"),
    ],
)
def test_horizon(days_before, horizon_days, name):
    day = runtimes.TABLE["python3.11"].deprecated
    found = runtimes.phase("python3.11", day - days_before * DAY, horizon_days)
    assert (found and found.name) == name
    if found:
        assert (found.date, found.successor) == (day, "python3.14")


def test_nothing_is_announced_for_a_runtime_without_dates():
    assert runtimes.phase("python3.15", TODAY, 10_000_000) is None


@pytest.mark.parametrize(
    ("identifier", "day", "expected"),
    [
        ("python3.8", TODAY, "python3.14"),
        ("python3.13", TODAY, "python3.14"),
        ("python3.14", TODAY, None),
        ("python3.16", TODAY, None),
        ("python3.8", datetime.date(2029, 6, 30), None),
        ("nodejs12.x", TODAY, None),
    ],
)
def test_successor(identifier, day, expected):
    assert runtimes.successor(identifier, day) == expected


def test_successor_is_never_in_a_phase():
    for row in runtimes.TABLE.values():
        for day in filter(None, row[1:4]):
            successor = runtimes.successor(row.identifier, day)
            assert successor is None or runtimes.phase(successor, day) is None


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("python3.12", (3, 12)),
        ("python3.10", (3, 10)),
        ("python2.7", (2, 7)),
        ("python3.99", (3, 99)),
        ("python3", None),
        ("python3.x", None),
        ("nodejs20.x", None),
        ("python3.٣", None),
        ("python3.12\n", None),
        ("", None),
    ],
)
def test_version(identifier, expected):
    assert runtimes.version(identifier) == expected
