"""The `logging` module: its calls look at what they are given, and no more."""

from __future__ import annotations

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.registry import register_all

LOGGER = "logging.Logger"

#: Functions of the module, and methods of a logger, that write a record.
WRITERS = frozenset(
    {"critical", "debug", "error", "exception", "info", "log", "warning"}
)


def written(run: Run, call: Call) -> Value:
    """Return what writing a record gives."""
    for value in call.values():
        run.look_at(value, call.node, "a logging call")
    return NONE


register_all([f"logging.{name}" for name in WRITERS], written)


@call_of("logging.getLogger")
def _get_logger(run: Run, call: Call) -> Value:
    return Object(LOGGER, None)


@methods_of(LOGGER)
def logger_method(run: Run, receiver: Object, call: Call) -> Value | None:
    """Return what a method of a logger gives; `None` for one that writes nothing."""
    return written(run, call) if call.name in WRITERS else None
