"""The options in `pyproject.toml`, through the real package Flake8-pyproject."""

from __future__ import annotations

import pytest
from support import project
from support import run

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ../../src/
      Handler: orders.main
      Runtime: python3.11
"""
FILES = {
    "tests/my stack/sam.yaml": TEMPLATE,
    "src/orders.py": "async def main(event, context):\n    return {}\n",
    "app.py": "async def run(event, context):\n    return {}\n",
}
ORDERS = "src/orders.py:1:1: LMB101"
RUN = "app.py:1:1: LMB101"
NEAR = "LMB504"

#: The section and what is found, as the start of each line of flake8.
GOOD = {
    "a list": ('lambda-handlers = ["app.*", "src/orders.main"]', [RUN, ORDERS]),
    "a list of one": ('lambda-handlers = ["app.run"]', [RUN]),
    "an empty list is as good as nothing": ("lambda-handlers = []", []),
    "a text": ('lambda-handlers = "app.run, src/orders.main"', [RUN, ORDERS]),
    "a text of many lines": (
        'lambda-handlers = """\n  app.run\n  src/orders.main\n"""',
        [RUN, ORDERS],
    ),
    "underscores": ('lambda_handlers = ["app.run"]', [RUN]),
    "an item of a list may hold spaces": (
        'lambda-templates = ["tests/my stack/*.yaml"]',
        [ORDERS],
    ),
    "a number and a date": (
        'lambda-templates = ["tests/*/sam.yaml"]\n'
        "lambda-deprecation-horizon = 365\nlambda-as-of = 2026-11-20",
        [ORDERS, f"src/orders.py:1:1: {NEAR}"],
    ),
    "a number and a date as texts": (
        'lambda-templates = ["tests/*/sam.yaml"]\n'
        'lambda-deprecation-horizon = "365"\nlambda-as-of = "2026-11-20"',
        [ORDERS, f"src/orders.py:1:1: {NEAR}"],
    ),
    "options of flake8 beside ours": (
        'lambda-handlers = ["*.run", "*.main"]\nextend-exclude = ["src"]',
        [RUN],
    ),
}
BAD = {
    "a number in a list": (
        "lambda-handlers = [3]",
        "lambda-handlers: `3` is no text; write a list of texts",
    ),
    "a list in a list": (
        'lambda-handlers = [["app.run"]]',
        "lambda-handlers: `['app.run']` is no text; write a list of texts",
    ),
    "a date for a list": (
        "lambda-templates = 2026-11-30",
        "lambda-templates: `2026-11-30` is no text; write a list of texts",
    ),
    "a table for a list": (
        'lambda-templates = {a = "b"}',
        "lambda-templates: `{'a': 'b'}` is no text; write a list of texts",
    ),
    "a pattern of a list is looked at": (
        'lambda-handlers = ["app.run", "run"]',
        "lambda-handlers: `run` names no function; "
        "write a module path, a dot and a function",
    ),
    "a time for a date": (
        "lambda-as-of = 2026-11-30T12:00:00",
        "lambda-as-of: `2026-11-30 12:00:00` is no date; write it as 2026-11-30",
    ),
    "a year for a date": (
        "lambda-as-of = 2026",
        "lambda-as-of: `2026` is no date; write it as 2026-11-30",
    ),
    "a list for a date": (
        "lambda-as-of = [2026-11-30]",
        "lambda-as-of: `[datetime.date(2026, 11, 30)]` is no date; "
        "write it as 2026-11-30",
    ),
    "a truth for a number": (
        "lambda-deprecation-horizon = true",
        "lambda-deprecation-horizon: `True` is no number of days from 0 to 3650",
    ),
    "a list for a number": (
        "lambda-deprecation-horizon = [90]",
        "lambda-deprecation-horizon: `[90]` is no number of days from 0 to 3650",
    ),
}


def files(section):
    return {"pyproject.toml": f"[tool.flake8]\n{section}\n", **FILES}


def starts(done):
    assert done.stderr == ""
    lines = [line.removeprefix("./") for line in done.stdout.splitlines()]
    return sorted(" ".join(line.split(" ")[:2]) for line in lines)


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.parametrize(("section", "expected"), GOOD.values(), ids=GOOD)
def test_flake8_takes_what_toml_holds(section, expected, jobs):
    with project(files(section)) as folder:
        assert starts(run("flake8", "--select=LMB", jobs, cwd=folder)) == expected


@pytest.mark.parametrize(("section", "expected"), GOOD.values(), ids=GOOD)
def test_check_takes_the_same(section, expected):
    with project(files(section)) as folder:
        done = run("flake8_lambda_handler", "check", "-q", "--select=LMB1", cwd=folder)
        assert starts(done) == [one for one in expected if NEAR not in one]


@pytest.mark.parametrize(("section", "message"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_one_line(section, message):
    with project(files(section)) as folder:
        theirs = run("flake8", "--select=LMB", cwd=folder)
        ours = run("flake8_lambda_handler", "check", cwd=folder)
    assert (theirs.returncode, theirs.stderr) == (1, "")
    assert theirs.stdout.splitlines()[1:] == [message]
    assert (ours.returncode, ours.stdout) == (2, "")
    assert ours.stderr == f"flake8-lambda-handler: error: {message}\n"


def check(*arguments, cwd):
    done = run("flake8_lambda_handler", "check", "-q", *arguments, cwd=cwd)
    return done.returncode, done.stderr.removeprefix("flake8-lambda-handler: error: ")


def test_unknown_key_names_the_file_and_the_nearest_key():
    with project(files('lambda-handler = ["app.run"]')) as folder:
        assert check(cwd=folder) == (
            2,
            "pyproject.toml: unknown key `lambda-handler` in [tool.flake8]; "
            "did you mean `lambda-handlers`?\n",
        )


def test_file_that_is_no_toml_is_one_line():
    with project(files("lambda-handlers = [")) as folder:
        code, error = check(cwd=folder)
    assert code == 2
    assert error.startswith("pyproject.toml: ") and error.count("\n") == 1


ELSEWHERE = {
    "the section takes the place of other files": ([], 1),
    "not of a file that is named": (["--config=setup.cfg"], 0),
    "isolated": (["--isolated"], 0),
}


@pytest.mark.parametrize(("arguments", "code"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_which_file_counts(arguments, code):
    texts = {"setup.cfg": "[flake8]\nselect = LMB5\n"}
    with project({**files('lambda-handlers = ["app.run"]'), **texts}) as folder:
        assert check(*arguments, cwd=folder) == (code, "")


def test_pyproject_without_the_section_is_nothing():
    texts = {"pyproject.toml": "[tool.other]\nx = [1]\n", "setup.cfg": "[flake8]\n"}
    with project({**FILES, **texts}) as folder:
        assert check("--lambda-handlers=app.run", cwd=folder) == (1, "")
