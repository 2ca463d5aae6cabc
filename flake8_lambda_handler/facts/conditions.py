"""Conditions that are settled before Lambda imports a module.

The version of Python is that of the function's runtime, nothing checks types while code
runs, and some environment variables are always there.
"""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

Version = tuple[int, int]

_DEFINITIONS = (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)

#: Environment variables that Lambda sets for each function. Source: AWS Lambda developer
#: guide, "Defined runtime environment variables", read 2026-11-20.
ALWAYS_SET = frozenset(
    {
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_REGION",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
    }
)

#: Modules of the standard library that not all runtimes have (PEP 594, PEP 632; new
#: ones from 3.9 on).
_NOT_EVERYWHERE = frozenset(
    """
    aifc annotationlib asynchat asyncore audioop binhex cgi cgitb chunk compression crypt
    distutils formatter graphlib imghdr imp lib2to3 mailcap msilib nis nntplib ossaudiodev
    parser pathlib.types pipes smtpd sndhdr spwd string.templatelib sunau symbol telnetlib
    tomllib uu xdrlib zoneinfo
    """.split()
)

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}


def is_type_checking(test: ast.expr) -> bool:
    """Return whether a condition is `TYPE_CHECKING`, which is false when code runs."""
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def settled(
    test: ast.expr,
    versions: Callable[[], Iterable[Version]],
    constants: Mapping[str, ast.expr],
) -> bool | None:
    """Return how a condition of a module's top level always comes out under Lambda.

    `versions` gives the versions of Python that the module may run on, `constants` what
    some of its names are for good. None is the answer where that is open.
    """

    return combined(test, lambda one: _settled(one, versions, constants))


def _settled(
    test: ast.expr,
    versions: Callable[[], Iterable[Version]],
    constants: Mapping[str, ast.expr],
) -> bool | None:
    if is_type_checking(test):
        return False
    if isinstance(test, ast.Name):
        value = constants.get(test.id)
        return None if value is None else settled(value, versions, constants)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test.left, test.ops[0], test.comparators[0], versions)
    if isinstance(test, ast.Call) and len(test.args) == 1:
        if isinstance(test.func, ast.Name) and test.func.id == "bool":
            return settled(test.args[0], versions, constants)
    return True if _is_set(test) else None


def combined(test: ast.expr, settle: Callable[[ast.expr], bool | None]) -> bool | None:
    """Return how `not`, `and` and `or` come out; `settle` tells of what they combine."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = combined(test.operand, settle)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        stops = isinstance(test.op, ast.Or)
        found = [combined(value, settle) for value in test.values]
        if stops in found:
            return stops
        return None if None in found else not stops
    return settle(test)


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the names of a top level that are bound once, with what they are.

    That is no other name, so that there is no circle.
    """
    found: dict[str, ast.expr | None] = {}
    for statement in tree.body:
        if isinstance(statement, _DEFINITIONS):
            continue
        value = statement.value if isinstance(statement, ast.Assign) else None
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found[node.id] = None if node.id in found else value
    return {
        name: value
        for name, value in found.items()
        if value is not None
        and not isinstance(value, (ast.BoolOp, ast.Name, ast.UnaryOp))
    }


def _compared(
    left: ast.expr,
    op: ast.cmpop,
    right: ast.expr,
    versions: Callable[[], Iterable[Version]],
) -> bool | None:
    if isinstance(op, (ast.In, ast.NotIn)):
        if _is_environ(right) and _is_always_set(left):
            return isinstance(op, ast.In)
        return None
    if isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
        if isinstance(right, ast.Constant) and right.value is None and _is_set(left):
            return isinstance(op, (ast.IsNot, ast.NotEq))
    if _version_part(left, (3, 0)) is None:
        left, right = right, left
        op = _TURNED.get(type(op), type(op))()
    try:
        wanted = ast.literal_eval(right)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    compare = _COMPARISONS.get(type(op))
    if compare is None or _version_part(left, (3, 0)) is None:
        return None
    if isinstance(wanted, tuple) and len(wanted) > 2:
        return None  # a patch level, which Lambda chooses
    try:
        found = {compare(_version_part(left, one), wanted) for one in versions()}
    except TypeError:
        return None
    return found.pop() if len(found) == 1 else None


def _version_part(node: ast.expr, version: Version) -> tuple[object, ...] | int | None:
    """Return what an expression gives of `sys.version_info`; None for all else."""
    whole = (*version, 1, "final", 0)
    if isinstance(node, ast.Attribute) and _is_version_info(node.value):
        return {"major": version[0], "minor": version[1]}.get(node.attr)
    if isinstance(node, ast.Subscript) and _is_version_info(node.value):
        text = ast.unparse(node.slice)
        if text in (":1", ":2"):
            return whole[: int(text[1:])]
        return version[int(text)] if text in ("0", "1") else None
    return whole if _is_version_info(node) else None


def _is_version_info(node: ast.expr) -> bool:
    return _name(node) == "version_info"


def _is_environ(node: ast.expr) -> bool:
    return _name(node) == "environ"


def _is_set(node: ast.expr) -> bool:
    """Return whether an expression reads a variable that Lambda always sets, or all."""
    if _is_environ(node):
        return True
    if isinstance(node, ast.Subscript):
        return _is_environ(node.value) and _is_always_set(node.slice)
    if not isinstance(node, ast.Call) or not node.args:
        return False
    function = node.func
    is_read = _name(function) == "getenv" or (
        isinstance(function, ast.Attribute)
        and function.attr == "get"
        and _is_environ(function.value)
    )
    return is_read and _is_always_set(node.args[0])


def _is_always_set(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in ALWAYS_SET


def _name(node: ast.expr) -> str:
    """Return the last part of a name, with or without its module before it."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def never_fails(node: ast.Try) -> bool:
    """Return whether a `try` waits for failing imports only, and none fails."""
    for handler in node.handlers:
        caught = handler.type
        kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
        for kind in kinds:
            name = getattr(kind, "id", "")
            if name not in ("ImportError", "ModuleNotFoundError"):
                return False
    return all(
        isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
        and not statement.decorator_list
        or isinstance(statement, ast.Import)
        and all(_is_everywhere(alias.name) for alias in statement.names)
        for statement in node.body
    )


def _is_everywhere(dotted: str) -> bool:
    top = dotted.partition(".")[0]
    return top == dotted and top in sys.stdlib_module_names - _NOT_EVERYWHERE
