"""What a project gives to objects that keep functions and call them later."""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts.constructions import Construction
from flake8_lambda_handler.facts.listeners import Listeners
from flake8_lambda_handler.facts.listeners import Registered
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import injected
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.injected import Evaluated
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all


def held(
    world: World,
    owner: Class,
    name: str,
    to: Listeners,
    modules: list[Module],
    evaluated: Evaluated,
) -> Value:
    """Return what an attribute of a class's objects holds: async functions, or objects.

    Unknown if it may hold anything else. `modules` are those that may give something to
    such an object.
    """
    functions: list[Function] = []
    objects: list[Value] = []
    gifts = [
        (module, one)
        for module in modules
        for one in module.gifts.to(owner.node.name, name, to)
    ]
    if len(gifts) > limits.GIFTS:
        return UNKNOWN
    for module, one in gifts:
        made = _at(one, one.receiver)
        receiver = injected.class_of(world, module, made, one.receiver, evaluated)
        is_own = _is_own(world, receiver, owner)
        if is_own is False:
            continue
        function = _function(world, module, one, one.node, evaluated)
        if function is not None and (not function.is_async or _yields(function)):
            return UNKNOWN  # perhaps to another object, if that is not known
        if is_own and function is not None:
            functions.append(function)
        elif is_own:
            objects.append(_object(world, module, one, evaluated))
    if bool(functions) == bool(objects):
        return UNKNOWN
    item: Value = join_all(objects) or UNKNOWN
    if functions:
        first = min(functions, key=lambda one: (one.module.path, one.node.lineno))
        item = Callback("coroutine", first)
    found = injected.holding("list", [item]) if to.is_listed else item
    return injected.holding("dict" if to.is_mapping else "list", [found])


def _object(
    world: World, module: Module, one: Registered, evaluated: Evaluated
) -> Value:
    """Return the class of an object that is given."""
    if not isinstance(one.node, ast.expr):
        return UNKNOWN
    made = _at(one, one.node)
    found = injected.class_of(world, module, made, one.node, evaluated)
    return found if isinstance(found, Instance) else UNKNOWN


def _at(one: Registered, node: ast.expr) -> Construction:
    return Construction(ast.Call(node, [], []), one.function, one.cls)


def _is_own(world: World, receiver: Value, owner: Class) -> bool | None:
    """Return whether an object is of a class; `None` if that is not known."""
    found = [one.cls for one in each(receiver) if isinstance(one, Instance)]
    if len(found) != len(list(each(receiver))):
        return None if UNKNOWN in each(receiver) else False
    lines = [world.class_facts(cls).line() for cls in found]
    return any(facts.cls.node is owner.node for line in lines for facts in line)


def _yields(function: Function) -> bool:
    return function.module.scopes[function.node].yields


def _function(
    world: World,
    module: Module,
    one: Registered,
    node: ast.AST | None,
    evaluated: Evaluated,
) -> Function | None:
    """Return the function that is given, or that calling what is given calls."""
    found: Value = UNKNOWN
    if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)):
        return Function(node, module, None, None, None, False)
    if isinstance(node, ast.Call):
        callee = injected.named(world, module, node.func)
        if callee == External("functools.partial") and node.args:
            return _function(world, module, one, node.args[0], evaluated)
        found = injected.class_of(world, module, _at(one, node), node, evaluated)
    elif isinstance(node, ast.Name):
        scope = module.scopes.get(one.function) if one.function else None
        if scope is not None and node.id in scope.local:
            local = _local(one.function, node.id)
            return Function(local, module, None, None, None, False) if local else None
        found = world.global_value(module, node.id)
    elif isinstance(node, ast.Attribute):
        found = injected.named(world, module, node)
        if found == UNKNOWN:
            made = _at(one, node.value)
            owner = injected.class_of(world, module, made, node.value, evaluated)
            if isinstance(owner, Instance):
                found = world.class_facts(owner.cls).find(node.attr) or UNKNOWN
    return _called(world, found)


def _local(
    function: ast.AST | None, name: str
) -> ast.AsyncFunctionDef | ast.FunctionDef | None:
    """Return the function that a name is bound to in another one, and nothing else."""
    found = None
    for one in ast.walk(function or ast.Pass()):
        if isinstance(one, ast.arg) and one.arg == name:
            return None
        if isinstance(one, ast.Name) and one.id == name:
            if not isinstance(one.ctx, ast.Load):
                return None
        if isinstance(one, (ast.AsyncFunctionDef, ast.FunctionDef)):
            if one.name == name:
                if found is not None or one.decorator_list:
                    return None
                found = one
    return found


def _called(world: World, value: Value) -> Function | None:
    """Return the function that calling a value calls."""
    if isinstance(value, Partial) or (
        isinstance(value, Descriptor) and value.kind in ("classmethod", "staticmethod")
    ):
        return _called(world, value.function)
    if isinstance(value, Instance):
        return _called(world, world.class_facts(value.cls).find("__call__") or UNKNOWN)
    return value if isinstance(value, Function) else None
