"""The functions that a project's metadata makes commands: console scripts.

What stands for a command calls its function and exits with what that returns.

Source: Python Packaging User Guide, "Entry points specification" and "Writing your
pyproject.toml", read 2026-11-22.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import reading
from flake8_lambda_handler.root import Tree

#: More than people write of their project.
_MOST_BYTES = 1024 * 1024


class Command(NamedTuple):
    """A console script: its name, and the function that it calls."""

    name: str
    module: str
    function: str


# Compiled when they are first used: most runs of flake8 need none of them.
_HEADER = r"(?m)^[ \t]*\["
_TABLE = (
    r"(?m)^[ \t]*\[[ \t]*(?:project[ \t]*\.[ \t]*(?:gui-)?scripts|"
    r"tool[ \t]*\.[ \t]*poetry[ \t]*\.[ \t]*scripts)[ \t]*\][^\n]*$"
)
_TARGET = r"([\w.]+)[ \t]*:[ \t]*(\w+)[ \t]*(?:\[[^]\n]*\])?"
#: `name = "module:function"`; a table of Poetry has it under a key of its own.
_TOML = rf"""(?m)^[ \t]*["']?([\w.-]+)["']?[ \t]*=[^"'#\n]*["']{_TARGET}[ \t]*["']"""
_CFG_SECTION = r"(?m)^(?:console|gui)_scripts[ \t]*=[^\n]*((?:\n[ \t]+.*)*)"
_CFG_LINE = rf"(?m)^[ \t]+([\w.-]+)[ \t]*=[ \t]*{_TARGET}[ \t]*$"
_PY_SECTION = r"""["'](?:console|gui)_scripts["'][ \t]*:([^\])]*)"""
_PY_TEXT = rf"""(?m)(?:^|["'])[ \t]*([\w.-]+)[ \t]*=[ \t]*{_TARGET}"""


def _in_pyproject(text: str) -> Iterator[re.Match[str]]:
    for table in re.finditer(_TABLE, text):
        inside = text[table.end() :]
        end = re.search(_HEADER, inside)
        yield from re.finditer(_TOML, inside[: end.start()] if end else inside)


def _in_setup_cfg(text: str) -> Iterator[re.Match[str]]:
    for section in re.finditer(_CFG_SECTION, text):
        yield from re.finditer(_CFG_LINE, section[1])


def _in_setup_py(text: str) -> Iterator[re.Match[str]]:
    for section in re.finditer(_PY_SECTION, text):
        yield from re.finditer(_PY_TEXT, section[1])


#: How each file says it.
_READERS: dict[str, Callable[[str], Iterator[re.Match[str]]]] = {
    "pyproject.toml": _in_pyproject,
    "setup.cfg": _in_setup_cfg,
    "setup.py": _in_setup_py,
}


def above(tree: Tree, folder: str) -> str:
    """Return the nearest folder with metadata, from a folder upwards; or nothing."""
    for one in tree.upwards(folder):
        if not tree.listing(one).files.isdisjoint(_READERS):
            return one
    return ""


def declared_in(folder: str) -> list[Command]:
    """Return the commands that the metadata in a folder declares."""
    found: dict[Command, None] = {}
    for name, commands in _READERS.items():
        text = reading.text(os.path.join(folder, name), _MOST_BYTES)
        if "script" in text:
            text = text.replace("\r\n", "\n")
            found.update((Command(*one.groups()), None) for one in commands(text))
    return list(found)
