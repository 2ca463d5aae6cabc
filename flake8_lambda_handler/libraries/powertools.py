"""Powertools for AWS Lambda (Python): decorators, batches and middlewares."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.callbacks import one_of
from flake8_lambda_handler.libraries.callbacks import unrun
from flake8_lambda_handler.libraries.decorators import passed_on
from flake8_lambda_handler.libraries.logging import logger_method
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.registry import register_all

BATCH = "aws_lambda_powertools.utilities.batch.BatchProcessor"

#: What `lambda_handler_decorator` makes of a function.
MIDDLEWARE = "<middleware>"

#: Decorators that return what the decorated function returns, also a coroutine
#: (3.37.0, run around an async function).
DECORATORS = (
    "aws_lambda_powertools.metrics.single_metric",
    "aws_lambda_powertools.utilities.data_classes.event_source",
    "aws_lambda_powertools.utilities.idempotency.idempotent",
    "aws_lambda_powertools.utilities.idempotency.idempotent_function",
    "aws_lambda_powertools.utilities.parser.event_parser",
    "aws_lambda_powertools.utilities.validation.validator",
    "aws_lambda_powertools.utilities.streaming.compat",
)

#: Methods of Powertools' Logger, Tracer and Metrics that decorate a handler.
OBJECTS = {
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


register_all(DECORATORS, passed_on)


def _made(run: Run, call: Call) -> Value:
    return made(run, call, call.name)


register_all(OBJECTS, _made)


@methods_of(*OBJECTS)
def _decorating(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name in OBJECTS[receiver.type]:
        function = call.argument(0)
        return function if isinstance(function, Function) else External("<decorator>")
    if receiver.type.endswith(".Logger"):
        return logger_method(run, receiver, call)
    return None


# -- batches ------------------------------------------------------------------------


@call_of(BATCH, "aws_lambda_powertools.utilities.batch.SqsFifoPartialProcessor")
def _processor(run: Run, call: Call) -> Value:
    return made(run, call, BATCH)


@methods_of(BATCH)
def _processed(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name != "__call__":
        return None
    _each_record(run, call.argument(1, "handler"), call.node, "`BatchProcessor`")
    return receiver


@call_of("aws_lambda_powertools.utilities.batch.batch_processor")
def _batch_processor(run: Run, call: Call) -> Value:
    handler = call.keywords.get("record_handler", UNKNOWN)
    _each_record(run, handler, call.node, "`batch_processor`")
    return External("<decorator>")


@call_of(
    "aws_lambda_powertools.utilities.batch.process_partial_response",
    "aws_lambda_powertools.utilities.batch.decorators.process_partial_response",
)
def _process_partial_response(run: Run, call: Call) -> Value:
    handler = call.argument(1, "record_handler")
    _each_record(run, handler, call.node, "`process_partial_response`")
    for value in call.values():
        run.escape(value)
    return UNKNOWN


def _each_record(run: Run, handler: Value, node: ast.AST, how: str) -> None:
    unrun(run, handler, node, how)
    if isinstance(handler, Function) and not handler.is_async:
        one_of(run, [handler], node)


# -- middlewares --------------------------------------------------------------------


@call_of(
    "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
    "aws_lambda_powertools.middleware_factory.factory.lambda_handler_decorator",
)
def _middleware_factory(run: Run, call: Call) -> Value:
    if not call.args:
        return External(call.name)  # with options: called again with the function
    return Partial(External(MIDDLEWARE), (call.args[0],), ())


@call_of(MIDDLEWARE)
def _middleware(run: Run, call: Call) -> Value:
    """Return what a middleware of Powertools makes of a handler.

    `@middleware` calls `middleware(handler, event, context)` for each invocation, and
    `@middleware(limit=2)` gives it the options as well (3.37.0, read 2026-11-21).
    """
    if len(call.args) == 1:
        return Partial(
            External(MIDDLEWARE), tuple(call.args), tuple(call.keywords.items())
        )
    if len(call.args) == 2:
        return Partial(call.args[0], (call.args[1],), tuple(call.keywords.items()))
    return UNKNOWN
