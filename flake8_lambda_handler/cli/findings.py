"""The findings of one run of `check`: found file by file, told in the order of paths."""

from __future__ import annotations

import io
import os
from argparse import Namespace
from collections.abc import Iterable
from collections.abc import Iterator

from flake8.defaults import NOQA_FILE
from flake8.style_guide import StyleGuideManager
from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import comments
from flake8_lambda_handler import engine
from flake8_lambda_handler import files
from flake8_lambda_handler import reading
from flake8_lambda_handler import reports
from flake8_lambda_handler import templates
from flake8_lambda_handler.cli import enclosing
from flake8_lambda_handler.cli import mistakes
from flake8_lambda_handler.cli import parallel
from flake8_lambda_handler.cli import streams
from flake8_lambda_handler.cli.checking import Checked
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.checking import Told
from flake8_lambda_handler.cli.checking import check_file
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.model import shared
from flake8_lambda_handler.progress import Progress
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.settings import Settings


class Inspection:
    """One run: iterate once, for the findings that flake8's options leave."""

    def __init__(
        self,
        paths: Iterable[str],
        flake8_options: Namespace,
        settings: Settings,
        jobs: int = 1,
        *,
        is_quiet: bool = True,
    ) -> None:
        """Find the files, which `jobs` processes are to check.

        Raises:
            SettingsError: a pattern of `lambda-handlers` matches nothing.
        """
        self._options = flake8_options
        self._jobs = jobs
        self._is_quiet = is_quiet
        self._guide = StyleGuideManager(flake8_options, _Nobody())
        self._found = files.find(paths, flake8_options)
        self._session = Session(settings, is_alone=True)
        checked = [path for path in self._found.python if os.path.isfile(path)]
        if "-" in self._found.python:
            checked.append(flake8_options.stdin_display_name)
        mistakes.check_patterns(self._session.project, checked)
        #: Whether there is anything to look at.
        self.is_empty = not (self._found.python or self._found.templates)
        #: How many files of Python are checked, and how many handlers and templates
        #: that declare something were found until now.
        self.files = len(self._found.python)
        self.handlers = 0
        self.templates = 0
        #: Whether the user stopped it.
        self.is_interrupted = False

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that are looked at, as they are shown."""
        shown = self._options.stdin_display_name
        python = (shown if path == "-" else path for path in self._found.python)
        return (*python, *self._found.templates)

    def tells(self, code: str, path: str) -> bool:
        """Return whether flake8's options let a rule speak of a file."""
        return bool(self._guide.handle_error(code, path, 0, 0, "", ""))

    def __iter__(self) -> Iterator[Finding]:
        """Yield the findings by path, line and column, as files are done.

        An interrupt ends them.
        """
        try:
            yield from self._findings()
        except KeyboardInterrupt:
            self.is_interrupted = True

    def _findings(self) -> Iterator[Finding]:
        # Templates come first: their findings can stand in other files.
        waiting = sorted({*self._failures(), *self._in_templates()}, reverse=True)
        notes: set[str] = set()
        progress = Progress(0 if self._is_quiet else self.files)
        for checked in self._in_python(progress):
            self.handlers += checked.handlers
            for note in sorted({*checked.notes} - notes):
                progress.hide()
                notes.add(note)
                streams.say(f"flake8-lambda-handler: {note}")
            ready = self._left(checked.told)
            while waiting and waiting[-1].path <= checked.path:
                ready.append(waiting.pop())
            if ready:
                progress.hide()
            yield from sorted(ready)
        yield from reversed(waiting)

    def _left(self, told: Iterable[Told]) -> list[Finding]:
        """Return the findings that are selected and that no comment silences."""
        return [
            finding
            for finding, noqa in told
            if self._guide.handle_error(
                finding.code,
                finding.path,
                finding.line,
                finding.column,
                finding.text,
                noqa,
            )
        ]

    def _failures(self) -> list[Finding]:
        return self._left(
            Told(Finding(failure.path, 0, 0, "E902", failure.text), "")
            for failure in self._found.failures
        )

    def _in_python(self, progress: Progress) -> Iterator[Checked]:
        def shown(path: str) -> str:
            return self._options.stdin_display_name if path == "-" else path

        paths = sorted(self._found.python, key=shown)
        checked: Iterator[Checked]
        if self._jobs > 1 and len(paths) > parallel.PORTION and "-" not in paths:
            checked = parallel.check(
                paths, self._options, self._session.settings, self._jobs
            )
        else:
            checked = (check_file(one, self._options, self._session) for one in paths)
        try:
            for one in checked:
                progress.step(1)
                yield one
        finally:
            progress.hide()

    def _in_templates(self) -> list[Finding]:
        """Return the findings of all templates; those of shared files once."""
        given = files.standard_input(self._found)
        lines = _Lines(self._options.disable_noqa, given)
        shown_as = {os.path.abspath(path): path for path in self._found.templates}
        found: dict[tuple[object, ...], Violation] = {}
        read = (templates.read(path, given) for path in shown_as)
        every = [template for template in read if not template.is_empty]
        for template in _with_all_users(every):
            self.templates += bool(template.declarations or template.runtimes)
            self.handlers += template.handlers_inside
            for one in (
                *engine.check_template(self._session.project, template),
                *engine.check_embedded(self._session, template),
            ):
                place = shown_as.get(one.path) or reports.relative(one.path)
                shown = one._replace(path=place)
                # Of what several templates say of one place, one and the same.
                found[shown[:4]] = min(shown, found.get(shown[:4], shown))
        told = (lines.tell(violation) for violation in sorted(found.values()))
        return self._left(one for one in told if one is not None)


def _with_all_users(found: list[Template]) -> Iterator[Template]:
    """Yield templates, where a value that several of them share names all its users."""
    uses: dict[tuple[Place, str], list[RuntimeUse]] = {}
    for template in found:
        for use in template.runtimes:
            uses.setdefault((use.place, use.identifier), []).append(use)
    for template in found:
        same = (uses[use.place, use.identifier] for use in template.runtimes)
        yield template._replace(runtimes=tuple(map(shared, same)))


class _Nobody:
    """A formatter to flake8, which says by itself what it lets through."""

    def handle(self, error: Flake8Violation) -> None:
        pass


class _Lines:
    """The lines of templates, in which flake8 looks for `noqa`; each file read once."""

    def __init__(self, disable_noqa: bool, given: dict[str, bytes]) -> None:
        self._disable_noqa = disable_noqa
        self._given = {os.path.relpath(path): data for path, data in given.items()}
        self._files: dict[str, enclosing.Outline | None] = {}

    def tell(self, found: Violation) -> Told | None:
        """Return a finding with its line; None if a comment leaves out the file."""
        if found.path not in self._files:
            self._files[found.path] = self._read(found.path)
        blocks = self._files[found.path]
        if blocks is None:
            return None
        line = blocks.lines[found.line - 1] if found.line <= len(blocks.lines) else ""
        scope = blocks.around(found.line)
        noqa = comments.text(found.path, blocks.lines, found.line)
        return Told(Finding(*found, line.rstrip("\n"), scope), noqa)

    def _read(self, path: str) -> enclosing.Outline | None:
        try:
            data = self._given.get(os.path.relpath(path))
            if data is None:
                data = reading.read(path)
        except OSError:
            return enclosing.Outline([])
        text = data.decode("utf-8", "replace")
        lines = io.StringIO(text, newline=None).readlines()
        is_left_out = not self._disable_noqa and any(map(NOQA_FILE.match, lines))
        return None if is_left_out else enclosing.Outline(lines)
