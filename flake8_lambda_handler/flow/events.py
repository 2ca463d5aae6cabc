"""What happens to values while a body is followed: one record for each kind of event."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.path import Path
from flake8_lambda_handler.flow.path import Way
from flake8_lambda_handler.flow.path import path_of
from flake8_lambda_handler.flow.state import State
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value


class Event:
    """Something that happened at `node`; where and on which way, the analysis adds."""

    __slots__ = ("_path", "depth", "frame", "module", "node", "way")

    frame: Frame
    module: Module
    #: Calls between the followed body and the event; 0 in the body itself.
    depth: int
    way: Way | None

    def __init__(self, node: ast.AST) -> None:
        self.node = node
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """The way to it through branches, loops, tasks and calls."""
        if self._path is None:
            self._path = path_of(self.way)
        return self._path


class About(Event):
    """An event about one object."""

    __slots__ = ("value",)

    def __init__(self, node: ast.AST, value: Object) -> None:
        super().__init__(node)
        self.value = value


# -- coroutines ---------------------------------------------------------------------


class Misused(Event):
    """A coroutine is used as a plain value: `how` says in what.

    Unless that `is_certain`, the value may be another one, or be awaited later: then it
    only explains why a coroutine that nobody drives was made.
    """

    __slots__ = ("how", "is_certain", "value")

    def __init__(
        self, node: ast.AST, value: Coroutine, how: str, is_certain: bool
    ) -> None:
        super().__init__(node)
        self.value = value
        self.how = how
        self.is_certain = is_certain


class Stowed(Event):
    """A coroutine that nothing has driven is put into a container that is kept, `name`.

    It is one of a module, or an attribute of objects of a class `owner`.
    """

    __slots__ = ("name", "owner", "value")

    def __init__(
        self, node: ast.AST, value: Coroutine, name: str, owner: Class | None
    ) -> None:
        super().__init__(node)
        self.value = value
        self.name = name
        self.owner = owner


class Stored(Event):
    """A coroutine that nothing has driven becomes the attribute `name` of an `owner`."""

    __slots__ = ("name", "owner", "value")

    def __init__(
        self, node: ast.AST, value: Coroutine, owner: Instance, name: str
    ) -> None:
        super().__init__(node)
        self.value = value
        self.owner = owner
        self.name = name


class UsedPlainly(Event):
    """An object that only works with `async for` is used in a `for`, or in a `with`."""

    __slots__ = ("value", "word")

    def __init__(self, node: ast.AST, value: Instance | Object, word: str) -> None:
        super().__init__(node)
        self.value = value
        self.word = word


class Unrun(Event):
    """A function is given to something, `how`, that calls it and never awaits.

    Calling it makes a coroutine: that of `maker`, which may be the function itself.
    `method` is the name that tells so, of an object that is not known.
    """

    __slots__ = ("how", "maker", "method", "value")

    def __init__(
        self, node: ast.AST, value: Value, maker: Value, how: str, method: str
    ) -> None:
        super().__init__(node)
        self.value = value
        self.maker = maker
        self.how = how
        self.method = method


class NoCoroutine(Event):
    """Something that is no coroutine is given to `how`, which raises `error` then.

    `given` is the expression that gives it, as far as it is one of the call's own.
    """

    __slots__ = ("error", "given", "how", "value")

    def __init__(
        self,
        node: ast.AST,
        value: Value,
        how: str,
        error: str,
        given: ast.expr | None = None,
    ) -> None:
        super().__init__(node)
        self.value = value
        self.how = how
        self.error = error
        self.given = given


class Scheduled(Event):
    """A task is started with the function `how`."""

    __slots__ = ("how", "value")

    def __init__(self, node: ast.AST, value: Coroutine, how: str) -> None:
        super().__init__(node)
        self.value = value
        self.how = how


class CoroutineMade(Event):
    """A coroutine object is made."""

    __slots__ = ("value",)

    def __init__(self, node: ast.AST, value: Coroutine) -> None:
        super().__init__(node)
        self.value = value


class Driven(Event):
    """Something waits until a coroutine or a task is done."""

    __slots__ = ("value",)

    def __init__(self, node: ast.AST, value: Coroutine) -> None:
        super().__init__(node)
        self.value = value


class TasksListed(Event):
    """`asyncio.all_tasks()` is called: whoever does so looks after them."""

    __slots__ = ()


#: Events that are told of a body by itself; the others are those of an invocation.
OF_BODIES = (Misused, NoCoroutine, Stored, Stowed, Unrun, UsedPlainly)


# -- objects ------------------------------------------------------------------------


class ObjectMade(About):
    """An object of a type from outside is made."""

    __slots__ = ()


class Used(Event):
    """A method of an object, `name`, is called."""

    __slots__ = ("name", "value")

    def __init__(self, node: ast.AST, value: Object, name: str) -> None:
        super().__init__(node)
        self.value = value
        self.name = name


class Entered(About):
    """`with` or `async with` enters an object."""

    __slots__ = ()


class Configured(About):
    """An attribute of an object is assigned."""

    __slots__ = ()


# -- event loops --------------------------------------------------------------------


class LoopMade(About):
    """A new event loop."""

    __slots__ = ()


class LoopFetched(Event):
    """`get_event_loop()` gives `value`; `current` is what the thread had before."""

    __slots__ = ("current", "value")

    def __init__(self, node: ast.AST, value: Value, current: Value) -> None:
        super().__init__(node)
        self.value = value
        self.current = current


class LoopSet(Event):
    """`set_event_loop(value)`."""

    __slots__ = ("value",)

    def __init__(self, node: ast.AST, value: Value) -> None:
        super().__init__(node)
        self.value = value


class LoopCalled(Event):
    """A method of an event loop or a runner, `name`, is called, but for those that run."""

    __slots__ = ("name", "value")

    def __init__(self, node: ast.AST, value: Object, name: str) -> None:
        super().__init__(node)
        self.value = value
        self.name = name


class LoopRun(Event):
    """A loop runs something: `how` is the loop or runner, or the name of a function."""

    __slots__ = ("how",)

    def __init__(self, node: ast.AST, how: Object | str) -> None:
        super().__init__(node)
        self.how = how


class RanApart(About):
    """A loop runs in a thread of its own."""

    __slots__ = ()


class RunningAsked(Event):
    """The code asks for the loop that runs."""

    __slots__ = ()


class PolicySet(Event):
    """Loops come from a policy of somebody's own."""

    __slots__ = ()


class NestingAllowed(Event):
    """Loops may run inside loops from now on (`nest_asyncio`)."""

    __slots__ = ()


# -- encoders -----------------------------------------------------------------------


class Dumped(Event):
    """`json.dumps(value)`, without a `default` of its own.

    `state` is what is known at the call. With `skips_keys`, keys that the encoder
    refuses are left out. `route` is the function whose result a framework encodes.
    """

    __slots__ = ("route", "skips_keys", "state", "value")

    def __init__(
        self,
        node: ast.AST,
        value: Value,
        state: State,
        skips_keys: bool,
        route: Function | None = None,
    ) -> None:
        super().__init__(node)
        self.value = value
        self.state = state
        self.skips_keys = skips_keys
        self.route = route


class EncoderPatched(Event):
    """Something is assigned to the encoders of `json`."""

    __slots__ = ()


class Pause(NamedTuple):
    """What is known where the generator of a context manager yields."""

    value: Value
    state: State
    #: Marks the border behind which it goes on.
    mark: str
    #: How many events there were.
    told: int


class Opened(NamedTuple):
    """A context manager that is a generator, as `with` has it."""

    value: Value
    pause: Pause | None
    #: What is known when it is over, and what happens behind the `yield`.
    after: State | None
    events: list[Event]
