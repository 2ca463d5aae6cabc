"""Plain methods that a class calls for nothing, and a derived class makes async."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.analyses import never_run
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.screening import hooks
from flake8_lambda_handler.session import Session


class Dropped(NamedTuple):
    """A call of a method whose result nobody takes, though a derived class is async."""

    node: ast.Call
    #: Whether the method that calls it can await.
    is_in_async: bool
    #: The method of the derived class.
    method: Function

    @property
    def name(self) -> str:
        return f"`{ast.unparse(self.node.func)}()`"

    def fate(self, module: Module) -> str:
        """Return what becomes of the coroutine, as seen from a file."""
        method = self.method
        place = paths.from_file(method.module, method.node, module)
        owner = "" if method.owner is None else f" of `{method.owner.node.name}`"
        return f"is never awaited, and `{method.name}`{owner} is async ({place})"

    @property
    def cure(self) -> str:
        if self.is_in_async:
            return f"make each `{self.method.name}` async and `await` it"
        return f"make each `{self.method.name}` a plain function"


def dropped(session: Session, module: Module) -> Iterator[Dropped]:
    """Yield the calls of a class's own plain methods that make a coroutine elsewhere."""
    for hook in hooks.of(session.project, module.path):
        yield from _dropped_in(session, module, *hook)


def _dropped_in(
    session: Session, module: Module, cls: BodyTerms, caller: BodyTerms, hook: str
) -> Iterator[Dropped]:
    calls = list(_statements(module, caller, hook))
    method = _async_in_derived(session, module, cls, caller, hook) if calls else None
    if method is not None:
        for node, is_in_async in calls:
            if not never_run.is_asked(module, node, near=True):
                yield Dropped(node, is_in_async, method)


def _statements(
    module: Module, caller: BodyTerms, hook: str
) -> Iterator[tuple[ast.Call, bool]]:
    """Yield the statements of a method that only call another one of its object."""
    for function in module.functions:
        if (function.lineno, function.col_offset) == caller.place:
            for node in ast.walk(function):
                call = node.value if isinstance(node, ast.Expr) else None
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr == hook
                    and isinstance(call.func.value, ast.Name)
                    and call.func.value.id == caller.first
                ):
                    yield call, isinstance(function, ast.AsyncFunctionDef)


def _async_in_derived(
    session: Session, module: Module, cls: BodyTerms, caller: BodyTerms, hook: str
) -> Function | None:
    """Return an async method that a derived class has for a plain one of a class.

    The derived class must leave alone the method that calls it, and what leads there.
    """
    home = next((one for one in _classes(module) if _place(one) == cls.place), None)
    if home is None:
        return None
    folder = os.path.dirname(module.path)
    for path, derived in session.project.descendants(folder, home.name):
        where = module if path == module.path else session.project.parse(path)
        found = where and session.analysis.global_value(where, derived)
        if isinstance(found, Class):
            method = _overriding(session, found, home, cls, caller, hook)
            if method is not None:
                return method
    return None


def _overriding(
    session: Session,
    derived: Class,
    home: ast.ClassDef,
    cls: BodyTerms,
    caller: BodyTerms,
    hook: str,
) -> Function | None:
    method: Function | None = None
    overridden: set[str] = set()
    if session.analysis.class_facts(derived).has_metaclass:
        return None  # it may give its objects other methods
    for facts in session.analysis.class_facts(derived).line():
        if facts.cls.node is home:
            used = _reached(cls, overridden) - overridden
            return method if _name(cls, caller) in used else None
        for name in (hook, *cls.names):
            if name in facts.namespace and name not in overridden:
                overridden.add(name)
                bound = facts.namespace[name]
                if name == hook:
                    method = _plainly_async(bound)
                    if method is None:
                        return None
    return None


def _plainly_async(bound: Value) -> Function | None:
    """Return an async method, unless a decorator may make something else of it."""
    node = bound.node if isinstance(bound, Function) else None
    is_plain = isinstance(node, ast.AsyncFunctionDef) and not node.decorator_list
    return bound if is_plain and isinstance(bound, Function) else None


def _name(cls: BodyTerms, method: BodyTerms) -> str:
    """Return the name of a method of a class."""
    for name, terms in cls.names.items():
        if any(isinstance(one, FunctionTerm) and one.body is method for one in terms):
            return name
    return ""


#: What only plain code calls: objects of an async class are entered by `async with`.
_PLAIN = frozenset({"__del__", "__enter__", "__exit__"})


def _reached(cls: BodyTerms, overridden: set[str]) -> set[str]:
    """Return the methods of a class that anybody may call, or that these call.

    Those of some names are not its own.
    """
    methods = {
        name: [one.body for one in terms if isinstance(one, FunctionTerm)]
        for name, terms in cls.names.items()
        if name not in overridden
    }
    found = [
        name
        for name in methods
        if not name.startswith("_") or name.endswith("__") and name not in _PLAIN
    ]
    for name in found:
        for method in methods.get(name, ()):
            found += set(hooks.called(method, method.calls)).difference(found)
    return set(found)


def _classes(module: Module) -> Iterator[ast.ClassDef]:
    for scope in module.scopes.values():
        if isinstance(scope.node, ast.ClassDef):
            yield scope.node


def _place(node: ast.ClassDef) -> tuple[int, int]:
    return node.lineno, node.col_offset
