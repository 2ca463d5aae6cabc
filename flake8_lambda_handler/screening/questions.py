"""Questions that lead back to themselves, and answers that only grow."""

from __future__ import annotations

from collections.abc import Callable

from flake8_lambda_handler.screening.kinds import NOTHING
from flake8_lambda_handler.screening.kinds import Kinds

#: A question: its word, and what it is about.
Question = tuple[object, ...]


class Questions:
    """Remembers answers; a circle of questions is asked until none of them grows."""

    def __init__(self) -> None:
        #: Answers that do not grow any more.
        self._final: dict[Question, Kinds] = {}
        #: Answers so far, of questions in circles that are being asked.
        self._known: dict[Question, Kinds] = {}
        #: Each answer once: most of them are those of many questions.
        self._answers: dict[Kinds, Kinds] = {}
        #: The questions that are being answered, with their place: the outermost is 0.
        self._open: dict[Question, int] = {}
        #: For each of them, the place of the outermost that its answer leads to.
        self._lowest: list[int] = []
        #: Those that were answered in this round, with the outermost they lead to.
        self._round: dict[Question, int] = {}
        self._growths = 0
        #: How often an answer was asked for that may still grow.
        self.leads = 0

    def give_up(self) -> None:
        """Forget the questions that are being answered."""
        self._open.clear()
        self._lowest.clear()
        self._round.clear()

    def _ask(self, key: Question, answer: Callable[[], Kinds]) -> Kinds:
        """Return the answer to a question, which may come up again inside itself."""
        final = self._final.get(key)
        if final is not None:
            return final
        place = self._open.get(key)
        if place is None:
            place = self._round.get(key)
        if place is not None:
            self._lead_to(place)
            return self._known.get(key, NOTHING)
        index = self._open[key] = len(self._open)
        self._lowest.append(index + 1)
        while True:
            before = self._growths
            found = self._grown(key, answer())
            lowest = self._lowest[index]
            if lowest > index:
                # It leads to nothing that is still being answered.
                break
            if lowest < index:
                del self._open[key], self._lowest[index]
                self._round[key] = lowest
                self._lead_to(lowest)
                return found
            if self._growths == before:
                self._settle(index)
                break
            self._settle(index, is_final=False)
            self._lowest[index] = index + 1
        del self._open[key], self._lowest[index]
        self._known.pop(key, None)
        self._final[key] = found
        return found

    def _grown(self, key: Question, answer: Kinds) -> Kinds:
        old = self._known.get(key)
        new = old | answer if old else answer
        new = self._answers.setdefault(new, new)
        if new and new != old:
            self._known[key] = new
            self._growths += 1
        return new

    def _lead_to(self, index: int) -> None:
        """Note that the innermost open question leads to that of an index."""
        self.leads += 1
        if index < self._lowest[-1]:
            self._lowest[-1] = index

    def _settle(self, index: int, *, is_final: bool = True) -> None:
        """End a round: its questions in the circle are final, or asked again."""
        for key in [key for key, lowest in self._round.items() if lowest >= index]:
            del self._round[key]
            if is_final:
                self._final[key] = self._known.pop(key, NOTHING)
