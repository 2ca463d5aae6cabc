"""Which event loops, and objects bound to one, outlive an invocation of a handler.

The events of one invocation (`outcome.trace_of`) and those of the imports before it say
where each loop was made, who runs on it and who closes it. Here they become facts: one
list of each kind, with the place to report.

What is called *kept* outlives the invocation: it was made while a module was imported
(a global, a class attribute, a default argument), in a cached function, or lazily, the
first time only, and stored where the next invocation finds it.

What happens to each was observed with awslambdaric 4.2.2 on Python 3.10 to 3.13,
2026-11-20.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler import runtimes
from flake8_lambda_handler import tables
from flake8_lambda_handler.flow.analysis import Event
from flake8_lambda_handler.flow.analysis import Summary
from flake8_lambda_handler.flow.outcome import trace_of
from flake8_lambda_handler.flow.running import CURRENT
from flake8_lambda_handler.flow.running import RUNNER
from flake8_lambda_handler.flow.running import UNSET
from flake8_lambda_handler.flow.running import Path
from flake8_lambda_handler.flow.running import Step
from flake8_lambda_handler.flow.running import running_loop
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Method
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

#: Modules behind one handler that are searched for what their import does.
MAX_MODULES = 200

#: Names longer than this would hide the message.
MAX_NAME = 40

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
ASYNC_KINDS = frozenset(
    {
        "async context",
        "async generator",
        "async iterator",
        "awaitable",
        "coroutine",
        "future",
    }
)

_ABOUT_LOOPS = re.compile(r"loop|closed|running|thread|is None|is not None", re.I)
_LOOP_KEYS = re.compile(
    r"\b(?:get_running_loop|get_event_loop|_loop|get_loop|current_task|is_closed)\b"
)
_MAY_MATTER = re.compile(r"async|aio|loop|runner|motor", re.I)
#: Methods that give what their argument, or their object, gives when it is awaited.
_PASSING_ON = frozenset({"__aenter__", "enter_async_context", "run", "run_until_complete"})
_CAUGHT = frozenset({"RuntimeError", "Exception", "BaseException"})


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


class _Origin(NamedTuple):
    """What made a loop or an object, and whether that was during the imports."""

    event: Event
    at_import: bool

    @property
    def node(self) -> ast.AST:
        return self.event.node


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

    # -- the facts --------------------------------------------------------------

    @cached_property
    def kept(self) -> list[Kept]:
        """The kept loops on which something runs, and of which no more can be said."""
        found: dict[ast.AST, Kept] = {}
        for event in self.events:
            if event.kind != "run":
                continue
            for origin in self._kept_receivers(event):
                if origin.node in found or origin.node in self._settled:
                    continue
                kind = origin.event.fields["value"].type
                what = "runner" if kind == RUNNER else "event loop"
                node, where = origin.node, ""
                if origin.event.module is not self.module:
                    node = self._nearest(event)
                    where = self._where(origin.event)
                found[origin.node] = Kept(node, self._name(origin, event), what, where)
        return list(found.values())

    @cached_property
    def closed(self) -> list[Closed]:
        """The places that close a loop which the next invocation needs."""
        return [fact for fact, _ in self._closings]

    @cached_property
    def bound(self) -> list[Bound]:
        """The first use of each kept object under a loop that is new each time."""
        return [fact for fact, _ in self._bindings]

    @cached_property
    def fetched(self) -> list[Fetched]:
        """The calls of `get_event_loop()` that raise."""
        return [fact for fact, _ in self._fetches]

    @cached_property
    def open(self) -> list[Open]:
        """The loops that each invocation makes and leaves open."""
        found: dict[ast.AST, Open] = {}
        for event in self.events:
            if event.node in found or not self._is_own(event):
                continue
            sometimes = self._left_open(event)
            if sometimes is not None:
                node, where = self._place(event)
                name = self._name(_Origin(event, False))
                found[event.node] = Open(node, name, sometimes, where)
        return list(found.values())

    @cached_property
    def nested(self) -> list[Nested]:
        """The calls that run a loop inside a running one."""
        found: dict[ast.AST, Nested] = {}
        for event in self.events:
            if event.kind != "run" or event.node in found:
                continue
            outer = self._running(event.path)
            if outer is None or not _is_certain(event) or self._asks_first(event, outer):
                continue
            if any(one.kind == "nesting allowed" for one in (*self._imported, *self.events)):
                continue
            node, where = self._place(event)
            error = _nested_error(event, outer)
            found[event.node] = Nested(node, _call(event.node), error, where)
        return list(found.values())

    # -- where things come from -------------------------------------------------

    @cached_property
    def _own_import(self) -> list[Event]:
        """What the import of the handler's own file does."""
        return _outside_main(self.analysis.module(self.module).events)

    @cached_property
    def _imported(self) -> list[Event]:
        """What the imports before the first invocation do, in about their order."""
        found: list[Event] = []
        for module in _imported_modules(self.module, self.analysis):
            if module is self.module:
                found += self._own_import
            elif _MAY_MATTER.search(module.text):
                found += _outside_main(self.analysis.module(module).events)
        return found

    @cached_property
    def _made(self) -> dict[Address | ast.AST, _Origin]:
        """What the invocation makes, by address and by node."""
        return _made(self.events, at_import=False)

    @cached_property
    def _made_at_import(self) -> dict[Address | ast.AST, _Origin]:
        return _made(self._imported, at_import=True)

    def _origin(self, value: Value) -> _Origin | None:
        address = getattr(value, "address", None)
        if address is None:
            return None
        # The node alone tells where a function that fills a global was not followed
        # by way of its call.
        return (
            self._made.get(address)
            or self._made_at_import.get(address)
            or self._made.get(address.node)
            or self._made_at_import.get(address.node)
        )

    def _kept(self, value: Value, use: Event) -> _Origin | None:
        """Return the origin of an object that certainly outlives the invocation."""
        origin = self._origin(value)
        if origin is None or origin.at_import:
            return origin
        made = origin.event.fields["value"].address
        if made.shared:
            return origin  # in a cached function
        if not (self.analysis.is_shared(value.address)):  # type: ignore[attr-defined]
            return None
        if _is_prefix(origin.event.path, use.path):
            return None  # whoever gets to the use has just made it anew
        return origin

    def _kept_receivers(self, event: Event) -> list[_Origin]:
        """Return the origins of the loop of an event, if each that it may be is kept."""
        receivers = _receivers(event, "how" if event.kind == "run" else "value")
        found: dict[ast.AST, _Origin] = {}
        for one in receivers or ():
            origin = self._kept(one, event)
            if origin is None or origin.node in self._guarded:
                return []
            found[origin.node] = origin
        return list(found.values())

    @cached_property
    def _guarded(self) -> set[ast.AST]:
        """The origins of loops that run in a thread, or that are replaced when closed."""
        found = set()
        for event in (*self._imported, *self.events):
            if event.kind in ("loop is_closed", "background"):
                origin = self._origin(event.fields["value"])
                if origin is not None:
                    found.add(origin.node)
        return found

    @cached_property
    def _settled(self) -> set[ast.AST]:
        """The origins of loops about which a more exact fact is known."""
        found = {origin.node for _, origin in self._closings}
        found |= {node for _, node in self._fetches}
        under = {use.node for _, use in self._bindings}
        if not under:
            return found
        for event in (*self._imported, *self.events):
            # A loop that shares an object with another one.
            step = running_loop(event.path)
            value = event.fields.get("value")
            origin = self._origin(value) if isinstance(value, Object) else None
            if origin is None or origin.node not in under or step is None:
                continue
            if isinstance(step.value, Object):
                loop = self._origin(step.value)
                if loop is not None:
                    found.add(loop.node)
        return found

    # -- closed loops -----------------------------------------------------------

    @cached_property
    def _closings(self) -> list[tuple[Closed, _Origin]]:
        found: dict[ast.AST, tuple[Closed, _Origin]] = {}
        for event in self.events:
            how = _closing(event)
            if how is None or event.node in found:
                continue
            origins = self._kept_receivers(event) or self._current(event)
            if not origins:
                continue
            origin = origins[0]
            node, where = self._place(event)
            value = event.fields["value"]
            error = "Runner is closed" if value.type == RUNNER else "Event loop is closed"
            if how == "stopped":
                error = "Event loop stopped before Future completed."
            name = self._name(origin, event)
            fact = Closed(node, name, how, "the second invocation", error, where)
            found[event.node] = (fact, origin)
        closed = {}
        for event in self._imported:
            if _closing(event) == "closed":
                origin = self._origin(event.fields["value"])
                if origin is not None and origin.at_import:
                    closed[origin.node] = event
        for event in self.events:
            if event.kind != "run" or not closed:
                continue
            origins = self._kept_receivers(event)
            if len(origins) != 1 or origins[0].node not in closed:
                continue
            origin = origins[0]
            closing = closed.pop(origin.node)
            node, where = self._place(closing)
            error = "Event loop is closed"
            name = self._name(origin)
            fact = Closed(node, name, "closed", "every invocation", error, where)
            found.setdefault(closing.node, (fact, origin))
        return list(found.values())

    def _current(self, event: Event) -> list[_Origin]:
        """Return the origin of the thread's own loop, if an event is about that.

        `get_event_loop()` in the handler gives the same loop to each invocation.
        """
        receivers = _receivers(event, "value")
        origins = [self._origin(one) for one in receivers or ()]
        first = origins[0] if origins else None
        if first is None or any(one is None or one.node is not first.node for one in origins):
            return []
        if first.at_import or first.event.kind != "loop fetched":
            return []
        if first.event.fields["current"] != UNSET or first.node in self._guarded:
            return []
        if any(node is first.node for _, node in self._fetches):
            return []
        changing = ("loop set", "policy set")
        if any(one.kind in changing for one in (*self._imported, *self.events)):
            return []
        return [first]

    # -- loop-bound objects -----------------------------------------------------

    @cached_property
    def _bindings(self) -> list[tuple[Bound, _Origin]]:
        found: dict[ast.AST, tuple[Bound, _Origin]] = {}
        for event in self.events:
            if event.kind not in ("used", "entered"):
                continue
            origin = self._bound_receiver(event)
            if origin is None or origin.node in found or not self._is_fresh(event.path):
                continue
            made = origin.event.fields["value"]
            waits = PRIMITIVES.fullmatch(made.type) is not None
            if waits:
                if not self._may_wait(event, origin):
                    continue
            elif not self._is_use(event) or self._ends(origin):
                continue
            node, where = self._place(event)
            when = self._when(origin, made.type)
            line, column = origin.node.lineno, origin.node.col_offset  # type: ignore[attr-defined]
            place = Place(origin.event.module.path, line, column)
            name = self._name(origin, event)
            fact = Bound(node, name, made.type, when, waits, where, place)
            found[origin.node] = (fact, origin)
        return list(found.values())

    def _bound_receiver(self, event: Event) -> _Origin | None:
        receivers = _receivers(event, "value")
        origins = [self._kept(one, event) for one in receivers or ()]
        first = origins[0] if origins else None
        if first is None or any(one is None or one.node is not first.node for one in origins):
            return None
        made = first.event.fields["value"]
        listed = tables.async_class(made.type)
        return first if listed is not None and listed.loop_bound else None

    def _is_fresh(self, path: Path) -> bool:
        """Return whether the loop that runs is new for each invocation."""
        step = self._running(path)
        if step is None:
            return False
        if step.value is None:
            return True
        assert isinstance(step.value, Object)
        origin = self._origin(step.value)
        if origin is None or origin.at_import or origin.event.kind == "loop fetched":
            return False
        made = origin.event.fields["value"].address
        return not made.shared and not self.analysis.is_shared(made)

    def _running(self, path: Path) -> Step | None:
        step = running_loop(path)
        if step is None and self.handler is None:
            return Step("run", self.module.tree)
        return step

    def _is_use(self, event: Event) -> bool:
        """Return whether an event needs the loop of its object."""
        if event.kind == "entered":
            return False
        name = event.fields["name"]
        if name == "__await__":
            return event.fields["value"].type != "asyncio.Future" or not any(
                one.kind == "used"
                and one.fields["name"] in ("set_result", "set_exception")
                and self._origin(one.fields["value"]) == self._origin(event.fields["value"])
                for one in (*self._imported, *self.events)
            )
        listed = tables.method(event.fields["value"].type, name)
        if listed is None:
            return False
        if listed[0] == "plain" and listed[1] is not None:
            # Such as a connection of a pool, about to be entered.
            given = tables.async_class(listed[1])
            return given is not None and bool(given.loop_bound)
        return listed[0] in ASYNC_KINDS

    def _ends(self, origin: _Origin) -> bool:
        """Return whether an object may not live on after all, or not mind the loop."""
        node = origin.node
        if isinstance(node, ast.Call) and any(
            keyword.arg is None or keyword.arg in POOL_ARGUMENTS for keyword in node.keywords
        ):
            return True
        scope = origin.event.frame.scope
        if not origin.at_import and _LOOP_KEYS.search(ast.unparse(scope)):
            return True  # one object for each loop
        for event in (*self._imported, *self.events):
            if event.kind not in ("used", "entered", "configured"):
                continue
            value = event.fields["value"]
            if event.kind == "used" and event.fields["name"] not in CLOSERS:
                continue
            if value.type == "contextlib.AsyncExitStack" and event in self.events:
                return True
            other = self._origin(value)
            if other is not None and other.node is node and value.type == (
                origin.event.fields["value"].type
            ):
                return True
        return False

    def _when(self, origin: _Origin, type: str) -> str:
        if not origin.at_import:
            return "the second invocation"
        if PRIMITIVES.fullmatch(type):
            old = self._declared(lambda version: version <= BOUND_WHEN_MADE)
            return "every invocation" if old is not None else "the second invocation"
        listed = tables.async_class(type)
        if listed is not None and listed.loop_bound == "first use":
            is_used = any(
                event.kind == "used"
                and running_loop(event.path) is not None
                and self._origin(event.fields["value"]) == origin
                and self._is_use(event)
                for event in self._imported
            )
            return "every invocation" if is_used else "the second invocation"
        if running_loop(origin.event.path) is None and type.startswith("aiohttp."):
            return "the import"
        return "every invocation"

    # -- waiting ----------------------------------------------------------------

    def _may_wait(self, event: Event, origin: _Origin) -> bool:
        """Return whether somebody may have to wait at a lock, a queue, an event."""
        made = origin.event.fields["value"]
        kind = made.type.rpartition(".")[2]
        name = event.fields.get("name", "enter")
        about = [
            (index, one)
            for index, one in enumerate(self.events)
            if one.kind in ("used", "entered")
            and (found := self._origin(one.fields["value"])) is not None
            and found.node is origin.node
        ]
        names = {one.fields.get("name", "enter") for _, one in about}
        if kind == "Event":
            return name == "wait" and "clear" in names and not self._is_after(
                event, about, {"set"}
            )
        if kind == "Barrier" or name in ("wait", "wait_for"):
            return name in ("wait", "wait_for", "enter")
        if kind.endswith("Queue"):
            if name == "join":
                return any(step.kind == "task" for _, one in about for step in one.path)
            if name != "get" or self._is_tested(event):
                return False
            return not self._is_after(event, about, {"put", "put_nowait"})
        if name not in ("acquire", "enter", "__aenter__"):
            return False
        holders = [
            one.path
            for _, one in about
            if one.fields.get("name", "enter") in ("acquire", "enter", "__aenter__")
            and self._holds_across_await(one)
        ]
        if any(self._is_repeated(path) for path in holders):
            return True
        return _crowd(holders) > self._limit(origin, kind)

    def _is_repeated(self, path: Path) -> bool:
        """Return whether a way leads through a task that is started many times."""
        inner = _inside(path)
        for index, step in enumerate(inner):
            call = step.node
            if step.kind != "task" or not isinstance(call, ast.Call):
                continue
            number = step.value if isinstance(step.value, int) else 0
            if number < len(call.args) and isinstance(call.args[number], ast.Starred):
                return True
            if _call(call).endswith(("wait()", "as_completed()")):
                return True
            if _is_started(step):
                ways = [inner[:index]]
                ways += [_inside(one.path) for one in self.events if one.node is call]
                if any(before.kind == "for" for way in ways for before in way):
                    return True
        return False

    @staticmethod
    def _is_after(
        event: Event, about: list[tuple[int, Event]], names: set[str]
    ) -> bool:
        """Return whether one of these calls certainly comes first, in the same task."""
        for _, one in about:
            if one is event:
                return False
            if one.fields.get("name") in names and _is_prefix(one.path, event.path):
                return True
        return False

    @staticmethod
    def _is_tested(event: Event) -> bool:
        """Return whether a `while not queue.empty()` stands around an event."""
        return any(
            step.kind in ("if", "for")
            and re.search(r"\b(?:empty|qsize)\b", _test(step.node))
            for step in event.path
        )

    @staticmethod
    def _holds_across_await(event: Event) -> bool:
        """Return whether other tasks can run while a lock is held."""
        if event.kind != "entered":
            return True
        for node in ast.walk(event.frame.scope):
            if isinstance(node, ast.AsyncWith) and any(
                item.context_expr is event.node for item in node.items
            ):
                waiting = (ast.Await, ast.AsyncFor, ast.AsyncWith)
                return len(node.items) > 1 or any(
                    isinstance(inner, waiting)
                    for statement in node.body
                    for inner in ast.walk(statement)
                )
        return True

    @staticmethod
    def _limit(origin: _Origin, kind: str) -> int:
        """Return how many tasks may hold a lock or semaphore at once."""
        if kind in ("Lock", "Condition"):
            return 1
        call = origin.node
        if isinstance(call, ast.Call):
            given = [*call.args, *[keyword.value for keyword in call.keywords]]
            if given and isinstance(given[0], ast.Constant):
                value = given[0].value
                return value if isinstance(value, int) else 1
        return 1

    # -- fetched loops ----------------------------------------------------------

    @cached_property
    def _fetches(self) -> list[tuple[Fetched, ast.AST]]:
        """The calls of `get_event_loop()` that raise, with their nodes."""
        found: dict[ast.AST, tuple[Fetched, ast.AST]] = {}
        status: Event | str = "unset"
        imported = self._own_import
        if any(event.kind == "loop fetched" for event in (*imported, *self.events)) or (
            self._declared(lambda version: version >= NO_LOOP_BY_DEFAULT) is not None
        ):
            imported = self._imported
        for event in imported:
            if event.kind == "loop fetched" and not _is_caught(event.path):
                fact = self._judge(event, status, "the import")
                if fact is not None:
                    found.setdefault(event.node, (fact, event.node))
            status = _next_status(status, event)
        for index, event in enumerate(self.events):
            if event.kind != "loop fetched" or event.node in found:
                continue
            if running_loop(event.path) is not None or _is_caught(event.path):
                continue
            now: Event | str = "unknown"
            when = "every invocation"
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
                    fact = self._judge(event, later, "the second invocation")
            if fact is not None:
                found[event.node] = (fact, event.node)
        return list(found.values())

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
                run_where = self._where(status)
        else:
            return None
        node, where = self._place(event)
        return Fetched(node, _call(event.node), run, run_where, declared, when, where)

    def _later_run(self, index: int, event: Event) -> Event | None:
        """Return the `asyncio.run` that every invocation of this path comes to."""
        if self._sets_loop(self.events):
            return None
        for one in self.events[index:]:
            path = tuple([step for step in one.path if step.kind != "after"])
            if _takes_loop(one) and _is_prefix(path, event.path):
                return one
        return None

    @staticmethod
    def _sets_loop(events: list[Event]) -> bool:
        return any(
            event.kind == "policy set"
            or (event.kind == "loop set" and event.fields["value"] != NONE)
            for event in events
        )

    def _declared(self, holds: Any) -> RuntimeUse | None:
        """Return a declared runtime of the handler whose Python version fits."""
        for declaration in self.handler.declarations if self.handler is not None else ():
            for use in declaration.runtimes:
                version = runtimes.version(use.identifier)
                if version is not None and holds(version):
                    return use
        return None

    # -- loops left open --------------------------------------------------------

    def _is_own(self, event: Event) -> bool:
        """Return whether an event makes a loop for one invocation only."""
        value = event.fields.get("value")
        if event.kind == "made":
            if not isinstance(value, Object) or value.type != RUNNER:
                return False
            if not any(
                one.kind == "run" and one.fields["how"] == value for one in self.events
            ):
                return False
        elif event.kind != "loop made":
            return False
        if value.address.shared or event.node in self._guarded:
            return False
        if self.analysis.is_shared(value.address) and any(
            step.kind != "try" for step in event.path
        ):
            return False
        target = _target(event.node, event.frame.scope)
        is_stored = not isinstance(target, (ast.Name, type(None)))
        for step in event.path:
            if step.kind in ("except", "or", "run", "choice"):
                return False
            if step.kind == "if" and is_stored:
                return False  # somebody remembers it
            if step.kind in ("if", "after", "for") and _ABOUT_LOOPS.search(_test(step.node)):
                return False
        if any(one.kind == "loop set" and one.fields["value"] == value for one in self.events):
            if any(
                one.kind == "loop fetched" and one.fields["current"] == UNSET
                for one in self.events
            ):
                return False  # the next invocation fetches it
        return not _closes_in_closure(event.frame.scope)

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
                        stored = any(address in run.reach(held) for held in _stored(state))
                        if not kept and not shared and not stored:
                            return True
        return False

    @staticmethod
    def _is_local(event: Event) -> bool:
        """Return whether a loop goes to a local name, or to none."""
        target = _target(event.node, event.frame.scope)
        scope = event.module.scopes.get(event.frame.scope)
        if target is None:
            return True
        return (
            isinstance(target, ast.Name)
            and scope is not None
            and target.id in scope.local
            and target.id not in scope.captured
        )

    def _is_closed_by_chance(self, event: Event) -> bool | None:
        """Return `True` when a condition that is not about the loop decides."""
        value = event.fields["value"]
        found = None
        for one in self.events:
            if _closing(one) != "closed" or one.fields["value"] != value:
                continue
            if not _is_prefix(event.path, one.path):
                return None
            for step in one.path[len(event.path) :]:
                if step.kind == "try":
                    # What runs before it in the block may fail.
                    if not any(
                        run.kind == "run" and run.fields["how"] == value and step in run.path
                        for run in self.events
                    ):
                        return None
                elif step.kind != "if" or _ABOUT_LOOPS.search(_test(step.node)):
                    return None
            found = True
        return found

    # -- nested loops -----------------------------------------------------------

    def _asks_first(self, event: Event, outer: Step) -> bool:
        """Return whether the code looks for a running loop before it runs one."""
        inner = event.path[event.path.index(outer) + 1 :] if outer in event.path else ()
        if _is_caught(inner):
            return True
        for step in inner:
            if step.kind == "except":
                return True
            if step.kind in ("if", "after", "or") and _ABOUT_LOOPS.search(_test(step.node)):
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

    # -- words ------------------------------------------------------------------

    def _place(self, event: Event) -> tuple[ast.AST, str]:
        """Return the node to report for an event, and the file if it is another one."""
        if event.module is self.module and hasattr(event.node, "lineno"):
            return event.node, ""
        node = self.module.tree if self.handler is None else self.handler.node
        return node, self._where(event)

    def _nearest(self, event: Event) -> ast.AST:
        """Return the call in the linted file that leads to an event."""
        own = {id(node) for node in ast.walk(self.module.tree)}
        for node in (event.node, *reversed(event.frame.context)):
            if id(node) in own:
                return node
        return self.module.tree if self.handler is None else self.handler.node

    def _where(self, event: Event) -> str:
        folder = os.path.dirname(self.module.path)
        path = os.path.relpath(event.module.path, folder).replace(os.sep, "/")
        return f" ({path}:{getattr(event.node, 'lineno', 1)})"

    def _name(self, origin: _Origin, use: Event | None = None) -> str:
        """Return what the user calls an object: where it is made, or where it is used."""
        name = _bound_name(origin.node, origin.event.module.tree)
        if name is None and use is not None:
            node: Any = use.node
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                node = node.func.value
            name = _short(node)
        return name or _short(origin.node) or _call(origin.node)


