"""Which handlers of a file are to be rewritten: those that LMB101 reports."""

from __future__ import annotations

import ast
import os
from argparse import Namespace
from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from flake8.violation import Violation as Flake8Violation

from flake8_lambda_handler import engine
from flake8_lambda_handler import files
from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.handlers import find as handlers_of
from flake8_lambda_handler.handlers.guess import hidden
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.migrate.names import last_name
from flake8_lambda_handler.migrate.output import Refused
from flake8_lambda_handler.migrate.output import Unread
from flake8_lambda_handler.migrate.rewrite import Target
from flake8_lambda_handler.migrate.rewrite import unknown_effect
from flake8_lambda_handler.migrate.source import parse
from flake8_lambda_handler.migrate.uses import FUNCTION_DRIVERS
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.session import Session


class Found(NamedTuple):
    """What is to be done in one Python file, as far as its findings tell."""

    #: Absolute.
    path: str
    #: Absolute path of a file and a handler in it: not always the file asked about.
    targets: tuple[tuple[str, Target], ...] = ()
    #: Async handlers that LMB101 does not report, and why they stay as they are.
    refused: tuple[Refused, ...] = ()
    #: Where LMB202 stands.
    responses: tuple[Site, ...] = ()
    unread: tuple[Unread, ...] = ()


def find(
    path: str, codes: frozenset[str], flake8_options: Namespace, session: Session
) -> Found:
    """Return what the rules of the codes find in a Python file.

    Comments with `noqa` count as they do for flake8; `select` and `ignore` do not: a
    fix that is asked for by its code is wanted.
    """
    targets: list[tuple[int, str, Target]] = []
    refused: list[tuple[int, Refused]] = []
    responses: list[Site] = []

    def check(name: str, tree: ast.Module | None, text: str) -> Iterator[files.Result]:
        full = os.path.abspath(name)
        if not session.concerns(full, text):
            return
        module = session.module(full, tree, text)
        sites = {
            code: list(rule(code).check_module(session, module))
            for code in sorted(codes & {"LMB101", "LMB202"})
        }
        for code, found in sites.items():
            yield from ((code, site.line, site.column, "") for site in found)
        responses.extend(sites.get("LMB202", ()))
        reported = {site.line for site in sites.get("LMB101", ())}
        wanted: list[Handler] = []
        if "LMB101" in codes:
            wanted = [*handlers_of.of(session, module)] or [*hidden(session, module)]
        for handler in wanted:
            if handler.line in reported:
                for home, target in _targets(handler):
                    if "driving" in target.decorators:
                        reason = "is run by a decorator, and made async by another one"
                        one = Refused(home, target.line, target.name, reason)
                        refused.append((handler.line, one))
                    else:
                        targets.append((handler.line, home, target))
            elif (found_out := _obstacle(handler)) is not None:
                line, reason = found_out
                at = handler.line
                refused.append((at, Refused(full, line, handler.name, reason)))
                yield "LMB101", at, handler.column, ""

    _, results, _ = files.PythonFile(path, flake8_options, check).run_checks()
    lines: dict[str, set[int]] = {"LMB101": set(), "LMB202": set()}
    unread = []
    for code, line, column, text, physical_line in results:
        if code in lines:
            finding = Flake8Violation(code, path, line, column, text, physical_line)
            if not finding.is_inline_ignored(flake8_options.disable_noqa):
                lines[code].add(line)
        else:
            unread.append(Unread(path, line, text))
    return Found(
        os.path.abspath(path),
        tuple((home, target) for at, home, target in targets if at in lines["LMB101"]),
        tuple(one for at, one in refused if at in lines["LMB101"]),
        tuple(site for site in responses if site.line in lines["LMB202"]),
        tuple(unread),
    )


def rule(code: str) -> ModuleType:
    return next(rule for rule in engine.rules() if rule.CODE == code)


def _targets(handler: Handler) -> Iterator[tuple[str, Target]]:
    """Yield the file and the definitions that make a handler what it is."""
    module, node, name = handler.module, handler.node, handler.name
    values = list(each(handler.value))
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        # Another name for a function, perhaps of another module.
        only = values[0] if len(values) == 1 else None
        if isinstance(only, Function) and only.node in only.module.tree.body:
            module, node, name = only.module, only.node, only.name
    declared = {
        use.identifier
        for declaration in handler.declarations
        for use in declaration.runtimes
    }
    for one in _branches(module.tree, node, name):
        kinds = decorator_kinds(handler.session, module, one)
        yield module.path, Target(one.lineno, name, kinds, tuple(sorted(declared)))


def _branches(tree: ast.Module, node: ast.stmt, name: str) -> list[ast.stmt]:
    """Return a definition and those that other branches have in its place."""
    block = next(
        statement
        for statement in tree.body
        if statement.lineno <= node.lineno <= (statement.end_lineno or node.lineno)
    )
    if block is node:
        return [node]
    found: list[ast.stmt] = [
        other
        for bound, other in bindings(tree)
        if bound == name
        and isinstance(other, ast.AsyncFunctionDef)
        and block.lineno <= other.lineno <= (block.end_lineno or 0)
    ]
    return found or [node]


