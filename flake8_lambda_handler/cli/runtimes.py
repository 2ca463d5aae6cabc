"""`runtimes`: the lifecycle table, and where each runtime stands on a day."""

from __future__ import annotations

import datetime
import json
import sys
from argparse import Namespace
from typing import Any

from flake8_lambda_handler import options
from flake8_lambda_handler import runtimes
from flake8_lambda_handler.settings import Settings

COLUMNS = {
    "identifier": "Runtime",
    "deprecated": "Deprecated",
    "create_blocked": "Create blocked",
    "update_blocked": "Update blocked",
    "phase": "Phase",
    "successor": "Move to",
}


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "runtimes",
        help="print the lifecycle of the Python runtimes, with its date",
        description="Print the lifecycle of the Python runtimes of AWS Lambda, with "
        "the day of the table, and where each stands on the day of --lambda-as-of.",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="the form of the table (default: text)",
    )
    options.add(parser, frozenset())
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the table."""
    _, settings = options.load(arguments)
    rows = [_row(runtime, settings) for runtime in settings.runtimes.values()]
    if arguments.format == "json":
        table = {
            "as_of": settings.as_of.isoformat(),
            "table_as_of": runtimes.AS_OF.isoformat(),
            "runtimes": rows,
            "sources": runtimes.SOURCES,
        }
        sys.stdout.write(json.dumps(table, indent=2) + "\n")
    elif arguments.format == "jsonl":
        sys.stdout.writelines(json.dumps(row) + "\n" for row in rows)
    else:
        sys.stdout.write(_text(rows, settings.as_of))
    return 0


def _row(runtime: runtimes.Runtime, settings: Settings) -> dict[str, str | None]:
    phase = runtimes.phase(
        runtime.identifier, settings.as_of, settings.horizon_days, settings.runtimes
    )
    otherwise = "preview" if runtime.is_preview else "supported"
    return {
        "identifier": runtime.identifier,
        "deprecated": _day(runtime.deprecated),
        "create_blocked": _day(runtime.create_blocked),
        "update_blocked": _day(runtime.update_blocked),
        "phase": phase.name if phase else otherwise,
        "successor": phase.successor if phase else None,
    }


def _day(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None


def _text(rows: list[dict[str, str | None]], as_of: datetime.date) -> str:
    table = [list(COLUMNS.values())]
    table += [[row[name] or "-" for name in COLUMNS] for row in rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    lines = ["  ".join(map(str.ljust, cells, widths)).rstrip() for cells in table]
    title = f"Python runtimes on {as_of}; lifecycle table as of {runtimes.AS_OF}"
    return "\n".join([title, "", *lines, ""])
