from __future__ import annotations

import argparse
import datetime
import os

import pytest
from flake8.exceptions import ExecutionError
from flake8.options.parse_args import parse_args
from support import TODAY
from support import project

from flake8_lambda_handler import cli
from flake8_lambda_handler import options
from flake8_lambda_handler.plugin import Plugin
from flake8_lambda_handler.settings import Settings
from flake8_lambda_handler.settings import SettingsError

HANDLER_PATTERNS = (
    "app.lambda_handler",
    "*.lambda_handler",
    "*.*_handler",
    "src/orders/*.main",
    "src/orders/[a-c]*.main",
    "src.orders.app.main",
    "./src/app.main",
    "*/shared/app.handler",
    "über.händler",
)

#: Configuration or argument → what the error must say.
BAD = {
    "a pattern without a function": (
        ["--lambda-handlers=lambda_handler"],
        "lambda-handlers: `lambda_handler` names no function; "
        "write a module path, a dot and a function",
    ),
    "a dot in the folder is not a function": (
        ["--lambda-handlers=src.d/app"],
        "lambda-handlers: `src.d/app` names no function; "
        "write a module path, a dot and a function",
    ),
    "a pattern without a module": (
        ["--lambda-handlers=src/.main"],
        "lambda-handlers: `src/.main` names no function; "
        "write a module path, a dot and a function",
    ),
    "a file": (
        ["--lambda-handlers=src/app.py"],
        "lambda-handlers: `src/app.py` is a file; "
        "name the function too: `src/app.lambda_handler`",
    ),
    "a colon, as other tools write it": (
        ["--lambda-handlers=src/app.py:main"],
        "lambda-handlers: `src/app.py:main` has a colon; write `src/app.main`",
    ),
    "a colon between dots": (
        ["--lambda-handlers=src.app:main"],
        "lambda-handlers: `src.app:main` has a colon; write `src.app.main`",
    ),
    "a path above the configuration": (
        ["--lambda-handlers=../src/app.main"],
        "lambda-handlers: `../src/app.main` leads out of the configuration file's "
        "folder; start there, or write `*/app.main`",
    ),
    "an absolute path": (
        ["--lambda-handlers=/src/app.main"],
        "lambda-handlers: `/src/app.main` leads out of the configuration file's "
        "folder; start there, or write `*/app.main`",
    ),
    "a function that cannot be a name": (
        ["--lambda-handlers=app.lambda(handler)"],
        "lambda-handlers: `app.lambda(handler)` ends in `lambda(handler)`, "
        "which cannot be a function's name",
    ),
    "a template that does not exist": (
        ["--lambda-templates=infra/*.tf"],
        "lambda-templates: `infra/*.tf` matches no file; "
        "paths start at the configuration file's folder",
    ),
    "a folder is no template": (
        ["--lambda-templates=.git"],
        "lambda-templates: `.git` matches no file; "
        "paths start at the configuration file's folder",
    ),
    "a day that does not exist": (
        ["--lambda-as-of=2026-02-30"],
        "lambda-as-of: `2026-02-30` is no date; write it as 2026-11-30",
    ),
    "a date without dashes": (
        ["--lambda-as-of=20261120"],
        "lambda-as-of: `20261120` is no date; write it as 2026-11-30",
    ),
    "a week date": (
        ["--lambda-as-of=2026-W47-5"],
        "lambda-as-of: `2026-W47-5` is no date; write it as 2026-11-30",
    ),
    "a word for a number": (
        ["--lambda-deprecation-horizon=soon"],
        "lambda-deprecation-horizon: `soon` is no number of days from 0 to 3650",
    ),
    "a negative number": (
        ["--lambda-deprecation-horizon=-1"],
        "lambda-deprecation-horizon: `-1` is no number of days from 0 to 3650",
    ),
    "a number too large for a date": (
        ["--lambda-deprecation-horizon=99999999999999"],
        "lambda-deprecation-horizon: `99999999999999` is no number of days "
        "from 0 to 3650",
    ),
}
ROADS = {
    "nothing": ("", []),
    "configuration": (
        """
        lambda-handlers =
            app.lambda_handler,
            src/*.main
        lambda-templates = infra/*.tf, template.yaml
        lambda-as-of = 2026-11-20
        lambda-deprecation-horizon = 90
        """,
        [],
    ),
    "configuration with underscores": ("lambda_handlers = app.handler", []),
    "arguments": (
        "",
        [
            "--lambda-handlers=app.lambda_handler,src/*.main",
            "--lambda-templates=infra/*.tf,template.yaml",
            "--lambda-as-of=2026-11-20",
            "--lambda-deprecation-horizon=90",
        ],
    ),
    "arguments before configuration": (
        "lambda-as-of = 2020-01-01\nlambda-handlers = other.handler",
        ["--lambda-as-of=2026-11-20", "--lambda-handlers=app.handler"],
    ),
    "empty values": ("lambda-handlers =\nlambda-templates =\nlambda-as-of =", []),
    "a configuration file elsewhere": ("", ["--config=conf/flake8.ini"]),
    "an appended configuration file": ("", ["--append-config=conf/flake8.ini"]),
    "isolated": ("lambda-handlers = app.handler", ["--isolated"]),
}

FILES = {
    "template.yaml": "{}\n",
    "infra/main.tf": "\n",
    "conf/infra/main.tf": "\n",
    "conf/flake8.ini": "[flake8]\nlambda-handlers = app.handler\n"
    "lambda-templates = infra/main.tf\n",
    "deep/er/empty.txt": "",
}


