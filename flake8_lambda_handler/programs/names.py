"""What the names of one Python file stand for."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.facts.scopes import Scope
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.reports import in_characters

_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module)

#: Names that stand for names, one after the other.
MOST_ALIASES = 8


class Program:
    """A Python file with the parents of its nodes, and what binds each of its names."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.parents: dict[ast.AST, ast.AST] = {}
        self.calls: list[ast.Call] = []
        #: Names and attributes that are read.
        self.loads: list[ast.Name | ast.Attribute] = []
        #: The packages of which everything is imported.
        self.stars: list[ast.ImportFrom] = []
        self._bindings: dict[str, list[ast.AST]] = {}
        self._bound: dict[str, dict[ast.AST, list[ast.AST]]] = {}
        self._attributes: dict[str, list[ast.Attribute]] = {}
        for node in ast.walk(module.tree):
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.expr_context):
                    self.parents[child] = node
            self._note(node)

    @cached_property
    def starts(self) -> list[int]:
        """Return where in the text each line starts, and where the text ends."""
        ends = [len(line) + 1 for line in self.module.lines]
        return [0, *itertools.accumulate(ends)]

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            self.calls.append(node)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                self.loads.append(node)
            else:
                self._bind(node.id, node)
        elif isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                self.loads.append(node)
            else:
                self._attributes.setdefault(node.attr, []).append(node)
        elif isinstance(node, ast.alias):
            if node.name == "*":
                star = self.parents[node]
                assert isinstance(star, ast.ImportFrom)
                self.stars.append(star)
            self._bind(node.asname or node.name.partition(".")[0], node)
        elif isinstance(node, ast.arg):
            self._bind(node.arg, node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bind(node.name, node)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            self._bind(node.name or "", node)
        elif isinstance(node, ast.MatchMapping):
            self._bind(node.rest or "", node)

    def _bind(self, name: str, node: ast.AST) -> None:
        self._bindings.setdefault(name, []).append(node)

    def place(self, node: ast.expr, shift: int = 0) -> Place:
        """Return where an expression stands, or what is `shift` behind its start."""
        line = self.module.lines[node.lineno - 1]
        column = in_characters(line, node.col_offset) + shift
        return Place(self.module.path, node.lineno, column)

    def scope(self, node: ast.AST) -> ast.AST:
        """Return the function, class or module in whose body a node is evaluated.

        That of a parameter is its function; that of its default is not.
        """
        inner, parent = node, self.parents.get(node)
        before = node
        while parent is not None:
            if isinstance(parent, _SCOPES):
                if isinstance(inner, (ast.stmt, ast.arg)):
                    return parent
                if isinstance(inner, ast.arguments):
                    if isinstance(before, ast.arg):
                        return parent
                elif isinstance(parent, ast.Lambda):
                    return parent
            before, inner, parent = inner, parent, self.parents.get(parent)
        return self.module.tree

    def bindings(self, name: ast.Name) -> list[ast.AST]:
        """Return what binds a name where it is read; empty for what is not bound."""
        scope: Scope | None = self.module.scopes[self.scope(name)]
        start = scope
        while scope is not None:
            if name.id in scope.local:
                if scope is start or not isinstance(scope.node, ast.ClassDef):
                    return self.bound(name.id, scope.node)
            scope = scope.parent
        return []

    def bound(self, name: str, scope: ast.AST | None = None) -> list[ast.AST]:
        """Return what binds a name in a scope; in the module's by default."""
        if name not in self._bound:
            found = self._bound[name] = {}
            for node in self._bindings.get(name, ()):
                found.setdefault(self.scope(node), []).append(node)
        return self._bound[name].get(scope or self.module.tree, [])

    def attributes(self, name: str, owner: ast.ClassDef) -> Iterator[ast.expr]:
        """Yield what a class, or its methods, assign to an attribute of its objects."""
        for node in self.bound(name, owner):
            if (value := self.assigned(node)) is not None:
                yield value
        for attribute in self._attributes.get(name, ()):
            is_own = (
                isinstance(attribute.value, ast.Name)
                and attribute.value.id == "self"
                and self.enclosing(attribute, ast.ClassDef) is owner
            )
            if is_own and (value := self.assigned(attribute)) is not None:
                yield value

    def stores(self, name: str) -> list[ast.Attribute]:
        """Return where an attribute of this name is set, on whatever object."""
        return self._attributes.get(name, [])

    @cached_property
    def _reads(self) -> dict[str, list[ast.Name | ast.Attribute]]:
        found: dict[str, list[ast.Name | ast.Attribute]] = {}
        for node in self.loads:
            name = node.id if isinstance(node, ast.Name) else node.attr
            found.setdefault(name, []).append(node)
        return found

    def reads(self, name: str) -> list[ast.Name | ast.Attribute]:
        """Return where a name, or an attribute of this name, is read."""
        return self._reads.get(name, [])

    def imports(self, name: str) -> bool:
        """Tell whether a file takes a name from another, whatever it calls it."""
        return any(
            isinstance(one, ast.alias) and one.name == name
            for bindings in self._bindings.values()
            for one in bindings
        )

    def assigned(self, target: ast.AST) -> ast.expr | None:
        """Return what a statement assigns to a target, as a whole.

        For `with open(path) as file:` that is the file, the way of most values.
        """
        parent = self.parents.get(target)
        if isinstance(parent, ast.withitem):
            return parent.context_expr
        if isinstance(parent, ast.Assign):
            return parent.value
        if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
            return parent.value
        return None

    def enclosing(
        self, node: ast.AST, kind: type[ast.AST] | tuple[type[ast.AST], ...]
    ) -> ast.AST | None:
        """Return the nearest node of a kind in whose code a node stands."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, kind):
            parent = self.parents.get(parent)
        return parent

    def origin(self, node: ast.AST, depth: int = 0) -> str:
        """Return the dotted name by which the world outside knows a value.

        For example `aws_cdk.aws_lambda.Runtime`; empty if that is not certain.
        """
        if depth > MOST_ALIASES:
            return ""
        if isinstance(node, ast.Attribute):
            owner = self.origin(node.value, depth + 1)
            return f"{owner}.{node.attr}" if owner else ""
        if not isinstance(node, ast.Name):
            return ""
        found = {self._origin(one, depth) for one in self.bindings(node)}
        if not found and len(self.stars) == 1 and not self.stars[0].level:
            found = {f"{self.stars[0].module}.{node.id}"}
        return found.pop() if len(found) == 1 else ""

    def _origin(self, binding: ast.AST, depth: int) -> str:
        if isinstance(binding, ast.alias):
            statement = self.parents[binding]
            if isinstance(statement, ast.ImportFrom):
                if statement.level or not statement.module:
                    return ""
                return f"{statement.module}.{binding.name}"
            return binding.name if binding.asname else binding.name.partition(".")[0]
        value = self.assigned(binding)
        return "" if value is None else self.origin(value, depth + 1)
