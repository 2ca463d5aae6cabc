"""Functions that a decorator of their framework makes handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.handlers.handler import DEFINITIONS
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.libraries import chalice
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.session import Session

_ENTRIES = chalice.WRAPPING | {chalice.PLAIN}


def by_decorator(session: Session, module: Module) -> Iterator[Handler]:
    """Yield the functions under `@app.lambda_function()` and its like of Chalice.

    A middleware may do anything with what they return.
    """
    text = module.text
    if "chalice" not in text or "middleware" in text or session.project.is_test(module):
        return
    for name, node in dict(bindings(module.tree)).items():
        for decorator in node.decorator_list if isinstance(node, DEFINITIONS) else ():
            function = decorator.func if isinstance(decorator, ast.Call) else None
            if isinstance(function, ast.Attribute) and function.attr in _ENTRIES:
                if _is_app(session, module, function.value):
                    detail = f"{ast.unparse(function)} of Chalice"
                    evidence = Evidence("decorator", detail)
                    yield Handler(session, module, name, node, evidence, ())
                    break


def _is_app(session: Session, module: Module, node: ast.expr) -> bool:
    if not isinstance(node, ast.Name):
        return False
    value = session.analysis.global_value(module, node.id)
    return isinstance(value, Object) and value.type in chalice.APPS
