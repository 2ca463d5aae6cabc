"""From a place of a program to the calls and rounds of loops in which it is run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator

from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.texts import Texts
from flake8_lambda_handler.programs.values import DEFINITIONS
from flake8_lambda_handler.programs.values import ProjectModules
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Visit

#: Calls and rounds of loops in which one place is seen.
MOST_VISITS = 50
#: Files whose functions one file calls.
MOST_REACHED = 20
#: Calls from one to the next.
DEEPEST_CALLS = 2

_LISTS = (ast.List, ast.Set, ast.Tuple)
_LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Programs(Texts):
    """The Python files that are read together."""

    def __init__(self, finder: ProjectModules) -> None:
        super().__init__(finder)
        self._found: dict[ast.AST, list[tuple[ast.Call, Program]]] = {}

    def reached(
        self, program: Program, is_meant: Callable[[str], bool]
    ) -> list[Program]:
        """Return the other files whose functions and classes a file calls.

        `is_meant` tells by its text whether a file is to be read. Its calls count from
        now on.
        """
        found: dict[str, Program] = {}
        for call in program.calls:
            target = self.definition(call.func, program)
            if target is not None and target[1] is not program:
                module = target[1].module
                if module.path not in found and is_meant(module.text):
                    found[module.path] = self.add(module)
                    if len(found) >= MOST_REACHED:
                        break
        return [*found.values()]

    def visits(
        self, node: ast.AST, program: Program, depth: int = 0
    ) -> list[Visit | None]:
        """Return the calls and rounds of loops in which a node is evaluated."""
        around = program.enclosing(node, (*DEFINITIONS, *_LOOPS))
        if around is None:
            return [None]
        if depth > DEEPEST_CALLS:
            return [None]
        found: list[Visit | None] = []
        if isinstance(around, DEFINITIONS):
            if around not in self._found:
                self._found[around] = [*self._callers(around, program)]
            for call, caller in self._found[around]:
                for visit in self.visits(call, caller, depth + 1):
                    found.append(Visit(around, Spot(call, caller, visit), visit))
                if len(found) >= MOST_VISITS:
                    break
            return found[:MOST_VISITS] or [None]
        for outer in self.visits(around, program, depth):
            rounds = [*self._rounds(around, program, outer)]
            found += [Visit(around, item, outer) for item in rounds] or [outer]
        return found[:MOST_VISITS]

    def _rounds(
        self, loop: ast.AST, program: Program, visit: Visit | None
    ) -> Iterator[Spot]:
        """Yield the items of a loop over a display."""
        generators = getattr(loop, "generators", None)
        iterable = loop.iter if isinstance(loop, ast.For) else generators[0].iter  # type: ignore[index]
        is_items = False
        if isinstance(iterable, ast.Call) and not iterable.args:
            if isinstance(iterable.func, ast.Attribute):
                is_items = iterable.func.attr == "items"
                iterable = iterable.func.value
        for one in self.values(Spot(iterable, program, visit)):
            if isinstance(one.node, _LISTS):
                yield from map(one.at, one.node.elts)
            elif isinstance(one.node, ast.Dict):
                for key, value in zip(one.node.keys, one.node.values):
                    if key is not None:
                        pair = ast.Tuple([key, value]) if is_items else key
                        yield one.at(pair)

    def _callers(
        self, function: ast.AST, program: Program
    ) -> Iterator[tuple[ast.Call, Program]]:
        """Yield the calls of a function of the project, or of the class it makes.

        Those of a method are by `self`, or by `super()` for an `__init__`.
        """
        owner = program.parents.get(function)
        name = getattr(function, "name", "")
        if not isinstance(owner, ast.ClassDef):
            for call, caller in self._calls.get(name, ()):
                if self._is(call.func, caller, function):
                    yield call, caller
            return
        for call, caller in self._calls.get(name, ()):
            if isinstance(call.func, ast.Attribute) and self._is_on(
                owner, call, call.func.value, caller
            ):
                yield call, caller
        if name == "__init__":
            for call, caller in self._calls.get(owner.name, ()):
                if self._is(call.func, caller, owner):
                    yield call, caller

    def _is_on(
        self, owner: ast.ClassDef, call: ast.Call, node: ast.expr, caller: Program
    ) -> bool:
        """Tell whether a method of a class is called on an object of it."""
        cls = caller.enclosing(call, ast.ClassDef)
        if not isinstance(cls, ast.ClassDef):
            return False
        is_derived = any(self._is(base, caller, owner) for base in cls.bases)
        if isinstance(node, ast.Call):
            return is_derived and getattr(node.func, "id", "") == "super"
        is_self = isinstance(node, ast.Name) and node.id in ("self", "cls")
        return is_self and (is_derived or cls is owner)

    def _is(self, node: ast.expr, program: Program, what: ast.AST) -> bool:
        """Tell whether an expression names a function or class of the project."""
        found = self.definition(node, program)
        return found is not None and found[0] is what
