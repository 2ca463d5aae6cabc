"""Coroutines in what the routes of web frameworks return: none of these runs them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.analyses.coroutines import Undriven
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import cure
from flake8_lambda_handler.analyses.coroutines import first_coroutine
from flake8_lambda_handler.analyses.returned import RESOLVERS
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.bodies import way_to
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.libraries.method_names import ROUTERS
from flake8_lambda_handler.libraries.method_names import ROUTING


def undriven(
    analysis: Analysis, summary: Summary, module: Module
) -> Iterator[Undriven]:
    """Yield the coroutines that a route returns, alone or in what it returns."""
    run = summary.activation
    if run is None or not _is_route(analysis, run.frame, module):
        return
    for value, state, _ in summary.returns:
        found = first_coroutine(summary, value, state)
        if found is None or _may_be_awaited(found[0], module):
            continue
        path, made, address = found
        node = written(way_to(address, run.frame)[0])
        if module.owns(node):
            what = f"`{path}` in the response" if path else "the response"
            yield Undriven(
                node,
                coroutine(made, address, module),
                f"is never awaited: {what} of the route is a coroutine",
                cure(made, run.frame),
                made,
                address,
                run.frame,
                node,
                run.frame,
            )


def _may_be_awaited(path: str, module: Module) -> bool:
    """Return whether Powertools runs what a plain route returns as it is."""
    return not path and "resolve_async" in module.text


def _is_route(analysis: Analysis, frame: Frame, module: Module) -> bool:
    """Return whether a function is given to routers by its decorators, and to no others."""
    function = frame.function
    decorators = getattr(function and function.node, "decorator_list", ())
    return (
        bool(decorators)
        and all(_is_routing(analysis, one, module) for one in decorators)
        and not any(word in module.text for word in RESOLVERS)
    )


def _is_routing(analysis: Analysis, decorator: ast.expr, module: Module) -> bool:
    method = decorator.func if isinstance(decorator, ast.Call) else None
    if not isinstance(method, ast.Attribute) or method.attr not in ROUTING:
        return False
    if not isinstance(method.value, ast.Name):
        return False
    router = analysis.global_value(module, method.value.id)
    return isinstance(router, Object) and router.type in ROUTERS
