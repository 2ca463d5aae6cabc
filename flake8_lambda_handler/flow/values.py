"""What an expression can evaluate to: the values that the flow analysis knows.

A value says what is certain about an object. `UNKNOWN` stands for everything else: no
rule ever reports it, nor anything of which it is an alternative.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow import limits


class Value:
    """A record of its `__slots__`, equal by type and content."""

    __slots__: tuple[str, ...] = ("_hash", "_key")
    _key: tuple[Any, ...]
    _hash: int

    def __init__(self, *fields: Any) -> None:
        for name, field in zip(self.__slots__, fields):
            setattr(self, name, field)
        # Values are compared and hashed wherever paths meet: once is enough.
        self._key = self.key(fields)
        self._hash = hash((type(self).__name__, self._key))

    @staticmethod
    def key(fields: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what makes two records of a type the same."""
        return fields

    def __eq__(self, other: object) -> bool:
        return self is other or (
            type(self) is type(other)
            and self._hash == other._hash
            and self._key == other._key
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._key!r}"


class Address:
    """The identity of an object: where it was made, and through which calls.

    `shared` is true for an object that outlives one invocation: made while a module
    was imported, or kept in a global or a cache.
    """

    __slots__ = ("_hash", "context", "module", "node", "shared")

    def __init__(
        self, node: ast.AST, module: Module, context: tuple[ast.AST, ...], shared: bool
    ) -> None:
        self.node = node
        self.module = module
        self.context = context
        self.shared = shared
        self._hash = hash((node, context))

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Address)
            and self.node is other.node
            and self.context == other.context
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<{type(self.node).__name__}:{getattr(self.node, 'lineno', 0)}>"


class Frame:
    """One activation of a function (or of a module or class body).

    `ever` holds every value a name ever had, for the closures that read it later.
    """

    __slots__ = ("context", "ever", "function", "module", "parent", "scope", "shared")

    def __init__(
        self,
        module: Module,
        scope: ast.AST,
        parent: Frame | None,
        function: Function | None,
        context: tuple[ast.AST, ...],
        shared: bool,
    ) -> None:
        self.module = module
        self.scope = scope
        self.parent = parent
        self.function = function
        self.context = context
        self.shared = shared
        self.ever: dict[str, Value] = {}


class Unknown(Value):
    __slots__ = ("is_there",)


class Never(Value):
    """What a call gives that does not come back, as far as it is followed."""

    __slots__ = ()


class Const(Value):
    """A literal: text, bytes, number, boolean, None or Ellipsis."""

    __slots__ = ("value",)
    value: Any

    @staticmethod
    def key(fields: tuple[Any, ...]) -> tuple[Any, ...]:
        value = fields[0]
        return (type(value), value if value == value else repr(value))


class External(Value):
    """A name from outside the project, by its dotted origin: `asyncio.run`."""

    __slots__ = ("name",)
    name: str


class Object(Value):
    """An instance of a type from outside the project."""

    __slots__ = ("type", "address")
    type: str
    address: Address | None


class Method(Value):
    """An attribute of an `Object`, most often about to be called."""

    __slots__ = ("receiver", "name")
    receiver: Object
    name: str


class Imported(Value):
    """A name imported from a module of the project, not looked up yet."""

    __slots__ = ("module", "name")
    module: Module
    name: str


class Hint(Value):
    """What an annotation says of an object, not looked up yet."""

    __slots__ = ("annotation", "module", "frame")
    annotation: ast.expr
    module: Module
    frame: Frame | None


class ModuleValue(Value):
    """A module of the project, as a value."""

    __slots__ = ("module",)
    module: Module


class Function(Value):
    """A function of the project; `receiver` is what it is bound to, if anything."""

    __slots__ = ("node", "module", "frame", "receiver", "owner", "cached")
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    frame: Frame | None
    receiver: Value | None
    owner: Class | None
    cached: bool

    @property
    def name(self) -> str:
        return getattr(self.node, "name", "<lambda>")

    @property
    def is_async(self) -> bool:
        return isinstance(self.node, ast.AsyncFunctionDef)

    def bind(self, receiver: Value | None) -> Function:
        return Function(
            self.node, self.module, self.frame, receiver, self.owner, self.cached
        )


class Class(Value):
    """A class of the project."""

    __slots__ = ("node", "module", "frame")
    node: ast.ClassDef
    module: Module
    frame: Frame | None


class Instance(Value):
    """An instance of a class of the project."""

    __slots__ = ("cls", "address")
    cls: Class
    address: Address | None


