"""What `isinstance` says of a value: which of its alternatives stay."""

from __future__ import annotations

import ast
import builtins

from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Typed
from flake8_lambda_handler.flow.values import TypedClass
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


def refused_by(run: Run, test: ast.expr) -> Coroutine | None:
    """Return the coroutine of which a condition is that it is something else."""
    if not isinstance(test, ast.Call) or last_name(test) != "isinstance":
        return None
    subject = test.args[0] if len(test.args) == 2 else None
    held = run.state.names.get(getattr(subject, "id", ""), UNKNOWN)
    if not isinstance(held, Coroutine) or held.kind != "coroutine":
        return None
    answers = [_instance_of(run, held, kind) for kind in _classes(run, test.args[1])]
    return held if not any(one in (True, None) for one in answers) else None


def is_no_function(run: Run, test: ast.expr) -> bool:
    """Return whether a condition asks if a function is of a class of Python's own.

    Such as `isinstance(target, type)`, in what decorates functions and classes.
    """
    if not isinstance(test, ast.Call) or last_name(test) != "isinstance":
        return False
    subject = test.args[0] if len(test.args) == 2 else None
    held = run.state.names.get(getattr(subject, "id", ""), UNKNOWN)
    return all(isinstance(one, Function) for one in each(held)) and all(
        isinstance(kind, External)
        and kind.name.startswith("builtins.")
        and kind.name != "builtins.object"
        for kind in _classes(run, test.args[1])
    )


def instances_of(
    run: Run, held: Value, classes: ast.expr, outcome: bool
) -> list[Value]:
    """Return the alternatives that are instances of classes, or that are not."""
    kinds = _classes(run, classes)
    only = kinds[0] if len(kinds) == 1 and outcome else None
    found: list[Value] = []
    for one in each(held):
        if isinstance(only, Class) and (
            one == UNKNOWN or isinstance(one, (Typed, Hint))
        ):
            found.append(Typed(only, None))
            continue
        if isinstance(one, (Typed, Hint)) and not outcome:
            found += _others(run, one, kinds)
            continue
        if not isinstance(one, (Const, Coroutine, Instance)) and not is_data(run, one):
            found.append(one)
            continue
        answers = [_instance_of(run, one, kind) for kind in kinds]
        if None in answers and True not in answers:
            run.drive(one)
            found.append(UNKNOWN)
        elif (True in answers) is outcome:
            found.append(one)
    return found


def _others(run: Run, said: Typed | Hint, kinds: list[Value]) -> list[Value]:
    """Return what an object may be by its annotation, but for objects of some classes.

    It is unknown where nothing is left: the annotation is wrong, or no path leads there.
    """
    left: list[Value] = []
    for one in each(run.world.declared(said) if isinstance(said, Hint) else said):
        line = run.world.class_facts(one.cls).line() if isinstance(one, Typed) else ()
        if not any(above.cls == kind for above in line for kind in kinds):
            left.append(one)
    return left or [UNKNOWN]


def _classes(run: Run, node: ast.expr) -> list[Value]:
    if isinstance(node, ast.Tuple):
        return [kind for item in node.elts for kind in _classes(run, item)]
    if isinstance(node, ast.BinOp):
        return [*_classes(run, node.left), *_classes(run, node.right)]
    return [run.eval(node)]


def _instance_of(run: Run, value: Value, kind: Value) -> bool | None:
    """Return whether a value is an instance of a class; `None` if it may be."""
    if isinstance(kind, External):
        own = _own_class(run, value)
        wanted = kind.name
        if wanted == "builtins.object" or wanted == own:
            return True
        if isinstance(value, Const) and wanted.startswith("builtins."):
            cls = getattr(builtins, wanted.removeprefix("builtins."), None)
            return isinstance(value.value, cls) if isinstance(cls, type) else None
        return None if own is None else run.libraries.is_subclass(own, wanted)
    if isinstance(value, Typed) or isinstance(kind, TypedClass):
        return None  # it may be of a derived class
    if isinstance(value, Instance) and isinstance(kind, Class):
        facts = run.world.class_facts(value.cls)
        if any(one.cls == kind for one in facts.line()):
            return True
        return None if facts.is_open else False
    if isinstance(kind, Class) and isinstance(value, (Const, Container, Coroutine)):
        # A coroutine has `close()`, as what a protocol describes may have.
        is_protocol = "Protocol" in map(last_name, kind.node.bases)
        return None if is_protocol and isinstance(value, Coroutine) else False
    return None


def _own_class(run: Run, value: Value) -> str | None:
    """Return the class of a value, if it is exactly known and has no subclass here."""
    if isinstance(value, Const):
        return f"builtins.{type(value.value).__name__}"
    if isinstance(value, Container) and value.kind != "iterator":
        return f"builtins.{value.kind}"
    if isinstance(value, Coroutine):
        return f"builtins.{value.kind}"
    return run.libraries.class_of(value)


def is_data(run: Run, value: Value) -> bool:
    if isinstance(value, Object):
        return run.libraries.is_data(value)
    return isinstance(value, (Container, Generator))
