"""What the names of modules hold, however they came there."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection
from typing import Protocol

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.flow.run import Libraries
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.summaries import Summaries
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Imported
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join

BUILTINS = frozenset(dir(builtins))

#: What nobody replaces who goes through the names of a module.
_IMPORTS = (External, ModuleValue)


class ModuleFinder(Protocol):
    """Finds the modules of the project."""

    def find_module(self, module: Module, dotted: str, level: int) -> Module | None:
        """Return the project's module that an import in `module` loads."""

    def importers(self, module: Module) -> list[Module]:
        """Return the modules of a small project that import one; none if too many do."""

    def derived(self, module: Module, name: str) -> list[tuple[Module, str]]:
        """Return the classes that may be derived from one of a module, by their names."""

    def naming(self, module: Module, words: Collection[str]) -> list[Module]:
        """Return the modules of a small project with one of some words behind a dot.

        None if there are too many.
        """

    def may_be_async(self, path: str) -> Collection[str]:
        """Return the names of a module that may have to do with coroutines."""

    def is_small(self, path: str) -> bool:
        """Return whether all files of a file's project may be asked about it."""

    def async_names(self, path: str) -> Collection[str]:
        """Return the names of the async functions of a file's project."""

    def versions(self, path: str) -> tuple[tuple[int, int], ...]:
        """Return the versions of Python on which a file may run."""

    def asks_for(self, path: str, wanted: re.Pattern[str]) -> bool:
        """Return whether what a file's project needs is said in some words."""


