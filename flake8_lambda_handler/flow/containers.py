"""Lists, tuples, sets and dicts: their methods, and the builtins that make them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_lambda_handler.flow import boto
from flake8_lambda_handler.flow import objects
from flake8_lambda_handler.flow import running
from flake8_lambda_handler.flow.registry import call_of
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Marker
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_all

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions


def extend(run: Expressions, left: Container, right: Value, node: ast.AST) -> None:
    """Carry out `left += right` or `left |= right` on a container."""
    items = run.items(left)
    if left.kind == "dict":
        run.update(left, run.merge(items, right), right)
        return
    if isinstance(right, Container):
        for value in run.items(right).values():
            items = items.add(value)
        run.update(left, items, right)
        return
    if isinstance(right, boto.Boto):
        run.update(left, items.add(run.iterate(right, node)))
        return
    run.escape(right)
    run.update(left, items.add(UNKNOWN))


@call_of(
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "builtins.sorted",
    "builtins.reversed",
    "builtins.iter",
    "collections.deque",
)
def _copy(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    name = name.rpartition(".")[2]
    kind = {"sorted": "list", "iter": "iterator"}.get(name, name)
    if not args:
        return run.container(kind, Items(), node)
    source = args[0]
    if name == "sorted" and "key" in keywords:
        running.unrun(run, keywords["key"], node, "`sorted`")
    if isinstance(source, Container) and source.kind != "dict":
        items = run.items(source)
        if name in ("list", "tuple") and source.kind in ("list", "tuple"):
            return run.container(kind, items, node)
        return run.container(kind, Items({}, join_all(items.values())), node)
    return run.container(kind, Items({}, run.iterate(source, node)), node)


@call_of("builtins.enumerate", "builtins.zip")
def _pairs(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    values = [run.iterate(value, node) for value in args]
    if name == "builtins.enumerate":
        values = [Object("builtins.int", None), *values[:1]]
    pair = run.container("tuple", Items(dict(enumerate(values))), node)
    outer = run.address(Marker(node))
    run.state.heap[outer] = Items({}, pair)
    return Container(name.removeprefix("builtins."), outer)


@call_of("builtins.map", "builtins.filter")
def _map(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if not args:
        return UNKNOWN
    function = args[0]
    values = [run.iterate(value, node) for value in args[1:]]
    if name == "builtins.filter":
        running.unrun(run, function, node, "`filter`")
        return run.container(
            "filter", Items({}, values[0] if values else UNKNOWN), node
        )
    result = run.call(function, values, {}, Marker(node))
    return run.container("map", Items({}, result), node)


@call_of("builtins.dict", "collections.OrderedDict")
def _dict(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    items = Items()
    for value in args:
        items = run.merge(items, value)
    return run.container("dict", _with(items, keywords), node)


def _with(items: Items, keywords: dict[str, Value]) -> Items:
    """Return the items of a dict with those that keywords give."""
    if REST in keywords:
        return Items({}, UNKNOWN, UNKNOWN)
    given: dict[object, Value] = dict(keywords.items())
    return items._replace(known={**items.known, **given})


@call_of("builtins.any", "builtins.all", "builtins.min", "builtins.max")
def _scan(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.look_at(value, node, f"`{name.removeprefix('builtins.')}()`")
    return UNKNOWN


@call_of("builtins.next", "builtins.anext", "builtins.aiter", "contextlib.aclosing")
def _next(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name == "builtins.next" and args:
        return run.iterate(args[0], node)
    for value in args:
        run.drive(value)
    return UNKNOWN


def method(
    run: Expressions,
    receiver: Container,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    items = run.items(receiver)
    first = args[0] if args else UNKNOWN
    if name in ("append", "add", "appendleft") and args:
        run.update(receiver, items.add(first), first)
        return NONE
    if name == "insert" and len(args) > 1:
        run.update(receiver, items.add(args[1]), args[1])
        return NONE
    if name in ("extend", "update") and len(args) == 1:
        extend(run, receiver, first, node)
        if keywords and receiver.kind == "dict":
            run.update(receiver, _with(run.items(receiver), keywords))
        return NONE
    if name == "update":
        run.update(receiver, _with(items, keywords))
        return NONE
    if name in ("get", "setdefault", "pop") and receiver.kind == "dict":
        default = args[1] if len(args) > 1 else NONE
        key = first.value if isinstance(first, Const) else None
        if name == "setdefault" and isinstance(first, Const) and key not in items.known:
            run.update(receiver, items.set(key, default), default)
            return default
        if name == "setdefault" and not isinstance(first, Const):
            run.update(receiver, items.add(default, first), default)
        found = join(items.element(), default) if items.values() else default
        if isinstance(first, Const) and key in items.known:
            found = items.get(key)
        if name == "pop":
            run.remove(receiver, first)
        return found
    if name == "pop":
        found = items.element()
        run.update(receiver, Items({}, join_all(items.values())))
        return found
    if name == "copy":
        return run.container(receiver.kind, items, node)
    if name in ("keys", "values", "items") and receiver.kind == "dict":
        keys: list[Value] = [Const(key) for key in items.known]
        if items.keys is not None:
            keys.append(items.keys)
        key_value = join(*keys) if keys else UNKNOWN
        if name == "keys":
            return run.container("dict_keys", Items({}, key_value), node)
        if name == "values":
            return run.container("dict_values", Items({}, items.element()), node)
        pair = run.container("tuple", Items({0: key_value, 1: items.element()}), node)
        outer = run.address(Marker(node))
        run.state.heap[outer] = Items({}, pair)
        return Container("dict_items", outer)
    if name == "clear":
        run.update(receiver, Items())
        return NONE
    if name in ("sort", "reverse"):
        run.update(receiver, Items({}, join_all(items.values())))
        return NONE
    if name in ("count", "index"):
        return Object(objects.INT, None)
    for value in (receiver, *args, *keywords.values()):
        run.drive(value)
    if name in ("remove", "discard"):
        return NONE
    if receiver.kind in ("frozenset", "set") and name in SET_METHODS:
        return run.container(receiver.kind, Items({}, UNKNOWN), node)
    return UNKNOWN


#: Methods of a set that give a new one.
SET_METHODS = frozenset({"difference", "intersection", "symmetric_difference", "union"})
