"""Which files can have to do with coroutines: decided from their text alone.

This runs for every file of every flake8 run, so nothing is parsed. It errs on one side
only: a file that is let through may still hold nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Iterator

from flake8_lambda_handler.libraries import async_apis

_DEFINES = re.compile(r"\basync[ \t]+def\b")

#: The async half of every library in the tables has one of these in its names.
_ASYNC_WORD = re.compile(r"async|aio|anyio|motor", re.IGNORECASE)

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(?:\(([^)]*)|([^(\n]+))"
    r"|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)

#: The statements of a module's top level that bind a name to something of its own.
_BLOCK = re.compile(
    r"^(?:(?P<word>async[ \t]+def|def|class)[ \t]+(?P<name>\w+)"
    r"|(?P<target>\w+)[ \t]*(?::[^=\n]+)?=(?!=)|\S)",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(r"\b(\w+)(?=\.(\w+))")
_COMMENT = re.compile(r"#.*")
_CONTINUED = re.compile(r"\\\r?\n")
#: The end of a statement, or of a block's head, before an import on the same line.
_SAME_LINE = re.compile(r"[;:][ \t]*(?=(?:from|import)\b)")
_WORD = re.compile(r"[^\W\d]\w*")

FindPath = Callable[[str, str, int], "str | None"]
ReadSource = Callable[[str], "str | None"]


class Prefilter:
    """Answers for the files of one project; each file is read at most once."""

    def __init__(self, find_path: FindPath, source: ReadSource) -> None:
        self._find_path = find_path
        self._source = source
        self._names: dict[str, frozenset[str]] = {}
        packages = "|".join(sorted(map(re.escape, async_apis.async_packages())))
        self._library = re.compile(
            rf"^[ \t]*(?:from|import)[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*(?:{packages})\b",
            re.M,
        )

    def may_hold_coroutines(self, path: str, text: str) -> bool:
        """Return whether a file may make, run or drop a coroutine."""
        if self._is_async(text):
            return True
        return any(True for _ in self._imported(os.path.dirname(path), text))

    def _is_async(self, text: str) -> bool:
        """Return whether a text defines coroutines or imports a library of them."""
        if not _ASYNC_WORD.search(text):
            return False
        return bool(_DEFINES.search(text) or self._library.search(text))

    def _imported(self, folder: str, text: str) -> Iterator[str]:
        """Yield the local names of imports that may have to do with coroutines."""
        attributes: dict[str, set[str]] = {}
        for dotted, level, name, local in _imports(text):
            found = self._find_path(folder, dotted, level)
            if found is not None and name:
                names = self._may_be_async(found)
                if name in names or (name == "*" and names):
                    yield local
                    continue
            if found is None or name:
                # The name may be a module: `from package import module`.
                inner = f"{dotted}.{name}".strip(".") if name else dotted
                found = self._find_path(folder, inner, level) if name else None
            if found is None:
                continue
            names = self._may_be_async(found)
            if names:
                attributes = attributes or _attributes(text)
                if not names.isdisjoint(attributes.get(local, ())):
                    yield local

    def _may_be_async(self, path: str) -> frozenset[str]:
        """Return the names of a module that may have to do with coroutines.

        Async functions, classes with async methods, and whatever mentions one of them
        or of what the module imports of the kind.
        """
        if path in self._names:
            return self._names[path]
        self._names[path] = frozenset()  # for a circle of imports
        text = self._source(path) or ""
        found = set(self._imported(os.path.dirname(path), text))
        if not found and not self._is_async(text):
            return self._names[path]
        blocks = list(_blocks(text))
        found.update(
            name
            for name, block, _ in blocks
            if _DEFINES.search(block) or "asyncio" in block
        )
        grows = True
        while grows:
            more = {
                name for name, _, words in blocks if name not in found and words & found
            }
            found |= more
            grows = bool(more)
        self._names[path] = frozenset(found)
        return self._names[path]


def _attributes(text: str) -> dict[str, set[str]]:
    """Return the words that follow each word and a dot."""
    found: dict[str, set[str]] = {}
    for match in _ATTRIBUTE.finditer(text):
        found.setdefault(match[1], set()).add(match[2])
    return found


def _blocks(text: str) -> Iterator[tuple[str, str, set[str]]]:
    """Yield each name that a top level binds, the text that does it, and its words."""
    matches = list(_BLOCK.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    for match, end in zip(matches, ends):
        name = match["name"] or match["target"]
        if name:
            block = text[match.start() : end]
            yield name, block, set(_WORD.findall(block)) - {name}


def all_imports(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield what `_imports` does, and what it passes over for the sake of speed.

    That is whatever does not start its line, or goes on behind a backslash. Texts that
    only look like an import are among it.
    """
    if "import" in text:
        text = _CONTINUED.sub(" ", _COMMENT.sub("", text))
        yield from _imports(_SAME_LINE.sub("\n", text))


def _imports(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield module, level, name and local name of everything that a text imports."""
    for match in _IMPORT.finditer(text):
        if match[1] is None:
            for part in match[4].split(","):
                words = part.split()
                if words:
                    yield words[0], 0, "", words[-1].rpartition(".")[2]
            continue
        dotted = match[1].lstrip(".")
        level = len(match[1]) - len(dotted)
        for part in re.sub(r"#.*", "", match[2] or match[3]).split(","):
            words = part.split()
            if words:
                yield dotted, level, words[0], words[-1]
