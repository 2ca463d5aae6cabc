"""Ways through several functions that no call takes.

A method that handles one kind of message itself gives all others to that of its base:
`if isinstance(message, Sync): ... else: super().receive(message)`. What the base does with
the one kind never happens there.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import CoroutineMade
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.values import Address


def unreached(summary: Summary) -> Callable[[Address], bool]:
    """Return what tells of a coroutine whether no call gets to where it is made."""
    ways = functools.cache(functools.partial(_ways, summary))

    def is_unreached(address: Address) -> bool:
        given = _given(address.context)
        found = ways().get(address, []) if given else []
        return bool(found) and all(_contradicts(way, given) for way in found)

    return is_unreached


def _ways(summary: Summary) -> dict[Address, list[Path]]:
    """Return the ways to the coroutines that are made in called functions."""
    found: dict[Address, list[Path]] = {}
    for event in summary.events:
        if isinstance(event, CoroutineMade) and event.depth:
            found.setdefault(event.value.address, []).append(event.path)
    return found


def _given(calls: tuple[ast.AST, ...]) -> set[str]:
    """Return the names that each of some calls hands on."""
    names = [
        {one.id for one in call.args if isinstance(one, ast.Name)}
        for call in calls
        if isinstance(call, ast.Call)
    ]
    return set.intersection(*names) if names else set()


def _contradicts(way: Path, given: set[str]) -> bool:
    """Return whether a condition about handed on names comes out both ways."""
    found: dict[str, bool] = {}
    for step in way:
        decided = paths.decided(step)
        if decided is not None:
            test, outcome = decided
            names = {one.id for one in ast.walk(test) if isinstance(one, ast.Name)}
            text = ast.unparse(test)
            if names & given and found.setdefault(text, outcome) is not outcome:
                return True
    return False
