"""What one Python file gives: its findings, with what stands there."""

from __future__ import annotations

import ast
import os
from argparse import Namespace
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import engine
from flake8_lambda_handler import files
from flake8_lambda_handler.cli import enclosing
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.session import Session


class Finding(NamedTuple):
    """One finding, with what its file says there."""

    #: As it is shown: as it was named, or below a folder that was named.
    path: str
    #: From 1; 0 for a file that cannot be read.
    line: int
    #: From 0, in characters.
    column: int
    code: str
    text: str
    #: The line, without its end; empty where there is none.
    source: str = ""
    #: The function, class or block of a template around it, from outside in.
    scope: str = ""


class Told(NamedTuple):
    """A finding, and the text in which flake8 looks for `noqa`."""

    finding: Finding
    noqa: str


class Checked(NamedTuple):
    """What one Python file gives."""

    path: str
    told: list[Told]
    handlers: int
    notes: list[str]


def check_file(path: str, flake8_options: Namespace, session: Session) -> Checked:
    """Return what is found in one Python file."""
    handlers = 0
    scopes = enclosing.Functions()

    def check(name: str, tree: ast.Module | None, text: str) -> Iterator[files.Result]:
        nonlocal handlers
        full = os.path.abspath(name)
        if session.concerns(full, text):
            module = session.module(full, tree, text)
            for _, line, column, code, message in engine.check_module(session, module):
                scopes.see(module.tree)
                yield code, line, column, message
            program = session.program(module)
            handlers = len(find.of(session, module))
            handlers += program.handlers_inside if program is not None else 0

    file = files.PythonFile(path, flake8_options, check, session.parses)
    name, results, _ = file.run_checks()
    lines = file.processor.lines if file.processor is not None else []
    told = []
    for code, line, column, text, noqa in results:
        source = lines[line - 1].rstrip("\r\n") if 0 < line <= len(lines) else ""
        # flake8 counts columns from 0, but takes what is none for 0.
        finding = Finding(
            name, line, column or 0, code, text, source, scopes.around(line)
        )
        # Without a text flake8 would open the file to look for `noqa`, whatever it is.
        told.append(Told(finding, noqa or ""))
    return Checked(name, told, handlers, session.take_notes())
