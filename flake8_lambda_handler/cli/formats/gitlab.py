"""A report for GitLab's Code Quality.

Source: GitLab's documentation, "Code Quality", "Code Quality report format" (read
2026-11-21).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.fingerprints import Fingerprints

IS_FOR_PEOPLE = False

_SEVERITIES = {"error": "major", "warning": "minor"}


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield the report at the end."""
    fingerprints = Fingerprints()
    issues = [
        {
            "description": f"{finding.code} {finding.text}",
            "check_name": engine.title(finding.code) or finding.code,
            "fingerprint": fingerprints.get(finding),
            "severity": _SEVERITIES[engine.level(finding.code)],
            "location": {
                "path": fingerprints.paths.get(finding.path),
                "lines": {"begin": max(1, finding.line)},
            },
        }
        for finding in findings
    ]
    yield json.dumps(issues, indent=2) + "\n"
