"""Calls, and what awaiting their results gives."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler.facts.expression_reader import ADDING
from flake8_lambda_handler.flow.arguments import Arguments
from flake8_lambda_handler.flow.arguments import fits
from flake8_lambda_handler.flow.classes import Cached
from flake8_lambda_handler.flow.events import CoroutineMade
from flake8_lambda_handler.flow.events import Driven
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.fates import are_pending
from flake8_lambda_handler.flow.heap import Entry
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.heap import blurred
from flake8_lambda_handler.flow.heap import callables
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.hinted import is_doubted
from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.making import Making
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import Way
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.state import join_states
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import TypedClass
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

#: What a text mentions that asks whether something is to be awaited.
ASKING = ("isawaitable", "iscoroutine")


def is_followed(value: Coroutine, made: Entry | None) -> bool:
    """Return whether awaiting a coroutine is followed into its body, with what it is given."""
    return (
        value.kind == "coroutine"
        and isinstance(made, Made)
        and isinstance(made.callable, Function)
        and all(name != REST for name, _ in made.keywords)
    )


class Calls(Arguments, Making):
    """Calls of functions, classes and everything else."""

    def eval_Await(self, node: ast.Await) -> Value:
        value = self.eval(node.value)
        self.drive_with("await", value, node.value)
        return self.awaited(value, node)

    def awaited(self, value: Value, node: ast.AST) -> Value:
        """Drive a value and return what `await` gives."""
        for one in each(value):
            made = self.entry(getattr(one, "address", None))
            if isinstance(one, Coroutine) and is_followed(one, made):
                self.drive_one(one.address)
            else:
                self.drive(one)
        self.note_driven(value, node)
        return self.per_choice(list(each(value)), lambda one: self.outcome(one, node))

    def note_driven(self, value: Value, node: ast.AST) -> None:
        """Record that something waits for what a value is."""
        for one in self.choices(value, node):
            if isinstance(one, Object):
                self.record(Used(node, one, "__await__"))
            elif isinstance(one, Coroutine):
                self.record(Driven(node, one))

    def choices(self, value: Value, node: ast.AST) -> Iterator[Value]:
        """Yield the alternatives of a value; what is done meanwhile is one of them."""
        found = list(each(value))
        root = self.world.root
        way = root.way
        if len(found) > 1:
            root.way = Way(Step("choice", node, tuple(found)), way)
        yield from found
        root.way = way

    def outcome(self, value: Value, node: ast.AST) -> Value:
        """Return what running a coroutine returns."""
        if isinstance(value, Object):
            return self.libraries.awaited_object(value)
        if not isinstance(value, Coroutine):
            return value if value in (KEPT, NEVER) else UNKNOWN
        made = self.entry(value.address)
        if not isinstance(made, Made):
            return UNKNOWN
        if value.kind == "coroutine" and isinstance(made.callable, Function):
            return self.world.invoke(
                self, made.callable, list(made.args), dict(made.keywords), node
            )
        if isinstance(made.callable, Alternatives):
            args, keywords = list(made.args), dict(made.keywords)
            return self.per_choice(
                list(each(made.callable)),
                lambda one: self.awaited(self.call(one, args, keywords, node), node),
            )
        return self.libraries.outcome(self, value, made, node)

    def eval_Call(self, node: ast.Call) -> Value:
        function = self.eval(node.func)
        args, keywords, exact = self.arguments(node)
        if function == UNKNOWN and exact and self.is_get(node, args):
            return join(SOMETHING, args[1])
        if function == UNKNOWN and exact and self.is_default(node, args):
            return join(UNKNOWN, args[1])
        if function == UNKNOWN and isinstance(node.func, ast.Attribute) and args:
            name = node.func.attr
            self.libraries.note_unknown(self, Call(name, args, keywords, node))
            for value in args if name in ADDING else ():
                self.world.note_filled(value)
        # Calling `None`, as one of several, raises.
        choices = [one for one in each(function) if one != NONE] or [NONE]

        def called(one: Value) -> Value:
            if not exact and not isinstance(one, (External, Method)):
                return self.call_inexact(one, args, keywords, node)
            if exact and is_async(one) and not fits(one, args, keywords):
                for value in (*args, *keywords.values()):
                    self.escape(value)
                return UNKNOWN  # the call raises
            return self.call(one, args, keywords, node)

        if len(choices) == 1:
            return called(choices[0])
        if exact and all(map(is_async, choices)):
            return self.make_coroutine(
                "coroutine", join(*choices), args, keywords, node
            )
        step = Step("choice", node, tuple(choices))
        before = self.state
        result = self.per_choice(
            choices, lambda one: self.under(step, lambda: called(one))
        )
        self.blur(choices, before)
        return self.merged(result, node)

    def blur(self, methods: list[Value], before: State) -> None:
        """Record that a method has changed one of several containers only."""
        for one in methods:
            if isinstance(one, Method) and isinstance(one.receiver, Container):
                address = one.receiver.address
                old, new = before.heap.get(address), self.state.heap.get(address)
                if old != new and isinstance(old, Items) and isinstance(new, Items):
                    self.state.heap[address] = blurred(old, new)

    def merged(self, value: Value, node: ast.AST) -> Value:
        """Return one of several results; of coroutines, one that stands for all.

        Of one that is a coroutine or something else than `None`, nothing is said.
        """
        is_pending = are_pending(value, self.state.fates)
        self.drive(value)
        return self.stand_in(value, self.entry, node) if is_pending else value

    def stand_in(
        self, value: Value, look: Callable[[Address], Entry | None], node: ast.AST
    ) -> Value:
        """Return one coroutine for several that a value may be, if it is not `None`.

        `look` gives what made them.
        """
        made = self.make_coroutine("coroutine", callables(value, look), [], {}, node)
        return join(made, NONE) if NONE in each(value) else made

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
        joined = join_states(ends)
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
            return self.world.invoke(self, function, [], rest, node)
        if isinstance(function, Callback):
            return self.call_back(function, [], node)
        if isinstance(function, TypedClass):
            return Typed(function.exact, None)
        if isinstance(function, Instance):
            method = self.world.class_facts(function.cls).find("__call__")
            if isinstance(method, Function):
                return self.call_inexact(method.bind(function), [], {}, node)
        if isinstance(function, Class):
            facts = self.world.class_facts(function)
            if facts.are_changed:
                return UNKNOWN
            address = self.address(node)
            instance = Instance(function, address)
            self.state.heap[address] = Items({}, UNKNOWN)
            if facts.makes_own_init and facts.fields is not None:
                known = self.libraries.given_fields(self, facts, node)
                self.state.heap[address] = Items(known)
                self.run_post_init(facts, instance, node)
            return instance
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
            return self.libraries.call(self, Call(function.name, args, keywords, node))
        if isinstance(function, Cached):
            return self.call_cached(function, args, keywords)
        if isinstance(function, Callback):
            return self.call_back(function, [*args, *keywords.values()], node)
        if isinstance(function, Object):
            function = Method(function, "__call__")
        if isinstance(function, Method):
            return self.libraries.call_method(
                self, function, Call(function.name, args, keywords, node)
            )
        if isinstance(function, TypedClass):
            for value in (*args, *keywords.values()):
                self.escape(value)
            return Typed(function.exact, None)
        if isinstance(function, Class):
            return self.instantiate(function, args, keywords, node)
        if isinstance(function, Instance):
            method = self.world.class_facts(function.cls).find("__call__")
            if isinstance(method, Function):
                return self.call(method.bind(function), args, keywords, node)
            inherited = self.libraries.inherited(self, function, "__call__")
            if method is None and inherited is not None:
                return self.call(inherited, args, keywords, node)
        if isinstance(function, Descriptor) and function.kind == "staticmethod":
            return self.call(function.function, args, keywords, node)
        if isinstance(function, Coroutine) and function.kind == "async context":
            made = self.entry(function.address)
            if isinstance(made, Made) and isinstance(made.callable, Function):
                # What `asynccontextmanager` makes may be a decorator as well.
                self.drive(function)
                return args[0] if args else UNKNOWN
        self.misuse(function, node, "a call")
        for value in (*args, *keywords.values()):
            self.escape(value)
        return function if function in (KEPT, NEVER) else UNKNOWN

    def call_back(self, function: Callback, given: list[Value], node: ast.AST) -> Value:
        """Return what calling a function gives of which only an annotation tells."""
        for value in given:
            self.escape(value)
        if any(word in self.module.text for word in ASKING):
            return UNKNOWN  # whoever asks does not trust the annotation
        if is_doubted(self, node):
            return UNKNOWN
        if isinstance(getattr(node, "func", None), ast.Call) and len(given) == 1:
            if given[0] == UNKNOWN or isinstance(given[0], Function):
                return UNKNOWN  # a decorator, annotated with what it decorates
        return self.make_coroutine(function.gives, function, [], {}, node)

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
        return self.world.invoke(self, function, args, keywords, node)

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
        returns: str | None = None,
    ) -> Coroutine:
        """Return a new object that somebody has to drive."""
        address = self.address(node)
        if isinstance(function, Function) and function.cached:
            # The next call gives the same object.
            address = Address(node, self.module, self.frame.context, shared=True)
        self.state.heap[address] = Made(
            kind, function, tuple(args), tuple(keywords.items()), returns
        )
        self.state.fates[address] = PENDING
        made = Coroutine(kind, address)
        if not is_followed(made, self.state.heap[address]):
            for value in (*args, *keywords.values()):
                self.drive(value)
        self.world.root.has_coroutines = True
        self.world.root.made.append(address)
        if self.frame.function is not None:
            self.world.made_in.setdefault(node, self.frame.function)
        if kind == "coroutine":
            self.record(CoroutineMade(node, made))
        return made

    def function(self, node: Any, owner: Class | None = None) -> Function:
        """Return the function that a `def` or `lambda` makes here."""
        frame = None if isinstance(self.frame.scope, ast.Module) else self.frame
        function = Function(node, self.module, frame, None, owner, False)
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
        self.world.note_function(function, defaults)
        return function
