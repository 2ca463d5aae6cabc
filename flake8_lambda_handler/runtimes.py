"""AWS's lifecycle of the Python runtimes of Lambda: which day ends what.

The table is data: `runtimes.json` beside this file, with the sources of each row. AWS
moves the dates that lie ahead (those of python3.7 to python3.9 six times since 2023),
so everything that shows the table shows `AS_OF` with it.
"""

from __future__ import annotations

import datetime
import difflib
import json
import pkgutil
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from flake8_lambda_handler.model import RuntimeUse

_IDENTIFIER = re.compile(r"python(\d{1,3})\.(\d{1,3})", re.ASCII)
#: What people write instead: `python39`, `Python3.9`, `python-3.9`, `python3.9.1`, `py3`,
#: `pyhton3.9`.
_MISSPELT = re.compile(
    r"\s*(?:py(?:thon)?|phyth?on|ptyhon|pyhton|pythn|pythno|pytohn|pyton|ypthon)"
    r"[\s_.-]*v?(?:([23])(?:[\s_.-]*(\d{1,2}))?(?:\.(?:\d{1,2}|x))?)?\s*",
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


def version(identifier: str) -> tuple[int, int] | None:
    """Return `(3, 12)` for `python3.12`, None for what is no Python runtime.

    Also for runtimes that the table does not know.
    """
    found = _IDENTIFIER.fullmatch(identifier)
    return (int(found[1]), int(found[2])) if found else None


#: Rows by identifier.
Table = Mapping[str, Runtime]

_DATES = ("deprecated", "create_blocked", "update_blocked")
_KEYS = frozenset({"identifier", *_DATES, "preview", "as_of", "sources"})


class TableError(ValueError):
    """A table that cannot be used: the key, and the cure."""


def _load() -> tuple[Table, datetime.date, dict[str, str]]:
    data = json.loads(pkgutil.get_data(__package__, "runtimes.json") or b"{}")
    as_of = datetime.date.fromisoformat(data["as_of"])
    return read(data, as_of), as_of, data["sources"]


def read(data: object, as_of: datetime.date) -> Table:
    """Return the rows of a table in the form of `runtimes.json`, as of a day.

    Raises:
        TableError: a key or value is not what the table has.
    """
    rows = data.get("runtimes") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise TableError('has no list `runtimes`; write {"runtimes": [{…}]}')
    found = [_row(row, f"runtimes[{number}]", as_of) for number, row in enumerate(rows)]
    for row in found:
        if found.count(row) > 1 or [x.identifier for x in found].count(row[0]) > 1:
            raise TableError(f"runtimes: `{row.identifier}` stands twice; keep one")
    return {row.identifier: row for row in found}


def merged(rows: Table) -> Table:
    """Return the table of the package with other rows in the place of its own."""
    found = {**TABLE, **rows}
    return {key: found[key] for key in sorted(found, key=lambda x: version(x) or ())}


def _row(row: object, key: str, as_of: datetime.date) -> Runtime:
    if not isinstance(row, dict):
        raise TableError(
            f'{key}: is no object; write {{"identifier": "python3.16", …}}'
        )
    for name in row:
        if name not in _KEYS:
            near = difflib.get_close_matches(name, sorted(_KEYS), 1, 0.0)[0]
            raise TableError(f"{key}: unknown key `{name}`; did you mean `{near}`?")
    identifier = row.get("identifier")
    if not isinstance(identifier, str) or version(identifier) is None:
        raise TableError(
            f"{key}.identifier: `{identifier}` is none; write `python3.16`"
        )
    preview = row.get("preview", False)
    if not isinstance(preview, bool):
        raise TableError(f"{key}.preview: `{preview}` is none; write true or false")
    sources = row.get("sources", [])
    if not isinstance(sources, list):
        raise TableError(f"{key}.sources: `{sources}` is no list; write []")
    deprecated, create, update = (
        _day(row.get(name), f"{key}.{name}") for name in _DATES
    )
    return Runtime(
        identifier,
        deprecated,
        create,
        update,
        preview,
        _day(row.get("as_of"), f"{key}.as_of") or as_of,
        tuple(map(str, sources)),
    )


def _day(text: object, key: str) -> datetime.date | None:
    if text is None:
        return None
    try:
        date = datetime.date.fromisoformat(str(text))
    except ValueError:
        date = None
    if date is None or date.isoformat() != text:
        raise TableError(f"{key}: `{text}` is no date; write it as 2026-11-30, or null")
    return date


#: Every Python runtime there is or was, oldest first, by identifier.
TABLE: Table
#: The day on which the table was last compared with its sources.
AS_OF: datetime.date
#: What the short names of the sources stand for, each with its day.
SOURCES: dict[str, str]
TABLE, AS_OF, SOURCES = _load()


def phase(
    identifier: str,
    as_of: datetime.date,
    horizon_days: int = 0,
    table: Table = TABLE,
) -> Phase | None:
    """Return the most severe phase of a runtime on a day, None while all is well.

    A deprecation ahead counts as `announced` when it is at most `horizon_days` days
    away (0 or more; 0 looks at nothing ahead). What the table does not know, a newer
    runtime above all, is in no phase.
    """
    row = table.get(identifier)
    if row is None:
        return None
    ended = (
        ("update-blocked", row.update_blocked),
        ("create-blocked", row.create_blocked),
        ("deprecated", row.deprecated),
    )
    for name, date in ended:
        if date is not None and date <= as_of:
            return Phase(name, date, successor(identifier, as_of, table))
    date = row.deprecated
    if date is not None and (date - as_of).days <= horizon_days:
        return Phase("announced", date, successor(identifier, as_of, table))
    return None


def phase_of(
    use: RuntimeUse,
    as_of: datetime.date,
    horizon_days: int = 0,
    table: Table = TABLE,
) -> Phase | None:
    """Return the most severe phase of what a template uses, as `phase` does.

    Lambda does not know what is in an image, and blocks none.
    """
    found = phase(use.identifier, as_of, horizon_days, table)
    row = table.get(use.identifier)
    if found is None or use.kind != "image" or row is None or row.deprecated is None:
        return found
    name = "announced" if found.name == "announced" else "deprecated"
    return found._replace(name=name, date=row.deprecated)


def newest(as_of: datetime.date, table: Table = TABLE) -> str | None:
    """Return the newest runtime that is supported on a day; previews do not count."""
    supported = [
        (found, row.identifier)
        for row in table.values()
        if (found := version(row.identifier)) is not None
        and not row.is_preview
        and (row.deprecated is None or row.deprecated > as_of)
    ]
    return max(supported)[1] if supported else None


def successor(
    identifier: str, as_of: datetime.date, table: Table = TABLE
) -> str | None:
    """Return the newest runtime that is supported on a day and newer than this one.

    None when there is none in the table, or when `identifier` is no Python runtime.
    """
    current, found = version(identifier), newest(as_of, table)
    if current is None or found is None:
        return None
    return found if (version(found) or current) > current else None


def is_mistyped(text: str, table: Table = TABLE) -> bool:
    """Return whether a text is meant for a Python runtime, and AWS never had it.

    What may be newer than the table, such as `python3.99`, is none of these.
    """
    current = version(text)
    if current is None:
        return _MISSPELT.fullmatch(text) is not None
    known = filter(None, map(version, table))
    return text not in table and current < max(known)


def meant(text: str, as_of: datetime.date, table: Table = TABLE) -> str | None:
    """Return the runtime that a mistyped one stands for, else the newest on a day."""
    found = _MISSPELT.fullmatch(text)
    spelt = f"python{found[1]}.{found[2]}" if found else ""
    return spelt if spelt in table else newest(as_of, table)
