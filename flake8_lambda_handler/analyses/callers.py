"""What the files that call into a file show of its functions.

A function that takes any object is judged by what it is given. What its callers show is
told where it happens, when its own file is checked: there it can be mended.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_lambda_handler.facts import fixtures
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import ClassTerm
from flake8_lambda_handler.screening import given
from flake8_lambda_handler.session import Session

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.bodies import Summary


def tells(session: Session, module: Module, caller: Module) -> bool:
    """Return whether checking a file tells what one of its callers shows of it."""
    return (
        session.project.may_hold_coroutines(module.path, module.text)
        and caller.path in of(session, module)
        and session.follows_all(caller)
    )


def summaries(session: Session, module: Module) -> Iterator[Summary]:
    """Yield the summaries of the bodies that call into a file from other ones."""
    for caller, places in suspicious(session, module):
        yield from session.analysis.summaries(caller, places)


def suspicious(
    session: Session, module: Module
) -> Iterator[tuple[Module, frozenset[tuple[int, int]] | None]]:
    """Yield the files that may call into a file, with their bodies that are suspicious."""
    for path in of(session, module):
        caller = session.project.parse(path)
        if caller is not None and session.follows_all(caller):
            places = session.around(caller).suspicious(caller)
            if places is None or places:
                yield caller, places


def of(session: Session, module: Module) -> list[str]:
    """Return the files that may call into a file, if it matters what they do."""
    return session.once(_callers, module)


def _callers(session: Session, module: Module) -> list[str]:
    if not session.project.is_small(module.path):
        return []
    if session.once(_dropping, module) or session.around(module).hands_back(module):
        return session.project.callers(module.path)
    return []


def _dropping(session: Session, module: Module) -> list[BodyTerms]:
    """Return the bodies of a file that drop what methods of given objects make."""
    body = session.project.body(module.path)
    if body is None or not session.project.is_small(module.path):
        return []
    names = session.project.async_names(module.path)
    return list(given.dropping(body, names))


def injected(session: Session, module: Module) -> frozenset[tuple[int, int]]:
    """Return where the bodies begin that may drop what all others give them.

    Or what these give to the objects whose methods they are, and what the classes have
    that are made of its own.
    """
    return session.once(_injected, module)


def _injected(session: Session, module: Module) -> frozenset[tuple[int, int]]:
    found = {body.place for body in session.once(_mixing, module)}
    dropping = session.once(_dropping, module)
    is_known = bool(dropping and session.project.importers(module))
    known = _fixtures(session, module) if dropping else set()
    for body in dropping:
        is_test = not known.isdisjoint(body.parameters)
        while body.outer is not None and body.outer.outer and not body.outer.is_class:
            body = body.outer
        if is_known or is_test or (body.owner is not None and given.keeps(body.owner)):
            found.add(body.place)
    return frozenset(found)


def _fixtures(session: Session, module: Module) -> set[str]:
    """Return the names of the fixtures that tests of a file may ask for."""
    found = fixtures.names(module.text)
    folder = os.path.dirname(module.path)
    for level in range(1, fixtures.LEVELS + 1):
        path = session.project.find_path(folder, "conftest", level)
        if path is not None:
            found |= fixtures.names(session.project.source(path) or "")
    return found


def _mixing(session: Session, module: Module) -> list[BodyTerms]:
    """Return the methods of mixins that may drop what the classes made of them have."""
    body = session.project.body(module.path)
    if body is None or not session.project.is_small(module.path):
        return []
    names = session.project.async_names(module.path)
    return [
        one
        for one in given.mixing(body, names)
        if any(
            session.project.derived(module, name)
            for name, bound in one.owner.outer.names.items()  # type: ignore[union-attr]
            if ClassTerm(one.owner) in bound  # type: ignore[arg-type]
        )
    ]
