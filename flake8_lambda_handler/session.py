"""One run over the files of a project: what rules and commands may ask."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import TypeVar

from flake8_lambda_handler import patterns
from flake8_lambda_handler import programs
from flake8_lambda_handler.collector import Collector
from flake8_lambda_handler.project.index import Project
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    import ast

    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.flow.analysis import Analysis
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.model import Violation
    from flake8_lambda_handler.project.nearest import Nearest
    from flake8_lambda_handler.root import Tree
    from flake8_lambda_handler.screening.suspects import Suspects

About = TypeVar("About")
Answer = TypeVar("Answer")


class Room(NamedTuple):
    """How many characters of what is read are kept before a fresh start."""

    #: As syntax trees, which take many times the memory of the text.
    parsed: int
    #: As terms, which take a tenth of that.
    terms: int


#: What is kept in most projects, and in those of which so many files are known by their
#: names: that takes memory, too.
USUAL = Room(2_000_000, 6_000_000)
OF_MANY = Room(1_300_000, 3_000_000)
MANY_FILES = 1_000

#: After so many characters of modules that are let go one by one, what is known of them
#: is, too; they take about 100 bytes each.
DROPPED_CHARACTERS = 1_000_000


class Surroundings:
    """What is known of a project, or of a part of it."""

    def __init__(self, modules: Project | Nearest) -> None:
        self.modules = modules

    @cached_property
    def analysis(self) -> Analysis:
        """Return the flow analysis; most runs over most files never need it."""
        from flake8_lambda_handler.flow.analysis import Analysis
        from flake8_lambda_handler.libraries import outside

        return Analysis(outside, self.modules)

    @cached_property
    def _suspects(self) -> Suspects:
        from flake8_lambda_handler.screening.suspects import Suspects

        return Suspects(self.modules)

    def suspicious(self, module: Module) -> frozenset[tuple[int, int]] | None:
        """Return where the bodies begin that may leave something awaitable behind.

        The module itself begins at (0, 0). `None` stands for all of them.
        """
        found = self._suspects.of(module.path)
        return None if found is None else frozenset([body.place for body in found])

    def hands_back(self, module: Module) -> bool:
        """Return whether an async function of a file returns something to await."""
        return self._suspects.hands_back(module.path)

    def forget_values(self) -> None:
        """Let go of what was followed."""
        analysis = self.__dict__.pop("analysis", None)
        if analysis is not None:
            analysis.take_apart()

    def forget_terms(self) -> None:
        """Let go of what bodies may leave behind."""
        self.__dict__.pop("_suspects", None)


class Session:
    """What is known of the files that are checked, and of what they lead to."""

    def __init__(self, settings: Settings, *, is_alone: bool = False) -> None:
        self.settings = settings
        self.project = Project(settings)
        self._whole = Surroundings(self.project)
        #: What is near files behind which there is too much, by what is seen there.
        self._near: dict[Nearest, Surroundings] = {}
        self._answers: dict[tuple[object, object], Any] = {}
        self._dropped = 0
        self._notes: dict[str, bool] = {}
        #: The files of each project that share what is near them.
        self.parts: dict[Tree, dict[str, list[str]]] = {}
        #: The findings in the code that templates hold, wherever it stands.
        self.embedded: dict[object, list[Violation]] = {}
        self.collector = Collector(is_alone=is_alone)

    @property
    def analysis(self) -> Analysis:
        """Return the flow analysis of the whole project."""
        return self._whole.analysis

    def around(self, module: Module) -> Surroundings:
        """Return what the coroutines of a file are judged by.

        That is the project, or a part of it if there is too much behind the file.
        """
        modules = self.once(_followed, module)
        if isinstance(modules, Project):
            return self._whole
        self.note(module, "imports lead to too much code; the nearest is followed")
        if modules not in self._near:
            self._near[modules] = Surroundings(modules)
        return self._near[modules]

    def follows_all(self, module: Module) -> bool:
        """Return whether the coroutines of a file are judged by the whole project."""
        return self.once(_followed, module) is self.project

    def note(self, module: Module, text: str) -> None:
        """Note, for the user who asks, what is not followed to its end."""
        if self.settings.is_verbose:
            from flake8_lambda_handler.reports import printable
            from flake8_lambda_handler.reports import relative

            self._notes.setdefault(f"{printable(relative(module.path))}: {text}", True)

    def take_notes(self) -> list[str]:
        """Return the notes since the last time, each once in a run."""
        found = [text for text, is_new in self._notes.items() if is_new]
        self._notes.update(dict.fromkeys(found, False))
        return found

    def once(
        self, question: Callable[[Session, About], Answer], about: About
    ) -> Answer:
        """Return the answer to a question about something; it is asked once."""
        key = (question, about)
        if key not in self._answers:
            self._answers[key] = question(self, about)
        answer: Answer = self._answers[key]
        return answer

    def concerns(self, path: str, text: str) -> bool:
        """Return whether any rule can say anything about a Python file.

        Cheap on purpose: it runs for each file of each flake8 run. Nothing is parsed.
        """
        path = os.path.abspath(path)
        return (
            patterns.may_name(text, path, self.settings)
            or self.project.may_hold_coroutines(path, text)
            or bool(self.project.declared(path))
            or bool(self.project.configured(path))
            or programs.may_write_runtimes(text)
            or patterns.may_decorate(text)
        )

    def program(self, module: Module) -> Template | None:
        """Return what a program writes itself; nothing of tests, which deploy nothing."""
        return self.once(_program, module)

    def parses(self, path: str, text: str) -> bool:
        """Return whether it is known of a file's text that it can be parsed.

        It was, because others import the file.
        """
        path = os.path.abspath(path)
        known = self.project.kept(path)
        if known is not None and known.text == text and known.is_parsed:
            return not known.is_broken
        return self.project.has_read(path) and self.project.source(path) == text

    def module(self, path: str, tree: ast.Module | None, text: str) -> Module:
        """Return the module of a file that is being checked.

        Without a tree, it is parsed when a rule asks for one.

        It is the one that another file's import has made, if there is one: two of one
        file would be two to everybody who compares.
        """
        from flake8_lambda_handler.facts.module import Module

        if self.project.keeps_trees_of(self._room.parsed):
            self._forget()
        path = os.path.abspath(path)
        known = self.project.kept(path)
        if known is not None and known.text == text:
            if tree is not None:
                known.give(tree)
            return known
        if known is not None:
            self._forget()
        if self.project.source(path) != text:
            self._forget_terms()
        module = Module(path, tree, text)
        self.project.add(module)
        return module

    def drop(self, module: Module) -> None:
        """Let go of a module that no other imports; now and then of all that is known."""
        self.project.drop(module.path)
        self._dropped += len(module.text)
        if self._dropped >= DROPPED_CHARACTERS:
            self._forget()

    @property
    def _room(self) -> Room:
        return USUAL if self.project.files_known() < MANY_FILES else OF_MANY

    def _forget(self) -> None:
        """Let go of all parsed modules, and of what is known of them."""
        self._dropped = 0
        self._answers.clear()
        self.project.forget()
        for one in (self._whole, *self._near.values()):
            one.forget_values()
        self._near.clear()
        if self.project.characters_read > self._room.terms:
            self._forget_terms()
            self.collector.collect()

    def _forget_terms(self) -> None:
        for one in (self._whole, *self._near.values()):
            one.forget_terms()
        self.project.forget_bodies()


def _program(session: Session, module: Module) -> Template | None:
    found = programs.read(module, session.project)
    return None if found and session.project.is_test(module) else found


def _followed(session: Session, module: Module) -> Project | Nearest:
    from flake8_lambda_handler.project import nearest

    if not nearest.has_too_much_behind(session.project, module):
        return session.project
    tree = session.project.tree(os.path.dirname(module.path))
    return session.once(_around, tuple(_part(session, tree, module.path)))


def _part(session: Session, tree: Tree, path: str) -> list[str]:
    from flake8_lambda_handler.project import nearest

    if tree not in session.parts:
        session.parts[tree] = nearest.parts(tree)
    return session.parts[tree].get(path, [path])


def _around(session: Session, files: tuple[str, ...]) -> Nearest:
    from flake8_lambda_handler.project import nearest

    return nearest.around(session.project, files)
