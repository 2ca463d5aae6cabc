"""Coroutines that an async function returns: one `await` of its call does not run them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator

from flake8_lambda_handler.analyses.coroutines import Undriven
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import undriven
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.bodies import way_to
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function

AWAIT = "`await` it"

#: What an annotation mentions of a function that gives something awaitable on purpose.
AWAITABLES = ("Any", "Awaitable", "Coroutine", "Future", "Task", "object")

#: What a file mentions that runs whatever it gets until nothing awaitable is left.
RESOLVERS = ("isawaitable", "iscoroutine", "await (await")

PLAIN_DECORATORS = frozenset({"classmethod", "override", "staticmethod"})

LITERALS = (ast.Dict, ast.JoinedStr, ast.List, ast.Set, ast.Tuple)


def beside_plain(summary: Summary, module: Module) -> Iterator[Undriven]:
    """Yield the coroutines that an async function returns where it else returns values."""
    run = summary.activation
    function = None if run is None else run.frame.function
    if run is None or function is None or not _promises_a_value(function):
        return
    found = [
        (value.address, entry)
        for value, state, node in summary.returns
        if isinstance(value, Coroutine)
        and value.kind == "coroutine"
        and isinstance(node, ast.Return)
        and isinstance(entry := state.heap.get(value.address), Made)
    ]
    if not found or any(word in module.text for word in RESOLVERS):
        return
    for other in _plain_returns(function.node, summary):
        fate = (
            "is returned without `await`: one `await` of the caller gives a coroutine, "
            f"not a result as from line {other.lineno}"
        )
        for address, made in found:
            node = written(way_to(address, run.frame)[0])
            if module.owns(node) and isinstance(node, ast.Call):
                name = coroutine(made, address, module)
                yield Undriven(
                    node, name, fate, AWAIT, made, address, run.frame, node, run.frame
                )
        return


def moved(
    analysis: Analysis,
    summary: Summary,
    driven: Callable[[], set[ast.AST]],
    module: Module,
) -> Iterator[Undriven]:
    """Yield the coroutines that a body leaves behind, each where the `await` goes.

    That is in the async function that returns it, unless it is `driven_inside`: somebody
    awaits the result of the first `await`.
    """
    for one in undriven(analysis, summary, module):
        inner = _made_inside(analysis, one)
        if inner is None or not module.owns(inner.node):
            yield one
            continue
        if inner.node not in driven():
            yield one._replace(
                node=inner.node,
                name=coroutine(one.made, inner, module),
                fate=f"is returned without `await`, and {one.fate}",
                cure=AWAIT,
            )


def _promises_a_value(function: Function) -> bool:
    """Return whether awaiting a function's call is meant to give a plain value."""
    node = function.node
    if isinstance(node, ast.Lambda) or not function.is_async:
        return False
    names = {getattr(one, "id", "") for one in node.decorator_list}
    said = "" if node.returns is None else ast.unparse(node.returns)
    return names <= PLAIN_DECORATORS and not any(word in said for word in AWAITABLES)


def _plain_returns(function: ast.AST, summary: Summary) -> Iterator[ast.Return]:
    """Yield the returns whose text says that they give a plain value."""
    awaited = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Await)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for _, _, node in summary.returns:
        value = node.value if isinstance(node, ast.Return) else None
        if isinstance(node, ast.Return) and (
            isinstance(value, (ast.Await, *LITERALS))
            or (isinstance(value, ast.Name) and value.id in awaited)
        ):
            yield node


def _made_inside(analysis: Analysis, one: Undriven) -> Address | None:
    """Return where an async function makes the coroutine that it returns to a body.

    `None` for one that the body makes itself, or gets from a plain function.
    """
    inner = one.address if one.made.origin is None else one.made.origin
    maker, own = analysis.made_in.get(inner.node), one.frame.function
    if maker is None or own is None or not _promises_a_value(maker):
        return None
    if maker.node is own.node:
        return None
    returned = [
        value
        for value, _, _ in analysis.summary(maker.bind(None)).returns
        if isinstance(value, Coroutine) and value.address.node is inner.node
    ]
    return inner if returned else None


def driven_inside(summaries: list[Summary]) -> set[ast.AST]:
    """Return what made the coroutines that some body awaits, here or in a callee."""
    found: set[ast.AST] = set()
    for summary in summaries:
        run = summary.activation
        for address in () if run is None else run.driven:
            found.add(address.node)
            made = run.entry(address) if run is not None else None
            if isinstance(made, Made) and made.origin is not None:
                found.add(made.origin.node)
    return found
