"""What the flow analysis knows of names from outside the project.

The Python standard library's `asyncio`, `functools` and builtins stand here, because
each of them does something of its own to its arguments; libraries with async APIs
stand in the shipped tables (see `tables`). A name that is in neither is unknown: its
arguments may be driven or changed, and nothing is known of what it returns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from flake8_lambda_handler import tables
from flake8_lambda_handler.flow import encoding
from flake8_lambda_handler.flow import running
from flake8_lambda_handler.flow import types
from flake8_lambda_handler.flow.state import Items
from flake8_lambda_handler.flow.state import Made
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Super
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.flow.values import join_all

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.statements import Activation

LOGGER = "logging.Logger"
TASK_GROUP = "asyncio.TaskGroup"
EXECUTOR = "concurrent.futures.Executor"

Call = Callable[["Activation", str, "list[Value]", "dict[str, Value]", ast.AST], Value]

_CALLS: dict[str, Call] = dict(running.CALLS)


def _external(*names: str) -> Callable[[Call], Call]:
    def register(function: Call) -> Call:
        for name in names:
            _CALLS[name] = function
        return function

    return register


# -- entry points from the evaluator ------------------------------------------------


def member(value: External, name: str) -> Value:
    """Return an attribute of an external module or class."""
    return External(f"{value.name}.{name}")


def call(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what calling an external name gives."""
    found = _CALLS.get(name)
    if found is not None:
        return found(run, name, args, keywords, node)
    typed = types.call(run, name, args, keywords, node)
    if typed is not None:
        return typed
    if name in IGNORING:
        for value in (*args, *keywords.values()):
            run.ignore(value, node, f"`{name.removeprefix('builtins.')}()`")
        if name in encoding.DUMPS:
            encoding.check_dumps(run, args, keywords, node)
        return _plain(IGNORING[name])
    if name in NEUTRAL:
        return UNKNOWN
    if name in PASSIVE_DECORATORS:
        return args[0] if len(args) == 1 and not keywords else External(name)
    if name in CLASS_DECORATORS:
        is_class = len(args) == 1 and isinstance(args[0], Class)
        return args[0] if is_class else External("<class decorator>")
    if name in DECORATOR_FACTORIES:
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
    run: Activation,
    function: Method,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what calling a method of an external object or a container gives."""
    receiver, name = function.receiver, function.name
    if isinstance(receiver, Container):
        return _container_method(run, receiver, name, args, keywords, node)
    if receiver == NONE:
        # One of several values; this one would raise.
        for value in (*args, *keywords.values()):
            run.escape(value)
        return UNKNOWN
    if isinstance(receiver, Const):
        for value in (*args, *keywords.values()):
            run.ignore(value, node, f"`{name}()`")
        plain = Object(f"builtins.{type(receiver.value).__name__}", None)
        return types.method(run, plain, name, [], {}, node) or UNKNOWN
    if isinstance(receiver, Instance):
        return types.instance_method(run, receiver, name, args, keywords, node)
    if isinstance(receiver, Coroutine):
        return _awaitable_method(run, receiver, name, args, node)
    if isinstance(receiver, Object):
        return _object_method(run, receiver, name, args, keywords, node)
    for value in (*args, *keywords.values()):
        run.escape(value)
    return UNKNOWN


def attribute(run: Activation, value: Object, name: str, node: ast.AST) -> Value:
    """Return an attribute of an external object."""
    typed = types.attribute(value, name)
    if typed is not None:
        return typed
    kind = tables.attribute(value.type, name)
    return Method(value, name) if kind is None else Object(kind, value.address)


def awaitable_attribute(
    run: Activation, value: Coroutine, name: str, node: ast.AST
) -> Value:
    """Return an attribute of a coroutine, task or future."""
    if value.kind in ("coroutine", "async generator"):
        run.drive(value)
    return Method(value, name)


def set_attribute(
    run: Activation, owner: Value, name: str, value: Value, node: ast.AST
) -> None:
    """Note an assignment to an attribute of an external object."""
    if isinstance(owner, External) and owner.name.startswith("json.") and name == "default":
        run.analysis.json_is_patched = True
    if isinstance(owner, Object):
        run.event("configured", node, value=owner, name=name)


def outcome(run: Activation, value: Coroutine, made: Made, node: ast.AST) -> Value:
    """Return what `await` gives for a coroutine made outside the project."""
    found = running.outcome(run, value, made, node)
    if found is not None:
        return found
    if isinstance(made.callable, Method) and made.callable.name in ENTERING and made.args:
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


def enter_async(run: Activation, value: Value, node: ast.AST) -> Value:
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


def enter(run: Activation, value: Value, node: ast.AST) -> Value:
    """Return what a plain `with` binds."""
    if isinstance(value, Object) and value.type in (EXECUTOR, BATCH):
        run.event("entered", node, value=value)
        return value
    if isinstance(value, Object) and value.type in (running.RUNNER, running.CLOSING):
        return running.enter(run, value, node)
    if isinstance(value, Object) and value.type in types.FILES:
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


def leave(run: Activation, context: ast.expr, node: ast.AST) -> None:
    """Note the end of a `with` block."""
    run.event("left", context)


def exit_method(run: Activation, value: Value) -> Value | None:
    """Return the `__exit__` of a context manager of the project."""
    if isinstance(value, Instance):
        method = run.analysis.class_facts(value.cls).find("__exit__")
        if isinstance(method, Function):
            return method.bind(value)
    return None


def caught(run: Activation, kind: Value | None, handler: ast.ExceptHandler) -> Value:
    """Return what `except ... as name` binds."""
    return types.caught(run, kind)


def element(run: Activation, value: Value, node: ast.AST) -> Value:
    """Return what iterating an external value gives."""
    return types.element(run, value, node) or UNKNOWN


def subscript(run: Activation, value: Value, key: Value, node: ast.AST) -> Value:
    """Return what subscripting an external value gives."""
    typed = types.subscript(value, key, node)
    if typed is not None:
        return typed
    if isinstance(value, External):
        # `list[int]`, `Generic[T]`: a parametrised type is the type.
        return value
    return UNKNOWN


def extend(run: Activation, left: Container, right: Value, node: ast.AST) -> None:
    """Carry out `left += right` or `left |= right` on a container."""
    items = run.items(left)
    if left.kind == "dict":
        run.update(left, run.merge(items, right), right)
        return
    if isinstance(right, Container):
        for value in run.items(right).values():
            items = items.add(value)
        run.update(left, items, right)
        return
    if isinstance(right, types.Boto):
        run.update(left, items.add(run.iterate(right, node)))
        return
    run.escape(right)
    run.update(left, items.add(UNKNOWN))


def decorate_class(run: Activation, decorator: ast.expr, value: Value) -> Value:
    """Return what a class decorator leaves."""
    made_by = run.eval(decorator)
    for one in each(made_by):
        if isinstance(one, External) and (
            one.name in CLASS_DECORATORS or one.name == "<class decorator>"
        ):
            continue
        return run.call(made_by, [value], {}, decorator)
    return value


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

#: Decorators that give back a function which behaves as the decorated one: what it
#: returns reaches the caller unchanged. Powertools' were run around an async function
#: (3.37.0): each of them returns the coroutine.
PASSIVE_DECORATORS = frozenset(
    {
        "<decorator>",
        "functools.lru_cache",
        "typing.final",
        "typing.no_type_check",
        "typing.override",
        "typing_extensions.override",
        "aws_lambda_powertools.metrics.single_metric",
        "aws_lambda_powertools.utilities.data_classes.event_source",
        "aws_lambda_powertools.utilities.idempotency.idempotent",
        "aws_lambda_powertools.utilities.idempotency.idempotent_function",
        "aws_lambda_powertools.utilities.parser.event_parser",
        "aws_lambda_powertools.utilities.validation.validator",
        "aws_lambda_powertools.utilities.streaming.compat",
        "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
        "aws_xray_sdk.core.xray_recorder.capture",
        "aws_xray_sdk.core.xray_recorder.capture_async",
        "beartype.beartype",
        "typeguard.typechecked",
    }
)

#: Decorators that are called first: `@factory(...)`. They wrap an async function into
#: an async function (both libraries test for coroutine functions), or are passive.
DECORATOR_FACTORIES = frozenset(
    {
        "aws_lambda_powertools.utilities.data_classes.event_source",
        "aws_lambda_powertools.utilities.idempotency.idempotent",
        "aws_lambda_powertools.utilities.idempotency.idempotent_function",
        "aws_lambda_powertools.utilities.parser.event_parser",
        "aws_lambda_powertools.utilities.validation.validator",
        "aws_xray_sdk.core.xray_recorder.capture",
        "aws_xray_sdk.core.xray_recorder.capture_async",
        "backoff.on_exception",
        "backoff.on_predicate",
        "tenacity.retry",
    }
)

#: Class decorators that leave a class what it is.
CLASS_DECORATORS = frozenset(
    {
        "attr.attrs",
        "attr.define",
        "attr.frozen",
        "attr.s",
        "attrs.define",
        "attrs.frozen",
        "attrs.mutable",
        "dataclasses.dataclass",
        "enum.unique",
        "functools.total_ordering",
        "pydantic.dataclasses.dataclass",
        "typing.final",
        "typing.runtime_checkable",
    }
)

#: Methods of Powertools' Logger, Tracer and Metrics that decorate a handler.
POWERTOOLS_OBJECTS = {
    "aws_lambda_powertools.Logger": frozenset({"inject_lambda_context"}),
    "aws_lambda_powertools.Tracer": frozenset(
        {"capture_lambda_handler", "capture_method"}
    ),
    "aws_lambda_powertools.Metrics": frozenset({"log_metrics"}),
    "aws_lambda_powertools.metrics.Metrics": frozenset({"log_metrics"}),
    "aws_lambda_powertools.tracing.Tracer": frozenset(
        {"capture_lambda_handler", "capture_method"}
    ),
    "aws_lambda_powertools.logging.Logger": frozenset({"inject_lambda_context"}),
}

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
    **{name: name for name in POWERTOOLS_OBJECTS},
}


def _plain(name: str | None) -> Value:
    return UNKNOWN if name is None else Object(name, None)


# -- driving ------------------------------------------------------------------------


@_external("asgiref.sync.async_to_sync", "asyncer.syncify")
def _async_to_sync(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return UNKNOWN


@_external(
    "aws_lambda_powertools.utilities.batch.process_partial_response",
    "aws_lambda_powertools.utilities.batch.decorators.process_partial_response",
)
def _process_partial_response(
    run: Activation,
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


@_external("functools.partial", "functools.partialmethod")
def _partial(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if not args:
        return UNKNOWN
    if isinstance(args[0], Partial):
        inner = args[0]
        return Partial(
            inner.function,
            (*inner.args, *args[1:]),
            (*inner.keywords, *keywords.items()),
        )
    return Partial(args[0], tuple(args[1:]), tuple(keywords.items()))


@_external("functools.wraps", "functools.update_wrapper")
def _wraps(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name.endswith("update_wrapper"):
        return args[0] if args else UNKNOWN
    return External("<decorator>")


@_external("functools.cache", "functools.lru_cache", "functools.cached_property")
def _cache(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if len(args) == 1 and isinstance(args[0], Function):
        function = args[0]
        return Function(
            function.node,
            function.module,
            function.frame,
            function.receiver,
            function.owner,
            True,
        )
    return External("functools.cache")


@_external("builtins.staticmethod", "builtins.classmethod", "builtins.property")
def _descriptor(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return Descriptor(name.rpartition(".")[2], args[0] if args else UNKNOWN)


@_external(
    "abc.abstractmethod",
    "typing.overload",
    "typing_extensions.overload",
    "contextlib.contextmanager",
    "contextlib.asynccontextmanager",
)
def _opaque(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return UNKNOWN


@_external("builtins.super")
def _super(
    run: Activation,
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


@_external("builtins.getattr")
def _getattr(
    run: Activation,
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


@_external("builtins.locals", "builtins.vars", "builtins.eval", "builtins.exec")
def _locals(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in (*args, *keywords.values(), *run.state.names.values()):
        run.escape(value)
    return UNKNOWN


@_external("builtins.setattr")
def _setattr(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.escape(value)
    return NONE


@_external(
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "builtins.sorted",
    "builtins.reversed",
    "builtins.iter",
    "collections.deque",
)
def _copy(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    name = name.rpartition(".")[2]
    kind = {"sorted": "list", "iter": "iterator"}.get(name, name)
    if not args:
        return run.container(kind, Items(), node)
    source = args[0]
    if name == "sorted" and "key" in keywords:
        running.unrun(run, keywords["key"], node, "`sorted`")
    if isinstance(source, Container) and source.kind != "dict":
        items = run.items(source)
        if name in ("list", "tuple") and source.kind in ("list", "tuple"):
            return run.container(kind, items, node)
        return run.container(kind, Items({}, join_all(items.values())), node)
    return run.container(kind, Items({}, run.iterate(source, node)), node)


@_external("builtins.enumerate", "builtins.zip")
def _pairs(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    values = [run.iterate(value, node) for value in args]
    if name == "builtins.enumerate":
        values = [Object("builtins.int", None), *values[:1]]
    pair = run.container("tuple", Items(dict(enumerate(values))), node)
    outer = run.address(types.Marker(node))
    run.state.heap[outer] = Items({}, pair)
    return Container(name.removeprefix("builtins."), outer)


@_external("builtins.map", "builtins.filter")
def _map(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if not args:
        return UNKNOWN
    function = args[0]
    values = [run.iterate(value, node) for value in args[1:]]
    if name == "builtins.filter":
        running.unrun(run, function, node, "`filter`")
        return run.container("filter", Items({}, values[0] if values else UNKNOWN), node)
    result = run.call(function, values, {}, types.Marker(node))
    return run.container("map", Items({}, result), node)


@_external("builtins.dict", "collections.OrderedDict")
def _dict(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    items = Items()
    for value in args:
        items = run.merge(items, value)
    for name, value in keywords.items():
        items = items.set(name, value)
    return run.container("dict", items, node)


@_external("builtins.any", "builtins.all", "builtins.min", "builtins.max")
def _scan(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    for value in args:
        run.ignore(value, node, f"`{name.removeprefix('builtins.')}()`")
    return UNKNOWN


@_external("builtins.next", "builtins.anext", "builtins.aiter", "contextlib.aclosing")
def _next(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name == "builtins.next" and args:
        return run.iterate(args[0], node)
    for value in args:
        run.drive(value)
    return UNKNOWN


# -- objects ------------------------------------------------------------------------


def _logging(
    run: Activation,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name in LOG_METHODS:
        for value in (*args, *keywords.values()):
            run.ignore(value, node, "a logging call")
        return NONE
    if name == "getLogger":
        return Object(LOGGER, None)
    return UNKNOWN


LOG_METHODS = frozenset(
    {"critical", "debug", "error", "exception", "info", "log", "warning"}
)


def _object_method(
    run: Activation,
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
    if kind in POWERTOOLS_OBJECTS and name in POWERTOOLS_OBJECTS[kind]:
        if args and isinstance(args[0], Function):
            return args[0]
        return External("<decorator>")
    if (kind == LOGGER or kind.endswith(".Logger")) and name in LOG_METHODS:
        for value in (*args, *keywords.values()):
            run.ignore(value, node, "a logging call")
        return NONE
    found = running.method(run, receiver, name, args, keywords, node)
    if found is not None:
        return found
    if kind == EXECUTOR and name in ("submit", "map", "imap", "starmap", "apply"):
        running.called_apart(run, args[0] if args else UNKNOWN, args[1:], keywords, node)
        running.unrun(run, args[0] if args else UNKNOWN, node, f"`{name}`")
    if kind == BATCH and name in ("__call__", "process"):
        running.unrun(run, keywords.get("handler", UNKNOWN), node, "`BatchProcessor`")
    if kind == TASK_GROUP and name == "create_task":
        running.start_tasks(run, args, node)
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
    run: Activation, receiver: Coroutine, name: str, args: list[Value], node: ast.AST
) -> Value:
    if receiver.kind in ("task", "future") and name in TASK_QUESTIONS:
        return UNKNOWN
    for value in args:
        run.escape(value)
    run.drive(receiver)
    if name == "__aenter__":
        function = Method(receiver, name)  # type: ignore[arg-type]
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
    run: Activation,
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


def _container_method(
    run: Activation,
    receiver: Container,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    items = run.items(receiver)
    first = args[0] if args else UNKNOWN
    if name in ("append", "add", "appendleft") and args:
        run.update(receiver, items.add(first), first)
        return NONE
    if name == "insert" and len(args) > 1:
        run.update(receiver, items.add(args[1]), args[1])
        return NONE
    if name in ("extend", "update") and len(args) == 1:
        extend(run, receiver, first, node)
        if keywords and receiver.kind == "dict":
            run.update(receiver, run.items(receiver)._replace(
                known={**run.items(receiver).known, **keywords}
            ))
        return NONE
    if name == "update":
        run.update(receiver, items._replace(known={**items.known, **keywords}))
        return NONE
    if name in ("get", "setdefault", "pop") and receiver.kind == "dict":
        default = args[1] if len(args) > 1 else NONE
        key = first.value if isinstance(first, Const) else None
        if name == "setdefault" and isinstance(first, Const) and key not in items.known:
            run.update(receiver, items.set(key, default), default)
            return default
        found = join(items.element(), default) if items.values() else default
        if isinstance(first, Const) and key in items.known:
            found = items.get(key)
        if name == "pop":
            run.remove(receiver, first)
        return found
    if name == "pop":
        found = items.element()
        run.update(receiver, Items({}, join_all(items.values())))
        return found
    if name == "copy":
        return run.container(receiver.kind, items, node)
    if name in ("keys", "values", "items") and receiver.kind == "dict":
        keys: list[Value] = [Const(key) for key in items.known]
        if items.keys is not None:
            keys.append(items.keys)
        key_value = join(*keys) if keys else UNKNOWN
        if name == "keys":
            return run.container("dict_keys", Items({}, key_value), node)
        if name == "values":
            return run.container("dict_values", Items({}, items.element()), node)
        pair = run.container("tuple", Items({0: key_value, 1: items.element()}), node)
        outer = run.address(types.Marker(node))
        run.state.heap[outer] = Items({}, pair)
        return Container("dict_items", outer)
    if name == "clear":
        run.update(receiver, Items())
        return NONE
    if name in ("sort", "reverse"):
        run.update(receiver, Items({}, join_all(items.values())))
        return NONE
    if name in ("count", "index"):
        return Object(types.INT, None)
    for value in (receiver, *args, *keywords.values()):
        run.drive(value)
    if name in ("remove", "discard"):
        return NONE
    return UNKNOWN

