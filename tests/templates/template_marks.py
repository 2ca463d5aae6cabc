"""Writes small templates, reads them, and compares what is found with marks in them.

A mark is a comment at the end of a line that names the Python runtimes written there:
`#= python3.8`, or `#= python3.8 python3.9`. After `#~` the text is composed, so that
it cannot be found at its place. The marks are the whole expectation.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from flake8_lambda_handler import templates
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Template

_MARK = re.compile(r"#([=~]) (python\S+(?: python\S+)*)$", re.M)


def write(folder: Path, name: str, files: str | dict[str, str]) -> Path:
    """Write the files, one text standing for a file `name`, and return that one."""
    texts = {name: files} if isinstance(files, str) else files
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(textwrap.dedent(text).lstrip("\n").encode())
    return folder / name


def read(folder: Path, name: str, files: str | dict[str, str]) -> Template:
    """Return what is found in `name` once the files are written."""
    return templates.read(str(write(folder, name, files)))


def assert_marked(folder: Path, name: str, files: str | dict[str, str]) -> None:
    """Assert that the runtimes found are exactly the marks, to the character."""
    found = read(folder, name, files)
    assert found.problems == ()
    lines = {
        str(path): path.read_text(encoding="utf-8").split("\n")
        for path in folder.rglob("*")
        if path.is_file()
    }
    expected = sorted(
        (path, number, identifier, mark[1] == "=")
        for path, texts in lines.items()
        for number, text in enumerate(texts, 1)
        for mark in _MARK.finditer(text)
        for identifier in mark[2].split()
    )
    actual = []
    for use in found.runtimes:
        path, line, column = use.place
        is_there = lines[path][line - 1].startswith(use.written, column)
        actual.append((path, line, use.identifier, is_there))
    assert sorted(actual) == expected


def handlers(folder: Path, declarations: tuple[Declaration, ...]) -> list[str]:
    """Return the declarations as text: `name handler runtime,… code,…`."""
    return [
        " ".join(
            [
                found.resource,
                found.handler,
                ",".join(use.identifier for use in found.runtimes) or "-",
                ",".join(str(Path(x).relative_to(folder)) for x in found.code) or "-",
            ]
        )
        for found in declarations
    ]
