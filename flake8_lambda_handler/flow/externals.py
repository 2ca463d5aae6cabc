"""What the flow analysis knows of names from outside the project.

The Python standard library's `asyncio`, `functools` and builtins stand here, because
each of them does something of its own to its arguments; libraries with async APIs
stand in the shipped tables (see `tables`). A name that is in neither is unknown: its
arguments may be driven or changed, and nothing is known of what it returns.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_lambda_handler import tables
from flake8_lambda_handler.flow import containers
from flake8_lambda_handler.flow import decorators
from flake8_lambda_handler.flow import encoding
from flake8_lambda_handler.flow import models
from flake8_lambda_handler.flow import objects
from flake8_lambda_handler.flow import running
from flake8_lambda_handler.flow import types
from flake8_lambda_handler.flow.registry import CALLS
from flake8_lambda_handler.flow.registry import call_of
from flake8_lambda_handler.flow.state import Made
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Super
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import join

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions

LOGGER = "logging.Logger"
TASK_GROUP = "asyncio.TaskGroup"
EXECUTOR = "concurrent.futures.Executor"


# -- entry points from the evaluator ------------------------------------------------


def member(value: External, name: str) -> Value:
    """Return an attribute of an external module or class."""
    return External(f"{value.name}.{name}")


def call(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what calling an external name gives."""
    found = CALLS.get(name)
    if found is not None:
        return found(run, name, args, keywords, node)
    typed = types.call(run, name, args, keywords, node)
    if typed is not None:
        return typed
    if name in IGNORING:
        for value in (*args, *keywords.values()):
            how = f"`{name.removeprefix('builtins.')}()`"
            if name in encoding.DUMPS:
                run.dump(value, node, how)
            elif name in RAISING:
                run.misuse_certain(value, node, how)
            else:
                run.look_at(value, node, how)
        if name in encoding.DUMPS:
            encoding.check_dumps(run, args, keywords, node)
        return _plain(IGNORING[name])
    if name in NEUTRAL:
        return UNKNOWN
    if name in decorators.PASSIVE_DECORATORS:
        return args[0] if len(args) == 1 and not keywords else External(name)
    if name in decorators.CLASS_DECORATORS:
        is_class = len(args) == 1 and isinstance(args[0], Class)
        return args[0] if is_class else External("<class decorator>")
    if name in decorators.DECORATOR_FACTORIES:
        if len(args) == 1 and not keywords and isinstance(args[0], (Function, Class)):
            return args[0]
        return External("<decorator>")
    if name.startswith("logging."):
        return _logging(run, name.removeprefix("logging."), args, keywords, node)
    listed = tables.async_function(name, _literal(args))
    if listed is not None:
        return _listed(run, listed, External(name), args, keywords, node)
    if tables.async_class(name) is not None:
        for value in (*args, *keywords.values()):
            run.escape(value)
        made = Object(tables.canonical(name), run.address(node))
        if made.type == running.RUNNER:
            running.opened(run, made)
        run.event("made", node, value=made)
        return made
    for value in (*args, *keywords.values()):
        run.escape(value)
    if name in RETURNS:
        made = Object(RETURNS[name], run.address(node))
        run.event("made", node, value=made)
        return made
    return UNKNOWN


