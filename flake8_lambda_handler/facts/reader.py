"""Read the terms of a file: what its bodies do with names, attributes and calls."""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.facts import hint_terms
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts import import_terms
from flake8_lambda_handler.facts.expression_reader import ExpressionReader
from flake8_lambda_handler.facts.terms import NOTHING
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import ClassTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import TermUse


def read(tree: ast.Module, path: str) -> BodyTerms | None:
    """Return what a module's body does; `None` if it is too deep to tell."""
    body = BodyTerms(tree, path, None)
    try:
        _Reader(body, body, {}).block(tree.body)
    except RecursionError:
        return None
    return body


class _Reader(ExpressionReader):
    """Reads one body; those in it have readers of their own."""

    def stmt_FunctionDef(self, node: Any) -> None:
        inner = self.function(node)
        made = FunctionTerm(inner.body)
        for decorator in node.decorator_list:
            term = self.value(decorator)
            inner.body.decorators.append(term)
            # It is called with the function.
            self.body.calls.append(CallTerm(term, (), ()))
            self.note(TermUse(made, term))
            if self.body is self.module:
                self.module.given.append((hints.last_name(decorator), node.name))
        if node.returns is not None:
            inner.body.returns.append(hint_terms.of(node.returns))
            inner.body.yields.append(hint_terms.yielded(node.returns))
            same = hints.same_as(node)
            if same is not None:
                inner.body.returns.append(NameTerm(same[0]))
            if hints.is_self(node.returns) and inner.body.first:
                inner.body.returns.append(NameTerm(inner.body.first))
        self.bind_name(node.name, made)
        inner.block(node.body)

    stmt_AsyncFunctionDef = stmt_FunctionDef

    def stmt_ClassDef(self, node: ast.ClassDef) -> None:
        body = BodyTerms(node, self.body.path, self.body)
        self.body.inner.append(body)
        body.bases = [self.value(base) for base in node.bases]
        for keyword in node.keywords:
            self.use(keyword.value)
        for decorator in node.decorator_list:
            body.decorators.append(self.use(decorator))
        for name, annotation in hints.kept_by_base(node):
            kept = (hint_terms.of(annotation), self.body)
            body.attributes.setdefault(name, []).append(kept)
        self.bind_name(node.name, ClassTerm(body))
        _Reader(body, self.module, self.shared).block(node.body)

    # -- statements -------------------------------------------------------------------

    def block(self, statements: list[ast.stmt]) -> None:
        # A name may be declared global behind a use of it in a nested block.
        for statement in statements:
            if isinstance(statement, ast.Global):
                self.body.globals.update(statement.names)
        for statement in statements:
            method = getattr(self, "stmt_" + type(statement).__name__, None)
            if method is not None:
                method(statement)
            else:
                self.parts(statement)

    def parts(self, node: ast.AST) -> None:
        """Read the parts of a statement of no special kind."""
        for _, field in ast.iter_fields(node):
            if isinstance(field, ast.expr):
                self.use(field)
            elif isinstance(field, list) and field:
                if isinstance(field[0], ast.stmt):
                    self.block(field)
                else:
                    for item in field:
                        if isinstance(item, ast.expr):
                            self.use(item)
                        elif isinstance(item, ast.AST):
                            self.parts(item)
            elif isinstance(field, ast.AST):
                self.parts(field)

    def stmt_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.body.returns.append(self.value(node.value))

    def stmt_Assign(self, node: ast.Assign) -> None:
        term = self.use(node.value)
        for target in node.targets:
            self.bind(target, term)

    def stmt_AnnAssign(self, node: ast.AnnAssign) -> None:
        declared = hint_terms.of(node.annotation)
        if node.value is not None:
            self.bind(node.target, AnyOf((self.use(node.value), declared)))
        elif declared is not NOTHING:
            self.bind(node.target, declared)

    def stmt_AugAssign(self, node: ast.AugAssign) -> None:
        self.bind(node.target, self.use(node.value))

    def stmt_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                self.value(target)

    def stmt_Raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            self.use(part)

    def stmt_If(self, node: ast.If) -> None:
        while True:
            self.use(node.test)
            self.block(node.body)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
        self.block(node.orelse)

    def stmt_For(self, node: Any) -> None:
        if isinstance(node, ast.AsyncFor):
            self.bind(node.target, self.driven(node.iter, "async for"))
        else:
            self.bind(node.target, self.plain(node.iter))
        self.block(node.body)
        self.block(node.orelse)

    stmt_AsyncFor = stmt_For

    def stmt_With(self, node: Any) -> None:
        for item in node.items:
            if isinstance(node, ast.AsyncWith):
                entered = self.driven(item.context_expr, "async with")
            else:
                term = self.plain(item.context_expr)
                enter = CallTerm(AttributeTerm(term, "__enter__"), (), ())
                leave = CallTerm(AttributeTerm(term, "__exit__"), (), ())
                self.body.calls += [enter, leave]
                entered = AnyOf((term, enter))
            if item.optional_vars is not None:
                self.bind(item.optional_vars, entered)
        self.block(node.body)

    stmt_AsyncWith = stmt_With

    def stmt_Try(self, node: Any) -> None:
        self.block(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.use(handler.type)
            if handler.name:
                self.bind_name(handler.name, NOTHING)
            self.block(handler.body)
        self.block(node.orelse)
        self.block(node.finalbody)

    stmt_TryStar = stmt_Try

    def stmt_Match(self, node: ast.Match) -> None:
        self.use(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.bind_name(name, NOTHING)
            if case.guard is not None:
                self.use(case.guard)
            self.block(case.body)

    def stmt_Import(self, node: Any) -> None:
        for name, term in import_terms.bound(node):
            if name == "*" and isinstance(term, ImportTerm):
                self.module.stars.append(term)
            else:
                self.bind_name(name, term)

    stmt_ImportFrom = stmt_Import
