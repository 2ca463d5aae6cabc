"""Builtins and `json`: what they look at, and what they do to names and objects."""

from __future__ import annotations

import ast

from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.flow.events import Dumped
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.kinds import function_of
from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import TEXT
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import ModuleValue
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Super
from flake8_lambda_handler.flow.values import TypedClass
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import stores
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import register_all

#: Calls that look at a value and never run it, with the type they return.
#: Observed: a coroutine given to any of them is never started.
LOOKING = {
    "builtins.bool": "builtins.bool",
    "builtins.format": "builtins.str",
    "builtins.print": None,
    "builtins.repr": "builtins.str",
    "builtins.str": "builtins.str",
    "pprint.pprint": None,
    "warnings.warn": None,
}

#: Those that raise an error for a coroutine.
RAISING = {
    "builtins.int": "builtins.int",
    "builtins.len": "builtins.int",
}

#: Calls that only inspect a value: neither a use nor a misuse.
NEUTRAL = frozenset(
    {
        "asyncio.isfuture",
        "builtins.callable",
        "builtins.hasattr",
        "builtins.hash",
        "builtins.id",
        "builtins.isinstance",
        "builtins.issubclass",
    }
)


def _looked_at(run: Run, call: Call) -> Value:
    for value in call.values():
        run.look_at(value, call.node, f"`{call.name.removeprefix('builtins.')}()`")
    return _plain(LOOKING[call.name])


def _refused(run: Run, call: Call) -> Value:
    for value in call.values():
        how = f"`{call.name.removeprefix('builtins.')}()`"
        run.misuse(value, call.node, how)
    return _plain(RAISING[call.name])


def _plain(name: str | None) -> Value:
    return UNKNOWN if name is None else Object(name, None)


#: Classes and attributes of what must be awaited, entered or iterated, by last name.
AWAITED = frozenset(
    """
    AbstractAsyncContextManager AsyncContextManager AsyncGenerator AsyncGeneratorType
    AsyncIterable AsyncIterator Awaitable Coroutine CoroutineType Generator
    __aenter__ __aexit__ __aiter__ __anext__ __await__ aclose asend athrow close cr_code
    cr_frame cr_running send throw
    """.split()
)


def _inspected(run: Run, call: Call) -> Value:
    asked = call.argument(1)
    name = asked.value if isinstance(asked, Const) else getattr(asked, "name", "")
    if str(name).rpartition(".")[2] in AWAITED:
        run.drive(call.argument(0))  # whoever asks that, knows what it is
    return UNKNOWN


register_all(LOOKING, _looked_at)
register_all(RAISING, _refused)
register_all(NEUTRAL, _inspected)


#: Questions about a function: whether it is async, and whether it yields.
ASKED = {
    "asyncio.iscoroutinefunction": (True, False),
    "inspect.isasyncgenfunction": (True, True),
    "inspect.iscoroutinefunction": (True, False),
    "inspect.isgeneratorfunction": (False, True),
}


@call_of(*ASKED)
def _is_kind_of_function(run: Run, call: Call) -> Value:
    """Return the answer for functions of the project, their methods and partials."""
    answers = set()
    for one in each(call.argument(0, "func")):
        function = function_of(one)
        if not isinstance(function, Function):
            return UNKNOWN
        yields = function.module.scopes[function.node].yields
        answers.add((function.is_async, yields) == ASKED[call.name])
    return Const(answers.pop()) if len(answers) == 1 else UNKNOWN


@call_of("asyncio.iscoroutine", "inspect.iscoroutine", "inspect.isawaitable")
def _is_coroutine(run: Run, call: Call) -> Value:
    value = call.argument(0, "obj")
    if isinstance(value, Coroutine):
        run.drive(value)  # whoever asks that, knows what it is
        return Const(True) if value.kind == "coroutine" else UNKNOWN
    return Const(False) if isinstance(value, (Const, Container)) else UNKNOWN


