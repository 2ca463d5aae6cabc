"""Plain methods that a class calls for nothing, and a derived class may make async."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.project.index import Project


class Hook(NamedTuple):
    """A plain method of a class that another one of its methods calls for nothing."""

    cls: BodyTerms
    caller: BodyTerms
    name: str


def of(project: Project, path: str) -> Iterator[Hook]:
    """Yield the hooks of a file whose names are those of async functions."""
    module = project.body(path)
    if module is None or not project.is_small(path):
        return
    names = project.async_names(path)
    for cls in module.within():
        for caller in cls.inner if cls.is_class else ():
            for name in sorted(set(called(caller, [use.term for use in caller.uses]))):
                if name in names and _is_plain(cls, name):
                    yield Hook(cls, caller, name)


def called(method: BodyTerms, terms: Iterable[Term]) -> Iterator[str]:
    """Yield the methods of its own object that a method calls."""
    for term in terms:
        if isinstance(term, CallTerm) and isinstance(term.function, AttributeTerm):
            if method.first and term.function.owner == NameTerm(method.first):
                yield term.function.name


def _is_plain(cls: BodyTerms, name: str) -> bool:
    """Return whether a class defines a method of a name, and no async one."""
    bound = cls.names.get(name, [])
    return bool(bound) and all(
        isinstance(one, FunctionTerm)
        and not (one.body.is_async or one.body.decorators or one.body.is_generator)
        for one in bound
    )
