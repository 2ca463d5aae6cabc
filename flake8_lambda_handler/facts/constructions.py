"""Where a module makes objects of a class, or calls a function, and with what."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import NamedTuple

from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.facts.scopes import FUNCTIONS

#: Calls that only ask for a class.
_ASKING = frozenset({"cast", "isinstance", "issubclass"})


class Construction(NamedTuple):
    """A call of a class, in a function, which may be a method of another class."""

    call: ast.Call
    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    cls: ast.ClassDef | None


class CallSites:
    """Where a module calls what, by names: found in one walk for all that may be asked."""

    def __init__(self, tree: ast.Module) -> None:
        #: By the last part of a name: the node, the one around it, and where that is.
        self._named: dict[str, list[tuple[ast.expr, ast.AST, Construction]]] = {}
        #: What has another name here.
        self._renamed: set[str] = set()
        #: The classes whose own methods make objects of them under no name.
        self._made_inside: set[str] = set()
        self._imported: set[str] = set()
        self._walk(tree)

    def _walk(self, tree: ast.Module) -> None:
        nowhere = Construction(ast.Call(ast.Name(""), [], []), None, None)
        stack: list[tuple[ast.AST, ast.AST, Construction]] = [
            (node, tree, nowhere) for node in tree.body
        ]
        while stack:
            node, parent, at = stack.pop()
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._note_import(node)
            elif isinstance(node, (ast.Attribute, ast.Name)):
                place = (node, parent, at)
                self._named.setdefault(last_name(node), []).append(place)
            elif isinstance(node, ast.Call) and last_name(node) in ("cls", "__class__"):
                if at.cls is not None:
                    self._made_inside.add(at.cls.name)
            elif isinstance(node, ast.ClassDef):
                at = Construction(at.call, None, node)
            elif isinstance(node, FUNCTIONS) and not isinstance(node, ast.Lambda):
                cls = at.cls if isinstance(parent, ast.ClassDef) else None
                at = Construction(at.call, node, cls)
            for field, value in ast.iter_fields(node):
                if field not in ("annotation", "returns"):
                    for child in value if isinstance(value, list) else [value]:
                        if isinstance(child, ast.AST):
                            stack.append((child, node, at))

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            self._imported.add(one.asname or one.name.partition(".")[0])
            if one.asname and isinstance(node, ast.ImportFrom):
                self._renamed.add(one.name)

    def of_class(self, name: str) -> list[Construction] | None:
        """Return the calls of a class; `None` if objects of it may be made unseen.

        That is where it has another name, a class derived from it, or is given away.
        """
        return self._calls(name, lambda _: True)

    def of_function(self, name: str) -> list[Construction] | None:
        """Return the calls of a function; `None` if it may be called unseen.

        Attributes count as such of modules only.
        """

        def is_module(owner: ast.expr) -> bool:
            while isinstance(owner, ast.Attribute):
                owner = owner.value
            return isinstance(owner, ast.Name) and owner.id in self._imported

        return self._calls(name, is_module)

    def _calls(
        self, name: str, is_owner: Callable[[ast.expr], bool]
    ) -> list[Construction] | None:
        """Return the calls of a name, or of an attribute of what may be its owner."""
        if name in self._renamed or name in self._made_inside:
            return None
        found: list[Construction] = []
        for node, parent, at in self._named.get(name, ()):
            if isinstance(node, ast.Attribute) and not is_owner(node.value):
                continue
            if isinstance(parent, ast.Call):
                if parent.func is node:
                    found.append(at._replace(call=parent))
                elif last_name(parent) not in _ASKING:
                    return None
            elif not isinstance(parent, (ast.Attribute, ast.Compare)):
                return None
        return found


def argument(
    call: ast.Call, function: ast.AST, name: str, *, is_method: bool = True
) -> ast.expr | None:
    """Return what a call of a class or function gives to a parameter, or its default.

    `None` if that cannot be told.
    """
    if not isinstance(function, (ast.AsyncFunctionDef, ast.FunctionDef)):
        return None
    arguments = function.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)][is_method:]
    if any(isinstance(one, ast.Starred) for one in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    ):
        return None
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if name in names and names.index(name) < len(call.args):
        return call.args[names.index(name)]
    defaults = dict(zip(reversed(names), reversed(arguments.defaults)))
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        if default is not None:
            defaults[one.arg] = default
    return defaults.get(name)
