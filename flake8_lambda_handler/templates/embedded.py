"""Code that stands in a template: its text, and where each character is written."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.templates.intrinsics import VARIABLE
from flake8_lambda_handler.templates.intrinsics import intrinsic
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source

#: What stands in the code for a value that the template does not know.
UNKNOWN = "_unknown_"

#: A text, each character with where it is written; what stands for a value that is not
#: known is at `-1 - offset`.
Characters = list[tuple[str, int]]

#: A line that a message names; what stands in backticks is code.
_LINE = re.compile(r"`[^`]*`|\bline (\d+)")

#: What a backslash and more stand for between double quotes, in YAML and JSON.
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r?\n)|(.))", re.S
)
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def pieces(node: Node) -> tuple[Piece, ...]:
    """Return the code that a value holds; empty when it holds none that can be read."""
    name, argument = intrinsic(node)
    if not name and isinstance(node, Scalar):
        return (_piece(node, 0, len(node.text)),)
    if name == "Sub":
        if isinstance(argument, Sequence) and argument.items:
            argument = argument.items[0]
        return (*_substituted(argument),) if isinstance(argument, Scalar) else ()
    if name == "Join" and isinstance(argument, Sequence) and len(argument.items) == 2:
        delimiter, parts = argument.items
        if isinstance(delimiter, Scalar) and isinstance(parts, Sequence):
            return (*_joined(delimiter, parts),)
    return ()


def plain(found: Characters) -> str:
    """Return a text whose offsets are those of its characters, without their places."""
    return "".join([char[:1] for char, _ in found])


def stripped(found: Characters) -> Characters:
    """Return a text without the space at both ends."""
    text = plain(found)
    return found[len(text) - len(text.lstrip()) : len(text.rstrip())]


def from_characters(found: Characters, path: str, written: str) -> tuple[Piece, ...]:
    """Return the code that a text is."""
    made: list[Piece] = []
    for char, offset in found:
        if offset < 0:
            made.append(Piece(char, path, written, -1 - offset, "", -1))
            continue
        last = made[-1] if made else None
        if (
            last is not None
            and last.text == last.value
            and last.offset + len(last.text) == offset
            and written[offset] == char
        ):
            text = last.text + char
            made[-1] = last._replace(text=text, value=text)
        else:
            made.append(Piece(char, path, written, offset, written[offset], 0))
    return tuple(made)


def _piece(scalar: Scalar, start: int, end: int) -> Piece:
    text = scalar.text
    source = scalar.source
    return Piece(text[start:end], source.path, source.text, scalar.offset, text, start)


def unknown(node: Node, text: str = UNKNOWN) -> Piece:
    return Piece(text, node.source.path, node.source.text, node.offset, "", -1)


def _substituted(scalar: Scalar) -> Iterator[Piece]:
    end = 0
    for found in VARIABLE.finditer(scalar.text):
        yield _piece(scalar, end, found.start())
        end = found.end()
        if found[1].startswith("!"):
            yield unknown(scalar, f"${{{found[1][1:]}}}")
        else:
            yield unknown(scalar)
    yield _piece(scalar, end, len(scalar.text))


def _joined(delimiter: Scalar, parts: Sequence) -> Iterator[Piece]:
    for number, part in enumerate(parts.items):
        if number:
            yield _piece(delimiter, 0, len(delimiter.text))
        yield from pieces(part) or (unknown(part),)


def place(code: Embedded, line: int, column: int) -> Place | None:
    """Return where a position in the code is written, None for one that is not in it.

    `line` counts from 1, `column` from 0 in characters, in both. What is not written
    out as it is stands where its value starts.
    """
    lines = code.text.split("\n")
    index = sum(len(one) + 1 for one in lines[: line - 1]) + column
    for piece in code.pieces:
        if index < len(piece.text):
            return _place(piece, index)
        index -= len(piece.text)
    return None


def retold(code: Embedded, text: str) -> str:
    """Return what a message says, the lines that it names being those of the file."""

    def there(found: re.Match[str]) -> str:
        at = place(code, int(found[1]), 0) if found[1] else None
        return found[0] if at is None else f"line {at.line}"

    return _LINE.sub(there, text)


def _place(piece: Piece, index: int) -> Place:
    offset = _offset(piece, piece.start + index) if piece.start >= 0 else piece.offset
    return _source(piece.path, piece.written).place(offset)


#: Looks for the ends of lines once for all places in a template.
_source = functools.lru_cache(maxsize=1)(Source)


def _offset(piece: Piece, index: int) -> int:
    """Return where a character of a value stands in the file.

    Values that are not written out in one go have all but the space in common with what
    is written: YAML takes indentation away, and folds lines.
    """
    if piece.written.startswith(piece.value, piece.offset):
        return piece.offset + index
    wanted = iter("".join(piece.value.split()))
    left = len("".join(piece.value[:index].split()))
    for offset, character in _characters(piece.written, piece.offset):
        if character.isspace():
            continue
        if next(wanted, "") != character:
            break
        if not left:
            return offset
        left -= 1
    return piece.offset


def _characters(written: str, offset: int) -> Iterator[tuple[int, str]]:
    """Yield the characters of a value from its start on, as its quotes have it."""
    quote = written[offset - 1 : offset]
    while offset < len(written):
        character = written[offset]
        end = offset + 1
        if quote == "'" and character == "'":
            if written[end : end + 1] != "'":
                return
            end += 1
        elif quote == '"' and character == '"':
            return
        elif quote == '"' and character == "\\":
            character, end = _escaped(written, offset)
        if character:
            yield offset, character
        offset = end


def _escaped(written: str, offset: int) -> tuple[str, int]:
    found = _ESCAPE.match(written, offset)
    if found is None:
        return "\\", offset + 1
    digits = found[1] or found[2] or found[3]
    if not digits:
        return ("" if found[4] else _ESCAPES.get(found[5], found[5])), found.end()
    number = int(digits, 16)
    second = _ESCAPE.match(written, found.end()) if 0xD800 <= number < 0xDC00 else None
    if second is not None and second[2]:
        low = int(second[2], 16) - 0xDC00
        return chr(0x10000 + ((number - 0xD800) << 10) + low), second.end()
    return chr(number), found.end()
