"""Runs the rules over small sources, and compares findings with marks in them.

A mark is a comment at the end of a line: `# LMB101`, or `# LMB101 LMB103`. The marks
are the whole expectation: exactly these lines, exactly these codes.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import gc
import io
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from flake8_lambda_handler import engine
from flake8_lambda_handler import templates
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings
from tests import warm

ROOT = Path(__file__).resolve().parents[1]

#: The day that every test lives in.
TODAY = datetime.date(2026, 11, 20)

_MARK = re.compile(r"#\s*(LMB\d{3}(?:\s+LMB\d{3})*)\s*$")


def violations(
    files: str | dict[str, str], *, name: str = "app.py", **settings: Any
) -> list[Violation]:
    """Return what the rules find in the files, in order, with paths from their folder.

    One text stands for a file `name`. The folder is a project of its own; the current
    folder is the project's during the run. `settings` are fields of `Settings`, where
    `templates` may be relative.
    """
    texts = _dedented(files, name)
    with project(texts) as folder:
        chosen = settings_for(folder, **settings)
        found = _check(folder, sorted(texts), chosen)
    return found


def on(runtime: str, source: str) -> dict[str, str]:
    """Return an `app.py` and a template that declares a runtime for its handlers."""
    source = textwrap.dedent(source)
    names = re.findall(r"^(?:async )?(?:def )?(\w*handler\w*)(?:\(| =)", source, re.M)
    functions = "".join(
        f"  Function{number}:\n"
        "    Type: AWS::Serverless::Function\n"
        f"    Properties: {{Handler: app.{name}, Runtime: {runtime}, CodeUri: .}}\n"
        for number, name in enumerate(dict.fromkeys(names))
    )
    head = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    return {"app.py": source, "template.yaml": head + functions}


def with_calls(source: str, before: str, mark: str = "") -> str:
    """Return a source in which each `CALL(...)` is what it holds, with text around it.

    `mark` stands at the end of its line.
    """
    return re.sub(
        r"CALL\((.*)\)$", lambda found: f"{before}{found[1]}{mark}", source, flags=re.M
    )


def assert_marked(
    files: str | dict[str, str], *, name: str = "app.py", **settings: Any
) -> None:
    """Assert that the findings are exactly the marks."""
    texts = _dedented(files, name)
    expected = sorted(
        (path, number, code)
        for path, text in texts.items()
        for number, line in enumerate(text.split("\n"), 1)
        for mark in _MARK.finditer(line)
        for code in mark[1].split()
    )
    found = violations(texts, **settings)
    assert [v[:2] + (v.code,) for v in found] == expected, _explained(found, texts)


def is_dropped(source: str, *expected: type[Exception]) -> bool:
    """Return whether Python says of a handler that a coroutine was never awaited.

    It is called once, in a module `app`; `expected` is what it may raise.
    """
    module = types.ModuleType("app")
    names = module.__dict__
    gc.collect()  # what other tests have left is not told of this one
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with mock.patch.dict(sys.modules, app=module):
            exec(source, names)
        with contextlib.suppress(*expected):
            names["lambda_handler"]({}, None)
        names.clear()
        gc.collect()
    return any("never awaited" in str(one.message) for one in told)


@contextlib.contextmanager
def project(files: dict[str, str], *, marker: str | None = None) -> Iterator[Path]:
    """Give a new folder that holds the files and is the root of a project.

    It is one by a folder `marker`; unless one is asked for, the fixture
    `with_and_without_git` chooses. Without any, it is one as the current folder.
    """
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        if marker := marker or os.environ.get("PROJECT_MARKER", ".git"):
            (folder / marker).mkdir()
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def settings_for(
    folder: Path,
    handlers: tuple[str, ...] = (),
    templates: tuple[str, ...] = (),
    as_of: datetime.date = TODAY,
    horizon_days: int = 0,
) -> Settings:
    """Return settings for a project; the globs of `templates` start at its folder."""
    globs = tuple(str(folder / glob) for glob in templates)
    return Settings(handlers, str(folder), globs, as_of, horizon_days)


def run(
    *command: str, cwd: Path | str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` in a folder, with a clean environment and a time limit."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_")
    }
    env = {**inherited, "PYTHONIOENCODING": "utf-8", **environment}
    if warm.is_like_here(env):
        done = warm.run_module(*command, cwd=cwd, env=env, stdin=stdin.encode())
        texts = [_text(written) for written in (done.stdout, done.stderr)]
        return subprocess.CompletedProcess(done.args, done.returncode, *texts)
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=env,
        timeout=300,
    )


def _text(written: bytes) -> str:
    return io.TextIOWrapper(io.BytesIO(written), "utf-8").read()


def _dedented(files: str | dict[str, str], name: str) -> dict[str, str]:
    if isinstance(files, str):
        files = {name: files}
    return {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items()}


def _check(folder: Path, paths: list[str], settings: Settings) -> list[Violation]:
    session = Session(settings)
    found = []
    for path in paths:
        full = str(folder / path)
        if path.endswith(".py"):
            text = (folder / path).read_text(encoding="utf-8")
            tree = ast.parse(text)
            if session.concerns(full, text):
                module = session.module(full, tree, text)
                found += engine.check_module(session, module)
        elif templates.is_template_name(os.path.basename(path), by_command=True):
            template = templates.read(full)
            found += engine.check_template(session.project, template)
            found += engine.check_embedded(session, template)
    return sorted(
        {
            violation._replace(path=Path(violation.path).relative_to(folder).as_posix())
            for violation in found
        }
    )


def _explained(found: list[Violation], texts: dict[str, str]) -> str:
    lines = ["found instead:"]
    for path, line, column, code, text in found:
        lines.append(f"{path}:{line}:{column + 1}: {code} {text}")
        lines.append("    " + texts[path].split("\n")[line - 1].strip())
    return "\n".join(lines)
