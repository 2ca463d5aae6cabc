"""The functions of the analysis that stand for a call of an external name."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.expressions import Expressions
    from flake8_lambda_handler.flow.values import Value

#: Takes the activation, the name, arguments, keywords and the node of a call; gives
#: what the call returns.
Call = Callable[
    ["Expressions", str, "list[Value]", "dict[str, Value]", ast.AST], "Value"
]

#: What runs for a call of each of these dotted names.
CALLS: dict[str, Call] = {}


def call_of(*names: str) -> Callable[[Call], Call]:
    """Return a decorator that makes a function stand for calls of some names.

    Raises:
        ValueError: another function stands for one of them already.
    """

    def register(function: Call) -> Call:
        for name in names:
            if name in CALLS:
                raise ValueError(f"two functions stand for calls of `{name}`")
            CALLS[name] = function
        return function

    return register
