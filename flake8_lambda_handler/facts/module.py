"""One Python file."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePath

from flake8_lambda_handler.facts import attributes
from flake8_lambda_handler.facts import conditions
from flake8_lambda_handler.facts import fixtures
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts import nodes
from flake8_lambda_handler.facts import registries
from flake8_lambda_handler.facts.attributes import Assigned
from flake8_lambda_handler.facts.constructions import CallSites
from flake8_lambda_handler.facts.listeners import Gifts
from flake8_lambda_handler.facts.registries import Filled
from flake8_lambda_handler.facts.scopes import Facts
from flake8_lambda_handler.facts.scopes import Scope


class Module:
    """One Python file and what rules may ask of it.

    `path` is absolute. A file that is only imported is not parsed before something asks
    for its tree, which is empty if that fails.
    """

    def __init__(self, path: str, tree: ast.Module | None, text: str) -> None:
        self.path = path
        self.text = text
        if tree is not None:
            self.give(tree)

    def __repr__(self) -> str:
        return f"<Module {PurePath(self.path).name}>"

    def give(self, tree: ast.Module) -> None:
        """Take a tree that somebody else has parsed, unless there is one already."""
        self.__dict__.setdefault("_parsed", tree)

    @cached_property
    def tree(self) -> ast.Module:
        return self._parsed or ast.Module([], [])

    @cached_property
    def _parsed(self) -> ast.Module | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @property
    def is_parsed(self) -> bool:
        return "_parsed" in self.__dict__

    @property
    def is_broken(self) -> bool:
        """Return whether the file cannot be parsed."""
        return self._parsed is None

    @cached_property
    def is_package(self) -> bool:
        return PurePath(self.path).name == "__init__.py"

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines as `ast` counts them: a form feed ends none."""
        return self.text.split("\n")

    def owns(self, node: ast.AST) -> bool:
        """Return whether a node stands in this file, and knows its line."""
        return id(node) in self._ids

    @cached_property
    def _ids(self) -> frozenset[int]:
        return frozenset(
            id(node) for node in nodes.walk(self.tree) if hasattr(node, "lineno")
        )

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Return what some names of the top level are for good."""
        return conditions.constants(self.tree)

    def settled(
        self, test: ast.expr, versions: Callable[[], Iterable[conditions.Version]]
    ) -> bool | None:
        """Return how a condition of the top level always comes out under Lambda.

        `versions` gives the versions of Python that the module may run on.
        """
        return conditions.settled(test, versions, self.constants)

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.tree)

    @property
    def scopes(self) -> dict[ast.AST, Scope]:
        """Return the scope of each module, class and function node."""
        return self._facts.scopes

    @property
    def attribute_writers(self) -> dict[str, set[ast.AST]]:
        """Return, for each attribute that the file assigns, the bodies that do it."""
        return self._facts.attribute_writers

    @property
    def foreign_writes(self) -> set[str]:
        """Return the attributes that are assigned to others than a method's object."""
        return self._facts.foreign_writes

    def assigned_by(self, cls: ast.ClassDef) -> dict[str, list[Assigned]]:
        """Return where a class declares or assigns each attribute of its instances."""
        if cls not in self._assigned:
            self._assigned[cls] = attributes.assigned_by(cls)
        return self._assigned[cls]

    @cached_property
    def _assigned(self) -> dict[ast.ClassDef, dict[str, list[Assigned]]]:
        return {}

    def family(self, cls: ast.ClassDef) -> set[ast.ClassDef]:
        """Return a class, and those of the file above and below it."""
        if cls not in self._families:
            self._families[cls] = attributes.family(cls, self.scopes)
        return self._families[cls]

    @cached_property
    def _families(self) -> dict[ast.ClassDef, set[ast.ClassDef]]:
        return {}

    @cached_property
    def rewritten_classes(self) -> frozenset[str]:
        """Return the names of what `setattr` gives attributes of unknown names."""
        if "setattr(" not in self.text:
            return frozenset()
        return frozenset(filter(None, map(attributes.rewritten, nodes.walk(self.tree))))

    def rewrites(self, maker: ast.AST) -> bool:
        """Return whether what makes a class binds attributes of unknown names."""
        return self._says_of(attributes.rewrites, maker)

    def hands_on(self, maker: ast.AST) -> bool:
        """Return whether what makes an object gives it to a function."""
        return self._says_of(attributes.hands_on, maker)

    def _says_of(self, question: Callable[[ast.AST], bool], maker: ast.AST) -> bool:
        key = (question, maker)
        if key not in self._makers:
            self._makers[key] = question(maker)
        return self._makers[key]

    @cached_property
    def _makers(self) -> dict[tuple[Callable[[ast.AST], bool], ast.AST], bool]:
        return {}

    @cached_property
    def gifts(self) -> Gifts:
        """Return what the file gives to objects that may keep it."""
        return Gifts(self.tree)

    @cached_property
    def _puts(self) -> dict[ast.AST, list[Filled]]:
        return {}

    def puts(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[Filled]:
        """Return what a function puts into containers."""
        if function not in self._puts:
            self._puts[function] = [*registries.puts(function, [])]
        return self._puts[function]

    @cached_property
    def lambdas(self) -> dict[str, list[ast.Lambda]]:
        """Return the lambdas that calls are given by keywords, by the names of these."""
        found: dict[str, list[ast.Lambda]] = {}
        for node in nodes.walk(self.tree):
            if isinstance(node, ast.keyword) and isinstance(node.value, ast.Lambda):
                found.setdefault(node.arg or "", []).append(node.value)
        return found

    @cached_property
    def test_parameters(self) -> frozenset[ast.arg]:
        """Return the parameters of the file's tests and fixtures."""
        return fixtures.parameters(self.tree)

    @cached_property
    def call_sites(self) -> CallSites:
        """Return where the file calls what, by names."""
        return CallSites(self.tree)

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Return every `def` and `async def`, in file order."""
        return self._facts.functions

    @cached_property
    def global_writers(self) -> dict[str, list[ast.AST]]:
        """Return, for each name declared `global`, the functions that assign it."""
        return self._facts.global_writers if "global" in self.text else {}

    @cached_property
    def type_imports(self) -> dict[str, tuple[str, int, str | None]]:
        """Return what is imported for annotations alone (see `hints`)."""
        if "TYPE_CHECKING" not in self.text:
            return {}
        return hints.type_imports(self.tree)

    @cached_property
    def declares_names(self) -> bool:
        """Return whether a body may declare a name `global` or `nonlocal`."""
        return "global" in self.text or "nonlocal" in self.text
