"""Which files a command reads, and flake8's own way to read a Python file."""

from __future__ import annotations

import ast
import os
import re
import sys
import tokenize
import warnings
from argparse import ArgumentParser
from argparse import ArgumentTypeError
from argparse import Namespace
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from flake8.checker import FileChecker
from flake8.plugins.finder import Checkers
from flake8.processor import FileProcessor
from flake8.utils import fnmatch

from flake8_lambda_handler import reading
from flake8_lambda_handler import templates
from flake8_lambda_handler.excluded import is_excluded
from flake8_lambda_handler.excluded import lies_in_excluded
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.reading import UnfitFile
from flake8_lambda_handler.root import ENVIRONMENT
from flake8_lambda_handler.root import is_skipped
from flake8_lambda_handler.settings import SettingsError

#: What a check of one Python file yields: code, line, column and text.
Result = tuple[str, int, int, str]


class Failure(NamedTuple):
    """A path that cannot be read, and why."""

    path: str
    text: str


class Files(NamedTuple):
    """The files of one run as they are shown, each once."""

    python: tuple[str, ...]
    templates: tuple[str, ...]
    failures: tuple[Failure, ...]
    #: Absolute path of the template that standard input stands for, if it does.
    on_stdin: str = ""


def add_paths(parser: ArgumentParser) -> None:
    """Add the arguments that say what is read."""
    add_named_paths(parser, "file or folder, or - for standard input (default: .)")
    parser.add_argument(
        "--stdin-display-name",
        metavar="PATH",
        default="stdin",
        help="the file that standard input stands for: Python, or a template if it "
        "is named like one",
    )


def add_named_paths(parser: ArgumentParser, what: str) -> None:
    """Add the paths themselves, and the option to read them from a file."""
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help=what)
    parser.add_argument(
        "--files-from",
        metavar="FILE",
        help="read more paths from this file, one a line or with NUL between them; "
        "- is standard input",
    )


def add_jobs(parser: ArgumentParser) -> None:
    """Add the option that says how many processes read files."""
    parser.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=_jobs,
        default="auto",
        help="read files in N processes (default: auto, one for each processor)",
    )


def _jobs(text: str) -> int:
    if text == "auto":  # as flake8 has it
        return os.cpu_count() or 1
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
        raise ArgumentTypeError(f"`{text}` is no number of processes from 1 to 1000")
    return int(text)


def named(arguments: Namespace) -> list[str]:
    """Return the paths that were named, the current folder if none was.

    Raises:
        SettingsError: the list of paths cannot be read.
    """
    paths: list[str] = list(arguments.paths)
    if arguments.files_from is None:
        return paths or ["."]
    if arguments.files_from == "-" and "-" in paths:
        raise SettingsError("--files-from: `-` is one of the paths already")
    try:
        if arguments.files_from == "-":
            data = reading.stream(sys.stdin.buffer)
        else:
            # Often a pipe: `--files-from <(git ls-files)`.
            with open(arguments.files_from, "rb") as file:
                data = reading.stream(file)
    except OSError as error:
        raise SettingsError(
            f"--files-from: `{arguments.files_from}`: {error.strerror or error}"
        ) from error
    # `git ls-files -z` puts NUL between names, which may hold line breaks then.
    names = data.split(b"\0") if b"\0" in data else re.split(rb"[\r\n]+", data)
    return paths + [os.fsdecode(name) for name in names if name]


def find(paths: Iterable[str], options: Namespace) -> Files:
    """Return the files that the paths name or, for folders, hold.

    `--exclude` and `--filename` mean what they mean to flake8.
    """
    python: dict[str, str] = {}
    found: dict[str, str] = {}
    failures: list[Failure] = []
    on_stdin = ""
    for path, named in _walk(paths, options, failures):
        if path == "-" and _is_template(options.stdin_display_name):
            path = options.stdin_display_name
            on_stdin = os.path.abspath(path)
        if _is_template(path):
            found.setdefault(os.path.abspath(path), path)
        elif fnmatch(path, options.filename) or named and _is_python(path):
            python.setdefault(path if path == "-" else os.path.abspath(path), path)
    return Files(
        tuple(python.values()), tuple(found.values()), tuple(failures), on_stdin
    )


def standard_input(found: Files) -> dict[str, bytes]:
    """Return the template on standard input, by its absolute path; nothing else."""
    if not found.on_stdin:
        return {}
    return {found.on_stdin: sys.stdin.buffer.read(reading.MOST_BYTES + 1)}


def unreadable_templates(
    found: Files, options: Namespace, project: Project
) -> list[Problem]:
    """Return why templates cannot be read: those found, and those near Python files."""
    paths = dict.fromkeys(map(os.path.abspath, found.templates))
    python = (options.stdin_display_name if p == "-" else p for p in found.python)
    for folder in dict.fromkeys(os.path.dirname(os.path.abspath(p)) for p in python):
        for path in project.template_paths(folder):
            if path not in paths and not lies_in_excluded(path, options):
                paths[path] = None
    given = standard_input(found)
    problems: dict[Problem, None] = {}
    for path in paths:
        is_given = path in given
        found_in = templates.read(path, given) if is_given else project.template(path)
        problems.update(dict.fromkeys(found_in.problems))
    return list(problems)


