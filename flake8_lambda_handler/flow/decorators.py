"""What decorators, and the functions of `functools`, leave of a function."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_lambda_handler.flow.registry import call_of
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions


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
        "aws_xray_sdk.core.xray_recorder.capture",
        "aws_xray_sdk.core.xray_recorder.capture_async",
        "beartype.beartype",
        "typeguard.typechecked",
    }
)

#: What `lambda_handler_decorator` makes of a function.
MIDDLEWARE = "<middleware>"

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


def decorate_class(run: Expressions, decorator: ast.expr, value: Value) -> Value:
    """Return what a class decorator leaves."""
    made_by = run.eval(decorator)
    for one in each(made_by):
        if isinstance(one, External) and (
            one.name in CLASS_DECORATORS or one.name == "<class decorator>"
        ):
            continue
        return run.call(made_by, [value], {}, decorator)
    return value


@call_of("asgiref.sync.async_to_sync", "asyncer.syncify")
def _async_to_sync(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return UNKNOWN


@call_of("functools.partial", "functools.partialmethod")
def _partial(
    run: Expressions,
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


@call_of(
    "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
    "aws_lambda_powertools.middleware_factory.factory.lambda_handler_decorator",
)
def _middleware_factory(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if not args:
        return External(name)  # with options: called again with the function
    return Partial(External(MIDDLEWARE), (args[0],), ())


@call_of(MIDDLEWARE)
def _middleware(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    """Return what a middleware of Powertools makes of a handler.

    `@middleware` calls `middleware(handler, event, context)` for each invocation, and
    `@middleware(limit=2)` gives it the options as well (3.37.0, read 2026-11-21).
    """
    if len(args) == 1:
        return Partial(External(MIDDLEWARE), tuple(args), tuple(keywords.items()))
    if len(args) == 2:
        return Partial(args[0], (args[1],), tuple(keywords.items()))
    return UNKNOWN


@call_of("functools.wraps", "functools.update_wrapper")
def _wraps(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    if name.endswith("update_wrapper"):
        return args[0] if args else UNKNOWN
    return External("<decorator>")


@call_of("functools.cache", "functools.lru_cache")
def _cache(
    run: Expressions,
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


@call_of(
    "builtins.staticmethod",
    "builtins.classmethod",
    "builtins.property",
    "functools.cached_property",
)
def _descriptor(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return Descriptor(name.rpartition(".")[2], args[0] if args else UNKNOWN)


@call_of(
    "abc.abstractmethod",
    "typing.overload",
    "typing_extensions.overload",
    "contextlib.contextmanager",
    "contextlib.asynccontextmanager",
)
def _opaque(
    run: Expressions,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
) -> Value:
    return UNKNOWN
