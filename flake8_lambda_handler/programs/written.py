"""The runtimes that a program writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs import known
from flake8_lambda_handler.programs import uses
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.visits import Programs


def runtimes(programs: Programs, program: Program) -> Iterator[RuntimeUse]:
    """Yield the runtimes that a program writes, each where it is written."""
    for node in program.loads:
        if isinstance(node, ast.Attribute) and (found := known.member(node, program)):
            if not uses.is_compared(node, program) and not uses.is_chosen(
                found, node, program
            ):
                yield uses.of_member(node, found, program)
    for call in program.calls:
        called = known.made(call, programs, program)
        if called is not None:
            for visit in programs.visits(call, program):
                given = dict(programs.keywords(Spot(call, program, visit)))
                if called.runtime in given:
                    spot = given[called.runtime]
                    yield from _texts(programs, spot, called.kind, call, program)
        elif known.is_runtime(call.func, program):
            first = call.args[:1] or [
                one.value for one in call.keywords if one.arg == "name"
            ]
            for visit in programs.visits(call, program) if first else ():
                spot = Spot(first[0], program, visit)
                yield from _texts(
                    programs, spot, uses.kind_of(call, program), call, program
                )


def _texts(
    programs: Programs, spot: Spot, kind: str, call: ast.Call, program: Program
) -> Iterator[RuntimeUse]:
    """Yield the identifiers that are written as texts."""
    used = spot.node if spot.program is program else call
    for one in programs.values(spot):
        node = one.node
        for item in node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]:
            for text in programs.texts(one.at(item)):
                if uses.is_python(text.text):
                    yield uses.of_text(text, kind, used, call, program)
