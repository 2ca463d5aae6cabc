"""What calls are given."""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts.reads import DEFAULTING
from flake8_lambda_handler.flow.expressions import Expressions
from flake8_lambda_handler.flow.fates import are_pending
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each


def fits(function: Value, args: list[Value], keywords: dict[str, Value]) -> bool:
    """Return whether a call gives what a function wants: else it raises TypeError."""
    if not isinstance(function, Function) or REST in keywords:
        return True
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    count = len(args) + (function.receiver is not None)
    if count > len(positional) and arguments.vararg is None:
        return False
    named = {one.arg for one in (*arguments.args, *arguments.kwonlyargs)}
    if arguments.kwarg is None and not keywords.keys() <= named:
        return False
    wanted = positional[count : len(positional) - len(arguments.defaults)]
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        wanted += [one] if default is None else []
    return all(one.arg in keywords for one in wanted)


class Arguments(Expressions):
    """The arguments of calls, as far as it is known what arrives where."""

    def arguments(self, node: ast.Call) -> tuple[list[Value], dict[str, Value], bool]:
        """Return what a call is given, and whether that is exactly known."""
        args: list[Value] = []
        keywords: dict[str, Value] = {}
        exact = True
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                held = self.eval(argument.value)
                listed = self.listed(held)
                if listed is None:
                    exact = False
                    listed = [self.iterate(held, argument)]
                args += listed
            else:
                args.append(self.eval(argument))
        for keyword in node.keywords:
            value = self.eval(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
                continue
            options = self.options(value)
            self.misuse(value, keyword.value, "`**`")
            if options is None:
                exact = False
                self.escape(value, keep=True)
                for one in each(value):
                    if isinstance(one, Container):
                        for item in self.items(one).values():
                            self.escape(item)  # it arrives under some name
                keywords[REST] = UNKNOWN
            else:
                keywords.update(options)
        return args, keywords, exact

    def is_get(self, node: ast.Call, args: list[Value]) -> bool:
        """Return whether a call is `data.get(key, default)`, with a plain default."""
        is_named = isinstance(node.func, ast.Attribute) and node.func.attr == "get"
        return is_named and len(args) == 2 and self.is_plain(args[1])

    def is_default(self, node: ast.Call, args: list[Value]) -> bool:
        """Return whether a call is `data.get(key, default)`, with a coroutine of ours."""
        return (
            getattr(node.func, "attr", "") in DEFAULTING
            and len(args) == 2
            and isinstance(args[1], Coroutine)
            and are_pending(args[1], self.state.fates)
        )

    def listed(self, value: Value) -> list[Value] | None:
        """Return the arguments that `*value` gives; `None` if they are not known."""
        if not isinstance(value, Container) or value.kind not in ("list", "tuple"):
            return None
        items = self.items(value)
        if items.rest is not None or self.state.many.get(value.address):
            return None
        return list(items.known.values())

    def options(self, value: Value) -> dict[str, Value] | None:
        """Return the keywords that `**value` gives; `None` if they are not known."""
        if not isinstance(value, Container) or value.kind != "dict":
            return None
        items = self.items(value)
        if items.rest is not None or self.state.many.get(value.address):
            return None
        if not all(isinstance(key, str) for key in items.known):
            return None
        return {str(key): item for key, item in items.known.items()}
