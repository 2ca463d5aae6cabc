"""What the parts of the interpreter, and the libraries, may ask of one another.

A *run* follows one body, a *world* knows what lies beyond it: modules, classes and
functions. Both are put together from parts (see `activation` and `analysis`), which
know each other by these two classes only. `Libraries` is what the interpreter asks
about everything that is not written in the project. The three name one another, which
is why they share this file.
"""

from __future__ import annotations

import ast
import re
from abc import ABC
from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from typing import NamedTuple
from typing import Protocol
from typing import TypeVar

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.classes import Bases
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.flow.events import Opened
from flake8_lambda_handler.flow.events import Pause
from flake8_lambda_handler.flow.heap import Entry
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.path import Step
from flake8_lambda_handler.flow.path import Way
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Method
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value

Result = TypeVar("Result")

#: A value that leaves a body, the state in which it does, and where.
Returned = tuple[Value, State, ast.AST]

#: A value of an object, under a key.
Put = tuple[Address, object, Value]

#: Where something stands: the file and the node.
Written = tuple[Module, ast.AST]


class Call(NamedTuple):
    """A call of something from outside the project.

    `name` is dotted; for a method it is the method's own.
    """

    name: str
    args: list[Value]
    keywords: dict[str, Value]
    node: ast.AST

    def values(self) -> list[Value]:
        """Return all that is given to the call."""
        return [*self.args, *self.keywords.values()]

    def argument(self, index: int, name: str = "") -> Value:
        """Return an argument by its place or its name."""
        if index < len(self.args):
            return self.args[index]
        return self.keywords.get(name, UNKNOWN)