def call_method(
    run: Expressions,
    function: Method,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what calling a method of an external object or a container gives."""
    receiver, name = function.receiver, function.name
    if isinstance(receiver, Container):
        return containers.method(run, receiver, name, args, keywords, node)
    if receiver == NONE:
        # One of several values; this one would raise.
        for value in (*args, *keywords.values()):
            run.escape(value)
        return UNKNOWN
    if isinstance(receiver, Const):
        for value in (*args, *keywords.values()):
            run.look_at(value, node, f"`{name}()`")
        plain = Object(f"builtins.{type(receiver.value).__name__}", None)
        return types.method(run, plain, name, [], {}, node) or UNKNOWN
    if isinstance(receiver, Instance):
        return models.instance_method(run, receiver, name, args, keywords, node)
    if isinstance(receiver, Coroutine):
        return _awaitable_method(run, receiver, name, args, node)
    if isinstance(receiver, Object):
        return _object_method(run, receiver, name, args, keywords, node)
    for value in (*args, *keywords.values()):
        run.escape(value)
    return UNKNOWN


def attribute(run: Expressions, value: Object, name: str, node: ast.AST) -> Value:
    """Return an attribute of an external object."""
    typed = types.attribute(value, name)
    if typed is not None:
        return typed
    kind = tables.attribute(value.type, name)
    return Method(value, name) if kind is None else Object(kind, value.address)


def awaitable_attribute(
    run: Expressions, value: Coroutine, name: str, node: ast.AST
) -> Value:
    """Return an attribute of a coroutine, task or future."""
    if value.kind in ("coroutine", "async generator"):
        run.drive(value)
    return Method(value, name)


def set_attribute(
    run: Expressions, owner: Value, name: str, value: Value, node: ast.AST
) -> None:
    """Note an assignment to an attribute of an external object."""
    if (
        isinstance(owner, External)
        and owner.name.startswith("json.")
        and name == "default"
    ):
        run.event("json patched", node)
    if isinstance(owner, Object):
        run.event("configured", node, value=owner, name=name)


def outcome(run: Expressions, value: Coroutine, made: Made, node: ast.AST) -> Value:
    """Return what `await` gives for a coroutine made outside the project."""
    found = running.outcome(run, value, made, node)
    if found is not None:
        return found
    if (
        isinstance(made.callable, Method)
        and made.callable.name in ENTERING
        and made.args
    ):
        return enter_async(run, made.args[0], node)
    if made.returns is None:
        return UNKNOWN
    result = Object(made.returns, value.address)
    run.event("made", node, value=result)
    return result


#: Awaiting these gives what `async with` on their first argument would bind.
ENTERING = frozenset({"__aenter__", "enter_async_context"})


def awaited_object(value: Object) -> Value:
    """Return what `await` gives for a pool and its like: itself, ready for use."""
    listed = tables.async_class(value.type)
    entered = listed.enter if listed is not None else None
    return Object(entered, value.address) if entered else UNKNOWN


def enter_async(run: Expressions, value: Value, node: ast.AST) -> Value:
    """Return what `async with` binds."""
    run.drive(value)
    found: list[Value] = []
    for one in run.choices(value, node):
        if isinstance(one, Coroutine):
            made = run.entry(one.address)
            inner = outcome(run, one, made, node) if isinstance(made, Made) else UNKNOWN
            found.append(inner)
        elif isinstance(one, Object):
            if one.type == TASK_GROUP:
                found.append(one)
                continue
            run.event("entered", node, value=one)
            listed = tables.async_class(one.type)
            entered = listed.enter if listed is not None else None
            found.append(Object(entered, one.address) if entered else UNKNOWN)
        else:
            found.append(UNKNOWN)
    return join(*found)


def enter(run: Expressions, value: Value, node: ast.AST) -> Value:
    """Return what a plain `with` binds."""
    if isinstance(value, Object) and value.type in (EXECUTOR, BATCH):
        run.event("entered", node, value=value)
        return value
    if isinstance(value, Object) and value.type in (running.RUNNER, running.CLOSING):
        return running.enter(run, value, node)
    if isinstance(value, Object) and value.type in objects.FILES:
        return value
    if isinstance(value, Instance):
        method = run.analysis.class_facts(value.cls).find("__enter__")
        if isinstance(method, Function):
            return run.call(method.bind(value), [], {}, node)
    run.drive(value)
    return UNKNOWN


def expects_exception(context: ast.expr) -> bool:
    """Return whether a `with` block is there to catch what its body raises."""
    function = context.func if isinstance(context, ast.Call) else context
    if isinstance(function, ast.Attribute):
        return function.attr in EXCEPTION_CONTEXTS
    return isinstance(function, ast.Name) and function.id in EXCEPTION_CONTEXTS


#: `pytest.raises`, `contextlib.suppress` and the like, by their last name.
EXCEPTION_CONTEXTS = frozenset(
    {"assertRaises", "assertRaisesRegex", "assertWarns", "raises", "suppress", "warns"}
)


def exit_method(run: Expressions, value: Value) -> Value | None:
    """Return the `__exit__` of a context manager of the project."""
    if isinstance(value, Instance):
        method = run.analysis.class_facts(value.cls).find("__exit__")
        if isinstance(method, Function):
            return method.bind(value)
    return None


def caught(run: Expressions, kind: Value | None, handler: ast.ExceptHandler) -> Value:
    """Return what `except ... as name` binds."""
    return types.caught(run, kind)


def element(run: Expressions, value: Value, node: ast.AST) -> Value:
    """Return what iterating an external value gives."""
    return types.element(run, value, node) or UNKNOWN


def subscript(run: Expressions, value: Value, key: Value, node: ast.AST) -> Value:
    """Return what subscripting an external value gives."""
    typed = types.subscript(value, key, node)
    if typed is not None:
        return typed
    if isinstance(value, External):
        # `list[int]`, `Generic[T]`: a parametrised type is the type.
        return value
    return UNKNOWN


# -- tables of the standard library -------------------------------------------------

BATCH = "aws_lambda_powertools.utilities.batch.BatchProcessor"

#: Calls that look at a value and never run it, with the type they return.
#: Observed: a coroutine given to any of them is never started.
IGNORING = {
    "builtins.abs": None,
    "builtins.bool": "builtins.bool",
    "builtins.float": "builtins.float",
    "builtins.format": "builtins.str",
    "builtins.int": "builtins.int",
    "builtins.len": "builtins.int",
    "builtins.print": None,
    "builtins.repr": "builtins.str",
    "builtins.round": None,
    "builtins.str": "builtins.str",
    "builtins.sum": None,
    "json.dump": None,
    "json.dumps": "builtins.str",
    "pprint.pprint": None,
    "warnings.warn": None,
}

#: Those of them that raise an error for a coroutine.
RAISING = frozenset(
    {
        "builtins.abs",
        "builtins.float",
        "builtins.int",
        "builtins.len",
        "builtins.round",
        "builtins.sum",
    }
)

#: Calls that only inspect a value: neither a use nor a misuse.
NEUTRAL = frozenset(
    {
        "asyncio.iscoroutine",
        "asyncio.isfuture",
        "builtins.callable",
        "builtins.hasattr",
        "builtins.hash",
        "builtins.id",
        "builtins.isinstance",
        "builtins.issubclass",
        "builtins.type",
        "inspect.isawaitable",
        "inspect.iscoroutine",
        "inspect.iscoroutinefunction",
        "asyncio.iscoroutinefunction",
    }
)


#: What calling an external name returns, where its type matters to a rule.
RETURNS = {
    "asyncio.TaskGroup": TASK_GROUP,
    "concurrent.futures.ThreadPoolExecutor": EXECUTOR,
    "concurrent.futures.ProcessPoolExecutor": EXECUTOR,
    "concurrent.futures.thread.ThreadPoolExecutor": EXECUTOR,
    "multiprocessing.Pool": EXECUTOR,
    "multiprocessing.pool.Pool": EXECUTOR,
    "multiprocessing.pool.ThreadPool": EXECUTOR,
    "multiprocessing.dummy.Pool": EXECUTOR,
    "logging.getLogger": LOGGER,
    "aws_lambda_powertools.utilities.batch.BatchProcessor": BATCH,
    "aws_lambda_powertools.utilities.batch.SqsFifoPartialProcessor": BATCH,
    **{name: name for name in decorators.POWERTOOLS_OBJECTS},
}


def _plain(name: str | None) -> Value:
    return UNKNOWN if name is None else Object(name, None)


# -- driving ------------------------------------------------------------------------


@call_of("aws_lambda_powertools.utilities.batch.batch_processor")
def _batch_processor(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    handler = keywords.get("record_handler", UNKNOWN)
    running.unrun(run, handler, node, "`batch_processor`")
    return External("<decorator>")


@call_of(
    "aws_lambda_powertools.utilities.batch.process_partial_response",
    "aws_lambda_powertools.utilities.batch.decorators.process_partial_response",
)
def _process_partial_response(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    handler = keywords.get("record_handler", args[1] if len(args) > 1 else UNKNOWN)
    running.unrun(run, handler, node, "`process_partial_response`")
    for value in (*args, *keywords.values()):
        run.escape(value)
    return UNKNOWN


# -- functools, builtins ------------------------------------------------------------


@call_of("builtins.super")
def _super(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    function = run.frame.function
    if args or function is None or function.owner is None:
        return UNKNOWN
    arguments = function.node.args
    first = [*arguments.posonlyargs, *arguments.args]
    if not first:
        return UNKNOWN
    receiver = run.state.names.get(first[0].arg, UNKNOWN)
    return Super(function.owner, receiver)


@call_of("builtins.getattr")
def _getattr(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if len(args) == 2 and isinstance(args[1], Const) and isinstance(args[1].value, str):
        return run.attribute(args[0], args[1].value, node)
    for value in args:
        run.escape(value, keep=True)
    return UNKNOWN


@call_of("builtins.locals", "builtins.eval", "builtins.exec")
def _locals(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in (*args, *keywords.values(), *run.state.names.values()):
        run.escape(value)
    return UNKNOWN


@call_of("builtins.setattr")
def _setattr(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.escape(value)
    return NONE


# -- objects ------------------------------------------------------------------------


def _logging(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name in LOG_METHODS:
        for value in (*args, *keywords.values()):
            run.look_at(value, node, "a logging call")
        return NONE
    if name == "getLogger":
        return Object(LOGGER, None)
    return UNKNOWN


LOG_METHODS = frozenset(
    {"critical", "debug", "error", "exception", "info", "log", "warning"}
)


def _object_method(
    run: Expressions,
    receiver: Object,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    kind = receiver.type
    typed = types.method(run, receiver, name, args, keywords, node)
    if typed is not None:
        return typed
    if (
        kind in decorators.POWERTOOLS_OBJECTS
        and name in decorators.POWERTOOLS_OBJECTS[kind]
    ):
        if args and isinstance(args[0], Function):
            return args[0]
        return External("<decorator>")
    if (kind == LOGGER or kind.endswith(".Logger")) and name in LOG_METHODS:
        for value in (*args, *keywords.values()):
            run.look_at(value, node, "a logging call")
        return NONE
    found = running.method(run, receiver, name, args, keywords, node)
    if found is not None:
        return found
    if kind == EXECUTOR and name in ("submit", "map", "imap", "starmap", "apply"):
        running.called_apart(
            run, args[0] if args else UNKNOWN, args[1:], keywords, node
        )
        running.unrun(run, args[0] if args else UNKNOWN, node, f"`{name}`")
    if kind == BATCH and name == "__call__":
        record_handler = keywords.get("handler", args[1] if len(args) > 1 else UNKNOWN)
        running.unrun(run, record_handler, node, "`BatchProcessor`")
        return receiver
    if kind == TASK_GROUP and name == "create_task":
        running.start_tasks(run, running.awaitables(args, keywords), node)
        return UNKNOWN
    if kind == "contextlib.AsyncExitStack" and name in ENTERING:
        return run.make_coroutine("coroutine", Method(receiver, name), args, {}, node)
    listed = tables.method(kind, name, _literal(args))
    run.event("used", node, value=receiver, name=name)
    if listed is not None:
        return _listed(run, listed, Method(receiver, name), args, keywords, node)
    for value in (*args, *keywords.values()):
        run.escape(value)
    return UNKNOWN


def _awaitable_method(
    run: Expressions, receiver: Coroutine, name: str, args: list[Value], node: ast.AST
) -> Value:
    if receiver.kind in ("task", "future") and name in TASK_QUESTIONS:
        return UNKNOWN
    for value in args:
        run.escape(value)
    run.drive(receiver)
    if name == "__aenter__":
        function = Method(receiver, name)
        return run.make_coroutine("coroutine", function, [receiver], {}, node)
    if receiver.kind == "task" and name == "result":
        made = run.entry(receiver.address)
        if isinstance(made, Made) and made.args:
            return run.outcome(made.args[0], node)
    return UNKNOWN


#: Methods of a task that neither wait for it nor end it.
TASK_QUESTIONS = frozenset(
    {"add_done_callback", "cancelled", "done", "get_coro", "get_name", "set_name"}
)


def _literal(args: list[Value]) -> str | None:
    """Return the text of a first argument that is a literal: `client("s3")`."""
    first = args[0] if args else UNKNOWN
    if isinstance(first, Const) and isinstance(first.value, str):
        return first.value
    return None


def _listed(
    run: Expressions,
    listed: tuple[str, str | None],
    function: Value,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what a call from the shipped tables gives."""
    kind, returns = listed
    for value in (*args, *keywords.values()):
        run.escape(value, keep=True)
    if kind in ("coroutine", "async generator"):
        return run.make_coroutine(kind, function, [], {}, node, returns=returns)
    if kind in ("awaitable", "async context", "async iterator", "future"):
        return run.make_coroutine(
            "async context", function, [], {}, node, pending=False, returns=returns
        )
    if returns is None:
        return UNKNOWN
    made = Object(returns, run.address(node))
    run.event("made", node, value=made)
    return made


# -- containers ---------------------------------------------------------------------
