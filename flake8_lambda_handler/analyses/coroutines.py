"""Put values into words, for messages."""

from __future__ import annotations

import ast
import os

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

#: Kinds of objects that do nothing until they are awaited or iterated.
AWAITABLE = frozenset({"coroutine", "async generator"})

#: Names longer than this would hide the message.
MAX_NAME = 40


def coroutine(made: Made, address: Address, module: Module) -> str:
    """Return the call that made a coroutine, and the file if it is another one."""
    maker = made.callable
    name = ""
    if isinstance(address.node, ast.Call):
        name = ast.unparse(address.node.func)
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME or "(" in name:
        if isinstance(maker, (Function, External)):
            name = maker.name
        elif isinstance(maker, Method):
            name = maker.name
    text = f"`{name}()`"
    if isinstance(maker, Function) and maker.module is not module:
        path = os.path.relpath(maker.module.path, os.path.dirname(module.path))
        text += f" ({path.replace(os.sep, '/')}:{maker.node.lineno})"
    return text


def cure(made: Made, frame: Frame) -> str:
    """Return the shortest correct repair for a coroutine at its place."""
    if made.kind == "async generator":
        return "iterate it with `async for`"
    function = frame.function
    if function is not None and function.is_async:
        return "`await` it"
    return "run it with `asyncio.run(...)`"


def first_coroutine(
    summary: Summary, value: Value, state: State
) -> tuple[Made, Address] | None:
    """Return a coroutine that a value certainly is or holds."""
    stack = [value]
    seen: set[Address] = set()
    while stack:
        current = stack.pop()
        if len(list(each(current))) > 1:
            continue
        address = getattr(current, "address", None)
        if address is None or address in seen:
            continue
        seen.add(address)
        entry = state.heap.get(address)
        if isinstance(current, Coroutine) and isinstance(entry, Made):
            if current.kind != "async context":
                return entry, address
        elif isinstance(entry, Items):
            stack.extend(entry.values())
    return None