def _obstacle(handler: Handler) -> tuple[int, str] | None:
    """Return why an async handler stays as it is though LMB101 is silent, and where.

    None for a handler that is not async, or that a decorator runs.
    """
    module, node = handler.module, handler.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _unknown_maker(handler)
    functions = _branches(module.tree, node, handler.name)
    async_ones = [one for one in functions if isinstance(one, ast.AsyncFunctionDef)]
    for function in async_ones:
        kinds = decorator_kinds(handler.session, module, function)
        if "driving" in kinds:
            continue
        if module.scopes[function].yields:
            return function.lineno, "is an async generator"
        for decorator, kind in zip(function.decorator_list, kinds):
            if kind == "unknown":
                return decorator.lineno, unknown_effect(decorator)
        for bound, other in bindings(module.tree):
            if bound == handler.name and not isinstance(other, ast.AsyncFunctionDef):
                return other.lineno, "is bound here too, to something else"
        return function.lineno, "is not sure to return a coroutine"
    return None


def _unknown_maker(handler: Handler) -> tuple[int, str] | None:
    """Return why a handler stays that something makes of a coroutine function."""
    module, value = handler.module, getattr(handler.node, "value", None)
    if not isinstance(value, ast.Call) or last_name(value.func) in FUNCTION_DRIVERS:
        return None
    if None not in _results(handler):
        return None
    for given in value.args:
        if isinstance(given, ast.Name) and _may_be_async(
            handler.session, module, given.id
        ):
            name = paths.text(value.func).partition("(")[0]
            reason = f"is made of `{given.id}` by `{name}` of unknown effect"
            return handler.line, reason
    return None


def _may_be_async(session: Session, module: Module, name: str) -> bool:
    """Return whether a module binds a name to a coroutine function, its own or not."""
    if any(
        bound == name and isinstance(node, ast.AsyncFunctionDef)
        for bound, node in bindings(module.tree)
    ):
        return True
    value = session.analysis.global_value(module, name)
    return any(isinstance(one, Function) and one.is_async for one in each(value))


def decorator_kinds(
    session: Session, module: Module, node: ast.stmt
) -> tuple[str, ...]:
    """Return what each decorator of a function does, as `Target.decorators` says."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    kinds = session.once(_kinds, module) if decorators else {}
    return tuple(kinds.get(paths.text(one), "unknown") for one in decorators)


def _kinds(session: Session, module: Module) -> dict[str, str]:
    """Return what each decorator of functions at a module's top level does."""
    texts = {
        paths.text(decorator): decorator
        for _, node in bindings(module.tree)
        for decorator in getattr(node, "decorator_list", ())
    }
    kinds = dict.fromkeys(texts, "unknown")
    added = ""
    asked: list[str] = []
    for text, decorator in texts.items():
        made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
        if last_name(made_by) in FUNCTION_DRIVERS:
            kinds[text] = "driving"
            continue
        pair = "".join(
            f"\ndef _lmb_{len(asked)}{word.strip()}(event, context):\n"
            f"    @{text}\n    {word}def decorated(event, context):\n"
            "        return {}\n    return decorated(event, context)\n"
            for word in ("", "async ")
        )
        if _parsed(pair):
            added += pair
            asked.append(text)
    # All in one copy: to follow a module takes its time.
    longer = f"{module.text}\n{added}"
    if asked and (tree := _parsed(longer)):
        copy = Module(module.path, tree, longer)
        functions = _last_functions(session, copy, 2 * len(asked))
        results = map(_results, functions)
        for text, on_sync, on_async in zip(asked, results, results):
            kinds[text] = _kind(on_sync, on_async)
    return kinds


def _kind(on_sync: set[bool | None], on_async: set[bool | None]) -> str:
    """Return what a decorator does that makes this of a sync and an async function."""
    if on_async != {True}:
        return "driving" if on_async == {False} else "unknown"
    if True in on_sync:
        return "async" if len(on_sync) == 1 else "unknown"
    return "sync"


def _parsed(text: str) -> ast.Module | None:
    try:
        return parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # nested deeper than can be written or parsed


def _last_functions(session: Session, module: Module, count: int) -> Iterator[Handler]:
    """Yield the last functions of a module, as if they were handlers."""
    for node in module.tree.body[-count:]:
        name = getattr(node, "name", "")
        yield Handler(session, module, name, node, Evidence("name", name), ())


def _results(handler: Handler) -> set[bool | None]:
    """Return whether calling a handler gives a coroutine, alone or in a container.

    None stands for what is not known.
    """
    analysis = handler.session.analysis
    result, run = analysis.call(handler.module, handler.value, [UNKNOWN, UNKNOWN])
    return {
        None if value is UNKNOWN else _gives_coroutine(run, value)
        for value in each(result)
    }


def _gives_coroutine(run: Run, value: Value) -> bool:
    return isinstance(value, Coroutine) or any(
        isinstance(made := run.entry(address), Made) and made.kind == "coroutine"
        for address in run.reach(value) - run.driven
    )
