"""Which files can have to do with coroutines: decided from their text alone.

This runs for every file of every flake8 run, so nothing is parsed, and most files are
done after a search for a few literals. It errs on one side only: a file that is let
through may still hold nothing, as what stands in a text or in a comment may count.
"""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.project import import_lines
from flake8_lambda_handler.project.import_lines import Import
from flake8_lambda_handler.project.imports import has_table

#: The async half of every library in the tables has one of these in its names; the last
#: two are what annotations call what it gives.
WORDS = tuple(
    "async aio anyio motor discord disnake fastapi langchain langgraph litellm nats "
    "starlette telegram tortoise awaitable coroutine".split()
)

_DEFINES = re.compile(r"async(?:[ \t]|\\\n)+def\b")

#: Where a statement of the top level starts.
_TOP = re.compile(r"\n(?=[^\s#)\]}])")
_DEFINITION = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_CONDITION = re.compile(r"(?:if|elif|else|try|except|finally|with|for|while|match)\b")
_MAIN = re.compile(r"if[ \t]+__name__\b")
_TARGETS = r"([\w*\[][\w., \t*\[\]]*?)[ \t]*(?::[^=\n]+)?=(?!=)"
_ASSIGNMENT = re.compile(_TARGETS)
_INSIDE = re.compile(rf"^[ \t]+(?:{_DEFINITION.pattern}|{_TARGETS})", re.M)
_FOLLOWER = re.compile(r"\.\s*(\w+)")
_WORD = re.compile(r"[^\W\d]\w*")
#: Turns into spaces what stands between words.
_MARKS = b"!\"#$%&'()*+,-/:;<=>?@[\\]^`{|}~"
_SPACES = bytes.maketrans(_MARKS, b" " * len(_MARKS))

#: What a container is at first that others fill; a fast look before the exact one.
_EMPTY = ("= {}\n", "= []\n", "= defaultdict(", "= set()\n")
_CONTAINER = re.compile(
    r"^(\w+)(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*(?:\{\}|\[\]|set\(\)|defaultdict\()", re.M
)
_FILLED = re.compile(
    r"^[ \t]+(\w+)(?:\[[^\n]*\][ \t]*=[ \t]*|\b[^\n]*\.(?:append|add)\()"
    r"(\w+)(?:\(\))?\)?$",
    re.M,
)
_PARAMETERS = re.compile(r"\bdef[ \t]+\w+\(([^)]*)\)")

FindPath = Callable[[str, str, int], "str | None"]
ReadSource = Callable[[str], "str | None"]

#: The same with the module's file, or with `LIBRARY` and the full name.
Found = tuple[str, str, str]
LIBRARY = ""