# -- helpers ------------------------------------------------------------------------


def _outside_main(events: list[Event]) -> list[Event]:
    return [
        event for event in events if not any(step.kind == "main" for step in event.path)
    ]


def _made(events: list[Event], *, at_import: bool) -> dict[Address | ast.AST, _Origin]:
    found: dict[Address | ast.AST, _Origin] = {}
    for event in events:
        if event.kind in ("made", "loop made", "loop fetched"):
            address = getattr(event.fields["value"], "address", None)
            if address is not None:
                origin = _Origin(event, at_import)
                found.setdefault(address, origin)
                found.setdefault(address.node, origin)
    return found


def _bound_name(made: ast.AST, tree: ast.AST) -> str | None:
    """Return the name under which the value of an expression is kept."""
    target = _target(made, tree)
    if target is not None:
        return _short(target)
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            positional = [*node.posonlyargs, *node.args]
            pairs = [
                *zip(reversed(positional), reversed(node.defaults)),
                *zip(node.kwonlyargs, node.kw_defaults),
            ]
            for argument, default in pairs:
                if default is made:
                    return argument.arg
    return None


def _short(node: ast.AST) -> str | None:
    """Return the text of an expression, unless it would hide the message."""
    text = ast.unparse(node)
    return text if len(text) <= MAX_NAME and text.isprintable() else None


