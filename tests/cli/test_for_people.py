"""What people see: source and caret, colours on a terminal, findings as they come."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from support import project
from support import run
from terminal import COMMAND
from terminal import environment
from terminal import on_terminal

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.colours import Style
from flake8_lambda_handler.cli.formats import full

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")

FILES = {
    "app.py": "import os\n\n\nasync def lambda_handler(event, context):\n    return {}\n"
}
CONCISE = (
    "app.py:4:1: LMB101 handler `lambda_handler` is `async def`; Lambda does not await "
    "it, so its body never runs and the call ends in Runtime.MarshalError; use "
    "`asyncio.run(...)` in a `def`\n"
)
FULL = f"""\
{CONCISE}  |
4 | async def lambda_handler(event, context):
  | ^
  = {engine.repair("LMB101", "app.py")}

"""
LAST = "1 finding in 1 file (1 handler); explain LMB101 for more\n"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_in_a_pipe_findings_are_lines():
    with project(FILES) as folder:
        done = run("flake8_lambda_handler", "check", cwd=folder)
    assert (done.stdout, done.stderr, done.returncode) == (CONCISE, LAST, 1)


@POSIX
def test_on_a_terminal_the_source_is_shown_in_colours():
    with project(FILES) as folder:
        shown = on_terminal("check", cwd=folder)
    assert ESCAPE.sub("", shown.out) == FULL
    assert "\x1b[1mapp.py\x1b[0m" in shown.out
    assert "\x1b[1;31mLMB101\x1b[0m" in shown.out
    # What is no terminal stays without.
    assert (shown.err, shown.code) == (LAST, 1)


@POSIX
@pytest.mark.parametrize("name", ["full", "concise"])
def test_the_form_can_be_chosen(name):
    plain = {"full": FULL, "concise": CONCISE}[name]
    with project(FILES) as folder:
        arguments = ["check", f"--format={name}"]
        shown = on_terminal(*arguments, cwd=folder)
        piped = run("flake8_lambda_handler", *arguments, cwd=folder)
    assert ESCAPE.sub("", shown.out) == piped.stdout == plain
    assert shown.out != plain


#: Arguments, environment, and whether a terminal and a pipe get colours.
COLOURED = {
    "by itself": ([], {}, True, False),
    "NO_COLOR": ([], {"NO_COLOR": "1"}, False, False),
    "NO_COLOR that is empty": ([], {"NO_COLOR": ""}, True, False),
    "FORCE_COLOR": ([], {"FORCE_COLOR": "1"}, True, True),
    "FORCE_COLOR that is empty": ([], {"FORCE_COLOR": ""}, True, False),
    "both": ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
    "a dumb terminal": ([], {"TERM": "dumb"}, False, False),
    "never": (["--color=never"], {"FORCE_COLOR": "1"}, False, False),
    "always": (["--color=always"], {"NO_COLOR": "1"}, True, True),
    "auto": (["--color=auto"], {"NO_COLOR": "1"}, False, False),
}


@POSIX
@pytest.mark.parametrize(
    ("arguments", "values", "terminal", "pipe"), COLOURED.values(), ids=COLOURED
)
def test_colours(arguments, values, terminal, pipe):
    with project(FILES) as folder:
        shown = on_terminal("check", *arguments, cwd=folder, **values)
        piped = subprocess.run(
            [*COMMAND, "check", *arguments],
            cwd=folder,
            env=environment(**values),
            capture_output=True,
            encoding="utf-8",
        )
    assert ("\x1b[" in shown.out, "\x1b[" in piped.stdout) == (terminal, pipe)
    assert ESCAPE.sub("", shown.out) == FULL
    assert ESCAPE.sub("", piped.stdout) == CONCISE


@POSIX
def test_findings_come_as_files_are_done():
    """The second file is standard input, which ends only when the first was read."""
    with project(FILES) as folder:
        process = subprocess.Popen(
            [*COMMAND, "check", "app.py", "-", "--stdin-display-name=b.py"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline().decode() == CONCISE
        out, err = process.communicate(FILES["app.py"].encode(), timeout=60)
    assert out.decode() == CONCISE.replace("app.py", "b.py")
    assert err.decode() == LAST.replace(
        "1 finding in 1 file (1 handler)", "2 findings in 2 files (2 handlers)"
    )


#: The source, the column, the room, and the two lines that are shown.
WINDOWS = {
    "a short line": ("x = 1", 4, 20, "x = 1", "    ^"),
    "indentation": ("    x = 1", 8, 20, "    x = 1", "        ^"),
    "tabs": ("\tx = 1", 5, 20, "    x = 1", "        ^"),
    "wide characters": ("'日本' + x", 7, 20, "'日本' + x", "         ^"),
    "marks above a letter": ("'e\u0301' + x", 7, 20, "'e\u0301' + x", "      ^"),
    "a control character": ("'\x1b' + x", 6, 20, "'\\x1b' + x", "         ^"),
    "beyond the end": ("x = (", 9, 20, "x = (", "     ^"),
    "long after it": ("x = " + "1" * 90, 4, 20, "x = 1111111111111...", "    ^"),
    "long before it": (
        "1" * 90 + " + x",
        93,
        20,
        "...1111111111 + x",
        "                ^",
    ),
    "as long as there is room": ("x = 1", 4, 5, "x = 1", "    ^"),
}


@pytest.mark.parametrize(
    ("source", "column", "room", "shown", "caret"), WINDOWS.values(), ids=WINDOWS
)
def test_caret_stands_below_the_place(source, column, room, shown, caret):
    finding = Finding("a.py", 1, column, "E999", "text", source)
    (text,) = full.texts([finding], Style(width=room + 4))
    head, bar, line, below, *rest = text.split("\n")
    assert (line, below.rstrip()) == (f"1 | {shown}", f"  | {caret}")
    assert rest == ["", ""]


def test_a_line_of_a_million_characters_is_cut_in_no_time():
    source = "[" + "0, " * 1_000_000 + "x]"
    finding = Finding("a.py", 1, 3_000_001, "LMB401", "text", source)
    (text,) = full.texts([finding], Style())
    assert all(len(line) <= 120 for line in text.splitlines())
    assert "0, 0, x]" in text


def test_what_has_no_source_has_no_caret():
    with project({"b.py": "x = 1\n"}) as folder:
        done = run(
            "flake8_lambda_handler", "check", "--format=full", "a.py", cwd=folder
        )
    assert done.stdout.count("\n") == 2
    assert done.stdout.startswith("a.py:0:1: E902 FileNotFoundError: ")


def test_findings_in_templates_show_their_source():
    template = (
        "Resources:\n  A:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      Runtime: python3.9\n"
    )
    with project({"template.yaml": template}) as folder:
        done = run("flake8_lambda_handler", "check", "--format=full", cwd=folder)
    assert "\n5 |       Runtime: python3.9\n  |                ^\n" in done.stdout


SERVICE = """\
service: {0}
provider:
  name: aws
  runtime: ${{file(../common.yml):runtime}}
