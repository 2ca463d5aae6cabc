"""Functions that only look like handlers: other frameworks and clouds call them."""

from __future__ import annotations

import ast
import os
import re
from functools import lru_cache
from typing import Any

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.values import Class
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.session import Session

#: No other framework or cloud has functions of this name.
CERTAIN_NAME = "lambda_handler"

#: Packages whose callbacks look like handlers: their framework awaits them.
FOREIGN_PACKAGES = re.compile(
    r"^\s*(?:import|from)\s+("
    r"aiogram|aiohttp\.web|apscheduler|azure|bottle|channels|cloudevents|cloudflare|"
    r"discord|disnake|faststream|firebase_functions|flet|functions_framework|"
    r"google\.cloud|grpc|hikari|js|kopf|microdot|nats|nextcord|nonebot|pubsub|"
    r"pyodide|pyrogram|quart|robyn|runpod|sanic|serverless_wsgi|slack_bolt|socketio|"
    r"starlette|telebot|telegram|telethon|tornado|twilio|vercel\w*|vkbottle|websockets|"
    r"workers|ydb|yandex\w*|bedrock_agentcore|fastapi|litestar|blacksheep|falcon|flask"
    r")\b",
    re.M,
)

_FOREIGN_WORDS = re.compile(r"yandex|ycloud|vercel|netlify|cloudflare|scaleway", re.I)

#: Annotations that Lambda code puts on its two parameters.
_PLAIN_ANNOTATIONS = frozenset(
    {
        "Any",
        "Context",
        "Dict",
        "JSON",
        "LambdaContext",
        "LambdaDict",
        "Mapping",
        "MutableMapping",
        "None",
        "Optional",
        "TypedDict",
        "Union",
        "bytes",
        "dict",
        "int",
        "list",
        "object",
        "str",
    }
)


def owns(session: Session, module: Module, name: str, node: Any) -> bool:
    """Return whether another framework or cloud owns the function."""
    parameters = [*node.args.posonlyargs, *node.args.args][:2]
    for parameter in parameters:
        if parameter.annotation is not None and not _is_plain(
            session, parameter.annotation, module
        ):
            return True
    if name == CERTAIN_NAME:
        return False
    if is_foreign_text(module.text):
        return True
    tree = session.project.tree(os.path.dirname(module.path))
    if not is_inside(module.path, os.path.join(tree.root, "api")):
        return False
    return tree.has_file(os.path.join(tree.root, "vercel.json"))


@lru_cache(maxsize=1)
def is_foreign_text(text: str) -> bool:
    """Return whether another framework or cloud owns a file of many handlers."""
    return bool(_FOREIGN_WORDS.search(text) or FOREIGN_PACKAGES.search(text))


def _is_plain(session: Session, annotation: ast.expr, module: Module) -> bool:
    """Return whether an annotation fits an event or a context of Lambda."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False  # no annotation, or nested deeper than the parser goes
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            name = node.id
        elif isinstance(node, ast.Attribute):
            name = node.attr
        else:
            continue
        if name in _PLAIN_ANNOTATIONS or name in ("typing", "t", "types", "context"):
            continue
        value = session.analysis.global_value(module, name)
        if isinstance(value, Class):
            continue
        dotted = getattr(value, "name", "")
        if not dotted.startswith(("aws_lambda", "typing", "builtins", "mypy_boto3")):
            return False
    return True
