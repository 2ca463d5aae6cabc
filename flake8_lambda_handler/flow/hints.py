"""What annotations say of the objects that nothing else is known of.

An annotation tells the class of an object, or one that it derives from: enough to find
its methods, and not enough to say what it holds.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from collections.abc import Iterable

from flake8_lambda_handler.facts import attributes
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.attributes import Assigned
from flake8_lambda_handler.facts.listeners import kept as listeners_of
from flake8_lambda_handler.facts.listeners import tells_apart
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.scopes import first_parameter
from flake8_lambda_handler.flow import injected
from flake8_lambda_handler.flow import listeners
from flake8_lambda_handler.flow import registries
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.fixtures import given_to_test
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.hinted import Alias
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.hinted import as_declared
from flake8_lambda_handler.flow.layers import Layers
from flake8_lambda_handler.flow.modules import ModuleFinder
from flake8_lambda_handler.flow.modules import Modules
from flake8_lambda_handler.flow.run import Libraries
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import TypedClass
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all

#: What says nothing of a class.
_UNSAID = frozenset({NONE, SOMETHING, UNKNOWN})


class Hints(Modules):
    """Annotations of parameters, results and attributes."""

    def __init__(self, libraries: Libraries, resolver: ModuleFinder) -> None:
        super().__init__(libraries, resolver)
        #: What is known of the classes of expressions in methods.
        self._expressions: dict[ast.AST, Value] = {}
        #: What others put into the containers of modules.
        self._filled: dict[Address, Items | None] = {}
        #: The classes of what the project gives to constructors, by their parameters.
        self._given: dict[tuple[ast.AST, str], Value] = {}
        #: The methods that mixins have from the classes that are made of them.
        self._mixed_in: dict[tuple[ast.AST, str], Function | None] = {}
        #: The parameters that functions give the like of.
        self._likenesses: dict[ast.AST, tuple[str, bool] | None] = {}

    def declared(self, hint: Hint) -> Value:
        """Return what an annotation says that an object is.

        What stands for a parameter without one is what the project gives it.
        """
        if isinstance(hint.annotation, ast.arg):
            return self._given_to_function(hint.annotation, hint.module)
        found: list[Value] = []
        for one in hints.alternatives(hint.annotation) or ():
            if one.node is None:
                found.append(NONE)
                continue
            named = self._class_named(one.node, hint)
            if one.gives:
                made: Value = Callback(one.gives, None)
            elif isinstance(named, Alias):
                made = self.declared(named.hint)
            elif isinstance(named, Class):
                node, module, frame = named.node, named.module, named.frame
                if one.is_class:
                    made = TypedClass(node, module, frame)
                else:
                    made = Typed(named, None)
            elif isinstance(named, External) and not one.is_class:
                made = self.libraries.object_of(named.name)
            else:
                return UNKNOWN
            if made == UNKNOWN:
                return UNKNOWN
            for kind in reversed(one.holders):
                made = Held(kind, made)
            found.append(made)
        return _one_class(found)

    def _class_named(self, node: ast.expr, hint: Hint) -> Value:
        if isinstance(node, ast.Attribute):
            owner = self._class_named(node.value, hint)
            if isinstance(owner, External):
                return External(f"{owner.name}.{node.attr}")
            if isinstance(owner, ModuleValue):
                return self.member(owner.module, node.attr)
            if isinstance(owner, Class):
                held = self.class_facts(owner).namespace.get(node.attr)
                return UNKNOWN if held is None else self.resolved(held)
            return UNKNOWN
        if not isinstance(node, ast.Name):
            return UNKNOWN
        if "." in node.id:
            return External(node.id)
        frame: Frame | None = hint.frame
        while frame is not None:
            if node.id in frame.ever:
                return self.resolved(frame.ever[node.id])
            frame = frame.parent
        found = self.global_value(hint.module, node.id)
        where = hint.module.type_imports.get(node.id)
        if found == UNKNOWN and where is not None:
            return self.resolved(self.imported(hint.module, *where))
        return found

    def returned(self, function: Function, args: list[Value], value: Value) -> Value:
        """Return what a call gives, by the function's annotation if by nothing else."""
        annotation = getattr(function.node, "returns", None)
        if annotation is None or value == NONE or not _UNSAID.issuperset(each(value)):
            return value
        if hints.is_self(annotation):
            receiver = args[0] if args and function.owner is not None else UNKNOWN
            return Typed(receiver, None) if isinstance(receiver, Class) else receiver
        said = self.declared(Hint(annotation, function.module, function.frame))
        said = self._like_argument(function, args) if said == UNKNOWN else said
        return value if said == UNKNOWN else said

    def _like_argument(self, function: Function, args: list[Value]) -> Value:
        """Return what a function gives that takes a class, and gives an object of it."""
        if function.node not in self._likenesses:
            self._likenesses[function.node] = hints.same_as(function.node)
        found = self._likenesses[function.node]
        if found is None:
            return UNKNOWN
        name, is_class = found
        value = self._bind(function, args, {}).get(name, UNKNOWN)
        if not is_class:
            return as_declared(self.resolved(value))
        value = self.resolved(value)
        return Typed(value, None) if isinstance(value, Class) else UNKNOWN

    def filled_later(self, address: Address | None) -> Items | None:
        """Return what others put into an empty container of a module.

        An annotation says so, or the modules that import it show it.
        """
        if address is None or self.is_tracing or self._running:
            return None
        said = self.said.get(address)
        if said is not None:
            found = self.declared(Hint(said, address.module, None))
            return Items({}, found.item) if isinstance(found, Held) else None
        if address.context:
            return None
        if address not in self._filled:
            self._filled[address] = None
            self._filled[address] = registries.filled(
                self, address.module, address.node, self.resolver.importers
            )
        return self._filled[address]

    def declared_attribute(self, cls: Class, name: str) -> Value:
        """Return what a class says that an attribute of its instances is."""
        for facts in self.class_facts(cls).line():
            owner = facts.cls
            places = owner.module.assigned_by(owner.node).get(name, ())
            for place in places:
                if place.annotation is not None:
                    said = self.declared(
                        Hint(place.annotation, owner.module, owner.frame)
                    )
                    return (
                        said
                        if said != UNKNOWN
                        else self._listeners(owner, name, places)
                    )
            if places:
                if name in owner.module.foreign_writes:
                    return UNKNOWN
                found = [self._assigned(place, owner) for place in places]
                if UNKNOWN in found:
                    return self._listeners(owner, name, places)
                return _one_class(found)
        return UNKNOWN

    def mixed_in(self, cls: Class, name: str) -> Function | None:
        """Return the async method that a class has from those derived from it.

        A mixin calls what it has not itself: each class of the project that is made of
        it and has such a method has an async one.
        """
        key = (cls.node, name)
        if key not in self._mixed_in and not self._running:
            self._mixed_in[key] = None
            if self.class_facts(cls).find(name) is None:
                self._mixed_in[key] = self._in_derived(cls, name)
        return self._mixed_in.get(key)

    def _in_derived(self, cls: Class, name: str) -> Function | None:
        found: Function | None = None
        for module, derived in self.resolver.derived(cls.module, cls.node.name):
            value = self.global_value(module, derived)
            if isinstance(value, Class) and value.node is not cls.node:
                facts = self.class_facts(value)
                member = facts.find(name)
                if member is None or all(
                    one.cls.node is not cls.node for one in facts.line()
                ):
                    continue
                if not isinstance(member, Function) or not member.is_async:
                    return None
                if name in module.attribute_writers:
                    return None  # its objects may have another one
                found = found or member
        return found

    def _listeners(self, owner: Class, name: str, places: Iterable[Assigned]) -> Value:
        """Return the functions that an attribute of a class's objects holds."""
        key = (owner.node, name)
        if key not in self._given and not self._running:
            self._given[key] = UNKNOWN
            kept = listeners_of(owner.node, name, places, owner.module.puts)
            if kept is not None and not tells_apart(owner.module.text):
                words = [name, *kept.keepers]
                modules = self.resolver.naming(owner.module, words)
                self._given[key] = listeners.held(
                    self, owner, name, kept, modules, self._evaluated
                )
        return self._given.get(key, UNKNOWN)

    def _assigned(self, place: Assigned, owner: Class) -> Value:
        """Return what is known of an attribute by one of its assignments."""
        if place.value is None or place.method is None:
            return UNKNOWN
        given = (*place.method.args.args[1:], *place.method.args.kwonlyargs)
        said = hints.unsaid(place.method, (), owner.module.text)
        said.update({one.arg: one.annotation for one in given if one.annotation})
        unsaid = {one.arg for one in given} - set(said)
        # What is given in place of a default is as good as the default.
        missing = attributes.optional_parameters(place.method)
        stack = [place.value]
        found: list[Value] = []
        value: Value
        while stack:
            node = stack.pop()
            if isinstance(node, ast.IfExp):
                stack += [node.body, node.orelse]
            elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
                stack += node.values
            elif isinstance(node, ast.Constant) and node.value is None:
                found.append(NONE)
            elif isinstance(node, ast.Name) and node.id in said:
                hint = Hint(said[node.id], owner.module, owner.frame)
                found.append(self.declared(hint))
            elif isinstance(node, ast.Name) and node.id in unsaid:
                value = self._given_to(owner, place.method, node.id)
                if value != UNKNOWN:
                    found.append(value)
                elif node.id not in missing:
                    return UNKNOWN
            elif not (isinstance(node, ast.Name) and node.id in missing):
                value = UNKNOWN
                if isinstance(node, ast.Call):
                    hint = Hint(node.func, owner.module, owner.frame)
                    value = self.declared(hint)
                if value == UNKNOWN:
                    value = self._evaluated(node, place.method, owner)
                if value == UNKNOWN:
                    return UNKNOWN
                found.append(value)
        return join_all(found) or UNKNOWN

    def _given_to(self, owner: Class, method: ast.AST, name: str) -> Value:
        """Return the class of what all who make objects of a class give to it."""
        if getattr(method, "name", "") != "__init__" or self._running:
            return UNKNOWN
        if owner.node.decorator_list or getattr(method, "decorator_list", []):
            return UNKNOWN  # it may be made by somebody else
        key = (method, name)
        if key not in self._given:
            self._given[key] = UNKNOWN
            importers = self.resolver.importers(owner.module)
            if importers:
                self._given[key] = injected.given(
                    self, owner, method, name, importers, self._evaluated
                )
        return self._given[key]

    def async_names(self, module: Module) -> Collection[str]:
        """Return the names of the async functions of a module's project, if it is small."""
        is_small = self.resolver.is_small(module.path)
        return self.resolver.async_names(module.path) if is_small else ()

    def _given_to_function(self, parameter: ast.arg, module: Module) -> Value:
        """Return the class of what all callers give to a function of a module."""
        key = (parameter, parameter.arg)
        if key not in self._given and not self._running:
            self._given[key] = UNKNOWN
            if parameter in module.test_parameters:
                find, name = self.resolver.find_module, parameter.arg
                found = given_to_test(self, find, self._evaluated, name, module)
                self._given[key] = found
                return found
            function = hints.function_of(parameter, module.tree)
            importers = self.resolver.importers(module) if function else []
            if function and importers:
                self._given[key] = injected.given_to(
                    self, module, function, parameter.arg, importers, self._evaluated
                )
        return self._given.get(key, UNKNOWN)

    def _evaluated(
        self,
        node: ast.expr,
        method: ast.FunctionDef | ast.AsyncFunctionDef,
        owner: Class,
    ) -> Value:
        """Return what is known of the class of an expression in a method."""
        known = self._expressions.get(node)
        if known is not None or not isinstance(node, _TELLING):
            return known or UNKNOWN
        self._expressions[node] = UNKNOWN
        function = Function(method, owner.module, owner.frame, None, owner, False)
        names = self._bind(function, [self._self(function)], {}, unknown=True)
        frame = Frame(owner.module, method, owner.frame, function, (), shared=False)
        frame.ever.update(names)
        state = State(Layers(names))
        returned = ast.copy_location(ast.Return(node), node)
        body = [*attributes.leading(node, method, names), returned]
        self._active.append(method)
        try:
            summary = self._root(Activation(self, frame, state, 0), body, method)
        finally:
            self._active.pop()
            del self._expressions[node]
        found = as_declared(summary.value)
        if not self._running:
            # Else names are not bound yet that it may mention.
            self._expressions[node] = found
        return found

    def entered(self, value: Instance) -> Value:
        """Return what `async with` on an instance binds."""
        method = self.class_facts(value.cls).find("__aenter__")
        if not isinstance(method, Function):
            return UNKNOWN
        if _returns_receiver(method):
            return value
        return self.returned(method, [value], UNKNOWN)

    def yielded(self, function: Function) -> Value:
        """Return what a generator function gives: its items, as far as they are known."""
        annotation = getattr(function.node, "returns", None)
        inner = annotation and hints.yielded(annotation)
        if inner is not None:
            found = self.declared(Hint(inner, function.module, function.frame))
            if found != UNKNOWN:
                return found
        activation = self._summary(function).activation
        values = activation.yields if activation is not None else []
        return join_all(values) or UNKNOWN


#: Expressions whose class may be told by what they are made of.
_TELLING = (ast.Attribute, ast.Await, ast.Call, ast.Name, ast.Subscript)


def _one_class(values: list[Value]) -> Value:
    """Return one of several values, if it is known of all which class they are of."""
    found = join_all(values) or UNKNOWN
    return UNKNOWN if found == NONE or UNKNOWN in each(found) else found


def _returns_receiver(method: Function) -> bool:
    """Return whether all that a method returns is its own object."""
    own = first_parameter(method.node)
    returned = [
        node.value for node in ast.walk(method.node) if isinstance(node, ast.Return)
    ]
    return bool(own and returned) and all(
        isinstance(value, ast.Name) and value.id == own for value in returned
    )
