"""Execute statements: how the paths of a body part and meet again."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

from flake8_lambda_handler.flow import containers
from flake8_lambda_handler.flow import decorators
from flake8_lambda_handler.flow import externals
from flake8_lambda_handler.flow import types
from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.narrowing import forget
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.running import Step
from flake8_lambda_handler.flow.state import Frame
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import blurred
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Value


class Activation(Expressions):
    """One run over a body, with the state of the path that is being followed.

    `alive` is false after `return`, `raise`, `break` and `continue`. `returns` holds
    each value that leaves the body, with the state in which it does.
    """

    def __init__(self, analysis: Any, frame: Frame, state: State, depth: int) -> None:
        self.analysis = analysis
        self.frame = frame
        self.module = frame.module
        self.state = state
        self.depth = depth
        self.alive = True
        self.returns: list[tuple[Value, State, ast.AST]] = []
        self.driven: set[Address] = set()
        self.awaited_tasks: set[Address] = set()
        self.loops: list[tuple[list[State], list[State]]] = []
        #: How many blocks are open that do something when they are left.
        self.blocks = 0

    def run(self, statements: list[ast.stmt]) -> None:
        """Execute statements until the path ends."""
        for statement in statements:
            if not self.alive:
                # Code behind a `return` never runs, but its definitions may matter
                # to nobody: there is nothing to learn from it.
                return
            self.analysis.spend()
            method = getattr(self, "exec_" + type(statement).__name__, None)
            if method is not None:
                method(statement)

    def finish(self, node: ast.AST) -> None:
        """Fall off the end of the body."""
        if self.alive:
            self.returns.append((NONE, self.state, node))
            self.alive = False

    # -- simple statements ------------------------------------------------------

    def exec_Expr(self, node: ast.Expr) -> None:
        self.eval(node.value)

    def exec_Assign(self, node: ast.Assign) -> None:
        value = self.eval(node.value)
        for target in node.targets:
            self.assign(target, value)
        if isinstance(node.value, ast.IfExp) and len(node.targets) == 1:
            self.tie_choice(node.targets[0], node.value)

    def tie_choice(self, target: ast.expr, choice: ast.IfExp) -> None:
        """Note what `status = 200 if item else 404` says of the item."""
        if not isinstance(target, ast.Name) or self.chosen is None:
            return
        node, names, one, two = self.chosen
        if node is choice and target.id in self.state.names and target.id not in names:
            ways = {
                name: way for name, way in names.items() if name in self.state.names
            }
            self.state.tie({target.id: (one, two), **ways})

    def exec_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.eval(node.value))

    def exec_AugAssign(self, node: ast.AugAssign) -> None:
        right = self.eval(node.value)
        if isinstance(node.target, ast.Name):
            left = self.load(node.target.id)
            if isinstance(left, Container) and left.kind in ("list", "set", "dict"):
                containers.extend(self, left, right, node)
                return
            self.state.names[node.target.id] = self.binary(left, right, node)
            self.frame.ever[node.target.id] = UNKNOWN
            return
        self.misuse_certain(right, node, "arithmetic")
        self.assign(node.target, UNKNOWN)
        self.escape(right)

    def exec_Return(self, node: ast.Return) -> None:
        value = NONE if node.value is None else self.eval(node.value)
        state = self.state
        if not self.blocks:
            # Nobody asks for the names any more, and many returns would keep many.
            state = State(None, state.heap, state.fates, state.many)
        self.returns.append((value, state, node))
        self.alive = False

    def exec_Raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.escape(self.eval(part))
        self.alive = False

    def exec_Assert(self, node: ast.Assert) -> None:
        self.test(node.test)
        if node.msg is not None:
            self.eval(node.msg)

    def exec_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.drive(self.state.names.pop(target.id, UNKNOWN))
            elif isinstance(target, ast.Subscript):
                self.remove(self.eval(target.value), self.eval(target.slice))
            else:
                for child in ast.iter_child_nodes(target):
                    if isinstance(child, ast.expr):
                        self.eval(child)

    def exec_Break(self, node: ast.Break) -> None:
        if self.loops:
            self.loops[-1][0].append(self.state)
        self.alive = False

    def exec_Continue(self, node: ast.Continue) -> None:
        if self.loops:
            self.loops[-1][1].append(self.state)
        self.alive = False

    # -- definitions ------------------------------------------------------------

    def exec_FunctionDef(self, node: Any) -> None:
        owner = self.analysis.class_being_made(self.frame)
        value: Value = self.function(node, owner)
        for decorator in reversed(node.decorator_list):
            value = self.decorate(decorator, value)
        self.store(node.name, value)

    exec_AsyncFunctionDef = exec_FunctionDef

    def decorate(self, decorator: ast.expr, value: Value) -> Value:
        return self.call(self.eval(decorator), [value], {}, decorator)

    def exec_ClassDef(self, node: ast.ClassDef) -> None:
        made = Class(
            node,
            self.module,
            None if isinstance(self.frame.scope, ast.Module) else self.frame,
        )
        self.analysis.make_class(self, made)
        value: Value = made
        for decorator in reversed(node.decorator_list):
            value = decorators.decorate_class(self, decorator, value)
        self.store(node.name, value)

    def exec_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            value = self.analysis.imported(self.module, dotted, 0, None)
            if alias.asname is None and "." in alias.name:
                # `import a.b` loads a.b as well; its attributes are followed by name.
                self.analysis.imported(self.module, alias.name, 0, None)
            self.store(alias.asname or dotted, value)

    def exec_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.analysis.star_import(self, node.module or "", node.level)
                continue
            value = self.analysis.imported(
                self.module, node.module or "", node.level, alias.name
            )
            self.store(alias.asname or alias.name, value)

    # -- branches ---------------------------------------------------------------

    def branch(self, node: ast.AST, *arms: Any, lenient: bool = False) -> None:
        """Run each arm of `node` from the same state and go on where they meet."""
        before = self.state
        ends: list[State] = []
        for arm in arms:
            self.analysis.spend()
            self.state, self.alive = before.fork(), True
            arm()
            if self.alive:
                ends.append(self.state)
        joined = join_states(ends, lenient=lenient)
        self.alive = joined is not None
        self.state = before if joined is None else joined
        if len(ends) < len(arms):
            # Not every way through the branch goes on from here.
            self.analysis.path = (*self.analysis.path, Step("after", node))

    def exec_If(self, node: ast.If) -> None:
        """Follow a chain of `if` and `elif`, one arm after the other.

        A loop, because chains of thousands are written by programs, and one level of
        recursion each would be too many.
        """
        first, path = node, self.analysis.path
        ends: list[State] = []
        stopped = False
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            node = rest[0]
            if self.is_type_checking(node.test):
                rest = node.orelse
                continue
            if self.is_main_guard(node.test):
                self.main_guard(node)
                rest = node.orelse
                continue
            constant = self.constant_test(node.test)
            if constant is not None:
                rest = node.body if constant else node.orelse
                continue
            self.test(node.test)
            before = self.state
            self.analysis.spend()
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
            self.analysis.path = (*self.analysis.path, Step("if", node, False))
            rest = node.orelse
        self.run(rest)
        if self.alive:
            ends.append(self.state)
        else:
            stopped = True
        joined = join_states(ends)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
        self.analysis.path = (*path, Step("after", first)) if stopped else path

    def is_type_checking(self, test: ast.expr) -> bool:
        return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
            isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
        )

    def is_main_guard(self, test: ast.expr) -> bool:
        return (
            isinstance(test, ast.Compare)
            and isinstance(test.left, ast.Name)
            and test.left.id == "__name__"
            and isinstance(self.frame.scope, ast.Module)
        )

    def main_guard(self, node: ast.If) -> None:
        """Run a `__main__` block; what it leaves behind is not there when imported."""
        before = self.state.fork()
        self.under(Step("main", node), lambda: self.run(node.body))
        self.state, self.alive = before, True

    def constant_test(self, test: ast.expr) -> bool | None:
        """Return how a condition always comes out, as far as constants tell."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.constant_test(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            stops = isinstance(test.op, ast.Or)
            found = [self.constant_test(value) for value in test.values]
            if stops in found:
                return stops
            return None if None in found else not stops
        if isinstance(test, (ast.Constant, ast.Name)):
            value = self.eval(test)
            if isinstance(value, Const):
                return bool(value.value)
        return None

    def exec_For(self, node: Any) -> None:
        iterable = self.eval(node.iter)
        if isinstance(node, ast.AsyncFor):
            self.drive(iterable)
            element: Value = UNKNOWN
        else:
            element = self.iterate(iterable, node.iter)
        runs = _is_filled(node.iter) or (
            isinstance(iterable, Container)
            and iterable.kind == "tuple"
            and bool(self.items(iterable).known)
        )
        head = functools.partial(self.assign, node.target, element)
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
            joined = join_states([*continues, before], lenient=True)
            assert joined is not None
            before = joined
            ends.extend(continues)
        if endless:
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
        joined = join_states(ends, lenient=True)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
            self.run(node.orelse)
            if self.alive:
                breaks.append(self.state)
        joined = join_states(breaks, lenient=True)
        self.alive = joined is not None
        self.state = before if joined is None else joined
        self.state.spread(entry)

    def exec_With(self, node: Any) -> None:
        asynchronous = isinstance(node, ast.AsyncWith)
        first_return = len(self.returns)
        managers: list[Value] = []
        for item in node.items:
            value = self.eval(item.context_expr)
            managers.append(UNKNOWN if asynchronous else value)
            if asynchronous:
                entered = externals.enter_async(self, value, item.context_expr)
            else:
                self.misuse_certain(value, item.context_expr, "a plain `with`")
                entered = externals.enter(self, value, item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered)
        self.blocks += 1
        self.run(node.body)
        self.blocks -= 1
        for item in node.items:
            if externals.expects_exception(item.context_expr):
                # What an expected exception leaves un-driven is meant.
                self.state.settle()
        for value in reversed(managers):
            at_exit = externals.exit_method(self, value)
            if at_exit is not None:
                self.at_exit(first_return, at_exit, node)

    def at_exit(self, first: int, function: Value, node: ast.AST) -> None:
        """Call `__exit__` for the path that goes on and for those that returned."""
        self.leave(first, lambda: self.call(function, [NONE, NONE, NONE], {}, node))

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
        joined = join_states(ways or [otherwise or self.state], lenient=True)
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
            for name, value in self.state.names.items():
                if value is not joined.names.get(name):
                    end.names[name] = value
            self.state = end

    exec_AsyncWith = exec_With

    def exec_Try(self, node: Any) -> None:
        first_return = len(self.returns)
        before = self.state.fork()
        expected = types.expects_type_error(node)
        self.analysis.expected_type_errors += expected
        self.blocks += 1
        try:
            self.under(Step("try", node), lambda: self.run(node.body))
        finally:
            self.analysis.expected_type_errors -= expected
        body_end = self.state if self.alive else None
        middle = join_states(
            [
                before,
                *[state for _, state, _ in self.returns[first_return:]],
                self.state,
            ],
            lenient=True,
        )
        assert middle is not None
        if node.orelse and body_end is not None:
            self.run(node.orelse)
            body_end = self.state if self.alive else None
        ends = [] if body_end is None else [body_end]
        for handler in node.handlers:
            self.state, self.alive = middle.fork(), True
            # What an exception leaves un-driven is the exception's fault.
            self.state.settle()
            kind = self.eval(handler.type) if handler.type is not None else None
            if handler.name:
                self.store(handler.name, externals.caught(self, kind, handler))
            self.under(Step("except", node), lambda: self.run(handler.body))
            if self.alive:
                ends.append(self.state)
        joined = join_states(ends, lenient=True)
        self.alive = joined is not None
        if joined is not None:
            self.state = joined
        self.blocks -= 1
        if node.finalbody:
            self.leave(first_return, lambda: self.run(node.finalbody), middle)

    exec_TryStar = exec_Try

    def exec_Match(self, node: ast.Match) -> None:
        subject = self.eval(node.subject)
        self.drive(subject)

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


def function_body(node: Any) -> list[ast.stmt]:
    """Return the statements of a function; a lambda is one `return`."""
    if isinstance(node, ast.Lambda):
        result = ast.Return(node.body)
        return [ast.copy_location(result, node.body)]
    body: list[ast.stmt] = node.body
    return body
