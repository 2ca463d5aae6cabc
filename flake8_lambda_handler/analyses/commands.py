"""Async functions that console scripts call, which await nothing."""

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

    for name, script in called(session, module).items():
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
