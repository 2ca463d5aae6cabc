"""A file as it is changed: its text and, beside it, the tree that this has to give."""

from __future__ import annotations

import ast
from collections.abc import Collection
from collections.abc import Sequence

from flake8_lambda_handler.migrate.imports import asyncio_name
from flake8_lambda_handler.migrate.names import TreeNames
from flake8_lambda_handler.migrate.source import Edit
from flake8_lambda_handler.migrate.source import SourceText
from flake8_lambda_handler.migrate.source import parse

_AWAITABLES = frozenset({"Awaitable", "Coroutine"})


class Draft:
    """One file, its edits, and a copy of its tree that is changed with them.

    Methods take nodes of the file as it is, and statements as Python text.

    Raises:
        NoPython: the bytes are no valid Python.
    """

    def __init__(self, data: bytes) -> None:
        self.source = SourceText(data)
        self.names = TreeNames(self.source.tree)
        self._edits: set[Edit] = set()
        self._tree = parse(self.source.text)
        self._copies = dict(zip(self.names.nodes, ast.walk(self._tree)))
        #: What stands in the place of a statement of the copy.
        self._instead: dict[ast.AST, list[ast.stmt]] = {}
        self._parents: set[ast.AST] = set()
        self._inserted: list[tuple[int, list[ast.stmt]]] = []

    def finish(self) -> bytes | None:
        """Return the bytes of the changed file; None if they mean what is not meant."""
        for index, statements in sorted(self._inserted, key=lambda entry: -entry[0]):
            self._tree.body[index:index] = statements
        for parent in self._parents:
            for _, block in ast.iter_fields(parent):
                if isinstance(block, list):
                    block[:] = [
                        new for old in block for new in self._instead.get(old, [old])
                    ]
        try:
            data = self.source.encode(self.source.edited(self._edits))
            return data if _is_same(self._tree, parse(data)) else None
        except (ValueError, RecursionError, MemoryError, SyntaxError):
            return None

    def edit(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of `text[start:end]`, and leave the tree."""
        self._edits.add(Edit(start, end, text))

    def asyncio(self, taken: Collection[str]) -> str:
        """Return the name of asyncio where `taken` mean something else; import it."""
        name, edit = asyncio_name(self.source, self.names, taken)
        if edit is not None and edit not in self._edits:
            self._edits.add(edit)
            line = self.source.line_at(edit.start)
            index = sum(node.lineno < line for node in self.names.tree.body)
            self._inserted.append((index, parse(edit.text.strip()).body))
        return name

    def rename(self, node: ast.Name | ast.Attribute, name: str) -> None:
        """Let a name, or the last part of an attribute, be another one."""
        copy = self._copies[node]
        start, end = self.source.start(node), self.source.end(node)
        if isinstance(copy, ast.Attribute):
            start = end - len(copy.attr)
            copy.attr = name
        elif isinstance(copy, ast.Name):
            copy.id = name
        self.edit(start, end, name)

    def add_keywords(
        self, call: ast.Call, added: Sequence[tuple[str, ast.expr]]
    ) -> None:
        """Hand more keyword arguments to a call."""
        text = ", ".join(f"{name}={ast.unparse(value)}" for name, value in added)
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        at = max(map(self.source.end, given), default=self.source.end(call) - 1)
        self.edit(at, at, f", {text}" if given else text)
        copy = self._copies[call]
        assert isinstance(copy, ast.Call)
        copy.keywords += [ast.keyword(name, value) for name, value in added]

    def import_as(self, alias: ast.alias, name: str, local: str) -> None:
        """Import something else in the place of what is imported, under any name."""
        start, end = self.source.start(alias), self.source.end(alias)
        self.edit(start, end, f"{name} as {local}")
        self._import(alias, [ast.alias(name, local)])

    def import_too(self, alias: ast.alias, name: str, local: str) -> None:
        """Import something more behind what is imported."""
        end = self.source.end(alias)
        self.edit(end, end, f", {name}" if name == local else f", {name} as {local}")
        more = ast.alias(name, None if name == local else local)
        self._import(alias, [ast.alias(alias.name, alias.asname), more])

    def _import(self, alias: ast.alias, names: list[ast.alias]) -> None:
        statement = self._copies[self.names.parents[alias]]
        assert isinstance(statement, ast.ImportFrom)
        index = statement.names.index(self._copies[alias])  # type: ignore[arg-type]
        statement.names[index : index + 1] = names

    def call(self, function: str, node: ast.expr) -> None:
        """Make an expression the argument of a call."""
        start, end = self.source.start(node), self.source.end(node)
        self.edit(start, start, f"{function}(")
        self.edit(end, end, ")")
        copy = self._copies[node]
        call = parse(f"{function}()").body[0].value  # type: ignore[attr-defined]
        call.args = [copy]
        parent = self._copies[self.names.parents[node]]
        for field, value in ast.iter_fields(parent):
            if value is copy:
                setattr(parent, field, call)

    def make_sync(
        self, node: ast.AsyncFunctionDef, end: int, text: str, *, is_unwrapped: bool
    ) -> None:
        """Drop the word `async`, and `Awaitable[…]` from what the function returns.

        `text` is put in the place of what stands from that word to `end`.
        """
        self.edit(self.source.start(node), end, text)
        fields = dict(ast.iter_fields(self._copies[node]))
        if is_unwrapped:
            fields["returns"] = _unwrapped(fields["returns"])
        self._replace(node, [ast.FunctionDef(**fields)])

    def split(
        self,
        node: ast.AsyncFunctionDef,
        name: str,
        driving: str,
        between: str,
        moved: Sequence[ast.expr],
    ) -> None:
        """Expect that the function ends with `driving`, and another has its body.

        `moved` are the decorators of `node` that go to the other function.
        """
        copy = self._copies[node]
        assert isinstance(copy, ast.AsyncFunctionDef)
        fields = dict(ast.iter_fields(copy)) | {"returns": _unwrapped(copy.returns)}
        count = len(copy.decorator_list) - len(moved)
        has_docstring = ast.get_docstring(node, clean=False) is not None
        body: list[ast.stmt] = parse(f"def _():\n{driving}").body[0].body  # type: ignore[attr-defined]
        arguments = dict(ast.iter_fields(copy.args)) | {"defaults": []}
        arguments["kw_defaults"] = [None] * len(copy.args.kwonlyargs)
        wrapper = {
            "body": copy.body[:has_docstring] + body,
            "decorator_list": copy.decorator_list[:count],
        }
        implementation = {
            "name": name,
            "args": ast.arguments(**arguments),
            "body": copy.body[has_docstring:] or [ast.Pass()],
            "decorator_list": copy.decorator_list[count:],
        }
        statements = [
            ast.FunctionDef(**fields | wrapper),
            *parse(between).body,
            ast.AsyncFunctionDef(**fields | implementation),
        ]
        self._replace(node, statements)

    def _replace(self, node: ast.AST, statements: list[ast.stmt]) -> None:
        self._instead[self._copies[node]] = statements
        self._parents.add(self._copies[self.names.parents[node]])


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