def _walk(
    paths: Iterable[str], options: Namespace, failures: list[Failure]
) -> Iterator[tuple[str, bool]]:
    """Yield every file, and whether it was named itself."""

    def is_walked(folder: str) -> bool:
        if is_skipped(os.path.basename(folder)) or is_excluded(folder, options):
            return False
        return not os.path.exists(os.path.join(folder, ENVIRONMENT))

    def failed(error: OSError) -> None:
        path = os.path.normpath(error.filename)
        failures.append(Failure(path, f"{type(error).__name__}: {error}"))

    for path in paths:
        if path == "-":
            name = options.stdin_display_name
            if name == "stdin" or not is_excluded(name, options):  # as flake8 has it
                yield path, True
            continue
        path = os.path.normpath(path)
        if is_excluded(path, options):
            continue
        if not os.path.isdir(path):
            yield path, True
            continue
        for root, folders, names in os.walk(path, onerror=failed):
            folders[:] = sorted(f for f in folders if is_walked(os.path.join(root, f)))
            # A folder called `template.yaml` is a mistake that its reader explains.
            names.extend(filter(_is_template, folders))
            for name in sorted(names):
                file = os.path.normpath(os.path.join(root, name))
                # A link that leads nowhere is reported; a pipe would block.
                if os.path.isfile(file) or os.path.islink(file) or os.path.isdir(file):
                    if not is_excluded(file, options):
                        yield file, False


def _is_template(path: str) -> bool:
    return templates.is_template_name(os.path.basename(path), by_command=True)


def _is_python(path: str) -> bool:
    """Is a named file, which no pattern matches, to be read as Python?

    Scripts without a suffix are if their first line says so, as for pre-commit;
    files that do not exist are, so that they are reported.
    """
    if path == "-" or path.endswith((".py", ".pyw")) or not os.path.lexists(path):
        return True
    if os.path.splitext(path)[1]:
        return False
    try:
        first = reading.head(path, 200).partition(b"\n")[0]
    except OSError:
        return True
    return first.startswith(b"#!") and b"python" in first


class _SourceLines(FileProcessor):
    """The lines of a file, for flake8."""

    @cached_property
    def file_tokens(self) -> list[tokenize.TokenInfo]:
        """Return the tokens, for flake8 to find the comments.

        Raises:
            tokenize.TokenError: the text has none. CPython 3.13.0 says so of some texts
                with errors that flake8 does not expect (seen 2026-11-21).
        """
        try:
            tokens: list[tokenize.TokenInfo] = FileProcessor.file_tokens.func(self)
        except (SystemError, UnicodeError) as error:
            raise tokenize.TokenError(str(error)) from error
        return tokens

    def should_ignore_file(self) -> bool:
        """Return whether `# flake8: noqa` stands in the file, looked for only if it may."""
        may_stand = "flake8" in "".join(self.lines).lower()
        return may_stand and bool(super().should_ignore_file())


class PythonFile(FileChecker):
    """One Python file, read, parsed and reported as flake8 does it.

    `check` gets the name to show, the text and its syntax tree: none if `parses` knows
    by the name and the text that there is one.
    """

    def __init__(
        self,
        path: str,
        options: Namespace,
        check: Callable[[str, ast.Module | None, str], Iterable[Result]],
        parses: Callable[[str, str], bool] = lambda name, text: False,
    ) -> None:
        self._check = check
        self._parses = parses
        self.filename: str = path
        super().__init__(filename=path, plugins=Checkers([], [], []), options=options)
        self.display_name = self.filename

    def _make_processor(self) -> FileProcessor | None:
        """Return the lines for flake8, which would open any path by itself."""
        try:
            if self.filename == "-":
                self.filename = self.options.stdin_display_name
                lines = reading.lines(reading.stream(sys.stdin.buffer))
            else:
                lines = reading.lines(reading.read(self.filename))
        except UnfitFile as error:
            self.report("E902", 0, 0, str(error))
        except OSError as error:
            self.report("E902", 0, 0, f"{type(error).__name__}: {error}")
        except SyntaxError as error:
            self.report("E999", error.lineno or 1, 0, f"SyntaxError: {error.msg}")
        else:
            return _SourceLines(self.filename, self.options, lines)
        return None

    def run_ast_checks(self) -> None:
        """Run `check` in the place of flake8's tree plugins."""
        assert self.processor is not None
        text = "".join(self.processor.lines)
        try:
            with warnings.catch_warnings():
                # Python warns about code that it parses, on standard error.
                warnings.simplefilter("ignore")
                tree = None
                if not self._parses(self.display_name, text):
                    tree = ast.parse(text)
        except (ValueError, RecursionError, MemoryError) as error:
            # NUL bytes before Python 3.12, and nesting that the parser cannot hold.
            raise SyntaxError(str(error) or "too deeply nested") from error
        for result in self._check(self.display_name, tree, text):
            self.report(*result)

    def process_tokens(self) -> None:
        """Leave out flake8's checks of tokens and lines: no rule needs them."""