functions:
"""


def _service(name, *functions):
    listed = "".join(f"  {x}: {{handler: app.run}}\n" for x in functions)
    return {f"{name}/serverless.yml": SERVICE.format(name) + listed}


@pytest.mark.parametrize(
    ("services", "users"),
    [
        ([("a", "one", "two"), ("b", "three", "four")], " of `one`, `two` and 2 more"),
        ([("a", "one", "two"), ("b", "one", "two")], " of `one` and `two`"),
        ([("a", "one", "two")], " of `one` and `two`"),
        ([("a", "one")], ""),
    ],
)
def test_a_value_that_templates_share_names_all_users(services, users):
    files = {"common.yml": "runtime: python3.9\n"}
    for name, *functions in services:
        files |= _service(name, *functions)
    with project(files) as folder:
        arguments = ("check", "--quiet", "--lambda-as-of=2026-11-20")
        done = run("flake8_lambda_handler", *arguments, cwd=folder)
    assert done.stdout.startswith(
        f"common.yml:1:10: LMB501 runtime `python3.9`{users} is deprecated"
    )
    assert done.stdout.count("\n") == 1


IMAGES = """\
Transform: AWS::Serverless-2016-10-31
Resources:
"""
IMAGE = """\
  {0}:
    Type: AWS::Serverless::Function
    Properties: {{PackageType: Image}}
    Metadata: {{Dockerfile: Dockerfile, DockerContext: img}}
"""


@pytest.mark.parametrize(
    ("functions", "users"),
    [("AB", " of `A` and `B`"), ("A", ""), ("", "")],
)
def test_a_dockerfile_is_no_user_of_what_it_says(functions, users):
    files = {
        "template.yaml": IMAGES + "".join(map(IMAGE.format, functions)),
        "img/Dockerfile": "FROM public.ecr.aws/lambda/python:3.9\n",
    }
    with project(files) as folder:
        arguments = ("check", "--quiet", "--lambda-as-of=2026-11-20")
        done = run("flake8_lambda_handler", *arguments, cwd=folder)
    assert done.stdout.startswith(
        f"img/Dockerfile:1:35: LMB501 image runtime `python3.9`{users} is deprecated"
    )
    assert done.stdout.count("\n") == 1
