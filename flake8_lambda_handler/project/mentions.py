"""Which names a text binds, and which it mentions there: found without parsing it."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from functools import cached_property

#: The async half of every library in the tables has one of these in its names; the last
#: two are what annotations call what it gives.
WORDS = tuple(
    "async aio anyio arq beanie channels databases motor discord disnake fastapi langchain langgraph "
    "litellm nats quart starlette telegram tortoise awaitable coroutine".split()
)

#: Those of Django begin with an `a`, in the names that plain code mistakes for others.
_OF_DJANGO = tuple(
    before + name
    for before in ". "
    for name in (
        "aauthenticate( abulk_ acheck_ acount( acreate( adelete( aexists( afirst( aget( "
        "aget_ alast( alogin( alogout( aprefetch_ arefresh_from_db( asave( aset( aupdate( "
        "aupdate_"
    ).split()
)

_DEFINES = re.compile(r"async(?:[ \t]|\\\n)+def\b")

#: Where a statement of the top level starts.
_TOP = re.compile(r"\n(?=[^\s#)\]}])")
_DEFINITION = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
#: A class of rows: what it is derived from is called a model, or a user.
_ROWS = re.compile(r"^class[ \t]+(\w+)\([^)]*(?:Model|User)\b", re.M)
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

#: The names that a statement of the top level binds, and its text.
Block = tuple[tuple[str, ...], str]


class ScannedText:
    """What is asked of the text of one file; each answer is found once, when needed."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read
        #: What its imports bind; none if that is not known.
        self.imported: set[str] | None = None
        self._attributes: dict[str, set[str]] = {}

    @property
    def text(self) -> str:
        return self._read()

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
        return has_word(self.text)

    @cached_property
    def calls_django(self) -> bool:
        return calls_django(self.text)

    def uses(self, library: str) -> bool:
        """Return whether it may use the async half of a library, by a name it imports."""
        if library.startswith("django."):
            return self.calls_django
        return has_word(library) or self.has_word

    @cached_property
    def followers(self) -> frozenset[str]:
        """Return the words that follow a dot: a fast look before the exact one."""
        return frozenset(_FOLLOWER.findall(self.text))

    def attributes(self, name: str) -> set[str]:
        """Return the words that follow a name and a dot."""
        if name not in self._attributes:
            # A pattern that begins with a plain text is looked for much faster than one
            # that begins with the end of a word.
            text = self.text
            found = re.finditer(rf"{re.escape(name)}\s*\.\s*(\w+)", text)
            self._attributes[name] = {
                match[1] for match in found if not _goes_on(text, match.start())
            }
        return self._attributes[name]

    @cached_property
    def mentions(self) -> dict[str, list[tuple[str, ...]]]:
        """Return, for each name, the names that are bound by texts that have it."""
        return self.mentions_in(list(blocks(self.text)))

    def mentions_in(self, blocks: list[Block]) -> dict[str, list[tuple[str, ...]]]:
        """Return the same, of the text's statements; an attribute is no mention."""
        found: dict[str, list[tuple[str, ...]]] = {}
        known = {name for names, _ in blocks for name in names}
        known |= self.imported or set()
        for names, block in blocks:
            words = _words(block)
            if self.imported is not None:
                words &= known
            for word in words:
                found.setdefault(word, []).append(names)
        return found


def _goes_on(text: str, place: int) -> bool:
    """Return whether a word has begun before a place."""
    before = text[place - 1 : place]
    return before.isalnum() or before == "_"


def _words(text: str) -> set[str]:
    """Return the words of a text; one behind a dot has it in front."""
    # As bytes, because a table of single characters is four times as fast there.
    data = text.encode("utf-8", "surrogatepass").replace(b".", b" .")
    return set(data.translate(_SPACES).decode("utf-8", "surrogatepass").split())


def blocks(text: str) -> Iterator[Block]:
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


def defines(text: str) -> bool:
    return "async" in text and _DEFINES.search(text) is not None


def rows(text: str) -> set[str]:
    """Return the classes of a module that may stand for tables of Django's."""
    return set(_ROWS.findall(text)) if "django" in text else set()


def registries(text: str) -> list[str]:
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


def has_word(text: str) -> bool:
    text = text.lower()
    return any(word in text for word in WORDS)


def calls_django(text: str) -> bool:
    """Return whether a text that imports Django may call something async of it."""
    return any(word in text for word in _OF_DJANGO)
