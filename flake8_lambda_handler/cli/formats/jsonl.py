"""One JSON object in a line for each finding, as soon as it is found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.fingerprints import Fingerprints

IS_FOR_PEOPLE = False


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield an object for each finding."""
    for record in records(findings):
        yield json.dumps(record) + "\n"


def records(findings: Iterable[Finding]) -> Iterator[dict[str, object]]:
    """Yield what is known of each finding; line and column count from 1."""
    fingerprints = Fingerprints()
    for finding in findings:
        yield {
            "path": finding.path.replace(os.sep, "/"),
            "line": finding.line,
            "column": finding.column + 1,
            "code": finding.code,
            "name": engine.title(finding.code),
            "level": engine.level(finding.code),
            "message": finding.text,
            "repair": engine.repair(finding.code, finding.path),
            "scope": finding.scope,
            "source": finding.source,
            "fingerprint": fingerprints.get(finding),
        }
