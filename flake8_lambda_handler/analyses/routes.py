"""Routes of web frameworks that return coroutines, or hold them: none of these runs them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.analyses.coroutines import Undriven
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import cure
from flake8_lambda_handler.analyses.coroutines import first_coroutine
from flake8_lambda_handler.analyses.quiet import may_have_async_routes
from flake8_lambda_handler.analyses.returned import RESOLVERS
from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import way_to
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.libraries.method_names import POWERTOOLS_ROUTERS
from flake8_lambda_handler.libraries.method_names import ROUTERS
from flake8_lambda_handler.libraries.method_names import ROUTING
from flake8_lambda_handler.session import Session


def never_awaited(session: Session, module: Module) -> Iterator[ast.AsyncFunctionDef]:
    """Yield the async routes of Powertools that `resolve` calls and does not await."""
    if not may_have_async_routes(module.text) or session.project.is_test(module):
        return
    found = [
        node
        for _, node in bindings(module.tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and any(_is_of_powertools(session, one, module) for one in node.decorator_list)
        and all(_keeps(session, one, module) for one in node.decorator_list)
    ]
    if found and _is_resolved(session, module) and not _is_awaited(session, module):
        yield from found


def _is_of_powertools(session: Session, decorator: ast.expr, module: Module) -> bool:
    return _routing(session.analysis, decorator, module) in POWERTOOLS_ROUTERS


def _keeps(session: Session, decorator: ast.expr, module: Module) -> bool:
    """Return whether a decorator leaves the function that a route runs as it is."""
    is_traced = getattr(decorator, "attr", "") == "capture_method"
    return is_traced or _is_of_powertools(session, decorator, module)


def undriven(
    session: Session, analysis: Analysis, summary: Summary, module: Module
) -> Iterator[Undriven]:
    """Yield the coroutines that a route returns, alone or in what it returns."""
    run = summary.activation
    if run is None or not _is_route(analysis, run.frame, module):
        return
    for value, state, _ in summary.returns:
        found = first_coroutine(summary, value, state)
        if found is None or (not found[0] and _is_awaited(session, module)):
            continue
        path, made, address = found
        node = written(way_to(address, run.frame)[0])
        if module.owns(node):
            what = f"`{path}` in the response" if path else "the response"
            yield Undriven(
                node,
                coroutine(made, address, module, node),
                f"is never awaited: {what} of the route is a coroutine",
                cure(made, run.frame),
                made,
                address,
                run.frame,
                node,
                run.frame,
            )


def _is_awaited(session: Session, module: Module) -> bool:
    """Return whether Powertools may run what a route returns as it is."""
    return "resolve_async" in module.text or _mentions(session, module, "resolve_async")


def _is_resolved(session: Session, module: Module) -> bool:
    return ".resolve" in module.text or _mentions(session, module, ".resolve(")


def _mentions(session: Session, module: Module, word: str) -> bool:
    """Return whether a file of the project has a word; of a big one it is not known."""
    folder = os.path.dirname(module.path)
    return session.project.mentioning(folder, word) != []


def _is_route(analysis: Analysis, frame: Frame, module: Module) -> bool:
    """Return whether a function is given to routers by its decorators, and to no others."""
    function = frame.function
    decorators = getattr(function and function.node, "decorator_list", ())
    return (
        bool(decorators)
        and all(_routing(analysis, one, module) in ROUTERS for one in decorators)
        and not any(word in module.text for word in RESOLVERS)
    )


def _routing(analysis: Analysis, decorator: ast.expr, module: Module) -> str:
    """Return the type of the router that a decorator gives a function to."""
    method = decorator.func if isinstance(decorator, ast.Call) else None
    if not isinstance(method, ast.Attribute) or method.attr not in ROUTING:
        return ""
    if not isinstance(method.value, ast.Name):
        return ""
    router = analysis.global_value(module, method.value.id)
    return router.type if isinstance(router, Object) else ""
