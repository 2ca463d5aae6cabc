"""The folders and files that a script puts into the archive of a function.

shutil.make_archive("orders", "zip", "src/orders")
client.create_function(
    FunctionName="orders",
    Runtime="python3.13",
    Handler="app.handler",
    Code={"ZipFile": open("orders.zip", "rb").read()},
)
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from flake8_lambda_handler.programs import inline
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.visits import Programs


def folders(programs: Programs, spot: Spot) -> Iterator[str]:
    """Yield where the code lies that is given to `Code`: folders, or Python files.

    Without a path that is known it is what the script packs, if that is one archive.
    """
    for code in programs.values(spot):
        for key, value in programs.entries(code):
            if key == "ZipFile":
                paths = {_path(one.text) for one in inline.files(programs, value)}
                made = [*_archives(programs, spot)]
                for archive in made:
                    if _is_one_of(programs, archive, paths, len(made)):
                        yield from _packed(programs, archive)


def _archives(programs: Programs, spot: Spot) -> Iterator[Spot]:
    """Yield the calls that make archives, each time that they are run."""
    program = spot.program
    for call in program.calls:
        if program.origin(call.func) in ("shutil.make_archive", "zipfile.ZipFile"):
            if call.args:
                for visit in programs.visits(call, program):
                    yield Spot(call, program, visit)


def _is_one_of(programs: Programs, archive: Spot, paths: set[str], count: int) -> bool:
    assert isinstance(archive.node, ast.Call)
    is_plain = archive.origin_of(archive.node.func) == "zipfile.ZipFile"
    suffix = "" if is_plain else ".zip"
    texts = programs.texts(archive.at(archive.node.args[0]))
    if not paths or not texts:
        return count == 1
    return any(_path(one.text + suffix) in paths for one in texts)


def _packed(programs: Programs, archive: Spot) -> Iterator[str]:
    """Yield the folders and files that are put into an archive."""
    call = archive.node
    assert isinstance(call, ast.Call)
    if archive.origin_of(call.func) == "shutil.make_archive":
        given = dict(programs.keywords(archive))
        folder = archive.at(call.args[2]) if call.args[2:] else given.get("root_dir")
        if folder is not None:
            yield from (one.text for one in programs.texts(folder))
        return
    for write in archive.program.calls:
        function = write.func
        if not isinstance(function, ast.Attribute) or function.attr != "write":
            continue
        made = [one.node for one in programs.values(archive.at(function.value))]
        if made != [call] or not write.args:
            continue
        given = dict(programs.keywords(archive.at(write)))
        name = archive.at(write.args[1]) if write.args[1:] else given.get("arcname")
        for one in programs.texts(archive.at(write.args[0])):
            names = [one] if name is None else programs.texts(name)
            for text in names:
                path, tail = _path(one.text), _path("/" + text.text)[1:]
                if path == tail or path.endswith("/" + tail):
                    yield path[: -len(tail)] or "."


def _path(text: str) -> str:
    return os.path.normpath(text)
