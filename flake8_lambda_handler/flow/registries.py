"""What other modules put into the containers of a module, by its functions."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts import registries
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.registries import Registrar
from flake8_lambda_handler.facts.registries import Registration
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join


def filled(
    world: World,
    home: Module,
    display: ast.AST,
    importers: Callable[[Module], list[Module]],
) -> Items | None:
    """Return what the importers of a module put into a container that it makes.

    Async functions only, or objects of classes: nothing if there is anything else.
    """
    node = written(display)
    name = registries.name_of(home.tree, node)
    found = registries.registrars(home.tree, name) if name else {}
    values: list[Value] = []
    for module in importers(home) if found else ():
        for given in registries.given(module.tree):
            function = _called(world, module, given.callee)
            one = found.get(function.name) if function is not None else None
            if function is not None and one is not None and function.module is home:
                value = _registered(world, module, given, function, one)
                if value is None:
                    return None
                # What a `defaultdict` makes has a place of its own.
                is_outer = one.is_listed and node is display
                values.append(Held("list", value) if is_outer else value)
    return Items({}, join(*values)) if values else None


def _called(world: World, module: Module, callee: ast.expr) -> Function | None:
    """Return the function that an expression names, or calls to have a decorator."""
    node = callee.func if isinstance(callee, ast.Call) else callee
    value: Value = UNKNOWN
    if isinstance(node, ast.Name):
        value = world.global_value(module, node.id)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = world.global_value(module, node.value.id)
        if isinstance(owner, ModuleValue):
            value = world.global_value(owner.module, node.attr)
    return value if isinstance(value, Function) else None


def _registered(
    world: World,
    module: Module,
    given: Registration,
    function: Function,
    one: Registrar,
) -> Value | None:
    """Return what is put into the container; nothing if it is not followed."""
    node: ast.AST | None = given.node
    if given.is_wrapped or one.is_nested != isinstance(given.callee, ast.Call):
        return None
    if isinstance(node, ast.Call):
        if one.is_nested:
            return None
        argument = registries.argument(node, function.node, one.parameter)
        value = (
            world.global_value(module, argument.id)
            if isinstance(argument, ast.Name)
            else UNKNOWN
        )
    elif isinstance(node, ast.AsyncFunctionDef):
        value = Function(node, module, None, None, None, False)
    elif isinstance(node, ast.ClassDef):
        value = world.global_value(module, node.name)
    else:
        return None
    if one.is_called:
        value = Typed(value, None) if isinstance(value, Class) else UNKNOWN
    elif not (isinstance(value, Function) and value.is_async):
        value = UNKNOWN
    return None if value == UNKNOWN else value
