"""What decorators, and the functions of `functools`, leave of a function."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.classes import Cached
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.registry import register_all

#: Decorators that give back a function which behaves as the decorated one: what it
#: returns reaches the caller unchanged.
PASSIVE_DECORATORS = (
    "<decorator>",
    "abc.abstractmethod",
    "aws_xray_sdk.core.xray_recorder.capture",
    "aws_xray_sdk.core.xray_recorder.capture_async",
    "beartype.beartype",
    "typeguard.typechecked",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.override",
)

#: Decorators that are called first: `@factory(...)`. They wrap an async function into
#: an async function (both libraries test for coroutine functions).
DECORATOR_FACTORIES = (
    "backoff.on_exception",
    "backoff.on_predicate",
    "tenacity.retry",
)

#: What a function makes that is decorated with `contextlib.contextmanager`.
CONTEXT = "<context manager>"

#: What a class decorator that is called first gives.
CLASS_DECORATOR = "<class decorator>"

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
        "typing.runtime_checkable",
    }
)


def passed_on(run: Run, call: Call) -> Value:
    """Return what a passive decorator gives: the function, or itself with options."""
    if len(call.args) == 1 and not call.keywords:
        return call.args[0]
    return External(call.name)


def _made_by_factory(run: Run, call: Call) -> Value:
    if len(call.args) == 1 and not call.keywords:
        if isinstance(call.args[0], (Function, Class)):
            return call.args[0]
    return External("<decorator>")


def _class_passed_on(run: Run, call: Call) -> Value:
    is_class = len(call.args) == 1 and isinstance(call.args[0], Class)
    return call.args[0] if is_class else External(CLASS_DECORATOR)


register_all(PASSIVE_DECORATORS, passed_on)
register_all(DECORATOR_FACTORIES, _made_by_factory)
register_all(CLASS_DECORATORS, _class_passed_on)


def decorate_class(run: Run, decorator: ast.expr, value: Value) -> Value:
    """Return what a class decorator leaves."""
    made_by = run.eval(decorator)
    for one in each(made_by):
        if isinstance(one, External) and (
            one.name in CLASS_DECORATORS or one.name == CLASS_DECORATOR
        ):
            continue
        return run.call(made_by, [value], {}, decorator)
    return value


#: What `sync_to_async` makes of a function.
_IN_THREAD = "<sync_to_async>"


@call_of("asgiref.sync.sync_to_async", "channels.db.database_sync_to_async")
def _run_in_thread(run: Run, call: Call) -> Value:
    """Return what runs a plain function in a thread: its calls must be awaited."""
    function = call.argument(0, "func")
    if function in (NONE, UNKNOWN) and not call.args:
        return External(call.name)  # with options
    run.escape(function)
    return External(_IN_THREAD)


@call_of(_IN_THREAD)
def _in_thread(run: Run, call: Call) -> Value:
    for value in (*call.args, *call.keywords.values()):
        run.escape(value)
    return run.make_coroutine("coroutine", External(_IN_THREAD), [], {}, call.node)


@call_of("asgiref.sync.async_to_sync", "asyncer.syncify")
def _async_to_sync(run: Run, call: Call) -> Value:
    return UNKNOWN


@call_of("functools.partial", "functools.partialmethod")
def _partial(run: Run, call: Call) -> Value:
    if not call.args:
        return UNKNOWN
    if isinstance(call.args[0], Partial):
        inner = call.args[0]
        return Partial(
            inner.function,
            (*inner.args, *call.args[1:]),
            (*inner.keywords, *call.keywords.items()),
        )
    return Partial(call.args[0], tuple(call.args[1:]), tuple(call.keywords.items()))


@call_of("functools.wraps", "functools.update_wrapper")
def _wraps(run: Run, call: Call) -> Value:
    if call.name.endswith("update_wrapper"):
        return call.argument(0)
    return External("<decorator>")


#: Caches of cachetools that are made as those of functools are. Run with 8.0: they keep
#: what an async function gives, a coroutine.
_OF_CACHETOOLS = tuple(
    f"cachetools.func.{kind}_cache" for kind in ("fifo", "lfu", "lru", "rr", "ttl")
)

#: Options of `cachetools.cached` that do not choose what is kept.
_UNCHOSEN = frozenset({"cache", "info", "lock"})


@call_of("cachetools.cached")
def _cached(run: Run, call: Call) -> Value:
    for value in call.values():
        run.escape(value)
    if len(call.args) > 1 or not _UNCHOSEN.issuperset(call.keywords):
        return UNKNOWN
    return UNKNOWN if call.argument(0, "cache") == NONE else External("functools.cache")


@call_of("functools.cache", "functools.lru_cache", *_OF_CACHETOOLS)
def _cache(run: Run, call: Call) -> Value:
    if len(call.args) == 1 and isinstance(call.args[0], Function):
        function = call.args[0]
        return Function(
            function.node,
            function.module,
            function.frame,
            function.receiver,
            function.owner,
            True,
        )
    if len(call.args) == 1 and isinstance(call.args[0], (Class, External)):
        given = call.node.args[0] if isinstance(call.node, ast.Call) else call.node
        return Cached(call.args[0], given)
    return External("functools.cache")


@call_of(
    "builtins.staticmethod",
    "builtins.classmethod",
    "builtins.property",
    "functools.cached_property",
)
def _descriptor(run: Run, call: Call) -> Value:
    return Descriptor(call.name.rpartition(".")[2], call.argument(0))


@call_of("contextlib.asynccontextmanager")
def _async_context_manager(run: Run, call: Call) -> Value:
    function = call.argument(0)
    if isinstance(function, Function) and function.is_async:
        return Partial(External("<async context manager>"), (function,), ())
    return UNKNOWN


@call_of("<async context manager>")
def _async_context(run: Run, call: Call) -> Value:
    function, *args = call.args
    for value in (*args, *call.keywords.values()):
        run.escape(value, keep=run.world.is_tracing)
    return run.make_coroutine("async context", function, args, call.keywords, call.node)


@call_of("contextlib.contextmanager")
def _context_manager(run: Run, call: Call) -> Value:
    function = call.argument(0)
    is_plain = isinstance(function, Function) and not function.is_async
    return Partial(External(CONTEXT), (function,), ()) if is_plain else UNKNOWN


@call_of(CONTEXT)
def _context(run: Run, call: Call) -> Value:
    function, *args = call.args
    for value in call.values():
        run.escape(value, keep=run.world.is_tracing)
    address = run.address(call.node)
    given = tuple(call.keywords.items())
    run.state.heap[address] = Made("context", function, tuple(args), given)
    return Object(CONTEXT, address)


@methods_of(CONTEXT)
def _decorates(run: Run, receiver: Object, call: Call) -> Value | None:
    """Return a function that is called inside: what it gives is handed on."""
    is_decorator = call.name == "__call__" and len(call.args) == 1
    return call.args[0] if is_decorator and not call.keywords else None


@call_of("typing.overload", "typing_extensions.overload")
def _opaque(run: Run, call: Call) -> Value:
    return UNKNOWN
