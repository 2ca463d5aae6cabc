"""What only annotations tell of."""

from __future__ import annotations

from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Value


class Callback(Value):
    """A function of which an annotation tells that its calls give something to await.

    `gives` is the kind of that: a `coroutine`, or an `awaitable`.
    """

    __slots__ = ("gives",)
    gives: str


class Alias(Value):
    """A name for an annotation: `Hook = Callable[[int], Awaitable[None]]`."""

    __slots__ = ("hint",)
    hint: Hint
