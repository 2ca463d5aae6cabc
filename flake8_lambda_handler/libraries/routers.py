"""Apps and resolvers of web frameworks, whose decorators make functions into routes."""

from __future__ import annotations

from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries.method_names import PLAIN_ROUTERS
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import register_all


def _made(run: Run, call: Call) -> Value:
    return made(run, call, call.name)


register_all(sorted(PLAIN_ROUTERS), _made)
