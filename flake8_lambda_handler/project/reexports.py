"""Who may use a module: those that import it, or a package that hands its names on."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module


def users(
    module: Module,
    importers: Mapping[str, list[str]],
    source: Callable[[str], str | None],
    most: int,
) -> list[str]:
    """Return the files that may use a module; none if there are more than `most`.

    `importers` are the files that import each one, and `source` is the text of a file.
    """
    found = list(importers.get(module.path, ()))
    mentions = _definitions(module) if any(map(_is_package, found)) else None
    for package in filter(_is_package, found):
        for path in importers.get(package, ()):
            if path not in found and path != module.path and mentions is not None:
                if _is_package(path) or mentions(source(path) or ""):
                    found.append(path)
        if len(found) > most:
            break
    return found if len(found) <= most else []


def _is_package(path: str) -> bool:
    return os.path.basename(path) == "__init__.py"


def _definitions(module: Module) -> Callable[[str], object]:
    """Return what finds the name of a function or class of a module in a text."""
    names = {getattr(one, "name", "") for one in module.tree.body} - {""}
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\b").search
