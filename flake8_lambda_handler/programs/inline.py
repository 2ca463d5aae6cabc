"""Code that a program holds as a text, or reads from a file of the project.

lambda_.Code.from_inline("def handler(event, context): ...")
lambda_.Code.from_inline(open("orders.py").read())
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.programs import literals
from flake8_lambda_handler.programs.values import MOST_STEPS
from flake8_lambda_handler.programs.values import MOST_VALUES
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Text
from flake8_lambda_handler.programs.visits import Programs
from flake8_lambda_handler.templates.embedded import Characters
from flake8_lambda_handler.templates.embedded import from_characters
from flake8_lambda_handler.templates.embedded import plain
from flake8_lambda_handler.templates.embedded import stripped

_STRIPPING = ("lstrip", "rstrip", "strip")


def pieces(programs: Programs, spot: Spot) -> list[tuple[Piece, ...]]:
    """Return the code that an expression can be, where its file holds all of it."""
    module = spot.program.module
    found = _characters(programs, spot, 0)
    return [from_characters(one, module.path, module.text) for one in found if one]


def files(programs: Programs, spot: Spot) -> Iterator[Text]:
    """Yield the paths of the files whose text an expression can be."""
    for one in programs.values(spot):
        node = one.node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            inner = one.at(node.func.value)
            if node.func.attr in ("read_bytes", "read_text"):
                yield from programs.texts(inner)
            elif node.func.attr == "read":
                for opened in programs.values(inner):
                    call = opened.node
                    if isinstance(call, ast.Call) and call.args:
                        if getattr(call.func, "id", "") == "open":
                            yield from programs.texts(opened.at(call.args[0]))


def _characters(programs: Programs, spot: Spot, steps: int) -> list[Characters]:
    if steps > MOST_STEPS:
        return []
    found: list[Characters] = []
    for one in programs.values(spot, steps):
        if one.program is spot.program:
            found += _of(programs, one, steps + 1)
    return found[:MOST_VALUES]


def _of(programs: Programs, spot: Spot, steps: int) -> Iterator[Characters]:
    node = spot.node
    if isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    ):
        found = literals.characters(node, spot.program)
        if found is not None:
            yield found
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _joined(programs, spot, [node.left, node.right], [], steps)
    elif isinstance(node, ast.Call) and spot.origin_of(node.func) == "textwrap.dedent":
        for one in _characters(programs, spot.at(node.args[0]), steps):
            yield _dedented(one)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = spot.at(node.func.value)
        if node.func.attr in _STRIPPING and not node.args:
            for one in _characters(programs, owner, steps):
                yield _stripped(one, node.func.attr)
        elif node.func.attr == "join" and node.args:
            for separator in _characters(programs, owner, steps):
                for parts in programs.values(spot.at(node.args[0]), steps):
                    if isinstance(parts.node, (ast.List, ast.Tuple)):
                        elements = parts.node.elts
                        yield from _joined(programs, parts, elements, separator, steps)


def _joined(
    programs: Programs,
    spot: Spot,
    parts: list[ast.expr],
    separator: Characters,
    steps: int,
) -> Iterator[Characters]:
    """Yield some parts one after the other, if each is one text only."""
    made: Characters = []
    for number, part in enumerate(parts):
        found = _characters(programs, spot.at(part), steps)
        if len(found) != 1:
            return
        made += (separator if number else []) + found[0]
    yield made


def _stripped(found: Characters, method: str) -> Characters:
    if method == "strip":
        return stripped(found)
    kept = len(getattr(plain(found), method)())
    return found[:kept] if method == "rstrip" else found[len(found) - kept :]


def _dedented(found: Characters) -> Characters:
    """Return a text without the space that all of its lines begin with."""
    text = plain(found)
    made: Characters = []
    start = 0
    for line, kept in zip(text.split("\n"), textwrap.dedent(text).split("\n")):
        end = start + len(line)
        made += found[end - len(kept) : end + 1]
        start = end + 1
    return made
