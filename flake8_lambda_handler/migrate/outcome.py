"""What a run changes and what it refuses; nothing is written before its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.migrate import writing


class Refused(NamedTuple):
    """What stays as it is, and where the reason stands."""

    path: str
    line: int
    #: The handler, or the runtime identifier.
    name: str
    reason: str


class Rewritten(NamedTuple):
    """What was rewritten, and where it stood."""

    path: str
    line: int
    #: The handler, or the runtime identifier.
    name: str
    code: str
    #: The form of the handler, `uses` of it in another file, or the new identifier.
    to: str


class Outcome:
    """The files of a run as they are to become, and why others stay as they are."""

    def __init__(self) -> None:
        self.rewritten: list[Rewritten] = []
        self.refused: list[Refused] = []
        #: What to know about files that were rewritten.
        self.notes: list[Refused] = []
        self._old: dict[str, bytes] = {}
        self._new: dict[str, bytes] = {}

    def get(self, path: str) -> bytes:
        """Return the bytes of a file as far as they have been changed.

        Raises:
            OSError: the file cannot be read.
        """
        if path not in self._old:
            self._old[path] = self._new[path] = writing.read(path)
        return self._new[path]

    def put(self, path: str, data: bytes) -> None:
        # The file that was changed last is written last.
        del self._new[path]
        self._new[path] = data

    def changed(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield path, old and new bytes of each file that changes."""
        for path, new in self._new.items():
            if new != self._old[path]:
                yield path, self._old[path], new

    def refuse(self, path: str, line: int, name: str, reason: str) -> None:
        self.refused.append(Refused(path, line, name, reason))
