"""What calls, methods and operators give whose result matters to an encoder.

The tables stand in `objects`; here is what a table cannot say.
"""

from __future__ import annotations

import ast
import builtins

from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.kinds import LAZY
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import frames
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.registry import register_all

# -- calls --------------------------------------------------------------------------


def _listed(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value, keep=True)
    return Object(objects.RESULTS[call.name], None)


def _searched(run: Run, call: Call) -> Value:
    return join(NONE, Object(objects.MATCH, None))


def _raised(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value, keep=True)
    return Object(call.name, None)


def is_exception(name: str) -> bool:
    """Return whether a name is that of a builtin exception."""
    found = getattr(builtins, name.removeprefix("builtins."), None)
    return isinstance(found, type) and issubclass(found, BaseException)


register_all(objects.RESULTS, _listed)
register_all(objects.SEARCHES, _searched)
register_all(filter(is_exception, [f"builtins.{n}" for n in dir(builtins)]), _raised)


@call_of("numpy.array", "numpy.asarray", "numpy.sort", "numpy.unique")
def _array(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value, keep=True)
    first = call.argument(0)
    items = run.items(first).values() if isinstance(first, Container) else [first]
    are_whole = all(one == INTEGERS or _is_int(one) for one in items)
    is_plain = items and not (call.keywords or call.args[1:])
    return INTEGERS if is_plain and are_whole else Object(frames.NDARRAY, None)


INTEGERS = Object(frames.INTEGERS, None)


def _is_int(value: Value) -> bool:
    return isinstance(value, Const) and type(value.value) is int


@call_of("builtins.type")
def _type(run: Run, call: Call) -> Value:
    if len(call.args) == 1 and type(call.args[0]) is Instance:
        return call.args[0].cls
    for value in call.args:
        if isinstance(value, Coroutine) and value.kind in LAZY:
            run.drive(value)  # nobody asks that of what others give
    return Object(objects.TYPE, None) if len(call.args) == 1 else UNKNOWN


@call_of("builtins.open", "io.open")
def _open(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value, keep=True)
    mode = call.args[1] if len(call.args) > 1 else call.keywords.get("mode", Const("r"))
    if not isinstance(mode, Const) or not isinstance(mode.value, str):
        return UNKNOWN
    if "b" not in mode.value:
        return Object(objects.TEXT_FILE, None)
    return Object(objects.BINARY_FILE, None) if mode.value in ("rb", "br") else UNKNOWN


@call_of("builtins.range")
def _range(run: Run, call: Call) -> Value:
    return run.container("range", Items({}, Object(objects.INT, None)), call.node)


@call_of("collections.defaultdict")
def _defaultdict(run: Run, call: Call) -> Value:
    items = Items()
    for value in call.args[1:]:
        items = run.merge(items, value)
    for key, value in call.keywords.items():
        items = items.set(key, value)
    if call.args and call.args[0] != NONE:
        # A key that is missing makes such a value; nobody makes one that stays empty.
        items = items.add(run.call(call.args[0], [], {}, Marker(call.node)))
    return run.container("dict", items, call.node)


@call_of("collections.Counter")
def _counter(run: Run, call: Call) -> Value:
    keys: Value = UNKNOWN
    for value in call.args:
        keys = run.iterate(value, call.node)
    return run.container("dict", Items({}, Object(objects.INT, None), keys), call.node)


# -- methods and operators ----------------------------------------------------------


@methods_of(*objects.METHODS)
def listed_method(run: Run, receiver: Object, call: Call) -> Value | None:
    """Return what a method gives, by the table; `None` if it is not listed."""
    found = objects.METHODS[receiver.type]
    if call.name not in found or call.keywords.get("axis") == NONE:
        return None  # a reduction of all there is gives who knows what
    is_one = found[call.name] in (frames.BOOL, frames.INT64)
    if receiver.type == frames.INTEGERS and is_one and call.values():
        return Object(frames.PLACE, None)  # along an axis, it gives an array
    for value in call.values():
        run.look_at(value, call.node, f"`{call.name}()`")
    result = found[call.name]
    return NONE if result is None else Object(result, None)


@methods_of(objects.PATTERN)
def _pattern_method(run: Run, receiver: Object, call: Call) -> Value | None:
    if "re." + call.name in objects.SEARCHES:
        return join(NONE, Object(objects.MATCH, None))
    return Object(objects.MATCHES, None) if call.name == "finditer" else None


# -- exceptions ---------------------------------------------------------------------


