"""What deployment templates declare: runtimes, handlers and where the code lies.

A format is one module of this folder with `FILES`, `WORD` and `read`; nothing else
lists it. The table of the formats is made from what the modules say, without loading
them: most folders hold no template.
"""

from __future__ import annotations

import ast
import functools
import pkgutil
import re
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from flake8_lambda_handler.model import Template

#: How a reader says what its files are, near the top of its text.
_SAID = re.compile(rb"^(FILES|WORD|WHOLE_FOLDER|COMMAND_ONLY) = (\([^)]*\)|.+)$", re.M)
_TOP_BYTES = 4_000
_PYTHON = (".py", ".pyi", ".pyw")


class Format(NamedTuple):
    """What a reader says of its files, in constants of these names."""

    #: The module of this folder that reads them.
    reader: str
    #: Globs of their names, in small letters; capitals make no difference.
    files: tuple[str, ...]
    #: What is in the text of each file that names a handler.
    word: str
    #: Whether all files of a folder are one template.
    whole_folder: bool
    #: Whether only the command reads them, and no run of flake8.
    command_only: bool


@functools.cache
def formats() -> tuple[Format, ...]:
    """Return the table of all formats, by the names of their readers."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        text = pkgutil.get_data(__name__, f"{module.name}.py") or b""
        found_in = _SAID.findall(text, 0, _TOP_BYTES)
        said = {name: ast.literal_eval(value.decode()) for name, value in found_in}
        if b"FILES" in said:
            flags = (said.get(x, False) for x in (b"WHOLE_FOLDER", b"COMMAND_ONLY"))
            found.append(Format(module.name, said[b"FILES"], said[b"WORD"], *flags))
    return tuple(found)


@functools.cache
def formats_of(name: str) -> tuple[Format, ...]:
    """Return the formats that a file of this name (no folder) can have."""
    if name.endswith(_PYTHON):
        return ()
    return tuple(one for one in formats() if _names(one.files).search(name))


def is_template_name(name: str, by_command: bool = False) -> bool:
    """Tell whether a file of this name (no folder) can be a template.

    `by_command`: those included that only the command reads.
    """
    if name.endswith(_PYTHON):
        return False
    return _names(every_file(by_command)).search(name) is not None


def expression(files: tuple[str, ...]) -> str:
    """Return the regular expression, to be searched in paths, for some globs."""
    suffixes = [glob[2:] for glob in files if glob.startswith("*.")]
    names = [glob for glob in files if not glob.startswith("*.")]
    pieces = [re.escape(name).replace(r"\*", "[^/]*") for name in sorted({*names})]
    if suffixes:
        pieces.insert(0, rf"[^/]*\.({'|'.join(map(re.escape, sorted({*suffixes})))})")
    return rf"(?i)(^|/)({'|'.join(pieces)})$"


def is_command_name(name: str) -> bool:
    """Tell whether a file of this name can be one that only the command reads."""
    return is_template_name(name, by_command=True) and not is_template_name(name)


@functools.cache
def every_file(by_command: bool = True) -> tuple[str, ...]:
    """Return the globs of all formats, or of those that flake8 runs read."""
    found = (one for one in formats() if by_command or not one.command_only)
    return tuple(dict.fromkeys(glob for one in found for glob in one.files))


@functools.cache
def _names(files: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(expression(files))


def read(path: str, given: dict[str, bytes] | None = None) -> Template:
    """Return what a template declares; empty when the file is no Lambda template.

    A file that cannot be read or parsed gives a problem, never an error. Terraform
    counts by the folder: what is returned is used in the file or written in it.
    What was read is kept, and read again when a file that it came from has changed.
    `given` holds the bytes of files that are not on the disk, or not like this.
    """
    from flake8_lambda_handler.templates import units

    return units.read(path, given)


def named_files(path: str) -> list[str]:
    """Return the Python files that a template names as handlers, by its text alone.

    This is for templates that cannot be parsed; see `read` for the others.
    """
    from flake8_lambda_handler.templates import units

    return units.named_files(path)
