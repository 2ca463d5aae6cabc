"""The files that an archive of Terraform holds, where it says itself what is in them.

Source, read 2026-11-22: archive provider, `archive_file` (`source`, `source_content`).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.templates import embedded
from flake8_lambda_handler.templates import heredoc
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.hcl import Block
from flake8_lambda_handler.templates.hcl import Expression
from flake8_lambda_handler.templates.hcl_values import ExpressionResolver
from flake8_lambda_handler.templates.hcl_values import called
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.values import Scope

#: The functions that read a file; their first argument is its path.
_READING = frozenset({"file", "templatefile"})


class File(NamedTuple):
    """A file of an archive: its module as handlers name it, and what is in it."""

    module: str
    #: The code, where the template holds it.
    pieces: tuple[Piece, ...] = ()
    #: The paths that it can be read from, where the template says so.
    paths: tuple[str, ...] = ()


def contents(
    resolver: ExpressionResolver, folder: str, archive: Block, scope: Scope
) -> Iterator[File | None]:
    """Yield the Python files that an archive is made of; None for what is not known.

    Paths start at `folder`.
    """
    given = archive.arguments
    parts = [x.arguments for x in archive.blocks("source")]
    pairs = [(x.get("filename"), x.get("content")) for x in parts]
    if "source_content" in given:
        pairs.append((given.get("source_content_filename"), given["source_content"]))
    for filename, content in pairs:
        names = resolver.texts(filename, scope)
        if len(names) != 1:
            yield None
        elif names[0].endswith(".py"):
            module = posixpath.normpath(names[0]).lstrip("/").removesuffix(".py")
            yield from _content(resolver, folder, module, content, scope)
    if any(x.names[1:] == ("source",) for x in archive.blocks("dynamic")):
        yield None


def _content(
    resolver: ExpressionResolver,
    folder: str,
    module: str,
    node: Node | None,
    scope: Scope,
) -> Iterator[File | None]:
    origin = None if node is None else _origin(node)
    if origin is not None:
        texts = resolver.texts(origin, scope)
        paths = [values.code_path(folder, x) for x in texts if x.endswith(".py")]
        yield File(module, paths=tuple(filter(None, paths)))
        return
    found = [_pieces(x) for x in resolver.values(node, scope)]
    for pieces in found or [()]:
        yield File(module, pieces) if pieces else None


def _origin(node: Node) -> Node | None:
    """Return the path of the file whose text an expression gives, changed or not."""
    name, arguments = called(node)
    if name == "replace" and len(arguments) == 3:
        return _origin(arguments[0])
    return arguments[0] if name in _READING and arguments else None


def _pieces(node: Node) -> tuple[Piece, ...]:
    if isinstance(node, Expression):
        return heredoc.pieces(node)
    # A text that is put together stands nowhere.
    is_written = isinstance(node, Scalar) and node.source.key == node.source.path
    return embedded.pieces(node) if is_written else ()


def in_place(
    declaration: Declaration, found: Sequence[File | None]
) -> Iterator[Declaration | Embedded]:
    """Yield a function with the code of its handler, as archives hold it."""
    path = declaration.handler.rpartition(".")[0].replace("/", ".")
    own = [x for x in found if x and x.module.replace("/", ".") == path]
    if not own and len(found) == 1:
        own = [x for x in found if x and x.pieces]  # Lambda cannot load it
    for file in own:
        if file.pieces:
            yield Embedded(declaration, file.pieces, file.module)
        else:
            yield declaration._replace(code=file.paths, is_renamed=True)
    if not own:
        yield declaration
