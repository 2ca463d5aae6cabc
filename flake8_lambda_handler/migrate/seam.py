"""Where an async function is cut in two: below its header and its docstring."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from flake8_lambda_handler.migrate.source import Source


class Seam(NamedTuple):
    """Where a function is cut in two, and how lines are written there."""

    at: int
    #: What the text put at the seam begins and ends with.
    before: str
    after: str
    newline: str
    #: The indentation of the `def` and of its body.
    outer: str
    inner: str
    #: Blank lines between the two functions.
    blank: list[str]


def find(source: Source, function: ast.AsyncFunctionDef) -> Seam | None:
    """Return where the function ends its first part: its header and docstring.

    None: code stands on the line of the docstring.
    """
    first = function.body[0]
    start = source.start(function)
    begin = source.statement_start(first)
    outer = source.indentation(start)
    inner = source.indentation(begin)
    before, after = "", source.newline(function.lineno)
    if inner.strip():
        # The body is on the header's own line.
        if ast.get_docstring(function, clean=False) is not None:
            return None
        at = start + len(source.text[start:begin].rstrip())
        before, after = after, ""
        inner = f"{outer}    "
    elif ast.get_docstring(function, clean=False) is not None:
        number = first.end_lineno or first.lineno
        at = source.after(number)
        rest = source.text[source.end(first) : at]
        if not re.fullmatch(r"[ \t\f]*(#.*)?(\r\n|\r|\n)?", rest):
            return None
        if not rest.endswith(("\r", "\n")):
            before, after = after, ""
    else:
        number = source.line_at(begin) - 1
        while re.fullmatch(r"[ \t\f]*(#.*)?(\r\n|\r|\n)", source.line(number)):
            number -= 1
        at = source.after(number)
    blank = [""] * (1 if outer else 2)
    return Seam(at, before, after, source.newline(function.lineno), outer, inner, blank)
