"""What a project's files say of the versions of the libraries that it needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_lambda_handler import reading
from flake8_lambda_handler.root import Tree

#: Files that name the packages that the code needs.
DEPENDENCIES = re.compile(
    r"(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|Pipfile|pyproject\.toml|setup\.(?:py|cfg)|"
    r"(?:uv|poetry|Pipfile)\.lock|environment\.ya?ml)"
)

#: Folders that hold nothing else, one file for each purpose.
_FOLDERS = ("requirements", "reqs")

#: More than people write of what they need.
_MOST_BYTES = 256 * 1024


def asks_for(tree: Tree, folder: str, wanted: re.Pattern[str]) -> bool:
    """Return whether what is needed by the files of a folder is said in some words."""
    return any(
        wanted.search(reading.text(path, _MOST_BYTES))
        for above in tree.upwards(folder)
        for path in _files(tree, above)
    )


def _files(tree: Tree, folder: str) -> Iterator[str]:
    found = tree.listing(folder)
    for name in found.files:
        if DEPENDENCIES.fullmatch(name):
            yield os.path.join(folder, name)
    for name in found.folders:
        if name.endswith(".dist-info"):
            yield os.path.join(folder, name, "METADATA")
        elif name in _FOLDERS:
            inner = os.path.join(folder, name)
            for file in tree.listing(inner).files:
                if file.endswith((".in", ".txt")):
                    yield os.path.join(inner, file)
