"""The coroutines that handlers return to Lambda."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.analyses import callers
from flake8_lambda_handler.analyses import coroutines as describe
from flake8_lambda_handler.analyses.encoding.findings import of_response
from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import response_place
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.analyses.overriding import is_async_everywhere
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.session import Session

PLAIN = (Kind.RETURNS_COROUTINE, Kind.OTHER)


class HandedBack(NamedTuple):
    """A coroutine that a plain handler returns, or holds in its response."""

    handler: Handler
    #: Of which part of the response it is.
    where: str
    #: The `return` of the handler.
    node: ast.AST
    made: Made
    address: Address
    #: The async function that returns it without `await`, if one does.
    maker: Function | None

    @property
    def call(self) -> ast.AST:
        """The call that makes it."""
        return (self.made.origin or self.address).node

    def is_left_by_async(self, session: Session) -> bool:
        """Return whether an async function leaves it behind, in whose file it is told."""
        if self.maker is None:
            return False
        home, here = self.maker.module, self.handler.module
        return here.owns(self.call) or callers.tells(session, home, here)


def left_in(session: Session, module: Module) -> Iterator[HandedBack]:
    """Yield what the async functions of a file leave behind, and handlers return.

    Those of the files that call into it, too.
    """
    found = of(session, module)
    for path in callers.of(session, module):
        caller = session.project.parse(path)
        found = found + (of(session, caller) if caller is not None else [])
    for one in found:
        if one.maker is not None and module.owns(one.call):
            yield one


def of(session: Session, module: Module) -> list[HandedBack]:
    """Return the coroutines that the handlers of a file return."""
    return session.once(_of, module)


def _of(session: Session, module: Module) -> list[HandedBack]:
    return list(_found(session, module))


def _found(session: Session, module: Module) -> Iterator[HandedBack]:
    for handler in find.of(session, module):
        summary = trace_of(handler)
        if summary is None or kind_of(handler) not in PLAIN:
            continue
        for value, state, node in summary.returns:
            found = describe.first_coroutine(summary, value, state)
            if found is None:
                continue
            path, made, address = found
            if is_async_everywhere(session, made):
                where = of_response(path, handler.name)
                site = response_place(handler, node)
                maker = session.analysis.made_in.get((made.origin or address).node)
                if maker is not None and not maker.is_async:
                    maker = None
                yield HandedBack(handler, where, site, made, address, maker)
