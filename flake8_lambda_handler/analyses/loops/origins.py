"""Where the loops and objects that a handler uses are made, and which of them are kept.

An object is *kept* when it outlives the invocation: it was made while a module was
imported (a global, a class attribute, a default argument), in a cached function, or
lazily, the first time only, and stored where the next invocation finds it.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.loops import current
from flake8_lambda_handler.analyses.loops.holders import bound_name
from flake8_lambda_handler.analyses.loops.holders import emptied
from flake8_lambda_handler.analyses.loops.holders import holders
from flake8_lambda_handler.analyses.loops.imported import imported_modules
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopMade
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.current_loop import UNSET
from flake8_lambda_handler.libraries.objects import RUNNER

#: A module without any of these words makes no loop, and nothing that is bound to one.
_MAY_MATTER = re.compile(r"async|aio|loop|runner|motor|telegram", re.I)

#: The events that make something.
Making = ObjectMade | LoopMade | LoopFetched


class Origin(NamedTuple):
    """What made a loop or an object, and whether that was during the imports."""

    event: Making
    at_import: bool

    @property
    def node(self) -> ast.AST:
        return self.event.node

    @property
    def kind(self) -> str:
        return "runner" if self.made.type == RUNNER else "event loop"

    @property
    def made(self) -> Object:
        value = self.event.value
        assert isinstance(value, Object)
        return value


class Origins:
    """The origins of what is used in one invocation, whose events are given."""

    def __init__(self, module: Module, analysis: Analysis, events: list[Event]) -> None:
        self.module = module
        self.analysis = analysis
        self.events = events
        self._others: dict[Module, dict[Address | ast.AST, Origin]] = {}

    # -- events -----------------------------------------------------------------

    @cached_property
    def own_import(self) -> list[Event]:
        """What the import of the handler's own file does."""
        if not any(_MAY_MATTER.search(one.text) for one in self._modules[0]):
            return []
        return _outside_main(self.analysis.module(self.module).events)

    @cached_property
    def _modules(self) -> tuple[list[Module], bool]:
        return imported_modules(self.module, self.analysis)

    @property
    def is_complete(self) -> bool:
        """Whether all that the imports do is known."""
        return self._modules[1]

    @cached_property
    def imported(self) -> list[Event]:
        """What the imports before the first invocation do, in about their order."""
        found: list[Event] = []
        for module in self._modules[0]:
            if module is self.module:
                found += self.own_import
            elif _MAY_MATTER.search(module.text):
                found += _outside_main(self.analysis.module(module).events)
        return found

    @property
    def everything(self) -> list[Event]:
        """What the imports and one invocation do."""
        return [*self.imported, *self.events]

    # -- origins ----------------------------------------------------------------

    @cached_property
    def _made(self) -> dict[Address | ast.AST, Origin]:
        return _made(self.events, at_import=False)

    @cached_property
    def _made_at_import(self) -> dict[Address | ast.AST, Origin]:
        return _made(self.imported, at_import=True)

    @cached_property
    def _left_current(self) -> Object | None:
        """The loop that the imports make the thread's current one, if any."""
        status: current.Status = "unset"
        for event in self.imported:
            status = current.following(status, event)
        value = status.value if isinstance(status, LoopSet) else None
        return value if isinstance(value, Object) else None

    def of(self, value: object) -> Origin | None:
        """Return what made a value, if that was seen."""
        origin = self._origin(value)
        if (
            origin is not None
            and not origin.at_import
            and isinstance(origin.event, LoopFetched)
            and origin.event.current == UNSET
        ):
            return self._origin(self._left_current) or origin
        return origin

    def _origin(self, value: object) -> Origin | None:
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
            or self._made_in(address.module).get(address)
        )

    def _made_in(self, module: Module) -> dict[Address | ast.AST, Origin]:
        """Return what the import of a module makes that has nothing to do with loops."""
        if module not in self._others:
            events = self.analysis.module(module).events
            self._others[module] = _made(_outside_main(events), at_import=True)
        return self._others[module]

    @cached_property
    def _remembered(self) -> set[Address]:
        """The loops that are made and set as current, though not by each invocation."""
        made = {
            event.value.address for event in self.events if isinstance(event, LoopMade)
        }
        return {
            event.value.address
            for event in self.events
            if isinstance(event, LoopFetched)
            and isinstance(event.value, Object)
            and event.value.address in made
            and event.value.address is not None
            and isinstance(event.current, Alternatives)
            and UNSET in event.current.values
        }

    def kept(self, event: Event, value: Value) -> list[Origin]:
        """Return the origins of what an event is about, if all of them are kept."""
        found: dict[ast.AST, Origin] = {}
        for one in paths.receivers(event, value):
            origin = self._kept(one, event)
            if origin is None or paths.excludes(origin.event, event):
                return []
            if self.is_let_go(origin.node, origin.event.module):
                return []
            found[origin.node] = origin
        return list(found.values()) if self.is_complete else []

    def _kept(self, value: Object, use: Event) -> Origin | None:
        origin = self.of(value)
        if origin is None or origin.at_import:
            return origin
        address = origin.made.address
        if address is not None and address.shared:
            return origin  # in a cached function
        if not (
            self.analysis.is_shared(value.address) or value.address in self._remembered
        ):
            return None
        if paths.is_prefix(origin.event.path, use.path):
            # Whoever gets to the use has just made it anew; a dict may have an older one.
            holder = _defaulting(origin)
            if holder is None or paths.text(holder) + "[]" in self._emptied:
                return None
        return origin

    def is_let_go(self, made: ast.AST, module: Module) -> bool:
        """Return whether what holds an object is emptied in an invocation."""
        return bool(self._emptied) and not self._emptied.isdisjoint(
            holders(made, module.tree)
        )

    @cached_property
    def _emptied(self) -> set[str]:
        return emptied({event.frame.scope for event in self.events})

    def is_stored(self, origin: Origin) -> bool:
        """Return whether the next invocation may find what this one makes."""
        address = origin.made.address
        return address is None or self.analysis.is_shared(address)

    # -- words ------------------------------------------------------------------

    def name(self, origin: Origin, use: Event | None = None) -> str:
        """Return what the user calls an object: where it is made, or where it is used."""
        name = bound_name(origin.node, origin.event.module.tree)
        if name is None and use is not None:
            node: Any = use.node
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                node = node.func.value
            name = paths.short(node)
        return name or paths.short(origin.node) or paths.call(origin.node)

    def name_of(self, address: Address) -> str:
        """Return what the user calls what was made at an address."""
        return bound_name(address.node, address.module.tree) or paths.use(address.node)

    def made(self, origin: Origin) -> str:
        """Return where something is made, for a phrase: ` from line 3`."""
        event = origin.event
        return f" from {paths.from_file(event.module, event.node, self.module)}"

    def where(self, event: Event) -> str:
        """Return the file and line of an event, for the end of a phrase."""
        return self.where_is(event.module, event.node)

    def where_is(self, module: Module, node: ast.AST) -> str:
        """Return the file and line of a node, for the end of a phrase."""
        return f" ({paths.where(module, node, self.module)})"


def _defaulting(origin: Origin) -> ast.expr | None:
    """Return the dict whose `setdefault` is given something new each time."""
    for node in ast.walk(origin.event.frame.scope):
        if isinstance(node, ast.Call) and origin.node in node.args[1:]:
            if isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault":
                return node.func.value
    return None


def _made(events: list[Event], *, at_import: bool) -> dict[Address | ast.AST, Origin]:
    found: dict[Address | ast.AST, Origin] = {}
    for event in events:
        if isinstance(event, (ObjectMade, LoopMade, LoopFetched)):
            address = getattr(event.value, "address", None)
            if address is not None:
                origin = Origin(event, at_import)
                found.setdefault(address, origin)
                found.setdefault(address.node, origin)
    return found


def _outside_main(events: list[Event]) -> list[Event]:
    return [
        event for event in events if not any(step.kind == "main" for step in event.path)
    ]
