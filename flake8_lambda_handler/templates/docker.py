"""The text of a Dockerfile as instructions, whose characters know where they stand.

dockerfile-parse 2.0.1 was weighed and left: it knows no heredocs and no columns, and
says what a value is, not where it is written.

Sources, read 2026-11-21: Dockerfile reference, "Format", "Parser directives", "ARG",
"FROM", "Here-Documents", "Shell and exec form"; what BuildKit takes.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source

#: Longest instruction that is looked into, and longest text with all variables put
#: in, in characters.
LONGEST_INSTRUCTION = 20_000
LONGEST_TEXT = 2_000

_DIRECTIVE = re.compile(r"#[ \t]*(\w+)[ \t]*=[ \t]*(\S*)[ \t]*$")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_INSTRUCTION = re.compile(r"([A-Za-z]+)(?:\s+|$)")
_HEREDOC = re.compile(r"(?:^|\s)\d*<<(-?)([\"']?)([A-Za-z_]\w*)\2(?=[\s;|&>)]|$)")
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
_KNOWN = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "WORKDIR"}
)
_WORD = re.compile(r"(?:\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s\"'\\])+")
_VARIABLE = re.compile(
    r"\\(?P<plain>.)|\$(?:(?P<short>\w+)|\{(?P<name>\w+)(?::?(?P<how>[-+])(?P<other>[^{}]*))?\})"
)
_STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"")


class PlacedText(NamedTuple):
    """A text, and for each character where it is written."""

    text: str
    at: tuple[tuple[Source, int], ...]

    def part(self, start: int, end: int) -> PlacedText:
        """Return a piece."""
        return PlacedText(self.text[start:end], self.at[start:end])

    def scalar(self) -> Scalar:
        """Return the text as a value that stands where its first character does."""
        source, offset = self.at[0]
        return Scalar(source, offset, self.text)

    def is_written(self) -> bool:
        """Tell whether the text stands in one piece in one file."""
        source, offset = self.at[0]
        return self.at == tuple((source, offset + i) for i in range(len(self.text)))


EMPTY = PlacedText("", ())
Variables = Mapping[str, PlacedText]


class Instruction(NamedTuple):
    """One instruction: its name in capitals, and the rest without continuations.

    The text of `RUN` does not know where it stands.
    """

    name: str
    rest: PlacedText

    def exec_form(self) -> list[PlacedText] | None:
        """Return the words of a JSON list; None for the shell form."""
        try:
            words = json.loads(self.rest.text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(words, list) or not all(isinstance(x, str) for x in words):
            return None
        found = [self.rest.part(*x.span(1)) for x in _STRING.finditer(self.rest.text)]
        pairs = zip(found, words)
        return [
            text if text.text == word else PlacedText(word, text.at[:1] * len(word))
            for text, word in pairs
        ]

    def words(self) -> list[PlacedText]:
        """Return the words between spaces, quotes included."""
        return [self.rest.part(*x.span()) for x in _WORD.finditer(self.rest.text)]

    def shell_words(self) -> list[PlacedText]:
        """Return what a shell makes of the text, as far as that is simple."""
        found = []
        for word in self.words():
            try:
                plain = shlex.split(word.text)
            except ValueError:
                return []
            found.append(unquoted(word) if plain != [word.text] else word)
        return found


def instructions(source: Source) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile; what is no instruction is passed over."""
    lines = [found.span() for found in _LINE.finditer(source.text)]
    text = source.text
    escape = _escape(text[start:end] for start, end in lines)
    goes_on = re.compile(rf"(?<!{re.escape(escape)}){re.escape(escape)}[ \t]*$")
    waiting = iter(lines)
    for start, end in waiting:
        pieces: list[tuple[int, int]] = []
        while True:
            line = text[start:end].rstrip("\r\n")
            is_open = bool(pieces)
            if line.strip() and not line.lstrip().startswith("#"):
                more = goes_on.search(line)
                stop = more.start() if more else len(line)
                pieces.append((start, start + stop))
                is_open = more is not None
            found = next(waiting, None) if is_open else None
            if found is None:
                break
            start, end = found
        if not pieces:
            continue
        plain = "".join(text[a:b] for a, b in pieces)
        name = _INSTRUCTION.match(plain.lstrip())
        if name is None:
            continue
        kind = name[1].upper()
        if kind in _WITH_HEREDOC:
            _skip_heredocs(text, plain, waiting)
        if kind == "RUN":
            yield Instruction(kind, PlacedText(plain, ()))
        elif kind in _KNOWN and len(plain) <= LONGEST_INSTRUCTION:
            at = tuple((source, i) for a, b in pieces for i in range(a, b))
            indent = len(plain) - len(plain.lstrip())
            rest = slice(indent + name.end(), len(plain.rstrip()))
            yield Instruction(kind, PlacedText(plain[rest], at[rest]))


def _skip_heredocs(text: str, plain: str, lines: Iterator[tuple[int, int]]) -> None:
    """Take the lines of the texts that an instruction brings along."""
    for dash, _, last in _HEREDOC.findall(plain):
        for start, end in lines:
            line = text[start:end].rstrip("\r\n")
            if (line.lstrip("\t") if dash else line) == last:
                break


def _escape(lines: Iterable[str]) -> str:
    """Return the character that continues a line, as a directive at the top has it."""
    for line in lines:
        found = _DIRECTIVE.match(line.rstrip("\r\n"))
        if found is None:
            break
        if found[1].lower() == "escape" and found[2] in ("\\", "`"):
            return found[2]
    return "\\"


def unquoted(text: PlacedText) -> PlacedText:
    """Return a word without its quotes."""
    kept = [i for i, char in enumerate(text.text) if char not in "\"'"]
    return PlacedText(
        "".join(text.text[i] for i in kept), tuple(text.at[i] for i in kept)
    )


def expanded(text: PlacedText, variables: Variables) -> PlacedText | None:
    """Return a text with its variables put in; None when one is not known."""
    pieces = []
    end = 0
    for found in _VARIABLE.finditer(text.text):
        if "$" in text.text[end : found.start()]:
            return None
        pieces.append(text.part(end, found.start()))
        end = found.end()
        if found["plain"]:
            pieces.append(text.part(end - 1, end))
            continue
        value = variables.get(found["short"] or found["name"])
        other = EMPTY if found["how"] is None else text.part(*found.span("other"))
        if found["how"] == "+":
            value = EMPTY if value is None else other
        elif found["how"] == "-" and (value is None or not value.text):
            value = other
        if value is None:
            return None
        pieces.append(value)
    pieces.append(text.part(end, len(text.text)))
    if "$" in text.text[end:] or sum(len(x.text) for x in pieces) > LONGEST_TEXT:
        return None
    return PlacedText(
        "".join(x.text for x in pieces), tuple(y for x in pieces for y in x.at)
    )


def assignments(instruction: Instruction) -> Iterator[tuple[str, PlacedText | None]]:
    """Yield the names that `ARG` and `ENV` set, with the values as they are written."""
    words = instruction.words()
    if instruction.name == "ENV" and words and "=" not in words[0].text:
        if len(words) > 1:
            rest = instruction.rest
            start = rest.text.index(words[1].text, len(words[0].text))
            yield words[0].text, rest.part(start, len(rest.text))
        return
    for word in words:
        name, sign, _ = word.text.partition("=")
        value = word.part(len(name) + 1, len(word.text))
        yield name, unquoted(value) if sign else None
