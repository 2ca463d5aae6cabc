"""Which event loops, and objects bound to one, break the next invocation of a handler.

The events of one invocation (`outcome.trace_of`) and those of the imports before it say
where each loop was made, who runs on it and who closes it. Here they become facts: one
list of each kind, with the place to report. A loop or an object that outlives the
invocation is called *kept* (see `origins`).

What happens to each was observed with awslambdaric 4.2.2 on Python 3.10 to 3.13,
2026-11-20.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler import runtimes
from flake8_lambda_handler import tables
from flake8_lambda_handler.flow import paths
from flake8_lambda_handler.flow import waiting
from flake8_lambda_handler.flow.analysis import Event
from flake8_lambda_handler.flow.analysis import Summary
from flake8_lambda_handler.flow.origins import Origin
from flake8_lambda_handler.flow.origins import Origins
from flake8_lambda_handler.flow.origins import target
from flake8_lambda_handler.flow.outcome import trace_of
from flake8_lambda_handler.flow.running import CURRENT
from flake8_lambda_handler.flow.running import RUNNER
from flake8_lambda_handler.flow.running import UNSET
from flake8_lambda_handler.flow.running import Path
from flake8_lambda_handler.flow.running import Step
from flake8_lambda_handler.flow.running import running_loop
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.module import FUNCTIONS
from flake8_lambda_handler.module import Module

if TYPE_CHECKING:
    from flake8_lambda_handler.handlers import Handler

#: From this version on, `get_event_loop()` makes no loop any more (python/cpython
#: pull request 126354, read 2026-11-20).
NO_LOOP_BY_DEFAULT = (3, 14)

#: Up to this version, a lock belongs to the current loop of its construction.
BOUND_WHEN_MADE = (3, 9)

#: Objects that are bound only when somebody has to wait for them.
PRIMITIVES = re.compile(
    r"(?:asyncio|anyio)\.(?:Lock|Semaphore|BoundedSemaphore|Condition|Event|Barrier|"
    r"CapacityLimiter|Queue|LifoQueue|PriorityQueue)"
)

#: Methods that end the life of an object: the next invocation makes its own.
CLOSERS = frozenset(
    {"aclose", "close", "disconnect", "dispose", "pop_all", "terminate", "__aexit__"}
)

#: Arguments that can keep an object from holding a connection, and so a loop.
POOL_ARGUMENTS = frozenset(
    {"connection_pool", "http_client", "limits", "poolclass", "transport"}
)

#: Calls that do nothing before they are driven.
ASYNC_KINDS = tables.KINDS - {"plain"}

#: When something fails.
IMPORT, EVERY, SECOND = "the import", "every invocation", "the second invocation"

_LOOP_KEYS = re.compile(
    r"\b(?:get_running_loop|get_event_loop|_loop|get_loop|current_task|is_closed)\b"
)


class Kept(NamedTuple):
    """A loop or runner that is kept, and on which a handler runs something."""

    node: ast.AST
    name: str
    #: `event loop` or `runner`.
    what: str
    #: ` (aio.py:3)` when it is made in another file; as in all the facts below.
    where: str


class Closed(NamedTuple):
    """A kept loop that is closed."""

    node: ast.AST
    name: str
    #: `closed`, or `stopped` while idle.
    how: str
    #: Which invocation fails: `the second invocation`, or `every invocation`.
    when: str
    error: str
    where: str


class Bound(NamedTuple):
    """A kept object that is used under a loop that is new for each invocation."""

    node: ast.AST
    name: str
    type: str
    when: str
    #: Whether it fails only when somebody has to wait for it.
    waits: bool
    where: str
    #: Where the object is made.
    made: Place


class Fetched(NamedTuple):
    """A call of `get_event_loop()` that finds no loop."""

    node: ast.AST
    call: str
    #: Evidence: the line of the `asyncio.run` before it, or the declared runtime.
    run: int | None
    #: The file of that line when it is another one, else empty.
    run_where: str
    declared: RuntimeUse | None
    when: str
    where: str


class Open(NamedTuple):
    """A loop made by each invocation that is not closed."""

    node: ast.AST
    name: str
    #: Whether some paths close it.
    sometimes: bool
    where: str


class Nested(NamedTuple):
    """A loop that is run by code that already runs in one."""

    node: ast.AST
    call: str
    error: str
    where: str


def of(module: Module) -> list[Loops]:
    """Return the facts about loops of each handler of a module that can be followed."""
    found: list[Loops] | None = module.__dict__.get("loops")
    if found is None:
        found = module.__dict__["loops"] = []
        for handler in module.handlers:
            summary = trace_of(handler)
            if summary is not None:
                found.append(Loops(module, summary, handler))
    return found


def loop_bound_objects(
    module: Module, function: ast.AsyncFunctionDef | Function
) -> list[tuple[Place, str]]:
    """Return the kept objects that a coroutine function uses and a loop owns.

    Driven by `asyncio.run` in each invocation, it fails with every one of them, in the
    second invocation at the latest. `function` is a function of the module, or its
    `async def`. Each object comes with the place where it is made, and a text such as
    `` `SESSION` (aiohttp.ClientSession)``. Empty when nothing is certain.
    """
    analysis = module.project.analysis
    if isinstance(function, ast.AST):
        functions = [one for one in analysis.functions(module) if one.node is function]
        if not functions:
            return []
        function = functions[0]
    summary = analysis.trace(function, [UNKNOWN, UNKNOWN])
    found = Loops(module, summary, None).bound
    return sorted({(one.made, f"`{one.name}` ({one.type})") for one in found})


class Loops:
    """The facts about one invocation of a handler.

    Without a handler, the summary is that of a coroutine function under `asyncio.run`.
    """

    def __init__(
        self, module: Module, summary: Summary, handler: Handler | None
    ) -> None:
        self.module = module
        self.analysis = module.project.analysis
        self.summary = summary
        self.handler = handler
        self.events = summary.events
        self.origins = Origins(module, self.events)

    # -- kept loops -------------------------------------------------------------

    @cached_property
    def kept(self) -> list[Kept]:
        """The kept loops on which something runs, and of which no more can be said."""
        found: dict[ast.AST, Kept] = {}
        for event in self._runs_on_loops():
            for origin in self._kept_loops(event, "how"):
                if origin.node in found or origin.node in self._settled:
                    continue
                what = "runner" if origin.made.type == RUNNER else "event loop"
                node, where = origin.node, ""
                if origin.event.module is not self.module:
                    node, _ = self._place(event)
                    where = self.origins.where(origin.event)
                name = self.origins.name(origin, event)
                found[origin.node] = Kept(node, name, what, where)
        return list(found.values())

    def _runs_on_loops(self) -> Iterator[Event]:
        for event in self.events:
            if event.kind == "run" and isinstance(event.fields["how"], Object):
                yield event

    def _kept_loops(self, event: Event, field: str = "value") -> list[Origin]:
        """Return the origins of the loop of an event, if kept and not looked after."""
        found = self.origins.kept(event, field)
        return [] if any(one.node in self._guarded for one in found) else found

    @cached_property
    def _guarded(self) -> set[ast.AST]:
        """The origins of loops that run in a thread, or that are replaced when closed."""
        return {
            origin.node
            for event in self.origins.everything
            if event.kind in ("loop is_closed", "background")
            and (origin := self.origins.of(event.fields["value"])) is not None
        } | {
            event.node
            for event in self.events
            if event.kind in ("loop made", "made")
            and any("is_closed(" in paths.condition(step.node) for step in event.path)
        }

    @cached_property
    def _settled(self) -> set[ast.AST]:
        """The origins of loops about which a more exact fact is known."""
        found = {origin.node for _, origin in self._closings}
        found |= {node for _, node in self._fetches}
        shared = {origin.node for _, origin in self._bindings}
        for event in self.origins.everything if shared else ():
            # A loop that shares an object with another one.
            step = running_loop(event.path)
            origin = self.origins.of(event.fields.get("value"))
            loop = self.origins.of(step.value) if step is not None else None
            if origin is not None and loop is not None and origin.node in shared:
                found.add(loop.node)
        return found

    # -- closed loops -----------------------------------------------------------

    @cached_property
    def closed(self) -> list[Closed]:
        """The places that close a loop which the next invocation needs."""
        return [fact for fact, _ in self._closings]

    @cached_property
    def _closings(self) -> list[tuple[Closed, Origin]]:
        found: dict[ast.AST, tuple[Closed, Origin]] = {}
        for event in self.events:
            how = _closing(event)
            if how is None or event.node in found:
                continue
            for origin in (self._kept_loops(event) or self._current(event))[:1]:
                error = "Event loop is closed"
                if how == "stopped":
                    error = "Event loop stopped before Future completed."
                elif origin.made.type == RUNNER:
                    error = "Runner is closed"
                node, where = self._place(event)
                name = self.origins.name(origin, event)
                fact = Closed(node, name, how, SECOND, error, where)
                found[event.node] = (fact, origin)
        closed = {
            made.node: event
            for event in (self.origins.imported if any(self._runs_on_loops()) else ())
            if _closing(event) == "closed"
            and (made := self.origins.of(event.fields["value"])) is not None
            and made.at_import
        }
        for event in self._runs_on_loops() if closed else ():
            for origin in self._kept_loops(event, "how"):
                if origin.node in closed:
                    closing = closed.pop(origin.node)
                    node, where = self._place(closing)
                    error = "Event loop is closed"
                    name = self.origins.name(origin)
                    fact = Closed(node, name, "closed", EVERY, error, where)
                    found.setdefault(closing.node, (fact, origin))
        return list(found.values())

    def _current(self, event: Event) -> list[Origin]:
        """Return the origin of the thread's own loop, if an event is about that.

        `get_event_loop()` in the handler gives the same loop to each invocation.
        """
        origins = [self.origins.of(one) for one in paths.receivers(event)]
        first = origins[0] if origins else None
        if (
            first is None
            or any(one is None or one.node is not first.node for one in origins)
            or first.at_import
            or first.event.kind != "loop fetched"
            or first.event.fields["current"] != UNSET
            or first.node in self._guarded
            or any(node is first.node for _, node in self._fetches)
            or any(
                one.kind in ("loop set", "policy set")
                for one in self.origins.everything
            )
        ):
            return []
        return [first]

    # -- loop-bound objects -----------------------------------------------------

    @cached_property
    def bound(self) -> list[Bound]:
        """The first use of each kept object under a loop that is new each time."""
        return [fact for fact, _ in self._bindings]

    @cached_property
    def _bindings(self) -> list[tuple[Bound, Origin]]:
        found: dict[ast.AST, tuple[Bound, Origin]] = {}
        crowds: dict[ast.AST, waiting.Crowd] = {}
        for event in self.events:
            if event.kind not in ("used", "entered") or not self._is_fresh(event.path):
                continue
            origins = self.origins.kept(event)
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
                    about = [one for one in self.events if self._is_about(one, origin)]
                    crowds[origin.node] = waiting.Crowd(origin, about, self.events)
                if not crowds[origin.node].may_wait(event):
                    continue
            elif not self._is_use(event) or self._ends(origin):
                continue
            node, where = self._place(event)
            name = self.origins.name(origin, event)
            line = getattr(origin.node, "lineno", 1)
            column = getattr(origin.node, "col_offset", 0)
            made = Place(origin.event.module.path, line, column)
            fact = Bound(node, name, type, self._when(origin), waits, where, made)
            found[origin.node] = (fact, origin)
        return list(found.values())

    def _is_about(self, event: Event, origin: Origin) -> bool:
        """Return whether an event uses an object."""
        if event.kind not in ("used", "entered", "configured"):
            return False
        found = self.origins.of(event.fields["value"])
        return found is not None and found.node is origin.node

    def _is_fresh(self, path: Path) -> bool:
        """Return whether the loop that runs is new for each invocation."""
        step = self._running(path)
        if step is None or paths.is_chosen(path, step.node):
            return False
        if step.value is None:
            return True
        origin = self.origins.of(step.value)
        return (
            origin is not None
            and not origin.at_import
            and origin.event.kind != "loop fetched"
            and not self.origins.is_stored(origin)
        )

    def _running(self, path: Path) -> Step | None:
        step = running_loop(path)
        if step is None and self.handler is None:
            return Step("run", self.module.tree)
        return step

    def _is_use(self, event: Event) -> bool:
        """Return whether an event needs the loop of its object."""
        if event.kind == "entered":
            return False
        value, name = event.fields["value"], event.fields["name"]
        if name == "__await__":
            done = ("set_result", "set_exception")
            origin = self.origins.of(value)
            return value.type != "asyncio.Future" or not any(
                one.kind == "used"
                and one.fields["name"] in done
                and self.origins.of(one.fields["value"]) == origin
                for one in self.origins.everything
            )
        listed = tables.method(value.type, name)
        if listed is None:
            return False
        # A plain call may give a connection of a pool, about to be entered.
        return listed[0] in ASYNC_KINDS or (
            listed[1] is not None and bool(_binding(listed[1]))
        )

    def _ends(self, origin: Origin) -> bool:
        """Return whether an object may not live on after all, or not mind the loop."""
        made = origin.node
        if isinstance(made, ast.Call) and any(
            keyword.arg is None or keyword.arg in POOL_ARGUMENTS
            for keyword in made.keywords
        ):
            return True
        if not origin.at_import:
            for event in self.events:
                if event.kind == "used" and event.fields["name"] in CLOSERS:
                    if event.fields["value"].type == "contextlib.AsyncExitStack":
                        return True
        return any(
            self._is_about(event, origin)
            and event.fields["value"].type == origin.made.type
            and (event.kind != "used" or event.fields["name"] in CLOSERS)
            for event in self.origins.everything
        )

    def _when(self, origin: Origin) -> str:
        """Return which invocation fails first."""
        type = origin.made.type
        if not origin.at_import:
            return SECOND
        if PRIMITIVES.fullmatch(type):
            old = self._declared(lambda version: version <= BOUND_WHEN_MADE)
            return SECOND if old is None else EVERY
        if _binding(type) == "first use":
            is_used = any(
                event.kind == "used"
                and running_loop(event.path) is not None
                and self._is_about(event, origin)
                and self._is_use(event)
                for event in self.origins.imported
            )
            return EVERY if is_used else SECOND
        if running_loop(origin.event.path) is None and type.startswith("aiohttp."):
            return IMPORT
        return EVERY

    # -- fetched loops ----------------------------------------------------------

    @cached_property
    def fetched(self) -> list[Fetched]:
        """The calls of `get_event_loop()` that raise."""
        return [fact for fact, _ in self._fetches]

    @cached_property
    def _fetches(self) -> list[tuple[Fetched, ast.AST]]:
        """The calls of `get_event_loop()` that raise, with their nodes."""
        found: dict[ast.AST, tuple[Fetched, ast.AST]] = {}
        status: Event | str = "unset"
        imported = self.origins.own_import
        if any(event.kind == "loop fetched" for event in (*imported, *self.events)) or (
            self._declared(lambda version: version >= NO_LOOP_BY_DEFAULT) is not None
        ):
            imported = self.origins.imported
        for event in imported:
            if event.kind == "loop fetched" and not paths.is_caught(event.path):
                fact = self._judge(event, status, IMPORT)
                if fact is not None:
                    found.setdefault(event.node, (fact, event.node))
            status = _next_status(status, event)
        for index, event in enumerate(self.events):
            if event.kind != "loop fetched" or event.node in found:
                continue
            if running_loop(event.path) is not None or paths.is_caught(event.path):
                continue
            now: Event | str = "unknown"
            when = EVERY
            if event.fields["current"] == NONE:
                now = _last_run(self.events[:index]) or "unknown"
            elif event.fields["current"] == UNSET:
                now = status
                if self._sets_loop(self.events[:index]):
                    now = "unknown"
            fact = self._judge(event, now, when)
            if fact is None and now != "unknown":
                later = self._later_run(index, event)
                if later is not None:
                    fact = self._judge(event, later, SECOND)
            if fact is not None:
                found[event.node] = (fact, event.node)
        return list(found.values()) if not found or self.origins.is_complete else []

    def _judge(self, event: Event, status: Event | str, when: str) -> Fetched | None:
        declared = run = None
        run_where = ""
        if status == "unset":
            declared = self._declared(lambda version: version >= NO_LOOP_BY_DEFAULT)
            if declared is None:
                return None
        elif isinstance(status, Event):
            run = getattr(status.node, "lineno", 0)
            if status.module is not self.module:
                run_where = self.origins.where(status)
        else:
            return None
        node, where = self._place(event)
        return Fetched(
            node, paths.call(event.node), run, run_where, declared, when, where
        )

    def _later_run(self, index: int, event: Event) -> Event | None:
        """Return the `asyncio.run` that every invocation of this path comes to."""
        if self._sets_loop(self.events):
            return None
        for one in self.events[index:]:
            path = tuple([step for step in one.path if step.kind != "after"])
            if not _takes_loop(one) or not paths.is_prefix(path, event.path):
                continue
            if not paths.excludes(one, event):
                return one
        return None

    @staticmethod
    def _sets_loop(events: list[Event]) -> bool:
        return any(
            event.kind == "policy set"
            or (event.kind == "loop set" and event.fields["value"] != NONE)
            for event in events
        )

    def _declared(self, holds: Callable[[tuple[int, int]], bool]) -> RuntimeUse | None:
        """Return a declared runtime of the handler whose Python version fits."""
        for declaration in (
            self.handler.declarations if self.handler is not None else ()
        ):
            for use in declaration.runtimes:
                version = runtimes.version(use.identifier)
                if version is not None and holds(version):
                    return use
        return None

    # -- loops left open --------------------------------------------------------

    @cached_property
    def open(self) -> list[Open]:
        """The loops that each invocation makes and leaves open."""
        found: dict[ast.AST, Open] = {}
        for event in () if self.summary.is_truncated else self.events:
            if event.node in found or not self._is_own(event):
                continue
            sometimes = self._left_open(event)
            if sometimes is not None:
                node, where = self._place(event)
                name = self.origins.name(Origin(event, False))
                found[event.node] = Open(node, name, sometimes, where)
        return list(found.values())

    def _is_own(self, event: Event) -> bool:
        """Return whether an event makes a loop for one invocation only."""
        if event.kind not in ("loop made", "made"):
            return False
        value = event.fields["value"]
        if event.kind == "made" and (
            value.type != RUNNER
            or not any(one.fields["how"] == value for one in self._runs_on_loops())
        ):
            return False
        if value.address.shared or event.node in self._guarded:
            return False
        assigned = target(event.node, event.frame.scope)
        is_local = assigned is None or isinstance(assigned, ast.Name)
        is_stored = not is_local or self.analysis.is_shared(value.address)
        kinds = {step.kind for step in event.path} - {"try"}
        if kinds & {"except", "or", "run", "choice"} or paths.asks_about_loops(
            event.path
        ):
            return False
        if is_stored and kinds & {"if", "after", "case"}:
            return False  # somebody remembers it
        if self._is_left_current(value) and any(
            one.kind == "loop fetched" and one.fields["current"] == UNSET
            for one in self.events
        ):
            return False  # the next invocation fetches it
        return not _is_closed_later(event)

    def _is_left_current(self, value: Value) -> bool:
        return any(
            one.kind == "loop set" and one.fields["value"] == value
            for one in self.events
        )

    def _left_open(self, event: Event) -> bool | None:
        """Return `False` for never closed, `True` for not always, else `None`."""
        address = event.fields["value"].address
        fates = [
            entry.known.get("closed", UNKNOWN)
            for _, state, _ in self.summary.returns
            if isinstance(entry := state.heap.get(address), Items)
        ]
        if fates and all(fate == Const(False) for fate in fates):
            return False
        if Const(False) in fates or self._drops(event):
            return True
        if any(set(each(fate)) == {Const(True), Const(False)} for fate in fates):
            return self._is_closed_by_chance(event)
        return None

    def _drops(self, event: Event) -> bool:
        """Return whether the function that makes a loop may return and leave it open."""
        function = event.frame.function
        if event.depth == 0 or function is None or not self._is_local(event):
            return False
        summary = self.analysis.summary(function)
        run = summary.activation
        if run is None:
            return False
        for value, state, _ in summary.returns:
            for address, entry in state.heap.items():
                if address.node is event.node and isinstance(entry, Items):
                    if entry.known.get("closed") == Const(False):
                        saved, run.state = run.state, state
                        kept = address in run.reach(value)
                        run.state = saved
                        shared = self.analysis.is_shared(address)
                        stored = any(
                            address in run.reach(held) for held in _stored(state)
                        )
                        if not kept and not shared and not stored:
                            return True
        return False

    @staticmethod
    def _is_local(event: Event) -> bool:
        """Return whether a loop goes to a local name, or to none."""
        assigned = target(event.node, event.frame.scope)
        scope = event.module.scopes.get(event.frame.scope)
        return assigned is None or (
            isinstance(assigned, ast.Name)
            and scope is not None
            and assigned.id in scope.local
            and assigned.id not in scope.captured
        )

    def _is_closed_by_chance(self, event: Event) -> bool | None:
        """Return `True` when a condition that is not about the loop decides."""
        value = event.fields["value"]
        found = None
        for one in self.events:
            if _closing(one) != "closed" or one.fields["value"] != value:
                continue
            if not paths.is_prefix(event.path, one.path):
                return None
            for step in [step for step in one.path if step not in event.path]:
                if step.kind == "try":
                    # What runs before it in the block may fail.
                    if not any(
                        run.kind == "run"
                        and run.fields["how"] == value
                        and step in run.path
                        for run in self.events
                    ):
                        return None
                elif step.kind != "if" or paths.asks_about_loops((step,)):
                    return None
            found = True
        return found

    # -- nested loops -----------------------------------------------------------

    @cached_property
    def nested(self) -> list[Nested]:
        """The calls that run a loop inside a running one."""
        found: dict[ast.AST, Nested] = {}
        for event in self.events:
            if event.kind != "run" or event.node in found:
                continue
            outer = self._running(event.path)
            if (
                outer is None
                or not _is_certain(event)
                or self._asks_first(event, outer)
            ):
                continue
            if not self.origins.is_complete or any(
                one.kind == "nesting allowed" for one in self.origins.everything
            ):
                break
            node, where = self._place(event)
            error = _nested_error(event, outer)
            found[event.node] = Nested(node, paths.call(event.node), error, where)
        return list(found.values())

    def _asks_first(self, event: Event, outer: Step) -> bool:
        """Return whether the code looks for a running loop before it runs one."""
        inner = paths.inside(event.path) if outer in event.path else ()
        if (
            paths.is_caught(inner)
            or any(step.kind == "except" for step in inner)
            or paths.asks_about_loops(inner)
        ):
            return True
        function = event.frame.function
        if function is not None and function.is_async:
            return False
        context = event.frame.context
        return any(
            one.kind in ("running asked", "loop is_running")
            and one.frame.context[: len(context)] == context
            for one in self.events
        )

    # -- places -----------------------------------------------------------------

    def _place(self, event: Event) -> tuple[ast.AST, str]:
        """Return the node to report for an event, and the file if it is another one."""
        node = paths.place(event, self.module) or self._whole
        if event.module is self.module:
            return node, ""
        return node, self.origins.where(event)

    @property
    def _whole(self) -> ast.AST:
        return self.module.tree if self.handler is None else self.handler.node


# -- helpers ------------------------------------------------------------------------


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
    listed = tables.async_class(type)
    return listed is not None and listed.loop_bound


def _is_certain(event: Event) -> bool:
    """Return whether a `run` event is certainly one, whatever is called there."""
    if isinstance(event.fields["how"], Object):
        return bool(paths.receivers(event, "how"))
    last = event.path[-1:]
    return not paths.is_chosen(last, event.node)


def _closing(event: Event) -> str | None:
    """Return whether an event means the end of a loop: `closed` or `stopped`."""
    if event.kind in ("loop close", "runner close"):
        return "closed"
    if event.kind == "entered" and getattr(event.fields["value"], "type", "") == RUNNER:
        return "closed"
    if event.kind == "loop stop" and running_loop(event.path) is None:
        return "stopped"
    return None


def _takes_loop(event: Event) -> bool:
    """Return whether the thread has no current loop afterwards."""
    if event.kind == "loop set":
        return bool(event.fields["value"] == NONE)
    return (
        event.kind == "run"
        and event.fields["how"] in ("asyncio.run", "asyncio.runners.run")
        and isinstance(event.node, ast.Call)
        and not any(keyword.arg == "loop_factory" for keyword in event.node.keywords)
        and running_loop(event.path) is None
    )


def _next_status(status: Event | str, event: Event) -> Event | str:
    """Return what the thread's current loop is after one more event of an import."""
    if _takes_loop(event):
        return "unknown" if event.path else event
    if event.kind in ("loop set", "policy set"):
        return "unknown" if event.path or event.kind == "policy set" else "set"
    if event.kind == "loop fetched" and status == "unset":
        return "unset" if event.path else "fetched"
    return status


