"""Walks over syntax trees that pass over what says nothing.

A third of all nodes are operators and contexts: they have nothing in them, and mean
nothing without the node they stand in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

#: Fields that never hold a node, or one that says nothing.
_SILENT = frozenset(
    {"asname", "attr", "ctx", "id", "kind", "level", "module", "op", "ops"}
    | {"type_comment"}
)
#: Lists that may hold something else: names, or `None` for a key or a default.
_MIXED = frozenset({"keys", "kw_defaults", "kwd_attrs", "names"})
#: The other fields of each kind of node, as far as it has been met.
_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below one, in their order; no operators and contexts."""
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = tuple([field for field in kind._fields if field not in _SILENT])
        _FIELDS[kind] = fields
    found: list[ast.AST] = []
    held = node.__dict__
    for field in fields:
        value = held.get(field)
        if type(value) is list:
            found += _nodes(value) if field in _MIXED else value
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _nodes(values: list[Any]) -> list[ast.AST]:
    return [one for one in values if isinstance(one, ast.AST)]


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, in no order; no operators and contexts."""
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        stack += children(one)


def root(node: ast.AST, *, through_calls: bool = False) -> str:
    """Return the name at the start of a chain of attributes and items; else nothing."""
    while True:
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        elif through_calls and isinstance(node, ast.Call):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else ""
