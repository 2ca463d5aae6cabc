"""Objects of the project's classes, and those that caches keep."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.classes import Cached
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.classes import Unmediated
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join


class Making(Run):
    """Calls of classes."""

    def call_cached(
        self, function: Cached, args: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Return what a call gives that was made once, for all invocations."""
        frame = self.frame
        self.frame = Frame(
            frame.module, frame.scope, frame.parent, frame.function, (), True
        )
        try:
            return self.call(function.function, args, keywords, function.node)
        finally:
            self.frame = frame

    def instantiate(
        self, cls: Class, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        facts = self.world.class_facts(cls)
        is_mediated = facts.has_metaclass and not isinstance(cls, Unmediated)
        if is_mediated or facts.find("__new__") is not None:
            return self.make_specially(facts, is_mediated, args, keywords, node)
        address = self.address(node)
        instance = Instance(facts.cls, address)
        self.state.fresh(address, Items())
        init = facts.find("__init__")
        if isinstance(init, Function):
            self.world.invoke(self, init, [instance, *args], keywords, node)
        else:
            fields = facts.fields or []
            given = {**dict(zip(fields, args)), **keywords}
            for name, value in given.items():
                self.keep(instance, name, value, node)
            for value in args[len(fields) :]:
                self.escape(value, keep=True)
            if facts.fields is not None:
                known: dict[object, Value] = dict(given.items())
                known.update(self.libraries.field_defaults(self, facts, given, node))
                self.state.heap[address] = Items(known)
                self.run_post_init(facts, instance, node)
        return instance

    def make_specially(
        self,
        facts: ClassFacts,
        is_mediated: bool,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what a class gives that has a `__new__` or a metaclass of its own."""
        cls, maker = facts.cls, facts.find("__new__")
        if facts.are_changed:
            for value in (*args, *keywords.values()):
                self.escape(value)
            return UNKNOWN
        if is_mediated:
            made_by = facts.made_by
            maker = None
            if isinstance(made_by, Class):
                maker = self.world.class_facts(made_by).find("__call__")
        if not isinstance(maker, Function):
            for value in (*args, *keywords.values()):
                self.escape(value)
            return Typed(cls, None) if facts.gives_own else UNKNOWN
        made = self.call(maker, [cls, *args], keywords, node)
        # `cls._instance` is none before the first call.
        found = [one for one in each(made) if one not in (KEPT, NONE)]
        if is_mediated:
            # Beside it, a metaclass may keep the objects of other classes.
            own = [one for one in found if getattr(one, "cls", None) == cls]
            found = own or found
        init = facts.find("__init__")
        for one in () if is_mediated else found:
            if isinstance(one, Instance) and isinstance(init, Function):
                self.world.invoke(self, init, [one, *args], keywords, node)
        if facts.gives_own and UNKNOWN in found:
            return Typed(cls, None)
        return join(*found) if found else UNKNOWN

    def run_post_init(
        self, facts: ClassFacts, instance: Instance, node: ast.AST
    ) -> None:
        """Follow what a dataclass does to its fields once they are set."""
        method = facts.find("__post_init__")
        if isinstance(method, Function):
            self.world.invoke(self, method, [instance], {REST: UNKNOWN}, node)
