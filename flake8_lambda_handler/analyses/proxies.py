"""What API Gateway and load balancers refuse in the response of a handler.

Sources, read 2026-11-21: API Gateway developer guide, "Set up Lambda proxy integrations
in API Gateway" and "Create AWS Lambda proxy integrations for HTTP APIs"; Elastic Load
Balancing, "Use Lambda functions as targets of an Application Load Balancer".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_lambda_handler.analyses.encoding.findings import answers
from flake8_lambda_handler.analyses.encoding.refusals import RUNTIME
from flake8_lambda_handler.analyses.encoding.responses import response_fault
from flake8_lambda_handler.analyses.encoding.walk import Look
from flake8_lambda_handler.analyses.encoding.walk import looking
from flake8_lambda_handler.flow.heap import Items
from flake8_lambda_handler.flow.run import Put
from flake8_lambda_handler.flow.values import SOMETHING
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import Container
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Overfull
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.model import ALB
from flake8_lambda_handler.model import HTTP_1
from flake8_lambda_handler.model import REST

#: The keys that a REST API takes, and no others.
KEYS = frozenset(
    {"body", "headers", "isBase64Encoded", "multiValueHeaders", "statusCode"}
)

#: What the client gets, by who calls the function.
OUTCOMES = {
    frozenset({REST}): "API Gateway answers 502, `Malformed Lambda proxy response`",
    frozenset({HTTP_1}): "API Gateway answers 500",
    frozenset({ALB}): "the load balancer answers 502",
}

_SHAPES = {
    "dynamodb item": "dict",
    "list": "list",
    "map": "dict",
    "structure": "dict",
}

_NUMBERS = {
    objects.BOOL: "bool",
    objects.DECIMAL: "Decimal",
    objects.FLOAT: "float",
    objects.INT: "int",
}


class Malformed(NamedTuple):
    """One thing that the caller refuses, and the `return` that gives it."""

    node: ast.AST
    #: The key that it is about; empty for the whole response.
    key: str
    what: str
    cure: str
    puts: tuple[Put, ...] = ()


class _Answer(NamedTuple):
    """A dict that a handler returns."""

    node: ast.AST
    address: Address
    items: Items
    look: Look


def callers(handler: Handler) -> frozenset[str]:
    """Return the proxies that call a handler; none if anybody else may call it."""
    every = [set(one.callers) for one in handler.declarations]
    found = frozenset[str]().union(*every)
    return found if all(every) and found <= {REST, HTTP_1, ALB} else frozenset()


def malformed(handler: Handler) -> Iterator[Malformed]:
    """Yield what the proxies that call a handler refuse in what it returns."""
    asking = callers(handler)
    if not asking:
        return
    found, is_open = _dicts(handler)
    for one in found:
        if "statusCode" in one.items.known:
            yield from _body(one)
            if asking == {REST}:
                yield from _other_keys(one)
        elif not is_open:
            # With another one that is right, this may be for other events.
            yield from _body(one)
            if REST not in asking or not KEYS.issuperset(one.items.known):
                yield Malformed(one.node, "", "has no `statusCode`", "add it")


def _dicts(handler: Handler) -> tuple[list[_Answer], bool]:
    """Return the dicts that a handler returns, and whether any answer may be right."""
    found: list[_Answer] = []
    is_open = False
    for value, state, node in answers(handler):
        look = looking(state, handler.session.analysis)
        choices = [] if isinstance(value, Overfull) else list(each(value))
        if not choices or {UNKNOWN, SOMETHING} & {*choices}:
            is_open = True
            continue
        for one in choices:
            items = look(getattr(one, "address", None))
            if not isinstance(one, Container) or one.kind != "dict":
                is_open = is_open or not isinstance(one, Const)
            elif not isinstance(items, Items) or items.rest is not None:
                is_open = True
            elif state.many.get(one.address):
                is_open = True
            else:
                found.append(_Answer(node, one.address, items, look))
                is_open = is_open or "statusCode" in items.known
    return found, is_open


def _body(answer: _Answer) -> Iterator[Malformed]:
    body = answer.items.known.get("body", UNKNOWN)
    choices = [] if isinstance(body, Overfull) else list(each(body))
    for one in () if {UNKNOWN, SOMETHING} & {*choices} else choices:
        kind = _no_text(one, answer.look)
        if kind:
            puts = ((answer.address, "body", one),)
            what = f"is an `{kind}`" if kind == "int" else f"is a `{kind}`"
            yield Malformed(answer.node, "body", what, "use `json.dumps(...)`", puts)


def _other_keys(answer: _Answer) -> Iterator[Malformed]:
    for key, value in answer.items.known.items():
        if key not in KEYS and isinstance(key, str):
            puts = tuple((answer.address, key, one) for one in each(value))[:1]
            what = "is no key of a proxy response"
            yield Malformed(answer.node, key, what, "put it into `body`", puts)


def _no_text(value: Value, look: Look) -> str:
    """Return the class of a body that JSON certainly does not make text of."""
    if isinstance(value, Const) and isinstance(value.value, (bool, float, int)):
        return type(value.value).__name__
    if isinstance(value, Container) and value.kind in ("dict", "list", "tuple"):
        return value.kind
    if isinstance(value, boto.Boto):
        if value.shape is not None and value.type == boto.REPLY:
            is_kept = boto.is_intact(look(value.address))
            if is_kept and response_fault(value, RUNTIME) is None:
                return _SHAPES.get(value.shape.kind, "")
    if isinstance(value, Object):
        return _NUMBERS.get(value.type, "")
    return ""