def caught(run: Run, kind: Value | None) -> Value:
    """Return what `except kind as name` binds."""
    names: list[str] = []
    for one in each(UNKNOWN if kind is None else kind):
        classes = [one]
        if isinstance(one, Container):
            classes = [c for value in run.items(one).values() for c in each(value)]
        for cls in classes:
            if isinstance(cls, Class):
                facts = run.world.class_facts(cls)
                if facts.is_open or not all(map(is_error, facts.ancestors)):
                    return UNKNOWN
                if any("_asdict" in one.namespace for one in facts.line()):
                    return UNKNOWN
                names.append(cls.node.name)
            else:
                dotted = getattr(cls, "name", "Exception")
                names.append(dotted.rpartition(".")[2])
    own = kind if isinstance(kind, Class) else None
    return objects.Caught(objects.CAUGHT, None, tuple(dict.fromkeys(names)), own)


def is_error(base: str) -> bool:
    """Return whether a base from outside makes a class a builtin exception."""
    return base.startswith("builtins.") and is_exception(base)


#: `pytest.raises`, `contextlib.suppress` and the like, by their last name.
_EXCEPTION_CONTEXTS = frozenset(
    {"assertRaises", "assertRaisesRegex", "assertWarns", "raises", "suppress", "warns"}
)

#: What Python raises for a coroutine that is used as a plain value.
_REFUSALS = frozenset({"AttributeError", "TypeError"})


def expects_exception(context: ast.expr) -> bool:
    """Return whether a `with` block is there to catch what its body raises."""
    function = context.func if isinstance(context, ast.Call) else context
    if isinstance(function, ast.Attribute):
        return function.attr in _EXCEPTION_CONTEXTS
    return isinstance(function, ast.Name) and function.id in _EXCEPTION_CONTEXTS


def expects_refusal(context: ast.expr) -> bool:
    """Return whether a test expects what using a coroutine as a plain value raises."""
    if not isinstance(context, ast.Call) or not context.args:
        return False
    if not expects_exception(context) or last_name(context) == "suppress":
        return False
    kind = context.args[0]
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return not _REFUSALS.isdisjoint(map(last_name, kinds))


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


# -- classes ------------------------------------------------------------------------

#: Types whose instances are always true.
_TRUE = (
    objects.KNOWN_TYPES
    - frames.NUMBERS
    - {
        objects.BINARY,
        objects.BYTES,
        objects.DECIMAL,
        objects.FLOAT,
        objects.HEADERS,
        objects.INT,
        frames.INTEGERS,
        frames.NDARRAY,
        frames.PLACE,
        objects.RESPONSE,
        objects.STR,
        objects.TIMEDELTA,
        "array.array",
        "builtins.bytearray",
        "builtins.complex",
        "builtins.memoryview",
        "collections.ChainMap",
        "collections.UserDict",
        "collections.UserList",
        "collections.UserString",
        "fractions.Fraction",
        "pandas.Timedelta",
        "types.MappingProxyType",
        frames.BOOL_FRAME,
        frames.BOOL_SERIES,
        frames.FRAME,
        frames.INDEX,
        frames.SERIES,
        frames.VALUES,
    }
)

#: Classes of which nothing else is an instance, but for their subclasses.
_DATA_CLASSES = frozenset(
    {
        "builtins.bool",
        "builtins.bytes",
        "builtins.dict",
        "builtins.float",
        "builtins.frozenset",
        "builtins.int",
        "builtins.list",
        "builtins.set",
        "builtins.str",
        "builtins.tuple",
        objects.DATE,
        objects.DATETIME,
        objects.DECIMAL,
        objects.TIME,
        objects.TIMEDELTA,
        objects.UUID,
    }
)


def is_true(value: Object) -> bool:
    """Return whether an object is certainly true in a condition."""
    return value.type in _TRUE


def is_subclass(cls: str, other: str) -> bool | None:
    """Return whether a class from outside is one of another; `None` if it may be."""
    if cls == objects.DATETIME and other == objects.DATE:
        return True
    if cls == objects.CAUGHT and other in (
        "builtins.Exception",
        "builtins.BaseException",
    ):
        return True
    return False if other in _DATA_CLASSES else None


# -- what conditions ask ------------------------------------------------------------


def class_of(value: Value) -> str | None:
    """Return the class of an object, if it is exactly known."""
    if isinstance(value, boto.Boto) and is_reply(value):
        is_list = value.shape is not None and value.shape.kind == "list"
        return "builtins.list" if is_list else "builtins.dict"
    if isinstance(value, Object) and value.type in objects.KNOWN_TYPES:
        return value.type
    return None


def is_data(value: Object) -> bool:
    """Return whether an object is plain data, such as a date or a response."""
    return value.type in objects.KNOWN_TYPES or value.type == boto.REPLY


def is_reply(value: Value) -> bool:
    """Return whether a value is a part of a response, which is false when empty."""
    return isinstance(value, boto.Boto) and value.type == boto.REPLY
