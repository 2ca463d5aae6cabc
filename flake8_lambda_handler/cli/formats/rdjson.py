"""reviewdog's own format, which it takes with `-f=rdjson`.

Source: reviewdog's `proto/rdf/reviewdog.proto` (read 2026-11-21).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style

IS_FOR_PEOPLE = False


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield the result at the end."""
    result = {
        "source": {"name": "flake8-lambda-handler"},
        "severity": "ERROR",
        "diagnostics": [_diagnostic(finding) for finding in findings],
    }
    yield json.dumps(result, indent=2) + "\n"


def _diagnostic(finding: Finding) -> dict[str, object]:
    location: dict[str, object] = {"path": finding.path.replace(os.sep, "/")}
    if finding.line:
        # Columns are bytes of UTF-8, from 1.
        before = finding.source[: finding.column].encode("utf-8", "surrogatepass")
        beyond = max(0, finding.column - len(finding.source))
        start = {"line": finding.line, "column": len(before) + beyond + 1}
        location["range"] = {"start": start}
    return {
        "message": finding.text,
        "location": location,
        "severity": engine.level(finding.code).upper(),
        "code": {"value": finding.code},
    }
