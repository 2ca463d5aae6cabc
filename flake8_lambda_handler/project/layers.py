"""Which folders become layers: what lies in them is imported by its own name.

What a template names as the content of a layer is unpacked into `/opt`; of that Lambda
looks into `python/`, and some builds (`sam build`, hooks of Terraform modules) put the
folder itself there. Found by text alone, when an import leads nowhere else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_lambda_handler import reading
from flake8_lambda_handler import templates
from flake8_lambda_handler.root import Tree

#: What a template has that describes a layer.
WORDS = ("LayerVersion", "aws_lambda_layer_version", "create_layer", "layers:")

HCL = (".tf", ".tofu")

#: A template that is longer, or one of more, is not looked into.
MOST_BYTES = 1_000_000
MOST_FILES = 500

_CONTENT = re.compile(
    r"""\b(?:Content|ContentUri|path|source_dir|source_path)["']?\s*[:=]\s*["']?"""
    r"""(?:\$\{path\.(?:module|root)\}/)?([\w./-]+)"""
)
_ARCHIVE = re.compile(r'"archive_file"\s+"([\w-]+)"')
_USED_ARCHIVE = re.compile(r"archive_file\.([\w-]+)")


def contents(tree: Tree) -> frozenset[str]:
    """Return the folders of a project that its templates may make layers of."""
    found: set[str] = set()
    for path in _templates(tree):
        text = _text(path)
        if any(word in text for word in WORDS):
            folder = os.path.dirname(path)
            if path.endswith(HCL):
                text = "\n".join(_for_layers(text.split("\n}")))
            for name in _CONTENT.findall(text):
                found.add(os.path.normpath(os.path.join(folder, name)))
    return frozenset(found - {tree.root})


def _for_layers(blocks: list[str]) -> Iterator[str]:
    """Yield the blocks of a Terraform file that say of what layers are made."""
    archives: set[str] = set()
    for block in blocks:
        if "create_layer" in block:
            yield block
        elif '"aws_lambda_layer_version"' in block:
            archives.update(_USED_ARCHIVE.findall(block))
            yield block
    for block in blocks:
        found = _ARCHIVE.search(block)
        if found is not None and found[1] in archives:
            yield block


def _templates(tree: Tree) -> Iterator[str]:
    count = 0
    for folder, names in tree.walk():
        for name in sorted(names):
            if templates.is_template_name(name) and count < MOST_FILES:
                count += 1
                yield folder + os.sep + name


def _text(path: str) -> str:
    try:
        return reading.read(path, MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
