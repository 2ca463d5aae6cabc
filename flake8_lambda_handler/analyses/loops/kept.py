"""The loops that outlive an invocation."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.analyses.loops.bound import bindings
from flake8_lambda_handler.analyses.loops.closed import closings
from flake8_lambda_handler.analyses.loops.fetched import fetches
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.flow.path import running_loop


class Kept(NamedTuple):
    """A loop or runner that is kept, and on which a handler runs something."""

    node: ast.AST
    name: str
    #: `event loop` or `runner`.
    what: str
    #: ` (aio.py:3)` when it is made in another file; as in all the facts below.
    where: str


def find(invocation: Invocation) -> list[Kept]:
    """Return the kept loops on which something runs, and of which no more can be said."""
    found: dict[ast.AST, Kept] = {}
    runs = list(invocation.runs_on_loops())
    settled = _settled(invocation) if runs else set()
    for event, loop in runs:
        for origin in invocation.kept_loops(event, loop):
            if origin.node in found or origin.node in settled:
                continue
            node, where = origin.node, ""
            if origin.event.module is not invocation.module:
                node, _ = invocation.place(event)
                where = invocation.origins.where(origin.event)
            name = invocation.origins.name(origin, event)
            found[origin.node] = Kept(node, name, origin.kind, where)
    return list(found.values())


def _settled(invocation: Invocation) -> set[ast.AST]:
    """Return the origins of loops about which a more exact fact is known."""
    found = {origin.node for _, origin in invocation.once(closings)}
    for _, fetch in invocation.once(fetches):
        fetched = invocation.origins.of(fetch.value)
        found.add(fetch.node if fetched is None else fetched.node)
    shared = {origin.node for _, origin in invocation.once(bindings)}
    for event in invocation.origins.everything if shared else ():
        # A loop that shares an object with another one.
        step = running_loop(event.path)
        origin = invocation.origins.of(getattr(event, "value", None))
        loop = invocation.origins.of(step.value) if step is not None else None
        if origin is not None and loop is not None and origin.node in shared:
            found.add(loop.node)
    return found
