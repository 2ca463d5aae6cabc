"""The script that the README's figures come from: what it runs, not for how long."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from support import ROOT
from support import project

SCRIPT = ROOT / "benchmarks" / "flake8_ratio.py"
PREFILTER = ROOT / "benchmarks" / "prefilter_ratio.py"


def measured(*arguments, cwd, script=SCRIPT):
    return subprocess.run(
        [sys.executable, str(script), "--runs=1", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("named", ["src", "./src", "{}/src"])
def test_measures_the_folder_that_is_named(named):
    with project({"src/app.py": "x = 1\n"}) as folder:
        done = measured(named.format(folder), cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"without +\d+\.\d\d s   with +\d+\.\d\d s   ratio ", done.stdout)


@pytest.mark.parametrize("named", ["lib", "src/app.py", "{}/lib"])
def test_measures_nothing_else(named):
    with project({"src/app.py": "x = 1\n"}) as folder:
        name = named.format(folder)
        done = measured(name, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"error: `{name}` is no folder\n")


def test_measures_the_start():
    with project({}) as folder:
        done = measured("--start-up", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"without +\d+\.\d\d s   with +\d+\.\d\d s   ratio ", done.stdout)


@pytest.mark.parametrize("named", ["src", "{}/src"])
def test_measures_what_is_passed_over(named):
    files = {"src/a.py": "x = 1\n", "src/b.py": "async def f(): ...\n", "src/c.py": "("}
    with project(files) as folder:
        name = named.format(folder)
        done = measured(name, cwd=folder, script=PREFILTER)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"parse +\d+\.\d+ s   pass over +\d+\.\d+ s   ratio ", done.stdout)
    assert "   let through 1 of 2\n" in done.stdout


@pytest.mark.parametrize("named", ["lib", "src/app.py"])
def test_passes_over_nothing_else(named):
    with project({"src/app.py": "x = 1\n"}) as folder:
        done = measured(named, cwd=folder, script=PREFILTER)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(f"error: `{named}` is no folder\n")


def test_the_readme_names_its_source():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (answer,) = re.findall(r"\*\*What does it cost\?\*\*(.*?)\n\n## ", readme, re.S)
    assert "`benchmarks/flake8_ratio.py`" in answer
    assert "httpx" in answer and "httpx==" in SCRIPT.read_text(encoding="utf-8")
