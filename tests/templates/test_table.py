"""The table of formats: made from the readers, and followed by all that lists files."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest
import yaml
from support import ROOT

from flake8_lambda_handler import templates

MODULES = [found.name for found in pkgutil.iter_modules(templates.__path__)]
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
README = (ROOT / "README.md").read_text(encoding="utf-8")


def reader(name: str):
    return importlib.import_module(f"{templates.__name__}.{name}")


@pytest.mark.parametrize("name", MODULES)
def test_table_says_what_the_module_says(name):
    module = reader(name)
    found = [one for one in templates.formats() if one.reader == name]
    assert found == (
        [
            templates.Format(
                name,
                module.FILES,
                module.WORD,
                getattr(module, "WHOLE_FOLDER", False),
                getattr(module, "COMMAND_ONLY", False),
            )
        ]
        if hasattr(module, "FILES")
        else []
    )


@pytest.mark.parametrize("one", templates.formats(), ids=lambda one: one.reader)
def test_reader(one):
    assert callable(reader(one.reader).read)
    assert one.files and one.word
    assert list(one.files) == sorted(one.files) == [x.lower() for x in one.files]
    for glob in one.files:
        for name in (glob, glob.replace("*", "a.b"), glob.replace("*", "A").upper()):
            assert one in templates.formats_of(name)
            assert templates.is_template_name(name, by_command=True)
            assert templates.is_template_name(name) is not one.command_only


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "a.md",
        "a.txt",
        "a.py",
        "a.yamlx",
        "yaml",
        "json",
        "a.yaml.py",
        "a.tf.pyi",
    ]
    + ["template", "tf", ".json.bak"],
)
def test_other_names(name):
    assert templates.formats_of(name) == ()
    assert not templates.is_template_name(name)


@pytest.mark.parametrize(
    ("reader", "name", "expected"),
    [
        ("cloudformation", "template.yaml", True),
        ("cloudformation", "any.YML", True),
        ("cloudformation", "stack.template", True),
        ("cloudformation", "stack.template.json", True),
        ("cloudformation", "app.py", False),
        ("cloudformation", "main.tf", False),
        ("serverless", "serverless.yml", True),
        ("serverless", "any.yaml", True),
        ("serverless", "serverless.ts", False),
        ("serverless", "x.template", False),
        ("terraform", "main.tf", True),
        ("terraform", "main.tofu", True),
        ("terraform", "cdk.tf.json", True),
        ("terraform", "terraform.tfvars", True),
        ("terraform", "main.tf.template", False),
        ("terraform", "terraform.tfstate", False),
        ("terraform", "x.json", False),
    ],
)
def test_names(reader, name, expected):
    found = {one.reader for one in templates.formats_of(name)}
    assert (reader in found) is expected


def test_table_loads_no_reader():
    script = (
        "import sys\n"
        "from flake8_lambda_handler import templates\n"
        "assert templates.is_template_name('a.yaml') and templates.formats()\n"
        "print(*(x for x in sys.modules if x.startswith(templates.__name__)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [templates.__name__]


@pytest.mark.parametrize(
    ("hook", "python"),
    [("flake8-lambda-handler", r"\.pyw?$|"), ("lambda-handler-templates", "")],
)
def test_hooks_take_the_files_of_all_readers(hook, python):
    expression = templates.expression(templates.every_file())
    assert HOOKS[hook]["files"] == expression.replace("(?i)", f"(?i){python}", 1)
    pattern = re.compile(HOOKS[hook]["files"])
    for one in templates.formats():
        for glob in one.files:
            assert pattern.search("a/b/" + glob.replace("*", "c"))
    assert bool(pattern.search("a/app.py")) == bool(python)
    for other in ("a/README.md", "json", "a/yaml", "a.yaml/b", "a.tf.md"):
        assert not pattern.search(other)


def test_readme_lists_the_files_of_all_readers():
    rows = ["| Template | Files |\n| --- | --- |\n"]
    for one in templates.formats():
        title = (reader(one.reader).__doc__ or "").partition("\n")[0].rstrip(".")
        files = ", ".join(f"`{glob}`" for glob in one.files)
        rows.append(f"| {title} | {files} |\n")
    found = re.search(r"<!-- templates -->\n(.*?)<!-- /templates -->", README, re.S)
    assert found is not None
    assert found[1] == "".join(rows)
