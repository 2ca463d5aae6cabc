"""What a class says of the attributes of its instances."""

from __future__ import annotations

import ast
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.facts.hints import kept_by_base
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.facts.scopes import first_parameter


class Assigned(NamedTuple):
    """One place where a class declares or assigns an attribute of its instances."""

    annotation: ast.expr | None
    #: What it is assigned; `None` where that cannot be told.
    value: ast.expr | None
    #: The method that does it; `None` for the class body.
    method: ast.FunctionDef | ast.AsyncFunctionDef | None


def assigned_by(cls: ast.ClassDef) -> dict[str, list[Assigned]]:
    """Return the attributes that a class's body annotates or its methods assign."""
    found: dict[str, list[Assigned]] = {}
    for statement in cls.body:
        if isinstance(statement, ast.AnnAssign):
            if isinstance(statement.target, ast.Name):
                one = Assigned(statement.annotation, statement.value, None)
                found.setdefault(statement.target.id, []).append(one)
        elif isinstance(statement, (ast.AsyncFunctionDef, ast.FunctionDef)):
            own = first_parameter(statement)
            if own:
                _by_method(statement, own, found)
    for name, annotation in kept_by_base(cls):
        found.setdefault(name, [Assigned(annotation, None, None)])
    return found


def family(cls: ast.ClassDef, scopes: Iterable[ast.AST]) -> set[ast.ClassDef]:
    """Return a class, and those that the names of bases put above and below it.

    `scopes` are what the file of the class defines.
    """
    classes = [one for one in scopes if isinstance(one, ast.ClassDef)]
    bases = {one: {_base_name(base) for base in one.bases} for one in classes}
    found, size = {cls}, 0
    while size < len(found):
        size = len(found)
        names = {one.name for one in found}
        above = set().union(*[bases.get(one, set()) for one in found])
        found |= {one for one in classes if one.name in above or bases[one] & names}
    return found


def _base_name(base: ast.expr) -> str:
    return last_name(base.value if isinstance(base, ast.Subscript) else base)


def optional_parameters(function: ast.AST) -> set[str]:
    """Return the parameters of a function that are `None` if they are not given."""
    if not isinstance(function, FUNCTIONS):
        return set()
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    last = positional[len(positional) - len(arguments.defaults) :]
    return {
        one.arg
        for one, default in (
            *zip(last, arguments.defaults),
            *zip(arguments.kwonlyargs, arguments.kw_defaults),
        )
        if isinstance(default, ast.Constant) and default.value is None
    }


def _by_method(
    method: ast.FunctionDef | ast.AsyncFunctionDef,
    own: str,
    found: dict[str, list[Assigned]],
) -> None:
    told: set[ast.AST] = set()
    for node in ast.walk(method):
        annotation, value = None, None
        targets: list[ast.AST] = [node]
        # An assignment comes before its targets.
        if isinstance(node, ast.AnnAssign):
            targets, annotation, value = [node.target], node.annotation, node.value
        elif isinstance(node, ast.Assign):
            targets, value = [*node.targets], node.value
        for target, part in _parts(targets, value):
            if (
                isinstance(target, ast.Attribute)
                and not isinstance(target.ctx, ast.Load)
                and isinstance(target.value, ast.Name)
                and target.value.id == own
                and target not in told
            ):
                told.add(target)
                one = Assigned(annotation, part, method)
                found.setdefault(target.attr, []).append(one)


def _parts(
    targets: list[ast.AST], value: ast.expr | None
) -> Iterator[tuple[ast.AST, ast.expr | None]]:
    """Yield each target with what it gets: of `a, b = pair`, an item each."""
    for target in targets:
        yield target, value
        if value is not None and isinstance(target, (ast.List, ast.Tuple)):
            if not any(isinstance(one, ast.Starred) for one in target.elts):
                for position, one in enumerate(target.elts):
                    index = ast.copy_location(ast.Constant(position), value)
                    part = ast.Subscript(value, index, ast.Load())
                    yield one, ast.copy_location(part, value)


