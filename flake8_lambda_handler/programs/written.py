"""The runtimes that a program writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler import constructs
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs import known
from flake8_lambda_handler.programs import uses
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Visit
from flake8_lambda_handler.programs.visits import Programs

_CLASSES = ("function", "layer")


def runtimes(
    programs: Programs, program: Program, others: list[Program]
) -> Iterator[RuntimeUse]:
    """Yield the runtimes that a program writes, each where it is written.

    `others` are the files of the project that have functions and classes it calls.
    """
    replaced = _replaced(programs, program)
    members = {
        node: use
        for node, use in _members(program)
        if uses.argument(node, program) not in replaced
    }
    told: set[ast.AST] = set()
    for call in program.calls:
        called = known.made(call, programs, program)
        if called is not None:
            for visit in programs.visits(call, program):
                if not _is_within(visit, program):
                    continue  # told where the other file calls
                given = dict(programs.keywords(Spot(call, program, visit)))
                if called.runtime in given and (call, called.runtime) not in replaced:
                    spot = given[called.runtime]
                    yield from _texts(programs, spot, called.kind, call, program)
                    name = uses.named(call, program)
                    for one in _items(programs, spot):
                        if (use := members.get(one.node)) is not None:
                            told.add(one.node)
                            yield use._replace(resource=name, kind=called.kind)
        elif known.is_runtime(call.func, program):
            kind = uses.kind_of(call, program)
            for spot in _arguments(programs, call, program, "name"):
                yield from _texts(programs, spot, kind, call, program)
        elif known.name(program.origin(call.func)) in constructs.BUILT_IN:
            from flake8_lambda_handler.programs import images

            for spot in _arguments(programs, call, program, "image"):
                yield from images.named(programs, spot, call, program)
    for other in others:
        yield from _given(programs, other, program)
    for kind, setting, value in _settings(programs, program):
        for visit in programs.visits(setting, program):
            spot = Spot(value, program, visit)
            yield from _texts(programs, spot, kind, setting, program)
    yield from (use for node, use in members.items() if node not in told)


def _members(program: Program) -> Iterator[tuple[ast.expr, RuntimeUse]]:
    """Yield the constants that are runtimes: they count wherever they are written."""
    for node in program.loads:
        if isinstance(node, ast.Attribute) and (found := known.member(node, program)):
            if not uses.is_compared(node, program) and not uses.is_chosen(
                found, node, program
            ):
                yield node, uses.of_member(node, found, program)


def _is_within(visit: Visit | None, program: Program) -> bool:
    """Tell whether a visit, and those it happens in, are by calls of one file."""
    while visit is not None:
        if visit.by.program is not program:
            return False
        visit = visit.outer
    return True


def _given(
    programs: Programs, other: Program, program: Program
) -> Iterator[RuntimeUse]:
    """Yield the runtimes that a program gives to functions of another file."""
    for call in other.calls:
        called = known.made(call, programs, other)
        for visit in programs.visits(call, other) if called is not None else ():
            assert called is not None
            given = dict(programs.keywords(Spot(call, other, visit)))
            if called.runtime not in given:
                continue
            for one in _items(programs, given[called.runtime]):
                for text in programs.texts(one):
                    if text.spot.program is program and uses.is_python(text.text):
                        node = text.spot.node
                        yield uses.of_text(text, called.kind, node, node, program)


def _arguments(
    programs: Programs, call: ast.Call, program: Program, name: str
) -> Iterator[Spot]:
    """Yield the first argument of a call, in each of its visits."""
    given = call.args[:1] or [one.value for one in call.keywords if one.arg == name]
    for visit in programs.visits(call, program) if given else ():
        yield Spot(given[0], program, visit)


def _texts(
    programs: Programs, spot: Spot, kind: str, around: ast.expr, program: Program
) -> Iterator[RuntimeUse]:
    """Yield the identifiers that are written as texts."""
    used = spot.node if spot.program is program else around
    for one in _items(programs, spot):
        for text in programs.texts(one):
            if uses.is_python(text.text):
                yield uses.of_text(text, kind, used, around, program)


def _items(programs: Programs, spot: Spot) -> Iterator[Spot]:
    """Yield what an expression can be, for a list what its items can be."""
    for one in programs.values(spot):
        if isinstance(one.node, (ast.List, ast.Tuple)):
            for item in one.node.elts:
                yield from programs.values(one.at(item))
        else:
            yield one


# -- what is set afterwards ----------------------------------------------------------------


def _settings(
    programs: Programs, program: Program
) -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Yield where properties are set that hold runtimes: the kind, and the value."""
    for call in program.calls:
        method = getattr(call.func, "attr", "")
        path = constructs.OVERRIDES.get(method)
        if path is not None and len(call.args) == 2:
            first, value = call.args
            if isinstance(first, ast.Constant):
                kind = constructs.PROPERTIES.get(str(first.value).removeprefix(path))
                if kind and str(first.value).startswith(path):
                    yield kind, call, value
    for kind in _CLASSES:
        name = "runtime" if kind == "function" else "compatible_runtimes"
        for target in program.stores(name):
            value_set = program.assigned(target)
            if value_set is not None and _is_lowest(programs, target.value, program):
                yield kind, target, value_set


def _is_lowest(programs: Programs, node: ast.expr, program: Program) -> bool:
    """Tell whether an object is a construct of the lowest level, which is one resource."""
    found = [*programs.values(Spot(node, program))]
    return bool(found) and all(_is_child(one) or _is_made(one) for one in found)


def _is_child(spot: Spot) -> bool:
    node = spot.node
    if isinstance(node, ast.Call) and spot.origin_of(node.func) == "typing.cast":
        node = node.args[-1]
    return isinstance(node, ast.Attribute) and node.attr == "default_child"


def _is_made(spot: Spot) -> bool:
    node = spot.node
    if not isinstance(node, ast.Call):
        return False
    return known.name(spot.origin_of(node.func)).rpartition(".")[2].startswith("Cfn")


def _replaced(programs: Programs, program: Program) -> set[tuple[ast.Call, str] | None]:
    """Return the arguments of constructs that count no more: something is set instead."""
    found: set[tuple[ast.Call, str] | None] = set()
    for kind, node, _ in _settings(programs, program):
        target = node.func if isinstance(node, ast.Call) else node
        assert isinstance(target, ast.Attribute)
        name = "runtime" if kind == "function" else "compatible_runtimes"
        for one in programs.values(Spot(target.value, program)):
            made = one.node
            if isinstance(made, ast.Call) and _is_child(one):
                made = made.args[-1]
            if isinstance(made, ast.Attribute) and isinstance(
                made.value, ast.Attribute
            ):
                inner = one.at(made.value.value)  # `function.node.default_child`
                calls = [x.node for x in programs.values(inner)]
            else:
                calls = [made]
            if len(calls) == 1 and isinstance(calls[0], ast.Call):
                found.add((calls[0], name))
    return found
