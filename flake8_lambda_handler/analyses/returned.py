"""Coroutines that an async function returns: one `await` of its call does not run them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Iterator

from flake8_lambda_handler.analyses import callers
from flake8_lambda_handler.analyses.coroutines import Undriven
from flake8_lambda_handler.analyses.coroutines import coroutine
from flake8_lambda_handler.analyses.coroutines import undriven
from flake8_lambda_handler.analyses.coroutines import use
from flake8_lambda_handler.facts import hints
from flake8_lambda_handler.facts import reads
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.markers import written
from flake8_lambda_handler.flow.path import way_to
from flake8_lambda_handler.flow.run import World
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Hint
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.session import Session

AWAIT = "`await` it"

#: What an annotation mentions of a function that gives something awaitable on purpose.
AWAITABLES = ("Any", "Awaitable", "Coroutine", "Future", "Task", "object")

#: What a file mentions that runs whatever it gets until nothing awaitable is left.
RESOLVERS = ("isawaitable", "iscoroutine", "await (await")

PLAIN_DECORATORS = frozenset({"classmethod", "override", "staticmethod", "wraps"})

#: Expressions that give a plain value, whatever stands in them.
PLAIN = (
    ast.BinOp,
    ast.Compare,
    ast.Dict,
    ast.DictComp,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Set,
    ast.SetComp,
    ast.Tuple,
)

#: Beginnings of the names of bases that are nothing to await.
PLAIN_BASES = (
    "abc.",
    "builtins.",
    "enum.",
    "pydantic.",
    "typing.Generic",
    "typing.NamedTuple",
)

PLAIN_TYPES = frozenset(
    {"None", "bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str"}
    | {"Dict", "FrozenSet", "List", "Set", "Tuple", "tuple"}
)


def beside_plain(
    summary: Summary, driven: Callable[[], set[ast.AST]], module: Module
) -> Iterator[Undriven]:
    """Yield the coroutines that an async function returns where it else returns values.

    Its annotation may say as well that what it returns is a plain value.
    """
    run = summary.activation
    function = None if run is None else run.frame.function
    if run is None or function is None or not promises_a_value(function):
        return
    found = [
        (value.address, entry)
        for value, state, node in summary.returns
        if isinstance(value, Coroutine)
        and value.kind == "coroutine"
        and isinstance(node, ast.Return)
        and isinstance(entry := state.heap.get(value.address), Made)
    ]
    if not found or resolves(module):
        return
    tests = {
        event.value.address: event
        for event in summary.events
        if isinstance(event, Misused) and event.how == "a truth test"
    }
    for address, made in found:
        fate = _unlike(function, summary, made, run.world)
        if not fate and address in tests:
            asked = use(tests[address], address.node, module)
            fate = f"is returned without `await`, and {asked}"
        if not fate and not _awaits(function.node):
            line = _awaited_at(address.node, module)
            fate = line and f"is returned without `await`, unlike in line {line}"
        if not fate:
            return
        node = written(way_to(address, run.frame)[0])
        if module.owns(node) and isinstance(node, ast.Call) and node not in driven():
            name = coroutine(made, address, module)
            yield Undriven(
                node, name, fate, AWAIT, made, address, run.frame, node, run.frame
            )


def _awaits(function: ast.AST) -> bool:
    """Return whether a function waits for anything; else `async` says what it is for."""
    kinds = (ast.AsyncFor, ast.AsyncWith, ast.Await)
    return any(isinstance(one, kinds) for one in ast.walk(function))


def _awaited_at(call: ast.AST, module: Module) -> str:
    """Return the line in which a file awaits the same method of its object."""
    called = getattr(call, "func", None)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        for one in ast.walk(module.tree):
            if isinstance(one, ast.Await) and isinstance(one.value, ast.Call):
                other = one.value.func
                if isinstance(other, ast.Attribute) and other.attr == called.attr:
                    if getattr(other.value, "id", "") == called.value.id == "self":
                        return str(one.lineno)
    return ""


def resolves(module: Module) -> bool:
    """Return whether a file runs what it gets until nothing awaitable is left."""
    return any(word in module.text for word in RESOLVERS)


def moved(
    session: Session,
    analysis: Analysis,
    summary: Summary,
    driven: Callable[[], set[ast.AST]],
    module: Module,
) -> Iterator[Undriven]:
    """Yield the coroutines that a body leaves behind, each where the `await` goes.

    That is in the async function that returns it, unless it is `driven_inside`: somebody
    awaits the result of the first `await`. What is told in the file of that function,
    when that is checked, is told there only.
    """
    for one in undriven(analysis, summary, module):
        maker, inner = _made_inside(analysis, one)
        if maker is None:
            yield one
        elif module.owns(inner.node):
            if inner.node not in driven():
                yield one._replace(
                    node=inner.node,
                    name=coroutine(one.made, inner, module),
                    fate=f"is returned without `await`, and {one.fate}",
                    cure=AWAIT,
                )
        elif not callers.tells(session, maker.module, module):
            yield one


def promises_a_value(function: Function) -> bool:
    """Return whether awaiting a function's call is meant to give a plain value."""
    node = function.node
    if isinstance(node, ast.Lambda) or not function.is_async:
        return False
    names = {hints.last_name(one) for one in node.decorator_list}
    said = "" if node.returns is None else ast.unparse(node.returns)
    return names <= PLAIN_DECORATORS and not any(word in said for word in AWAITABLES)


