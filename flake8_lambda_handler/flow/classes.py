"""What is known of a class of the project: its namespace, bases and fields."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Value

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis

#: Metaclasses that leave instances as they are.
PLAIN_METACLASSES = frozenset({"abc.ABCMeta"})


class ClassFacts:
    """One class: what its body binds and where else to look."""

    def __init__(
        self,
        analysis: Analysis,
        cls: Class,
        namespace: dict[str, Value],
        bases: list[Value],
        metaclass: Value | None,
        decorators: list[Value],
    ) -> None:
        self.analysis = analysis
        self.cls = cls
        self.namespace = namespace
        self.bases = bases
        self.metaclass = metaclass
        self.decorators = decorators

    def line(self) -> list[ClassFacts]:
        """Return the class and its bases of the project, nearest first."""
        found: list[ClassFacts] = []
        stack: list[Value] = [self.cls]
        while stack and len(found) < limits.BASES:
            current = stack.pop(0)
            if isinstance(current, Class):
                facts = self.analysis.class_facts(current)
                if facts not in found:
                    found.append(facts)
                    stack[:0] = facts.bases
        return found

    def find(self, name: str, *, skip_own: bool = False) -> Value | None:
        """Return what the class or a base of the project binds to a name.

        A base from outside that stands before the class that has it may bind the name
        as well: then the answer is unknown.
        """
        stack: list[Value] = list(self.bases) if skip_own else [self.cls]
        seen = 0
        while stack and seen < limits.BASES:
            seen += 1
            current = stack.pop(0)
            if isinstance(current, Class):
                facts = self.analysis.class_facts(current)
                if name in facts.namespace:
                    return facts.namespace[name]
                stack[:0] = facts.bases
            elif current == UNKNOWN:
                return UNKNOWN
            elif isinstance(current, External) and not name.startswith("__"):
                if current.name not in TRANSPARENT_BASES:
                    return UNKNOWN
        return None

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
        for facts in self.line():
            made_by = facts.metaclass
            if made_by is not None and not (
                isinstance(made_by, External) and made_by.name in PLAIN_METACLASSES
            ):
                return True
        return False

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
                ):
                    names.append(statement.target.id)
        return names or None


#: Bases from outside that bind no method which a project's class would override.
TRANSPARENT_BASES = frozenset(
    {
        "abc.ABC",
        "builtins.object",
        "builtins.Exception",
        "typing.Generic",
        "typing.NamedTuple",
        "typing.Protocol",
        "typing.TypedDict",
        "typing_extensions.Protocol",
        "typing_extensions.TypedDict",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "pydantic.BaseModel",
    }
)
