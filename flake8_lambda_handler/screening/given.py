"""Whether a file drops what calling methods of the objects it is given makes.

Only then it matters what the files that call into it give.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator

from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import RegisteredTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.facts.terms import TypedTerm
from flake8_lambda_handler.screening.kinds import TAKING

#: What an annotation says that says nothing.
ANYTHING = AnyOf((TypedTerm(NameTerm("Any")),))

#: Methods of data and of loggers.
_OF_DATA = frozenset(
    {*dir(dict), *dir(list), *dir(set), *dir(str), *dir(bytes)}
    | {"critical", "debug", "error", "exception", "info", "log", "warning"}
)

#: Calls that give what is in a container, one after the other.
_COPYING = frozenset(
    {"enumerate", "iter", "list", "reversed", "set", "sorted", "tuple", "zip"}
)


def dropping(module: BodyTerms, methods: Collection[str]) -> Iterator[BodyTerms]:
    """Yield the bodies that use a call of one of some methods of what they are given.

    An async function may return it, too.
    """
    for body in module.within():
        if any(
            isinstance(term, CallTerm) and _is_of_given(term.function, body, methods)
            for term in _left(body)
        ):
            yield body


def mixing(module: BodyTerms, methods: Collection[str]) -> Iterator[BodyTerms]:
    """Yield the methods that use a call of one of some methods their class has not."""
    for body in module.within():
        if any(
            isinstance(term, CallTerm)
            and isinstance(term.function, AttributeTerm)
            and term.function.owner == NameTerm(body.first)
            and term.function.name in methods
            and body.owner is not None
            and term.function.name not in body.owner.names
            and term.function.name not in body.owner.attributes
            for term in _left(body)
        ):
            yield body


def keeps(cls: BodyTerms) -> bool:
    """Return whether objects of a class keep in a container what they are given."""
    return any(
        isinstance(term, RegisteredTerm)
        or (isinstance(term, NameTerm) and term.name in where.parameters)
        for assigned in cls.attributes.values()
        if len(assigned) > 1
        for term, where in assigned
    )


def _is_of_given(term: Term, body: BodyTerms, methods: Collection[str]) -> bool:
    """Return whether a term is what a body is given, or one of some methods of it."""
    if isinstance(term, AttributeTerm) and term.owner != NameTerm(body.first):
        return _is_one_of(term.name, methods) and _is_given(term.owner, body)
    return bool(methods) and _is_given(term, body)


def _left(body: BodyTerms) -> Iterator[Term]:
    """Yield what a body does not await on the spot."""
    for use in body.uses:
        yield use.term
    stack = [*body.returns] if body.is_async else []
    while stack:
        term = stack.pop()
        yield term
        if isinstance(term, AnyOf):
            stack += term.terms


def _is_one_of(name: str, methods: Collection[str]) -> bool:
    return name in methods or ("*" in methods and name not in _OF_DATA)


def _is_given(start: Term, where: BodyTerms) -> bool:
    """Return whether a term may be a parameter that no annotation describes."""
    stack = [(start, where)]
    seen = set(stack)
    while stack:
        term, body = stack.pop()
        found: list[tuple[Term, BodyTerms]] = []
        if isinstance(term, RegisteredTerm):
            return True
        if isinstance(term, NameTerm):
            name = term.name
            if name in body.parameters - {body.first}:
                if body.annotations.get(name, ANYTHING) == ANYTHING:
                    return True
            else:
                found = [(one, body) for one in body.names.get(name, ())]
        elif isinstance(term, AnyOf):
            found = [(one, body) for one in term.terms]
        elif isinstance(term, CallTerm):
            function = term.function
            if isinstance(function, AttributeTerm) and function.name in TAKING:
                found = [(function.owner, body)]
            elif isinstance(function, NameTerm) and function.name in _COPYING:
                found = [(one, body) for one in term.args]
        elif isinstance(term, AttributeTerm):
            found = [(term.owner, body)]
            if body.owner is not None and term.owner == NameTerm(body.first):
                found = body.owner.attributes.get(term.name, [])
        stack += [one for one in found if one not in seen]
        seen.update(found)
    return False
