"""What annotations name, as far as it tells which class an object is of."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flake8_lambda_handler.facts.conditions import is_type_checking

#: `Annotated[X, ...]` and its like say of an object what `X` says of it.
_TRANSPARENT = frozenset(
    {
        "Annotated",
        "ClassVar",
        "Final",
        "InitVar",
        "Mapped",
        "NotRequired",
        "ReadOnly",
        "Required",
    }
)

#: Containers whose items, or values, are of the last class that is named.
_MAPPINGS = frozenset(
    {"DefaultDict", "Dict", "Mapping", "MutableMapping", "defaultdict", "dict"}
)
_HOLDING = _MAPPINGS | {
    "Collection",
    "Deque",
    "FrozenSet",
    "Iterable",
    "List",
    "Sequence",
    "Set",
    "deque",
    "frozenset",
    "list",
    "set",
}

#: What calling a generator function gives, or an async one.
_YIELDING = frozenset(
    {
        "AsyncGenerator",
        "AsyncIterable",
        "AsyncIterator",
        "Generator",
        "Iterable",
        "Iterator",
    }
)


_AWAITED = {"Awaitable": "awaitable", "Coroutine": "coroutine"}


class Named(NamedTuple):
    """One of the classes that an annotation names."""

    #: A name, or a chain of attributes of one; `None` stands for `None`.
    node: ast.expr | None
    #: Whether it is the class itself that is there: `type[X]`.
    is_class: bool = False
    #: What holds such objects, outermost first: a `list` and its like, or a `dict`.
    holders: tuple[str, ...] = ()
    #: What calling it gives, if it is a function that gives something to await: a
    #: `coroutine`, or an `awaitable`.
    gives: str = ""


def alternatives(annotation: ast.expr) -> list[Named] | None:
    """Return the classes that an annotation names; `None` if it says anything else."""
    if isinstance(annotation, ast.Constant):
        if annotation.value is None:
            return [Named(None)]
        if isinstance(annotation.value, str):
            parsed = _parsed(annotation.value)
            return None if parsed is None else alternatives(parsed)
        return None
    if isinstance(annotation, (ast.Attribute, ast.Name)):
        return [Named(annotation)]
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return _together([annotation.left, annotation.right])
    if not isinstance(annotation, ast.Subscript):
        return None
    name, inner = _last(annotation.value), annotation.slice
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Union":
        return _together(parts)
    if name == "Optional":
        return _together([inner, ast.Constant(None)])
    if name in _TRANSPARENT and parts:
        return alternatives(parts[0])
    if name == "Callable":
        kind = given(parts[-1])
        return [Named(annotation, gives=kind)] if kind else None
    if name in ("Type", "type"):
        found = alternatives(inner)
        return found and [one._replace(is_class=True) for one in found]
    if name in _HOLDING:
        found = (
            alternatives(parts[-1]) if len(parts) == 1 + (name in _MAPPINGS) else None
        )
        if found is None or any(one.node is None for one in found):
            return None
        kind = "dict" if name in _MAPPINGS else "list"
        return [one._replace(holders=(kind, *one.holders)) for one in found]
    return [Named(annotation.value)]


def given(annotation: ast.expr) -> str:
    """Return what an annotation says of what must be awaited; empty if it says nothing.

    It is a `coroutine`, or an `awaitable`.
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        parsed = _parsed(annotation.value)
        return "" if parsed is None else given(parsed)
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return _AWAITED.get(_last(annotation), "")


def yielded(annotation: ast.expr) -> ast.expr | None:
    """Return the annotation of what a generator function yields."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        parsed = _parsed(annotation.value)
        return None if parsed is None else yielded(parsed)
    if isinstance(annotation, ast.Subscript) and _last(annotation.value) in _YIELDING:
        inner = annotation.slice
        return inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
    return None


def says_nothing(annotation: ast.expr | None) -> bool:
    """Return whether there is no annotation, or none but `Any`."""
    return annotation is None or _last(annotation) == "Any"


def is_self(annotation: ast.expr | None) -> bool:
    """Return whether an annotation is `Self`."""
    if isinstance(annotation, ast.Constant):
        return annotation.value == "Self"
    return annotation is not None and _last(annotation) == "Self"


def function_of(
    parameter: ast.arg, tree: ast.Module
) -> ast.AsyncFunctionDef | ast.FunctionDef | None:
    """Return the function of a module that has a parameter, if nothing decorates it."""
    for one in tree.body:
        if isinstance(one, (ast.AsyncFunctionDef, ast.FunctionDef)):
            if parameter in (*one.args.args, *one.args.kwonlyargs):
                return None if one.decorator_list else one
    return None


def same_as(function: ast.AST) -> tuple[str, bool] | None:
    """Return the parameter of whose type a function's annotation says that it gives.

    With it comes whether that is the class itself: `def get(cls: type[T]) -> T`.
    """
    if not isinstance(function, (ast.AsyncFunctionDef, ast.FunctionDef)):
        return None
    given = _variable(function.returns)
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        wanted = _variable(argument.annotation)
        if given and wanted and wanted.node == given.node and not given.is_class:
            return argument.arg, wanted.is_class
    return None


class _Variable(NamedTuple):
    node: str
    is_class: bool


def _variable(annotation: ast.expr | None) -> _Variable | None:
    """Return the one name that an annotation consists of, beside `None`."""
    named = alternatives(annotation) if annotation is not None else None
    found = [one for one in named or () if one.node is not None]
    if len(found) != 1 or not isinstance(found[0].node, ast.Name) or found[0].holders:
        return None
    return _Variable(found[0].node.id, found[0].is_class)


def type_imports(tree: ast.Module) -> dict[str, tuple[str, int, str | None]]:
    """Return what a module imports for its annotations alone, by name.

    Each is the module's dotted name, the number of dots before it, and the name that is
    imported from it, if any.
    """
    found: dict[str, tuple[str, int, str | None]] = {}
    for statement in tree.body:
        if not isinstance(statement, ast.If) or not is_type_checking(statement.test):
            continue
        for node in statement.body:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    where = (node.module or "", node.level, alias.name)
                    found[alias.asname or alias.name] = where
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name.partition(".")[0]
                    dotted = alias.name if alias.asname else root
                    found[alias.asname or root] = (dotted, 0, None)
    return found


def _together(parts: list[ast.expr]) -> list[Named] | None:
    found: list[Named] = []
    for part in parts:
        some = alternatives(part)
        if some is None:
            return None
        found += some
    return found


def last_name(node: ast.expr) -> str:
    """Return the last name of an expression, or of what it calls."""
    node = node.func if isinstance(node, ast.Call) else node
    return _last(node)


def first_name(node: ast.expr) -> str:
    """Return the name of which an expression is, or an attribute of an attribute."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _last(node: ast.expr) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # no annotation, or nested deeper than the parser goes


