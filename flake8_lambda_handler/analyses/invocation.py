"""What Lambda gets when it calls a handler."""

from __future__ import annotations

import ast
import enum

from flake8_lambda_handler.analyses import paths
from flake8_lambda_handler.facts.scopes import FUNCTIONS
from flake8_lambda_handler.flow.analysis import Analysis
from flake8_lambda_handler.flow.bodies import Summary
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Coroutine
from flake8_lambda_handler.flow.values import Descriptor
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Generator
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.handlers.handler import wrapped
from flake8_lambda_handler.handlers.handler import wrapped_name
from flake8_lambda_handler.handlers.signature import GIVEN
from flake8_lambda_handler.handlers.signature import Misfit
from flake8_lambda_handler.handlers.signature import misfit
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.session import Session

CONTEXT = Object(objects.CONTEXT, None)


class Kind(enum.Enum):
    """What kind of function a handler is, as far as its call tells."""

    #: A coroutine function, or something that passes its coroutine on.
    ASYNC = "async"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async generator"
    #: A plain function that returns somebody else's coroutine or generator.
    RETURNS_COROUTINE = "returns coroutine"
    #: Anything else, or not known.
    OTHER = "other"


def kind_of(handler: Handler) -> Kind:
    """Return what kind of function a handler is; `OTHER` when in any doubt."""
    return handler.session.once(_kind_of, handler)


def _kind_of(session: Session, handler: Handler) -> Kind:
    # `JOBS.get(name)` may give nothing, which is no handler either.
    kinds = {_kind(handler, one) for one in each(handler.value) if one != NONE}
    if handler.is_async_def and Kind.ASYNC in kinds and handler.is_one_of_several:
        return Kind.ASYNC  # whatever the others are
    return kinds.pop() if len(kinds) == 1 else Kind.OTHER


def _kind(handler: Handler, value: Value) -> Kind:
    analysis = handler.session.analysis
    if _is_never_run(handler, value):
        return Kind.ASYNC
    own = handler.node
    outer = _callee(analysis, value)
    result, made = _given(handler, value)
    maker = made.callable if made is not None else None
    is_own = isinstance(maker, Function) and maker.node in (
        own,
        getattr(outer, "node", None),
        *_decorated(handler),
    )
    if isinstance(result, Generator):
        return Kind.GENERATOR if is_own else Kind.OTHER
    if isinstance(result, Coroutine) and result.kind in (
        "coroutine",
        "async generator",
    ):
        is_own = is_own or isinstance(maker, Function) and _is_wrapper(maker, own)
        if result.kind == "async generator":
            return Kind.ASYNC_GENERATOR if is_own else Kind.OTHER
        if is_own:
            return Kind.ASYNC
        return Kind.RETURNS_COROUTINE
    return Kind.OTHER


def _given(handler: Handler, value: Value) -> tuple[Value, Made | None]:
    """Return what calling a handler gives, and what made it if that is to be run."""
    if (
        isinstance(value, Function)
        and value == handler.value
        and not (value.is_async or value.cached)
        and getattr(value.node, "returns", None) is None
        and not value.module.scopes[value.node].yields
    ):
        # Its invocation is followed anyhow.
        summary = trace_of(handler)
        if summary is not None:
            return summary.value, summary.made(summary.value)
    result, run = handler.session.analysis.call(
        handler.module, value, [UNKNOWN, UNKNOWN]
    )
    entry = run.entry(getattr(result, "address", None))
    return result, entry if isinstance(entry, Made) else None


def _is_never_run(handler: Handler, value: Value) -> bool:
    """Return whether a decorator calls an async handler and runs its coroutine nowhere.

    What it does with the coroutine instead does not matter.
    """
    if not isinstance(value, Function) or value.is_async:
        return False
    decorated = _decorated(handler)
    if not decorated or value.node in decorated:
        return False
    summary = handler.session.analysis.summary(value)
    run = summary.activation
    if run is None or summary.is_truncated:
        return False
    made = {
        address
        for _, state, _ in summary.returns
        for address, entry in state.heap.items()
        if isinstance(entry, Made)
        and isinstance(entry.callable, Function)
        and entry.callable.node in decorated
    }
    return bool(made) and made.isdisjoint(run.driven)


def _decorated(handler: Handler) -> set[ast.AST]:
    """Return the async functions that decorators make a handler of."""
    own, module = handler.node, handler.module
    if isinstance(own, ast.AsyncFunctionDef):
        return {own}
    found: list[ast.AST] = [*wrapped(module, own)]
    if name := wrapped_name(own):
        value = handler.session.analysis.global_value(module, name)
        found += [one.node for one in each(value) if isinstance(one, Function)]
    return {one for one in found if isinstance(one, ast.AsyncFunctionDef)}


def passed_on_by(handler: Handler) -> str | None:
    """Return the decorator that calls an async handler without running it, if any does."""
    own = handler.node
    decorated = _decorated(handler)
    called = _callee(handler.session.analysis, handler.value)
    if called is None or not decorated or called.node in decorated:
        return None
    made_by = getattr(own, "value", None) or getattr(own, "decorator_list")[0]
    return paths.short(made_by.func if isinstance(made_by, ast.Call) else made_by)


