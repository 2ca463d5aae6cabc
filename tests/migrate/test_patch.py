"""`git apply` reads the patch and makes of the old file exactly the new one."""

from __future__ import annotations

import os
import subprocess

import pytest

from flake8_lambda_handler.migrate.output import patch

FILES = {
    "one line": ("a.py", b"x\ny\nz\n", b"x\nY\nz\n"),
    "no final newline": ("a.py", b"x\ny\nz", b"X\ny\nz"),
    "newline at the end is new": ("a.py", b"x\ny", b"x\ny\n"),
    "newline at the end is gone": ("a.py", b"x\ny\n", b"x\ny"),
    "CR LF": ("a.py", b"x\r\ny\r\n", b"x\r\nY\r\ny\r\n"),
    "CR alone": ("a.py", b"x\ry\rz", b"x\rY\rz"),
    "mixed": ("a.py", b"x\r\ny\nz\r", b"new\r\nx\r\ny\nz\r"),
    "form feed and other separators": (
        "a.py",
        b"x\x0cy\x0bz\x85\x1c\n",
        b"n\nx\x0cy\x0b\n",
    ),
    "no text": ("a.py", b"x\n\x00\xff\n", b"y\n\x00\xff\n"),
    "empty before": ("a.py", b"", b"x\n"),
    "blank in the name": ("my app.py", b"x\n", b"y\n"),
    "odd name": ('caf\u00e9 "a"\\\t.py', b"x\n", b"y\n"),
    "line end in the name": ("a\nb.py", b"x\n", b"y\n"),
    "folder": ("src/deep/a.py", b"x\n" * 30, b"x\n" * 10 + b"y\n" + b"x\n" * 20),
}


@pytest.mark.parametrize("where", [".", "below"])
@pytest.mark.parametrize(("name", "old", "new"), FILES.values(), ids=FILES)
def test_git_applies_it(tmp_path, name, old, new, where):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, env=environment)
    folder = tmp_path / where
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(old)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=folder,
        input=patch(name, old, new),
        capture_output=True,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert path.read_bytes() == new


def test_all_files_in_one_patch(tmp_path):
    text = b"".join(
        patch(f"{index}/{name}", old, new)
        for index, (name, old, new) in enumerate(FILES.values())
    )
    for index, (name, old, _) in enumerate(FILES.values()):
        path = tmp_path / str(index) / name
        path.parent.mkdir(parents=True)
        path.write_bytes(old)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=text, check=True)
    for index, (name, _, new) in enumerate(FILES.values()):
        assert (tmp_path / str(index) / name).read_bytes() == new


def test_nothing_to_say():
    assert patch("a.py", b"x", b"x") == b""
