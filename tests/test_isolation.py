"""Nothing of a project that is checked is imported, by no process of the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support import project

ASYNC = "async def lambda_handler(event, context):\n    return {}\n"
TEMPLATE = """\
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.9}
"""
JSON = '{"Resources": {"A": {"Type": "AWS::Lambda::Function"}}}\n'
TERRAFORM = 'resource "aws_lambda_function" "a" {\n  handler = "app.main"\n}\n'
FILES = {
    "app.py": ASYNC,
    "template.yaml": TEMPLATE,
    "template.json": JSON,
    "main.tf": TERRAFORM,
    "setup.cfg": "[flake8]\nlambda-as-of = 2026-11-20\n",
}

#: Modules of the standard library and of others that the command imports.
NAMES = (
    "argparse",
    "ast",
    "concurrent",
    "configparser",
    "datetime",
    "difflib",
    "fnmatch",
    "flake8",
    "flake8p",
    "glob",
    "json",
    "libcst",
    "logging",
    "multiprocessing",
    "pickle",
    "pyflakes",
    "queue",
    "signal",
    "subprocess",
    "tempfile",
    "tokenize",
    "tree_sitter",
    "tree_sitter_hcl",
    "tree_sitter_json",
    "typing",
    "yaml",
)
OWN = {f"{name}.py": "raise SystemExit('imported ' + __name__)\n" for name in NAMES}

COMMANDS = {
    "check": 1,
    "handlers": 0,
    "explain": 0,
    "runtimes": 0,
    "migrate --diff app.py": 1,
    "migrate --check --jobs=2": 1,
}


def python_of(version: str) -> str:
    """Return a Python of this version, this one if it is; skips without one."""
    if version == "{}.{}".format(*sys.version_info):
        return sys.executable
    found = shutil.which(f"python{version}")
    # A shim of pyenv stands for versions that are not chosen, too.
    if not found or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"no python{version} on this machine")
    return found


def started(folder: Path, *arguments: str, python: str = sys.executable, **environment):
    clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env={**clean, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert "imported" not in done.stderr + done.stdout, done.stderr
    return done


@pytest.mark.parametrize(("command", "code"), COMMANDS.items())
def test_a_project_may_have_modules_of_any_name(command, code):
    many = {f"f{number}/app.py": ASYNC for number in range(50)}
    arguments = ["-m", "flake8_lambda_handler", *command.split()]
    with project({**FILES, **many}) as folder:
        plain = started(folder, *arguments)
    with project({**FILES, **many, **OWN}) as folder:
        own = started(folder, *arguments)
    assert (own.returncode, own.stderr) == (code, plain.stderr)
    assert own.stdout == plain.stdout


FLAGS = {
    "-P": ["-P"],
    "-I": ["-I"],
    "-s and -E": ["-s", "-E"],
}


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
def test_flags_of_python_hold_for_every_process(flags):
    if "-P" in flags and sys.version_info < (3, 11):
        pytest.skip("-P is of Python 3.11")
    # Python imports this at its start, if the environment counts.
    tells = "import sys; open('started', 'a').write(sys.argv[0] + '\\n')\n"
    arguments = ["-m", "flake8_lambda_handler", "migrate", "app.py"]
    with project({**FILES, **OWN, "site/sitecustomize.py": tells}) as folder:
        site = str(folder / "site")
        done = started(folder, *flags, *arguments, PYTHONPATH=site)
        assert done.returncode == 0, done.stderr
        assert (folder / "started").exists() == ("-P" in flags)


def test_current_folder_that_is_gone():
    with project({"gone/app.py": ""}) as folder:
        done = subprocess.run(
            ["sh", "-c", 'cd gone && rm app.py && rmdir ../gone && exec "$0" "$@"']
            + [sys.executable, "-m", "flake8_lambda_handler", "--version"],
            cwd=folder,
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_every_python_leaves_the_current_folder(version):
    """The start alone, with a package that stands for ours: no other Python has it."""
    code = (ROOT / "flake8_lambda_handler" / "__main__.py").read_text(encoding="utf-8")
    stub = "def main():\n    import ast, yaml\n    print(yaml.__file__)\n    return 7\n"
    files = {
        "site/flake8_lambda_handler/__init__.py": "",
        "site/flake8_lambda_handler/__main__.py": code,
        "site/flake8_lambda_handler/cli.py": stub,
        "site/yaml.py": "",
        **{f"work/{name}": text for name, text in OWN.items()},
    }
    with project(files) as folder:
        site = str(folder / "site")
        # A folder that `PYTHONPATH` names is meant, even if it is the current one.
        for here in ("work", "site"):
            done = started(
                folder / here,
                "-m",
                "flake8_lambda_handler",
                python=python_of(version),
                PYTHONPATH=site,
            )
            assert (done.returncode, done.stderr) == (7, "")
            assert done.stdout.strip() == os.path.join(site, "yaml.py")
