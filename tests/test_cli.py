"""The command, in process where that shows the same as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support import project
from support import run

from flake8_lambda_handler import __version__
from flake8_lambda_handler import cli
from flake8_lambda_handler import engine
from flake8_lambda_handler import runtimes

pytestmark = pytest.mark.usefixtures("with_and_without_git")

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: orders.main
      Runtime: python3.9
"""
ORDERS = "async def main(event, context):\n    return {}\n"
ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
SYNC = "def lambda_handler(event, context):\n    return {}\n"
FILES = {"template.yaml": TEMPLATE, "src/orders.py": ORDERS}

MESSAGE_101 = (
    "LMB101 handler `{}` is `async def`; Lambda does not await it, so its body never "
    "runs and the call ends in Runtime.MarshalError; use `asyncio.run(...)` in a `def`"
)
ORDERS_101 = "src/orders.py:1:1: " + MESSAGE_101.format("main")


@pytest.fixture
def command(capsys):
    """Run the command; give its exit code and what it prints."""

    def run_command(*arguments: str) -> tuple[int, list[str], str]:
        try:
            code = cli.main(arguments)
        except SystemExit as stopped:  # argparse
            code = stopped.code
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return run_command


@pytest.fixture
def check(command):
    """Run `check` as of a fixed day; give the lines, and hold the exit code to them."""

    def run_check(*arguments: str) -> list[str]:
        code, lines, err = command(
            "check", "--quiet", "--lambda-as-of=2026-11-20", *arguments
        )
        assert err == ""
        assert code == int(bool(lines))
        return lines

    return run_check


def starts(lines: list[str]) -> list[str]:
    return [" ".join(line.split(" ")[:2]) for line in lines]


# check: what is found, and where it stands


def test_python_and_templates_together(check):
    with project(FILES):
        found = check()
    assert found[0] == ORDERS_101
    assert found[1].startswith("template.yaml:9:16: LMB501 ")
    assert "`python3.9`" in found[1]
    assert len(found) == 2


@pytest.mark.parametrize(
    "paths", [["."], ["src", "template.yaml"], ["./src/orders.py", "./template.yaml"]]
)
def test_paths_give_the_same_lines(check, paths):
    with project(FILES):
        assert starts(check(*paths)) == [
            "src/orders.py:1:1: LMB101",
            "template.yaml:9:16: LMB501",
        ]


def test_python_file_alone_is_judged_by_its_template(check):
    with project(FILES):
        assert check("src/orders.py") == [ORDERS_101]


def test_template_alone(check):
    with project(FILES):
        assert starts(check("template.yaml")) == ["template.yaml:9:16: LMB501"]


def test_file_named_twice_is_reported_once(check):
    with project(FILES) as folder:
        twice = ["src/orders.py", "./src/orders.py", "src", str(folder / "src"), "."]
        assert len(check(*twice)) == 2


def test_shared_place_is_reported_once_and_where_it_is(check):
    files = {
        "main.tf": 'resource "aws_lambda_function" "a" {\n  handler = "app.main"\n'
        "  runtime = var.runtime\n}\n",
        "variables.tf": 'variable "runtime" {\n  default = "python3.9"\n}\n',
    }
    expected = ["variables.tf:2:14: LMB501"]
    with project(files):
        for paths in (
            ["."],
            ["main.tf"],
            ["variables.tf"],
            ["variables.tf", "main.tf"],
        ):
            assert starts(check(*paths)) == expected


def test_findings_are_sorted(check):
    text = f"{SYNC}\n\n{ASYNC}"
    files = {"b.py": ASYNC, "a.py": text, "A.py": ASYNC, "template.yaml": TEMPLATE}
    with project(files):
        found = [line.split(" ")[0] for line in check("template.yaml", "b.py", ".")]
    assert found == ["A.py:1:1:", "a.py:5:1:", "b.py:1:1:", "template.yaml:9:16:"]


def test_paths_above_and_absolute(check):
    with project({"src/app.py": ASYNC, "ops/x.txt": ""}) as folder:
        os.chdir("ops")
        assert starts(check("../src")) == ["../src/app.py:1:1: LMB101"]
        assert starts(check(str(folder / "src"))) == [
            f"{folder}/src/app.py:1:1: LMB101"
        ]


# check: which files are read


