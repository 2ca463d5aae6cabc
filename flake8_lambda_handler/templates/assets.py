"""What the AWS CDK puts beside a template: the manifest of its assets.

Source, read 2026-11-21: AWS CDK, cloud-assembly-schema, `AssetManifest` and
`FileAsset`; what `cdk synth` 2.170 writes to `cdk.out`.
"""

from __future__ import annotations

import os

from flake8_lambda_handler.templates.intrinsics import text_of
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import documents

_TEMPLATE = ".template.json"


def code(files: TemplateFiles, template: str, key: str) -> str | None:
    """Return the folder or file from which the object of a key is made.

    `template` is the path of the template that names the key.
    """
    if not template.endswith(_TEMPLATE):
        return None
    path = template.removesuffix(_TEMPLATE) + ".assets.json"
    if not os.path.isfile(path):
        return None
    try:
        roots = [*documents(files, path)]
    except Unreadable:
        return None
    for root in roots:
        found = _below(root, "files", os.path.splitext(key)[0], "source", "path")
        if found:
            return os.path.normpath(os.path.join(os.path.dirname(path), found))
    return None


def _below(node: Node | None, *keys: str) -> str:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return text_of(node)
