"""What a project gives to the constructor of a class."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts import constructions
from flake8_lambda_handler.facts.constructions import Construction
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.hinted import as_declared
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

Evaluated = Callable[[ast.expr, "ast.FunctionDef | ast.AsyncFunctionDef", Class], Value]


def given(
    world: World,
    owner: Class,
    init: ast.AST,
    name: str,
    importers: list[Module],
    evaluated: Evaluated,
) -> Value:
    """Return the class of what is given to a parameter, the same wherever it is.

    `importers` are the modules that may make objects of the class.
    """
    found: list[Value] = []
    for module in (owner.module, *importers):
        if owner.node.name not in module.text:
            continue
        calls = constructions.of(module.tree, owner.node.name)
        if calls is None:
            return UNKNOWN
        for made in calls:
            cls = named(world, module, made.call.func)
            if not isinstance(cls, Class):
                return UNKNOWN
            if cls.node is owner.node:
                node = constructions.argument(made.call, init, name)
                value = (
                    UNKNOWN
                    if node is None
                    else class_of(world, module, made, node, evaluated)
                )
                if value == UNKNOWN:
                    return UNKNOWN
                found += [one for one in each(value) if one != NONE]
    value = join(*found) if found else UNKNOWN
    return value if len(list(each(value))) == 1 else UNKNOWN


def named(world: World, module: Module, node: ast.expr) -> Value:
    """Return what a name of a module, or of another one that it imports, holds."""
    if isinstance(node, ast.Name):
        return world.global_value(module, node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = world.global_value(module, node.value.id)
        if isinstance(owner, ModuleValue):
            return world.global_value(owner.module, node.attr)
        if isinstance(owner, External):
            return External(f"{owner.name}.{node.attr}")
    return UNKNOWN


def class_of(
    world: World,
    module: Module,
    made: Construction,
    node: ast.expr,
    evaluated: Evaluated,
) -> Value:
    """Return the class of what an expression at the call of a class gives."""
    if isinstance(node, ast.Constant):
        return NONE if node.value is None else UNKNOWN
    if made.cls is not None and made.function is not None:
        cls = world.global_value(module, made.cls.name)
        if isinstance(cls, Class) and cls.node is made.cls:
            return evaluated(node, made.function, cls)
        return UNKNOWN
    if isinstance(node, ast.Name) and made.function is not None:
        scope = module.scopes.get(made.function)
        if scope is None or node.id in scope.local:
            return _local(world, module, made.function, node.id)
    if isinstance(node, ast.Call):
        return world.declared(Hint(node.func, module, None))
    return as_declared(named(world, module, node))


def _local(world: World, module: Module, function: ast.AST, name: str) -> Value:
    """Return the class of what a function's name holds, if it is bound only once."""
    for one in ast.walk(function.args):  # type: ignore[attr-defined]
        if isinstance(one, ast.arg) and one.arg == name:
            if one.annotation is None:
                return UNKNOWN
            return world.declared(Hint(one.annotation, module, None))
    bound = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and node.id == name
        and not isinstance(node.ctx, ast.Load)
    ]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and node.targets == bound:
            if isinstance(node.value, ast.Call):
                return world.declared(Hint(node.value.func, module, None))
    return UNKNOWN
