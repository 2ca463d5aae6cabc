"""Which bodies of a file can leave something awaitable behind: those, and more.

Following a body costs a hundred times as much as asking here whether it is worth it. The
answer errs on one side only: a body that is not named cannot make a coroutine, or hand
on an async function, other than directly under `await` or `return`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.facts import terms
from flake8_lambda_handler.facts.expression_reader import ADDING
from flake8_lambda_handler.facts.reads import DEFAULTING
from flake8_lambda_handler.facts.terms import AnyOf
from flake8_lambda_handler.facts.terms import AttributeTerm
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import CallTerm
from flake8_lambda_handler.facts.terms import FunctionTerm
from flake8_lambda_handler.facts.terms import NameTerm
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.facts.terms import TermUse
from flake8_lambda_handler.libraries import method_names
from flake8_lambda_handler.screening import unawaited
from flake8_lambda_handler.screening.finder import Finder
from flake8_lambda_handler.screening.kinds import CALLED
from flake8_lambda_handler.screening.kinds import FUTURE
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import OBJECT
from flake8_lambda_handler.screening.kinds import PARAMETER
from flake8_lambda_handler.screening.kinds import REGISTERED
from flake8_lambda_handler.screening.kinds import WANTING
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning
from flake8_lambda_handler.screening.kinds import gives_plain_value
from flake8_lambda_handler.screening.kinds import is_followed
from flake8_lambda_handler.screening.kinds import is_misdriven
from flake8_lambda_handler.screening.kinds import is_only_async
from flake8_lambda_handler.screening.kinds import may_be_refused
from flake8_lambda_handler.screening.kinds import may_refuse_coroutine
from flake8_lambda_handler.screening.kinds import only_looks
from flake8_lambda_handler.screening.kinds import takes_care
from flake8_lambda_handler.screening.kinds import wants_coroutine
from flake8_lambda_handler.screening.outside import is_async
from flake8_lambda_handler.screening.outside import makes
from flake8_lambda_handler.screening.receivers import YES
from flake8_lambda_handler.screening.receivers import Receivers

#: Kinds that may be, hold or give something awaitable.
_BEARING = frozenset(
    {"class", "coroutine", "external", "function", "instance", "typed"}
)


class Suspects(Receivers):
    """The bodies of a project that are worth following."""

    def __init__(self, finder: Finder) -> None:
        super().__init__(finder)
        #: Bodies, for objects of some class, that leave nothing behind; nor does what
        #: they call.
        self._clean: set[tuple[BodyTerms, BodyTerms | None]] = set()

    def of(self, path: str) -> list[BodyTerms] | None:
        """Return the bodies of a file to follow; `None` for all of them.

        These are bodies of the module and of functions that stand in no other function.
        """
        module = self._finder.body(path)
        if module is None:
            return None
        try:
            found = [unit for unit in _units(module) if self._is_suspicious(unit)]
        except RecursionError:
            self.give_up()
            return None
        finally:
            self._meant.clear()
        return found

    def hands_back(self, path: str) -> bool:
        """Return whether an async function of a file returns something awaitable."""
        module = self._finder.body(path)
        try:
            return module is not None and any(
                unawaited.hands_on(body)
                or self._is_awaitable(self._all(body.returns, body, body.owner))
                for body in module.within()
                if body.is_async
            )
        except RecursionError:
            self.give_up()
            return False

    def _is_suspicious(self, unit: BodyTerms) -> bool:
        return any(
            self._ends(body, body.owner or unit.owner)
            for body in _same_unit(unit, unit.outer is None)
        )

    def _ends(self, start: BodyTerms, owner: BodyTerms | None) -> bool:
        """Return whether a body, or a method that it calls, leaves something behind.

        Methods are followed inside their callers, where more is known of the object.
        """
        stack = [(start, owner)]
        seen = set(stack)
        while stack:
            body, receiver = stack.pop()
            if (body, receiver) in self._clean:
                continue
            if (
                self._leaves(body, receiver)
                or self._filled_by(body, receiver)
                or self._is_fed(body, receiver)
            ):
                return True
            for method in self._called_by(body, receiver):
                called = (method.body, method.owner)
                if called not in seen:
                    seen.add(called)
                    stack.append(called)
        self._clean |= seen
        return False

    def _leaves(self, body: BodyTerms, owner: BodyTerms | None) -> bool:
        """Return whether a use in a body is of something awaitable."""
        if (
            body.is_async
            and (
                len(body.returns) > 1
                or not body.driven
                or unawaited.returns_itself(body)
            )
        ) or unawaited.is_route(body):
            # It may return a coroutine where it else returns a value, or nothing; or
            # it is async for nothing else.
            given = [self._kinds(term, body, owner) for term in body.returns]
            if any(self._is_awaitable(_without_functions(kinds)) for kinds in given):
                return True
        home = owner if body.owner is None else body.owner
        for term, driver in body.driven if owner is home else ():
            if any(
                is_misdriven(kind, driver) for kind in self._kinds(term, body, owner)
            ):
                return True
            if driver == "await" and isinstance(term, CallTerm):
                called = self._kinds(term.function, body, owner)
                if called and all(map(gives_plain_value, called)):
                    return True
        for use in body.uses:
            kinds = self._kinds(use.term, body, owner)
            is_harmless = _BEARING.isdisjoint([kind.kind for kind in kinds])
            callees = NOTHING
            if use.callee is not None and not (is_harmless and _takes_all(use.callee)):
                callees = self._kinds(use.callee, body, owner)
                if any(map(wants_coroutine, callees)):
                    if self._may_be_plain(use.term, body, owner):
                        return True
            if not is_harmless and self._is_left(use, body, kinds, callees):
                if owner is home or not self._is_left_at_home(
                    use, body, kinds, callees
                ):
                    return True
        return False

    def _may_be_plain(
        self, start: Term, where: BodyTerms, owner: BodyTerms | None
    ) -> bool:
        """Return whether a term may be a container, or what a plain function gives."""
        stack = [(start, where)]
        seen = set(stack)
        while stack:
            term, body = stack.pop()
            found: list[tuple[Term, BodyTerms]] = []
            if term is terms.PLAIN or (
                isinstance(term, AnyOf) and terms.PLAIN in term.terms
            ):
                return True
            if isinstance(term, NameTerm):
                scope: BodyTerms | None = body
                while scope is not None and not scope.binds(term.name):
                    scope = scope.outer
                if scope is not None:
                    found = [(one, scope) for one in scope.names.get(term.name, ())]
            elif isinstance(term, CallTerm) and isinstance(term.function, NameTerm):
                for kind in self._kinds(term.function, body, owner):
                    called = kind.body
                    if kind.kind == "function" and not (
                        called.is_async or called.is_generator or called.decorators
                    ):
                        if not called.returns:
                            return True
                        found += [(one, called) for one in called.returns]
            stack += [one for one in found if one not in seen]
            seen.update(found)
        return False

    def _is_left_at_home(
        self, use: TermUse, body: BodyTerms, kinds: Kinds, callees: Kinds
    ) -> bool:
        """Return whether a use in a method is no other than for the class it stands in.

        Then it is told where the method is, and no caller has to follow it.
        """
        own = self._kinds(use.term, body, body.owner)
        if _without_owners(own) != _without_owners(kinds):
            return False
        if use.callee is None:
            return self._is_left(use, body, own, NOTHING)
        called = self._kinds(use.callee, body, body.owner)
        if _without_owners(called) != _without_owners(callees):
            return False
        return self._is_left(use, body, own, called)

    def _is_left(
        self, use: TermUse, body: BodyTerms, kinds: Kinds, callees: Kinds
    ) -> bool:
        """Return whether a use may leave something awaitable behind."""
        if use.callee is not None:
            if any(map(wants_coroutine, callees)):
                if any(may_be_refused(kind, callees) for kind in kinds):
                    return True
            if any(kind.kind == "coroutine" for kind in kinds):
                if may_refuse_coroutine(callees):
                    return True
            if all(map(takes_care, callees)) and not _never_drives(use.callee):
                return False
            if isinstance(use.term, FunctionTerm) and self._is_of_library(
                use.callee, body
            ):
                return False
        if use.is_plain:
            return any(map(self._is_only_async, kinds))
        if use.is_owner:
            return any(
                kind.kind == "coroutine" or kind.name == FUTURE for kind in kinds
            )
        if any(one in (CALLED, REGISTERED) for one in callees):
            return self._is_awaitable(kinds) or any(map(self._bearing, kinds))
        if use.callee is None:
            # What becomes of a function is a matter of those who call it.
            kinds = _without_functions(kinds)
        elif any(map(is_followed, callees)):
            if self._loses(callees, kinds, body):
                return True
            if not self._calls_functions(callees):
                kinds = _without_functions(kinds)
        elif all(map(only_looks, callees)) and not _calls_by_name(use.callee):
            kinds = _without_functions(kinds)
        return self._is_awaitable(kinds)

    def _is_of_library(self, decorator: Term, body: BodyTerms) -> bool:
        """Return whether a decorator is what a method of a library's object gives.

        So are the routes of web frameworks: they know what to do with async functions.
        """
        if not isinstance(decorator, CallTerm):
            return False
        method = decorator.function
        if not isinstance(method, AttributeTerm):
            return False
        owners = self._kinds(method.owner, body, body.owner)
        return bool(owners) and all(one.rest == OBJECT for one in owners)

    def _is_only_async(self, kind: Meaning) -> bool:
        if kind.kind in ("instance", "typed"):
            return is_only_async(
                {n for one in self._line(kind.body) for n in one.names}
            )
        return kind.kind == "external" and is_async(kind)

    def _filled_by(self, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return something if a called function puts awaitables into what it is given."""
        for call in body.calls:
            for kind in self._kinds(call.function, body, owner):
                if kind.kind == "function" and self._ask(
                    ("fills", *kind), lambda: self._filling(kind)
                ):
                    return YES
        return NOTHING

    def _is_fed(self, body: BodyTerms, owner: BodyTerms | None) -> bool:
        """Return whether a method is called that may use what its object holds."""
        for call in body.calls:
            function = call.function
            called, name = function, "__call__"
            if isinstance(function, AttributeTerm):
                called, name = function.owner, function.name
            kinds = self._kinds(called, body, owner)
            made = frozenset(kind for kind in kinds if kind.kind == "instance")
            for one in made if len(made) > 1 else ():
                if self._member(one, name) and self._takes_anything(one):
                    if self._loses(frozenset({one}), made - {one}, body):
                        return True
        return False

    def _takes_anything(self, made: Meaning) -> bool:
        """Return whether an object was made of something that no annotation describes."""
        return any(
            init.body.parameters - init.body.annotations.keys() - {init.body.first}
            for init in self._member(made, "__init__")
        )

    def _filling(self, function: Meaning) -> Kinds:
        body, owner = function.body, function.owner
        for use in body.uses:
            callee = use.callee
            if isinstance(callee, AttributeTerm) and callee.name in ADDING:
                if PARAMETER in self._kinds(callee.owner, body, owner):
                    kinds = self._kinds(use.term, body, owner)
                    if self._is_awaitable(kinds):
                        return YES
                    if isinstance(use.term, CallTerm) and (
                        getattr(callee.owner, "name", "") in body.parameters
                    ):
                        made = self._kinds(use.term.function, body, owner)
                        if any(
                            one.kind == "class" and self._bearing(one) for one in made
                        ):
                            return YES
        return self._filled_by(body, owner)

    def _called_by(self, body: BodyTerms, owner: BodyTerms | None) -> Iterator[Meaning]:
        """Yield the methods that a body calls, each with the class of its object.

        Those of an object of which no more than the class is known say the same to all
        callers, and to whoever checks them.
        """
        found: set[Meaning] = set()
        for call in body.calls:
            for kind in self._kinds(call.function, body, owner):
                if kind.kind == "class":
                    for init in self._member(kind, "__init__"):
                        found.add(init)
                elif kind.kind in ("instance", "typed"):
                    found |= self._member(kind, "__call__")
                else:
                    found.add(kind)
        for kind in found:
            if kind.kind == "function" and kind.owner is not None:
                yield kind


