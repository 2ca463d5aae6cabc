"""AWS's lifecycle of the Python runtimes of Lambda: which day ends what.

The table is data: `runtimes.json` beside this file, with the sources of each row. AWS
moves the dates that lie ahead (those of python3.7 to python3.9 six times since 2023),
so everything that shows the table shows `AS_OF` with it.
"""

from __future__ import annotations

import datetime
import json
import pkgutil
import re
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from flake8_lambda_handler.model import RuntimeUse

_IDENTIFIER = re.compile(r"python(\d{1,3})\.(\d{1,3})", re.ASCII)
#: What people write instead: `python39`, `Python3.9`, `python-3.9`, `python3.9.1`, `py3`.
_MISSPELT = re.compile(
    r"\s*py(?:thon)?[\s_.-]*v?(?:([23])(?:[\s_.-]*(\d{1,2}))?(?:\.(?:\d{1,2}|x))?)?\s*",
    re.ASCII | re.IGNORECASE,
)
_SPELLING = re.compile(r"([A-Za-z_-]*)(\d{1,3})([._]|D)(\d{1,3})(-[a-z]\w*)?", re.ASCII)


class Runtime(NamedTuple):
    """One row of the table; dates are calendar days, None where AWS has named none.

    Source: AWS Lambda developer guide, "Lambda runtimes", through the data sets that
    `sources` names, all compared row by row without a difference; `as_of` is the day
    of the newest of them.
    """

    #: The identifier in the API and in templates: `python3.12`.
    identifier: str
    #: First day without security patches and technical support.
    deprecated: datetime.date | None
    #: First day on which no new function can take the runtime.
    create_blocked: datetime.date | None
    #: First day on which code and settings of a function on it cannot be changed.
    update_blocked: datetime.date | None
    #: Offered for trial only; never suggested.
    is_preview: bool
    as_of: datetime.date
    sources: tuple[str, ...]


class Phase(NamedTuple):
    """Where a runtime stands on a day, and the runtime to move to."""

    #: `announced`, `deprecated`, `create-blocked` or `update-blocked`.
    name: str
    #: The day on which the phase began; for `announced` the day of the deprecation.
    date: datetime.date
    #: The newest runtime that is supported on the day; None when the table has none.
    successor: str | None

    def fields(self, use: RuntimeUse) -> dict[str, str]:
        """Return what a message says about one use: `subject`, `date` and `cure`."""
        return words(use, self.successor) | {"date": self.date.isoformat()}


#: A layer lists runtimes, a build method names one.
_WORDS = {
    "layer": ("layer runtime", "list"),
    "build": ("build method", "use"),
    "image": ("image runtime", "use"),
}

#: Most functions that a message names.
MOST_USERS = 2


def _users(users: tuple[str, ...]) -> str:
    """Return whose runtime it is, if several functions share it."""
    if not users:
        return ""
    named = [f"`{name}`" for name in users[:MOST_USERS]]
    if len(users) > MOST_USERS:
        return f" of {', '.join(named)} and {len(users) - MOST_USERS} more"
    return f" of {' and '.join(named)}"


def respelled(use: RuntimeUse, identifier: str) -> str | None:
    """Return what stands for another runtime as a use is written.

    `PYTHON_3_8` becomes `PYTHON_3_14`, and `3.8-arm64` `3.14-arm64`. None where that
    cannot be: a tag with a date or a digest names one build.
    """
    if not use.spelling:
        return identifier
    found, new = _SPELLING.fullmatch(use.spelling), version(identifier)
    if (
        found is None
        or new is None
        or (int(found[2]), int(found[4])) != version(use.identifier)
    ):
        return None
    return f"{found[1]}{new[0]}{found[3]}{new[1]}{found[5] or ''}"


def words(use: RuntimeUse, better: str | None) -> dict[str, str]:
    """Return what a message says about a use, given the runtime to write instead.

    It is the `subject`, and the `cure`.
    """
    subject, verb = _WORDS.get(use.kind, ("runtime", "use"))
    cure = better and (respelled(use, better) or better)
    return {
        "subject": f"{subject} `{use.identifier}`{_users(use.users)}",
        "cure": f"; {verb} `{cure}`" if cure else "",
    }


