"""What is known of a class of the project: its namespace, bases and fields."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Protocol

from flake8_lambda_handler.facts.mro import mro
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value

#: Bases of classes that take types in brackets.
GENERIC = frozenset(
    {
        External("typing.Generic"),
        External("typing.Protocol"),
        External("typing_extensions.Generic"),
        External("typing_extensions.Protocol"),
    }
)


class Unmediated(Class):
    """A class as `type.__call__` takes it, whatever else its metaclass does."""


class Cached(Value):
    """A class, or a function from outside, of which each call gives the same object.

    `node` is where that was said.
    """

    __slots__ = ("function", "node")
    function: Value
    node: ast.AST


class Bases(Protocol):
    """What is known of bases and metaclasses from outside the project."""

    def binds_nothing(self, base: str) -> bool:
        """Return whether a base binds no method which a class would override."""

    def is_plain_metaclass(self, name: str) -> bool:
        """Return whether a metaclass leaves instances as they are."""


def _bases(one: ClassFacts | Value) -> list[ClassFacts | Value]:
    return (
        [one._base(base) for base in one.bases] if isinstance(one, ClassFacts) else []
    )


class ClassFacts:
    """One class: what its body binds and where else to look."""

    def __init__(
        self,
        cls: Class,
        bases: list[Value],
        metaclass: Value | None,
        facts_of: Callable[[Class], ClassFacts],
        outside: Bases,
    ) -> None:
        self.cls = cls
        self.bases = bases
        self.metaclass = metaclass
        #: What the body binds, as far as it has run.
        self.namespace: Layers[str, Value] = Layers()
        self._facts_of = facts_of
        #: Whether code binds attributes of it whose names are not known.
        self.is_rewritten = cls.node.name in cls.module.rewritten_classes
        self._above: list[ClassFacts | Value] | None = None
        self._outside = outside

    def line(self) -> list[ClassFacts]:
        """Return the class and its bases of the project, nearest first."""
        return [one for one in self._order() if isinstance(one, ClassFacts)]

    def _order(self) -> list[ClassFacts | Value]:
        """Return the same with the bases from outside, where they stand."""
        if self._above is None:
            line: list[ClassFacts | Value] = mro(self, _bases, limits.BASES)
            # Without itself: what leads back to itself has to wait for the collector.
            self._above = line[1:]
        return [self, *self._above]

    def _base(self, base: Value) -> ClassFacts | Value:
        return self._facts_of(base) if isinstance(base, Class) else base

    def find(self, name: str, *, skip_own: bool = False) -> Value | None:
        """Return what the class or a base of the project binds to a name.

        A base from outside that stands before the class that has it may bind the name
        as well: then the answer is unknown.
        """
        for one in self._order()[skip_own:]:
            if isinstance(one, ClassFacts):
                if name in one.namespace:
                    found = one.namespace[name]
                    return UNKNOWN if is_async(found) and self.is_altered else found
            elif one == UNKNOWN:
                return UNKNOWN
            elif isinstance(one, External) and not name.startswith("__"):
                if not self._outside.binds_nothing(one.name):
                    return UNKNOWN
        return None

    def bases_above(self, name: str) -> list[str]:
        """Return the bases from outside that may bind a name before one of the project.

        Nearest first, and without the class itself; none if one of them is not known.
        """
        found: list[str] = []
        for one in self._order()[1:]:
            if isinstance(one, ClassFacts):
                if name in one.namespace:
                    break
            elif isinstance(one, External):
                found.append(one.name)
            else:
                return []
        return found

    @property
    def is_altered(self) -> bool:
        """Return whether its methods may be others than those that are written."""
        line = self.line()
        hooks = [one.namespace.get("__init_subclass__") for one in line[1:]]
        if isinstance(self.made_by, Class):
            above = self._facts_of(self.made_by)
            hooks += [above.find("__new__"), above.find("__init__")]
        return any(
            one.is_rewritten or "__getattribute__" in one.namespace for one in line
        ) or any(
            isinstance(one, Function) and one.module.rewrites(one.node) for one in hooks
        )

    @property
    def ancestors(self) -> set[str]:
        """Return the dotted names of all bases from outside the project."""
        return {
            base.name
            for facts in self.line()
            for base in facts.bases
            if isinstance(base, External)
        }

    @property
    def is_open(self) -> bool:
        """Return whether a base is unknown, so that anything may be inherited."""
        return any(base == UNKNOWN for facts in self.line() for base in facts.bases)

    @property
    def has_metaclass(self) -> bool:
        return self.made_by is not None

    @property
    def made_by(self) -> Value | None:
        """Return the metaclass, if it may do something of its own."""
        for facts in self.line():
            made_by = facts.metaclass
            if made_by is not None and not (
                isinstance(made_by, External)
                and self._outside.is_plain_metaclass(made_by.name)
            ):
                return made_by
        return None

    @property
    def is_generic(self) -> bool:
        """Return whether `Class[int]` is the class itself."""
        return self.find("__class_getitem__") is None and any(
            getattr(facts.cls.node, "type_params", None)
            or any(one in GENERIC for one in facts.bases)
            for facts in self.line()
        )

    @property
    def gives_own(self) -> bool:
        """Return whether calling the class gives its instances, new ones or others.

        So do a `__new__` and a metaclass of the project that leave it to their bases to
        make them, as those of singletons.
        """
        if self.made_by is not None and not isinstance(self.made_by, Class):
            return False
        return all(_asks_base(one) and not _hands_on(one) for one in self._makers)

    @property
    def are_changed(self) -> bool:
        """Return whether other methods may be given to the objects that are made."""
        return any(map(_hands_on, self._makers))

    @property
    def _makers(self) -> list[Value]:
        """Return what makes the objects: `__new__`, and the methods of a metaclass."""
        found = [self.find("__new__")]
        if isinstance(self.made_by, Class):
            above = self._facts_of(self.made_by)
            found += [above.find("__new__"), above.find("__call__")]
        return [one for one in found if one is not None]

    @property
    def makes_own_init(self) -> bool:
        """Return whether nothing but the class's fields says how it is made."""
        return not (self.is_open or self.has_metaclass) and not any(
            self.find(name) is not None for name in ("__init__", "__new__")
        )

    @property
    def fields(self) -> list[str] | None:
        """Return the annotated names in order, for a class that makes its own init."""
        names: list[str] = []
        for facts in reversed(self.line()):
            for statement in facts.cls.node.body:
                if (
                    isinstance(statement, ast.AnnAssign)
                    and isinstance(statement.target, ast.Name)
                    and statement.target.id not in names
                    and not _is_for_classes(statement.annotation)
                ):
                    names.append(statement.target.id)
        return names or None


def _is_for_classes(annotation: ast.expr) -> bool:
    """Return whether an annotation says that what it stands at is no field."""
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    text = getattr(node, "attr", getattr(node, "id", getattr(node, "value", "")))
    return str(text).partition("[")[0].endswith(("ClassVar", "InitVar", "KW_ONLY"))


def _hands_on(maker: Value) -> bool:
    """Return whether a `__new__` or `__call__` gives to a function what it returns."""
    return not isinstance(maker, Function) or maker.module.hands_on(maker.node)


def _asks_base(maker: Value) -> bool:
    """Return whether a `__new__` or `__call__` gives what that of its base makes."""
    if not isinstance(maker, Function) or not isinstance(maker.node, ast.FunctionDef):
        return False
    nodes = list(ast.walk(maker.node))
    returned = [one.value for one in nodes if isinstance(one, ast.Return)]
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == maker.name
        for one in nodes
    ) and all(
        isinstance(one, (ast.Attribute, ast.Call, ast.Name, ast.Subscript))
        for one in returned
    )
