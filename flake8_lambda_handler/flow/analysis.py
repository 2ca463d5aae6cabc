"""Answer questions about values, over one module and those it imports.

Bodies are run on demand: a module's once, a function's once with unknown arguments
(its *summary*), and again inside a caller where the arguments matter. All of it is
memoised, bounded (see `limits`), and safe against recursion: where a bound is met, the
answer is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow import running
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.expressions import BUILTINS
from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.state import BRANCH
from flake8_lambda_handler.flow.state import DONE
from flake8_lambda_handler.flow.state import Fates
from flake8_lambda_handler.flow.state import LOOSE
from flake8_lambda_handler.flow.state import PENDING
from flake8_lambda_handler.flow.state import Frame
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import Made
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.statements import Activation
from flake8_lambda_handler.flow.statements import function_body
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Imported
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import written
from flake8_lambda_handler.module import Module


class Resolver(Protocol):
    """Finds the modules of the project."""

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""


class Event(NamedTuple):
    """Something that happened to a value while a body was followed."""

    kind: str
    node: ast.AST
    module: Module
    #: Calls between the followed body and the event; 0 in the body itself.
    depth: int
    frame: Frame
    fields: dict[str, Any]
    #: The way to it through branches, loops, tasks and calls.
    path: running.Path = ()


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


class Summary(NamedTuple):
    """What one run over a body found out."""

    value: Value
    state: State
    events: list[Event]
    leaks: list[Leak]
    returns: list[tuple[Value, State, ast.AST]]
    activation: Activation | None
    #: Whether a bound was met: something may have happened that is not among the events.
    is_truncated: bool = False

    def made(self, value: Value) -> Made | None:
        """Return what made a coroutine that an event of the body is about."""
        address = getattr(value, "address", None)
        entry = self.state.heap.get(address)
        if entry is None and self.activation is not None:
            entry = self.activation.entry(address)
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


class _Exhausted(Exception):
    """Inlined calls took more steps than one body may spend."""


class _TooDeep(Exception):
    """A summary waits for too many others: its callee has to be known first."""

    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function


def _nothing_known(value: Value) -> Summary:
    """Return the summary of a body of which no more than a value is assumed."""
    return Summary(value, State(), [], [], [], None)


class _Open:
    """A summary that is being made.

    `lowest` is the outermost of the open summaries that it builds on: itself, unless it
    is part of a circle of calls. `assumed` is what the others in the circle build on.
    """

    __slots__ = ("asked", "assumed", "index", "lowest")

    def __init__(self, index: int) -> None:
        self.index = self.lowest = index
        self.assumed = _nothing_known(NEVER)
        self.asked = False


Answer = TypeVar("Answer")


class Analysis:
    """The flow analysis of one project."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.shared_heap: dict[Address, Items | Made] = {}
        self.shared_addresses: set[Address] = set()
        self.defaults: dict[ast.AST, dict[str, Value]] = {}
        #: Modules by the dotted name under which a module imports them.
        self.namespaces: dict[tuple[Module, str], Module] = {}
        #: The functions in which calls stand that were followed or made a coroutine.
        self.made_in: dict[ast.AST, Function] = {}
        #: The way to the current statement; see `Step`.
        self.path: running.Path = ()
        #: How many blocks around the current statement expect a `TypeError`.
        self.expected_type_errors = 0
        self._modules: dict[Module, Summary] = {}
        self._running: dict[Module, Activation] = {}
        self._stars: dict[Module, list[Module | None]] = {}
        self._globals: dict[tuple[Module, str], Value] = {}
        self._patched: dict[tuple[object, str], Value] = {}
        self._settled: dict[tuple[Module, str], Value] = {}
        self._names: dict[ast.AST, tuple[str, ...]] = {}
        self._effects: dict[ast.AST, bool] = {}
        self._summaries: dict[ast.AST, Summary] = {}
        #: Summaries that are being made, by function, outermost first.
        self._open: dict[ast.AST, _Open] = {}
        #: Summaries that build on an open one, with the index of the outermost of those.
        self._provisional: dict[ast.AST, tuple[Summary, int]] = {}
        #: Functions in circles of calls that are too long to follow.
        self._endless: set[ast.AST] = set()
        self._is_asked = False
        self._classes: dict[ast.AST, ClassFacts] = {}
        self._class_frames: dict[Frame, Class] = {}
        self._functions: dict[Module, dict[ast.AST, Function]] = {}
        self._active: list[ast.AST] = []
        self._events: list[Event] = []
        self._left = limits.STEPS
        self._depth = 0
        #: Where the bodies of the current root begin among the active ones.
        self._base = 0
        self._is_truncated = False
        #: Whether the current root has made a coroutine, so that fates matter.
        self.has_coroutines = False
        self._following = 0
        self._tracing = False
        self._writing: set[tuple[Module, str]] = set()

    # -- questions --------------------------------------------------------------

    def module(self, module: Module) -> Summary:
        """Return what running a module's body finds out."""
        return self._answer(lambda: self._module(module))

    def _module(self, module: Module) -> Summary:
        done = self._modules.get(module)
        if done is not None:
            return done
        frame = Frame(module, module.tree, None, None, (), shared=True)
        activation = Activation(self, frame, State({}, Layers(running.start())), 0)
        self._running[module] = activation
        try:
            summary = self._root(activation, module.tree.body, module.tree)
        finally:
            del self._running[module]
        self._modules[module] = summary
        self.shared_heap.update(activation.state.heap.flat())
        self.shared_heap.update(summary.state.heap.flat())
        return summary

    def functions(self, module: Module) -> list[Function]:
        """Return every function that the module's bodies define, nested ones too."""
        return self._answer(lambda: self._defined(module))

    def _defined(self, module: Module) -> list[Function]:
        self._module(module)
        made = self._functions.setdefault(module, {})
        done: set[ast.AST] = set()
        while len(done) < len(made):
            for node, function in list(made.items()):
                if node not in done:
                    done.add(node)
                    self._summary(function)
        return sorted(made.values(), key=lambda one: one.node.lineno)

    def summaries(self, module: Module) -> list[Summary]:
        """Return the summary of the module's body and of each of its functions."""
        functions = self.functions(module)
        return [self.module(module), *[self.summary(one) for one in functions]]

    def summary(self, function: Function) -> Summary:
        """Return what running a function with unknown arguments finds out.

        Functions that call each other in a circle are followed until what they return
        stays the same, so that the answer does not depend on which of them comes first.
        """
        return self._answer(lambda: self._summary(function))

    def _summary(self, function: Function) -> Summary:
        node = function.node
        done = self._summaries.get(node)
        if done is not None:
            return done
        if node in self._open:
            entry = self._open[node]
            entry.asked = True
            self._build_on(entry.index)
            return entry.assumed
        if node in self._provisional:
            done, lowest = self._provisional[node]
            self._build_on(lowest)
            return done
        if node in self._endless:
            return _nothing_known(UNKNOWN)
        if len(self._active) > limits.WAITING:
            raise _TooDeep(function)
        entry = self._open[node] = _Open(len(self._open))
        try:
            done = self._settled_summary(function, entry)
        finally:
            del self._open[node]
        self._provisional[node] = (done, entry.lowest)
        if entry.lowest < entry.index:
            self._build_on(entry.lowest)
        else:
            # No open summary is behind any of these: they are final.
            for other, (summary, lowest) in list(self._provisional.items()):
                if lowest >= entry.index:
                    if summary.value is NEVER:
                        summary = summary._replace(value=UNKNOWN)
                    self._summaries[other] = summary
                    del self._provisional[other]
            done = self._summaries[node]
        return done

    def _settled_summary(self, function: Function, entry: _Open) -> Summary:
        for _ in range(limits.ROUNDS):
            entry.asked = False
            done = self._run_unknown(function)
            if not entry.asked or done.value == entry.assumed.value:
                return done
            entry.assumed = done
            self._drop_provisional(entry.index)
        # What it returns grows with each round: nothing is known of it.
        entry.assumed = _nothing_known(UNKNOWN)
        done = self._run_unknown(function)
        return done._replace(value=UNKNOWN, events=[], leaks=[])

    def _run_unknown(self, function: Function) -> Summary:
        args: list[Value] = []
        if function.receiver is not None:
            args = [function.receiver]
        elif function.owner is not None:
            args = [self._self(function)]
        return self._run(function, self._bind(function, args, {}, unknown=True))

    def _build_on(self, index: int) -> None:
        """Note that the innermost open summary builds on that of an index."""
        entry = next(reversed(self._open.values()), None)
        if entry is not None:
            entry.lowest = min(entry.lowest, index)

    def _drop_provisional(self, index: int) -> None:
        for node, (_, lowest) in list(self._provisional.items()):
            if lowest >= index:
                del self._provisional[node]

    def is_told_inside(self, leak: Leak) -> bool:
        """Return whether a function that a body calls drops the coroutine itself.

        Then it is told there, once, and not at each of the callers.
        """
        for node in leak.inner:
            function = self.made_in.get(node)
            if function is not None:
                if any(one.node is node for one in self.summary(function).leaks):
                    return True
        return False

    def _answer(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer to a question; long chains of calls are taken in pieces."""
        if self._is_asked:
            return question()
        self._is_asked = True
        chain: list[Function] = []
        try:
            while True:
                try:
                    if not chain:
                        return question()
                    self._summary(chain[-1])
                    chain.pop()
                except _TooDeep as deeper:
                    self._provisional.clear()
                    node = deeper.function.node
                    if any(one.node is node for one in chain):
                        self._endless.add(node)
                    else:
                        chain.append(deeper.function)
        finally:
            self._is_asked = False

    def trace(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value] | None = None,
    ) -> Summary:
        """Return what one call finds out, with every call of the project inlined."""
        return self._answer(lambda: self._trace(function, args, keywords or {}))

    def _trace(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> Summary:
        if function.receiver is not None:
            args = [function.receiver, *args]
        elif function.owner is not None and not args:
            args = [self._self(function)]
        tracing, self._tracing = self._tracing, True
        self.expected_type_errors = 0
        try:
            return self._run(function, self._bind(function, args, keywords))
        finally:
            self._tracing = tracing

    def call(
        self, module: Module, function: Value, args: list[Value]
    ) -> tuple[Value, Activation]:
        """Return what calling a value of a module gives, as if at its end.

        The activation knows the heap in which the value stands.
        """
        return self._answer(lambda: self._call(module, function, args))

    def _call(
        self, module: Module, function: Value, args: list[Value]
    ) -> tuple[Value, Activation]:
        summary = self.module(module)
        frame = Frame(module, module.tree, None, None, (module.tree,), shared=False)
        activation = Activation(self, frame, summary.state.fork(), 0)
        saved = self._events, self._left
        self._events, self._left = [], limits.STEPS
        try:
            return activation.call(function, args, {}, module.tree), activation
        except (_Exhausted, RecursionError):
            return UNKNOWN, activation
        finally:
            self._events, self._left = saved

    # -- running bodies ---------------------------------------------------------

    def _self(self, function: Function) -> Value:
        owner = function.owner
        assert owner is not None
        decorators = {
            node.id
            for node in getattr(function.node, "decorator_list", ())
            if isinstance(node, ast.Name)
        }
        if "staticmethod" in decorators:
            return UNKNOWN
        if "classmethod" in decorators:
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
        activation = Activation(self, frame, State(names, Layers(running.start())), 0)
        self._active.append(function.node)
        try:
            return self._root(activation, function_body(function.node), function.node)
        finally:
            self._active.pop()

    def _root(
        self, activation: Activation, body: list[ast.stmt], node: ast.AST
    ) -> Summary:
        saved = (
            self._events,
            self._left,
            self._depth,
            self.path,
            self._base,
            self._is_truncated,
            self.has_coroutines,
        )
        self._events, self._depth, self.path = [], 0, ()
        self._left = limits.TRACED_STEPS if self._tracing else limits.STEPS
        is_last = self._active[-1:] == [node]
        self._base, self._is_truncated = len(self._active) - is_last, False
        self.has_coroutines = False
        try:
            try:
                activation.run(body)
                activation.finish(node)
            except (RecursionError, _Exhausted):
                # Too deep or too long to follow: nothing is known of this body.
                activation.returns = []
                self._events = []
                return Summary(UNKNOWN, activation.state, [], [], [], activation, True)
            returns = activation.returns
            value = join(*[value for value, _, _ in returns]) if returns else UNKNOWN
            state = join_states([state for _, state, _ in returns], lenient=True)
            leaks = self._leaks(activation)
            return Summary(
                value,
                activation.state if state is None else state,
                self._events,
                leaks,
                returns,
                activation,
                self._is_truncated,
            )
        finally:
            (
                self._events,
                self._left,
                self._depth,
                self.path,
                self._base,
                self._is_truncated,
                self.has_coroutines,
            ) = saved

    def invoke(
        self,
        caller: Expressions,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what a call gives to its caller, and let it have its effects."""
        given = [*args, *keywords.values()]
        interesting = (
            self._tracing
            or caller.frame.shared
            or isinstance(function.frame, Frame)
            or any(self._matters(caller, value) for value in given)
        )
        if not interesting:
            for value in given:
                caller.escape(value)
            return self._apply(caller, self._summary(function), node)
        if (
            function.node in self._active[self._base :]
            and not self._is_reentered(function)
        ) or caller.depth >= (limits.TRACED_DEPTH if self._tracing else limits.DEPTH):
            self._is_truncated = True
            for value in given:
                caller.escape(value)
            return UNKNOWN
        names = self._bind(function, args, keywords)
        for name in function.module.scopes[function.node].captured:
            if name in names:
                # A nested function reads it, whenever that runs.
                caller.escape(names[name], keep=True)
        frame = Frame(
            function.module,
            function.node,
            function.frame,
            function,
            (*caller.frame.context, node),
            shared=caller.frame.shared or function.cached,
        )
        frame.ever.update(names)
        outer = caller.state
        state = State(names, outer.heap, outer.fates, outer.many)
        inner = Activation(self, frame, state, caller.depth + 1)
        if caller.frame.function is not None:
            self.made_in.setdefault(node, caller.frame.function)
        path, told = self.path, len(self._events)
        self._active.append(function.node)
        self._depth += 1
        try:
            inner.run(function_body(function.node))
            inner.finish(function.node)
        except _Exhausted:
            if caller.depth:
                raise
            self._left = limits.STEPS_AFTER
            self._is_truncated = True
            del self._events[told:]
            caller.lose_sight()
            return UNKNOWN
        finally:
            self.path = path
            self._active.pop()
            self._depth -= 1
        caller.driven |= inner.driven
        caller.awaited_tasks |= inner.awaited_tasks
        joined = join_states([state for _, state, _ in inner.returns], lenient=True)
        if joined is None:
            for value in given:
                caller.escape(value)
            return UNKNOWN
        caller.state.heap = joined.heap
        caller.state.fates = joined.fates
        caller.state.many = joined.many
        value = join(*[value for value, _, _ in inner.returns])
        if _are_pending(value, caller.state.fates):
            caller.drive_coroutines(value)
            return caller.make_coroutine("coroutine", UNKNOWN, [], {}, node)
        if isinstance(value, Alternatives):
            # Which of them comes back is for the callee to know.
            caller.drive_coroutines(value)
        return value

    def _is_reentered(self, function: Function) -> bool:
        """Return whether what a function's own loop runs calls the function again."""
        node: Any = function.node
        return self._active[self._base :].count(node) == 1 and any(
            step.kind == "run" and node.lineno <= step.node.lineno <= node.end_lineno
            for step in self.path
            if hasattr(step.node, "lineno")
        )

    def _matters(self, caller: Expressions, value: Value) -> bool:
        """Return whether a callee may do something of interest with a value."""
        for one in each(value):
            if isinstance(one, (Function, Partial, Coroutine, Class, Method)):
                return True
            if isinstance(one, Container):
                return True
            if isinstance(one, Instance) and one.address is not None:
                if any(
                    self._matters_inside(item)
                    for item in caller.items(one).known.values()
                ):
                    return True
        return False

    @staticmethod
    def _matters_inside(value: Value) -> bool:
        return any(
            isinstance(one, (Function, Partial, Coroutine, Object))
            for one in each(value)
        )

    def _apply(self, caller: Expressions, summary: Summary, node: ast.AST) -> Value:
        """Return a summary's value as the caller sees it."""
        value = summary.value
        state = summary.state
        if isinstance(value, Coroutine):
            self.has_coroutines = True
            address = caller.address(node)
            entry = state.heap.get(value.address)
            if entry is not None:
                caller.state.heap[address] = entry
            fate = state.fates.get(value.address, DONE)
            caller.state.fates[address] = PENDING if fate in (PENDING, LOOSE) else DONE
            self._copy(caller, entry, state)
            return Coroutine(value.kind, address)
        if _are_pending(value, state.fates):
            return caller.make_coroutine("coroutine", UNKNOWN, [], {}, node)
        self._copy(caller, value, state)
        return value

    def _copy(self, caller: Expressions, start: object, state: State) -> None:
        """Bring the objects that a summary's value holds into the caller's heap."""
        stack: list[Any] = [start]
        seen: set[Address] = set()
        while stack:
            current = stack.pop()
            if isinstance(current, Made):
                stack.extend(current.args)
                stack.extend(value for _, value in current.keywords)
                continue
            if not isinstance(current, Value):
                continue
            for one in each(current):
                if isinstance(one, Partial):
                    stack.extend((*one.args, one.function))
                if isinstance(one, Method):
                    stack.append(one.receiver)
                address = getattr(one, "address", None)
                if address is None or address in seen:
                    continue
                seen.add(address)
                entry = state.heap.get(address)
                if entry is None:
                    continue
                if address not in caller.state.heap:
                    caller.state.heap[address] = entry
                if isinstance(one, Coroutine):
                    caller.state.fates[address] = DONE
                if isinstance(entry, Items):
                    stack.extend(entry.values())
                else:
                    stack.append(entry)

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
        defaults = {} if unknown else self.defaults.get(function.node, {})
        positional = [*arguments.posonlyargs, *arguments.args]
        names = {
            item.arg: defaults.get(item.arg, UNKNOWN)
            for item in (*positional, *arguments.kwonlyargs)
        }
        for item, value in zip(positional, args):
            names[item.arg] = value
        for name, value in keywords.items():
            if name in names:
                names[name] = value
        if arguments.vararg is not None:
            names[arguments.vararg.arg] = UNKNOWN
        if arguments.kwarg is not None:
            names[arguments.kwarg.arg] = UNKNOWN
        return names

    def _leaks(self, activation: Activation) -> list[Leak]:
        """Return the coroutines of a body that some way out of it drops."""
        found: dict[Address, Leak] = {}
        for value, state, _ in activation.returns:
            kept: set[Address] | None = None
            for address, fate in state.fates.items():
                if fate == DONE or address in found:
                    continue
                if address.context[: len(activation.frame.context)] != (
                    activation.frame.context
                ):
                    continue
                if fate == LOOSE and address in activation.driven:
                    continue
                entry = state.heap.get(address)
                if not isinstance(entry, Made):
                    continue
                if kept is None:
                    saved, activation.state = activation.state, state
                    kept = activation.reach(value)
                    activation.state = saved
                if address in kept:
                    continue
                inner = address.context[len(activation.frame.context) :]
                found[address] = Leak(
                    address,
                    entry,
                    written(inner[0] if inner else address.node),
                    fate == BRANCH
                    or (fate == PENDING and address in activation.driven),
                    activation.frame,
                    (*inner[1:], address.node) if inner else (),
                )
        return list(found.values())

    def spend(self, steps: int = 1) -> None:
        """Count steps of an inlined call."""
        if self._depth:
            self._left -= steps
            if self._left < 0:
                raise _Exhausted

    def record(
        self, activation: Any, kind: str, node: ast.AST, fields: dict[str, Any]
    ) -> None:
        module, depth, frame = activation.module, activation.depth, activation.frame
        self._events.append(Event(kind, node, module, depth, frame, fields, self.path))

    def apart(self, action: Callable[[], object]) -> list[Event]:
        """Return the events of an action, and forget them."""
        saved, self._events = self._events, []
        try:
            action()
            return self._events
        finally:
            self._events = saved

    # -- facts of expressions ---------------------------------------------------

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

    # -- names of modules -------------------------------------------------------

    def global_value(self, module: Module, name: str) -> Value:
        """Return what a module-level name (or a builtin) can hold in a function."""
        return self._answer(lambda: self._global_value(module, name))

    def _global_value(self, module: Module, name: str) -> Value:
        key = (module, name)
        settled = self._settled.get(key)
        if settled is not None:
            return settled
        running = self._running.get(module)
        if running is not None:
            names = running.state.names
        else:
            names = self.module(module).state.names
        if name in names:
            found: list[Value] = [self.resolved(names[name])]
            if name in module.global_writers and running is None:
                self._run_writers(module, name)
                stored = self._globals.get(key)
                if stored is not None:
                    found.append(stored)
            patched = self._patched.get((module.path, name))
            if patched is not None:
                return UNKNOWN
            value = join(*found)
            if (
                running is None
                and not self._running
                and name not in module.global_writers
            ):
                self._settled[key] = value
            return value
        if name in module.global_writers:
            self._run_writers(module, name)
            return self._globals.get(key, UNKNOWN)
        for star in self._stars.get(module, ()):
            if star is None:
                return UNKNOWN
            value = self.member(star, name)
            if value != UNKNOWN:
                return value
        if name in BUILTINS:
            return External("builtins." + name)
        return UNKNOWN

    def resolved(self, value: Value) -> Value:
        """Return what an imported name holds; imports are followed when used."""
        if isinstance(value, Alternatives):
            if any(isinstance(one, Imported) for one in value.values):
                return join(*[self.resolved(one) for one in value.values])
            return value
        if not isinstance(value, Imported):
            return value
        if self._following >= limits.REEXPORTS:
            return UNKNOWN
        if len(self._running) > limits.RUNNING_MODULES:
            return UNKNOWN
        self._following += 1
        try:
            return self.member(value.module, value.name)
        finally:
            self._following -= 1

    def _run_writers(self, module: Module, name: str) -> None:
        """Run the functions that assign a global, so that its values are known."""
        key = (module, name)
        if key in self._writing:
            return
        self._writing.add(key)
        made = self._functions.get(module, {})
        for node in module.global_writers[name]:
            function = made.get(node)
            if function is None:
                # A nested function, or one that another decorator hides.
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    function = Function(node, module, None, None, None, False)
                else:
                    continue
            if node not in self._active:
                self._summary(function)

    def store_global(self, activation: Expressions, name: str, value: Value) -> None:
        key = (activation.module, name)
        old = self._globals.get(key)
        self._globals[key] = value if old is None else join(old, value)
        self.store_shared(activation, value)

    def store_shared(self, activation: Expressions, value: Value) -> None:
        """Record that a value outlives the invocation."""
        for address in activation.reach(value):
            self.shared_addresses.add(address)
            entry = activation.state.heap.get(address)
            if entry is not None:
                self.shared_heap.setdefault(address, entry)

    def store_attribute(
        self, activation: Expressions, owner: Value, name: str, value: Value
    ) -> None:
        """Record an assignment to an attribute of a class, function or module."""
        key: object
        if isinstance(owner, ModuleValue):
            key = owner.module.path
        else:
            key = owner.node  # type: ignore[attr-defined]
        if isinstance(owner, ModuleValue):
            self._settled.pop((owner.module, name), None)
        old = self._patched.get((key, name))
        self._patched[(key, name)] = value if old is None else join(old, value)
        if not isinstance(owner, ModuleValue):
            self.store_shared(activation, value)

    def patched(self, owner: Value, name: str) -> Value | None:
        """Return what was assigned to an attribute of a class or function."""
        return self._patched.get((getattr(owner, "node", None), name))

    def is_shared(self, address: Address | None) -> bool:
        """Return whether an object outlives one invocation."""
        return address is not None and (
            address.shared or address in self.shared_addresses
        )

    def member(self, module: Module, name: str) -> Value:
        """Return what `module.name` gives to an importer."""
        if module in self._running:
            names = self._running[module].state.names
        else:
            names = self.module(module).state.names
        if name in names or name in module.global_writers:
            return self.global_value(module, name)
        submodule = (
            self.resolver.find_module(module, name, 1) if module.is_package else None
        )
        if submodule is not None:
            return ModuleValue(submodule)
        for star in self._stars.get(module, ()):
            if star is None:
                return UNKNOWN
            if star is not module:
                value = self.member(star, name)
                if value != UNKNOWN:
                    return value
        return UNKNOWN

    def imported(
        self, module: Module, dotted: str, level: int, name: str | None
    ) -> Value:
        """Return what an import statement binds."""
        found = self.resolver.find_module(module, dotted, level)
        if found is None and name is not None:
            # A folder without `__init__.py` is a package, too.
            inner = f"{dotted}.{name}" if dotted else name
            submodule = self.resolver.find_module(module, inner, level)
            if submodule is not None:
                return ModuleValue(submodule)
        if found is None:
            if level:
                return UNKNOWN
            return External(dotted if name is None else f"{dotted}.{name}")
        if name is None:
            self.namespaces[(module, dotted)] = found
            return ModuleValue(found)
        return Imported(found, name)

    def star_import(self, activation: Activation, dotted: str, level: int) -> None:
        found = self.resolver.find_module(activation.module, dotted, level)
        self._stars.setdefault(activation.module, []).append(found)

    # -- classes ----------------------------------------------------------------

    def make_class(self, activation: Expressions, cls: Class) -> None:
        """Run a class body and keep what it binds."""
        node = cls.node
        bases = [activation.eval(base) for base in node.bases]
        metaclass = None
        for keyword in node.keywords:
            value = activation.eval(keyword.value)
            if keyword.arg == "metaclass":
                metaclass = value
        frame = Frame(
            activation.module,
            node,
            activation.frame,
            None,
            activation.frame.context,
            activation.frame.shared,
        )
        self._class_frames[frame] = cls
        facts = ClassFacts(self, cls, {}, bases, metaclass, [])
        self._classes[node] = facts
        around = activation.state
        body = Activation(
            self,
            frame,
            State({}, around.heap, around.fates, around.many),
            activation.depth,
        )
        facts.namespace = body.state.names
        body.run(node.body)
        facts.namespace = body.state.names

    def class_facts(self, cls: Class) -> ClassFacts:
        return self._classes[cls.node]

    def class_being_made(self, frame: Frame) -> Class | None:
        return self._class_frames.get(frame)

    def note_function(self, function: Function) -> None:
        """Remember a function, so that its body is followed on its own as well."""
        made = self._functions.setdefault(function.module, {})
        made.setdefault(function.node, function)

    def instance_default(self, cls: Class, name: str) -> Value:
        """Return what `__init__` assigns to an attribute, if nothing else does."""
        for facts in self.class_facts(cls).line():
            init = facts.namespace.get("__init__")
            if not isinstance(init, Function) or init.node in self._active:
                continue
            writers = facts.cls.module.attribute_writers.get(name, ())
            if init.node not in writers:
                continue
            if len(writers) > 1:
                return UNKNOWN
            summary = self._init_summary(facts.cls, init)
            return summary.get(name, UNKNOWN)
        return UNKNOWN

    def _init_summary(self, cls: Class, init: Function) -> dict[str, Value]:
        cache: dict[ast.AST, dict[str, Value]] = self.__dict__.setdefault("_inits", {})
        if init.node in cache:
            return cache[init.node]
        cache[init.node] = {}
        address = Address(init.node, cls.module, (init.node,), shared=False)
        instance = Instance(cls, address)
        names = self._bind(init, [instance], {}, unknown=True)
        frame = Frame(cls.module, init.node, init.frame, init, (), shared=False)
        frame.ever.update(names)
        activation = Activation(
            self, frame, State(names, Layers({address: Items()})), 0
        )
        self._active.append(init.node)
        try:
            summary = self._root(activation, function_body(init.node), init.node)
        finally:
            self._active.pop()
        entry = summary.state.heap.get(address)
        known = dict(entry.known) if isinstance(entry, Items) else {}
        # The objects are needed wherever the attributes are read.
        for held in known.values():
            for reached in activation.reach(held):
                found = summary.state.heap.get(reached)
                if found is not None:
                    self.shared_heap.setdefault(reached, found)
        cache[init.node] = known  # type: ignore[assignment]
        return cache[init.node]


def _are_pending(value: Value, fates: Fates) -> bool:
    """Return whether a value is one of several coroutines, and none of them is driven."""
    return isinstance(value, Alternatives) and all(
        isinstance(one, Coroutine)
        and one.kind == "coroutine"
        and fates.get(one.address) in (PENDING, LOOSE)
        for one in value.values
    )
