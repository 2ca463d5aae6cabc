"""The kept clients, connections and pools that are closed, and used again later."""

from __future__ import annotations

import ast
from typing import TypeGuard

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops.closed import Closed
from flake8_lambda_handler.analyses.loops.closed import told
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.libraries.clients import CLOSABLE

#: Attributes that tell whether an object is open; who asks may open another one.
ASKING = frozenset(
    {"cache_clear", "closed", "is_closed", "is_connected", "is_open", "open"}
)

#: Methods that open it again.
OPENING = frozenset({"connect", "ping", "reconnect"})


def find(invocation: Invocation) -> list[Closed]:
    """Return the places that close what the next invocation uses."""
    found: dict[ast.AST, Closed] = {}
    for event in invocation.events:
        if event.node in found or not _closes(event):
            continue
        origins = invocation.origins.kept(event, event.value)
        if len(origins) == 1 and _is_used_again(invocation, event, origins[0]):
            (origin,) = origins
            name = invocation.origins.name(origin, event)
            known = CLOSABLE[origin.made.type]
            error = known.error
            if isinstance(event, Entered) and known.reopening:
                error = known.reopening
            fact = told(invocation, event, origin, name, "closed", SECOND, error)
            found[event.node] = fact._replace(kind=known.kind)
    return list(found.values())


def _closes(event: Event) -> TypeGuard[Entered | Used]:
    """Return whether an event ends the life of an object."""
    known = CLOSABLE.get(getattr(getattr(event, "value", None), "type", ""))
    if known is None:
        return False
    if isinstance(event, Entered):
        # An `await` enters it through a stack, which may go on after the invocation.
        return known.by_with and not isinstance(event.node, ast.Await)
    return isinstance(event, Used) and event.name in known.closing


def _is_used_again(invocation: Invocation, close: Event, origin: Origin) -> bool:
    """Return whether the next invocation uses an object, and nobody opens it again."""
    known = CLOSABLE.get(origin.made.type)
    about = [
        event
        for event in invocation.events
        if isinstance(event, Used)
        and (one := invocation.origins.of(event.value)) is not None
        and one.node is origin.node
    ]
    return (
        known is not None
        and any(
            event.name in known.using and not paths.excludes(event, close)
            for event in about
        )
        and not any(event.name in OPENING for event in about)
        and not _is_asked_for(invocation, origin)
    )


def _is_asked_for(invocation: Invocation, origin: Origin) -> bool:
    """Return whether the code asks in what state something is."""
    scopes = {event.frame.scope for event in (*invocation.events, origin.event)}
    return any(
        isinstance(node, ast.Attribute) and node.attr in ASKING
        for scope in scopes
        if isinstance(scope, FUNCTIONS)
        for node in ast.walk(scope)
    )
