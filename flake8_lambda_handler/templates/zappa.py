"""Zappa: the settings of its stages.

Sources, read 2026-11-21: Zappa 0.63.0, README ("Advanced Settings") and `cli.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.parsing import template_documents

FILES = (
    "zappa_settings.json",
    "zappa_settings.toml",
    "zappa_settings.yaml",
    "zappa_settings.yml",
)
WORD = "lambda_handler"

_TABLE = re.compile(r"^[ \t]*\[[ \t]*([\w\"'-]+)[ \t]*\][ \t]*(?:#.*)?$")
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
    if _setting(root, stage, "docker_image_uri") is not None:
        return  # the image has the runtime
    runtime = _setting(root, stage, "runtime")
    used = values.uses([runtime], runtime, name, "function") if runtime else []
    yield from used
    handler = _setting(root, stage, "lambda_handler")
    if handler is not None:
        yield from values.declarations("zappa", name, [handler], [folder], used)


def _setting(root: Mapping, stage: Mapping, key: str) -> Scalar | None:
    """Return a setting of a stage, or of those that it extends."""
    seen: set[str] = set()
    while True:
        value = stage.get(key)
        if value is not None:
            return value if isinstance(value, Scalar) else None
        base = stage.get("extends")
        if not isinstance(base, Scalar) or base.text in seen:
            return None
        seen.add(base.text)
        above = root.get(base.text)
        if not isinstance(above, Mapping):
            return None
        stage = above


def _toml(source: Source) -> Mapping:
    """Return the texts that stand on lines of their own in the tables of a file."""
    root = Mapping(source, 0)
    stage = Mapping(source, 0)
    offset = 0
    for line in source.text.splitlines(keepends=True):
        if table := _TABLE.match(line.rstrip()):
            name = table[1].strip("\"'")
            stage = Mapping(source, offset)
            root.add(Scalar(source, offset, name), stage)
        elif entry := _ENTRY.match(line.rstrip()):
            label = Scalar(source, offset + entry.start(1), entry[1])
            stage.add(label, Scalar(source, offset + entry.start(3), entry[3]))
        offset += len(line)
    return root
