"""Apps and resolvers of web frameworks, whose decorators make functions into routes.

`resolve` of Powertools calls one of them for each invocation, and encodes what it gives
(3.37.0, read and run 2026-11-22).
"""

from __future__ import annotations

from flake8_lambda_handler.flow.events import Dumped
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Partial
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries.callbacks import one_of
from flake8_lambda_handler.libraries.method_names import PLAIN_ROUTERS
from flake8_lambda_handler.libraries.method_names import POWERTOOLS_ROUTERS
from flake8_lambda_handler.libraries.method_names import ROUTING
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of
from flake8_lambda_handler.libraries.registry import register_all

_ROUTE = "<route of Powertools>"

#: The key under which the heap notes that something else encodes the results of routes.
_ENCODED = "encoded"

_POWERTOOLS = "aws_lambda_powertools."

#: Arguments of a resolver that choose what encodes.
_ENCODING = frozenset({"enable_validation", "serializer", REST})


def _made(run: Run, call: Call) -> Value:
    new = made(run, call, call.name)
    if not _ENCODING.isdisjoint(call.keywords):
        _note(run, new, {_ENCODED: NONE})
    return new


register_all(sorted(PLAIN_ROUTERS), _made)


@methods_of(*sorted(POWERTOOLS_ROUTERS))
def _method(run: Run, receiver: Object, call: Call) -> Value | None:
    if call.name in ROUTING:
        if "middlewares" in call.keywords:
            _note(run, receiver, {_ENCODED: NONE})
        return Partial(External(_ROUTE), (receiver,), ())
    if call.name == "use":
        _note(run, receiver, {_ENCODED: NONE})
    if call.name == "include_router":
        for router in each(call.argument(0, "router")):
            if isinstance(router, Object):
                _note(run, receiver, _held(run, router))
    if call.name in ("__call__", "resolve"):
        return _resolved(run, receiver, call)
    return None


@call_of(_ROUTE)
def _decorated(run: Run, call: Call) -> Value:
    """Note a route, which the decorator leaves as it is."""
    router, function = call.argument(0), call.argument(1)
    if isinstance(router, Object) and isinstance(function, Function):
        _note(run, router, {function.node: function})
    return function


def _held(run: Run, router: Object) -> dict[object, Value]:
    entry = run.entry(router.address)
    return entry.known if isinstance(entry, Items) else {}


def _note(run: Run, router: Object, known: dict[object, Value]) -> None:
    if router.address is not None:
        run.state.heap[router.address] = Items({**_held(run, router), **known})


def _resolved(run: Run, receiver: Object, call: Call) -> Value | None:
    """Call each of the routes, as one invocation may, and encode what it gives."""
    held = _held(run, receiver)
    routes = [
        one for one in held.values() if isinstance(one, Function) and not one.is_async
    ]
    if not routes:
        return None

    def encode(route: Function, given: Value) -> None:
        if _ENCODED not in held:
            state = run.state.fork()
            run.record(Dumped(call.node, _body(run, given), state, False, route))

    for value in call.values():
        run.escape(value)
    one_of(run, routes, call.node, encode)
    return UNKNOWN


def _body(run: Run, given: Value) -> Value:
    """Return what is encoded of what a route gives: the first of a pair."""
    return join(*[_encoded(run, one) for one in each(given)])


def _encoded(run: Run, given: Value) -> Value:
    if isinstance(given, Container) and given.kind == "tuple":
        items = run.items(given).known
        return items.get(0, UNKNOWN) if len(items) == 2 else given
    is_own = isinstance(given, Object) and given.type.startswith(_POWERTOOLS)
    is_text = isinstance(given, Const) and isinstance(given.value, (bytes, str))
    return UNKNOWN if is_own or is_text else given  # sent as it is
