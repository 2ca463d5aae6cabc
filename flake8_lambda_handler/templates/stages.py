"""The stages of a Dockerfile: what they start from, copy and run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from flake8_lambda_handler.templates.docker import Instruction
from flake8_lambda_handler.templates.docker import PlacedText
from flake8_lambda_handler.templates.docker import assignments
from flake8_lambda_handler.templates.docker import expanded
from flake8_lambda_handler.templates.docker import instructions
from flake8_lambda_handler.templates.docker import unquoted
from flake8_lambda_handler.templates.nodes import Source

TASK_ROOT = "/var/task"
_ENTRY = "/lambda-entrypoint.sh"
_FILE = re.compile(r"[^/]\.\w{1,4}$")
_WORD = re.compile(r"[^\s\"'`]+")
_FROM_STAGE = re.compile(r"--mount=\S*\bfrom=([\w.-]+)")


class _Kind(NamedTuple):
    """Images whose names tell the runtime that is in them."""

    name: re.Pattern[str]
    #: Whether functions run in them; in the others they are built.
    runs: bool
    #: What may follow when the version is to change alone; None: there is none newer.
    free: re.Pattern[str] | None


def _kind(name: str, runs: bool, free: str | None) -> _Kind:
    name = name.replace("<V>", r"(?P<version>\d+\.\d+)")
    return _Kind(re.compile(name), runs, re.compile(free) if free is not None else None)


_KINDS = (
    _kind(
        r"(?:.+/lambda/python|(?:.+/)?amazon/aws-lambda-python):"
        r"(?P<text><V>)(?P<rest>(?:[.@-].*)?)",
        True,
        r"(?:-[a-z]\w*)?",
    ),
    _kind(
        r".+/sam/build-(?P<text>python<V>)(?P<rest>(?:[:@].*)?)",
        False,
        r"(?::latest(?:-\w+)?)?",
    ),
    _kind(r"(?:.+/)?amazon/aws-sam-cli-build-image-python<V>(?:[:@].*)?", False, None),
    _kind(r"(?:.+/)?lambci/lambda:build-python<V>(?:@.*)?", False, None),
    _kind(r"(?:.+/)?mlupin/docker-lambda:python<V>-build(?:@.*)?", False, None),
    _kind(r"(?:.+/)?(?:lambci/|mlupin/docker-)lambda:python<V>(?:@.*)?", True, None),
)


class LambdaImage(NamedTuple):
    """An image with a runtime of Lambda."""

    name: PlacedText
    identifier: str
    runs: bool
    #: Where the version stands, and the text there.
    written: PlacedText


class Copy(NamedTuple):
    """What a stage copies: from the build context, or from another stage."""

    sources: list[str]
    target: str
    stage: BuildStage | None


class BuildStage:
    """One stage of a build; it starts with all that its base has."""

    def __init__(
        self, name: str, base: BuildStage | None, image: PlacedText | None
    ) -> None:
        self.name = name
        self.base = base
        self.needs = [base] if base else []
        found = base.lambda_image if base else lambda_image(image)
        self.lambda_image: LambdaImage | None = found
        #: Where Lambda looks for the code, in images of its own.
        self.root = TASK_ROOT if found is not None and found.runs else "/"
        self.workdir: str = base.workdir if base else self.root
        self.copies: list[Copy] = list(base.copies) if base else []
        self.entry: Instruction | None = base.entry if base else None
        self.command: Instruction | None = base.command if base else None
        self._has_command = False
        self.variables: dict[str, PlacedText] = dict(base.variables) if base else {}
        if base is None and self.lambda_image is not None:
            self.variables["LAMBDA_TASK_ROOT"] = PlacedText(TASK_ROOT, ())

    def plain(self, text: PlacedText) -> str | None:
        """Return the text that a word stands for, None when that is not known."""
        found = expanded(text, self.variables)
        return None if found is None else re.sub("[\"']", "", found.text)

    def path(self, text: str) -> str:
        """Return an absolute path in the image; what ends in `/` is a folder."""
        return posixpath.join(self.workdir, text)

    def add(
        self, made: Instruction, shared: dict[str, PlacedText], known: Stages
    ) -> None:
        """Take an instruction; `shared` holds the arguments of all stages."""
        if made.name in ("ARG", "ENV"):
            for name, value in assignments(made):
                given = shared.get(name) if value is None else value
                found = None if given is None else expanded(given, self.variables)
                if found is not None:
                    self.variables[name] = found
                elif value is not None:
                    self.variables.pop(name, None)
        elif made.name == "WORKDIR":
            folder = self.plain(made.rest)
            if folder is not None:
                self.workdir = posixpath.normpath(self.path(folder))
        elif made.name == "CMD":
            self.command, self._has_command = made, True
        elif made.name == "ENTRYPOINT":
            self.entry = made
            if not self._has_command:  # that of the base counts no more
                self.command = None
        elif made.name == "RUN":
            for name in _FROM_STAGE.findall(made.rest.text):
                self.needs += filter(None, [known.named(name)])
        elif made.name in ("ADD", "COPY"):
            self._copy(made, known)

    def _copy(self, made: Instruction, known: Stages) -> None:
        options = [x.text for x in made.words() if x.text.startswith("--")]
        origin = None
        for option in options:
            name, _, value = option.partition("=")
            if name == "--from":
                origin = known.named(value)
                if origin is None:
                    return
                self.needs.append(origin)
        skipped = made.rest.text.rfind(options[-1]) + len(options[-1]) if options else 0
        while skipped < len(made.rest.text) and made.rest.text[skipped].isspace():
            skipped += 1
        rest = made._replace(rest=made.rest.part(skipped, len(made.rest.text)))
        words = rest.exec_form() or rest.words()
        paths = [self.plain(word) for word in words]
        if len(paths) > 1 and paths[-1] is not None:
            sources = [path for path in paths[:-1] if path is not None]
            self.copies.append(Copy(sources, self.path(paths[-1]), origin))

    def origins(self, path: str, left: list[int]) -> Iterator[str]:
        """Yield what a file of the image may be in the build context, last copied first.

        `left` counts the ways that may still be tried.
        """
        for copy in reversed(self.copies):
            target = posixpath.normpath(copy.target)
            if path != target and not path.startswith(target.rstrip("/") + "/"):
                continue
            inside = path[len(target) :].lstrip("/")
            for source in copy.sources:
                left[0] -= 1
                if left[0] < 0:
                    return
                if "*" in source or "?" in source:
                    source = posixpath.dirname(source)
                elif posixpath.basename(source) == inside:
                    inside = ""
                if bool(inside) == bool(_FILE.search(source)):
                    continue  # a file has nothing inside, a folder is no file
                found = posixpath.join(source, inside) if inside else source
                if copy.stage is None:
                    yield found.lstrip("/")
                else:
                    yield from copy.stage.origins(copy.stage.path(found), left)

    def handler(
        self,
        command: list[PlacedText] | None,
        entry: list[PlacedText] | None,
        is_lambda: bool,
    ) -> PlacedText | None:
        """Return the handler string, which the runtime client takes as an argument.

        `command` and `entry` take the place of the stage's own, when they are given.
        `is_lambda` says that the image is known to be one for Lambda.
        """
        if entry is None:
            entry = self.entry.exec_form() if self.entry else []
        if command is None:
            command = self.command.exec_form() if self.command else []
        if entry is None or not entry and command is None:
            # A shell runs it, and adds no arguments.
            made = self.entry or self.command
            return _argument(made.shell_words() if made else [])
        if command is None:
            return None  # the shell itself would be the handler
        found = _argument([*entry, *command])
        if found is None and len(command) == 1:
            runs = self.lambda_image is not None and self.lambda_image.runs
            is_own = not entry or [x.text for x in entry] == [_ENTRY]
            if (runs or is_lambda) and is_own or is_lambda and len(entry) == 1:
                return command[0]
        return found


def _argument(words: list[PlacedText]) -> PlacedText | None:
    """Return the first argument of awslambdaric in a command line."""
    for word, after in zip(words, words[1:]):
        if word.text == "awslambdaric":
            return after
    return None


def lambda_image(image: PlacedText | None) -> LambdaImage | None:
    """Return what the name of an image tells; None if it is none with a runtime."""
    if image is None:
        return None
    for kind in _KINDS:
        found = kind.name.fullmatch(image.text)
        if found is not None:
            written = _written(image, found, kind)
            identifier = f"python{found['version']}"
            return LambdaImage(image, identifier, kind.runs, written)
    return None


def _written(image: PlacedText, found: re.Match[str], kind: _Kind) -> PlacedText:
    """Return the text that is to change for another version, as it is written."""
    if kind.free is not None:
        pieces = [image.part(found.start("text"), len(image.text))]
        if kind.free.fullmatch(found["rest"]):
            pieces = [] if found["rest"].startswith(":") else pieces
            pieces += [image.part(*found.span(x)) for x in ("text", "version")]
        for piece in pieces:
            if piece.is_written():
                return piece
    source, offset = image.at[0]
    written_there = _WORD.match(source.text, offset)
    return PlacedText(written_there[0] if written_there else image.text, image.at)


class Stages:
    """The stages of one Dockerfile; `given` are the arguments of the build."""

    def __init__(self, source: Source, given: Mapping[str, PlacedText]) -> None:
        self.all: list[BuildStage] = []
        shared: dict[str, PlacedText] = {}
        for made in instructions(source):
            if made.name == "FROM":
                self._start(made, shared)
            elif self.all:
                self.all[-1].add(made, shared, self)
            elif made.name == "ARG":
                for name, value in assignments(made):
                    value = given.get(name, value)
                    found = None if value is None else expanded(value, shared)
                    if found is not None:
                        shared[name] = found

    def _start(self, made: Instruction, shared: dict[str, PlacedText]) -> None:
        words = [x for x in made.words() if not x.text.startswith("--")]
        if not words:
            return
        image = expanded(unquoted(words[0]), shared)
        base = None if image is None else _named(self.all, image.text)
        is_named = len(words) > 2 and words[1].text.lower() == "as"
        name = words[2].text if is_named else ""
        self.all.append(BuildStage(name, base, image if image and image.text else None))

    def named(self, name: str) -> BuildStage | None:
        """Return a stage before the last one by its name or its number."""
        earlier = self.all[:-1]
        if name.isdecimal() and len(name) < 5 and int(name) < len(earlier):
            return earlier[int(name)]
        return _named(earlier, name)

    def built(self, target: str) -> list[BuildStage]:
        """Return the stages that are built, the one that is asked for first."""
        last = _named(self.all, target) if target else None
        waiting = [last or self.all[-1]] if self.all else []
        found: list[BuildStage] = []
        while waiting:
            stage = waiting.pop()
            if stage not in found:
                found.append(stage)
                waiting += stage.needs
        return found


def _named(stages: list[BuildStage], name: str) -> BuildStage | None:
    for stage in reversed(stages):
        if stage.name and stage.name.lower() == name.lower():
            return stage
    return None
