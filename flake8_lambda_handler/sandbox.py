"""Calls a function in a process of its own, which may die without harm.

The parser of libcst dies of a few hostile files, and Python's own of more.
"""

from __future__ import annotations

import os
import pickle
import pkgutil
import signal
import subprocess
import sys
import threading
from typing import Any

#: Longest time that one call may take, in seconds.
_PATIENCE_SECONDS = 60

#: `multiprocessing` would import the main script again, which need not stand that.
_CHILD = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve()"

#: The folder that holds this package.
_HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: A process that is to run nothing of the user's starts no other one that does.
_FLAGS = {
    "isolated": "-I",
    "ignore_environment": "-E",
    "no_user_site": "-s",
    "no_site": "-S",
    "safe_path": "-P",  # from Python 3.11
}


class Died(Exception):
    """The process ended, or did not answer, during a call."""


class Sandbox:
    """A function that runs in another process, started at the first call.

    `function` is its name, as in `package.module:function`: only the other process
    imports it. Use this as a context manager, so that the process is ended.
    """

    def __init__(
        self, function: str, patience_seconds: float | None = _PATIENCE_SECONDS
    ) -> None:
        self._function = function
        self._patience_seconds = patience_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function returns.

        Raises:
            Died: the process did not survive; the next call starts another one.
        """
        process = self._process = self._process or _started()
        assert process.stdin is not None and process.stdout is not None
        alarm = threading.Timer(self._patience_seconds or 0, process.kill)
        if self._patience_seconds is not None:
            alarm.start()
        try:
            pickle.dump((self._function, arguments), process.stdin)
            process.stdin.flush()
            return pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as gone:
            self._end()
            raise Died from gone
        finally:
            alarm.cancel()

    def stop(self) -> None:
        """End the process, from another thread than the one that waits for it."""
        process = self._process
        if process is not None:
            process.kill()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            # Closes the pipes, too; what is left in them concerns nobody.
            self._process.communicate()
            self._process = None


def _started() -> subprocess.Popen[bytes]:
    # This package may have come from a folder that has left the path since.
    path = dict.fromkeys([*sys.path, _HOME])
    code = _CHILD.format(path=list(path), module=__name__)
    return subprocess.Popen(
        [sys.executable, *_flags(), "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def _flags() -> list[str]:
    """Return the flags of this interpreter that say what is imported at its start."""
    return [flag for name, flag in _FLAGS.items() if getattr(sys.flags, name, False)]


def serve() -> None:
    """Answer calls until the caller is gone."""
    # An interrupt reaches every process of the terminal; the parent answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(pkgutil.resolve_name(function)(*arguments), answers)
        answers.flush()
