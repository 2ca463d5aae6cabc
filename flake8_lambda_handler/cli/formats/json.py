"""All findings as one JSON list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.formats import jsonl

IS_FOR_PEOPLE = False


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield the list at the end."""
    yield json.dumps(list(jsonl.records(findings)), indent=2) + "\n"
