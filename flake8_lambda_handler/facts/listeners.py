"""Objects that keep the functions which they are given, and who gives them.

```python
class Bus:
    def __init__(self):
        self.handlers = defaultdict(list)

    def subscribe(self, kind, handler):
        self.handlers[kind].append(handler)
```
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.facts import registries
from flake8_lambda_handler.facts.attributes import Assigned
from flake8_lambda_handler.facts.hints import last_name
from flake8_lambda_handler.facts.registries import Def
from flake8_lambda_handler.facts.registries import Filled
from flake8_lambda_handler.facts.registries import Registrar
from flake8_lambda_handler.facts.scopes import first_parameter

#: What makes an empty container, by what iterating it gives: its keys, or its items.
_MAPPINGS = frozenset({"OrderedDict", "WeakValueDictionary", "defaultdict", "dict"})
_LISTS = frozenset({"deque", "list", "set"})

#: Methods that put several things into a container.
_EXTENDING = frozenset({"extend", "update"})

#: One of these is in each text that tells async functions from plain ones.
_TELLING = ("isawaitable", "iscoro", "is_async", "is_coro", "CO_COROUTINE")

#: What waits for coroutines, or hands them on.
_DRIVING = frozenset(
    {"create_task", "ensure_future", "gather", "run", "run_until_complete", "wait"}
    | {"run_coroutine_threadsafe", "start_soon", "wait_for"}
)


class Keeper(NamedTuple):
    """A method that puts what it is given into a container."""

    registrar: Registrar
    method: Def

    def given(self, call: ast.Call) -> ast.expr | None:
        """Return what a call of the method gives it to keep; `None` if that is not sure."""
        names = [one.arg for one in self.method.args.args][1:]
        for keyword in call.keywords:
            if keyword.arg == self.registrar.parameter:
                return keyword.value
        before = [*zip(names, call.args)]
        if any(isinstance(value, ast.Starred) for _, value in before):
            return None
        return dict(before).get(self.registrar.parameter)


class Listeners(NamedTuple):
    """What an attribute of a class's objects keeps: functions that it was given."""

    #: Whether it is a dict of them.
    is_mapping: bool
    #: Whether each item of it is a list of them.
    is_listed: bool
    keepers: dict[str, Keeper]


def kept(
    cls: ast.ClassDef,
    name: str,
    places: Iterable[Assigned],
    puts: Callable[[Def], list[Filled]],
) -> Listeners | None:
    """Return what keeps the functions that a class's objects are given, if it is sure.

    `places` are all the assignments to the attribute; `puts` tells what a method puts
    into containers. Nothing of what is filled with other things as well, or where only
    some methods know of async functions.
    """
    kinds = {_is_mapping(place.value) for place in places}
    if len(kinds) != 1 or None in kinds:
        return None
    found: dict[str, Keeper] = {}
    methods = [one for one in cls.body if isinstance(one, Def)]
    for method in methods:
        attribute = f"{first_parameter(method)}.{name}"
        for put in puts(method):
            if put.name == attribute and _is_mapping(put.value) is None:
                one = registries.registrar(put)
                if one is None or one.is_called or _is_told_apart(put.around[-1], one):
                    return None
                found[method.name] = Keeper(one, method)
    lists = {one.registrar.is_listed for one in found.values()}
    if len(lists) != 1:
        return None
    for method in methods:
        for keeper in _indirect(method, found):
            found.setdefault(method.name, keeper)
    users = [one for one in methods if one.name not in found and _calls(one, name)]
    if len(users) > 1 and any(map(_drives, users)):
        return None
    return Listeners(True in kinds, True in lists, found)


def tells_apart(text: str) -> bool:
    """Return whether a file may ask which functions are async."""
    return any(word in text for word in _TELLING)


def _is_mapping(node: ast.expr | None) -> bool | None:
    """Return whether an expression makes an empty dict; `None` if no empty container."""
    if isinstance(node, ast.Dict) and not node.keys:
        return True
    if isinstance(node, ast.List) and not node.elts:
        return False
    if isinstance(node, ast.Call) and not node.keywords:
        name = last_name(node)
        if name in _MAPPINGS and (not node.args or name == "defaultdict"):
            return True
        if name in _LISTS and not node.args:
            return False
    return None


def _is_told_apart(function: Def, one: Registrar) -> bool:
    """Return whether a function does not keep all it is given, in one place and as it is."""
    kept = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == one.parameter:
            if not isinstance(node.ctx, ast.Load):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in registries.FILLING and node.args:
                kept += getattr(node.args[-1], "id", "") == one.parameter
        elif isinstance(node, ast.Assign):
            is_item = any(isinstance(to, ast.Subscript) for to in node.targets)
            kept += is_item and getattr(node.value, "id", "") == one.parameter
    return kept != 1


def _indirect(method: Def, known: dict[str, Keeper]) -> Iterator[Keeper]:
    """Yield how a method gives what it is given to those that keep it."""
    own = first_parameter(method)
    stack: list[tuple[ast.AST, list[Def]]] = [(method, [])]
    while stack:
        node, around = stack.pop()
        if isinstance(node, Def):
            around = [*around, node]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            to = known.get(node.func.attr)
            if to is not None and getattr(node.func.value, "id", "") == own:
                value = None if to.registrar.is_nested else to.given(node)
                if value is not None:
                    put = Filled("", value, to.registrar.is_listed, around)
                    given = registries.registrar(put)
                    if given is not None:
                        yield Keeper(given, method)
        stack += [(child, around) for child in ast.iter_child_nodes(node)]


