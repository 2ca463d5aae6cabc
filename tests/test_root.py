"""What belongs to a project: its root, and that nothing outside of it is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support import run

from flake8_lambda_handler import root as root_module
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import Tree

FLAKE8 = "[flake8]\nmax-line-length = 99\n"

#: Files, and the folder that is the root of `top/a/b/app.py`, asked from elsewhere.
ROOTS = {
    "git": ({"top/.git/HEAD": ""}, "top"),
    "a work tree of git": ({"top/.git": "gitdir: elsewhere\n"}, "top"),
    "mercurial": ({"top/.hg/x": ""}, "top"),
    "the nearest of two": ({".git/HEAD": "", "top/a/.git/HEAD": ""}, "top/a"),
    "setup.cfg": ({"top/setup.cfg": f"[metadata]\nname = x\n{FLAKE8}"}, "top"),
    "tox.ini": ({"top/tox.ini": FLAKE8}, "top"),
    ".flake8": ({"top/.flake8": FLAKE8}, "top"),
    "local plugins": ({"top/.flake8": "[flake8:local-plugins]\n"}, "top"),
    "pyproject.toml": ({"top/pyproject.toml": "[tool.black]\n"}, "top"),
    "an array of tables": ({"top/pyproject.toml": "[[tool.mypy.overrides]]\n"}, "top"),
    "the nearest configuration": (
        {"top/.flake8": FLAKE8, "top/a/tox.ini": FLAKE8},
        "top/a",
    ),
    "a checkout before a configuration": (
        {"top/.git/HEAD": "", "top/a/tox.ini": FLAKE8},
        "top",
    ),
}

#: Files that make no root, so that it is the file's own folder.
NO_ROOTS = {
    "nothing": {},
    "a template": {"top/template.yaml": "Resources: {}\n"},
    "setup.cfg of something else": {"top/setup.cfg": "[metadata]\nname = flake8\n"},
    "flake8 in a value": {"top/tox.ini": "[tox]\ndeps =\n  [flake8]\n"},
    "a tool in a comment": {"top/pyproject.toml": "# [tool.black]\n[project]\n"},
    "a longer name": {"top/pyproject.toml": "[tools.black]\n"},
    "a folder": {"top/setup.cfg/x": FLAKE8},
    "below the file": {"top/a/b/c/.git/HEAD": ""},
    "beside the way up": {"top/z/.git/HEAD": "", "z/.flake8": FLAKE8},
    "another spelling": {"top/.gitignore": "", "top/git/HEAD": ""},
}


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def root_of(top: Path, folder: str = "top/a/b") -> str:
    write(top, {f"{folder}/app.py": ""})
    found = Roots().of(str(top / folder))
    return os.path.relpath(found, top).replace(os.sep, "/") if found else ""


@pytest.mark.parametrize(("files", "expected"), ROOTS.values(), ids=ROOTS)
def test_root_by_a_marker(tmp_path, files, expected):
    write(tmp_path, files)
    assert root_of(tmp_path) == expected


@pytest.mark.parametrize("files", NO_ROOTS.values(), ids=NO_ROOTS)
def test_own_folder_without_a_marker(tmp_path, files):
    write(tmp_path, files)
    assert root_of(tmp_path) == "top/a/b"


@pytest.mark.parametrize(
    ("here", "expected"),
    [("top", "top"), ("top/a/b", "top/a/b"), ("top/z", "top/a/b"), (".", ".")],
)
def test_current_folder_if_it_holds_the_file(tmp_path, monkeypatch, here, expected):
    write(tmp_path, {"top/z/x": "", "top/a/b/x": ""})
    monkeypatch.chdir(tmp_path / here)
    assert root_of(tmp_path) == expected


def test_current_folder_comes_after_a_marker(tmp_path, monkeypatch):
    write(tmp_path, {"top/a/.flake8": FLAKE8})
    monkeypatch.chdir(tmp_path / "top")
    assert root_of(tmp_path) == "top/a"


#: The home folder, the current folder, files, and the root of `top/a/b`.
HOMES = {
    "its marker does not count": ("top", "/", {"top/.git/HEAD": ""}, "top/a/b"),
    "nor do those above": ("top/a", "/", {"top/.git/HEAD": ""}, "top/a/b"),
    "nor that it is the current folder": ("top", "top", {}, "top/a/b"),
    "nor that the current folder holds it": ("top/home", "top", {}, "top/a/b"),
    "a file in it stands alone": ("top/a/b", "top/a/b", {".git/HEAD": ""}, ""),
    "a checkout may hold it": ("top/home", "/", {"top/.git/HEAD": ""}, "top"),
    "a checkout in it": (".", ".", {"top/.git/HEAD": ""}, "top"),
    "a folder in it": (".", "top/a", {}, "top/a"),
}


@pytest.mark.parametrize("home, here, files, expected", HOMES.values(), ids=HOMES)
def test_home_folder(tmp_path, monkeypatch, home, here, files, expected):
    write(tmp_path, {**files, "top/home/x": "", "top/a/b/app.py": ""})
    monkeypatch.setenv("HOME", str(tmp_path / home))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / home))
    monkeypatch.chdir(tmp_path / here)
    assert root_of(tmp_path) == expected


def test_root_of_the_file_system_is_none(monkeypatch):
    monkeypatch.chdir("/")
    top = os.path.abspath(os.sep)
    assert Roots().of(top) == ""
    assert not any(Tree("").listing(top))
    assert list(Tree("").python_files()) == []


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="needs a mounted folder")
def test_way_up_ends_where_another_file_system_is_mounted(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        monkeypatch.chdir("/dev")
        assert Roots().of(name) == name
        monkeypatch.chdir("/dev/shm")
        assert Roots().of(name) == "/dev/shm"


# the tree: what is listed, and what is walked


@pytest.fixture
def tree(tmp_path):
    write(
        tmp_path,
        {
            "top/app.py": "",
            "top/pkg/__init__.py": "",
            "top/pkg/inner/mod.py": "",
            "out/secret.py": "",
        },
    )
    (tmp_path / "top/out").symlink_to("../out")
    (tmp_path / "top/secret.py").symlink_to("../out/secret.py")
    (tmp_path / "top/same").symlink_to("pkg")
    (tmp_path / "top/same.py").symlink_to("app.py")
    (tmp_path / "top/pkg/up").symlink_to("..")
    (tmp_path / "top/loop").symlink_to("loop")
    return Tree(str(tmp_path / "top"))


INSIDE = ["app.py", "same.py", "same/__init__.py", "pkg/up/app.py", "pkg/inner/mod.py"]
OUTSIDE = [
    "secret.py",
    "out/secret.py",
    "missing.py",
    "APP.py",
    "app.py/x.py",
    "a\0.py",
    "\ud800/x.py",
    "x" * 5000 + ".py",
    "a/" * 5000 + "x.py",
]


@pytest.mark.parametrize("path", INSIDE)
def test_files_of_a_tree(tree, path):
    assert tree.has_file(f"{tree.root}/{path}")


@pytest.mark.parametrize("path", OUTSIDE, ids=range(len(OUTSIDE)))
def test_no_files_of_a_tree(tree, path):
    assert not tree.has_file(f"{tree.root}/{path}")
    assert not tree.has_file(os.path.join(os.path.dirname(tree.root), path))


def test_walk_goes_into_no_link(tree):
    found = [os.path.relpath(path, tree.root) for path in tree.python_files()]
    assert found == ["app.py", "same.py", "pkg/__init__.py", "pkg/inner/mod.py"]


SKIPPED = [
    ".git",
    ".hg",
    ".venv",
    "venv",
    ".mypy_cache",
    ".ruff_cache",
    "node_modules",
    "x.egg-info",
    "cdk.out",
]
WALKED = ["git", "my_cache", "env", "build", "cdk", "modules", ".github", "egg-info"]


@pytest.mark.parametrize("name", SKIPPED + WALKED)
def test_every_walk_skips_the_same_folders(tmp_path, name):
    text = "async def lambda_handler(event, context): ...\n"
    write(tmp_path, {f"{name}/app.py": text, ".flake8": FLAKE8})
    found = run("flake8_lambda_handler", "check", cwd=tmp_path).stdout
    assert bool(found) is (name in WALKED)
    assert bool([*Tree(str(tmp_path)).python_files()]) is (name in WALKED)


@pytest.mark.parametrize("marker", ["pyvenv.cfg"])
def test_every_walk_skips_virtual_environments(tmp_path, marker):
    text = "async def lambda_handler(event, context): ...\n"
    write(tmp_path, {"any/app.py": text, f"any/{marker}": ""})
    assert run("flake8_lambda_handler", "check", cwd=tmp_path).stdout == ""
    assert [*Tree(str(tmp_path)).python_files()] == []


# nothing outside is opened, listed or asked for


#: Runs a module, and writes down what it opens, lists and asks the system about.
TRACE = """\
import json, os, runpy, sys
seen = {"open": set(), "list": set(), "stat": set()}
def note(kind, path):
    if isinstance(path, (str, bytes, os.PathLike)):
        seen[kind].add(os.path.normpath(os.path.join(HERE, os.fsdecode(path))))
