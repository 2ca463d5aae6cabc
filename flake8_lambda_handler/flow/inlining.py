"""Follow calls into the functions of the project."""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.bodies import Exhausted
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.bodies import derived_class
from flake8_lambda_handler.flow.fates import BRANCH
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import LOOSE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.fates import are_pending
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.interest import Interest
from flake8_lambda_handler.flow.kinds import is_stub
from flake8_lambda_handler.flow.kinds import retries
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.statements import function_body
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join


class Inlining(Interest):
    """Calls that are inlined, or answered by a summary."""

    def invoke(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what a call gives to its caller, and let it have its effects."""
        if is_stub(function):
            for value in (*args, *keywords.values()):
                caller.escape(value)
            return self.returned(function, args, UNKNOWN)
        value = self._invoke(caller, function, args, keywords, node)
        return self.returned(function, args, value)

    def _invoke(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        given = [*args, *keywords.values()]
        if not self.is_interesting(caller, function, args, keywords):
            if function.module is not caller.module and not self.concerns(function):
                for value in given:
                    caller.escape(value)
                return UNKNOWN
            if function.owner is not None and function.receiver is None and args:
                # A property, or a call by the name of the class.
                function = function.bind(args[0])
            summary = self._summary(function)
            # What lets coroutines go may put them into an object that it is given;
            # what happens in a derived class is told nowhere else.
            if not (
                summary.hands_back
                or (summary.lets_go or summary.fills)
                and any(map(_is_open, given))
                or derived_class(function)
                and summary.tells
            ):
                # What `__init__` does to a new object is known of its class.
                is_new = function.name == "__init__" and _is_new(caller, args)
                for value in given[is_new:]:
                    caller.escape(value)
                return self._apply(caller, summary, node)
        inner = self.inlined(caller, function, args, keywords, node)
        returns = [] if inner is None else inner.returns
        joined = join_states([state for _, state, _ in returns])
        if inner is None or joined is None:
            for value in given:
                caller.escape(value)
            return UNKNOWN
        self.go_on(caller, joined)
        value = join(*[value for value, _, _ in returns])
        self._note_lost(caller, inner, [value, *given])
        if isinstance(value, Alternatives):
            if are_pending(value, caller.state.fates, or_none=retries(function)):
                caller.drive(value)
                return caller.stand_in(value, caller.entry, node)
            # Which of them comes back is for the callee to know.
            caller.lose_track(value)
        return value

    def go_on(self, caller: Run, state: State) -> None:
        """Let a caller go on with what is known behind a call; its names are its own."""
        caller.state.heap = state.heap
        caller.state.fates = state.fates
        caller.state.many = state.many

    def inlined(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        *,
        pauses: bool = False,
    ) -> Activation | None:
        """Return a run over the body of a called function; `None` at a bound.

        With `pauses` it notes what is known at each `yield`.
        """
        if (
            function.node in self._active[self.root.base :]
            and not self._is_reentered(function)
        ) or caller.depth >= (limits.TRACED_DEPTH if self.is_tracing else limits.DEPTH):
            self.root.is_truncated = True
            return None
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
            shared=caller.frame.shared
            or (function.cached and not self.is_new_key(args)),
        )
        frame.ever.update(names)
        outer = caller.state
        state = State(Layers(names), outer.heap, outer.fates, outer.many)
        inner = Activation(self, frame, state, caller.depth + 1)
        inner.pauses = [] if pauses else None
        self._bind_rest(inner, function, args, keywords)
        if caller.frame.function is not None:
            self.made_in.setdefault(node, caller.frame.function)
        inner.named = {
            one.address
            for value in names.values()
            for one in each(value)
            if isinstance(one, Coroutine)
        }
        way, told = self.root.way, len(self.root.events)
        inner.first_made = len(self.root.made)
        self._active.append(function.node)
        self.root.depth += 1
        try:
            inner.run(function_body(function.node))
            inner.finish(function.node)
        except Exhausted:
            if caller.depth:
                raise
            self.root.steps = limits.STEPS_AFTER
            self.root.is_truncated = True
            del self.root.events[told:]
            caller.lose_sight()
            inner.returns = []
            return None
        finally:
            self.root.way = way
            self._active.pop()
            self.root.depth -= 1
        caller.driven |= inner.driven
        caller.tested |= inner.tested
        caller.awaited_tasks |= inner.awaited_tasks
        return inner

    def _bind_rest(
        self,
        inner: Activation,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
    ) -> None:
        """Bind `*args` and `**fields` to what is left for them."""
        arguments = function.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        names = {one.arg for one in (*positional, *arguments.kwonlyargs)}
        rest = {key: one for key, one in keywords.items() if key not in names}
        more = args[len(positional) :]
        if REST in keywords:
            return
        for node, kind, known in (
            (arguments.vararg, "tuple", dict(enumerate(more))),
            (arguments.kwarg, "dict", rest),
        ):
            if node is not None:
                held = inner.container(kind, Items(dict(known.items())), node)
                inner.state.names[node.arg] = inner.frame.ever[node.arg] = held

    def _note_lost(self, caller: Run, inner: Activation, left: list[Value]) -> None:
        """Note which coroutines, made in a call, nobody reaches when it is over."""
        fates = caller.state.fates
        made = self.root.made[inner.first_made :]
        unsure = [one for one in made if fates.get(one) in (BRANCH, LOOSE, PENDING)]
        if unsure:
            for address in set(unsure).difference(*map(caller.reach, left)):
                self.root.lost.setdefault(address, inner.frame)

    def _is_reentered(self, function: Function) -> bool:
        """Return whether what a function's own loop runs calls the function again."""
        node: Any = function.node
        return self._active[self.root.base :].count(node) == 1 and any(
            step.kind == "run" and node.lineno <= step.node.lineno <= node.end_lineno
            for step in reversed(self.root.way or ())
            if hasattr(step.node, "lineno")
        )

    def _apply(self, caller: Run, summary: Summary, node: ast.AST) -> Value:
        """Return a summary's value as the caller sees it."""
        value = summary.value
        state = summary.state
        self.root.has_coroutines |= summary.has_coroutines
        self.root.fills |= summary.fills
        self.root.lets_go |= summary.lets_go
        if isinstance(value, Coroutine):
            address = caller.address(node)
            entry = state.heap.get(value.address)
            if isinstance(entry, Made):
                origin = entry.origin or value.address
                caller.state.heap[address] = entry._replace(origin=origin)
            fate = state.fates.get(value.address)
            caller.state.fates[address] = PENDING if fate in (PENDING, LOOSE) else DONE
            self.root.made.append(address)
            self._copy(caller, entry, state)
            return Coroutine(value.kind, address)
        run = summary.activation
        is_retry = run is not None and retries(run.frame.function)
        if are_pending(value, state.fates, or_none=is_retry):
            return caller.stand_in(value, state.heap.get, node)
        self._copy(caller, value, state)
        return value

    def _copy(self, caller: Run, start: object, state: State) -> None:
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


def _is_new(run: Run, args: list[Value]) -> bool:
    """Return whether nothing has been done yet to the object of a method."""
    return any(
        isinstance(one, Instance) and run.entry(one.address) == Items()
        for one in args[:1]
    )


def _is_open(value: Value) -> bool:
    """Return whether a called function may put something into a known object."""
    return any(
        isinstance(one, Container)
        or (isinstance(one, Instance) and one.address is not None)
        for one in each(value)
    )