@call_of("json.dump", "json.dumps")
def _dumps(run: Run, call: Call) -> Value:
    for value in call.values():
        run.dump(value, call.node, f"`{call.name}()`")
    keywords = call.keywords
    is_own = any(keywords.get(name, NONE) != NONE for name in ("cls", "default", REST))
    if call.args and not is_own and not run.world.root.expected_type_errors:
        state = run.state.fork()
        run.record(Dumped(call.node, call.args[0], state, "skipkeys" in keywords))
    elif call.args and isinstance(call.node, ast.Call):
        # Whoever expects an error knows behind the call that there was none.
        given = call.node.args[0] if call.node.args else None
        if isinstance(given, ast.Name) and given.id in run.state.names:
            run.state.names[given.id] = join(call.args[0], UNKNOWN)
    return TEXT if call.name == "json.dumps" else UNKNOWN


@call_of("builtins.super")
def _super(run: Run, call: Call) -> Value:
    function = run.frame.function
    if len(call.args) == 2 and isinstance(call.args[0], Class):
        return Super(call.args[0], call.args[1])
    if call.args or function is None or function.owner is None:
        return UNKNOWN
    arguments = function.node.args
    first = [*arguments.posonlyargs, *arguments.args]
    if not first:
        return UNKNOWN
    receiver = run.state.names.get(first[0].arg, UNKNOWN)
    return Super(function.owner, receiver)


@call_of("builtins.object.__new__")
def _new(run: Run, call: Call) -> Value:
    cls = call.argument(0)
    if not isinstance(cls, Class) or isinstance(cls, TypedClass):
        return UNKNOWN
    address = run.address(call.node)
    run.state.fresh(address, Items())
    return Instance(cls, address)


@call_of("builtins.getattr")
def _getattr(run: Run, call: Call) -> Value:
    if (
        len(call.args) == 2
        and isinstance(call.args[1], Const)
        and isinstance(call.args[1].value, str)
    ):
        return run.attribute(call.args[0], call.args[1].value, call.node)
    for value in call.args:
        run.escape(value, keep=True)
    if methods := _methods(run, call):
        return methods
    owner, name = call.argument(0), call.argument(1)
    if not isinstance(owner, (Instance, Object)) or call.argument(2) != NONE:
        return UNKNOWN
    entry = run.entry(owner.address)
    if not isinstance(entry, Items) or entry.rest or not isinstance(name, Const):
        return UNKNOWN
    if isinstance(owner, Instance) and name.value not in entry.known:
        if run.world.class_facts(owner.cls).find(str(name.value)) is not None:
            return UNKNOWN
    return run.or_kept(entry.known.get(name.value, NONE), owner.address)


def _methods(run: Run, call: Call) -> Value | None:
    """Return one of the methods that `getattr(self, f"on_{event}")` may give.

    If all of them are async, and what is given for want of one is, too, or `None`.
    """
    owner, node = call.argument(0), call.node
    if not isinstance(owner, Instance) or not isinstance(node, ast.Call):
        return None
    text = hints.beginning(node.args[1:2])
    line = run.world.class_facts(owner.cls).line()
    names = {name for facts in line for name in facts.namespace}
    found = [
        run.attribute(owner, name, node)
        for name in sorted(names)
        if text and name.startswith(text)
    ]
    if not found or not all(map(is_async, found)):
        return None
    others = [one for value in call.args[2:] for one in each(value)]
    if not all(is_async(one) or one == NONE for one in others):
        return None
    return join(*found, *others)


@call_of("builtins.locals", "builtins.eval", "builtins.exec")
def _locals(run: Run, call: Call) -> Value:
    for value in (*call.args, *call.keywords.values(), *run.state.names.values()):
        run.escape(value)
    return UNKNOWN


@call_of("builtins.setattr")
def _setattr(run: Run, call: Call) -> Value:
    name = call.argument(1)
    if isinstance(name, Const) and isinstance(name.value, str):
        run.put_attribute(call.argument(0), name.value, call.argument(2), call.node)
        return NONE
    owner = call.argument(0)
    if isinstance(owner, Class):
        run.world.class_facts(owner).is_rewritten = True
    if isinstance(owner, ModuleValue):
        node = call.node.args[1] if isinstance(call.node, ast.Call) else None
        stores.bind(run, owner.module, node, name, call.argument(2))
    for value in call.args:
        run.escape(value)
    return NONE
