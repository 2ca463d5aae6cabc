"""Which files of a folder Terraform reads, and what `path.module` and its like mean."""

from __future__ import annotations

import os

from flake8_lambda_handler import reading
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import scan

MOST_BYTES = 1_000_000


def named(folder: str, name: str) -> str | None:
    """Return the folder that `path.<name>` stands for in the files of a folder."""
    if name == "module":
        return folder
    return _root_of(folder) if name in ("root", "cwd") else None


def _root_of(folder: str) -> str:
    """Return the folder above whose files call the module of a folder; itself if none."""
    top, above = Roots().of(folder), os.path.dirname(folder)
    while is_inside(above, top):
        for name in sorted(scan(above, top).files):
            if name.endswith((".tf", ".tofu")) and _calls(above, name, folder):
                return above
        above = os.path.dirname(above)
    return folder


def _calls(above: str, name: str, folder: str) -> bool:
    try:
        data = reading.read(os.path.join(above, name), MOST_BYTES)
    except OSError:
        return False
    steps = os.path.relpath(folder, above).replace(os.sep, "/")
    return b"module" in data and f'"./{steps}"'.encode() in data.replace(b'/"', b'"')


def files_in_order(folder: str, given_names: set[str]) -> list[str]:
    """Return the names of the files that Terraform reads, overriding ones last."""
    names = sorted(given_names.union(scan(folder, Roots().of(folder)).files))
    blocks: list[str] = []
    overrides: list[str] = []
    present = set(names)
    for name in names:
        if name.endswith((".tofu", ".tofu.json")) or (
            name.endswith((".tf", ".tf.json"))
            and name.replace(".tf", ".tofu") not in present
        ):
            (overrides if is_override(name) else blocks).append(name)
    given = [x for x in names if x in ("terraform.tfvars", "terraform.tfvars.json")]
    given += [x for x in names if x.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return blocks + overrides + given


def is_override(name: str) -> bool:
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")
