"""What every rule must have: a true page, a code of its own, a row in the README."""

from __future__ import annotations

import re
import string
from types import ModuleType

import pytest
from support import ROOT
from support import violations

from flake8_lambda_handler import engine
from flake8_lambda_handler.cli import explain

RULES = engine.rules()

HEADINGS = {
    "What it does": True,
    "Why is this bad": True,
    "Limits": False,
    "Example": True,
    "Use instead": True,
    "Options": False,
    "References": True,
}
#: Name of the file that an example block is, unless its first line names it.
FILES = {"python": "app.py", "yaml": "template.yaml", "hcl": "main.tf"}

CHECKS = ("check_fault", "check_module", "check_runtime", "check_template")

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.CODE)


def sections(rule: ModuleType) -> dict[str, str]:
    """Return the text under each heading of a rule's page."""
    parts = re.split(r"^## (.+)$", explain.page(rule), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def example(text: str) -> dict[str, str]:
    """Return the files that the code blocks of a section stand for."""
    files = {}
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    for language, block in blocks:
        named = re.match(r"# (\S+\.\w+)\n", block)
        name = named[1] if named else FILES[language]
        assert name not in files, f"two blocks for {name}"
        files[name] = block
    return files


def codes(rule: ModuleType, files: dict[str, str]) -> set[str]:
    """Return the codes that the files yield."""
    horizon_days = 365 if rule.CODE == "LMB504" else 0
    return {found.code for found in violations(files, horizon_days=horizon_days)}


def test_there_are_rules():
    assert len(RULES) >= 8


def test_codes_and_names_are_unique():
    assert len({rule.CODE for rule in RULES}) == len(RULES)
    assert [rule.CODE for rule in RULES] == sorted(rule.CODE for rule in RULES)
    assert len({engine.name(rule) for rule in RULES}) == len(RULES)


@each_rule
def test_code_and_message(rule):
    assert re.fullmatch(r"LMB\d{3}", rule.CODE)
    assert len(rule.MESSAGE) <= 100
    assert not rule.MESSAGE.endswith(".")
    assert rule.MESSAGE.isprintable()
    assert rule.CODE not in rule.MESSAGE
    fields = [name for _, name, _, _ in string.Formatter().parse(rule.MESSAGE) if name]
    assert rule.MESSAGE[0].islower() or rule.MESSAGE.startswith(("`", "{"))
    assert fields, "names nothing that the user wrote"


@each_rule
def test_repair_and_level(rule):
    for path in ("app.py", "template.yaml"):
        repair = engine.repair(rule.CODE, path)
        assert 20 <= len(repair) <= 110
        assert repair.isprintable()
        assert not repair.endswith(".")
        assert repair[0].islower() or repair.startswith("`")
    # What rewrites Python leaves the code inside templates alone; runtimes it moves.
    assert "migrate" not in repair or rule.CODE.startswith("LMB50")
    assert engine.level(rule.CODE) in ("error", "warning")


@each_rule
def test_rule_has_one_check(rule):
    assert sum(hasattr(rule, name) for name in CHECKS) == 1


@each_rule
def test_page_has_the_headings_in_order(rule):
    found = list(sections(rule))
    assert found == [heading for heading in HEADINGS if heading in found]
    for heading, is_required in HEADINGS.items():
        assert heading in found or not is_required, heading


@each_rule
def test_page_starts_with_one_sentence(rule):
    assert rule.__doc__ is not None
    first, empty = rule.__doc__.splitlines()[:2]
    assert first.endswith(".")
    assert empty == ""
    assert len(explain.summary(rule)) <= 80


@each_rule
def test_example_yields_exactly_this_code(rule):
    files = example(sections(rule)["Example"])
    assert files, "no code block"
    assert codes(rule, files) == {rule.CODE}


@each_rule
def test_message_of_the_example_is_one_line_and_ends_in_what_to_write(rule):
    files = example(sections(rule)["Example"])
    horizon_days = 365 if rule.CODE == "LMB504" else 0
    for found in violations(files, horizon_days=horizon_days):
        assert len(found.text) <= 210
        assert found.text.isprintable()
        assert not found.text.endswith(".")
        if rule.CODE < "LMB5" and rule.CODE not in ("LMB001", "LMB301"):
            *_, cure = found.text.split("; ")
            assert re.match(r"(?:did|give|keep|make|put|return|run|use) |`", cure)


@each_rule
def test_use_instead_yields_nothing(rule):
    files = example(sections(rule)["Use instead"])
    assert files, "no code block"
    assert codes(rule, files) == set()


@each_rule
def test_rule_has_a_row_in_the_readme(rule):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| {rule.CODE} | `{engine.name(rule)}` |" in readme
