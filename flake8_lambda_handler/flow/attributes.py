"""Attributes of values: of modules, classes, instances and what lies outside."""

from __future__ import annotations

import ast
import builtins

from flake8_lambda_handler.facts.attributes import delegate
from flake8_lambda_handler.facts.reads import OWN
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.classes import Unmediated
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import bind
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.names import Names
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import NEVER
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Alternatives
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Super
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

#: Attributes of coroutines, async generators and futures that people use on purpose;
#: reading one means that somebody drives or closes the object by hand. `flatten` is one
#: of what iterators of discord.py had before version 2; queries of Tortoise have `sql`.
COROUTINE_ATTRIBUTES = OWN | frozenset(
    {"explain", "flatten", "limit", "order_by", "sql", "using_db"}
    | {"cancel", "cancelled", "done", "exception", "get_loop", "remove_done_callback"}
    | {"add_done_callback", "result", "set_exception", "set_result"}
)

#: What else tasks have.
TASK_ATTRIBUTES = frozenset(
    {"cancelling", "get_context", "get_coro", "get_name", "get_stack", "print_stack"}
    | {"set_name", "uncancel"}
)


class Attributes(Names):
    """Attributes and what binding makes of them."""

    def eval_Attribute(self, node: ast.Attribute) -> Value:
        value = self.eval(node.value)
        return self.attribute(value, node.attr, node)

    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, Alternatives):
            # The attribute of `None` would raise.
            value = join(*[one for one in each(value) if one != NONE])
        if not isinstance(value, Alternatives):
            return self.attribute_of(value, name, node)
        choices = list(each(value))
        plain = [one for one in choices if not _is_stream(one)]
        if 0 < len(plain) < len(choices):
            # Who streams on one way only knows which of them it has.
            self.drive(value)
            choices = plain
        found = self.per_choice(
            choices, lambda one: self.attribute_of(one, name, node, is_certain=False)
        )
        if any(self.is_computed(one, name) for one in choices):
            return self.merged(found, node)
        return _one_method(found)

    def is_computed(self, value: Value, name: str) -> bool:
        """Return whether a property of its class gives an attribute of an object."""
        if not isinstance(value, Instance):
            return False
        return isinstance(self.world.class_facts(value.cls).find(name), Descriptor)

    def attribute_of(
        self, value: Value, name: str, node: ast.AST, *, is_certain: bool = True
    ) -> Value:
        if isinstance(value, External):
            dotted = f"{value.name}.{name}"
            loaded = self.world.submodule(self.module, dotted)
            if loaded is not None:
                return ModuleValue(loaded)
            return self.libraries.constant(External(dotted))
        if isinstance(value, ModuleValue):
            if name == "__dict__":
                return self.call(External("builtins.vars"), [value], {}, node)
            held = self.world.member(value.module, name)
            is_later = held == NONE and not self.frame.shared
            return join(held, KEPT) if is_later else held
        if isinstance(value, Instance):
            return self.instance_attribute(value, name, node)
        if isinstance(value, Function):
            return self.world.patched(value, name) or UNKNOWN
        if isinstance(value, Class):
            facts = self.world.class_facts(value)
            member = facts.find(name)
            if self.libraries.is_enum_member(facts, name, member):
                return Instance(value, None)
            listed = self.libraries.class_attribute(facts, name)
            if listed is not None:
                return listed
            assigned = self.world.patched(value, name)
            if assigned is not None:
                return assigned if member is None else join(member, assigned)
            if member == NONE and name in value.module.attribute_writers:
                return UNKNOWN
            if member is None and isinstance(facts.made_by, Class):
                return self.attribute_of(facts.made_by, name, node)
            return self.bound(member, value, None, node)
        if isinstance(value, Super):
            facts = self.world.class_facts(value.cls)
            member = facts.find(name, skip_own=True)
            if member == UNKNOWN:
                return self.above(facts, name)
            if member is None and name == "__new__":
                return External("builtins.object.__new__")
            made = value.receiver
            if member is None and name == "__call__" and type(made) is Class:
                return Unmediated(made.node, made.module, made.frame)
            return self.bound(member, value.cls, value.receiver, node)
        if isinstance(value, Coroutine):
            return self.coroutine_attribute(value, name, node, is_certain)
        if isinstance(value, Object):
            return self.libraries.attribute(self, value, name)
        if isinstance(value, (Container, Generator, Const, Held)):
            return Method(value, name) if _has_method(value, name) else UNKNOWN
        return value if value in (KEPT, NEVER) else UNKNOWN

    def above(self, facts: ClassFacts, name: str) -> Value:
        """Return what `super()` finds outside the project.

        A plain method that overrides an async one shows that this is plain as well.
        """
        function = self.frame.function
        if function is not None and function.name == name and not function.is_async:
            return UNKNOWN
        return self.libraries.above(facts, name) or UNKNOWN

    def coroutine_attribute(
        self, value: Coroutine, name: str, node: ast.AST, is_certain: bool
    ) -> Value:
        made = self.entry(value.address)
        maker = made.callable if isinstance(made, Made) else UNKNOWN
        known = COROUTINE_ATTRIBUTES
        if value.kind == "coroutine" and (
            isinstance(maker, Function) or self.libraries.is_async_function(maker)
        ):
            known = OWN
        is_own = name in known or name.startswith(("_", "ag_", "cr_"))
        if value.kind == "task":
            is_own = is_own or name in TASK_ATTRIBUTES
            is_own = is_own or name in self.module.attribute_writers
        if not is_own:
            how = f"attribute `{name}`"
            self.misuse_one(value, node, how, is_certain=is_certain)
            return UNKNOWN
        return self.libraries.awaitable_attribute(self, value, name)

    def instance_attribute(self, value: Instance, name: str, node: ast.AST) -> Value:
        found = self.known_attribute(value, name, node)
        is_unset = found == NONE and value.address is None
        if not (is_unset or UNKNOWN in each(found) or self.may_be_filled(value, found)):
            return found
        declared = self.world.declared_attribute(value.cls, name)
        if declared == found == UNKNOWN and value.address is None:
            mixed_in = self.world.mixed_in(value.cls, name)
            return found if mixed_in is None else mixed_in.bind(value)
        return found if declared == UNKNOWN else declared

    def may_be_filled(self, owner: Instance, found: Value) -> bool:
        """Return whether other methods may have put something into a container."""
        return owner.address is None and any(map(self.holds_nothing, each(found)))

    def holds_nothing(self, value: Value) -> bool:
        """Return whether a container holds nothing yet, but for what a `defaultdict` makes."""
        if not isinstance(value, Container):
            return False
        items = self.items(value)
        made = getattr(items.rest, "address", None)
        return not items.known and (
            items == Items() or isinstance(getattr(made, "node", None), Marker)
        )

    def known_attribute(self, value: Instance, name: str, node: ast.AST) -> Value:
        facts: ClassFacts = self.world.class_facts(value.cls)
        listed = self.libraries.inherited(self, value, name)
        if listed is not None:
            return listed
        entry = self.entry(value.address)
        if isinstance(entry, Items):
            if name in entry.known:
                return self.or_kept(entry.known[name], value.address)
            if entry.rest is not None and not isinstance(facts.find(name), Function):
                return UNKNOWN
        found = facts.find(name)
        if name == "__class__" and found is None:
            return value.cls if type(value) is Instance else UNKNOWN
        if found is None:
            found = self.world.instance_default(value.cls, name)
            return (
                self.delegated(facts, value, name, node) if found == UNKNOWN else found
            )
        is_property = isinstance(found, Descriptor) and found.kind == "property"
        if not is_property and self.is_assigned(facts, name):
            assigned = self.world.patched(value.cls, name)
            if assigned is None or not isinstance(entry, Items):
                return UNKNOWN
            return join(found, assigned)
        if isinstance(found, Function) and value.address is None:
            if name in self.module.attribute_writers:
                return UNKNOWN  # a test puts something in the place of a method
        return self.bound(found, value.cls, value, node)

    def delegated(
        self, facts: ClassFacts, value: Instance, name: str, node: ast.AST
    ) -> Value:
        """Return what an object has from another one, to which `__getattr__` leads."""
        hook = facts.find("__getattr__")
        if not isinstance(hook, Function) or facts.cls.module.attribute_writers.get(
            name
        ):
            return UNKNOWN
        inner = delegate(hook.node)
        if inner in ("", name):
            return UNKNOWN
        return self.attribute(self.instance_attribute(value, inner, node), name, node)

    def is_assigned(self, facts: ClassFacts, name: str) -> bool:
        """Return whether the file of a class assigns an attribute of its objects."""
        module = facts.cls.module
        if name not in module.attribute_writers:
            return False
        return name in module.foreign_writes or any(
            name in module.assigned_by(cls) for cls in module.family(facts.cls.node)
        )

    def bound(
        self, found: Value | None, cls: Class, receiver: Value | None, node: ast.AST
    ) -> Value:
        """Return a class attribute as seen through its class or an instance."""
        if found is None:
            return UNKNOWN
        found = self.world.resolved(found)
        if isinstance(found, Descriptor):
            if found.kind == "staticmethod":
                return found.function
            if found.kind == "field":
                return UNKNOWN
            if found.kind == "classmethod":
                return bind(found.function, cls) or UNKNOWN
            if receiver is None:
                return found
            if found.kind == "cached_property":
                return self.cached(found.function, receiver, node)
            return self.call(found.function, [receiver], {}, node)
        return found if receiver is None else bind(found, receiver) or found

    def cached(self, function: Value, receiver: Value, node: ast.AST) -> Value:
        """Return what a `cached_property` gives, and keep it as an attribute."""
        step = Step("or", node)
        value = self.under(step, lambda: self.call(function, [receiver], {}, node))
        if isinstance(receiver, Instance) and isinstance(function, Function):
            self.set_attribute(receiver, function.name, value, node)
        return value


def _is_stream(value: Value) -> bool:
    """Return whether a value is what an async generator gives."""
    return isinstance(value, Coroutine) and value.kind == "async generator"


def _one_method(found: Value) -> Value:
    """Return the method that several objects have in common, bound to one of them."""
    first, *others = each(found)
    if others and isinstance(first, Function) and first.receiver is not None:
        receivers = [first.receiver]
        for one in others:
            if not isinstance(one, Function) or one.node is not first.node:
                return found
            receivers.append(one.receiver or UNKNOWN)
        return first.bind(join(*receivers))
    return found


def _has_method(value: Value, name: str) -> bool:
    """Return whether an object of a type of Python's own may have a method."""
    if isinstance(value, Const):
        return hasattr(value.value, name)
    type = getattr(builtins, getattr(value, "kind", ""), None)
    return type is None or hasattr(type, name)
