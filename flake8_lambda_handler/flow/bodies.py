"""Run one body, and tell what it found out."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from flake8_lambda_handler.facts import fixtures
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.events import OF_BODIES
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.fates import BRANCH
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import EXCUSED
from flake8_lambda_handler.flow.fates import LOOSE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.fates import STORED
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import LAZY
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import way_to
from flake8_lambda_handler.flow.run import Libraries
from flake8_lambda_handler.flow.run import Returned
from flake8_lambda_handler.flow.run import Root
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.statements import function_body
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all


class Leak(NamedTuple):
    """A coroutine that some path of a body drops."""

    address: Address
    made: Made
    #: Where the followed body made it: the expression that gave the coroutine.
    node: ast.AST
    on_branch: bool
    frame: Frame
    #: The calls, and at last the expression, that led from there to the coroutine.
    inner: tuple[ast.AST, ...] = ()
    #: The called function that did not give it back, if it is not the body itself.
    lost: Frame | None = None


class Summary(NamedTuple):
    """What one run over a body found out."""

    value: Value
    state: State
    events: list[Event]
    leaks: list[Leak]
    returns: list[Returned]
    activation: Activation | None
    #: Whether a bound was met: something may have happened that is not among the events.
    is_truncated: bool = False
    #: Whether a coroutine was made, in the body or in what it calls.
    has_coroutines: bool = False
    #: Whether objects from outside the body get something that may be called.
    fills: bool = False
    #: Whether a coroutine that nobody has driven gets out of sight.
    lets_go: bool = False
    #: Whether what is returned holds such a coroutine, and is none itself.
    hands_back: bool = False

    @property
    def tells(self) -> bool:
        """Whether there may be something to say of what happens in the body."""
        return bool(self.leaks) or any(isinstance(x, OF_BODIES) for x in self.events)

    def made(self, value: Value) -> Made | None:
        """Return what made a coroutine that an event of the body is about."""
        address = getattr(value, "address", None)
        entry = self.state.heap.get(address)
        if entry is None and self.activation is not None:
            entry = self.activation.entry(address)
            for state in self.activation.rounds if entry is None else ():
                entry = entry or state.heap.get(address)
        return entry if isinstance(entry, Made) else None

    def reached_by_returns(self) -> set[Address]:
        """Return the objects that the returned values hold."""
        found: set[Address] = set()
        run = self.activation
        if run is not None:
            saved = run.state
            for value, state, _ in self.returns:
                run.state = state
                found |= run.reach(value)
            run.state = saved
        return found


_EFFECTS = (
    ast.Call,
    ast.Await,
    ast.Dict,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Lambda,
    ast.List,
    ast.ListComp,
    ast.NamedExpr,
    ast.Set,
    ast.SetComp,
    ast.Tuple,
    ast.Yield,
    ast.YieldFrom,
)


def derived_class(function: Function) -> Class | None:
    """Return the class of the object a method is bound to, if not its own class."""
    receiver = function.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(cls, Class) or function.owner is None:
        return None
    return None if cls.node is function.owner.node else cls


class Exhausted(Exception):
    """Inlined calls took more steps than one body may spend."""


class Bodies(World):
    """Runs bodies, within the bounds of `limits`."""

    def __init__(self, libraries: Libraries) -> None:
        self.libraries = libraries
        self.root = Root(limits.STEPS, 0)
        self.shared_heap = {}
        self.made_in = {}
        self.puts = {}
        self.said = {}
        self._defaults: dict[ast.AST, dict[str, Value]] = {}
        #: The bodies that are being run, outermost first.
        self._active: list[ast.AST] = []
        self.is_tracing = False
        self._names: dict[ast.AST, tuple[str, ...]] = {}
        self._effects: dict[ast.AST, bool] = {}
        #: What functions call methods of: names, mostly their parameters.
        self._methods_called: dict[ast.AST, frozenset[str]] = {}

    def _self(self, function: Function) -> Value:
        owner = derived_class(function) or function.owner
        assert owner is not None
        decorators = {
            node.id
            for node in getattr(function.node, "decorator_list", ())
            if isinstance(node, ast.Name)
        }
        if "staticmethod" in decorators:
            return UNKNOWN
        if "classmethod" in decorators or function.name == "__new__":
            return owner
        return Instance(owner, None)

    def _run(self, function: Function, names: dict[str, Value]) -> Summary:
        frame = Frame(
            function.module,
            function.node,
            function.frame,
            function,
            (),
            shared=function.cached,
        )
        frame.ever.update(names)
        activation = Activation(
            self, frame, State(Layers(names), Layers(self.libraries.start())), 0
        )
        self._active.append(function.node)
        try:
            return self._root(activation, function_body(function.node), function.node)
        finally:
            self._active.pop()

    def _root(
        self, activation: Activation, body: list[ast.stmt], node: ast.AST
    ) -> Summary:
        is_last = self._active[-1:] == [node]
        steps = limits.TRACED_STEPS if self.is_tracing else limits.STEPS
        saved, self.root = self.root, Root(steps, len(self._active) - is_last)
        root = self.root
        try:
            activation.run(body)
            activation.finish(node)
            returns = activation.returns
            value = join_all([value for value, _, _ in returns])
            state = join_states([state for _, state, _ in returns])
            hands_back = root.has_coroutines and any(
                _holds_pending(activation, value, state) for value, state, _ in returns
            )
            return Summary(
                UNKNOWN if value is None else value,
                activation.state if state is None else state,
                root.events,
                self._leaks(activation),
                returns,
                activation,
                root.is_truncated,
                root.has_coroutines,
                root.fills,
                root.lets_go,
                hands_back,
            )
        except (RecursionError, Exhausted):
            # Too deep or too long to follow: nothing is known of this body.
            activation.returns, state = [], activation.state
            return Summary(UNKNOWN, state, [], [], [], activation, True, True)
        finally:
            self.root = saved

    def _bind(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        *,
        unknown: bool = False,
    ) -> dict[str, Value]:
        """Return the parameters of a call by name."""
        arguments = function.node.args
        unknown = unknown or REST in keywords
        defaults = {} if unknown else self._defaults.get(function.node, {})
        positional = [*arguments.posonlyargs, *arguments.args]
        every = [*positional, *arguments.kwonlyargs]
        names = {item.arg: defaults.get(item.arg, UNKNOWN) for item in every}
        for item, value in zip(positional, args):
            names[item.arg] = value
        for name, value in keywords.items():
            if name in names:
                names[name] = value
        owner = function.owner
        bases = () if owner is None else map(hints.last_name, owner.node.bases)
        unsaid = hints.unsaid(function.node, bases, function.module.text)
        for item in every:
            said = item.annotation or unsaid.get(item.arg)
            if said is not None and names[item.arg] == UNKNOWN:
                names[item.arg] = Hint(said, function.module, function.frame)
            elif unknown and item.arg in self._given_parameters(function):
                names[item.arg] = Hint(item, function.module, None)
        if arguments.vararg is not None:
            names[arguments.vararg.arg] = UNKNOWN
            if arguments.vararg.annotation is not None:
                rest = ast.Subscript(ast.Name("list"), arguments.vararg.annotation)
                hint = Hint(rest, function.module, function.frame)
                names[arguments.vararg.arg] = hint
        if arguments.kwarg is not None:
            names[arguments.kwarg.arg] = UNKNOWN
        return names

    def _given_parameters(self, function: Function) -> frozenset[str]:
        """Return the parameters whose methods, or their attributes', a function calls.

        It is one of a module, and the methods have the names of async functions.
        """
        is_inner = function.owner is not None or function.frame is not None
        if is_inner and not fixtures.asks(function.node):
            return frozenset()
        if function.node not in self._methods_called:
            names = self.async_names(function.module)
            self._methods_called[function.node] = frozenset(
                hints.first_name(one.value)
                for one in (ast.walk(function.node) if names else ())
                if isinstance(one, ast.Attribute) and one.attr in names
            )
        return self._methods_called[function.node]

    def _leaks(self, activation: Activation) -> list[Leak]:
        """Return the coroutines of a body that some way out of it drops."""
        found: dict[Address, Leak] = {}
        ways: list[tuple[Value | None, State]] = []
        if self.root.has_coroutines:
            ways += [(value, state) for value, state, _ in activation.returns]
            ways += [(None, state) for state in activation.rounds]
        for value, state in ways:
            kept: set[Address] | None = None
            for address, fate in state.fates.items():
                if fate in (DONE, EXCUSED, STORED) or address in found:
                    continue
                if address.context[: len(activation.frame.context)] != (
                    activation.frame.context
                ):
                    continue
                is_let_go = state.fates.is_let_go(address)
                is_driven = address in activation.driven and not is_let_go
                if is_driven and value is None:
                    continue  # perhaps by the next round
                if is_driven and (fate == LOOSE or address in activation.tested):
                    continue
                entry = state.heap.get(address)
                if not isinstance(entry, Made):
                    continue
                if is_driven and entry.kind in LAZY:
                    continue
                if kept is None:
                    saved, activation.state = activation.state, state
                    held = state.names.values() if value is None else (value,)
                    kept = set().union(*map(activation.reach, held))
                    activation.state = saved
                if address in kept:
                    continue
                nodes = way_to(address, activation.frame)
                found[address] = Leak(
                    address,
                    entry,
                    written(nodes[0]),
                    fate in (BRANCH, PENDING) and is_driven,
                    activation.frame,
                    nodes[1:],
                    self.root.lost.get(address),
                )
        return list(found.values())

    def spend(self, steps: int = 1) -> None:
        """Count steps of an inlined call."""
        root = self.root
        if root.depth:
            root.steps -= steps
            if root.steps < 0:
                raise Exhausted

    def record(self, run: Run, event: Event) -> None:
        """Note an event."""
        event.module, event.depth, event.frame = run.module, run.depth, run.frame
        event.way = self.root.way
        self.root.events.append(event)

    def apart(self, action: Callable[[], object]) -> list[Event]:
        """Return the events of an action, and forget them."""
        root = self.root
        saved, root.events = root.events, []
        try:
            action()
            return root.events
        finally:
            root.events = saved

    def note_filled(self, value: Value) -> None:
        """Note that an object from outside the body gets to hold a value."""
        self.root.fills |= any(
            isinstance(one, (Function, Instance, Partial))
            or (isinstance(one, Object) and not self.libraries.is_harmless(one.type))
            for one in each(value)
        )

    def names_in(self, node: ast.AST) -> tuple[str, ...]:
        """Return the names that an expression mentions."""
        found = self._names.get(node)
        if found is None:
            found = self._names[node] = tuple(
                {
                    child.id: None
                    for child in ast.walk(node)
                    if isinstance(child, ast.Name)
                }
            )
        return found

    def has_effects(self, node: ast.AST) -> bool:
        """Return whether evaluating an expression can change names or objects."""
        found = self._effects.get(node)
        if found is None:
            found = self._effects[node] = any(
                isinstance(child, _EFFECTS) for child in ast.walk(node)
            )
        return found


def _holds_pending(run: Run, value: Value, state: State) -> bool:
    """Return whether something that is no coroutine itself holds one nobody has driven."""
    saved, run.state = run.state, state
    try:
        return any(
            state.fates.get(address) in (LOOSE, PENDING, STORED)
            for one in each(value)
            if not isinstance(one, Coroutine)
            for address in run.reach(one)
        )
    finally:
        run.state = saved
