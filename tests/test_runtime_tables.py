"""The lifecycle table: rows of the user's, and what installed packages know."""

from __future__ import annotations

import datetime
import importlib.util
import json
import re
import sys
from importlib.metadata import version

import pytest
from support import ROOT
from support import project
from support import run

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.settings import SettingsError
from flake8_lambda_handler.settings import from_options
from flake8_lambda_handler.settings import listed

TODAY = datetime.date(2026, 11, 20)

sys.path.insert(0, str(ROOT / "scripts"))
import make_runtimes  # noqa: E402

sys.path.pop(0)

#: Dates of packages that are known to be wrong: identifier, key, the package's date.
DIFFERENCES: set[tuple[str, str, str]] = set()


def is_newer(package):
    """Is an installed package at least as new as the one the table was compared with?"""
    if importlib.util.find_spec(package.replace("cfn-lint", "cfnlint")) is None:
        return False
    recorded = re.search(r"\d+(?:\.\d+)+", runtimes.SOURCES[package])
    assert recorded is not None

    def key(text):
        return [int(part) for part in re.findall(r"\d+", text)[:3]]

    return key(version(package)) >= key(recorded[0])


def test_cfn_lint_knows_no_other_dates():
    if not is_newer("cfn-lint"):
        pytest.skip("no cfn-lint that is new enough")
    for identifier, dates in make_runtimes.lifecycle().items():
        row = runtimes.TABLE[identifier]
        for name, day in dates.items():
            if (identifier, name, day) not in DIFFERENCES:
                assert getattr(row, name).isoformat() == day, (identifier, name)


def test_botocore_knows_no_newer_runtime():
    assert make_runtimes.identifiers() <= set(runtimes.TABLE)


def test_the_script_changes_nothing_that_is_known(monkeypatch, capsys):
    known = {
        row.identifier: {
            name: getattr(row, name).isoformat() for name in make_runtimes.DATES
        }
        for row in runtimes.TABLE.values()
        if not row.is_preview
    }
    monkeypatch.setattr(make_runtimes, "lifecycle", lambda: known)
    before = make_runtimes.TARGET.read_text(encoding="utf-8")
    data = make_runtimes.updated(json.loads(before))
    assert make_runtimes.text(data) == before
    assert capsys.readouterr().out == ""


def test_the_script_takes_other_dates_and_new_runtimes(monkeypatch, capsys):
    dates = dict.fromkeys(make_runtimes.DATES, "2030-01-01")
    monkeypatch.setattr(make_runtimes, "lifecycle", lambda: {"python3.15": dates})
    monkeypatch.setattr(make_runtimes, "identifiers", lambda: {"python3.16"})
    before = json.loads(make_runtimes.TARGET.read_text(encoding="utf-8"))
    table = runtimes.read(make_runtimes.updated(before), TODAY)
    assert table["python3.15"].deprecated == datetime.date(2030, 1, 1)
    assert not table["python3.15"].is_preview
    assert table["python3.16"].is_preview
    assert capsys.readouterr().out.count("\n") == 2


def settings(value):
    class Options:
        lambda_handlers = lambda_templates = lambda_as_of = ""
        lambda_deprecation_horizon = "0"
        lambda_verbose = False
        lambda_runtimes = listed(value)

    return from_options(Options, TODAY)  # type: ignore[arg-type]


def row(**changes):
    return {"identifier": "python3.16", "deprecated": "2031-10-31", **changes}


#: What stands in the file, and what is said of it after its name.
BAD = {
    "no JSON": ("{\n\n]", "is not valid JSON in line 3: "),
    "nothing": ("", "is not valid JSON in line 1: expecting value"),
    "no list": ({}, 'has no list `runtimes`; write {"runtimes": [{…}]}'),
    "no rows": ({"runtimes": ["x"]}, "runtimes[0]: is no object; write "),
    "an unknown key": (
        [row(depracated="x")],
        "runtimes[0]: unknown key `depracated`; did you mean `deprecated`?",
    ),
    "no identifier": ([{}], "runtimes[0].identifier: `None` is none; "),
    "a wrong one": (
        [row(), row(identifier="python316")],
        "runtimes[1].identifier: `python316` is none; write `python3.16`",
    ),
    "no date": (
        [row(create_blocked="soon")],
        "runtimes[0].create_blocked: `soon` is no date; write it as 2026-11-30, or null",
    ),
    "a number": (
        [row(deprecated=20261130)],
        "runtimes[0].deprecated: `20261130` is no date; ",
    ),
    "no truth": ([row(preview="no")], "runtimes[0].preview: `no` is none; write true "),
    "no sources": ([row(sources="me")], "runtimes[0].sources: `me` is no list; "),
    "twice": ([row(), row()], "runtimes: `python3.16` stands twice; keep one"),
}


@pytest.mark.parametrize(("content", "text"), BAD.values(), ids=BAD)
def test_bad(tmp_path, monkeypatch, content, text):
    monkeypatch.chdir(tmp_path)
    written = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "rows.json").write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        settings("rows.json")
    message = str(caught.value)
    assert message.startswith(f"lambda-runtimes: `rows.json` {text}")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("value", "text"),
    {
        "gone.json": "`gone.json` cannot be read: no such file or directory; "
        "paths start at the configuration's folder",
        ".": "`.` cannot be read: ",
        "a.json b.json": "`a.json b.json` is more than one file",
    }.items(),
)
def test_bad_files(tmp_path, monkeypatch, value, text):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=re.escape(f"lambda-runtimes: {text}")):
        settings(value)


def test_rows_take_the_place_of_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    changed = row(identifier="python3.8", deprecated=None)
    (tmp_path / "rows.json").write_text(json.dumps({"runtimes": [row(), changed]}))
    table = settings("rows.json").runtimes
    assert [*table] == [*runtimes.TABLE, "python3.16"]
    assert table["python3.8"].deprecated is None
    assert table["python3.9"] == runtimes.TABLE["python3.9"]
    assert settings("").runtimes is runtimes.TABLE


FILES = {
    "rows.json": json.dumps(
        [row(), row(identifier="python3.11", deprecated="2026-01-01")]
    ),
    "setup.cfg": "[flake8]\nlambda-runtimes = rows.json\nlambda-as-of = 2026-11-20\n",
    "template.yaml": "Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n"
    "    Type: AWS::Serverless::Function\n    Properties:\n"
    "      {Runtime: python3.11, Handler: app.handler, CodeUri: .}\n",
    "app.py": "def handler(event, context): return {}\n",
}
TEXT = "LMB501 runtime `python3.11` is deprecated since 2026-01-01; use `python3.16`"


def test_everywhere():
    with project(FILES) as folder:
        flake8 = run("flake8", "--select=LMB", cwd=folder)
        check = run("flake8_lambda_handler", "check", cwd=folder)
        table = run("flake8_lambda_handler", "runtimes", cwd=folder)
    assert flake8.stdout == f"./app.py:1:1: {TEXT} (template.yaml:6)\n"
    assert check.stdout == f"template.yaml:6:17: {TEXT}\n"
    assert "python3.16  2031-10-31" in table.stdout


def test_a_file_that_cannot_be_used():
    with project({**FILES, "rows.json": "[{}]"}) as folder:
        for command in (["flake8"], ["flake8_lambda_handler", "check"]):
            done = run(*command, cwd=folder)
            assert done.returncode != 0
            assert "lambda-runtimes: `rows.json` runtimes[0].identifier" in (
                done.stdout + done.stderr
            )
            assert "Traceback" not in done.stderr
