"""`check`: the findings in Python files and templates."""

from __future__ import annotations

import argparse
import ast
import io
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from flake8.defaults import NOQA_FILE
from flake8.style_guide import StyleGuideManager
from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import engine
from flake8_lambda_handler import files
from flake8_lambda_handler import options
from flake8_lambda_handler import reading
from flake8_lambda_handler import reports
from flake8_lambda_handler import templates
from flake8_lambda_handler.cli import mistakes
from flake8_lambda_handler.cli import streams
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="report findings in Python files and templates",
        description="Report findings in Python files and templates, by the [flake8] "
        "configuration and with `# noqa: LMB…` on the reported line.",
        epilog="Exit code: 0 clean, 1 findings, 2 usage or configuration error.",
    )
    files.add_paths(parser)
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 even with findings"
    )
    parser.add_argument(
        "-v",
        "--verbose",
        dest="lambda_verbose",
        action="store_true",
        default=argparse.SUPPRESS,
        help="say on standard error which files were not followed to the end",
    )
    options.add(parser, options.READING | options.SHOWING)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the findings and return the exit code.

    Raises:
        SettingsError: an option cannot be used, or means nothing.
    """
    flake8_options, settings = options.load(arguments)
    mistakes.check_codes(flake8_options)
    found = violations(arguments.paths, flake8_options, settings)
    if found:
        sys.stdout.write(reports.text(found))
    return int(bool(found) and not arguments.exit_zero)


def violations(
    paths: list[str], flake8_options: Namespace, settings: Settings
) -> list[Violation]:
    """Return the findings that flake8's options leave, by path, line and column.

    Raises:
        SettingsError: a pattern of `lambda-handlers` matches nothing.
    """
    shown = _Shown()
    guide = StyleGuideManager(flake8_options, shown)
    found = files.find(paths, flake8_options)
    session = Session(settings)
    checked = [path for path in found.python if os.path.isfile(path)]
    if "-" in found.python:
        checked.append(flake8_options.stdin_display_name)
    mistakes.check_patterns(session.project, checked)
    for failure in found.failures:
        guide.handle_error("E902", failure.path, 0, 0, failure.text, "")
    for path in found.python:
        for error in _in_python(path, flake8_options, session):
            guide.handle_error(*error)
    given = files.standard_input(found)
    lines = _Lines(flake8_options.disable_noqa, given)
    for violation in _in_templates(found.templates, given, settings):
        line = lines.get(violation.path, violation.line)
        if line is not None:
            guide.handle_error(
                violation.code,
                violation.path,
                violation.line,
                violation.column,
                violation.text,
                line,
            )
    return sorted(shown)


class _Shown(list[Violation]):
    """The findings that flake8's style guide lets through: a formatter to flake8."""

    def handle(self, error: Flake8Violation) -> None:
        """Take one finding, whose column counts from 1."""
        self.append(
            Violation(
                error.filename,
                error.line_number,
                error.column_number - 1,
                error.code,
                error.text,
            )
        )


def _in_python(
    path: str, flake8_options: Namespace, session: Session
) -> Iterator[tuple[str, str, int, int, str, str]]:
    def check(name: str, tree: ast.Module, text: str) -> Iterator[files.Result]:
        full = os.path.abspath(name)
        if session.concerns(full, text):
            module = session.module(full, tree, text)
            for _, line, column, code, message in engine.check_module(session, module):
                yield code, line, column, message
            for note in session.take_notes():
                streams.say(f"flake8-lambda-handler: {note}")

    name, results, _ = files.PythonFile(
        path, flake8_options, check, session.tree
    ).run_checks()
    for code, line, column, text, physical_line in results:
        # Without a line flake8 would open the file to look for `noqa`, whatever it is.
        yield code, name, line, column, text, physical_line or ""


def _in_templates(
    paths: tuple[str, ...], given: dict[str, bytes], settings: Settings
) -> set[Violation]:
    """Return the findings of all templates; those of shared files once."""
    shown_as = {os.path.abspath(path): path for path in paths}
    found: dict[tuple[object, ...], Violation] = {}
    for path in shown_as:
        template = templates.read(path, given)
        for violation in engine.check_template(template, settings):
            place = shown_as.get(violation.path) or reports.relative(violation.path)
            shown = violation._replace(path=place)
            found.setdefault((place, *shown[1:4]), shown)
    return set(found.values())


class _Lines:
    """The lines of templates, in which flake8 looks for `noqa`; each file read once."""

    def __init__(self, disable_noqa: bool, given: dict[str, bytes]) -> None:
        self._disable_noqa = disable_noqa
        self._given = {os.path.relpath(path): data for path, data in given.items()}
        self._files: dict[str, list[str] | None] = {}

    def get(self, path: str, number: int) -> str | None:
        """Return a line; None if a comment leaves out the whole file."""
        if path not in self._files:
            self._files[path] = self._read(path)
        lines = self._files[path]
        if lines is None:
            return None
        return lines[number - 1] if number <= len(lines) else ""

    def _read(self, path: str) -> list[str] | None:
        try:
            data = self._given.get(os.path.relpath(path))
            if data is None:
                data = reading.read(path)
        except OSError:
            return []
        text = data.decode("utf-8", "replace")
        lines = io.StringIO(text, newline=None).readlines()
        is_left_out = not self._disable_noqa and any(map(NOQA_FILE.match, lines))
        return None if is_left_out else lines