def _without_owners(kinds: Kinds) -> Kinds:
    return frozenset(kind._replace(owner=None) for kind in kinds)


def _without_functions(kinds: Kinds) -> Kinds:
    return frozenset(
        one
        for one in kinds
        if one.kind != "function" and not (one.kind == "external" and makes(one.name))
    )


def _never_drives(callee: Term) -> bool:
    """Return whether the name of a method says that it runs no coroutine."""
    return isinstance(callee, AttributeTerm) and (
        callee.name in DEFAULTING
        or callee.name in method_names.VALIDATORS
        or callee.name in method_names.CALLBACKS
        or _calls_by_name(callee)
    )


def _calls_by_name(callee: Term) -> bool:
    """Return whether the name of a method says that it calls a function it is given."""
    return isinstance(callee, AttributeTerm) and callee.name in method_names.TELLING


def _takes_all(callee: Term) -> bool:
    """Return whether the name of a method says that plain values are welcome."""
    return isinstance(callee, AttributeTerm) and callee.name not in WANTING


def _units(module: BodyTerms) -> Iterator[BodyTerms]:
    """Yield the module, and each function that stands in no other function."""
    yield module
    stack = list(module.inner)
    while stack:
        body = stack.pop()
        if body.is_class:
            stack += body.inner
        elif body.is_named:
            yield body


def _same_unit(body: BodyTerms, is_open: bool) -> Iterator[BodyTerms]:
    """Yield the bodies that are followed with another one.

    `is_open` is true for a module, whose functions and methods are on their own.
    """
    yield body
    for inner in body.inner:
        if not is_open or inner.is_class or not inner.is_named:
            yield from _same_unit(inner, is_open and inner.is_class)
