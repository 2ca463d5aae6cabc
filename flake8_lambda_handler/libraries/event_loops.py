"""Event loops: who makes them, runs on them and closes them.

Each call records an event, and stands as a `Step` on the path of what it runs: so every
event tells under which loop, in which task and behind which conditions it happened.
"""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.events import Entered
from flake8_lambda_handler.flow.events import LoopCalled
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopMade
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import LoopSet
from flake8_lambda_handler.flow.events import NestingAllowed
from flake8_lambda_handler.flow.events import ObjectMade
from flake8_lambda_handler.flow.events import PolicySet
from flake8_lambda_handler.flow.events import RunningAsked
from flake8_lambda_handler.flow.events import Scheduled
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import running_loop
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries import callbacks
from flake8_lambda_handler.libraries.awaitables import FUTURES
from flake8_lambda_handler.libraries.awaitables import awaitables
from flake8_lambda_handler.libraries.awaitables import refuse
from flake8_lambda_handler.libraries.callbacks import called_apart
from flake8_lambda_handler.libraries.clients import CLOSABLE
from flake8_lambda_handler.libraries.clients import has_plain_threads
from flake8_lambda_handler.libraries.current_loop import UNSET
from flake8_lambda_handler.libraries.current_loop import current_loop
from flake8_lambda_handler.libraries.current_loop import set_current_loop
from flake8_lambda_handler.libraries.objects import LOOP
from flake8_lambda_handler.libraries.objects import RUNNER
from flake8_lambda_handler.libraries.objects import RUNNING
from flake8_lambda_handler.libraries.registry import CALLS
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of

POLICY = "asyncio.AbstractEventLoopPolicy"
CLOSING = "contextlib.closing"


# -- loops --------------------------------------------------------------------------


@call_of(
    "asyncio.new_event_loop",
    "asyncio.events.new_event_loop",
    "asyncio.EventLoop",
    "asyncio.SelectorEventLoop",
    "uvloop.new_event_loop",
    "uvloop.Loop",
)
def _new_loop(run: Run, call: Call) -> Value:
    made = Object(LOOP, run.address(call.node))
    opened(run, made)
    run.record(LoopMade(call.node, made))
    return made


@call_of("asyncio.get_event_loop", "asyncio.events.get_event_loop")
def _get_loop(run: Run, call: Call) -> Value:
    function = run.frame.function
    if running_loop(run.world.root.way) or (function is not None and function.is_async):
        run.record(RunningAsked(call.node))
        return Object(RUNNING, None)
    current = current_loop(run)
    known = [one for one in each(current) if one != UNSET]
    found: Value = UNKNOWN
    if not known:
        # Up to Python 3.13 the main thread's first call makes a loop, and keeps it.
        found = Object(LOOP, run.address(call.node))
        opened(run, found)
        set_current_loop(run, found)
    elif len(known) == 1 and isinstance(known[0], Object):
        # What this invocation may set, an earlier one may have set.
        found = known[0]
    run.record(LoopFetched(call.node, found, current))
    return found


@call_of("asyncio.set_event_loop", "asyncio.events.set_event_loop")
def _set_loop(run: Run, call: Call) -> Value:
    loop = call.argument(0, "loop")
    set_current_loop(run, loop)
    run.record(LoopSet(call.node, loop))
    return NONE


@call_of("asyncio.get_running_loop", "asyncio._get_running_loop")
def _running_loop(run: Run, call: Call) -> Value:
    run.record(RunningAsked(call.node))
    return Object(RUNNING, None)


@call_of("asyncio.Runner", "asyncio.runners.Runner")
def _new_runner(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value)
    made = Object(RUNNER, run.address(call.node))
    opened(run, made, sets_loop=call.argument(1, "loop_factory") in (UNKNOWN, NONE))
    run.record(ObjectMade(call.node, made))
    return made


@call_of("asyncio.get_event_loop_policy")
def _policy(run: Run, call: Call) -> Value:
    return Object(POLICY, None)


@call_of("asyncio.set_event_loop_policy", "uvloop.install")
def _set_policy(run: Run, call: Call) -> Value:
    # A policy of somebody's own gives loops as it likes.
    set_current_loop(run, UNKNOWN)
    run.record(PolicySet(call.node))
    return NONE


@call_of("nest_asyncio.apply", "nest_asyncio2.apply")
def _nest(run: Run, call: Call) -> Value:
    run.record(NestingAllowed(call.node))
    return NONE


@call_of("contextlib.closing")
def _closing(run: Run, call: Call) -> Value:
    made = Object(CLOSING, run.address(call.node))
    run.state.heap[run.address(call.node)] = Items({"thing": call.argument(0)})
    return made


def opened(run: Run, value: Value, *, sets_loop: bool = False) -> None:
    """Note that an object holds file descriptors until it is closed.

    `sets_loop`: its loop is the thread's current one until then.
    """
    if isinstance(value, Object) and value.address is not None:
        run.state.heap[value.address] = Items(
            {"closed": Const(False), "sets_loop": Const(sets_loop)}
        )


def closed(run: Run, value: Value) -> None:
    """Note that an object has let go of its file descriptors."""
    entry = run.entry(value.address) if isinstance(value, Object) else None
    if isinstance(value, Object) and value.address is not None:
        known = entry.known if isinstance(entry, Items) else {}
        run.state.heap[value.address] = Items({**known, "closed": Const(True)})


