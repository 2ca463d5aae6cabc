"""From the templates of a project to the handlers that they declare."""

from __future__ import annotations

import os
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from typing import NamedTuple

from flake8_lambda_handler import templates
from flake8_lambda_handler.project.deployed import Deployed
from flake8_lambda_handler.project.deployed import said
from flake8_lambda_handler.project.imports import modules_at
from flake8_lambda_handler.project.survey import Survey
from flake8_lambda_handler.project.survey import Unit
from flake8_lambda_handler.root import Tree
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import is_skipped
from flake8_lambda_handler.settings import Settings

if TYPE_CHECKING:
    from flake8_lambda_handler.model import Declaration
    from flake8_lambda_handler.model import Embedded
    from flake8_lambda_handler.model import Problem
    from flake8_lambda_handler.model import Template

#: Folders beside the code in which people keep its templates.
INFRASTRUCTURE_FOLDERS = frozenset(
    {
        "aws",
        "cfn",
        "cloudformation",
        "deploy",
        "deployment",
        "iac",
        "infra",
        "infrastructure",
        "sam",
        "serverless",
        "stacks",
        "templates",
        "terraform",
        "tf",
    }
)

#: How deep templates may lie inside such a folder.
INFRASTRUCTURE_DEPTH = 3

#: Most templates, from the nearest on, that are read to see whose code a file is.
MOST_COVERING = 50


class Declared(NamedTuple):
    """A handler that a template names, followed to the file that binds it."""

    path: str
    name: str
    declaration: Declaration
    #: The file that the handler string itself leads to.
    entry: str
    #: The folder that the template says holds its code; empty if it does not say.
    code: str


class Declarations(NamedTuple):
    """What some templates declare, as far as it leads to code."""

    #: By the file that binds the handler.
    handlers: dict[str, list[Declared]]
    #: The folders in which handlers lie, and those that hold all code of one.
    folders: set[str]
    code: set[str]
    #: Why some of the templates cannot be read.
    problems: list[Problem]


