"""How findings and paths are written for people."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flake8_lambda_handler.model import Violation


def relative(path: str) -> str:
    """Return a path as messages show it: from the current folder, with slashes."""
    try:
        path = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        path = os.path.abspath(path)
    return path.replace(os.sep, "/")


def in_characters(line: str, column: int) -> int:
    """Turn a column of `ast`, which counts bytes of UTF-8, into characters."""
    return len(line.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))


def text(violations: Iterable[Violation]) -> str:
    """Return one line per finding: `path:row:col: CODE text`, row and col from 1."""
    return "".join(
        f"{path}:{line}:{column + 1}: {code} {message}\n"
        for path, line, column, code, message in violations
    )
