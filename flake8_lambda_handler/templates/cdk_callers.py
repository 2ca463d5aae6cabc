"""Who calls a function of a CDK app in TypeScript or JavaScript, as far as it shows.

const orders = new lambda.Function(this, 'Orders', { … });
new apigateway.LambdaRestApi(this, 'Api', { handler: orders });

Only a function is followed that a constant holds, or that is made in the place where it
is given, and that functions and constructs of the project are given, in whichever file
they are: any other file may take an attribute. See `programs.callers` for the rest.
"""

from __future__ import annotations

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
from flake8_lambda_handler.templates.scripts import Scripts
from flake8_lambda_handler.templates.typescript import AROUND
from flake8_lambda_handler.templates.typescript import Script
from flake8_lambda_handler.templates.typescript import ancestors
from flake8_lambda_handler.templates.typescript import arguments
from flake8_lambda_handler.templates.typescript import base
from flake8_lambda_handler.templates.typescript import inner
from flake8_lambda_handler.templates.typescript import parameters
from flake8_lambda_handler.templates.typescript import picked
from flake8_lambda_handler.templates.typescript import snake
from flake8_lambda_handler.templates.typescript import text

#: Places that one function is followed to.
MOST_PLACES = 200

#: Gives what the CDK calls a name of a file, as Python writes it.
Dotted = Callable[[Any, Script], str]

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
#: What binds the name that it holds, or keeps a parameter for all methods.
_BINDING = frozenset(
    {
        "arrow_function",
        "optional_parameter",
        "pair_pattern",
        "required_parameter",
        "variable_declarator",
    }
)
_KEEPING = frozenset({"accessibility_modifier", "readonly", "rest_pattern"})
_PERMITS = frozenset({"add_permission", "grant_invoke"})


def of(
    made: Code, name: str, properties: Mapping, scripts: Scripts, dotted: Dotted
) -> tuple[str, ...]:
    """Return everybody who calls a function; nothing where that is not shown.

    `name` is what the CDK calls what makes it, `dotted` gives such names.
    """
    if made.tree.type != "new_expression" or name not in constructs.CALLED:
        return ()
    if not constructs.EVENTS.isdisjoint(map(snake, properties.pairs)):
        return (OTHER,)
    return tuple(sorted({*_Mentions(made, scripts, dotted).followed()}))


def named(
    found: Declaration | Embedded | RuntimeUse, callers: tuple[str, ...]
) -> Declaration | Embedded | RuntimeUse:
    """Return what a construct declares, with who calls the function."""
    if isinstance(found, Declaration):
        return found._replace(callers=callers)
    if isinstance(found, Embedded):
        return found._replace(declaration=found.declaration._replace(callers=callers))
    return found


class _Mentions:
    """The places to which one function is handed."""

    def __init__(self, made: Code, scripts: Scripts, dotted: Dotted) -> None:
        self._scripts = scripts
        self._dotted = dotted
        #: The file of a place, and the function or parameter that gets there.
        self._script: Script = made.script
        self._made = made.tree
        self._waiting = [(made.script, made.tree, made.tree)]

    def followed(self) -> Iterator[str]:
        """Yield who calls the function, once for each place."""
        for count, (script, made, tree) in enumerate(self._waiting):
            if count > MOST_PLACES:
                yield OTHER
                return
            self._script, self._made = script, made
            yield from self._place(tree)

    def _follow(self, tree: Any) -> None:
        self._waiting.append((self._script, self._made, tree))

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
            position = given.index(tree)
            yield from self._given(around.parent, position, position)
        elif around.type == "pair" or tree.type == "shorthand_property_identifier":
            options = around.parent if around.type == "pair" else around
            call = options.parent.parent
            key = around.child_by_field_name("key") if around.type == "pair" else tree
            if call is not None and call.type in _CALLS:
                yield from self._given(call, text(key), arguments(call).index(options))
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
                self._follow(one)

    def _given(self, call: Any, key: int | str, position: int) -> Iterator[str]:
        """Yield who calls a function that a call is given, by itself or in an object."""
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
            run = None if name else self._scripts.called(call, self._script)
            if run is None or not self._is_certain(call):
                yield OTHER
            else:
                yield from self._taken(run[0], run[1], key, position)

    def _taken(
        self, script: Script, function: Any, key: int | str, position: int
    ) -> Iterator[str]:
        """Follow a function to where a parameter is read that is, or holds, it."""
        listed = function.child_by_field_name("parameters") or (
            function.child_by_field_name("parameter")
        )
        taken = [*parameters(function)]
        if position >= len(taken) or any(x.type in _KEEPING for x in _nodes(listed)):
            yield OTHER
            return
        self._script, self._made = script, listed
        parameter = taken[position]
        if not parameter.is_whole:
            yield from self._named(parameter.names.get(str(key), ""), function)
        elif isinstance(key, int):
            yield from self._named(parameter.names[""], function)
        else:
            for one in self._read(parameter.names[""], function):
                yield from self._held(one, key, function)

    def _read(self, name: str, function: Any) -> list[Any]:
        """Return where a function reads a parameter, or a name of its own."""
        start = self._made.end_byte
        names = self._script.names.get(name, ())
        return [x for x in names if start <= x.start_byte < function.end_byte]

    def _named(self, name: str, function: Any) -> Iterator[str]:
        """Follow all that a name stands for in a function."""
        for one in self._read(name, function):
            around = one.parent
            is_value = one == around.child_by_field_name("value")
            if around.type in _BINDING and not is_value:
                yield OTHER  # it is bound once more
            else:
                self._follow(one)

    def _held(self, tree: Any, key: str, function: Any) -> Iterator[str]:
        """Follow what an object holds under a key, from where the object is read."""
        around = tree.parent
        if around.type == "member_expression":
            if text(around.child_by_field_name("property")) == key:
                self._follow(around)
        elif (
            around.type == "variable_declarator"
            and tree == around.child_by_field_name("value")
            and around.child_by_field_name("name").type == "object_pattern"
        ):
            for alias, name in picked(around.child_by_field_name("name")):
                if name == key:
                    start = around.end_byte
                    for one in self._read(alias, function):
                        if one.start_byte >= start:
                            self._follow(one)
        elif not self._is_for_library(around):
            yield OTHER

    def _is_for_library(self, tree: Any) -> bool:
        """Tell whether arguments are those of `super(…)`, of a class of the CDK."""
        call = tree.parent
        if tree.type != "arguments" or call.type != "call_expression":
            return False
        function = call.child_by_field_name("function")
        cls = self._script.class_around(call)
        above = None if cls is None or function.type != "super" else base(cls)
        return (
            above is not None
            and bool(self._script.origin(above))
            and (self._scripts.class_of(above, self._script) is None)
        )

    def _is_fit(self, call: Any, key: int | str, proxy: constructs.Proxy) -> bool:
        """Tell whether the options of a call are those by which a proxy calls."""
        given = arguments(call)
        found: dict[str, str] = {}
        if not isinstance(key, int) or len(given) > key + 1:
            options = self._scripts.made(Code(self._script, given[-1]))
            if options is None or options.tree.type != "object":
                return False
            for part in options.tree.named_children:
                name, value = part, part
                if part.type == "pair":
                    name = part.child_by_field_name("key")
                    value = part.child_by_field_name("value")
                elif part.type != "shorthand_property_identifier":
                    return False
                made = self._scripts.made(options.at(value))
                written = text(value if made is None else made.tree)
                found[snake(text(name))] = written.rpartition(".")[2]
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
            self._follow(tree)
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
    return (node for node in _nodes(tree) if node.type == "string")


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield a node and all in it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children
