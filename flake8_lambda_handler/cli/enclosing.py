"""What a line stands in: a function of Python, a block of a template.

It stays the same when lines are added above, so that a finding can be known again.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property

#: The key, or the head of a block, that a line of a template begins with.
_HEAD = re.compile(r"[^:={#]*")


class Functions:
    """The functions and classes of a file, once its tree has been seen."""

    def __init__(self) -> None:
        self._tree = ast.Module([], [])

    def see(self, tree: ast.Module) -> None:
        self._tree = tree

    def around(self, line: int) -> str:
        """Return the innermost function or class around a line: `Orders.load`."""
        found = ""
        for first, last, name in self._spans:
            if first <= line <= last:
                found = name  # those inside come later
        return found

    @cached_property
    def _spans(self) -> list[tuple[int, int, str]]:
        spans = []
        stack: list[tuple[ast.AST, str]] = [(self._tree, "")]
        while stack:
            node, outer = stack.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(
                    child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
                ):
                    name = f"{outer}.{child.name}" if outer else child.name
                    spans.append((child.lineno, child.end_lineno or 0, name))
                    stack.append((child, name))
                elif not isinstance(child, ast.expr):
                    stack.append((child, outer))
        return spans


class Outline:
    """The lines of a template, of which the less indented ones are heads of others."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def around(self, line: int) -> str:
        """Return the heads around a line: `Resources.Orders.Properties`."""
        return self._around[line - 1] if 0 < line <= len(self._around) else ""

    @cached_property
    def _around(self) -> list[str]:
        found = []
        heads: list[tuple[int, str]] = []
        for line in self.lines:
            text = line.strip()
            if text and text[0] not in "#/}])":
                indent = len(line) - len(line.lstrip())
                while heads and heads[-1][0] >= indent:
                    heads.pop()
                found.append(".".join(head for _, head in heads if head))
                head = _HEAD.match(text)
                heads.append((indent, head[0].strip(' -"') if head else ""))
            else:
                found.append("")
        return found
