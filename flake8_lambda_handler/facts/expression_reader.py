"""Read the terms of expressions, and what they bind."""

from __future__ import annotations

import ast
import builtins
from typing import Any
from typing import TypeVar

from flake8_lambda_handler.facts import hint_terms
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.bindings import global_item
from flake8_lambda_handler.facts.bindings import is_own_module
from flake8_lambda_handler.facts.reads import DEFAULTING
from flake8_lambda_handler.facts.terms import NOTHING
from flake8_lambda_handler.facts.terms import PLAIN
from flake8_lambda_handler.facts.terms import REGISTERED
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import AwaitTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import RegisteredTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.facts.terms import TermUse

Reader = TypeVar("Reader", bound="ExpressionReader")

#: Methods that put their arguments into a container.
ADDING = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "setdefault", "update"}
)

#: Those of them that say first where to put it.
_PLACING = frozenset({"insert", "setdefault"})

#: What other names for annotations may start with, to say what must be awaited.
_HINTS = frozenset({"Annotated", "Callable", "Optional", "Union"})


class ExpressionReader:
    """Reads the expressions of one body; those in it have readers of their own.

    A file says the same thing many times: each term of names and attributes is made
    once, and `shared` between the readers of a file.
    """

    def __init__(
        self, body: BodyTerms, module: BodyTerms, shared: dict[object, Term]
    ) -> None:
        self.body = body
        self.module = module
        self.shared = shared
        self._noted: set[tuple[int, int, bool, bool]] = set()

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
            container = self.result(target.value)
            self.add(target.value, term)
            if getattr(container, "name", "") in self.body.parameters:
                self.note(TermUse(term, AttributeTerm(container, "setdefault")))

    def bind_name(self, name: str, term: Term) -> None:
        body = self.module if name in self.body.globals else self.body
        body.names.setdefault(name, []).append(term)

    def bind_attribute(self, target: ast.Attribute, term: Term) -> None:
        holder = self.module
        if isinstance(target.value, ast.Name) and target.value.id == self.body.first:
            holder = self.body.owner or self.module
        holder.attributes.setdefault(target.attr, []).append((term, self.body))

    def add(self, container: ast.expr, term: Term, *, is_item: bool = True) -> None:
        """Bind what a container holds as if it were the container.

        `is_item` says that it stands under a key, or in a list under one.
        """
        is_item = is_item or isinstance(container, (ast.Call, ast.Subscript))
        while isinstance(container, (ast.Call, ast.Subscript)):
            if isinstance(container, ast.Subscript):
                container = container.value
                continue
            container = container.func
            if isinstance(container, ast.Attribute) and container.attr in DEFAULTING:
                container = container.value
        given = term.function if isinstance(term, CallTerm) else term
        is_given = isinstance(given, NameTerm) and given.name in self.body.parameters
        if isinstance(container, ast.Attribute):
            self.bind_attribute(container, term)
            if is_given and is_item:
                self.register(container)
        elif isinstance(container, ast.Name):
            body = self.body
            while body.outer is not None and not body.binds(container.id):
                body = body.outer
            if hasattr(builtins, container.id) and not body.binds(container.id):
                return  # `super().setdefault(...)`
            if is_given and body is not self.body:
                term = REGISTERED
            body.names.setdefault(container.id, []).append(term)

    def register(self, container: ast.Attribute) -> None:
        """Bind a container of an object to what a method around puts into it."""
        method: BodyTerms | None = self.body
        while method is not None and not method.first:
            method = method.outer
        cls = method and method.owner
        if cls and method and getattr(container.value, "id", None) == method.first:
            term = RegisteredTerm(cls)
            if container.attr in cls.names:
                cls.names[container.attr].append(term)
            else:
                cls.attributes.setdefault(container.attr, []).append((term, cls))

    # -- expressions ------------------------------------------------------------------

    def use(self, node: ast.expr | None, callee: Term | None = None) -> Term:
        """Return the term of an expression whose value is just there."""
        if node is None:
            return NOTHING
        term = self.value(node)
        if term is not NOTHING:
            self.note(TermUse(term, callee))
        return term

    def note(self, use: TermUse) -> None:
        """Note a use, once in a body."""
        key = (id(use.term), id(use.callee), use.is_owner, use.is_plain)
        if use.term is not PLAIN and key not in self._noted:
            self._noted.add(key)
            self.body.uses.append(use)

    def plain(self, node: ast.expr) -> Term:
        """Return the term of what a plain `for` or `with` uses."""
        term = self.use(node)
        self.note(TermUse(term, is_plain=True))
        return term

    def driven(self, node: ast.expr, driver: str) -> Term:
        """Return the term of what driving something on the spot gives."""
        term = self.value(node)
        self.body.driven.append((term, driver))
        return AwaitTerm(term)

    def owner(self, node: ast.expr) -> Term:
        term = self.value(node)
        self.note(TermUse(term, is_owner=True))
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
        found = self.shared.get(node.id)
        if found is None:
            found = self.shared[node.id] = NameTerm(node.id)
        return found

    def value_Attribute(self, node: ast.Attribute) -> Term:
        if is_own_module(node.value):
            return NameTerm(node.attr)
        owner = self.owner(node.value)
        if not isinstance(owner, (AttributeTerm, NameTerm)):
            return AttributeTerm(owner, node.attr)
        key = (id(owner), node.attr)
        found = self.shared.get(key)
        if found is None:
            found = self.shared[key] = AttributeTerm(owner, node.attr)
        return found

    def value_Call(self, node: ast.Call) -> Term:
        function = self.result(node.func)
        args = [self.use(argument, function) for argument in node.args]
        args += [self.use(keyword.value, function) for keyword in node.keywords]
        texts = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            self.asked(node.args)
        is_asked = isinstance(node.func, ast.Name) and node.func.id == "getattr"
        beginning = hints.beginning(node.args[1:2]) if is_asked else ""
        call = CallTerm(function, tuple(args), tuple(texts), beginning)
        self.body.calls.append(call)
        if self.body is self.module and isinstance(node.func, ast.Attribute):
            names = [one.id for one in node.args if isinstance(one, ast.Name)]
            self.module.given += [(node.func.attr, name) for name in names]
        if isinstance(node.func, ast.Attribute) and node.func.attr in ADDING:
            # The first of two is the key, or the place.
            first = node.func.attr in _PLACING
            for argument in args[first:]:
                self.add(node.func.value, argument, is_item=False)
        name = hints.last_name(node)
        if name == "cast" and node.args:
            return AnyOf((hint_terms.of(node.args[0]), call))
        if name == "TypeVar":
            bound = [one.value for one in node.keywords if one.arg == "bound"]
            return AnyOf(tuple(map(hint_terms.of, bound)))
        return call

    def value_Await(self, node: ast.Await) -> Term:
        return self.driven(node.value, "await")

    def value_Yield(self, node: ast.Yield) -> Term:
        self.body.is_generator = True
        if node.value is not None:
            self.body.yields.append(self.value(node.value))
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
        if getattr(node.value, "id", getattr(node.value, "attr", "")) in _HINTS:
            return hint_terms.of(node)
        name = global_item(node)
        if name is not None:
            return NameTerm(name)
        self.use(node.slice)
        return self.owner(node.value)

    def value_Starred(self, node: ast.Starred) -> Term:
        # Items of it, and not what holds them.
        return AnyOf((self.result(node.value),))

    def value_List(self, node: Any) -> Term:
        return AnyOf((PLAIN, *[self.value(item) for item in node.elts]))

    value_Tuple = value_Set = value_List

    def value_Dict(self, node: ast.Dict) -> Term:
        terms: list[Term] = [PLAIN]
        for key, value in zip(node.keys, node.values):
            self.use(key)
            terms.append(self.value(value) if key else self.use(value))
        return AnyOf(tuple(terms))

    def value_ListComp(self, node: Any) -> Term:
        for generator in node.generators:
            if generator.is_async:
                self.bind(generator.target, self.driven(generator.iter, "async for"))
            else:
                self.bind(generator.target, self.plain(generator.iter))
            for test in generator.ifs:
                self.use(test)
        if isinstance(node, ast.DictComp):
            self.use(node.key)
            return AnyOf((PLAIN, self.value(node.value)))
        return AnyOf((PLAIN, self.value(node.elt)))

    value_SetComp = value_GeneratorExp = value_DictComp = value_ListComp

    def asked(self, args: list[ast.expr]) -> None:
        """Note that a name may hold an instance of what `isinstance` asks for."""
        if len(args) == 2 and isinstance(args[0], ast.Name):
            name = args[0].id
            if name in self.body.parameters or name in self.body.names:
                self.bind_name(name, hint_terms.of(args[1]))

    def function(self: Reader, node: Any) -> Reader:
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
        for argument in every:
            if argument.annotation is not None:
                body.annotations[argument.arg] = hint_terms.of(argument.annotation)
        bases = [getattr(one, "name", "") for one in self.body.bases]
        for name, said in hints.unsaid(node, bases).items():
            body.annotations[name] = hint_terms.of(said)
        return type(self)(body, self.module, self.shared)
