"""What a file does with its names: which scope each belongs to, who binds and reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.facts.scopes import Facts

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class TreeNames:
    """The names of a tree, and the scopes that they belong to."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.nodes = list(ast.walk(tree))
        self.parents = {
            child: node for node in self.nodes for child in ast.iter_child_nodes(node)
        }
        self._facts = Facts(tree).scopes

    @cached_property
    def imports(self) -> list[tuple[ast.Import | ast.ImportFrom, ast.alias]]:
        return imports(self.nodes)

    @cached_property
    def origins(self) -> dict[str, set[str]]:
        """Return the packages that each imported name comes from, in any scope."""
        found: dict[str, set[str]] = {}
        for node, alias in self.imports:
            dotted: str | None = alias.name
            if isinstance(node, ast.ImportFrom):
                dotted = None if node.level else node.module
            if dotted:
                package = dotted.partition(".")[0]
                for name in _bound(alias):
                    found.setdefault(name, set()).add(package)
        return found

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the functions, classes and comprehensions that a node runs in.

        A decorator, a default and an annotation run outside their function.
        """
        while parent := self.parents.get(node):
            if isinstance(parent, FunctionNode | ast.ClassDef):
                if isinstance(node, ast.stmt):
                    yield parent
            elif isinstance(parent, ast.Lambda):
                if node is parent.body:
                    yield parent
            elif isinstance(parent, _COMPREHENSIONS):
                yield parent
            node = parent

    def function(self, node: ast.AST) -> ast.AST | None:
        """Return the function or lambda expression that a node runs in."""
        for scope in self.scopes(node):
            if isinstance(scope, FunctionNode | ast.Lambda):
                return scope
        return None

    def home(self, node: ast.AST, name: str) -> ast.AST:
        """Return the scope that the name, used at this node, belongs to."""
        for index, scope in enumerate(self.scopes(node)):
            if isinstance(scope, _COMPREHENSIONS):
                if name in _targets(scope):
                    return scope
            elif not (isinstance(scope, ast.ClassDef) and index):
                facts = self._facts[scope]
                if name in facts.declared_global:
                    break
                if name in facts.bound and name not in facts.declared_nonlocal:
                    return scope
        return self.tree

    def local(self, node: ast.AST) -> set[str]:
        """Return the names that mean something else here than in the module."""
        found: set[str] = set()
        for scope in self.scopes(node):
            is_plain = scope in self._facts
            found |= self._facts[scope].local if is_plain else _targets(scope)
        return {name for name in found if self.home(node, name) is not self.tree}

    def loads(self, name: str, scope: ast.AST | None = None) -> list[ast.Name]:
        """Return where a name of a scope is read, in file order.

        Without a scope: a name of the module.
        """
        wanted = scope or self.tree
        found = self._loads.get(name, ())
        return sorted(
            (node for node in found if self.home(node, name) is wanted),
            key=lambda node: (node.lineno, node.col_offset),
        )

    def bindings(self, name: str) -> list[ast.AST]:
        """Return what binds the module's name: definitions, targets, imports."""
        found = self._bindings.get(name, ())
        return [node for node in found if self.home(node, name) is self.tree]

    @cached_property
    def _loads(self) -> dict[str, list[ast.Name]]:
        found: dict[str, list[ast.Name]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    @cached_property
    def _bindings(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for node in self.nodes:
            for name in _bound(node):
                found.setdefault(name, []).append(node)
        return found


def imports(
    nodes: Iterable[ast.AST],
) -> list[tuple[ast.Import | ast.ImportFrom, ast.alias]]:
    """Return every import among some nodes, with its statement."""
    return [
        (node, alias)
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    ]


def _bound(node: ast.AST) -> Iterable[str]:
    """Return the names that a node binds in the scope it stands in."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, FunctionNode | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    return ()


def _targets(comprehension: ast.AST) -> set[str]:
    """Return the names that a comprehension binds for itself."""
    assert isinstance(comprehension, _COMPREHENSIONS)
    return {
        node.id
        for generator in comprehension.generators
        for node in ast.walk(generator.target)
        if isinstance(node, ast.Name)
    }


def last_name(node: ast.AST) -> str:
    """Return `run` for `asyncio.run` and for `run`; nothing for other expressions."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
