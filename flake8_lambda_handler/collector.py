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
        #: Whether nothing but checks runs in this process: they leave hardly any garbage.
        self._is_alone = is_alone
        self._fresh = 0
        self._has_set_apart = False

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
                if self._is_alone:
                    self._set_apart()
                elif self._fresh > _FRESH:
                    gc.collect()  # what is garbage by now would stay
                    self._set_apart()
                gc.enable()

    def _set_apart(self) -> None:
        """Take all objects out of the collector's rounds."""
        gc.freeze()
        self._fresh = 0
        self._has_set_apart = True

    def collect(self) -> None:
        """Let go of what is garbage, among what was set apart as well."""
        if self._has_set_apart:
            gc.unfreeze()
            gc.collect()
            self._set_apart()
