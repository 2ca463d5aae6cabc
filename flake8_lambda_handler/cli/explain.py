"""`explain`: the pages of the rules."""

from __future__ import annotations

import difflib
import inspect
import sys
from argparse import Namespace
from types import ModuleType
from typing import Any

from flake8_lambda_handler import engine
from flake8_lambda_handler.settings import SettingsError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "explain",
        help="print the page of a rule, or list the rules",
        description="Print the page of a rule; without a code, list the rules.",
    )
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="code or name, such as LMB101"
    )
    parser.add_argument(
        "--table", action="store_true", help="list the rules as a Markdown table"
    )
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print one page, the list or the table.

    Raises:
        SettingsError: there is no such rule.
    """
    if arguments.code is not None:
        text = page(_find(arguments.code))
    elif arguments.table:
        text = table()
    else:
        text = "".join(
            f"{r.CODE} {engine.name(r):24} {summary(r)}\n" for r in engine.rules()
        )
    sys.stdout.write(text)
    return 0


def page(rule: ModuleType) -> str:
    """Return the page of a rule: its docstring under a title."""
    text = inspect.cleandoc(rule.__doc__ or "")
    return f"# {rule.CODE} {engine.name(rule)}\n\n{text}\n"


def summary(rule: ModuleType) -> str:
    """Return the first line of a rule's page, without the full stop."""
    return (rule.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def table() -> str:
    """Return the README's table of all rules."""
    rows = [f"| {r.CODE} | `{engine.name(r)}` | {summary(r)} |" for r in engine.rules()]
    return "\n".join(["| Code | Name | Reports |", "| --- | --- | --- |", *rows]) + "\n"


def _find(wanted: str) -> ModuleType:
    rules = {}
    for rule in engine.rules():
        rules[rule.CODE] = rules[engine.name(rule).upper()] = rule
    if wanted.upper() in rules:
        return rules[wanted.upper()]
    nearest = difflib.get_close_matches(wanted.upper(), rules, 1, 0.0)
    raise SettingsError(
        f"explain: there is no rule `{wanted}`; did you mean `{rules[nearest[0]].CODE}`?"
    )
