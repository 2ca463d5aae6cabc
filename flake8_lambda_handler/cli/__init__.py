"""The command `flake8-lambda-handler`: one module for each of its subcommands."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any
from typing import NoReturn

from flake8.exceptions import ExecutionError

from flake8_lambda_handler import __version__
from flake8_lambda_handler import reports
from flake8_lambda_handler.cli import streams
from flake8_lambda_handler.settings import SettingsError

PROG = "flake8-lambda-handler"

#: Where each subcommand is; only the one that is named gets imported.
COMMANDS = {
    "check": "flake8_lambda_handler.cli.check",
    "handlers": "flake8_lambda_handler.cli.handlers",
    "explain": "flake8_lambda_handler.cli.explain",
    "runtimes": "flake8_lambda_handler.cli.runtimes",
    "migrate": "flake8_lambda_handler.migrate.command",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    0: clean; 1: findings; 2: usage or configuration error, or output that cannot be
    written; 130: interrupted. What else `migrate` returns, its own help says.
    """
    streams.prepare()
    try:
        try:
            argv = sys.argv[1:] if argv is None else argv
            arguments = _parser(argv).parse_args(argv)
            code: int = arguments.run(arguments)
        finally:
            # Also what argparse prints before it leaves, such as the help.
            sys.stdout.flush()
    except (SettingsError, ExecutionError) as error:
        _say(f"error: {' '.join(str(error).split())}")
        return 2
    except BrokenPipeError:
        # The reader has gone, as `head` does.
        streams.give_up(sys.stdout)
        return 1
    except OSError as error:
        # Only a file that was opened has a name; what is left is a stream.
        what = f"`{error.filename}`" if error.filename else "cannot write the output"
        _say(f"error: {what}: {(error.strerror or str(error)).lower()}")
        streams.give_up(sys.stdout)
        return 2
    except KeyboardInterrupt:
        _say("interrupted")
        return 130
    return code


def _say(text: str) -> None:
    streams.say(reports.printable(f"{PROG}: {text}"))


class _Parser(argparse.ArgumentParser):
    """A parser for which output that cannot be written is an error, as for the rest."""

    def error(self, message: str) -> NoReturn:
        """Leave with what is wrong with the arguments, which may hold anything."""
        super().error(reports.printable(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse passes over an `OSError` here.
        (file or sys.stderr).write(message)


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROG,
        description="Find what breaks AWS Lambda handlers in production.",
        epilog="Exit code: 0 clean, 1 findings, 2 usage or configuration error.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in [name for name in COMMANDS if name in argv[:1]] or COMMANDS:
        importlib.import_module(COMMANDS[name]).add_parser(subparsers)
    return parser
