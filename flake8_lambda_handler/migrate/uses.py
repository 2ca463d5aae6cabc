"""What uses of a coroutine function need once its name is a sync function.

The implementation is the old coroutine function, so a use that goes to it does what
it always did; a use that stays gets the result in the place of a coroutine.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.migrate.names import TreeNames
from flake8_lambda_handler.migrate.names import last_name

#: The use goes to the implementation; stays as it is; cannot be decided.
REDIRECT, LEAVE, UNDECIDED = "redirect", "leave", "undecided"

#: Last names of what takes a coroutine, or several, as an argument.
_DRIVERS = frozenset(
    {
        "as_completed",
        "create_task",
        "ensure_future",
        "gather",
        "run",
        "run_coroutine_threadsafe",
        "run_until_complete",
        "shield",
        "wait",
        "wait_for",
    }
)

#: Last names of what takes the coroutine function itself, to drive it.
FUNCTION_DRIVERS = frozenset({"async_to_sync", "syncify"})

#: Last names of what shows or stores a value: a coroutine is of no use to it.
_SINKS = frozenset({"dumps", "len", "pprint", "print", "repr", "str"})

#: Expressions that hand on what they hold.
_HOLDERS = (
    ast.comprehension,
    ast.GeneratorExp,
    ast.IfExp,
    ast.List,
    ast.ListComp,
    ast.NamedExpr,
    ast.Set,
    ast.Starred,
    ast.Tuple,
    ast.keyword,
)

#: Expressions and statements in which only the result makes sense.
_PLAIN = (
    ast.Assert,
    ast.Attribute,
    ast.BinOp,
    ast.Compare,
    ast.Expr,
    ast.FormattedValue,
    ast.Subscript,
)


class Use(NamedTuple):
    """One use of the function: the name or the attribute that stands for it."""

    node: ast.Name | ast.Attribute
    #: The call of it, if it is called.
    call: ast.Call | None
    decision: str


def uses(names: TreeNames, nodes: list[ast.Name] | list[ast.Attribute]) -> list[Use]:
    """Return the decision for each node that stands for the function."""
    return [_use(names, node) for node in nodes]


def _use(names: TreeNames, node: ast.Name | ast.Attribute) -> Use:
    parent = names.parents[node]
    if isinstance(parent, ast.Call) and parent.func is node:
        return Use(node, parent, _called(names, parent))
    return Use(node, None, _as_value(names, node, parent))


def _as_value(names: TreeNames, node: ast.expr, parent: ast.AST) -> str:
    if isinstance(parent, ast.Attribute | ast.Expr):
        return LEAVE
    if isinstance(parent, ast.Call) and last_name(parent.func) in FUNCTION_DRIVERS:
        return REDIRECT
    if (
        isinstance(parent, ast.Assign)
        and isinstance(names.parents[parent], ast.Module)
        and len(parent.targets) == 1
        and isinstance(alias := parent.targets[0], ast.Name)
        and len(names.bindings(alias.id)) == 1
        and all(use.decision == LEAVE for use in uses(names, names.loads(alias.id)))
    ):
        # Another name for the handler, which Lambda may know it by.
        return LEAVE
    return UNDECIDED


def _called(names: TreeNames, call: ast.Call) -> str:
    function = names.function(call)
    if isinstance(function, ast.AsyncFunctionDef):
        # The loop runs already: a sync function that starts one can only raise.
        return REDIRECT
    child: ast.AST = call
    parent = names.parents[call]
    while isinstance(parent, _HOLDERS):
        child, parent = parent, names.parents[parent]
    if isinstance(parent, ast.Await):
        return REDIRECT
    if isinstance(parent, ast.Call) and child is not parent.func:
        name = last_name(parent.func)
        if name in _DRIVERS:
            return REDIRECT
        return LEAVE if name in _SINKS else UNDECIDED
    if child is not call:
        return UNDECIDED
    if isinstance(parent, _PLAIN):
        return LEAVE
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return _assigned(names, parent.targets[0])
    if isinstance(parent, ast.Return) and _is_handler(names, function):
        return LEAVE
    return UNDECIDED


def _assigned(names: TreeNames, target: ast.expr) -> str:
    """Decide by what is done with the variable that holds the coroutine."""
    if not isinstance(target, ast.Name):
        return UNDECIDED
    reads = names.loads(target.id, names.home(target, target.id))
    decisions = {_read(names, node) for node in reads}
    return decisions.pop() if len(decisions) == 1 else UNDECIDED


def _read(names: TreeNames, node: ast.Name) -> str:
    parent = names.parents[node]
    if isinstance(parent, ast.Call):
        name = last_name(parent.func)
        if name in _DRIVERS:
            return REDIRECT
        return LEAVE if name in _SINKS else UNDECIDED
    return LEAVE if isinstance(parent, _PLAIN) else UNDECIDED


def _is_handler(names: TreeNames, function: ast.AST | None) -> bool:
    """Is this a handler of its own, which nobody in the file calls?"""
    return (
        isinstance(function, ast.FunctionDef)
        and isinstance(names.parents[function], ast.Module)
        and function.name.endswith("handler")
        and not names.loads(function.name)
    )


def parameters(function: ast.AsyncFunctionDef) -> list[str]:
    """Return the names of all parameters."""
    arguments = function.args
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found += filter(None, (arguments.vararg, arguments.kwarg))
    return [argument.arg for argument in found]


def missing(
    use: Use, function: ast.AsyncFunctionDef
) -> list[tuple[str, ast.expr]] | None:
    """Return what a call leaves to the function's defaults, by name.

    The implementation has no defaults. None: it cannot be said, or not be written at
    the call because making the default once more could do something else.
    """
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(
        zip(
            reversed([argument.arg for argument in positional]),
            reversed(arguments.defaults),
        )
    )
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        if default is not None:
            defaults[argument.arg] = default
    if use.call is None:
        return None if defaults else []
    for argument in positional[: len(use.call.args)]:
        defaults.pop(argument.arg, None)
    for keyword in use.call.keywords:
        if keyword.arg is not None:
            defaults.pop(keyword.arg, None)
    if not defaults:
        return []
    is_spread = any(isinstance(value, ast.Starred) for value in use.call.args)
    if (
        is_spread
        or any(keyword.arg is None for keyword in use.call.keywords)
        or any(argument.arg in defaults for argument in arguments.posonlyargs)
        or not all(isinstance(value, ast.Constant) for value in defaults.values())
    ):
        return None
    return [(name, defaults[name]) for name in parameters(function) if name in defaults]
