"""The syntax tree that a rewrite has to lead to: the check on every edit."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Sequence

from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.source import parse

_AWAITABLES = frozenset({"Awaitable", "Coroutine"})


class Expected:
    """A copy of a tree, changed as its text is edited.

    Methods take nodes of the first tree, and statements as Python text.
    """

    def __init__(self, text: str, names: Names) -> None:
        self._names = names
        self._tree = parse(text)
        self._copies = dict(zip(names.nodes, ast.walk(self._tree)))
        self._replaced: dict[ast.AST, list[ast.stmt]] = {}
        self._inserted: list[tuple[int, list[ast.stmt]]] = []

    def rename(self, node: ast.Name | ast.Attribute, name: str) -> None:
        copy = self._copies[node]
        if isinstance(copy, ast.Name):
            copy.id = name
        elif isinstance(copy, ast.Attribute):
            copy.attr = name

    def add_keywords(
        self, call: ast.Call, added: Iterable[tuple[str, ast.expr]]
    ) -> None:
        copy = self._copies[call]
        assert isinstance(copy, ast.Call)
        copy.keywords += [ast.keyword(name, value) for name, value in added]

    def import_as(
        self, alias: ast.alias, names: Iterable[tuple[str, str | None]]
    ) -> None:
        """Put imports under these names in the place of one."""
        statement = self._copies[self._names.parents[alias]]
        assert isinstance(statement, ast.ImportFrom)
        index = statement.names.index(self._copies[alias])  # type: ignore[arg-type]
        statement.names[index : index + 1] = [ast.alias(*pair) for pair in names]

    def wrap(self, node: ast.expr, function: str) -> None:
        """Make the expression the argument of a call."""
        copy = self._copies[node]
        call = parse(f"{function}()").body[0].value  # type: ignore[attr-defined]
        call.args = [copy]
        parent = self._copies[self._names.parents[node]]
        for field, value in ast.iter_fields(parent):
            if value is copy:
                setattr(parent, field, call)

    def insert(self, line: int, statement: str) -> None:
        """Add a statement before the first one of the module at this line or below."""
        index = sum(node.lineno < line for node in self._names.tree.body)
        self._inserted.append((index, parse(statement).body))

    def make_sync(self, node: ast.AsyncFunctionDef, *, is_unwrapped: bool) -> None:
        """Drop the word `async`, and `Awaitable[…]` from what it returns."""
        copy = self._copies[node]
        assert isinstance(copy, ast.AsyncFunctionDef)
        fields = dict(ast.iter_fields(copy))
        if is_unwrapped:
            fields["returns"] = _unwrapped(copy.returns)
        self._replaced[node] = [ast.FunctionDef(**fields)]

    def split(
        self,
        node: ast.AsyncFunctionDef,
        name: str,
        driving: str,
        between: str,
        moved: Sequence[ast.expr],
    ) -> None:
        """Let the function end with `driving`, and its body go on in another.

        `moved` are the decorators of `node` that go to the other function.
        """
        copy = self._copies[node]
        assert isinstance(copy, ast.AsyncFunctionDef)
        returns = _unwrapped(copy.returns)
        fields = dict(ast.iter_fields(copy)) | {"returns": returns}
        count = len(copy.decorator_list) - len(moved)
        rest = list(copy.body)
        start = []
        if ast.get_docstring(node, clean=False) is not None:
            start.append(rest.pop(0))
        arguments = dict(ast.iter_fields(copy.args)) | {"defaults": []}
        arguments["kw_defaults"] = [None] * len(copy.args.kwonlyargs)
        wrapper = (
            fields
            | {
                "body": start + parse(f"def _():\n{driving}").body[0].body,  # type: ignore[attr-defined]
                "decorator_list": copy.decorator_list[:count],
            }
        )
        implementation = fields | {
            "name": name,
            "args": ast.arguments(**arguments),
            "body": rest or [ast.Pass()],
            "decorator_list": copy.decorator_list[count:],
        }
        self._replaced[node] = [
            ast.FunctionDef(**wrapper),
            *parse(between).body,
            ast.AsyncFunctionDef(**implementation),
        ]

    def is_met(self, tree: ast.Module) -> bool:
        """Is this the tree that was expected?"""
        for index, statements in sorted(self._inserted, key=lambda entry: -entry[0]):
            self._tree.body[index:index] = statements
        for node, statements in self._replaced.items():
            copy = self._copies[node]
            for _, block in ast.iter_fields(self._copies[self._names.parents[node]]):
                if isinstance(block, list) and copy in block:
                    index = block.index(copy)
                    block[index : index + 1] = statements
        return _is_same(self._tree, tree)


def _unwrapped(returns: ast.expr | None) -> ast.expr | None:
    """Return what comes out of `Awaitable[X]`: X; and everything else as it is."""
    if isinstance(returns, ast.Subscript):
        name = returns.value
        last = name.attr if isinstance(name, ast.Attribute) else None
        if (name.id if isinstance(name, ast.Name) else last) in _AWAITABLES:
            inner = returns.slice
            return inner.elts[-1] if isinstance(inner, ast.Tuple) else inner
    return returns


def _is_same(one: ast.AST, two: ast.AST) -> bool:
    """Are two trees equal but for their positions?"""
    stack: list[tuple[object, object]] = [(one, two)]
    while stack:
        first, second = stack.pop()
        if type(first) is not type(second):
            return False
        if isinstance(first, ast.AST) and isinstance(second, ast.AST):
            stack += [
                (getattr(first, name, None), getattr(second, name, None))
                for name in first._fields
            ]
        elif isinstance(first, list) and isinstance(second, list):
            if len(first) != len(second):
                return False
            stack += zip(first, second)
        elif first != second:
            return False
    return True
