"""Objects of which only an annotation tells: of classes from outside, and containers."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.hinted import Alias
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import pairs

#: Objects of asyncio and contextlib that are what they are wherever they come from;
#: loops, tasks and runners are judged by where they were made.
_OF_ASYNCIO = frozenset(
    {
        "contextlib.AsyncExitStack",
        "asyncio.Barrier",
        "asyncio.BoundedSemaphore",
        "asyncio.Condition",
        "asyncio.Event",
        "asyncio.LifoQueue",
        "asyncio.Lock",
        "asyncio.PriorityQueue",
        "asyncio.Queue",
        "asyncio.Semaphore",
        "asyncio.StreamReader",
        "asyncio.StreamWriter",
        "asyncio.subprocess.Process",
    }
)


#: Types of objects that never call what they are given, nor make a coroutine.
_HARMLESS = frozenset(
    {
        "builtins.bool",
        "builtins.bytes",
        "builtins.float",
        "builtins.int",
        "builtins.str",
        "logging.Logger",
    }
)


def is_harmless(type: str) -> bool:
    """Return whether objects of a type have nothing to do with coroutines."""
    return type in _HARMLESS


def is_async(type: str) -> bool:
    """Return whether methods of a client give something to drive.

    Loops, locks and queues are handed on everywhere, and used as they should.
    """
    if "." not in type or type.startswith("asyncio."):
        return False
    return bool(async_apis.method_names(type))


def object_of(cls: str) -> Value:
    """Return an object of a class from outside that an annotation names."""
    name = async_apis.canonical(cls)
    if async_apis.async_class(name) is None:
        return UNKNOWN
    if name.startswith(("asyncio.", "contextlib.")) and name not in _OF_ASYNCIO:
        return UNKNOWN
    return Object(name, None)


def method(run: Run, receiver: Held, call: Call) -> Value:
    """Return what calling a method of a container gives."""
    for value in call.values():
        run.escape(value, keep=True)
    if call.name == "values" or call.name == "copy":
        kind = "list" if call.name == "values" else receiver.kind
        return Held(kind, receiver.item)
    if call.name in ("get", "pop", "popleft", "setdefault"):
        return join(receiver.item, call.args[1] if len(call.args) > 1 else NONE)
    if call.name == "items":
        return pairs(run, "dict_items", [UNKNOWN, receiver.item], call.node)
    return UNKNOWN


@call_of("typing.cast", "typing_extensions.cast")
def _cast(run: Run, call: Call) -> Value:
    value = call.argument(1, "val")
    if value != UNKNOWN or not isinstance(call.node, ast.Call) or not call.node.args:
        return value
    return run.world.declared(Hint(call.node.args[0], run.module, run.frame))


@call_of("typing.TypeVar", "typing_extensions.TypeVar")
def _type_variable(run: Run, call: Call) -> Value:
    for one in getattr(call.node, "keywords", ()):
        if one.arg == "bound":
            run.world.note_frame(run.frame)
            return Alias(Hint(one.value, run.module, run.frame))
    return UNKNOWN
