"""Ask whether a call may do something that is worth following it for."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import Any

from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.class_bodies import ClassBodies
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.kinds import is_nested
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


class Interest(ClassBodies):
    """Calls with what they are given: which of them must be inlined."""

    def is_interesting(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
    ) -> bool:
        """Return whether what a call is given makes a difference, or whoever calls."""
        given = [*args, *keywords.values()]
        return (
            self.is_tracing
            or caller.frame.shared
            or is_nested(function)
            or self._holds_async_methods(caller, function, args)
            or any(self._matters(caller, value) for value in given)
            or self._tells_more(function, args, keywords)
        )

    def concerns(self, function: Function) -> bool:
        """Return whether a call, with plain arguments, may have to do with coroutines."""
        made = function.owner or function
        defined: list[tuple[Module, Any]] = [(made.module, made.node)]
        if isinstance(function.receiver, Instance):
            cls = function.receiver.cls
            defined.append((cls.module, cls.node))
        return any(
            node.col_offset
            or getattr(node, "name", "") in self.resolver.may_be_async(module.path)
            for module, node in defined
        )

    def _tells_more(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Return whether objects with async methods come where no annotation says so."""
        arguments = function.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(positional, args)][function.owner is not None :]
        by_name = {one.arg: one for one in (*positional, *arguments.kwonlyargs)}
        pairs += [(by_name[key], keywords[key]) for key in keywords if key in by_name]
        return any(
            self._is_async(one)
            for parameter, value in pairs
            if hints.says_nothing(parameter.annotation)
            for one in each(value)
        )

    def _holds_async_methods(
        self, caller: Run, function: Function, args: list[Value]
    ) -> bool:
        """Return whether a method's object holds, or gets to hold, one with async methods."""
        owner = function.owner
        if owner is None:
            return False
        if function.name == "__init__" and owner.node.name in (
            self.resolver.may_be_async(owner.module.path)
        ):
            return True
        held = args[1:] if function.name == "__init__" else []
        held += [value for value in args[:1] if isinstance(value, Alternatives)]
        for value in args:
            for address in caller.reach(value):
                entry = caller.entry(address)
                if isinstance(entry, Items):
                    held.extend(entry.values())
        return any(
            is_async(one) or self._is_async(one)
            for value in held
            for one in each(value)
        )

    def _is_async(self, value: Value) -> bool:
        """Return whether a value is an object with async methods."""
        if isinstance(value, Instance):
            return self._has_async_methods(value.cls)
        return isinstance(value, Object) and self.libraries.is_async(value.type)

    def _has_async_methods(self, cls: Class) -> bool:
        found = self._async_classes.get(cls.node)
        if found is None:
            found = self._async_classes[cls.node] = any(
                isinstance(member, Function) and member.is_async
                for facts in self.class_facts(cls).line()
                for member in facts.namespace.values()
            )
        return found

    @cached_property
    def _async_classes(self) -> dict[ast.AST, bool]:
        return {}

    def _matters(self, caller: Run, value: Value) -> bool:
        """Return whether a callee may do something of interest with a value."""
        for one in each(value):
            if isinstance(one, (Function, Partial, Coroutine, Class, Method)):
                return True
            if isinstance(one, Container):
                if any(map(self._matters_inside, caller.items(one).values())):
                    return True
                if self.root.has_coroutines and any(
                    isinstance(caller.entry(address), Made)
                    for address in caller.reach(one)
                ):
                    return True
            if isinstance(one, Instance) and one.address is not None:
                if any(map(self._matters_inside, caller.items(one).known.values())):
                    return True
        return False

    def _matters_inside(self, value: Value) -> bool:
        return any(
            isinstance(one, (Function, Partial, Coroutine))
            or (isinstance(one, Object) and not self.libraries.is_harmless(one.type))
            for one in each(value)
        )