class Prefilter:
    """Answers for the files of one project; each file is read at most once."""

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
        #: Modules that define something async, or import a library of such things.
        self._holding: set[str] = set()
        #: What each module imports from the project: file, name, and what it calls it.
        self._leads: dict[str, tuple[Found, ...]] = {}
        #: The modules that this reaches.
        self._near: dict[str, tuple[str, ...]] = {}

    def may_hold_coroutines(self, path: str, text: str) -> bool:
        """Return whether a file may make, run or drop a coroutine."""
        if path in self._names and text == self._source(path):
            return path in self._holding or bool(self._names[path])
        text = import_lines.with_line_feeds(text)
        if _defines(text) or self._registries(path, text):
            return True
        held = _Text(text)
        for file, name, local in self._imported(path, text):
            if file == LIBRARY:
                if _has_word(name) or held.has_word:
                    return True
                continue
            if file not in self._names:
                self._load(file)
            if self._names[file] and held.which(self._names[file], name, local):
                return True
        return False

    def _registries(self, path: str, text: str) -> list[str]:
        """Return the containers that other modules may fill with something async."""
        found = _registries(text)
        return found if found and self._may_be_filled(path) else []

    def may_be_async(self, path: str) -> set[str]:
        """Return the names of a module that may have to do with coroutines."""
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
                if not self.may_be_async(file):
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
        texts: dict[str, _Text] = {}
        users: dict[tuple[str, str], list[tuple[str, str]]] = {}
        spreading: list[tuple[str, str]] = []
        waiting = [file]
        while waiting:
            path = waiting.pop()
            if path in self._names:
                continue
            self._names[path] = set()
            text = import_lines.with_line_feeds(self._source(path) or "")
            held = texts[path] = _Text(text)
            holds = _defines(text) or "Callable[" in text and _has_word(text)
            imports = dict.fromkeys(self._imported(path, text))
            self._leads[path] = tuple([one for one in imports if one[0] != LIBRARY])
            if not any(name == "*" for _, name, _ in imports):
                held.imported = {local for _, _, local in imports}
            spreading += [(path, name) for name in self._registries(path, text)]
            for source, name, local in imports:
                if source == LIBRARY:
                    holds = holds or held.has_word
                    if _has_word(name):
                        spreading.append((path, local))
                elif source in texts or source not in self._names:
                    waiting.append(source)
                    users.setdefault((source, name), []).append((path, local))
                elif self._names[source]:
                    names = held.which(self._names[source], name, local)
                    spreading += [(path, one) for one in names]
            if holds:
                self._holding.add(path)
                spreading += [
                    (path, one)
                    for names, block in held.blocks
                    if _has_word(block)
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


class _Text:
    """What is asked of the text of one file; each answer is found once, when needed."""

    def __init__(self, text: str) -> None:
        self.text = text
        #: What its imports bind; none if that is not known.
        self.imported: set[str] | None = None
        self._attributes: dict[str, set[str]] = {}

    def which(self, names: set[str], name: str, local: str) -> Collection[str]:
        """Return what the text calls those of a module's names that it imports."""
        if name == "*":
            return names
        if name:
            return (local,) if name in names else ()
        if names.isdisjoint(self.followers):
            return ()
        return () if names.isdisjoint(self.attributes(local)) else (local,)

    @cached_property
    def has_word(self) -> bool:
        return _has_word(self.text)

    @cached_property
    def followers(self) -> frozenset[str]:
        """Return the words that follow a dot: a fast look before the exact one."""
        return frozenset(_FOLLOWER.findall(self.text))

    def attributes(self, name: str) -> set[str]:
        """Return the words that follow a name and a dot."""
        if name not in self._attributes:
            # A pattern that begins with a plain text is looked for much faster than one
            # that begins with the end of a word.
            found = re.finditer(rf"{re.escape(name)}\s*\.\s*(\w+)", self.text)
            self._attributes[name] = {
                match[1] for match in found if not self._goes_on(match.start())
            }
        return self._attributes[name]

    def _goes_on(self, place: int) -> bool:
        """Return whether a word has begun before a place."""
        before = self.text[place - 1 : place]
        return before.isalnum() or before == "_"

    @cached_property
    def mentions(self) -> dict[str, list[tuple[str, ...]]]:
        """Return, for each name, the names that are bound by texts that have it.

        An attribute is no mention of a name.
        """
        found: dict[str, list[tuple[str, ...]]] = {}
        bound = {name for names, _ in self.blocks for name in names}
        for names, block in self.blocks:
            words = _words(block)
            if self.imported is not None:
                words &= bound | self.imported
            for word in words:
                found.setdefault(word, []).append(names)
        return found

    @cached_property
    def blocks(self) -> list[tuple[tuple[str, ...], str]]:
        """Return the names that the top level binds, each with the text that does it."""
        return list(_blocks(self.text))


def _words(text: str) -> set[str]:
    """Return the words of a text; one behind a dot has it in front."""
    # As bytes, because a table of single characters is four times as fast there.
    data = text.encode("utf-8", "surrogatepass").replace(b".", b" .")
    return set(data.translate(_SPACES).decode("utf-8", "surrogatepass").split())


def _blocks(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what each statement of the top level binds, with the text that does it."""
    chunks = [chunk + "\n" for chunk in _TOP.split("\n" + text)[1:]]
    decorators = ""
    for number, chunk in enumerate(chunks):
        if chunk[0] == "@":
            decorators += chunk
            continue
        block = "".join([decorators, chunk, *_rest_of_text(chunks, number)])
        decorators = ""
        if names := tuple(dict.fromkeys(_bound(chunk))):
            yield names, block


def _rest_of_text(chunks: list[str], number: int) -> Iterator[str]:
    """Yield the chunks after one in which a text of several lines is left open."""
    for quotes in ('"""', "'''"):
        end = number
        is_open = chunks[end].count(quotes) % 2
        while is_open and end + 1 < len(chunks):
            end += 1
            is_open ^= chunks[end].count(quotes) % 2
            yield chunks[end]


def _bound(chunk: str) -> Iterator[str]:
    """Yield the names that a statement of the top level may bind."""
    if match := _DEFINITION.match(chunk):
        yield match[1]
    elif not _CONDITION.match(chunk):
        if match := _ASSIGNMENT.match(chunk):
            yield from _WORD.findall(match[1])
    elif not _MAIN.match(chunk):
        for match in _INSIDE.finditer(chunk):
            yield from _WORD.findall(match[1] or match[2])


def _matters(one: Import) -> bool:
    """Return whether an import can lead into the project, or to a library's table."""
    dotted, level, _, _ = one
    top = dotted.partition(".")[0]
    return bool(level) or top not in sys.stdlib_module_names or _is_library(top)


def _is_library(dotted: str) -> bool:
    return has_table(dotted.partition(".")[0])


def _defines(text: str) -> bool:
    return "async" in text and _DEFINES.search(text) is not None


def _registries(text: str) -> list[str]:
    """Return the containers of a module that its functions fill with parameters."""
    if not any(_at_top(text, literal) for literal in _EMPTY):
        return []
    containers = _CONTAINER.findall(text)
    filled = [one for one in _FILLED.findall(text) if one[0] in containers]
    if not filled:
        return []
    parameters = set(_WORD.findall(" ".join(_PARAMETERS.findall(text))))
    return list(dict.fromkeys(name for name, value in filled if value in parameters))


def _at_top(text: str, literal: str) -> bool:
    """Return whether a literal stands in a line that is not indented."""
    place = text.find(literal)
    while place >= 0:
        if not text[text.rfind("\n", 0, place) + 1].isspace():
            return True
        place = text.find(literal, place + 1)
    return False


def _has_word(text: str) -> bool:
    text = text.lower()
    return any(word in text for word in WORDS)
