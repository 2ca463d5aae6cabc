"""Tasks and threads: what runs coroutines side by side."""

from __future__ import annotations

import ast
import functools

from flake8_lambda_handler.flow.events import Scheduled
from flake8_lambda_handler.flow.events import TasksListed
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.hinted import as_declared
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join_all
from flake8_lambda_handler.libraries import stores
from flake8_lambda_handler.libraries.awaitables import FUTURES
from flake8_lambda_handler.libraries.awaitables import awaitables
from flake8_lambda_handler.libraries.awaitables import refuse
from flake8_lambda_handler.libraries.awaitables import refuse_unlisted
from flake8_lambda_handler.libraries.callbacks import called_apart
from flake8_lambda_handler.libraries.clients import CALLING
from flake8_lambda_handler.libraries.clients import EXECUTOR
from flake8_lambda_handler.libraries.clients import POOL
from flake8_lambda_handler.libraries.clients import PROCESSES
from flake8_lambda_handler.libraries.clients import THREAD_POOL
from flake8_lambda_handler.libraries.clients import has_plain_threads
from flake8_lambda_handler.libraries.objects import LOOP
from flake8_lambda_handler.libraries.objects import RUNNING
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of

TASK_GROUP = "asyncio.TaskGroup"

#: Awaiting what these return gives what their first argument gives.
TRANSPARENT_WRAPPERS = frozenset({"create_task", "ensure_future", "shield", "wait_for"})

#: These run all their arguments, side by side.
GATHERING = frozenset({"gather", "wait"})

#: Those of them that turn a coroutine into a task of its own.
TASK_MAKERS = frozenset({"create_task", "ensure_future"})


# -- tasks --------------------------------------------------------------------------


@call_of(
    "asyncio.gather", "asyncio.shield", "asyncio.ensure_future", "asyncio.create_task"
)
def _future(run: Run, call: Call) -> Value:
    args = awaitables(call)
    name = call.name.rpartition(".")[2]
    kind = "task" if name in TASK_MAKERS else "future"
    kinds = FUTURES if name == "create_task" else ()
    refuse(run, args, call.node, f"`asyncio.{name}`", "TypeError", kinds)
    made = run.make_coroutine(kind, External(f"asyncio.{name}"), args, {}, call.node)
    run.record(Scheduled(call.node, made, name))
    return made


@call_of("asyncio.wait_for", "asyncio.wait", "asyncio.as_completed", "asyncio.timeout")
def _wrapping(run: Run, call: Call) -> Value:
    args = awaitables(call)
    name = call.name.rpartition(".")[2]
    how = f"`asyncio.{name}`"
    if name == "wait_for":
        refuse(run, args[:1], call.node, how, "TypeError")
    elif name == "as_completed":
        refuse_unlisted(run, args[:1], call.node, how)
    for value in (*args, *call.keywords.values()):
        run.drive(value)
    if name in ("wait_for", "wait"):
        return run.make_coroutine(
            "coroutine", External(f"asyncio.{name}"), args, {}, call.node
        )
    if name == "as_completed":
        _side_by_side(run, args, call.node)
        maker = External(call.name)
        made = run.make_coroutine("coroutine", maker, [], {}, call.node)
        run.tested.add(made.address)  # whoever breaks off needs no more of them
        return run.container("iterator", Items({}, made), Marker(call.node))
    return UNKNOWN


@call_of("asyncio.run_coroutine_threadsafe")
def _threadsafe(run: Run, call: Call) -> Value:
    args = awaitables(call)
    how = "`asyncio.run_coroutine_threadsafe`"
    refuse(run, args[:1], call.node, how, "TypeError", FUTURES)
    made = run.make_coroutine(
        "task", External("asyncio.run_coroutine_threadsafe"), args[:1], {}, call.node
    )
    run.record(Scheduled(call.node, made, "run_coroutine_threadsafe"))
    return made


@call_of("asyncio.all_tasks", "asyncio.tasks.all_tasks")
def _all_tasks(run: Run, call: Call) -> Value:
    run.record(TasksListed(call.node))
    return UNKNOWN


def start_tasks(run: Run, args: list[Value], node: ast.AST) -> None:
    """Follow coroutines that start now, and that nobody has to await."""
    for value in args:
        run.drive(value)
        for one in each(value):
            step = Step("task", node, 0)
            run.under(step, functools.partial(run.outcome, one, node))


def outcome(run: Run, value: Coroutine, made: Made, node: ast.AST) -> Value | None:
    """Return what awaiting a wrapper of asyncio gives; `None` for anything else."""
    name = getattr(made.callable, "name", "").rpartition(".")[2]
    queue = getattr(made.callable, "receiver", None)
    if isinstance(queue, Object) and queue.type in stores.ASYNC_QUEUES:
        return stores.taken_out(run, queue) if name == "get" else UNKNOWN
    if not made.args or not _is_asyncio(made.callable):
        return None
    if name in TASK_MAKERS:
        step = Step("task", value.address.node, 0)
        return run.under(step, lambda: _waited_for(run, made.args[0], node))
    if name in TRANSPARENT_WRAPPERS:
        return _waited_for(run, made.args[0], node)
    if name in GATHERING:
        if name == "wait":
            refuse_unlisted(
                run, list(made.args[:1]), value.address.node, "`asyncio.wait`"
            )
        found = _side_by_side(run, list(made.args), value.address.node)
        if name == "wait":
            return _done_and_pending(run, made.args[0], value.address.node)
        return _gathered(run, found, value.address.node)
    return None


