"""Drives the coroutine that a sync handler returns: the fix of LMB202."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_lambda_handler.migrate.draft import Draft
from flake8_lambda_handler.migrate.driving import RUN
from flake8_lambda_handler.migrate.names import last_name
from flake8_lambda_handler.migrate.rewrite import UNFORESEEN
from flake8_lambda_handler.migrate.rewrite import Done
from flake8_lambda_handler.migrate.rewrite import Refusal
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.model import Site

#: Last names of calls that give a future or a task, which `asyncio.run` refuses.
_FUTURES = frozenset(
    {
        "create_task",
        "ensure_future",
        "gather",
        "run_coroutine_threadsafe",
        "run_in_executor",
        "shield",
    }
)


def drive(data: bytes, sites: Sequence[Site]) -> Result:
    """Return the file with `asyncio.run(…)` around what the sites return.

    All sites are rewritten or none of them.

    Raises:
        NoPython: the bytes are no valid Python.
    """
    draft = Draft(data)
    done: list[Done] = []
    refusals: list[Refusal] = []
    values = _returned(draft.names.nodes)
    for line, column, fields in sites:
        name = str(fields.get("name", ""))
        value = values.get((line, column))
        if value is None:
            refusals.append(Refusal(line, name, "returns a coroutine in another shape"))
        else:
            draft.call(f"{draft.asyncio(draft.names.local(value))}.run", value)
            done.append(Done(line, name, "", RUN))
    if done and not refusals:
        new = draft.finish()
        if new is not None:
            return Result(new, tuple(done))
        refusals.append(Refusal(done[0].line, done[0].name, UNFORESEEN))
    return Result(data, (), tuple(refusals))


def _returned(nodes: Sequence[ast.AST]) -> dict[tuple[int, int], ast.expr]:
    """Return the calls and names that are whole values returned, by their places.

    The places are theirs and that of the `return`, the `lambda` or its assignment.
    """
    found: dict[tuple[int, int], ast.expr] = {}
    for node in nodes:
        value = None
        if isinstance(node, ast.Return):
            value = node.value
        elif isinstance(node, ast.Lambda):
            value = node.body
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            value = node.value.body
        if isinstance(value, ast.Call) and last_name(value.func) in _FUTURES:
            continue
        if isinstance(value, (ast.Call, ast.Name)):
            for one in (node, value):
                place = (getattr(one, "lineno", 0), getattr(one, "col_offset", 0))
                found.setdefault(place, value)
    return found
