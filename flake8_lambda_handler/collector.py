"""Python's garbage collector, kept from going through what a run knows."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: So many new objects are left to the collector's own rounds.
_FRESH = 100_000


class Collector:
    """Keeps the garbage collector away from a file's check, and from what it leaves.

    A check makes little garbage in circles and many objects that stay. The collector
    would go through all of them, and flake8's own, again and again: a third of the time
    that a file with coroutines takes.
    """

    def __init__(self, *, is_alone: bool = False) -> None:
        self._fresh = 0
        if is_alone:
            # Nothing but checks runs in this process: then it is known when there is
            # garbage, and the collector need not look for it by itself.
            gc.disable()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Keep the collector away from a check."""
        was_enabled = gc.isenabled()
        gc.disable()
        before = gc.get_count()[0]
        try:
            yield
        finally:
            if was_enabled:
                self._fresh += max(gc.get_count()[0] - before, 0)
                if self._fresh > _FRESH:
                    # With it goes what is garbage by now: hardly anything, until the
                    # next fresh start.
                    self._set_apart()
                gc.enable()

    def _set_apart(self) -> None:
        """Take all objects out of the collector's rounds."""
        gc.freeze()
        self._fresh = 0

    def collect(self) -> None:
        """Let go of what is garbage, among what was set apart as well.

        There is little of it: what checks know is free of circles once it is let go.
        """
        was_set_apart = gc.get_freeze_count() > 0
        gc.unfreeze()
        gc.collect()
        if was_set_apart:
            self._set_apart()
