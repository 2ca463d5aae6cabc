"""Text that cannot be parsed: what it names, and whether another tool renders it.

Templates of templates (Jinja, cookiecutter and the like) often are no YAML, JSON or
Terraform yet, and most of them are for functions in other languages; so they are only
worth a word when they name something of Python.
"""

from __future__ import annotations

import os
import re

from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.templates.nodes import Source

#: What is said about it, after the name of the language that it is not yet.
WHAT = "a template of a template (such as Jinja); check what it renders"

#: Jinja, Go templates, ERB and their kin; CloudFormation's own `{{resolve:…}}` not.
_MARK = re.compile(r"\{\{(?!\s*resolve:)|\{%|<%")
_PLACEHOLDER = re.compile(r"\{\{[^{}]{0,200}\}\}|<%[^%]{0,200}%>")
_RUNTIME = re.compile(r"\bpython\d\.\d+\b", re.ASCII)
_HANDLER = re.compile(
    r"\bhandler[\"']?\s*[:=]\s*[\"']?([\w./-]*\w)\.[^\W\d]\w*[\"']?\s*[,}\r\n]", re.I
)
_CODE = re.compile(r"\b(?:CodeUri|source_dir)[\"']?\s*[:=]\s*[\"']?([\w./-]+)", re.I)
#: Most handlers and folders of one text that are looked for.
_MOST = 50


def mark(text: str) -> re.Match[str] | None:
    """Return the first mark of a template language in a text."""
    return _MARK.search(text)


def is_foreign(source: Source) -> bool:
    """Tell whether a text is a template of a template, and not for Python.

    It is for Python when it names a Python runtime, or a handler whose file is there.
    """
    text = source.text
    if not _MARK.search(text) or _RUNTIME.search(text):
        return False
    return not named_files(source)


def named_files(source: Source) -> list[str]:
    """Return the Python files that are there and that a text names as handlers."""
    plain = _PLACEHOLDER.sub("", source.text)
    modules = _found(_HANDLER, plain)
    here = os.path.dirname(source.path)
    folders = [here, *(os.path.join(here, code) for code in _found(_CODE, plain))]
    tree = Tree(Roots().of(here))
    while is_inside(here := os.path.dirname(here), tree.root):
        folders.append(here)
    paths = [
        os.path.normpath(os.path.join(folder, module.replace(".", "/").lstrip("/")))
        for module in modules
        for folder in folders
    ]
    return [path + ".py" for path in paths if tree.has_file(path + ".py")]


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(match[1] for match in pattern.finditer(text)))[:_MOST]
