"""Workflow commands of GitHub Actions, which shows them beside the lines of a change.

Source: GitHub's documentation, "Workflow commands for GitHub Actions", and the escapes
of `@actions/core` (read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.fingerprints import Paths
from flake8_lambda_handler.reports import printable

IS_FOR_PEOPLE = False


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield a command for each finding."""
    paths = Paths()
    for finding in findings:
        properties = {
            "title": f"{finding.code} {engine.title(finding.code)}".strip(),
            "file": printable(paths.get(finding.path)),
            "line": str(max(1, finding.line)),
            "col": str(finding.column + 1),
        }
        listed = ",".join(f"{key}={_value(text)}" for key, text in properties.items())
        place = f"{finding.path}:{finding.line}:{finding.column + 1}"
        message = printable(f"{place}: {finding.code} {finding.text}")
        yield f"::{engine.level(finding.code)} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
