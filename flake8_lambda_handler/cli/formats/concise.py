"""One line for each finding, as flake8 writes it: `path:row:col: CODE text`."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.reports import printable

IS_FOR_PEOPLE = True


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield a line for each finding."""
    for finding in findings:
        yield line(finding, style) + "\n"


def line(finding: Finding, style: Style) -> str:
    """Return the line of a finding; row and column count from 1."""
    place = f":{finding.line}:{finding.column + 1}:"
    return " ".join(
        (
            style.paint(printable(finding.path), "bold") + style.paint(place, "cyan"),
            style.paint(printable(finding.code), "bold", "red"),
            printable(finding.text),
        )
    )
