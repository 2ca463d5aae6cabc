"""The last line of `check`, on standard error: what was found, and what to do next."""

from __future__ import annotations

import pytest
from support import project
from support import run

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
SYNC = "def lambda_handler(event, context):\n    return {}\n"
UNSET = "def lambda_handler(event, context):\n    return {1, 2}\n"
TEMPLATE = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.main, Runtime: python3.9}
"""
NEWER = TEMPLATE.replace("python3.9", "python3.13")
NOWHERE = 'no handlers found: see "handlers", or set lambda-handlers'

#: Files, arguments, and the line.
LINES = {
    "one finding": (
        {"app.py": ASYNC},
        [],
        "1 finding in 1 file (1 handler); explain LMB101 for more",
    ),
    "findings and a template": (
        {
            "template.yaml": TEMPLATE,
            "src/app.py": ASYNC + "\n\nmain = lambda_handler\n",
        },
        [],
        "2 findings in 2 files (1 handler, 1 template); explain LMB101 for more",
    ),
    "the page of the rule that spoke most": (
        {"a.py": ASYNC, "b.py": UNSET, "c.py": UNSET},
        [],
        "3 findings in 3 files (3 handlers); explain LMB401 for more",
    ),
    "a file that cannot be parsed has no page": (
        {"a.py": "def x(:\n"},
        [],
        "1 finding in 1 file",
    ),
    "nothing": (
        {"app.py": SYNC, "b.py": "x = 1\n"},
        [],
        "no finding in 2 files, 1 handler",
    ),
    "nothing, with a template": (
        {"template.yaml": NEWER, "src/app.py": SYNC + "\n\nmain = lambda_handler\n"},
        [],
        "no finding in 2 files, 1 handler, 1 template",
    ),
    "a template alone": (
        {"template.yaml": NEWER},
        [],
        "no finding in 1 file, 0 handlers, 1 template",
    ),
    "silenced": (
        {"app.py": ASYNC.replace(":\n", ":  # noqa\n")},
        [],
        "no finding in 1 file, 1 handler",
    ),
    "not selected": (
        {"app.py": ASYNC},
        ["--ignore=LMB1"],
        "no finding in 1 file, 1 handler",
    ),
    "no handler": ({"app.py": "x = 1\n"}, [], NOWHERE),
    "no template of Lambda": ({"a.py": "", "ci.yaml": "jobs: []\n"}, [], NOWHERE),
    "no files": ({"notes.md": ""}, [], "no files to check"),
    "quiet": ({"app.py": ASYNC}, ["--quiet"], ""),
    "quiet, in short": ({"app.py": SYNC}, ["-q"], ""),
    "a form for machines": (
        {"app.py": ASYNC},
        ["--format=concise"],
        "1 finding in 1 file (1 handler); explain LMB101 for more",
    ),
}


@pytest.mark.parametrize(("files", "arguments", "line"), LINES.values(), ids=LINES)
def test_last_line(files, arguments, line):
    with project(files) as folder:
        done = run(
            "flake8_lambda_handler",
            "check",
            "--lambda-as-of=2026-11-20",
            *arguments,
            cwd=folder,
        )
    assert done.stderr == (f"{line}\n" if line else "")


def test_an_error_is_the_last_line():
    with project({"app.py": ASYNC}) as folder:
        done = run("flake8_lambda_handler", "check", "--select=LMB999", cwd=folder)
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("flake8-lambda-handler: error: ")
