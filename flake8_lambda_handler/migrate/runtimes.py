"""Moves templates and programs to newer runtimes: the fix of LMB501 to LMB504."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from flake8.defaults import NOQA_FILE
from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import comments
from flake8_lambda_handler import engine
from flake8_lambda_handler import reading
from flake8_lambda_handler import runtimes
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.migrate.output import Outcome
from flake8_lambda_handler.migrate.output import Rewritten
from flake8_lambda_handler.migrate.output import obstacle
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.programs import may_write_runtimes
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.session import Session

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Move(NamedTuple):
    """A text at a place (line from 1, column from 0), and what it is to be."""

    line: int
    column: int
    old: str
    new: str


def move_runtimes(
    outcome: Outcome,
    project: Project,
    templates: Iterable[Template],
    codes: frozenset[str],
    runtime: str | None,
    *,
    disable_noqa: bool,
) -> None:
    """Move what templates declare to `runtime`, or to the suggested successor.

    Only what the rules of the codes find, and no line with a `noqa` for it, is moved.
    """
    settings = project.settings
    moves: dict[str, dict[Move, str]] = {}
    for template in templates:
        uses = {tuple(use.place): use for use in template.runtimes}
        for home, line, column, code, text in engine.check_template(project, template):
            use = uses.get((home, line, column))
            if code not in codes or use is None:
                continue
            finding = Flake8Violation(code, home, line, column, text, None)
            if not disable_noqa and _is_ignored(outcome, finding):
                continue
            new = runtime or runtimes.successor(
                use.identifier, settings.as_of, settings.runtimes
            )
            reason = _obstacle(use, new, template.runtimes)
            if new is not None and not reason:
                new = runtimes.respelled(use, new)
                reason = "" if new else "names one build of an image"
            if reason or new is None:
                outcome.refuse(home, line, use.written, reason)
            else:
                move = Move(line, column, use.written, new)
                moves.setdefault(home, {})[move] = code
    for home, wanted in moves.items():
        _move(outcome, home, wanted)


def programs(
    outcome: Outcome, session: Session, paths: Iterable[str]
) -> Iterator[Template]:
    """Yield what Python files write themselves, as far as they have been changed.

    Files that cannot be read or parsed have been told of by then.
    """
    for path in paths:
        try:
            text = "".join(reading.lines(reading.read(path)))
            if not may_write_runtimes(text):
                continue  # as most often
            text = "".join(reading.lines(outcome.get(path)))
        except (OSError, SyntaxError):
            continue
        found = session.program(Module(path, None, text))
        if found is not None and found.runtimes:
            yield found


def _is_ignored(outcome: Outcome, finding: Flake8Violation) -> bool:
    try:
        data = outcome.get(finding.filename)
    except OSError:
        return False
    lines = data.decode("utf-8", "replace").split("\n")
    if any(map(NOQA_FILE.match, lines)):
        return True
    line = comments.text(finding.filename, lines, finding.line_number)
    return bool(finding._replace(physical_line=line).is_inline_ignored(False))


def _move(outcome: Outcome, path: str, moves: dict[Move, str]) -> None:
    reason = obstacle(path)
    refused: Sequence[Move] = list(moves)
    if reason is None:
        try:
            data, refused = moved(outcome.get(path), list(moves))
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            reason = "does not stand here word for word"
            outcome.put(path, data)
    for move, code in moves.items():
        if move in refused:
            outcome.refuse(path, move.line, move.old, reason)
        else:
            done = Rewritten(path, move.line, move.old, code, move.new)
            outcome.rewritten.append(done)


def _obstacle(use: RuntimeUse, new: str | None, all_uses: Iterable[RuntimeUse]) -> str:
    """Return why an identifier cannot become another one; empty when it can."""
    if new is None:
        return "has no successor in the table; name one with --runtime"
    old_version, new_version = runtimes.version(use.identifier), runtimes.version(new)
    if old_version and new_version and new_version <= old_version:
        return f"is not older than `{new}`"
    if use.kind == "layer":
        for other in all_uses:
            if (other.resource, other.identifier) == (use.resource, new):
                return f"stands beside `{new}`; take it out of the list"
    return ""


def moved(data: bytes, moves: Sequence[Move]) -> tuple[bytes, list[Move]]:
    """Return the template with its identifiers replaced, and the moves not made.

    A move is not made where the identifier does not stand word for word.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(data))]
    refused = []
    edits = []
    for move in moves:
        found = None
        if move.line <= len(starts):
            start = starts[move.line - 1]
            end = starts[move.line] if move.line < len(starts) else len(data)
            at = start + _bytes_before(data[start:end], move.column, move.line == 1)
            # A constant may go on with an attribute, as in `PYTHON_3_8.name`.
            after = rb"(?![\w$])" if move.old.isidentifier() else rb"(?![\w.$-])"
            word = re.compile(rb"[\"']?(%s)" % re.escape(move.old).encode() + after)
            found = word.match(data, at, end)
        if found is None:
            refused.append(move)
        else:
            edits.append((*found.span(1), move.new.encode()))
    for start, end, new in sorted(set(edits), reverse=True):
        data = data[:start] + new + data[end:]
    return data, refused


def _bytes_before(line: bytes, column: int, is_first: bool) -> int:
    """Return how many bytes the characters left of a column take."""
    mark = len(b"\xef\xbb\xbf") if is_first and line.startswith(b"\xef\xbb\xbf") else 0
    text = line[mark:].decode("utf-8", "replace")
    return mark + len(text[:column].encode("utf-8"))
