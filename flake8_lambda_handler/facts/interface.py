"""What a module binds, and by which of its statements: one pass, without bodies.

Who asks a foreign module for one name needs the one statement that binds it, as long as
nothing else in the module can make a difference. For example, of

    import json
    from .tables import LIMITS

    class Client: ...

    LIMITS.update(json.loads(...))

only the class is evaluated for whoever imports `Client`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.facts import nodes
from flake8_lambda_handler.facts.bindings import global_item
from flake8_lambda_handler.facts.bindings import is_own_module
from flake8_lambda_handler.facts.conditions import is_type_checking

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DISPLAYS = (ast.Call, ast.Dict, ast.DictComp, ast.List, ast.ListComp, ast.Set)

#: Statements that bind names, and change nothing but for the calls in them.
_BINDING = (
    ast.AnnAssign,
    ast.Assign,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.FunctionDef,
    ast.Import,
    ast.ImportFrom,
)

#: Where nodes hold statements, patterns and targets: all that can bind a name, but for
#: expressions with `:=`.
_HOLDING = frozenset(
    {"body", "cases", "elts", "finalbody", "handlers", "items", "kwd_patterns"}
    | {"optional_vars", "orelse", "pattern", "patterns", "target", "targets"}
)
_HOLDERS: list[type[ast.AST]] = [
    *ast.stmt.__subclasses__(),
    *ast.pattern.__subclasses__(),
    *(ast.ExceptHandler, ast.List, ast.Tuple, ast.match_case, ast.withitem),
]
_INSIDE = {
    kind: tuple(field for field in kind._fields if field in _HOLDING)
    for kind in _HOLDERS
    if kind not in (*_FUNCTIONS, ast.ClassDef)
}
_INSIDE[ast.Starred] = ("value",)


class Interface:
    """The names that a module's own statements bind, each by its statements' numbers."""

    def __init__(self, tree: ast.Module, text: str) -> None:
        self._body = tree.body
        #: The numbers of the statements that bind each name, in order.
        self.bindings: dict[str, list[int]] = {}
        #: Those of the statements that hold a `from module import *`.
        self.stars: list[int] = []
        #: The names of which the import of the module assigns or deletes an attribute.
        self._patched: set[str] = set()
        # Few modules have an expression that binds a name; of the others, none is read.
        is_plain = not any(
            one in text for one in (":=", "setattr(", "vars(", "__dict__")
        )
        for number, statement in enumerate(tree.body):
            for node, is_in_class in _imported(statement, only_targets=is_plain):
                self._note(number, node, is_in_class)

        #: Whether code may bind names that are not written.
        self.is_rebound = "globals()" in text and _hands_out_names(tree, text)

    def _note(self, number: int, node: ast.AST, is_in_class: bool) -> None:
        if isinstance(node, ast.Attribute) and (
            node.attr == "__dict__" or not isinstance(node.ctx, ast.Load)
        ):
            self._patched.add(nodes.root(node))
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", "") in ("setattr", "vars"):
                self._patched.add(_owner(node.args))
        if is_in_class:
            return
        for name in _bound(node):
            numbers = self.bindings.setdefault(name, [])
            if number not in numbers:
                numbers.append(number)
            if name == "*":
                self.stars.append(number)

    def statements(self, name: str) -> list[int] | None:
        """Return the numbers of the statements to run for a name, in order.

        There is more than one only where a package's modules are imported one by one.
        `None` if it takes the whole body.
        """
        numbers = self.bindings.get(name, [])
        if self.is_rebound or self.patches_others or name in self._patched:
            return None
        if len(numbers) > 1 and not all(
            isinstance(self._body[number], ast.Import) for number in numbers
        ):
            return None
        return numbers

    @cached_property
    def patches_others(self) -> bool:
        """Return whether an attribute of what is made elsewhere is assigned."""
        return any(
            not self._is_made_here(number)
            for name in self._patched
            for number in self.bindings.get(name, [None])
        )

    def _is_made_here(self, number: int | None) -> bool:
        """Return whether a statement defines something, or imports Python's own."""
        statement = None if number is None else self._body[number]
        if isinstance(statement, ast.Import):
            packages = {alias.name.partition(".")[0] for alias in statement.names}
            return packages <= sys.stdlib_module_names
        return isinstance(
            statement, (ast.AsyncFunctionDef, ast.ClassDef, ast.FunctionDef)
        )

    def may_change(self, name: str) -> bool:
        """Return whether the import may change the object that a name is bound to.

        A class is such an object if its body makes one.
        """
        found = self._changeable.get(name)
        if found is None:
            found = self._changeable[name] = self._may_change(name)
        return found

    @cached_property
    def _changeable(self) -> dict[str, bool]:
        return {}

    def _may_change(self, name: str) -> bool:
        own = self.bindings.get(name, [])
        is_class = False
        for number in own:
            statement = self._body[number]
            if isinstance(statement, ast.ClassDef):
                is_class = True
                if not _holds_objects(statement):
                    return False
        users = self._mentioning.get(name, set()).difference(own)
        for statement in map(self._body.__getitem__, users):
            is_plain = is_class and isinstance(statement, _BINDING)
            for node, _ in _imported(statement):
                if is_plain and isinstance(node, ast.Call):
                    if any(_is_name(part, name) for part in ast.walk(node)):
                        return True
                elif not is_plain and _is_name(node, name):
                    return True
        if is_class or self._calling.issubset(own):
            return False
        return not self._users.get(name, set()).issubset(own)

    @cached_property
    def _mentioning(self) -> dict[str, set[int]]:
        """Return the statements that mention each name outside of function bodies."""
        found: dict[str, set[int]] = {}
        for number, statement in enumerate(self._body):
            for node, _ in _imported(statement):
                for part in (
                    nodes.walk(node) if isinstance(node, ast.Lambda) else [node]
                ):
                    if isinstance(part, ast.Name):
                        found.setdefault(part.id, set()).add(number)
        return found

    @cached_property
    def _users(self) -> dict[str, set[int]]:
        """Return the statements, but for imports, that mention each name anywhere."""
        found: dict[str, set[int]] = {}
        for number, statement in enumerate(self._body):
            for node in nodes.walk(statement):
                if isinstance(node, ast.Name):
                    found.setdefault(node.id, set()).add(number)
        return found

    @cached_property
    def _calling(self) -> set[int]:
        """Return the statements that call what the module defines, on import."""
        return {
            number
            for number, statement in enumerate(self._body)
            for node, _ in _imported(statement)
            if (isinstance(node, ast.Call) and self._is_own(node.func))
            or any(map(self._is_own, getattr(node, "decorator_list", ())))
        }

    def _is_own(self, function: ast.expr) -> bool:
        """Return whether a call may be one of a function or class of the module."""
        name = nodes.root(function, through_calls=True)
        return not name or any(
            not isinstance(self._body[number], (ast.Import, ast.ImportFrom))
            for number in self.bindings.get(name, ())
        )


