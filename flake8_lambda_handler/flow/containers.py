"""Displays, comprehensions, subscripts: what lists, dicts and their like hold."""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.facts.bindings import global_item
from flake8_lambda_handler.facts.bindings import is_own_module
from flake8_lambda_handler.flow.events import Stowed
from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.fates import DONE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import changes
from flake8_lambda_handler.flow.heap import overwritten
from flake8_lambda_handler.flow.hinted import Alias
from flake8_lambda_handler.flow.kinds import are_called
from flake8_lambda_handler.flow.kinds import is_key
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.narrowing import Tested
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.narrowing import tested
from flake8_lambda_handler.flow.narrowing import widen
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Namespace
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_optional

#: What annotations that have a name of their own begin with.
ALIASES = frozenset(
    {"collections.abc.Callable", "typing.Callable", "typing.Optional", "typing.Union"}
    | {"typing.Annotated", "typing_extensions.Annotated"}
)

SYS_MODULES = External("sys.modules")


class Containers(Expressions):
    """Containers and their items."""

    def eval_Starred(self, node: ast.Starred) -> Value:
        return self.iterate(self.eval(node.value), node)

    def eval_List(self, node: ast.List) -> Value:
        return self.display("list", node)

    def eval_Tuple(self, node: ast.Tuple) -> Value:
        return self.display("tuple", node)

    def eval_Set(self, node: ast.Set) -> Value:
        return self.display("set", node)

    def display(self, kind: str, node: Any) -> Value:
        items = Items()
        for index, element in enumerate(node.elts):
            value = self.eval(element)
            if isinstance(element, ast.Starred) or items.rest is not None:
                items = items.add(value)
            else:
                items = items.set(index, value)
        return self.container(kind, items, node)

    def eval_Dict(self, node: ast.Dict) -> Value:
        items = Items()
        for key, item in zip(node.keys, node.values):
            value = self.eval(item)
            if key is None:
                self.misuse(value, node, "`**`")
                items = self.merge(items, value)
                continue
            items = self.put(items, self.eval(key), value, key)
        return self.container("dict", items, node)

    def merge(self, items: Items, value: Value) -> Items:
        """Return dict items with those of another mapping on top."""
        if isinstance(value, Container) and value.kind == "dict":
            other = self.items(value)
            known = items.known
            if other.rest is not None:
                known = overwritten(items, other.rest).known
            rest = join_optional(items.rest, other.rest)
            keys = join_optional(items.keys, other.keys)
            return Items(known, rest, keys).with_all(other.known)
        for one in each(value):
            if not isinstance(one, Coroutine):
                self.drive(one)  # `**` runs no coroutine
        known = overwritten(items, UNKNOWN).known
        return Items(known, join_optional(items.rest, UNKNOWN), UNKNOWN)

    def put(self, items: Items, key: Value, value: Value, node: ast.AST) -> Items:
        """Return dict items with one more key."""
        if isinstance(key, Const) and is_key(key):
            return items.set(key.value, value)
        self.drive(key)
        return items.add(value, key)

    def comprehension(self, node: Any, kind: str) -> Value:
        saved = {}
        outer: Tested = {}
        before = self.state.fork()
        for generator in node.generators:
            iterable = self.eval(generator.iter)
            if generator.is_async:
                self.drive_with("async for", iterable, generator.iter)
                self.note_driven(iterable, generator.iter)
                element = self.libraries.each_async(self, iterable)
            else:
                element = self.iterate(iterable, generator.iter)
            self.state.focus(self.reach(element))
            for name in _target_names(generator.target):
                saved[name] = self.state.names.get(name)
            self.assign_each(generator.target, generator.iter, element)
            for test in generator.ifs:
                self.test(test)
                outer.update({**tested(self, test), **outer})
                narrow(self, test, True)
        if kind == "dict":
            key = self.under(Step("for", node), lambda: self.eval(node.key))
            value = self.under(Step("for", node), lambda: self.eval(node.value))
            self.drive(key)
            items = Items({}, value, key)
        else:
            items = Items(
                {}, self.under(Step("for", node), lambda: self.eval(node.elt))
            )
        self.state.spread(before)
        widen(self, outer)
        for name, old in saved.items():
            if old is None:
                self.state.names.pop(name, UNKNOWN)
            else:
                self.state.names[name] = old
        return self.container(kind, items, node)

    def assign_each(self, target: ast.expr, iterable: ast.expr, element: Value) -> None:
        """Bind what a loop comes to; a key of a dict and its value stay together."""
        self.assign(target, element)
        self.varying.update(
            name
            for name in _target_names(target)
            if isinstance(self.state.names.get(name), Alternatives)
        )
        items = self.dict_items(iterable)
        names = [getattr(one, "id", "") for one in getattr(target, "elts", ())]
        if items is not None and len(names) == 2 and all(names):
            ways = [tuple(map(Const, items.known)), tuple(items.known.values())]
            self.state.tie(dict(zip(names, ways)))

    def key_to_change(self, node: ast.expr) -> Value:
        """Return the key under which something changes; in a loop, each has its turn."""
        key = self.eval(node)
        return UNKNOWN if getattr(node, "id", "") in self.varying else key

    def dict_items(self, node: ast.expr) -> Items | None:
        """Return what a dict holds whose `.items()` an expression gives, if all is known."""
        while isinstance(node, ast.Call) and len(node.args) == 1:
            node = node.args[0]  # `list(data.items())`
        owner = node.func if isinstance(node, ast.Call) else None
        if not isinstance(owner, ast.Attribute) or owner.attr != "items":
            return None
        held = self.state.names.get(getattr(owner.value, "id", ""))
        if not isinstance(held, Container) or held.kind != "dict":
            return None
        items = self.items(held)
        return None if items.rest or items.keys else items

    def eval_ListComp(self, node: ast.ListComp) -> Value:
        return self.comprehension(node, "list")

    def eval_SetComp(self, node: ast.SetComp) -> Value:
        return self.comprehension(node, "set")

    def eval_DictComp(self, node: ast.DictComp) -> Value:
        return self.comprehension(node, "dict")

    def eval_GeneratorExp(self, node: ast.GeneratorExp) -> Value:
        return self.comprehension(node, "generator")

    def eval_Subscript(self, node: ast.Subscript) -> Value:
        name = global_item(node)
        if name is not None:
            return self.world.global_value(self.module, name)
        value = self.eval(node.value)
        key = self.eval(node.slice)
        if value == SYS_MODULES and is_own_module(node):
            return ModuleValue(self.module)
        if isinstance(value, External) and value.name in ALIASES:
            return Alias(Hint(node, self.module, None))
        choices = list(each(value))
        if len(choices) > 1 and not isinstance(node.slice, ast.Slice):
            # `page.get("Items", [])[0]`: with the default, nothing comes of it.
            choices = [one for one in choices if not self.is_empty(one)] or choices
        return join(
            *[
                self.subscript(one, key, node, is_certain=one is value)
                for one in choices
            ]
        )

    def is_empty(self, value: Value) -> bool:
        """Return whether a value is a display of this invocation with nothing in it."""
        return (
            isinstance(value, Container)
            and isinstance(written(value.address.node), (ast.Dict, ast.List, ast.Tuple))
            and not value.address.shared
            and self.entry(value.address) == Items()
        )

    def subscript(
        self, value: Value, key: Value, node: ast.AST, *, is_certain: bool
    ) -> Value:
        if isinstance(value, Held):
            is_slice = isinstance(getattr(node, "slice", None), ast.Slice)
            return value if is_slice else value.item
        if isinstance(value, Container):
            items = self.items(value)
            if value.kind != "dict" and isinstance(key, Const):
                key = _from_start(key, items)
            if isinstance(key, Const) and is_key(key):
                if key.value in items.known or items.rest is not None:
                    return self.or_kept(items.get(key.value), value.address)
                return KEPT if self.is_kept(value.address) else UNKNOWN
            if isinstance(getattr(node, "slice", None), ast.Slice):
                return self.container(value.kind, Items({}, items.element()), node)
            # Which of several is picked, data decides; perhaps never this one.
            found = items.element()
            is_sure = not isinstance(found, Alternatives) or are_called(found)
            return found if is_sure else join(found, UNKNOWN)
        if isinstance(value, Coroutine):
            self.misuse_one(value, node, "a subscript", is_certain=is_certain)
            return UNKNOWN
        if isinstance(value, Class) and self.world.class_facts(value).is_generic:
            return value
        if isinstance(value, (Object, External)):
            return self.libraries.subscript(value, key, node)
        return NEVER if value is NEVER else UNKNOWN

    def eval_Slice(self, node: ast.Slice) -> Value:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.eval(part)
        return UNKNOWN

    def container(self, kind: str, items: Items, node: ast.AST) -> Container:
        address = self.address(node)
        self.state.fresh(address, items)
        return Container(kind, address)

    def items(self, value: Container | Instance) -> Items:
        entry = self.entry(value.address)
        if entry == Items():
            return self.world.filled_later(value.address) or entry
        return entry if isinstance(entry, Items) else Items({}, UNKNOWN, UNKNOWN)

    def or_kept(self, found: Value, address: Address | None) -> Value:
        """Return what an object holds, or what an earlier invocation has put there."""
        return join(found, KEPT) if found == NONE and self.is_kept(address) else found

    def is_kept(self, address: Address | None) -> bool:
        """Return whether earlier invocations had an object, too."""
        return not self.frame.shared and self.world.is_shared(address)

    def update(
        self,
        value: Value,
        items: Items,
        added: Value | None = None,
        node: ast.AST | None = None,
    ) -> None:
        """Replace the items of a container.

        What joins an escaped one escapes; `node` is what puts in what is new.
        """
        address = getattr(value, "address", None)
        if address is None:
            return
        old = self.state.heap.get(address)
        if node is not None and isinstance(old, Items):
            for key, one in changes(old, items):
                self.world.puts[address, key, one] = self.module, node
                if isinstance(value, Namespace):
                    self.escape(one, keep=True)
        if old is None:
            # It comes from elsewhere, where others can find what joins it.
            self.state.fates[address] = DONE
            if added is not None:
                self.world.note_filled(added)
        if added is not None and (
            self.state.fates.get(address) == DONE or address.shared
        ):
            self.escape(added, keep=True)
        if added is not None and self.world.is_shared(address):
            self.world.store_shared(self, added)
        self.state.change(address, items)

    def stow(
        self, container: Container, place: ast.AST, value: Value, node: ast.AST
    ) -> None:
        """Note a coroutine that somebody puts where only other code can find it.

        `place` is the method of the container that does it, or the item.
        """
        where = getattr(place, "value", None)
        if (
            isinstance(value, Coroutine)
            and value.kind == "coroutine"
            and self.state.fates.get(value.address) == PENDING
        ):
            if isinstance(where, ast.Name) and container.address.shared:
                self.record(Stowed(node, value, where.id, None))
            elif isinstance(where, ast.Attribute) and isinstance(where.value, ast.Name):
                owner = self.state.names.get(where.value.id)
                if isinstance(owner, Instance) and owner.address is None:
                    self.record(Stowed(node, value, where.attr, owner.cls))

    def iterate(self, value: Value, node: ast.AST) -> Value:
        """Return what a plain `for` over a value gives."""
        found = []
        for one in each(value):
            if isinstance(one, Container):
                items = self.items(one)
                if one is not value and items == Items():
                    continue
                if one.kind == "dict":
                    keys = [Const(key) for key in items.known]
                    if items.keys is not None:
                        keys.append(items.keys)  # type: ignore[arg-type]
                    found.append(join(*keys) if keys else UNKNOWN)
                else:
                    found.append(items.element())
            elif isinstance(one, Held) and one.kind == "list":
                found.append(one.item)
            elif isinstance(one, Coroutine):
                self.misuse_one(one, node, "a plain `for`", is_certain=one is value)
                found.append(UNKNOWN)
            else:
                if one is value:
                    self.libraries.use_plainly(self, one, node, "for")
                found.append(self.libraries.element(self, one, node))
        return join(*found) if found else UNKNOWN

    def remove(self, owner: Value, key: Value) -> None:
        """Carry out `del owner[key]`."""
        self.libraries.changed(self, owner)
        for one in each(owner):
            if not isinstance(one, Container):
                continue
            items = self.items(one)
            if isinstance(key, Const) and one.kind == "dict" and owner is one:
                known = {k: v for k, v in items.known.items() if k != key.value}
                self.update(one, items._replace(known=known))
            else:
                self.update(one, overwritten(items, UNKNOWN))


def _from_start(key: Const, items: Items) -> Value:
    """Return an index that counts from the end as one from the start, if it is known."""
    index = key.value
    if not isinstance(index, int) or index >= 0:
        return key
    return Const(len(items.known) + index) if items.rest is None else UNKNOWN


def _target_names(target: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
