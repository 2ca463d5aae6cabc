"""The texts of Python files, read when they are asked for."""

from __future__ import annotations

from flake8_lambda_handler import reading

#: A larger Python file is generated; it is not followed into.
MAX_SOURCE_BYTES = 2_000_000

#: So many characters of texts are kept, all of them in most projects. In others, what is
#: asked for again is read again: of some texts, each character takes four bytes.
KEPT_SOURCES = 3_000_000


class Sources:
    """Texts by their paths; those that were read first are let go first."""

    def __init__(self) -> None:
        self._texts: dict[str, str | None] = {}
        self._lengths: dict[str, int] = {}
        self._kept_characters = 0

    def text(self, path: str) -> str | None:
        """Return the text of a Python file; `None` if it cannot be read."""
        if path not in self._texts:
            self.keep(path, read_source(path))
        return self._texts[path]

    def passing(self, path: str) -> str:
        """Return the text of a file that is looked at once, and keep it for nobody."""
        return self._texts.get(path) or read_source(path) or ""

    def length(self, path: str) -> int:
        """Return the number of characters of a file; 0 if it cannot be read."""
        if path not in self._lengths:
            self.text(path)
        return self._lengths[path]

    def keep(self, path: str, text: str | None) -> None:
        """Keep the text of a file, in the place of another one."""
        self._kept_characters += len(text or "") - len(self._texts.pop(path, "") or "")
        self._texts[path] = text
        self._lengths[path] = len(text or "")
        while self._kept_characters > KEPT_SOURCES:
            first = next(iter(self._texts))
            if first == path:
                break
            self._kept_characters -= len(self._texts.pop(first) or "")


def read_source(path: str) -> str | None:
    """Return the text of a Python file on disk; `None` if it cannot be read."""
    try:
        return reading.decoded(reading.read(path, MAX_SOURCE_BYTES))
    except (OSError, SyntaxError):
        return None
