"""Leave a body: `return`, `with` and `try`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

from flake8_lambda_handler.facts.conditions import never_fails
from flake8_lambda_handler.flow.events import Opened
from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


class Exits(Expressions):
    """`return`, and the blocks that do something when they are left."""

    #: How many blocks are open that do something when they are left.
    blocks: int

    def exec_Return(self, node: ast.Return) -> None:
        value = NONE if node.value is None else self.eval(node.value)
        state = self.state
        if not self.blocks:
            # Nobody asks for the names any more, and many returns would keep many.
            state = State(None, state.heap, state.fates, state.many)
        self.returns.append((value, state, node))
        self.alive = False

    def exec_With(self, node: Any) -> None:
        first_return = len(self.returns)
        contexts = [item.context_expr for item in node.items]
        expected = any(map(self.libraries.expects_exception, contexts))
        refused = any(map(self.libraries.expects_refusal, contexts))
        root = self.world.root
        root.expected_refusals += refused
        try:
            managers = [self.enter(item, node) for item in node.items]
            self.blocks += 1
            root.expected_type_errors += expected
            try:
                self.run(node.body)
            finally:
                root.expected_type_errors -= expected
            self.blocks -= 1
        finally:
            root.expected_refusals -= refused
        if expected:
            # What an expected exception leaves un-driven is meant.
            self.state.fates.settle()
        asynchronous = isinstance(node, ast.AsyncWith)
        for value, opened in reversed(managers):
            if opened is not None:
                self.leave(first_return, functools.partial(self.close, opened))
            at_exit = self.libraries.exit_method(self, value, asynchronous)
            if at_exit is not None:
                self.at_exit(first_return, at_exit, node)

    def enter(
        self, item: ast.withitem, node: ast.With | ast.AsyncWith
    ) -> tuple[Value, Opened | None]:
        """Return what a block enters, and give it its name there."""
        value = self.eval(item.context_expr)
        if isinstance(node, ast.AsyncWith):
            self.drive_with("async with", value, item.context_expr)
            entered = self.libraries.enter_async(self, value, item.context_expr)
            opened = self.open(value, "async context")
        else:
            self.misuse(value, item.context_expr, "a plain `with`")
            self.libraries.use_plainly(self, value, item.context_expr, "with")
            entered = self.libraries.enter(self, value, item.context_expr)
            opened = self.open(value, "context")
        if opened is not None and UNKNOWN not in each(opened.value):
            entered = opened.value
        if item.optional_vars is not None:
            self.assign(item.optional_vars, entered)
        return value, opened

    def open(self, value: Value, kind: str) -> Opened | None:
        """Follow a context manager that is a generator function up to its `yield`."""
        made = self.entry(getattr(value, "address", None))
        if not isinstance(made, Made) or made.kind != kind:
            return None
        if not isinstance(made.callable, Function):
            return None
        address = getattr(value, "address")
        args, keywords = list(made.args), dict(made.keywords)
        return self.world.opened(self, made.callable, args, keywords, address.node)

    def close(self, opened: Opened) -> None:
        """Do what a context manager does behind its `yield`."""
        if opened.pause is not None and opened.after is not None:
            pause = opened.pause
            self.state.take(opened.after, pause.state, pause.mark)
            # What the block has put where the generator finds it, that may wait for.
            held = set().union(*map(self.reach, pause.state.names.values()))
            for address in held:
                if address not in pause.state.heap:
                    self.awaited_tasks.add(address)
                    self.driven.add(address)
                    self.state.fates[address] = DONE
        self.world.root.events.extend(opened.events)

    def at_exit(self, first: int, function: Value, node: ast.AST) -> None:
        """Call `__exit__` for the path that goes on and for those that returned."""

        def called() -> None:
            result = self.call(function, [NONE, NONE, NONE], {}, node)
            if isinstance(node, ast.AsyncWith):
                self.awaited(result, node)

        self.leave(first, called)

    def leave(
        self, first: int, action: Callable[[], object], otherwise: State | None = None
    ) -> None:
        """Do something on all ways out of a block, once.

        These are the path that goes on and the returns from `first` on; without any of
        them `otherwise`. What happens there happens to the objects of each of them.
        """
        alive, returns = self.alive, self.returns[first:]
        ways = [state for _, state, _ in returns] + ([self.state] if alive else [])
        if len(ways) == 1 and alive:
            action()
            return
        joined = join_states(ways or [otherwise or self.state])
        assert joined is not None
        end = self.state
        self.state, self.alive = joined.bordered(), True
        action()
        if not self.alive:
            # It returns or raises itself, and nothing else goes on.
            del self.returns[first : first + len(returns)]
            return
        for _, state, _ in returns:
            state.take(self.state, joined)
        self.alive = alive
        if alive:
            end.take(self.state, joined)
            end.names.update(self.state.names.changes("exit"))
            self.state = end

    exec_AsyncWith = exec_With

    def exec_Try(self, node: Any) -> None:
        first_return = len(self.returns)
        before = self.state.fork()
        expected = self.libraries.expects_type_error(node)
        self.world.root.expected_type_errors += expected
        self.blocks += 1
        try:
            self.under(Step("try", node), lambda: self.run(node.body))
        finally:
            self.world.root.expected_type_errors -= expected
        body_end = self.state if self.alive else None
        middle = join_states(
            [
                before,
                *[state for _, state, _ in self.returns[first_return:]],
                self.state,
            ]
        )
        assert middle is not None
        if node.orelse and body_end is not None:
            self.run(node.orelse)
            body_end = self.state if self.alive else None
        ends = [] if body_end is None else [body_end]
        for handler in () if never_fails(node) else node.handlers:
            self.state, self.alive = middle.fork(), True
            # What an exception leaves un-driven is the exception's fault.
            self.state.fates.excuse()
            kind = self.eval(handler.type) if handler.type is not None else None
            if handler.name:
                self.store(handler.name, self.libraries.caught(self, kind))
            self.under(Step("except", node), lambda: self.run(handler.body))
            if self.alive:
                ends.append(self.state)
        joined = join_states(ends)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
        self.blocks -= 1
        if node.finalbody:
            self.leave(first_return, lambda: self.run(node.finalbody), middle)

    exec_TryStar = exec_Try