def by_command(*arguments: str) -> Settings:
    parser = argparse.ArgumentParser()
    options.add(parser)
    settings = options.load(parser.parse_args(arguments))[1]
    assert settings.by_command  # the one thing that differs
    return settings._replace(by_command=False)


def by_flake8(*arguments: str) -> Settings:
    parse_args(arguments)
    return Plugin.settings


@pytest.mark.parametrize("below", ["", "deep/er"])
@pytest.mark.parametrize(("section", "arguments"), ROADS.values(), ids=ROADS)
def test_flake8_and_the_command_read_the_same_settings(section, arguments, below):
    lines = "\n    ".join(line.strip() for line in section.strip().splitlines())
    lines = lines.replace("\n    lambda", "\nlambda")
    with project({**FILES, "setup.cfg": f"[flake8]\n{lines}\n"}) as folder:
        if not any("infra" in a or "conf" in a for a in arguments):
            os.chdir(folder / below)
        assert by_command(*arguments) == by_flake8(*arguments)


def test_settings_of_a_configuration_are_relative_to_its_folder():
    section = ROADS["configuration"][0].replace("        ", "  ").strip()
    section = section.replace("\n  lambda", "\nlambda")
    with project({**FILES, "setup.cfg": f"[flake8]\n{section}\n"}) as folder:
        os.chdir(folder / "deep" / "er")
        assert by_flake8() == Settings(
            handlers=("app.lambda_handler", "src/*.main"),
            folder=str(folder),
            templates=(str(folder / "infra/*.tf"), str(folder / "template.yaml")),
            as_of=datetime.date(2026, 11, 20),
            horizon_days=90,
        )


def test_settings_of_a_named_configuration_are_relative_to_its_folder():
    with project(FILES) as folder:
        settings = by_flake8("--config=conf/flake8.ini")
        assert settings.folder == str(folder / "conf")
        assert settings.templates == (str(folder / "conf" / "infra" / "main.tf"),)


def test_settings_of_the_command_line_are_relative_to_the_current_folder():
    with project({**FILES, "setup.cfg": "[flake8]\n"}) as folder:
        os.chdir(folder / "conf")
        settings = by_flake8("--lambda-handlers=a.b", "--lambda-templates=infra/*.tf")
        assert settings.folder == str(folder / "conf")
        assert settings.templates == (str(folder / "conf" / "infra" / "*.tf"),)


def test_without_options_the_day_is_today_and_nothing_else_is_set():
    with project({}) as folder:
        before = datetime.date.today()
        settings = by_flake8("--isolated")
        after = datetime.date.today()
    assert before <= settings.as_of <= after
    assert settings._replace(as_of=TODAY) == Settings((), str(folder), (), TODAY, 0)


@pytest.mark.parametrize("pattern", HANDLER_PATTERNS)
def test_pattern_is_kept_as_written(pattern):
    with project({}):
        settings = by_flake8(f"--lambda-handlers={pattern}")
        assert settings.handlers == (pattern.removeprefix("./"),)


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_argument(arguments, message):
    with project({}):
        with pytest.raises(SettingsError) as ours:
            by_command(*arguments)
        with pytest.raises(ExecutionError) as flake8s:
            by_flake8(*arguments)
    assert str(ours.value) == str(flake8s.value) == message


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_configuration(arguments, message):
    key, _, value = arguments[0].removeprefix("--").partition("=")
    with project({"setup.cfg": f"[flake8]\n{key} = {value}\n"}):
        with pytest.raises(SettingsError) as ours:
            by_command()
        with pytest.raises(ExecutionError) as flake8s:
            by_flake8()
    assert str(ours.value) == str(flake8s.value) == message


UNKNOWN_KEYS = {
    "lambda-handler": "lambda-handlers",
    "lambda_template": "lambda-templates",
    "lambda-today": "lambda-as-of",
    "lambda-horizon": "lambda-deprecation-horizon",
    "lamda-handlers": "lambda-handlers",
}


@pytest.mark.parametrize("file", ["setup.cfg", "tox.ini", ".flake8"])
@pytest.mark.parametrize(("key", "nearest"), UNKNOWN_KEYS.items())
def test_unknown_key_names_the_file_and_the_nearest_key(capsys, file, key, nearest):
    with project({file: f"[flake8]\nselect = LMB\n{key} = x\n"}):
        assert cli.main(["check"]) == 2
    assert capsys.readouterr() == (
        "",
        f"flake8-lambda-handler: error: {file}: unknown key `{key}` in [flake8]; "
        f"did you mean `{nearest}`?\n",
    )


def test_keys_of_other_plugins_are_not_ours():
    with project({"setup.cfg": "[flake8]\nmax-complexity = 3\nstrictness = long\n"}):
        assert cli.main(["check"]) == 0


BROKEN_CONFIGURATIONS = {
    "a code that flake8 refuses": "[flake8]\nignore = lambda\n",
    "a key that stands twice": "[flake8]\nselect = E\nselect = F\n",
    "per-file-ignores without a colon": "[flake8]\nper-file-ignores = a b c\n",
    "a number that is none": "[flake8]\nmax-line-length = wide\n",
}


@pytest.mark.parametrize(
    "text", BROKEN_CONFIGURATIONS.values(), ids=BROKEN_CONFIGURATIONS
)
def test_broken_configuration_is_one_line(capsys, text):
    with project({"setup.cfg": text}):
        assert cli.main(["check"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("flake8-lambda-handler: error: ")
    assert err.count("\n") == 1


def test_missing_configuration_is_one_line(capsys):
    with project({}):
        assert cli.main(["check", "--config", "none.ini"]) == 2
    assert capsys.readouterr().err == (
        "flake8-lambda-handler: error: "
        "The specified config file does not exist: none.ini\n"
    )
