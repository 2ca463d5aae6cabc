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


EVENTS = {
    "zappa_settings.json": """
        {"base": {"events": [
            {"function": "jobs.nightly", "expression": "rate(1 minute)"},
            {"function": "jobs.uploaded", "event_source": {"arn": "x", "events": []}},
            {"function": 1}, 2]},
         "dev": {"extends": "base", "authorizer": {"function": "jobs.allow"},
            "cognito": {"triggers": [{"source": "x", "function": "jobs.signed_up"}]},
            "bot_events": [{"function": "jobs.said"}]}}
    """,
    "zappa_settings.yaml": """
        base: &base
          events:
          - function: jobs.nightly
            expression: rate(1 minute)
          - function: jobs.uploaded
        dev:
          extends: base
          authorizer: {function: jobs.allow}
          cognito: {triggers: [{function: jobs.signed_up}]}
          bot_events: [{function: jobs.said}]
    """,
    "zappa_settings.toml": """
        [base]
        runtime = "python3.13"
        [[base.events]]
        function = "jobs.nightly"
        expression = "rate(1 minute)"
        [[ base.events ]]  # and more
        function = 'jobs.uploaded'
        [dev]
        extends = "base"
        [dev.authorizer]
        function = "jobs.allow"
        [[dev.cognito.triggers]]
        function = "jobs.signed_up"
        [[dev.bot_events]]
        function = "jobs.said"
    """,
}
JOBS = """
    import asyncio

    async def nightly(event, context):  # LMB101
        return {}

    async def uploaded(event):  # LMB101
        return {}

    async def allow():  # LMB101
        return {}

    def signed_up(event):
        return {1, 2}  # LMB401

    async def tell():
        return {}

    def said():
        tell()  # LMB201
        return {}
"""
FINE = """
    import asyncio

    async def _nightly(event):
        return {}

    def nightly(event, context):
        return asyncio.run(_nightly(event))

    def uploaded(event):
        return {}

    def allow():
        return {}

    def signed_up(event):
        return event

    def said(event, context):
        return {}

    async def helper(event, context):
        return {}
"""


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("jobs", [JOBS, FINE], ids=["bad", "good"])
def test_functions_for_events(name, jobs):
    assert_marked({name: EVENTS[name], "jobs.py": jobs})


@pytest.mark.parametrize(
    "settings",
    [
        '{"dev": {"exception_handler": "jobs.nightly", "app_function": "jobs.nightly"}}',
        '{"dev": {"callbacks": {"post": "jobs.nightly"}, "events": "jobs.nightly"}}',
        '{"dev": {"cognito": "x", "authorizer": {"arn": "x"}, "events": [[]]}}',
    ],
)
def test_other_functions_are_no_handlers(settings):
    jobs = "async def nightly(event, context):\n    return {}\n"
    assert_marked({"zappa_settings.json": settings, "jobs.py": jobs})


def test_an_image_may_have_functions_for_events(tmp_path):
    text = '{"dev": {"docker_image_uri": "x", "runtime": "python3.8", "events": [%s]}}'
    text = text % '{"function": "jobs.nightly"}'
    found = read(tmp_path, "zappa_settings.json", text)
    assert (found.runtimes, len(found.declarations)) == ((), 1)


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
