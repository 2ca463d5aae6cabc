"""Runtimes that a program writes: what they are called, and what puts them in force."""

from __future__ import annotations

import ast
import re

from flake8_lambda_handler import constructs
from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Text

#: Methods that look at what they are given.
_LOOKING = frozenset({"count", "get", "index", "runtime_equals"})
_DIGITS = re.compile(r"\d+", re.ASCII)


def of_text(
    text: Text, kind: str, used: ast.expr, around: ast.expr, program: Program
) -> RuntimeUse:
    """Return the use of an identifier that is written as a text.

    `used` is what the call `around` is given, or stands for it. What another file writes
    stands there: only what the file says itself can be changed in it.
    """
    is_here = text.spot.program is program
    used_at = program.place(used)
    place = text.place if is_here else used_at
    return RuntimeUse(text.text, place, used_at, named(around, program), kind)


def of_member(node: ast.Attribute, identifier: str, program: Program) -> RuntimeUse:
    """Return the use of a constant, such as `Runtime.PYTHON_3_8`."""
    assert node.end_lineno is not None and node.end_col_offset is not None
    end = ast.Name(node.attr, lineno=node.end_lineno, col_offset=node.end_col_offset)
    place = program.place(end, -len(node.attr))
    resource, kind = named(node, program), kind_of(node, program)
    return RuntimeUse(identifier, place, place, resource, kind, node.attr)


def kind_of(node: ast.AST, program: Program) -> str:
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


def argument(node: ast.AST, program: Program) -> tuple[ast.Call, str] | None:
    """Return the call that is given a value as an argument by name, and the name."""
    parent = program.parents.get(node)
    while isinstance(parent, (ast.List, ast.Tuple, ast.IfExp, ast.BoolOp)):
        parent = program.parents.get(parent)
    call = program.parents.get(parent) if isinstance(parent, ast.keyword) else None
    if isinstance(parent, ast.keyword) and isinstance(call, ast.Call):
        return call, parent.arg or ""
    return None


def is_python(identifier: str) -> bool:
    """Tell whether a text is the identifier of a Python runtime, or is meant for one."""
    return bool(runtimes.version(identifier)) or runtimes.is_mistyped(identifier)


def named(node: ast.AST, program: Program) -> str:
    """Return the name of the resource that a call makes, or is part of."""
    call: ast.AST | None = node
    if not isinstance(node, ast.Call):
        call = program.enclosing(node, ast.Call)
    while isinstance(call, ast.Call):
        if getattr(call.func, "attr", "") in constructs.OVERRIDES:
            return ""
        texts = [
            one.value
            for one in (*call.args[:2], *_named_values(call))
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if texts:
            return texts[0]
        call = program.enclosing(call, ast.Call)
    return ""


def _named_values(call: ast.Call) -> list[ast.expr]:
    names = ("id", "construct_id", "FunctionName", "LayerName", "resource_name")
    return [keyword.value for keyword in call.keywords if keyword.arg in names]


def is_compared(node: ast.AST, program: Program) -> bool:
    """Tell whether a value is only looked at: compared, or a key."""
    parent = program.parents.get(node)
    while isinstance(parent, (ast.Attribute, ast.List, ast.Set, ast.Tuple, ast.Call)):
        if isinstance(parent, ast.Call) and parent.func is not node:
            # `Runtime.PYTHON_3_8.to_string()` goes on, an argument does not.
            return getattr(parent.func, "attr", "") in _LOOKING
        node, parent = parent, program.parents.get(parent)
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    if isinstance(parent, ast.Subscript):
        return parent.slice is node
    return isinstance(parent, (ast.Compare, ast.Assert, ast.match_case, ast.MatchValue))


def is_chosen(identifier: str, node: ast.AST, program: Program) -> bool:
    """Tell whether a value is one of a table or a chain that a version chooses from.

    For example `{"3.8": Runtime.PYTHON_3_8, …}`, or what follows `if version == "3.8":`.
    """
    wanted = "".join(_DIGITS.findall(identifier))
    inner, parent = node, program.parents.get(node)
    while parent is not None and not isinstance(
        parent, (ast.FunctionDef, ast.ClassDef)
    ):
        tests: list[ast.AST | None] = []
        if isinstance(parent, ast.Dict) and inner in parent.values:
            tests.append(parent.keys[parent.values.index(inner)])
        elif isinstance(parent, (ast.If, ast.IfExp)) and inner is not parent.test:
            tests.append(parent.test)
        elif isinstance(parent, ast.match_case):
            tests.append(parent.pattern)
        for test in filter(None, tests):
            for one in ast.walk(test):
                if isinstance(one, ast.Constant) and isinstance(
                    one.value, (str, float)
                ):
                    if "".join(_DIGITS.findall(str(one.value))) == wanted:
                        return True
        inner, parent = parent, program.parents.get(parent)
    return False
