"""One invocation of a handler, for the facts about its event loops."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from typing import TypeVar

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses import taken
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.analyses.loops.origins import Origin
from flake8_lambda_handler.analyses.loops.origins import Origins
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopCalled
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopMade
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import NestingAllowed
from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.events import RanApart
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.session import Session

#: When something fails.
IMPORT, EVERY, SECOND = "the import", "every invocation", "the second invocation"

Result = TypeVar("Result")


class Judged(NamedTuple):
    """A runtime by which an invocation is judged."""

    identifier: str
    #: Where it is declared; `None` when it is the newest, for want of a declaration.
    use: RuntimeUse | None


def of(session: Session, module: Module) -> list[Invocation]:
    """Return the invocations of the handlers of a module, as far as they can be followed."""
    return session.once(_of, module)


def _of(session: Session, module: Module) -> list[Invocation]:
    traced = [(one, trace_of(one)) for one in find.of(session, module)]
    return [Invocation(summary, one) for one, summary in traced if summary is not None]


class Invocation:
    """One invocation of a handler: its events, and those of the imports before it."""

    def __init__(self, summary: Summary, handler: Handler) -> None:
        self.module = handler.module
        self.analysis = handler.session.analysis
        self.summary = summary
        self.handler = handler
        self.events = taken.under_lambda(summary.events, self.analysis)
        self.origins = Origins(self.module, self.analysis, self.events)
        self._found: dict[object, object] = {}

    def once(self, find: Callable[[Invocation], Result]) -> Result:
        """Return what a search finds here; it is made once."""
        if find not in self._found:
            self._found[find] = find(self)
        found: Result = self._found[find]  # type: ignore[assignment]
        return found

    def runs_on_loops(self) -> Iterator[tuple[LoopRun, Object]]:
        """Yield the runs on a loop or runner, with that."""
        for event in self.events:
            if isinstance(event, LoopRun) and isinstance(event.how, Object):
                yield event, event.how

    def kept_loops(self, event: Event, loop: Value) -> list[Origin]:
        """Return the origins of the loop of an event, if kept and not looked after."""
        found = self.origins.kept(event, loop)
        return [] if any(one.node in self.guarded for one in found) else found

    @cached_property
    def guarded(self) -> set[ast.AST]:
        """The origins of loops that run in a thread, or that are replaced when closed."""
        found: set[ast.AST] = set()
        for event in self.origins.everything:
            if isinstance(event, RanApart) or (
                isinstance(event, LoopCalled) and event.name == "is_closed"
            ):
                origin = self.origins.of(event.value)
                if origin is not None:
                    found.add(origin.node)
        return found | {
            event.node
            for event in self.events
            if isinstance(event, (LoopMade, ObjectMade))
            and any("is_closed(" in paths.condition(step.node) for step in event.path)
        }

    def is_fresh(self, path: Path) -> bool:
        """Return whether the loop that runs is new for each invocation."""
        step = running_loop(path)
        if step is None or paths.is_chosen(path, step.node):
            return False
        if step.value is None:
            return True
        origin = self.origins.of(step.value)
        return (
            origin is not None
            and not isinstance(origin.event, LoopFetched)
            and not self.origins.is_stored(origin)
        )

    @cached_property
    def parameters(self) -> set[str]:
        """The names of what the handler is called with."""
        arguments = getattr(self.handler.node, "args", None)
        if not isinstance(arguments, ast.arguments):
            return set()
        return {one.arg for one in (*arguments.posonlyargs, *arguments.args)}

    @cached_property
    def allows_nesting(self) -> bool:
        """Whether `nest_asyncio` changes what loops do: one loop serves all calls."""
        return any(
            isinstance(event, NestingAllowed) for event in self.origins.everything
        )

    def declared(self, holds: Callable[[tuple[int, int]], bool]) -> RuntimeUse | None:
        """Return a declared runtime of the handler whose Python version fits."""
        for declaration in self.handler.declarations:
            for use in declaration.runtimes:
                version = runtimes.version(use.identifier)
                if version is not None and holds(version):
                    return use
        return None

    def judged(self, holds: Callable[[tuple[int, int]], bool]) -> Judged | None:
        """Return the runtime to judge by, if its Python version fits.

        That is a declared one while AWS supports it, else the newest.
        """
        settings = self.handler.session.settings
        as_of, table = settings.as_of, settings.runtimes
        supported = [
            Judged(use.identifier, use)
            for declaration in self.handler.declarations
            for use in declaration.runtimes
            if runtimes.version(use.identifier) is not None
            and getattr(
                runtimes.phase(use.identifier, as_of, 0, table), "name", "announced"
            )
            == "announced"
        ]
        newest = runtimes.newest(as_of, table)
        for one in supported or [Judged(newest or "", None)]:
            version = runtimes.version(one.identifier)
            if version is not None and holds(version):
                return one
        return None

    def place(self, event: Event) -> tuple[ast.AST, str]:
        """Return the node to report for an event, and the file if it is another one."""
        node = paths.place(event, self.module) or self.handler.node
        if event.module is self.module:
            return node, ""
        return node, self.origins.where(event)

    def made_place(self, origin: Origin, use: Event) -> tuple[ast.AST, str]:
        """Return the node of the file that leads to where something is made.

        And the other file where that is. What an imported file makes is reported where
        it is used.
        """
        node = paths.place(origin.event, self.module) or self.place(use)[0]
        is_here = origin.event.module is self.module
        return node, "" if is_here else self.origins.where(origin.event)

    def use(self, event: Event) -> str:
        """Return the words for a use of something: the text, and where it stands."""
        text = paths.use(event.node)
        if isinstance(event, Entered):
            text = f"async with {text}"
        if event.module is not self.module:
            return f"`{text}`{self.origins.where(event)}"
        return f"`{text}` (line {getattr(event.node, 'lineno', 1)})"
