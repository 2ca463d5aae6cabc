"""The objects that a program makes, and what its functions return.

@dataclass
class Settings:
    folder: str
    runtime: str = "python3.13"

Service(app, "Orders", Settings("orders"))
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import DEFINITIONS
from flake8_lambda_handler.programs.values import MOST_STEPS
from flake8_lambda_handler.programs.values import ProjectModules
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Values
from flake8_lambda_handler.programs.values import Visit

#: Classes that are derived from one another.
DEEPEST_BASES = 4


_PLAIN = frozenset({"classmethod", "staticmethod"})


class Objects(Values):
    """What the objects of the project's classes hold, and what its functions return."""

    def __init__(self, modules: ProjectModules) -> None:
        super().__init__(modules)
        self._returns: dict[ast.AST, list[ast.expr]] = {}

    def definition(
        self, node: ast.expr, program: Program
    ) -> tuple[ast.AST, Program] | None:
        """Return the function or class of the project that an expression names."""
        if isinstance(node, ast.Name):
            bindings = program.bindings(node)
            if len(bindings) != 1:
                return None
            if not isinstance(bindings[0], ast.alias):
                return bindings[0], program
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
        self,
        program: Program,
        dotted: str | None,
        level: int,
        name: str,
        steps: int = 0,
    ) -> tuple[ast.AST, Program] | None:
        module = self._modules.find_module(program.module, dotted or "", level)
        if module is None or module.is_broken:
            return None
        origin = self.program(module)
        found = origin.bound(name)
        if len(found) != 1:
            return None
        if isinstance(found[0], ast.alias):  # passed on by a package
            statement = origin.parents[found[0]]
            if isinstance(statement, ast.ImportFrom) and steps < MOST_STEPS:
                inner, above = found[0].name, statement.level
                return self._defined(origin, statement.module, above, inner, steps + 1)
            return None
        return found[0], origin

    def class_of(
        self, node: ast.expr, program: Program
    ) -> tuple[ast.ClassDef, Program] | None:
        """Return the class of the project that an expression names."""
        found = self.definition(node, program)
        if found is None or not isinstance(found[0], ast.ClassDef):
            return None
        return found[0], found[1]

    def _of_self(self, cls: ast.ClassDef, name: str, spot: Spot) -> Iterator[Spot]:
        return self._kept(cls, spot.program, name, spot.visit, 0)

    def _kept(
        self,
        cls: ast.ClassDef,
        program: Program,
        name: str,
        visit: Visit | None,
        depth: int,
    ) -> Iterator[Spot]:
        """Yield what a class, or one that it is derived from, keeps in an attribute."""
        found = [*program.attributes(name, cls)]
        if found or depth > DEEPEST_BASES:
            yield from (Spot(one, program, visit) for one in found)
            return
        for base in cls.bases:
            above = self.class_of(base, program)
            if above is not None:
                inner = self._in_base(cls, program, *above, visit)
                yield from self._kept(*above, name, inner, depth + 1)

    def _in_base(
        self,
        cls: ast.ClassDef,
        program: Program,
        base: ast.ClassDef,
        home: Program,
        visit: Visit | None,
    ) -> Visit | None:
        """Return the visit of a base's `__init__`, as the one of a class calls it."""
        made, function = _init(cls, program), _init(base, home)
        if made is None or function is None:
            return visit
        for call in program.calls:
            if getattr(call.func, "attr", "") == "__init__":
                if program.enclosing(call, DEFINITIONS) is made:
                    return Visit(function, Spot(call, program, visit), visit)
        return visit

    def _of_object(self, spot: Spot, steps: int) -> Iterator[Spot]:
        """Yield an attribute of an object that a class of the project makes."""
        node = spot.node
        assert isinstance(node, ast.Attribute)
        if steps > MOST_STEPS:
            return
        for one in self.values(spot.at(node.value), steps + 1):
            if isinstance(one.node, ast.Constant) and node.attr == "value":
                yield one  # of an `Enum`
            elif isinstance(one.node, ast.Call):
                found = self.class_of(one.node.func, one.program)
                if found is not None:
                    yield from self._in_object(*found, node.attr, one)

    def _returned(self, spot: Spot) -> Iterable[Spot] | None:
        assert isinstance(spot.node, ast.Call)
        found = self.function(spot.node.func, spot.program)
        if found is None:
            return None
        function, program = found
        if function not in self._returns:
            self._returns[function] = [
                one.value
                for one in ast.walk(function)
                if isinstance(one, ast.Return)
                and one.value is not None
                and program.enclosing(one, DEFINITIONS) is function
            ]
        visit = Visit(function, spot, spot.visit)
        return [Spot(one, program, visit) for one in self._returns[function]] or None

    def run(
        self, node: ast.expr, program: Program
    ) -> tuple[ast.FunctionDef, Program] | None:
        """Return the function of the project that a call runs, of a class `__init__`."""
        found = self.class_of(node, program)
        if found is None:
            return self.function(node, program)
        made = _init(*found)
        return (made, found[1]) if isinstance(made, ast.FunctionDef) else None

    def function(
        self, node: ast.expr, program: Program
    ) -> tuple[ast.FunctionDef, Program] | None:
        """Return the function of the project, or method of `self`, that is called."""
        found: tuple[ast.AST, Program] | None = None
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "self":
            cls = program.enclosing(node, ast.ClassDef)
            methods = program.bound(node.attr, cls) if cls is not None else []
            found = (methods[0], program) if len(methods) == 1 else None
        elif isinstance(node, (ast.Attribute, ast.Name)):
            found = self.definition(node, program)
        if found is None or not isinstance(found[0], ast.FunctionDef):
            return None
        decorators = {getattr(x, "id", "") for x in found[0].decorator_list}
        return (found[0], found[1]) if decorators <= _PLAIN else None

    def _in_object(
        self, cls: ast.ClassDef, program: Program, name: str, made: Spot
    ) -> Iterator[Spot]:
        """Yield an attribute of the object that a call makes."""
        function = _init(cls, program)
        if function is not None:
            visit = Visit(function, made, made.visit)
            yield from self._kept(cls, program, name, visit, 0)
            return
        assert isinstance(made.node, ast.Call)
        given = dict(self.keywords(made))
        fields = [*_fields(cls)]
        for argument, field in zip(made.node.args, fields):
            if isinstance(argument, ast.Starred):
                return
            given.setdefault(field, made.at(argument))
        if name in given and name in fields:
            yield given[name]
        else:
            yield from self._kept(cls, program, name, None, 0)


def _init(cls: ast.ClassDef, program: Program) -> ast.AST | None:
    found = program.bound("__init__", cls)
    return found[0] if len(found) == 1 else None


def _fields(cls: ast.ClassDef) -> Iterator[str]:
    """Yield the fields of a dataclass, or of another class of this kind, in order."""
    for statement in cls.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(
            statement.target, ast.Name
        ):
            yield statement.target.id
