"""Which files can hold a handler, by setting or by name: from their text alone."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase

from flake8_lambda_handler.settings import Settings

#: What stands for any text in a pattern.
GLOB = re.compile(r"\[.*?\]|[*?]")

#: A definition or assignment; a line of text begins behind its line break.
_NAME = re.compile(
    r"\bdef[ \t]+(?:\w+_)?handler\s*[\[(]|"
    r"(?:^|[\n=;])[ \t]*(?:\w+_)?handler\s*(?::[^\n=]+)?=(?!=)|"
    r"\b(?:\w+_)?handler\s*:="
)
_DECORATOR = re.compile(r"^@\w+\.\w+\(", re.M)


def may_name(text: str, path: str, settings: Settings) -> bool:
    """Return whether a setting or a name can make a function of a file a handler."""
    if settings.handlers:
        module = module_path(path, settings)
        return any(matches(module, pattern) for pattern in settings.handlers)
    at = text.find("handler")
    while at >= 0:
        # Only the lines with the word are looked at closely: most files have none.
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if _NAME.search(text, max(text.rfind("\n", 0, at), 0), end):
            return True
        at = text.find("handler", end)
    return False


def may_decorate(text: str) -> bool:
    """Return whether a decorator of Chalice can make a function of a file a handler."""
    return "chalice" in text and _DECORATOR.search(text) is not None


def module_path(path: str, settings: Settings) -> str:
    """Return a file's module path from the configuration's folder, with slashes."""
    relative = os.path.relpath(path, settings.folder).removesuffix(".py")
    parts = relative.split(os.sep)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return "/".join(parts)


def means(name: str, pattern: str) -> bool:
    """Return whether a pattern means a function; no wildcard begins a private name.

    So `*_handler` leaves alone what `migrate` has made of `lambda_handler`.
    """
    wanted = pattern.rpartition(".")[2]
    is_private = name.startswith("_") and wanted.startswith(("*", "?"))
    return fnmatchcase(name, wanted) and not is_private


def matches(module: str, pattern: str) -> bool:
    """Return whether a module path is one that a pattern means."""
    wanted = pattern.rpartition(".")[0].replace(".", "/")
    return fnmatchcase(module, wanted)
