"""What a body does with what it is given, other than awaiting it on the spot."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.facts.terms import PLAIN
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import AwaitTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.libraries import method_names

#: Stands for an attribute whose name is computed.
COMPUTED = "*"


def terms(body: BodyTerms) -> Iterator[AttributeTerm | CallTerm]:
    """Yield the attributes and calls of a body that are not awaited on the spot."""
    stack: list[Term] = [use.term for use in body.uses]
    stack += body.returns
    stack += body.yields
    seen: set[int] = set()
    while stack:
        term = stack.pop()
        if id(term) in seen:
            continue
        seen.add(id(term))
        if isinstance(term, AwaitTerm):
            term = term.term
            if isinstance(term, CallTerm):
                stack += term.args
                term = term.function
                stack.append(term.owner if isinstance(term, AttributeTerm) else term)
            else:
                stack.append(term)
        elif isinstance(term, AttributeTerm):
            yield term
            stack.append(term.owner)
        elif isinstance(term, CallTerm):
            yield term
            stack += (term.function, *term.args)
        elif isinstance(term, AnyOf):
            stack += term.terms


def attributes(body: BodyTerms) -> Iterator[str]:
    """Yield the names of the attributes that are not called and awaited on the spot.

    Not those of the object that a method is bound to.
    """
    for term in terms(body):
        if isinstance(term, AttributeTerm):
            if not _is_receiver(term.owner, body):
                yield term.name
        else:
            yield "__call__"
            # With a default, nothing is known of what it gives; nor of an f-string.
            if term.function == NameTerm("getattr") and len(term.args) == 2:
                if not _is_receiver(term.args[0], body) and (
                    term.texts or term.args[1] is not PLAIN
                ):
                    yield from term.texts or (COMPUTED,)


def calls(body: BodyTerms) -> list[Term]:
    """Return what a body calls and does not await on the spot.

    No methods, but of the object that a method is bound to: it may keep a function.
    """
    return [
        term.function
        for term in terms(body)
        if isinstance(term, CallTerm)
        and not (
            isinstance(term.function, AttributeTerm)
            and not _is_receiver(term.function.owner, body)
        )
    ]


def looked_into(body: BodyTerms) -> list[Term]:
    """Return the objects of which a function reads an attribute of some name."""
    return [
        call.args[0]
        for call in body.calls
        if call.function == NameTerm("getattr") and call.args
    ]


def hands_on(body: BodyTerms) -> bool:
    """Return whether a function returns what calling one gives that is around it.

    So do the wrappers of decorators: the function is a parameter of these.
    """
    outer = body.outer
    if outer is None or outer.is_class:
        return False
    return any(
        isinstance(term, CallTerm)
        and isinstance(term.function, NameTerm)
        and not body.binds(term.function.name)
        and term.function.name in outer.parameters
        for term in body.returns
    )


def is_route(body: BodyTerms) -> bool:
    """Return whether a function may be the route of a web framework."""
    return any(
        isinstance(one, CallTerm)
        and isinstance(one.function, AttributeTerm)
        and one.function.name in method_names.ROUTING
        for one in body.decorators
    )


def returns_itself(body: BodyTerms) -> bool:
    """Return whether a function may return what calling it once more gives."""
    names = {
        getattr(getattr(one, "function", None), "name", "") for one in body.returns
    }
    return body.outer is not None and any(
        isinstance(term, FunctionTerm) and term.body is body
        for name in names
        for term in body.outer.names.get(name, ())
    )


def asks_for_coroutines(decorator: BodyTerms) -> bool:
    """Return whether a decorator asks if the function that it is given is async."""
    return any(
        getattr(call.function, "name", "").startswith("iscoroutinefunction")
        for call in decorator.calls
    )


def _is_receiver(term: Term, body: BodyTerms) -> bool:
    """Return whether a term is the object that a method around it is bound to."""
    around: BodyTerms | None = body
    while around is not None:
        if around.first and term == NameTerm(around.first):
            return True
        around = around.outer
    return False