def _done_and_pending(run: Run, given: Value, node: ast.AST) -> Value:
    """Return the two sets of tasks that `asyncio.wait` gives."""
    items = Items({}, run.iterate(given, node))
    sets = [run.container("set", items, Marker(node)) for _ in range(2)]
    return run.container("tuple", Items(dict(enumerate(sets))), Marker(node))


def _gathered(run: Run, found: list[Value], node: ast.AST) -> Value:
    """Return the list of what coroutines gave, as far as it tells their classes.

    Among them may be exceptions, of which nothing is said.
    """
    results = [as_declared(one) for one in found]
    items = Items(dict(enumerate(results)))
    if not isinstance(node, ast.Call) or any(
        isinstance(one, ast.Starred) for one in node.args
    ):
        items = Items({}, join_all(results))
    return run.container("list", items, Marker(node))


def _waited_for(run: Run, value: Value, node: ast.AST) -> Value:
    run.note_driven(value, node)
    return run.outcome(value, node)


def _is_asyncio(function: Value) -> bool:
    if isinstance(function, Method):
        return isinstance(function.receiver, Object) and function.receiver.type in (
            LOOP,
            RUNNING,
        )
    return isinstance(function, External) and function.name.startswith("asyncio.")


def _side_by_side(run: Run, args: list[Value], node: ast.AST) -> list[Value]:
    """Follow coroutines that run at the same time; return what each of them gives."""
    results: list[Value] = []
    for index, value in enumerate(args):
        given: list[Value] = []
        for one in each(value):
            inner = run.items(one).values() if isinstance(one, Container) else [one]
            for awaitable in inner:
                step = Step("task", node, index)
                run.under(step, functools.partial(run.note_driven, awaitable, node))
                for each_one in each(awaitable):
                    found = run.under(
                        Step("task", node, index),
                        functools.partial(run.outcome, each_one, node),
                    )
                    given.append(found)
        results.append(join_all(given) or UNKNOWN)
    return results


# -- threads ------------------------------------------------------------------------


#: Coroutines that wait for what a thread does.
_IN_THREAD = (
    "anyio.to_thread.run_sync",
    "asyncio.to_thread",
    "fastapi.concurrency.run_in_threadpool",
    "starlette.concurrency.run_in_threadpool",
)


@call_of(*_IN_THREAD, "threading.Thread", "multiprocessing.Process")
def _thread(run: Run, call: Call) -> Value:
    name = call.name.rpartition(".")[2]
    is_awaited = call.name in _IN_THREAD
    if is_awaited:
        target, given = call.argument(0), call.args[1:]
    else:
        target = call.argument(1, "target")
        given = _items(run, call.keywords.get("args"))
    in_thread = name != "Process"
    called_apart(run, target, given, {}, call.node, f"`{name}`", in_thread=in_thread)
    for value in call.values():
        run.escape(value)
    if is_awaited:
        return run.make_coroutine("coroutine", External(call.name), [], {}, call.node)
    return UNKNOWN


def _items(run: Run, value: Value | None) -> list[Value]:
    return run.items(value).values() if isinstance(value, Container) else []


@methods_of(EXECUTOR, PROCESSES, POOL, THREAD_POOL)
def _given_to_executor(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name in CALLING:
        given = call.args[1:] if call.name == "submit" else []
        how = f"`{call.name}`"
        in_thread = has_plain_threads(receiver)
        called_apart(
            run, call.argument(0), given, {}, call.node, how, in_thread=in_thread
        )
    if call.name != "map" or receiver.type not in (EXECUTOR, PROCESSES):
        return None
    run.record(Used(call.node, receiver, call.name))
    for value in call.args[1:]:
        run.escape(value)
    address = run.address(call.node)
    run.state.heap[address] = Made("generator", UNKNOWN, (), ())
    return Generator(address)


@methods_of("homeassistant.core.HomeAssistant")
def _given_to_home_assistant(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name == "async_add_executor_job":
        target, how = call.argument(0, "target"), f"`{call.name}`"
        called_apart(run, target, call.args[1:], {}, call.node, how, in_thread=True)
    return None


@methods_of(TASK_GROUP)
def _started_in_group(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name == "__aexit__":
        entry = run.entry(receiver.address)
        for task in entry.values() if isinstance(entry, Items) else ():
            run.note_driven(task, call.node)
        return UNKNOWN
    if call.name != "create_task":
        return None
    args = awaitables(call)
    refuse(run, args[:1], call.node, "`create_task`", "TypeError", FUTURES)
    start_tasks(run, args, call.node)
    maker = External("asyncio.create_task")
    made = run.make_coroutine("task", maker, args[:1], {}, call.node)
    run.drive(made)
    if receiver.address is not None:
        entry = run.entry(receiver.address)
        items = entry if isinstance(entry, Items) else Items()
        run.state.heap[receiver.address] = items.add(made)
    return made
