"""The kept objects that are used under a loop that is not their own."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops import waiting
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import IMPORT
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.analyses.loops.invocation import Invocation
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.flow.events import Configured
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import carriers

#: Objects that are bound only when somebody has to wait for them.
PRIMITIVES = re.compile(
    r"(?:asyncio|anyio)\.(?:Lock|Semaphore|BoundedSemaphore|Condition|Event|Barrier|"
    r"CapacityLimiter|Queue|LifoQueue|PriorityQueue)"
)


#: Methods that end the life of an object: the next invocation makes its own. The context
#: of a bot of aiogram closes its session.
CLOSERS = frozenset(
    {"aclose", "close", "context", "disconnect", "dispose", "pop_all", "shutdown"}
    | {"terminate", "__aexit__"}
)

#: Parts without which an object starts anew.
_PARTS = frozenset({"aiogram.client.session.base.BaseSession"})


#: Arguments that can keep an object from holding a connection, and so a loop.
POOL_ARGUMENTS = frozenset({"http_client", "limits", "poolclass", "transport"})


#: What the addresses of databases begin with whose connections belong to no loop: aiosqlite
#: has threads of its own, psycopg looks for the loop each time. Run with SQLAlchemy 2.1,
#: aiosqlite 0.22 and psycopg 3.3, 2026-11-22.
FREE_DRIVERS = ("postgresql+psycopg", "sqlite")


#: Calls that do nothing before they are driven.
ASYNC_KINDS = async_apis.KINDS - {"plain"}


#: Up to this version, a lock belongs to the current loop of its construction.
BOUND_WHEN_MADE = (3, 9)


_LOOP_KEYS = re.compile(
    r"\b(?:get_running_loop|get_event_loop|_loop|get_loop|current_task|is_closed)\b"
)


class Bound(NamedTuple):
    """A kept object that is used under a loop that is new for each invocation."""

    #: Where it is made; where it is used if that is in a file that is imported.
    node: ast.AST
    name: str
    type: str
    when: str
    #: Whether it fails only when somebody has to wait for it.
    waits: bool
    where: str
    #: Its first use: `SESSION.get()` (line 12).
    use: str


def find(invocation: Invocation) -> list[Bound]:
    """The first use of each kept object under a loop that is new each time."""
    return [fact for fact, _ in invocation.once(bindings)]


def bindings(invocation: Invocation) -> list[tuple[Bound, Origin]]:
    found: dict[ast.AST, tuple[Bound, Origin]] = {}
    if invocation.allows_nesting:
        return []
    crowds: dict[ast.AST, waiting.Crowd] = {}
    for event in invocation.events:
        if not isinstance(event, (Used, Entered)) or not invocation.is_fresh(
            event.path
        ):
            continue
        origins = invocation.origins.kept(event, event.value)
        through = _through(invocation, event)
        if through is not None:
            # A session works through its engine; what a builder makes is its own.
            behind = invocation.origins.kept(event, through)
            if not behind or any(_binding(one.made.type) for one in behind):
                origins = behind
        if len(origins) != 1 or origins[0].node in found:
            continue
        (origin,) = origins
        type = origin.made.type
        if not _binding(type):
            continue
        waits = PRIMITIVES.fullmatch(type) is not None
        if _is_for_loop(origin):
            continue
        if waits:
            if origin.node not in crowds:
                about = [
                    one
                    for one in invocation.events
                    if _is_about(invocation, one, origin)
                ]
                crowds[origin.node] = waiting.Crowd(origin, about, invocation.events)
            if not crowds[origin.node].may_wait(event):
                continue
        elif not _is_use(invocation, event) or _ends(invocation, origin):
            continue
        node, where = invocation.made_place(origin, event)
        name = invocation.origins.name(origin, event)
        when = _when(invocation, origin)
        use = invocation.use(event)
        fact = Bound(node, name, type, when, waits, where, use)
        found[origin.node] = (fact, origin)
    return list(found.values())


def _through(invocation: Invocation, event: Used | Entered) -> Object | None:
    """Return what an object of an event works through, if it is another one."""
    run = invocation.summary.activation
    receivers = paths.receivers(event, event.value)
    if run is None or len(receivers) != 1 or receivers[0] is not event.value:
        return None
    return carriers.carried(run, receivers[0])


def _is_about(invocation: Invocation, event: Event, origin: Origin) -> bool:
    """Return whether an event uses an object."""
    if not isinstance(event, (Used, Entered, Configured)):
        return False
    found = invocation.origins.of(event.value)
    return found is not None and found.node is origin.node


def _is_use(invocation: Invocation, event: Event) -> bool:
    """Return whether an event needs the loop of its object."""
    if not isinstance(event, Used):
        return False
    value, name = event.value, event.name
    if name == "__await__":
        done = ("set_result", "set_exception")
        origin = invocation.origins.of(value)
        return value.type != "asyncio.Future" or not any(
            isinstance(one, Used)
            and one.name in done
            and invocation.origins.of(one.value) == origin
            for one in invocation.origins.everything
        )
    listed = async_apis.method(value.type, name)
    if listed is None:
        return False
    # A plain call may give a connection of a pool, about to be entered.
    return listed[0] in ASYNC_KINDS or (
        listed[1] is not None and bool(_binding(listed[1]))
    )


def _ends(invocation: Invocation, origin: Origin) -> bool:
    """Return whether an object may not live on after all, or not mind the loop."""
    made = origin.node
    if isinstance(made, ast.Call):
        if any(
            keyword.arg is None or keyword.arg in POOL_ARGUMENTS
            for keyword in made.keywords
        ):
            return True
        url = made.args[0] if made.args else None
        if isinstance(url, ast.Constant) and str(url.value).startswith(FREE_DRIVERS):
            return True
    if not origin.at_import:
        for event in invocation.events:
            if isinstance(event, Used) and event.name in CLOSERS:
                if event.value.type == "contextlib.AsyncExitStack":
                    return True
    return any(
        _is_about(invocation, event, origin)
        and (_is_itself(event, origin) or getattr(event, "name", "") == "disconnect")
        and (not isinstance(event, Used) or event.name in CLOSERS)
        for event in invocation.origins.everything
    )


def _is_itself(event: Event, origin: Origin) -> bool:
    """Return whether an event is about an object, not a part of it such as its pool."""
    type = getattr(getattr(event, "value", None), "type", None)
    return type == origin.made.type or type in _PARTS


def _when(invocation: Invocation, origin: Origin) -> str:
    """Return which invocation fails first."""
    type = origin.made.type
    if not origin.at_import:
        return SECOND
    if PRIMITIVES.fullmatch(type):
        old = invocation.declared(lambda version: version <= BOUND_WHEN_MADE)
        return SECOND if old is None else EVERY
    if _binding(type) == "first use":
        is_used = any(
            isinstance(event, Used)
            and running_loop(event.path) is not None
            and _is_about(invocation, event, origin)
            and _is_use(invocation, event)
            for event in invocation.origins.imported
        )
        return EVERY if is_used else SECOND
    if running_loop(origin.event.path) is None and type.startswith("aiohttp."):
        return IMPORT
    return EVERY


def _is_for_loop(origin: Origin) -> bool:
    """Return whether an object is made for the loop that runs: one for each loop."""
    if origin.at_import:
        return False
    scope = origin.event.frame.scope
    if _LOOP_KEYS.search(paths.text(scope)):
        return True
    address = origin.made.address
    if address is None or not address.shared or not isinstance(scope, FUNCTIONS):
        return False
    # A cached function: what it is called with decides what it gives.
    arguments = scope.args
    return any(
        "loop" in one.arg.lower()
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    )


def _binding(type: str) -> bool | str:
    """Return whether, or when, an object of a type is bound to a loop."""
    listed = async_apis.async_class(type)
    return listed is not None and listed.loop_bound
