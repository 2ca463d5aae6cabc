"""`migrate`: rewrites async handlers into sync handlers that drive their coroutine."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import ArgumentTypeError
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler import files
from flake8_lambda_handler import options
from flake8_lambda_handler import reports
from flake8_lambda_handler.migrate import scan
from flake8_lambda_handler.migrate.handlers import Handlers
from flake8_lambda_handler.migrate.output import Outcome
from flake8_lambda_handler.migrate.output import Refused
from flake8_lambda_handler.migrate.output import Unread
from flake8_lambda_handler.migrate.output import patch
from flake8_lambda_handler.migrate.output import write
from flake8_lambda_handler.migrate.runtimes import move_runtimes
from flake8_lambda_handler.migrate.runtimes import programs
from flake8_lambda_handler.sandbox import Sandbox
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import SettingsError

#: What can be fixed, by code.
HANDLERS = frozenset({"LMB101", "LMB202"})
RUNTIMES = frozenset({"LMB501", "LMB502", "LMB503", "LMB504"})


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "migrate",
        help="rewrite async handlers into sync handlers that work",
        description="Rewrite async handlers, in place, into sync handlers that drive "
        "their coroutine, and move templates, and programs that deploy functions, to "
        "newer runtimes.",
        epilog="Exit code: 0 done, 1 changes are due (with --check or --diff), "
        "2 usage or configuration error, 3 something was refused or unreadable.",
    )
    files.add_named_paths(parser, "file or folder (default: .)")
    parser.add_argument(
        "--fix",
        metavar="CODES",
        type=_codes,
        action="append",
        help="fix these codes: LMB101 (the default), LMB202, LMB501 to LMB504 (or "
        "LMB5xx for all four); comma-separated, repeatable",
    )
    parser.add_argument(
        "--strategy",
        choices=("auto", "run", "loop"),
        default="auto",
        help="the loop of an invocation: run makes a new one, loop keeps one, auto "
        "keeps one where a module-level object is bound to it (default: auto)",
    )
    parser.add_argument(
        "--runtime",
        metavar="ID",
        type=_runtime,
        help="move to this runtime, such as python3.13 (default: the "
        "newest supported one)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--diff", action="store_true", help="print a patch and write nothing"
    )
    mode.add_argument(
        "--check",
        action="store_true",
        help="write nothing and exit with 1 if something would change",
    )
    parser.add_argument(
        "--format",
        "--report",
        dest="format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="with json or jsonl, print what was rewritten and refused (default: text)",
    )
    files.add_jobs(parser)
    options.add(parser, options.READING | {"--disable-noqa"})
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Rewrite the files and return the exit code.

    Raises:
        SettingsError: an option cannot be used.
    """
    if arguments.diff and arguments.format != "text":
        raise SettingsError(
            f"migrate: --diff and --format {arguments.format} both print to stdout"
        )
    flake8_options, settings = options.load(arguments)
    codes = frozenset[str]().union(*(arguments.fix or [{"LMB101"}]))
    found = files.find(_paths(arguments), flake8_options)
    unread = [Unread(path, 0, text) for path, text in found.failures]
    outcome = Outcome()
    session = Session(settings)
    if codes & HANDLERS:
        scanned = scan.scan(
            _distinct(found.python), codes, flake8_options, settings, arguments.jobs
        )
        unread += [failure for one in scanned for failure in one.unread]
        outcome.refused += [refused for one in scanned for refused in one.refused]
        with Sandbox("flake8_lambda_handler.migrate.header:split") as split:
            handlers = Handlers(outcome, session, split, arguments.strategy)
            handlers.rewrite([target for one in scanned for target in one.targets])
            for one in scanned:
                if one.responses:
                    handlers.drive(one.path, list(one.responses))
    unread += [
        Unread(*problem.place[:2], f"template {problem.text}")
        for problem in files.unreadable_templates(
            found, flake8_options, session.project
        )
    ]
    if codes & RUNTIMES:
        move_runtimes(
            outcome,
            session.project,
            [
                *map(session.project.template, map(os.path.abspath, found.templates)),
                *programs(outcome, session, map(os.path.abspath, found.python)),
            ],
            codes,
            arguments.runtime,
            disable_noqa=flake8_options.disable_noqa,
        )
    changed = list(outcome.changed())
    if arguments.diff:
        for path, old, new in changed:
            sys.stdout.buffer.write(patch(reports.relative(path), old, new))
    elif not arguments.check:
        changed = list(_written(outcome, changed))
    paths = [path for path, *_ in changed]
    if arguments.format != "text":
        _print_json(arguments.format, outcome, unread, paths)
    _print_text(arguments, outcome, unread, paths)
    if outcome.refused or unread:
        return 3
    return int(bool(changed) and (arguments.check or arguments.diff))


