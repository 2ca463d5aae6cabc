"""Which coroutines nothing runs, and what to say of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.impossible import unreached
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Leak
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.events import NoCoroutine
from flake8_lambda_handler.flow.events import Stored
from flake8_lambda_handler.flow.events import Unrun
from flake8_lambda_handler.flow.events import UsedPlainly
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.hinted import Callback
from flake8_lambda_handler.flow.kinds import LAZY
from flake8_lambda_handler.flow.kinds import UNDRIVEN
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import way_to
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Value

#: Names longer than this would hide the message.
MAX_NAME = 40

#: What drives a coroutine, where that is not `await` alone.
DRIVEN = {
    "async context": "entered",
    "async generator": "iterated",
    "async iterator": "iterated",
}

CURES = {
    "async context": "enter it with `async with`",
    "async generator": "iterate it with `async for`",
    "async iterator": "iterate it with `async for`",
}

#: Uses that a coroutine refuses, whatever stands beside it.
REFUSING = frozenset(
    {
        "`**`",
        "`len()`",
        "`raise`",
        "a call",
        "a plain `for`",
        "a subscript",
        "unpacking",
    }
)

#: Kinds that are no coroutines, only like them.
ALIKE = frozenset({"async context", "async iterator", "awaitable"})


class Undriven(NamedTuple):
    """A coroutine that nothing runs."""

    #: What makes it, in the function that leaves it behind.
    node: ast.AST
    name: str
    #: What becomes of it instead.
    fate: str
    cure: str
    made: Made
    address: Address
    #: The function that leaves it behind.
    frame: Frame
    #: The call that leads there from the body that is followed.
    call: ast.AST
    body: Frame

    @property
    def at_call(self) -> Undriven:
        """Return the same, seen from the call that leads there."""
        return self._replace(
            node=self.call, frame=self.body, cure=cure(self.made, self.body)
        )


def plainly(event: UsedPlainly) -> str:
    """Return what is used where it needs an `async` before the word."""
    node = event.node.func if isinstance(event.node, ast.Call) else event.node
    name = ast.unparse(node)
    if not name.isprintable() or len(name) > MAX_NAME or "(" in name:
        if isinstance(event.value, Instance):
            name = event.value.cls.node.name
        else:
            name = event.value.type.partition("[")[0].rpartition(".")[2]
    elif isinstance(event.node, ast.Call):
        name += "()"
    fails = "raises TypeError" if event.word == "for" else "fails"
    return f"`{name}` is used in a plain `{event.word}`, which {fails}"


def is_here(event: Event, module: Module) -> bool:
    """Return whether an event happens in the followed body itself."""
    return not event.depth and event.module is module and module.owns(event.node)


def undriven(
    analysis: Analysis, summary: Summary, module: Module
) -> Iterator[Undriven]:
    """Yield the coroutines that a body leaves behind, or uses as plain values.

    Functions that it calls may do so, with what they are given. The words are for a
    finding in a file `module`.
    """
    run = summary.activation
    if run is None:
        return
    is_unreached = unreached(summary)
    uses: dict[Address, Misused] = {}
    for event in summary.events:
        if isinstance(event, Misused):
            known = uses.setdefault(event.value.address, event)
            if event.is_certain and not known.is_certain:
                uses[event.value.address] = event
    stored = {one.value.address for one in summary.events if isinstance(one, Stored)}
    for address, event in uses.items():
        made = summary.made(event.value)
        if made is None or not event.is_certain or is_unreached(address):
            continue
        if event.value.kind == "task":
            continue  # see `misused`
        nodes = way_to(address, run.frame)
        if len(nodes) > 1 and address in stored:
            continue  # told where it is made
        frame, call = run.frame, nodes[0]
        if event.depth and (len(nodes) > 1 or address in run.driven):
            # Another call may run it; or who makes it tells, if that is known there.
            frame, nodes = event.frame, (address.node,)
            if address in run.driven or address.context != frame.context:
                continue
            if analysis.is_used_inside(event):
                continue
        owns = frame.module.owns
        node = next(filter(owns, map(written, (nodes[0], event.node))), None)
        if node is not None:
            fate = f"{_never(made)}; {use(event, node, module)}"
            name = coroutine(made, address, module, node)
            name += _origin(address, node, module)
            mended = cure(made, frame)
            yield Undriven(
                node, name, fate, mended, made, address, frame, written(call), run.frame
            )
    # What is given to a coroutine is driven where that is, if it is driven there.
    given = {
        address
        for leak in summary.leaks
        for value in (*leak.made.args, *dict(leak.made.keywords).values())
        for address in run.reach(value)
    }
    for leak in summary.leaks:
        if leak.address in given:
            continue
        if leak.made.kind not in UNDRIVEN or not run.module.owns(leak.node):
            continue
        if analysis.is_told_inside(leak) or is_unreached(leak.address):
            continue
        if leak.made.kind in LAZY and leak.address not in uses:
            maker = analysis.made_in.get((leak.made.origin or leak.address).node)
            if maker is not None and maker.is_async and maker != run.frame.function:
                continue  # who awaited that function has had its work
        frame = leak.lost or run.frame
        node = written(way_to(leak.address, frame)[0])
        yield Undriven(
            node,
            coroutine(leak.made, leak.address, module, node)
            + _origin(leak.address, node, module),
            _fate(leak, node, uses.get(leak.address), module),
            cure(leak.made, frame),
            leak.made,
            leak.address,
            frame,
            leak.node,
            run.frame,
        )


def refused(summary: Summary, event: NoCoroutine, module: Module) -> tuple[str, str]:
    """Return what is given instead of a coroutine, and the repair."""
    value = event.value
    wanted = _WANTED.get(event.how, "a coroutine")
    then = f"is given to {event.how}, which wants {wanted} and raises {event.error}"
    value = function_of(value)
    if isinstance(value, (Class, Function)):
        return _refused_function(value, event.how, then)
    if isinstance(value, Coroutine):
        made = summary.made(value)
        name = "object" if made is None else coroutine(made, value.address, module)
        if event.how in _LISTS:
            return f"{name} {then}", _LISTED
        is_generator = value.kind == "async generator"
        mended = CURES[value.kind] if is_generator else "await it in a coroutine"
        return f"{name} {then}", mended
    what = "None"
    if value != NONE:
        plain = value.value if isinstance(value, Const) else None
        kind: str = getattr(value, "kind", type(plain).__name__)
        what = f"{'an' if kind.startswith('i') else 'a'} {kind}"
    if isinstance(event.given, ast.Call):
        return (
            f"`{paths.use(event.given)}`, which gives {what}, {then}",
            "declare it as `async def`",
        )
    if isinstance(event.given, (ast.Name, ast.Attribute)):
        what = f"`{paths.use(event.given)}`, {what},"
    mended = "await its items with `asyncio.gather`"
    return f"{what} {then}", "put `*` before it" if "gather" in event.how else mended


#: These take a collection of awaitables.
_LISTS = frozenset({"`asyncio.wait`", "`asyncio.as_completed`"})
_LISTED = "make tasks of them with `asyncio.create_task` and give it a list"
_WANTED = {**dict.fromkeys(_LISTS, "a list of tasks"), "`asyncio.gather`": "coroutines"}


def _refused_function(value: Class | Function, how: str, then: str) -> tuple[str, str]:
    """Return what is said of a function that is given instead of a coroutine."""
    if isinstance(value, Class):
        return f"class `{value.node.name}` {then}", "give it a coroutine"
    if how in _LISTS:
        return f"function `{value.name}` {then}", _LISTED
    if value.is_async:
        return f"async function `{value.name}` {then}", f"call it: `{value.name}(...)`"
    if isinstance(value.node, ast.Lambda):
        return f"a lambda {then}", "call it"
    return f"function `{value.name}` {then}", "declare it as `async def` and call it"


def _never(made: Made) -> str:
    return f"is never {DRIVEN.get(made.kind, 'awaited')}"


def _fate(leak: Leak, node: ast.AST, used: Misused | None, module: Module) -> str:
    """Return what becomes of a coroutine that a body leaves behind."""
    if leak.on_branch:
        driven = DRIVEN.get(leak.made.kind, "awaited")
        return f"is not {driven} on every path, and does nothing on the others"
    if used is not None:
        return f"{_never(leak.made)}; {use(used, node, module)}"
    return f"{_never(leak.made)} and does nothing"


def coroutine(
    made: Made, address: Address, module: Module, told: ast.AST | None = None
) -> str:
    """Return the call that made a coroutine, and the file if it is another one.

    Where it is `told` of another call, a wrapper's call of what it wraps is that one.
    """
    maker = made.callable
    name = ""
    if isinstance(address.node, ast.Call):
        name = ast.unparse(address.node.func)
        if told is not address.node and isinstance(told, ast.Call):
            nodes = ast.walk(address.module.tree)
            if name in (one.arg for one in nodes if isinstance(one, ast.arg)):
                name = ast.unparse(told.func)
    if not name.isprintable() or not 0 < len(name) <= MAX_NAME or "(" in name:
        if isinstance(maker, (Function, External)):
            name = maker.name
        elif isinstance(maker, Method):
            name = maker.name
    text = f"`{name}()`"
    if isinstance(maker, Callback) and maker.example is not None:
        maker = maker.example
        place = paths.from_file(maker.module, maker.node, module)
        return f"{text}, such as `{maker.name}` ({place}),"
    if isinstance(maker, Function) and maker.module is not module:
        text += f" ({paths.where(maker.module, maker.node, module)})"
    return text


def _origin(address: Address, place: ast.AST, module: Module) -> str:
    """Return where a coroutine was made, if that is in a function called at a place."""
    line = _line(address.node)
    is_far = address.module is module and line != _line(place)
    return f" (line {line})" if is_far else ""


def given(event: Unrun) -> str:
    """Return what is given to something that calls it and never awaits."""
    function = function_of(event.value)
    name = getattr(function, "name", "")
    if isinstance(function, Function) and function.is_async:
        return f"async function `{name}`"
    what = "a lambda" if name == "<lambda>" else f"`{name}`"
    maker = getattr(event.maker, "name", "")
    made = f"the coroutine `{maker}()`" if maker else "a coroutine"
    return f"{what}, which returns {made},"


def use(event: Misused, place: ast.AST, module: Module) -> str:
    """Return what a use of the coroutine of a place comes to, and where if elsewhere."""
    what = event.how
    if event.module is not module or _line(event.node) != _line(place):
        what += f" ({paths.from_file(event.module, event.node, module)})"
    return comes_to(event.how, what, event.value.kind)


def comes_to(how: str, what: str, kind: str) -> str:
    """Return what a use comes to, of something of a kind; `what` names its place."""
    if what.startswith("attribute "):
        return f"{what} raises AttributeError"
    if how.startswith("model "):
        return f"{what} raises ValidationError"
    if how == "a truth test":
        return f"{what} finds it always true"
    if how in REFUSING and kind not in ("awaitable", "future"):
        return f"{what} raises TypeError"
    if how == "`assert isinstance`":
        return f"{what} raises AssertionError"
    if how == "a plain `with`":
        return f"{what} fails"
    noun = "coroutine" if kind == "coroutine" else "object"
    return f"{what} gets the {noun}, not its result"


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def cure(made: Made, frame: Frame) -> str:
    """Return the shortest correct repair for a coroutine at its place."""
    if made.kind in CURES:
        return CURES[made.kind]
    function = frame.function
    if function is not None and function.is_async:
        return "`await` it"
    return "run it with `asyncio.run(...)`"


def first_coroutine(
    summary: Summary, value: Value, state: State
) -> tuple[str, Made, Address] | None:
    """Return a coroutine that a value certainly is or holds, after the path to it.

    What an object of a class holds is its own business, as that of a response.
    """
    stack = [("", value)]
    seen: set[Address] = set()
    while stack:
        path, current = stack.pop()
        # Alternatives have none, and of those nothing is certain.
        address = getattr(current, "address", None)
        if address is None or address in seen:
            continue
        seen.add(address)
        entry = state.heap.get(address)
        if isinstance(current, Coroutine) and isinstance(entry, Made):
            if current.kind not in ALIKE:
                return path, entry, address
        elif isinstance(entry, Items) and isinstance(current, Container):
            is_dict = current.kind == "dict"
            for key, held in entry.known.items():
                stack.append((paths.below(path, key) if is_dict else path + "[]", held))
            if entry.rest is not None:
                stack.append((path + ("{}" if is_dict else "[]"), entry.rest))
    return None
