"""The handlers that a program declares, and the folders of their code."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler import constructs
from flake8_lambda_handler.constructs import Construct
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Piece
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.programs import callers
from flake8_lambda_handler.programs import inline as _inline
from flake8_lambda_handler.programs import known
from flake8_lambda_handler.programs import uses
from flake8_lambda_handler.programs.callers import Others
from flake8_lambda_handler.programs.names import Program
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Text
from flake8_lambda_handler.programs.visits import Programs

_REDIRECTION = re.compile(r"PYTHONPATH|AWS_LAMBDA_EXEC_WRAPPER")
#: What may fill the folders of code before they are taken.
_BUILD = re.compile(
    r"\b(?:subprocess|shutil|zipfile|os\.system|check_call|copytree|urlretrieve|Aspects)\b"
)

#: The runtime of a function that is made from an image.
FROM_IMAGE = "FROM_IMAGE"


class _Code(NamedTuple):
    """A folder of code, or what is in the place of one."""

    path: str
    #: Whether the code is the text of a file, which is then called `index.py`.
    is_text: bool = False
    #: The code itself, when it stands in the program.
    pieces: tuple[Piece, ...] = ()
    #: The module that the text becomes, with slashes; CloudFormation has no other.
    module: str = "index"
    #: Whether nothing else can be in the archive.
    is_only: bool = False


def handlers(
    programs: Programs, program: Program, folder: str, others: Others | None = None
) -> Iterator[Declaration | Embedded]:
    """Yield the handlers that a program declares, some with their code.

    `folder` is where the app runs: relative paths start there. `others` gives all files
    of the program that have a word, if they are known.
    """
    for call in program.calls:
        called = known.made(call, programs, program)
        if called is not None and called.kind == "function":
            for visit in programs.visits(call, program):
                spot = Spot(call, program, visit)
                yield from _declared(programs, spot, called, folder, others)


def _declared(
    programs: Programs,
    spot: Spot,
    called: Construct,
    folder: str,
    others: Others | None,
) -> Iterator[Declaration | Embedded]:
    guesses = programs.guesses
    given = dict(programs.keywords(spot))
    runtimes_given = [*_given_runtimes(programs, spot, given.get(called.runtime))]
    if given.get(called.runtime) is not None and None in runtimes_given:
        return  # of another language
    form, resource = known.format(spot), _resource(programs, spot)
    used = tuple(one for one in runtimes_given if one is not None)
    if called.module:
        index = given.get(called.module)
        handlers = _python_function(programs, spot, index, given.get(called.handler))
        paths = _texts(programs, given.get(called.code))
        codes: list[_Code] | None = [_Code(one.text) for one in paths]
    elif form == "boto3":
        from flake8_lambda_handler.programs import zips

        packed = zips.folders(programs, given["Code"]) if "Code" in given else ()
        codes = [*map(_Code, packed)]
        handlers = _texts(programs, given.get(called.handler))
    else:
        codes = _codes(programs, given.get(called.code))
        if called.text in given:
            codes = [*_held(programs, given[called.text], "index")]
        handlers = _texts(programs, given.get(called.handler))
    for call in _made(programs, given.get(called.code), constructs.IMAGES):
        from flake8_lambda_handler.programs import images

        found = images.functions(programs, call, folder, form, resource)
        by = callers.of(programs, spot, others)
        yield from (one._replace(callers=by) for one in found)
        codes = None
    if codes is None:
        return
    folders = [os.path.join(folder, one.path) for one in codes if one.path]
    code = tuple(dict.fromkeys(folders))
    is_fixed = (
        len(handlers) == len(code) == 1
        and programs.guesses == guesses
        and _is_settled(programs, spot, called, given, code[0])
    )
    has_layers = "layers" in given or "add_layers" in spot.program.module.text
    by = callers.of(programs, spot, others) if handlers else ()
    for text in handlers:
        made = Declaration(
            form,
            resource,
            text.text,
            text.place,
            code,
            used,
            by,
            is_fixed=is_fixed and text.is_whole,
            has_layers=has_layers,
        )
        module, _, name = text.text.rpartition(".")
        texts = [one for one in codes if one.is_text or one.pieces]
        if form == "pulumi":
            path = module.replace(".", "/")
            texts = [one for one in texts if one.module == path or one.is_only]
        if not texts:
            yield made
        for one in texts:
            if one.pieces and used:
                yield Embedded(made, one.pieces, one.module)
            elif one.is_text:
                stem = os.path.splitext(os.path.basename(one.path))[0]
                yield made._replace(handler=f"{stem}.{name}")


def _is_settled(
    programs: Programs,
    spot: Spot,
    called: Construct,
    given: dict[str, Spot],
    code: str,
) -> bool:
    """Tell whether a folder is put into a function as it is, whatever is built before."""
    assert isinstance(spot.node, ast.Call)
    calls = [spot.node]
    if called.module:
        # A module that is not there stops the app itself.
        index = dict(programs.keywords(spot)).get(called.module)
        files = _texts(programs, index) if index is not None else []
        names = [text.text for text in files] or [constructs.DEFAULT_INDEX]
        if not os.path.isfile(os.path.join(code, names[0])):
            return False
    else:
        makers = [one.node for one in programs.values(given[called.code])]
        calls += [one for one in makers if isinstance(one, ast.Call)]
        if len(makers) != 1 or len(calls) != 2:
            return False
    words = [keyword.arg for call in calls for keyword in call.keywords]
    return (
        None not in words
        and "bundling" not in words
        and not _REDIRECTION.search(spot.program.module.text)
        and not programs.mentions(_BUILD)
    )


def _resource(programs: Programs, spot: Spot) -> str:
    assert isinstance(spot.node, ast.Call)
    given = dict(programs.keywords(spot))
    named = (given.get(name) for name in ("id", "FunctionName"))
    spots = [*map(spot.at, spot.node.args[:2]), *named]
    found = [text.text for one in spots for text in _texts(programs, one)]
    return found[0] if found else ""


def _given_runtimes(
    programs: Programs, spot: Spot, runtime: Spot | None
) -> Iterator[RuntimeUse | None]:
    """Yield the runtimes of a function; None for one of another language."""
    for one in programs.values(runtime) if runtime is not None else ():
        node, program, _ = one
        if isinstance(node, ast.Attribute):
            if node.attr in ("name", "to_string"):
                yield from _given_runtimes(programs, spot, one.at(node.value))
            elif found := known.member(node, program):
                yield uses.of_member(node, found, program)
            elif known.is_runtime(node.value, program) and node.attr != FROM_IMAGE:
                yield None
        elif isinstance(node, ast.Call):
            if known.is_runtime(node.func, program) and node.args:
                for text in programs.texts(one.at(node.args[0])):
                    yield _given(text)
        else:
            for text in programs.texts(one):
                yield _given(text)


def _given(text: Text) -> RuntimeUse | None:
    if not uses.is_python(text.text):
        return None
    return RuntimeUse(text.text, text.place, text.place, "", "function")


def _python_function(
    programs: Programs, spot: Spot, index: Spot | None, handler: Spot | None
) -> list[Text]:
    """Return the handler strings of a `PythonFunction`."""
    at = Text("", spot, False)
    indexes, names = _texts(programs, index), _texts(programs, handler)
    if index is None:
        indexes = [at._replace(text=constructs.DEFAULT_INDEX)]
    if handler is None:
        names = [at._replace(text=constructs.DEFAULT_HANDLER)]
    return [
        text._replace(text=f"{one.text.removesuffix('.py').lstrip('./')}.{text.text}")
        for one in indexes
        for text in names
    ]


def _codes(programs: Programs, code: Spot | None) -> list[_Code] | None:
    """Return the folders of code; None where it is no folder of the project."""
    found: list[_Code] = []
    for one in programs.values(code) if code is not None else ():
        if isinstance(one.node, ast.Dict):
            made, given, first = constructs.PROPERTY, dict(programs.entries(one)), None
        elif isinstance(one.node, ast.Call):
            made = known.name(one.origin_of(one.node.func))
            given = dict(programs.keywords(one))
            first = one.at(one.node.args[0]) if one.node.args else None
        else:
            continue
        if made in constructs.ELSEWHERE:
            return None
        if made in constructs.ASSETS:
            path = first or given.get("path")
            found += [_Code(text.text) for text in _texts(programs, path)]
        elif made in constructs.INLINE:
            names = [name for name in constructs.INLINE_TEXT if name in given]
            for inline in [first] if first else map(given.__getitem__, names):
                found += _held(programs, inline, "index")
            if not found:
                return None
        elif made in constructs.ARCHIVES:
            found += _archived(programs, first or given.get("assets"))
    return found


def _held(programs: Programs, spot: Spot, module: str) -> Iterator[_Code]:
    """Yield the code that a text holds, or the file that it is read from."""
    for pieces in _inline.pieces(programs, spot):
        yield _Code("", pieces=pieces, module=module)
    for one in _inline.files(programs, spot):
        yield _Code(one.text, is_text=True, module=module)


def _texts(programs: Programs, spot: Spot | None) -> list[Text]:
    return programs.texts(spot) if spot is not None else []


def _made(
    programs: Programs, code: Spot | None, kinds: frozenset[str]
) -> Iterator[Spot]:
    """Yield the calls of some kinds that make the code of a function."""
    for one in programs.values(code) if code is not None else ():
        if isinstance(one.node, ast.Call):
            if known.name(one.origin_of(one.node.func)) in kinds:
                yield one


def _archived(programs: Programs, assets: Spot | None) -> Iterator[_Code]:
    """Yield where the files of an archive come from that keep their names in it."""
    for one in programs.values(assets) if assets is not None else ():
        is_only = isinstance(one.node, ast.Dict) and len(one.node.keys) == 1
        for name, asset in programs.entries(one):
            for made in _made(programs, asset, constructs.TEXTS):
                if name.endswith(".py"):
                    text = dict(programs.keywords(made)).get("text")
                    given = getattr(made.node, "args", [])
                    held = made.at(given[0]) if given else text
                    if held is not None:
                        tail = os.path.normpath("/" + name)[1:]
                        for code in _held(programs, held, tail.removesuffix(".py")):
                            yield code._replace(is_only=is_only)
            for code in _codes(programs, asset) or ():
                path = os.path.normpath(code.path)
                tail = os.path.normpath("/" + name)[1:]
                if not tail or path.endswith(".py") and path.endswith("/" + tail):
                    yield code
                elif path == tail or path.endswith("/" + tail):
                    yield _Code(path[: -len(tail)] or ".")
