"""Which files can have to do with coroutines: decided from their text alone.

This runs for every file of every flake8 run, so nothing is parsed, and most files are
done after a search for a few literals. It errs on one side only: a file that is let
through may still hold nothing, as what stands in a text or in a comment may count.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from functools import partial

from flake8_lambda_handler.project import import_lines
from flake8_lambda_handler.project import mentions
from flake8_lambda_handler.project.import_lines import Import
from flake8_lambda_handler.project.imports import has_table
from flake8_lambda_handler.project.mentions import ScannedText

#: So many lines with an import are remembered: files of one folder say the same.
_MOST_LINES = 4_000

FindPath = Callable[[str, str, int], "str | None"]
ReadSource = Callable[[str], "str | None"]

#: The same with the module's file, or with `LIBRARY` and the full name.
Found = tuple[str, str, str]
LIBRARY = ""


class Prefilter:
    """Answers for the files of one project; what each file leads to is found once."""

    def __init__(
        self,
        find_path: FindPath,
        source: ReadSource,
        may_be_filled: Callable[[str], bool],
    ) -> None:
        self._find_path = find_path
        self._source = source
        #: Whether other modules may put something async into a module's containers.
        self._may_be_filled = may_be_filled
        #: What each line with an import leads to, by the folder of its file.
        self._known: dict[str, dict[str, tuple[Found, ...]]] = {}
        self._parsed: dict[str, tuple[Import, ...]] = {}
        #: The names of a module that may have to do with coroutines: async functions,
        #: classes with async methods, and whatever mentions one of them.
        self._names: dict[str, set[str]] = {}
        #: The same with classes that have async methods from Django, and are otherwise
        #: plain: no reason to look at whoever imports them.
        self._all_names: dict[str, set[str]] = {}
        #: Modules that define something async, or import a library of such things.
        self._holding: set[str] = set()
        #: What each module imports from the project: file, name, and what it calls it.
        self._leads: dict[str, tuple[Found, ...]] = {}
        #: The modules that this reaches.
        self._near: dict[str, tuple[str, ...]] = {}

    @property
    def size(self) -> int:
        """Return of how many modules the names are known."""
        return len(self._names)

    def may_hold_coroutines(self, path: str, text: str) -> bool:
        """Return whether a file may make, run or drop a coroutine."""
        if path in self._names and text == self._source(path):
            return path in self._holding or bool(self._names[path])
        text = import_lines.with_line_feeds(text)
        if mentions.defines(text) or self._registries(path, text):
            return True
        held = ScannedText(lambda: text)
        for file, name, local in self._imported(path, text):
            if file == LIBRARY:
                if held.uses(name):
                    return True
                continue
            if file not in self._names:
                self._load(file)
            if self._names[file] and held.which(self._names[file], name, local):
                return True
        return False

    def _registries(self, path: str, text: str) -> list[str]:
        """Return the containers that other modules may fill with something async."""
        found = mentions.registries(text)
        return found if found and self._may_be_filled(path) else []

    def may_be_async(self, path: str) -> set[str]:
        """Return the names of a module that may have to do with coroutines."""
        if path not in self._all_names:
            rows = mentions.rows(self._source(path) or "")
            own = self._own_names(path)
            self._all_names[path] = own | rows if rows else own
        return self._all_names[path]

    def _own_names(self, path: str) -> set[str]:
        if path not in self._names:
            self._load(path)
        return self._names[path]

    def leads(self, texts: dict[str, str]) -> Iterator[str]:
        """Yield the modules to which some files lead, as far as they concern us.

        The nearest first; what a module has of a name from another one is as near.
        """
        imports = (self._project_imports(*one) for one in texts.items())
        waiting = deque(map(self._reached, imports))
        known = set(texts)
        while waiting:
            for file in waiting.popleft():
                if file not in known:
                    known.add(file)
                    yield file
                    if file not in self._near:
                        self._near[file] = self._reached(self._leads[file])
                    waiting.append(self._near[file])

    def _reached(self, leads: tuple[Found, ...]) -> tuple[str, ...]:
        """Return the modules that imports reach, through those that hand names on."""
        from flake8_lambda_handler.flow import limits

        found: dict[str, None] = {}
        for file, name, _ in leads:
            for _ in range(limits.REEXPORTS):
                if not self._own_names(file):
                    break
                found[file] = None
                origin = [one for one in self._leads[file] if one[2] == name]
                if not name or not origin:
                    break
                file, name, _ = origin[0]
        return tuple(found)

    def _project_imports(self, path: str, text: str) -> tuple[Found, ...]:
        found = dict.fromkeys(self._imported(path, import_lines.with_line_feeds(text)))
        return tuple([one for one in found if one[0] != LIBRARY])

    def _text(self, path: str) -> str:
        return import_lines.with_line_feeds(self._source(path) or "")

    def _imported(self, path: str, text: str) -> Iterator[Found]:
        """Yield what a text imports from the project, or from a library with a table."""
        folder = os.path.dirname(path)
        known = self._known.setdefault(folder, {})
        for line in import_lines.lines(text, known):
            found = known.get(line)
            if found is None:
                found = known[line] = tuple(self._follow(folder, line))
            if found:
                yield from found

    def _follow(self, folder: str, line: str) -> Iterator[Found]:
        if line not in self._parsed:
            if len(self._parsed) >= _MOST_LINES:
                self._parsed.clear()
                self._known.clear()
            self._parsed[line] = tuple(filter(_matters, import_lines.imports(line)))
        for dotted, level, name, local in self._parsed[line]:
            file = self._find_path(folder, dotted, level)
            if file is not None:
                yield file, name, local
            inner = None
            if name and (file is None or file.endswith("__init__.py")):
                # The name may be a module: `from package import module`.
                whole = f"{dotted}.{name}" if dotted else name
                inner = self._find_path(folder, whole, level)
                if inner is not None:
                    yield inner, "", local
            if not level and file is None and inner is None and _is_library(dotted):
                yield LIBRARY, f"{dotted}.{name}", local

    def _load(self, file: str) -> None:
        """Find the names of a module, and of all modules that it leads to.

        Names spread from where they are bound to where they are mentioned, each once:
        a circle of imports is nothing special.
        """
        texts: dict[str, ScannedText] = {}
        users: dict[tuple[str, str], list[tuple[str, str]]] = {}
        spreading: list[tuple[str, str]] = []
        waiting = [file]
        while waiting:
            path = waiting.pop()
            if path in self._names:
                continue
            self._names[path] = set()
            # Those of a large project are not kept, and read again where names spread.
            held = texts[path] = ScannedText(partial(self._text, path))
            text = held.text
            holds = (
                mentions.defines(text)
                or "Callable[" in text
                and mentions.has_word(text)
            )
            imports = dict.fromkeys(self._imported(path, text))
            self._leads[path] = tuple([one for one in imports if one[0] != LIBRARY])
            if not any(name == "*" for _, name, _ in imports):
                held.imported = {local for _, _, local in imports}
            spreading += [(path, name) for name in self._registries(path, text)]
            for source, name, local in imports:
                if source == LIBRARY:
                    holds = holds or held.uses(name)
                    if mentions.has_word(name):
                        spreading.append((path, local))
                elif source in texts or source not in self._names:
                    waiting.append(source)
                    users.setdefault((source, name), []).append((path, local))
                elif self._names[source]:
                    names = held.which(self._names[source], name, local)
                    spreading += [(path, one) for one in names]
            if holds:
                self._holding.add(path)
                blocks = list(mentions.blocks(text))
                held.mentions = held.mentions_in(blocks)
                spreading += [
                    (path, one)
                    for names, block in blocks
                    if mentions.has_word(block)
                    for one in names
                ]
        done: set[int] = set()
        while spreading:
            path, name = spreading.pop()
            names = self._names[path]
            if name in names:
                continue
            if not names:
                for user, local in users.get((path, ""), ()):
                    for attribute in texts[user].attributes(local):
                        users.setdefault((path, attribute), []).append((user, local))
            names.add(name)
            for bound in texts[path].mentions.get(name, ()):
                # All names of a statement come at once, whichever word of it is first.
                if id(bound) not in done:
                    done.add(id(bound))
                    spreading += [(path, one) for one in bound]
            spreading += users.get((path, name), ())
            spreading += [(user, name) for user, _ in users.get((path, "*"), ())]


def _matters(one: Import) -> bool:
    """Return whether an import can lead into the project, or to a library's table."""
    dotted, level, _, _ = one
    top = dotted.partition(".")[0]
    return bool(level) or top not in sys.stdlib_module_names or _is_library(top)


def _is_library(dotted: str) -> bool:
    return has_table(dotted.partition(".")[0])
