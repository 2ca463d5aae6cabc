"""Where a comment with `noqa` stands for a line of a file.

It is behind the text. In a Dockerfile a comment has a line of its own, so there it
stands above: `# noqa: LMB501`, then the instruction.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from flake8.defaults import NOQA_INLINE_REGEXP

from flake8_lambda_handler import templates


def are_above(path: str) -> bool:
    """Return whether comments stand above what they are about."""
    readers = (one.reader for one in templates.formats_of(os.path.basename(path)))
    return "dockerfile" in readers


def text(path: str, lines: Sequence[str], line: int) -> str:
    """Return the text in which flake8 looks for `noqa`, for a line from 1 on."""
    own = lines[line - 1] if 0 < line <= len(lines) else ""
    if not own or not are_above(path):
        return own
    above = comment_above(lines, start(lines, line))
    return lines[above - 1] if above else own


def start(lines: Sequence[str], line: int) -> int:
    """Return the first line of the instruction of a Dockerfile that a line is in."""
    while line > 1:
        above = line - 1
        while above > 1 and _is_comment(lines[above - 1]):
            above -= 1
        if not lines[above - 1].rstrip().endswith(("\\", "`")):
            break
        line = above
    return line


def comment_above(lines: Sequence[str], line: int) -> int:
    """Return the line of the comment with `noqa` above an instruction, 0 without one."""
    while line > 1 and _is_comment(lines[line - 2]):
        line -= 1
        if NOQA_INLINE_REGEXP.search(lines[line - 1]):
            return line
    return 0


def _is_comment(text: str) -> bool:
    return text.lstrip().startswith("#")
