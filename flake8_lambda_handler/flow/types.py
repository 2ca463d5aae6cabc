"""What calls, methods and operators give whose result matters to an encoder.

The tables stand in `objects`; here is what a table cannot say.
"""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from flake8_lambda_handler.flow import boto
from flake8_lambda_handler.flow import objects
from flake8_lambda_handler.flow.registry import call_of
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Marker
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions


# -- calls --------------------------------------------------------------------------


def call(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what calling an external name gives; `None` if it is not listed here."""
    found = objects.RESULTS.get(name)
    if found is not None:
        for value in (*args, *keywords.values()):
            run.escape(value, keep=True)
        return Object(found, None)
    if name in objects.SEARCHES:
        return join(NONE, Object(objects.MATCH, None))
    if name.startswith("builtins.") and is_exception(name):
        for value in (*args, *keywords.values()):
            run.escape(value, keep=True)
        return Object(name, None)
    return None


def is_exception(name: str) -> bool:
    """Return whether a name is that of a builtin exception."""
    found = getattr(builtins, name.removeprefix("builtins."), None)
    return isinstance(found, type) and issubclass(found, BaseException)


@call_of("builtins.float")
def _float(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.look_at(value, node, "`float()`")
    if len(args) == 1 and isinstance(args[0], Const):
        try:
            return Const(float(args[0].value))
        except (TypeError, ValueError, OverflowError):
            return UNKNOWN
    return Object(objects.FLOAT, None)


@call_of("decimal.Decimal")
def _decimal(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.look_at(value, node, "`Decimal()`")
    if len(args) == 1 and isinstance(args[0], Const):
        text = str(args[0].value).strip().lower()
        if re.fullmatch(r"[+-]?s?nan\d*", text):
            return Object(objects.DECIMAL_NAN, None)
        if re.fullmatch(r"[+-]?inf(inity)?", text):
            minus = text.startswith("-")
            return Object(
                objects.DECIMAL_MINUS_INF if minus else objects.DECIMAL_INF, None
            )
    return Object(objects.DECIMAL, None)


@call_of("builtins.open", "io.open")
def _open(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in (*args, *keywords.values()):
        run.escape(value, keep=True)
    mode = args[1] if len(args) > 1 else keywords.get("mode", Const("r"))
    if not isinstance(mode, Const) or not isinstance(mode.value, str):
        return UNKNOWN
    if "b" not in mode.value:
        return Object(objects.TEXT_FILE, None)
    return Object(objects.BINARY_FILE, None) if mode.value in ("rb", "br") else UNKNOWN


@call_of("builtins.range")
def _range(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return run.container("range", Items({}, Object(objects.INT, None)), node)


@call_of("collections.defaultdict")
def _defaultdict(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    items = Items()
    for value in args[1:]:
        items = run.merge(items, value)
    for key, value in keywords.items():
        items = items.set(key, value)
    if args and args[0] != NONE:
        # A key that is missing makes such a value; nobody makes one that stays empty.
        items = items.add(run.call(args[0], [], {}, Marker(node)))
    return run.container("dict", items, node)


@call_of("collections.Counter")
def _counter(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    keys: Value = UNKNOWN
    for value in args:
        keys = run.iterate(value, node)
    return run.container("dict", Items({}, Object(objects.INT, None), keys), node)


# -- attributes and methods ---------------------------------------------------------


def attribute(value: Object, name: str) -> Value | None:
    """Return an attribute that is no method; `None` if it is not listed here."""
    found = objects.ATTRIBUTES.get(value.type, {}).get(name)
    if found is not None:
        return Object(found, None)
    return boto.attribute(value, name) if isinstance(value, boto.Boto) else None


def method(
    run: Expressions,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what calling a method gives; `None` if it is not listed here."""
    found = objects.METHODS.get(receiver.type, {})
    if name in found:
        for value in (*args, *keywords.values()):
            run.look_at(value, node, f"`{name}()`")
        result = found[name]
        return NONE if result is None else Object(result, None)
    if receiver.type == objects.PATTERN and "re." + name in objects.SEARCHES:
        return join(NONE, Object(objects.MATCH, None))
    if receiver.type == boto.SESSION and name in ("client", "resource"):
        return boto.service(run, name, args, keywords, node)
    if isinstance(receiver, boto.Boto):
        return boto.method(run, receiver, name, args, keywords, node)
    return None


def arithmetic(left: Value, right: Value, op: ast.operator | None) -> Value:
    """Return what an operator between two values gives."""
    one = left.type if isinstance(left, Object) else ""
    two = right.type if isinstance(right, Object) else ""
    if isinstance(op, (ast.Add, ast.Sub)):
        if one in (objects.DATE, objects.DATETIME) and two == objects.TIMEDELTA:
            return left
        if (
            isinstance(op, ast.Add)
            and one == objects.TIMEDELTA
            and two in (objects.DATE, objects.DATETIME)
        ):
            return right
        if (
            isinstance(op, ast.Sub)
            and one == two
            and one in (objects.DATE, objects.DATETIME)
        ):
            return Object(objects.TIMEDELTA, None)
        if one == two and one in (objects.DECIMAL, objects.TIMEDELTA):
            return left
    if isinstance(op, ast.Div) and one == objects.PATH:
        return left
    if isinstance(op, (ast.Mult, ast.Div)) and one == two == objects.DECIMAL:
        return left
    return UNKNOWN


def negative(value: Value) -> Value:
    """Return `-value`."""
    value = (
        objects.VALUES.get(value.name, value) if isinstance(value, External) else value
    )
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(-value.value)
    if isinstance(value, Object):
        opposite = {
            objects.DECIMAL_INF: objects.DECIMAL_MINUS_INF,
            objects.DECIMAL_MINUS_INF: objects.DECIMAL_INF,
        }
        if value.type in objects.DECIMALS or value.type == objects.TIMEDELTA:
            return Object(opposite.get(value.type, value.type), None)
    return UNKNOWN


# -- exceptions ---------------------------------------------------------------------


def caught(run: Expressions, kind: Value | None) -> Value:
    """Return what `except kind as name` binds."""
    for one in each(UNKNOWN if kind is None else kind):
        classes = [one]
        if isinstance(one, Container):
            classes = [c for value in run.items(one).values() for c in each(value)]
        for cls in classes:
            if isinstance(cls, Class):
                facts = run.analysis.class_facts(cls)
                if facts.is_open or not all(map(is_error, facts.ancestors)):
                    return UNKNOWN
                if any("_asdict" in one.namespace for one in facts.line()):
                    return UNKNOWN
    return Object(objects.CAUGHT, None)


def is_error(base: str) -> bool:
    """Return whether a base from outside makes a class a builtin exception."""
    return base.startswith("builtins.") and is_exception(base)


def expects_type_error(node: ast.Try) -> bool:
    """Return whether a `try` is there for what `json.dumps` may raise.

    It says so by naming `TypeError`, or by holding one statement and nothing else.
    """
    for handler in node.handlers:
        kind = handler.type
        names = {
            getattr(one, "id", getattr(one, "attr", "Exception"))
            for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind])
        }
        if "TypeError" in names:
            return True
        if names & {"Exception", "BaseException"} and len(node.body) == 1:
            return not isinstance(node.body[0], _COMPOUND)
    return False


_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)


# -- parts --------------------------------------------------------------------------


def subscript(value: Value, key: Value, node: ast.AST) -> Value | None:
    """Return what `value[key]` gives; `None` if that is not known here."""
    if isinstance(value, External):
        is_text = value.name == "os.environ"
        return Object(objects.STR, None) if is_text else None
    if isinstance(value, boto.Boto):
        return boto.subscript(value, key, node)
    return None


def element(run: Expressions, value: Value, node: ast.AST) -> Value | None:
    """Return what iterating an object gives; `None` if that is not known here."""
    return boto.element(run, value, node) if isinstance(value, boto.Boto) else None
