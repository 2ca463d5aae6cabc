"""A few lines for each finding: the source, a caret below the place, and the repair."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.formats import concise
from flake8_lambda_handler.reports import printable

IS_FOR_PEOPLE = True

_CUT = "..."


def texts(findings: Iterable[Finding], style: Style) -> Iterator[str]:
    """Yield a block for each finding, with an empty line after it."""
    for finding in findings:
        lines = [concise.line(finding, style)]
        margin = " " * len(str(finding.line))
        bar = style.paint("|", "blue")
        if finding.source.strip():
            number = style.paint(str(finding.line), "blue")
            shown, width = _window(finding, style.width - len(margin) - 3)
            lines += [
                f"{margin} {bar}",
                f"{number} {bar} {shown}".rstrip(),
                f"{margin} {bar} {' ' * width}{style.paint('^', 'bold', 'red')}",
            ]
        repair = engine.repair(finding.code, finding.path)
        if repair:
            lines.append(f"{margin} {style.paint('=', 'blue')} {repair}")
        yield "\n".join(lines) + "\n\n"


def _window(finding: Finding, room: int) -> tuple[str, int]:
    """Return as much of the source as there is room for, and how far the caret is."""
    before = finding.source[: finding.column]
    if len(_start(finding.source, room)) < len(finding.source):
        before = _start(before[::-1], room * 2 // 3)[::-1]
    head = "".join(map(_shown, before))
    if len(before) < min(finding.column, len(finding.source)):
        head = _CUT + head
    after = finding.source[finding.column :]
    fitting = _start(after, room - _width(head))
    if len(fitting) < len(after):
        after = _start(after, room - _width(head) - len(_CUT))
        return head + "".join(map(_shown, after)) + _CUT, _width(head)
    return head + "".join(map(_shown, after)), _width(head)


def _start(text: str, room: int) -> str:
    """Return as many characters of a text as there is room for."""
    for number, character in enumerate(text):
        room -= _width(_shown(character))
        if room < 0:
            return text[:number]
    return text


def _shown(character: str) -> str:
    return "    " if character == "\t" else printable(character)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        2
        if unicodedata.east_asian_width(one) in "WF"
        else not unicodedata.combining(one)
        for one in text
    )
