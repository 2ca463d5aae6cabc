"""`handlers`: which functions are handlers, and the evidence for each."""

from __future__ import annotations

import ast
import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler import engine
from flake8_lambda_handler import files
from flake8_lambda_handler import options
from flake8_lambda_handler import reports
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.cli import mistakes
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.handlers import guess
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.migrate.targets import decorator_kinds
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Template
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.session import Session


def add_parser(subparsers: Any) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "handlers",
        help="list the functions that are taken for handlers, and why",
        description="List the functions that are taken for handlers, and why.",
        epilog="Exit code: 0 done, 1 a file or a template cannot be read, "
        "2 usage or configuration error.",
    )
    files.add_paths(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        default="text",
        help="the form of the list (default: text)",
    )
    options.add(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Print the handlers, and the files that cannot be read on standard error."""
    flake8_options, settings = options.load(arguments)
    found = files.find(files.named(arguments), flake8_options)
    session = Session(settings)
    handlers: list[dict[str, Any]] = []
    unread = [Violation(path, 0, 0, "E902", text) for path, text in found.failures]

    def collect(
        name: str, tree: ast.Module | None, text: str
    ) -> Iterator[files.Result]:
        full = os.path.abspath(name)
        if session.concerns(full, text):
            module = session.module(full, tree, text)
            lines = text.split("\n")
            for handler in [*find.of(session, module)] or guess.hidden(session, module):
                line = lines[handler.line - 1]
                column = reports.in_characters(line, handler.column)
                handlers.append(_as_dict(Place(name, handler.line, column), handler))
            program = session.program(module)
            if program is not None:
                handlers.extend(_inside(session, program, name))
        yield from ()

    checked = [path for path in found.python if os.path.isfile(path)]
    for text in mistakes.unmatched(session.project, checked):
        sys.stderr.write(f"flake8-lambda-handler: warning: {reports.printable(text)}\n")
    for path in found.python:
        name, results, _ = files.PythonFile(path, flake8_options, collect).run_checks()
        unread += [Violation(name, line, col, c, t) for c, line, col, t, _ in results]
    for path in found.templates:
        full = os.path.abspath(path)
        if full != found.on_stdin:
            handlers += _inside(session, session.project.template(full), path)
    for problem in files.unreadable_templates(found, flake8_options, session.project):
        unread.append(engine.unreadable(problem))
    handlers.sort(key=lambda handler: (handler["path"], handler["line"]))
    if arguments.format == "json":
        sys.stdout.write(json.dumps(handlers, indent=2) + "\n")
    elif arguments.format == "jsonl":
        sys.stdout.writelines(json.dumps(handler) + "\n" for handler in handlers)
    else:
        sys.stdout.writelines(map(_as_text, handlers))
    if unread:
        sys.stderr.write(reports.text(unread))
    return int(bool(unread))


def _inside(
    session: Session, template: Template, shown: str
) -> Iterator[dict[str, Any]]:
    """Yield the handlers in the code that a template or program holds."""
    from flake8_lambda_handler.templates import embedded

    for code in template.embedded:
        module = engine.module_inside(session, code)
        if module is None:
            continue
        for handler in find.of(session, module) if code.is_meant else ():
            line = code.text.split("\n")[handler.line - 1]
            column = reports.in_characters(line, handler.column)
            place = embedded.place(code, handler.line, column)
            if place is not None and place.path == template.path:
                yield _as_dict(place._replace(path=shown), handler)
        session.drop(module)


def _as_dict(place: Place, handler: Handler) -> dict[str, Any]:
    return {
        "path": place.path.replace(os.sep, "/"),
        "line": place.line,
        "column": place.column + 1,
        "name": handler.name,
        "evidence": handler.evidence._asdict(),
        "runtimes": sorted(
            {
                use.identifier
                for declaration in handler.declarations
                for use in declaration.runtimes
            }
        ),
        "unknown": _unknown_decorators(handler),
    }


def _unknown_decorators(handler: Handler) -> list[str]:
    """Return the decorators that may run an async handler, or may not.

    No rule says anything of it then.
    """
    if not handler.is_async_def:
        return []
    kinds = decorator_kinds(handler.session, handler.module, handler.node)
    decorators = getattr(handler.node, "decorator_list", ())
    return [
        paths.text(decorator).partition("(")[0]
        for decorator, kind in zip(decorators, kinds)
        if kind == "unknown" and "driving" not in kinds
    ]


def _as_text(handler: dict[str, Any]) -> str:
    evidence = handler["evidence"]
    runtimes = "".join(f", {identifier}" for identifier in handler["runtimes"])
    unknown = "".join(f"; unknown: `{name}`" for name in handler["unknown"])
    line = (
        f"{handler['path']}:{handler['line']}:{handler['column']}: {handler['name']} "
        f"({evidence['kind']}: {evidence['detail']}{runtimes}{unknown})"
    )
    return reports.printable(line) + "\n"
