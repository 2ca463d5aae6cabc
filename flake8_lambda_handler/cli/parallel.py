"""Checks Python files in several processes; what they give comes in the order of paths.

What is found in a file does not depend on the files before it, so the number of
processes changes nothing but the time.
"""

from __future__ import annotations

import functools
from argparse import Namespace
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event

from flake8_lambda_handler.cli.checking import Checked
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.checking import Told
from flake8_lambda_handler.cli.checking import check_file
from flake8_lambda_handler.sandbox import Died
from flake8_lambda_handler.sandbox import Sandbox
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings

#: Files that a process gets at a time; what fits one portion needs no process.
PORTION = 10


def check(
    paths: Sequence[str], flake8_options: Namespace, settings: Settings, jobs: int
) -> Iterator[Checked]:
    """Yield what each file gives, in the order of the paths."""
    portions = [paths[at : at + PORTION] for at in range(0, len(paths), PORTION)]
    sandboxes = [
        Sandbox(f"{__name__}:check_portion", patience_seconds=None)
        for _ in range(min(jobs, len(portions)))
    ]
    free: SimpleQueue[Sandbox] = SimpleQueue()
    for sandbox in sandboxes:
        free.put(sandbox)
    is_over = Event()

    def look(portion: Sequence[str]) -> list[Checked]:
        sandbox = free.get()
        try:
            if is_over.is_set():
                return []
            found: list[Checked] = sandbox(portion, flake8_options, settings)
            return found
        except Died:
            if is_over.is_set():
                return []
        finally:
            free.put(sandbox)
        if len(portion) > 1:
            return [one for path in portion for one in look([path])]
        finding = Finding(portion[0], 0, 0, "E902", "Python dies of this file")
        return [Checked(portion[0], [Told(finding, "")], 0, [])]

    pool = ThreadPoolExecutor(len(sandboxes))
    try:
        for future in [pool.submit(look, portion) for portion in portions]:
            yield from future.result()
    finally:
        # Nobody waits any more when the user has stopped the run.
        is_over.set()
        for sandbox in sandboxes:
            sandbox.stop()
        pool.shutdown(cancel_futures=True)
        for sandbox in sandboxes:
            sandbox.__exit__()


def check_portion(
    paths: Sequence[str], flake8_options: Namespace, settings: Settings
) -> list[Checked]:
    """Check a portion in a process of its own, which gets one after the other."""
    session = _session(settings)
    return [check_file(path, flake8_options, session) for path in paths]


@functools.lru_cache(maxsize=1)
def _session(settings: Settings) -> Session:
    return Session(settings, is_alone=True)
