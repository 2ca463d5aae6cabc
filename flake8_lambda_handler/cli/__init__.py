"""The command `flake8-lambda-handler`: one module for each of its subcommands."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from flake8.exceptions import ExecutionError

from flake8_lambda_handler import __version__
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

    0: clean; 1: findings; 2: usage or configuration error; 130: interrupted. What
    else `migrate` returns, its own help says.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file name need not be text in the terminal's encoding.
            stream.reconfigure(errors="backslashreplace")
    try:
        argv = sys.argv[1:] if argv is None else argv
        arguments = _parser(argv).parse_args(argv)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except (SettingsError, ExecutionError) as error:
        print(f"{PROG}: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader has gone: give Python nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(f"{PROG}: interrupted", file=sys.stderr)
        return 130
    return code


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROG,
        description="Find what breaks AWS Lambda handlers in production.",
        epilog="Exit code: 0 clean, 1 findings, 2 usage or configuration error.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in [name for name in COMMANDS if name in argv[:1]] or COMMANDS:
        importlib.import_module(COMMANDS[name]).add_parser(subparsers)
    return parser
