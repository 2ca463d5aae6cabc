"""The records that pass between the floors of the package."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple


class Site(NamedTuple):
    """Where a rule found something in a Python file, and what its message names.

    `line` counts from 1, `column` from 0 in characters; `fields` fill the rule's
    `MESSAGE`.
    """

    line: int
    column: int
    fields: dict[str, Any]


class Violation(NamedTuple):
    """One finding: `line` counts from 1, `column` from 0."""

    path: str
    line: int
    column: int
    code: str
    text: str


class Place(NamedTuple):
    """A position in a file: `path` is absolute, `line` from 1, `column` from 0."""

    path: str
    line: int
    column: int


class RuntimeUse(NamedTuple):
    """One runtime identifier in force, and the places that put it in force."""

    #: The identifier as Lambda reads it, such as `python3.12`.
    identifier: str
    #: Where the text of the identifier stands (the default of a parameter, say).
    place: Place
    #: Where it is used: the `Runtime:` key's value; equal to `place` for a literal.
    used_at: Place
    #: The name of the function, layer or block, as the template spells it.
    resource: str
    #: `function`, `global` (what functions inherit), `layer`, `build`, `module` (a
    #: Terraform module block), or `image` (what a container image is built from).
    kind: str
    #: What stands at `place` where that is not the identifier: `3.8`, `PYTHON_3_8`.
    spelling: str = ""
    #: The functions that share the value; empty when only one uses it.
    users: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The text at `place` that stands for the identifier."""
        return self.spelling or self.identifier


def shared(uses: Sequence[RuntimeUse]) -> RuntimeUse:
    """Return the one use that stands for all those of one written value.

    A Dockerfile that functions use is none of the users of what it says.
    """
    users = (x.users or (x.resource,) * (x.kind != "global") for x in uses)
    named = dict.fromkeys(name for one in users for name in one if name)
    named.pop(os.path.basename(uses[0].place.path), None)
    names = tuple(named)
    return uses[0]._replace(users=names if len(names) > 1 else ())


#: Who calls a function: API Gateway's REST proxy, an HTTP API with payload format 1.0, a
#: load balancer, or anybody else.
REST = "rest"
HTTP_1 = "http 1.0"
ALB = "alb"
OTHER = "other"
#: The services by which the first three are allowed to call it.
PROXY_SERVICES = frozenset(
    {"apigateway.amazonaws.com", "elasticloadbalancing.amazonaws.com"}
)


#: The format of a function that Zappa calls for an event, with as many of the two
#: arguments as it takes.
ZAPPA_EVENT = "zappa event"


class Declaration(NamedTuple):
    """What a template says about one Lambda function written in Python."""

    #: `sam`, `cloudformation`, `serverless`, `terraform` or `dockerfile`.
    format: str
    #: The name of the function in the template.
    resource: str
    #: The handler string, references resolved: `app.lambda_handler`.
    handler: str
    #: Where the handler string stands.
    place: Place
    #: Absolute folders (or single `.py` files) that hold the code, best first; empty
    #: when the template does not say or its code path cannot be resolved.
    code: tuple[str, ...]
    #: Every runtime the function can have, one for each branch; may be empty.
    runtimes: tuple[RuntimeUse, ...]
    #: Everybody who calls it as far as the template shows; empty when it does not.
    callers: tuple[str, ...] = ()
    #: Whether handler and code path are written here for good: nothing that is decided
    #: or built elsewhere, such as a parameter, has a say in them.
    is_fixed: bool = False
    #: Whether layers add modules of their own.
    has_layers: bool = False
    #: Whether a file in `code` becomes the module by a name that is not its own.
    is_renamed: bool = False


class Piece(NamedTuple):
    """A part of the code inside a template, and where it is written."""

    text: str
    #: The path and the text of the file, and where in it the value starts.
    path: str
    written: str
    offset: int
    #: The value that the part is of, and its start there; -1 for what stands for a
    #: value that the template does not know.
    value: str
    start: int


class Embedded(NamedTuple):
    """The code of a function that stands in its template."""

    declaration: Declaration
    pieces: tuple[Piece, ...]
    #: The module that it is, with slashes; CloudFormation has no other.
    module: str = "index"

    @property
    def place(self) -> Place:
        return self.declaration.place

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def key(self) -> object:
        """What tells this code from all other that is judged in another way."""
        given = self.declaration
        runtimes = tuple(use.identifier for use in given.runtimes)
        about = given.format, given.handler, given.callers, runtimes
        return self.text, self.module, about

    @property
    def is_meant(self) -> bool:
        """Tell whether the handler is said to be in this module."""
        dotted = self.declaration.handler.rpartition(".")[0]
        return dotted.replace("/", ".") == self.module.replace("/", ".")

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing in it is unknown."""
        return all(piece.start >= 0 for piece in self.pieces)


class Problem(NamedTuple):
    """A file that cannot be read or parsed: one clear line about it."""

    place: Place
    text: str


class Template(NamedTuple):
    """Everything one template declares; empty when it is no Lambda template."""

    path: str
    declarations: tuple[Declaration, ...] = ()
    #: One for each place and identifier, in file order.
    runtimes: tuple[RuntimeUse, ...] = ()
    problems: tuple[Problem, ...] = ()
    embedded: tuple[Embedded, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it is no Lambda template."""
        return self == Template(self.path)

    @property
    def handlers_inside(self) -> int:
        """How many handlers are in the code that it holds."""
        return sum(code.is_meant for code in self.embedded)


class Evidence(NamedTuple):
    """Why a function is taken for a handler."""

    #: `template`, `setting`, `decorator` or `name`.
    kind: str
    #: The template line, the pattern, the decorator or the name, as text for people.
    detail: str


def at(node: ast.AST, **fields: Any) -> Site:
    """Return the site of a node, with the values for the rule's message."""
    return Site(node.lineno, node.col_offset, fields)  # type: ignore[attr-defined]
