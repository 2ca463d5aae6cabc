"""What annotations say of the objects that nothing else is known of.

An annotation tells the class of an object, or one that it derives from: enough to find
its methods, and not enough to say what it holds.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts import attributes
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.attributes import Assigned
from flake8_lambda_handler.facts.scopes import first_parameter
from flake8_lambda_handler.flow.hinted import Alias
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.modules import Modules
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import TypedClass
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all


class Hints(Modules):
    """Annotations of parameters, results and attributes."""

    def declared(self, hint: Hint) -> Value:
        """Return what an annotation says that an object is."""
        found: list[Value] = []
        for one in hints.alternatives(hint.annotation) or ():
            if one.node is None:
                found.append(NONE)
                continue
            named = self._class_named(one.node, hint)
            if one.gives:
                made: Value = Callback(one.gives)
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
        if value != UNKNOWN or annotation is None:
            return value
        if hints.is_self(annotation):
            receiver = args[0] if args and function.owner is not None else UNKNOWN
            return Typed(receiver, None) if isinstance(receiver, Class) else receiver
        return self.declared(Hint(annotation, function.module, function.frame))

    def declared_attribute(self, cls: Class, name: str) -> Value:
        """Return what a class says that an attribute of its instances is."""
        for facts in self.class_facts(cls).line():
            owner = facts.cls
            places = owner.module.assigned_by(owner.node).get(name, ())
            for place in places:
                if place.annotation is not None:
                    return self.declared(
                        Hint(place.annotation, owner.module, owner.frame)
                    )
            if places:
                if name in owner.module.foreign_writes:
                    return UNKNOWN
                return _one_class([self._assigned(place, owner) for place in places])
        return UNKNOWN

    def _assigned(self, place: Assigned, owner: Class) -> Value:
        """Return what is known of an attribute by one of its assignments."""
        if place.value is None or place.method is None:
            return UNKNOWN
        parameters = {
            argument.arg: Hint(argument.annotation, owner.module, owner.frame)
            for argument in (*place.method.args.args, *place.method.args.kwonlyargs)
            if argument.annotation is not None
        }
        # What is given in place of a default is as good as the default.
        missing = attributes.optional_parameters(place.method)
        stack = [place.value]
        found: list[Value] = []
        while stack:
            node = stack.pop()
            if isinstance(node, ast.IfExp):
                stack += [node.body, node.orelse]
            elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
                stack += node.values
            elif isinstance(node, ast.Constant) and node.value is None:
                found.append(NONE)
            elif isinstance(node, ast.Name) and node.id in parameters:
                found.append(self.declared(parameters[node.id]))
            elif isinstance(node, ast.Call):
                found.append(self.declared(Hint(node.func, owner.module, owner.frame)))
            elif not (isinstance(node, ast.Name) and node.id in missing):
                return UNKNOWN
        return join_all(found) or UNKNOWN

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
        return join_all([as_declared(value) for value in values]) or UNKNOWN


def _one_class(values: list[Value]) -> Value:
    """Return one of several values, if it is known of all which class they are of."""
    found = join_all(values) or UNKNOWN
    return UNKNOWN if found == NONE or UNKNOWN in each(found) else found


def as_declared(value: Value) -> Value:
    """Return what is left of a value when only its class may be told."""
    found: list[Value] = []
    for one in each(value):
        if isinstance(one, Instance):
            found.append(Typed(one.cls, None))
        elif isinstance(one, Object) and not isinstance(one, Coroutine):
            found.append(Object(one.type, None) if type(one) is Object else UNKNOWN)
        else:
            found.append(UNKNOWN)
    return join_all(found) or UNKNOWN


def is_stub(function: Function) -> bool:
    """Return whether a method only stands for those of derived classes."""
    if function.owner is None or isinstance(function.node, ast.Lambda):
        return False
    body = function.node.body
    if _is_constant(body[0], str):
        body = body[1:]
    return all(_is_constant(one, type(...)) or _is_missing(one) for one in body)


def _is_constant(statement: ast.stmt, kind: type) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, kind)
    )


def _is_missing(statement: ast.stmt) -> bool:
    """Return whether a statement is `raise NotImplementedError`."""
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _returns_receiver(method: Function) -> bool:
    """Return whether all that a method returns is its own object."""
    own = first_parameter(method.node)
    returned = [
        node.value for node in ast.walk(method.node) if isinstance(node, ast.Return)
    ]
    return bool(own and returned) and all(
        isinstance(value, ast.Name) and value.id == own for value in returned
    )
