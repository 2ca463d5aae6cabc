"""The text of one Python file, and edits that leave every other byte alone."""

from __future__ import annotations

import ast
import bisect
import io
import re
import tokenize
import warnings
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")


class NoPython(Exception):
    """A file that is no Python, or not in its own encoding; `line` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


class Edit(NamedTuple):
    """Text to put in the place of `text[start:end]`."""

    start: int
    end: int
    text: str


class SourceText:
    """A parsed Python file.

    Offsets count characters of `text`, which has the file's own line ends and no byte
    order mark.

    Raises:
        NoPython: the bytes are no valid Python for the running interpreter.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            self.text = data.decode(self._encoding)
            self.tree = parse(data)
        except SyntaxError as error:
            raise NoPython(error.lineno or 1, error.msg) from error
        except LookupError as error:  # an encoding that is not of text
            raise NoPython(1, str(error)) from error
        except UnicodeDecodeError as error:
            line = len(LINE_END.findall(data[: error.start].decode("latin-1"))) + 1
            raise NoPython(line, str(error)) from error
        except (ValueError, RecursionError, MemoryError) as error:
            raise NoPython(1, str(error) or "too deeply nested") from error
        try:
            is_whole = self.encode(self.text) == data
        except UnicodeError:  # `idna` reads what it does not write
            is_whole = False
        if not is_whole:
            raise NoPython(1, f"does not come back from {self._encoding} unchanged")
        self.starts = [0, *(match.end() for match in LINE_END.finditer(self.text))]

    @cached_property
    def words(self) -> set[str]:
        """Return the words of the text, comments included, but for attributes."""
        return set(re.findall(r"(?<![\w.])\w+", self.text))

    def encode(self, text: str) -> bytes:
        """Return the text as bytes of the file.

        Raises:
            UnicodeEncodeError: the file's encoding has no such character.
        """
        return text.encode(self._encoding)

    def line(self, number: int) -> str:
        """Return a line with its end; `number` counts from 1."""
        return self.text[self.starts[number - 1] : self.after(number)]

    def after(self, number: int) -> int:
        """Return the offset behind a line and its end."""
        return self.starts[number] if number < len(self.starts) else len(self.text)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position of `ast`, whose columns are UTF-8 bytes."""
        start = self.starts[line - 1]
        text = self.text[start : start + column]
        if not text.isascii():
            text = self.line(line).encode()[:column].decode()
        return start + len(text)

    def start(self, node: ast.AST) -> int:
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        return self.offset(
            node.end_lineno,  # type: ignore[attr-defined]
            node.end_col_offset,  # type: ignore[attr-defined]
        )

    def newline(self, number: int) -> str:
        """Return the line end of a line, or of the first one where it has none."""
        for text in (self.line(number), self.line(1)):
            if match := LINE_END.search(text):
                return match[0]
        return "\n"

    def line_at(self, offset: int) -> int:
        """Return the number of the line that an offset is on."""
        return bisect.bisect_right(self.starts, offset)

    def indentation(self, offset: int) -> str:
        """Return what stands before an offset on its line."""
        return self.text[self.starts[self.line_at(offset) - 1] : offset]

    def decorator_start(self, decorator: ast.expr) -> int:
        """Return the offset of the `@` before a decorator."""
        return self.text.rindex("@", 0, self.start(decorator))

    def statement_start(self, node: ast.stmt) -> int:
        """Return the offset of a statement, its decorators included."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        return self.decorator_start(decorators[0]) if decorators else self.start(node)

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text with the edits made.

        Raises:
            ValueError: two edits overlap.
        """
        pieces = []
        position = 0
        for start, end, text in sorted(edits):
            if start < position:
                raise ValueError("overlapping edits")
            pieces += [self.text[position:start], text]
            position = end
        return "".join([*pieces, self.text[position:]])


class Cut(NamedTuple):
    """Where a function is cut in two, and how lines are written there."""

    at: int
    #: What the text put there begins and ends with.
    before: str
    after: str
    newline: str
    #: The indentation of the `def` and of its body.
    outer: str
    inner: str
    #: Blank lines between the two functions.
    blank: list[str]


def find_cut(source: SourceText, function: ast.AsyncFunctionDef) -> Cut | None:
    """Return where the function ends its first part: its header and docstring.

    None: code stands on the line of the docstring.
    """
    first = function.body[0]
    start = source.start(function)
    begin = source.statement_start(first)
    outer = source.indentation(start)
    inner = source.indentation(begin)
    before, after = "", source.newline(function.lineno)
    if inner.strip():
        # The body is on the header's own line.
        if ast.get_docstring(function, clean=False) is not None:
            return None
        at = start + len(source.text[start:begin].rstrip())
        before, after = after, ""
        inner = f"{outer}    "
    elif ast.get_docstring(function, clean=False) is not None:
        number = first.end_lineno or first.lineno
        at = source.after(number)
        rest = source.text[source.end(first) : at]
        if not re.fullmatch(r"[ \t\f]*(#.*)?(\r\n|\r|\n)?", rest):
            return None
        if not rest.endswith(("\r", "\n")):
            before, after = after, ""
    else:
        number = source.line_at(begin) - 1
        while re.fullmatch(r"[ \t\f]*(#.*)?(\r\n|\r|\n)", source.line(number)):
            number -= 1
        at = source.after(number)
    blank = [""] * (1 if outer else 2)
    return Cut(at, before, after, source.newline(function.lineno), outer, inner, blank)


def parse(source: bytes | str) -> ast.Module:
    """Return the syntax tree; what Python warns about is not shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)
