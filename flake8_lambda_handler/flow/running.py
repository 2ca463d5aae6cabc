"""What runs coroutines: event loops, runners, tasks and threads.

Each call records an event, and stands as a `Step` on the path of what it runs: so every
event tells under which loop, in which task and behind which conditions it happened.
`loops` reads them.
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.flow.registry import CALLS
from flake8_lambda_handler.flow.registry import call_of
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import Made
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions

LOOP = "asyncio.AbstractEventLoop"
RUNNING = "asyncio.running loop"
RUNNER = "asyncio.Runner"
POLICY = "asyncio.AbstractEventLoopPolicy"
CLOSING = "contextlib.closing"

#: What the current loop of the thread is while nobody has made or set one.
UNSET = External("asyncio.<no loop yet>")

#: The address of the thread's current loop: what `get_event_loop()` gives.
CURRENT = Address(ast.Pass(), None, (), False)  # type: ignore[arg-type]

#: Awaiting what these return gives what their first argument gives.
TRANSPARENT_WRAPPERS = frozenset({"create_task", "ensure_future", "shield", "wait_for"})

#: These run all their arguments, side by side.
GATHERING = frozenset({"gather", "wait"})

#: Those of them that turn a coroutine into a task of its own.
TASK_MAKERS = frozenset({"create_task", "ensure_future"})


#: What asyncio calls the parameter that takes an awaitable.
AWAITABLE_KEYWORDS = (
    "coro",
    "coro_or_future",
    "arg",
    "fut",
    "future",
    "fs",
    "aws",
    "main",
)


class Step(NamedTuple):
    """One step on the way to an event, outermost first, through all calls.

    - `if`: an arm of `node`, which is an `if`, a conditional expression or a loop's
      test; `value` tells which.
    - `after`: behind `node`, one of whose arms left the function.
    - `or`: the operand of `node`, an `and` or `or`, that is not always reached.
    - `for`: the body of a loop or comprehension. `case`: an arm of `match`.
    - `try`, `except`: inside that part of `node`.
    - `choice`: the call `node` of one of several values, `value`.
    - `run`: inside what a loop runs; `value` is the loop or `None` for `asyncio.run`.
    - `task`: inside a task of its own; `value` is its number among those of `node`.
    - `main`: under `if __name__ == "__main__"`.
    """

    kind: str
    node: ast.AST
    value: object = None


Path = tuple[Step, ...]


def start() -> dict[Address, Any]:
    """Return the heap that every body starts with."""
    return {CURRENT: Items({"loop": UNSET})}


def current_loop(run: Expressions) -> Value:
    """Return the thread's current loop: `UNSET`, `NONE` once taken away, a loop."""
    entry = run.state.heap.get(CURRENT)
    return entry.known.get("loop", UNKNOWN) if isinstance(entry, Items) else UNSET


def set_current_loop(run: Expressions, value: Value) -> None:
    run.state.heap[CURRENT] = Items({"loop": value})


def running_loop(path: Path) -> Step | None:
    """Return the innermost step that runs a loop."""
    for step in reversed(path):
        if step.kind == "run":
            return step
    return None


# -- loops --------------------------------------------------------------------------


