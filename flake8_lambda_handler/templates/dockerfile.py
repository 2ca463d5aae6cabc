"""Dockerfiles of container images for Lambda, and of its build images.

Sources, read 2026-11-21: AWS Lambda developer guide, "Deploy Python Lambda functions
with container images"; AWS SAM developer guide, "Image repositories"; the entry script
of `public.ecr.aws/lambda/python` (it takes the handler as its only argument);
awslambdaric 4.2.2, `__main__` (its first argument is the handler).
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import leads_into
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.docker import PlacedText
from flake8_lambda_handler.templates.docker import instructions
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.stages import TASK_ROOT
from flake8_lambda_handler.templates.stages import BuildStage
from flake8_lambda_handler.templates.stages import LambdaImage
from flake8_lambda_handler.templates.stages import Stages
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

FILES = (
    "*.containerfile",
    "*.dockerfile",
    "containerfile",
    "containerfile.*",
    "dockerfile",
    "dockerfile.*",
)
WORD = "ambda"

#: Most ways that are followed from a file in an image to what is copied there.
MOST_WAYS = 200

_MARK = re.compile(r"lambda|/sam/build-python|aws-sam-cli-build", re.I)
#: What tells an image for Python where its base does not.
_PYTHON = re.compile(r"python|\bpip|\.py\b")


def read(path: str, files: TemplateFiles) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the Dockerfile of a path declares.

    Raises:
        Unreadable: the file is one for Lambda that is no text.
    """
    try:
        source = files.source(path)
    except Unreadable as error:
        if _MARK.search(error.text or ""):
            raise
        return
    if _MARK.search(source.text):
        image = Image("dockerfile", os.path.basename(path), is_lambda=False)
        yield from _found(source, _contexts(path), image)


def _contexts(path: str) -> list[str]:
    """Return the folders that an image may be built from: the file's, and those above."""
    folder = os.path.dirname(path)
    root = Roots().of(folder)
    found = [folder]
    while is_inside(folder := os.path.dirname(folder), root):
        found.append(folder)
    return found


class Image(NamedTuple):
    """What a template says about the image of a function."""

    format: str
    #: The name of the function.
    resource: str
    #: What takes the place of `CMD` and `ENTRYPOINT`.
    command: Sequence[Scalar] | None = None
    entry: Sequence[Scalar] | None = None
    #: The stage that is built, the last one if empty, and the arguments of the build.
    target: str = ""
    arguments: Mapping[str, Scalar] = {}
    callers: tuple[str, ...] = ()
    #: Whether it is known to be an image for Lambda.
    is_lambda: bool = True
    #: The folder in which it runs, if not that of its Dockerfile.
    folder: str = ""


def first(resolver: Resolver, node: Node | None, scope: Scope | None = None) -> str:
    """Return the first text that a value stands for, nothing if there is none."""
    return next(iter(resolver.texts(node, scope)), "")


def words(
    resolver: Resolver, node: Node | None, scope: Scope | None = None
) -> list[Scalar] | None:
    """Return the words of a command; None without one."""
    if node is None:
        return None
    members = resolver.members(node, scope)
    listed = [x for word in members for x in resolver.scalars(word, scope)]
    return listed or resolver.scalars(node, scope)


def arguments(
    resolver: Resolver, node: Node | None, scope: Scope | None = None
) -> dict[str, Scalar]:
    """Return the arguments of a build by their names."""
    return {
        label.text: value
        for mapping in resolver.mappings(node, scope)
        for label, argument in mapping.entries()
        for value in resolver.scalars(argument, scope)
    }


def built(
    files: TemplateFiles, home: str, folder: str, name: str, image: Image
) -> Iterator[Declaration | RuntimeUse]:
    """Yield what a function declares whose image is built in a folder.

    The folder has to be one of the project that `home`, the template's own, is in.
    """
    path = os.path.normpath(os.path.join(folder, name))
    root = Roots().of(home)
    if is_inside(path, root) and leads_into(path, root):
        try:
            source = files.source(path)
        except Unreadable:
            return
        yield from _found(source, [folder], image)


