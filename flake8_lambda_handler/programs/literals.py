"""The literals of a Python file: their text, and where each character is written.

def greet(name):
    return f"Good day, {name}\\n"
"""

from __future__ import annotations

import ast
import re
import unicodedata

from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.templates.embedded import UNKNOWN
from flake8_lambda_handler.templates.embedded import Characters

_BETWEEN = re.compile(r"(?:\s|#[^\n]*|\\\n)*")
_START = re.compile(r"([rRfFuU]{0,2})(\"\"\"|'''|\"|')")
_ESCAPE = re.compile(
    r"\\(?:(\n)|([0-7]{1,3})|(?:x(\w\w)|u(\w{4})|U(\w{8}))|N\{([^}]+)\}|([\\'\"abfnrtv]))"
)
_ESCAPES = dict(zip("\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v"))
_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "'\""


def characters(
    node: ast.Constant | ast.JoinedStr, program: Program
) -> Characters | None:
    """Return the text of a literal; None if it is not clear where it is written."""
    text = program.module.text
    at, end = start(node, program), _offset(node, program, is_end=True)
    found: Characters = []
    try:
        while at < end:
            quotes = _START.match(text, at)
            if quotes is None:
                return None
            at = _literal(text, quotes, found)
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
    except (IndexError, KeyError, OverflowError, ValueError):
        return None
    return found if "".join(char for char, _ in found) == _text(node) else None


def start(node: ast.expr, program: Program) -> int:
    """Return where in the text of its file an expression starts."""
    return _offset(node, program)


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else UNKNOWN for part in parts
    )


def _offset(node: ast.expr, program: Program, is_end: bool = False) -> int:
    """Return where in the text an expression starts, or ends."""
    line, column = node.lineno, node.col_offset
    if is_end:
        line, column = node.end_lineno or line, node.end_col_offset or column
    before = program.module.lines[line - 1].encode()[:column].decode(errors="ignore")
    return program.starts[line - 1] + len(before)


def _literal(text: str, quotes: re.Match[str], found: Characters) -> int:
    """Add the characters of one pair of quotes; return where they end."""
    prefix, quote = quotes[1].lower(), quotes[2]
    at = quotes.end()
    while not text.startswith(quote, at):
        char = text[at]
        if char == "\\" and "r" in prefix:
            found += [(char, at), (text[at + 1], at + 1)]
            at += 2
        elif char == "\\":
            escape = _ESCAPE.match(text, at)
            if escape is None:
                found.append((char, at))
                at += 1
            else:
                if not escape[1]:
                    found.append((_unescaped(escape), at))
                at = escape.end()
        elif char in "{}" and "f" in prefix:
            if text[at + 1] == char:
                found.append((char, at))
                at += 2
            else:
                found.append((UNKNOWN, -1 - at))
                at = _after_field(text, at)
        else:
            found.append((char, at))
            at += 1
    return at + len(quote)


def _unescaped(escape: re.Match[str]) -> str:
    _, octal, *hexadecimal, name, plain = escape.groups()
    if octal:
        return chr(int(octal, 8))
    if name:
        return unicodedata.lookup(name)
    if plain:
        return _ESCAPES[plain]
    return chr(int(next(filter(None, hexadecimal)), 16))


def _after_field(text: str, at: int) -> int:
    """Return what is behind the field of an f-string."""
    depth = 0
    while True:
        char = text[at]
        if char in _QUOTES:
            at = text.index(char, at + 1)
        depth += (char in _OPEN) - (char in _CLOSE)
        at += 1
        if not depth:
            return at
