"""Where the values of an object were put in: the expression that a repair changes."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.heap import KEYS
from flake8_lambda_handler.flow.heap import OTHERS
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.run import Put
from flake8_lambda_handler.flow.run import Written
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Value


def places(puts: tuple[Put, ...], analysis: Analysis) -> list[Written]:
    """Return where values were put in that hold one another, the innermost first."""
    found = [_place(one, analysis) for one in reversed(puts)]
    return [one for one in found if one is not None]


def _place(put: Put, analysis: Analysis) -> Written | None:
    address, key, value = put
    found = analysis.puts.get(put)
    if found is None:
        node = _in_display(written(address.node), key, value)
        is_other = isinstance(node, ast.Constant) and not isinstance(value, Const)
        found = None if node is None or is_other else (address.module, node)
    return found


def _in_display(node: ast.AST, key: object, held: Value) -> ast.expr | None:
    """Return the expression that puts a value into the object that a node makes."""
    if isinstance(node, ast.Dict):
        return _in_dict(node, key, held)
    if isinstance(node, (ast.List, ast.Set, ast.Tuple)):
        if isinstance(key, int) and key < len(node.elts):
            return node.elts[key]
        return node.elts[0] if len(node.elts) == 1 else None
    if isinstance(node, ast.DictComp):
        return node.key if key is KEYS else node.value
    if isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp)):
        return node.elt
    if isinstance(node, ast.Call):
        given = [one.value for one in node.keywords if key and one.arg == key]
        return given[0] if given else None
    return None


def _in_dict(node: ast.Dict, key: object, held: Value) -> ast.expr | None:
    found: list[ast.expr] = []
    for name, value in zip(node.keys, node.values):
        if name is None:
            found.append(value)
        elif isinstance(name, ast.Constant):
            if key is KEYS and Const(name.value) == held:
                return name
            if name.value == key and type(name.value) is type(key):
                return value
        elif key in (KEYS, OTHERS):
            found.append(name if key is KEYS else value)
    # Among several nobody knows which it is.
    return found[0] if len(found) == 1 else None
