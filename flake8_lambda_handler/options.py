"""flake8's own options and configuration, for the commands that read files."""

from __future__ import annotations

import argparse
import configparser
import datetime
import difflib
import io
import os
from argparse import ArgumentParser
from argparse import Namespace

from flake8.main.options import register_default_options
from flake8.main.options import stage1_arg_parser
from flake8.options.aggregator import aggregate_options
from flake8.options.config import load_config
from flake8.options.manager import OptionManager

from flake8_lambda_handler import __version__
from flake8_lambda_handler import reading
from flake8_lambda_handler.settings import Settings
from flake8_lambda_handler.settings import SettingsError
from flake8_lambda_handler.settings import add_options
from flake8_lambda_handler.settings import from_options

#: Where flake8 looks for a configuration, in each folder upwards.
FILES = ("setup.cfg", "tox.ini", ".flake8")
#: Where Flake8-pyproject looks for a configuration: in the current folder.
PYPROJECT = "pyproject.toml"

#: Options of flake8 that say which files are read.
READING = frozenset({"--exclude", "--extend-exclude", "--filename"})
#: Options of flake8 that say which findings are shown.
SHOWING = frozenset(
    {
        "--select",
        "--extend-select",
        "--ignore",
        "--extend-ignore",
        "--per-file-ignores",
        "--disable-noqa",
    }
)


def add(parser: ArgumentParser, names: frozenset[str] = READING) -> None:
    """Add the options of flake8 named, those of the configuration and `--lambda-…`.

    Without defaults: what the user leaves out comes from the configuration file.
    """
    parser.add_argument(
        "--config", metavar="FILE", help="read this configuration file and no other"
    )
    parser.add_argument(
        "--append-config",
        metavar="FILE",
        action="append",
        default=[],
        help="read this configuration file as well; repeatable",
    )
    parser.add_argument(
        "--isolated", action="store_true", help="read no configuration file"
    )
    for option in _manager().options:
        name = str(option.long_option_name)
        if name in names or name.startswith("--lambda-"):
            flags, keywords = option.to_argparse()
            text = keywords["help"].replace("%(default)s", str(option.default))
            keywords |= {"help": text, "default": argparse.SUPPRESS}
            parser.add_argument(*flags, **keywords)


def load(arguments: Namespace) -> tuple[Namespace, Settings]:
    """Return flake8's options and ours, from the configuration and the arguments.

    Raises:
        SettingsError: a key or a value cannot be used.
        flake8.exceptions.ExecutionError: a named configuration file is missing.
    """
    manager = _manager()
    try:
        if not arguments.isolated and not arguments.config:
            _check_files(os.getcwd())
        configuration, folder = load_config(
            arguments.config, arguments.append_config, isolated=arguments.isolated
        )
        named = arguments.config
        if not named and not arguments.isolated and os.path.isfile(PYPROJECT):
            section = _pyproject()
            if section is not None:
                configuration, folder, named = section, os.getcwd(), PYPROJECT
        _check_keys(configuration, manager, named, folder)
        options = aggregate_options(manager, configuration, folder, [])
    except configparser.ParsingError as error:
        errors: list[tuple[int, str]] = getattr(error, "errors", [])
        line = errors[0][0] if errors else getattr(error, "lineno", 1)
        raise SettingsError(
            f"{os.path.relpath(error.source)}:{line}: is no line of a configuration; "
            "write `key = value` below `[flake8]`"
        ) from error
    except (configparser.Error, ValueError) as error:
        raise SettingsError(str(error)) from error
    given = vars(arguments)
    for name in vars(options).keys() & given.keys():
        setattr(options, name, given[name])
    settings = from_options(options, datetime.date.today())
    return options, settings._replace(by_command=True)


def _manager() -> OptionManager:
    """Return flake8's option manager, with this plugin and no other."""
    manager = OptionManager(
        version=__version__,
        plugin_versions="",
        parents=[stage1_arg_parser()],
        formatter_names=[],
    )
    register_default_options(manager)
    # Flake8-pyproject, where flake8 has loaded it already, looks for its own option.
    manager.parser.set_defaults(toml_config=None)
    add_options(manager)
    manager.extend_default_select(["E", "LMB"])
    return manager


def _check_files(folder: str) -> None:
    """Look at the files that flake8 may take, from a folder upwards, as it does.

    It passes over those that it cannot parse, and so over all that they set.

    Raises:
        configparser.Error: such a file is meant for flake8.
        SettingsError: it is not UTF-8 text, or nothing that flake8 could read to the
            end.
    """
    home = os.path.expanduser("~")
    while True:
        for name in FILES:
            path = os.path.join(folder, name)
            configuration = configparser.RawConfigParser()
            try:
                text = reading.read(path).decode("utf-8")
                configuration.read_file(io.StringIO(text, newline=None), path)
            except reading.UnfitFile as error:
                raise SettingsError(f"{os.path.relpath(path)}: {error}") from error
            except OSError:  # it is not there, or flake8 cannot open it either
                continue
            except (configparser.ParsingError, UnicodeDecodeError) as error:
                if name == ".flake8" or _mentions(path, "flake8"):
                    if isinstance(error, configparser.ParsingError):
                        raise
                    where = os.path.relpath(path)
                    raise SettingsError(f"{where}: is not UTF-8 text") from error
            if "flake8" in configuration or "flake8:local-plugins" in configuration:
                return
        parent = os.path.dirname(folder)
        if parent in (folder, home):
            return
        folder = parent


def _mentions(path: str, word: str) -> bool:
    try:
        return word.encode() in reading.read(path).lower()
    except OSError:
        return False


def _pyproject() -> configparser.RawConfigParser | None:
    """Return `[tool.flake8]` of the current folder, None if flake8 does not read it.

    It does once the package Flake8-pyproject is installed; then that section takes
    the place of what flake8 found itself, with the values as TOML has them.

    Raises:
        ValueError: the file is no TOML, or not to be read.
    """
    try:
        from flake8p.hook import toml
    except ImportError:
        return None
    try:
        text = reading.read(PYPROJECT).decode()
        section = toml.loads(text).get("tool", {}).get("flake8")
    except (reading.UnfitFile, ValueError) as error:
        raise ValueError(f"{PYPROJECT}: {error}") from error
    if section is None:
        return None
    configuration = configparser.RawConfigParser()
    configuration.add_section("flake8")
    for key, value in section.items():
        is_plain = isinstance(value, (bool, int, float))
        configuration.set("flake8", key, str(value) if is_plain else value)
    return configuration


def _check_keys(
    configuration: configparser.RawConfigParser,
    manager: OptionManager,
    path: str | None,
    folder: str,
) -> None:
    """Refuse keys that flake8 would pass over in silence.

    Raises:
        SettingsError: a `lambda-` key of `[flake8]` does not exist.
    """
    if "flake8" not in configuration:
        return
    known = [key for key in manager.config_options_dict if key.startswith("lambda-")]
    for key in configuration["flake8"]:
        if key in manager.config_options_dict:
            continue
        plain = key.replace("_", "-")
        ours = plain.startswith("lambda-")
        nearest = difflib.get_close_matches(plain, known, 1, 0.0 if ours else 0.85)
        if nearest:
            where = path or _file_with(key, folder)
            section = "tool.flake8" if path == PYPROJECT else "flake8"
            raise SettingsError(
                f"{where}: unknown key `{key}` in [{section}]; "
                f"did you mean `{nearest[0]}`?"
            )


def _file_with(key: str, folder: str) -> str:
    """Return the configuration file of the folder that flake8 took the key from."""
    for name in FILES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and _mentions(path, key):
            return os.path.relpath(path)
    return folder
