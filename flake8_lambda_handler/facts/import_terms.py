"""The terms of what import statements bind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.facts.terms import ImportTerm
from flake8_lambda_handler.facts.terms import NamespaceTerm


def bound(
    node: ast.Import | ast.ImportFrom,
) -> Iterator[tuple[str, ImportTerm | NamespaceTerm]]:
    """Yield each name that an import binds, with its term; `*` for all names."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            term = ImportTerm(node.module or "", node.level, alias.name)
            yield alias.asname or alias.name, term
        elif alias.asname:
            yield alias.asname, ImportTerm(alias.name, 0, None)
        else:
            root = alias.name.partition(".")[0]
            yield root, ImportTerm(root, 0, None)
            if root != alias.name:
                yield root, NamespaceTerm(alias.name)
