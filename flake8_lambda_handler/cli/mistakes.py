"""Settings that mean nothing, and what was probably meant.

flake8 passes over them in silence, which looks like a clean run; `check` refuses them.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import os
from argparse import Namespace
from collections.abc import Iterable
from collections.abc import Iterator
from fnmatch import fnmatchcase

from flake8.utils import parse_files_to_codes_mapping

from flake8_lambda_handler import engine
from flake8_lambda_handler import patterns
from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.settings import SettingsError

#: So many modules with a name like the wanted one are looked into.
_NEAR = 10


def check_codes(options: Namespace) -> None:
    """Refuse codes of ours that no rule has; prefixes of codes are fine.

    Raises:
        SettingsError: an option that selects or ignores findings holds such a code.
    """
    known = [rule.CODE for rule in engine.rules()]
    for key, code in _codes(options):
        if code.startswith("LMB") and not any(one.startswith(code) for one in known):
            nearest = {one[: len(code)]: None for one in known}
            (meant,) = difflib.get_close_matches(code, nearest, 1, 0.0)
            raise SettingsError(
                f"{key}: there is no rule `{code}`; did you mean `{meant}`?"
            )


def _codes(options: Namespace) -> Iterator[tuple[str, str]]:
    for name in ("select", "extend_select", "ignore", "extend_ignore"):
        for code in getattr(options, name) or ():
            yield name.replace("_", "-"), code
    for _, codes in parse_files_to_codes_mapping(options.per_file_ignores or ""):
        yield from (("per-file-ignores", code) for code in codes)


def check_patterns(project: Project, checked: Iterable[str]) -> None:
    """Refuse patterns of `lambda-handlers` that no function of the project matches.

    Raises:
        SettingsError: a pattern matches nothing.
    """
    for text in unmatched(project, checked):
        raise SettingsError(text)


def unmatched(project: Project, checked: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with each pattern that no function of the project matches.

    That is every Python file below the folder of the configuration, with the files of
    this run: a hook that gets the files of one commit is as right as a run over all of
    them. Where there is no project, such as in the home folder, nobody can tell; and
    `*.handler`, which names no module, may have nothing to match in this one.
    """
    settings = project.settings
    waiting = dict.fromkeys(itertools.filterfalse(_is_convention, settings.handlers))
    paths: dict[str, str] = {}
    tree = project.tree(settings.folder)
    every = tree.python_files(settings.folder)
    for path in itertools.chain(map(os.path.abspath, checked), every):
        if not waiting:
            return
        module = paths[path] = patterns.module_path(path, settings)
        for pattern in [one for one in waiting if patterns.matches(module, one)]:
            if _binds(project, path, pattern.rpartition(".")[2]):
                del waiting[pattern]
    for pattern in waiting if tree.root else ():
        meant = _nearest(project, paths, pattern)
        yield (
            f"lambda-handlers: `{pattern}` matches no function below the "
            "configuration file's folder"
            + (f"; did you mean `{meant}`?" if meant else "")
        )


def _is_convention(pattern: str) -> bool:
    """Return whether a pattern is about any module, as a team's shared settings are."""
    return not pattern.rpartition(".")[0].strip("*/")


def _binds(project: Project, path: str, name: str) -> bool:
    """Return whether a module binds a name; one that cannot be parsed may."""
    module = project.parse(path)
    return (
        module is None
        or any(fnmatchcase(bound, name) for bound, _ in bindings(module.tree))
        or any(project.passed_on(path, name))
    )


def _nearest(project: Project, paths: dict[str, str], pattern: str) -> str | None:
    """Return the function that a pattern comes nearest to, as a pattern names it."""
    wanted, _, name = pattern.rpartition(".")
    wanted = wanted.replace(".", "/")
    by_module = {module: path for path, module in sorted(paths.items(), reverse=True)}
    near = [one for one in by_module if patterns.matches(one, pattern)]
    near = near or difflib.get_close_matches(wanted, by_module, _NEAR, 0.0)
    functions = []
    for one in near[:_NEAR]:
        module = project.parse(by_module[one])
        for node in module.tree.body if module is not None else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.append(f"{one}.{node.name}")
    meant = difflib.get_close_matches(f"{wanted}.{name}", functions, 1, 0.0)
    return meant[0] if meant else None
