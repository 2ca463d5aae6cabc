"""Files that nobody can or should read: one finding or silence, and the run goes on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support import project
from support import run

from flake8_lambda_handler import reading

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
LMB101 = "zoo.py:1:1: LMB101 "

COMMANDS = {
    "flake8": ["flake8", "-j1", "--select=LMB,E9"],
    "check": ["flake8_lambda_handler", "check"],
    "handlers": ["flake8_lambda_handler", "handlers"],
    "migrate": ["flake8_lambda_handler", "migrate", "--check", "-j1"]
    + ["--fix=LMB101,LMB202,LMB5xx"],
}
#: What each says of `zoo.py`: the run has come to its end.
ENDS = {
    "flake8": LMB101,
    "check": LMB101,
    "handlers": "zoo.py:1:1: lambda_handler ",
    "migrate": "Would rewrite zoo.py (lambda_handler)",
}


def output(command: str, *arguments: str, cwd: Path) -> str:
    """Return what a command prints; it has 60 seconds and 1.5 GB."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))

    done = subprocess.run(
        [sys.executable, "-m", *COMMANDS[command], *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        preexec_fn=limit,
        timeout=60,
    )
    assert "Traceback" not in done.stdout, done.stdout
    assert done.returncode in (0, 1, 3), done.stdout
    return "".join(line.removeprefix("./") for line in done.stdout.splitlines(True))


def about(found: str, name: str) -> list[str]:
    return [line for line in found.splitlines() if line.startswith(f"{name}:")]


# what is no file


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    before = os.getcwd()
    os.chdir(path.parent)  # the name of a socket may not be long
    socket.socket(socket.AF_UNIX).bind(path.name)
    os.chdir(before)


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 8_000_000_000)


UNFIT = {"pipe": _pipe, "socket": _socket, "device": _zero, "large": _large}
UNFIT["terminal"] = _terminal

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs pipes and devices")

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.main, CodeUri: .}
"""
SERVERLESS = """\
service: x
provider: {name: aws, runtime: "${file(rt.yml):runtime}"}
functions: {a: {handler: app.main}}
"""
#: Names under which it is met in a folder, and the files around it.
MET = {
    "template.yaml": {},
    "serverless.yml": {},
    "main.tf": {},
    "stack.json": {},
    "rt.yml": {"serverless.yml": SERVERLESS},
    "helper.py": {"app.py": "from helper import go\ngo()\n"},
    "app.py": {"template.yaml": SAM},
    "python/app.py": {"template.yaml": SAM},
    "app/__init__.py": {"serverless.yml": SERVERLESS.replace("${file", "${opt")},
    "pyproject.toml": {},
}


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", COMMANDS)
def test_met_in_a_folder(command, make):
    files = {"zoo.py": ASYNC}
    for number, around in enumerate(MET.values()):
        files |= {f"{number}/.hg/x": "", f"{number}/zoo.py": ASYNC}
        files |= {f"{number}/{path}": text for path, text in around.items()}
    with project(files) as folder:
        met = [f"{number}/{name}" for number, name in enumerate(MET)]
        for path in met:
            (folder / path).parent.mkdir(exist_ok=True)
            make(folder / path)
        # flake8 opens what it is to check without asking.
        paths = sorted({*files} - {*met}) if command == "flake8" else ["."]
        paths = [path for path in paths if path.endswith(("zoo.py", "/app.py", "."))]
        found = output(command, *paths, cwd=folder)
        assert ENDS[command] in found
        # flake8 tells of a template at a Python file.
        told = [line for line in found.splitlines() if " LMB001 " in line]
        lines = [line for line in found.splitlines() if line not in told]
        assert "\n".join(lines).count("zoo.py:1:1") in (0, len(MET) + 1)
        for path in met:
            at_zoo = [line for line in told if line.endswith(f" ({path}:1)")]
            assert len(about(found, path)) + len(at_zoo) <= 1


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["check", "handlers", "migrate"])
def test_named_as_python(command, make):
    names = ["a.py", "a.pyw", "script"]
    with project({"zoo.py": ASYNC}) as folder:
        for name in names:
            make(folder / name)
        found = output(command, *names, "zoo.py", cwd=folder)
        assert ENDS[command] in found
        lines = [line for name in names for line in about(found, name)]
        if make is _large:
            names.remove("script")  # its first line does not name Python
        # Links to one device are one file for `migrate`, which would write it.
        is_one = command == "migrate" and make in (_zero, _terminal)
        assert len(lines) == (1 if is_one else len(names))
        reason = "larger than 16 MB" if make is _large else "not a regular file"
        # There may be no terminal to open.
        assert make is _terminal or all(line.endswith(reason) for line in lines)


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("command", ["check", "migrate"])
def test_named_as_template(command, make):
    names = ["template.yaml", "template.json", "main.tf"]
    with project({"zoo.py": ASYNC}) as folder:
        for name in names:
            make(folder / name)
        found = output(command, *names, "zoo.py", cwd=folder)
        assert ENDS[command] in found
        assert [len(about(found, name)) for name in names] == [1, 1, 1]


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
def test_marker_of_a_project(tmp_path, make):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/zoo.py").write_text(ASYNC)
    make(tmp_path / "pyproject.toml")
    assert ENDS["check"] in output("check", "zoo.py", cwd=tmp_path / "a")


@POSIX
@pytest.mark.parametrize("make", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_configuration(make, name):
    with project({"a/zoo.py": ASYNC}) as folder:
        make(folder / name)
        done = run(*COMMANDS["check"], "zoo.py", cwd=folder / "a")
    reason = "larger than 16 MB" if make is _large else "not a regular file"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f": error: ../{name}: is {reason}\n")


@POSIX
def test_large_pyproject():
    with project({"zoo.py": ASYNC}) as folder:
        _large(folder / "pyproject.toml")
        done = run(*COMMANDS["check"], cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": error: pyproject.toml: is larger than 16 MB\n")


def test_a_file_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a"
    for text in (b"", b"x", b"x\ny\n" * 1000):
        path.write_bytes(text)
        assert reading.read(str(path), 4000) == text
        assert reading.head(str(path), 3) == text[:3]
    path.write_bytes(b"x" * 4001)
    with pytest.raises(reading.TooLarge):
        reading.read(str(path), 4000)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs /proc")
def test_a_file_that_does_not_know_its_size():
    assert reading.read("/proc/self/status").startswith(b"Name:")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "\ud800", "missing", "a/" * 3000])
def test_what_is_no_path_is_not_there(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError):
        reading.read(path)
