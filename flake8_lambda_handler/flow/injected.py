"""What a project gives to the constructor of a class."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts import constructions
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.constructions import Construction
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.hinted import as_declared
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all

_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.Tuple)

#: A call in a module, with what it gives; `None` if that cannot be told.
Gift = tuple[Module, Construction, "ast.expr | None"]

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
    gifts: list[Gift] = []
    for module in (owner.module, *importers):
        if owner.node.name not in module.text:
            continue
        calls = module.call_sites.of_class(owner.node.name)
        if calls is None:
            return UNKNOWN
        for made in calls:
            cls = named(world, module, made.call.func)
            if not isinstance(cls, Class):
                return UNKNOWN
            if cls.node is owner.node:
                node = constructions.argument(made.call, init, name)
                gifts.append((module, made, node))
    return _common(world, gifts, evaluated)


def given_to(
    world: World,
    home: Module,
    function: ast.AsyncFunctionDef | ast.FunctionDef,
    name: str,
    importers: list[Module],
    evaluated: Evaluated,
) -> Value:
    """Return the class of what a function of a module is given, the same by all callers."""
    gifts: list[Gift] = []
    for module in (home, *importers):
        if function.name not in module.text:
            continue
        calls = module.call_sites.of_function(function.name)
        if calls is None:
            return UNKNOWN
        for made in calls:
            called = named(world, module, made.call.func)
            if not isinstance(called, Function) or called.node is not function:
                return UNKNOWN
            node = constructions.argument(made.call, function, name, is_method=False)
            gifts.append((module, made, node))
    return _common(world, gifts, evaluated)


def _common(world: World, gifts: list[Gift], evaluated: Evaluated) -> Value:
    """Return what all that is given has in common; unknown if one is not known."""
    found: list[Value] = []
    for module, made, node in gifts:
        if node is None:
            return UNKNOWN
        value = class_of(world, module, made, node, evaluated)
        if value == UNKNOWN:
            return UNKNOWN
        found += [one for one in each(value) if one != NONE]
    return like(found)


def like(found: list[Value]) -> Value:
    """Return what several objects have in common: a class, or a container of objects."""
    kinds = {one.kind if isinstance(one, Held) else "" for one in found}
    if len(kinds) == 1 and "" not in kinds:
        items = [one.item for one in found if isinstance(one, Held)]
        return holding(kinds.pop(), items)
    value = join_all(found) or UNKNOWN
    return value if len(list(each(value))) == 1 else UNKNOWN


def holding(kind: str, items: list[Value]) -> Value:
    """Return a container of objects of known classes."""
    item = join_all(items) or UNKNOWN
    is_known = not isinstance(item, Overfull) and UNKNOWN not in each(item)
    return Held(kind, item) if is_known else UNKNOWN


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
    if isinstance(node, _DISPLAYS):
        parts = node.values if isinstance(node, ast.Dict) else node.elts
        items = [class_of(world, module, made, one, evaluated) for one in parts]
        return holding("dict" if isinstance(node, ast.Dict) else "list", items)
    if made.cls is not None and made.function is not None:
        cls = world.global_value(module, made.cls.name)
        if isinstance(cls, Class) and cls.node is made.cls:
            return evaluated(node, made.function, cls)
        return UNKNOWN
    if isinstance(node, ast.Name) and made.function is not None:
        scope = module.scopes.get(made.function)
        if scope is None or node.id in scope.local:
            return _local(world, module, made, node.id, evaluated)
    if isinstance(node, ast.Call):
        return world.declared(Hint(node.func, module, None))
    return as_declared(named(world, module, node))


def _local(
    world: World,
    module: Module,
    made: Construction,
    name: str,
    evaluated: Evaluated,
) -> Value:
    """Return the class of what a function's name holds, if it is bound only once."""
    function = made.function
    assert function is not None
    for one in ast.walk(function.args):
        if isinstance(one, ast.arg) and one.arg == name:
            unsaid = hints.unsaid(function, (), module.text)
            said = one.annotation or unsaid.get(name) or one
            return world.declared(Hint(said, module, None))
    bound: list[ast.expr] = []
    changes = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name:
            if not isinstance(node.ctx, ast.Load):
                bound.append(node)
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            changes += getattr(node.value, "id", "") == name
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and node.targets == bound:
            if isinstance(node.value, ast.Call):
                return world.declared(Hint(node.value.func, module, None))
            if isinstance(node.value, _DISPLAYS) and not changes:
                return class_of(world, module, made, node.value, evaluated)
    return UNKNOWN
