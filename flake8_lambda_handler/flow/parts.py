"""What a condition says of `name["key"]` and `name.attribute`, which the heap holds."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join


def part_of(run: Run, node: ast.expr) -> tuple[Address, Items, object] | None:
    """Return where the heap holds `name["key"]` or `name.attribute`."""
    if not isinstance(node, (ast.Subscript, ast.Attribute)):
        return None
    if not isinstance(node.value, ast.Name):
        return None
    owner = run.state.names.get(node.value.id)
    key: object
    if isinstance(node, ast.Attribute):
        key = node.attr if isinstance(owner, Instance) else None
    else:
        is_known = isinstance(owner, Container) and isinstance(node.slice, ast.Constant)
        key = node.slice.value if is_known else None  # type: ignore[attr-defined]
    address: Address | None = getattr(owner, "address", None)
    items = run.state.heap.get(address)
    if (
        address is None
        or not isinstance(items, Items)
        or key not in items.known
        or run.state.many.get(address)
    ):
        return None
    return address, items, key


def keep_part(run: Run, node: ast.expr, test: Callable[[Value], bool]) -> bool:
    """Leave a part only the values that pass a test; return whether there are some.

    If there are none, it is another invocation that has put something else there.
    """
    place = part_of(run, node)
    if place is None:
        return False
    address, items, key = place
    kept = [one for one in each(items.known[key]) if test(one)]
    if kept:
        run.state.heap[address] = items.set(key, join(*kept))
    return bool(kept)


def forget_functions(run: Run, asked: ast.Attribute) -> None:
    """Forget the functions in an object that is asked for one of its other attributes.

    `if job.kind is Kind.SYNC: job.target()`: that is none of the async ones then, also
    if it is one of many jobs.
    """
    name = getattr(asked.value, "id", "")
    for owner in each(run.state.names.get(name, UNKNOWN)):
        address: Address | None = getattr(owner, "address", None)
        items = run.state.heap.get(address)
        if address is None or not isinstance(items, Items):
            continue
        kinds = each(items.known.get(asked.attr, UNKNOWN))
        if any(type(one) is Instance for one in kinds):
            for other, held in items.known.items():
                if any(isinstance(one, (Function, Partial)) for one in each(held)):
                    items = items.set(other, UNKNOWN)
            run.state.heap[address] = items
