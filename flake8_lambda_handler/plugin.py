"""The plugin that flake8 loads under the code LMB."""

from __future__ import annotations

import ast
import datetime
import os
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from flake8.exceptions import ExecutionError

from flake8_lambda_handler import __version__
from flake8_lambda_handler import engine
from flake8_lambda_handler.project import Project
from flake8_lambda_handler.settings import Settings
from flake8_lambda_handler.settings import SettingsError
from flake8_lambda_handler.settings import add_options
from flake8_lambda_handler.settings import from_options


class Plugin:
    """One checked file; flake8 makes an object of this class for each."""

    name = "flake8-lambda-handler"
    version = __version__

    settings: Settings
    project: Project

    @staticmethod
    def add_options(manager: Any) -> None:
        """Register the `--lambda-…` options with flake8's `OptionManager`."""
        add_options(manager)

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Keep the validated options for every file of this process.

        They live on the class, not on `options`, which flake8 copies for each entry
        of `per-file-ignores`. Workers that are forked inherit them, workers that are
        spawned call this again.

        Raises:
            flake8.exceptions.ExecutionError: an option cannot be used.
        """
        try:
            cls.settings = from_options(options, datetime.date.today())
        except SettingsError as error:
            raise ExecutionError(str(error)) from error
        cls.project = Project(cls.settings)

    def __init__(self, tree: ast.Module, filename: str, lines: list[str]) -> None:
        # The work is done here, because flake8 reports an error in `__init__` with
        # the file's name, and one in `run` with a bare traceback.
        self.found: list[tuple[int, int, str]] = []
        path = os.path.abspath(filename)
        text = "".join(lines)
        if self.project.concerns(path, text):
            module = self.project.module(path, tree, text)
            self.found = [
                (line, column, f"{code} {message}")
                for _, line, column, code, message in engine.check_module(
                    module, self.settings, declared=True
                )
            ]

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield the findings as flake8 wants them; columns count characters from 0."""
        for line, column, text in self.found:
            yield line, column, text, type(self)
