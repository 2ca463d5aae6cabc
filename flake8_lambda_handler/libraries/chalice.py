"""Chalice: decorators that make functions into handlers.

Observed with chalice 1.34.0, 2026-11-21: none of them runs what an async function gives.
"""

from __future__ import annotations

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of

APPS = (
    "chalice.Blueprint",
    "chalice.Chalice",
    "chalice.app.Blueprint",
    "chalice.app.Chalice",
)

#: The function is called with what Lambda gives, and its result is what Lambda gets.
PLAIN = "lambda_function"

#: The function is called with one object that is made of them, or of their parts.
WRAPPING = frozenset(
    {
        "authorizer",
        "on_cw_event",
        "on_dynamodb_record",
        "on_kinesis_record",
        "on_s3_event",
        "on_sns_message",
        "on_sqs_message",
        "on_ws_connect",
        "on_ws_disconnect",
        "on_ws_message",
        "route",
        "schedule",
    }
)

_DECORATOR = "<decorator of chalice>"
_HANDLER = "<handler of chalice>"


@call_of(*APPS)
def _made(run: Run, call: Call) -> Value:
    return made(run, call, call.name)


@methods_of(*APPS)
def _method(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name == PLAIN:
        return External("<decorator>")
    return External(_DECORATOR) if call.name in WRAPPING else None


@call_of(_DECORATOR)
def _decorated(run: Run, call: Call) -> Value:
    return Partial(External(_HANDLER), tuple(call.args[:1]), ())


@call_of(_HANDLER)
def _called(run: Run, call: Call) -> Value:
    """Return what the decorated function gives for an event."""
    function = call.argument(0)
    if not isinstance(function, Function):
        return UNKNOWN
    arguments = function.node.args
    given: list[Value] = [UNKNOWN] * len([*arguments.posonlyargs, *arguments.args])
    return run.call(function, given, {}, call.node)
