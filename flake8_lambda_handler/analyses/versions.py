"""What a handler's module needs that the declared runtime does not have.

The module itself is looked at, and what it imports inside the project before Lambda
calls the handler.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import reading
from flake8_lambda_handler import runtimes
from flake8_lambda_handler.facts import needs
from flake8_lambda_handler.facts.conditions import Version
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.needs import Need
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.project.requirements import DEPENDENCIES
from flake8_lambda_handler.session import Session

#: So many modules behind a handler's are looked at, the nearest first.
MOST_MODULES = 100

#: Templates whose readers know about layers.
_READ_LAYERS = frozenset({"cloudformation", "sam", "serverless", "terraform"})


class Lacking(NamedTuple):
    """Something that the runtime of a handler does not have."""

    #: Where to report it: in the file that is checked.
    node: ast.AST
    need: Need
    #: The name of the handler, and its newest runtime.
    handler: str
    runtime: str
    #: The module that holds it, when it is another one.
    module: Module | None


def lacking(session: Session, module: Module) -> Iterator[Lacking]:
    """Yield what a module with handlers needs and their runtimes lack."""
    seen: set[tuple[int, int, str]] = set()
    for handler in find.of(session, module):
        for declaration in handler.declarations:
            versions = _versions(declaration)
            if not versions:
                continue
            runtime = f"python{'.'.join(map(str, max(versions)))}"
            modules = _Modules(session, module, declaration, versions)
            for node, need, where in modules.found():
                key = (getattr(node, "lineno"), getattr(node, "col_offset"), need.what)
                if key not in seen:
                    seen.add(key)
                    yield Lacking(node, need, handler.name, runtime, where)


def _versions(declaration: Declaration) -> frozenset[Version]:
    """Return every version that a handler may run on; none if one is not known."""
    found = [runtimes.version(use.identifier) for use in declaration.runtimes]
    if any(use.kind == "image" for use in declaration.runtimes):
        return frozenset()
    known = frozenset(one for one in found if one is not None)
    is_whole = len(found) == len([one for one in found if one is not None])
    return known if is_whole and all(one >= (3, 6) for one in known) else frozenset()


class _Modules:
    """The modules that one handler needs, the nearest first."""

    def __init__(
        self,
        session: Session,
        module: Module,
        declaration: Declaration,
        versions: frozenset[Version],
    ) -> None:
        self.project = session.project
        self.module = module
        self.declaration = declaration
        self.versions = versions

    def found(self) -> Iterator[tuple[ast.AST, Need, Module | None]]:
        """Yield what is lacking, with where to report it."""
        for need in self._needs(self.module):
            yield need.node, need, None
        seen = {self.module.path}
        told: set[ast.AST] = set()
        waiting = [*self._imports(self.module)]
        while waiting and len(seen) < MOST_MODULES:
            path, at = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            module = self.project.parse(path)
            if module is None:
                continue
            if at not in told:
                for need in self._needs(module):
                    told.add(at)
                    yield at, need, module
                    break
            waiting += [(inner, at) for inner, _ in self._imports(module)]

    def _needs(self, module: Module) -> Iterator[Need]:
        """Yield what a module needs and every one of the versions lacks."""
        for need in self._all_needs(module):
            if all(map(need.is_lacked_by, self.versions)):
                if not need.module or not self._is_brought(module, need.module):
                    yield need

    def _all_needs(self, module: Module) -> Iterator[Need]:
        yield from needs.syntax(module.tree, module.text, max(self.versions))
        postponed = needs.is_postponed(module.tree)
        for statement in self._executed(module):
            yield from needs.at_import(statement, postponed)

    def _executed(self, module: Module) -> Iterator[ast.stmt]:
        return needs.executed(
            module.tree,
            lambda test: module.settled(test, lambda: self.versions),
        )

    def _imports(self, module: Module) -> Iterator[tuple[str, ast.AST]]:
        """Yield the project's modules that a module imports, each with the statement."""
        folder = os.path.dirname(module.path)
        for statement in self._executed(module):
            if isinstance(statement, ast.Import):
                wanted = [(alias.name, 0) for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom):
                base, level = statement.module or "", statement.level
                inner = [x.name for x in statement.names if x.name != "*"]
                wanted = [(base, level)] if base or level else []
                wanted += [(f"{base}.{x}" if base else x, level) for x in inner]
            else:
                continue
            for dotted, level in wanted:
                path = self.project.find_path(folder, dotted, level)
                if path is not None:
                    yield path, statement

    def _is_brought(self, module: Module, name: str) -> bool:
        """Return whether a module that left the library may come from elsewhere."""
        if self.declaration.has_layers or self.declaration.format not in _READ_LAYERS:
            return True
        folder = os.path.dirname(module.path)
        tree = self.project.tree(folder)
        if name in tree.modules or os.path.lexists(os.path.join(folder, name)):
            return True
        # setuptools brings its own to those who import it before.
        words = (name, "setuptools") if name == "distutils" else (name,)
        if words[-1] != name and words[-1] in module.text:
            return True
        for above in tree.upwards(folder):
            for file in filter(DEPENDENCIES.fullmatch, tree.listing(above).files):
                text = reading.text(os.path.join(above, file), 1_000_000).lower()
                if any(word in text for word in words):
                    return True
        return False
