"""From a place of a program to the calls and rounds of loops in which it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.texts import Texts
from flake8_lambda_handler.programs.values import DEFINITIONS
from flake8_lambda_handler.programs.values import ProjectModules
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Visit

#: Calls and rounds of loops in which one place is seen.
MOST_VISITS = 50
#: Calls from one to the next.
DEEPEST_CALLS = 2

_LISTS = (ast.List, ast.Set, ast.Tuple)
_LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Programs(Texts):
    """The Python files that are read together."""

    def __init__(self, finder: ProjectModules) -> None:
        super().__init__(finder)
        self._found: dict[ast.AST, list[tuple[ast.Call, Program]]] = {}

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
                if self.definition(call.func, caller) is function:
                    yield call, caller
            return
        for call, caller in self._calls.get(name, ()):
            if isinstance(call.func, ast.Attribute) and self._is_on(
                owner, call, call.func.value, caller
            ):
                yield call, caller
        if name == "__init__":
            for call, caller in self._calls.get(owner.name, ()):
                if self.definition(call.func, caller) is owner:
                    yield call, caller

    def _is_on(
        self, owner: ast.ClassDef, call: ast.Call, node: ast.expr, caller: Program
    ) -> bool:
        """Tell whether a method of a class is called on an object of it."""
        cls = caller.enclosing(call, ast.ClassDef)
        if not isinstance(cls, ast.ClassDef):
            return False
        is_derived = any(self.definition(base, caller) is owner for base in cls.bases)
        if isinstance(node, ast.Call):
            return is_derived and getattr(node.func, "id", "") == "super"
        is_self = isinstance(node, ast.Name) and node.id in ("self", "cls")
        return is_self and (is_derived or cls is owner)

    def definition(self, node: ast.expr, program: Program) -> ast.AST | None:
        """Return the function or class of the project that an expression names."""
        if isinstance(node, ast.Name):
            bindings = program.bindings(node)
            if len(bindings) != 1:
                return None
            if not isinstance(bindings[0], ast.alias):
                return bindings[0]
            statement, name = program.parents[bindings[0]], bindings[0].name
            if not isinstance(statement, ast.ImportFrom):
                return None
            return self._defined(program, statement.module, statement.level, name)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            for binding in program.bindings(node.value):
                if isinstance(binding, ast.alias):
                    statement, name = program.parents[binding], binding.name
                    if isinstance(statement, ast.ImportFrom):
                        dotted = ".".join(filter(None, (statement.module, name)))
                        level = statement.level
                    else:
                        dotted, level = name, 0
                    return self._defined(program, dotted, level, node.attr)
        return None

    def _defined(
        self, program: Program, dotted: str | None, level: int, name: str
    ) -> ast.AST | None:
        module = self._modules.find_module(program.module, dotted or "", level)
        if module is None or module.is_broken:
            return None
        origin = self._of(module)
        found = origin.bound(name)
        if len(found) != 1:
            return None
        if isinstance(found[0], ast.alias):  # passed on by a package
            statement = origin.parents[found[0]]
            if isinstance(statement, ast.ImportFrom) and origin is not program:
                return self._defined(
                    origin, statement.module, statement.level, found[0].name
                )
            return None
        return found[0]
