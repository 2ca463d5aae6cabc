"""Apps of the AWS CDK in Python: runtimes, handlers and folders of code.

from aws_cdk import aws_lambda as lambda_

lambda_.Function(
    self,
    "Orders",
    runtime=lambda_.Runtime.PYTHON_3_12,
    handler="app.handler",
    code=lambda_.Code.from_asset("orders"),
)
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import constructs
from flake8_lambda_handler.constructs import Construct
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs import uses
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Text
from flake8_lambda_handler.programs.visits import Programs

#: What every file that uses the CDK has in its text.
WORDS = ("aws_cdk", "monocdk")

_PACKAGE = re.compile(r"(?:aws_cdk|monocdk)\.")
#: The package of `PythonFunction` has three names: of version 1, of version 2, its own.
_PYTHON_PACKAGE = re.compile(r"aws_lambda_python(?:_alpha)?(?=\.)")
_MEMBER = re.compile(r"PYTHON_(\d+)(?:_(\d+))?", re.ASCII)


def name(origin: str) -> str:
    """Return what a dotted name is called in the tables; empty if it is not the CDK's."""
    match = _PACKAGE.match(origin)
    if match is None:
        return ""
    return _PYTHON_PACKAGE.sub("aws_lambda_python", origin[match.end() :])


def member(node: ast.AST, program: Program) -> str:
    """Return the identifier that `Runtime.PYTHON_3_8` is; empty for anything else."""
    if isinstance(node, ast.Attribute) and (match := _MEMBER.fullmatch(node.attr)):
        if name(program.origin(node.value)) == constructs.RUNTIME:
            return "python" + ".".join(filter(None, match.groups()))
    return ""


def runtimes(programs: Programs, program: Program) -> Iterator[RuntimeUse]:
    """Yield the runtimes that a program writes, each where it is written."""
    for node in program.loads:
        if isinstance(node, ast.Attribute) and (found := member(node, program)):
            if not uses.is_compared(node, program) and not uses.is_chosen(
                found, node, program
            ):
                yield _use_of(node, found, program)
    for call in program.calls:
        called = _construct(call, program)
        if called is not None:
            for visit in programs.visits(call, program):
                given = dict(programs.keywords(Spot(call, program, visit)))
                if called.runtime in given:
                    spot = given[called.runtime]
                    yield from _texts(programs, spot, called.kind, call, program)
        elif name(program.origin(call.func)) == constructs.RUNTIME:
            first = call.args[:1] or [
                one.value for one in call.keywords if one.arg == "name"
            ]
            for visit in programs.visits(call, program) if first else ():
                spot = Spot(first[0], program, visit)
                yield from _texts(programs, spot, _kind(call, program), call, program)


def _texts(
    programs: Programs, spot: Spot, kind: str, call: ast.Call, program: Program
) -> Iterator[RuntimeUse]:
    """Yield the identifiers that are written as texts."""
    for one in programs.values(spot):
        each = (
            one.node.elts if isinstance(one.node, (ast.List, ast.Tuple)) else [one.node]
        )
        for item in each:
            used = item if one.program is program else spot.node
            used = used if spot.program is program else call
            for text in programs.texts(one.at(item)):
                if uses.is_python(text.text):
                    yield uses.of_text(text, kind, used, program)


def _construct(call: ast.Call, program: Program) -> Construct | None:
    """Return what a call makes; also by the `__init__` of a class derived from it."""
    function: ast.AST = call.func
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        owner = function.value
        is_super = (
            isinstance(owner, ast.Call)
            and isinstance(owner.func, ast.Name)
            and owner.func.id == "super"
        )
        cls = program.enclosing(call, ast.ClassDef)
        if is_super and isinstance(cls, ast.ClassDef) and cls.bases:
            function = cls.bases[0]
    return constructs.CONSTRUCTS.get(name(program.origin(function)))


def _use_of(node: ast.Attribute, identifier: str, program: Program) -> RuntimeUse:
    assert node.end_lineno is not None and node.end_col_offset is not None
    end = ast.Name(node.attr, lineno=node.end_lineno, col_offset=node.end_col_offset)
    place = program.place(end, -len(node.attr))
    resource, kind = uses.named(node, program), _kind(node, program)
    return RuntimeUse(identifier, place, place, resource, kind, node.attr)


def _kind(node: ast.AST, program: Program) -> str:
    """Return what a runtime is for: a function, a layer, or an image to build in."""
    parent = program.parents.get(node)
    if isinstance(parent, ast.Attribute) and parent.attr in constructs.BUILD_IMAGES:
        return "build"
    while isinstance(parent, (ast.List, ast.Tuple, ast.IfExp, ast.BoolOp)):
        parent = program.parents.get(parent)
    is_list = isinstance(parent, ast.keyword) and (parent.arg or "").endswith(
        "runtimes"
    )
    return "layer" if is_list else "function"