def other_function(handler: Handler) -> str:
    """Return the words for the function that a handler is by another name: `, main …`."""
    called = [_callee(handler.session.analysis, one) for one in each(handler.value)]
    function = called[0] if len(called) == 1 else None
    if function is None or function.node is handler.node:
        return ""
    return f", `{function.name}` ({paths.from_file(function.module, function.node, handler.module)})"


def _is_wrapper(maker: Function, own: ast.stmt) -> bool:
    """Return whether an async function was put around a handler by a decorator."""
    if not getattr(own, "decorator_list", ()):
        return False
    return isinstance(own, ast.AsyncFunctionDef) or (
        maker.frame is not None and maker.node not in set(ast.walk(own))
    )


def _callee(analysis: Analysis, value: Value) -> Function | None:
    """Return the function that calling a value runs first."""
    if isinstance(value, Partial):
        return _callee(analysis, value.function)
    if isinstance(value, Instance):
        method = analysis.class_facts(value.cls).find("__call__")
        return method if isinstance(method, Function) else None
    return value if isinstance(value, Function) else None


NOT_CALLABLE = Misfit("is not callable", "make it a function")


def refusal(handler: Handler) -> Misfit | None:
    """Return why two positional arguments do not fit; `None` if they may."""
    reasons = [_refusal(handler, one) for one in each(handler.value)]
    return reasons[0] if reasons and None not in reasons else None


def _refusal(handler: Handler, value: Value) -> Misfit | None:
    analysis = handler.session.analysis
    if isinstance(value, (Const, Container)):
        return NOT_CALLABLE
    given = GIVEN
    keywords: set[str] = set()
    if isinstance(value, Partial):
        given += len(value.args)
        keywords = {name for name, _ in value.keywords}
        value = value.function
    if isinstance(value, Descriptor):
        value = value.function if value.kind == "staticmethod" else value
    if isinstance(value, Instance):
        facts = analysis.class_facts(value.cls)
        method = facts.find("__call__")
        if method is None and not facts.is_open and not facts.ancestors:
            return NOT_CALLABLE
        value = method.bind(value) if isinstance(method, Function) else value
    if isinstance(value, Class):
        facts = analysis.class_facts(value)
        if facts.find("__new__") is not None or facts.has_metaclass or facts.bases:
            return None
        init = facts.find("__init__")
        if isinstance(init, Function):
            value, given = init, given + 1
    if not isinstance(value, Function):
        return None
    if value.receiver is not None:
        given += 1
    found = misfit(value.node.args, given, keywords)
    if found is not None and given == GIVEN and _names(value)[:1] == ["self"]:
        is_method = value.owner is not None
        cure = "take it from an object" if is_method else "leave `self` out"
        return Misfit("is bound to no object, so `self` is the event", cure)
    return found


def _names(function: Function) -> list[str]:
    """Return the names of a function's positional parameters."""
    arguments = function.node.args
    return [one.arg for one in (*arguments.posonlyargs, *arguments.args)]


def trace_of(handler: Handler) -> Summary | None:
    """Return what one invocation finds out, calls inlined; `None` if not known."""
    return handler.session.once(_trace, handler)


def _trace(session: Session, handler: Handler) -> Summary | None:
    value = handler.value
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    while isinstance(value, Partial):
        args = [*value.args, *args]
        keywords = {**dict(value.keywords), **keywords}
        value = value.function
    analysis = session.analysis
    if isinstance(value, Instance):
        method = analysis.class_facts(value.cls).find("__call__")
        if isinstance(method, Function):
            value = method.bind(value)
    if isinstance(value, Class) and refusal(handler) is None:
        made, run = analysis.call(handler.module, value, [*args, UNKNOWN, CONTEXT])
        at = [(made, run.state, handler.node)]
        return Summary(made, run.state, [], [], [*at], run)
    if not isinstance(value, Function) or value.is_async:
        return None
    module = handler.module
    if session.project.may_hold_coroutines(module.path, module.text):
        analysis.module(module)  # which may set the loop of all that follows
    stores = analysis.stores
    summary = analysis.trace(value, [*args, UNKNOWN, CONTEXT], keywords)
    if analysis.stores != stores:
        # What the first invocation leaves behind is what the next one finds.
        summary = analysis.trace(value, [*args, UNKNOWN, CONTEXT], keywords)
    if summary.is_truncated:
        session.note(handler.module, paths.unfollowed(summary))
    return summary


def response_place(handler: Handler, node: ast.AST) -> ast.AST:
    """Return where to report what a handler returns at a node.

    That is the `return` in its own body, also where the handler is a method or another
    function by a new name; else the handler, as for a decorator's `return`.
    """
    own = handler.node
    is_inside = (
        own.lineno <= getattr(node, "lineno", 0) <= (own.end_lineno or own.lineno)
        if isinstance(own, FUNCTIONS)
        else True
    )
    return node if is_inside and handler.module.owns(node) else own
