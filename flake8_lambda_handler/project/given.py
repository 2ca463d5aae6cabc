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
_PARAMETERS = r"def[ \t]+\w+\(([^)]*)\)"
_ALL_PARAMETERS = r"def[ \t]+\w+\(([\s\S]{0,2000}?)\)[ \t]*(?:->|:)"
_BESIDE = r"\[[^][]*\]|#.*"
_UNSAID = r"(?:^|,)\s*\*{0,2}(\w+)\s*(?==|,|$)"
_ASSIGNED = r"self\.(\w+)[^=\n]*=[ \t]*(\w+)"
_OWN = r"self\.(\w+)\("
_ALONE = r"class[ \t]+\w+[ \t]*(?:\((?:object)?\))?[ \t]*:"


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


def uses_what_others_say(text: str) -> bool:
    """Return whether it depends on other files what a file calls.

    It may call a method of a parameter without an annotation, or of an item of it, or of
    what an attribute was set to one; or, as mixins do, one that a class without bases does
    not have.
    """
    unsaid: set[str] = set()
    for parameters in re.findall(_ALL_PARAMETERS, text):
        while (shorter := re.sub(_BESIDE, "", parameters)) != parameters:
            parameters = shorter
        unsaid.update(re.findall(_UNSAID, parameters))
    unsaid -= {"self", "cls"}
    for name in unsaid:
        if f"{name}." in text and re.search(rf"(?<![\w.]){name}\.", text):
            return True
        if f"in {name}" in text and re.search(rf"\bin {name}\b", text):
            return True
    if unsaid and any(
        value in unsaid and text.count(f"self.{name}") > 1
        for name, value in re.findall(_ASSIGNED, text)
    ):
        return True
    return re.search(_ALONE, text) is not None and any(
        f"def {name}(" not in text for name in re.findall(_OWN, text)
    )


def calls_methods(text: str, names: Collection[str]) -> bool:
    """Return whether a text calls a method of one of some names, but for those of data."""
    return not (set(re.findall(_METHOD, text)) - _OF_DATA).isdisjoint(names)
