"""Python programs that deploy functions, and what they declare.

They use the AWS CDK or Pulumi, or ask Lambda by boto3. Whether a file concerns us is told
by its text: most files are done after a search for a few words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flake8_lambda_handler.facts.module import Module
    from flake8_lambda_handler.model import Place
    from flake8_lambda_handler.model import RuntimeUse
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.programs.callers import Others
    from flake8_lambda_handler.programs.values import ProjectModules

#: The files that lie in the folder where a program is run.
ROOTS = frozenset({"Pulumi.yaml", "Pulumi.yml", "cdk.json"})

_PACKAGES = ("aws_cdk", "monocdk", "pulumi_aws")
#: The words of a library: one is in each text that gives a runtime to a function or layer.
_RUNTIMES = {
    **dict.fromkeys(_PACKAGES, ("untime", "DockerImage")),
    "boto3": ("create_function", "update_function_conf", "publish_layer_version"),
}
#: One is in each text that names a handler, or makes a function that has one by default.
_HANDLERS: dict[str, tuple[str, ...]] = dict.fromkeys(_PACKAGES, ("andler", "Function"))
#: What is in the text of each program that holds the code of a function. Expressions
#: are compiled when they are first used: most runs of flake8 need none of them.
_INLINE = (
    r"\b(?:from_inline|InlineCode|Code\.inline|StringAsset)\(|"
    r"\b(?:inline_code|zip_file)=|[\"']zip_?[Ff]ile[\"']"
)

#: One is in the text of each program that says how a proxy calls a function.
_PROXY = (
    r"AWS_PROXY|Lambda(?:Integration|ProxyIntegration|RestApi|Target)\(|RouteArgs|"
    r"TargetGroupAttachment"
)


def may_write_runtimes(text: str) -> bool:
    """Return whether a program may write a runtime, by its text alone."""
    return _has(text, _RUNTIMES)


def may_declare(text: str) -> bool:
    """Return whether a program may declare handlers, by its text alone."""
    return _has(text, _HANDLERS)


def is_part(text: str) -> bool:
    """Return whether a file may be part of a program, by its text alone."""
    return any(library in text for library in _PACKAGES)


def is_about_proxies(text: str) -> bool:
    """Return whether a file may say how proxies call functions, by its text alone."""
    return re.search(_PROXY, text) is not None


def is_script(text: str) -> bool:
    """Return whether a file may ask Lambda to make functions, by its text alone."""
    return "boto3" in text and any(word in text for word in _RUNTIMES["boto3"][:2])


def _has(text: str, words: dict[str, tuple[str, ...]]) -> bool:
    for library, others in words.items():
        if library in text and any(word in text for word in others):
            return True
    return False


def read(module: Module, finder: ProjectModules) -> Template | None:
    """Return the runtimes, and the code of functions, that stand in a Python file.

    The handlers whose code lies elsewhere need the other files of the program: see
    `declarations`. None for most files.
    """
    if not may_write_runtimes(module.text):
        return None
    from flake8_lambda_handler.model import Embedded
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.model import shared
    from flake8_lambda_handler.programs import declared
    from flake8_lambda_handler.programs import written
    from flake8_lambda_handler.programs.visits import Programs

    programs = Programs(finder)
    program = programs.add(module)
    found: dict[tuple[Place, str], list[RuntimeUse]] = {}
    others = programs.reached(program, may_write_runtimes)
    for use in written.runtimes(programs, program, others):
        found.setdefault((use.place, use.identifier), []).append(use)
    uses = sorted(map(shared, found.values()), key=lambda use: use.place)
    inline: dict[Embedded, None] = {}
    if re.search(_INLINE, module.text):
        every = declared.handlers(
            programs, program, "", _unknown if is_about_proxies(module.text) else None
        )
        inline = {one: None for one in every if isinstance(one, Embedded)}
    return Template(module.path, (), tuple(uses), (), tuple(inline))


def _unknown(word: str) -> None:
    """Return the files of the program that have a word: only one of them is known."""


def declarations(
    modules: Iterable[Module],
    finder: ProjectModules,
    folder: str,
    others: Others | None,
) -> dict[str, Template]:
    """Return the handlers that some Python files declare, by the file that does.

    They are one program, which is run in a folder. `others` gives all its files that have
    a word, if any of them says how functions are called.
    """
    from flake8_lambda_handler.model import Declaration
    from flake8_lambda_handler.model import Template
    from flake8_lambda_handler.programs import declared
    from flake8_lambda_handler.programs.visits import Programs

    programs = Programs(finder)
    made: dict[str, Template] = {}
    for program in [programs.add(module) for module in modules]:
        every = declared.handlers(programs, program, folder, others)
        found = {one for one in every if isinstance(one, Declaration)}
        if found:
            path = program.module.path
            in_order = sorted(found, key=lambda one: (one.place, one))
            made[path] = Template(path, tuple(in_order))
    return made
