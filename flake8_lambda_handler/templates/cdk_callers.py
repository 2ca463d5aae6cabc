"""Who calls a function of a CDK app in TypeScript or JavaScript, as far as it shows.

const orders = new lambda.Function(this, 'Orders', { … });
new apigateway.LambdaRestApi(this, 'Api', { handler: orders });

Only a function is followed that a constant holds, or that is made in the place where it
is given: any other file may take an attribute. See `programs.callers` for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler import constructs
from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import PROXY_SERVICES
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.scripts import Code
from flake8_lambda_handler.templates.typescript import AROUND
from flake8_lambda_handler.templates.typescript import Script
from flake8_lambda_handler.templates.typescript import ancestors
from flake8_lambda_handler.templates.typescript import arguments
from flake8_lambda_handler.templates.typescript import inner
from flake8_lambda_handler.templates.typescript import snake
from flake8_lambda_handler.templates.typescript import text

#: Places that one function is followed to.
MOST_PLACES = 200

#: Gives what the CDK calls a name of a file, as Python writes it.
Dotted = Callable[[Any, Script], str]

_WORDS = re.compile(r"Lambda(?:Integration|ProxyIntegration|RestApi|Target)\b")
_CALLS = frozenset({"call_expression", "new_expression"})
_CHOICES = frozenset({"if_statement", "switch_case", "ternary_expression"})
_FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_declaration",
        "function_expression",
        "method_definition",
    }
)
_PERMITS = frozenset({"add_permission", "grant_invoke"})


def of(made: Code, name: str, properties: Mapping, dotted: Dotted) -> tuple[str, ...]:
    """Return everybody who calls a function; nothing where that is not shown.

    `name` is what the CDK calls what makes it, `dotted` gives such names.
    """
    is_about = made.source.is_one(_is_about_proxies)
    if not is_about or made.tree.type != "new_expression":
        return ()
    if name not in constructs.CALLED:
        return ()
    if not constructs.EVENTS.isdisjoint(map(snake, properties.pairs)):
        return (OTHER,)
    return tuple(sorted({*_Mentions(made, dotted).followed()}))


def named(
    found: Declaration | Embedded | RuntimeUse, callers: tuple[str, ...]
) -> Declaration | Embedded | RuntimeUse:
    """Return what a construct declares, with who calls the function."""
    if isinstance(found, Declaration):
        return found._replace(callers=callers)
    if isinstance(found, Embedded):
        return found._replace(declaration=found.declaration._replace(callers=callers))
    return found


def _is_about_proxies(written: str) -> bool:
    return _WORDS.search(written) is not None


class _Mentions:
    """The places to which one function is handed, all in one file."""

    def __init__(self, made: Code, dotted: Dotted) -> None:
        self._dotted = dotted
        self._script: Script = made.script
        self._made = made.tree
        self._waiting = [made.tree]

    def followed(self) -> Iterator[str]:
        """Yield who calls the function, once for each place."""
        for count, tree in enumerate(self._waiting):
            if count > MOST_PLACES:
                yield OTHER
                return
            yield from self._place(tree)

    def _place(self, tree: Any) -> Iterator[str]:
        around = tree.parent
        while around.type in AROUND:
            tree, around = around, around.parent
        if around.type == "expression_statement":
            return
        if around.type == "variable_declarator":
            yield from self._bound(around)
        elif around.type == "arguments":
            given = arguments(around.parent)
            yield from self._given(around.parent, given.index(tree))
        elif around.type == "pair" or tree.type == "shorthand_property_identifier":
            options = around.parent if around.type == "pair" else around
            call = options.parent.parent
            key = around.child_by_field_name("key") if around.type == "pair" else tree
            if call is not None and call.type in _CALLS:
                yield from self._given(call, text(key))
            else:
                yield OTHER
        elif around.type == "member_expression":
            yield from self._asked(around)
        elif not self._is_quiet(tree):
            yield OTHER

    def _bound(self, declarator: Any) -> Iterator[str]:
        """Follow a function to where the constant is read that holds it."""
        name = declarator.child_by_field_name("name")
        declaration = declarator.parent
        is_kept = declaration.parent is None or declaration.parent.type in (
            "export_statement",
            "program",
        )
        bound = self._script.bound.get(text(name))
        if is_kept or bound != declarator.child_by_field_name("value"):
            yield OTHER
        for one in self._script.names.get(text(name), ()):
            if one != name:
                self._waiting.append(one)

    def _given(self, call: Any, key: int | str) -> Iterator[str]:
        """Yield who calls a function that a call is given."""
        callee = call.child_by_field_name(
            "constructor" if call.type == "new_expression" else "function"
        )
        name = self._dotted(callee, self._script)
        proxy = constructs.PROXIED_BY.get(name)
        if proxy is not None and (
            key in proxy.names or isinstance(key, str) and snake(key) in proxy.names
        ):
            is_fit = self._is_certain(call) and self._is_fit(call, key, proxy)
            yield proxy.caller if is_fit else OTHER
            return
        method = snake(text(callee.child_by_field_name("property")))
        is_quiet = (
            constructs.is_quiet(name)
            or (not name and method.startswith(constructs.QUIET_METHODS))
            or self._script.origin(callee)[:1] == ("cdk-nag",)
        )
        if not is_quiet and not self._is_quiet(call):
            yield OTHER

    def _is_fit(self, call: Any, key: int | str, proxy: constructs.Proxy) -> bool:
        """Tell whether the options of a call are those by which a proxy calls."""
        given = arguments(call)
        if isinstance(key, int) and len(given) == key + 1:
            found: dict[str, str] = {}
        elif given[-1].type == "object":
            parts = given[-1].named_children
            if any(part.type == "spread_element" for part in parts):
                return False
            found = {
                snake(text(part.child_by_field_name("key"))): text(
                    part.child_by_field_name("value")
                ).rpartition(".")[2]
                for part in parts
                if part.type == "pair"
            }
        else:
            return False
        return all(
            found.get(name, "").capitalize() in wanted or found.get(name, "") in wanted
            for name, wanted in proxy.options.items()
        )

    def _asked(self, tree: Any) -> Iterator[str]:
        """Yield who calls a function of which an attribute is read."""
        name = snake(text(tree.child_by_field_name("property")))
        if name in constructs.QUIET_ATTRIBUTES or name.startswith("metric"):
            return
        if name in constructs.OUTPUTS:
            self._waiting.append(tree)
        elif name in _PERMITS and tree.parent.type == "call_expression":
            services = {
                inner(x) for x in _strings(tree.parent.child_by_field_name("arguments"))
            }
            if not services & PROXY_SERVICES or any(
                one.endswith(".amazonaws.com") for one in services - PROXY_SERVICES
            ):
                yield OTHER
        elif not self._is_quiet(tree):
            yield OTHER

    def _is_quiet(self, tree: Any) -> bool:
        """Tell whether something that names a function is part of a call that is no use."""
        for _, around in ancestors(tree):
            if around.type in _CALLS:
                name = "constructor" if around.type == "new_expression" else "function"
                callee = around.child_by_field_name(name)
                if self._dotted(callee, self._script) in constructs.QUIET:
                    return True
            if around.type.endswith("statement") or around.type in _FUNCTIONS:
                return False
        return False

    def _is_certain(self, call: Any) -> bool:
        """Tell whether a call is made whenever the function is."""
        own = {x.start_byte for _, x in ancestors(self._made) if x.type in _FUNCTIONS}
        home = max(own, default=-1)
        at = [(inside.start_byte, x) for inside, x in ancestors(self._made)]
        chosen = {(start, x.start_byte) for start, x in at if x.type in _CHOICES}
        for inside, around in ancestors(call):
            if around.type in _FUNCTIONS and around.start_byte == home:
                return True
            if around.type in _CHOICES:
                if (inside.start_byte, around.start_byte) not in chosen:
                    return False
        return home == -1


def _strings(tree: Any) -> Iterator[Any]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.type == "string":
            yield node
        waiting += node.named_children
