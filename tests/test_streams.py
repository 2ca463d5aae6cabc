"""Streams that are closed, full or gone, and control characters in what is shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import project
from support import run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX shells and files")

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
FILES = {"app.py": ASYNC, "setup.cfg": "[flake8]\nlambda-as-of = 2026-11-20\n"}

#: Commands that print, and their exit codes when all is well.
PRINTING = {
    "check": 1,
    "handlers": 0,
    "handlers --format=json": 0,
    "explain": 0,
    "explain LMB101": 0,
    "explain --table": 0,
    "runtimes": 0,
    "runtimes --format=json": 0,
    "migrate --diff": 1,
    "migrate --check --report=json": 1,
    "--version": 0,
    "--help": 0,
    "check --help": 0,
}
#: Commands that have nothing to print, or only on standard error.
SILENT = {
    "check --exclude=app.py": 0,
    "handlers --exclude=app.py": 0,
    "migrate --check": 1,
    "migrate": 0,
}
UNWRITABLE = {
    ">/dev/full": "no space left on device",
    ">&-": "bad file descriptor",
}


def shell(command: str, cwd: Path, **environment: str):
    done = subprocess.run(
        f'exec "{sys.executable}" -m flake8_lambda_handler {command}',
        shell=True,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(("where", "reason"), UNWRITABLE.items())
@pytest.mark.parametrize("command", PRINTING)
def test_output_that_cannot_be_written(command, where, reason, unbuffered):
    with project(FILES) as folder:
        found = shell(f"{command} {where}", folder, PYTHONUNBUFFERED=unbuffered)
    code, out, err = found
    assert (code, out) == (2, "")
    *others, last = err.splitlines()
    assert last == f"flake8-lambda-handler: error: cannot write the output: {reason}"
    # `migrate` tells on standard error what it would do.
    summary = ["Would rewrite app.py (lambda_handler)", "1 file to rewrite"]
    assert others in ([], summary if command.startswith("migrate") else [])


@pytest.mark.parametrize("where", UNWRITABLE)
@pytest.mark.parametrize(("command", "code"), SILENT.items())
def test_output_that_is_not_needed(command, code, where):
    with project(FILES) as folder:
        assert shell(f"{command} {where}", folder)[:2] == (code, "")


@pytest.mark.parametrize(("command", "code"), [*PRINTING.items(), *SILENT.items()])
def test_errors_that_nobody_reads(command, code):
    with project(FILES) as folder:
        assert shell(f"{command} 2>&-", folder)[0] == code


@pytest.mark.parametrize(
    "where", ["2>/dev/full", "2>&-", ">&- 2>&-", ">/dev/full 2>&1"]
)
@pytest.mark.parametrize("command", ["check --select=LMB999", "explain x", "nothing"])
def test_errors_that_cannot_be_written(command, where):
    with project(FILES) as folder:
        assert shell(f"{command} {where}", folder) == (2, "", "")


def test_closed_streams_are_not_taken_for_files():
    """A file that is opened must not get the number of a closed stream."""
    with project(FILES) as folder:
        assert shell("migrate >&- 2>&-", folder)[0] == 0
        text = (folder / "app.py").read_text()
    assert text.startswith("def lambda_handler(event, context):\n")
    assert "Rewrote" not in text


def test_closed_input_is_no_file():
    with project(FILES) as folder:
        code, out, err = shell("check -q - <&-", folder)
        assert (code, err) == (1, "")
        assert out.startswith("stdin:0:1: E902 ")
        code, out, err = shell("migrate --files-from - <&-", folder)
    assert (code, out) == (2, "")
    assert err.startswith("flake8-lambda-handler: error: --files-from: `-`: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", [one for one in PRINTING if "-" not in one[:2]])
def test_reader_that_has_gone(command):
    with project(FILES) as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "flake8_lambda_handler", *command.split()],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        err = process.stderr.read().decode()
        process.stderr.close()
        assert process.wait(60) == 1
    assert "Traceback" not in err and "Exception" not in err
    assert all(line.startswith(("Would", "1 file")) for line in err.splitlines())


# control characters

TEMPLATE = """\
Resources:
  "A\\e[31m":
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.9}
"""
ODD = "a\x1b[31m\n\x9b\u2028\u202eb"
SHOWN = "a\\x1b[31m\\n\\x9b\\u2028\\u202eb"

ODD_FILES = {
    f"{ODD}.py": ASYNC,
    f"{ODD}/bad.py": "def x(:\n",
    f"{ODD}/template.yaml": TEMPLATE,
    f"{ODD}/app.py": ASYNC,
    f"{ODD}/broken.yaml": f"{TEMPLATE}x: [\n",
}
SHOWING = {
    "check": "check .",
    "a missing file": f"check {ODD}.x/missing.py",
    "handlers": "handlers .",
    "migrate --check": "migrate --check .",
    "migrate --diff": "migrate --diff .",
    "an unknown code": f"check --select=LMB{ODD}",
    "an unknown rule": f"explain {ODD}",
    "an unknown argument": f"check --{ODD}",
    "an unknown command": f"{ODD}",
    "a pattern": f"check --lambda-handlers={ODD}",
    "a day": f"runtimes --lambda-as-of={ODD}",
    "a configuration": f"check --config={ODD}.ini",
    "a list of files": f"migrate --files-from={ODD}",
    "flake8": "flake8",
}


@pytest.mark.parametrize("command", SHOWING.values(), ids=SHOWING)
def test_control_characters_are_written_out(command):
    arguments = command.split(" ")
    with project(ODD_FILES) as folder:
        if command == "flake8":
            # flake8 itself shows file names as they are: ours are in the messages.
            arguments = ["--select=LMB5,LMB001", "--format=%(text)s", "-j1"]
            done = run("flake8", *arguments, cwd=folder)
            assert SHOWN in done.stdout
        else:
            done = run("flake8_lambda_handler", *arguments, cwd=folder)
            assert "a\\x1b[31m" in done.stdout + done.stderr or "\\033" in done.stdout
    shown = (done.stdout + done.stderr).replace("\n", "")
    assert not [one for one in shown if not (one.isprintable() or one.isspace())]
    assert not set(shown) & set("\x1b\x9b\u2028\u202e")


def test_plain_text_stays_as_it_is():
    with project({"größe 😀.py": ASYNC}) as folder:
        done = run("flake8_lambda_handler", "check", cwd=folder)
    assert done.stdout.startswith("größe 😀.py:1:1: LMB101 ")
