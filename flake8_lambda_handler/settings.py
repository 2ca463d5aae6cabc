"""The options that flake8 and the command share, and what they mean."""

from __future__ import annotations

import datetime
import os
from argparse import Namespace
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

if TYPE_CHECKING:
    from flake8_lambda_handler.runtimes import Table

#: Longest horizon accepted, in days (ten years): AWS announces no further ahead.
MAX_HORIZON_DAYS = 3650


class SettingsError(Exception):
    """An option that cannot be used: one line with its key, its value and the cure."""


class Settings(NamedTuple):
    """The options after validation.

    A pure function of the command line, the configuration file and the date, so
    that every worker process of flake8 builds an equal one.
    """

    #: Patterns, without a leading `./`: module path, a dot, function (`src/orders/*.main`).
    handlers: tuple[str, ...]
    #: Absolute folder that `handlers` are relative to: the configuration file's
    #: folder, or the current folder for patterns from the command line.
    folder: str
    #: Absolute globs of template files to read besides those that are found.
    templates: tuple[str, ...]
    #: The day on which runtimes are judged.
    as_of: datetime.date
    #: How many days ahead an announced deprecation is reported; 0 = never.
    horizon_days: int
    #: Whether it is told what was not followed to its end.
    is_verbose: bool = False
    #: Whether the command runs, which also reads programs that are no Python.
    by_command: bool = False
    #: Rows that take the place of those of the package's table of runtimes.
    rows: Table | None = None

    @property
    def runtimes(self) -> Table:
        """Return the lifecycle of the runtimes."""
        from flake8_lambda_handler import runtimes

        return runtimes.merged(self.rows) if self.rows else runtimes.TABLE


class Listed(NamedTuple):
    """The items of a list option, and the absolute folder they are relative to.

    They are texts once `from_options` has looked at them.
    """

    folder: str
    items: tuple[Any, ...]


def add_options(manager: Any) -> None:
    """Register the options with flake8's `OptionManager`.

    Numbers and dates are registered as text, because flake8 7.5.0 ends with a
    traceback when a configured value fails its `type=` (read 2026-11-21).
    """
    manager.add_option(
        "--lambda-handlers",
        metavar="PATTERNS",
        default="",
        parse_from_config=True,
        help="Comma-separated list of handlers as Lambda names them, with globs: "
        "module path from the configuration's folder, a dot, the function, such "
        "as `src/orders/*.lambda_handler`. Replaces the guess by name.",
    )
    manager.add_option(
        "--lambda-templates",
        metavar="GLOBS",
        default="",
        parse_from_config=True,
        help="Comma-separated list of template files to read besides those that are "
        "found, such as `ops/*.tf`: beside the code, above it, or where it is named.",
    )
    manager.add_option(
        "--lambda-as-of",
        metavar="YYYY-MM-DD",
        default="",
        parse_from_config=True,
        help="Judge runtimes as of this day. (Default: today)",
    )
    manager.add_option(
        "--lambda-deprecation-horizon",
        metavar="DAYS",
        default="0",
        parse_from_config=True,
        help="Report runtimes whose deprecation is announced within this many "
        "days (LMB504). (Default: %(default)s, which reports none)",
    )
    manager.add_option(
        "--lambda-runtimes",
        metavar="FILE",
        default="",
        parse_from_config=True,
        help="JSON file with rows of the lifecycle table that are newer than this "
        "package, in the form of `flake8_lambda_handler/runtimes.json`.",
    )
    manager.add_option(
        "--lambda-verbose",
        action="store_true",
        default=False,
        parse_from_config=True,
        help="Say on standard error which files were not followed to the end.",
    )
    # flake8 hands the folder of the configuration file to `normalize` and to
    # nothing else, and only resolves values that contain a separator; a pattern
    # such as `app.lambda_handler` needs the folder as well.
    for name in ("lambda_handlers", "lambda_runtimes", "lambda_templates"):
        manager.config_options_dict[name].normalize = listed


def listed(value: Any, folder: str = os.curdir) -> Listed:
    """Split a list option the way flake8 does: at commas and whitespace.

    Flake8-pyproject hands over what TOML holds: the items of a list stay whole, and
    what is neither text nor list is one item, which `from_options` refuses.
    """
    if isinstance(value, str):
        items: tuple[Any, ...] = tuple(value.replace(",", " ").split())
    else:
        items = tuple(value) if isinstance(value, list) else (value,)
    return Listed(os.path.abspath(folder), items)


