"""`check`: the findings in Python files and templates."""

from __future__ import annotations

import ast
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from functools import cache
from typing import Any

from flake8.defaults import NOQA_FILE
from flake8.style_guide import StyleGuideManager
from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import engine
from flake8_lambda_handler import reports
from flake8_lambda_handler import templates
from flake8_lambda_handler.cli import files
from flake8_lambda_handler.cli import options
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.project import Project
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
    options.add(parser, options.READING | options.SHOWING)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the findings and return the exit code."""
    flake8_options, settings = options.load(arguments)
    found = violations(arguments.paths, flake8_options, settings)
    sys.stdout.write(reports.text(found))
    return int(bool(found) and not arguments.exit_zero)


def violations(
    paths: list[str], flake8_options: Namespace, settings: Settings
) -> list[Violation]:
    """Return the findings that flake8's options leave, by path, line and column."""
    shown = _Shown()
    guide = StyleGuideManager(flake8_options, shown)  # type: ignore[arg-type]
    found = files.find(paths, flake8_options)
    project = Project(settings)
    for failure in found.failures:
        guide.handle_error("E902", failure.path, 0, 0, failure.text)
    for path in found.python:
        for error in _in_python(path, flake8_options, project, settings):
            guide.handle_error(*error)
    for violation in _in_templates(found.templates, settings):
        line = _line(violation.path, violation.line, flake8_options.disable_noqa)
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
    path: str, flake8_options: Namespace, project: Project, settings: Settings
) -> Iterator[tuple[str, str, int, int, str, str | None]]:
    def check(name: str, tree: ast.Module, text: str) -> Iterator[files.Result]:
        full = os.path.abspath(name)
        if project.concerns(full, text):
            module = project.module(full, tree, text)
            for _, line, column, code, message in engine.check_module(module, settings):
                yield code, line, column, message

    name, results, _ = files.PythonFile(path, flake8_options, check).run_checks()
    for code, line, column, text, physical_line in results:
        yield code, name, line, column, text, physical_line


def _in_templates(paths: tuple[str, ...], settings: Settings) -> set[Violation]:
    """Return the findings of all templates; those of shared files once."""
    shown_as = {os.path.abspath(path): path for path in paths}
    found = set()
    for path in shown_as:
        for violation in engine.check_template(templates.read(path), settings):
            place = shown_as.get(violation.path) or reports.relative(violation.path)
            found.add(violation._replace(path=place))
    return found


def _line(path: str, number: int, disable_noqa: bool) -> str | None:
    """Return the text in which flake8 looks for `noqa`; None: the file has its own."""
    lines = _lines(path)
    if not disable_noqa and any(map(NOQA_FILE.match, lines)):
        return None
    return lines[number - 1] if number <= len(lines) else ""


@cache
def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readlines()
    except OSError:
        return []
