"""What a text imports, found without parsing it, wherever an import stands.

What looks like an import within a text or a comment may be found too.
"""

from __future__ import annotations

import re
from collections.abc import Container
from collections.abc import Iterator

#: What is imported: module, level, name (none for the module itself) and local name.
Import = tuple[str, int, str, str]

#: What stands in the brackets of an import; no line of it begins another import.
_LIST = r"(?:#.*|(?!\n[ \t]*(?:from|import)\b)[^)#])*"
_BRACKET = re.compile(rf"import(?:[ \t]|\\\n)*\({_LIST}")
_IMPORT = re.compile(
    r"[ \t\f]*(?:from\b([.\w \t]*?)\bimport\b[ \t]*"
    rf"(?:\(({_LIST})|([^\n;#]*))|import\b([^\n;#]*))"
)
_NEXT = re.compile(r"[;:\n]")
_COMMENT = re.compile(r"#.*")
#: Longer than any module's name that people write.
_LONGEST_NAME = 255


def with_line_feeds(text: str) -> str:
    """Return a text in which `\\n` ends every line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def all_imports(text: str) -> Iterator[Import]:
    """Yield everything that a text imports, wherever that stands."""
    for line in lines(with_line_feeds(text)):
        yield from imports(line)


def lines(text: str, known: Container[str] = ()) -> Iterator[str]:
    """Yield the lines with the word `import`, each with all that belongs to it.

    Those that are `known` are yielded without a closer look.
    """
    at = text.find("import")
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        line = text[start:end] if end >= 0 else text[start:]
        if line not in known or text[start - 2 : start] == "\\\n":
            start, end = _whole(text, start, at)
            line = text[start:end]
        yield line
        at = text.find("import", end) if end >= 0 else -1


def _whole(text: str, start: int, at: int) -> tuple[int, int]:
    """Return where a line starts and ends, with what a backslash or bracket adds."""
    while text[start - 2 : start] == "\\\n":
        start = text.rfind("\n", 0, start - 1) + 1
    end = _line_end(text, at)
    if "(" in text[at:end] and (bracket := _BRACKET.search(text, start, end)):
        bracket = _BRACKET.match(text, bracket.start())
        end = max(end, _line_end(text, bracket.end() if bracket else end))
    return start, end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def imports(line: str) -> Iterator[Import]:
    """Yield what a line of `lines` imports; it may be none that does."""
    line = line.replace("\\\n", " ")
    at = 0
    while True:
        if match := _IMPORT.match(line, at):
            at = match.end()
            yield from _imported(*match.groups())
        follower = _NEXT.search(line, at)
        if follower is None:
            return
        at = follower.end()


def _imported(
    origin: str | None, listed: str | None, names: str, modules: str
) -> Iterator[Import]:
    if origin is None:
        for words in map(str.split, modules.split(",")):
            if words and len(words[0]) <= _LONGEST_NAME:
                yield from _modules(words[0], words[-1])
        return
    dotted = "".join(origin.split())
    level = len(dotted) - len(dotted.lstrip("."))
    if len(dotted) <= _LONGEST_NAME:
        names = names if listed is None else _COMMENT.sub("", listed)
        for words in map(str.split, names.split(",")):
            if words:
                yield dotted[level:], level, words[0], words[-1]


def _modules(dotted: str, local: str) -> Iterator[Import]:
    """Yield a module that is imported; without another name, its packages as well."""
    if local != dotted:
        yield dotted, 0, "", local
        return
    while dotted:
        above, _, local = dotted.rpartition(".")
        yield dotted, 0, "", local
        dotted = above
