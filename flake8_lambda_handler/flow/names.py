"""What names hold, and who may reach an object: the fate of coroutines."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.facts.scopes import Scope
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.events import NoCoroutine
from flake8_lambda_handler.flow.events import Stored
from flake8_lambda_handler.flow.fates import BRANCH
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import LOOSE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.fates import STORED
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import REFUSED
from flake8_lambda_handler.flow.kinds import UNDRIVEN
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import Way
from flake8_lambda_handler.flow.run import Result
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join


class Names(Run):
    """Names, objects and their fate."""

    def load(self, name: str) -> Value:
        """Return what a name holds here."""
        value = self.world.resolved(self.look_up(name))
        return self.libraries.constant(value) if isinstance(value, External) else value

    @property
    def scope(self) -> Scope | None:
        """Return the scope of the body; `None` if it binds what it assigns.

        So do modules and classes, whose files' other scopes nobody may ask for.
        """
        node = self.frame.scope
        if isinstance(node, (ast.ClassDef, ast.Module)):
            if not self.module.declares_names:
                return None
        return self.module.scopes.get(node)

    def look_up(self, name: str) -> Value:
        frame: Frame | None = self.frame
        scope = self.scope
        if scope is not None and name in scope.declared_global:
            return self.world.global_value(self.module, name)
        value: Value | None = self.state.names.get(name)
        if value is not None:
            if scope is not None and name in scope.rebound:
                return join(value, UNKNOWN)
            return value
        if (
            scope is not None
            and name in scope.local
            and not isinstance(self.frame.scope, (ast.ClassDef, ast.Module))
        ):
            return UNKNOWN
        frame = self.frame.parent
        while frame is not None:
            if not isinstance(frame.scope, (ast.ClassDef, ast.Module)):
                if name in frame.ever:
                    ever = frame.ever[name]
                    if ever == NONE and not self.frame.shared and frame.shared:
                        return join(NONE, KEPT)
                    # Which of its values a name has when a closure runs is not known.
                    return (
                        join(ever, UNKNOWN) if isinstance(ever, Alternatives) else ever
                    )
                outer = frame.module.scopes.get(frame.scope)
                if outer is not None and name in outer.local:
                    return UNKNOWN
            frame = frame.parent
        return self.world.global_value(self.module, name)

    def store(self, name: str, value: Value) -> None:
        """Bind a name; a coroutine that others can then reach is out of our hands."""
        scope = self.scope
        top = isinstance(self.frame.scope, (ast.Module, ast.ClassDef))
        if scope is None:
            if top:
                self.escape(value, keep=True)
        else:
            if name in scope.declared_global:
                self.escape(value, keep=True)
                self.world.store_global(self, name, value)
                return
            if top or name in scope.declared_nonlocal or name in scope.captured:
                self.escape(value, keep=True)
                if name in scope.declared_nonlocal:
                    # The function around may wait for a task.
                    self.awaited_tasks |= self.reach(value)
                    if self.is_of_import(name):
                        self.world.store_shared(self, value)
            elif (
                name in scope.loaded
                and name in self.state.names
                and self.world.root.has_coroutines
            ):
                # Rebinding drops the old object; only a name that nobody reads
                # says for certain that this was not meant.
                # In a loop, the same call may make the old one and the new one.
                new = set(each(value))
                for one in each(self.state.names[name]):
                    if one not in new:
                        self.drive(one)
        self.state.names[name] = value
        if self.world.root.has_coroutines:
            for one in each(value):
                if isinstance(one, Coroutine):
                    self.named.add(one.address)
        ever = self.frame.ever
        ever[name] = join(ever[name], value) if name in ever else value

    def is_of_import(self, name: str) -> bool:
        """Return whether a name is one of a function that an import has called."""
        frame = self.frame.parent
        while frame is not None and name not in frame.ever:
            frame = frame.parent
        return frame is not None and frame.shared

    def address(self, node: ast.AST) -> Address:
        return Address(node, self.module, self.frame.context, self.frame.shared)

    def reach(self, value: Value) -> set[Address]:
        """Return the addresses that a value holds on to."""
        found: set[Address] = set()
        stack = [value]
        while stack:
            current = stack.pop()
            for one in each(current):
                if isinstance(one, Partial):
                    stack.extend((one.function, *one.args))
                    stack.extend(item for _, item in one.keywords)
                    continue
                if isinstance(one, Method):
                    stack.append(one.receiver)
                    continue
                if isinstance(one, Function) and one.receiver is not None:
                    stack.append(one.receiver)
                    continue
                address = getattr(one, "address", None)
                if address is None or address in found:
                    continue
                found.add(address)
                entry = self.entry(address)
                if isinstance(entry, Items):
                    stack.extend(entry.values())
                elif isinstance(entry, Made):
                    stack.extend(entry.args)
                    stack.extend(item for _, item in entry.keywords)
        return found

    def entry(self, address: Address | None) -> Items | Made | None:
        """Return what the heap knows of an address."""
        if address is None:
            return None
        found = self.state.heap.get(address)
        return found if found is not None else self.world.shared_heap.get(address)

    def drive(self, value: Value) -> None:
        """Record that somebody runs every coroutine that a value holds."""
        for address in self.reach(value):
            self.drive_one(address)

    def drive_one(self, address: Address) -> None:
        """Record that somebody runs a coroutine; not what it is given."""
        fates = self.state.fates
        if address in self.state.heap:
            if fates.get(address) == BRANCH:
                # What one path had left over is run here, however this path ends.
                self.tested.add(address)
            fates[address] = DONE
        self.driven.add(address)
        self.awaited_tasks.add(address)

    def escape(self, value: Value, *, keep: bool = False) -> None:
        """Record that a value is out of sight: others may drive it or change it.

        `keep` is for a value that is only stored: what it holds stays known.
        """
        fates = self.state.fates
        for address in self.reach(value):
            self.driven.add(address)
            is_pending = fates.get(address) in (LOOSE, PENDING, STORED)
            self.world.root.lets_go |= is_pending
            fates[address] = STORED if keep and is_pending else DONE
            if keep:
                continue
            self.awaited_tasks.add(address)
            if isinstance(self.state.heap.get(address), Items):
                self.state.heap[address] = Items({}, UNKNOWN, UNKNOWN)

    def keep(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        """Record that a value becomes an attribute of an object: others can find it."""
        fates = self.state.fates
        pending = [
            one
            for one in _coroutines(value)
            if one.kind in UNDRIVEN and fates.get(one.address) in (PENDING, LOOSE)
        ]
        self.escape(value, keep=True)
        if isinstance(owner, Instance):
            for one in pending:
                self.record(Stored(node, one, owner, name))

    def lose_sight(self) -> None:
        """Record that anything may have happened to every object there is."""
        lost = self.state.lose()
        self.driven.update(lost)
        self.awaited_tasks.update(lost)

    def misuse(self, value: Value, node: ast.AST, how: str) -> None:
        """Report a coroutine that is used as if it were a plain value.

        One that a value only may be is reported at the end, if nothing drives it.
        """
        for one in _coroutines(value):
            self.misuse_one(one, node, how, is_certain=one is value)

    def misuse_one(
        self, value: Coroutine, node: ast.AST, how: str, *, is_certain: bool
    ) -> None:
        if value.kind == "task" and is_certain and not _is_set(node):
            # Awaiting it beforehand makes no plain value of it.
            self.record(Misused(node, value, how, is_certain))
        fate = self.state.fates.get(value.address)
        if self.world.root.expected_refusals:
            self.state.fates[value.address] = DONE  # a test that it raises
            return
        if fate == DONE or (fate == STORED and not is_certain):
            # It may be somebody else's business.
            return
        if value.kind in UNDRIVEN or value.kind == "future":
            self.record(Misused(node, value, how, is_certain))
        if is_certain:
            # It is told; nobody has driven it.
            for address in self.reach(value):
                self.state.fates[address] = DONE

    def drive_with(self, driver: str, value: Value, node: ast.expr) -> None:
        """Report what a project's function gives, or is, and its driver refuses."""
        if self.world.root.expected_type_errors:
            return
        found = list(each(value))
        if all(self._refuses(driver, one) for one in found):
            self.record(NoCoroutine(node, found[0], f"`{driver}`", "TypeError"))
        elif driver == "await" and all(map(_is_plain, found)):
            called = getattr(node, "func", None)
            if isinstance(called, (ast.Attribute, ast.Name)):
                function = self.eval(called)
                if isinstance(function, Function) and not function.is_async:
                    event = NoCoroutine(node, function, "`await`", "TypeError", node)
                    self.record(event)

    def _refuses(self, driver: str, value: Value) -> bool:
        if isinstance(value, Coroutine):
            made = self.entry(value.address)
            is_own = isinstance(made, Made) and isinstance(made.callable, Function)
            return is_own and value.kind in REFUSED[driver]
        return driver == "await" and isinstance(function_of(value), Function)

    def lose_track(self, value: Value) -> None:
        """Say nothing of coroutines that a value only may be; nobody has driven them."""
        for one in each(value):
            if isinstance(one, Coroutine):
                self.state.fates[one.address] = DONE
                self.awaited_tasks.add(one.address)

    def truth(self, value: Value, node: ast.AST) -> None:
        self.look_at(value, node, "a truth test")

    def look_at(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine is only looked at, never run.

        One that a name holds can still be awaited: whether it is, shows at the end.
        """
        for one in _coroutines(value):
            if one.kind in UNDRIVEN:
                is_stored = self.state.fates.get(one.address) == STORED
                is_certain = one is value and not is_stored and not self.is_held(one)
                self.misuse_one(one, node, how, is_certain=is_certain)

    def is_held(self, value: Coroutine) -> bool:
        """Return whether a name, or what it holds, still has a coroutine."""
        if value.address in self.named:
            return True
        held = self.state.names.values()
        return any(value.address in self.reach(one) for one in held if _holds(one))

    def dump(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine raises an error, however deep inside."""
        self.misuse(value, node, how)
        if isinstance(value, Container) and self.world.root.has_coroutines:
            for address in self.reach(value):
                items = self.entry(address)
                for item in items.values() if isinstance(items, Items) else ():
                    self.misuse(item, node, how)

    def record(self, event: Event) -> None:
        self.world.record(self, event)

    def under(self, step: Step, action: Callable[[], Result]) -> Result:
        """Do something one step further on the way that events record."""
        root = self.world.root
        way = root.way
        root.way = Way(step, way)
        try:
            return action()
        finally:
            root.way = way


def _coroutines(value: Value) -> list[Coroutine]:
    """Return the coroutines that a value may be, as far as they are told apart."""
    if isinstance(value, Coroutine):
        return [value]
    if not isinstance(value, Alternatives) or isinstance(value, Overfull):
        return []
    return [one for one in value.values if isinstance(one, Coroutine)]


def _is_plain(value: Value) -> bool:
    """Return whether a value is a constant, or a container that nothing awaits."""
    if isinstance(value, Container):
        return value.kind != "generator"
    return isinstance(value, Const)


def _is_set(node: ast.AST) -> bool:
    """Return whether an attribute or item is set."""
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _holds(value: Value) -> bool:
    """Return whether a value may hold on to objects."""
    return not isinstance(value, (Const, Coroutine, External, Object))
