"""Objects of which only an annotation tells: of classes from outside, and containers."""

from __future__ import annotations

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Held
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import async_apis

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
        run.escape(value)
    if call.name == "values" or call.name == "copy":
        kind = "list" if call.name == "values" else receiver.kind
        return Held(kind, receiver.item)
    if call.name in ("get", "pop", "popleft", "setdefault"):
        return join(receiver.item, NONE)
    return UNKNOWN
