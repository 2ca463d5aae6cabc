"""Whether the two arguments that Lambda gives fit the parameters of a function."""

from __future__ import annotations

import ast


def misfit(
    arguments: ast.arguments, given: int, keywords: set[str], bound: bool
) -> str | None:
    """Return why so many positional arguments do not fit; `None` if they do.

    `bound`: the first of them is the object that a method is bound to.
    """
    positional = [*arguments.posonlyargs, *arguments.args]
    if given > len(positional) and arguments.vararg is None:
        taken = len(positional) - bound
        if taken == 0:
            return "takes no positional argument"
        return f"takes {taken} positional argument{'s' if taken > 1 else ''}"
    required = positional[: len(positional) - len(arguments.defaults)]
    missing = [one.arg for one in required[given:] if one.arg not in keywords]
    missing += [
        one.arg
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        if default is None and one.arg not in keywords
    ]
    if missing:
        return "also requires " + ", ".join(f"`{name}`" for name in missing)
    return None
