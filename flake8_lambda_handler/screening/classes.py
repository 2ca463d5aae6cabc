"""What the classes of a project bind to names, bases included."""

from __future__ import annotations

from abc import abstractmethod

from flake8_lambda_handler.facts.mro import mro
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.facts.terms import Term
from flake8_lambda_handler.flow import limits
from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import Kinds
from flake8_lambda_handler.screening.kinds import Meaning
from flake8_lambda_handler.screening.kinds import bound
from flake8_lambda_handler.screening.questions import Questions


class Classes(Questions):
    """Looks through classes in Python's own order."""

    def __init__(self) -> None:
        super().__init__()
        #: Classes with their bases.
        self._lines: dict[BodyTerms, list[BodyTerms]] = {}

    @abstractmethod
    def _kinds(self, term: Term, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return what a term in a body stands for."""

    @abstractmethod
    def _named(self, name: str, body: BodyTerms, owner: BodyTerms | None) -> Kinds:
        """Return what a name in a body stands for."""

    def _member(self, kind: Meaning, name: str) -> Kinds:
        """Return what the class of an object, or a base, binds to a name."""
        line = self._line(kind.body)
        cls = kind.body
        if kind.kind == "super":
            line = line[1:]
            cls = kind.owner or cls
        for one in line:
            if name in one.names:
                # What a method does is its own, unless more is known of its object.
                is_own = kind.kind == "typed" and one is cls
                is_own = is_own or (one is not cls and len(one.inner) > limits.METHODS)
                return bound(self._named(name, one, None), None if is_own else cls)
        return NOTHING

    def _line(self, cls: BodyTerms) -> list[BodyTerms]:
        """Return a class and its bases of the project, nearest first."""
        known = self._lines.get(cls)
        if known is not None:
            return known
        found = mro(cls, self._bases, limits.BASES)
        keys = [("base", one, at) for one in found for at in range(len(one.bases))]
        if self._final.keys() >= set(keys):
            self._lines[cls] = found
        return found

    def _bases(self, cls: BodyTerms) -> list[BodyTerms]:
        return [one for at in range(len(cls.bases)) for one in self._base(cls, at)]

    def _base(self, cls: BodyTerms, index: int) -> list[BodyTerms]:
        """Return the classes of the project that one of a class's bases can be."""
        outer = cls.outer
        assert outer is not None
        kinds = self._ask(
            ("base", cls, index),
            lambda: self._kinds(cls.bases[index], outer, outer.owner),
        )
        above = [kind.body for kind in kinds if kind.kind == "class"]
        return sorted(above, key=lambda one: (one.path, one.place))
