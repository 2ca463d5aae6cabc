"""Run each body once, and remember what it found out."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.bodies import Bodies
from flake8_lambda_handler.flow.bodies import Leak
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.bodies import derived_class
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.members import Members
from flake8_lambda_handler.flow.run import Libraries
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value


class _CalleeFirst(Exception):
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

#: Where bodies begin, by line and column; the body of a module at (0, 0).
Places = frozenset[tuple[int, int]]
MODULE = (0, 0)


class Summaries(Bodies):
    """Summaries of modules and functions, circles of calls included."""

    def __init__(self, libraries: Libraries) -> None:
        super().__init__(libraries)
        self._modules: dict[Module, Summary] = {}
        self._running: dict[Module, Activation] = {}
        self._members: dict[Module, Members] = {}
        #: Statements of modules that are being run apart, each for one before it.
        self._waiting = 0
        #: Links of re-exports that are being followed.
        self._following = 0
        self._functions: dict[Module, dict[ast.AST, Function]] = {}
        #: The frames whose names hold what leads back to them.
        self._frames: set[Frame] = set()
        self._summaries: dict[object, Summary] = {}
        #: Summaries that are being made, by function, outermost first.
        self._open: dict[object, _Open] = {}
        #: Summaries that build on an open one, with the index of the outermost of those.
        self._provisional: dict[object, tuple[Summary, int]] = {}
        #: Functions in circles of calls that are too long to follow.
        self._endless: set[object] = set()
        self._is_asked = False

    def module(self, module: Module) -> Summary:
        """Return what running a module's body finds out."""
        return self._answer(lambda: self._module(module))

    def _module(self, module: Module) -> Summary:
        done = self._modules.get(module)
        if done is not None:
            return done
        frame = Frame(module, module.tree, None, None, (), shared=True)
        activation = Activation(
            self, frame, State(None, Layers(self.libraries.start())), 0
        )
        self._running[module] = activation
        try:
            summary = self._root(activation, module.tree.body, module.tree)
        finally:
            del self._running[module]
        self._modules[module] = summary
        self.shared_heap.update(activation.state.heap.flat())
        self.shared_heap.update(summary.state.heap.flat())
        return summary

    def _members_of(self, module: Module) -> Members:
        """Return what is known of a module without running its whole body."""
        members = self._members.get(module)
        if members is None:
            members = Members(module, lambda statement: self._apart(module, statement))
            self._members[module] = members
        return members

    def _apart(self, module: Module, statement: ast.stmt) -> dict[str, Value]:
        """Return the names that one statement of a module binds."""
        frame = Frame(module, module.tree, None, None, (), shared=True)
        activation = Activation(self, frame, State(), 0)
        saved = self._waiting, self._following
        self._waiting, self._following = self._waiting + 1, 0
        try:
            self._root(activation, [statement], module.tree)
        finally:
            self._waiting, self._following = saved
        self.shared_heap.update(activation.state.heap.flat())
        return activation.state.names.flat()

    def functions(self, module: Module) -> list[Function]:
        """Return every function that the module's bodies define, nested ones too."""
        return self._answer(lambda: self._defined(module, None))

    def _defined(self, module: Module, places: Places | None) -> list[Function]:
        wanted = None if places is None else _inside(module, places)
        if (
            places is None
            or MODULE in places
            or not self._members_of(module).define(places)
        ):
            self._module(module)
        made = self._functions.setdefault(module, {})
        done: set[ast.AST] = set()
        while len(done) < len(made):
            for node, function in list(made.items()):
                if node not in done:
                    done.add(node)
                    if wanted is None or node in wanted:
                        self._summary(function)
        found = [one for one in made.values() if wanted is None or one.node in wanted]
        return sorted(found, key=lambda one: one.node.lineno)

    def note_frame(self, frame: Frame) -> None:
        self._frames.add(frame)

    def note_function(self, function: Function, defaults: dict[str, Value]) -> None:
        """Remember a function and the defaults of its parameters.

        Unless it is made inside a call, its body is followed on its own as well.
        """
        if defaults:
            self._defaults[function.node] = defaults
        context: tuple[ast.AST, ...] = ()
        if function.frame is not None:
            self.note_frame(function.frame)
            context = function.frame.context
        if not context and not isinstance(function.node, ast.Lambda):
            made = self._functions.setdefault(function.module, {})
            made.setdefault(function.node, function)

    def summaries(self, module: Module, places: Places | None) -> list[Summary]:
        """Return the summaries of the bodies that begin at some places.

        Functions that are defined in them are among them. With `None` it is all bodies
        of the module.
        """
        functions = self._answer(lambda: self._defined(module, places))
        found = [self.summary(one) for one in functions]
        if places is None or MODULE in places:
            found.insert(0, self.module(module))
        return found

    def summary(self, function: Function) -> Summary:
        """Return what running a function with unknown arguments finds out.

        Functions that call each other in a circle are followed until what they return
        stays the same, so that the answer does not depend on which of them comes first.
        """
        return self._answer(lambda: self._summary(function))

    def _summary(self, function: Function) -> Summary:
        node = _key(function)
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
            raise _CalleeFirst(function)
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
        if function.owner is not None:
            args = [self._self(function)]
        elif function.receiver is not None:
            args = [function.receiver]
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
                except _CalleeFirst as deeper:
                    self._provisional.clear()
                    node = _key(deeper.function)
                    if any(_key(one) == node for one in chain):
                        self._endless.add(node)
                    else:
                        chain.append(deeper.function)
        finally:
            self._is_asked = False

    def is_told_inside(self, leak: Leak) -> bool:
        """Return whether a function that a body calls drops the coroutine itself.

        Then it is told there, once, and not at each of the callers.
        """
        for node in leak.inner:
            function = self.made_in.get(node)
            if function is not None:
                own = function.bind(None)
                if any(one.node is node for one in self.summary(own).leaks):
                    return True
        return False

    def is_used_inside(self, event: Misused) -> bool:
        """Return whether a called function shows a misuse whatever it is given."""
        function = event.frame.function
        return function is not None and any(
            isinstance(one, Misused) and one.node is event.node
            for one in self.summary(function.bind(None)).events
        )


def _key(function: Function) -> object:
    """Return what tells the summary of a function from those of all others.

    What a method does for an object of a derived class is another one.
    """
    cls = derived_class(function)
    return function.node if cls is None else (function.node, cls.node)


def _inside(module: Module, places: Places) -> set[ast.AST]:
    """Return the functions that begin at some places, and those in them."""
    return {
        inner
        for node in module.functions
        if (node.lineno, node.col_offset) in places
        for inner in ast.walk(node)
    }
