"""Looks for what is to be rewritten, in several processes where it is worth it."""

from __future__ import annotations

import functools
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from flake8_lambda_handler.migrate import targets
from flake8_lambda_handler.migrate.output import Unread
from flake8_lambda_handler.migrate.sandbox import Died
from flake8_lambda_handler.migrate.sandbox import Sandbox
from flake8_lambda_handler.migrate.targets import Found
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings

#: Files that a process gets at a time; what fits one portion needs no process.
_PORTION = 40

#: How long a run takes before its progress is shown, and between two pictures of it.
_LONG_SECONDS, _STEP_SECONDS = 1.0, 0.1


def scan(
    paths: Sequence[str],
    codes: frozenset[str],
    flake8_options: Namespace,
    settings: Settings,
    jobs: int,
) -> list[Found]:
    """Return what is found in each file, in the order of the paths."""
    progress = _Progress(len(paths))
    portions = [paths[at : at + _PORTION] for at in range(0, len(paths), _PORTION)]
    if jobs == 1 or len(portions) < 2:
        found = []
        session = Session(settings)
        for path in paths:
            found.append(targets.find(path, codes, flake8_options, session))
            progress.step(1)
        progress.end()
        return found
    with ExitStack() as stack:
        free: SimpleQueue[Sandbox] = SimpleQueue()
        for _ in range(min(jobs, len(portions))):
            free.put(stack.enter_context(Sandbox(f"{__name__}:_portion")))

        def look(portion: Sequence[str]) -> list[Found]:
            sandbox = free.get()
            try:
                return _sandboxed(sandbox, portion, codes, flake8_options, settings)
            finally:
                free.put(sandbox)
                progress.step(len(portion))

        with ThreadPoolExecutor(min(jobs, len(portions))) as pool:
            results = list(pool.map(look, portions))
    progress.end()
    return [found for result in results for found in result]


def _sandboxed(
    sandbox: Sandbox,
    portion: Sequence[str],
    codes: frozenset[str],
    flake8_options: Namespace,
    settings: Settings,
) -> list[Found]:
    """Look at a portion; where that kills a process, at each file by itself."""
    try:
        found: list[Found] = sandbox(portion, codes, flake8_options, settings)
        return found
    except Died:
        if len(portion) == 1:
            unread = Unread(portion[0], 0, "cannot be parsed: the parser dies of it")
            return [Found(portion[0], unread=(unread,))]
    return [
        one
        for path in portion
        for one in _sandboxed(sandbox, [path], codes, flake8_options, settings)
    ]


def _portion(
    paths: Sequence[str],
    codes: frozenset[str],
    flake8_options: Namespace,
    settings: Settings,
) -> list[Found]:
    """Look at a portion in a sandbox, which gets one after the other."""
    session = _session(settings)
    return [targets.find(path, codes, flake8_options, session) for path in paths]


@functools.lru_cache(maxsize=1)
def _session(settings: Settings) -> Session:
    return Session(settings)


class _Progress:
    """A bar on standard error, if it is a terminal and the work is long."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._next = time.monotonic() + _LONG_SECONDS
        self._is_shown = False

    def step(self, count: int) -> None:
        self._done += count
        now = time.monotonic()
        if now >= self._next and sys.stderr.isatty():
            self._next = now + _STEP_SECONDS
            self._is_shown = True
            bar = "#" * (30 * self._done // self._total)
            text = f"\r[{bar:30}] {self._done}/{self._total}"
            print(text, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._is_shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
