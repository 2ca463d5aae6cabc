"""Questions that lead back to themselves, and answers that only grow."""

from __future__ import annotations

from collections.abc import Callable

from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import Kinds

#: A question: its word, and what it is about.
Question = tuple[object, ...]


class Questions:
    """Asks again until no answer grows any more, and remembers the answers."""

    def __init__(self) -> None:
        self._known: dict[Question, Kinds] = {}
        #: Each answer once: most of them are those of many questions.
        self._answers: dict[Kinds, Kinds] = {}
        #: The questions whose answers do not grow any more.
        self._final: set[Question] = set()
        #: Those that have been asked in this round.
        self._seen: set[Question] = set()
        self._grows = False

    def start_round(self) -> None:
        """Forget what was built on answers that may have grown."""

    def _ask(self, key: Question, answer: Callable[[], Kinds]) -> Kinds:
        """Return the answer to a question, which may come up again inside itself."""
        if key in self._final:
            return self._known[key]
        if self._seen:
            return self._answer(key, answer)
        while True:
            self._grows = False
            self.start_round()
            found = self._answer(key, answer)
            if not self._grows:
                self._final |= self._seen
            seen, self._seen = self._seen, set()
            if not self._grows:
                return found

    def _answer(self, key: Question, answer: Callable[[], Kinds]) -> Kinds:
        old = self._known.get(key, NOTHING)
        if key in self._seen or key in self._final:
            return old
        self._seen.add(key)
        new = old | answer()
        new = self._answers.setdefault(new, new)
        if new != old:
            self._known[key] = new
            self._grows = True
        elif key not in self._known:
            self._known[key] = new
        return new
