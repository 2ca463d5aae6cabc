"""Replaces a file at one stroke: whoever looks sees the old bytes or the new ones."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile

from flake8_lambda_handler import reading


def read(path: str) -> bytes:
    """Return the bytes of a file.

    Raises:
        OSError: the file cannot be read.
    """
    return reading.read(path)


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


def write(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`, with the mode, owner and attributes of the file.

    A symbolic link stays, and the file that it leads to is replaced.

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
            _copy_status(target, beside)
            os.fsync(file.fileno())
        if read(target) != old:
            raise OSError("changed while it was rewritten")
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise
    _sync_folder(folder)


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
