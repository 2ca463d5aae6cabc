"""Which functions of a module Lambda calls.

The best evidence comes first: a template names the function, then the setting
`lambda-handlers` does, then a decorator of Chalice makes it one, then its name and
parameters look like a handler's.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler import patterns
from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import guess
from flake8_lambda_handler.handlers.handler import DEFINITIONS
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.handlers.handler import definition
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.session import Session


def of(session: Session, module: Module) -> tuple[Handler, ...]:
    """Return the handlers of a module, best evidence first for each, in file order."""
    return session.once(_find, module)


def _find(session: Session, module: Module) -> tuple[Handler, ...]:
    settings = session.settings
    found: dict[str, Handler] = {}
    for one in session.project.declared(module.path):
        node = definition(session, module, one.name)
        if node is None:
            continue
        if one.name in found:
            old = found[one.name]
            if one.declaration not in old.declarations:
                old.declarations = (*old.declarations, one.declaration)
            continue
        place = one.declaration.place
        detail = f"{os.path.relpath(place.path)}:{place.line}"
        found[one.name] = Handler(
            session,
            module,
            one.name,
            node,
            Evidence("template", detail),
            (one.declaration,),
        )
    if settings.handlers:
        for name, pattern in _configured(session, module):
            node = definition(session, module, name)
            if name not in found and node is not None:
                found[name] = Handler(
                    session, module, name, node, Evidence("setting", pattern), ()
                )
    if patterns.may_decorate(module.text):
        from flake8_lambda_handler.handlers import decorated

        for handler in decorated.by_decorator(session, module):
            found.setdefault(handler.name, handler)
    if not found and not settings.handlers:
        for handler in guess.by_name(session, module):
            found[handler.name] = handler
    return tuple(sorted(found.values(), key=lambda one: (one.line, one.column)))


def _configured(session: Session, module: Module) -> Iterator[tuple[str, str]]:
    """Yield the names that patterns give to functions, here or where they lead from."""
    settings = session.settings
    path = patterns.module_path(module.path, settings)
    wanted = [one for one in settings.handlers if patterns.matches(path, one)]
    passed_on = session.project.configured(module.path)
    for name, node in bindings(module.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        is_class = isinstance(node, ast.ClassDef)
        is_rare = is_class or _gives_function(node)
        for pattern in wanted:
            # Few of these are handlers, so only a pattern without globs names one.
            if not (is_rare and patterns.GLOB.search(pattern)):
                if patterns.means(name, pattern):
                    yield name, pattern
        if name in passed_on and not is_rare:
            yield name, passed_on[name]


def _gives_function(node: ast.stmt) -> bool:
    """Return whether a statement defines a function that ends with giving another.

    That is a decorator, or what makes one; if it takes a context, as handlers do, only
    what makes one.
    """
    last = node.body[-1] if isinstance(node, DEFINITIONS) else None
    value = last.value if isinstance(last, ast.Return) else None
    given = [
        one
        for one in getattr(node, "body", ())
        if isinstance(one, DEFINITIONS)
        and isinstance(value, ast.Name)
        and one.name == value.id
    ]
    arguments = getattr(node, "args", None)
    second = [one.arg for one in arguments.args[1:2]] if arguments is not None else []
    if any("context" in name for name in second):
        return any(map(_gives_function, given))
    return bool(given) or (
        isinstance(value, ast.Call) and last_name(value) == "partial"
    )
