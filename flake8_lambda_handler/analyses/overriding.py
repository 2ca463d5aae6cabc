"""Whether derived classes agree on what a method is."""

from __future__ import annotations

import ast
import os

from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.flow.events import UsedPlainly
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.session import Session

#: Decorators that leave a method what it is, by their last name.
PASSIVE = frozenset({"abstractmethod", "classmethod", "override", "staticmethod"})


def is_async_everywhere(session: Session, made: Made) -> bool:
    """Return whether the method that made a coroutine does so in each derived class.

    It matters where the class of the object is not exactly known: of `self`, and of
    what has its class from an annotation.
    """
    return not any(
        session.once(_is_overridden_by_sync, (one.cls, method.name))
        for method in each(made.callable)
        if isinstance(method, Function) and method.receiver is not None
        for one in each(method.receiver)
        if isinstance(one, Instance) and one.address is None
    )


def is_plain_in_derived(session: Session, event: UsedPlainly) -> bool:
    """Return whether an object may be of a derived class that needs no `async`."""
    value, name = event.value, {"for": "__iter__", "with": "__enter__"}[event.word]
    if not isinstance(value, Instance) or value.address is not None:
        return False
    return session.once(_is_overridden_by_sync, (value.cls, name))


def _is_overridden_by_sync(session: Session, about: tuple[Class, str]) -> bool:
    cls, method = about
    folder = os.path.dirname(cls.module.path)
    for path, derived in session.project.descendants(folder, cls.node.name):
        module = session.project.parse(path)
        if module is None:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and node.name == derived:
                bound = _binding(node, method)
                if bound is None or _is_passive(bound):
                    continue
                found = session.analysis.global_value(module, derived)
                if _derives(found, cls, session):
                    is_async = isinstance(bound, ast.AsyncFunctionDef)
                    if not is_async or not _stays_async(found, method, session):
                        return True
    return False


def _binding(cls: ast.ClassDef, name: str) -> ast.stmt | None:
    """Return what binds a name in the body of a class."""
    for node in cls.body:
        if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)):
            if node.name == name:
                return node
        elif isinstance(node, ast.Assign):
            if any(getattr(one, "id", "") == name for one in node.targets):
                return node
    return None


def _is_passive(bound: ast.stmt) -> bool:
    """Return whether it is an `async def` under decorators that leave it one."""
    return isinstance(bound, ast.AsyncFunctionDef) and all(
        hints.last_name(one) in PASSIVE for one in bound.decorator_list
    )


def _stays_async(found: object, method: str, session: Session) -> bool:
    """Return whether what decorators make of a method of a class is async."""
    if not isinstance(found, Class):
        return False
    value = session.analysis.class_facts(found).find(method)
    return value is not None and all(
        isinstance(one, Function) and one.is_async for one in each(value)
    )


def _derives(found: object, cls: Class, session: Session) -> bool:
    """Return whether a class may be derived from another one."""
    if not isinstance(found, Class):
        return True
    line = session.analysis.class_facts(found).line()
    return any(one.cls.node is cls.node for one in line)