def from_options(options: Namespace, today: datetime.date) -> Settings:
    """Validate flake8's options; `today` is the default of `--lambda-as-of`.

    Raises:
        SettingsError: a pattern, glob, date or number cannot be used.
    """
    folder, patterns = _listed("lambda-handlers", options.lambda_handlers)
    for pattern in patterns:
        _check_pattern(pattern)
    return Settings(
        handlers=tuple(pattern.removeprefix("./") for pattern in patterns),
        folder=folder,
        templates=_templates(_listed("lambda-templates", options.lambda_templates)),
        as_of=_date(options.lambda_as_of) or today,
        horizon_days=_horizon_days(options.lambda_deprecation_horizon),
        is_verbose=options.lambda_verbose,
        rows=_rows(_listed("lambda-runtimes", options.lambda_runtimes), today),
    )


def _listed(key: str, value: str | Listed) -> Listed:
    found = listed(value) if isinstance(value, str) else value
    for item in found.items:
        if not isinstance(item, str):
            raise _error(key, item, "is no text; write a list of texts")
    return found


def _error(key: str, value: object, cure: str) -> SettingsError:
    return SettingsError(f"{key}: `{value}` {cure}")


def _check_pattern(pattern: str) -> None:
    def error(cure: str) -> SettingsError:
        return _error("lambda-handlers", pattern, cure)

    path = pattern.replace(os.sep, "/")
    module, dot, function = path.rpartition("/")[2].rpartition(".")
    if ":" in function:
        cure = path.replace(".py:", ".").replace(":", ".")
        raise error(f"has a colon; write `{cure}`")
    if not dot or not module:
        raise error("names no function; write a module path, a dot and a function")
    if path.startswith(("/", "../")) or os.path.isabs(pattern):
        raise error(
            "leads out of the configuration file's folder; start there, "
            f"or write `*/{module}.{function}`"
        )
    if function == "py":
        raise error(f"is a file; name the function too: `{path[:-3]}.lambda_handler`")
    if not _is_name_pattern(function):
        raise error(f"ends in `{function}`, which cannot be a function's name")


def _is_name_pattern(text: str) -> bool:
    """Is the text an identifier in which glob characters may stand?"""
    plain = text
    for character in "*?[]!-":
        plain = plain.replace(character, "_")
    return plain.isidentifier()


def _templates(given: Listed) -> tuple[str, ...]:
    import glob

    patterns = []
    for item in given.items:
        pattern = os.path.normpath(os.path.join(given.folder, item))
        if not any(map(os.path.isfile, glob.iglob(pattern, recursive=True))):
            raise _error(
                "lambda-templates",
                item,
                "matches no file; paths start at the configuration file's folder",
            )
        patterns.append(pattern)
    return tuple(patterns)


def _rows(given: Listed, today: datetime.date) -> Table | None:
    """Return the rows of the file that is named."""
    if not given.items:
        return None
    name = " ".join(given.items)
    if len(given.items) > 1:
        raise _error("lambda-runtimes", name, "is more than one file")
    import json

    from flake8_lambda_handler import reading
    from flake8_lambda_handler import runtimes

    try:
        text = reading.read(os.path.join(given.folder, name)).decode("utf-8-sig")
        return runtimes.read(json.loads(text), today)
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        cure = f"is not valid JSON in line {error.lineno}: {reason}"
    except UnicodeDecodeError:
        cure = "is not UTF-8 text; save it as UTF-8"
    except runtimes.TableError as error:
        cure = str(error)
    except (OSError, RecursionError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        cure = f"cannot be read: {reason}; paths start at the configuration's folder"
    raise _error("lambda-runtimes", name, cure)


def _date(value: object) -> datetime.date | None:
    text = str(value)  # a date of TOML reads as it is written
    if not text:
        return None
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        date = None
    # Python 3.11 also reads `20261120` and `2026-W47-5`; 3.10 does not.
    if date is None or date.isoformat() != text:
        raise _error("lambda-as-of", value, "is no date; write it as 2026-11-30")
    return date


def _horizon_days(value: object) -> int:
    text = str(value).strip()
    plain = text.isascii() and text.isdigit() and len(text) <= 4
    if not plain or int(text) > MAX_HORIZON_DAYS:
        raise _error(
            "lambda-deprecation-horizon",
            value,
            f"is no number of days from 0 to {MAX_HORIZON_DAYS}",
        )
    return int(text)
