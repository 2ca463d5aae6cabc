"""Compare what `check` and cfn-lint say of the runtimes in CloudFormation and SAM templates.

    pip install cfn-lint
    python scripts/compare_with_cfn_lint.py FOLDER

Both look at the same files, each of them once and all rules on. What only cfn-lint says
ends this with 1. What only `check` says are layers, build methods and values behind
references and parameters, which cfn-lint passes over, and files on which it gives up: a
key that stands twice. The last line says how much processor time each has taken; `check`
is to be 20 times as fast, where the start of both counts little: for some 100 templates.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

#: What cfn-lint says of runtimes: deprecated, and blocked for creation or updates.
THEIRS = {"E2531", "E2533", "W2531"}
OURS = {"LMB501", "LMB502", "LMB503"}

#: What the command `cfn-lint` runs.
CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"

_SUFFIXES = (".json", ".template", ".yaml", ".yml")
_MARK = re.compile(r"AWS::(?:Lambda|Serverless)::")

#: A line of a file.
Line = tuple[str, int]


def templates(folder: Path) -> list[str]:
    """Return the CloudFormation and SAM templates with functions below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES)
    return [
        str(path)
        for path in files
        if path.is_file() and _MARK.search(path.read_text("utf-8", "replace"))
    ]


def run(*arguments: str) -> tuple[Any, float]:
    """Return what Python prints as JSON, and the seconds of its processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *arguments], capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout or "[]"), taken


def ours(files: list[str]) -> tuple[set[Line], float]:
    """Return the lines of old runtimes by `check`, and its seconds."""
    options = ("--isolated", "--jobs=1", "--format=json", "--select=LMB")
    found, taken = run("-m", "flake8_lambda_handler", "check", *options, *files)
    lines = {(one["path"], one["line"]) for one in found if one["code"] in OURS}
    return {(os.path.abspath(path), line) for path, line in lines}, taken


def theirs(files: list[str]) -> tuple[set[Line], set[str], float]:
    """Return the lines by cfn-lint, the files on which it gives up, and its seconds."""
    found, taken = run("-c", CFN_LINT, "--format", "json", *files)
    lines = {
        (os.path.abspath(one["Filename"]), one["Location"]["Start"]["LineNumber"])
        for one in found
        if one["Rule"]["Id"] in THEIRS and "'python" in one["Message"]
    }
    given_up = {
        os.path.abspath(one["Filename"])
        for one in found
        if one["Rule"]["Id"].startswith("E00")
    }
    return lines, given_up, taken


def main(folder: str) -> int:
    files = templates(Path(folder).absolute())
    if not files:
        sys.exit(f"no templates with functions in {folder}")
    mine, my_seconds = ours(files)
    others, given_up, their_seconds = theirs(files)
    for path, line in sorted(others - mine):
        print(f"{path}:{line}: only cfn-lint")
    for path, line in sorted(mine - others):
        reason = ", which gives up on the file" if path in given_up else ""
        print(f"{path}:{line}: not cfn-lint{reason}")
    print(
        f"{len(files)} templates, {len(mine & others)} lines by both, "
        f"{len(mine - others)} not by cfn-lint, {len(others - mine)} only by it; "
        f"{my_seconds:.2f} s and {their_seconds:.2f} s, "
        f"{their_seconds / my_seconds:.0f} times as fast"
    )
    return 1 if others - mine else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
