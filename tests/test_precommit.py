"""The hooks under the real pre-commit, installed from the tree as it is."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

pytestmark = [
    pytest.mark.precommit,
    pytest.mark.skipif(
        importlib.util.find_spec("pre_commit") is None, reason="needs pre-commit"
    ),
    pytest.mark.skipif(shutil.which("git") is None, reason="needs git"),
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a git checkout"),
]

PRE_COMMIT = [sys.executable, "-m", "pre_commit"]

SAM = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: orders.main
      Runtime: {runtime}
"""
ASYNC = "async def main(event, context):\n    return {}\n"
SYNC = "def main(event, context):\n    return {}\n"


def clean_environment(home: Path) -> dict[str, str]:
    """Return an environment without git's variables: a hook of git sets some."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "PRE_COMMIT_HOME": str(home),
        "PRE_COMMIT_COLOR": "never",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "test",
        "GIT_AUTHOR_EMAIL": "test@example.invalid",
        "GIT_COMMITTER_NAME": "test",
        "GIT_COMMITTER_EMAIL": "test@example.invalid",
    }


class Repository:
    """A git repository in a folder."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def run(self, *command: str | Path, code: int = 0) -> str:
        """Run a command, hold it to its exit code and return what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def write(self, files: dict[str, str]) -> None:
        """Write files and add them to the index."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.run("git", "add", "-A")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """Return a repository with a copy of this tree, uncommitted work included."""
    base = tmp_path_factory.mktemp("hooks")
    hooks = Repository(base / "hooks", clean_environment(base / "cache"))
    hooks.folder.mkdir()
    tree = Repository(ROOT, hooks.environment)
    listed = tree.run("git", "ls-files", "-co", "--exclude-standard", "-z")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (hooks.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, hooks.folder / name)
    hooks.run("git", "init", "-q", "-b", "main")
    hooks.run("git", "add", "-A")
    hooks.run("git", "commit", "-qm", "snapshot")
    return hooks


@pytest.fixture
def user(tmp_path, hooks):
    """Return a function that makes a repository which uses the hooks."""

    def make(files: dict[str, str], *ids: str) -> Repository:
        user = Repository(tmp_path / "user", hooks.environment)
        user.folder.mkdir()
        user.run("git", "init", "-q", "-b", "main")
        revision = hooks.run("git", "rev-parse", "HEAD").strip()
        repo = {
            "repo": str(hooks.folder),
            "rev": revision,
            "hooks": [{"id": name} for name in ids],
        }
        # JSON is YAML: no writer of YAML is needed.
        user.write({".pre-commit-config.yaml": json.dumps({"repos": [repo]}), **files})
        return user

    return make


def findings(output: str) -> list[str]:
    """Return path and code of the findings in pre-commit's output."""
    return [
        " ".join((line.partition(":")[0], line.split(" ")[1]))
        for line in output.splitlines()
        if ": LMB" in line or ": E9" in line
    ]


def test_manifest_is_valid(hooks):
    hooks.run(*PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml")


def test_python_and_templates_are_checked(user):
    repository = user(
        {
            "template.yaml": SAM.format(runtime="python2.7"),
            "src/orders.py": ASYNC,
            "src/broken.py": "def x(:\n",
            "compose.yaml": "services: {}\n",
            "notes.md": ASYNC,
        },
        "flake8-lambda-handler",
    )
    output = repository.run(*PRE_COMMIT, "run", "--all-files", code=1)
    assert findings(output) == [
        "src/broken.py E999",
        "src/orders.py LMB101",
        "template.yaml LMB503",
    ]


def test_templates_alone(user):
    repository = user(
        {"template.yaml": SAM.format(runtime="python2.7"), "src/orders.py": ASYNC},
        "lambda-handler-templates",
    )
    output = repository.run(*PRE_COMMIT, "run", "--all-files", code=1)
    assert findings(output) == ["template.yaml LMB503"]


def test_commit_is_blocked_until_the_code_is_right(user):
    repository = user(
        {
            "template.yaml": SAM.format(runtime="python9.99"),
            "src/orders.py": SYNC,
        },
        "flake8-lambda-handler",
    )
    repository.run(*PRE_COMMIT, "install")
    repository.run("git", "commit", "-qm", "a template and its code")
    # The template is not among the files of this commit, and still says who is called.
    repository.write({"src/orders.py": ASYNC})
    output = repository.run("git", "commit", "-qm", "async", code=1)
    assert findings(output) == ["src/orders.py LMB101"]
    repository.write({"src/orders.py": SYNC + "\n"})
    repository.run("git", "commit", "-qm", "sync")


def test_rewriting_is_manual_and_done_once(user):
    hook = "lambda-handler-migrate"
    repository = user(
        {"template.yaml": SAM.format(runtime="python9.99"), "src/orders.py": ASYNC},
        hook,
    )
    repository.run(*PRE_COMMIT, "run", "--all-files")
    assert (repository.folder / "src" / "orders.py").read_text() == ASYNC
    manual = [*PRE_COMMIT, "run", "--hook-stage", "manual", hook, "--all-files"]
    assert "files were modified by this hook" in repository.run(*manual, code=1)
    assert (repository.folder / "src" / "orders.py").read_text() == SYNC
    repository.run("git", "add", "-A")
    repository.run(*manual)


def test_additional_dependency_of_a_flake8_hook(user, hooks, tmp_path):
    """The plugin in a hook like flake8's own, whose repository needs the network."""
    hooks.run(
        sys.executable,
        *("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"),
        *(tmp_path, hooks.folder),
    )
    (wheel,) = tmp_path.glob("*.whl")
    flake8 = Repository(tmp_path / "flake8", hooks.environment)
    flake8.folder.mkdir()
    flake8.run("git", "init", "-q", "-b", "main")
    hook = {
        "id": "flake8",
        "name": "flake8",
        "entry": "flake8",
        "language": "python",
        "types": ["python"],
        "require_serial": True,
    }
    flake8.write(
        {
            ".pre-commit-hooks.yaml": json.dumps([hook]),
            "setup.py": "from setuptools import setup\n"
            "setup(name='hook', version='1', install_requires=['flake8'], "
            "py_modules=[])\n",
        }
    )
    flake8.run("git", "commit", "-qm", "hook")
    repo = {
        "repo": str(flake8.folder),
        "rev": flake8.run("git", "rev-parse", "HEAD").strip(),
        "hooks": [
            {
                "id": "flake8",
                "additional_dependencies": [str(wheel)],
                "args": ["--select=LMB,E9"],
            }
        ],
    }
    repository = user(
        {"template.yaml": SAM.format(runtime="python2.7"), "src/orders.py": ASYNC}
    )
    repository.write({".pre-commit-config.yaml": json.dumps({"repos": [repo]})})
    output = repository.run(*PRE_COMMIT, "run", "--all-files", code=1)
    assert findings(output) == ["src/orders.py LMB101", "src/orders.py LMB503"]
