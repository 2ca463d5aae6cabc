"""Code in the heredocs of Terraform.

Sources, read 2026-11-22: Terraform language documentation, "Strings and Templates"
("Heredoc Strings", "Escape Sequences"); HCL native syntax specification, "Template
Expressions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.templates.embedded import unknown
from flake8_lambda_handler.templates.hcl import Expression
from flake8_lambda_handler.templates.nodes import Source

_INDENTATION = re.compile(r"^[ \t]*(?=[^\s])", re.M)
#: What stands for `${` and `%{` themselves; backslashes are nothing special here.
_ESCAPED = re.compile(r"(?:\$(?=\$\{)|%(?=%\{))")


def pieces(node: Expression) -> tuple[Piece, ...]:
    """Return the text of a heredoc; empty when what is in it depends on directives."""
    source, tree = node.source, node.tree
    names = [x for x in tree.named_children if x.type == "heredoc_identifier"]
    inside = [x for x in tree.named_children if x.type.startswith("template_")]
    variables = [x for x in inside if x.type == "template_interpolation"]
    if len(names) != 2 or len(variables) != len(
        [x for x in inside if x.type != "template_literal"]
    ):
        return ()
    start = source.text.find("\n", names[0].end_byte) + 1
    end = source.text.rfind("\n", start, names[1].start_byte) + 1
    if not 0 < start <= end:
        return ()
    is_flush = source.text.startswith("<<-", tree.start_byte)
    indentation = _indentation(source.text[start:end]) if is_flush else 0
    found: list[Piece] = []
    for variable in variables:
        found += _literal(source, start, variable.start_byte, indentation)
        found.append(unknown(node))
        start = variable.end_byte
    return (*found, *_literal(source, start, end, indentation))


def _indentation(text: str) -> int:
    """Return by how much the line that is indented least is indented."""
    return min((len(found[0]) for found in _INDENTATION.finditer(text)), default=0)


def _literal(source: Source, start: int, end: int, indentation: int) -> Iterator[Piece]:
    for found in _ESCAPED.finditer(source.text, start, end):
        yield from _lines(source, start, found.start(), indentation)
        start = found.end()
    yield from _lines(source, start, end, indentation)


def _lines(source: Source, start: int, end: int, indentation: int) -> Iterator[Piece]:
    """Yield a piece for each line, from behind the indentation that it loses."""
    while start < end:
        stop = source.text.find("\n", start, end) + 1 or end
        is_first = source.text[start - 1] == "\n"
        line = source.text[start:stop]
        lost = min(len(line) - len(line.lstrip(" \t")), indentation) if is_first else 0
        text = line[lost:]
        yield Piece(text, source.path, source.text, start + lost, text, 0)
        start = stop
