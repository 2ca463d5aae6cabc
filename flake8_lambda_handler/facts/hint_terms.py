"""The terms of what annotations name."""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts.terms import NOTHING
from flake8_lambda_handler.facts.terms import REGISTERED
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.facts.terms import TypedTerm


def of(annotation: ast.expr) -> Term:
    """Return the term of the objects that an annotation names."""
    terms: list[Term] = []
    for one in hints.alternatives(annotation) or ():
        if one.gives:
            terms.append(REGISTERED)
            continue
        term = one.node and _named(one.node)
        if term:
            terms.append(term if one.is_class else TypedTerm(term))
    return AnyOf(tuple(terms)) if terms else NOTHING


def yielded(annotation: ast.expr) -> Term:
    """Return the term of what a generator function yields, by what it returns."""
    inner = hints.yielded(annotation)
    return NOTHING if inner is None else of(inner)


def _named(node: ast.expr) -> Term | None:
    if isinstance(node, ast.Attribute):
        owner = _named(node.value)
        return owner and AttributeTerm(owner, node.attr)
    if not isinstance(node, ast.Name):
        return None
    module, _, name = node.id.rpartition(".")
    return ImportTerm(module, 0, name) if module else NameTerm(name)
