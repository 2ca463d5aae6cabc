"""A patch as `git apply` reads it."""

from __future__ import annotations

import difflib
import re

_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def patch(path: str, old: bytes, new: bytes) -> bytes:
    """Return the unified diff of a file; `path` is relative, with slashes.

    difflib alone would split lines at form feeds and the like, which git does not,
    and would join a last line without its end to what follows.
    """
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(old),
        _lines(new),
        _name(f"a/{path}"),
        _name(f"b/{path}"),
    )
    return b"".join(
        line if line.endswith(b"\n") else line + _NO_NEWLINE for line in lines
    )


def _lines(data: bytes) -> list[bytes]:
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