class Modules(Summaries):
    """Names of modules: imports, globals and what others assign to them."""

    def __init__(self, libraries: Libraries, resolver: ModuleFinder) -> None:
        super().__init__(libraries)
        self.resolver = resolver
        #: Modules by the dotted name under which a module imports them.
        self._namespaces: dict[tuple[Module, str], Module] = {}
        #: The modules of which a module imports everything.
        self._stars: dict[Module, list[Module | None]] = {}
        #: What functions assign to names that they declare `global`.
        self._globals: dict[tuple[Module, str], Value] = {}
        #: Names whose functions have been run for that.
        self._writing: set[tuple[Module, str]] = set()
        #: What is assigned to attributes of classes, functions and modules.
        self._patched: dict[tuple[object, str], Value] = {}
        #: What begins the names that code binds of which only that is known.
        self._rebound: dict[Module, set[str]] = {}
        self._settled: dict[tuple[Module, str], Value] = {}
        self._shared: set[Address] = set()
        #: How often something was put where a later invocation finds it.
        self.stores = 0

    def global_value(self, module: Module, name: str) -> Value:
        """Return what a module-level name (or a builtin) can hold in a function."""
        return self._answer(lambda: self._global_value(module, name))

    def _global_value(self, module: Module, name: str) -> Value:
        key = (module, name)
        settled = self._settled.get(key)
        if settled is not None:
            return settled
        running = self._running.get(module)
        bound = self._bound(module, name)
        if bound is not None:
            found: list[Value] = [self.resolved(bound)]
            if name in module.global_writers and running is None:
                self._run_writers(module, name)
                stored = self._globals.get(key)
                if stored is not None:
                    found.append(stored)
            patched = self._patched.get((module.path, name))
            if patched is not None:
                # In the place of `None`: what is there from the first invocation on.
                return join(NONE, patched) if found == [NONE] else UNKNOWN
            value = join(*found)
            if module in self._rebound and not isinstance(value, _IMPORTS):
                if any(map(name.startswith, self._rebound[module])):
                    return UNKNOWN
            if (
                running is None
                and not self._running
                and not self._waiting
                and name not in module.global_writers
            ):
                self._settled[key] = value
            return value
        if name in module.global_writers:
            self._run_writers(module, name)
            return self._globals.get(key, KEPT if running is None else UNKNOWN)
        for star in self._stars.get(module, ()):
            if star is None:
                return UNKNOWN
            value = self.member(star, name)
            if value != UNKNOWN:
                return value
        if name in BUILTINS:
            return External("builtins." + name)
        return UNKNOWN

    def _bound(self, module: Module, name: str) -> Value | None:
        """Return what a module's own statements bind a name to."""
        running = self._running.get(module)
        if running is not None:
            names = running.state.names
            return names[name] if name in names else None
        if module not in self._modules and name not in module.global_writers:
            members = self._members_of(module)
            if members.bring(name):
                return members.names.get(name)
        names = self._module(module).state.names
        return names[name] if name in names else None

    def resolved(self, value: Value) -> Value:
        """Return what an imported name holds; imports are followed when used."""
        if isinstance(value, Overfull):
            return value  # nothing is certain of it
        if isinstance(value, Alternatives):
            if any(isinstance(one, (Hint, Imported)) for one in value.values):
                return join(*[self.resolved(one) for one in value.values])
            return value
        if isinstance(value, Hint):
            return self.declared(value)
        if not isinstance(value, Imported):
            return value
        if self._following >= limits.REEXPORTS:
            return UNKNOWN
        if len(self._running) + self._waiting > limits.RUNNING_MODULES:
            return UNKNOWN
        self._following += 1
        try:
            return self.member(value.module, value.name)
        finally:
            self._following -= 1

    def _run_writers(self, module: Module, name: str) -> None:
        """Run the functions that assign a global, so that its values are known."""
        key = (module, name)
        if key in self._writing:
            return
        self._writing.add(key)
        made = self._functions.get(module, {})
        for node in module.global_writers[name]:
            function = made.get(node)
            if function is None:
                # A nested function, or one that another decorator hides.
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    function = Function(node, module, None, None, None, False)
                else:
                    continue
            if node not in self._active:
                self._summary(function)

    def store_global(self, run: Run, name: str, value: Value) -> None:
        key = (run.module, name)
        old = self._globals.get(key)
        self._globals[key] = value if old is None else join(old, value)
        self.store_shared(run, value)

    def store_shared(self, run: Run, value: Value) -> None:
        """Record that a value outlives the invocation."""
        self.stores += 1
        for address in run.reach(value):
            self._shared.add(address)
            entry = run.state.heap.get(address)
            if entry is not None:
                self.shared_heap.setdefault(address, entry)

    def store_attribute(self, run: Run, owner: Value, name: str, value: Value) -> None:
        """Record an assignment to an attribute of a class, function or module."""
        key = getattr(owner, "node", None)
        if isinstance(owner, ModuleValue):
            key = owner.module.path
            self._settled.pop((owner.module, name), None)
        self.store_shared(run, value)
        old = self._patched.get((key, name))
        self._patched[(key, name)] = value if old is None else join(old, value)

    def rebind(self, module: Module, prefix: str) -> None:
        """Record that code binds names of a module which begin with a text."""
        self._rebound.setdefault(module, set()).add(prefix)
        for key in [key for key in self._settled if key[0] is module]:
            del self._settled[key]

    def patched(self, owner: Value, name: str) -> Value | None:
        """Return what was assigned to an attribute of a class or function."""
        return self._patched.get((getattr(owner, "node", None), name))

    def is_shared(self, address: Address | None) -> bool:
        """Return whether an object outlives one invocation."""
        return address is not None and (address.shared or address in self._shared)

    def member(self, module: Module, name: str) -> Value:
        """Return what `module.name` gives to an importer."""
        if name in module.global_writers or self._bound(module, name) is not None:
            return self.global_value(module, name)
        submodule = (
            self.resolver.find_module(module, name, 1) if module.is_package else None
        )
        if submodule is not None:
            return ModuleValue(submodule)
        for star in self._stars.get(module, ()):
            if star is None:
                return UNKNOWN
            if star is not module:
                value = self.member(star, name)
                if value != UNKNOWN:
                    return value
        return UNKNOWN

    def imported(
        self, module: Module, dotted: str, level: int, name: str | None
    ) -> Value:
        """Return what an import statement binds."""
        found = self.resolver.find_module(module, dotted, level)
        if found is None and name is not None:
            # A folder without `__init__.py` is a package, too.
            inner = f"{dotted}.{name}" if dotted else name
            submodule = self.resolver.find_module(module, inner, level)
            if submodule is not None:
                return ModuleValue(submodule)
        if found is None:
            if level:
                return UNKNOWN
            return External(dotted if name is None else f"{dotted}.{name}")
        if name is None:
            self._namespaces[(module, dotted)] = found
            return ModuleValue(found)
        return Imported(found, name)

    def star_import(self, module: Module, dotted: str, level: int) -> None:
        """Note `from dotted import *`."""
        found = self.resolver.find_module(module, dotted, level)
        self._stars.setdefault(module, []).append(found)

    def settled(self, module: Module, test: ast.expr) -> bool | None:
        """Return how a condition always comes out when Lambda imports a module."""
        return module.settled(test, lambda: self.versions(module))

    def versions(self, module: Module) -> tuple[tuple[int, int], ...]:
        """Return the versions of Python on which a module may run."""
        return self.resolver.versions(module.path)

    def asks_for(self, module: Module, wanted: re.Pattern[str]) -> bool:
        """Return whether what a module's project needs is said in some words."""
        return self.resolver.asks_for(module.path, wanted)

    def submodule(self, module: Module, dotted: str) -> Module | None:
        """Return the module that `import dotted` in a module has loaded."""
        return self._namespaces.get((module, dotted))
