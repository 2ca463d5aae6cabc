"""The forms in which `check` writes findings, one module for each.

A module has `texts`: it gets the findings one after the other and gives the pieces of
the output, each as soon as it can. `IS_FOR_PEOPLE` says that lines of text may follow.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names() -> list[str]:
    """Return the names of all forms, as `--format` takes them."""
    return sorted(entry.name for entry in pkgutil.iter_modules(__path__))


def load(name: str) -> ModuleType:
    """Return one form; only the one that is asked for gets imported."""
    return importlib.import_module(f"{__name__}.{name}")
