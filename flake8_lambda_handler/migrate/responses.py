"""Drives the coroutine that a sync handler returns: the fix of LMB202."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from flake8_lambda_handler.migrate.expected import Expected
from flake8_lambda_handler.migrate.imports import asyncio_name
from flake8_lambda_handler.migrate.names import Names
from flake8_lambda_handler.migrate.rewrite import Done
from flake8_lambda_handler.migrate.rewrite import Refusal
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.migrate.source import Edit
from flake8_lambda_handler.migrate.source import Source
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.uses import last_name
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
        Unreadable: the bytes are no valid Python.
    """
    source = Source(data)
    names = Names(source.tree)
    expected = Expected(source.text, names)
    edits: set[Edit] = set()
    done: list[Done] = []
    refusals: list[Refusal] = []
    for line, column, fields in sites:
        name = str(fields.get("name", ""))
        value = _returned(source.tree, line, column)
        if value is None:
            refusals.append(Refusal(line, name, "returns a coroutine in another shape"))
            continue
        asyncio, edit = asyncio_name(source, names, names.local(value))
        if edit is not None and edit not in edits:
            edits.add(edit)
            expected.insert(source.line_at(edit.start), edit.text.strip())
        start, end = source.start(value), source.end(value)
        edits.add(Edit(start, start, f"{asyncio}.run("))
        edits.add(Edit(end, end, ")"))
        expected.wrap(value, f"{asyncio}.run")
        done.append(Done(line, name, "", "run"))
    if not refusals and done:
        new = source.encode(source.edited(edits))
        if expected.is_met(parse(new)):
            return Result(new, tuple(done))
        reason = "cannot be rewritten without touching other code"
        refusals.append(Refusal(done[0].line, done[0].name, reason))
    return Result(data, (), tuple(refusals))


def _returned(tree: ast.Module, line: int, column: int) -> ast.expr | None:
    """Return the call or the name that is the whole value returned at a place."""
    for node in ast.walk(tree):
        value = None
        if isinstance(node, ast.Return):
            value = node.value
        elif isinstance(node, ast.Lambda):
            value = node.body
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            value = node.value.body
        is_here = value is not None and (line, column) in (
            (node.lineno, node.col_offset),  # type: ignore[attr-defined]
            (value.lineno, value.col_offset),
        )
        if is_here and isinstance(value, (ast.Call, ast.Name)):
            if not isinstance(value, ast.Call) or last_name(value.func) not in _FUTURES:
                return value
    return None