class Templates(Deployed):
    """The templates of projects, and the handlers that they declare."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self._templates: dict[str, Template] = {}
        self._followed: dict[tuple[str, str], list[Declared]] = {}
        self._template_paths: dict[tuple[str, str], list[str]] = {}
        self._declared: dict[tuple[str, str], Declarations] = {}
        self._near: dict[str, list[Declarations]] = {}
        self._climbed: dict[tuple[str, ...], str | None] = {}
        self._surveys: dict[str, Survey] = {}
        self._embedded: dict[str, list[Declared]] = {}

    def embed(self, code: Embedded) -> str:
        """Return the path of the module that a template holds itself.

        There is no such file, and no project around it: Lambda puts it into a folder of
        its own. All are in one here, where each import is looked for once.
        """
        declaration = code.declaration
        template, line, column = declaration.place
        file = f"{template.replace(os.sep, ':')}:{line}:{column}.py"
        path = os.path.join(os.sep, ".inside", file)
        name = declaration.handler.rpartition(".")[2]
        self._embedded[path] = [Declared(path, name, declaration, path, "")]
        return path

    def declared(self, path: str) -> list[Declared]:
        """Return what templates declare about the handlers that a file binds.

        Those near the file come first. One that is not above it, nor beside what is,
        has to say where the code lies.
        """
        if path in self._embedded:
            return self._embedded[path]
        folder = os.path.dirname(path)
        near = self._declarations_near(folder)
        found = [one for each in near for one in each.handlers.get(path, ())]
        tree = self.tree(folder)
        if units := self._survey(tree).naming(path):
            for one in self._followed_far(units, tree):
                if one.path == path and one not in found:
                    found.append(one)
        return [one for one in found if not self._is_overridden(one.declaration)]

    def _is_overridden(self, declaration: Declaration) -> bool:
        """Return whether what runs an image names another handler than its Dockerfile.

        A function that leaves it at the Dockerfile's declares that handler itself.
        """
        image = declaration.place.path
        if declaration.format != "dockerfile":
            return False
        return any(
            other.place.path != image
            and any(x.place.path == image for x in other.runtimes)
            for near in self._declarations_near(os.path.dirname(image))
            for listed in near.handlers.values()
            for other in (one.declaration for one in listed)
        )

    def _followed_far(self, units: Iterable[Unit], tree: Tree) -> Iterator[Declared]:
        """Yield the handlers of templates that say where their code lies."""
        for unit in units:
            for template in unit.paths:
                for one in self._follow(template, tree):
                    if one.code:
                        yield one

    def _survey(self, tree: Tree) -> Survey:
        if tree.root not in self._surveys:
            self._surveys[tree.root] = Survey(tree, self.home_path, self.said_by)
        return self._surveys[tree.root]

    def versions(self, path: str) -> tuple[tuple[int, int], ...]:
        """Return the versions of Python on which a file may run.

        They are those that templates declare for its handlers; else all on which
        functions can be created.
        """
        from flake8_lambda_handler import runtimes

        as_of = self.settings.as_of
        declared = {
            use.identifier
            for one in self.declared(path)
            for use in one.declaration.runtimes
        }
        found = declared or {
            row.identifier
            for row in self.settings.runtimes.values()
            if row.create_blocked is None or row.create_blocked > as_of
        }
        return tuple(filter(None, map(runtimes.version, sorted(found))))

    def resolves_handlers_in(self, path: str) -> bool:
        """Return whether a file is part of the code of handlers that templates name.

        That is all code of theirs that a template speaks of; else the folder of a
        handler, and those below it as long as they are packages.
        """
        folder = os.path.dirname(path)
        tree = self.tree(folder)
        near = self._declarations_near(folder)
        if any(is_inside(folder, code) for found in near for code in found.code):
            return True
        while not any(folder in found.folders for found in near):
            if folder == tree.root or not tree.is_package(folder):
                return self._is_covered(os.path.dirname(path), tree)
            folder = os.path.dirname(folder)
        return True

    def _is_covered(self, folder: str, tree: Tree) -> bool:
        """Return whether a template that is not near says that a folder is its code."""
        units = self._survey(tree).covering(folder)[:MOST_COVERING]
        return any(
            is_inside(folder, one.code) for one in self._followed_far(units, tree)
        )

    def template_paths(self, folder: str) -> Iterator[str]:
        """Yield the files near a folder that may be templates, nearest first.

        One that is near in two ways comes twice.
        """
        tree = self.tree(folder)
        for one in _upwards(folder, tree):
            yield from self._templates_of(one, tree)

    def unreadable_near(self, folder: str) -> list[Problem]:
        """Return why templates near a folder cannot be read, nearest first."""
        near = self._declarations_near(folder)
        return list(dict.fromkeys(one for found in near for one in found.problems))

    def _declarations_near(self, folder: str) -> list[Declarations]:
        """Return what templates declare: those that are named, then the nearest.

        Most folders have none near, and are asked for each of their files.
        """
        if folder not in self._near:
            tree = self.tree(folder)
            every = [self._declarations(one, tree) for one in _upwards(folder, tree)]
            self._near[folder] = [one for one in every if any(one)]
        return self._near[folder]

    def _declarations(self, folder: str, tree: Tree) -> Declarations:
        """Return what the templates of one folder declare, or those that are named."""
        key = (folder, tree.root)
        if key not in self._declared:
            found = self._declared[key] = Declarations({}, set(), set(), [])
            for path in self._templates_of(folder, tree):
                for one in self._follow(path, tree):
                    found.handlers.setdefault(one.path, []).append(one)
                    found.folders.add(os.path.dirname(one.path))
                    found.folders.add(os.path.dirname(one.entry))
                    if one.code:
                        found.code.add(one.code)
                template = self.template(path)
                mine = template.problems
                found.problems.extend(one for one in mine if one.place.path == path)
        return self._declared[key]

    def said_by(self, folder: str, tree: Tree) -> Iterator[tuple[str, str]]:
        """Yield the files of the program of a folder, with what they say of code.

        Programs that are no Python are for the command only.
        """
        yield from super().said_by(folder, tree)
        for one, names in tree.walk(folder) if self.settings.by_command else ():
            for name in sorted(names):
                if templates.is_command_name(name):
                    path = os.path.join(one, name)
                    if text := said(self.template(path)):
                        yield path, text

    def _templates_of(self, folder: str, tree: Tree) -> list[str]:
        """Return the files of one folder that may be templates, or those named."""
        if not folder:
            return self._named_templates
        key = (folder, tree.root)
        if key not in self._template_paths:
            found = []
            for one in [folder, *_infrastructure(tree, folder)]:
                files, _ = tree.listing(one)
                names = sorted(filter(templates.is_template_name, files))
                found += [os.path.join(one, name) for name in names]
                found += self.programs(one, tree)
            self._template_paths[key] = found
        return self._template_paths[key]

    @cached_property
    def _named_templates(self) -> list[str]:
        """Return the files that the setting `lambda-templates` names."""
        import glob

        found = []
        for pattern in self.settings.templates:
            found.extend(sorted(glob.glob(pattern, recursive=True)))
        return [os.path.abspath(path) for path in found]

    def template(self, path: str) -> Template:
        """Return what a template declares; read once."""
        if path not in self._templates:
            self._templates[path] = self.program(path) or templates.read(path)
        return self._templates[path]

    def handler_files(self, template: str, folders: Iterable[str]) -> frozenset[str]:
        """Return the files of the handlers that a template names, unreadable or not.

        They are those of the projects that some folders belong to.
        """
        trees = {self.tree(folder) for folder in folders}
        followed = {one.path for tree in trees for one in self._follow(template, tree)}
        return frozenset(followed.union(templates.named_files(template)))

    def _follow(self, path: str, tree: Tree) -> list[Declared]:
        """Return the declarations of a template that lead into a project."""
        key = (path, tree.root)
        if key not in self._followed:
            found = []
            for declaration in self.template(path).declarations:
                entry, code = self._entry(path, declaration, tree)
                if entry is None:
                    continue
                name = declaration.handler.rpartition(".")[2]
                home = self.home(entry, name)
                if home is not None:
                    found.append(Declared(*home, declaration, entry, code))
            self._followed[key] = found
        return self._followed[key]

    def _entry(
        self, template: str, declaration: Declaration, tree: Tree
    ) -> tuple[str | None, str]:
        """Return the file that a handler string names, and where its code is said to be.

        The runtime imports the part before the last dot, with `/` read as `.`
        (awslambdaric 4.2.2, observed 2026-11-20).
        """
        dotted, _, name = declaration.handler.rpartition(".")
        parts = [part for part in dotted.replace("/", ".").split(".") if part]
        if not parts or not name:
            return None, ""
        for code in declaration.code:
            if code.endswith(".py"):
                is_named = os.path.basename(code) == parts[-1] + ".py"
                if (is_named or declaration.is_renamed) and tree.has_file(code):
                    return code, code
                continue
            code = os.path.normpath(code)
            found = tree.module(code, parts)
            if found is not None and self.home_path(found, name):
                return found, code
        folder = os.path.dirname(template)
        key = (folder, tree.root, name, *parts)
        if key not in self._climbed:
            self._climbed[key] = self._climb(folder, parts, name, tree)
        return self._climbed[key], ""

    def _climb(
        self, folder: str, parts: list[str], name: str, tree: Tree
    ) -> str | None:
        """Return the one file at or above a folder that can be meant."""
        candidates = modules_at(tree, os.sep + os.path.join(*parts), parts[-1])
        if not is_inside(folder, tree.root):  # a template that the user named
            folder = tree.root
        while candidates:
            here = [path for path in candidates if is_inside(path, folder)]
            binding = [path for path in here if self.home_path(path, name)]
            if len(binding) == 1:
                return binding[0]
            if len(binding) > 1 or folder == tree.root:
                return None
            folder = os.path.dirname(folder)
        return None


def _upwards(folder: str, tree: Tree) -> Iterator[str]:
    """Yield what stands for the templates that are named, then a folder and upwards."""
    yield ""
    while is_inside(folder, tree.root):
        yield folder
        folder = os.path.dirname(folder)


def _infrastructure(tree: Tree, folder: str, depth: int = 0) -> Iterator[str]:
    """Yield the folders beside the code of a folder in which templates are kept."""
    for name in tree.listing(folder).folders:
        if is_skipped(name):
            continue
        if (depth or name in INFRASTRUCTURE_FOLDERS) and depth < INFRASTRUCTURE_DEPTH:
            inner = os.path.join(folder, name)
            yield inner
            yield from _infrastructure(tree, inner, depth + 1)
