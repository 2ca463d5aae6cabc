"""What iterating and subscripting values from outside the project give."""

from __future__ import annotations

import ast

from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import UNKNOWN
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.flow.values import Const
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Instance
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.libraries import boto
from flake8_lambda_handler.libraries import data_models
from flake8_lambda_handler.libraries import frames
from flake8_lambda_handler.libraries import numbers
from flake8_lambda_handler.libraries import objects
from flake8_lambda_handler.libraries import orm


def element(run: Run, value: Value, node: ast.AST) -> Value:
    """Return what iterating an external value gives."""
    if isinstance(value, boto.Boto):
        return boto.element(run, value, node) or UNKNOWN
    if isinstance(value, Object) and value.type in numbers.EXACT:
        return numbers.part(value, UNKNOWN)
    if isinstance(value, orm.Query):
        return Instance(value.cls, None)
    if isinstance(value, Class):
        return data_models.member(run, value)
    return UNKNOWN


def subscript(value: Value, key: Value, node: ast.AST) -> Value:
    """Return what subscripting an external value gives."""
    if isinstance(value, boto.Boto):
        return boto.subscript(value, key, node)
    if isinstance(value, Object) and value.type in numbers.EXACT:
        return numbers.part(value, key)
    if isinstance(value, Object) and value.type == frames.FRAME:
        is_column = isinstance(key, Const) and isinstance(key.value, str)
        return Object(frames.SERIES, None) if is_column else UNKNOWN
    if isinstance(value, External):
        if value.name == "os.environ":
            return Object(objects.STR, None)
        # `list[int]`, `Generic[T]`: a parametrised type is the type.
        return value
    if isinstance(value, Object):
        listed = async_apis.method(value.type, "__getitem__")
        if listed is not None and listed[1] is not None:
            return Object(listed[1], value.address)
    return UNKNOWN
