"""Which files `check` is given, and how often each rule spoke."""

from __future__ import annotations

import json
import os

import pytest
from support import project
from support import run

from flake8_lambda_handler import runtimes

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
UNSET = "def lambda_handler(event, context):\n    return {1, 2}\n"
FILES = {"a.py": ASYNC, "b c.py": ASYNC, "d/e.py": UNSET, "f.py": "def x(:\n"}

POSIX = pytest.mark.skipif(os.name == "nt", reason="names of POSIX")


def command(*arguments, cwd, stdin=""):
    return run("flake8_lambda_handler", *arguments, cwd=cwd, stdin=stdin)


#: What the list holds, and the files in which something is found.
LISTS = {
    "lines": ("a.py\nb c.py\n", ["a.py", "b c.py"]),
    "lines of Windows": ("a.py\r\nd\r\n", ["a.py", "d/e.py"]),
    "without an end": ("a.py", ["a.py"]),
    "NUL": ("a.py\0b c.py\0", ["a.py", "b c.py"]),
    "NUL, and a line break in a name": ("a.py\0g\nh.py\0", ["a.py", "g\\nh.py"]),
    "twice": ("a.py\n./a.py\na.py\n", ["a.py"]),
    "a folder": (".\n", ["a.py", "b c.py", "d/e.py", "f.py", "g\\nh.py"]),
    "a file that is not there": ("missing.py\n", ["missing.py"]),
    "nothing": ("", []),
    "empty lines": ("\n\n", []),
}


@POSIX
@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("name", ["-", "list.txt"])
def test_files_from(name, text, expected):
    files = {**FILES, "g\nh.py": ASYNC, "list.txt": text}
    with project(files) as folder:
        done = command(
            "check", "--quiet", f"--files-from={name}", cwd=folder, stdin=text
        )
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == expected
    assert (done.stderr, done.returncode) == ("", int(bool(expected)))


def test_files_from_beside_paths():
    with project(FILES) as folder:
        done = command("check", "d", "--files-from=-", cwd=folder, stdin="a.py\n")
        none = command("check", "--files-from=-", cwd=folder)
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        "a.py",
        "d/e.py",
    ]
    assert (none.stdout, none.stderr, none.returncode) == ("", "no files to check\n", 0)


def test_files_from_for_handlers():
    with project(FILES) as folder:
        done = command("handlers", "--files-from=-", cwd=folder, stdin="d/e.py\n")
    assert done.stdout.startswith("d/e.py:1:1: ") and done.stdout.count("\n") == 1


#: Arguments, and the error.
REFUSED = {
    "no such list": (
        ["--files-from=x"],
        "--files-from: `x`: No such file or directory",
    ),
    "a folder": (["--files-from=d"], "--files-from: `d`: Is a directory"),
    "standard input for both": (
        ["-", "--files-from=-"],
        "--files-from: `-` is one of the paths already",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_lists_that_cannot_be_used(arguments, message):
    with project(FILES) as folder:
        done = command("check", *arguments, cwd=folder)
    assert done.returncode == 2
    assert done.stderr == f"flake8-lambda-handler: error: {message}\n"


# --statistics

TABLE = """\
1      E999
2      LMB101 async-handler: Handler is a coroutine function
1      LMB401 unserializable-return: The handler returns something that Lambda cannot encode
"""


@pytest.mark.parametrize("form", ["concise", "full", "json", "github"])
def test_statistics(form):
    with project(FILES) as folder:
        plain = command("check", "-q", f"--format={form}", cwd=folder)
        done = command("check", "-q", f"--format={form}", "--statistics", cwd=folder)
    people = form in ("concise", "full")
    assert done.stdout == plain.stdout + (TABLE if people else "")
    assert done.stderr == ("" if people else TABLE)
    assert done.returncode == 1


def test_statistics_of_nothing():
    with project({"a.py": "x = 1\n"}) as folder:
        done = command("check", "-q", "--statistics", cwd=folder)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


# --format of the other commands


def test_handlers_as_lines_of_json():
    with project({"a.py": ASYNC, "d/e.py": UNSET}) as folder:
        listed = command("handlers", "--format=json", cwd=folder)
        lines = command("handlers", "--format=jsonl", cwd=folder)
    records = [json.loads(line) for line in lines.stdout.splitlines()]
    assert records == json.loads(listed.stdout)
    assert [record["path"] for record in records] == ["a.py", "d/e.py"]


def test_runtimes_as_lines_of_json():
    with project({}) as folder:
        lines = command("runtimes", "--format=jsonl", cwd=folder)
    records = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [record["identifier"] for record in records] == list(runtimes.TABLE)


@pytest.mark.parametrize("option", ["--format", "--report"])
def test_migrate_as_json(option):
    with project({"a.py": ASYNC, "f.py": "def x(:\n"}) as folder:
        listed = command("migrate", "--check", f"{option}=json", cwd=folder)
        lines = command("migrate", "--check", f"{option}=jsonl", cwd=folder)
    report = json.loads(listed.stdout)
    records = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [record["kind"] for record in records] == ["changed", "rewritten", "unread"]
    assert records[0]["path"] == report["changed"][0] == "a.py"
    assert records[1] == {"kind": "rewritten", **report["rewritten"][0]}
    assert records[2] == {"kind": "unread", **report["unread"][0]}
    assert listed.returncode == lines.returncode == 3


def test_migrate_cannot_print_a_patch_and_a_report():
    with project({"a.py": ASYNC}) as folder:
        done = command("migrate", "--diff", "--format=jsonl", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.endswith("--diff and --format jsonl both print to stdout\n")


#: Code that templates and programs hold, and where its handler is.
INSIDE = {
    "a template": (
        {
            "t.yaml": """\
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.run
      Code:
        ZipFile: |
          import json
          def run(event, context): return {}
"""
        },
        "t.yaml:10:11: run (template: t.yaml:6, python3.13)\n",
    ),
    "a program": (
        {
            "app.py": """\
from aws_cdk import aws_lambda
CODE = "import json; \\nasync def run(event, context): return {}"
aws_lambda.Function(
    stack, "A", runtime=aws_lambda.Runtime.PYTHON_3_13, handler="index.run",
    code=aws_lambda.Code.from_inline(CODE),
)
"""
        },
        "app.py:2:24: run (template: app.py:4, python3.13)\n",
    ),
    "code that is no Python": (
        {
            "t.yaml": """\
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: index.run, Code: {ZipFile: "def :"}}
"""
        },
        "",
    ),
    "another module's handler": (
        {
            "t.yaml": """\
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.run
      Code: {ZipFile: "def run(event, context): return {}"}
"""
        },
        "",
    ),
}


@pytest.mark.parametrize(("files", "listed"), INSIDE.values(), ids=INSIDE)
def test_handlers_in_templates_and_programs(files, listed):
    with project(files) as folder:
        done = command("handlers", cwd=folder)
        last = command("check", "--select=LMB4", cwd=folder).stderr
    assert done.stdout == listed
    if listed:
        assert ", 1 handler" in last
