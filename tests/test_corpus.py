"""Real templates with an answer key, which are kept outside the project.

The folder comes from the environment variable `LAMBDA_TEMPLATE_CORPUS`. Its
`index.json` names for each file the runtimes in force; a finding matches when the
identifier is equal and it is used in the line `line` or written in `value_line` (of
`value_file` in the same folder, when given). Lines under `tolerated` and `unresolved`
are neither right nor wrong.
"""

from __future__ import annotations

import collections
import json
import os
from pathlib import Path

import pytest

from flake8_lambda_handler import templates

FOLDER = os.environ.get("LAMBDA_TEMPLATE_CORPUS", "")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="LAMBDA_TEMPLATE_CORPUS names no folder of templates"
)


def entries():
    if not FOLDER:
        return []
    index = json.loads(Path(FOLDER, "index.json").read_text(encoding="utf-8"))
    return index["files"]


def score(entry):
    """Return the expected runtimes that are missed, and the findings nobody expects."""
    path = Path(FOLDER, entry["file"]).absolute()
    left = list(templates.read(str(path)).runtimes)
    missed = []
    for expected in entry["expected"]:
        written = (
            str(path.parent / expected.get("value_file", path.name)),
            expected["value_line"],
        )
        matching = [
            use
            for use in left
            if use.identifier == expected["identifier"]
            and (
                use.place[:2] == written
                or use.used_at[:2] == (str(path), expected["line"])
            )
        ]
        if matching:
            left.remove(matching[0])
        else:
            missed.append(expected)
    neither = {item["line"] for item in entry["tolerated"] + entry["unresolved"]}
    false_alarms = [
        use
        for use in left
        if use.place.line not in neither and use.used_at.line not in neither
    ]
    return missed, false_alarms


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["file"])
def test_file(entry):
    assert score(entry) == ([], [])


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["file"])
def test_literals_stand_at_their_place(entry):
    for use in templates.read(str(Path(FOLDER, entry["file"]))).runtimes:
        lines = Path(use.place.path).read_text(encoding="utf-8-sig").split("\n")
        assert lines[use.place.line - 1].startswith(use.identifier, use.place.column)


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry["file"])
def test_problems_are_those_of_broken_files(entry):
    problems = templates.read(str(Path(FOLDER, entry["file"]))).problems
    # What a template of templates holds becomes YAML later: nothing is wrong with it.
    is_fine = entry["expect"] == "ok" or "{{" in entry["file"]
    assert len(problems) == (0 if is_fine else 1)


def test_figures():
    """Print found, expected and false alarms for each format; `-s` shows them."""
    total = collections.defaultdict(collections.Counter)
    for entry in entries():
        missed, false_alarms = score(entry)
        figures = total[entry["format"]]
        figures["expected"] += len(entry["expected"])
        figures["found"] += len(entry["expected"]) - len(missed)
        figures["false alarms"] += len(false_alarms)
    for name, figures in sorted(total.items()):
        print(f"{name}: {dict(figures)}")
    assert total
    for figures in total.values():
        assert figures["found"] == figures["expected"]
        assert figures["false alarms"] == 0
