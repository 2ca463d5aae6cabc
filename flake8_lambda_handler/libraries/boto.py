"""Clients, tables and responses of boto3: which part of a response is what.

What a response holds is read from botocore's own service models (see `tables`).
"""

from __future__ import annotations

import ast
from functools import lru_cache

from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import NONE
from flake8_lambda_handler.flow.values import REST
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.flow.values import join
from flake8_lambda_handler.libraries import boto_shapes
from flake8_lambda_handler.libraries import update_expressions
from flake8_lambda_handler.libraries.async_apis import ASYNC_STREAM
from flake8_lambda_handler.libraries.objects import BYTES
from flake8_lambda_handler.libraries.objects import DATETIME
from flake8_lambda_handler.libraries.objects import DECIMAL
from flake8_lambda_handler.libraries.objects import ITEM_PART
from flake8_lambda_handler.libraries.objects import STREAM
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import methods_of

SESSION = "boto3.Session"
CLIENT = "boto3 client"
RESOURCE = "boto3 resource"
TABLE = "boto3 table"
PAGINATOR = "boto3 paginator"
PAGES = "boto3 pages"
REPLY = "boto3 response"

#: The service, the method, and whether values come as from a resource.
Operation = tuple[str, str, bool]

#: Leads from a response to a part: members and keys, `None` for a list's elements.
Path = tuple["str | None", ...]


class Boto(Object):
    """A client, a table, a paginator or a part of a response of boto3.

    The heap has empty `Items` at the address of a response that nobody changed.
    """

    __slots__ = ("type", "address", "operation", "path")
    operation: Operation
    path: Path

    @property
    def shape(self) -> boto_shapes.Shape | None:
        return shape_of(self.operation, self.path)

    def below(self, key: str | None) -> Boto:
        """Return the part of a response that a key leads to."""
        return type(self)(REPLY, self.address, self.operation, (*self.path, key))


class AsyncReply(Boto):
    """A part of a response of aioboto3, whose streams are read by coroutines."""

    __slots__ = Boto.__slots__


class Updated(Boto):
    """A part of what `update_item` gives, with the attributes that are numbers."""

    __slots__ = (*Boto.__slots__, "numbers")
    numbers: frozenset[str]

    def below(self, key: str | None) -> Updated:
        """Return the part of a response that a key leads to."""
        path = (*self.path, key)
        return Updated(REPLY, self.address, self.operation, path, self.numbers)


@lru_cache(maxsize=None)
def shape_of(operation: Operation, path: Path) -> boto_shapes.Shape | None:
    """Return what the service's model says of a part of a response."""
    if not path:
        return boto_shapes.boto3_operation(*operation)
    above = shape_of(operation, path[:-1])
    return None if above is None else above.item(path[-1])


#: Methods that write to DynamoDB give no item back unless they are asked to.
_WRITES = frozenset({"put_item", "update_item", "delete_item"})

#: Parameters that may leave out what cannot be encoded.
_SELECTIONS = ("AttributesToGet", "ProjectionExpression", "Select")


@call_of("boto3.client", "boto3.resource")
def service(run: Run, call: Call) -> Value:
    """Return the client or the resource of a service."""
    kind = CLIENT if call.name.endswith("client") else RESOURCE
    wanted = call.argument(0, "service_name")
    if not isinstance(wanted, Const) or not isinstance(wanted.value, str):
        return UNKNOWN
    return Boto(kind, None, (wanted.value, "", kind == RESOURCE), ())


def attribute(value: Boto, name: str) -> Value | None:
    """Return an attribute that is no method; `None` if it is not known."""
    if value.type == RESOURCE and name == "meta":
        return value
    if value.type == RESOURCE and name == "client":
        return Boto(CLIENT, value.address, value.operation, ())
    return None


@methods_of(SESSION)
def _session_method(run: Run, receiver: Object, call: Call) -> Value | None:
    return service(run, call) if call.name in ("client", "resource") else None


@methods_of(CLIENT, RESOURCE, TABLE, PAGINATOR, PAGES, REPLY)
def _method(run: Run, receiver: Object, call: Call) -> Value:
    assert isinstance(receiver, Boto)
    service, operation, resource = receiver.operation
    kind = receiver.type
    for value in call.values():
        run.escape(value, keep=True)
    if kind == REPLY:
        return _reply_method(run, receiver, call)
    if kind == RESOURCE:
        if service == "dynamodb" and call.name == "Table":
            return Boto(TABLE, None, receiver.operation, ())
        return UNKNOWN
    if kind == CLIENT and call.name == "get_paginator":
        wanted = call.argument(0)
        if isinstance(wanted, Const) and isinstance(wanted.value, str):
            return Boto(PAGINATOR, None, (service, wanted.value, resource), ())
        return UNKNOWN
    if kind == PAGINATOR:
        if call.name != "paginate":
            return UNKNOWN
        return Boto(PAGES, None, receiver.operation, ())
    if kind == PAGES:
        if call.name != "build_full_result":
            return UNKNOWN
        return _reply(run, receiver.operation, call.node)
    found = _reply(run, (service, call.name, resource), call.node)
    if resource and _wanted(call) in ("ALL_NEW", "UPDATED_NEW"):
        numbers = update_expressions.numbers(run, call)
        if numbers and isinstance(found, Boto):
            return Updated(REPLY, found.address, found.operation, (), numbers)
    return UNKNOWN if resource and not _selects(call) else found


