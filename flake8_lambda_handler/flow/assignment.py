"""Bind targets of any shape."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import TypeGuard

from flake8_lambda_handler.facts.bindings import global_item
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import join_items
from flake8_lambda_handler.flow.heap import overwritten
from flake8_lambda_handler.flow.hinted import Row
from flake8_lambda_handler.flow.kinds import is_key
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

_ORDERED = frozenset({"dict_keys", "dict_values", "list", "tuple"})


class Assignment(Run):
    """Assignments to names, attributes, subscripts and patterns."""

    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target of any shape."""
        if isinstance(target, ast.Name):
            self.store(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value)
        elif isinstance(target, ast.Attribute):
            self.assign_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            self.assign_subscript(target, value)

    def unpack(self, target: ast.Tuple | ast.List, value: Value) -> None:
        """Bind the targets of an unpacking; what came together stays together."""
        if isinstance(value, Coroutine):
            self.misuse(value, target, "unpacking")
            value = UNKNOWN
        names: dict[str, tuple[Value, ...]] = {}
        for leaf, found in self.parts(target, value):
            if isinstance(leaf, ast.Starred):
                held = [self.items(one) for one in found if isinstance(one, Container)]
                items = functools.reduce(join_items, held)
                self.assign(leaf.value, self.container("list", items, leaf))
                continue
            self.assign(leaf, join(*found))
            if isinstance(leaf, ast.Name) and leaf.id in self.state.names:
                names[leaf.id] = tuple(found)
        self.state.tie(names)

    def parts(
        self, target: ast.expr, value: Value
    ) -> Iterator[tuple[ast.expr, list[Value]]]:
        """Yield each target of an unpacking with what it gets from each alternative."""
        if not isinstance(target, (ast.Tuple, ast.List)):
            yield target, list(each(value))
            return
        ways = [list(self.split(target.elts, one)) for one in each(value)]
        for index, item in enumerate(target.elts):
            found = [way[index] for way in ways]
            if isinstance(item, (ast.Tuple, ast.List)):
                yield from self.parts(item, join(*found))
            else:
                yield item, found

    def split(self, targets: list[ast.expr], value: Value) -> Iterator[Value]:
        """Yield what each target gets of one value; a list for a starred one."""
        items = None
        if isinstance(value, Row) and len(value.items) == len(targets):
            if not any(isinstance(one, ast.Starred) for one in targets):
                yield from value.items
                return
        if isinstance(value, Container) and value.kind in _ORDERED:
            items = self.items(value)
        element = self.iterate(value, targets[0]) if targets else UNKNOWN
        size = len(items.known) if items is not None and items.rest is None else 0
        starred = False
        for index, item in enumerate(targets):
            left = len(targets) - index  # from here to the end
            if isinstance(item, ast.Starred):
                starred = True
                inner = Items({}, element)
                if items is not None and items.rest is None:
                    middle = range(index, size - left + 1)
                    inner = Items(dict(enumerate(map(items.get, middle))))
                yield self.container("list", inner, Marker(item))
            elif items is None or (starred and not size):
                yield element
            else:
                yield items.get(size - left if starred else index)

    def assign_attribute(self, target: ast.Attribute, value: Value) -> None:
        self.put_attribute(self.eval(target.value), target.attr, value, target)

    def put_attribute(
        self, owner: Value, name: str, value: Value, node: ast.AST
    ) -> None:
        if isinstance(owner, Alternatives):
            # The attribute of `None` would raise.
            held = [one for one in each(owner) if one not in (KEPT, NONE)]
            owner = join(*held) if held else UNKNOWN
            if _are_one(held):
                for one in held[1:]:
                    self.set_attribute(one, name, value, node)
                owner = held[0]
        self.misuse(owner, node, f"attribute `{name}`")
        self.keep(owner, name, value, node)
        if isinstance(owner, Instance) and owner.address is not None:
            self.set_attribute(owner, name, value, node)
        else:
            self.world.note_filled(value)
            self.give_away(owner, value)
        if isinstance(owner, (Class, Function, ModuleValue)):
            self.world.store_attribute(self, owner, name, value)
        self.libraries.set_attribute(self, owner, name, value, node)

    def give_away(self, owner: Value, value: Value) -> None:
        """Record that tasks become a part of an owner of which nothing is known."""
        if owner == UNKNOWN or isinstance(owner, External):
            self.awaited_tasks.update(self.reach(value))

    def set_attribute(
        self, owner: Instance, name: str, value: Value, node: ast.AST
    ) -> None:
        if owner.address is None:
            return
        self.update(owner, self.items(owner).set(name, value), node=node)
        if self.frame.shared or self.world.is_shared(owner.address):
            self.world.store_shared(self, value)

    def assign_subscript(self, target: ast.Subscript, value: Value) -> None:
        name = global_item(target)
        if name is not None and isinstance(self.frame.scope, ast.Module):
            self.store(name, value)
            return
        if name is not None:
            self.escape(value, keep=True)
            self.world.store_global(self, name, value)
            return
        owner = self.eval(target.value)
        if isinstance(target.value, ast.IfExp):
            value = join(value, UNKNOWN)  # the condition decides which of them gets it
        key = self.key_to_change(target.slice)
        self.misuse(owner, target, "a subscript")
        for one in each(owner):
            if not isinstance(one, Container):
                self.libraries.set_item(self, one, target, key, value)
                self.world.note_filled(value)
                self.give_away(one, value)
                self.escape(value, keep=True)
                continue
            self.stow(one, target, value, target)
            items = self.items(one)
            if isinstance(target.slice, ast.Slice):
                added = self.iterate(value, target)
                whole = target.slice.lower is target.slice.upper is None
                items = Items() if whole else overwritten(items, added)
                self.update(one, items.add(added), value, target)
            elif isinstance(key, Const) and is_key(key):
                if owner is one:
                    self.update(one, items.set(key.value, value), value, target)
                else:
                    self.update(
                        one, overwritten(items, value).add(value), value, target
                    )
            elif one.kind == "dict":
                self.update(
                    one, overwritten(items, value).add(value, key), value, target
                )
            else:
                self.update(one, overwritten(items, value).add(value), value, target)


def _are_one(values: list[Value]) -> TypeGuard[list[Instance]]:
    """Return whether values are one object, made at one place by way of several calls."""
    nodes = {
        one.address.node for one in values if isinstance(one, Instance) and one.address
    }
    return len(nodes) == 1 and all(
        isinstance(one, Instance) and one.address for one in values
    )