def elsewhere(given: Image) -> Iterator[Declaration]:
    """Yield what a function declares whose image is built somewhere else."""
    stage = BuildStage("", None, None)
    handler = stage.handler(_texts(given.command), _texts(given.entry), True)
    if handler is not None and handler.at:
        yield from values.declarations(
            given.format, given.resource, [handler.scalar()], (), (), given.callers
        )


def use_of(image: LambdaImage, resource: str) -> RuntimeUse:
    """Return the use of the runtime that is in an image."""
    written = image.written
    return RuntimeUse(
        image.identifier,
        written.scalar().place,
        image.name.scalar().place,
        resource,
        "image",
        written.text if written.text != image.identifier else "",
    )


def _found(
    source: Source, contexts: Sequence[str], given: Image
) -> Iterator[Declaration | RuntimeUse]:
    """Yield what an image declares that is built from one of some folders."""
    values_given = {name: placed(value) for name, value in given.arguments.items()}
    stages = Stages(source, values_given).built(given.target)
    uses: dict[LambdaImage, RuntimeUse] = {}
    for stage in stages:
        image = stage.lambda_image
        if image is not None and stage.base is None:
            uses[image] = use_of(image, given.resource)
    yield from uses.values()
    if not stages:
        return
    last = stages[0]
    is_lambda = given.is_lambda and _PYTHON.search(source.text) is not None
    handler = last.handler(_texts(given.command), _texts(given.entry), is_lambda)
    folders = (last.root, given.folder or last.workdir, TASK_ROOT)
    if handler is not None and handler.at:
        code = [*_code(last, handler.text, folders, contexts)]
        for declaration in values.declarations(
            given.format,
            given.resource,
            [handler.scalar()],
            code,
            [use for image, use in uses.items() if image is last.lambda_image],
            given.callers,
        ):
            is_renamed = any(path.endswith(".py") for path in code)
            found = declaration._replace(is_renamed=is_renamed)
            folder = "" if is_renamed else _settled(source, handler.text, code)
            yield found._replace(code=(folder,), is_fixed=True) if folder else found


def _settled(source: Source, handler: str, folders: Iterable[str]) -> str:
    """Return the folder from which a handler's module is copied, if only it can be.

    No other folder that the image may be built from has the module, and no command of
    the build mentions its file.
    """
    module = handler.rpartition(".")[0].replace(".", "/") + ".py"
    found = [x for x in {*folders} if os.path.isfile(os.path.join(x, module))]
    name = posixpath.basename(module)
    is_made = any(
        made.name == "RUN" and name in made.rest.text for made in instructions(source)
    )
    return found[0] if len(found) == 1 and not is_made else ""


def _texts(words: Iterable[Scalar] | None) -> list[PlacedText] | None:
    return None if words is None else [placed(word) for word in words]


def placed(scalar: Scalar) -> PlacedText:
    """Return the text of a value that is written out in one go."""
    at = ((scalar.source, scalar.offset + i) for i in range(len(scalar.text)))
    return PlacedText(scalar.text, tuple(at))


def _code(
    stage: BuildStage, handler: str, folders: Sequence[str], contexts: Sequence[str]
) -> Iterator[str]:
    """Yield the folders, or single files, that are copied to where a handler is.

    It is in one of some folders of the image, which is built from one of the contexts.
    """
    module = handler.rpartition(".")[0].replace(".", "/").strip("/")
    left = [MOST_WAYS]
    found: list[tuple[str, str]] = []
    for folder in folders:
        for tail in (f"{module}.py", f"{module}/__init__.py"):
            for origin in stage.origins(posixpath.join(folder, tail), left):
                found.append((posixpath.normpath(origin), tail))
        if found:
            break
    for context in contexts:
        for origin, tail in found:
            path = os.path.normpath(os.path.join(context, origin))
            if path.endswith(os.sep + tail.replace("/", os.sep)):
                yield path[: -len(tail) - 1]
            elif path.endswith(".py"):
                yield path
