"""Functions that are given to something that calls them, and never awaits."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import LoopFetched
from flake8_lambda_handler.flow.events import LoopRun
from flake8_lambda_handler.flow.events import RanApart
from flake8_lambda_handler.flow.events import Unrun
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.kinds import UNDRIVEN
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import method_names
from flake8_lambda_handler.libraries.current_loop import UNSET_IN_THREAD
from flake8_lambda_handler.libraries.current_loop import set_current_loop

#: Which argument of a call is such a function, by its place and its name. `-1` is for
#: one that is given by its name only.
CALLBACKS = {
    "atexit.register": (0, "func"),
    "bisect.bisect": (-1, "key"),
    "bisect.insort": (-1, "key"),
    "builtins.max": (-1, "key"),
    "builtins.min": (-1, "key"),
    "builtins.sorted": (-1, "key"),
    "functools.reduce": (0, "function"),
    "heapq.nlargest": (2, "key"),
    "heapq.nsmallest": (2, "key"),
    "itertools.dropwhile": (0, "predicate"),
    "itertools.filterfalse": (0, "function"),
    "itertools.groupby": (1, "key"),
    "itertools.takewhile": (0, "predicate"),
    "json.dump": (-1, "default"),
    "json.dumps": (-1, "default"),
    "json.loads": (-1, "object_hook"),
    "re.sub": (1, "repl"),
    "re.subn": (1, "repl"),
    "signal.signal": (1, "handler"),
    "threading.Timer": (1, "function"),
    "weakref.finalize": (1, "func"),
}


def note(run: Run, call: Call) -> None:
    """Report an async function among those that a call never awaits."""
    found = CALLBACKS.get(call.name)
    if found is not None:
        index, name = found
        function = call.argument(index, name) if index >= 0 else call.keywords.get(name)
        if function is not None:
            unrun(run, function, call.node, _called(call.name))


def note_method(run: Run, call: Call) -> None:
    """Report an async function that a method of a loop or task never awaits."""
    index = method_names.CALLBACKS.get(call.name)
    if index is not None:
        unrun(run, call.argument(index, "callback"), call.node, f"`{call.name}`")


def note_unknown(run: Run, call: Call) -> None:
    """Report the same of an object of which nothing but the method's name is known."""
    index = method_names.TELLING.get(call.name)
    if index is not None:
        function, how = call.argument(index), f"`{call.name}`"
        unrun(run, function, call.node, how, method=call.name)


def _called(name: str) -> str:
    return f"`{name.removeprefix('builtins.')}`"


def unrun(
    run: Run, function: Value, node: ast.AST, how: str, *, method: str = ""
) -> None:
    """Report an async function given to something that calls it and never awaits.

    `method` is what tells so by its name alone.
    """
    inner = function_of(function)
    if not isinstance(inner, Function):
        return
    if inner.is_async or isinstance(inner.node, ast.Lambda):
        _apart(run, function, [], {}, node, how, method)


def one_of(
    run: Run,
    functions: list[Function],
    node: ast.AST,
    note: Callable[[Function, Value], object] = lambda function, given: None,
) -> None:
    """Call one of some functions, or none, with arguments of which nothing is known.

    Something catches what it raises. `note` gets each with what it gives.
    """

    def called(one: Value) -> Value:
        if isinstance(one, Function):
            arguments = one.node.args
            count = len(arguments.posonlyargs + arguments.args)
            count -= len(arguments.defaults) + (one.receiver is not None)
            note(one, run.call(one, [UNKNOWN] * count, {}, node))
        return UNKNOWN

    choices: list[Value] = [*functions, NONE]
    step = Step("choice", node, tuple(choices))
    run.per_choice(choices, lambda one: run.under(step, lambda: called(one)))


def called_apart(
    run: Run,
    function: Value,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    how: str,
    *,
    in_thread: bool = False,
) -> None:
    """Note what a function does in a thread of its own, and what it leaves behind.

    What else it does is not looked at: the loops that it makes there are its own. With
    `in_thread` it is certain that the thread starts without one.
    """
    if isinstance(function, Method) and function.name == "run_forever":
        run.record(RanApart(node, function.receiver))
        return
    if not isinstance(function, (Function, Partial)):
        return
    before, step = run.state, Step("thread", node)
    run.state = before.fork()
    set_current_loop(run, UNSET_IN_THREAD if in_thread else UNKNOWN)
    for event in run.under(
        step, lambda: _apart(run, function, args, keywords, node, how)
    ):
        if isinstance(event, LoopFetched) and event.current == UNSET_IN_THREAD:
            run.world.root.events.append(event)
        if isinstance(event, LoopRun) and isinstance(event.how, Object):
            run.record(RanApart(node, event.how))
    run.state = before


def _apart(
    run: Run,
    function: Value,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    how: str,
    method: str = "",
) -> list[Event]:
    """Call a function whose result nobody awaits; return what happens in it."""
    before = run.state
    run.state = before.fork()
    left: list[Made] = []

    def called() -> None:
        result = run.call(function, args, keywords, node)
        made = run.entry(getattr(result, "address", None))
        if isinstance(result, Coroutine) and result.kind in UNDRIVEN:
            if isinstance(made, Made):
                left.append(made)

    events = run.world.apart(called)
    run.state = before
    for made in left:
        run.record(Unrun(node, function, made.callable, how, method))
    return events