def _last_run(events: list[Event]) -> Event | None:
    for event in reversed(events):
        if _takes_loop(event):
            return event
    return None


def _is_closed_later(event: Event) -> bool:
    """Return whether a nested function, or `__del__` of its owner, may close a loop."""
    scope = event.frame.scope
    functions: list[ast.AST] = [
        node for node in ast.walk(scope) if isinstance(node, FUNCTIONS)
    ]
    owner = event.frame.function.owner if event.frame.function is not None else None
    if owner is not None:
        functions += [
            node for node in owner.node.body if getattr(node, "name", "") == "__del__"
        ]
    return any(
        isinstance(inner, ast.Attribute) and inner.attr == "close"
        for node in functions
        if node is not scope
        for inner in ast.walk(node)
    )


def _stored(state: State) -> Iterator[Value]:
    """Yield what objects that other code can reach hold."""
    for address, entry in state.heap.items():
        if isinstance(entry, Items) and address is not CURRENT:
            yield from entry.values()


def _nested_error(event: Event, outer: Step) -> str:
    how = event.fields["how"]
    if isinstance(how, Object):
        if how.type == RUNNER:
            return "Runner.run() cannot be called from a running event loop"
        if outer.value is not None and how != outer.value:
            return "Cannot run the event loop while another loop is running"
        if how.address is None or how == outer.value:
            return "This event loop is already running"
        return "Cannot run the event loop while another loop is running"
    return "asyncio.run() cannot be called from a running event loop"
