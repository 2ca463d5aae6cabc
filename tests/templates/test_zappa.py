"""Zappa's settings: stages, what they extend, and the forms of the file."""

from __future__ import annotations

import pytest
from support import assert_marked
from template_marks import assert_marked as assert_runtimes
from template_marks import handlers
from template_marks import read

from flake8_lambda_handler import templates

YAML = {
    "each stage": """
        dev:
          app_function: app.app
          runtime: python3.8  #= python3.8
        prod:
          runtime: 'python3.12'  #= python3.12
    """,
    "a stage that another extends": """
        base:
          runtime: python3.8  #= python3.8
        dev:
          extends: base
        prod:
          extends: base
          runtime: python3.13  #= python3.13
    """,
    "a circle of stages": """
        one:
          extends: two
        two:
          extends: one
    """,
    "an image, which has its own": """
        dev:
          runtime: python3.8
          docker_image_uri: 1.dkr.ecr.eu-west-1.amazonaws.com/a:1
    """,
    "no runtime": """
        dev:
          environment_variables:
            runtime: python3.8
          python: python3.8
    """,
}

TOML = {
    "each stage": """
        [dev]
        app_function = "app.app"
        runtime = "python3.8"  #= python3.8
        [ "prod" ]  # all of it
          runtime = 'python3.12' #= python3.12
    """,
    "a stage that another extends": """
        [base]
        runtime = "python3.8" #= python3.8
        [dev]
        extends = "base"
    """,
    "no runtime of a stage": """
        runtime = "python3.8"
        [dev.environment_variables]
        # runtime = "python3.8"
        note = 'runtime = "python3.8"'
    """,
}


@pytest.mark.parametrize("text", YAML.values(), ids=YAML)
@pytest.mark.parametrize("name", ["zappa_settings.yml", "zappa_settings.yaml"])
def test_yaml(tmp_path, name, text):
    assert_runtimes(tmp_path, name, text)


@pytest.mark.parametrize("text", TOML.values(), ids=TOML)
def test_toml(tmp_path, text):
    assert_runtimes(tmp_path, "zappa_settings.toml", text)


JSON = """\
{
  "dev": {"lambda_handler": "shop/app.main", "runtime": "python3.8"},
  "prod": {"extends": "dev", "runtime": "python3.13"},
  "test": {"app_function": "app.app", "extends": "other"}
}
"""


def test_json(tmp_path):
    found = read(tmp_path, "zappa_settings.json", JSON)
    assert [(x.identifier, x.place.line, x.resource) for x in found.runtimes] == [
        ("python3.8", 2, "dev"),
        ("python3.13", 3, "prod"),
    ]
    assert handlers(tmp_path, found.declarations) == [
        "dev shop/app.main python3.8 .",
        "prod shop/app.main python3.13 .",
    ]


def test_handlers_are_followed():
    assert_marked(
        {
            "zappa_settings.json": '{"dev": {"lambda_handler": "app.main"}}',
            "app.py": "async def main(event, context):  # LMB101\n    return {}\n",
        }
    )


def test_the_application_is_no_handler():
    assert_marked(
        {
            "zappa_settings.json": '{"dev": {"app_function": "app.main"}}',
            "app.py": "async def main(event, context):\n    return {}\n",
        }
    )


@pytest.mark.parametrize("name", ["zappa_settings.py", "settings.toml", "zappa.toml"])
def test_other_files(name):
    assert not templates.is_template_name(name)


@pytest.mark.parametrize("text", ["{", "[1, 2]", "", "1", '{"dev": 1}', '{"dev": {}}'])
def test_other_texts_declare_nothing(tmp_path, text):
    found = read(tmp_path, "zappa_settings.json", text)
    assert (found.runtimes, found.declarations) == ((), ())
    assert bool(found.problems) == (text == "{")