@call_of(
    "asyncio.new_event_loop",
    "asyncio.events.new_event_loop",
    "asyncio.EventLoop",
    "asyncio.SelectorEventLoop",
    "uvloop.new_event_loop",
    "uvloop.Loop",
)
def _new_loop(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    made = Object(LOOP, run.address(node))
    opened(run, made)
    run.event("loop made", node, how=name, value=made)
    return made


@call_of("asyncio.get_event_loop", "asyncio.events.get_event_loop")
def _get_loop(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    function = run.frame.function
    if running_loop(run.analysis.path) or (function is not None and function.is_async):
        run.event("running asked", node)
        return Object(RUNNING, None)
    current = current_loop(run)
    found: Value = UNKNOWN
    if current == UNSET:
        # Up to Python 3.13 the main thread's first call makes a loop, and keeps it.
        found = Object(LOOP, run.address(node))
        opened(run, found)
        set_current_loop(run, found)
    elif isinstance(current, Object):
        found = current
    run.event("loop fetched", node, how=name, value=found, current=current)
    return found


@call_of("asyncio.set_event_loop", "asyncio.events.set_event_loop")
def _set_loop(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    loop = args[0] if args else keywords.get("loop", UNKNOWN)
    set_current_loop(run, loop)
    run.event("loop set", node, value=loop)
    return NONE


@call_of("asyncio.get_running_loop", "asyncio._get_running_loop")
def _running_loop(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    run.event("running asked", node)
    return Object(RUNNING, None)


@call_of("asyncio.get_event_loop_policy")
def _policy(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return Object(POLICY, None)


@call_of("asyncio.set_event_loop_policy")
def _set_policy(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    # A policy of somebody's own gives loops as it likes.
    set_current_loop(run, UNKNOWN)
    run.event("policy set", node)
    return NONE


@call_of("nest_asyncio.apply", "nest_asyncio2.apply")
def _nest(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    run.event("nesting allowed", node)
    return NONE


@call_of("contextlib.closing")
def _closing(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    made = Object(CLOSING, run.address(node))
    run.state.heap[run.address(node)] = Items({"thing": args[0] if args else UNKNOWN})
    return made


def opened(run: Expressions, value: Value) -> None:
    """Note that an object holds file descriptors until it is closed."""
    if isinstance(value, Object) and value.address is not None:
        run.state.heap[value.address] = Items({"closed": Const(False)})


def closed(run: Expressions, value: Value) -> None:
    """Note that an object has let go of its file descriptors."""
    if isinstance(value, Object) and value.address is not None:
        run.state.heap[value.address] = Items({"closed": Const(True)})


def enter(run: Expressions, value: Object, node: ast.AST) -> Value:
    """Return what a plain `with` binds; the block closes the object for certain."""
    run.event("entered", node, value=value)
    if value.type == RUNNER:
        closed(run, value)
        set_current_loop(run, UNKNOWN)
        return value
    entry = run.entry(value.address)
    thing = entry.known.get("thing", UNKNOWN) if isinstance(entry, Items) else UNKNOWN
    if isinstance(thing, Object) and thing.type == LOOP:
        closed(run, thing)
        run.event("loop close", node, value=thing)
    else:
        run.escape(thing)
    return thing


def method(
    run: Expressions,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what a method of something that runs coroutines gives; else `None`."""
    if receiver.type in (LOOP, RUNNING):
        return loop_method(run, receiver, name, args, keywords, node)
    if receiver.type == RUNNER:
        return runner_method(run, receiver, name, args, keywords, node)
    if receiver.type == POLICY:
        return policy_method(run, name, args, keywords, node)
    return None


def policy_method(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what a method of the event loop policy gives."""
    found = CALLS.get(f"asyncio.{name}")
    return UNKNOWN if found is None else found(run, name, args, keywords, node)


def loop_method(
    run: Expressions,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what a method of an event loop gives."""
    args = awaitables(args, keywords)
    first = args[0] if args else UNKNOWN
    if name in ("run_until_complete", "run_forever"):
        run.event("run", node, value=first, how=receiver, name=name)
        return run_in(
            run, receiver, first if name == "run_until_complete" else NONE, node
        )
    if name == "create_task":
        for value in args:
            run.drive(value)
        made = run.make_coroutine("task", Method(receiver, name), args[:1], {}, node)
        run.event("scheduled", node, value=made, how="create_task", loop=receiver)
        return made
    if name == "run_in_executor":
        called_apart(run, args[1] if len(args) > 1 else UNKNOWN, args[2:], {}, node)
        unrun(run, args[1] if len(args) > 1 else UNKNOWN, node, "`run_in_executor`")
        for value in args:
            run.escape(value)
        return UNKNOWN
    if name == "close":
        closed(run, receiver)
    run.event("loop " + name, node, value=receiver)
    for value in (*args, *keywords.values()):
        if value != Method(receiver, "stop"):
            run.escape(value)
    if name == "create_future":
        made_future = Object("asyncio.Future", run.address(node))
        run.event("made", node, value=made_future)
        return made_future
    return UNKNOWN


def runner_method(
    run: Expressions,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value | None:
    """Return what a method of an `asyncio.Runner` gives."""
    if name == "run":
        first = next(iter(awaitables(args, keywords)), UNKNOWN)
        run.event("run", node, value=first, how=receiver, name=name)
        set_current_loop(run, UNKNOWN)
        return run_in(run, receiver, first, node)
    if name == "close":
        closed(run, receiver)
        set_current_loop(run, NONE)
        run.event("runner close", node, value=receiver)
        return NONE
    if name == "get_loop":
        run.event("runner get_loop", node, value=receiver)
        return Object(LOOP, receiver.address)
    return None


def run_in(run: Expressions, loop: Value | None, main: Value, node: ast.AST) -> Value:
    """Follow what a loop runs."""
    return run.under(Step("run", node, loop), lambda: run.awaited(main, node))


@call_of("asyncio.run", "asyncio.runners.run", "uvloop.run")
def _run(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    main = next(iter(awaitables(args, keywords)), UNKNOWN)
    run.event("run", node, value=main, how=name, name="run")
    result = run_in(run, None, main, node)
    if name != "uvloop.run" and "loop_factory" not in keywords:
        # It takes the thread's current loop away when it is done.
        set_current_loop(run, NONE)
    return result


@call_of("anyio.run", "trio.run")
def _run_function(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in (*args[1:], *keywords.values()):
        run.escape(value)
    function = args[0] if args else UNKNOWN
    if isinstance(function, (Function, Partial)):
        main = run.call(function, args[1:], {}, node)
        return run_in(run, None, main, node)
    return UNKNOWN


@call_of("anyio.from_thread.run", "trio.from_thread.run")
def _run_from_thread(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in (*args[1:], *keywords.values()):
        run.escape(value)
    function = args[0] if args else UNKNOWN
    if isinstance(function, (Function, Partial)):
        return run.awaited(run.call(function, args[1:], {}, node), node)
    return UNKNOWN


# -- tasks --------------------------------------------------------------------------


@call_of(
    "asyncio.gather", "asyncio.shield", "asyncio.ensure_future", "asyncio.create_task"
)
def _future(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    args = awaitables(args, keywords)
    name = name.rpartition(".")[2]
    kind = "task" if name in TASK_MAKERS else "future"
    for value in args:
        # `gather(tasks)` without the star is a TypeError at run time; do not judge.
        run.drive(value)
    made = run.make_coroutine(kind, External(f"asyncio.{name}"), args, {}, node)
    run.event("scheduled", node, value=made, how=name)
    return made


@call_of("asyncio.wait_for", "asyncio.wait", "asyncio.as_completed", "asyncio.timeout")
def _wrapping(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    args = awaitables(args, keywords)
    name = name.rpartition(".")[2]
    for value in (*args, *keywords.values()):
        run.drive(value)
    if name in ("wait_for", "wait"):
        return run.make_coroutine(
            "coroutine", External(f"asyncio.{name}"), args, {}, node
        )
    if name == "as_completed":
        _side_by_side(run, args, node)
    return UNKNOWN


@call_of("asyncio.run_coroutine_threadsafe")
def _threadsafe(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    args = awaitables(args, keywords)
    for value in (*args, *keywords.values()):
        run.drive(value)
    made = run.make_coroutine(
        "task", External("asyncio.run_coroutine_threadsafe"), args[:1], {}, node
    )
    run.event("scheduled", node, value=made, how="run_coroutine_threadsafe")
    return made


@call_of("asyncio.all_tasks", "asyncio.tasks.all_tasks")
def _all_tasks(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    run.event("all tasks", node)
    return UNKNOWN


def awaitables(args: list[Value], keywords: dict[str, Value]) -> list[Value]:
    """Return the positional arguments, or the one that is given by its name."""
    if args:
        return args
    return [keywords[name] for name in AWAITABLE_KEYWORDS if name in keywords][:1]


def start_tasks(run: Expressions, args: list[Value], node: ast.AST) -> None:
    """Follow coroutines that start now, and that nobody has to await."""
    for value in args:
        run.drive(value)
        for one in each(value):
            step = Step("task", node, 0)
            run.under(step, functools.partial(run.outcome, one, node))


def outcome(
    run: Expressions, value: Coroutine, made: Made, node: ast.AST
) -> Value | None:
    """Return what awaiting a wrapper of asyncio gives; `None` for anything else."""
    name = getattr(made.callable, "name", "").rpartition(".")[2]
    if not made.args or not _is_asyncio(made.callable):
        return None
    if name in TASK_MAKERS:
        step = Step("task", value.address.node, 0)
        return run.under(step, lambda: run.outcome(made.args[0], node))
    if name in TRANSPARENT_WRAPPERS:
        return run.outcome(made.args[0], node)
    if name in GATHERING:
        _side_by_side(run, list(made.args), value.address.node)
        return UNKNOWN
    return None


def _is_asyncio(function: Value) -> bool:
    if isinstance(function, Method):
        return isinstance(function.receiver, Object) and function.receiver.type in (
            LOOP,
            RUNNING,
        )
    return isinstance(function, External) and function.name.startswith("asyncio.")


def _side_by_side(run: Expressions, args: list[Value], node: ast.AST) -> None:
    """Follow coroutines that run at the same time."""
    for index, value in enumerate(args):
        for one in each(value):
            inner = run.items(one).values() if isinstance(one, Container) else [one]
            for awaitable in inner:
                for each_one in each(awaitable):
                    run.under(
                        Step("task", node, index),
                        functools.partial(run.outcome, each_one, node),
                    )


# -- threads ------------------------------------------------------------------------


@call_of("asyncio.to_thread", "threading.Thread", "multiprocessing.Process")
def _thread(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    name = name.rpartition(".")[2]
    target = (
        args[0] if args and name == "to_thread" else keywords.get("target", UNKNOWN)
    )
    if name != "to_thread" and len(args) > 1:
        target = args[1]
    given = args[1:] if name == "to_thread" else _items(run, keywords.get("args"))
    called_apart(run, target, given, {}, node)
    unrun(run, target, node, f"`{name}`")
    for value in (*args, *keywords.values()):
        run.escape(value)
    if name == "to_thread":
        return run.make_coroutine(
            "coroutine", External("asyncio.to_thread"), [], {}, node
        )
    return UNKNOWN


def _items(run: Expressions, value: Value | None) -> list[Value]:
    return run.items(value).values() if isinstance(value, Container) else []


def unrun(run: Expressions, function: Value, node: ast.AST, how: str) -> None:
    """Report an async function given to something that calls it and never awaits."""
    if isinstance(function, Partial):
        function = function.function
    if isinstance(function, Function) and function.is_async:
        run.event("unrun", node, value=function, how=how)


def called_apart(
    run: Expressions,
    function: Value,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> None:
    """Note the loops that a function runs in a thread of its own.

    What else it does is not looked at: the loops that it makes there are its own.
    """
    if isinstance(function, Method) and function.name == "run_forever":
        run.event("background", node, value=function.receiver)
        return
    if not isinstance(function, (Function, Partial)):
        return
    before = run.state
    run.state = before.fork()
    events = run.analysis.apart(lambda: run.call(function, args, keywords, node))
    run.state = before
    for event in events:
        if event.kind == "run" and isinstance(event.fields["how"], Object):
            run.event("background", node, value=event.fields["how"])
