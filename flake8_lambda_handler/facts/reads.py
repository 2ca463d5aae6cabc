"""How a file uses what it reads from attributes of a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.facts.scopes import first_parameter

#: What reading says nothing: whoever looks at an object does not run it.
LOOKED_AT = ""

#: Attributes of coroutines and async generators, by which people run them.
OWN = frozenset({"aclose", "asend", "athrow", "close", "send", "throw"})

#: Calls that refuse what is no plain value.
REFUSING = frozenset(
    {"dict", "enumerate", "float", "frozenset", "int", "len", "list", "max", "min"}
    | {"set", "sorted", "sum", "tuple"}
)

#: Calls that take anything, and only look at it.
LOOKING = frozenset({"bool", "print", "repr", "str", "type"})


#: Methods that give back their second argument where there is nothing else to give.
DEFAULTING = frozenset({"get", "pop", "setdefault"})


class Read(NamedTuple):
    """A place where something is read, and in what it is used there.

    `how` is `None` where that is not known, and `LOOKED_AT` where it says nothing.
    """

    node: ast.Attribute | ast.Name
    how: str | None


def of(tree: ast.Module, name: str, family: AbstractSet[str]) -> Iterator[Read]:
    """Yield where a file reads an attribute, but for that of other classes' objects.

    `family` are the names of the classes whose objects it is about.
    """
    stack: list[tuple[ast.AST, ast.AST, ast.ClassDef | None]] = [(tree, tree, None)]
    while stack:
        parent, body, cls = stack.pop()
        if isinstance(parent, ast.ClassDef):
            cls = parent
        if isinstance(parent, (ast.ClassDef, *FUNCTIONS)):
            body = parent
        if isinstance(parent, ast.Call) and _asks_for(parent, name):
            yield Read(ast.Name(name, ast.Load()), None)
        for child in ast.iter_child_nodes(parent):
            stack.append((child, body, cls))
            if (
                isinstance(child, ast.Attribute)
                and child.attr == name
                and isinstance(child.ctx, ast.Load)
                and not _is_of_another(child.value, body, cls, family)
            ):
                yield from _followed(child, parent, body)


def at_once(tree: ast.Module, made: ast.AST, name: str) -> Read | None:
    """Return how an attribute is used that is set to the value of an expression.

    Only where nothing runs in between that may set it again.
    """
    for around in ast.walk(tree):
        for field in _BLOCKS:
            found = getattr(around, field, None)
            block: list[ast.stmt] = found if isinstance(found, list) else []
            for index, one in enumerate(block):
                if isinstance(one, (ast.AnnAssign, ast.Assign)) and one.value is made:
                    targets = (
                        one.targets if isinstance(one, ast.Assign) else [one.target]
                    )
                    owner = _owner(targets[0], name) if len(targets) == 1 else ""
                    return _first(block[index + 1 :], owner, name) if owner else None
    return None


_BLOCKS = ("body", "orelse", "finalbody")

#: What of a statement is evaluated first, and always.
_HEADS = {ast.For: "iter", ast.If: "test", ast.While: "test"}

#: Behind these, others may have run, or nobody knows when it is.
_PAUSING = (ast.Await, ast.Yield, ast.YieldFrom, *FUNCTIONS)

#: Simple statements.
_WHOLE = (ast.Assert, ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Return)


def _owner(target: object, name: str) -> str:
    """Return the name of which something is an attribute with a name."""
    if isinstance(target, ast.Attribute) and target.attr == name:
        return getattr(target.value, "id", "")
    return ""


def _first(block: list[ast.stmt], owner: str, name: str) -> Read | None:
    """Return how the first statements of a block use an attribute of an owner."""
    for statement in block:
        while isinstance(statement, ast.Try):
            statement = statement.body[0]
        head = getattr(statement, _HEADS.get(type(statement), ""), None)
        if head is None and not isinstance(statement, _WHOLE):
            return None
        parts = [*ast.walk(statement if head is None else ast.Expr(head))]
        if any(isinstance(one, _PAUSING) for one in parts):
            return None
        calls = [one for one in parts if isinstance(one, ast.Call)]
        found = [
            Read(child, _how(child, statement if child is head else around))
            for around in parts
            for child in ast.iter_child_nodes(around)
            if isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Load)
            if _owner(child, name) == owner
        ]
        if found:
            one = min(found, key=lambda read: (read.node.lineno, read.node.col_offset))
            return None if any(_ends_before(call, one.node) for call in calls) else one
        changing = [*calls, *getattr(statement, "targets", ())]
        if head is not None or any(
            getattr(inner, "id", "") == owner
            for one in changing
            for inner in ast.walk(one)
        ):
            return None
    return None


def _ends_before(call: ast.AST, node: ast.AST) -> bool:
    end = (getattr(call, "end_lineno", 0), getattr(call, "end_col_offset", 0))
    return end <= (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


#: Methods of a container that give nothing of what it holds.
FILLING = frozenset({"add", "append", "appendleft", "clear"})


def only_fills(tree: ast.Module, name: str) -> bool:
    """Return whether a file does no more with attributes of a name than fill containers."""
    filled: set[ast.expr] = set()
    # What is around an expression comes before it.
    for node in ast.walk(tree):
        place = node if isinstance(node, ast.expr) and node in filled else None
        held = _filled(node)
        if isinstance(place, ast.Subscript):
            held = place.value
        if held is not None:
            filled.add(held)
        if isinstance(node, ast.Attribute) and node.attr == name:
            if isinstance(node.ctx, ast.Load) and place is None:
                return False
        elif isinstance(node, ast.Constant) and node.value == name:
            return False
        elif isinstance(node, ast.Call) and _asks_for(node, name):
            return False
    return True


def _filled(node: ast.AST) -> ast.expr | None:
    """Return the container that a node puts something into, or takes something away from."""
    if isinstance(node, ast.Attribute) and node.attr in FILLING:
        return node.value
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return node.value
    return None


def _asks_for(call: ast.Call, name: str) -> bool:
    """Return whether a call reads attributes by a text, which may be that name."""
    if getattr(call.func, "id", "") not in ("getattr", "hasattr", "setattr"):
        return False
    asked = call.args[1] if len(call.args) > 1 else None
    return not isinstance(asked, ast.Constant) or asked.value == name


def _is_of_another(
    owner: ast.expr, body: ast.AST, cls: ast.ClassDef | None, family: AbstractSet[str]
) -> bool:
    """Return whether an owner is the object of a method of an unrelated class."""
    return (
        cls is not None
        and cls.name not in family
        and isinstance(owner, ast.Name)
        and owner.id == first_parameter(body)
    )


def _followed(
    node: ast.Attribute | ast.Name, parent: ast.AST, body: ast.AST
) -> Iterator[Read]:
    """Yield how a value is used, also through a local name that is bound to it."""
    target = parent.targets[0] if isinstance(parent, ast.Assign) else None
    if isinstance(target, ast.Name) and isinstance(body, FUNCTIONS):
        if isinstance(node, ast.Attribute) and len(parent.targets) == 1:  # type: ignore[attr-defined]
            for around in ast.walk(body):
                for child in ast.iter_child_nodes(around):
                    if isinstance(child, ast.Name) and child.id == target.id:
                        if isinstance(child.ctx, ast.Load):
                            yield Read(child, _how(child, around))
            return
    yield Read(node, _how(node, parent))


def _how(node: ast.expr, parent: ast.AST) -> str | None:
    """Return in what a value is used, if that never runs it."""
    if isinstance(parent, ast.Attribute):
        is_own = parent.attr in OWN or parent.attr.startswith(("_", "ag_", "cr_"))
        return None if is_own else f"attribute `{parent.attr}`"
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return "a subscript"
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node:
        is_plain = isinstance(parent, ast.For) or not parent.is_async
        return "a plain `for`" if is_plain else None
    if isinstance(parent, ast.FormattedValue):
        return "an f-string"
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute):
        is_joined = isinstance(parent.func.value, ast.Constant)
        return f"`{parent.func.attr}()`" if is_joined else None
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        if node in parent.args and parent.func.id in LOOKING:
            return LOOKED_AT
        if parent.args[:1] == [node] and parent.func.id in REFUSING:
            return f"`{parent.func.id}()`"
        return None
    if isinstance(parent, ast.Compare):
        operator = parent.ops[0]
        is_looked_at = isinstance(operator, (ast.Is, ast.IsNot))
        return LOOKED_AT if is_looked_at else "a comparison"
    if isinstance(parent, (ast.BinOp, ast.AugAssign)):
        return "arithmetic"
    if isinstance(parent, ast.UnaryOp):
        return LOOKED_AT if isinstance(parent.op, ast.Not) else "arithmetic"
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)) and parent.test is node:
        return LOOKED_AT
    return None