def _target(made: ast.AST, tree: ast.AST) -> ast.expr | None:
    """Return what the value of an expression is assigned to."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            if node.value is not None and _holds(node.value, made):
                return node.targets[0] if isinstance(node, ast.Assign) else node.target
    return None


def _holds(value: ast.expr, made: ast.AST) -> bool:
    """Return whether an assigned expression is, or passes on, what a call makes."""
    stack: list[ast.AST] = [value]
    while stack:
        node = stack.pop()
        if node is made:
            return True
        if isinstance(node, ast.Await):
            stack.append(node.value)
        elif isinstance(node, ast.BoolOp):
            stack.extend(node.values)
        elif isinstance(node, ast.IfExp):
            stack.extend((node.body, node.orelse))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _PASSING_ON:
                stack.extend((*node.args, node.func.value))
    return False


def _imported_modules(module: Module, analysis: Any) -> list[Module]:
    """Return the modules that importing a module runs, each after those it imports."""
    found: list[Module] = []
    seen = {module}

    def visit(current: Module) -> None:
        stack: list[ast.AST] = list(reversed(current.tree.body))
        while stack:
            node = stack.pop()
            if isinstance(node, FUNCTIONS):
                continue
            if isinstance(node, ast.If) and "TYPE_CHECKING" in _test(node):
                continue
            for dotted, level in _imports(node):
                other = analysis.resolver.find_module(current, dotted, level)
                if other is not None and other not in seen and len(seen) < MAX_MODULES:
                    seen.add(other)
                    visit(other)
            if isinstance(node, (ast.stmt, ast.ExceptHandler)):
                children = list(ast.iter_child_nodes(node))
                stack.extend(
                    child
                    for child in reversed(children)
                    if isinstance(child, (ast.stmt, ast.ExceptHandler))
                )
        found.append(current)

    visit(module)
    return found


def _imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, 0
    elif isinstance(node, ast.ImportFrom):
        if node.module:
            yield node.module, node.level
        for alias in node.names:
            inner = f"{node.module}.{alias.name}" if node.module else alias.name
            yield inner, node.level


def _receivers(event: Event, field: str) -> list[Object] | None:
    """Return the objects that an event is about; `None` if that is not certain.

    `None` among the alternatives does not count: the call would raise.
    """
    choices: frozenset[Value] = frozenset({event.fields[field]})
    last = event.path[-1] if event.path else None
    if last is not None and last.kind == "choice" and last.node is event.node:
        assert isinstance(last.value, frozenset)
        choices = last.value
    found = []
    for one in choices:
        receiver = one.receiver if isinstance(one, Method) else one
        if receiver == NONE:
            continue
        if not isinstance(receiver, Object):
            return None
        found.append(receiver)
    return found


def _is_certain(event: Event) -> bool:
    """Return whether a `run` event is certainly one, whatever is called there."""
    if isinstance(event.fields["how"], Object):
        return _receivers(event, "how") is not None
    last = event.path[-1] if event.path else None
    return last is None or last.kind != "choice" or last.node is not event.node


def _is_prefix(path: Path, other: Path) -> bool:
    """Return whether whoever comes along `other` has come along `path`, too."""
    path = tuple([step for step in path if step.kind not in ("try", "choice")])
    other = tuple([step for step in other if step.kind not in ("try", "choice")])
    return other[: len(path)] == path


def _is_caught(path: Path) -> bool:
    """Return whether a `RuntimeError` is expected somewhere on the way."""
    for step in path:
        if step.kind != "try":
            continue
        for handler in step.node.handlers:  # type: ignore[attr-defined]
            if handler.type is None:
                return True
            for node in ast.walk(handler.type):
                if getattr(node, "id", getattr(node, "attr", "")) in _CAUGHT:
                    return True
    return False


def _test(node: ast.AST) -> str:
    """Return the text of a condition."""
    test = getattr(node, "test", None)
    if test is None:
        test = node.values[0] if isinstance(node, ast.BoolOp) else None
    if test is None and isinstance(node, (ast.For, ast.AsyncFor)):
        test = node.iter
    if test is None and isinstance(node, ast.Match):
        test = node.subject
    return "" if test is None else ast.unparse(test)


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


def _inside(path: Path) -> Path:
    """Return the part of a way that lies in the innermost running loop."""
    outer = max([i for i, step in enumerate(path) if step.kind == "run"], default=-1)
    return path[outer + 1 :]


def _crowd(paths: list[Path]) -> int:
    """Return how many tasks may be at one place at the same time."""
    tasks = [tuple([step for step in path if step.kind == "task"]) for path in paths]
    distinct = list(dict.fromkeys(tasks))
    return max(
        [sum(one is two or _overlap(one, two) for two in distinct) for one in distinct],
        default=0,
    )


def _overlap(one: Path, two: Path) -> bool:
    """Return whether two tasks, by the steps that started them, run side by side."""
    for mine, other in zip(one, two):
        if mine == other:
            continue
        if mine.node is other.node:
            return True
        return _is_started(mine) or _is_started(other)
    longer = one if len(one) > len(two) else two
    rest = longer[min(len(one), len(two)) :]
    return bool(rest) and _is_started(rest[0])


def _is_started(step: Step) -> bool:
    """Return whether a task goes on while its starter does, unlike in `gather`."""
    return isinstance(step.node, ast.Call) and _call(step.node).rstrip("()").endswith(
        ("create_task", "ensure_future")
    )


def _closes_in_closure(scope: ast.AST) -> bool:
    """Return whether a nested function may close a loop later."""
    return any(
        isinstance(node, FUNCTIONS)
        and node is not scope
        and any(
            isinstance(inner, ast.Attribute) and inner.attr == "close"
            for inner in ast.walk(node)
        )
        for node in ast.walk(scope)
    )


def _stored(state: Any) -> Iterator[Value]:
    """Yield what objects that other code can reach hold."""
    for address, entry in state.heap.items():
        if isinstance(entry, Items) and address is not CURRENT:
            yield from entry.values()


def _call(node: ast.AST) -> str:
    """Return a call without its arguments."""
    text = ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node)
    if len(text) > MAX_NAME or not text.isprintable():
        text = text.rpartition(".")[2][-MAX_NAME:] if text.isprintable() else "call"
    return f"{text}()"


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
