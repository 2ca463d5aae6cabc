"""SARIF 2.1.0, the format of OASIS that GitHub's code scanning and editors read."""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Iterable
from collections.abc import Iterator
from types import ModuleType

from flake8_lambda_handler import __version__
from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.explain import page
from flake8_lambda_handler.cli.explain import summary
from flake8_lambda_handler.cli.fingerprints import Fingerprints

IS_FOR_PEOPLE = False

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)

#: The codes of flake8 itself: what they stand for.
_OTHERS = {
    "E902": "File that cannot be read",
    "E999": "File that Python cannot parse",
}


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield the log at the end."""
    fingerprints = Fingerprints()
    rules = [_rule(rule) for rule in engine.rules()]
    rules += [
        {"id": code, "shortDescription": {"text": text}}
        for code, text in _OTHERS.items()
    ]
    numbers = {str(rule["id"]): number for number, rule in enumerate(rules)}
    driver = {
        "name": "flake8-lambda-handler",
        "semanticVersion": __version__,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(finding, fingerprints), "ruleIndex": numbers[finding.code]}
            for finding in findings
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, indent=2) + "\n"


def _rule(rule: ModuleType) -> dict[str, object]:
    text = page(rule)
    return {
        "id": rule.CODE,
        "name": engine.name(rule),
        "shortDescription": {"text": summary(rule)},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": engine.level(rule.CODE)},
    }


def _result(finding: Finding, fingerprints: Fingerprints) -> dict[str, object]:
    path = fingerprints.paths.get(finding.path)
    location: dict[str, object] = {
        "artifactLocation": {
            "uri": urllib.parse.quote(os.fsencode(path)),
            "uriBaseId": "%SRCROOT%",
        }
    }
    if finding.line:
        location["region"] = {
            "startLine": finding.line,
            "startColumn": finding.column + 1,
            "snippet": {"text": finding.source},
        }
    return {
        "ruleId": finding.code,
        "level": engine.level(finding.code),
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"lambdaHandler/v1": fingerprints.get(finding)},
    }
