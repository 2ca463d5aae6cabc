"""Looks for what is to be rewritten, in several processes where it is worth it."""

from __future__ import annotations

import functools
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue

from flake8_lambda_handler.migrate import targets
from flake8_lambda_handler.migrate.output import Unread
from flake8_lambda_handler.migrate.targets import Found
from flake8_lambda_handler.progress import Progress
from flake8_lambda_handler.sandbox import Died
from flake8_lambda_handler.sandbox import Sandbox
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings

#: Files that a process gets at a time; what fits one portion needs no process.
_PORTION = 40


def scan(
    paths: Sequence[str],
    codes: frozenset[str],
    flake8_options: Namespace,
    settings: Settings,
    jobs: int,
) -> list[Found]:
    """Return what is found in each file, in the order of the paths."""
    progress = Progress(len(paths))
    portions = [paths[at : at + _PORTION] for at in range(0, len(paths), _PORTION)]
    if jobs == 1 or len(portions) < 2:
        found = []
        session = Session(settings)
        for path in paths:
            found.append(targets.find(path, codes, flake8_options, session))
            progress.step(1)
        progress.hide()
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
    progress.hide()
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
