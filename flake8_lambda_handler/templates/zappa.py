"""Zappa: the settings of its stages.

`app_function` is the application, of WSGI or ASGI: it gets no event.

Sources, read 2026-11-22: Zappa 0.63.0, README ("Advanced Settings"), `cli.py` and
`handler.py` (it hands on what the functions for events return).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from collections.abc import Sequence

from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import ZAPPA_EVENT
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence as List
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.parsing import template_documents

FILES = (
    "zappa_settings.json",
    "zappa_settings.toml",
    "zappa_settings.yaml",
    "zappa_settings.yml",
)
WORD = "."

#: Where a stage names functions for events: one, or one in each of a list.
_EVENTS = (("events",), ("authorizer",), ("bot_events",), ("cognito", "triggers"))

_TABLE = re.compile(r"^[ \t]*\[[ \t]*([\w\"'-]+)[ \t]*\][ \t]*(?:#.*)?$")
_INNER = re.compile(
    r"^[ \t]*(\[?)\[[ \t]*([\w\"'-]+)\.([\w.]+)[ \t]*\]\]?[ \t]*(?:#.*)?$"
)
_ENTRY = re.compile(r"^[ \t]*([\w-]+)[ \t]*=[ \t]*([\"'])([^\"'\\]*)\2[ \t]*(?:#.*)?$")


def read(path: str, files: TemplateFiles) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the settings declare, stage by stage.

    Raises:
        Unreadable: the file cannot be parsed.
    """
    if path.lower().endswith(".toml"):
        roots = [_toml(files.source(path))]
    else:
        found = template_documents(files, path, True, lambda text: True)
        roots = [one for one in found if isinstance(one, Mapping)]
    for root in roots:
        for name, stage in root.entries():
            if isinstance(stage, Mapping):
                yield from _stage(root, name.text, stage, os.path.dirname(path))


def _stage(
    root: Mapping, name: str, stage: Mapping, folder: str
) -> Iterator[Declaration | RuntimeUse]:
    used: list[RuntimeUse] = []
    if _setting(root, stage, "docker_image_uri") is None:  # an image has a runtime
        runtime = _text(_setting(root, stage, "runtime"))
        used = values.uses([runtime], runtime, name, "function") if runtime else []
        handler = _text(_setting(root, stage, "lambda_handler"))
        if handler is not None:
            yield from values.declarations("zappa", name, [handler], [folder], used)
    yield from used
    functions = [x for keys in _EVENTS for x in _functions(root, stage, keys)]
    yield from values.declarations(
        ZAPPA_EVENT, name, functions, [folder], used, (OTHER,)
    )


def _functions(root: Mapping, stage: Mapping, keys: Sequence[str]) -> Iterator[Scalar]:
    """Yield the functions that a stage names at a path of keys."""
    node = _setting(root, stage, keys[0])
    for key in keys[1:]:
        node = node.get(key) if isinstance(node, Mapping) else None
    for one in node.items if isinstance(node, List) else [node]:
        function = one.get("function") if isinstance(one, Mapping) else None
        if isinstance(function, Scalar):
            yield function


def _setting(root: Mapping, stage: Mapping, key: str) -> Node | None:
    """Return a setting of a stage, or of those that it extends."""
    seen: set[str] = set()
    while True:
        value = stage.get(key)
        if value is not None:
            return value
        base = stage.get("extends")
        if not isinstance(base, Scalar) or base.text in seen:
            return None
        seen.add(base.text)
        above = root.get(base.text)
        if not isinstance(above, Mapping):
            return None
        stage = above


def _text(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _toml(source: Source) -> Mapping:
    """Return the texts on lines of their own in the tables of a file, one in the other."""
    root = Mapping(source, 0)
    stage = Mapping(source, 0)
    offset = 0
    for line in source.text.splitlines(keepends=True):
        if table := _TABLE.match(line.rstrip()):
            name = table[1].strip("\"'")
            stage = Mapping(source, offset)
            root.add(Scalar(source, offset, name), stage)
        elif inner := _INNER.match(line.rstrip()):
            name = inner[2].strip("\"'")
            above = _table(root, name, source, offset)
            stage = Mapping(source, offset)
            *keys, last = inner[3].split(".")
            for key in keys:
                above = _table(above, key, source, offset)
            _put(above, Scalar(source, offset, last), stage, bool(inner[1]))
        elif entry := _ENTRY.match(line.rstrip()):
            label = Scalar(source, offset + entry.start(1), entry[1])
            stage.add(label, Scalar(source, offset + entry.start(3), entry[3]))
        offset += len(line)
    return root


def _table(above: Mapping, name: str, source: Source, offset: int) -> Mapping:
    """Return a table in another one; it is made if it is not there."""
    found = above.get(name)
    if not isinstance(found, Mapping):
        found = Mapping(source, offset)
        above.add(Scalar(source, offset, name), found)
    return found


def _put(above: Mapping, label: Scalar, table: Mapping, is_one_of_many: bool) -> None:
    if not is_one_of_many:
        above.add(label, table)
        return
    items = above.get(label.text)
    if not isinstance(items, List):
        items = List(label.source, label.offset)
        above.add(label, items)
    items.items.append(table)
