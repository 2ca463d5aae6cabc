"""Colours on a terminal: five codes of ECMA-48, which every terminal knows.

A library such as rich would do as well, and bring three more packages to everybody who
installs a plugin of flake8.
"""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple
from typing import TextIO

_RESET = "\x1b[0m"
_CODES = {"bold": 1, "red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}

#: Width of what is no terminal.
_WIDTH = 120


class Style(NamedTuple):
    """How text is shown to people."""

    is_coloured: bool = False
    #: In characters.
    width: int = _WIDTH

    def paint(self, text: str, *names: str) -> str:
        """Return a text in colours, if there are any."""
        if not self.is_coloured or not text:
            return text
        codes = ";".join(str(_CODES[name]) for name in names)
        return f"\x1b[{codes}m{text}{_RESET}"


def style(choice: str, stream: TextIO) -> Style:
    """Return the style for a stream, by `--color` and the environment.

    `NO_COLOR` and `FORCE_COLOR` count when they are not empty, as their authors and
    Python itself have it, and the first before the second.
    """
    width = _WIDTH
    if stream.isatty():
        width = max(40, shutil.get_terminal_size((_WIDTH, 24)).columns)
    return Style(is_coloured(choice, stream), width)


def is_coloured(choice: str, stream: TextIO) -> bool:
    """Return whether a stream is written to in colours."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
