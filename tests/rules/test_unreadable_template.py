"""LMB001: a template that cannot be read or parsed."""

from __future__ import annotations

import pytest

from flake8_lambda_handler import templates
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.rules import unreadable_template as rule

pytestmark = pytest.mark.usefixtures("with_and_without_git")


def findings(template):
    return [
        (line, column, rule.MESSAGE.format(**fields))
        for line, column, fields in rule.check_template(template)
    ]


def test_full_message(tmp_path):
    path = tmp_path / "template.yaml"
    path.write_text("Resources:\n  A: b: c\n")
    text = "template is not valid YAML: mapping values are not allowed in this context"
    assert findings(templates.read(str(path))) == [(2, 6, text)]


@pytest.mark.parametrize("text", ["Resources: {}\n", "", "a: [b]\n"])
def test_good(tmp_path, text):
    path = tmp_path / "template.yaml"
    path.write_text(text)
    assert findings(templates.read(str(path))) == []


def test_problems_of_other_files_are_theirs():
    problems = (
        Problem(Place("/a/main.tf", 1, 0), "is one"),
        Problem(Place("/a/other.tf", 2, 0), "is two"),
    )
    template = Template("/a/main.tf", problems=problems)
    assert findings(template) == [(1, 0, "template is one")]
