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
from collections.abc import Sequence

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.docker import Text
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.stages import TASK_ROOT
from flake8_lambda_handler.templates.stages import LambdaImage
from flake8_lambda_handler.templates.stages import Stage
from flake8_lambda_handler.templates.stages import Stages

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
        yield from found_in(
            source, _contexts(path), "dockerfile", os.path.basename(path)
        )


def _contexts(path: str) -> list[str]:
    """Return the folders that an image may be built from: the file's, and those above."""
    folder = os.path.dirname(path)
    root = Roots().of(folder)
    found = [folder]
    while is_inside(folder := os.path.dirname(folder), root):
        found.append(folder)
    return found


def found_in(
    source: Source,
    contexts: Sequence[str],
    format_: str,
    resource: str,
    *,
    command: Iterable[Scalar] | None = None,
    target: str = "",
    is_lambda: bool = False,
    callers: tuple[str, ...] = (),
) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the image of a Dockerfile declares, built from one of some folders.

    `command` takes the place of its own, `target` is the stage to build; `is_lambda`
    says that a template makes a function of it.
    """
    stages = Stages(source).built(target)
    uses: dict[LambdaImage, RuntimeUse] = {}
    for stage in stages:
        image = stage.lambda_image
        if image is not None and stage.base is None:
            uses[image] = RuntimeUse(
                image.identifier,
                image.written.scalar().place,
                image.name.scalar().place,
                resource,
                "image",
                image.written.text if image.written.text != image.identifier else "",
            )
    yield from uses.values()
    if not stages:
        return
    last = stages[0]
    given = None if command is None else [_text(scalar) for scalar in command]
    handler = last.handler(given, is_lambda)
    if handler is not None and handler.at:
        yield from values.declarations(
            format_,
            resource,
            [handler.scalar()],
            _code(last, handler.text, contexts),
            [use for image, use in uses.items() if image is last.lambda_image],
            callers,
        )


def _text(scalar: Scalar) -> Text:
    at = ((scalar.source, scalar.offset + i) for i in range(len(scalar.text)))
    return Text(scalar.text, tuple(at))


def _code(stage: Stage, handler: str, contexts: Sequence[str]) -> Iterator[str]:
    """Yield the folders, or single files, that are copied to where a handler is."""
    module = handler.rpartition(".")[0].replace(".", "/").strip("/")
    left = [MOST_WAYS]
    found = [
        (posixpath.normpath(origin), tail)
        for folder in dict.fromkeys([TASK_ROOT, stage.workdir])
        for tail in (f"{module}.py", f"{module}/__init__.py")
        for origin in stage.origins(posixpath.join(folder, tail), left)
    ]
    for context in contexts:
        for origin, tail in found:
            path = os.path.normpath(os.path.join(context, origin))
            if path.endswith(os.sep + tail.replace("/", os.sep)):
                yield path[: -len(tail) - 1]
            elif path.endswith(".py"):
                yield path
