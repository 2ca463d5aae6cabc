"""Runs a handler under the real Lambda runtime client, `awslambdaric`.

The client is started as Lambda starts it, and talks over HTTP to a small stand-in for
the Lambda Runtime API, which hands out the events and keeps what is posted:

    outcomes = invoke("def lambda_handler(event, context): return {event}")
    assert outcomes[0].error_type == "Runtime.MarshalError"

API: AWS Lambda developer guide, "Using the Lambda runtime API", read 2026-11-21.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from typing import NamedTuple

import pytest

from tests import warm

#: Versions of Python that a test may ask `interpreter` for.
VERSIONS = ("3.10", "3.11", "3.12", "3.13")

_CACHE = Path(__file__).parents[1] / ".pytest_cache" / "lambda-runtime"

_API = "/2018-06-01/runtime"


class Outcome(NamedTuple):
    """What one invocation, or a failed start, came to."""

    #: The body as posted; None when the process ended before it posted anything.
    payload: bytes | None
    content_type: str
    #: Such as `Runtime.MarshalError`; None when the invocation succeeded.
    error_type: str | None
    error_message: str | None
    #: What the process wrote during this invocation.
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        return self.payload is not None and self.error_type is None

    @property
    def result(self) -> Any:
        """The value that the handler returned, as a reader of JSON sees it."""
        assert self.ok, self
        return json.loads(self.payload)  # type: ignore[arg-type]


class Outcomes(tuple[Outcome, ...]):
    """The outcome of each invocation that was started, in order."""

    #: The error posted before the first invocation, if any.
    init_error: Outcome | None
    #: Of the whole process, start included.
    stdout: str
    stderr: str
    #: None when the process was waiting for the next event, as it should be; negative
    #: when a signal ended it.
    exit_code: int | None

    @property
    def ok(self) -> bool:
        """Whether every invocation succeeded."""
        return bool(self) and all(outcome.ok for outcome in self)


def invoke(
    files: str | Mapping[str, str | bytes] | Path,
    *,
    handler: str = "app.lambda_handler",
    events: Sequence[Any] = ({}, {}),
    python: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_seconds: float = 60,
) -> Outcomes:
    """Invoke a handler once for each event, all in one warm process.

    `files` is the text of `app.py`, or files by relative path (text is dedented), or a
    folder to run in. `python` defaults to the running interpreter; it must be able to
    import `awslambdaric`. `environment` is added to the process's environment.

    Raises:
        TimeoutError: the process neither ended nor answered all events in time.
    """
    python = python or sys.executable
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        folder = files if isinstance(files, Path) else Path(scratch, "task")
        if not isinstance(files, Path):
            _write(folder, {"app.py": files} if isinstance(files, str) else files)
        stdout, stderr = Path(scratch, "stdout"), Path(scratch, "stderr")
        with (
            stdout.open("wb") as out,
            stderr.open("wb") as err,
            _RuntimeApi(events, (stdout, stderr)) as api,
            open(os.devnull, "rb") as nothing,
            _started(
                python,
                ["awslambdaric", handler],
                [nothing.fileno(), out.fileno(), err.fileno()],
                folder,
                _environment(python, api.address, environment or {}),
            ) as process,
        ):
            exit_code = api.serve(process, timeout_seconds)
        return api.outcomes(exit_code, timeout_seconds)


@functools.cache
def interpreter(version: str) -> str:
    """Return an interpreter of this version that can import `awslambdaric`.

    It is the running one, or that of a virtual environment kept in pytest's cache.
    Skips the test when the machine has no such interpreter or cannot install it.
    """
    if version == _version(sys.executable) and importlib.util.find_spec("awslambdaric"):
        return sys.executable
    folder = _CACHE / version
    python = folder / "bin" / "python"
    if not python.exists():
        base = shutil.which(f"python{version}")
        if base is None or _version(base) != version:
            pytest.skip(f"no python{version} on this machine")
        # Made aside and moved: tests that run at the same time share the folder.
        _CACHE.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=_CACHE))
        for command in (
            [base, "-m", "venv", str(making / "venv")],
            [str(making / "venv/bin/python"), "-m", "pip", "install", "-q"]
            + ["--disable-pip-version-check", "awslambdaric"],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                reason = done.stderr.strip()[-300:]
                pytest.skip(f"no awslambdaric for python{version}: {reason}")
        try:
            (making / "venv").rename(folder)
        except OSError:
            assert python.exists()
        shutil.rmtree(making)
    return str(python)


@functools.cache
def _version(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip()


def _write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = textwrap.dedent(content).encode()
        path.write_bytes(content)


def _environment(
    python: str, address: str, additions: Mapping[str, str]
) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "AWS_", "COV_", "_LAMBDA"))
    }
    return {
        **kept,
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{_version(python)}",
        **additions,
    }


#: What the client and most handlers import; the client itself reads its address then.
_IMPORTED = (
    "asyncio",
    "concurrent.futures.thread",
    "decimal",
    "http.client",
    "logging",
    "simplejson",
    "snapshot_restore_py",
)


@contextmanager
def _started(
    python: str,
    command: list[str],
    streams: list[int],
    folder: Path,
    env: dict[str, str],
) -> Iterator[warm.Fork | subprocess.Popen[bytes]]:
    # A group of its own, so that what the handler starts is ended with it.
    process: warm.Fork | subprocess.Popen[bytes]
    if hasattr(os, "fork") and not any(name.startswith("PYTHON") for name in env):
        process = warm.start(
            command,
            streams,
            _IMPORTED,
            cwd=folder,
            env=env,
            python=python,
            is_group=True,
        )
    else:
        stdin, stdout, stderr = streams
        process = subprocess.Popen(
            [python, "-m", *command],
            cwd=folder,
            env=env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


class _RuntimeApi:
    """The Lambda Runtime API for one process: hands out events, keeps the answers."""

    def __init__(self, events: Sequence[Any], streams: tuple[Path, Path]) -> None:
        self._events = [json.dumps(event).encode() for event in events]
        self._streams = streams
        self._answers: list[tuple[bytes, str, str | None] | None] = []
        self._init_error: tuple[bytes, str, str | None] | None = None
        #: Size of stdout and stderr at the start of each invocation, and at the end.
        self._marks: list[tuple[int, ...]] = []
        self._over = threading.Event()
        self._closed = threading.Event()
        self._timed_out = False

    def __enter__(self) -> _RuntimeApi:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._request_handler())
        self._server.daemon_threads = True
        self.address = "127.0.0.1:%d" % self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(
        self,
        process: warm.Fork | subprocess.Popen[bytes],
        timeout_seconds: float,
    ) -> int | None:
        """Wait until all events are answered or the process has ended."""

        def watch() -> None:
            process.wait()
            self._over.set()

        threading.Thread(target=watch, daemon=True).start()
        self._timed_out = not self._over.wait(timeout_seconds)
        if self._timed_out or len(self._marks) > len(self._events):
            return None
        return process.wait()

    def outcomes(self, exit_code: int | None, timeout_seconds: float) -> Outcomes:
        texts = [path.read_bytes() for path in self._streams]
        if self._timed_out:
            raise TimeoutError(
                f"no answer within {timeout_seconds} s; stdout and stderr: {texts}"
            )
        marks = [*self._marks, tuple(map(len, texts))]
        outcomes = Outcomes(
            self._outcome(answer, texts, marks[index], marks[index + 1])
            for index, answer in enumerate(self._answers)
        )
        outcomes.init_error = self._init_error and self._outcome(
            self._init_error, texts, (0, 0), marks[0]
        )
        outcomes.stdout, outcomes.stderr = (text.decode() for text in texts)
        outcomes.exit_code = exit_code
        return outcomes

    @staticmethod
    def _outcome(
        answer: tuple[bytes, str, str | None] | None,
        texts: list[bytes],
        start: tuple[int, ...],
        end: tuple[int, ...],
    ) -> Outcome:
        stdout, stderr = (
            text[first:last].decode() for text, first, last in zip(texts, start, end)
        )
        if answer is None:
            return Outcome(None, "", None, None, stdout, stderr)
        payload, content_type, error_type = answer
        message = json.loads(payload)["errorMessage"] if error_type else None
        return Outcome(payload, content_type, error_type, message, stdout, stderr)

    def _next(self) -> bytes | None:
        """Return the next event, or None (and say so) when there is none left."""
        self._marks.append(tuple(path.stat().st_size for path in self._streams))
        number = len(self._answers)
        if number == len(self._events):
            self._over.set()
            return None
        self._answers.append(None)
        return self._events[number]

    def _post(self, path: str, answer: tuple[bytes, str, str | None]) -> None:
        if path == f"{_API}/init/error":
            self._init_error = answer
        else:
            self._answers[-1] = answer

    def _request_handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Request(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                event = api._next()
                if event is None:
                    # Lambda keeps a process waiting here until it is frozen.
                    api._closed.wait()
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", str(len(api._marks)))
                self.send_header("Lambda-Runtime-Deadline-Ms", str(2**42))
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:function")
                self._reply(event)

            def do_POST(self) -> None:
                payload = self._body()
                failed = self.path.endswith("/error")
                error_type = json.loads(payload)["errorType"] if failed else None
                content_type = self.headers.get("Content-Type", "")
                api._post(self.path, (payload, content_type, error_type))
                self.send_response(202)
                self._reply(b"{}")

            def _body(self) -> bytes:
                if "chunked" not in self.headers.get("Transfer-Encoding", ""):
                    return self.rfile.read(int(self.headers["Content-Length"]))
                chunks = []
                while size := int(self.rfile.readline(), 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(chunks)

            def _reply(self, body: bytes) -> None:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Request
