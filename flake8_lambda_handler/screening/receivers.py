"""What a called function or class does with what it is given."""

from __future__ import annotations

from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.screening import unawaited
from flake8_lambda_handler.screening.finder import Finder
from flake8_lambda_handler.screening.kinds import CALLING
from flake8_lambda_handler.screening.kinds import FUTURE
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import PARAMETER
from flake8_lambda_handler.screening.kinds import PLAIN
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning
from flake8_lambda_handler.screening.kinds import is_followed
from flake8_lambda_handler.screening.kinds import only_looks
from flake8_lambda_handler.screening.kinds import union
from flake8_lambda_handler.screening.meanings import Meanings
from flake8_lambda_handler.screening.outside import makes
from flake8_lambda_handler.screening.spelled import Spelled


def named(name: str) -> Meaning:
    """Return what stands for a name among answers that grow."""
    return Meaning("name", name=name)


#: Stands for each name.
ANYTHING = named("")

#: What stands for each name of a client.
ANY_METHOD = named("*")

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
        self._spelled = Spelled(finder)

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

    def _loses(self, callees: Kinds, given: Kinds, body: BodyTerms) -> bool:
        """Return whether a call in a body may leave what a method of an object gives.

        A computed name must be spelled on the way to where it is asked for.
        """
        borne = union(map(self._bearing, given))
        if not borne:
            return False
        lost = union(map(self._lost_by, callees))
        if ANYTHING in lost or not lost.isdisjoint(borne) or ANY_METHOD in borne:
            return bool(lost)
        computed = [one.body for one in lost if one.name == unawaited.COMPUTED]
        if not computed:
            return False
        names = {one.name for one in borne}
        return any(
            not names.isdisjoint(self._spelled.near(one)) for one in (body, *computed)
        )

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
            kept = self._keepers(callee.body, owner)
            bodies = [callee.body, *(one for cls in kept for one in cls.inner)]
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
        if kind.kind == "external" and "." in kind.name:
            return frozenset(map(named, async_apis.method_names(kind.name)))
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
            return own.union(*map(self._lost_here, self._keepers(callee.body, owner)))
        if callee.kind in ("class", "instance", "typed"):
            return union(self._lost_in(one, one) for one in self._line(callee.body))
        if callee.kind == "harmless":
            module = self._finder.body(callee.start)
            if module is not None:
                return self._lost_here(module)
        # What is not followed is given nothing.
        return frozenset({ANYTHING}) if callee.name in CALLING else NOTHING

    def _keepers(self, body: BodyTerms, owner: BodyTerms | None) -> list[BodyTerms]:
        """Return the classes whose methods get what a method leaves in its object."""
        if owner is None:
            return []
        is_kept = self._ask(("keeps", body, owner), lambda: self._kept(body, owner))
        return self._line(owner) if is_kept else []

    def _kept(self, body: BodyTerms, owner: BodyTerms) -> Kinds:
        inside = set(body.within())
        is_kept = any(map(_sets_attributes, inside)) or any(
            where in inside and PARAMETER in self._kinds(term, where, owner)
            for cls in self._line(owner)
            for assigned in cls.attributes.values()
            for term, where in assigned
        )
        return YES if is_kept else NOTHING

    def _lost_in(self, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        return self._ask(
            ("loses", body, owner),
            lambda: (
                self._lost_here(body)
                | _on_the_way(self._lost_further(body, owner), body)
            ),
        )

    def _lost_here(self, body: BodyTerms) -> Kinds:
        found = self._lost.get(body)
        if found is None:
            names = frozenset(
                _computed(body) if name == unawaited.COMPUTED else named(name)
                for name in unawaited.attributes(body)
            )
            found = names.union(*map(self._lost_here, body.inner))
            self._lost[body] = found
        return found

    def _lost_further(self, start: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return the same of the functions that get it from there."""
        found: set[Meaning] = set()
        for body in start.within():
            receiver = body.owner or owner
            for use in body.uses:
                if use.callee is not None:
                    if PARAMETER in self._kinds(use.term, body, receiver):
                        found |= self._reached(use.callee, body, receiver)
        return union(self._lost_by(one) for one in found if is_followed(one))

    def _reached(self, callee: Term, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return what gets the arguments of a call: of `partial`, what is bound."""
        kinds = self._kinds(callee, body, owner)
        if not any(one.name in CALLING for one in kinds):
            return kinds
        calls = [one for one in body.calls if one.function is callee]
        if not all(one.args for one in calls):
            return kinds
        bound = union(self._kinds(one.args[0], body, owner) for one in calls)
        return bound | {one for one in kinds if one.name not in CALLING}


def _sets_attributes(body: BodyTerms) -> bool:
    """Return whether a body may assign attributes in another way than by their name."""
    return any(
        getattr(call.function, "name", "") in ("setattr", "__setattr__", "update")
        for call in body.calls
    )


def _on_the_way(lost: Kinds, body: BodyTerms) -> Kinds:
    """Return names that are lost, with what a body may give for the computed ones."""
    is_computed = any(one.name == unawaited.COMPUTED for one in lost)
    return lost | {_computed(body)} if is_computed else lost


def _computed(body: BodyTerms) -> Meaning:
    """Return what stands for the names that a body may give to `getattr`."""
    return Meaning("name", body, name=unawaited.COMPUTED)
