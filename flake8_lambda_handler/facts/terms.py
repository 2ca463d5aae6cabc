"""What the bodies of a file do with names, attributes and calls, without their order.

A term is what is left of an expression: the names, attributes and calls that can give
its value. Terms are small, so they are kept while syntax trees are let go.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple


class NameTerm(NamedTuple):
    name: str


class AttributeTerm(NamedTuple):
    owner: Term
    name: str


class CallTerm(NamedTuple):
    function: Term
    args: tuple[Term, ...]
    #: The texts among the positional arguments: `getattr(x, "name")`.
    texts: tuple[str, ...]
    #: What the name begins with that is computed for `getattr(x, f"on_{event}")`.
    beginning: str = ""


class AwaitTerm(NamedTuple):
    """What `await`, or entering with `async with`, gives."""

    term: Term


class TypedTerm(NamedTuple):
    """An object of a class that an annotation names."""

    term: Term


class AnyOf(NamedTuple):
    """One of several, or a container of them."""

    terms: tuple[Term, ...]


class PlainTerm(NamedTuple):
    """A literal, a container or text: no object with methods of the project."""


class RegisteredTerm(NamedTuple):
    """What a function is given and keeps in a container, as registries do."""

    #: The class whose objects keep it. They keep many things: only what is called
    #: matters, if the file gives something async to one of its methods.
    cls: BodyTerms | None = None


class ImportTerm(NamedTuple):
    dotted: str
    level: int
    #: `None` for `import dotted`.
    name: str | None


class NamespaceTerm(NamedTuple):
    """What `import a.b.c` may make of `a`: a folder without `__init__.py`."""

    dotted: str


class FunctionTerm(NamedTuple):
    """What a `def` or `lambda` makes."""

    body: BodyTerms


class ClassTerm(NamedTuple):
    """What a `class` statement makes."""

    body: BodyTerms


Term = (
    NameTerm
    | AttributeTerm
    | CallTerm
    | AwaitTerm
    | TypedTerm
    | AnyOf
    | PlainTerm
    | RegisteredTerm
    | ImportTerm
    | NamespaceTerm
    | FunctionTerm
    | ClassTerm
)

NOTHING = AnyOf(())
PLAIN = PlainTerm()
REGISTERED = RegisteredTerm()


class TermUse(NamedTuple):
    """A term whose value is neither awaited nor returned on the spot."""

    term: Term
    #: The function that it is an argument of.
    callee: Term | None = None
    #: Whether only an attribute or item of it is read.
    is_owner: bool = False
    #: Whether a plain `for` iterates it, or a plain `with` enters it.
    is_plain: bool = False


class BodyTerms:
    """What the body of a module, class or function does, in no order."""

    __slots__ = (
        "annotations",
        "attributes",
        "bases",
        "calls",
        "decorators",
        "driven",
        "first",
        "given",
        "globals",
        "inner",
        "is_async",
        "is_class",
        "is_generator",
        "is_named",
        "module",
        "names",
        "outer",
        "owner",
        "parameters",
        "path",
        "place",
        "returns",
        "stars",
        "uses",
        "yields",
    )

    def __init__(self, node: Any, path: str, outer: BodyTerms | None) -> None:
        #: The file that holds it, and where in it.
        self.path = path
        self.place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        self.outer = outer
        #: The body of its module.
        self.module: BodyTerms = self if outer is None else outer.module
        self.is_class: bool = isinstance(node, ast.ClassDef)
        #: The class whose method it is.
        self.owner = outer if outer is not None and outer.is_class else None
        self.is_named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        self.is_async = isinstance(node, ast.AsyncFunctionDef)
        self.is_generator = False
        self.parameters: frozenset[str] = frozenset()
        #: What their annotations name.
        self.annotations: dict[str, Term] = {}
        #: The first positional parameter: `self`, in a method.
        self.first = ""
        self.decorators: list[Term] = []
        #: Of a class.
        self.bases: list[Term] = []
        #: The bodies in it, lambdas and classes too.
        self.inner: list[BodyTerms] = []
        #: What each of its names can be bound to.
        self.names: dict[str, list[Term]] = {}
        self.globals: set[str] = set()
        #: Of a module: the methods that get a function, with its name, as it is imported.
        self.given: list[tuple[str, str]] = []
        self.stars: list[ImportTerm] = []
        self.returns: list[Term] = []
        self.yields: list[Term] = []
        self.uses: list[TermUse] = []
        #: What is driven on the spot, with what: `await`, `async for` or `async with`.
        self.driven: list[tuple[Term, str]] = []
        self.calls: list[CallTerm] = []
        #: What a class's methods assign to attributes of `self`; or, of a module, what
        #: is assigned to attributes of anything else: with the body that does it.
        self.attributes: dict[str, list[tuple[Term, BodyTerms]]] = {}

    def binds(self, name: str) -> bool:
        """Return whether a name is one of its own, as far as it has been read."""
        return name in self.names or name in self.parameters

    def take_apart(self) -> None:
        """Undo the circles of it and the bodies in it, which nobody uses any more.

        So they go at once, and the garbage collector has less to look through.
        """
        for body in [*self.within()]:
            del body.outer, body.owner, body.module
            body.inner.clear()
            body.names.clear()
            body.attributes.clear()

    def gives(self, cls: BodyTerms) -> bool:
        """Return whether a module gives an async function to a method of a class."""
        return any(
            isinstance(term, FunctionTerm) and term.body.is_async
            for method, name in self.given
            if method in cls.names
            for term in self.names.get(name, ())
        )

    def within(self) -> Iterator[BodyTerms]:
        """Yield it and the bodies in it."""
        stack = [self]
        while stack:
            body = stack.pop()
            yield body
            stack += body.inner
