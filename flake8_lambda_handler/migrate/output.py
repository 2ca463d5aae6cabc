"""What a run changes and what it refuses; how changes are shown, and how written.

Nothing is written before the end of a run, and then each file at one stroke: whoever
looks sees the old bytes or the new ones.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import reading

_NO_NEWLINE = b"\n\\ No newline at end of file\n"


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


class Unread(NamedTuple):
    """A file that cannot be read or parsed; `line` counts from 1, 0 for the file."""

    path: str
    line: int
    text: str


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
            self._old[path] = reading.read(path)
        return self._new.get(path, self._old[path])

    def put(self, path: str, data: bytes) -> None:
        """Let a file that was got become other bytes; files are written in this order."""
        self._new[path] = data

    def changed(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield path, old and new bytes of each file that changes."""
        for path, new in self._new.items():
            if new != self._old[path]:
                yield path, self._old[path], new

    def refuse(self, path: str, line: int, name: str, reason: str) -> None:
        self.refused.append(Refused(path, line, name, reason))


def patch(path: str, old: bytes, new: bytes) -> bytes:
    """Return the unified diff of a file; `path` is relative, with slashes.

    difflib alone would split lines at form feeds and the like, which git does not,
    and would join a last line without its end to what follows.
    """
    diff = difflib.diff_bytes(
        difflib.unified_diff,
        lines(old),
        lines(new),
        _name(f"a/{path}"),
        _name(f"b/{path}"),
    )
    return b"".join(
        line if line.endswith(b"\n") else line + _NO_NEWLINE for line in diff
    )


def lines(data: bytes) -> list[bytes]:
    """Return the lines of a file with their ends; only a line feed is one."""
    return re.findall(rb"[^\n]*\n|[^\n]+", data)


def _name(path: str) -> bytes:
    """Return the path as git writes it: quoted where it holds odd characters."""
    raw = path.encode("utf-8", "surrogateescape")
    if not re.search(rb'[\x00-\x1f"\\\x7f-\xff]', raw):
        # A tab ends a name that holds blanks.
        return raw + b"\t" if b" " in raw else raw
    quoted = b"".join(
        b"\\" + bytes([byte])
        if byte in b'"\\'
        else bytes([byte])
        if 0x20 <= byte < 0x7F
        else b"\\%03o" % byte
        for byte in raw
    )
    return b'"' + quoted + b'"'


def obstacle(path: str) -> str | None:
    """Return why a file is not to be replaced; None when nothing is in the way."""
    try:
        status = os.stat(path)
    except OSError as error:
        return error.strerror or str(error)
    # The superuser may write anything, so ask the mode and not only `access`.
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        return "is read-only"
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    if status.st_nlink > 1:
        return "has another hard link, which would keep the old text"
    return None


def write(path: str, old: bytes | None, new: bytes) -> None:
    """Put `new` in the place of `old`, with the mode, owner and attributes of the file.

    A symbolic link stays, and the file that it leads to is replaced. Without `old` it
    may hold anything, and need not be there.

    Raises:
        OSError: the file cannot be replaced, or does not hold `old` any more.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    handle, beside = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(new)
            file.flush()
            if old is not None or os.path.exists(target):
                _copy_status(target, beside)
            else:
                os.chmod(beside, 0o666 & ~_umask())
            os.fsync(file.fileno())
        if old is not None and reading.read(target) != old:
            raise OSError("changed while it was rewritten")
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise
    _sync_folder(folder)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _copy_status(target: str, beside: str) -> None:
    status = os.stat(target)
    if hasattr(os, "chown"):
        mine = os.stat(beside)
        if (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
            os.chown(beside, status.st_uid, status.st_gid)
    shutil.copystat(target, beside)
    os.utime(beside)


def _sync_folder(folder: str) -> None:
    """Let the new name reach the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some network file systems cannot
    finally:
        os.close(handle)
