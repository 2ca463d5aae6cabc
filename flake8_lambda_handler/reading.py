"""The one gate that every file of a user passes before it is read.

What is no regular file is refused before a byte is read, so that a pipe does not
block and a device does not fill the memory; so is what is too large, or no text.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import tokenize
from typing import BinaryIO

#: Largest file that is read: far more than people write.
MOST_BYTES = 16 * 1024 * 1024

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_LINE_END = rb"\r\n|\n|\r"


class UnfitFile(OSError):
    """A file that is there and is not to be read; its text says why."""


class TooLarge(UnfitFile):
    """A file with more bytes than are read."""


def head(path: str, size_bytes: int) -> bytes:
    """Return the first bytes of a file, all of them if it has no more.

    Raises:
        UnfitFile: the path leads to a pipe, a socket or a device.
        OSError: it leads to a folder, or cannot be read.
    """
    with _opened(path) as file:
        # The open file is asked, and not its name, which may change in between.
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnfitFile("is not a regular file")
        data = file.read(min(size_bytes, status.st_size + 1))
        if len(data) > status.st_size:  # it grows, or does not know its size
            data += file.read(size_bytes - len(data))
        return data


def read(path: str, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file.

    Raises:
        TooLarge: there are more than `most_bytes`.
        UnfitFile, OSError: as for `head`.
    """
    return whole(head(path, most_bytes + 1), most_bytes)


def text(path: str, most_bytes: int) -> str:
    """Return the text of a small file that may not be there, or may not be UTF-8.

    Nothing, if it cannot be read.
    """
    try:
        return read(path, most_bytes).decode("utf-8", "replace")
    except OSError:
        return ""


def stream(file: BinaryIO) -> bytes:
    """Return what is left in an open file, which may be a pipe.

    Raises:
        TooLarge: there are more bytes than are read.
    """
    return whole(file.read(MOST_BYTES + 1))


def whole(data: bytes, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file, of which one more than `most_bytes` may be given.

    Raises:
        TooLarge: there are more than `most_bytes`.
    """
    if len(data) > most_bytes:
        raise TooLarge(f"is larger than {most_bytes // 1024 // 1024} MB")
    return data


def _opened(path: str) -> BinaryIO:
    try:
        return open(path, "rb", -1, None, None, None, True, _at_once)
    except ValueError as error:  # a NUL, or half a character
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path) from error
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise UnfitFile("is not a regular file") from error
        raise


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe, or taking a terminal."""
    return os.open(path, flags | _FLAGS)


def decoded(data: bytes) -> str:
    """Return the text of a Python file, by its byte order mark or its coding comment.

    Line ends stay as they are.

    Raises:
        SyntaxError: Python cannot decode it either; with its line.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason, line = str(error), len(re.findall(_LINE_END, data[: error.start])) + 1
    except (SyntaxError, LookupError, ValueError) as error:
        # An encoding that does not exist, that is not of text (`rot13`), or that fails
        # in a way of its own (`punycode`).
        reason, line = str(error).partition(";")[0], 1
    raise SyntaxError(reason, (None, line, 0, None))


def lines(data: bytes) -> list[str]:
    """Return the lines of a Python file as flake8 has them: each ends with `\\n`.

    Raises:
        SyntaxError: as for `decoded`.
    """
    return io.StringIO(decoded(data), newline=None).readlines()
