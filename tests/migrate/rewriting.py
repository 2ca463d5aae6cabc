"""Rewrites small sources, for the tables of the other files."""

from __future__ import annotations

import argparse
import ast
import textwrap
from pathlib import Path

from flake8_lambda_handler import options
from flake8_lambda_handler.migrate import command as migrate
from flake8_lambda_handler.migrate import header
from flake8_lambda_handler.migrate.handlers import Handlers
from flake8_lambda_handler.migrate.output import Outcome
from flake8_lambda_handler.migrate.output import Refused
from flake8_lambda_handler.migrate.rewrite import Result
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import rewrite
from flake8_lambda_handler.migrate.scan import scan
from flake8_lambda_handler.session import Session
from tests.support import project
from tests.support import settings_for


def dedented(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def rewritten(data: bytes, strategy: str = "auto", **facts: object) -> Result:
    """Rewrite every `async def lambda_handler` at the top of a file.

    `facts` are fields of the targets; decorators count as `sync` unless said.
    """
    tree = ast.parse(data)
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and node.name == "lambda_handler"
        and not node.col_offset
        and "overload" not in ast.unparse(node.decorator_list[:1] or [ast.Pass()])
    ]
    targets = [
        Target(node.lineno, node.name, ("sync",) * len(node.decorator_list))._replace(
            **facts
        )
        for node in functions
    ]
    assert targets
    return rewrite(data, targets, header.split, strategy)


def migrated(
    files: dict[str, str], strategy: str = "auto", **settings: object
) -> tuple[dict[str, str], list[Refused]]:
    """Migrate a project; return its files as they become, and what was refused."""
    texts = {path: dedented(text) for path, text in files.items()}
    with project(texts) as folder:
        chosen = settings_for(folder, **settings)
        outcome = Outcome()
        handlers = Handlers(outcome, Session(chosen), header.split, strategy)
        paths = [str(folder / path) for path in sorted(texts) if path.endswith(".py")]
        codes = frozenset({"LMB101"})
        found = scan(paths, codes, flake8_options(), chosen, 1)
        assert not [failure for one in found for failure in one.unread]
        outcome.refused += [refused for one in found for refused in one.refused]
        handlers.rewrite([target for one in found for target in one.targets])
        for path, _, new in outcome.changed():
            texts[Path(path).relative_to(folder).as_posix()] = new.decode()
        refused = [
            refusal._replace(path=Path(refusal.path).relative_to(folder).as_posix())
            for refusal in outcome.refused
        ]
    return texts, refused


def command(*arguments: str) -> int:
    """Run `migrate` in this process and the current folder; return its exit code."""
    parser = argparse.ArgumentParser()
    migrate.add_parser(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["migrate", "--isolated", *arguments])
    code: int = parsed.run(parsed)
    return code


def flake8_options():
    """Return flake8's options as they are without a configuration."""
    parser = argparse.ArgumentParser()
    options.add(parser)
    return options.load(parser.parse_args(["--isolated"]))[0]
