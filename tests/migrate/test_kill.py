"""Killed at any moment, `migrate` leaves every file old or new."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import project
from tests.support import run

COUNT = 60
OLD = b"async def lambda_handler(event, context):\n    return await work(event)\n"
NEW = (
    b"import asyncio\n\n\ndef lambda_handler(event, context):\n"
    b"    return asyncio.run(_lambda_handler(event, context))\n\n\n"
    b"async def _lambda_handler(event, context):\n    return await work(event)\n"
)


def padded(data: bytes, number: int) -> bytes:
    """Return files of many sizes, so that writing takes its time."""
    return data + b"# line\n" * (number * 300 % 2_000)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_every_file_is_whole():
    files = {f"f{number:03}.py": "" for number in range(COUNT)}
    moments = random.Random(6)
    with project(files) as folder:
        for number, path in enumerate(sorted(files)):
            (folder / path).write_bytes(padded(OLD, number))
        paths = sorted(folder.glob("f*.py"))
        for _ in range(5):
            before = new_files(paths)
            kill_after(folder, paths, before, moments)
            assert new_files(paths) >= before
        done = run("flake8_lambda_handler", "migrate", cwd=folder)
        assert done.returncode == 0
        assert new_files(paths) == COUNT


def kill_after(
    folder: Path, paths: list[Path], done: int, moments: random.Random
) -> None:
    """Start the command, and kill it once it has replaced some more files."""
    wanted = paths[min(done + moments.randrange(12), COUNT - 1)]
    process = subprocess.Popen(
        [sys.executable, "-m", "flake8_lambda_handler", "migrate", "-j", "1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and wanted.read_bytes().startswith(b"async"):
        time.sleep(0.0005)
    time.sleep(moments.random() / 500)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def new_files(paths: list[Path]) -> int:
    """Return how many files are new; each of the others has to be old."""
    count = 0
    for number, path in enumerate(paths):
        data = path.read_bytes()
        assert data in (padded(OLD, number), padded(NEW, number))
        count += data == padded(NEW, number)
    return count
