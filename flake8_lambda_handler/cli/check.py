"""`check`: the findings in Python files and templates."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import Protocol

from flake8_lambda_handler import files
from flake8_lambda_handler import options
from flake8_lambda_handler.cli import colours
from flake8_lambda_handler.cli import formats
from flake8_lambda_handler.cli import mistakes
from flake8_lambda_handler.cli import streams
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.findings import Inspection
from flake8_lambda_handler.cli.summary import Counts
from flake8_lambda_handler.settings import SettingsError


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="report findings in Python files and templates",
        description="Report findings in Python files and templates, by the [flake8] "
        "configuration and with `# noqa: LMB…` on the reported line.",
        epilog="Exit code: 0 clean, 1 findings, 2 usage or configuration error, "
        "130 interrupted.",
    )
    files.add_paths(parser)
    parser.add_argument(
        "--format",
        choices=formats.names(),
        help="the form of the findings (default: full on a terminal, concise else)",
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours; auto is on a terminal, unless NO_COLOR is set, or with "
        "FORCE_COLOR (default: auto)",
    )
    parser.add_argument(
        "--statistics",
        action="store_true",
        help="say how often each rule spoke, after the findings",
    )
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="leave out the findings that this file holds, wherever their lines are",
    )
    after = parser.add_mutually_exclusive_group()
    after.add_argument(
        "--write-baseline",
        action="store_true",
        help="write the findings into the file of --baseline",
    )
    after.add_argument(
        "--add-noqa",
        action="store_true",
        help="add `# noqa: LMB…` to the lines of the findings",
    )
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 even with findings"
    )
    parser.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="no progress and no last line on standard error",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        dest="lambda_verbose",
        action="store_true",
        default=argparse.SUPPRESS,
        help="say on standard error which files were not followed to the end",
    )
    files.add_jobs(parser)
    options.add(parser, options.READING | options.SHOWING)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the findings as they are found, and return the exit code.

    Raises:
        SettingsError: an option cannot be used, or means nothing.
        KeyboardInterrupt: the user stopped it; what was found by then is printed.
    """
    flake8_options, settings = options.load(arguments)
    mistakes.check_codes(flake8_options)
    inspection = Inspection(
        files.named(arguments),
        flake8_options,
        settings,
        arguments.jobs,
        is_quiet=arguments.quiet,
    )
    counts = Counts()
    name = arguments.format or ("full" if sys.stdout.isatty() else "concise")
    style = colours.style(arguments.color, sys.stdout)
    form = formats.load(name)
    findings: Iterable[Finding] = inspection
    stages = list(_stages(arguments, inspection))
    for stage in stages:
        findings = stage(findings)
    for text in form.texts(_counted(findings, counts), style):
        sys.stdout.write(text)
        sys.stdout.flush()
    if arguments.statistics:
        # What a program reads stays what the program expects.
        stream = sys.stdout if form.IS_FOR_PEOPLE else sys.stderr
        stream.write(counts.table())
        stream.flush()
    if inspection.is_interrupted:
        raise KeyboardInterrupt
    if not arguments.quiet:
        notes = [stage.note for stage in stages if stage.note]
        streams.say("; ".join([counts.last_line(inspection), *notes]))
    return int(bool(counts.codes) and not arguments.exit_zero)


class Stage(Protocol):
    """What happens to the findings of a run before they are shown."""

    @property
    def note(self) -> str:
        """Return what the last line says of it, once it is done."""

    def __call__(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are left."""


def _stages(arguments: Namespace, inspection: Inspection) -> Iterator[Stage]:
    if arguments.baseline is not None or arguments.write_baseline:
        from flake8_lambda_handler.cli.baseline import Baseline
        from flake8_lambda_handler.cli.baseline import NewBaseline
    if arguments.write_baseline:
        if arguments.baseline is None:
            raise SettingsError("--write-baseline: name the file with --baseline FILE")
        yield NewBaseline(arguments.baseline, inspection)
    elif arguments.baseline is not None:
        yield Baseline(arguments.baseline, inspection)
    if arguments.add_noqa:
        from flake8_lambda_handler.cli.noqa import Silencer

        yield Silencer(inspection)


def _counted(findings: Iterable[Finding], counts: Counts) -> Iterator[Finding]:
    for finding in findings:
        counts.add(finding)
        yield finding
