"""Runs the rules over the facts of a file, and gives findings in a fixed order."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import warnings
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING
from typing import Any

from flake8_lambda_handler import rules as rules_folder
from flake8_lambda_handler import templates
from flake8_lambda_handler.analyses.quiet import is_quiet
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Violation
from flake8_lambda_handler.reports import in_characters
from flake8_lambda_handler.reports import printable
from flake8_lambda_handler.reports import relative

if TYPE_CHECKING:
    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.model import Embedded
    from flake8_lambda_handler.model import Problem
    from flake8_lambda_handler.model import RuntimeUse
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.project.index import Project
    from flake8_lambda_handler.project.missing import Unloadable
    from flake8_lambda_handler.session import Session
    from flake8_lambda_handler.settings import Settings


@cache
def rules() -> tuple[ModuleType, ...]:
    """Return every rule of the `rules` folder, by code."""
    names = [entry.name for entry in pkgutil.iter_modules(rules_folder.__path__)]
    found = [importlib.import_module(f"{rules_folder.__name__}.{n}") for n in names]
    return tuple(sorted(found, key=lambda rule: str(rule.CODE)))


def name(rule: ModuleType) -> str:
    """Return the name of a rule: its file's name with dashes."""
    return rule.__name__.rpartition(".")[2].replace("_", "-")


def rule(code: str) -> ModuleType | None:
    """Return the rule of a code; None for those of flake8 itself."""
    return next((rule for rule in rules() if rule.CODE == code), None)


def title(code: str) -> str:
    """Return the name of the rule of a code; nothing for those of flake8 itself."""
    found = rule(code)
    return name(found) if found else ""


def repair(code: str, path: str) -> str:
    """Return what to write in the place of what a rule reports in a file.

    Inside a template that is by hand: what rewrites Python files leaves it alone.
    """
    found = rule(code)
    by_hand = getattr(found, "REPAIR_INSIDE", "")
    if by_hand and templates.is_template_name(os.path.basename(path), by_command=True):
        return str(by_hand)
    return str(getattr(found, "REPAIR", ""))


def level(code: str) -> str:
    """Return `warning` for what works today, `error` for everything else."""
    return str(getattr(rule(code), "LEVEL", "error"))


def check_module(
    session: Session, module: Module, *, declared: bool = False
) -> list[Violation]:
    """Return the findings in one Python file, by line, column and code.

    With `declared`, what templates declare about the file's handlers is reported
    too, at the handler's line: flake8 shows nothing outside the file it checks.
    """
    with session.collector.away():
        quiet = is_quiet(session, module)
        found = [
            Violation(module.path, line, column, rule.CODE, _text(rule, fields))
            for rule in (() if quiet else _with("check_module"))
            for line, column, fields in rule.check_module(session, module)
        ]
    if declared:
        found += _declared(session, module)
    found = [*_in_characters(found, module.text)]
    program = session.program(module)
    if program is not None:
        found += _runtimes(program, session.settings)
        inside = check_embedded(session, program) if program.embedded else ()
        # Only what stands in this file can be changed in it.
        found += [one for one in inside if one.path == module.path]
        faults = session.project.faults_in(module.path)
        found += [Violation(*one.declaration.place, *told(one)) for one in faults]
    return _in_order(found)


def check_template(project: Project, template: Template) -> list[Violation]:
    """Return the findings of one template, by path, line, column and code.

    Each stands where the text to change is, which can be another file than the one
    that was read: a Terraform variable, or a file that the template includes.
    """
    found = [
        Violation(template.path, line, column, rule.CODE, _text(rule, fields))
        for rule in _with("check_template")
        for line, column, fields in rule.check_template(template)
    ]
    found += _runtimes(template, project.settings)
    found += [
        Violation(*fault.declaration.place, *told(fault))
        for fault in project.faults(template)
    ]
    return _in_order(found)


def check_embedded(session: Session, template: Template) -> list[Violation]:
    """Return the findings in the code that a template or program holds, where it stands.

    Code that cannot be parsed, such as that of other templates, says nothing.
    """
    from flake8_lambda_handler.project import missing
    from flake8_lambda_handler.templates import embedded

    found = []
    for code in template.embedded:
        module = module_inside(session, code)
        if module is None:
            continue
        fault = missing.embedded_fault(code, module)
        judged: list[Violation] = []
        if fault is None and code.is_meant:
            # Many templates hold the same code.
            known = session.embedded.get(code.key)
            judged = check_module(session, module) if known is None else known
            session.embedded[code.key] = judged
        session.drop(module)
        if fault is not None:
            found.append(Violation(*code.place, *told(fault)))
        for violation in judged:
            place = embedded.place(code, violation.line, violation.column)
            if place is not None:
                message = embedded.retold(code, violation.text)
                found.append(Violation(*place, violation.code, message))
    return _in_order(found)


def module_inside(session: Session, code: Embedded) -> Module | None:
    """Return the module that a template or program holds; None if it has no syntax.

    Whoever asks lets go of it with `drop`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code.text)
    except (MemoryError, RecursionError, SyntaxError, ValueError):
        return None
    return session.module(session.project.embed(code), tree, code.text)


def unreadable(problem: Problem) -> Violation:
    """Return the finding for a template that cannot be read, path as it is shown."""
    (rule,) = (rule for rule in _with("check_template") if rule.CODE == "LMB001")
    path, line, column = problem.place
    return Violation(
        relative(path), line, column, rule.CODE, _text(rule, {"text": problem.text})
    )


def told(fault: Unloadable) -> tuple[str, str]:
    """Return code and text for a handler that Lambda cannot load."""
    (rule,) = _with("check_fault")
    (fields,) = rule.check_fault(fault)
    return rule.CODE, _text(rule, fields)


def _declared(session: Session, module: Module) -> Iterator[Violation]:
    for handler in find.of(session, module):
        for declaration in handler.declarations:
            for use in declaration.runtimes:
                if use.place.path.endswith(".py"):
                    continue  # reported where it stands
                where = f"{relative(use.place.path)}:{use.place.line}"
                for code, text in _judge(use, session.settings):
                    text = f"{text} ({printable(where)})"
                    yield Violation(
                        module.path, handler.line, handler.column, code, text
                    )


def _runtimes(template: Template, settings: Settings) -> Iterator[Violation]:
    for use in template.runtimes:
        for code, text in _judge(use, settings):
            yield Violation(*use.place, code, text)


def _judge(use: RuntimeUse, settings: Settings) -> Iterator[tuple[str, str]]:
    for rule in _with("check_runtime"):
        found: Iterable[dict[str, Any]] = rule.check_runtime(
            use, settings.as_of, settings.horizon_days, settings.runtimes
        )
        for fields in found:
            yield rule.CODE, _text(rule, fields)


@cache
def _with(function: str) -> tuple[ModuleType, ...]:
    return tuple(rule for rule in rules() if hasattr(rule, function))


def _text(rule: ModuleType, fields: dict[str, Any]) -> str:
    return printable(rule.MESSAGE.format(**fields))


def _in_characters(found: list[Violation], text: str) -> Iterator[Violation]:
    lines = [] if text.isascii() else text.split("\n")
    for violation in found:
        if lines:
            line = lines[violation.line - 1]
            violation = violation._replace(column=in_characters(line, violation.column))
        yield violation


def _in_order(found: Iterable[Violation]) -> list[Violation]:
    return sorted(set(found))
