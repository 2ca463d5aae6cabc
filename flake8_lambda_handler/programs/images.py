"""The container images that a program builds code in, or functions from."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs import literals
from flake8_lambda_handler.programs import uses
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Text
from flake8_lambda_handler.programs.visits import Programs
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates.docker import PlacedText
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.stages import lambda_image


def named(
    programs: Programs, spot: Spot, call: ast.Call, program: Program
) -> Iterator[RuntimeUse]:
    """Yield the runtimes in images that are named in a file itself."""
    source = Source(program.module.path, program.module.text)
    for text in programs.texts(spot):
        if text.spot.program is program:
            node = text.spot.node
            at = [literals.start(node, program)] * len(text.text)
            if text.is_whole and isinstance(node, ast.Constant):
                found = literals.characters(node, program) or ()
                at = [offset for _, offset in found] or at
            placed = PlacedText(text.text, tuple((source, one) for one in at))
            image = lambda_image(placed)
            if image is not None:
                yield dockerfile.use_of(image, uses.named(call, program))


def functions(
    programs: Programs, spot: Spot, folder: str, form: str, resource: str
) -> Iterator[Declaration]:
    """Yield what a function declares whose image is built by a call.

    `folder` is where the program runs. Without a Dockerfile that can be read, the first
    argument is where the code lies, and `cmd` the handler.
    """
    assert isinstance(spot.node, ast.Call)
    given = dict(programs.keywords(spot))
    context = spot.at(spot.node.args[0]) if spot.node.args else given.get("directory")
    file, target = (_texts(programs, given.get(name)) for name in ("file", "target"))
    if given.get("file") is None:
        file = ["Dockerfile"]
    for command in _lists(programs, given.get("cmd")):
        for path in _texts(programs, context):
            path = os.path.normpath(os.path.join(folder, path))
            if len(file) == 1 and os.path.isfile(os.path.join(path, file[0])):
                image = dockerfile.Image(
                    form,
                    resource,
                    command,
                    next(iter(_lists(programs, given.get("entrypoint"))), None),
                    next(iter(target), ""),
                    _arguments(programs, given.get("build_args")),
                )
                home, files = os.path.dirname(spot.program.module.path), TemplateFiles()
                for one in dockerfile.built(files, home, path, file[0], image):
                    if isinstance(one, Declaration):
                        yield one
            elif command is not None and len(command) == 1:
                handler = command[0]
                yield Declaration(
                    form, resource, handler.text, handler.place, (path,), ()
                )


def _texts(programs: Programs, spot: Spot | None) -> list[str]:
    return [text.text for text in programs.texts(spot)] if spot is not None else []


def _lists(programs: Programs, spot: Spot | None) -> list[list[Scalar] | None]:
    """Return the lists of words that an expression can be; None for what is not given."""
    if spot is None:
        return [None]
    found: list[list[Scalar] | None] = []
    for one in programs.values(spot):
        if isinstance(one.node, (ast.List, ast.Tuple)):
            words = [programs.texts(one.at(word)) for word in one.node.elts]
            if all(len(texts) == 1 for texts in words):
                found.append([_scalar(texts[0]) for texts in words])
    return found


def _arguments(programs: Programs, spot: Spot | None) -> dict[str, Scalar]:
    return {
        name: _scalar(texts[0])
        for one in (programs.values(spot) if spot is not None else ())
        for name, value in programs.entries(one)
        if len(texts := programs.texts(value)) == 1
    }


def _scalar(text: Text) -> Scalar:
    node, program, _ = text.spot
    module = program.module
    at = literals.start(node, program)
    at += text.is_whole and module.text[at : at + 1] in ("'", '"')
    return Scalar(Source(module.path, module.text), at, text.text)