class Typed(Instance):
    """An object that is of a class, or of one derived from it, by an annotation.

    That tells which methods it has, and not what an encoder makes of it.
    """


class Held(Value):
    """A list or dict of objects of which an annotation tells the class."""

    __slots__ = ("kind", "item")
    kind: str
    item: Value


class TypedClass(Class):
    """A class, or one derived from it, by an annotation."""

    @property
    def exact(self) -> Class:
        return Class(self.node, self.module, self.frame)


class Descriptor(Value):
    """`staticmethod`, `classmethod`, `property` or `cached_property` of a function."""

    __slots__ = ("kind", "function")
    kind: str
    function: Value


class Super(Value):
    """`super()` inside a method of `cls`, for `receiver`."""

    __slots__ = ("cls", "receiver")
    cls: Class
    receiver: Value


class Partial(Value):
    __slots__ = ("function", "args", "keywords")
    function: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


class Coroutine(Value):
    """An object that does nothing until something drives it.

    `kind` is one of `UNDRIVEN`, `task` or `future`. What made it stands in the heap at
    its address.
    """

    __slots__ = ("kind", "address")
    kind: str
    address: Address


class Generator(Value):
    """A generator object or a generator expression."""

    __slots__ = ("address",)
    address: Address


class Container(Value):
    """A list, tuple, set, frozenset or dict; its items stand in the heap."""

    __slots__ = ("kind", "address")
    kind: str
    address: Address


class Namespace(Container):
    """The attributes of an instance as a dict: `self.__dict__`.

    Its items are those of the instance; what is put in, others can find.
    """


class Alternatives(Value):
    """One of several values, depending on the path; in the order of the paths.

    The order is that of the code, so that no finding depends on how Python orders sets.
    """

    __slots__ = ("values",)
    values: tuple[Value, ...]

    @staticmethod
    def key(fields: tuple[Any, ...]) -> tuple[Any, ...]:
        return (frozenset(fields[0]),)


class Overfull(Alternatives):
    """More alternatives than are told apart: nothing is certain of the whole.

    The objects among them are still held by it. It is put together from what it was
    before, so that one more costs the same however many there are.
    """

    __slots__ = ("parts",)
    parts: tuple[Value, ...]

    @staticmethod
    def key(fields: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple([id(part) for part in fields[0]])

    def __getattr__(self, name: str) -> Any:
        if name != "values":
            raise AttributeError(name)
        found: dict[Value, None] = {}
        seen: set[int] = set()
        stack: list[Value] = [self]
        while stack:
            part = stack.pop()
            if id(part) in seen:
                continue
            seen.add(id(part))
            if isinstance(part, Overfull):
                stack.extend(reversed(part.parts))
                continue
            for one in each(part):
                if getattr(one, "address", None) is not None:
                    found[one] = None
        self.values = (*found, UNKNOWN)
        return self.values


#: The keyword that stands for all that `**options` may give, where it is not known.
REST = "**"

UNKNOWN = Unknown()
#: What certainly comes on a way of its own: among alternatives, it leaves others certain.
SOMETHING = Unknown(True)
#: What an earlier invocation may have left: what this one would put there itself.
KEPT = Unknown("kept")
NEVER = Never()
NONE = Const(None)
TEXT = Object("builtins.str", None)


def each(value: Value) -> Iterator[Value]:
    """Yield the alternatives of a value; a plain value is its only one."""
    if isinstance(value, Alternatives):
        yield from value.values
    else:
        yield value


def join(*values: Value) -> Value:
    """Return the value that is one of `values`.

    `UNKNOWN` may be one of the alternatives: then nothing is certain of the whole, but
    the objects among the others are still held by it.
    """
    first = values[0]
    if all(value is first for value in values):
        return first
    if any(isinstance(value, Overfull) for value in values):
        parts = tuple({id(one): one for one in values if one is not NEVER}.values())
        return Overfull(parts) if len(parts) > 1 else parts[0]
    found = dict.fromkeys([one for value in values for one in each(value)])
    found.pop(NEVER, None)
    if len(found) == 1:
        return next(iter(found))
    if len(found) > limits.ALTERNATIVES:
        return Overfull(values)
    return Alternatives(tuple(found))


def join_all(values: list[Value]) -> Value | None:
    """Return the join of any number of values; `None` of none."""
    return join(*values) if values else None


def join_optional(one: Value | None, two: Value | None) -> Value | None:
    """Return the join of two values that may both be missing."""
    if one is None or two is None:
        return two if one is None else one
    return join(one, two)
