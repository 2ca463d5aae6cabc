"""Nodes of the syntax tree that stand for more than one object."""

from __future__ import annotations

import ast


class Marker(ast.AST):
    """One more node where there is one already, for one more address."""

    def __init__(self, node: ast.AST) -> None:
        super().__init__()
        self.node = node
        self.lineno = getattr(node, "lineno", 0)
        self.col_offset = getattr(node, "col_offset", 0)


def written(node: ast.AST) -> ast.AST:
    """Return the node that stands in the text, for a marker too."""
    while isinstance(node, Marker):
        node = node.node
    return node
