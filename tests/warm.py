"""Runs `python -m …` in forks of a process that has imported what this needs.

Starting Python and importing takes most of the time of a small run. A fork has what a
process has that is started afresh: folder, arguments, environment, streams and a limit.
Tests of the start itself, of closed streams and of terminals start a Python of their own.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: What a run of flake8 or of the command imports.
COMMANDS = ("flake8.main.cli", "flake8_lambda_handler.*")

#: What Python asks the environment for when it starts.
_AT_THE_START = ("PYTHON", "LANG", "LC_")


def run_module(
    *command: str,
    cwd: Path | str,
    env: Mapping[str, str],
    stdin: bytes | int = b"",
    is_joined: bool = False,
    memory_bytes: int | None = None,
    timeout_seconds: float = 300,
) -> subprocess.CompletedProcess[bytes]:
    """Run flake8 or the command; return what it has written and its exit code.

    `is_joined` lets it write errors to where it writes everything else.

    Raises:
        subprocess.TimeoutExpired: it has not ended in time, and is killed.
    """
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        if isinstance(stdin, bytes):
            given.write(stdin)
            given.seek(0)
        source = given.fileno() if isinstance(stdin, bytes) else stdin
        streams = [source, out.fileno(), (out if is_joined else err).fileno()]
        process = start(
            command, streams, COMMANDS, cwd=cwd, env=env, memory_bytes=memory_bytes
        )
        code = process.wait(timeout_seconds)
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), err.read())


def start(
    command: Sequence[str],
    streams: Sequence[int],
    imported: Sequence[str],
    *,
    cwd: Path | str,
    env: Mapping[str, str],
    python: str = sys.executable,
    memory_bytes: int | None = None,
    is_group: bool = False,
) -> Fork:
    """Start `python -m …` in a process that has imported some modules.

    `is_group` puts it, and what it starts, into a group of processes of its own.
    """
    source = _source(python, tuple(imported), frozenset(_of_the_start(env).items()))
    asked = {
        "command": command,
        "cwd": os.path.abspath(cwd),
        "env": {**env},
        "memory": memory_bytes,
        "is_group": is_group,
    }
    with tempfile.TemporaryFile() as request:
        request.write(json.dumps(asked).encode())
        request.seek(0)
        return source.fork([*streams, request.fileno()], command)


def is_like_here(env: Mapping[str, str]) -> bool:
    """Return whether Python would start in this environment as it has here."""
    return hasattr(os, "fork") and _of_the_start(env) == _of_the_start(os.environ)


def _of_the_start(env: Mapping[str, str]) -> dict[str, str]:
    # How streams are encoded is seen to below.
    return {
        name: text
        for name, text in env.items()
        if name.startswith(_AT_THE_START) and name != "PYTHONIOENCODING"
    }


class Fork:
    """A process that was forked; one of each source runs at a time."""

    def __init__(self, source: _Source, command: Sequence[str], pid: int) -> None:
        self.pid = pid
        self._source = source
        self._command = command
        self._code: int | None = None
        self._lock = threading.Lock()

    def wait(self, timeout_seconds: float | None = None) -> int:
        """Return the exit code; kill the process if it has none in time."""
        with self._lock:
            if self._code is None:
                self._source.control.settimeout(timeout_seconds)
                try:
                    self._code = self._source.answer()
                except TimeoutError:
                    os.kill(self.pid, signal.SIGKILL)
                    self._source.control.settimeout(None)
                    self._code = self._source.answer()
                    assert timeout_seconds is not None
                    raise subprocess.TimeoutExpired(
                        self._command, timeout_seconds
                    ) from None
            return self._code


class _Source:
    """The process that forks; it ends with the one that has started it."""

    def __init__(
        self, python: str, imported: tuple[str, ...], start: frozenset[tuple[str, str]]
    ) -> None:
        self.control, other = socket.socketpair()
        clean = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(_AT_THE_START)
        }
        self._process = subprocess.Popen(
            [python, __file__, str(other.fileno()), *imported],
            env={**clean, **dict(start)},
            pass_fds=[other.fileno()],
        )
        other.close()
        atexit.register(self._end)

    def _end(self) -> None:
        self.control.close()
        self._process.wait()

    def fork(self, streams: list[int], command: Sequence[str]) -> Fork:
        self.control.settimeout(None)
        socket.send_fds(self.control, [b"-"], streams)
        return Fork(self, command, self.answer())

    def answer(self) -> int:
        data = b""
        while len(data) < 8:
            more = self.control.recv(8 - len(data))
            assert more, "the process that forks has ended"
            data += more
        return int.from_bytes(data, "big", signed=True)


_source = functools.cache(_Source)


def _serve(control: socket.socket) -> dict[str, Any]:
    """Fork for each request; return it, in the fork."""
    while True:
        _, streams, _, _ = socket.recv_fds(control, 1, 4)
        if not streams:
            os._exit(0)
        with open(streams[3], "rb") as request:
            asked: dict[str, Any] = json.load(request)
        process = os.fork()
        if not process:
            control.close()
            for number, stream in enumerate(streams[:3]):
                os.dup2(stream, number)
                os.close(stream)
            return asked
        if asked["is_group"]:
            os.setpgid(process, process)
        for stream in streams[:3]:
            os.close(stream)
        control.sendall(process.to_bytes(8, "big"))
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        control.sendall(code.to_bytes(8, "big", signed=True))


def _become(asked: dict[str, Any]) -> None:
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    if asked["memory"] is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    encoding = os.environ.get("PYTHONIOENCODING") or sys.stdout.encoding
    errors = "strict" if "PYTHONIOENCODING" in os.environ else sys.stdout.errors
    sys.stdin = open(0, encoding=encoding, errors=errors, closefd=False)
    sys.stdout = open(1, "w", encoding=encoding, errors=errors, closefd=False)
    sys.stderr = open(
        2, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    sys.path[0] = os.getcwd()
    sys.argv = asked["command"]


def _import(name: str) -> None:
    """Import a module, or with `.*` all that a package holds."""
    package = importlib.import_module(name.removesuffix(".*"))
    if name.endswith(".*"):
        for found in pkgutil.walk_packages(package.__path__, name.removesuffix("*")):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


if __name__ == "__main__":
    # Not the folder of tests: its modules are called like others.
    sys.path[0] = str(Path(__file__).parents[1])
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in sys.argv[2:]:
        _import(name)
    gc.collect()
    gc.freeze()  # a collection would copy what is shared
    _become(_serve(control))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
