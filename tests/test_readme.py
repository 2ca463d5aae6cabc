"""The README says what is so."""

from __future__ import annotations

import re

import pytest
import yaml
from support import ROOT
from support import project
from support import run
from support import violations

from flake8_lambda_handler import cli
from flake8_lambda_handler.cli import explain
from flake8_lambda_handler.cli import formats

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "tests" / "examples" / "orders_service"


def section(heading: str) -> str:
    """Return the text under a heading."""
    text = re.split(rf"^## {heading}$", README, flags=re.MULTILINE)[1]
    return re.split(r"^## ", text, flags=re.MULTILINE)[0]


def blocks(heading: str) -> list[str]:
    """Return the code blocks under a heading."""
    code = r"^```\w*\n(.*?)^```$"
    return re.findall(code, section(heading), re.MULTILINE | re.DOTALL)


def test_table_of_rules_is_current():
    found = re.search(r"<!-- rules -->\n(.*?)<!-- /rules -->", README, re.DOTALL)
    assert found is not None
    assert found[1] == explain.table(), (
        "refresh the table with the output of "
        "`python -m flake8_lambda_handler explain --table`"
    )


def test_commands_are_one_line_each():
    try_it, output = blocks("Try it")
    (tests,) = blocks("Tests")
    assert try_it.count("\n") == tests.count("\n") == 1


def test_ci_runs_the_test_command_of_the_readme():
    (command,) = blocks("Tests")
    assert command.strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_output_of_the_example_is_as_shown():
    command, output = blocks("Try it")
    _, _, arguments = command.strip().partition("flake8-lambda-handler ")
    assert f"cd {EXAMPLE.relative_to(ROOT).as_posix()} " in command
    result = run("flake8_lambda_handler", *arguments.split(), cwd=EXAMPLE)
    assert result.returncode == 0
    assert result.stdout + result.stderr == output


def test_flake8_finds_the_same_in_the_example():
    _, output = blocks("Try it")
    result = run("flake8", cwd=EXAMPLE)
    found = [re.sub(r"^\./", "", line) for line in result.stdout.splitlines()]
    python = [line for line in output.splitlines() if ".py:" in line]
    assert len(python) == 4
    assert set(python) < set(found)
    (runtime,) = set(found) - set(python)
    assert " LMB501 " in runtime
    assert runtime.endswith(")")


def test_before_and_after_are_true():
    before, after, *_ = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)
    assert [found.code for found in violations(before)] == ["LMB101"]
    assert violations(after) == []
    assert violations(before)[0].text in README


@pytest.mark.parametrize(
    "name", ["check", "handlers", "explain", "runtimes", "migrate"]
)
def test_every_command_is_named(name):
    assert f"flake8-lambda-handler {name}" in README


def test_every_option_is_named(capsys):
    with project({}), pytest.raises(SystemExit):
        cli.main(["check", "--help"])
    options = set(re.findall(r"--lambda-[a-z-]+", capsys.readouterr().out))
    rows = set(re.findall(r"^\| `(lambda-[a-z-]+)`", section("Options"), re.MULTILINE))
    assert options == {f"--{row}" for row in rows}


def test_python_that_is_needed_is_the_one_of_the_package():
    package = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (needed,) = re.findall(r"^python_requires = >=(\S+)$", package, re.MULTILINE)
    assert f"It needs Python {needed} or newer" in section("Use it")


def test_blocks_for_ci_are_yaml_and_their_commands_run():
    text = section("In CI")
    for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(block)
    commands = re.findall(r"flake8-lambda-handler (check [^>|`\n]*)", text)
    assert len(commands) == 5
    with project({"app.py": "x = 1\n"}) as folder:
        for command in commands:
            done = run("flake8_lambda_handler", *command.split(), cwd=folder)
            assert done.returncode == 0, done.stderr


def test_every_form_of_output_is_named():
    table = section("Use it")
    for name in formats.names():
        assert f"`{name}`" in table
