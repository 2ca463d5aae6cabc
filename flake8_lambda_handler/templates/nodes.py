"""Values that know where they stand, and the files they come from.

Every reader turns its language into these three kinds of node, so that references are
followed and places are computed the same way for YAML, JSON and Terraform.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Iterator

from flake8_lambda_handler import reading
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Problem

#: Deepest nesting of mappings and sequences; deeper text is refused before a C parser
#: can run out of stack (libyaml's composer dies at 40,000 levels).
DEEPEST_LEVEL = 200
#: Longest chain of YAML merge keys (`<<`) that is followed.
MOST_MERGES = 50

_LINE_END = re.compile(r"\r\n|\n|\r")


class Unreadable(Exception):
    """A file that cannot be read or parsed.

    `problem` is the one line for people; `text` is what could be made of the file, or
    None when it could not even be opened.
    """

    def __init__(self, problem: Problem, text: str | None = None) -> None:
        super().__init__(problem.text)
        self.problem = problem
        self.text = text


class Source:
    """The text of one file; offsets count characters, a byte order mark not."""

    __slots__ = ("_answers", "_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] = []
        self._answers: dict[Callable[[str], bool], bool] = {}

    def is_one(self, question: Callable[[str], bool]) -> bool:
        """Return the answer to a question about the text; it is asked once."""
        if question not in self._answers:
            self._answers[question] = question(self.text)
        return self._answers[question]

    @property
    def key(self) -> object:
        """What tells this text from all others that one template is made of."""
        return self.path

    def place(self, offset: int) -> Place:
        """Return the line (from 1) and column (from 0) of a character."""
        if not self._starts:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        line = bisect_right(self._starts, offset)
        return Place(self.path, line, offset - self._starts[line - 1])

    def unreadable(self, offset: int, text: str) -> Unreadable:
        """Return the error for a text that cannot be parsed at `offset`."""
        return Unreadable(Problem(self.place(offset), text), self.text)


class Node:
    """A value of a template. `tag` is its YAML tag when it has one of its own."""

    __slots__ = ("offset", "source", "tag")

    def __init__(self, source: Source, offset: int, tag: str = "") -> None:
        self.source = source
        self.offset = offset
        self.tag = tag

    @property
    def place(self) -> Place:
        """Where the value starts: for a scalar the first character of its text."""
        return self.source.place(self.offset)

    @property
    def key(self) -> object:
        """What a node has in common with others that stand for the same."""
        return id(self)


class Scalar(Node):
    """A single value, as text: `3.10` stays `3.10`."""

    __slots__ = ("_is_verbatim", "text")

    def __init__(self, source: Source, offset: int, text: str, tag: str = "") -> None:
        super().__init__(source, offset, tag)
        self.text = text
        self._is_verbatim: bool | None = None

    @property
    def key(self) -> object:
        return self.source.key, self.offset, self.text, self.tag

    def part(self, start: int, end: int) -> Scalar:
        """Return a piece of the text, standing where it stands in the file.

        A text that is not written out in one go (escapes, folded lines) gives pieces
        that stand at its start.
        """
        if self._is_verbatim is None:
            written = self.source.text
            self._is_verbatim = written.startswith(self.text, self.offset)
        offset = self.offset + (start if self._is_verbatim else 0)
        return Scalar(self.source, offset, self.text[start:end])


class Sequence(Node):
    """A list of values."""

    __slots__ = ("items",)

    def __init__(self, source: Source, offset: int, tag: str = "") -> None:
        super().__init__(source, offset, tag)
        self.items: list[Node] = []

    @property
    def key(self) -> object:
        return id(self.items), self.tag


class Mapping(Node):
    """Values by key; of equal keys the last one counts, as all the tools have it."""

    __slots__ = ("labels", "merged", "pairs")

    def __init__(self, source: Source, offset: int, tag: str = "") -> None:
        super().__init__(source, offset, tag)
        self.pairs: dict[str, Node] = {}
        self.labels: dict[str, Scalar] = {}
        #: What YAML's merge key brings in, weakest last.
        self.merged: list[Node] = []

    @property
    def key(self) -> object:
        return id(self.pairs), self.tag

    def add(self, label: Scalar, value: Node) -> None:
        """Set the value of a key."""
        self.pairs[label.text] = value
        self.labels[label.text] = label

    def get(self, key: str) -> Node | None:
        """Return the value of a key, None when there is none."""
        for mapping in self._layers():
            if key in mapping.pairs:
                return mapping.pairs[key]
        return None

    def entries(self) -> Iterator[tuple[Scalar, Node]]:
        """Yield every key with its value, merged ones included."""
        seen: set[str] = set()
        for mapping in self._layers():
            for key, value in mapping.pairs.items():
                if key not in seen:
                    seen.add(key)
                    yield mapping.labels[key], value

    def _layers(self) -> Iterator[Mapping]:
        yield self
        if not self.merged:
            return
        seen = {id(self)}
        waiting = self.merged[::-1]
        while waiting and len(seen) <= MOST_MERGES:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Sequence):
                waiting += node.items[::-1]
            elif isinstance(node, Mapping):
                yield node
                waiting += node.merged[::-1]


class TemplateFiles:
    """The files that one template is read from, each of them opened once.

    `given` holds the bytes of files that are not read from the disk, by path.
    """

    def __init__(self, given: dict[str, bytes] | None = None) -> None:
        self.given = dict(given or {})
        #: What each file looked like when it was read; None when it was not there.
        self.stamps: dict[str, tuple[int, ...] | None] = {}
        self._sources: dict[str, Source | Unreadable] = {}
        #: The documents of each YAML or JSON file, and the error that ended them.
        self.parsed: dict[str, tuple[list[Node], Unreadable | None]] = {}

    def source(self, path: str) -> Source:
        """Return the text of a file.

        Raises:
            Unreadable: the file cannot be opened, is no regular file, is too large, or
                is not text in UTF-8 or UTF-16.
        """
        if path not in self._sources:
            data = self.given.get(path)
            self.stamps[path] = stamp(path) if data is None else (len(data),)
            try:
                self._sources[path] = _load(path, data)
            except Unreadable as error:
                self._sources[path] = error
        found = self._sources[path]
        if isinstance(found, Unreadable):
            raise found
        return found


def stamp(path: str) -> tuple[int, ...] | None:
    """Return what tells one state of a file or folder from another, None without it."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _load(path: str, given: bytes | None) -> Source:
    def unreadable(text: str) -> Unreadable:
        return Unreadable(Problem(Place(path, 1, 0), text))

    try:
        data = reading.read(path) if given is None else reading.whole(given)
    except IsADirectoryError as error:
        raise unreadable("is a folder, not a file") from error
    except reading.TooLarge as error:
        raise unreadable(f"{error}; too large for a template") from error
    except reading.UnfitFile as error:
        raise unreadable(str(error)) from error
    except OSError as error:
        if os.path.islink(path) and not os.path.exists(path):
            raise unreadable("is a symbolic link that leads nowhere") from error
        reason = (error.strerror or str(error)).lower()
        raise unreadable(f"cannot be opened: {reason}") from error
    return Source(path, _decode(path, data))


def _decode(path: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        rough = Source(path, data.decode("latin-1"))
        byte = f"byte 0x{data[error.start]:02x}"
        name = "UTF-16" if encoding == "utf-16" else "UTF-8"
        text = f"is not {name} text ({byte}); save it as UTF-8"
        raise rough.unreadable(error.start, text) from error
    if "\0" in text:
        rough = Source(path, text)
        found = rough.unreadable(
            text.index("\0"), "holds a NUL character; save it as UTF-8 text"
        )
        found.text = text.replace("\0", "")
        raise found
    return text