def delegate(hook: ast.AST) -> str:
    """Return the attribute whose attributes a `__getattr__` gives as its own, if any.

    Such as `_inner` of `return getattr(self._inner, name)`; it may refuse some names.
    """
    if not isinstance(hook, ast.FunctionDef) or len(hook.args.args) != 2:
        return ""
    own, wanted = [one.arg for one in hook.args.args]
    *before, last = hook.body
    given = last.value if isinstance(last, ast.Return) else None
    is_plain = all(
        isinstance(one, (ast.Expr, ast.If))
        and all(isinstance(inner, ast.Raise) for inner in getattr(one, "body", ()))
        for one in before
    )
    if is_plain and isinstance(given, ast.Call) and last_name(given) == "getattr":
        match given.args:
            case [ast.Attribute(ast.Name(owner), name), ast.Name(asked)]:
                if (owner, asked) == (own, wanted):
                    return name
    return ""


def rewritten(node: ast.AST) -> str:
    """Return the name of what a `setattr` gives an attribute of an unknown name."""
    if (
        isinstance(node, ast.Call)
        and len(node.args) == 3
        and getattr(node.func, "id", "") == "setattr"
        and isinstance(node.args[0], ast.Name)
        and not isinstance(node.args[1], ast.Constant)
    ):
        return node.args[0].id
    return ""


def rewrites(maker: ast.AST) -> bool:
    """Return whether what makes a class binds attributes whose names are not known.

    It does so with `setattr`, or in the namespace that it gives to `type.__new__`.
    """
    nodes = list(ast.walk(maker))
    given = {
        getattr(argument, "id", "")
        for one in nodes
        if isinstance(one, ast.Call)
        for argument in one.args
    }
    return any(map(rewritten, nodes)) or any(
        isinstance(one, ast.Subscript)
        and isinstance(one.ctx, ast.Store)
        and isinstance(one.value, ast.Name)
        and one.value.id in given
        for one in nodes
    )


def hands_on(maker: ast.AST) -> bool:
    """Return whether a `__new__` or `__call__` gives to a function what it returns."""
    nodes = list(ast.walk(maker))
    returned = {
        getattr(one.value, "id", "") for one in nodes if isinstance(one, ast.Return)
    }
    return any(
        getattr(argument, "id", None) in returned
        for one in nodes
        if isinstance(one, ast.Call)
        and getattr(one.func, "id", "print") not in _LOOKING
        for argument in one.args
    )


#: Functions that do nothing to an object; methods such as `setdefault` keep it.
_LOOKING = frozenset({"hasattr", "id", "isinstance", "print", "repr", "str", "type"})


def leading(
    node: ast.expr, method: ast.AST, parameters: Collection[str]
) -> list[ast.stmt]:
    """Return what a method binds the names to that an expression mentions.

    With its imports, and of `with` and `async with` without what they hold.
    """
    made: dict[str, list[tuple[ast.stmt, ast.expr]]] = {}
    for one in ast.walk(method):
        if isinstance(one, ast.Assign):
            for target in one.targets:
                for inner in getattr(target, "elts", [target]):
                    name = getattr(inner, "id", "")
                    made.setdefault(name, []).append((one, one.value))
        elif isinstance(one, (ast.AsyncWith, ast.With)):
            for item in one.items:
                name = getattr(item.optional_vars, "id", "")
                made.setdefault(name, []).append(
                    (_entering(one, item), item.context_expr)
                )
        elif isinstance(one, ast.ImportFrom):
            for alias in one.names:
                name = alias.asname or alias.name
                made.setdefault(name, []).append((one, ast.Name(name)))
    found: list[ast.stmt] = []
    stack: list[ast.AST] = [node]
    while stack:
        for one in ast.walk(stack.pop()):
            if isinstance(one, ast.Name) and one.id not in parameters:
                bound = made.get(one.id, [])
                if len(bound) == 1 and bound[0][0] not in found:
                    found.append(bound[0][0])
                    stack.append(bound[0][1])
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))


def _entering(node: ast.AsyncWith | ast.With, item: ast.withitem) -> ast.stmt:
    """Return a statement that enters one thing and does nothing with it."""
    place = item.context_expr
    inside = ast.copy_location(ast.Pass(), place)
    return ast.copy_location(type(node)(items=[item], body=[inside]), place)
