"""Coroutines and tasks that what a handler runs takes for their results."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import use
from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.analyses.overriding import is_async_everywhere
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.session import Session


def of(session: Session, module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield where a file takes one for its result, and what to say of it."""
    for handler in find.of(session, module):
        summary = trace_of(handler) if kind_of(handler) is not Kind.ASYNC else None
        if summary is None:
            continue
        for event in summary.events:
            if isinstance(event, Misused) and event.is_certain:
                made = summary.made(event.value)
                if made is not None:
                    yield from _told(session, summary, event, made, module)


def _told(
    session: Session, summary: Summary, event: Misused, made: Made, module: Module
) -> Iterator[tuple[ast.AST, str]]:
    address, run = event.value.address, summary.activation
    name = coroutine(made, address, module)
    if event.value.kind == "task":
        node = paths.place(event, module)
        if node is not None:
            yield node, f"{name} gives a task; {use(event, node, module)}"
    elif isinstance(made.callable, Function) and run is not None:
        # It stands at the call, or, where another file calls it, at the function.
        maker = made.callable
        node = paths.first_owned((address.node, maker.node), module)
        is_told = (
            address in run.driven
            or not is_async_everywhere(session, made)
            or (node is maker.node and _is_told_there(session, address.node, maker))
        )
        if node is not None and not is_told:
            yield node, f"{name} is never awaited; {use(event, node, module)}"


def _is_told_there(session: Session, call: ast.AST, maker: Function) -> bool:
    """Return whether a method is async in the class, too, of which another file tells."""
    caller = session.analysis.made_in.get(call)
    if caller is None or caller.owner is None:
        return False
    method = session.analysis.class_facts(caller.owner).find(maker.name)
    return isinstance(method, Function) and method.is_async
