"""Questions that lead back to themselves, and answers that only grow."""

from __future__ import annotations

from collections.abc import Callable

from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import Kinds

#: A question: its word, and what it is about.
Question = tuple[object, ...]


class _Asked:
    """A question that is being answered, and the outermost that its answer leads to."""

    __slots__ = ("index", "lowest")

    def __init__(self, index: int) -> None:
        self.index = self.lowest = index


class Questions:
    """Remembers answers; a circle of questions is asked until none of them grows."""

    def __init__(self) -> None:
        #: Answers that do not grow any more.
        self._final: dict[Question, Kinds] = {}
        #: Answers so far, of questions in circles that are being asked.
        self._known: dict[Question, Kinds] = {}
        #: Each answer once: most of them are those of many questions.
        self._answers: dict[Kinds, Kinds] = {}
        #: The questions that are being answered, outermost first.
        self._open: dict[Question, _Asked] = {}
        #: Those that were answered in this round, with the outermost they lead to.
        self._round: dict[Question, int] = {}
        self._growths = 0
        #: How often an answer was asked for that may still grow.
        self.leads = 0

    def give_up(self) -> None:
        """Forget the questions that are being answered."""
        self._open.clear()
        self._round.clear()

    def _ask(self, key: Question, answer: Callable[[], Kinds]) -> Kinds:
        """Return the answer to a question, which may come up again inside itself."""
        final = self._final.get(key)
        if final is not None:
            return final
        asked = self._open.get(key)
        lowest = self._round.get(key) if asked is None else asked.index
        if lowest is not None:
            self._lead_to(lowest)
            return self._known.get(key, NOTHING)
        index = len(self._open)
        entry = self._open[key] = _Asked(index)
        while True:
            before = self._growths
            entry.lowest = index + 1
            found = self._grown(key, answer())
            if entry.lowest > index:
                # It leads to nothing that is still being answered.
                break
            if entry.lowest < index:
                del self._open[key]
                self._round[key] = entry.lowest
                self._lead_to(entry.lowest)
                return found
            if self._growths == before:
                self._settle(index)
                break
            self._settle(index, is_final=False)
        del self._open[key]
        self._known.pop(key, None)
        self._final[key] = found
        return found

    def _grown(self, key: Question, answer: Kinds) -> Kinds:
        old = self._known.get(key, NOTHING)
        new = old | answer
        new = self._answers.setdefault(new, new)
        if new != old:
            self._known[key] = new
            self._growths += 1
        return new

    def _lead_to(self, index: int) -> None:
        """Note that the innermost open question leads to that of an index."""
        self.leads += 1
        entry = self._open[next(reversed(self._open))]
        entry.lowest = min(entry.lowest, index)

    def _settle(self, index: int, *, is_final: bool = True) -> None:
        """End a round: its questions in the circle are final, or asked again."""
        for key in [key for key, lowest in self._round.items() if lowest >= index]:
            del self._round[key]
            if is_final:
                self._final[key] = self._known.pop(key, NOTHING)
