"""Calls a function in a process of its own, which may die without harm."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

#: Longest time that one call may take, in seconds.
_PATIENCE_SECONDS = 60


class Died(Exception):
    """The process ended, or did not answer, during a call."""


class Survivor:
    """A function that runs in another process, started at the first call.

    Use it as a context manager, so that the process is ended.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._process: Any = None

    def __enter__(self) -> Survivor:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function returns.

        Raises:
            Died: the process did not survive; the next call starts another one.
        """
        if self._process is None:
            self._start()
        try:
            self._pipe.send(arguments)
            if not self._pipe.poll(_PATIENCE_SECONDS):
                raise EOFError
            return self._pipe.recv()
        except (EOFError, OSError) as gone:
            self._end()
            raise Died from gone

    def _start(self) -> None:
        # `spawn` is the one start method that every platform has.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self._function, theirs), daemon=True
        )
        self._process.start()
        theirs.close()

    def _end(self) -> None:
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(function: Callable[..., Any], pipe: Connection) -> None:
    # An interrupt reaches every process of the terminal; the parent answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(function(*arguments))
