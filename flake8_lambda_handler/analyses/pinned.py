"""Methods that are plain in the version of a library that a project asks for.

What the tables say is true of newer ones: up to discord.py 1.7 nothing was to be awaited
to add a cog or to load an extension, and what is iterated had methods of its own.

Source: discord.py documentation, "Migrating to v2.0", "Extension and Cog Loading /
Unloading is Now Asynchronous" and "Moving Away From Custom AsyncIterator", read
2026-11-22.
"""

from __future__ import annotations

import re

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries.method_names import OF_EXTENSIONS
from flake8_lambda_handler.session import Session

#: `discord.py==1.7.3`, `discord.py[voice]>=1.5,<2`, `"discord.py" = "^1.5"`.
_BEFORE_2 = re.compile(
    r"(?i)\bdiscord[.-]py\b(?!-)(?:\[[\w, ]*\])?[^\n#;]*?"
    r"(?:(?:(?<![<>!=])==|~=|[~^]|<=|=[ \t]*[\"'])[ \t]*1\.|<[ \t]*2\b)"
)

#: What only code for 1.x says.
_SAID = re.compile(
    r"\.(?:avatar|banner|icon)_url\b|\.avatar_url_as\(|\bfetch_offline_members\b"
    r"|\b(?:bot|client)\.logout\(\)"
)


def is_plain(session: Session, made: Made, module: Module) -> bool:
    """Return whether what made a coroutine makes none in the version that is used."""
    return any(
        isinstance(one, Method)
        and isinstance(one.receiver, Object)
        and one.receiver.type.startswith("discord.")
        and (one.name in OF_EXTENSIONS or made.kind.startswith("async "))
        for one in each(made.callable)
    ) and (
        _SAID.search(module.text) is not None
        or session.project.asks_for(module.path, _BEFORE_2)
    )
