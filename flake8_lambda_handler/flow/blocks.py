"""Execute blocks: how the paths of a body part and meet again."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

from flake8_lambda_handler.facts.conditions import is_type_checking
from flake8_lambda_handler.flow.exits import Exits
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import blurred
from flake8_lambda_handler.flow.narrowing import forget
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import Way
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine


class Blocks(Exits):
    """Statements one after the other, branches, loops and `match`."""

    #: The states in which the loops around are left, by `break` and by `continue`.
    loops: list[tuple[list[State], list[State]]]

    def run(self, statements: list[ast.stmt]) -> None:
        """Execute statements until the path ends."""
        for statement in statements:
            if not self.alive:
                # Code behind a `return` never runs, but its definitions may matter
                # to nobody: there is nothing to learn from it.
                return
            self.world.spend()
            method = getattr(self, "exec_" + type(statement).__name__, None)
            if method is not None:
                method(statement)

    def finish(self, node: ast.AST) -> None:
        """Fall off the end of the body."""
        if self.alive:
            self.returns.append((NONE, self.state, node))
            self.alive = False

    def branch(self, node: ast.AST, *arms: Any) -> None:
        """Run each arm of `node` from the same state and go on where they meet."""
        before = self.state
        ends: list[State] = []
        for arm in arms:
            self.world.spend()
            self.state, self.alive = before.fork(), True
            arm()
            if self.alive:
                ends.append(self.state)
        joined = join_states(ends, strict=True)
        self.alive = joined is not None
        self.state = before if joined is None else joined
        if len(ends) < len(arms):
            # Not every way through the branch goes on from here.
            self.go(Step("after", node))

    def go(self, step: Step) -> None:
        """Take one step more on the way, for good."""
        root = self.world.root
        root.way = Way(step, root.way)

    def exec_If(self, node: ast.If) -> None:
        """Follow a chain of `if` and `elif`, one arm after the other.

        A loop, because chains of thousands are written by programs, and one level of
        recursion each would be too many.
        """
        first, way = node, self.world.root.way
        ends: list[State] = []
        stopped = False
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            node = rest[0]
            if is_type_checking(node.test):
                rest = node.orelse
                continue
            if self.is_main_guard(node.test):
                self.aside(node, node.body)
                rest = node.orelse
                continue
            if isinstance(self.frame.scope, ast.Module):
                settled = self.world.settled(self.module, node.test)
                if settled is not None:
                    rest, other = node.body, node.orelse
                    if not settled:
                        rest, other = other, rest
                    self.aside(node, other)
                    continue
            constant = self.constant_test(node.test)
            if constant is not None:
                rest = node.body if constant else node.orelse
                continue
            self.test(node.test)
            before = self.state
            self.world.spend()
            self.state = before.fork()
            narrow(self, node.test, True, parts=True)
            body = functools.partial(self.run, node.body)
            self.under(Step("if", node, True), body)
            if self.alive:
                ends.append(self.state)
            else:
                stopped = True
            self.state, self.alive = before, True
            narrow(self, node.test, False, parts=True)
            self.go(Step("if", node, False))
            rest = node.orelse
        self.run(rest)
        if self.alive:
            ends.append(self.state)
        else:
            stopped = True
        joined = join_states(ends, strict=True)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
        self.world.root.way = way
        if stopped:
            self.go(Step("after", first))

    def is_main_guard(self, test: ast.expr) -> bool:
        return (
            isinstance(test, ast.Compare)
            and isinstance(test.left, ast.Name)
            and test.left.id == "__name__"
            and isinstance(self.frame.scope, ast.Module)
        )

    def aside(self, node: ast.If, block: list[ast.stmt]) -> None:
        """Run a block that only runs elsewhere than under Lambda, such as `__main__`.

        What it leaves behind is not there when Lambda imports the module.
        """
        before = self.state.fork()
        self.under(Step("main", node), lambda: self.run(block))
        self.state, self.alive = before, True

    def exec_For(self, node: Any) -> None:
        iterable = self.eval(node.iter)
        if isinstance(node, ast.AsyncFor):
            self.drive_with("async for", iterable, node.iter)
            self.note_driven(iterable, node.iter)
            element = self.libraries.each_async(self, iterable)
        else:
            element = self.iterate(iterable, node.iter)
        runs = _is_filled(node.iter) or (
            isinstance(iterable, Container)
            and iterable.kind == "tuple"
            and bool(self.items(iterable).known)
        )
        head = functools.partial(self.assign_each, node.target, node.iter, element)
        many = {one for one in self.reach(element) if self.state.many.get(one)}
        self.loop(node, head, many, runs)

    exec_AsyncFor = exec_For

    def exec_While(self, node: ast.While) -> None:
        runs = isinstance(node.test, ast.Constant) and bool(node.test.value)
        self.loop(node, lambda: self.test(node.test), set(), runs, endless=runs)

    def loop(
        self,
        node: Any,
        head: Callable[[], None],
        elements: set[Address],
        runs: bool,
        *,
        endless: bool = False,
    ) -> None:
        """Run a loop body twice: the second time sees what the first left behind.

        `elements` are the objects that the loop comes to, one after the other: each of
        them is as it was before the loop when its turn comes. `runs`: the body runs at
        least once. `endless`: only `break` leaves the loop.
        """
        breaks: list[State] = []
        entry = before = self.state
        ends: list[State] = []
        # Inside another loop, the outer one comes round again anyway.
        for _ in range(1 if self.loops else 2):
            continues: list[State] = []
            self.loops.append((breaks, continues))
            self.state, self.alive = before.fork(), True
            self.state.focus(elements)
            _put(self.state, elements, entry)
            head()
            self.under(Step("for", node), lambda: self.run(node.body))
            self.loops.pop()
            if self.alive:
                continues.append(self.state)
            joined = join_states([*continues, before])
            assert joined is not None
            before = joined
            ends.extend(continues)
        if endless:
            self.rounds.append(before)
            ends = []
        elif not runs:
            empty = entry.fork()
            if ends:
                # Where the loop never ran, there is no element that says otherwise.
                _put(empty, elements, ends[-1])
            ends.insert(0, empty)
        for state in breaks:
            # Behind a `break`, the elements that were left out are as before.
            for address in elements:
                old, new = entry.heap.get(address), state.heap.get(address)
                if isinstance(old, Items) and isinstance(new, Items):
                    state.heap[address] = blurred(old, new)
        joined = join_states(ends)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
            self.run(node.orelse)
            if self.alive:
                breaks.append(self.state)
        joined = join_states(breaks)
        self.alive = joined is not None
        self.state = before if joined is None else joined
        self.state.spread(entry)

    def exec_Break(self, node: ast.Break) -> None:
        if self.loops:
            self.loops[-1][0].append(self.state)
        self.alive = False

    def exec_Continue(self, node: ast.Continue) -> None:
        if self.loops:
            self.loops[-1][1].append(self.state)
        self.alive = False

    def exec_Match(self, node: ast.Match) -> None:
        subject = self.eval(node.subject)
        if isinstance(subject, Coroutine):
            captures = any(_takes(case.pattern) for case in node.cases)
        else:
            captures = any(map(_captures, node.cases))
        if captures:
            self.drive(subject)
        self.look_at(subject, node.subject, "`match`")
        self.tested |= self.reach(subject)

        def arm(case: ast.match_case) -> None:
            if isinstance(node.subject, ast.Name):
                forget(self, node.subject.id)
            for child in ast.walk(case.pattern):
                name = getattr(child, "name", None) or getattr(child, "rest", None)
                if isinstance(name, str):
                    self.store(name, UNKNOWN)
            if case.guard is not None:
                self.test(case.guard)
            self.under(Step("case", node, case), lambda: self.run(case.body))

        arms: list[Callable[[], None]] = [
            functools.partial(arm, case) for case in node.cases
        ]
        last = node.cases[-1]
        if last.guard is not None or not (
            isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        ):
            arms.append(lambda: None)
        self.branch(node, *arms)


def _captures(case: ast.match_case) -> bool:
    """Return whether a pattern binds what it is about, or parts of it, to names."""
    return any(
        isinstance(part, (ast.MatchAs, ast.MatchStar, ast.MatchMapping))
        and (getattr(part, "name", None) or getattr(part, "rest", None))
        for part in ast.walk(case.pattern)
    )


def _takes(pattern: ast.pattern) -> bool:
    """Return whether a pattern binds a coroutine as a whole to a name."""
    if isinstance(pattern, ast.MatchOr):
        return any(map(_takes, pattern.patterns))
    if not isinstance(pattern, ast.MatchAs):
        return False
    inner = pattern.pattern
    if inner is None:
        return pattern.name is not None
    return _takes(inner) or not isinstance(inner, _OF_DATA)


#: Patterns that match no coroutine.
_OF_DATA = (ast.MatchMapping, ast.MatchSequence, ast.MatchSingleton, ast.MatchValue)


def _is_filled(iterable: ast.expr) -> bool:
    """Return whether there is something to iterate, as far as the text tells."""
    if isinstance(iterable, (ast.List, ast.Set, ast.Tuple)):
        return any(not isinstance(item, ast.Starred) for item in iterable.elts)
    return False


def _put(state: State, addresses: set[Address], source: State) -> None:
    """Give objects the content that they have in another state."""
    for address in addresses:
        entry = source.heap.get(address)
        if entry is not None:
            state.heap[address] = entry