def hook(event, arguments):
    if event == "open":
        note("open", arguments[0])
    elif event in ("os.listdir", "os.scandir"):
        note("list", arguments[0] or ".")
HERE = os.getcwd()
def noting(function):
    def noted(path, *rest, **named):
        note("stat", path)
        return function(path, *rest, **named)
    return noted
os.stat, os.lstat = noting(os.stat), noting(os.lstat)
sys.addaudithook(hook)
report = sys.argv[1]
sys.argv[:] = sys.argv[2:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
finally:
    found = {kind: sorted(paths) for kind, paths in seen.items()}
    with open(report, "w") as file:
        json.dump(found, file)
"""

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: HANDLER, CodeUri: CODE}
"""
SYNC = "def main(event, context):\n    return {}\n"
ASYNC = "async def lambda_handler(event, context):\n    return await helper()\n"

#: What lies around the project; every file of it would be of interest.
BAIT = {
    "template.yaml": SAM.replace("HANDLER", "app.main").replace("CODE", "project/src"),
    "main.tf": "module {}\n",
    "helper.py": "async def helper(): ...\n",
    "other.py": "from project.src.app import lambda_handler\nlambda_handler(1, 2)\n",
    "outside.yml": "runtime: python3.8\nf: {a: {handler: src/app.main}}\n",
    "infra/template.yaml": SAM.replace("HANDLER", "app.main").replace("CODE", "../src"),
    "python/helper.py": "async def helper(): ...\n",
    "src/helper.py": "async def helper(): ...\n",
    "tf/main.tf": "",
    "code/found.py": SYNC,
    "vercel.json": "{}",
    "asyncio.py": "",
}
INNER = {
    "src/app.py": "import helper\nfrom ... import other\nfrom linked import x\n"
    + ASYNC,
    "src/pkg/__init__.py": "",
    "src/pkg/plain.py": f"from ....helper import helper\n{SYNC}",
    "template.yaml": SAM.replace("HANDLER", "found.main").replace("CODE", "../code"),
    "deep/template.yaml": SAM.replace("HANDLER", "found.main").replace("CODE", "../.."),
    "serverless.yml": "service: x\nprovider:\n  name: aws\n"
    "  runtime: ${file(../outside.yml):runtime}\n"
    "functions: ${file(linked/outside.yml):f}\n"
    "custom: ${file(link.yml)}\n",
    "infra/template.yaml": "{% if x %}\nResources:\n  A:\n"
    "    Handler: found.main\n    CodeUri: ../../code\n{% endif %}\n",
    "infra/main.tf": """\
data "archive_file" "zip" {
  type        = "zip"
  source_dir  = "${path.module}/../../code"
  output_path = "one.zip"
}
resource "aws_lambda_function" "a" {
  filename = data.archive_file.zip.output_path
  runtime  = "python3.13"
  handler  = "found.main"
}
module "b" {
  source      = "terraform-aws-modules/lambda/aws"
  source_path = "../../code/found.py"
  handler     = "found.main"
  runtime     = "python3.13"
}
""",
}
LINKS = {
    "linked": "..",
    "src/linked": "../..",
    "src/helper.py": "../../helper.py",
    "link.yml": "../outside.yml",
    "infra/more.tf": "../../main.tf",
}

MARKERS = {
    "git": {".git/HEAD": ""},
    "setup.cfg": {"setup.cfg": FLAKE8},
    "pyproject.toml": {"pyproject.toml": "[tool.black]\n"},
    "the current folder": {},
}
COMMANDS = {
    "flake8": ["flake8", "-j1", "--isolated", "--select=LMB,E9"],
    "check": ["flake8_lambda_handler", "check", "--isolated"],
    "handlers": ["flake8_lambda_handler", "handlers", "--isolated"],
    "migrate": ["flake8_lambda_handler", "migrate", "--isolated", "--check", "-j1"]
    + ["--fix=LMB101,LMB202,LMB5xx"],
}


@pytest.mark.skipif(os.name == "nt", reason="needs links")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("marker", MARKERS.values(), ids=MARKERS)
@pytest.mark.parametrize("here", ["project", "project/src/pkg", "."])
def test_nothing_outside_is_opened_or_listed(tmp_path, marker, command, here):
    if not marker and here != "project":
        pytest.skip("the project would be another one")
    outer = tmp_path / "outer"
    inner = outer / "project"
    write(outer, BAIT)
    write(inner, {**INNER, **marker})
    for name, target in LINKS.items():
        (inner / name).symlink_to(target)
    # What is handed over is the user's word: plain files only.
    given = ["template.yaml", "deep", "serverless.yml", "src/app.py", "src/pkg"]
    if command[0] == "flake8":
        given = ["src/app.py", "src/pkg"]
    else:
        given += ["infra/main.tf", "infra/template.yaml"]
    paths = [os.path.relpath(inner / path, outer / here) for path in given]
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-I", "-c", TRACE, str(report), *command, *paths],
        cwd=outer / here,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    seen = json.loads(report.read_text())
    assert str(inner / "src/app.py") in seen["open"]

    def outside(kind: str) -> list[str]:
        return [
            os.path.relpath(path, outer)
            for path in seen[kind]
            if path.startswith(f"{outer}{os.sep}") or path == str(outer)
            if not path.startswith(f"{inner}{os.sep}") and path != str(inner)
            # What an editable installation has on `sys.path`.
            if not os.path.basename(path).startswith("__editable__")
        ]

    assert outside("open") == outside("list") == []
    asked = {*root_module.CHECKOUTS, *root_module.CONFIGURATIONS, ".", ".."}
    # Links are followed to see where they lead.
    asked |= {os.path.relpath(inner / link, inner) for link in LINKS}
    asked |= {"helper.py", "outside.yml", "main.tf"}
    assert not set(outside("stat")) - asked


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_files_outside_decide_nothing(tmp_path, command):
    inner = {"src/app.py": SYNC.replace("def", "async def"), "src/b.py": ASYNC}
    write(tmp_path / "alone", inner)
    write(tmp_path / "outer", BAIT)
    write(tmp_path / "outer/project", inner)
    alone = run(*command, cwd=tmp_path / "alone")
    found = run(*command, cwd=tmp_path / "outer/project")
    assert (found.stdout, found.stderr) == (alone.stdout, alone.stderr)
    assert "b.py" in found.stdout + found.stderr
    assert "app.py" not in found.stdout + found.stderr


def test_template_outside_is_read_when_it_is_named(tmp_path):
    write(tmp_path / "outer", BAIT)
    write(tmp_path / "outer/project", {"src/app.py": SYNC})
    command = ["flake8_lambda_handler", "handlers", "--lambda-templates"]
    found = run(*command, "../template.yaml", cwd=tmp_path / "outer/project")
    evidence = "(template: ../template.yaml:5, python3.13)"
    assert found.stdout == f"src/app.py:1:1: main {evidence}\n"