def _distinct(paths: tuple[str, ...]) -> list[str]:
    """Return the paths without links to files that are there themselves."""
    real = {path: os.path.realpath(path) for path in paths}
    first: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: os.path.abspath(path) != real[path]):
        first.setdefault(real[path], path)
    return [path for path in paths if first[real[path]] == path]


def _written(
    outcome: Outcome, changed: list[tuple[str, bytes, bytes]]
) -> Iterator[tuple[str, bytes, bytes]]:
    """Write the files, and yield those that were written."""
    for path, old, new in changed:
        try:
            write(path, old, new)
        except OSError as error:
            reason = f"cannot be written: {error.strerror or error}"
            for one in [one for one in outcome.rewritten if one.path == path]:
                outcome.rewritten.remove(one)
                outcome.refused.append(Refused(path, one.line, one.name, reason))
        else:
            yield path, old, new


def _print_json(
    form: str, outcome: Outcome, unread: list[Unread], changed: list[str]
) -> None:
    def entries(records: list[Any]) -> list[dict[str, Any]]:
        return [
            {**one._asdict(), "path": reports.relative(one.path)} for one in records
        ]

    report: dict[str, list[Any]] = {
        "changed": [reports.relative(path) for path in changed],
        "rewritten": entries(outcome.rewritten),
        "refused": entries(outcome.refused),
        "notes": entries(outcome.notes),
        "unread": entries(unread),
    }
    if form == "json":
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return
    report["changed"] = [{"path": path} for path in report["changed"]]
    for kind, records in report.items():
        for record in records:
            sys.stdout.write(json.dumps({"kind": kind, **record}) + "\n")


def _print_text(
    arguments: Namespace,
    outcome: Outcome,
    unread: list[Unread],
    changed: list[str],
) -> None:
    """Print one line for each thing done or refused, and a summary, to stderr."""
    is_dry = arguments.check or arguments.diff
    verb = "Would rewrite" if is_dry else "Rewrote"
    for path in changed:
        names = [
            f"uses of {one.name}" if one.to == "uses" else one.name
            for one in outcome.rewritten
            if one.path == path
        ]
        listed = ", ".join(dict.fromkeys(names))
        _print_line(f"{verb} {reports.relative(path)} ({listed})")
    for path, line, name, reason in sorted({*outcome.refused, *outcome.notes}):
        where = f"{reports.relative(path)}:{line}"
        _print_line(f"{where}: `{name}` {reason}")
    for path, line, text in unread:
        _print_line(f"{reports.relative(path)}:{line}: {text}")
    parts = [f"{_count(changed, 'file')} {'to rewrite' if is_dry else 'rewritten'}"]
    if outcome.refused:
        parts.append(f"{len(set(outcome.refused))} refused")
    if unread:
        parts.append(f"{_count(unread, 'file')} unread")
    _print_line(", ".join(parts))


def _print_line(text: str) -> None:
    print(reports.printable(text), file=sys.stderr)


def _count(items: list[Any], noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


def _paths(arguments: Namespace) -> list[str]:
    """Return the paths that were named.

    Raises:
        SettingsError: the list of paths cannot be read, or names standard input.
    """
    paths = files.named(arguments)
    if "-" in paths:
        raise SettingsError("migrate: `-` has no file to rewrite; name a file")
    return paths


def _codes(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in re.split(r"[\s,]+", text.strip()):
        code = word.upper()
        if code == "LMB5XX":
            found |= RUNTIMES
        elif code in HANDLERS | RUNTIMES:
            found.add(code)
        else:
            known = ", ".join(sorted(HANDLERS | RUNTIMES))
            raise ArgumentTypeError(f"`{word}` has no fix; there are {known}")
    return frozenset(found)


def _runtime(text: str) -> str:
    if not re.fullmatch(r"python3\.\d{1,2}", text, re.ASCII):
        raise ArgumentTypeError(f"`{text}` is no runtime; write it as python3.13")
    return text
