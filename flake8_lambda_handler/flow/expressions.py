"""Evaluate expressions: what value they give and what they do to other values."""

from __future__ import annotations

import ast
import re

from flake8_lambda_handler.facts import attributes
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow.events import Pause
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.hinted import yielded
from flake8_lambda_handler.flow.instances import is_no_function
from flake8_lambda_handler.flow.instances import refused_by
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.kinds import is_text
from flake8_lambda_handler.flow.names import Names
from flake8_lambda_handler.flow.narrowing import Tested
from flake8_lambda_handler.flow.narrowing import may_be
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.narrowing import tested
from flake8_lambda_handler.flow.narrowing import widen
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import TEXT
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_all

SETS = frozenset({"dict_keys", "frozenset", "set"})
SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)


#: Names of what tells whether a function is async: `_is_coroutine_function`, `is_async`.
_ASKING = re.compile(r"_*is_?(?:async(?!_?gen)|coro\w*?_?(?:callable|func))")


class Expressions(Names):
    """Names, literals, operators and conditions."""

    #: The last conditional expression: what names held on its two ways, and its values.
    chosen: tuple[ast.IfExp, dict[str, tuple[Value, Value]], Value, Value] | None = None

    def eval(self, node: ast.expr) -> Value:
        """Return the value of an expression."""
        self.world.spend()
        method = getattr(self, "eval_" + type(node).__name__, None)
        if method is not None:
            value: Value = method(node)
            return value
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.escape(self.eval(child))
        return UNKNOWN

    def eval_Constant(self, node: ast.Constant) -> Value:
        return Const(node.value)

    def eval_Name(self, node: ast.Name) -> Value:
        value = self.load(node.id)
        if isinstance(value, Alternatives) and UNKNOWN in value.values:
            return self.defaulted(node.id, value)
        return value

    def defaulted(self, name: str, value: Alternatives) -> Value:
        """Return what a name holds; what is given for a default is as good as that."""
        function = self.frame.function
        others = [one for one in value.values if one != UNKNOWN]
        if function is None or isinstance(value, Overfull):
            return value
        if not all(isinstance(one, Instance) for one in others):
            return value
        if name not in attributes.optional_parameters(function.node):
            return value
        return join(
            *[Typed(one.cls, None) for one in others if isinstance(one, Instance)]
        )

    def eval_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.eval(node.value)
        self.store(node.target.id, value)
        return value

    def eval_Yield(self, node: ast.Yield) -> Value:
        value = NONE if node.value is None else self.eval(node.value)
        if self.pauses is not None:
            mark = f"yield {id(self)} {len(self.pauses)}"
            told = len(self.world.root.events)
            self.pauses.append(Pause(value, self.state.fork(), mark, told))
            self.state = self.state.bordered(mark)
            return NONE
        if node.value is not None:
            self.yields.append(yielded(self, value))
            self.escape(value)
        return UNKNOWN

    def eval_YieldFrom(self, node: ast.YieldFrom) -> Value:
        self.escape(self.eval(node.value))
        return UNKNOWN

    def eval_Lambda(self, node: ast.Lambda) -> Value:
        return self.function(node)

    def eval_IfExp(self, node: ast.IfExp) -> Value:
        if isinstance(self.frame.scope, ast.Module):
            settled = self.world.settled(self.module, node.test)
            if settled is not None:
                return self.eval(node.body if settled else node.orelse)
        constant = self.constant_test(node.test)
        if constant is not None:
            return self.eval(node.body if constant else node.orelse)
        self.test(node.test)
        before = self.state
        names = tested(self, node.test)
        forks = any(map(self.world.has_effects, (node.test, node.body, node.orelse)))
        self.state = before.fork() if forks else before
        narrow(self, node.test, True, parts=forks)
        held = {name: self.state.names[name] for name in names}
        one = self.under(Step("if", node, True), lambda: self.eval(node.body))
        first = self.state
        if not forks:
            widen(self, names)
        self.state = before
        narrow(self, node.test, False, parts=forks)
        others = {name: self.state.names[name] for name in names}
        two = self.under(Step("if", node, False), lambda: self.eval(node.orelse))
        self.chosen = (
            node,
            {name: (held[name], others[name]) for name in names},
            one,
            two,
        )
        if forks:
            joined = join_states([first, self.state], strict=True)
            assert joined is not None
            self.state = joined
        widen(self, names)
        return join(one, two)

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
        is_question = isinstance(test, ast.Call) and len(test.args) == 1
        word = last_name(test) if is_question else ""
        asks = word == "callable" or _ASKING.match(word) is not None
        kinds = (ast.Name, ast.Attribute) if asks else ast.Name
        if isinstance(test, (ast.Constant, ast.Name)) or (
            # Only `inspect.iscoroutinefunction(function)` and its like give a constant.
            is_question and isinstance(test.args[0], kinds)  # type: ignore[attr-defined]
        ):
            asked = function_of(self.eval(test.args[0])) if asks else UNKNOWN  # type: ignore[attr-defined]
            receiver = asked.receiver if isinstance(asked, Function) else None
            if isinstance(receiver, Instance) and receiver.address is None:
                return None  # a derived class may have another one
            value = self.eval(test)
            if isinstance(value, Const):
                return bool(value.value)
            if asks:
                if isinstance(asked, Coroutine):
                    return False
                if isinstance(asked, Function) and word != "callable":
                    # Perhaps by a function of the project's own that asks the same.
                    return asked.is_async
        if is_no_function(self, test) or refused_by(self, test) is not None:
            return False
        return self.is_none(test)

    def is_none(self, test: ast.expr) -> bool | None:
        """Return how `name is None` comes out for a name that certainly is `None`."""
        if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name):
            return None
        other, asked = test.comparators[0], test.ops[0]
        if len(test.ops) > 1 or not isinstance(asked, (ast.Is, ast.IsNot)):
            return None
        if not isinstance(other, ast.Constant) or other.value is not None:
            return None
        if isinstance(self.frame.scope, ast.Module):
            return None
        if test.left.id in self.module.scopes[self.frame.scope].rebound:
            return None
        held = self.state.names.get(test.left.id)
        return isinstance(asked, ast.Is) if held == NONE else None

    def eval_BoolOp(self, node: ast.BoolOp) -> Value:
        goes_on = isinstance(node.op, ast.And)
        kept: list[Value] = []
        names: Tested = {}
        for item in node.values[:-1]:
            value = self.eval(item)
            self.truth(value, item)
            if isinstance(value, Const) and bool(value.value) is not goes_on:
                # The rest is never evaluated.
                widen(self, names)
                return join(*kept, value)
            names = {**tested(self, item), **names}
            narrow(self, item, goes_on)
            kept += [
                one
                for one in each(value)
                if one != NONE and may_be(self, one, not goes_on)
            ]
        before = self.state.fork()
        value = self.under(Step("or", node), lambda: self.eval(node.values[-1]))
        joined = join_states([self.state, before], strict=True)
        assert joined is not None
        self.state = joined
        widen(self, names)
        # A parameter that is a name by itself is most often given.
        is_asked = not any(isinstance(one, ast.Name) for one in node.values)
        if not goes_on and is_asked and self.is_plain(value):
            kept = [SOMETHING if one == UNKNOWN else one for one in kept]
        return join(*kept, value)

    def is_plain(self, value: Value) -> bool:
        """Return whether a value is plain data, whichever of its alternatives it is."""
        return all(
            isinstance(one, (Const, Container))
            or (isinstance(one, Object) and self.libraries.is_data(one))
            for one in each(value)
        )

    def eval_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.eval(node.operand)
        if isinstance(node.op, ast.Not):
            self.truth(value, node)
        else:
            self.misuse(value, node, "arithmetic")
        return (
            self.libraries.negative(value) if isinstance(node.op, ast.USub) else UNKNOWN
        )

    def eval_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.eval(node.left), self.eval(node.right)
        return self.binary(left, right, node)

    def binary(self, left: Value, right: Value, node: ast.AST) -> Value:
        self.misuse(left, node, "arithmetic")
        self.misuse(right, node, "arithmetic")
        op = getattr(node, "op", None)
        if isinstance(left, Container) and isinstance(right, Container):
            if left.kind == right.kind and isinstance(op, (ast.Add, ast.BitOr)):
                one, two = self.items(left), self.items(right)
                if left.kind == "dict":
                    items = self.merge(one, right)
                elif left.kind in ("list", "tuple") and not one.rest:
                    shift = len(one.known)
                    moved: dict[object, Value] = {
                        shift + i: v for i, v in enumerate(two.known.values())
                    }
                    items = Items(one.known, two.rest).with_all(moved)
                else:
                    items = Items({}, join_all([*one.values(), *two.values()]))
                return self.container(left.kind, items, node)
            if {left.kind, right.kind} <= SETS and isinstance(op, SET_OPERATORS):
                values = [*self.items(left).values(), *self.items(right).values()]
                kind = "frozenset" if left.kind == "frozenset" else "set"
                return self.container(kind, Items({}, join_all(values)), node)
            return UNKNOWN
        if isinstance(left, Container) and isinstance(op, ast.Mult):
            return left
        if isinstance(op, ast.Add) and Container in (type(left), type(right)):
            return self.appended(left, right, node)
        if isinstance(op, ast.Mod) and is_text(left):
            self.look_at(right, node, "`%` formatting")
            return TEXT
        if is_text(left) and is_text(right):
            return TEXT
        found = self.libraries.arithmetic(left, right, op)
        if found == UNKNOWN:
            # It may hold what they hold.
            for side in (*each(left), *each(right)):
                if isinstance(side, Container):
                    self.escape(side, keep=True)
        # A number of its own, or an error.
        return SOMETHING if found == UNKNOWN and isinstance(op, ast.Div) else found

    def appended(self, left: Value, right: Value, node: ast.AST) -> Value:
        """Return a list or tuple before or after one of which nothing is known."""
        held = left if isinstance(left, Container) else right
        if not isinstance(held, Container) or held.kind not in ("list", "tuple"):
            return UNKNOWN
        items = self.items(held)
        if held is left:
            items = items.add(UNKNOWN)
        else:
            items = Items({}, join(UNKNOWN, *items.values()))
        return self.container(held.kind, items, node)

    def eval_Compare(self, node: ast.Compare) -> Value:
        values = [self.eval(node.left), *[self.eval(item) for item in node.comparators]]
        for op, left, right in zip(node.ops, values, values[1:]):
            if isinstance(op, (ast.In, ast.NotIn)):
                self.misuse(right, node, "a comparison")
            elif isinstance(op, (ast.Eq, ast.NotEq)):
                self.look_at(left, node, "a comparison")
                self.look_at(right, node, "a comparison")
            elif not isinstance(op, (ast.Is, ast.IsNot)):
                self.misuse(left, node, "a comparison")
                self.misuse(right, node, "a comparison")
        return Object("builtins.bool", None)

    def eval_JoinedStr(self, node: ast.JoinedStr) -> Value:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.look_at(self.eval(part.value), node, "an f-string")
                if part.format_spec is not None:
                    self.eval(part.format_spec)
        return TEXT

    def test(self, node: ast.expr) -> None:
        """Evaluate a condition."""
        value = self.eval(node)
        self.truth(value, node)
        for name in self.world.names_in(node):
            held = self.state.names.get(name)
            if held is not None:
                # The branches know about the object: too subtle to judge.
                for one in each(held):
                    if isinstance(one, (Coroutine, Container)):
                        self.tested |= self.reach(one)
                    elif isinstance(one, Instance):
                        self.lose_functions(one)

    def lose_functions(self, owner: Instance) -> None:
        """Forget which functions an object holds: a condition may ask what they are."""
        items = self.state.heap.get(owner.address)
        for key, held in items.known.items() if isinstance(items, Items) else ():
            if any(isinstance(one, Function) and one.is_async for one in each(held)):
                assert isinstance(items, Items)
                items = items.set(key, UNKNOWN)
                self.update(owner, items)
