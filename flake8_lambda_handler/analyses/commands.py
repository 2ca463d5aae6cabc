"""Async functions that commands call, which await nothing.

Those of console scripts, and those that Click and Typer make commands of: run with Click
8.5.1 and Typer 0.29.2, 2026-11-22.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.project import commands
from flake8_lambda_handler.session import Session


def never_awaited(
    session: Session, module: Module
) -> Iterator[tuple[ast.AsyncFunctionDef, str]]:
    """Yield the async functions that console scripts call, each with such a script."""
    from flake8_lambda_handler.facts.bindings import last_binding
    from flake8_lambda_handler.flow.values import Function

    for name, script in session.once(called, module).items():
        node = last_binding(module.tree, name)
        if isinstance(node, ast.AsyncFunctionDef):
            value = session.analysis.global_value(module, name)
            if isinstance(value, Function) and value.is_async:
                yield node, script


def called(session: Session, module: Module) -> dict[str, str]:
    """Return the names of a file that console scripts may call, each with one's name.

    Through the files that pass them on, too; nothing, if no name is an async function.
    """
    if "async def " not in module.text:
        return {}
    project, here = session.project, os.path.dirname(module.path)
    folder = commands.above(project.tree(here), here)
    found: dict[str, str] = {}
    for one in session.once(_declared, folder) if folder else ():
        entry = project.find_path(folder, one.module, 0)
        home = project.home(entry, one.function) if entry else None
        if home is not None and home[0] == module.path:
            found.setdefault(home[1], one.name)
    return {name: found[name] for name in found if f"async def {name}" in module.text}


def _declared(session: Session, folder: str) -> list[commands.Command]:
    return commands.declared_in(folder)


#: What asks for the coroutine that a command of Click returns.
_ASKING = ("result_callback", "resultcallback", "standalone_mode")

#: Methods of groups of Click, and of Typer, that decorate a command.
_METHODS = frozenset({"callback", "command", "group"})

#: What decorates a function of the first, and makes a group of one of the second.
_DECORATORS = frozenset({"click.command", "click.group"})
_GROUPS = frozenset({"click.group", "click.Group", "typer.Typer"})


def may_be_called(text: str) -> bool:
    """Return whether a file may make commands of Click or Typer of async functions."""
    is_async = "async def " in text and "command" in text
    return is_async and ("click" in text or "typer" in text)


def of_libraries(
    session: Session, module: Module
) -> Iterator[tuple[ast.AsyncFunctionDef, str]]:
    """Yield the async functions that Click or Typer calls, each with its name."""
    if not may_be_called(module.text):
        return
    from flake8_lambda_handler.facts.bindings import bindings

    for _, node in bindings(module.tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.decorator_list:
            first, *others = node.decorator_list
            library = _library(session, module, first)
            if library and all(
                _origin(session, module, one).startswith("click.") for one in others
            ):
                folder = os.path.dirname(module.path)
                mentioning = session.project.mentioning
                if all(mentioning(folder, word) == [] for word in _ASKING):
                    yield node, library


def _library(session: Session, module: Module, decorator: ast.expr) -> str:
    """Return what a decorator makes a command of; nothing if that may run coroutines."""
    if _has_class(decorator):
        return ""
    if _origin(session, module, decorator) in _DECORATORS:
        return "Click"
    method = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(method, ast.Attribute) or method.attr not in _METHODS:
        return ""
    return _group(session, module, method.value)


def _group(session: Session, module: Module, node: ast.expr) -> str:
    """Return the library of a group that stands under a name, here or elsewhere."""
    from flake8_lambda_handler.facts.bindings import last_binding

    home = None
    if isinstance(node, ast.Name):
        home = session.project.home(module.path, node.id)
    bound = home and session.project.parse(home[0])
    if home is None or bound is None:
        return ""
    made = last_binding(bound.tree, home[1])
    if isinstance(made, ast.Assign):
        makers = [made.value]
    else:
        makers = getattr(made, "decorator_list", [])[:1]
    for maker in makers:
        origin = _origin(session, bound, maker)
        if origin in _GROUPS and not _has_class(maker):
            return "Typer" if origin.startswith("typer") else "Click"
    return ""


def _has_class(node: ast.expr) -> bool:
    """Return whether a call gives the class of the command, which may await."""
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return any(one.arg in (None, "cls") for one in keywords)


def _origin(session: Session, module: Module, node: ast.expr) -> str:
    """Return the dotted name of what is called, from outside the project."""
    node = node.func if isinstance(node, ast.Call) else node
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    from flake8_lambda_handler.flow.values import External

    value = session.analysis.global_value(module, node.id)
    if not isinstance(value, External):
        return ""
    return ".".join([value.name, *reversed(names)])
