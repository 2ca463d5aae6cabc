"""A function that Lambda calls."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.bindings import last_bindings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.handlers import foreign
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.session import Session

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Handler:
    """A function that Lambda calls.

    `node` is what findings point at: the `def` (not its decorator) or the assignment.
    """

    def __init__(
        self,
        session: Session,
        module: Module,
        name: str,
        node: ast.stmt,
        evidence: Evidence,
        declarations: tuple[Declaration, ...],
    ) -> None:
        self.session = session
        self.module = module
        self.name = name
        self.node = node
        self.evidence = evidence
        self.declarations = declarations

    @property
    def line(self) -> int:
        """Return the line to report at, from 1."""
        return self.node.lineno

    @property
    def column(self) -> int:
        """Return the column to report at, from 0, in bytes as `ast` counts."""
        return self.node.col_offset

    @property
    def is_async_def(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    @cached_property
    def is_entry(self) -> bool:
        """Return whether Lambda gets what the function returns, as far as can be told.

        A function that only looks like a handler may work for other code, which takes
        any object.
        """
        if self.evidence.kind != "name" or self.name == foreign.CERTAIN_NAME:
            return True
        shown: ast.stmt | None = self.node
        if not isinstance(shown, DEFINITIONS):
            shown = getattr(self.value, "node", None)
        if shown is None or foreign.owns(self.session, self.module, self.name, shown):
            return False
        used = any(
            self.name in scope.loaded - scope.local
            for scope in self.module.scopes.values()
            if scope.parent is not None
        )
        return not used and not self.session.project.is_used_elsewhere(
            self.module, self.name
        )

    @cached_property
    def is_one_of_several(self) -> bool:
        """Return whether something that is not known chooses between definitions."""
        found = _definitions(self.session, self.module, self.name)
        return len(found) > 1 and all(isinstance(one, DEFINITIONS) for one in found)

    @cached_property
    def value(self) -> Value:
        """Return what the name holds once the module is imported."""
        return self.value_by(self.session.analysis)

    def value_by(self, analysis: Analysis) -> Value:
        """Return what the name holds, as far as an analysis sees."""
        found = analysis.global_value(self.module, self.name)
        # What an annotation says is not what Lambda calls.
        return UNKNOWN if isinstance(found, Typed) else found


def wrapped(module: Module, statement: ast.stmt) -> list[ast.stmt]:
    """Return the functions of a module that a statement decorates: `name = logged(main)`."""
    called = wrapped_name(statement)
    return [
        node
        for name, node in (bindings(module.tree) if called else ())
        if name == called and isinstance(node, DEFINITIONS)
    ]


def wrapped_name(statement: ast.stmt) -> str:
    """Return the name that a statement gives, alone, to one call or several."""
    call = statement.value if isinstance(statement, ast.Assign) else None
    name = ""
    while isinstance(call, ast.Call) and len(call.args) == 1:
        call = call.args[0]
        name = call.id if isinstance(call, ast.Name) else ""
    return name


def definition(session: Session, module: Module, name: str) -> ast.stmt | None:
    """Return the statement that binds a name for good when Lambda imports a module.

    Of several definitions between which something unknown chooses, it is an async one.
    """
    found = _definitions(session, module, name)
    if all(isinstance(one, DEFINITIONS) for one in found):
        found = sorted(found, key=lambda one: isinstance(one, ast.AsyncFunctionDef))
    return found[-1] if found else None


def _definitions(session: Session, module: Module, name: str) -> list[ast.stmt]:
    return session.once(_last_bindings, module).get(name, [])


def _last_bindings(session: Session, module: Module) -> dict[str, list[ast.stmt]]:
    return last_bindings(
        module.tree,
        lambda test: module.settled(
            test, lambda: session.project.versions(module.path)
        ),
    )