class Run(ABC):
    """One run over a body, with the state of the path that is being followed."""

    world: World
    libraries: Libraries
    frame: Frame
    module: Module
    state: State
    #: Calls between the followed body and this one.
    depth: int
    #: False after `return`, `raise`, `break` and `continue`.
    alive: bool
    returns: list[Returned]
    #: How rounds of loops end that only `break` leaves, and what is left by `raise`.
    rounds: list[State]
    #: What a generator function yields.
    yields: list[Value]
    #: What is known where a generator pauses, if somebody follows it through a `with`.
    pauses: list[Pause] | None
    #: How many coroutines the followed body had made before this one began.
    first_made: int
    #: Coroutines that some path drives, or that others may drive.
    driven: set[Address]
    #: Coroutines that were bound to a name.
    named: set[Address]
    #: Names that loops bind to one of several values after the other.
    varying: set[str]
    #: Coroutines that conditions ask about: their branches know which is which.
    tested: set[Address]
    #: Tasks that something awaits, or that others may await.
    awaited_tasks: set[Address]

    # -- expressions ------------------------------------------------------------

    @abstractmethod
    def eval(self, node: ast.expr) -> Value:
        """Return the value of an expression."""

    @abstractmethod
    def run(self, statements: list[ast.stmt]) -> None:
        """Execute statements until the path ends."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value) -> None:
        """Bind a target of any shape."""

    @abstractmethod
    def assign_each(self, target: ast.expr, iterable: ast.expr, element: Value) -> None:
        """Bind what a loop comes to; a key of a dict and its value stay together."""

    @abstractmethod
    def store(self, name: str, value: Value) -> None:
        """Bind a name; a coroutine that others can then reach is out of our hands."""

    # -- the fate of objects ----------------------------------------------------

    @abstractmethod
    def reach(self, value: Value) -> set[Address]:
        """Return the addresses that a value holds on to."""

    @abstractmethod
    def drive(self, value: Value) -> None:
        """Record that somebody runs every coroutine that a value holds."""

    @abstractmethod
    def escape(self, value: Value, *, keep: bool = False) -> None:
        """Record that a value is out of sight: others may drive it or change it.

        `keep` is for a value that is only stored: what it holds stays known.
        """

    @abstractmethod
    def keep(self, owner: Value, name: str, value: Value, node: ast.AST) -> None:
        """Record that a value becomes an attribute of an object: others can find it."""

    @abstractmethod
    def lose_sight(self) -> None:
        """Record that anything may have happened to every object there is."""

    @abstractmethod
    def lose_track(self, value: Value) -> None:
        """Say nothing of coroutines that a value only may be; nobody has driven them."""

    @abstractmethod
    def misuse(self, value: Value, node: ast.AST, how: str) -> None:
        """Report a coroutine that is used as if it were a plain value."""

    @abstractmethod
    def look_at(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine is only looked at, never run."""

    @abstractmethod
    def dump(self, value: Value, node: ast.AST, how: str) -> None:
        """Use a value where a coroutine raises an error, however deep inside."""

    @abstractmethod
    def record(self, event: Event) -> None:
        """Note that something happens here."""

    @abstractmethod
    def under(self, step: Step, action: Callable[[], Result]) -> Result:
        """Do something one step further on the way that events record."""

    # -- objects ----------------------------------------------------------------

    @abstractmethod
    def address(self, node: ast.AST) -> Address:
        """Return the address of an object that a node makes."""

    @abstractmethod
    def entry(self, address: Address | None) -> Entry | None:
        """Return what the heap knows of an address."""

    @abstractmethod
    def container(self, kind: str, items: Items, node: ast.AST) -> Container:
        """Return a new container with these items."""

    @abstractmethod
    def items(self, value: Container | Instance) -> Items:
        """Return what a container, or the attributes of an instance, hold."""

    @abstractmethod
    def stow(
        self, container: Container, place: ast.AST, value: Value, node: ast.AST
    ) -> None:
        """Note a coroutine that somebody puts where only other code can find it."""

    @abstractmethod
    def update(
        self,
        value: Value,
        items: Items,
        added: Value | None = None,
        node: ast.AST | None = None,
    ) -> None:
        """Replace the items of a container.

        What joins an escaped one escapes; `node` is what puts in what is new.
        """

    @abstractmethod
    def or_kept(self, found: Value, address: Address | None) -> Value:
        """Return what an object holds, or what an earlier invocation has put there."""

    @abstractmethod
    def is_kept(self, address: Address | None) -> bool:
        """Return whether earlier invocations had an object, too."""

    @abstractmethod
    def merge(self, items: Items, value: Value) -> Items:
        """Return dict items with those of another mapping on top."""

    @abstractmethod
    def key_to_change(self, node: ast.expr) -> Value:
        """Return the key under which something changes; in a loop, each has its turn."""

    @abstractmethod
    def remove(self, owner: Value, key: Value) -> None:
        """Carry out `del owner[key]`."""

    @abstractmethod
    def iterate(self, value: Value, node: ast.AST) -> Value:
        """Return what a plain `for` over a value gives."""

    @abstractmethod
    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """Return an attribute of a value."""

    @abstractmethod
    def put_attribute(
        self, owner: Value, name: str, value: Value, node: ast.AST
    ) -> None:
        """Carry out `owner.name = value`."""

    @abstractmethod
    def set_attribute(
        self, owner: Instance, name: str, value: Value, node: ast.AST
    ) -> None:
        """Carry out `owner.name = value` for an instance of a class of the project."""

    # -- calls ------------------------------------------------------------------

    @abstractmethod
    def call(
        self,
        function: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what calling a value gives."""

    @abstractmethod
    def make_coroutine(
        self,
        kind: str,
        function: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        *,
        returns: str | None = None,
    ) -> Coroutine:
        """Return a new object that somebody has to drive."""

    @abstractmethod
    def awaited(self, value: Value, node: ast.AST) -> Value:
        """Drive a value and return what `await` gives."""

    @abstractmethod
    def note_driven(self, value: Value, node: ast.AST) -> None:
        """Record that something waits for what a value is."""

    @abstractmethod
    def outcome(self, value: Value, node: ast.AST) -> Value:
        """Return what running a coroutine returns."""

    @abstractmethod
    def choices(self, value: Value, node: ast.AST) -> Iterator[Value]:
        """Yield the alternatives of a value; what is done meanwhile is one of them."""

    @abstractmethod
    def per_choice(
        self, choices: list[Value], action: Callable[[Value], Value]
    ) -> Value:
        """Return what doing something with one of several values gives."""

    @abstractmethod
    def merged(self, value: Value, node: ast.AST) -> Value:
        """Return one of several results; of coroutines, one that stands for all."""

    @abstractmethod
    def stand_in(
        self, value: Value, look: Callable[[Address], Entry | None], node: ast.AST
    ) -> Value:
        """Return one coroutine for several that a value may be, if it is not `None`."""

    @abstractmethod
    def function(self, node: ast.AST, owner: Class | None = None) -> Function:
        """Return the function that a `def` or `lambda` makes here."""


class Root:
    """A body that is followed on its own, with all the calls inlined into it."""

    __slots__ = (
        "base",
        "depth",
        "events",
        "expected_refusals",
        "expected_type_errors",
        "fills",
        "has_coroutines",
        "is_truncated",
        "lets_go",
        "lost",
        "made",
        "steps",
        "way",
    )

    def __init__(self, steps: int, base: int) -> None:
        self.events: list[Event] = []
        #: The way to the current statement.
        self.way: Way | None = None
        #: Whether a coroutine has been made, so that fates matter.
        self.has_coroutines = False
        #: Whether an object from outside gets something that may be called.
        self.fills = False
        #: Whether a coroutine that nobody has driven gets out of sight.
        self.lets_go = False
        #: The coroutines that were made, in order.
        self.made: list[Address] = []
        #: The functions that were left by the last way to a coroutine.
        self.lost: dict[Address, Frame] = {}
        #: How many `with` blocks around the current statement test that it raises what
        #: using a coroutine as a plain value does.
        self.expected_refusals = 0
        #: How many blocks around the current statement expect a `TypeError`.
        self.expected_type_errors = 0
        #: Whether a bound was met.
        self.is_truncated = False
        #: Calls between the body and the current statement.
        self.depth = 0
        #: Steps that inlined calls may still take.
        self.steps = steps
        #: Where the bodies of this root begin among the active ones.
        self.base = base


class World(ABC):
    """What is known beyond one body."""

    libraries: Libraries
    #: What is being followed.
    root: Root
    #: Whether what an invocation does is followed, with every call inlined.
    is_tracing: bool
    #: Objects that were made while modules were imported, or that outlive an invocation.
    shared_heap: dict[Address, Entry]
    #: The functions in which calls stand that were followed or made a coroutine.
    made_in: dict[ast.AST, Function]
    #: Where the values of objects were put in that changed after they were made.
    puts: dict[Put, Written]

    #: What annotations say of the empty containers of modules.
    said: dict[Address, ast.expr]

    # -- modules ----------------------------------------------------------------

    @abstractmethod
    def global_value(self, module: Module, name: str) -> Value:
        """Return what a module-level name (or a builtin) can hold in a function."""

    @abstractmethod
    def member(self, module: Module, name: str) -> Value:
        """Return what `module.name` gives to an importer."""

    @abstractmethod
    def settled(self, module: Module, test: ast.expr) -> bool | None:
        """Return how a condition always comes out when Lambda imports a module."""

    @abstractmethod
    def versions(self, module: Module) -> tuple[tuple[int, int], ...]:
        """Return the versions of Python on which a module may run."""

    @abstractmethod
    def asks_for(self, module: Module, wanted: re.Pattern[str]) -> bool:
        """Return whether what a module's project needs is said in some words."""

    @abstractmethod
    def submodule(self, module: Module, dotted: str) -> Module | None:
        """Return the module that `import dotted` in a module has loaded."""

    @abstractmethod
    def resolved(self, value: Value) -> Value:
        """Return what an imported name holds; imports are followed when used."""

    @abstractmethod
    def imported(
        self, module: Module, dotted: str, level: int, name: str | None
    ) -> Value:
        """Return what an import statement binds."""

    @abstractmethod
    def star_import(self, module: Module, dotted: str, level: int) -> None:
        """Note `from dotted import *`."""

    @abstractmethod
    def store_global(self, run: Run, name: str, value: Value) -> None:
        """Record an assignment to a name that is declared `global`."""

    @abstractmethod
    def store_shared(self, run: Run, value: Value) -> None:
        """Record that a value outlives the invocation."""

    @abstractmethod
    def is_shared(self, address: Address | None) -> bool:
        """Return whether an object outlives one invocation."""

    @abstractmethod
    def store_attribute(self, run: Run, owner: Value, name: str, value: Value) -> None:
        """Record an assignment to an attribute of a class, function or module."""

    @abstractmethod
    def rebind(self, module: Module, prefix: str) -> None:
        """Record that code binds names of a module which begin with a text."""

    @abstractmethod
    def patched(self, owner: Value, name: str) -> Value | None:
        """Return what was assigned to an attribute of a class or function."""

    # -- classes ----------------------------------------------------------------

    @abstractmethod
    def make_class(self, run: Run, cls: Class) -> None:
        """Run a class body and keep what it binds."""

    @abstractmethod
    def class_facts(self, cls: Class) -> ClassFacts:
        """Return what is known of a class."""

    @abstractmethod
    def class_being_made(self, frame: Frame) -> Class | None:
        """Return the class whose body a frame runs."""

    @abstractmethod
    def instance_default(self, cls: Class, name: str) -> Value:
        """Return what `__init__` assigns to an attribute, if nothing else does."""

    # -- annotations ------------------------------------------------------------

    @abstractmethod
    def declared(self, hint: Hint) -> Value:
        """Return what an annotation says that an object is."""

    @abstractmethod
    def async_names(self, module: Module) -> Collection[str]:
        """Return the names of the async functions of a module's project, if it is small."""

    @abstractmethod
    def filled_later(self, address: Address | None) -> Items | None:
        """Return what others put into an empty container of a module, if that is said."""

    @abstractmethod
    def mixed_in(self, cls: Class, name: str) -> Function | None:
        """Return the async method that a class has from those derived from it."""

    @abstractmethod
    def declared_attribute(self, cls: Class, name: str) -> Value:
        """Return what a class says that an attribute of its instances is."""

    @abstractmethod
    def entered(self, value: Instance) -> Value:
        """Return what `async with` on an instance binds."""

    @abstractmethod
    def yielded(self, function: Function) -> Value:
        """Return what a generator function gives: its items, as far as they are known."""

    # -- functions --------------------------------------------------------------

    @abstractmethod
    def note_frame(self, frame: Frame) -> None:
        """Remember a frame whose names hold what leads back to it."""

    @abstractmethod
    def note_function(self, function: Function, defaults: dict[str, Value]) -> None:
        """Remember a function and the defaults of its parameters."""

    @abstractmethod
    def invoke(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Value:
        """Return what a call gives to its caller, and let it have its effects."""

    @abstractmethod
    def opened(
        self,
        caller: Run,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
    ) -> Opened | None:
        """Return what a generator yields to `with`, and what it does behind the `yield`."""

    # -- the body that is followed ----------------------------------------------

    @abstractmethod
    def spend(self, steps: int = 1) -> None:
        """Count steps of an inlined call."""

    @abstractmethod
    def record(self, run: Run, event: Event) -> None:
        """Note an event."""

    @abstractmethod
    def apart(self, action: Callable[[], object]) -> list[Event]:
        """Return the events of an action, and forget them."""

    @abstractmethod
    def note_filled(self, value: Value) -> None:
        """Note that an object from outside the body gets to hold a value."""

    @abstractmethod
    def names_in(self, node: ast.AST) -> tuple[str, ...]:
        """Return the names that an expression mentions."""

    @abstractmethod
    def has_effects(self, node: ast.AST) -> bool:
        """Return whether evaluating an expression can change names or objects."""


class Libraries(Bases, Protocol):
    """What names, types and objects from outside the project do."""

    def start(self) -> dict[Address, Entry]:
        """Return the heap that every body starts with."""

    def call(self, run: Run, call: Call) -> Value:
        """Return what calling an external name gives."""

    def call_method(self, run: Run, method: Method, call: Call) -> Value:
        """Return what calling a method of an external object or a container gives."""

    def constant(self, value: External) -> Value:
        """Return the number that an external name stands for, or else the name."""

    def attribute(self, run: Run, value: Object, name: str) -> Value:
        """Return an attribute of an external object."""

    def awaitable_attribute(self, run: Run, value: Coroutine, name: str) -> Value:
        """Return an attribute of a coroutine, task or future."""

    def is_async(self, type: str) -> bool:
        """Return whether methods of objects of a type give something to drive."""

    def note_unknown(self, run: Run, call: Call) -> None:
        """Take note of the call of a method of an object that is not known."""

    def is_async_function(self, maker: Value) -> bool:
        """Return whether what is from outside gives coroutines, and nothing like them."""

    def inherited(self, run: Run, value: Instance, name: str) -> Value | None:
        """Return what an instance has from a base outside the project, if anything."""

    def above(self, facts: ClassFacts, name: str) -> Value | None:
        """Return the method of a base from outside the project that `super()` finds."""

    def class_attribute(self, facts: ClassFacts, name: str) -> Value | None:
        """Return what a class has from a base outside the project, if anything."""

    def field_defaults(
        self, run: Run, facts: ClassFacts, given: dict[str, Value], node: ast.AST
    ) -> dict[object, Value]:
        """Return what fields hold that nobody gives when an instance is made."""

    def given_fields(
        self, run: Run, facts: ClassFacts, node: ast.AST
    ) -> dict[object, Value]:
        """Return what fields hold that `Class(**data)` may give or leave out."""

    def is_enum_member(self, facts: ClassFacts, name: str, found: Value | None) -> bool:
        """Return whether a class attribute is a member of an enumeration."""

    def set_attribute(
        self, run: Run, owner: Value, name: str, value: Value, node: ast.AST
    ) -> None:
        """Note an assignment to an attribute of an external object."""

    def set_item(
        self, run: Run, owner: Value, target: ast.Subscript, key: Value, value: Value
    ) -> None:
        """Note an assignment to an item of an external object."""

    def changed(self, run: Run, value: Value) -> None:
        """Note that somebody may change an object that came from outside."""

    def outcome(self, run: Run, value: Coroutine, made: Made, node: ast.AST) -> Value:
        """Return what `await` gives for a coroutine made outside the project."""

    def awaited_object(self, value: Object) -> Value:
        """Return what `await` gives for an object that is no coroutine."""

    def enter(self, run: Run, value: Value, node: ast.AST) -> Value:
        """Return what a plain `with` binds."""

    def enter_async(self, run: Run, value: Value, node: ast.AST) -> Value:
        """Return what `async with` binds."""

    def exit_method(self, run: Run, value: Value, asynchronous: bool) -> Value | None:
        """Return the `__exit__` of a context manager, as far as it does something."""

    def expects_refusal(self, context: ast.expr) -> bool:
        """Return whether a `with` block expects what plain use of a coroutine raises."""

    @abstractmethod
    def expects_exception(self, context: ast.expr) -> bool:
        """Return whether a `with` block is there to catch what its body raises."""

    def expects_type_error(self, node: ast.Try) -> bool:
        """Return whether a `try` is there for what `json.dumps` may raise."""

    def caught(self, run: Run, kind: Value | None) -> Value:
        """Return what `except kind as name` binds."""

    def each_async(self, run: Run, value: Value) -> Value:
        """Return what `async for` over a value gives."""

    def element(self, run: Run, value: Value, node: ast.AST) -> Value:
        """Return what iterating an external value gives."""

    def use_plainly(self, run: Run, value: Value, node: ast.AST, word: str) -> None:
        """Report an object that only works with `async for` or `async with`."""

    def subscript(self, value: Value, key: Value, node: ast.AST) -> Value:
        """Return what subscripting an external value gives."""

    def arithmetic(self, left: Value, right: Value, op: ast.operator | None) -> Value:
        """Return what an operator between two values gives."""

    def negative(self, value: Value) -> Value:
        """Return `-value`."""

    def decorate_class(self, run: Run, decorator: ast.expr, value: Value) -> Value:
        """Return what a class decorator leaves."""

    def class_of(self, value: Value) -> str | None:
        """Return the class of an object, if it is exactly known."""

    def is_subclass(self, cls: str, other: str) -> bool | None:
        """Return whether a class from outside is one of another; `None` if it may be."""

    def is_true(self, value: Object) -> bool:
        """Return whether an object is certainly true in a condition."""

    def is_data(self, value: Object) -> bool:
        """Return whether an object is plain data, such as a date or a response."""

    def is_harmless(self, type: str) -> bool:
        """Return whether objects of a type have nothing to do with coroutines."""

    def object_of(self, cls: str) -> Value:
        """Return an object of a class from outside that an annotation names."""

    def is_reply(self, value: Value) -> bool:
        """Return whether a value is a part of a response, which is false when empty."""