#: The attribute in which a base from outside the project keeps an object of the class
#: that stands in brackets behind its name, or is the type of a parameter of that name.
KEPT_BY_BASE = {"CoordinatorEntity": "coordinator"}


def kept_by_base(cls: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Yield the attributes that a class has from such bases, with their annotations."""
    for base in cls.bases:
        is_generic = isinstance(base, ast.Subscript)
        name = KEPT_BY_BASE.get(_last(base.value if is_generic else base))  # type: ignore[attr-defined]
        if name is None:
            continue
        for one in cls.body:
            if getattr(one, "name", "") == "__init__" and hasattr(one, "args"):
                for argument in (*one.args.args, *one.args.kwonlyargs):
                    if argument.arg == name and argument.annotation is not None:
                        yield name, argument.annotation
                        return
        if isinstance(base, ast.Subscript):
            yield name, base.slice


#: What discord.py and its forks give to the functions of these names.
_EVENTS = {
    "on_interaction": "Interaction",
    "on_member_join": "Member",
    "on_member_remove": "Member",
    "on_message": "Message",
}
#: What it calls in the module of an extension, with the bot.
_EXTENSION = frozenset({"setup", "teardown"})
_COMMANDS = frozenset({"command", "group", "hybrid_command", "hybrid_group"})
#: What Pyrogram gives to a function under these, besides its client.
_UPDATES = {
    "on_callback_query": "CallbackQuery",
    "on_chat_join_request": "ChatJoinRequest",
    "on_chat_member_updated": "ChatMemberUpdated",
    "on_edited_message": "Message",
    "on_inline_query": "InlineQuery",
    "on_message": "Message",
}
_BOTS = frozenset({"AutoShardedBot", "AutoShardedClient", "Bot", "Client"})


#: What is called `hass` wherever Home Assistant is imported.
_HOME = ast.Name("homeassistant.core.HomeAssistant")


def unsaid(
    function: ast.AST, bases: Iterable[str], text: str = "homeassistant"
) -> dict[str, ast.expr]:
    """Return what a framework gives to parameters of a function that say nothing.

    `bases` are the names of the bases of its class, and `text` is its file's: without
    it, all that it may be. A name with a dot is that of a class, imported or not.
    """
    found = _of_bot(function, bases)
    arguments = getattr(function, "args", None)
    for one in arguments.args if isinstance(arguments, ast.arguments) else ():
        # The text is asked last: this runs at every call that is followed.
        if one.arg == "hass" and one.annotation is None and "homeassistant" in text:
            found[one.arg] = _HOME
    return found


def _of_bot(function: ast.AST, bases: Iterable[str]) -> dict[str, ast.expr]:
    """Return what a bot gives to an async function whose first parameter says nothing.

    The annotation names what the file has imported: in a file without a bot, that is
    nothing.
    """
    if not isinstance(function, ast.AsyncFunctionDef):
        return {}
    own = [one.arg for one in function.args.args[:1]] == ["self"]
    first = function.args.args[own : own + 1]
    if not first or first[0].annotation is not None:
        return {}
    said: ast.expr | None = None
    if function.name in _EXTENSION and not function.decorator_list and not own:
        said = ast.Attribute(ast.Name("commands"), "Bot")
    event = _EVENTS.get(function.name)
    for one in function.decorator_list:
        called = one.func if isinstance(one, ast.Call) else one
        owner, word = getattr(called, "value", called), last_name(called)
        if word in ("command", "context_menu") and (
            last_name(owner) in ("app_commands", "tree")
        ):
            said = ast.Attribute(ast.Name("discord"), "Interaction")
        elif word in _COMMANDS and last_name(owner) in ("bot", "client", "commands"):
            said = ast.Attribute(ast.Name("commands"), "Context")
        elif event and word in ("event", "listener", "listen"):
            said = ast.Attribute(ast.Name("discord"), event)
        elif word in _UPDATES and isinstance(one, ast.Call) and not own:
            second = function.args.args[1:]
            if len(second) == 1 and second[0].annotation is None:
                update = ast.Name(_UPDATES[word])
                return {first[0].arg: ast.Name("Client"), second[0].arg: update}
    if event and not function.decorator_list and not _BOTS.isdisjoint(bases):
        said = ast.Attribute(ast.Name("discord"), event)
    return {} if said is None else {first[0].arg: said}


def beginning(name: list[ast.expr]) -> str:
    """Return what a computed name begins with: `on_` of `f"on_{event}"`."""
    node = name[0] if name else None
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node = node.left
    else:
        return ""
    text = node.value if isinstance(node, ast.Constant) else ""
    return text if isinstance(text, str) else ""
