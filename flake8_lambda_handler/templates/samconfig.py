"""The parameters that `samconfig.toml` gives to the template beside it.

The file is searched, not parsed: what matters are texts that stand on their own, and
where they stand.

Source, read 2026-11-22: AWS SAM developer guide, "AWS SAM CLI configuration file" and
"sam deploy" (the two forms of `--parameter-overrides`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable

NAME = "samconfig.toml"

#: The commands that create a stack, and what is for all of them.
_COMMANDS = ("deploy", "sync", "global")
_TABLE = re.compile(r"^[ \t]*\[[ \t]*([\w.\"'-]+)[ \t]*\][ \t]*(?:#.*)?$", re.M)
_STRING = r"\"\"\".*?\"\"\"|\'\'\'.*?\'\'\'|\"(?:\\.|[^\"\\\n])*\"|\'[^\'\n]*\'"
_STRINGS = re.compile(rf"#[^\n]*|(?P<string>{_STRING})", re.S)
_OVERRIDES = re.compile(
    r"^[ \t]*parameter_overrides[ \t]*=[ \t]*"
    rf"(\[(?:[^\]\"'#]|#[^\n]*|{_STRING})*\]|{_STRING})",
    re.M | re.S,
)
_TEMPLATE = re.compile(
    r"^[ \t]*template(?:_file)?[ \t]*=[ \t]*[\"']([^\"'\n]*)[\"']", re.M
)
_PAIR = re.compile(
    r"(?<![\w.:/-])(?:ParameterKey=(?P<key>\w+),ParameterValue|(?P<name>\w+))="
    r"(?:(?P<quote>\\?[\"'])(?P<quoted>.*?)(?P=quote)|(?P<bare>[^\s\"'\\]*))",
    re.S,
)
#: What `sam build` writes, from the template beside the file.
_BUILT = ".aws-sam"


class Given(NamedTuple):
    """The values of one parameter."""

    values: tuple[Scalar, ...]
    #: Whether every stack that the file describes gets one of them.
    is_always: bool


def given(files: TemplateFiles, template: str) -> dict[str, Given]:
    """Return the parameters that a template is given, by name."""
    try:
        source = files.source(os.path.join(os.path.dirname(template), NAME))
    except Unreadable:
        return {}
    stacks = _stacks(source, os.path.basename(template))
    found: dict[str, list[Scalar]] = {}
    for stack in stacks.values():
        for name, value in stack.items():
            found.setdefault(name, []).append(value)
    return {
        name: Given(tuple(values), len(values) == len(stacks))
        for name, values in found.items()
    }


def _stacks(source: Source, template: str) -> dict[str, dict[str, Scalar]]:
    """Return the parameters of each environment that is for a template."""
    found: dict[str, dict[str, Scalar]] = {}
    others: set[str] = set()
    tables = [*_TABLE.finditer(source.text)]
    ends = [table.start() for table in tables[1:]] + [len(source.text)]
    parts = [(table, end, _steps(table[1])) for table, end in zip(tables, ends)]
    # What is for a command counts more than what is for all.
    for table, end, steps in sorted(parts, key=lambda part: part[2][1:2] != ["global"]):
        if len(steps) != 3 or steps[1] not in _COMMANDS or steps[2] != "parameters":
            continue
        stack = found.setdefault(steps[0], {})
        named = _TEMPLATE.search(source.text, table.end(), end)
        if named and _BUILT not in named[1] and os.path.basename(named[1]) != template:
            others.add(steps[0])
        overrides = _OVERRIDES.search(source.text, table.end(), end)
        if overrides is not None:
            stack.clear()
            stack.update(_pairs(source, *overrides.span(1)))
    return {name: stack for name, stack in found.items() if name not in others}


def _pairs(source: Source, start: int, end: int) -> Iterator[tuple[str, Scalar]]:
    """Yield the parameters in a text, or in the texts of a list."""
    for string in _STRINGS.finditer(source.text, start, end):
        if string["string"] is None:
            continue
        width = 3 if string[0][:3] in ('"""', "'''") else 1
        inside = string.start() + width, string.end() - width
        for pair in _PAIR.finditer(source.text, *inside):
            at = "bare" if pair["quote"] is None else "quoted"
            value = Scalar(source, pair.start(at), pair[at])
            yield pair["key"] or pair["name"], value


def _steps(name: str) -> list[str]:
    return [step.strip("\"' ") for step in name.split(".")]