# -- handlers --------------------------------------------------------------------------


class _Code(NamedTuple):
    """A folder of code, and the handler that an image names."""

    path: str
    command: Text | None = None


def declarations(
    programs: Programs, program: Program, folder: str
) -> Iterator[Declaration]:
    """Yield the handlers that a program declares.

    `folder` is where the app runs: relative paths start there.
    """
    for call in program.calls:
        called = _construct(call, program)
        if called is not None and called.kind == "function":
            for visit in programs.visits(call, program):
                spot = Spot(call, program, visit)
                yield from _declared(programs, spot, called, folder)


def _declared(
    programs: Programs, spot: Spot, called: Construct, folder: str
) -> Iterator[Declaration]:
    given = dict(programs.keywords(spot))
    runtimes_given = [*_given_runtimes(programs, spot, given.get(called.runtime))]
    if given.get(called.runtime) is not None and None in runtimes_given:
        return  # of another language
    used = tuple(one for one in runtimes_given if one is not None)
    if called.module:
        index = given.get(called.module)
        handlers = _python_function(programs, spot, index, given.get(called.handler))
        entry = given.get(called.code)
        paths = programs.texts(entry) if entry is not None else []
        codes: list[_Code] | None = [_Code(one.text) for one in paths]
    else:
        codes = _codes(programs, given.get(called.code))
        handler = given.get(called.handler)
        handlers = programs.texts(handler) if handler is not None else []
        handlers += [one.command for one in codes or () if one.command is not None]
    if codes is None:
        return
    code = tuple(dict.fromkeys(os.path.join(folder, one.path) for one in codes))
    assert isinstance(spot.node, ast.Call)
    resource = _resource(programs, spot)
    for text in handlers:
        yield Declaration("cdk", resource, text.text, text.place, code, used)


def _resource(programs: Programs, spot: Spot) -> str:
    assert isinstance(spot.node, ast.Call)
    given = dict(programs.keywords(spot))
    identifier = spot.at(spot.node.args[1]) if spot.node.args[1:] else given.get("id")
    found = programs.texts(identifier) if identifier is not None else []
    return found[0].text if found else ""


def _given_runtimes(
    programs: Programs, spot: Spot, runtime: Spot | None
) -> Iterator[RuntimeUse | None]:
    """Yield the runtimes of a function; None for one of another language."""
    for one in programs.values(runtime) if runtime is not None else ():
        node, program, _ = one
        if isinstance(node, ast.Attribute):
            if found := member(node, program):
                yield _use_of(node, found, program)
            elif name(program.origin(node.value)) == constructs.RUNTIME:
                yield None
        elif isinstance(node, ast.Call):
            if name(program.origin(node.func)) == constructs.RUNTIME and node.args:
                for text in programs.texts(one.at(node.args[0])):
                    yield _given(text)
        else:
            for text in programs.texts(one):
                yield _given(text)


def _given(text: Text) -> RuntimeUse | None:
    if not uses.is_python(text.text):
        return None
    return RuntimeUse(text.text, text.place, text.place, "", "function")


def _python_function(
    programs: Programs, spot: Spot, index: Spot | None, handler: Spot | None
) -> list[Text]:
    """Return the handler strings of a `PythonFunction`."""
    at = Text("", spot, False)
    indexes = programs.texts(index) if index is not None else []
    names = programs.texts(handler) if handler is not None else []
    if index is None:
        indexes = [at._replace(text=constructs.DEFAULT_INDEX)]
    if handler is None:
        names = [at._replace(text=constructs.DEFAULT_HANDLER)]
    return [
        text._replace(text=f"{one.text.removesuffix('.py').lstrip('./')}.{text.text}")
        for one in indexes
        for text in names
    ]


def _codes(programs: Programs, code: Spot | None) -> list[_Code] | None:
    """Return the folders of code; None where it is no folder of the project."""
    found: list[_Code] = []
    for one in programs.values(code) if code is not None else ():
        node = one.node
        if not isinstance(node, ast.Call):
            continue
        made = name(one.program.origin(node.func))
        if made in constructs.ELSEWHERE:
            return None
        if made not in constructs.ASSETS and made not in constructs.IMAGES:
            continue
        given = dict(programs.keywords(one))
        key = "path" if made in constructs.ASSETS else "directory"
        path = one.at(node.args[0]) if node.args else given.get(key)
        commands: list[Text | None] = [None]
        if made in constructs.IMAGES and "cmd" in given:
            commands = [
                text
                for each in programs.values(given["cmd"])
                if isinstance(each.node, ast.List) and len(each.node.elts) == 1
                for text in programs.texts(each.at(each.node.elts[0]))
            ]
        for folder in programs.texts(path) if path is not None else ():
            found += [_Code(folder.text, command) for command in commands]
    return found
