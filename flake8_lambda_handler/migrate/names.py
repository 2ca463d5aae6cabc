"""What a file does with the names of its module scope."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Names:
    """The names of a tree, and the scopes that they belong to."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.nodes = list(ast.walk(tree))
        self.parents = {
            child: node for node in self.nodes for child in ast.iter_child_nodes(node)
        }
        self._scopes: dict[ast.AST, tuple[set[str], set[str]]] = {}

    @cached_property
    def origins(self) -> dict[str, set[str]]:
        """Return the packages that each imported name comes from, in any scope."""
        found: dict[str, set[str]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    package = alias.name.partition(".")[0]
                    found.setdefault(alias.asname or package, set()).add(package)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                package = node.module.partition(".")[0]
                for alias in node.names:
                    found.setdefault(alias.asname or alias.name, set()).add(package)
        return found

    def climb(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the parent of a node, its parent, and so on up to the module."""
        while parent := self.parents.get(node):
            yield parent
            node = parent

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the functions, classes and comprehensions that a node runs in.

        A decorator, a default and an annotation run outside their function.
        """
        for parent in self.climb(node):
            if isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
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
            if isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
                return scope
        return None

    def home(self, node: ast.AST, name: str) -> ast.AST:
        """Return the scope that the name, used at this node, belongs to."""
        for index, scope in enumerate(self.scopes(node)):
            if isinstance(scope, ast.ClassDef) and index:
                continue
            if scope not in self._scopes:
                self._scopes[scope] = _names(scope)
            local, of_module = self._scopes[scope]
            if name in of_module:
                break
            if name in local:
                return scope
        return self.tree

    def local(self, node: ast.AST) -> set[str]:
        """Return the names that mean something else here than in the module."""
        return {
            name
            for scope in self.scopes(node)
            for name in _names(scope)[0]
            if self.home(node, name) is not self.tree
        }

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


def _bound(node: ast.AST) -> Iterable[str]:
    """Return the names that a node binds in the scope it stands in."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, ast.alias):
        return (node.asname or node.name.partition(".")[0],)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    return ()


def _names(scope: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names that live in a scope, and those it declares `global`."""
    if isinstance(scope, _COMPREHENSIONS):
        targets = {
            node.id
            for generator in scope.generators
            for node in ast.walk(generator.target)
            if isinstance(node, ast.Name)
        }
        return targets, set()
    found: set[str] = set()
    of_module: set[str] = set()
    outside: set[str] = set()
    stack: list[ast.AST] = []
    if isinstance(scope, ast.ClassDef):
        stack += scope.body
    elif isinstance(scope, (*_FUNCTIONS, ast.Lambda)):
        arguments = scope.args
        found.update(
            argument.arg
            for argument in (
                *arguments.posonlyargs,
                *arguments.args,
                *arguments.kwonlyargs,
                *filter(None, (arguments.vararg, arguments.kwarg)),
            )
        )
        stack += [scope.body] if isinstance(scope, ast.Lambda) else scope.body
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Global):
            of_module.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            outside.update(node.names)
        elif isinstance(node, ast.comprehension):
            stack += [node.iter, *node.ifs]
        else:
            found.update(_bound(node))
            stack += own(node)
    return found - of_module - outside, of_module


def own(node: ast.AST) -> list[ast.AST]:
    """Return the children of a node that run in the same scope as itself."""
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt)
        ]
    return list(ast.iter_child_nodes(node))


def own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of a function's body that run in its own scope."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        stack += own(node)
