"""The scopes of one Python file, and which names each of them binds.

The tree is walked once, with an explicit stack, so that neither a deep nor a long
file is a problem. Nothing is ever written to the tree: flake8 hands the same one to
every plugin.
"""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.facts.bindings import global_item
from flake8_lambda_handler.facts.nodes import children

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

#: What tells something of the scope it stands in.
_NOTED = frozenset(
    {ast.Attribute, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith}
    | {ast.comprehension, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom}
    | {ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.Subscript}
)


class Scope:
    """What one module, class or function body does with names."""

    __slots__ = (
        "_local",
        "awaits",
        "bound",
        "captured",
        "declared_global",
        "declared_nonlocal",
        "is_around",
        "iterated",
        "loaded",
        "node",
        "parent",
        "rebound",
        "yields",
    )

    def __init__(self, node: ast.AST, parent: Scope | None) -> None:
        self.node = node
        self.parent = parent
        #: Whether functions or classes stand in it.
        self.is_around = False
        #: Names that the body binds (parameters, assignments, imports, definitions).
        self.bound: set[str] = set()
        #: Names that comprehensions of the body bind, each for itself alone.
        self.iterated: set[str] = set()
        #: Names that the body reads.
        self.loaded: set[str] = set()
        #: Names of this scope that a nested function reads.
        self.captured: set[str] = set()
        #: Names of this scope that a nested function may bind anew.
        self.rebound: set[str] = set()
        self.declared_global: set[str] = set()
        self.declared_nonlocal: set[str] = set()
        #: Whether the function is a generator.
        self.yields = False
        #: Whether the body needs a running loop: `await`, `async for`, `async with`.
        self.awaits = False
        self._local: frozenset[str] | None = None

    @property
    def local(self) -> frozenset[str]:
        """Return the names that live in this scope, or in its comprehensions.

        It is asked for when the walk is over, and then for every name that is read.
        """
        if self._local is None:
            names = self.bound | self.iterated
            names -= self.declared_global | self.declared_nonlocal
            self._local = frozenset(names)
        return self._local


class Facts:
    """The result of the one walk over a tree."""

    def __init__(self, tree: ast.Module) -> None:
        self.scopes: dict[ast.AST, Scope] = {}
        self.attribute_writers: dict[str, set[ast.AST]] = {}
        #: The attributes of anything else than a method's own object.
        self.foreign_writes: set[str] = set()
        self.functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self.global_writers: dict[str, list[ast.AST]] = {}
        self._walk(tree)
        self.functions.sort(key=lambda node: (node.lineno, node.col_offset))
        self._capture()

    def _walk(self, tree: ast.Module) -> None:
        top = self._open(tree, None)
        stack: list[tuple[ast.AST, Scope]] = [(node, top) for node in tree.body]
        while stack:
            node, scope = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                if isinstance(node.ctx, ast.Load):  # type: ignore[attr-defined]
                    scope.loaded.add(node.id)  # type: ignore[attr-defined]
                else:
                    scope.bound.add(node.id)  # type: ignore[attr-defined]
                    if isinstance(node.ctx, ast.Del):  # type: ignore[attr-defined]
                        scope.loaded.add(node.id)  # type: ignore[attr-defined]
                continue
            if kind is ast.Constant:
                continue
            if isinstance(node, FUNCTIONS):
                self._function(node, scope, stack)
                continue
            if isinstance(node, ast.ClassDef):
                scope.bound.add(node.name)
                inner = self._open(node, scope)
                for child in (*node.decorator_list, *node.bases, *node.keywords):
                    stack.append((child, scope))
                stack.extend((child, inner) for child in node.body)
                continue
            if kind in _NOTED:
                self._note(node, scope)
            if isinstance(node, ast.comprehension):
                self._iterate(node, scope)
                stack.extend((child, scope) for child in (node.iter, *node.ifs))
                continue
            stack += [(child, scope) for child in children(node)]

    def _open(self, node: ast.AST, parent: Scope | None) -> Scope:
        scope = self.scopes[node] = Scope(node, parent)
        if parent is not None:
            parent.is_around = True
        return scope

    def _function(
        self, node: Any, scope: Scope, stack: list[tuple[ast.AST, Scope]]
    ) -> None:
        inner = self._open(node, scope)
        arguments = node.args
        for argument in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *([arguments.vararg] if arguments.vararg else []),
            *([arguments.kwarg] if arguments.kwarg else []),
        ):
            inner.bound.add(argument.arg)
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                stack.append((default, scope))
        if isinstance(node, ast.Lambda):
            stack.append((node.body, inner))
            return
        scope.bound.add(node.name)
        self.functions.append(node)
        stack.extend((child, scope) for child in node.decorator_list)
        stack.extend((child, inner) for child in node.body)

    def _iterate(self, node: ast.comprehension, scope: Scope) -> None:
        for child in ast.walk(node.target):
            if isinstance(child, ast.Name):
                is_read = isinstance(child.ctx, ast.Load)
                (scope.loaded if is_read else scope.iterated).add(child.id)
            else:
                self._note(child, scope)

    def _note(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Attribute):
            if not isinstance(node.ctx, ast.Load):
                self.attribute_writers.setdefault(node.attr, set()).add(scope.node)
                if not _is_own(node.value, scope):
                    self.foreign_writes.add(node.attr)
        elif isinstance(node, ast.Subscript):
            name = None if isinstance(node.ctx, ast.Load) else global_item(node)
            if name is not None and isinstance(scope.node, FUNCTIONS):
                self.global_writers.setdefault(name, []).append(scope.node)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            scope.yields = True
        elif isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith)):
            scope.awaits = True
        elif isinstance(node, ast.comprehension):
            scope.awaits = scope.awaits or bool(node.is_async)
        elif isinstance(node, ast.Global):
            scope.declared_global.update(node.names)
            for name in node.names:
                self.global_writers.setdefault(name, []).append(scope.node)
        elif isinstance(node, ast.Nonlocal):
            scope.declared_nonlocal.update(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                scope.bound.add(alias.asname or alias.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler):
            if node.name:
                scope.bound.add(node.name)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)):
            if node.name:
                scope.bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            scope.bound.add(node.rest)

    def _capture(self) -> None:
        for scope in self.scopes.values():
            if scope.parent is None:
                continue
            scope.parent.rebound |= scope.declared_nonlocal
            for name in (scope.loaded | scope.declared_nonlocal) - scope.local:
                outer: Scope | None = scope.parent
                while outer is not None:
                    if name in outer.local and not isinstance(outer.node, ast.ClassDef):
                        outer.captured.add(name)
                        break
                    outer = outer.parent


def first_parameter(function: ast.AST) -> str:
    """Return the name of a function's first positional parameter."""
    if not isinstance(function, FUNCTIONS):
        return ""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    return positional[0].arg if positional else ""


def _is_own(owner: ast.expr, scope: Scope) -> bool:
    """Return whether an expression is the object whose method a scope is, or is in.

    What a function in `__init__` does happens later than what that says.
    """
    if not isinstance(owner, ast.Name):
        return False
    inner = scope
    while scope.parent is not None:
        if isinstance(scope.parent.node, ast.ClassDef):
            is_later = scope is not inner and (
                getattr(scope.node, "name", "") == "__init__"
            )
            return owner.id == first_parameter(scope.node) and not is_later
        if owner.id in scope.bound:
            return False
        scope = scope.parent
    return False
