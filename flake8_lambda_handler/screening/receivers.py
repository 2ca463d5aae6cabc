"""What a called function or class does with what it is given."""

from __future__ import annotations

from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.screening import unawaited
from flake8_lambda_handler.screening.kinds import CALLING
from flake8_lambda_handler.screening.kinds import FUTURE
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import PARAMETER
from flake8_lambda_handler.screening.kinds import PLAIN
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning
from flake8_lambda_handler.screening.kinds import is_followed
from flake8_lambda_handler.screening.kinds import makes
from flake8_lambda_handler.screening.kinds import only_looks
from flake8_lambda_handler.screening.meanings import Finder
from flake8_lambda_handler.screening.meanings import Meanings


def named(name: str) -> Meaning:
    """Return what stands for a name among answers that grow."""
    return Meaning("name", name=name)


ANYTHING = named(unawaited.ANY)

#: What stands for "yes" among answers that grow.
YES: Kinds = frozenset({PLAIN})


class Receivers(Meanings):
    """Tells whether a call may leave behind what its arguments give."""

    def __init__(self, finder: Finder) -> None:
        super().__init__(finder)
        #: The names that are mentioned in a body other than to await what they give.
        self._lost: dict[BodyTerms, Kinds] = {}
        #: What a body calls without awaiting what that gives.
        self._calls_in: dict[BodyTerms, list[Term]] = {}

    def _is_awaitable(self, kinds: Kinds) -> bool:
        """Return whether one of several may be, or give, something awaitable."""
        return any(map(self._gives, kinds))

    def _gives(self, kind: Meaning) -> bool:
        if kind.kind == "function":
            return bool(self._ask(("gives", kind), lambda: self._given_by(kind)))
        return kind.kind == "coroutine" or (
            kind.kind == "external" and (kind.name == FUTURE or makes(kind.name))
        )

    def _given_by(self, function: Meaning) -> Kinds:
        found = self._called(function, NOTHING, ())
        return YES if self._is_awaitable(found) else NOTHING

    def _loses(self, callees: Kinds, given: Kinds) -> bool:
        """Return whether a call may leave behind what a method of an object gives."""
        borne = self._union(map(self._bearing, given))
        if not borne:
            return False
        lost = self._union(map(self._lost_by, callees))
        return ANYTHING in lost or not lost.isdisjoint(borne)

    def _calls_functions(self, callees: Kinds) -> bool:
        """Return whether a call may call a function that it is given."""
        return any(
            not (callee == PARAMETER or only_looks(callee))
            and self._calls_given(callee)
            for callee in callees
        )

    def _calls_given(self, callee: Meaning) -> bool:
        if callee.kind == "function":
            owner = callee.owner or callee.body.owner
            line = self._line(owner) if owner is not None else []
            bodies = [callee.body, *(one for cls in line for one in cls.inner)]
        elif callee.kind in ("class", "instance", "typed"):
            owner = callee.body
            bodies = [one for cls in self._line(callee.body) for one in cls.inner]
        else:
            return callee.kind not in ("module", "super")
        return any(
            self._ask(("calls", body, owner), lambda: self._calling(body, owner))
            for body in bodies
        )

    def _calling(self, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return something if a body calls what it was given, and does not await it."""
        if body not in self._calls_in:
            self._calls_in[body] = unawaited.calls(body)
        for function in self._calls_in[body]:
            if PARAMETER in self._kinds(function, body, owner):
                return YES
        for call in body.calls:
            for kind in self._kinds(call.function, body, owner):
                if kind.body.outer is body and self._calls_given(kind):
                    return YES
        for use in body.uses:
            if use.callee is not None:
                kinds = self._kinds(use.term, body, owner)
                if PARAMETER in kinds or any(one.body.outer is body for one in kinds):
                    if self._calls_functions(self._kinds(use.callee, body, owner)):
                        return YES
        return NOTHING

    def _bearing(self, kind: Meaning) -> Kinds:
        """Return the names of an object that give something awaitable."""
        if kind.kind not in ("class", "instance"):
            return NOTHING
        return self._ask(("bears", *kind), lambda: self._borne(kind))

    def _borne(self, kind: Meaning) -> Kinds:
        return frozenset(
            named(name)
            for one in self._line(kind.body)
            for name in one.names
            if self._is_awaitable(self._member(kind, name))
        )

    def _lost_by(self, callee: Meaning) -> Kinds:
        """Return the names of what a callee is given that it does not only await."""
        if callee.kind == "function":
            owner = callee.owner or callee.body.owner
            own = self._lost_in(callee.body, owner)
            line = self._line(owner) if owner is not None else ()
            return own.union(*map(self._lost_here, line))
        if callee.kind in ("class", "instance", "typed"):
            return self._union(
                self._lost_in(one, one) for one in self._line(callee.body)
            )
        if callee.kind == "harmless":
            module = self._finder.body(callee.start)
            if module is not None:
                return self._lost_here(module)
        # What is not followed is given nothing.
        return frozenset({ANYTHING}) if callee.name in CALLING else NOTHING

    def _lost_in(self, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        return self._ask(
            ("loses", body, owner),
            lambda: self._lost_here(body) | self._lost_further(body, owner),
        )

    def _lost_here(self, body: BodyTerms) -> Kinds:
        found = self._lost.get(body)
        if found is None:
            names = frozenset(map(named, unawaited.attributes(body)))
            found = names.union(*map(self._lost_here, body.inner))
            self._lost[body] = found
        return found

    def _lost_further(self, start: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return the same of the functions that get it from there."""
        found: set[Meaning] = set()
        for body in start.within():
            for use in body.uses:
                if use.callee is not None:
                    if PARAMETER in self._kinds(use.term, body, body.owner or owner):
                        found |= self._kinds(use.callee, body, body.owner or owner)
        return self._union(self._lost_by(one) for one in found if is_followed(one))