def test_generated_folders_are_not_walked_into(check):
    names = [
        ".pytest_cache/x/",
        ".aws-sam/build/",
        "cdk.out/asset/",
        ".serverless/",
        ".terraform/modules/",
        "node_modules/serverless/",
        ".venv/lib/",
        "site-packages/",
        "x.egg-info/",
        "__pycache__/",
    ]
    files = {f"{name}{path}": text for name in names for path, text in FILES.items()}
    files["environment/pyvenv.cfg"] = ""
    files["environment/lib/app.py"] = ASYNC
    with project(files):
        assert check() == []


def test_generated_folder_that_is_named_is_read(check):
    with project({f"cdk.out/{path}": text for path, text in FILES.items()}):
        assert starts(check("cdk.out")) == [
            "cdk.out/src/orders.py:1:1: LMB101",
            "cdk.out/template.yaml:9:16: LMB501",
        ]
        assert len(check("cdk.out/template.yaml")) == 1


def test_synthesised_templates_lead_to_their_assets(check):
    function = """\
{"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {
  "Code": {"S3Key": "0a.zip"}, "Handler": "orders.main", "Runtime": "python3.9"}}}}
"""
    built = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: A, Handler: orders.main, Runtime: python3.13}
"""
    files = {
        "cdk.out/Shop.template.json": function,
        "cdk.out/Shop.assets.json": '{"files": {"0a": {"source": {"path": "asset.0a"}}}}',
        "cdk.out/asset.0a/orders.py": "async def main(event, context): ...\n",
        ".aws-sam/build/template.yaml": built,
        ".aws-sam/build/A/orders.py": "async def main(event, context): ...\n",
    }
    with project(files):
        assert check() == []
        assert starts(check("cdk.out")) == [
            "cdk.out/Shop.template.json:2:70: LMB501",
            "cdk.out/asset.0a/orders.py:1:1: LMB101",
        ]
        assert starts(check(".aws-sam/build")) == [
            ".aws-sam/build/A/orders.py:1:1: LMB101"
        ]


def test_excluded_files_are_excluded_as_by_flake8(check):
    files = {"setup.cfg": "[flake8]\nextend-exclude = src,*.yaml\n", **FILES}
    with project(files):
        assert check() == []
        assert check("template.yaml") == []
        assert check("src/orders.py") == [ORDERS_101]
        assert len(check("--extend-exclude=", "src/orders.py")) == 1
        assert len(check("--extend-exclude=orders.py", "src", "template.yaml")) == 1


def test_filename_patterns_as_by_flake8(check):
    with project({"app.py": ASYNC, "script": ASYNC, "app.txt": ASYNC}):
        assert starts(check("--filename=script,*.txt")) == [
            "app.txt:1:1: LMB101",
            "script:1:1: LMB101",
        ]


def test_named_files_of_other_kinds(check):
    files = {
        "run": f"#!/usr/bin/env python3\n{ASYNC}",
        "app.pyw": ASYNC,
        "notes.md": ASYNC,
        "data.bin": "\0",
        "Makefile": ASYNC,
    }
    with project(files):
        assert starts(check(*files)) == [
            "app.pyw:1:1: LMB101",
            "run:2:1: LMB101",
        ]


def test_yaml_that_is_no_template_is_silent(check):
    files = {
        "compose.yaml": "services:\n  web:\n    image: python:3.9\n",
        ".github/workflows/ci.yml": "jobs:\n  test:\n    python: [3.9]\n",
        "deploy.json": '{"kind": "Deployment", "runtime": "python3.9"}\n',
        "package.json": '{"name": "x"}\n',
        "vpc.tf": 'resource "aws_vpc" "main" {}\n',
    }
    with project(files):
        assert check() == []
        assert check(*files) == []


def test_standard_input(command, monkeypatch):
    with project(FILES) as folder:
        found = run(
            "flake8_lambda_handler",
            "check",
            "--stdin-display-name=src/orders.py",
            "-",
            cwd=folder,
            stdin=f"\n{ORDERS}",
        )
    assert found.stdout == ORDERS_101.replace(":1:1:", ":2:1:") + "\n"
    assert found.returncode == 1


#: Display name and text of a template, and what is found.
ON_STDIN = {
    "SAM": ("template.yaml", TEMPLATE, ["template.yaml:9:16: LMB501"]),
    "in a folder": ("./ops/new/sam.yml", TEMPLATE, ["./ops/new/sam.yml:9:16: LMB501"]),
    "Terraform": (
        "infra/main.tf",
        'resource "aws_lambda_function" "a" {\n  handler = "a.b"\n'
        "  runtime = var.old\n}\n",
        ["infra/old.tf:1:29: LMB501"],
    ),
    "broken": ("a.yaml", f"{TEMPLATE}  x: [\n", ["a.yaml:11:1: LMB001"]),
    "a comment": ("a.yaml", TEMPLATE.replace("n3.9", "n3.9  # noqa: LMB501"), []),
    "a comment for the file": ("a.yaml", f"# flake8: noqa\n{TEMPLATE}", []),
    "no template": ("values.yaml", "a: [\n", []),
    "excluded": ("old.yaml", TEMPLATE, []),
}


@pytest.mark.parametrize(("name", "text", "expected"), ON_STDIN.values(), ids=ON_STDIN)
def test_template_on_standard_input(name, text, expected):
    files = {
        # What is on the disk does not count.
        "template.yaml": TEMPLATE.replace("python3.9", "python3.8"),
        "a.yaml": "",
        "infra/main.tf": "",
        "infra/old.tf": 'variable "old" { default = "python3.9" }\n',
        "setup.cfg": "[flake8]\nextend-exclude = old.yaml\nlambda-as-of = 2026-11-20\n",
    }
    with project(files) as folder:
        found = run(
            "flake8_lambda_handler",
            "check",
            "--quiet",
            "-",
            f"--stdin-display-name={name}",
            cwd=folder,
            stdin=text,
        )
    assert starts(found.stdout.splitlines()) == expected
    assert (found.stderr, found.returncode) == ("", int(bool(expected)))


# check: settings that mean nothing


CONFIGURED = {
    "src/orders/app.py": SYNC,
    "src/users.py": "from impl import main\n",
    "src/all.py": "from impl import *\n",
    "impl.py": SYNC.replace("lambda_handler", "main"),
    "broken.py": "def x(:\n",
}
#: Patterns, and the one that is refused with what was meant.
UNMATCHED = {
    "module": ("src/orderz/app.lambda_handler", "src/orders/app.lambda_handler"),
    "function": ("src/orders/app.lambdahandler", "src/orders/app.lambda_handler"),
    "dots": ("orders.app.lambda_handler", "src/orders/app.lambda_handler"),
    "glob": ("source/*.lambda_handler", "src/orders/app.lambda_handler"),
    "the second": ("impl.main,impl.mian", "impl.main"),
}
MATCHED = {
    "module": "src/orders/app.lambda_handler",
    "dots": "src.orders.app.lambda_handler",
    "glob": "*.lambda_*",
    "import": "src/users.main",
    "import of everything": "src/all.main",
    "what cannot be parsed may hold it": "broken.lambda_handler",
    "several": "impl.main, */app.lambda_handler",
    "any module": "*.lambda_handler,*.handler",
    "any folder": "**/*.handler",
    "any folder and name": "*/*.on_*",
}
PATHS = {"all": ["."], "one file": ["impl.py"], "a template": ["template.yaml"]}


@pytest.mark.parametrize("paths", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize(("patterns", "meant"), UNMATCHED.values(), ids=UNMATCHED)
def test_pattern_that_matches_nothing(command, patterns, meant, paths):
    configuration = {"setup.cfg": f"[flake8]\nlambda-handlers = {patterns}\n"}
    with project({**CONFIGURED, **FILES, **configuration}):
        assert command("check", *paths) == (
            2,
            [],
            "flake8-lambda-handler: error: lambda-handlers: "
            f"`{patterns.rpartition(',')[2]}` matches no function below the "
            f"configuration file's folder; did you mean `{meant}`?\n",
        )


@pytest.mark.parametrize("paths", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("patterns", MATCHED.values(), ids=MATCHED)
def test_pattern_that_matches(command, patterns, paths):
    configuration = {"setup.cfg": f"[flake8]\nlambda-handlers = {patterns}\n"}
    with project({**CONFIGURED, **FILES, **configuration}):
        code, _, err = command("check", "--quiet", "--exit-zero", *paths)
    assert (code, err) == (0, "")


def test_pattern_may_match_what_is_not_saved_yet():
    with project(CONFIGURED) as folder:
        done = run(
            "flake8_lambda_handler",
            "check",
            "--quiet",
            "-",
            "--stdin-display-name=src/new.py",
            "--lambda-handlers=src/new.lambda_handler",
            cwd=folder,
            stdin=ASYNC,
        )
    assert done.stdout.startswith("src/new.py:1:1: LMB101 ")
    assert (done.stderr, done.returncode) == ("", 1)


def test_pattern_where_there_is_no_project(command, monkeypatch):
    with project({"app.py": "", "src/app.py": ""}) as folder:
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("USERPROFILE", str(folder))
        found = command(
            "check", "--quiet", "app.py", "--lambda-handlers=src/orders.main"
        )
    assert found == (0, [], "")


def test_pattern_in_a_project_without_python(command):
    with project({"template.yaml": TEMPLATE}):
        code, lines, err = command("check", "--lambda-handlers=app.main")
    assert (code, lines) == (2, [])
    assert err.endswith("matches no function below the configuration file's folder\n")


UNKNOWN_CODES = {
    "--select=LMB999": "select: there is no rule `LMB999`; did you mean `LMB5",
    "--select=E9,LMB1O1": "select: there is no rule `LMB1O1`; did you mean `LMB101`?",
    "--extend-select=LMB6": "extend-select: there is no rule `LMB6`; did you mean `LMB",
    "--ignore=LMB110": "ignore: there is no rule `LMB110`; did you mean `LMB10",
    "--extend-ignore=LMB00": "",
    "--extend-ignore=LMB02": "extend-ignore: there is no rule `LMB02`; did you mean",
    "--per-file-ignores=a.py:E1,LMB111": "per-file-ignores: there is no rule `LMB111`",
    "--select=LMB,E9,F": "",
    "--ignore=LMB5,LMB101": "",
    "--extend-select=ABC123": "",
    "--per-file-ignores=a.py:LMB1,LMB404 b.py:E": "",
}


@pytest.mark.parametrize(("argument", "message"), UNKNOWN_CODES.items())
def test_codes_that_no_rule_has(command, argument, message):
    key, _, value = argument.removeprefix("--").partition("=")
    for configuration, arguments in (
        ({}, [argument]),
        ({".flake8": f"[flake8]\n{key} = {value}\n"}, []),
    ):
        with project({"a.py": "", **configuration}):
            code, lines, err = command("check", "--quiet", *arguments)
        assert (code, lines) == (2 if message else 0, [])
        assert err.startswith(
            f"flake8-lambda-handler: error: {message}" if message else ""
        )
        assert err.count("\n") == bool(message)


#: Configuration files, and the error; none where flake8 has nothing to read.
PARSED = {
    "no section": (
        {".flake8": "select = LMB\n"},
        ".flake8:1: is no line of a configuration; "
        "write `key = value` below `[flake8]`",
    ),
    "no key": (
        {".flake8": "[flake8]\n\n= LMB\n"},
        ".flake8:3: is no line of a configuration; "
        "write `key = value` below `[flake8]`",
    ),
    "in setup.cfg": (
        {"setup.cfg": "[flake8]\nselect LMB\n"},
        "setup.cfg:2: is no line of a configuration; "
        "write `key = value` below `[flake8]`",
    ),
    "no text": (
        {".flake8": "[flake8]\nselect = LMB \udcff\n"},
        ".flake8: is not UTF-8 text",
    ),
    "not flake8's": ({"tox.ini": "envlist\n"}, ""),
    "behind one that counts": (
        {"setup.cfg": "[flake8]\n", ".flake8": "select = LMB\n"},
        "",
    ),
    "whole": ({".flake8": "[flake8]\nselect = LMB\n"}, ""),
}


@pytest.mark.parametrize("below", [".", "deep"])
@pytest.mark.parametrize(("files", "message"), PARSED.values(), ids=PARSED)
def test_configuration_that_cannot_be_parsed(command, files, message, below):
    with project({"deep/a.py": ""}) as folder:
        for name, text in files.items():
            (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        os.chdir(below)
        code, lines, err = command("check", "--quiet")
        alone = command("check", "--quiet", "--isolated")
    assert (code, lines) == (2 if message else 0, [])
    up = "" if below == "." else "../"
    expected = f"flake8-lambda-handler: error: {up}{message}\n" if message else ""
    assert err == expected
    assert alone == (0, [], "")


# check: selection, by flake8's own rules


SELECTION = {
    "everything": ("", [], ["LMB101", "LMB501"]),
    "select": ("select = LMB5", [], ["LMB501"]),
    "select of others": ("select = E,W", [], []),
    "ignore": ("ignore = LMB101", [], ["LMB501"]),
    "extend-ignore": ("extend-ignore = LMB5", [], ["LMB101"]),
    "the longest prefix wins": (
        "select = LMB101,LMB5\nignore = LMB1,LMB501",
        [],
        ["LMB101"],
    ),
    "per-file-ignores": (
        "per-file-ignores =\n  src/*: LMB1\n  template.yaml: LMB501",
        [],
        [],
    ),
    "arguments before configuration": (
        "select = LMB5",
        ["--select=LMB1"],
        ["LMB101"],
    ),
    "arguments": ("", ["--extend-ignore=LMB101"], ["LMB501"]),
    "another configuration": ("select = LMB5", ["--isolated"], ["LMB101", "LMB501"]),
}


@pytest.mark.parametrize(
    ("section", "arguments", "left"), SELECTION.values(), ids=SELECTION
)
def test_selection(check, section, arguments, left):
    with project({"setup.cfg": f"[flake8]\n{section}\n", **FILES}):
        assert [line.split(" ")[1] for line in check(*arguments)] == left


NOQA = {
    "# noqa": [],
    "# noqa: LMB101,LMB501": [],
    "# noqa: LMB101": ["LMB501"],
    "# NOQA:LMB501": ["LMB101"],
    "# noqa: LMB": [],
    "# noqa: E501": ["LMB101", "LMB501"],
}


@pytest.mark.parametrize(("comment", "left"), NOQA.items())
def test_noqa_in_python_and_templates(check, comment, left):
    files = {
        "src/orders.py": ORDERS.replace("):", f"):  {comment}"),
        "template.yaml": TEMPLATE.replace("n3.9", f"n3.9  {comment}"),
    }
    with project(files):
        assert [line.split(" ")[1] for line in check()] == left
        assert len(check("--disable-noqa")) == 2


def test_noqa_for_a_file(check):
    files = {path: f"# flake8: noqa\n{text}" for path, text in FILES.items()}
    with project(files):
        assert check() == []
        assert len(check("--disable-noqa")) == 2


# check: files that cannot be read


def test_files_that_cannot_be_read_are_findings_and_the_run_goes_on(check):
    files = {
        "app.py": ASYNC,
        "syntax.py": "def x(:\n",
        "nul.py": "x = '\0'\n",
        "broken.yaml": f"{TEMPLATE}  x: [\n",
    }
    with project(files) as folder:
        (folder / "utf16.py").write_bytes("x = 1\n".encode("utf-16"))
        (folder / "dangling.py").symlink_to("nowhere.py")
        (folder / "loop.py").symlink_to("loop.py")
        (folder / "template.yaml").mkdir()
        found = starts(check(".", "missing.py", "missing", "missing.yaml"))
    places = [(line.partition(":")[0], line.split(" ")[1]) for line in found]
    assert places == [
        ("app.py", "LMB101"),
        ("broken.yaml", "LMB001"),
        ("dangling.py", "E902"),
        ("loop.py", "E902"),
        ("missing", "E902"),
        ("missing.py", "E902"),
        ("missing.yaml", "LMB001"),
        ("nul.py", "E999"),
        ("syntax.py", "E999"),
        ("template.yaml", "LMB001"),
        ("utf16.py", "E999"),
    ]


def test_syntax_error_stands_where_flake8_puts_it(check):
    files = {"a.py": "def x(:\n", "b.py": "x = (\n", "c.py": "if 1:\nx = 'é' 1\n"}
    with project(files) as folder:
        theirs = run("flake8", "--select=E9", "--isolated", cwd=folder).stdout
        assert check() == [line.removeprefix("./") for line in theirs.splitlines()]


def test_brackets_nested_beyond_the_parser(check):
    with project({"deep.py": "[" * 100_000, "minus.py": "-" * 200_000 + "1"}):
        assert [line.split(" ")[1] for line in check()] == ["E999", "E999"]


HOSTILE = {
    "aliases.yaml": TEMPLATE
    + "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefghi", "bcdefghij")
    ),
    "documents.yaml": f"{TEMPLATE}---\n{TEMPLATE}",
    "keys.yaml": f"{TEMPLATE}      Runtime: python3.9\n",
    "nested.json": '{"Resources": {"A": {"Type": "AWS::Lambda::Function", '
    '"Properties": {"Runtime": ' + "[" * 100_000,
    "nested.tf": 'resource "aws_lambda_function" "a" {\n  a = ' + "[" * 100_000,
    "nested.yaml": f"{TEMPLATE}a: " + "[" * 100_000,
    "nul.yaml": f"{TEMPLATE}\0",
    "tags.yaml": f"{TEMPLATE}a: !Unknown [!Sub x]\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_template_does_not_stop_the_run(check, name):
    with project({name: HOSTILE[name], "zoo.py": ASYNC}):
        *found, last = check()
    assert last.startswith("zoo.py:1:1: LMB101 ")
    assert found and all(line.startswith(f"{name}:") for line in found)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads all")
def test_unreadable_folder_is_a_finding(check):
    with project({"closed/app.py": ASYNC}) as folder:
        (folder / "closed").chmod(0)
        found = starts(check())
        (folder / "closed").chmod(0o700)
    assert found == ["closed:0:1: E902"]


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_pipe_in_a_folder_does_not_block(check):
    with project({"app.py": ASYNC}) as folder:
        os.mkfifo(folder / "template.yaml")
        assert len(check()) == 1


def test_warnings_about_checked_code_are_not_shown():
    with project({"app.py": "x = '\\d' is 'd'\n"}) as folder:
        result = run("flake8_lambda_handler", "check", "-q", cwd=folder)
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)


def test_name_that_is_no_text():
    with project({}) as folder:
        try:
            Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text(ASYNC)
        except OSError:
            pytest.skip("the file system takes text only")
        for encoding in ("ascii", "utf-8"):
            result = run(
                "flake8_lambda_handler",
                "check",
                "-q",
                cwd=folder,
                PYTHONIOENCODING=encoding,
            )
            assert result.stdout.endswith(
                ".py:1:1: " + MESSAGE_101.format("lambda_handler") + "\n"
            )
            assert result.stderr == ""


# exit codes and streams


def test_exit_zero(command):
    with project(FILES):
        code, lines, _ = command("check", "--exit-zero", "src")
    assert code == 0
    assert lines == [ORDERS_101]


def test_without_a_command_the_usage_is_shown(command):
    code, lines, err = command()
    assert code == 2
    assert lines == []
    assert "usage: flake8-lambda-handler" in err


def test_unknown_option(command):
    code, _, err = command("check", "--fix-all")
    assert code == 2
    assert "unrecognized arguments: --fix-all" in err


def test_version(command):
    assert command("--version") == (0, [__version__], "")


@pytest.mark.parametrize(
    "name", ["check", "handlers", "explain", "runtimes", "migrate"]
)
def test_help(command, name):
    code, lines, _ = command(name, "--help")
    assert code == 0
    assert lines[0].startswith(f"usage: flake8-lambda-handler {name} ")


def test_module_and_script_are_one_command():
    with project(FILES) as folder:
        script = Path(sys.executable).with_name("flake8-lambda-handler")
        by_script = subprocess.run(
            [script, "check", "src"], cwd=folder, capture_output=True, text=True
        )
        by_module = run("flake8_lambda_handler", "check", "src", cwd=folder)
    assert by_script.stdout == by_module.stdout == ORDERS_101 + "\n"
    assert by_script.returncode == by_module.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
def test_reader_that_goes_away_gets_no_traceback():
    with project({f"app{i}.py": ASYNC for i in range(2000)}) as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "flake8_lambda_handler", "check"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(60) == 1


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_interrupt_gets_no_traceback():
    process = subprocess.Popen(
        [sys.executable, "-m", "flake8_lambda_handler", "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # A test run in the background of a shell hands on that SIGINT is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    # The command reads: it takes more than a pipe holds.
    process.stdin.write(b"#" * 200_000 + b"\n")
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out, err) == (b"", b"flake8-lambda-handler: interrupted\n")
    assert process.returncode == 130


# handlers


def test_handlers_as_text(command):
    with project({**FILES, "app.py": SYNC}):
        code, lines, err = command("handlers")
    assert (code, err) == (0, "")
    assert lines[0].startswith("app.py:1:1: lambda_handler (name: ")
    assert lines[1].startswith("src/orders.py:1:1: main (template: ")
    assert "template.yaml" in lines[1]
    assert lines[1].endswith(", python3.9)")


def test_handlers_as_json(command):
    with project(FILES):
        code, lines, _ = command("handlers", "--format=json", "src/orders.py")
    (handler,) = json.loads("\n".join(lines))
    assert code == 0
    assert handler.pop("evidence")["kind"] == "template"
    assert handler == {
        "path": "src/orders.py",
        "line": 1,
        "column": 1,
        "name": "main",
        "runtimes": ["python3.9"],
        "unknown": [],
    }


#: A decorator, and whether it is unknown what it makes of an async handler.
DECORATORS = {
    "a package outside": ("from vendor import sync\n@sync\n", ["sync"]),
    "a method of one": ("import vendor\n@vendor.api.sync(1)\n", ["vendor.api.sync"]),
    "two of them": ("from vendor import a, b\n@a\n@b\n", ["a", "b"]),
    "below Powertools": (
        "from aws_lambda_powertools import Tracer\nfrom vendor import sync\n"
        "tracer = Tracer()\n@tracer.capture_lambda_handler\n@sync\n",
        ["sync"],
    ),
    "none": ("", []),
    "Powertools": (
        "from aws_lambda_powertools import Tracer\ntracer = Tracer()\n"
        "@tracer.capture_lambda_handler\n",
        [],
    ),
    "one of the project": ("def same(f):\n    return f\n@same\n", []),
    "one that runs it": (
        "from asgiref.sync import async_to_sync\n@async_to_sync\n",
        [],
    ),
}


@pytest.mark.parametrize("declared", [True, False], ids=["by template", "by name"])
@pytest.mark.parametrize(("head", "unknown"), DECORATORS.values(), ids=DECORATORS)
def test_handlers_says_which_decorators_are_unknown(command, head, unknown, declared):
    files = {"app.py": head + ASYNC}
    if declared:
        sam = TEMPLATE.replace("orders.main", "app.lambda_handler")
        files["template.yaml"] = sam.replace("CodeUri: src", "CodeUri: .")
    with project(files):
        code, lines, err = command("handlers")
        assert (code, err) == (0, "")
        assert [line.split(" (")[0].split()[-1] for line in lines] == ["lambda_handler"]
        for name in unknown:
            assert f"; unknown: `{name}`" in lines[0]
        assert ("unknown" in lines[0]) == bool(unknown)
        if unknown:
            code, _, err = command("migrate")
            assert code == 3
            assert f"has a decorator `{unknown[0]}` of unknown effect" in err


def test_handlers_by_setting(command):
    with project({"jobs/a.py": ASYNC, "jobs/b.py": SYNC}):
        code, lines, _ = command("handlers", "--lambda-handlers=jobs/b.lambda_handler")
    assert code == 0
    assert len(lines) == 1
    assert lines[0].startswith("jobs/b.py:1:1: lambda_handler (setting: ")
    assert "jobs/b.lambda_handler" in lines[0]


@pytest.mark.parametrize(("patterns", "meant"), UNMATCHED.values(), ids=UNMATCHED)
def test_handlers_warns_of_a_pattern_that_matches_nothing(command, patterns, meant):
    configuration = {"setup.cfg": f"[flake8]\nlambda-handlers = {patterns}\n"}
    del (files := {**CONFIGURED, **configuration})["broken.py"]
    with project(files):
        code, _, err = command("handlers")
    assert (code, err) == (
        0,
        "flake8-lambda-handler: warning: lambda-handlers: "
        f"`{patterns.rpartition(',')[2]}` matches no function below the "
        f"configuration file's folder; did you mean `{meant}`?\n",
    )


@pytest.mark.parametrize("patterns", MATCHED.values(), ids=MATCHED)
def test_handlers_does_not_warn_of_a_pattern_that_matches(command, patterns):
    configuration = {"setup.cfg": f"[flake8]\nlambda-handlers = {patterns}\n"}
    with project({**CONFIGURED, **configuration}):
        _, _, err = command("handlers")
    assert "warning" not in err


def test_no_handlers(command):
    with project({"a.py": "x = 1\n"}):
        assert command("handlers") == (0, [], "")
        assert command("handlers", "--format=json") == (0, ["[]"], "")


def test_handlers_of_a_file_that_cannot_be_read(command):
    with project({"a.py": "def x(:\n", "b.py": SYNC}):
        code, lines, err = command("handlers", "a.py", "b.py", "c.py")
    assert code == 1
    assert len(lines) == 1
    assert [line.split(" ")[1] for line in err.splitlines()] == ["E999", "E902"]


#: Files, paths, and the template that cannot be read.
UNREAD = {
    "beside the code": ({"template.yaml": "a: [\n"}, [], "template.yaml:2:1"),
    "above a file that is named": (
        {"template.yaml": "a: [\n"},
        ["src/orders.py"],
        "template.yaml:2:1",
    ),
    "in a folder of infrastructure": (
        {"infra/x.yaml": f"{TEMPLATE}  x: [\n"},
        ["src"],
        "infra/x.yaml:11:1",
    ),
    "away from the code": (
        {"a/b/c/template.json": "{"},
        [],
        "a/b/c/template.json:1:2",
    ),
    "in part": (
        {"template.yaml": f"{TEMPLATE}---\na: b: c\n"},
        [],
        "template.yaml:11:5",
    ),
}
READ = {
    "whole": ({"template.yaml": TEMPLATE}, []),
    "no template": ({"values.yaml": "a: [\n"}, []),
    "excluded": ({"infra/x.yaml": f"{TEMPLATE}  x: [\n"}, ["--exclude=infra"]),
    "beside other code": ({"a/b/c/template.json": "{"}, ["src"]),
}


@pytest.mark.parametrize(("files", "paths", "place"), UNREAD.values(), ids=UNREAD)
def test_handlers_and_migrate_tell_of_templates_they_cannot_read(
    command, files, paths, place
):
    with project({"src/orders.py": SYNC, **files}):
        code, _, err = command("handlers", *paths)
        assert err.startswith(f"{place}: LMB001 template is not valid ")
        assert (code, err.count("\n")) == (1, 1)
        code, lines, err = command("migrate", *paths)
        line, summary = err.splitlines()
        assert line.startswith(f"{place.rpartition(':')[0]}: template is not valid ")
        assert (code, lines, summary) == (3, [], "0 files rewritten, 1 file unread")


@pytest.mark.parametrize(("files", "arguments"), READ.values(), ids=READ)
def test_handlers_and_migrate_say_nothing_of_templates(command, files, arguments):
    with project({"src/orders.py": SYNC, **files}):
        code, _, err = command("handlers", *arguments)
        assert (code, err) == (0, "")
        code, _, err = command("migrate", *arguments)
        assert (code, err) == (0, "0 files rewritten\n")


def test_runtimes_move_beside_a_template_that_cannot_be_read(command):
    files = {"template.yaml": TEMPLATE, "infra/template.yaml": "a: ["}
    with project(files) as folder:
        arguments = ["--fix=LMB501", "--runtime=python3.14"]
        code, _, err = command("migrate", "--lambda-as-of=2026-11-20", *arguments)
        assert "python3.14" in (folder / "template.yaml").read_text()
    assert code == 3
    assert err.count("infra/template.yaml:1: template is not valid YAML") == 1


# explain


def test_explain_lists_every_rule(command):
    code, lines, err = command("explain")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in lines] == [r.CODE for r in engine.rules()]


@pytest.mark.parametrize("wanted", ["LMB101", "lmb101", "async-handler"])
def test_explain_prints_the_page(command, wanted):
    code, lines, _ = command("explain", wanted)
    assert code == 0
    assert lines[0] == "# LMB101 async-handler"
    assert "## Use instead" in lines


def test_explain_unknown_code(command):
    assert command("explain", "LMB1O1") == (
        2,
        [],
        "flake8-lambda-handler: error: explain: there is no rule `LMB1O1`; "
        "did you mean `LMB101`?\n",
    )


# runtimes


def test_runtimes_as_text(command):
    code, lines, err = command("runtimes", "--lambda-as-of=2024-01-31", "--isolated")
    assert (code, err) == (0, "")
    assert lines[0].startswith("Python runtimes on 2024-01-31; lifecycle table as of ")
    rows = {line.split()[0]: line.split() for line in lines[3:]}
    assert rows["python2.7"][1:5] == [
        "2021-07-15",
        "2021-07-15",
        "2022-05-30",
        "update-blocked",
    ]
    assert rows["python3.7"][4] == "create-blocked"
    assert rows["python3.9"][4:] == ["supported", "-"]


def test_runtimes_as_json(command):
    with project({"setup.cfg": "[flake8]\nlambda-as-of = 2021-07-16\n"}):
        code, lines, _ = command("runtimes", "--format=json")
    table = json.loads("\n".join(lines))
    assert code == 0
    assert table["as_of"] == "2021-07-16"
    assert table["table_as_of"] == runtimes.AS_OF.isoformat()
    assert table["sources"]
    assert [row["identifier"] for row in table["runtimes"]] == list(runtimes.TABLE)
    assert table["runtimes"][0] == {
        "identifier": "python2.7",
        "deprecated": "2021-07-15",
        "create_blocked": "2021-07-15",
        "update_blocked": "2022-05-30",
        "phase": "create-blocked",
        "successor": "python3.14",
    }


def test_runtimes_within_the_horizon(command):
    arguments = ["--lambda-as-of=2026-11-20", "--isolated"]
    _, near, _ = command("runtimes", *arguments)
    _, far, _ = command("runtimes", "--lambda-deprecation-horizon=365", *arguments)
    assert [line.split()[0] for line in far if line not in near] == ["python3.11"]
