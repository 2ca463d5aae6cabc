"""`check -j N`: the same output for any N; a bar on a terminal; an interrupt."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest
from support import project
from support import run
from terminal import COMMAND
from terminal import environment
from terminal import on_terminal

from flake8_lambda_handler.cli import parallel

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
CLIENT = "async def save(item):\n    print(item)\n\n\ndef later(item):\n    return save(item)\n"
USER = (
    "from shared.client import later\n\n\n"
    "def lambda_handler(event, context):\n    later(event)\n    return {1}\n"
)
TEMPLATE = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: f07/, Handler: app.lambda_handler, Runtime: python3.9}
"""

#: More than some portions of files, which lead to one another.
FILES = {
    "shared/client.py": CLIENT,
    "template.yaml": TEMPLATE,
    "f05/zz.yaml": TEMPLATE.replace("f07/", "."),
    "f09/bad.py": "def x(:\n",
    "setup.cfg": "[flake8]\nlambda-as-of = 2026-11-20\n",
    **{f"f{number:02}/app.py": ASYNC for number in range(0, 30, 2)},
    **{f"f{number:02}/app.py": USER for number in range(1, 30, 2)},
}

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


def test_there_are_portions():
    assert len([name for name in FILES if name.endswith(".py")]) > 3 * parallel.PORTION


def test_the_same_for_any_number_of_processes():
    with project(FILES) as folder:
        for arguments in (["."], ["f03", ".", "f02/app.py", "-v"], ["--format=sarif"]):
            runs = [
                run(
                    "flake8_lambda_handler",
                    "check",
                    *arguments,
                    f"-j{jobs}",
                    cwd=folder,
                )
                for jobs in (1, 2, 3, "auto")
            ]
            assert len({(one.stdout, one.stderr, one.returncode) for one in runs}) == 1
            assert runs[0].returncode == 1
        plain = run("flake8_lambda_handler", "check", cwd=folder)
    lines = plain.stdout.splitlines()
    assert len(lines) == 48
    assert [line.split(":")[0] for line in lines] == sorted(
        line.split(":")[0] for line in lines
    )


@pytest.mark.parametrize("jobs", ["0", "x", "-1", "1001"])
def test_number_of_processes_that_is_none(jobs):
    with project({"a.py": ""}) as folder:
        done = run("flake8_lambda_handler", "check", f"-j{jobs}", cwd=folder)
    assert done.returncode == 2
    assert "is no number of processes from 1 to 1000" in done.stderr


@POSIX
def test_a_file_that_kills_a_process_is_one_finding():
    # The sandbox kills itself where the file says so: no parser is that broken any more.
    files = {f"a{number:02}.py": ASYNC for number in range(30)}
    with project({**files, "a05.py": "deadly = 1\n"}) as folder:
        script = (
            "import os, sys\n"
            "from flake8_lambda_handler.cli import checking\n"
            "from flake8_lambda_handler import files\n"
            "real = files.PythonFile.run_checks\n"
            "def run_checks(self):\n"
            "    if os.path.basename(self.filename) == 'a05.py':\n"
            "        os._exit(9)\n"
            "    return real(self)\n"
            "files.PythonFile.run_checks = run_checks\n"
        )
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(script)
        done = run(
            "flake8_lambda_handler",
            "check",
            "-q",
            "-j2",
            "--exclude=site",
            cwd=folder,
            PYTHONPATH=os.pathsep.join(
                [str(folder / "site"), os.environ.get("PYTHONPATH", "")]
            ),
        )
    lines = done.stdout.splitlines()
    assert len(lines) == 30
    assert lines[5] == "a05.py:0:1: E902 Python dies of this file"
    assert (done.stderr, done.returncode) == ("", 1)


# the bar

SLOW = {f"a{number:02}.py": "x = 1\n" for number in range(12)}


@POSIX
@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_progress_on_a_terminal(jobs):
    script = (
        "import sys\n"
        "from flake8_lambda_handler import progress\n"
        "progress._LONG_SECONDS = progress._STEP_SECONDS = 0\n"
    )
    with project({**SLOW, "a05.py": ASYNC}) as folder:
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(script)
        path = os.pathsep.join([str(folder / "site"), os.environ.get("PYTHONPATH", "")])
        arguments = ["check", jobs, "--exclude=site"]
        shown = on_terminal(*arguments, cwd=folder, err=True, PYTHONPATH=path)
        quiet = on_terminal(*arguments, "-q", cwd=folder, err=True, PYTHONPATH=path)
        pipe = on_terminal(*arguments, cwd=folder, PYTHONPATH=path)
    assert "] 12/12\r\x1b[K1 finding in 1 file" in shown.err
    assert "] 6/12\r\x1b[K\r[" in shown.err  # away while the finding is written
    assert shown.out.startswith("a05.py:1:1: LMB101 ")
    assert quiet.err == ""
    assert "\r" not in pipe.err


@POSIX
def test_no_progress_in_a_short_run():
    with project({"a.py": ASYNC}) as folder:
        shown = on_terminal("check", cwd=folder, err=True)
    assert shown.err == "1 finding in 1 file (1 handler); explain LMB101 for more\n"


# interrupts


def interrupted(folder, *arguments, ready):
    """Interrupt the whole group, as a terminal does, once it is ready."""
    process = subprocess.Popen(
        [*COMMAND, "check", *arguments],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    first = ready(process)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return first + out.decode(), err.decode(), process.returncode


def waits_for_input(process):
    # It takes more than a pipe holds: the command reads, and goes on to read.
    process.stdin.write(b"#" * 200_000 + b"\n")
    process.stdin.flush()
    return ""


@POSIX
@pytest.mark.parametrize("form", ["concise", "full", "jsonl", "json", "sarif"])
def test_an_interrupt_keeps_what_was_found(form):
    with project({"a.py": ASYNC, "b.py": ASYNC}) as folder:
        out, err, code = interrupted(
            folder,
            *("a.py", "b.py", "-", "--stdin-display-name=c.py", f"--format={form}"),
            ready=waits_for_input,
        )
    assert (err, code) == ("flake8-lambda-handler: interrupted\n", 130)
    assert out.count("Lambda does not await it") == 2
    if "json" in form and form != "jsonl":
        assert len(json.loads(out)) == 2
    if form == "sarif":
        assert len(json.loads(out)["runs"][0]["results"]) == 2


@POSIX
def test_an_interrupt_writes_no_baseline_and_no_comments():
    with project({"a.py": ASYNC}) as folder:
        for arguments in (
            ["--baseline=known.json", "--write-baseline"],
            ["--add-noqa"],
        ):
            out, _, code = interrupted(
                folder,
                *arguments,
                "a.py",
                "-",
                "--stdin-display-name=c.py",
                ready=waits_for_input,
            )
            assert (out.count("LMB101"), code) == (1, 130)
        assert (folder / "a.py").read_text() == ASYNC
        assert not (folder / "known.json").exists()


@POSIX
def test_an_interrupt_ends_all_processes():
    def first_line(process):
        # What a buffer holds, `communicate` would not see.
        line = b""
        while not line.endswith(b"\n"):
            line += os.read(process.stdout.fileno(), 1)
        return line.decode()

    files = {f"a{number:03}.py": ASYNC for number in range(400)}
    with project(files) as folder:
        out, err, code = interrupted(folder, "-j2", ready=first_line)
    assert err == "flake8-lambda-handler: interrupted\n"
    assert code == 130
    lines = out.splitlines()
    assert 1 <= len(lines) < 400
    assert [line.split(":")[0] for line in lines] == sorted(files)[: len(lines)]
