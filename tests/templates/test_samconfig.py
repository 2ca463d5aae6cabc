"""Parameters that `samconfig.toml` gives to the template beside it."""

from __future__ import annotations

import re

import pytest
from support import assert_marked
from support import project
from support import run
from template_marks import handlers
from template_marks import read

from flake8_lambda_handler import templates

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Rt: {Type: String, Default: python3.12}
  Entry: {Type: String}
  Code: {Type: String, Default: src/}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: x}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: !Ref Rt, Handler: !Ref Entry, CodeUri: !Ref Code}
"""

#: What the file says, and what the function is: handlers, runtimes, code.
GIVEN = {
    "one text": (
        """
        version = 0.1
        [default.deploy.parameters]
        stack_name = "s"
        parameter_overrides = "Rt=python3.9 Entry=app.run Code=back/"
        """,
        "A app.run python3.9 back",
    ),
    "quotes in the text": (
        r"""
        [default]
        [default.deploy]
        [default.deploy.parameters]
        parameter_overrides = "Rt=\"python3.9\" Entry=\"app.run\" Code='back/'"
        """,
        "A app.run python3.9 back",
    ),
    "a literal text": (
        """
        [default.deploy.parameters]
        parameter_overrides = 'Rt="python3.9" Entry=app.run'
        """,
        "A app.run python3.9 src",
    ),
    "keys and values": (
        """
        [default.deploy.parameters]
        parameter_overrides = "ParameterKey=Rt,ParameterValue=python3.9 \
ParameterKey=Entry,ParameterValue=app.run"
        """,
        "A app.run python3.9 src",
    ),
    "a list": (
        r"""
        [default.deploy.parameters]
        parameter_overrides = [  # all of them
            "Empty=",
            "Entry=app.run",  # "Entry=other.run"
            'Rt=python3.9',
            "Tags=\"a b\"",
        ]
        """,
        "A app.run python3.9 src",
    ),
    "a text over lines": (
        """
        [default.deploy.parameters]
        parameter_overrides = '''
        Rt=python3.9
        Entry=app.run
        '''
        """,
        "A app.run python3.9 src",
    ),
    "several environments": (
        """
        [dev.deploy.parameters]
        parameter_overrides = "Rt=python3.9 Entry=app.run"
        [prod.deploy.parameters]
        parameter_overrides = "Rt=python3.11 Entry=app.run"
        """,
        "A app.run python3.9,python3.11 src",
    ),
    "an environment without it": (
        """
        [dev.deploy.parameters]
        parameter_overrides = "Rt=python3.9 Entry=app.run"
        [prod.deploy.parameters]
        stack_name = "s"
        """,
        "A app.run python3.9,python3.12 src",
    ),
    "what is for all commands": (
        """
        [default.deploy.parameters]
        stack_name = "s"
        [default.global.parameters]
        parameter_overrides = "Rt=python3.9 Entry=app.run"
        """,
        "A app.run python3.9 src",
    ),
    "a command counts more": (
        """
        [default.deploy.parameters]
        parameter_overrides = "Rt=python3.9 Entry=app.run"
        [default.global.parameters]
        parameter_overrides = "Rt=python3.7 Entry=old.run"
        """,
        "A app.run python3.9 src",
    ),
    "an environment for another template": (
        """
        [default.deploy.parameters]
        template_file = "template.yaml"
        parameter_overrides = "Entry=app.run"
        [built.deploy.parameters]
        template = ".aws-sam/build/template.yaml"
        parameter_overrides = "Entry=app.run"
        [other.deploy.parameters]
        template_file = "other.yaml"
        parameter_overrides = "Rt=python3.7 Entry=old.run"
        """,
        "A app.run python3.12 src",
    ),
    "other commands and other keys": (
        """
        [default.local_invoke.parameters]
        parameter_overrides = "Rt=python3.7"
        [default.deploy.parameters]
        tags = "Rt=python3.6"
        # parameter_overrides = "Rt=python3.6"
        parameter_overrides = "Entry=app.run Url=https://x/?Rt=python3.6 MyRt=python3.6"
        """,
        "A app.run python3.12 src",
    ),
    "a stored value": (
        """
        [default.deploy.parameters]
        parameter_overrides = "Entry=app.run Stored=python3.7"
        """,
        "A app.run python3.12 src",
    ),
}


@pytest.mark.parametrize(("text", "expected"), GIVEN.values(), ids=GIVEN)
def test_given(tmp_path, text, expected):
    files = {"template.yaml": TEMPLATE, "samconfig.toml": text}
    found = read(tmp_path, "template.yaml", files)
    assert {*handlers(tmp_path, found.declarations)} == {expected}
    for use in found.runtimes:
        path, line, column = use.place
        with open(path) as file:
            written = file.read().split("\n")[line - 1]
        assert written.startswith(use.identifier, column)


NOTHING = {
    "no file": {},
    "no table": {"samconfig.toml": 'parameter_overrides = "Entry=app.run"\n'},
    "no text": {
        "samconfig.toml": "[default.deploy.parameters]\nparameter_overrides = 1"
    },
    "another folder": {
        "ops/samconfig.toml": "[default.deploy.parameters]\n"
        'parameter_overrides = "Entry=app.run"\n'
    },
}


@pytest.mark.parametrize("files", NOTHING.values(), ids=NOTHING)
def test_nothing_is_given(tmp_path, files):
    found = read(tmp_path, "template.yaml", {"template.yaml": TEMPLATE, **files})
    assert [use.identifier for use in found.runtimes] == ["python3.12"]
    assert (found.declarations, found.problems) == ((), ())


CONFIG = '[default.deploy.parameters]\nparameter_overrides = "Rt=%s Entry=app.run"\n'


def test_findings():
    ok = "def run(event, context):\n    return {}\n"
    bad = "async def run(event, context):  # LMB101\n    return {}\n"
    files = {"template.yaml": TEMPLATE, "samconfig.toml": CONFIG % "python3.13"}
    assert_marked({**files, "src/app.py": bad, "back/app.py": ok})
    code = {"samconfig.toml": CONFIG % "python3.13 Code=back"}
    assert_marked({**files, **code, "src/app.py": ok, "back/app.py": bad})


def test_a_change_is_seen(tmp_path):
    files = {"template.yaml": TEMPLATE, "samconfig.toml": CONFIG % "python3.9"}
    path = str(tmp_path / "template.yaml")
    assert read(tmp_path, "template.yaml", files).runtimes[0].identifier == "python3.9"
    (tmp_path / "samconfig.toml").write_text(CONFIG % "python3.10")
    assert templates.read(path).runtimes[0].identifier == "python3.10"
    (tmp_path / "samconfig.toml").unlink()
    assert templates.read(path).runtimes[0].identifier == "python3.12"


def test_check_and_migrate():
    files = {
        "template.yaml": TEMPLATE,
        "samconfig.toml": CONFIG % "python3.9",
        "src/app.py": "def run(event, context):\n    return {}\n",
    }
    day = "--lambda-as-of=2026-11-20"
    with project(files) as folder:
        done = run("flake8_lambda_handler", "check", "-q", day, ".", cwd=folder)
        assert re.match(r"samconfig\.toml:2:27: LMB501 ", done.stdout)
        assert done.stdout.count("\n") == 1
        arguments = ("migrate", "--fix=LMB501", day, ".")
        assert run("flake8_lambda_handler", *arguments, cwd=folder).returncode == 0
        text = (folder / "samconfig.toml").read_text()
        assert text == CONFIG % "python3.14"
        text = (CONFIG % "python3.9").replace("run", "run  ").rstrip() + "  # noqa\n"
        (folder / "samconfig.toml").write_text(text)
        done = run("flake8_lambda_handler", "check", "-q", day, ".", cwd=folder)
        assert done.stdout == ""


@pytest.mark.parametrize(
    "text",
    [
        "[" * 9000,
        "[a.deploy.parameters]\nparameter_overrides = " + "[" * 9000,
        "[a.deploy.parameters]\nparameter_overrides = [" + '"A=b",' * 9000,
        "[a.deploy.parameters]\nparameter_overrides = [" + '"A=\\"' * 9000,
        "[a.deploy.parameters]\n" + "parameter_overrides = '''\n" * 900,
        "[a.deploy.parameters]\nparameter_overrides = '" + "A='" * 9000,
    ],
    ids=range(6),
)
def test_hostile_text(tmp_path, text):
    files = {"template.yaml": TEMPLATE, "samconfig.toml": text}
    assert read(tmp_path, "template.yaml", files).problems == ()
