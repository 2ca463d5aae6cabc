"""Which events Lambda comes to: not those of a script, or of a run outside of Lambda."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TypeVar

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.events import Event

Kind = TypeVar("Kind", bound=Event)

_MAIN = frozenset({"__name__ == '__main__'", "'__main__' == __name__"})


def under_lambda(events: Iterable[Kind], analysis: Analysis) -> list[Kind]:
    """Return the events that are not behind a condition which Lambda never meets.

    Such as `if __name__ == "__main__"`, or `if "AWS_LAMBDA_FUNCTION_NAME" not in
    os.environ`, also by a name of the module or in a function that says no more.
    """
    known: dict[tuple[ast.expr, bool], bool] = {}
    found = []
    for event in events:
        for step in event.path:
            if step.kind == "main":
                break
            decided = paths.decided(step)
            if decided is not None:
                if decided not in known:
                    known[decided] = _is_never(*decided, event, analysis)
                if known[decided]:
                    break
        else:
            found.append(event)
    return found


def _is_never(test: ast.expr, arm: bool, event: Event, analysis: Analysis) -> bool:
    """Return whether a condition always comes out otherwise under Lambda."""
    test = _answer(test, event.module) or test
    if ast.unparse(test) in _MAIN:
        return arm
    if not paths.is_constant(test, event):
        return False
    return analysis.settled(event.module, test) is (not arm)


def _answer(test: ast.expr, module: Module) -> ast.expr | None:
    """Return what the function that a condition calls returns, if that is all it does."""
    if not isinstance(test, ast.Call) or test.args or test.keywords:
        return None
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            if isinstance(test.func, ast.Name) and node.name == test.func.id:
                last = node.body[-1]
                is_short = len(node.body) == 1 + (ast.get_docstring(node) is not None)
                if is_short and isinstance(last, ast.Return):
                    return last.value
    return None
