"""What the expressions of a program can be: texts, paths, lists and calls.

A value is told by where it is written. There are several where a condition chooses, or
where a loop or several calls run the same code: then each is seen apart, by a `Visit`.
What cannot be told is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from typing import Protocol

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.programs.names import Program

#: Steps from an expression to what it stands for.
MOST_STEPS = 12
#: What one expression can be.
MOST_VALUES = 50
#: Steps in all, for the programs that are read together.
MOST_WORK = 200_000

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class ProjectModules(Protocol):
    """Finds the modules of a project."""

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""


class Visit(NamedTuple):
    """One call of a function, or one round of a loop, and the visit it happens in."""

    node: ast.AST
    #: The call, or the item of the round.
    by: Spot
    outer: Visit | None


class Spot(NamedTuple):
    """An expression where it is evaluated."""

    node: ast.expr
    program: Program
    visit: Visit | None = None

    def at(self, node: ast.expr) -> Spot:
        """Return another expression of the same place."""
        return self._replace(node=node)

    def origin_of(self, node: ast.expr) -> str:
        """Return the dotted name that a value has in the world outside, or ""."""
        return self.program.origin(node)


class Text(NamedTuple):
    """A text that is known, and where it is written; `is_whole` if in one piece."""

    text: str
    spot: Spot
    is_whole: bool = True

    @property
    def place(self) -> Place:
        """Return where the first character of the text stands."""
        node, program, _ = self.spot
        if not self.is_whole:
            return program.place(node)
        first = program.place(node)
        line = program.module.lines[first.line - 1]
        is_quoted = line[first.column : first.column + 1] in ("'", '"')
        return program.place(node, 1 if is_quoted else 0)


class Values:
    """What expressions stand for, in the Python files that are read together."""

    def __init__(self, modules: ProjectModules) -> None:
        self._modules = modules
        self._programs: dict[str, Program] = {}
        self._added: set[Program] = set()
        self._calls: dict[str, list[tuple[ast.Call, Program]]] = {}
        self._searched: dict[re.Pattern[str], tuple[bool, int]] = {}
        self._work = 0
        #: How often a default was taken where nobody is known who calls the function.
        self.guesses = 0

    def add(self, module: Module) -> Program:
        """Return the program of a module; its calls count from now on."""
        program = self.program(module)
        if program in self._added:
            return program
        self._added.add(program)
        for call in program.calls:
            func = call.func
            name = func.attr if isinstance(func, ast.Attribute) else ""
            name = func.id if isinstance(func, ast.Name) else name
            self._calls.setdefault(name, []).append((call, program))
        return program

    def program(self, module: Module) -> Program:
        """Return the program of a module, whose calls need not count."""
        if module.path not in self._programs:
            self._programs[module.path] = Program(module)
        return self._programs[module.path]

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether a pattern is found in one of the files; each is searched once."""
        is_found, searched = self._searched.get(pattern, (False, 0))
        if not is_found and searched < len(self._programs):
            files = islice(self._programs.values(), searched, None)
            is_found = any([pattern.search(one.module.text) for one in files])
            self._searched[pattern] = is_found, len(self._programs)
        return is_found

    def texts(self, spot: Spot, steps: int = 0) -> list[Text]:
        """Return the texts that an expression can be."""
        raise NotImplementedError

    # -- from names to what they stand for ---------------------------------------------

    def values(self, spot: Spot, steps: int = 0) -> Iterator[Spot]:
        """Yield the expressions that an expression stands for."""
        self._work += 1
        if steps > MOST_STEPS or self._work > MOST_WORK:
            return
        node = spot.node
        found: Iterable[Spot] | None = None
        if isinstance(node, ast.Name):
            found = self._named(spot)
        elif isinstance(node, ast.Attribute):
            found = self._attribute(spot, steps)
        elif isinstance(node, ast.IfExp):
            found = map(spot.at, (node.body, node.orelse))
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            found = map(spot.at, node.values)
        elif isinstance(node, ast.Subscript):
            found = self._item(spot, steps)
        elif isinstance(node, ast.Call):
            found = self._returned(spot)
        if found is None:
            yield spot
            return
        for one in found:
            yield from self.values(one, steps + 1)

    def _named(self, spot: Spot) -> Iterator[Spot] | None:
        """Return what a name is bound to; None for a name from outside."""
        assert isinstance(spot.node, ast.Name)
        bindings = spot.program.bindings(spot.node)
        if not bindings:
            return None
        return (one for binding in bindings for one in self._bound(binding, spot))

    def _bound(self, binding: ast.AST, spot: Spot, imports: int = 0) -> Iterator[Spot]:
        """Yield what binds a name, `imports` steps from the file that asks."""
        program = spot.program
        if isinstance(binding, ast.arg):
            yield from self._argument(binding, spot)
        elif isinstance(binding, ast.alias):
            if imports < MOST_STEPS:  # files may import a name from one another
                yield from self._imported(binding, program, imports + 1)
        elif isinstance(binding, ast.Name):
            value = program.assigned(binding)
            if value is not None:
                scope = program.scope(binding)
                is_here = scope is not program.module.tree
                yield Spot(value, program, spot.visit if is_here else None)
            else:
                yield from self._iterated(binding, spot)

    def _imported(
        self, binding: ast.alias, program: Program, imports: int
    ) -> Iterator[Spot]:
        statement = program.parents[binding]
        if not isinstance(statement, ast.ImportFrom):
            return
        module = self._modules.find_module(
            program.module, statement.module or "", statement.level
        )
        if module is not None and not module.is_broken:
            origin = self.program(module)
            for one in origin.bound(binding.name):
                at = Spot(ast.Name(binding.name), origin)
                yield from self._bound(one, at, imports)

    def _iterated(self, target: ast.Name, spot: Spot) -> Iterator[Spot]:
        """Yield what a loop's target is, in the round of the visit."""
        program = spot.program
        parent = program.parents[target]
        number = None
        if isinstance(parent, ast.Tuple):
            number = parent.elts.index(target)
            parent = program.parents[parent]
        if isinstance(parent, ast.comprehension):
            parent = program.parents[parent]
        item = find(spot.visit, parent)
        if item is None:
            return
        if number is None:
            yield item.by
        elif isinstance(item.by.node, (ast.List, ast.Tuple)):
            if number < len(item.by.node.elts):
                yield item.by.at(item.by.node.elts[number])

    def _attribute(self, spot: Spot, steps: int) -> Iterator[Spot] | None:
        node, program, _ = spot
        assert isinstance(node, ast.Attribute)
        owner = node.value
        if isinstance(owner, ast.Name):
            if owner.id == "self":
                cls = program.enclosing(node, ast.ClassDef)
                if isinstance(cls, ast.ClassDef):
                    return self._of_self(cls, node.attr, spot)
            for binding in program.bindings(owner):
                if isinstance(binding, ast.ClassDef):
                    found = [*program.attributes(node.attr, binding)]
                    return (Spot(one, program) for one in found)
                if isinstance(binding, ast.alias):
                    return self._of_imported(binding, node.attr, program)
        held = [*self._of_object(spot, steps)]
        return iter(held) if held else None

    def _of_self(self, cls: ast.ClassDef, name: str, spot: Spot) -> Iterator[Spot]:
        """Yield an attribute of the object of a method of a class."""
        raise NotImplementedError

    def _of_object(self, spot: Spot, steps: int) -> Iterator[Spot]:
        """Yield an attribute of an object that a class of the project makes."""
        raise NotImplementedError

    def _returned(self, spot: Spot) -> Iterable[Spot] | None:
        """Return what a function of the project returns; None for other calls."""
        raise NotImplementedError

    def _of_imported(
        self, binding: ast.alias, name: str, program: Program
    ) -> Iterator[Spot] | None:
        """Return an attribute of a module, or of a class, of the project."""
        statement = program.parents[binding]
        if isinstance(statement, ast.ImportFrom):
            dotted = ".".join(filter(None, (statement.module, binding.name)))
            module = self._modules.find_module(program.module, dotted, statement.level)
            if module is None:
                module = self._modules.find_module(
                    program.module, statement.module or "", statement.level
                )
                if module is None or module.is_broken:
                    return None
                origin = self.program(module)
                return (
                    Spot(one, origin)
                    for cls in origin.bound(binding.name)
                    if isinstance(cls, ast.ClassDef)
                    for one in origin.attributes(name, cls)
                )
        else:
            module = self._modules.find_module(program.module, binding.name, 0)
        if module is None or module.is_broken:
            return None
        origin = self.program(module)
        at = Spot(ast.Name(name), origin)
        return (one for each in origin.bound(name) for one in self._bound(each, at))

    def _item(self, spot: Spot, steps: int) -> Iterator[Spot]:
        node = spot.node
        assert isinstance(node, ast.Subscript)
        keys = [text.text for text in self.texts(spot.at(node.slice), steps + 1)]
        for owner in self.values(spot.at(node.value), steps + 1):
            for key, value in self.entries(owner):
                if key in keys:
                    yield value

    def entries(self, spot: Spot, steps: int = 0) -> Iterator[tuple[str, Spot]]:
        """Yield the keys and values of a dictionary, the last of a key last."""
        if steps > MOST_STEPS:
            return
        node = spot.node
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values):
                if key is None:
                    for one in self.values(spot.at(value), steps + 1):
                        yield from self.entries(one, steps + 1)
                else:
                    for text in self.texts(spot.at(key), steps + 1):
                        yield text.text, spot.at(value)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "dict":
                yield from self.keywords(spot, steps + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            for side in (node.left, node.right):
                for one in self.values(spot.at(side), steps + 1):
                    yield from self.entries(one, steps + 1)

    # -- calls -------------------------------------------------------------------------

    def keywords(self, spot: Spot, steps: int = 0) -> Iterator[tuple[str, Spot]]:
        """Yield the keyword arguments of a call, those behind `**` too."""
        assert isinstance(spot.node, ast.Call)
        for keyword in spot.node.keywords:
            if keyword.arg is not None:
                yield keyword.arg, spot.at(keyword.value)
                continue
            if isinstance(keyword.value, ast.Name):
                for binding in spot.program.bindings(keyword.value):
                    yield from self._passed_on(binding, spot, steps)
            for one in self.values(spot.at(keyword.value), steps + 1):
                yield from self.entries(one, steps + 1)

    def _passed_on(
        self, binding: ast.AST, spot: Spot, steps: int
    ) -> Iterator[tuple[str, Spot]]:
        """Yield what a function's `**kwargs` holds in the visit."""
        function = spot.program.enclosing(binding, DEFINITIONS)
        visit = find(spot.visit, function)
        if (
            isinstance(function, DEFINITIONS)
            and visit is not None
            and steps < MOST_STEPS
        ):
            if function.args.kwarg is binding:
                every = (*function.args.args, *function.args.kwonlyargs)
                named = {one.arg for one in every}
                for name, value in self.keywords(visit.by, steps + 1):
                    if name not in named:
                        yield name, value

    def _argument(self, binding: ast.arg, spot: Spot) -> Iterator[Spot]:
        """Yield what a parameter is given in the visit, or else its default."""
        program = spot.program
        function = program.scope(binding)
        if not isinstance(function, DEFINITIONS):
            return
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if binding in (arguments.vararg, arguments.kwarg):
            return
        visit = find(spot.visit, function)
        if visit is not None:
            call = visit.by.node
            assert isinstance(call, ast.Call)
            given = dict(self.keywords(visit.by))
            if binding.arg in given:
                yield given[binding.arg]
                return
            if binding in positional:
                is_method = is_bound(function, program)
                number = positional.index(binding) - is_method
                if any(isinstance(one, ast.Starred) for one in call.args):
                    return
                if 0 <= number < len(call.args):
                    yield visit.by.at(call.args[number])
                    return
        defaults: list[ast.expr | None] = [None] * len(positional)
        defaults[len(positional) - len(arguments.defaults) :] = arguments.defaults
        both = zip(
            [*positional, *arguments.kwonlyargs], [*defaults, *arguments.kw_defaults]
        )
        for one, default in both:
            if one is binding and default is not None:
                self.guesses += visit is None
                yield Spot(default, program)


def is_bound(function: ast.AST, program: Program) -> bool:
    """Tell whether calls of a function give its first parameter by themselves."""
    names = [getattr(one, "id", "") for one in getattr(function, "decorator_list", ())]
    is_method = isinstance(program.parents[function], ast.ClassDef)
    return is_method and "staticmethod" not in names


def find(visit: Visit | None, node: ast.AST | None) -> Visit | None:
    """Return the visit of a call of a function, or of a round of a loop."""
    while visit is not None and visit.node is not node:
        visit = visit.outer
    return visit
