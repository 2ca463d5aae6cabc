"""Runs the command with a real terminal as its output."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

COMMAND = [sys.executable, "-m", "flake8_lambda_handler"]

#: What says whether there are colours.
_ASKED = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES")


class Shown(NamedTuple):
    """What a command has written, and how it ended."""

    out: str
    err: str
    code: int


def environment(**values: str) -> dict[str, str]:
    """Return the environment with these values for what is asked about terminals."""
    clean = {name: text for name, text in os.environ.items() if name not in _ASKED}
    return {**clean, "PYTHONIOENCODING": "utf-8", "TERM": "xterm", **values}


def on_terminal(
    *arguments: str, cwd: Path, err: bool = False, columns: int = 80, **values: str
) -> Shown:
    """Run the command with a terminal as standard output, or as standard error."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if err else slave,
        stderr=slave if err else subprocess.PIPE,
        env=environment(**values),
    )
    os.close(slave)
    pieces: list[bytes] = []
    reader = threading.Thread(target=_read, args=(master, pieces))
    reader.start()
    other = b"".join(text or b"" for text in process.communicate(timeout=120)).decode()
    reader.join()
    os.close(master)
    terminal = b"".join(pieces).decode().replace("\r\n", "\n")
    out, said = (other, terminal) if err else (terminal, other)
    return Shown(out, said, process.returncode)


def _read(master: int, pieces: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # nobody has the other side any more
            return
        if not piece:
            return
        pieces.append(piece)
