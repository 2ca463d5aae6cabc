"""Adds `# noqa: LMB…` to the lines of findings, where that changes nothing else."""

from __future__ import annotations

import ast
import io
import os
import tokenize
from collections.abc import Iterable
from collections.abc import Iterator

from flake8.defaults import NOQA_INLINE_REGEXP

from flake8_lambda_handler import comments
from flake8_lambda_handler import reading
from flake8_lambda_handler import templates
from flake8_lambda_handler.cli.checking import Finding
from flake8_lambda_handler.cli.findings import Inspection
from flake8_lambda_handler.cli.summary import count
from flake8_lambda_handler.migrate.output import lines
from flake8_lambda_handler.migrate.output import obstacle
from flake8_lambda_handler.migrate.output import write
from flake8_lambda_handler.model import Template

#: Templates in which `#` begins a comment behind other text, too; not so in JSON.
_COMMENTED = (".cfn", ".j2", ".template", ".tf", ".tfvars", ".tofu", ".yaml", ".yml")


class Silencer:
    """Silences findings in their files, at the end of the run."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self.note = ""

    def __call__(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that could not be silenced.

        All of them, and nothing is written, when the user has stopped the run.
        """
        by_path: dict[str, list[Finding]] = {}
        for finding in findings:
            by_path.setdefault(finding.path, []).append(finding)
        commented = files = 0
        for path, found in by_path.items():
            left, done = found, 0
            if not self._inspection.is_interrupted:
                left, done = _silence(path, found)
            commented += done
            files += bool(done)
            yield from left
        if commented:
            self.note = (
                f"`# noqa` added to {count(commented, 'line')} "
                f"in {count(files, 'file')}"
            )


def _silence(path: str, found: list[Finding]) -> tuple[list[Finding], int]:
    """Return the findings of a file that stay, and how many lines got a comment."""
    ours = [one for one in found if one.code.startswith("LMB") and one.line]
    if not ours or not os.path.isfile(path) or obstacle(path):
        return found, 0
    codes: dict[int, set[str]] = {}
    for one in ours:
        codes.setdefault(one.line, set()).add(one.code)
    try:
        old = reading.read(path)
        new, commented = _with_comments(path, old, codes)
        if not _is_same(path, old, new):
            return found, 0
        write(path, old, new)
    except (OSError, ValueError, SyntaxError, tokenize.TokenError, RecursionError):
        return found, 0
    return [one for one in found if one not in ours], commented


def _with_comments(
    path: str, old: bytes, codes: dict[int, set[str]]
) -> tuple[bytes, int]:
    """Return the text with the comments, and how many lines have got one."""
    if comments.are_above(path):
        return _with_comments_above(lines(old), codes)
    is_template = templates.is_template_name(os.path.basename(path))
    last = {} if is_template else _last_lines(old)
    texts = lines(old)
    wanted: dict[int, set[str]] = {}
    for line, found in codes.items():
        wanted.setdefault(last.get(line, line), set()).update(found)
    for line, found in wanted.items():
        texts[line - 1] = _commented(texts[line - 1], sorted(found))
    return b"".join(texts), len(wanted)


def _with_comments_above(
    texts: list[bytes], codes: dict[int, set[str]]
) -> tuple[bytes, int]:
    """Return the text with comments on lines of their own, as Dockerfiles have them."""
    plain = [text.decode("latin-1") for text in texts]
    wanted: dict[int, set[str]] = {}
    for line, found in codes.items():
        wanted.setdefault(comments.start(plain, line), set()).update(found)
    for line, found in sorted(wanted.items(), reverse=True):
        at = comments.comment_above(plain, line)
        if at:
            texts[at - 1] = _commented(texts[at - 1], sorted(found))
            continue
        text = texts[line - 1]
        indentation = text[: len(text) - len(text.lstrip(b" \t"))]
        end = b"\r\n" if text.endswith(b"\r\n") else b"\n"
        listed = ",".join(sorted(found)).encode()
        texts.insert(line - 1, indentation + b"# noqa: " + listed + end)
    return b"".join(texts), len(wanted)


def _last_lines(data: bytes) -> dict[int, int]:
    """Return where flake8 looks for the comment of a line: behind strings over lines."""
    found = {}
    spanned: list[int] = []
    for token in tokenize.tokenize(io.BytesIO(data).readline):
        if token.type in (tokenize.ENCODING, tokenize.ENDMARKER, tokenize.DEDENT):
            continue
        spanned += [token.start[0], token.end[0]]
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            end = token.start[0]
            found.update(dict.fromkeys(range(min(spanned), end + 1), end))
            spanned = []
    return found


def _commented(line: bytes, codes: list[str]) -> bytes:
    """Return a line with a comment; one that has codes already gets more of them."""
    text = line.rstrip(b"\r\n")
    end = line[len(text) :]
    comment = NOQA_INLINE_REGEXP.search(text.decode("latin-1"))
    listed = ",".join(codes).encode()
    if comment is None or not comment["codes"]:
        return text + b"  # noqa: " + listed + end
    at = comment.start("codes") + len(comment["codes"].rstrip(", \t"))
    return text[:at] + b"," + listed + text[at:] + end


def _is_same(path: str, old: bytes, new: bytes) -> bool:
    """Return whether a file says the same, at the same places."""
    if templates.is_template_name(os.path.basename(path)):
        if old.lstrip()[:1] == b"{":  # JSON, by whatever name
            return False
        full = os.path.abspath(path)
        before, after = (templates.read(full, {full: data}) for data in (old, new))
        if comments.are_above(path):
            return _without_lines(before) == _without_lines(after)
        return path.lower().endswith(_COMMENTED) and before == after
    trees = [ast.dump(ast.parse(data), include_attributes=True) for data in (old, new)]
    return trees[0] == trees[1]


def _without_lines(found: Template) -> list[tuple[object, ...]]:
    """Return what a template says, and in which columns."""
    return [(x.identifier, x.resource, x.place.column) for x in found.runtimes] + [
        (x.handler, x.code, x.place.column) for x in found.declarations
    ]
