"""The plugin that flake8 loads under the code LMB."""

from __future__ import annotations

import ast
import datetime
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from flake8.discover_files import expand_paths
from flake8.exceptions import ExecutionError

from flake8_lambda_handler import __version__
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings
from flake8_lambda_handler.settings import SettingsError
from flake8_lambda_handler.settings import add_options
from flake8_lambda_handler.settings import from_options

if TYPE_CHECKING:
    from flake8_lambda_handler.model import Place


class Plugin:
    """One checked file; flake8 makes an object of this class for each."""

    name = "flake8-lambda-handler"
    version = __version__

    settings: Settings
    session: Session
    options: Namespace
    #: The files of this run, once they are asked for.
    checked: set[str]
    #: The file at which each template that cannot be read is reported.
    reporters: dict[str, str | None]

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
        cls.session = Session(cls.settings)
        cls.options = options
        cls.checked = set()
        cls.reporters = {}

    def __init__(self, tree: ast.Module, filename: str, lines: list[str]) -> None:
        # The work is done here, because flake8 reports an error in `__init__` with
        # the file's name, and one in `run` with a bare traceback.
        self.found: list[tuple[int, int, str]] = []
        path = os.path.abspath(filename)
        text = "".join(lines)
        if self.session.concerns(path, text):
            from flake8_lambda_handler import engine

            module = self.session.module(path, tree, text)
            self.found = [
                (line, column, f"{code} {message}")
                for _, line, column, code, message in engine.check_module(
                    self.session, module, declared=True
                )
            ]
            for note in self.session.take_notes():
                print(f"{self.name}: {note}", file=sys.stderr)
        for problem in self.session.project.unreadable_near(os.path.dirname(path)):
            if self._reporter(problem.place.path) == path:
                from flake8_lambda_handler import engine

                _, _, _, code, message = engine.unreadable(problem)
                self._tell(problem.place, code, message)
        for fault in self.session.project.faults_at(path):
            from flake8_lambda_handler import engine
            from flake8_lambda_handler.excluded import lies_in_excluded

            place = fault.declaration.place
            if not lies_in_excluded(place.path, self.options):
                self._tell(place, *engine.told(fault))

    def _tell(self, place: Place, code: str, message: str) -> None:
        """Report what stands in a template at line 1 of this file."""
        from flake8_lambda_handler.reports import printable
        from flake8_lambda_handler.reports import relative

        where = printable(f"{relative(place.path)}:{place.line}")
        self.found.insert(0, (1, 0, f"{code} {message} ({where})"))

    @classmethod
    def _reporter(cls, template: str) -> str | None:
        """Return the file at which a template that cannot be read is reported.

        Workers of flake8 share nothing, so each of them must choose the same file for
        a template to be reported once: of the files of this run that are near it, one
        that holds a handler it names, else the first below it, else the first.
        """
        from flake8_lambda_handler.excluded import lies_in_excluded

        if template not in cls.reporters:
            cls.reporters[template] = None
            if not lies_in_excluded(template, cls.options):
                cls.checked = cls.checked or _checked_files(cls.options)
                folders = set(map(os.path.dirname, cls.checked))
                handlers = cls.session.project.handler_files(template, folders)
                folder = os.path.join(os.path.dirname(template), "")

                def order(path: str) -> tuple[bool, bool, str]:
                    return path not in handlers, not path.startswith(folder), path

                for path in sorted(cls.checked, key=order):
                    if template in cls.session.project.template_paths(
                        os.path.dirname(path)
                    ):
                        cls.reporters[template] = path
                        break
        return cls.reporters[template]

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield the findings as flake8 wants them; columns count characters from 0."""
        for line, column, text in self.found:
            yield line, column, text, type(self)


def _checked_files(options: Namespace) -> set[str]:
    """Return the absolute paths of the files that this run of flake8 checks."""
    paths = expand_paths(
        paths=options.filenames,
        stdin_display_name=options.stdin_display_name,
        filename_patterns=options.filename,
        exclude=[*options.exclude, *options.extend_exclude],
    )
    shown = (options.stdin_display_name if path == "-" else path for path in paths)
    return set(map(os.path.abspath, shown))
