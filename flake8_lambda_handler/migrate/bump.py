"""Moves a template to another runtime: the fix of LMB501 to LMB504."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Move(NamedTuple):
    """An identifier at a place (line from 1, column from 0), and what it is to be."""

    line: int
    column: int
    old: str
    new: str


def bump(data: bytes, moves: Sequence[Move]) -> tuple[bytes, list[Move]]:
    """Return the template with its identifiers replaced, and the moves not made.

    A move is not made where the identifier does not stand word for word.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    refused = []
    edits = []
    for move in moves:
        found = None
        if move.line <= len(starts):
            start = starts[move.line - 1]
            end = starts[move.line] if move.line < len(starts) else len(data)
            at = start + _bytes_before(data[start:end], move.column, move.line == 1)
            word = re.compile(rb"[\"']?(%s)(?![\w.$-])" % re.escape(move.old).encode())
            found = word.match(data, at, end)
        if found is None:
            refused.append(move)
        else:
            edits.append((*found.span(1), move.new.encode()))
    for start, end, new in sorted(set(edits), reverse=True):
        data = data[:start] + new + data[end:]
    return data, refused


def _bytes_before(line: bytes, column: int, is_first: bool) -> int:
    """Return how many bytes the characters left of a column take."""
    mark = len(b"\xef\xbb\xbf") if is_first and line.startswith(b"\xef\xbb\xbf") else 0
    text = line[mark:].decode("utf-8", "replace")
    return mark + len(text[:column].encode("utf-8"))
