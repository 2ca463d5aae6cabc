"""Which files may be given something async by others, with nothing async of their own.

As `prefilter` this runs for every file: text alone, and a search for a few words first.
"""

from __future__ import annotations

import re
from collections.abc import Collection

# Compiled when they are first used: most runs of flake8 need none of them.
_METHOD = r"\.(\w+)\("
_OF_DATA = frozenset({*dir(dict), *dir(list), *dir(set), *dir(str)})
_EMPTY = (
    r"self\.(\w+)(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*"
    r"(?:\{\}|\[\]|(?:dict|list|set)\(\)|(?:collections\.)?(?:defaultdict|deque)\()"
)
_KEPT = (
    r"self\.(\w+)(?:\[[^\n]*\]|\.setdefault\([^\n]*\))?"
    r"(?:\.(?:append|add|insert)\(|[ \t]*=[ \t]*)(?:\w+, ?)?(\w+)\)?[ \t]*\n"
)
_PARAMETERS = r"\bdef[ \t]+\w+\(([^)]*)\)"


def keeps_functions(text: str) -> bool:
    """Return whether methods may keep in containers of their object what they are given."""
    empty = set(re.findall(_EMPTY, text))
    if not empty:
        return False
    kept = {value for name, value in re.findall(_KEPT, text) if name in empty}
    return bool(kept) and any(
        not kept.isdisjoint(re.findall(r"\w+", parameters))
        for parameters in re.findall(_PARAMETERS, text)
    )


def calls_methods(text: str, names: Collection[str]) -> bool:
    """Return whether a text calls a method of one of some names, but for those of data."""
    return not (set(re.findall(_METHOD, text)) - _OF_DATA).isdisjoint(names)