def _wanted(call: Call) -> str:
    """Return which attributes a call that writes to DynamoDB asks for."""
    wanted = call.keywords.get("ReturnValues")
    is_known = REST not in call.keywords
    return str(wanted.value) if isinstance(wanted, Const) and is_known else ""


def _selects(call: Call) -> bool:
    """Return whether a call to DynamoDB gives back whole items."""
    if call.name in _WRITES:
        return _wanted(call).startswith("ALL_")
    return not any(word in call.keywords for word in (*_SELECTIONS, REST))


def _reply(
    run: Run, operation: Operation, node: ast.AST, cls: type[Boto] = Boto
) -> Value:
    shape = shape_of(operation, ())
    if shape is None or shape.kind == "plain":
        return UNKNOWN
    address = run.address(node)
    run.state.heap[address] = Items()
    return cls(REPLY, address, operation, ())


def async_reply(run: Run, client: str, name: str, node: ast.AST) -> Value:
    """Return what awaiting an operation of a client of aioboto3 gives.

    `client` is its type, with the service: `aiobotocore.client.AioBaseClient[s3]`.
    """
    service = client.partition("[")[2].removesuffix("]")
    return _reply(run, (service, name, False), node, AsyncReply)


def is_intact(entry: object) -> bool:
    """Return whether the heap's entry is that of a response nobody changed."""
    return isinstance(entry, Items) and not entry.known and entry.rest is None


def changed(run: Run, value: Value) -> None:
    """Note that somebody may change a response of boto3."""
    for one in each(value):
        if isinstance(one, Boto) and one.type == REPLY and one.address is not None:
            run.state.heap[one.address] = Items({}, UNKNOWN, UNKNOWN)


def _part(value: Boto, key: str | None) -> Value:
    """Return what subscripting a response gives."""
    shape = value.shape
    below = None if shape is None else shape.item(key)
    if below is None:
        return UNKNOWN
    if below.kind == "stream" and isinstance(value, AsyncReply):
        return Object(ASYNC_STREAM, value.address)
    if below.kind in _LEAVES:
        return _LEAVES[below.kind]
    return value.below(key)


_LEAVES: dict[str, Value] = {
    "blob": Object(BYTES, None),
    "plain": UNKNOWN,
    "stream": Object(STREAM, None),
    "timestamp": Object(DATETIME, None),
}


def _reply_method(run: Run, receiver: Boto, call: Call) -> Value:
    shape = receiver.shape
    kind = "plain" if shape is None else shape.kind
    if kind == "list" and call.name in (
        "append",
        "extend",
        "insert",
        "sort",
        "reverse",
    ):
        return NONE
    if kind in ("structure", "map") and call.name in ("get", "pop") and call.args:
        if call.name == "pop":
            changed(run, receiver)
        found = subscript(receiver, call.args[0], call.args[0])
        return join(found, call.args[1] if len(call.args) > 1 else NONE)
    if call.name == "get" and call.args and _is_number(receiver, call.args[0]):
        return Object(DECIMAL, None)
    if call.name in ("get", "keys", "index", "count"):
        return UNKNOWN
    # `for value in response.values()`: the values are out of sight.
    changed(run, receiver)
    return UNKNOWN


def subscript(value: Boto, key: Value, node: object) -> Value:
    """Return what `value[key]` gives."""
    shape = value.shape
    kind = "plain" if shape is None or value.type != REPLY else shape.kind
    if kind == "list":
        is_slice = isinstance(getattr(node, "slice", None), ast.Slice)
        return value if is_slice else _part(value, None)
    if kind == "dynamodb item":
        return Object(DECIMAL if _is_number(value, key) else ITEM_PART, None)
    if kind in ("structure", "map") and isinstance(key, Const):
        return _part(value, key.value) if isinstance(key.value, str) else UNKNOWN
    return UNKNOWN


def _is_number(value: Boto, key: Value) -> bool:
    """Return whether a key of an item certainly holds a number."""
    numbers = value.numbers if isinstance(value, Updated) else ()
    return isinstance(key, Const) and key.value in numbers


def element(run: Run, value: Boto, node: ast.AST) -> Value:
    """Return what iterating gives: a page, or an element of a list."""
    if value.type == PAGES:
        return _reply(run, value.operation, node)
    shape = value.shape
    if value.type == REPLY and shape is not None and shape.kind == "list":
        return _part(value, None)
    return UNKNOWN
