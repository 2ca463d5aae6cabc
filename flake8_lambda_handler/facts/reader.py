"""Read the terms of a file: what its bodies do with names, attributes and calls."""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.facts.terms import NOTHING
from flake8_lambda_handler.facts.terms import PLAIN
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import AwaitTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import ClassTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.facts.terms import NamespaceTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.facts.terms import TermUse

#: Methods that put their arguments into a container.
_ADDING = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "setdefault", "update"}
)


def read(tree: ast.Module, path: str) -> BodyTerms | None:
    """Return what a module's body does; `None` if it is too deep to tell."""
    body = BodyTerms(tree, path, None)
    try:
        _Reader(body, body).block(tree.body)
    except RecursionError:
        return None
    return body


class _Reader:
    """Reads one body; those in it have readers of their own."""

    def __init__(self, body: BodyTerms, module: BodyTerms) -> None:
        self.body = body
        self.module = module

    # -- what is bound ----------------------------------------------------------------

    def bind(self, target: ast.AST, term: Term) -> None:
        if isinstance(target, ast.Name):
            self.bind_name(target.id, term)
        elif isinstance(target, (ast.List, ast.Tuple)):
            for item in target.elts:
                self.bind(item, term)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, term)
        elif isinstance(target, ast.Attribute):
            self.result(target.value)
            self.bind_attribute(target, term)
        elif isinstance(target, ast.Subscript):
            self.use(target.slice)
            self.result(target.value)
            self.add(target.value, term)

    def bind_name(self, name: str, term: Term) -> None:
        body = self.module if name in self.body.globals else self.body
        body.names.setdefault(name, []).append(term)

    def bind_attribute(self, target: ast.Attribute, term: Term) -> None:
        holder = self.module
        if isinstance(target.value, ast.Name) and target.value.id == self.body.first:
            holder = self.body.owner or self.module
        else:
            self.body.patches = True
        holder.attributes.setdefault(target.attr, []).append((term, self.body))

    def add(self, container: ast.expr, term: Term) -> None:
        """Bind what a container holds as if it were the container."""
        while isinstance(container, (ast.Call, ast.Subscript)):
            container = (
                container.func if isinstance(container, ast.Call) else container.value
            )
        if isinstance(container, ast.Attribute):
            self.bind_attribute(container, term)
        elif isinstance(container, ast.Name):
            body: BodyTerms | None = self.body
            while body is not None:
                if container.id in body.names or body.outer is None:
                    body.names.setdefault(container.id, []).append(term)
                    break
                body = body.outer

    # -- expressions ------------------------------------------------------------------

    def use(self, node: ast.expr | None, callee: Term | None = None) -> Term:
        """Return the term of an expression whose value is just there."""
        if node is None:
            return NOTHING
        term = self.value(node)
        if term is not PLAIN and term is not NOTHING:
            self.body.uses.append(TermUse(term, callee))
        return term

    def owner(self, node: ast.expr) -> Term:
        term = self.value(node)
        if term is not PLAIN:
            self.body.uses.append(TermUse(term, is_owner=True))
        return term

    def result(self, node: ast.expr) -> Term:
        """Return the term of what is called or changed; a name is known elsewhere."""
        return self.owner(node) if isinstance(node, ast.Call) else self.value(node)

    def value(self, node: ast.expr) -> Term:
        """Return the term of an expression, and note what its parts do."""
        method = getattr(self, "value_" + type(node).__name__, None)
        if method is not None:
            term: Term = method(node)
            return term
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.use(child)
        return PLAIN

    def value_Constant(self, node: ast.Constant) -> Term:
        return PLAIN

    def value_Name(self, node: ast.Name) -> Term:
        return NameTerm(node.id)

    def value_Attribute(self, node: ast.Attribute) -> Term:
        return AttributeTerm(self.owner(node.value), node.attr)

    def value_Call(self, node: ast.Call) -> Term:
        function = self.result(node.func)
        args = [self.use(argument, function) for argument in node.args]
        args += [self.use(keyword.value, function) for keyword in node.keywords]
        texts = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        call = CallTerm(function, tuple(args), tuple(texts))
        self.body.calls.append(call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING:
            self.add(node.func.value, AnyOf(tuple(args)))
        return call

    def value_Await(self, node: ast.Await) -> Term:
        return AwaitTerm(self.value(node.value))

    def value_Yield(self, node: ast.Yield) -> Term:
        self.body.is_generator = True
        if node.value is not None:
            self.value(node.value)
        return NOTHING

    def value_YieldFrom(self, node: ast.YieldFrom) -> Term:
        self.body.is_generator = True
        self.value(node.value)
        return NOTHING

    def value_Lambda(self, node: ast.Lambda) -> Term:
        inner = self.function(node)
        inner.body.returns.append(inner.value(node.body))
        return FunctionTerm(inner.body)

    def value_IfExp(self, node: ast.IfExp) -> Term:
        self.use(node.test)
        return AnyOf((self.value(node.body), self.value(node.orelse)))

    def value_BoolOp(self, node: ast.BoolOp) -> Term:
        terms = [self.use(value) for value in node.values[:-1]]
        return AnyOf((*terms, self.value(node.values[-1])))

    def value_BinOp(self, node: ast.BinOp) -> Term:
        return AnyOf((self.use(node.left), self.use(node.right), PLAIN))

    def value_NamedExpr(self, node: ast.NamedExpr) -> Term:
        term = self.use(node.value)
        self.bind(node.target, term)
        return term

    def value_Subscript(self, node: ast.Subscript) -> Term:
        self.use(node.slice)
        return self.owner(node.value)

    def value_Starred(self, node: ast.Starred) -> Term:
        return self.value(node.value)

    def value_List(self, node: Any) -> Term:
        return AnyOf((PLAIN, *[self.value(item) for item in node.elts]))

    value_Tuple = value_Set = value_List

    def value_Dict(self, node: ast.Dict) -> Term:
        for key in node.keys:
            self.use(key)
        values = [
            self.use(value) if key is None else self.value(value)
            for key, value in zip(node.keys, node.values)
        ]
        return AnyOf((PLAIN, *values))

    def value_ListComp(self, node: Any) -> Term:
        for generator in node.generators:
            if generator.is_async:
                self.value(generator.iter)
                self.bind(generator.target, NOTHING)
            else:
                self.bind(generator.target, self.use(generator.iter))
            for test in generator.ifs:
                self.use(test)
        if isinstance(node, ast.DictComp):
            self.use(node.key)
            return AnyOf((PLAIN, self.value(node.value)))
        return AnyOf((PLAIN, self.value(node.elt)))

    value_SetComp = value_GeneratorExp = value_DictComp = value_ListComp

    # -- definitions ------------------------------------------------------------------

    def function(self, node: Any) -> _Reader:
        """Return a reader for the body of a function that is defined here."""
        body = BodyTerms(node, self.body.path, self.body)
        self.body.inner.append(body)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        extra = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        every = [*positional, *arguments.kwonlyargs, *extra]
        body.parameters = frozenset([argument.arg for argument in every])
        for default in (*arguments.defaults, *arguments.kw_defaults):
            self.use(default)
        if positional and body.owner is not None:
            body.first = positional[0].arg
        return _Reader(body, self.module)

    def stmt_FunctionDef(self, node: Any) -> None:
        inner = self.function(node)
        made = FunctionTerm(inner.body)
        for decorator in node.decorator_list:
            term = self.value(decorator)
            inner.body.decorators.append(term)
            # It is called with the function.
            self.body.calls.append(CallTerm(term, (), ()))
            self.body.uses.append(TermUse(made, term))
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
        self.bind_name(node.name, ClassTerm(body))
        _Reader(body, self.module).block(node.body)

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
        if node.value is not None:
            self.bind(node.target, self.use(node.value))

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
            self.value(node.iter)
            self.bind(node.target, NOTHING)
        else:
            self.bind(node.target, self.use(node.iter))
        self.block(node.body)
        self.block(node.orelse)

    stmt_AsyncFor = stmt_For

    def stmt_With(self, node: Any) -> None:
        for item in node.items:
            if isinstance(node, ast.AsyncWith):
                entered: Term = AwaitTerm(self.value(item.context_expr))
            else:
                term = self.use(item.context_expr)
                enter = CallTerm(AttributeTerm(term, "__enter__"), (), ())
                leave = CallTerm(AttributeTerm(term, "__exit__"), (), ())
                self.body.calls += [enter, leave]
                entered = AnyOf((term, enter))
            if item.optional_vars is not None:
                self.bind(item.optional_vars, entered)
        self.block(node.body)

    stmt_AsyncWith = stmt_With

    def stmt_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind_name(node.name, NOTHING)

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

    def stmt_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.bind_name(alias.asname, ImportTerm(alias.name, 0, None))
            else:
                root = alias.name.partition(".")[0]
                self.bind_name(root, ImportTerm(root, 0, None))
                if root != alias.name:
                    self.bind_name(root, NamespaceTerm(alias.name))

    def stmt_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            found = ImportTerm(node.module or "", node.level, alias.name)
            if alias.name == "*":
                self.module.stars.append(found)
            else:
                self.bind_name(alias.asname or alias.name, found)
