"""Python programs that deploy functions, and what they declare.

A format is one module of this folder with `WORDS`, `runtimes` and `declarations`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.model import Place
    from flake8_lambda_handler.model import RuntimeUse
    from flake8_lambda_handler.programs.values import ProjectModules

#: One of these is in every text that uses a library with which functions are made.
_LIBRARY = re.compile(r"aws_cdk|monocdk")
#: This is in every text that gives a runtime to a function or layer.
_WORD = "untime"


def may_write_runtimes(text: str) -> bool:
    """Return whether a program may write a runtime, by its text alone."""
    return _WORD in text and _LIBRARY.search(text) is not None


def runtimes(module: Module, modules: ProjectModules) -> list[RuntimeUse]:
    """Return the runtimes that a Python file writes for functions and layers."""
    if not may_write_runtimes(module.text):
        return []
    from flake8_lambda_handler.programs import cdk
    from flake8_lambda_handler.programs.visits import Programs

    programs = Programs(modules)
    program = programs.add(module)
    found: dict[tuple[Place, str], RuntimeUse] = {}
    for use in cdk.runtimes(programs, program):
        found.setdefault((use.place, use.identifier), use)
    return sorted(found.values(), key=lambda use: use.place)