def sets_loop(run: Run, runner: Object) -> bool:
    """Return whether the loop of a runner is the thread's current one."""
    entry = run.entry(runner.address)
    return isinstance(entry, Items) and entry.known.get("sets_loop") == Const(True)


def take_loop(run: Run, node: ast.AST) -> None:
    """Take the thread's current loop away, as what runs in a loop of its own does."""
    set_current_loop(run, NONE)
    run.record(LoopSet(node, NONE))


def enter(run: Run, value: Object, node: ast.AST) -> Value:
    """Return what a plain `with` binds; the block closes the object for certain."""
    run.record(Entered(node, value))
    if value.type == RUNNER:
        closed(run, value)
        if sets_loop(run, value):
            set_current_loop(run, UNKNOWN)
        return value
    entry = run.entry(value.address)
    thing = entry.known.get("thing", UNKNOWN) if isinstance(entry, Items) else UNKNOWN
    if isinstance(thing, Object) and thing.type == LOOP:
        closed(run, thing)
        run.record(LoopCalled(node, thing, "close"))
    elif isinstance(thing, Object) and thing.type in CLOSABLE:
        run.record(Used(node, thing, "close"))
    else:
        run.escape(thing)
    return thing


@methods_of(POLICY)
def _policy_method(run: Run, receiver: Object, call: Call) -> Value:
    found = CALLS.get(f"asyncio.{call.name}")
    return UNKNOWN if found is None else found(run, call)


@methods_of(LOOP, RUNNING)
def _loop_method(run: Run, receiver: Object, call: Call) -> Value:
    args = awaitables(call)
    first = args[0] if args else UNKNOWN
    if call.name in ("run_until_complete", "run_forever"):
        run.record(LoopRun(call.node, receiver))
        if call.name == "run_forever":
            return run_in(run, receiver, NONE, call.node)
        refuse(run, [first], call.node, "`run_until_complete`", "TypeError")
        return run_in(run, receiver, first, call.node)
    if call.name == "create_task":
        refuse(run, args[:1], call.node, "`create_task`", "TypeError", FUTURES)
        made = run.make_coroutine(
            "task", Method(receiver, call.name), args[:1], {}, call.node
        )
        run.record(Scheduled(call.node, made, "create_task"))
        return made
    if call.name == "run_in_executor":
        function = call.argument(1, "func")
        pool, how = call.argument(0, "executor"), "`run_in_executor`"
        in_thread = pool == NONE or has_plain_threads(pool)
        called_apart(run, function, args[2:], {}, call.node, how, in_thread=in_thread)
        for value in args:
            run.escape(value)
        return UNKNOWN
    if call.name == "close":
        closed(run, receiver)
    callbacks.note_method(run, call)
    run.record(LoopCalled(call.node, receiver, call.name))
    for value in (*args, *call.keywords.values()):
        if value != Method(receiver, "stop"):
            run.escape(value)
    if call.name == "create_future":
        made_future = Object("asyncio.Future", run.address(call.node))
        run.record(ObjectMade(call.node, made_future))
        return made_future
    return UNKNOWN


@methods_of(RUNNER)
def _runner_method(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name == "run":
        first = next(iter(awaitables(call)), UNKNOWN)
        run.record(LoopRun(call.node, receiver))
        refuse(run, [first], call.node, "`Runner.run`", "ValueError", FUTURES)
        if sets_loop(run, receiver):
            set_current_loop(run, UNKNOWN)
        return run_in(run, receiver, first, call.node)
    if call.name in ("close", "__exit__"):
        closed(run, receiver)
        run.record(LoopCalled(call.node, receiver, call.name))
        if sets_loop(run, receiver):
            take_loop(run, call.node)
        return NONE
    if call.name == "get_loop":
        return Object(LOOP, receiver.address)
    return None


def run_in(run: Run, loop: Value | None, main: Value, node: ast.AST) -> Value:
    """Follow what a loop runs."""
    return run.under(Step("run", node, loop), lambda: run.awaited(main, node))


@call_of("asyncio.run", "asyncio.runners.run", "uvloop.run")
def _run(run: Run, call: Call) -> Value:
    main = next(iter(awaitables(call)), UNKNOWN)
    run.record(LoopRun(call.node, call.name))
    if call.name != "uvloop.run":
        refuse(run, [main], call.node, "`asyncio.run`", "ValueError", FUTURES)
    result = run_in(run, None, main, call.node)
    if call.name != "uvloop.run" and "loop_factory" not in call.keywords:
        # It takes the thread's current loop away when it is done.
        set_current_loop(run, NONE)
    return result


@call_of("anyio.run", "trio.run")
def _run_function(run: Run, call: Call) -> Value:
    for value in (*call.args[1:], *call.keywords.values()):
        run.escape(value)
    function = call.argument(0)
    if isinstance(function, (Function, Partial)):
        main = run.call(function, call.args[1:], {}, call.node)
        result = run_in(run, None, main, call.node)
        if call.name == "anyio.run" and not call.keywords:
            take_loop(run, call.node)
        return result
    return UNKNOWN


@call_of("anyio.from_thread.run", "trio.from_thread.run")
def _run_from_thread(run: Run, call: Call) -> Value:
    for value in (*call.args[1:], *call.keywords.values()):
        run.escape(value)
    function = call.argument(0)
    if isinstance(function, (Function, Partial)):
        return run.awaited(run.call(function, call.args[1:], {}, call.node), call.node)
    return UNKNOWN