def _load() -> tuple[dict[str, Runtime], datetime.date, dict[str, str]]:
    data = json.loads(pkgutil.get_data(__package__, "runtimes.json") or b"{}")

    def day(text: str | None) -> datetime.date | None:
        return datetime.date.fromisoformat(text) if text else None

    table = {
        row["identifier"]: Runtime(
            row["identifier"],
            day(row["deprecated"]),
            day(row["create_blocked"]),
            day(row["update_blocked"]),
            row.get("preview", False),
            datetime.date.fromisoformat(row["as_of"]),
            tuple(row["sources"]),
        )
        for row in data["runtimes"]
    }
    return table, datetime.date.fromisoformat(data["as_of"]), data["sources"]


#: Every Python runtime there is or was, oldest first, by identifier.
TABLE: dict[str, Runtime]
#: The day on which the table was last compared with its sources.
AS_OF: datetime.date
#: What the short names of the sources stand for, each with its day.
SOURCES: dict[str, str]
TABLE, AS_OF, SOURCES = _load()


def phase(identifier: str, as_of: datetime.date, horizon_days: int = 0) -> Phase | None:
    """Return the most severe phase of a runtime on a day, None while all is well.

    A deprecation ahead counts as `announced` when it is at most `horizon_days` days
    away (0 or more; 0 looks at nothing ahead). What the table does not know, a newer
    runtime above all, is in no phase.
    """
    row = TABLE.get(identifier)
    if row is None:
        return None
    ended = (
        ("update-blocked", row.update_blocked),
        ("create-blocked", row.create_blocked),
        ("deprecated", row.deprecated),
    )
    for name, date in ended:
        if date is not None and date <= as_of:
            return Phase(name, date, successor(identifier, as_of))
    date = row.deprecated
    if date is not None and (date - as_of).days <= horizon_days:
        return Phase("announced", date, successor(identifier, as_of))
    return None


def phase_of(
    use: RuntimeUse, as_of: datetime.date, horizon_days: int = 0
) -> Phase | None:
    """Return the most severe phase of what a template uses, as `phase` does.

    Lambda does not know what is in an image, and blocks none.
    """
    found = phase(use.identifier, as_of, horizon_days)
    row = TABLE.get(use.identifier)
    if found is None or use.kind != "image" or row is None or row.deprecated is None:
        return found
    name = "announced" if found.name == "announced" else "deprecated"
    return found._replace(name=name, date=row.deprecated)


def newest(as_of: datetime.date) -> str | None:
    """Return the newest runtime that is supported on a day; previews do not count."""
    supported = [
        (found, row.identifier)
        for row in TABLE.values()
        if (found := version(row.identifier)) is not None
        and not row.is_preview
        and (row.deprecated is None or row.deprecated > as_of)
    ]
    return max(supported)[1] if supported else None


def successor(identifier: str, as_of: datetime.date) -> str | None:
    """Return the newest runtime that is supported on a day and newer than this one.

    None when there is none in the table, or when `identifier` is no Python runtime.
    """
    current, found = version(identifier), newest(as_of)
    if current is None or found is None:
        return None
    return found if (version(found) or current) > current else None


def version(identifier: str) -> tuple[int, int] | None:
    """Return `(3, 12)` for `python3.12`, None for what is no Python runtime.

    Also for runtimes that the table does not know.
    """
    found = _IDENTIFIER.fullmatch(identifier)
    return (int(found[1]), int(found[2])) if found else None


def is_mistyped(text: str) -> bool:
    """Return whether a text is meant for a Python runtime, and AWS never had it.

    What may be newer than the table, such as `python3.99`, is none of these.
    """
    current = version(text)
    if current is None:
        return _MISSPELT.fullmatch(text) is not None
    known = filter(None, map(version, TABLE))
    return text not in TABLE and current < max(known)


def meant(text: str, as_of: datetime.date) -> str | None:
    """Return the runtime that a mistyped one stands for, else the newest on a day."""
    found = _MISSPELT.fullmatch(text)
    spelt = f"python{found[1]}.{found[2]}" if found else ""
    return spelt if spelt in TABLE else newest(as_of)
