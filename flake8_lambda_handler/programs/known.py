"""Which calls and constants of libraries make functions, layers and runtimes.

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
import re

from flake8_lambda_handler import constructs
from flake8_lambda_handler.constructs import Construct
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.visits import Programs

#: What the packages are called in the tables: the CDK's have no name of their own, and
#: the one of `PythonFunction` has three (of version 1, of version 2, an alias).
_PACKAGES = (
    (
        re.compile(r"(?:aws_cdk|monocdk)\.aws_lambda_python(?:_alpha)?\."),
        "aws_lambda_python.",
    ),
    (re.compile(r"(?:aws_cdk|monocdk)\."), ""),
    (re.compile(r"pulumi_aws(?:_native)?\."), "pulumi_aws."),
    (re.compile(r"pulumi\."), "pulumi."),
)
_MEMBER = re.compile(r"PYTHON_?(\d+?)(?:[_D](\d+))?", re.ASCII)


def name(origin: str) -> str:
    """Return what a dotted name is called in the tables; empty for other packages."""
    for package, short in _PACKAGES:
        if match := package.match(origin):
            return short + origin[match.end() :]
    return ""


def format(spot: Spot) -> str:
    """Return whose call it is: `boto3`, `cdk` or `pulumi`."""
    assert isinstance(spot.node, ast.Call)
    if getattr(spot.node.func, "attr", "") in constructs.CLIENT_METHODS:
        return "boto3"
    if "pulumi" in spot.origin_of(spot.node.func):
        return "pulumi"
    return "cdk"


def is_runtime(node: ast.AST, program: Program) -> bool:
    """Tell whether an expression is a class whose attributes are runtimes."""
    return name(program.origin(node)) in constructs.RUNTIMES


def member(node: ast.AST, program: Program) -> str:
    """Return the identifier that `Runtime.PYTHON_3_8` is; empty for anything else."""
    if isinstance(node, ast.Attribute) and (match := _MEMBER.fullmatch(node.attr)):
        if is_runtime(node.value, program):
            return "python" + ".".join(filter(None, match.groups()))
    return ""


def made(call: ast.Call, programs: Programs, program: Program) -> Construct | None:
    """Return what a call makes; also by the `__init__` of a class derived from it."""
    function: ast.AST = call.func
    if isinstance(function, ast.Attribute):
        if function.attr in constructs.CLIENT_METHODS:
            is_client = _is_client(Spot(function.value, program), programs)
            return constructs.CLIENT_METHODS[function.attr] if is_client else None
        if function.attr == "__init__" and _is_super(function.value):
            cls = program.enclosing(call, ast.ClassDef)
            if isinstance(cls, ast.ClassDef) and cls.bases:
                function = cls.bases[0]
    return constructs.CONSTRUCTS.get(name(program.origin(function)))


def _is_super(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "super"
    )


def _is_client(spot: Spot, programs: Programs) -> bool:
    """Tell whether a value is certainly a client of Lambda: `boto3.client("lambda")`."""
    visits = programs.visits(spot.node, spot.program)
    found = [
        one for visit in visits for one in programs.values(spot._replace(visit=visit))
    ]
    return bool(found) and all(
        isinstance(one.node, ast.Call)
        and isinstance(one.node.func, ast.Attribute)
        and one.node.func.attr == "client"
        and bool(one.node.args)
        and [text.text for text in programs.texts(one.at(one.node.args[0]))]
        == ["lambda"]
        for one in found
    )