def _unlike(function: Function, summary: Summary, made: Made, world: World) -> str:
    """Return what says that a function gives plain values; nothing if nothing does."""
    annotation = getattr(function.node, "returns", None)
    if annotation is not None and _is_plain_type(annotation, function, made, world):
        return (
            "is returned without `await`: one `await` of the caller gives a coroutine, "
            f"not `{ast.unparse(annotation)}`"
        )
    for node in _plain_returns(function.node, summary):
        return (
            "is returned without `await`: one `await` of the caller gives a coroutine, "
            f"not a result as from line {node.lineno}"
        )
    again = [one.node for one in each(made.callable) if isinstance(one, Function)]
    if again == [function.node] and _ends_otherwise(summary):
        return (
            "is returned without `await`: one `await` of the caller gives a coroutine, "
            "and does not try again"
        )
    return ""


def _ends_otherwise(summary: Summary) -> bool:
    """Return whether some way out of a function gives no coroutine."""
    return any(not isinstance(value, Coroutine) for value, _, _ in summary.returns)


def _is_plain_type(
    annotation: ast.expr, function: Function, made: Made, world: World
) -> bool:
    """Return whether what an annotation names is nothing to await.

    It may be what awaiting the coroutine gives.
    """
    named = hints.alternatives(annotation)
    if not named or any(one.is_class for one in named):
        return False
    return all(
        one.holders
        or one.node is None
        or (isinstance(one.node, ast.Name) and one.node.id in PLAIN_TYPES)
        or _is_plain_object(
            world.declared(Hint(one.node, function.module, function.frame)), made, world
        )
        for one in named
    )


def _is_plain_object(value: Value, made: Made, world: World) -> bool:
    """Return whether an object is none to await; made of a class that is all known."""
    if isinstance(value, Object):
        return value.type == made.returns
    if not isinstance(value, Instance):
        return False
    facts = world.class_facts(value.cls)
    return (
        not facts.is_open
        and all(name.startswith(PLAIN_BASES) for name in facts.ancestors)
        and facts.find("__await__") is None
    )


def _plain_returns(function: ast.AST, summary: Summary) -> Iterator[ast.Return]:
    """Yield the returns whose text says that they give a plain value."""
    plain = {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _is_plain(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for _, _, node in summary.returns:
        value = node.value if isinstance(node, ast.Return) else None
        if isinstance(node, ast.Return) and (
            _is_plain(value) or (isinstance(value, ast.Name) and value.id in plain)
        ):
            yield node


def _is_plain(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is not None
    if isinstance(value, ast.Call):
        return getattr(value.func, "id", "") in reads.REFUSING | reads.LOOKING
    return isinstance(value, (ast.Await, *PLAIN))


def _made_inside(analysis: Analysis, one: Undriven) -> tuple[Function | None, Address]:
    """Return where an async function makes the coroutine that it returns to a body.

    No function for one that the body makes itself, or gets from a plain function.
    """
    inner = one.address if one.made.origin is None else one.made.origin
    maker, own = analysis.made_in.get(inner.node), one.frame.function
    if maker is None or own is None or not promises_a_value(maker):
        return None, inner
    if maker.node is own.node:
        return None, inner
    held = analysis.summary(maker.bind(None)).reached_by_returns()
    is_returned = any(address.node is inner.node for address in held)
    return maker if is_returned or _returns(maker, inner.node) else None, inner


def _returns(function: Function, made: ast.AST) -> bool:
    """Return whether a function returns the result of a call as it is.

    It tells of wrappers, which call what their decorator is given.
    """
    return any(
        isinstance(node, ast.Return) and node.value is made
        for node in ast.walk(function.node)
    )


def driven_inside(session: Session, module: Module) -> set[ast.AST]:
    """Return what made the coroutines that some body awaits, here or in a callee.

    Those of the files that call into a file count, too.
    """
    found: set[ast.AST] = set()
    analysis = session.around(module).analysis
    summaries = list(analysis.summaries(module, None))
    for path in callers.of(session, module):
        caller = session.project.parse(path)
        if caller is not None:
            summaries += session.analysis.summaries(caller, None)
    for summary in summaries:
        run = summary.activation
        for address in () if run is None else run.driven:
            found.add(address.node)
            made = run.entry(address) if run is not None else None
            if isinstance(made, Made) and made.origin is not None:
                found.add(made.origin.node)
    return found
