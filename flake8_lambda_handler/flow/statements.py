"""Execute simple statements and definitions."""

from __future__ import annotations

import ast
from typing import Any

from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.fates import LOOSE
from flake8_lambda_handler.flow.fates import PENDING
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.instances import refused_by
from flake8_lambda_handler.flow.kinds import LAZY
from flake8_lambda_handler.flow.narrowing import narrow
from flake8_lambda_handler.flow.values import KEPT
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


class Statements(Expressions):
    """Assignments, definitions, imports and what ends a path."""

    def exec_Expr(self, node: ast.Expr) -> None:
        for one in each(self.eval(node.value)):
            if isinstance(one, Coroutine) and one.kind == "coroutine":
                is_pending = self.state.fates.get(one.address) in (LOOSE, PENDING)
                if is_pending and not self.is_held(one):
                    self.state.fates.let_go(one.address)

    def exec_Assign(self, node: ast.Assign) -> None:
        value = self.eval(node.value)
        for target in node.targets:
            self.assign(target, value)
        if isinstance(node.value, ast.IfExp) and len(node.targets) == 1:
            self.tie_choice(node.targets[0], node.value)

    def tie_choice(self, target: ast.expr, choice: ast.IfExp) -> None:
        """Note what `status = 200 if item else 404` says of the item."""
        if not isinstance(target, ast.Name) or self.chosen is None:
            return
        node, names, one, two = self.chosen
        if node is choice and target.id in self.state.names and target.id not in names:
            ways = {
                name: way for name, way in names.items() if name in self.state.names
            }
            self.state.tie({target.id: (one, two), **ways})

    def exec_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            return
        value = self.eval(node.value)
        if value in (KEPT, UNKNOWN):
            hint = Hint(node.annotation, self.module, self.frame)
            self.world.note_frame(self.frame)
            is_name = isinstance(node.target, ast.Name)
            value = hint if is_name else self.world.declared(hint)
        elif isinstance(value, Container) and isinstance(self.frame.scope, ast.Module):
            self.world.said[value.address] = node.annotation
        self.assign(node.target, value)

    def exec_AugAssign(self, node: ast.AugAssign) -> None:
        right = self.eval(node.value)
        if isinstance(node.target, ast.Name):
            left = self.load(node.target.id)
            if isinstance(left, Container) and left.kind in ("list", "set", "dict"):
                name = "extend" if left.kind == "list" else "update"
                self.call(Method(left, name), [right], {}, node)
                return
            self.state.names[node.target.id] = self.binary(left, right, node)
            self.frame.ever[node.target.id] = UNKNOWN
            return
        self.misuse(right, node, "arithmetic")
        self.assign(node.target, UNKNOWN)
        self.escape(right)

    def exec_Raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                value = self.eval(part)
                self.misuse(value, node, "`raise`")
                self.escape(value)
        if self.world.root.has_coroutines and not self.depth:
            # What nothing holds by now is lost, whoever catches the exception.
            self.rounds.append(self.state.fork())
        self.alive = False

    def exec_Assert(self, node: ast.Assert) -> None:
        self.test(node.test)
        if node.msg is not None:
            self.eval(node.msg)
        names = self.world.names_in(node.test)
        values = [one for x in names for one in each(self.state.names.get(x, UNKNOWN))]
        coroutines = [one for one in values if isinstance(one, Coroutine)]
        is_and = isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And)
        for test in getattr(node.test, "values", ()) if is_and else [node.test]:
            refused = refused_by(self, test)
            if refused is not None:
                self.misuse(refused, test, "`assert isinstance`")
        for one in coroutines:
            if one.kind in LAZY:
                self.drive(one)  # it is there to be tested
        if not coroutines:
            narrow(self, node.test, True)

    def exec_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.drive(self.state.names.pop(target.id, UNKNOWN))
            elif isinstance(target, ast.Subscript):
                owner = self.eval(target.value)
                self.remove(owner, self.key_to_change(target.slice))
            else:
                for child in ast.iter_child_nodes(target):
                    if isinstance(child, ast.expr):
                        self.eval(child)

    def exec_FunctionDef(self, node: Any) -> None:
        owner = self.world.class_being_made(self.frame)
        value: Value = self.function(node, owner)
        if self.sets_property(node):
            return  # what reads it is as before
        for decorator in reversed(node.decorator_list):
            value = self.decorate(decorator, value)
        self.store(node.name, value)

    exec_AsyncFunctionDef = exec_FunctionDef

    def sets_property(self, node: Any) -> bool:
        """Return whether a function is `@name.setter` or `@name.deleter` of its name."""
        first = node.decorator_list[0] if node.decorator_list else None
        return (
            isinstance(first, ast.Attribute)
            and first.attr in ("deleter", "setter")
            and getattr(first.value, "id", "") == node.name
            and isinstance(self.state.names.get(node.name), Descriptor)
        )

    def decorate(self, decorator: ast.expr, value: Value) -> Value:
        wrapper = self.eval(decorator)
        if isinstance(wrapper, Callback):
            # Its annotation is that of what it decorates.
            self.escape(value)
            return UNKNOWN
        return self.call(wrapper, [value], {}, decorator)

    def exec_ClassDef(self, node: ast.ClassDef) -> None:
        made = Class(
            node,
            self.module,
            None if isinstance(self.frame.scope, ast.Module) else self.frame,
        )
        self.world.make_class(self, made)
        value: Value = made
        for decorator in reversed(node.decorator_list):
            value = self.libraries.decorate_class(self, decorator, value)
        self.store(node.name, value)

    def exec_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            value = self.world.imported(self.module, dotted, 0, None)
            if dotted != alias.name:
                # `import a.b` loads a.b as well; its attributes are followed by name.
                self.world.imported(self.module, alias.name, 0, None)
            self.store(alias.asname or dotted, value)

    def exec_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.world.star_import(self.module, node.module or "", node.level)
                continue
            value = self.world.imported(
                self.module, node.module or "", node.level, alias.name
            )
            self.store(alias.asname or alias.name, value)


def function_body(node: Any) -> list[ast.stmt]:
    """Return the statements of a function; a lambda is one `return`."""
    if isinstance(node, ast.Lambda):
        result = ast.Return(node.body)
        return [ast.copy_location(result, node.body)]
    body: list[ast.stmt] = node.body
    return body
