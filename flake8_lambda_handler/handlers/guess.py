"""Functions that are handlers as far as their name and parameters tell.

Only one in five async functions that look so really is an entry point (counted over 59
public repositories, 2026-11-20), so a guess must pass every test of `_is_plausible`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from typing import Any

from flake8_lambda_handler.facts import nodes
from flake8_lambda_handler.facts.bindings import bindings
from flake8_lambda_handler.facts.bindings import last_binding
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.handlers import foreign
from flake8_lambda_handler.handlers.handler import DEFINITIONS
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.handlers.handler import definition
from flake8_lambda_handler.handlers.handler import wrapped
from flake8_lambda_handler.handlers.signature import misfit
from flake8_lambda_handler.model import Evidence
from flake8_lambda_handler.session import Session

if TYPE_CHECKING:
    from flake8_lambda_handler.flow.analysis import Analysis

#: What Lambda code calls the two parameters of a handler.
_EVENT = re.compile(
    r"_{0,2}(?:\w+_)?(?:event|events|evt|payload|request|records?|message|data|input|body)"
    r"|e|_|__|ev|raw_event|\w*event\w*",
)
_CONTEXT = re.compile(r"_{0,2}(?:\w+_)?(?:context|ctx|cxt)|c|_|__|context_?\w*")

#: What is no function, and holds none that Lambda could call.
_DATA = (
    ast.Constant,
    ast.JoinedStr,
    ast.Dict,
    ast.List,
    ast.Set,
    ast.Tuple,
    ast.Compare,
)

#: Modules that give no function which Lambda could call.
_WITHOUT_HANDLERS = frozenset({"logging", "typing", "typing_extensions"})


def hidden(session: Session, module: Module) -> Iterator[Handler]:
    """Yield the async functions that may be handlers, but for an unknown decorator.

    Whatever that makes of them: they are none by name, and no rule judges them.
    """
    if session.settings.handlers:
        return
    for handler in _named(session, module):
        node = handler.node
        if (
            isinstance(node, ast.AsyncFunctionDef)
            and node.decorator_list
            and _looks_like_handler(handler, node, 0)
            and not all(isinstance(one, Function) for one in each(handler.value))
            and not foreign.owns(session, module, handler.name, node)
            and not _is_used(module, handler.name, node)
        ):
            yield handler


def by_name(session: Session, module: Module) -> Iterator[Handler]:
    """Yield the functions that are called and built like a handler."""
    yield from filter(_is_plausible, _named(session, module))


def _named(session: Session, module: Module) -> Iterator[Handler]:
    """Yield what is called like a handler, where no template says more."""
    if "handler" not in module.text or session.project.is_test(module):
        return
    if session.project.resolves_handlers_in(module.path):
        return
    for name in dict(bindings(module.tree)):
        if name != "handler" and not name.endswith("_handler"):
            continue
        node = definition(session, module, name)
        if node is None or isinstance(node, (ast.Import, ast.ImportFrom, ast.ClassDef)):
            continue
        [shown, *_] = [*wrapped(module, node), node]
        if not (_is_no_function(module, node) or _lacks_event(name, shown)):
            yield Handler(session, module, name, node, Evidence("name", name), ())


def _is_no_function(module: Module, node: ast.stmt) -> bool:
    """Return whether a statement makes a handler of logging, a type variable, or data.

    That is what most names are that look like a handler's; nothing has to be followed.
    """
    made = getattr(node, "value", None)
    if isinstance(made, _DATA):
        return True
    name = nodes.root(made.func) if isinstance(made, ast.Call) else ""
    bound = last_binding(module.tree, name) if name else None
    if isinstance(bound, ast.Import):
        imported = {one.name.partition(".")[0] for one in bound.names}
        return imported <= _WITHOUT_HANDLERS
    if isinstance(bound, ast.ImportFrom):
        return not bound.level and bound.module in _WITHOUT_HANDLERS
    return False


def _lacks_event(name: str, node: ast.stmt) -> bool:
    """Return whether no two parameters of a definition look like Lambda's.

    A decorator may bind those in front of them; what is around it is not followed for
    the handlers of errors and of signals that most decorated definitions are.
    """
    if not isinstance(node, DEFINITIONS) or name == foreign.CERTAIN_NAME:
        return False
    parameters = [*node.args.posonlyargs, *node.args.args]
    return not any(map(_are_lambdas, parameters, parameters[1:]))


def _are_lambdas(first: ast.arg, second: ast.arg) -> bool:
    """Return whether two parameters are called as Lambda code calls its two."""
    event, context = first.arg.lower(), second.arg.lower()
    if len(event) == 1 and context == "_":
        return False
    return bool(_EVENT.fullmatch(event) and _CONTEXT.fullmatch(context))


def _is_plausible(handler: Handler) -> bool:
    """Return whether a function that looks like a handler can be one."""
    own = handler.node
    if isinstance(own, DEFINITIONS) and not own.decorator_list:
        # What its name holds is this function, or one that shows the same.
        if not _looks_like_handler(handler, own, 0):
            return False
    module = handler.module
    [decorated, *_] = [*wrapped(module, own), own]
    proof = False
    # For a guess, no more is followed than for the coroutines of the file.
    analysis = handler.session.around(module).analysis
    for value in each(handler.value_by(analysis)):
        given = 0
        keywords: set[str] = set()
        if isinstance(value, Partial):
            given = len(value.args)
            keywords = {name for name, _ in value.keywords}
            value = value.function
        if isinstance(value, Instance):
            value = _called(analysis, value) or value
        if not isinstance(value, Function):
            return False
        # A decorator of the project may hide the parameters behind `*args`.
        is_shown = isinstance(decorated, DEFINITIONS) and not given
        given += value.receiver is not None
        shown = decorated if is_shown else value.node
        if not _looks_like_handler(handler, shown, 0 if is_shown else given):
            return False
        fits = misfit(value.node.args, 2 + given, keywords) is None
        if not fits or _is_lazy(own, value, module):
            if foreign.owns(handler.session, module, handler.name, shown):
                return False
            proof = True
    if not proof:
        return True
    return not _is_used(module, handler.name, own) and not (
        handler.session.project.is_used_elsewhere(module, handler.name)
    )


def _called(analysis: Analysis, value: Instance) -> Value | None:
    """Return what a call of an object of the project runs."""
    method = analysis.class_facts(value.cls).find("__call__")
    return method.bind(value) if isinstance(method, Function) else None


def _is_lazy(own: ast.stmt, function: Function, module: Module) -> bool:
    """Return whether a call of the function runs nothing of its body."""
    if isinstance(own, ast.AsyncFunctionDef) or function.is_async:
        return True
    scopes = map(module.scopes.get, (own, function.node))
    return any(scope is not None and scope.yields for scope in scopes)


def _looks_like_handler(handler: Handler, node: Any, given: int) -> bool:
    """Return whether parameters look like `(event, context)`.

    Under the name that only Lambda's handlers have, those that Lambda cannot call do
    as well, unless a function is made there: then it is a decorator. In a file of
    another cloud it is a handler that has moved there.
    """
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args][given:]
    if handler.name == foreign.CERTAIN_NAME and arguments.vararg is None:
        if parameters and parameters[0].arg == "self":
            del parameters[0]
        parameters += arguments.kwonlyargs
        if len(parameters) < 2:
            scope = handler.module.scopes.get(node)
            if (
                scope
                and scope.is_around
                or foreign.is_foreign_text(handler.module.text)
            ):
                return False
            names = [one.arg.lower() for one in parameters]
            return all(_EVENT.fullmatch(n) or _CONTEXT.fullmatch(n) for n in names)
    return len(parameters) > 1 and _are_lambdas(*parameters[:2])


def _is_used(module: Module, name: str, own: ast.stmt) -> bool:
    """Return whether a module itself uses a name that it binds at its top."""
    for scope in module.scopes.values():
        if name in scope.loaded and not (
            name in scope.local and scope.parent is not None
        ):
            if scope.node is not own:
                return True
    return False
