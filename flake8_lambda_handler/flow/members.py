"""The names of a module that is only imported, each evaluated when it is asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts.interface import Interface
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


class Members:
    """What is known of a module whose body has not been run as a whole.

    `run` runs a statement of it and returns the names that it binds.
    """

    def __init__(
        self, module: Module, run: Callable[[ast.stmt], dict[str, Value]]
    ) -> None:
        self.names: dict[str, Value] = {}
        self._interface = Interface(module.tree, module.text)
        self._body = module.tree.body
        self._evaluate = run
        self._done: set[int] = set()
        #: The statements that are being run, each for the sake of the one before.
        self._open: list[int] = []

    def bring(self, name: str) -> bool:
        """Run what binds a name; return whether that is all it takes to know it."""
        numbers = self._interface.statements(name)
        if numbers is None:
            return False
        for number in numbers or self._interface.stars:
            # A statement sees what those before it have bound.
            if number not in self._done and number < self._limit:
                self._run(number)
        value = self.names.get(name)
        return not (
            value is not None
            and any(map(_is_object, each(value)))
            and self._interface.may_change(name)
        )

    def define(self, places: frozenset[tuple[int, int]]) -> bool:
        """Run what defines the functions at some places; return whether it can."""
        if self._interface.is_rebound or self._interface.patches_others:
            return False
        for number, statement in enumerate(self._body):
            last = statement.end_lineno or statement.lineno
            if number not in self._done and any(
                statement.lineno <= line <= last for line, _ in places
            ):
                self._run(number)
        return True

    @property
    def _limit(self) -> float:
        return self._open[-1] if self._open else float("inf")

    def _run(self, number: int) -> None:
        self._open.append(number)
        try:
            self.names.update(self._evaluate(self._body[number]))
        finally:
            self._open.pop()
        self._done.add(number)


def _is_object(value: Value) -> bool:
    return isinstance(value, Class) or getattr(value, "address", None) is not None
