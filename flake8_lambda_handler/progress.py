"""A bar on standard error, if that is a terminal and the work is long."""

from __future__ import annotations

import sys
import time

#: How long a run takes before its progress is shown, and between two pictures of it.
_LONG_SECONDS, _STEP_SECONDS = 1.0, 0.1


class Progress:
    """How much of some work is done."""

    def __init__(self, total: int) -> None:
        """Take how much there is to do; nothing is ever shown of nothing."""
        self._total = total
        self._done = 0
        self._next = time.monotonic() + _LONG_SECONDS
        self._is_shown = False

    def step(self, count: int) -> None:
        """Show that so much more is done."""
        self._done += count
        now = time.monotonic()
        if self._total and now >= self._next and sys.stderr.isatty():
            self._next = now + _STEP_SECONDS
            self._is_shown = True
            bar = "#" * (30 * self._done // self._total)
            text = f"\r[{bar:30}] {self._done}/{self._total}"
            print(text, end="", file=sys.stderr, flush=True)

    def hide(self) -> None:
        """Take the bar away, before something else is written and at the end."""
        if self._is_shown:
            self._is_shown = False
            print("\r\033[K", end="", file=sys.stderr, flush=True)