def _calls(method: Def, name: str) -> bool:
    """Return whether a method reads a container, and calls something of its own."""
    nodes = list(ast.walk(method))
    bound = {
        one.id
        for one in nodes
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    return any(
        isinstance(one, ast.Attribute) and one.attr == name for one in nodes
    ) and any(
        isinstance(one, ast.Call)
        and (
            isinstance(one.func, (ast.Call, ast.Subscript))
            or getattr(one.func, "id", "") in bound
        )
        for one in nodes
    )


def _drives(method: Def) -> bool:
    return any(
        isinstance(one, ast.Await)
        or (isinstance(one, ast.Call) and last_name(one) in _DRIVING)
        for one in ast.walk(method)
    )


class Registered(NamedTuple):
    """Something that an object is given to keep, in a function or method of a class."""

    receiver: ast.expr
    #: A `def` that is decorated, or what is given; `None` if that is not sure.
    node: ast.AST | None
    function: Def | None = None
    cls: ast.ClassDef | None = None


class _Place(NamedTuple):
    """A call of a method, or a `def` or `class` that a method decorates."""

    node: ast.AST
    #: What decorates it.
    decorator: ast.expr | None
    is_last: bool
    function: Def | None
    cls: ast.ClassDef | None


class Gifts:
    """What a file gives to objects: found in one walk for all that may keep it."""

    def __init__(self, tree: ast.Module) -> None:
        #: By the name of the method.
        self._called: dict[str, list[_Place]] = {}
        #: By the name of the attribute.
        self._put: dict[str, list[Registered]] = {}
        self._walk(tree)

    def to(self, home: str, name: str, to: Listeners) -> Iterator[Registered]:
        """Yield what goes to objects with methods of some names, or into an attribute.

        What the methods of a class `home` put there is not among it.
        """
        for method, keeper in to.keepers.items():
            for place in self._called.get(method, ()):
                is_home = place.cls is not None and place.cls.name == home
                if not (is_home and getattr(place.function, "name", "") in to.keepers):
                    yield from _given(place, keeper)
        for one in self._put.get(name, ()):
            if one.cls is None or one.cls.name != home:
                yield one

    def _walk(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, Def | None, ast.ClassDef | None]] = [
            (tree, None, None)
        ]
        while stack:
            node, function, cls = stack.pop()
            if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef, ast.ClassDef)):
                for one in node.decorator_list:
                    is_last = one is node.decorator_list[-1]
                    self._note(_Place(node, one, is_last, function, cls))
                    if isinstance(one, ast.Call):
                        stack += [(argument, function, cls) for argument in one.args]
            elif isinstance(node, ast.Call):
                self._note(_Place(node, None, True, function, cls))
            for container, value in _fillings(node):
                self._note_put(container, value, function, cls)
            inner = function, cls
            if isinstance(node, ast.ClassDef):
                inner = None, node
            elif isinstance(node, Def):
                inner = (node, cls) if function is None else (function, cls)
            for field, value in ast.iter_fields(node):
                if field != "decorator_list":
                    for child in value if isinstance(value, list) else [value]:
                        if isinstance(child, ast.AST):
                            stack.append((child, *inner))

    def _note(self, place: _Place) -> None:
        method = _method(place)
        if method is not None:
            self._called.setdefault(method.attr, []).append(place)

    def _note_put(
        self,
        node: ast.expr,
        value: ast.expr | None,
        function: Def | None,
        cls: ast.ClassDef | None,
    ) -> None:
        """Note what is put into the attribute of an object that an expression names."""
        while isinstance(node, (ast.Call, ast.Subscript)):
            node = node.value if isinstance(node, ast.Subscript) else node.func
            if isinstance(node, ast.Attribute) and node.attr in ("get", "setdefault"):
                node = node.value
        if isinstance(node, ast.Attribute):
            one = Registered(node.value, value, function, cls)
            self._put.setdefault(node.attr, []).append(one)


def _method(place: _Place) -> ast.Attribute | None:
    """Return the method that is called, or that decorates; perhaps what it gives is."""
    named: ast.AST = place.node if place.decorator is None else place.decorator
    if isinstance(named, ast.Call):
        named = named.func
    if place.decorator is None and isinstance(named, ast.Call):
        named = named.func
    return named if isinstance(named, ast.Attribute) else None


def _given(place: _Place, keeper: Keeper) -> Iterator[Registered]:
    """Yield what a method that keeps it is given."""
    method, node = _method(place), place.node
    if method is None:
        return
    is_nested = keeper.registrar.is_nested
    given: ast.AST | None = None
    if place.decorator is not None:
        fits = is_nested == isinstance(place.decorator, ast.Call)
        given = node if place.is_last and fits else None
    elif isinstance(node, ast.Call):
        is_twice = isinstance(node.func, ast.Call)
        if is_twice != is_nested:
            return
        is_one = is_twice and len(node.args) == 1
        given = node.args[0] if is_one else keeper.given(node)
    yield Registered(method.value, given, place.function, place.cls)


def _fillings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield the containers that a node puts something into, with what that is."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.args:
            is_one = node.func.attr in registries.FILLING
            value = node.args[-1] if is_one else None
            if is_one or node.func.attr in _EXTENDING:
                if value is None or _is_mapping(value) is None:
                    yield node.func.value, value
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is_mapping(node.value) is None:
                yield target.value, node.value
