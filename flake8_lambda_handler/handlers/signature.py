"""Whether the two arguments that Lambda gives fit the parameters of a function."""

from __future__ import annotations

import ast
from typing import NamedTuple

#: What Lambda gives.
GIVEN = 2


class Misfit(NamedTuple):
    """Why the arguments of Lambda do not fit, and what to write."""

    why: str
    cure: str


def misfit(arguments: ast.arguments, given: int, keywords: set[str]) -> Misfit | None:
    """Return why so many positional arguments do not fit; `None` if they do.

    `given` counts those before Lambda's, too: of a partial, or the object of a method.
    """
    positional = [*arguments.posonlyargs, *arguments.args]
    if given > len(positional) and arguments.vararg is None:
        is_one = len(positional) - given + GIVEN == 1
        taken = "one positional argument" if is_one else "no positional argument"
        return Misfit(f"takes {taken}", "take `event` and `context`")
    required = positional[: len(positional) - len(arguments.defaults)]
    missing = [one.arg for one in required[given:] if one.arg not in keywords]
    missing += [
        one.arg
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        if default is None and one.arg not in keywords
    ]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        what = "a default" if len(missing) == 1 else "defaults"
        return Misfit(f"also requires {names}", f"give {names} {what}")
    return None
