"""Evaluate expressions: what value they give and what they do to other values."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeVar

from flake8_lambda_handler.flow import boto
from flake8_lambda_handler.flow import externals
from flake8_lambda_handler.flow import models
from flake8_lambda_handler.flow import running
from flake8_lambda_handler.flow import types
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.narrowing import may_be
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.running import Step
from flake8_lambda_handler.flow.state import DONE
from flake8_lambda_handler.flow.state import PENDING
from flake8_lambda_handler.flow.state import Frame
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import Made
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import Tie
from flake8_lambda_handler.flow.state import join_items
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Marker
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Super
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_all
from flake8_lambda_handler.flow.values import join_optional

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis
    from flake8_lambda_handler.module import Module

Result = TypeVar("Result")

#: What names hold, and their ties.
Tested = dict[str, "tuple[Value, Tie | None]"]

BUILTINS = frozenset(dir(builtins))
TEXT = Object("builtins.str", None)

#: Attributes of a coroutine object that people use on purpose; reading one means
#: that somebody drives or closes the object by hand.
COROUTINE_ATTRIBUTES = frozenset(
    {"close", "send", "throw", "cr_await", "cr_code", "cr_frame", "cr_running"}
)

SETS = frozenset({"dict_keys", "frozenset", "set"})
SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)


class Expressions:
    """The expression half of an activation; `Statements` completes it."""

    analysis: Analysis
    frame: Frame
    module: Module
    state: State
    depth: int
    returns: list[tuple[Value, State, ast.AST]]
    #: The last conditional expression: what names held on its two ways, and its values.
    chosen: tuple[ast.IfExp, dict[str, tuple[Value, Value]], Value, Value] | None = None
    #: Coroutines that some path drives, or that others may drive.
    driven: set[Address]
    #: Tasks that something awaits, or that others may await.
    awaited_tasks: set[Address]

    # -- names ------------------------------------------------------------------

    def load(self, name: str) -> Value:
        """Return what a name holds here."""
        return self.analysis.resolved(self.look_up(name))

    def look_up(self, name: str) -> Value:
        frame: Frame | None = self.frame
        scope = self.module.scopes.get(self.frame.scope)
        if scope is not None and name in scope.declared_global:
            return self.analysis.global_value(self.module, name)
        if name in self.state.names:
            value = self.state.names[name]
            if scope is not None and name in scope.captured:
                if any(name in inner.declared_nonlocal for inner in scope.children):
                    return join(value, UNKNOWN)
            return value
        if (
            scope is not None
            and name in scope.local
            and not isinstance(self.frame.scope, (ast.ClassDef, ast.Module))
        ):
            return UNKNOWN
        frame = self.frame.parent
        while frame is not None:
            if not isinstance(frame.scope, (ast.ClassDef, ast.Module)):
                if name in frame.ever:
                    ever = frame.ever[name]
                    # Which of its values a name has when a closure runs is not known.
                    return (
                        join(ever, UNKNOWN) if isinstance(ever, Alternatives) else ever
                    )
                outer = frame.module.scopes.get(frame.scope)
                if outer is not None and name in outer.local:
                    return UNKNOWN
            frame = frame.parent
        return self.analysis.global_value(self.module, name)

    def store(self, name: str, value: Value) -> None:
        """Bind a name; a coroutine that others can then reach is out of our hands."""
        scope = self.module.scopes.get(self.frame.scope)
        top = isinstance(self.frame.scope, (ast.Module, ast.ClassDef))
        if scope is not None:
            if name in scope.declared_global:
                self.escape(value, keep=True)
                self.analysis.store_global(self, name, value)
                return
            if top or name in scope.declared_nonlocal or name in scope.captured:
                self.escape(value, keep=True)
            elif (
                name in scope.loaded
                and name in self.state.names
                and self.analysis.has_coroutines
            ):
                # Rebinding drops the old object; only a name that nobody reads
                # says for certain that this was not meant.
                self.drive(self.state.names[name])
        self.state.names[name] = value
        ever = self.frame.ever
        ever[name] = join(ever[name], value) if name in ever else value

    # -- fates ------------------------------------------------------------------

    def address(self, node: ast.AST) -> Address:
        return Address(node, self.module, self.frame.context, self.frame.shared)

    def reach(self, value: Value) -> set[Address]:
        """Return the addresses that a value holds on to."""
        found: set[Address] = set()
        stack = [value]
        while stack:
            current = stack.pop()
            for one in each(current):
                if isinstance(one, Partial):
                    stack.extend((one.function, *one.args))
                    stack.extend(item for _, item in one.keywords)
                    continue
                if isinstance(one, Method):
                    stack.append(one.receiver)
                    continue
                if isinstance(one, Function) and one.receiver is not None:
                    stack.append(one.receiver)
                    continue
                address = getattr(one, "address", None)
                if address is None or address in found:
                    continue
                found.add(address)
                entry = self.entry(address)
                if isinstance(entry, Items):
                    stack.extend(entry.values())
                elif isinstance(entry, Made):
                    stack.extend(entry.args)
                    stack.extend(item for _, item in entry.keywords)
        return found

    def entry(self, address: Address | None) -> Items | Made | None:
        """Return what the heap knows of an address."""
        if address is None:
            return None
        found = self.state.heap.get(address)
        return found if found is not None else self.analysis.shared_heap.get(address)

    def drive(self, value: Value) -> None:
        """Record that somebody runs every coroutine that a value holds."""
        for address in self.reach(value):
            if address in self.state.fates or address in self.state.heap:
                self.state.fates[address] = DONE
            self.driven.add(address)
            self.awaited_tasks.add(address)

    def escape(self, value: Value, *, keep: bool = False) -> None:
        """Record that a value is out of sight: others may drive it or change it.

        `keep` is for a value that is only stored: what it holds stays known.
        """
        for address in self.reach(value):
            self.driven.add(address)
            self.state.fates[address] = DONE
            if keep:
                continue
            self.awaited_tasks.add(address)
            if isinstance(self.state.heap.get(address), Items):
                self.state.heap[address] = Items({}, UNKNOWN, UNKNOWN)

    def lose_sight(self) -> None:
        """Record that anything may have happened to every object there is."""
        for address, entry in self.state.heap.items():
            if isinstance(entry, Items):
                self.state.heap[address] = Items({}, UNKNOWN, UNKNOWN)
        self.state.settle()
        self.driven.update(self.state.heap)
        self.awaited_tasks.update(self.state.heap)

    def misuse(self, value: Value, node: ast.AST, how: str) -> None:
        """Report a coroutine that is used as if it were a plain value."""
        if isinstance(value, Coroutine) and value.kind in (
            "coroutine",
            "async generator",
        ):
            self.event("misused", node, value=value, how=how)
        self.drive(value)

    def event(self, kind: str, node: ast.AST, **fields: Any) -> None:
        self.analysis.record(self, kind, node, fields)

    def under(self, step: running.Step, action: Callable[[], Result]) -> Result:
        """Do something one step further on the way that events record."""
        path = self.analysis.path
        self.analysis.path = (*path, step)
        try:
            return action()
        finally:
            self.analysis.path = path

    # -- dispatch ---------------------------------------------------------------

    def eval(self, node: ast.expr) -> Value:
        """Return the value of an expression."""
        self.analysis.spend()
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
        return self.load(node.id)

    def eval_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.eval(node.value)
        self.store(node.target.id, value)
        return value

    def eval_Attribute(self, node: ast.Attribute) -> Value:
        value = self.eval(node.value)
        return self.attribute(value, node.attr, node)

    def eval_Await(self, node: ast.Await) -> Value:
        return self.awaited(self.eval(node.value), node)

    def eval_Yield(self, node: ast.Yield) -> Value:
        if node.value is not None:
            self.escape(self.eval(node.value))
        return UNKNOWN

    def eval_YieldFrom(self, node: ast.YieldFrom) -> Value:
        self.escape(self.eval(node.value))
        return UNKNOWN

    def eval_Lambda(self, node: ast.Lambda) -> Value:
        return self.function(node)

    def eval_IfExp(self, node: ast.IfExp) -> Value:
        self.test(node.test)
        before = self.state
        names = self.tested(node.test)
        forks = any(map(self.analysis.has_effects, (node.test, node.body, node.orelse)))
        self.state = before.fork() if forks else before
        narrow(self, node.test, True, parts=forks)
        held = {name: self.state.names[name] for name in names}
        one = self.under(Step("if", node, True), lambda: self.eval(node.body))
        first = self.state
        if not forks:
            self.widen(names)
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
            joined = join_states([first, self.state])
            assert joined is not None
            self.state = joined
        self.widen(names)
        return join(one, two)

    def tested(self, test: ast.expr) -> Tested:
        """Return what the names that a condition can say something of hold."""
        state = self.state
        return {
            name: (state.names[name], state.ties.get(name))
            for asked in self.analysis.names_in(test)
            for name in state.companions(asked)
            if name in state.names
        }

    def widen(self, names: Tested) -> None:
        """Take back what conditions said about names, behind their reach."""
        for name, (value, tie) in names.items():
            self.state.names[name] = value
            if tie is not None:
                self.state.ties[name] = tie

    def eval_BoolOp(self, node: ast.BoolOp) -> Value:
        goes_on = isinstance(node.op, ast.And)
        kept: list[Value] = []
        names: Tested = {}
        for item in node.values[:-1]:
            value = self.eval(item)
            self.truth(value, item)
            if isinstance(value, Const) and bool(value.value) is not goes_on:
                # The rest is never evaluated.
                self.widen(names)
                return join(*kept, value)
            names = {**self.tested(item), **names}
            narrow(self, item, goes_on)
            kept += [
                one for one in each(value) if one != NONE and may_be(one, not goes_on)
            ]
        before = self.state.fork()
        value = self.under(Step("or", node), lambda: self.eval(node.values[-1]))
        joined = join_states([self.state, before])
        assert joined is not None
        self.state = joined
        self.widen(names)
        return join(*kept, value)

    def eval_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.eval(node.operand)
        if isinstance(node.op, ast.Not):
            self.truth(value, node)
        else:
            self.misuse(value, node, "arithmetic")
        return types.negative(value) if isinstance(node.op, ast.USub) else UNKNOWN

    def eval_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.eval(node.left), self.eval(node.right)
        return self.binary(left, right, node)

    def binary(self, left: Value, right: Value, node: ast.AST) -> Value:
        self.misuse_certain(left, node, "arithmetic")
        self.misuse_certain(right, node, "arithmetic")
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
                    items = Items({**one.known, **moved}, two.rest)
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
        if isinstance(op, ast.Mod) and (left == TEXT or _is_text(left)):
            self.look_at(right, node, "`%` formatting")
            return TEXT
        if (left == TEXT or _is_text(left)) and (right == TEXT or _is_text(right)):
            return TEXT
        return types.arithmetic(left, right, op)

    def eval_Compare(self, node: ast.Compare) -> Value:
        values = [self.eval(node.left), *[self.eval(item) for item in node.comparators]]
        if not all(
            isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in node.ops
        ):
            for value in values:
                self.look_at(value, node, "a comparison")
        return Object("builtins.bool", None)

    def eval_JoinedStr(self, node: ast.JoinedStr) -> Value:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.look_at(self.eval(part.value), node, "an f-string")
                if part.format_spec is not None:
                    self.eval(part.format_spec)
        return TEXT

    def eval_Starred(self, node: ast.Starred) -> Value:
        return self.iterate(self.eval(node.value), node)

    def eval_List(self, node: ast.List) -> Value:
        return self.display("list", node)

    def eval_Tuple(self, node: ast.Tuple) -> Value:
        return self.display("tuple", node)

    def eval_Set(self, node: ast.Set) -> Value:
        return self.display("set", node)

    def display(self, kind: str, node: Any) -> Value:
        items = Items()
        for index, element in enumerate(node.elts):
            value = self.eval(element)
            if isinstance(element, ast.Starred) or items.rest is not None:
                items = items.add(value)
            else:
                items = items.set(index, value)
        return self.container(kind, items, node)

    def eval_Dict(self, node: ast.Dict) -> Value:
        items = Items()
        for key, item in zip(node.keys, node.values):
            value = self.eval(item)
            if key is None:
                items = self.merge(items, value)
                continue
            items = self.put(items, self.eval(key), value, key)
        return self.container("dict", items, node)

    def merge(self, items: Items, value: Value) -> Items:
        """Return dict items with those of another mapping on top."""
        if isinstance(value, Container) and value.kind == "dict":
            other = self.items(value)
            known = items.known
            if other.rest is not None:
                known = _overwritten(items, other.rest).known
            return Items(
                {**known, **other.known},
                join_optional(items.rest, other.rest),
                join_optional(items.keys, other.keys),
            )
        self.drive(value)
        return Items({}, UNKNOWN, UNKNOWN)

    def put(self, items: Items, key: Value, value: Value, node: ast.AST) -> Items:
        """Return dict items with one more key."""
        if isinstance(key, Const) and _hashable(key.value):
            return items.set(key.value, value)
        self.drive(key)
        return items.add(value, key)

    def comprehension(self, node: Any, kind: str) -> Value:
        saved = {}
        outer: Tested = {}
        before = self.state.fork()
        for generator in node.generators:
            iterable = self.eval(generator.iter)
            if generator.is_async:
                self.drive(iterable)
                element: Value = UNKNOWN
            else:
                element = self.iterate(iterable, generator.iter)
            self.state.focus(self.reach(element))
            for name in _target_names(generator.target):
                saved[name] = self.state.names.get(name)
            self.assign(generator.target, element)
            for test in generator.ifs:
                self.test(test)
                outer.update({**self.tested(test), **outer})
                narrow(self, test, True)
        if kind == "dict":
            key = self.under(Step("for", node), lambda: self.eval(node.key))
            value = self.under(Step("for", node), lambda: self.eval(node.value))
            items = Items({}, value, key)
        else:
            items = Items(
                {}, self.under(Step("for", node), lambda: self.eval(node.elt))
            )
        self.state.spread(before)
        self.widen(outer)
        for name, old in saved.items():
            if old is None:
                self.state.names.pop(name, None)
            else:
                self.state.names[name] = old
        return self.container(kind, items, node)

    def eval_ListComp(self, node: ast.ListComp) -> Value:
        return self.comprehension(node, "list")

    def eval_SetComp(self, node: ast.SetComp) -> Value:
        return self.comprehension(node, "set")

    def eval_DictComp(self, node: ast.DictComp) -> Value:
        return self.comprehension(node, "dict")

    def eval_GeneratorExp(self, node: ast.GeneratorExp) -> Value:
        return self.comprehension(node, "generator")

    def eval_Subscript(self, node: ast.Subscript) -> Value:
        value = self.eval(node.value)
        key = self.eval(node.slice)
        if isinstance(value, Alternatives):
            self.drive_coroutines(value)
        return join(*[self.subscript(one, key, node) for one in each(value)])

    def subscript(self, value: Value, key: Value, node: ast.AST) -> Value:
        if isinstance(value, Container):
            items = self.items(value)
            if isinstance(key, Const) and _hashable(key.value):
                found = items.get(key.value)
                return found
            if isinstance(getattr(node, "slice", None), ast.Slice):
                return self.container(value.kind, Items({}, items.element()), node)
            # Which of several is picked, data decides; perhaps never this one.
            found = items.element()
            return join(found, UNKNOWN) if isinstance(found, Alternatives) else found
        if isinstance(value, Coroutine):
            self.misuse_pending(value, node, "a subscript")
            return UNKNOWN
        if isinstance(value, (Object, External)):
            return externals.subscript(self, value, key, node)
        return NEVER if value is NEVER else UNKNOWN

    def eval_Slice(self, node: ast.Slice) -> Value:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.eval(part)
        return UNKNOWN

    # -- containers -------------------------------------------------------------

    def container(self, kind: str, items: Items, node: ast.AST) -> Container:
        address = self.address(node)
        self.state.fresh(address, items)
        return Container(kind, address)

    def items(self, value: Container | Instance) -> Items:
        entry = self.entry(value.address)
        return entry if isinstance(entry, Items) else Items({}, UNKNOWN, UNKNOWN)

    def update(self, value: Value, items: Items, added: Value | None = None) -> None:
        """Replace the items of a container; what joins an escaped one escapes."""
        address = getattr(value, "address", None)
        if address is None:
            return
        if added is not None and (
            self.state.fates.get(address) == DONE or address.shared
        ):
            self.escape(added, keep=True)
        self.state.change(address, items)

    def iterate(self, value: Value, node: ast.AST) -> Value:
        """Return what a plain `for` over a value gives."""
        found = []
        for one in each(value):
            if isinstance(one, Container):
                items = self.items(one)
                if one is not value and items == Items():
                    continue
                if one.kind == "dict":
                    keys = [Const(key) for key in items.known]
                    if items.keys is not None:
                        keys.append(items.keys)  # type: ignore[arg-type]
                    found.append(join(*keys) if keys else UNKNOWN)
                else:
                    found.append(items.element())
            elif isinstance(one, Coroutine):
                if one is value:
                    self.misuse(one, node, "a plain `for`")
                found.append(UNKNOWN)
            else:
                found.append(externals.element(self, one, node))
        return join(*found) if found else UNKNOWN

    # -- uses of a value --------------------------------------------------------

    def misuse_certain(self, value: Value, node: ast.AST, how: str) -> None:
        if isinstance(value, Coroutine):
            self.misuse(value, node, how)

    def misuse_pending(self, value: Coroutine, node: ast.AST, how: str) -> None:
        """Report a plain use, unless the object may be somebody else's business."""
        if self.state.fates.get(value.address) != DONE:
            self.misuse(value, node, how)

    def drive_coroutines(self, value: Value) -> None:
        """Give up on coroutines that a value only may be."""
        for one in each(value):
            if isinstance(one, Coroutine):
                self.drive(one)

    def truth(self, value: Value, node: ast.AST) -> None:
        self.look_at(value, node, "a truth test")

    def look_at(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine is only looked at, never run.

        One that a name holds can still be awaited: whether it is, shows at the end.
        """
        if isinstance(value, Coroutine) and not any(
            value.address in self.reach(held)
            for held in self.state.names.values()
            if not isinstance(held, Const)
        ):
            self.misuse(value, node, how)

    def dump(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine raises an error, however deep inside."""
        self.misuse_certain(value, node, how)
        if isinstance(value, Container):
            for item in self.items(value).values():
                self.misuse_certain(item, node, how)

    def test(self, node: ast.expr) -> None:
        """Evaluate a condition."""
        value = self.eval(node)
        self.truth(value, node)
        for name in self.analysis.names_in(node):
            held = self.state.names.get(name)
            if held is not None:
                # The branches know about the object: too subtle to judge.
                for one in each(held):
                    if isinstance(one, (Coroutine, Container)):
                        self.drive(one)

    def awaited(self, value: Value, node: ast.AST) -> Value:
        """Drive a value and return what `await` gives."""
        self.drive(value)
        for one in self.choices(value, node):
            if isinstance(one, Object):
                self.event("used", node, value=one, name="__await__")
        return self.per_choice(list(each(value)), lambda one: self.outcome(one, node))

    def choices(self, value: Value, node: ast.AST) -> Iterator[Value]:
        """Yield the alternatives of a value; what is done meanwhile is one of them."""
        found = list(each(value))
        path = self.analysis.path
        if len(found) > 1:
            self.analysis.path = (*path, Step("choice", node, tuple(found)))
        yield from found
        self.analysis.path = path

    def outcome(self, value: Value, node: ast.AST) -> Value:
        """Return what running a coroutine returns."""
        if isinstance(value, Object):
            return externals.awaited_object(value)
        if not isinstance(value, Coroutine):
            return NEVER if value is NEVER else UNKNOWN
        made = self.entry(value.address)
        if not isinstance(made, Made):
            return UNKNOWN
        if value.kind == "coroutine" and isinstance(made.callable, Function):
            return self.invoke(
                made.callable, list(made.args), dict(made.keywords), node
            )
        return externals.outcome(self, value, made, node)

    # -- attributes -------------------------------------------------------------

    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """Return an attribute of a value."""
        if not isinstance(value, Alternatives):
            return self.attribute_of(value, name, node)
        self.drive_coroutines(value)
        return self.per_choice(
            list(each(value)), lambda one: self.attribute_of(one, name, node)
        )

    def attribute_of(self, value: Value, name: str, node: ast.AST) -> Value:
        if isinstance(value, External):
            found = self.analysis.namespaces.get((self.module, f"{value.name}.{name}"))
            return (
                externals.member(value, name) if found is None else ModuleValue(found)
            )
        if isinstance(value, ModuleValue):
            return self.analysis.member(value.module, name)
        if isinstance(value, Instance):
            return self.instance_attribute(value, name, node)
        if isinstance(value, Function):
            return self.analysis.patched(value, name) or UNKNOWN
        if isinstance(value, Class):
            facts = self.analysis.class_facts(value)
            member = facts.find(name)
            if models.is_enum_member(facts, name, member):
                return Instance(value, None)
            assigned = self.analysis.patched(value, name)
            if assigned is not None:
                return assigned if member is None else join(member, assigned)
            if member == NONE and name in value.module.attribute_writers:
                return UNKNOWN
            return self.bound(member, value, None, node)
        if isinstance(value, Super):
            member = self.analysis.class_facts(value.cls).find(name, skip_own=True)
            return self.bound(member, value.cls, value.receiver, node)
        if isinstance(value, Coroutine):
            return self.coroutine_attribute(value, name, node)
        if isinstance(value, Object):
            return externals.attribute(self, value, name, node)
        if isinstance(value, (Container, Generator, Const)):
            return Method(value, name)
        return NEVER if value is NEVER else UNKNOWN

    def coroutine_attribute(self, value: Coroutine, name: str, node: ast.AST) -> Value:
        if value.kind in ("coroutine", "async generator") and not (
            name.startswith(("__", "ag_", "a")) or name in COROUTINE_ATTRIBUTES
        ):
            self.misuse_pending(value, node, f"attribute `{name}`")
            return UNKNOWN
        return externals.awaitable_attribute(self, value, name, node)

    def instance_attribute(self, value: Instance, name: str, node: ast.AST) -> Value:
        facts: ClassFacts = self.analysis.class_facts(value.cls)
        listed = models.inherited(self, value, facts, name)
        if listed is not None:
            return listed
        entry = self.entry(value.address)
        if isinstance(entry, Items):
            if name in entry.known:
                return entry.known[name]
            if entry.rest is not None:
                return UNKNOWN
        found = facts.find(name)
        if found is None:
            return self.analysis.instance_default(value.cls, name)
        if name in value.cls.module.attribute_writers:
            return UNKNOWN
        return self.bound(found, value.cls, value, node)

    def bound(
        self, found: Value | None, cls: Class, receiver: Value | None, node: ast.AST
    ) -> Value:
        """Return a class attribute as seen through its class or an instance."""
        if found is None:
            return UNKNOWN
        if isinstance(found, Descriptor):
            if found.kind == "staticmethod":
                return found.function
            if found.kind == "classmethod":
                function = found.function
                return function.bind(cls) if isinstance(function, Function) else UNKNOWN
            if receiver is None:
                return found
            if found.kind == "cached_property":
                return self.cached(found.function, receiver, node)
            return self.call(found.function, [receiver], {}, node)
        if isinstance(found, Function) and receiver is not None:
            return found.bind(receiver) if found.receiver is None else found
        return found

    def cached(self, function: Value, receiver: Value, node: ast.AST) -> Value:
        """Return what a `cached_property` gives, and keep it as an attribute."""
        step = Step("or", node)
        value = self.under(step, lambda: self.call(function, [receiver], {}, node))
        if isinstance(receiver, Instance) and isinstance(function, Function):
            self.set_attribute(receiver, function.name, value)
        return value

    # -- calls ------------------------------------------------------------------

    def eval_Call(self, node: ast.Call) -> Value:
        function = self.eval(node.func)
        args: list[Value] = []
        keywords: dict[str, Value] = {}
        exact = True
        for argument in node.args:
            value = self.eval(argument)
            if isinstance(argument, ast.Starred):
                exact = False
            args.append(value)
        for keyword in node.keywords:
            value = self.eval(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
                continue
            options = self.options(value)
            if options is None:
                exact = False
                self.escape(value, keep=True)
                keywords[REST] = UNKNOWN
            else:
                keywords.update(options)
        choices = list(each(function))

        def called(one: Value) -> Value:
            if not exact and not isinstance(one, (External, Method)):
                return self.call_inexact(one, args, keywords, node)
            return self.call(one, args, keywords, node)

        if len(choices) == 1:
            return called(function)
        step = Step("choice", node, tuple(choices))
        result = self.per_choice(
            choices, lambda one: self.under(step, lambda: called(one))
        )
        self.drive(result)
        return result

    def options(self, value: Value) -> dict[str, Value] | None:
        """Return the keywords that `**value` gives; `None` if they are not known."""
        if not isinstance(value, Container) or value.kind != "dict":
            return None
        items = self.items(value)
        if items.rest is not None or self.state.many.get(value.address):
            return None
        if not all(isinstance(key, str) for key in items.known):
            return None
        return {str(key): item for key, item in items.known.items()}

    def per_choice(
        self, choices: list[Value], action: Callable[[Value], Value]
    ) -> Value:
        """Return what doing something with one of several values gives."""
        if len(choices) == 1:
            return action(choices[0])
        before = self.state
        ends: list[State] = []
        found: list[Value] = []
        for one in choices:
            self.state = before.fork()
            found.append(action(one))
            ends.append(self.state)
        joined = join_states(ends, lenient=True)
        assert joined is not None
        self.state = joined
        return join(*found)

    def call_inexact(
        self,
        function: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Call with `*args` or `**kwargs`: what arrives where is not known."""
        for value in (*args, *keywords.values()):
            self.escape(value)
        if isinstance(function, Partial):
            function = function.function
        rest: dict[str, Value] = {REST: UNKNOWN}
        if isinstance(function, Function) and function.is_async:
            return self.coroutine_of(function, [], rest, node)
        if isinstance(function, Function):
            return self.invoke(function, [], rest, node)
        if isinstance(function, Class):
            address = self.address(node)
            self.state.heap[address] = Items({}, UNKNOWN)
            return Instance(function, address)
        return UNKNOWN

    def call(
        self,
        function: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what calling a value gives."""
        if isinstance(function, Function):
            return self.call_function(function, args, keywords, node)
        if isinstance(function, Partial):
            return self.call(
                function.function,
                [*function.args, *args],
                {**dict(function.keywords), **keywords},
                node,
            )
        if isinstance(function, External):
            return externals.call(self, function.name, args, keywords, node)
        if isinstance(function, Object):
            function = Method(function, "__call__")
        if isinstance(function, Method):
            return externals.call_method(self, function, args, keywords, node)
        if isinstance(function, Class):
            return self.instantiate(function, args, keywords, node)
        if isinstance(function, Instance):
            method = self.analysis.class_facts(function.cls).find("__call__")
            if isinstance(method, Function):
                return self.call(method.bind(function), args, keywords, node)
        if isinstance(function, Descriptor) and function.kind == "staticmethod":
            return self.call(function.function, args, keywords, node)
        for value in (*args, *keywords.values()):
            self.escape(value)
        return NEVER if function is NEVER else UNKNOWN

    def call_function(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        if function.receiver is not None:
            args = [function.receiver, *args]
        if function.is_async:
            return self.coroutine_of(function, args, keywords, node)
        if function.module.scopes[function.node].yields:
            address = self.address(node)
            for value in (*args, *keywords.values()):
                self.escape(value)
            self.state.heap[address] = Made("generator", function, (), ())
            return Generator(address)
        return self.invoke(function, args, keywords, node)

    def coroutine_of(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Coroutine:
        yields = function.module.scopes[function.node].yields
        return self.make_coroutine(
            "async generator" if yields else "coroutine", function, args, keywords, node
        )

    def make_coroutine(
        self,
        kind: str,
        function: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        *,
        pending: bool = True,
        returns: str | None = None,
    ) -> Coroutine:
        """Return a new object that somebody has to drive."""
        for value in (*args, *keywords.values()):
            self.drive(value)
        address = self.address(node)
        self.state.heap[address] = Made(
            kind, function, tuple(args), tuple(keywords.items()), returns
        )
        self.state.fates[address] = PENDING if pending else DONE
        self.analysis.has_coroutines = True
        if self.frame.function is not None:
            self.analysis.made_in.setdefault(node, self.frame.function)
        return Coroutine(kind, address)

    def instantiate(
        self, cls: Class, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        facts = self.analysis.class_facts(cls)
        if facts.find("__new__") is not None or facts.has_metaclass:
            for value in (*args, *keywords.values()):
                self.escape(value)
            return UNKNOWN
        address = self.address(node)
        instance = Instance(cls, address)
        self.state.fresh(address, Items())
        init = facts.find("__init__")
        if isinstance(init, Function):
            self.invoke(init, [instance, *args], keywords, node)
        else:
            for value in (*args, *keywords.values()):
                self.escape(value, keep=True)
            if facts.fields is not None:
                known: dict[object, Value] = dict(zip(facts.fields, args))
                known.update(keywords.items())
                self.state.heap[address] = Items(known)
        return instance

    def function(self, node: Any, owner: Class | None = None) -> Function:
        """Return the function that a `def` or `lambda` makes here."""
        frame = None if isinstance(self.frame.scope, ast.Module) else self.frame
        function = Function(node, self.module, frame, None, owner, False)
        if not isinstance(node, ast.Lambda) and not self.frame.context:
            self.analysis.note_function(function)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults: dict[str, Value] = {}
        offset = len(positional) - len(arguments.defaults)
        for argument, default in zip(positional[offset:], arguments.defaults):
            defaults[argument.arg] = self.eval(default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
            if default is not None:
                defaults[argument.arg] = self.eval(default)
        for value in defaults.values():
            self.escape(value, keep=True)
        if defaults:
            self.analysis.defaults[node] = defaults
        return function

    def invoke(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Run a body: inlined when the arguments matter, else by its summary."""
        return self.analysis.invoke(self, function, args, keywords, node)

    # -- assignment -------------------------------------------------------------

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target of any shape."""
        if isinstance(target, ast.Name):
            self.store(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value)
        elif isinstance(target, ast.Attribute):
            self.assign_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            self.assign_subscript(target, value)

    def remove(self, owner: Value, key: Value) -> None:
        """Carry out `del owner[key]`."""
        boto.changed(self, owner)
        for one in each(owner):
            if not isinstance(one, Container):
                continue
            items = self.items(one)
            if isinstance(key, Const) and one.kind == "dict" and owner is one:
                known = {k: v for k, v in items.known.items() if k != key.value}
                self.update(one, items._replace(known=known))
            else:
                self.update(one, _overwritten(items, UNKNOWN))

    def unpack(self, target: ast.Tuple | ast.List, value: Value) -> None:
        """Bind the targets of an unpacking; what came together stays together."""
        if isinstance(value, Coroutine):
            self.misuse(value, target, "unpacking")
            value = UNKNOWN
        names: dict[str, tuple[Value, ...]] = {}
        for leaf, found in self.parts(target, value):
            if isinstance(leaf, ast.Starred):
                held = [self.items(one) for one in found if isinstance(one, Container)]
                items = functools.reduce(join_items, held)
                self.assign(leaf.value, self.container("list", items, leaf))
                continue
            self.assign(leaf, join(*found))
            if isinstance(leaf, ast.Name) and leaf.id in self.state.names:
                names[leaf.id] = tuple(found)
        self.state.tie(names)

    def parts(
        self, target: ast.expr, value: Value
    ) -> Iterator[tuple[ast.expr, list[Value]]]:
        """Yield each target of an unpacking with what it gets from each alternative."""
        if not isinstance(target, (ast.Tuple, ast.List)):
            yield target, list(each(value))
            return
        ways = [list(self.split(target.elts, one)) for one in each(value)]
        for index, item in enumerate(target.elts):
            found = [way[index] for way in ways]
            if isinstance(item, (ast.Tuple, ast.List)):
                yield from self.parts(item, join(*found))
            else:
                yield item, found

    def split(self, targets: list[ast.expr], value: Value) -> Iterator[Value]:
        """Yield what each target gets of one value; a list for a starred one."""
        items = None
        if isinstance(value, Container) and value.kind in ("list", "tuple"):
            items = self.items(value)
        element = self.iterate(value, targets[0]) if targets else UNKNOWN
        size = len(items.known) if items is not None and items.rest is None else 0
        starred = False
        for index, item in enumerate(targets):
            left = len(targets) - index  # from here to the end
            if isinstance(item, ast.Starred):
                starred = True
                inner = Items({}, element)
                if items is not None and size >= len(targets) - 1:
                    middle = range(index, size - left + 1)
                    inner = Items(dict(enumerate(map(items.get, middle))))
                yield self.container("list", inner, Marker(item))
            elif items is None or (starred and not size):
                yield element
            else:
                yield items.get(size - left if starred else index)

    def assign_attribute(self, target: ast.Attribute, value: Value) -> None:
        owner = self.eval(target.value)
        self.escape(value, keep=True)
        if isinstance(owner, Instance) and owner.address is not None:
            self.set_attribute(owner, target.attr, value)
        elif isinstance(owner, (Class, Function, ModuleValue)):
            self.analysis.store_attribute(self, owner, target.attr, value)
        externals.set_attribute(self, owner, target.attr, value, target)

    def set_attribute(self, owner: Instance, name: str, value: Value) -> None:
        if owner.address is None:
            return
        self.update(owner, self.items(owner).set(name, value))
        if self.frame.shared or owner.address.shared:
            self.analysis.store_shared(self, value)

    def assign_subscript(self, target: ast.Subscript, value: Value) -> None:
        owner = self.eval(target.value)
        key = self.eval(target.slice)
        for one in each(owner):
            if not isinstance(one, Container):
                boto.changed(self, one)
                self.escape(value, keep=True)
                continue
            items = self.items(one)
            if isinstance(target.slice, ast.Slice):
                added = self.iterate(value, target)
                whole = target.slice.lower is target.slice.upper is None
                items = Items() if whole else _overwritten(items, added)
                self.update(one, items.add(added), value)
            elif isinstance(key, Const) and _hashable(key.value):
                if owner is one:
                    self.update(one, items.set(key.value, value), value)
                else:
                    self.update(one, _overwritten(items, value).add(value), value)
            elif one.kind == "dict":
                self.update(one, _overwritten(items, value).add(value, key), value)
            else:
                self.update(one, _overwritten(items, value).add(value), value)
            if one.address.shared:
                self.analysis.store_shared(self, value)


def _overwritten(items: Items, value: Value) -> Items:
    """Return items of which one, nobody knows which, is replaced by a value."""
    return Items(
        {key: join(old, value, UNKNOWN) for key, old in items.known.items()},
        items.rest if items.rest in (None, value) else join(items.rest, UNKNOWN),
        items.keys,
    )


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


def _hashable(value: object) -> bool:
    return isinstance(value, (str, bytes, int, float, bool, type(None)))


def _target_names(target: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
