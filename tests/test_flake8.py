"""The plugin through real flake8, in a process of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import project
from support import run

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
ORDERS = """\
import json


async def main(event, context):
    return {"body": json.dumps(event)}
"""
ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
SYNC = "def lambda_handler(event, context):\n    return {}\n"

ORDERS_101 = (
    "src/orders.py:4:1: LMB101 handler `main` is `async def`; Lambda does not await it, "
    "so its body never runs and the call ends in Runtime.MarshalError; use "
    "`asyncio.run(...)` in a `def`"
)
ORDERS_501 = "src/orders.py:4:1: LMB501 "
AS_OF = "--lambda-as-of=2026-11-20"

JOBS = pytest.mark.parametrize("jobs", ["-j1", "-j2"])


def flake8(*arguments: str, cwd: Path, stdin: str = "") -> list[str]:
    """Return the lines that flake8 prints, without a leading `./`."""
    result = run("flake8", "--select=LMB,E9", *arguments, cwd=cwd, stdin=stdin)
    lines = [line.removeprefix("./") for line in result.stdout.splitlines()]
    assert result.stderr == ""
    assert result.returncode == int(bool(lines)), result.stdout
    return lines


@JOBS
def test_handlers_and_runtimes_come_from_the_template(jobs):
    files = {"template.yaml": TEMPLATE, "src/orders.py": ORDERS, "src/a.py": "x = 1\n"}
    with project(files) as folder:
        found = flake8(jobs, AS_OF, cwd=folder)
    assert found[0] == ORDERS_101
    assert found[1].startswith(ORDERS_501)
    assert "`python3.9`" in found[1]
    assert found[1].endswith(" (template.yaml:9)")
    assert len(found) == 2


def test_template_is_named_from_the_current_folder():
    files = {"template.yaml": TEMPLATE, "src/orders.py": ORDERS}
    with project(files, marker=".git") as folder:
        found = flake8(AS_OF, cwd=folder / "src")
    assert [line.rpartition(" ")[2] for line in found[1:]] == ["(../template.yaml:9)"]


def test_runtime_is_judged_as_of_the_day():
    with project({"template.yaml": TEMPLATE, "src/orders.py": ORDERS}) as folder:
        assert flake8("--lambda-as-of=2024-01-01", cwd=folder) == [ORDERS_101]


def test_handlers_by_name():
    files = {"a.py": ASYNC, "b.py": SYNC, "c.py": "x = 1\n"}
    with project(files) as folder:
        assert [line[:14] for line in flake8(cwd=folder)] == ["a.py:1:1: LMB1"]


@pytest.mark.parametrize("pattern", ["jobs/nightly.run", "jobs.nightly.run", "*.run"])
def test_handlers_by_setting_in_the_configuration(pattern):
    files = {
        "setup.cfg": f"[flake8]\nlambda-handlers = {pattern}\n",
        "jobs/nightly.py": "async def run(event, context): ...\n",
        "jobs/other.py": ASYNC,
    }
    with project(files) as folder:
        assert [line.partition(" h")[0] for line in flake8(cwd=folder)] == [
            "jobs/nightly.py:1:1: LMB101"
        ]


def test_templates_by_setting():
    files = {
        "setup.cfg": "[flake8]\nlambda-templates = ops/stack/*.yaml\n",
        "ops/stack/sam.yaml": TEMPLATE.replace("src/", "../../src/"),
        "src/orders.py": ORDERS,
    }
    with project(files) as folder:
        assert flake8(AS_OF, cwd=folder)[0] == ORDERS_101


@pytest.mark.parametrize("name", ["src/orders.py", "./src/orders.py"])
def test_standard_input_stands_for_a_file(name):
    with project({"template.yaml": TEMPLATE, "src/orders.py": SYNC}) as folder:
        found = flake8(
            AS_OF, f"--stdin-display-name={name}", "-", cwd=folder, stdin=ORDERS
        )
    assert found[0] == ORDERS_101
    assert len(found) == 2


def test_standard_input_without_a_name():
    with project({}) as folder:
        found = flake8("-", cwd=folder, stdin=ASYNC)
    assert [line[:17] for line in found] == ["stdin:1:1: LMB101"]


NOQA = {
    "# noqa": [],
    "# noqa: LMB101": ["LMB501"],
    "# noqa: LMB5": ["LMB101"],
    "# noqa: LMB101,LMB501": [],
    "# noqa: E501": ["LMB101", "LMB501"],
}


@pytest.mark.parametrize(("comment", "left"), NOQA.items())
def test_noqa(comment, left):
    text = ORDERS.replace("context):", f"context):  {comment}")
    with project({"template.yaml": TEMPLATE, "src/orders.py": text}) as folder:
        assert codes(flake8(AS_OF, cwd=folder)) == left


SELECTION = {
    "select one": (["--select=LMB101"], ["LMB101"]),
    "select a family": (["--select=LMB5"], ["LMB501"]),
    "extend-ignore": (["--extend-ignore=LMB5"], ["LMB101"]),
    "ignore": (["--ignore=LMB1"], ["LMB501"]),
    "per-file-ignores": (["--per-file-ignores=src/*:LMB101"], ["LMB501"]),
    "per-file-ignores of another folder": (
        ["--per-file-ignores=lib/*:LMB"],
        ["LMB101", "LMB501"],
    ),
    "exclude": (["--exclude=src"], []),
    "disable-noqa": (["--disable-noqa"], ["LMB101", "LMB501"]),
}


@JOBS
@pytest.mark.parametrize(("arguments", "left"), SELECTION.values(), ids=SELECTION)
def test_selection(arguments, left, jobs):
    files = {"template.yaml": TEMPLATE, "src/orders.py": ORDERS, "b.py": SYNC}
    with project(files) as folder:
        assert codes(flake8(jobs, AS_OF, *arguments, cwd=folder)) == left


def test_default_selection_holds_the_plugin():
    with project({"app.py": ASYNC}) as folder:
        result = run("flake8", "app.py", cwd=folder)
    assert codes(result.stdout.splitlines()) == ["LMB101"]


def test_column_counts_characters():
    text = "ä = 'äöü'; lambda_handler = lambda event: {}\n"
    handlers = "--lambda-handlers=app.lambda_handler"
    with project({"app.py": text}) as folder:
        found = flake8(handlers, cwd=folder)
    assert [line.partition(" ")[0] for line in found] == ["app.py:1:12:"]


@JOBS
def test_bad_setting_ends_flake8_with_one_clear_message(jobs):
    files = {"setup.cfg": "[flake8]\nlambda-as-of = soon\n", "a.py": "", "b.py": ""}
    with project(files) as folder:
        result = run("flake8", jobs, cwd=folder)
    assert result.returncode == 1
    assert result.stderr == ""
    assert result.stdout == (
        "There was a critical error during execution of Flake8:\n"
        "lambda-as-of: `soon` is no date; write it as 2026-11-30\n"
    )


BROKEN = TEMPLATE + "    Tags: [\n"
TELLING = "LMB001 template is not valid YAML: "
CODE = {"a.py": SYNC, "src/a.py": "", "src/orders.py": SYNC, "test/a.py": ""}

#: Files beside `CODE`, arguments, and where the template is reported.
UNREADABLE = {
    "at the handler that its text names": (
        {"template.yaml": BROKEN},
        [],
        "src/orders.py",
    ),
    "at the first file below it": (
        {"src/template.yaml": "Resources: [\n"},
        [],
        "src/a.py",
    ),
    "in a folder of infrastructure, at the first file near it": (
        {"infra/template.yaml": "Resources: [\n"},
        [],
        "a.py",
    ),
    "a setting names it": (
        {"ops/stack/x.yaml": BROKEN},
        ["--lambda-templates=ops/stack/*.yaml"],
        "a.py",
    ),
    "a setting names it, at the handler": (
        {
            "ops/.git/x": "",
            "ops/x.yaml": f"{TEMPLATE}---\na: b: c\n",
            "src/orders.py": "def main(event, context): ...\n",
        },
        ["--lambda-templates=ops/x.yaml", "--extend-ignore=LMB5"],
        "src/orders.py",
    ),
    "at the first of the files that are checked": (
        {"template.yaml": BROKEN},
        ["test", "src/a.py"],
        "src/a.py",
    ),
    "at the first that is not excluded": (
        {"template.yaml": BROKEN},
        ["--extend-exclude=orders.py,a.py,x.py", "."],
        "z.py",
    ),
    "where a whole document says who the handler is": (
        {"template.yaml": f"{TEMPLATE}---\na: b: c\n"},
        ["--extend-ignore=LMB5,LMB104"],
        "src/orders.py",
    ),
    "at standard input": (
        {"template.yaml": BROKEN},
        ["--stdin-display-name=src/a.py", "-"],
        "src/a.py",
    ),
}
#: What says nothing.
READABLE = {
    "it is whole": ({"template.yaml": TEMPLATE}, ["--extend-ignore=LMB5,LMB104"]),
    "it is no template": ({"values.yaml": "a: [\n"}, []),
    "it is excluded": ({"template.yaml": BROKEN}, ["--extend-exclude=template.yaml"]),
    "its folder is excluded": ({"infra/sam.yaml": BROKEN}, ["--extend-exclude=infra"]),
    "the code is ignored": ({"template.yaml": BROKEN}, ["--extend-ignore=LMB001"]),
    "for the file": ({"template.yaml": BROKEN}, ["--per-file-ignores=src/*:LMB001"]),
    "it is beside other code": ({"other/deep/template.yaml": BROKEN}, []),
    "another language's": (
        {
            "template.yaml": "{% if x %}\n"
            + TEMPLATE.replace("python3.9", "go1.x").replace("orders.", "bootstrap.")
        },
        [],
    ),
}


@JOBS
@pytest.mark.parametrize(
    ("files", "arguments", "where"), UNREADABLE.values(), ids=UNREADABLE
)
def test_unreadable_template_is_reported_once(files, arguments, where, jobs):
    files = {**CODE, "z.py": "x = 1\n", **files}
    with project(files) as folder:
        found = flake8(jobs, AS_OF, *arguments, cwd=folder, stdin=SYNC)
    (line,) = found
    (template,) = (name for name in files if name.endswith(".yaml"))
    assert line.startswith(f"{where}:1:1: {TELLING}")
    assert f" ({template}:" in line


@pytest.mark.parametrize(("files", "arguments"), READABLE.values(), ids=READABLE)
def test_nothing_is_said_where(files, arguments):
    with project({**CODE, **files}) as folder:
        assert flake8(AS_OF, *arguments, cwd=folder) == []


def test_each_unreadable_template_is_reported_beside_the_rest():
    files = {"template.yaml": BROKEN, "src/sam.yaml": "a: [", "src/orders.py": ASYNC}
    with project(files) as folder:
        found = flake8(cwd=folder)
    assert codes(found) == ["LMB001", "LMB001", "LMB101"]
    assert {line.rpartition("(")[2] for line in found[:2]} == {
        "template.yaml:11)",
        "src/sam.yaml:1)",
    }


def test_files_of_a_run_are_looked_up_once(monkeypatch):
    from flake8_lambda_handler import plugin

    calls = []

    def counted(**keywords):
        calls.append(keywords)
        return expand_paths(**keywords)

    expand_paths = plugin.expand_paths
    monkeypatch.setattr(plugin, "expand_paths", counted)
    files = {"template.yaml": BROKEN, "sam.yaml": BROKEN, "src/orders.py": SYNC}
    with project(files) as folder:
        plugin.Plugin.parse_options(run_options("src"))
        path = os.path.join(folder, "src", "orders.py")
        lines = SYNC.splitlines(keepends=True)
        found = list(plugin.Plugin(ast.parse(SYNC), path, lines).run())
    assert [text.split(" ")[0] for _, _, text, _ in found] == ["LMB001", "LMB001"]
    assert len(calls) == 1


def test_workers_that_are_spawned_find_the_same():
    script = (
        "import multiprocessing, sys\n"
        "from flake8.main.cli import main\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    sys.exit(main(sys.argv[1:]))\n"
    )
    files = {
        "template.yaml": TEMPLATE,
        "src/orders.py": ORDERS,
        "src/jobs.py": ASYNC,
        "conf/flake8.ini": "[flake8]\nlambda-handlers = */jobs.lambda_handler\n"
        "lambda-as-of = 2026-11-20\n",
        "spawning.py": script,
    }
    arguments = ["--select=LMB", "--config=conf/flake8.ini", "src"]
    with project(files) as folder:
        serial = run("flake8", "-j1", *arguments, cwd=folder).stdout
        spawned = subprocess.run(
            [sys.executable, "spawning.py", "-j2", *arguments],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
    assert spawned.stderr == ""
    assert spawned.stdout == serial
    assert codes(serial.splitlines()) == ["LMB101", "LMB101", "LMB501"]


def test_the_tree_is_left_as_it_is():
    from flake8_lambda_handler.plugin import Plugin

    with project({"template.yaml": TEMPLATE, "src/orders.py": ORDERS}) as folder:
        options = run_options(AS_OF)
        Plugin.parse_options(options)
        tree = ast.parse(ORDERS)
        attributes = [sorted(vars(node)) for node in ast.walk(tree)]
        before = ast.dump(tree, include_attributes=True)
        path = os.path.join(folder, "src", "orders.py")
        found = list(Plugin(tree, path, ORDERS.splitlines(keepends=True)).run())
    assert len(found) == 2
    assert ast.dump(tree, include_attributes=True) == before
    assert [sorted(vars(node)) for node in ast.walk(tree)] == attributes


def run_options(*arguments: str):
    from flake8.options.parse_args import parse_args

    return parse_args(["--isolated", *arguments])[1]


def codes(lines: list[str]) -> list[str]:
    return [line.split(" ")[1] for line in lines]


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.parametrize(
    ("handler", "where"),
    {"orders.main": "src/orders.py", "order.main": "src/a.py"}.items(),
)
def test_a_handler_that_is_not_there_is_reported_once(handler, where, jobs):
    template = TEMPLATE.replace("orders.main", handler)
    files = {"src/a.py": "", "src/orders.py": SYNC, "src/z.py": "x = 1\n"}
    with project({"template.yaml": template, **files}) as folder:
        (line,) = flake8(jobs, "--select=LMB104", cwd=folder)
    assert line.startswith(
        f"{where}:1:1: LMB104 handler `{handler}` cannot be loaded: "
    )
    assert line.endswith(" (template.yaml:8)")