def _holds_objects(statement: ast.ClassDef) -> bool:
    return any(
        isinstance(node, _DISPLAYS)
        for line in statement.body
        if isinstance(line, (ast.AnnAssign, ast.Assign))
        for node in ast.walk(line)
    )


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _owner(given: list[ast.expr]) -> str:
    """Return the name of what `setattr` changes; nothing for the module itself."""
    return nodes.root(given[0]) if given and not is_own_module(given[0]) else ""


#: What nobody changes by it.
_READING = frozenset({"get", "items", "keys", "values"})

#: What a module says of its names to those who ask, and of those that it does not bind.
_TELLING = frozenset({"__all__", "__dir__", "__getattr__"})


def _hands_out_names(tree: ast.Module, text: str) -> bool:
    """Return whether `globals()` serves for more than reading, or one written name."""
    lines = re.split("\r\n?|\n", text)
    asking = [number for number, line in enumerate(lines, 1) if "globals()" in line]
    before = 0
    for statement in tree.body:
        end = statement.end_lineno or 0
        # Its decorators stand in front of where it begins.
        if any(before <= number <= end for number in asking):
            if not _TELLING.intersection(_bound_by(statement)) and _gives_away(
                statement
            ):
                return True
        before = end
    return False


def _bound_by(statement: ast.stmt) -> list[str]:
    return [name for target in _targets(statement) for name in _bound(target)]


def _gives_away(statement: ast.stmt) -> bool:
    count = 0
    for node in nodes.walk(statement):
        if isinstance(node, ast.Call):
            count += _gives_names(node)
        elif isinstance(node, ast.Subscript) and (
            global_item(node) or isinstance(node.ctx, ast.Load)
        ):
            count -= _gives_names(node.value)
        elif isinstance(node, ast.Attribute) and node.attr in _READING:
            count -= _gives_names(node.value)
        elif isinstance(node, ast.Compare):
            count -= sum(map(_gives_names, node.comparators))
    return count > 0


def _gives_names(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "globals"


def _imported(
    statement: ast.stmt, *, only_targets: bool = False
) -> Iterator[tuple[ast.AST, bool]]:
    """Yield each node that the import evaluates, and whether a class body holds it.

    With `only_targets`, no expression that is no target of a statement.
    """
    inside = _targets if only_targets else _evaluated
    stack: list[tuple[ast.AST, bool]] = [(statement, False)]
    while stack:
        node, is_in_class = stack.pop()
        yield node, is_in_class
        if isinstance(node, ast.ClassDef):
            stack += [(child, True) for child in node.body]
        if isinstance(node, ast.If) and is_type_checking(node.test):
            stack += [(child, is_in_class) for child in node.orelse]
        else:
            stack += [(child, is_in_class) for child in inside(node)]


def _evaluated(node: ast.AST) -> list[ast.AST]:
    """Return the nodes in one that the import evaluates; a class without its body."""
    if isinstance(node, _FUNCTIONS):
        arguments = node.args
        defaults = [one for one in arguments.kw_defaults if one is not None]
        decorators = getattr(node, "decorator_list", ())
        return [*arguments.defaults, *defaults, *decorators]
    if isinstance(node, ast.ClassDef):
        keywords = [keyword.value for keyword in node.keywords]
        return [*node.bases, *node.decorator_list, *keywords]
    return nodes.children(node)


def _targets(node: ast.AST) -> list[ast.AST]:
    """Return the statements, patterns and targets in a node, but for definitions."""
    found: list[ast.AST] = []
    for field in _INSIDE.get(type(node), ()):
        value = getattr(node, field)
        if isinstance(value, list):
            found += value
        elif value is not None:
            found.append(value)
    return found


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node itself binds or unbinds; `*` for a star import."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.Subscript):
        if name := global_item(node):
            yield name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or (
                alias.name.partition(".")[0]
                if isinstance(node, ast.Import)
                else alias.name
            )
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
