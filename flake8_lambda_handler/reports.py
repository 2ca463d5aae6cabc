"""How findings and paths are written for people."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from flake8_lambda_handler.model import Violation

#: What steers a terminal, ends a line or turns the direction of text around.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return a text as one line in which control characters are written out: `\\x1b`.

    File names can hold them, and so can the names in a template.
    """
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


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
        printable(f"{path}:{line}:{column + 1}: {code} {message}") + "\n"
        for path, line, column, code, message in violations
    )
