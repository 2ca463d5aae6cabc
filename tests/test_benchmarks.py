"""The script that the README's figures come from: what it runs, not for how long."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from support import ROOT
from support import project

SCRIPT = ROOT / "benchmarks" / "flake8_ratio.py"


def measured(*arguments, cwd):
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--runs=1", *arguments],
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


def test_the_readme_names_its_source():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (answer,) = re.findall(r"\*\*What does it cost\?\*\*(.*?)\n\n## ", readme, re.S)
    assert "`benchmarks/flake8_ratio.py`" in answer
    assert "httpx" in answer and "httpx==" in SCRIPT.read_text(encoding="utf-8")
