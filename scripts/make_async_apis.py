"""Write `flake8_lambda_handler/libraries/data/async/` from the installed packages.

    pip install --upgrade aio-pika aioboto3 aiofiles aiogram aiohttp aioitertools \
        aiokafka aiomysql aiopg aiosmtplib aiosqlite anthropic anyio arq asyncpg \
        beanie channels databases discord.py disnake django elasticsearch[async] fastapi google-genai gql[aiohttp] \
        google-adk groq httpx langchain-anthropic langchain-aws langchain-openai langgraph \
        litellm mcp motor nats-py odmantic ollama openai opensearch-py[async] playwright \
        psycopg[binary] psycopg-pool pydantic-ai-slim pymongo pyrogram python-telegram-bot \
        qdrant-client quart redis slack_sdk sqlalchemy[asyncio] telethon tortoise-orm \
        websockets
    python scripts/make_async_apis.py [PACKAGE...]

The last version of Home Assistant for Python 3.11 is 2024.3.3, which the table is from.

Needs Python 3.11. Installs nothing; says which packages are missing and leaves their tables as they are.
Each table records the versions it was made from, and the same versions give the same
bytes. The tables of the standard library come from the Python that runs the script.

What is written is what is certain:

- a function that is declared with `async def` gives a coroutine (an async generator,
  when it yields), also behind a decorator listed in `DECORATORS`;
- a plain function gives a coroutine when each of its `return` statements hands on a
  coroutine of `self`;
- a function annotated with a type of the tables is a plain call that gives that type;
- an object whose only use is to be awaited, entered or iterated is just that;
- a plain function that is annotated as giving an `Awaitable` or a `Future` is left
  out, unless a line below says that awaiting it is not optional;
- what no annotation tells stands in `SUPPLEMENT`, with its source.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import collections.abc
import contextlib
import functools
import importlib
import importlib.metadata
import inspect
import json
import os
import pkgutil
import sys
import textwrap
import types
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

TARGET = (
    Path(__file__).resolve().parent.parent
    / "flake8_lambda_handler/libraries/data/async"
)


class Package(NamedTuple):
    """A top-level package, and where its public names stand."""

    name: str
    #: Its distribution, or "" for the standard library.
    distribution: str
    #: Modules to look into, each with all its public submodules when it ends in `.*`.
    modules: tuple[str, ...]
    #: Modules whose classes are followed; the whole package when empty.
    within: tuple[str, ...] = ()


PACKAGES = (
    Package(
        "aio_pika",
        "aio-pika",
        ("aio_pika", "aio_pika.abc", "aio_pika.pool", "aio_pika.patterns"),
    ),
    Package(
        "aioboto3",
        "aioboto3",
        ("aioboto3", "aioboto3.session", "aioboto3.dynamodb.table"),
        ("aioboto3.session.Session", "aioboto3.dynamodb", "aioboto3.resources"),
    ),
    Package(
        "aiobotocore",
        "aiobotocore",
        (
            "aiobotocore.client",
            "aiobotocore.paginate",
            "aiobotocore.response",
            "aiobotocore.session",
            "aiobotocore.waiter",
        ),
        (
            "aiobotocore.client",
            "aiobotocore.paginate",
            "aiobotocore.response",
            "aiobotocore.session",
            "aiobotocore.waiter",
        ),
    ),
    Package("aiofiles", "aiofiles", ("aiofiles.*",)),
    Package(
        "aiogram",
        "aiogram",
        ("aiogram", "aiogram.types", "aiogram.fsm.context"),
        (
            "aiogram.client.bot",
            "aiogram.client.session.base",
            "aiogram.dispatcher.dispatcher",
            "aiogram.fsm.context",
            "aiogram.methods",
            "aiogram.types",
        ),
    ),
    Package("aiohttp", "aiohttp", ("aiohttp", "aiohttp.client", "aiohttp.web")),
    Package("aioitertools", "aioitertools", ("aioitertools.*",)),
    Package("aiokafka", "aiokafka", ("aiokafka", "aiokafka.admin")),
    Package("aiomysql", "aiomysql", ("aiomysql", "aiomysql.cursors")),
    Package("aiopg", "aiopg", ("aiopg",)),
    Package("aiosmtplib", "aiosmtplib", ("aiosmtplib",)),
    Package("aiosqlite", "aiosqlite", ("aiosqlite.*",)),
    Package("anthropic", "anthropic", ("anthropic", "anthropic.resources.*")),
    Package("anyio", "anyio", ("anyio.*",)),
    Package("arq", "arq", ("arq", "arq.connections", "arq.jobs", "arq.worker")),
    Package("asyncio", "", ("asyncio.*",)),
    Package(
        "asyncpg",
        "asyncpg",
        ("asyncpg", "asyncpg.prepared_stmt", "asyncpg.transaction"),
    ),
    Package("beanie", "beanie", ("beanie",)),
    Package(
        "channels",
        "channels",
        (
            "channels.generic.http",
            "channels.generic.websocket",
            "channels.layers",
        ),
    ),
    Package("contextlib", "", ("contextlib",)),
    Package("discord", "discord.py", ("discord", "discord.ext.commands")),
    Package("databases", "databases", ("databases",)),
    Package(
        "django",
        "Django",
        (
            "django.contrib.auth",
            "django.core.cache",
            "django.core.cache.backends.base",
            "django.db.models",
            "django.dispatch",
            "django.shortcuts",
        ),
        (
            "django.contrib.auth",
            "django.core.cache",
            "django.db.models.base",
            "django.db.models.manager",
            "django.db.models.query",
            "django.dispatch",
            "django.shortcuts",
        ),
    ),
    Package("disnake", "disnake", ("disnake", "disnake.ext.commands")),
    Package(
        "elasticsearch", "elasticsearch", ("elasticsearch", "elasticsearch.helpers")
    ),
    Package(
        "fastapi", "fastapi", ("fastapi", "fastapi.requests", "fastapi.websockets")
    ),
    Package(
        "google",
        "google-genai",
        ("google.genai", "google.adk.runners", "google.adk.sessions"),
        ("google.genai", "google.adk"),
    ),
    Package("gql", "gql", ("gql",), ("gql.client",)),
    Package("groq", "groq", ("groq", "groq.resources.*")),
    Package(
        "homeassistant",
        "homeassistant",
        (
            *(
                f"homeassistant.components.{name}"
                for name in """
                    alarm_control_panel binary_sensor button calendar camera climate cover
                    device_tracker event fan humidifier image light lock
                    media_player number remote select sensor siren switch text
                    time todo update vacuum water_heater weather
                """.split()
            ),
            "homeassistant.config_entries",
            "homeassistant.core",
            "homeassistant.helpers.aiohttp_client",
            "homeassistant.helpers.entity",
            "homeassistant.helpers.restore_state",
            "homeassistant.helpers.storage",
            "homeassistant.helpers.update_coordinator",
        ),
    ),
    Package("httpx", "httpx", ("httpx",)),
    Package("langchain_anthropic", "langchain-anthropic", ("langchain_anthropic",)),
    Package("langchain_aws", "langchain-aws", ("langchain_aws",)),
    Package(
        "langchain_core",
        "langchain-core",
        (
            "langchain_core.embeddings",
            "langchain_core.language_models",
            "langchain_core.output_parsers",
            "langchain_core.prompts",
            "langchain_core.retrievers",
            "langchain_core.runnables",
            "langchain_core.tools",
            "langchain_core.vectorstores",
        ),
    ),
    Package("langchain_openai", "langchain-openai", ("langchain_openai",)),
    Package("langgraph", "langgraph", ("langgraph.graph", "langgraph.prebuilt")),
    Package("litellm", "litellm", ("litellm",), ("litellm.main", "litellm.router")),
    Package("mcp", "mcp", ("mcp",)),
    Package("motor", "motor", ("motor.motor_asyncio",)),
    Package("nats", "nats-py", ("nats", "nats.aio.client", "nats.js"), ("nats",)),
    Package("odmantic", "odmantic", ("odmantic",), ("odmantic",)),
    Package("ollama", "ollama", ("ollama",)),
    Package("openai", "openai", ("openai", "openai.resources.*")),
    Package(
        "opensearchpy",
        "opensearch-py",
        ("opensearchpy", "opensearchpy.helpers"),
        ("opensearchpy._async",),
    ),
    Package("playwright", "playwright", ("playwright.async_api",)),
    Package("psycopg", "psycopg", ("psycopg",), ("psycopg",)),
    Package("psycopg_pool", "psycopg-pool", ("psycopg_pool",), ("psycopg_pool",)),
    Package("pydantic_ai", "pydantic-ai-slim", ("pydantic_ai",)),
    Package(
        "pymongo",
        "pymongo",
        (
            "pymongo",
            "pymongo.asynchronous.change_stream",
            "pymongo.asynchronous.client_session",
            "pymongo.asynchronous.collection",
            "pymongo.asynchronous.command_cursor",
            "pymongo.asynchronous.cursor",
            "pymongo.asynchronous.database",
            "pymongo.asynchronous.encryption",
            "pymongo.asynchronous.mongo_client",
        ),
        ("pymongo.asynchronous",),
    ),
    Package("pyrogram", "Pyrogram", ("pyrogram", "pyrogram.types")),
    Package("qdrant_client", "qdrant-client", ("qdrant_client",)),
    Package("quart", "quart", ("quart", "quart.wrappers")),
    Package(
        "redis",
        "redis",
        (
            "redis.asyncio",
            "redis.asyncio.client",
            "redis.asyncio.cluster",
            "redis.asyncio.connection",
            "redis.asyncio.lock",
            "redis.asyncio.sentinel",
        ),
        ("redis.asyncio", "redis.commands.core.AsyncScript"),
    ),
    Package(
        "slack_sdk",
        "slack_sdk",
        (
            "slack_sdk.audit_logs.async_client",
            "slack_sdk.scim.async_client",
            "slack_sdk.web.async_client",
            "slack_sdk.webhook.async_client",
        ),
    ),
    Package(
        "sqlalchemy",
        "SQLAlchemy",
        ("sqlalchemy.ext.asyncio",),
        ("sqlalchemy.ext.asyncio",),
    ),
    Package(
        "starlette",
        "starlette",
        (
            "starlette.applications",
            "starlette.concurrency",
            "starlette.datastructures",
            "starlette.requests",
            "starlette.websockets",
        ),
    ),
    Package(
        "telegram",
        "python-telegram-bot",
        ("telegram", "telegram.ext"),
    ),
    Package("telethon", "Telethon", ("telethon", "telethon.events")),
    Package(
        "tortoise",
        "tortoise-orm",
        ("tortoise", "tortoise.models", "tortoise.queryset", "tortoise.transactions"),
    ),
    Package(
        "websockets",
        "websockets",
        ("websockets", "websockets.asyncio.client"),
        ("websockets.asyncio",),
    ),
)

#: What the decorators of the packages give: None where they call the function and
#: return what it gave. Read in the versions that the tables record, 2026-11-21.
DECORATORS = {
    "aiosqlite.context:contextmanager.<locals>.wrapper": "awaitable",
    "anthropic._utils._utils:required_args.<locals>.inner.<locals>.wrapper": None,
    "asyncpg.connresource:guarded.<locals>._check": None,
    "elasticsearch._async.client.utils:"
    "_rewrite_parameters.<locals>.wrapper.<locals>.wrapped": None,
    "elasticsearch._sync.client.utils:"
    "_availability_warning.<locals>.wrapper.<locals>.wrapped": None,
    "elasticsearch._sync.client.utils:"
    "_rewrite_parameters.<locals>.wrapper.<locals>.wrapped": None,
    "motor.metaprogramming:"
    "MotorCursorChainingMethod.create_attribute.<locals>.return_clone": None,
    "openai._utils._utils:required_args.<locals>.inner.<locals>.wrapper": None,
    "opensearchpy.client.utils:query_params.<locals>._wrapper.<locals>._wrapped": None,
    # Runs it in plain functions; see `libraries/telegram.py`.
    "pyrogram.sync:async_to_sync.<locals>.async_to_sync_wrap": None,
    "redis.utils:deprecated_function.<locals>.decorator.<locals>.wrapper": None,
    "redis.utils:experimental_method.<locals>.decorator.<locals>.wrapper": None,
    "sqlalchemy.ext.asyncio.base:asyncstartablecontext.<locals>.helper": "awaitable",
}

#: Commands whose coroutine comes from a function of the module, or a decorated one.
REDIS_COMMANDS = (
    "eval",
    "eval_ro",
    "evalsha",
    "evalsha_ro",
    "fcall",
    "fcall_ro",
    "georadius",
    "georadiusbymember",
    "publish",
    "set",
    "spublish",
    "xread",
    "xreadgroup",
    "zinter",
    "zinterstore",
    "zrange",
    "zrangestore",
    "zunion",
    "zunionstore",
)

#: Objects with public attributes that nevertheless have one use only, and those of
#: derived classes.
ONE_USE = {
    # Sends nothing before it is awaited, or returned to the dispatcher.
    "aiogram.methods.base.TelegramMethod": "awaitable",
    "aiohttp.streams.AsyncStreamIterator": "async iterator",
    "asyncpg.pool.PoolAcquireContext": "awaitable",
    "sqlalchemy.ext.asyncio.session._AsyncSessionContextManager": "async context",
}

#: Methods of operators whose results are followed.
SPECIAL = ("__call__", "__getitem__", "__or__")

#: Classes that say something about their subclasses which need not hold, and functions
#: whose names do not show that they are async.
LEFT_OUT = frozenset(
    {
        "contextlib.AbstractAsyncContextManager",
        "homeassistant.config_entries.support_entry_unload",
        "homeassistant.config_entries.support_remove_from_device",
    }
)


class Call(NamedTuple):
    """What calling something gives; `type` is a class, or text as the tables have."""

    kind: str
    type: Any = None


PLAIN = "plain"

#: What managers and queries of Django give rows by, and what makes another query.
DJANGO_ROWS = (
    "acreate",
    "aearliest",
    "afirst",
    "aget",
    "aget_or_create",
    "alast",
    "alatest",
    "aupdate_or_create",
)
DJANGO_QUERIES = (
    "alias",
    "all",
    "annotate",
    "defer",
    "distinct",
    "exclude",
    "extra",
    "filter",
    "none",
    "only",
    "order_by",
    "prefetch_related",
    "reverse",
    "select_for_update",
    "select_related",
    "using",
    "values",
    "values_list",
)
DJANGO_METHODS = {
    **dict.fromkeys(
        (name[1:] for name in DJANGO_ROWS), (PLAIN, "django.db.models.Model")
    ),
    **dict.fromkeys(DJANGO_QUERIES, (PLAIN, "django.db.models.QuerySet")),
    **dict.fromkeys(DJANGO_ROWS, ("coroutine", "django.db.models.Model")),
}

RESOURCE = "aioboto3.resources.base.AIOBoto3ServiceResource"

#: What the packages do not say in a form that a program can read. Read in the sources
#: of the versions that the tables record, and tried out, on 2026-11-21; a call written
#: as None is taken out of the table. `[]` ends a type that is one of many, by the first
#: argument of the call.
SUPPLEMENT: dict[str, dict[str, Any]] = {
    "functions": {
        # They run until they are done in plain functions: `pyrogram/sync.py`.
        "pyrogram.compose": (PLAIN, None),
        "pyrogram.idle": (PLAIN, None),
        # Under a decorator whose wrapper is async for each of them: `utils.client`.
        **dict.fromkeys(
            [
                f"litellm.{name}"
                for name in (
                    "acompletion",
                    "aembedding",
                    "aimage_generation",
                    "amoderation",
                    "arerank",
                    "aresponses",
                    "aspeech",
                    "atext_completion",
                    "atranscription",
                )
            ],
            ("coroutine", None),
        ),
        # No annotations; "asyncio" of Python 3.10 to 3.13. `gather` and the others
        # start what they are given, so that nobody else can.
        "asyncio.create_subprocess_exec": ("coroutine", "asyncio.subprocess.Process"),
        "asyncio.create_subprocess_shell": ("coroutine", "asyncio.subprocess.Process"),
        "asyncio.create_task": ("future", None),
        "asyncio.ensure_future": ("future", None),
        "asyncio.gather": ("future", None),
        "asyncio.get_event_loop": (PLAIN, "asyncio.AbstractEventLoop"),
        "asyncio.get_running_loop": (PLAIN, "asyncio.AbstractEventLoop"),
        "asyncio.new_event_loop": (PLAIN, "asyncio.AbstractEventLoop"),
        "asyncio.open_connection": (
            "coroutine",
            "(asyncio.StreamReader, asyncio.StreamWriter)",
        ),
        "asyncio.open_unix_connection": (
            "coroutine",
            "(asyncio.StreamReader, asyncio.StreamWriter)",
        ),
        "asyncio.shield": ("future", None),
        "asyncio.start_server": ("coroutine", "asyncio.Server"),
        "asyncio.start_unix_server": ("coroutine", "asyncio.Server"),
        "asyncio.wrap_future": (PLAIN, "asyncio.Future"),
        "aiobotocore.session.get_session": (PLAIN, "aiobotocore.session.AioSession"),
        # The wrapper of a binary file has all of these methods, and a few more.
        "aiofiles.open": ("awaitable", "aiofiles.threadpool.AsyncTextIOWrapper"),
        "aiofiles.tempfile.NamedTemporaryFile": (
            "awaitable",
            "aiofiles.threadpool.AsyncTextIOWrapper",
        ),
        "aiofiles.tempfile.SpooledTemporaryFile": (
            "awaitable",
            "aiofiles.tempfile.temptypes.AsyncSpooledTemporaryFile",
        ),
        "aiofiles.tempfile.TemporaryDirectory": ("awaitable", None),
        "aiofiles.tempfile.TemporaryFile": (
            "awaitable",
            "aiofiles.threadpool.AsyncTextIOWrapper",
        ),
        "aiomysql.connect": ("awaitable", "aiomysql.Connection"),
        "aiomysql.create_pool": ("awaitable", "aiomysql.Pool"),
        "asyncpg.connect": ("coroutine", "asyncpg.Connection"),
        # A pool can be awaited, entered, or kept: it is an ordinary object.
        "asyncpg.create_pool": (PLAIN, "asyncpg.Pool"),
        # Proxies of what is being answered (0.23.1).
        **dict.fromkeys(
            [
                *(f"quart.request.{name}" for name in ("get_data", "get_json")),
                *(
                    f"quart.websocket.{name}"
                    for name in (
                        "accept",
                        "close",
                        "receive",
                        "receive_json",
                        "send",
                        "send_json",
                    )
                ),
            ],
            ("coroutine", None),
        ),
        # A class of the project: what it has is what objects of it have, too.
        "django.contrib.auth.get_user_model": (PLAIN, "django.db.models.Model"),
        "django.shortcuts.get_object_or_404": (PLAIN, "django.db.models.Model"),
        "redis.asyncio.from_url": (PLAIN, "redis.asyncio.Redis"),
        "sqlalchemy.ext.asyncio.create_async_engine": (
            PLAIN,
            "sqlalchemy.ext.asyncio.AsyncEngine",
        ),
    },
    #: Names of what other packages define, and of values that are classes.
    "aliases": {
        **{
            f"django.contrib.auth.{name}": "django.db.models.Model"
            for name in (
                "base_user.AbstractBaseUser",
                "models.AbstractBaseUser",
                "models.AbstractUser",
                "models.Group",
                "models.User",
            )
        },
        "django.contrib.auth.models.Group.objects": "django.db.models.Manager",
        "django.contrib.auth.models.User.objects": "django.db.models.Manager",
        "django.core.cache.cache": "django.core.cache.BaseCache",
        "fastapi.Request": "starlette.requests.Request",
        "fastapi.WebSocket": "starlette.websockets.WebSocket",
        "fastapi.requests.Request": "starlette.requests.Request",
        "fastapi.websockets.WebSocket": "starlette.websockets.WebSocket",
        "telegram.ext.ContextTypes.DEFAULT_TYPE": "telegram.ext.CallbackContext",
    },
    "classes": {
        "aioboto3.Session": {
            "methods": {
                "client": ("async context", "aiobotocore.client.AioBaseClient[]"),
                "get_available_regions": ("coroutine", None),
                "get_credentials": ("coroutine", None),
                "resource": (
                    "async context",
                    "aioboto3.resources.base.AIOBoto3ServiceResource[]",
                ),
            },
        },
        RESOURCE: {"methods": {"close": ("coroutine", None)}, "loop_bound": True},
        # What else it has are the batch actions of the service.
        "aioboto3.resources.collection.AIOCollectionManager": {
            "methods": {
                "all": (PLAIN, "aioboto3.resources.collection.AIOResourceCollection"),
                "filter": (
                    PLAIN,
                    "aioboto3.resources.collection.AIOResourceCollection",
                ),
                "iterator": (
                    PLAIN,
                    "aioboto3.resources.collection.AIOResourceCollection",
                ),
                "limit": (PLAIN, "aioboto3.resources.collection.AIOResourceCollection"),
                "page_size": (
                    PLAIN,
                    "aioboto3.resources.collection.AIOResourceCollection",
                ),
                "pages": ("async generator", None),
            },
            "default_method": "coroutine",
        },
        "aioboto3.resources.collection.AIOResourceCollection": {
            "methods": {
                "all": (PLAIN, "Self"),
                "filter": (PLAIN, "Self"),
                "limit": (PLAIN, "Self"),
                "page_size": (PLAIN, "Self"),
            },
            "default_method": "coroutine",
            # A plain `for` raises `NotImplementedError`.
            "async_for": True,
        },
        # Every operation is a coroutine; all 407 clients of aiobotocore 2.25.1 were
        # made, and these three are all that is not.
        "aiobotocore.client.AioBaseClient": {
            "methods": {
                "can_paginate": (PLAIN, None),
                "get_paginator": (PLAIN, "aiobotocore.paginate.AioPaginator"),
                "get_waiter": (PLAIN, "aiobotocore.waiter.AIOWaiter"),
            },
            "default_method": "coroutine",
            "loop_bound": True,
        },
        # A plain `for` gives one page, a coroutine that nobody awaits.
        "aiobotocore.paginate.AioPageIterator": {"async_for": True},
        "aiobotocore.paginate.AioPaginator": {
            "methods": {"paginate": (PLAIN, "aiobotocore.paginate.AioPageIterator")},
        },
        "aiobotocore.session.AioSession": {
            "methods": {
                "create_client": (
                    "async context",
                    "aiobotocore.client.AioBaseClient[]",
                ),
            },
        },
        # Entering it enters the response of aiohttp that it wraps.
        "aiobotocore.response.StreamingBody": {"enter": "aiohttp.ClientResponse"},
        # Bound to the loop that runs when it is made; there has to be one.
        "aiohttp.BaseConnector": {"loop_bound": True},
        "aiohttp.ClientResponse": {"loop_bound": True},
        "aiohttp.ClientSession": {"loop_bound": True},
        "aiohttp.ClientWebSocketResponse": {"loop_bound": True},
        # A plain call before aiohttp 3.12, which nobody had to await.
        "aiohttp.TCPConnector": {"methods": {"close": None}, "loop_bound": True},
        # Its session belongs to the loop of its first request. Run with 3.31, 2026-11-22.
        "aiogram.Bot": {
            "attributes": {"session": "aiogram.client.session.base.BaseSession"},
            "loop_bound": "first use",
        },
        "aiogram.client.session.base.BaseSession": {
            "methods": {"close": ("coroutine", None)},
        },
        "aiomysql.Connection": {
            "methods": {"cursor": ("awaitable", "aiomysql.Cursor")},
            "loop_bound": True,
        },
        # Futures that are done: what is asked for is in their result. Run with 0.3.2,
        # 2026-11-22.
        **{
            f"aiomysql.cursors.{name}": {
                "methods": dict.fromkeys(
                    ("fetchall", "fetchmany", "fetchone"), ("future", None)
                ),
            }
            for name in ("Cursor", "DeserializationCursor", "DictCursor")
        },
        "aiomysql.Pool": {
            "methods": {"acquire": ("awaitable", "aiomysql.Connection")},
            "enter": "Self",
            "loop_bound": True,
        },
        "aiopg.Connection": {"loop_bound": True},
        "aiopg.Pool": {"loop_bound": True},
        "anthropic._base_client.AsyncAPIClient": {"loop_bound": "first use"},
        "anyio.CapacityLimiter": {"loop_bound": "first use"},
        "anyio.Event": {"loop_bound": "first use"},
        "anyio.Lock": {"loop_bound": "first use"},
        "anyio.Semaphore": {"loop_bound": "first use"},
        # No annotations. A running function of `run_in_executor` needs nobody to await
        # it, and the tasks of a group are awaited by the group.
        "asyncio.AbstractEventLoop": {
            "methods": {
                "create_future": (PLAIN, "asyncio.Future"),
                "create_server": ("coroutine", "asyncio.Server"),
                "create_task": ("future", None),
                "create_unix_server": ("coroutine", "asyncio.Server"),
                "run_in_executor": (PLAIN, "asyncio.Future"),
            },
        },
        "asyncio.Runner": {
            "methods": {"get_loop": (PLAIN, "asyncio.AbstractEventLoop")},
        },
        "asyncio.TaskGroup": {"methods": {"create_task": (PLAIN, "asyncio.Task")}},
        # Bound by the first wait since Python 3.10.
        "asyncio.Barrier": {"loop_bound": "first use"},
        "asyncio.Condition": {"loop_bound": "first use"},
        "asyncio.Event": {"loop_bound": "first use"},
        "asyncio.Lock": {"loop_bound": "first use"},
        "asyncio.Queue": {"loop_bound": "first use"},
        "asyncio.Semaphore": {"loop_bound": "first use"},
        "asyncio.Future": {"loop_bound": True},
        "asyncio.Server": {"loop_bound": True},
        "asyncio.StreamReader": {"loop_bound": True},
        "asyncio.StreamWriter": {"loop_bound": True},
        "asyncio.Task": {"loop_bound": True},
        "asyncio.subprocess.Process": {
            "attributes": {
                "stderr": "asyncio.StreamReader",
                "stdin": "asyncio.StreamWriter",
                "stdout": "asyncio.StreamReader",
            },
            "loop_bound": True,
        },
        "asyncpg.Connection": {
            "methods": {
                "cursor": ("awaitable", None),
                "prepare": ("coroutine", "asyncpg.prepared_stmt.PreparedStatement"),
                "transaction": (PLAIN, "asyncpg.transaction.Transaction"),
            },
            "loop_bound": True,
        },
        "asyncpg.Pool": {
            "methods": {"acquire": ("awaitable", "asyncpg.Connection")},
            "loop_bound": True,
        },
        "elasticsearch.AsyncElasticsearch": {"loop_bound": "first use"},
        "httpx.AsyncBaseTransport": {"loop_bound": "first use"},
        "httpx.AsyncClient": {"loop_bound": "first use"},
        # Any other attribute or key is a database, then a collection.
        "motor.motor_asyncio.AsyncIOMotorClient": {
            "methods": {
                "__getitem__": (PLAIN, "motor.motor_asyncio.AsyncIOMotorDatabase"),
                "get_database": (PLAIN, "motor.motor_asyncio.AsyncIOMotorDatabase"),
                "get_default_database": (
                    PLAIN,
                    "motor.motor_asyncio.AsyncIOMotorDatabase",
                ),
            },
            "default_attribute": "motor.motor_asyncio.AsyncIOMotorDatabase",
            "loop_bound": "first use",
        },
        "motor.motor_asyncio.AsyncIOMotorCollection": {
            "methods": {
                "__getitem__": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCollection"),
                "aggregate": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCommandCursor"),
                "find": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCursor"),
                "watch": (PLAIN, "motor.motor_asyncio.AsyncIOMotorChangeStream"),
            },
            "default_attribute": "motor.motor_asyncio.AsyncIOMotorCollection",
        },
        "motor.motor_asyncio.AsyncIOMotorDatabase": {
            "methods": {
                "__getitem__": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCollection"),
                "aggregate": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCommandCursor"),
                "get_collection": (PLAIN, "motor.motor_asyncio.AsyncIOMotorCollection"),
                "watch": (PLAIN, "motor.motor_asyncio.AsyncIOMotorChangeStream"),
            },
            "default_attribute": "motor.motor_asyncio.AsyncIOMotorCollection",
        },
        "groq._base_client.AsyncAPIClient": {"loop_bound": "first use"},
        "openai._base_client.AsyncAPIClient": {"loop_bound": "first use"},
        "opensearchpy.AsyncOpenSearch": {"loop_bound": "first use"},
        # Browsers and pages answer in the loop that has started them.
        "playwright.async_api.Browser": {"loop_bound": True},
        "playwright.async_api.BrowserContext": {"loop_bound": True},
        "playwright.async_api.Page": {"loop_bound": True},
        "playwright.async_api.Playwright": {"loop_bound": True},
        "pymongo.AsyncMongoClient": {
            "default_attribute": "pymongo.asynchronous.database.AsyncDatabase",
            "loop_bound": "first use",
        },
        "pymongo.asynchronous.collection.AsyncCollection": {
            "default_attribute": "pymongo.asynchronous.collection.AsyncCollection",
        },
        "pymongo.asynchronous.database.AsyncDatabase": {
            "default_attribute": "pymongo.asynchronous.collection.AsyncCollection",
        },
        # With a name it gives a class derived from that one (3.3.9).
        "psycopg.AsyncConnection": {
            "methods": {"cursor": (PLAIN, "psycopg.AsyncCursor")},
        },
        "redis.asyncio.Connection": {"loop_bound": "first use"},
        "redis.asyncio.ConnectionPool": {"loop_bound": "first use"},
        "redis.asyncio.Redis": {
            "methods": {
                "from_url": (PLAIN, "Self"),
                "pubsub": (PLAIN, "redis.asyncio.client.PubSub"),
                # Each was called, and gave a coroutine.
                **dict.fromkeys(REDIS_COMMANDS, ("coroutine", None)),
            },
            "attributes": {"connection_pool": "redis.asyncio.ConnectionPool"},
            "loop_bound": "first use",
        },
        "redis.asyncio.RedisCluster": {"loop_bound": "first use"},
        "sqlalchemy.ext.asyncio.AsyncConnection": {
            "enter": "Self",
            "loop_bound": True,
        },
        "sqlalchemy.ext.asyncio.AsyncEngine": {"loop_bound": "first use"},
        "sqlalchemy.ext.asyncio.AsyncSessionTransaction": {"enter": "Self"},
        "sqlalchemy.ext.asyncio.AsyncTransaction": {"enter": "Self"},
        "sqlalchemy.ext.asyncio.async_sessionmaker": {
            "methods": {
                "__call__": (PLAIN, "sqlalchemy.ext.asyncio.AsyncSession"),
                "begin": ("async context", "sqlalchemy.ext.asyncio.AsyncSession"),
            },
        },
        # They do nothing unless they are awaited. Run with 1.1.9, 2026-11-22.
        "tortoise.queryset.QuerySet": {
            "methods": dict.fromkeys(
                ("count", "delete", "exists", "update"), ("awaitable", None)
            ),
        },
        # The client of HTTP in it belongs to the loop of its first request; after `async
        # with` or `shutdown()` it makes a new one. Run with 22.8, 2026-11-22. What it
        # annotates in `__init__` is written out.
        "telegram.Bot": {"loop_bound": "first use"},
        # Of a class derived from it, as a type variable says (2024.3.3).
        "homeassistant.helpers.update_coordinator.CoordinatorEntity": {
            "attributes": {
                "coordinator": "homeassistant.helpers.update_coordinator."
                "DataUpdateCoordinator"
            }
        },
        # Cached properties of their own, which tell no type.
        **{
            name: {
                "attributes": {
                    "followup": f"{name.partition('.')[0]}.Webhook",
                    "response": f"{name.partition('.')[0]}.InteractionResponse",
                }
            }
            for name in (
                "discord.Interaction",
                "disnake.ApplicationCommandInteraction",
                "disnake.Interaction",
                "disnake.MessageInteraction",
                "disnake.ModalInteraction",
            )
        },
        # One of several classes, of which all can be sent something.
        **{
            name: {
                "attributes": {
                    "author": f"{name.partition('.')[0]}.abc.Messageable",
                    "channel": f"{name.partition('.')[0]}.abc.Messageable",
                }
            }
            for name in (
                "discord.Message",
                "discord.ext.commands.Context",
                "disnake.Message",
                "disnake.ext.commands.Context",
            )
        },
        # Under decorators whose wrappers are async (2.2.0, read on 2026-11-22).
        "beanie.Document": {
            "methods": {
                "find_one": ("awaitable", "Self"),
                "insert": ("coroutine", "Self"),
                "replace": ("coroutine", "Self"),
                "save": ("coroutine", "Self"),
                "save_changes": ("coroutine", None),
            }
        },
        "channels.generic.websocket.AsyncWebsocketConsumer": {
            "attributes": {"channel_layer": "channels.layers.BaseChannelLayer"}
        },
        # A manager has the methods of its queries, each behind a plain function. Run
        # with 6.1.3, 2026-11-22.
        "django.db.models.Manager": {
            "methods": {
                **DJANGO_METHODS,
                **dict.fromkeys(
                    (
                        "aaggregate",
                        "abulk_create",
                        "abulk_update",
                        "acontains",
                        "acount",
                        "aexists",
                        "aexplain",
                        "ain_bulk",
                        "aupdate",
                    ),
                    ("coroutine", None),
                ),
                "aiterator": ("async generator", "django.db.models.Model"),
                "get_queryset": (PLAIN, "django.db.models.QuerySet"),
            },
        },
        "django.db.models.Model": {
            "attributes": {"objects": "django.db.models.Manager"}
        },
        "django.db.models.QuerySet": {
            "methods": {
                **DJANGO_METHODS,
                "__getitem__": (PLAIN, "django.db.models.Model"),
                "aiterator": ("async generator", "django.db.models.Model"),
            },
        },
        "telegram.CallbackQuery": {"attributes": {"from_user": "telegram.User"}},
        "telegram.Message": {
            "attributes": {"chat": "telegram.Chat", "from_user": "telegram.User"}
        },
        "telegram.Update": {
            "attributes": {
                "callback_query": "telegram.CallbackQuery",
                "edited_message": "telegram.Message",
                "inline_query": "telegram.InlineQuery",
                "message": "telegram.Message",
            },
        },
        "telegram.ext.Application": {
            "attributes": {"bot": "telegram.ext.ExtBot"},
            "loop_bound": "first use",
        },
        "telegram.ext.CallbackContext": {"attributes": {"bot": "telegram.ext.ExtBot"}},
        # Run with 17.4 under several loops, 2026-11-22. Connections of psycopg look for
        # the loop that runs each time.
        "websockets.ClientConnection": {"loop_bound": True},
        "websockets.connect": {"loop_bound": True},
    },
}


class Registry:
    """The public names of all packages, and the classes found behind them."""

    def __init__(self) -> None:
        self.names: dict[Any, set[str]] = {}
        self.within: dict[str, tuple[str, ...]] = {}
        self.notes: list[str] = []

    def scan(self, package: Package) -> None:
        """Import the modules of a package and note what they make public."""
        found = list(modules(package.modules))
        self.within[package.name] = package.within or (package.name,)
        for module in found:
            for name in public_names(module):
                value = getattr(module, name, None)
                if self.belongs(value, package.name):
                    self.names.setdefault(value, set()).add(f"{module.__name__}.{name}")

    def name(self, value: Any) -> str:
        """Return the shortest public name, or where the class is defined."""
        defined = f"{value.__module__}.{value.__qualname__}"
        return min(
            self.names.get(value, [defined]),
            key=lambda name: (
                name.rpartition(".")[2] != value.__name__,
                name.count("."),
                not defined.startswith(name.rpartition(".")[0]),
                name != defined,
                len(name),
                name,
            ),
        )

    def has(self, value: Any) -> bool:
        """Say whether a value is a class of the packages that is followed."""
        if not isinstance(value, type) or "<locals>" in value.__qualname__:
            return False
        return self.belongs(value, (value.__module__ or "").partition(".")[0])

    def belongs(self, value: Any, package: str) -> bool:
        """Say whether a value is a class or function that a package defines."""
        if not isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return False
        # A decorated function of another package carries that package's module name.
        function = isinstance(value, types.FunctionType)
        module = value.__globals__["__name__"] if function else value.__module__
        defined = f"{module}.{value.__qualname__}"
        if defined in LEFT_OUT:
            return False
        if package in ("asyncio", "_asyncio"):
            return defined.startswith(("asyncio.", "_asyncio."))
        return any(
            defined.startswith(f"{prefix}.") or defined == prefix
            for prefix in self.within.get(package, ())
        )


def modules(patterns: tuple[str, ...]) -> Iterator[types.ModuleType]:
    """Import the modules of the patterns; a submodule that cannot be is left out."""
    for pattern in patterns:
        root = importlib.import_module(pattern.removesuffix(".*"))
        yield root
        if not pattern.endswith(".*") or not hasattr(root, "__path__"):
            continue
        names = [f"{root.__name__}."]
        while names:
            prefix = names.pop()
            path = sys.modules[prefix[:-1]].__path__
            for found in sorted(
                pkgutil.iter_modules(path, prefix), key=lambda f: f.name
            ):
                last = found.name.rpartition(".")[2]
                if last.startswith("_") or last in ("tests", "testsuite"):
                    continue
                try:
                    module = importlib.import_module(found.name)
                except ImportError:
                    continue
                yield module
                if found.ispkg:
                    names.append(f"{found.name}.")


def public_names(module: types.ModuleType) -> list[str]:
    """Return what users import: all names of a package, `__all__` of a module."""
    listed = getattr(module, "__all__", None)
    names = dir(module) if listed is None or hasattr(module, "__path__") else listed
    return sorted({name for name in names if not name.startswith("_")})


# -- types --------------------------------------------------------------------------

AWAITABLES = (collections.abc.Awaitable, collections.abc.Coroutine)
ITERATORS = (
    collections.abc.AsyncGenerator,
    collections.abc.AsyncIterable,
    collections.abc.AsyncIterator,
)
NAMESPACE = {
    **vars(collections.abc),
    **{name: getattr(typing, name) for name in typing.__all__},
    "AbstractAsyncContextManager": contextlib.AbstractAsyncContextManager,
}


#: Public attributes that every coroutine or generator has.
COROUTINE_NAMES = frozenset(
    name
    for cls in (types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)
    for name in dir(cls)
)


def home(value: Any) -> str:
    """Return the name of the module that holds the source of a function or class.

    Some packages give their public objects the name of the package (anyio).
    """
    if isinstance(value, type):
        value = next(filter(inspect.isfunction, vars(value).values()), value)
    scope = getattr(value, "__globals__", {})
    return scope.get("__name__") or getattr(value, "__module__", "") or ""


@functools.lru_cache(maxsize=None)
def checking_names(module: str) -> dict[str, Any]:
    """Return what a module imports for type checkers only."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None or not file.endswith(".py"):
        return {}
    package = sys.modules[module].__package__
    found = {}
    for node in ast.parse(Path(file).read_bytes()).body:
        if not isinstance(node, ast.If) or "TYPE_CHECKING" not in ast.dump(node.test):
            continue
        for one in node.body:
            if not isinstance(one, ast.ImportFrom):
                continue
            name = f"{'.' * one.level}{one.module or ''}"
            try:
                source = importlib.import_module(name, package)
            except ImportError:
                continue
            for alias in one.names:
                value = getattr(source, alias.name, None)
                if value is not None:
                    found[alias.asname or alias.name] = value
    return found


class Types:
    """Reads return annotations."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def annotation(self, function: Any, owner: type | None = None) -> Any:
        """Return the evaluated return annotation, or None when there is none."""
        function = inspect.unwrap(function)
        found = getattr(function, "__annotations__", {}).get("return")
        return self.evaluated(found, function, owner)

    def evaluated(self, found: Any, function: Any, owner: type | None) -> Any:
        if isinstance(found, typing.ForwardRef):
            found = found.__forward_arg__
        if not isinstance(found, str):
            return found
        module = home(function)
        scope = dict(NAMESPACE)
        scope.update(checking_names(module))
        scope.update(getattr(sys.modules.get(module), "__dict__", {}))
        if owner is not None:
            scope.setdefault(owner.__name__, owner)
        try:
            return eval(found, scope)  # noqa: S307 (annotations of installed code)
        except (AttributeError, NameError, SyntaxError, TypeError):
            return None

    def given(self, found: Any, function: Any, owner: type | None) -> Any:
        """Return the class that a type stands for, "Self", or None."""
        found = self.evaluated(found, function, owner)
        if found is typing.Self:
            return "Self"
        if isinstance(found, typing.TypeVar):
            bound = self.evaluated(found.__bound__, function, owner)
            if owner is not None and bound in owner.__mro__[:-1]:
                return "Self"
            return None
        origin = typing.get_origin(found)
        if origin in (typing.Union, types.UnionType):
            options = [
                option for option in typing.get_args(found) if option is not type(None)
            ]
            return (
                self.given(options[0], function, owner) if len(options) == 1 else None
            )
        if origin is typing.Annotated:
            return self.given(typing.get_args(found)[0], function, owner)
        if origin is tuple:
            items = [
                self.given(item, function, owner) for item in typing.get_args(found)
            ]
            return (
                tuple(items) if items and all(map(self.registry.has, items)) else None
            )
        found = origin or found
        generic = getattr(found, "__pydantic_generic_metadata__", None)
        if generic and generic["origin"]:
            found = generic["origin"]
        return found if self.registry.has(found) else None

    def call(self, found: Any, function: Any, owner: type | None) -> Call | None:
        """Return what a plain function with this return annotation gives."""
        found = self.evaluated(found, function, owner)
        origin = typing.get_origin(found) or found
        arguments = typing.get_args(found)
        if origin in AWAITABLES:
            return None
        if origin in ITERATORS:
            return Call("async iterator", self.argument(arguments, 0, function, owner))
        if origin is contextlib.AbstractAsyncContextManager:
            return Call("async context", self.argument(arguments, 0, function, owner))
        if isinstance(origin, type) and issubclass(origin, asyncio.Future):
            return None
        given = self.given(found, function, owner)
        if given is None:
            return None
        if isinstance(given, type):
            only = self.only_use(given)
            if only is not None:
                inner = self.argument(arguments, -1, function, owner)
                return only if only.type or not inner else Call(only.kind, inner)
        return Call(PLAIN, given)

    def argument(
        self, arguments: tuple[Any, ...], index: int, function: Any, owner: type | None
    ) -> Any:
        return self.given(arguments[index], function, owner) if arguments else None

    def only_use(self, cls: type) -> Call | None:
        """Return the kind of objects that can only be awaited or entered."""
        names = [f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__]
        kind = next((ONE_USE[name] for name in names if name in ONE_USE), None)
        public = {name for name in dir(cls) if not name.startswith("_")}
        if kind is None and not public <= COROUTINE_NAMES:
            return None
        entered = getattr(cls, "__aenter__", None)
        given = None
        if entered is not None:
            found = self.annotation(entered, cls)
            given = self.given(found, entered, cls)
            given = None if given == "Self" else given
        if hasattr(cls, "__await__"):
            if given is None:
                found = self.annotation(cls.__await__, cls)
                arguments = typing.get_args(found)
                given = self.argument(arguments, -1, cls.__await__, cls)
            return Call(kind or "awaitable", given)
        if entered is not None:
            return Call(kind or "async context", given)
        if hasattr(cls, "__anext__") and hasattr(cls, "__aiter__"):
            return Call(kind or "async iterator")
        return None


# -- functions and classes ----------------------------------------------------------


def source(function: Any) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """Return the definition of a plain function, None when it cannot be had."""
    if not isinstance(function, types.FunctionType):
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, SyntaxError, TypeError):
        return None
    return tree if isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def wrapper_name(function: Any) -> str:
    return f"{function.__globals__.get('__name__')}:{function.__code__.co_qualname}"


@functools.lru_cache(maxsize=None)
def handed_on(function: Any) -> frozenset[str] | None:
    """Return the methods of `self` whose result a function returns on every path.

    None when some path ends in another way.
    """
    tree = source(function)
    if not isinstance(tree, ast.FunctionDef) or not ends(tree.body):
        return None
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return None
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.AsyncFunctionDef)):
            if node is not tree:
                return None
        if isinstance(node, ast.Return):
            match node.value:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                    names.add(name)
                case _:
                    return None
    return frozenset(names)


def ends(body: list[ast.stmt]) -> bool:
    """Say whether no path falls off the end of the statements."""
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and ends(last.body) and ends(last.orelse)
    if isinstance(last, ast.Try):
        inner = [last.orelse or last.body, *[h.body for h in last.handlers]]
        return all(map(ends, inner))
    if isinstance(last, ast.With):
        return ends(last.body)
    return False


class Reader:
    """Turns functions and classes into entries."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.types = Types(registry)

    def function(self, function: Any, owner: type | None = None) -> Call | None:
        """Return what calling a function gives, None when that is not certain."""
        found = self.types.annotation(function, owner)
        given = self.types.given(found, inspect.unwrap(function), owner)
        if {"coroutine_annotation", "is_async_method"} & vars(function).keys():
            # motor.metaprogramming: started in a thread by the call (motor 3.7.1).
            started = not inspect.iscoroutinefunction(function)
            return Call("future" if started else "coroutine", given)
        kind = None
        while hasattr(function, "__wrapped__"):
            wrapper = wrapper_name(function)
            if wrapper == "contextlib:asynccontextmanager.<locals>.helper":
                arguments = typing.get_args(found)
                return Call(
                    "async context",
                    self.types.argument(arguments, 0, inspect.unwrap(function), owner),
                )
            if inspect.iscoroutinefunction(function):
                return Call(kind or "coroutine", given)
            if wrapper not in DECORATORS:
                if inspect.iscoroutinefunction(inspect.unwrap(function)):
                    self.registry.notes.append(f"unknown decorator {wrapper}")
                return None
            kind = DECORATORS[wrapper] or kind
            function = function.__wrapped__
        if inspect.isasyncgenfunction(function):
            arguments = typing.get_args(found)
            inner = self.types.argument(arguments, 0, function, owner)
            return Call(kind or "async generator", inner)
        if inspect.iscoroutinefunction(function):
            return Call(kind or "coroutine", given)
        if inspect.isgeneratorfunction(function):
            return None
        return self.types.call(found, function, owner)

    def methods(self, cls: type) -> dict[str, Call]:
        """Return what the public methods of a class give, inherited ones too."""
        found: dict[str, Call] = {}
        pending: dict[str, frozenset[str]] = {}
        for name in sorted(dir(cls)):
            if name.startswith("_") and name not in SPECIAL:
                continue
            value = inspect.getattr_static(cls, name, None)
            if isinstance(value, (classmethod, staticmethod)):
                value = value.__func__
            if not isinstance(value, types.FunctionType) or not self.own(cls, name):
                continue
            call = self.function(value, cls)
            if call is not None:
                found[name] = call
                continue
            while wrapper_name(value) in DECORATORS and hasattr(value, "__wrapped__"):
                value = value.__wrapped__
            if not hasattr(value, "__wrapped__") and (names := handed_on(value)):
                pending[name] = names
        settled = True
        while settled:
            settled = False
            for name, names in list(pending.items()):
                calls = [self.inner_call(cls, inner, found) for inner in names]
                if all(call is not None and call.kind == "coroutine" for call in calls):
                    found[name] = Call("coroutine")
                    del pending[name]
                    settled = True
        return found

    def own(self, cls: type, name: str) -> bool:
        """Say whether one of the packages defines an attribute of a class."""
        owner = next((base for base in cls.__mro__ if name in vars(base)), object)
        return owner.__module__.partition(".")[0] in self.registry.within

    def inner_call(self, cls: type, name: str, found: dict[str, Call]) -> Call | None:
        if name in found or not name.startswith("_"):
            return found.get(name)
        value = inspect.getattr_static(cls, name, None)
        return (
            self.function(value, cls) if isinstance(value, types.FunctionType) else None
        )

    def attributes(self, cls: type) -> dict[str, Any]:
        """Return the classes of the public attributes and properties of a class."""
        found: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            if base.__module__.partition(".")[0] not in self.registry.within:
                continue
            found.update(self.made(base))
            for name, annotation in sorted(inspect.get_annotations(base).items()):
                found[name] = self.types.given(annotation, base, cls)
            for name, value in sorted(vars(base).items()):
                getter = getattr(value, "fget", None)
                if isinstance(value, functools.cached_property):
                    getter = value.func
                if isinstance(getter, types.FunctionType):
                    annotation = self.types.annotation(getter, cls)
                    found[name] = self.types.given(annotation, getter, cls)
                elif name in found and not (
                    value is None or isinstance(value, types.MemberDescriptorType)
                ):
                    del found[name]
        return {
            name: given
            for name, given in found.items()
            if not name.startswith("_")
            and (given == "Self" or self.registry.has(given))
        }

    def made(self, base: type) -> dict[str, Any]:
        """Return the public attributes that `__init__` sets, once, to a new object."""
        function = vars(base).get("__init__")
        tree = source(function)
        if tree is None:
            return {}
        assigned: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[target], value=value):
                    pass
                case ast.AnnAssign(target=target, annotation=value):
                    pass
                case _:
                    continue
            match target:
                case ast.Attribute(value=ast.Name(id="self"), attr=name):
                    assigned.setdefault(name, []).append(value)
        found = {}
        for name, values in assigned.items():
            match values:
                case [ast.Call(func=ast.Name(id=made))]:
                    given = function.__globals__.get(made)
                    found[name] = given if self.registry.has(given) else None
        return found

    def enter(self, cls: type) -> Any:
        """Return what `async with` on an instance binds, None when not certain."""
        function = inspect.getattr_static(cls, "__aenter__", None)
        if not isinstance(function, types.FunctionType):
            return None
        given = self.types.given(self.types.annotation(function, cls), function, cls)
        if given is None and returns_self(function):
            return "Self"
        return "Self" if given is cls else given


def returns_self(function: Any) -> bool:
    tree = source(function)
    returned = [
        node.value
        for node in ast.walk(tree or ast.Pass())
        if isinstance(node, ast.Return)
    ]
    return bool(returned) and all(
        isinstance(value, ast.Name) and value.id == "self" for value in returned
    )


class Facts(NamedTuple):
    """What is known of a class before it is written."""

    methods: dict[str, Call | None]
    attributes: dict[str, Any]
    enter: Any
    default_method: str | None
    default_attribute: Any
    loop_bound: bool | str
    #: Public names that are neither methods nor attributes of a known type.
    others: frozenset[str]
    async_for: bool
    async_with: bool


NOTHING = Facts({}, {}, None, None, None, False, frozenset(), False, False)


# -- the resources of aioboto3 ------------------------------------------------------

MANAGER = "aioboto3.resources.collection.AIOCollectionManager"

#: Plain functions of resources that give a coroutine (aioboto3 15.5.0, tried out
#: 2026-11-21).
HANDING_ON = frozenset(
    {
        "close",
        "copy",
        "download_file",
        "download_fileobj",
        "upload_file",
        "upload_fileobj",
    }
)


async def aioboto3_resources() -> dict[str, Facts]:
    """Return the classes that aioboto3 makes when a resource is entered.

    They are made here, too; nothing goes over the network.
    """
    import aioboto3

    session = aioboto3.Session(
        aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1"
    )
    found = {}
    for service in session.get_available_resources():
        async with session.resource(service) as resource:
            found[f"{RESOURCE}[{service}]"] = resource_facts(resource, service)
            for one in resource.meta.resource_model.subresources:
                make = getattr(resource, one.name)
                made = await make(*["x" for _ in one.resource.identifiers])
                name = f"aioboto3.resources.factory.{service}.{one.resource.type}"
                found[name] = resource_facts(made, service)
    return found


def resource_facts(resource: Any, service: str) -> Facts:
    """Return what the methods and collections of one resource give."""
    model = resource.meta.resource_model
    types_by_name = {
        one.name: f"aioboto3.resources.factory.{service}.{one.resource.type}"
        for one in model.subresources
    }
    methods: dict[str, Call | None] = {}
    for name in dir(type(resource)):
        value = inspect.getattr_static(type(resource), name)
        if name.startswith("_") or not isinstance(value, types.FunctionType):
            continue
        if inspect.iscoroutinefunction(value) or name in HANDING_ON:
            methods[name] = Call("coroutine", types_by_name.get(name))
        elif name == "batch_writer":
            methods[name] = Call(PLAIN, "aioboto3.dynamodb.table.BatchWriter")
    attributes = {one.name: MANAGER for one in model.collections}
    return NOTHING._replace(methods=methods, attributes=attributes, loop_bound=True)


# -- tables -------------------------------------------------------------------------


class Tables:
    """The entries of all packages."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.reader = Reader(registry)
        self.classes: dict[str, Facts] = {}
        self.objects: dict[str, type] = {}
        self.functions: dict[str, Call] = {}

    def collect(self) -> None:
        """Read every public function and class, and the classes these lead to."""
        todo = [cls for name in SUPPLEMENT["classes"] if (cls := self.located(name))]
        for value in list(self.registry.names):
            name = self.registry.name(value)
            if isinstance(value, type):
                todo.append(value)
            elif isinstance(value, types.FunctionType):
                call = self.reader.function(value)
                if call is not None:
                    self.functions[name] = call
                    todo.extend(mentioned(call.type))
        while todo:
            cls = todo.pop()
            name = self.registry.name(cls)
            if name in self.classes or issubclass(cls, BaseException):
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                facts = NOTHING._replace(
                    methods=dict(self.reader.methods(cls)),
                    attributes=self.reader.attributes(cls),
                    enter=self.reader.enter(cls),
                    others=frozenset([n for n in dir(cls) if not n.startswith("_")]),
                    async_for=only(cls, "__aiter__", "__iter__", "__getitem__"),
                    async_with=only(cls, "__aenter__", "__enter__"),
                )
            self.classes[name] = facts
            self.objects[name] = cls
            for call in facts.methods.values():
                todo.extend(mentioned(call.type if call else None))
            for given in (*facts.attributes.values(), facts.enter):
                todo.extend(mentioned(given))

    def located(self, name: str) -> type | None:
        """Return the class that the supplement names, None when not installed."""
        module, _, attribute = name.rpartition(".")
        if name.partition(".")[0] not in self.registry.within:
            return None
        return getattr(importlib.import_module(module), attribute)

    def spelled(self, given: str | None) -> str | None:
        """Return a type of the supplement by its public name."""
        if given is None or given == "Self" or given.startswith("("):
            return given
        general, bracket, rest = given.partition("[")
        cls = self.located(general)
        return given if cls is None else f"{self.registry.name(cls)}{bracket}{rest}"

    def spelled_call(self, call: tuple[str, str | None] | None) -> Call | None:
        return call and Call(call[0], self.spelled(call[1]))

    def supplement(self) -> None:
        """Lay the hand-written facts over what was found."""
        for name, call in SUPPLEMENT["functions"].items():
            if name.partition(".")[0] in self.registry.within:
                self.functions[name] = self.spelled_call(call)
        for given, facts in SUPPLEMENT["classes"].items():
            name = self.spelled(given)
            old = self.classes.get(name, NOTHING)
            facts = dict(facts)
            facts["methods"] = {
                **old.methods,
                **{
                    key: self.spelled_call(call)
                    for key, call in facts.get("methods", {}).items()
                },
            }
            facts["attributes"] = {
                **old.attributes,
                **{
                    key: self.spelled(type)
                    for key, type in facts.get("attributes", {}).items()
                },
            }
            if "default_attribute" in facts:
                facts["default_attribute"] = self.spelled(facts["default_attribute"])
            self.classes[name] = old._replace(**facts)

    def settle_loops(self) -> None:
        """Hand the binding to a loop on to subclasses."""
        for name, facts in list(self.classes.items()):
            cls = self.objects.get(name)
            if cls is None or facts.loop_bound:
                continue
            for base in cls.__mro__[1:]:
                given = self.classes.get(self.registry.name(base))
                if given is not None and given.loop_bound:
                    self.classes[name] = facts._replace(loop_bound=given.loop_bound)
                    break

    def keep_async(self) -> None:
        """Drop the classes that lead to nothing async, and calls that give them."""
        kept = {
            name
            for name, facts in self.classes.items()
            if facts.loop_bound
            or facts.default_method
            or facts.enter
            or facts.async_for
            or facts.async_with
            or any(call and call.kind != PLAIN for call in facts.methods.values())
        }
        while True:
            more = {
                name
                for name, facts in self.classes.items()
                if name not in kept
                and any(
                    self.text(given) in kept
                    for given in (
                        *[call.type for call in facts.methods.values() if call],
                        *facts.attributes.values(),
                    )
                )
            }
            if not more:
                break
            kept |= more
        self.classes = {name: self.classes[name] for name in kept}
        self.functions = {
            name: call
            for name, call in self.functions.items()
            if call.kind != PLAIN or self.text(call.type)
        }

    def check_supplement(self) -> None:
        """Exit when the supplement names a type that is in no table."""
        calls = [call for call in SUPPLEMENT["functions"].values() if call]
        named = [call[1] for call in calls]
        for facts in SUPPLEMENT["classes"].values():
            named += [call[1] for call in facts.get("methods", {}).values() if call]
            named += [*facts.get("attributes", {}).values()]
            named.append(facts.get("default_attribute"))
        for type in named:
            installed = type and type.partition(".")[0] in self.registry.within
            if installed and not self.text(self.spelled(type)):
                raise SystemExit(f"SUPPLEMENT: no class {type}")

    def text(self, given: Any) -> str | None:
        """Return the written form of a type, None for one that is not in the tables."""
        if given is None or given == "Self":
            return given
        if isinstance(given, tuple):
            items = [self.text(item) for item in given]
            return f"({', '.join(items)})" if all(items) else None
        if isinstance(given, type):
            given = self.registry.name(given)
        general = given.partition("[")[0]
        return given if given.startswith("(") or general in self.classes else None

    def call(self, call: Call) -> list[str | None] | None:
        """Return the written form of a call, None when it says nothing."""
        type = self.text(call.type)
        return None if call.kind == PLAIN and type is None else [call.kind, type]

    def written(self, name: str) -> dict[str, Any]:
        """Return the written form of a class, all of its methods listed."""
        facts = self.classes[name]
        methods = {}
        for key, call in sorted(facts.methods.items()):
            entry = None if call is None else self.call(call)
            if entry is not None:
                methods[key] = entry
            elif facts.default_method:
                methods[key] = call and [call.kind, None]
        attributes: dict[str, str | None] = {
            key: text
            for key, given in sorted(facts.attributes.items())
            if (text := self.text(given))
        }
        if facts.default_attribute:
            masked = sorted(facts.others - methods.keys() - attributes.keys())
            attributes.update(dict.fromkeys(masked))
        found = {
            "methods": methods,
            "attributes": attributes,
            "enter": self.text(facts.enter),
            "default_method": facts.default_method,
            "default_attribute": self.text(facts.default_attribute),
            "loop_bound": facts.loop_bound,
            "async_for": facts.async_for,
            "async_with": facts.async_with,
        }
        return {key: value for key, value in found.items() if value}

    def with_bases(self) -> dict[str, dict[str, Any]]:
        """Return the written classes, each without what its bases say already."""
        full = {name: self.written(name) for name in sorted(self.classes)}
        found = {}
        for name, entry in full.items():
            cls = self.objects.get(name)
            bases = []
            rest = dict(entry)
            for base in cls.__mro__[1:] if cls else ():
                above = self.registry.name(base)
                if above not in full or any(
                    base in self.objects[other].__mro__ for other in bases
                ):
                    continue
                if not self.agrees(full[above], above, entry, name):
                    continue
                bases.append(above)
                for part in ("methods", "attributes"):
                    rest[part] = {
                        key: value
                        for key, value in rest.get(part, {}).items()
                        if full[above].get(part, {}).get(key) != value
                    }
                if full[above].get("enter") == entry.get("enter"):
                    rest.pop("enter", None)
            rest = {key: value for key, value in rest.items() if value}
            found[name] = {"bases": bases, **rest} if bases else rest
        return found

    @staticmethod
    def agrees(
        base: dict[str, Any], above: str, entry: dict[str, Any], name: str
    ) -> bool:
        """Say whether everything that a base says holds for the class, too."""
        if base.get("default_method") != entry.get("default_method"):
            return False
        if base.get("enter") and not entry.get("enter"):
            return False
        for part in ("methods", "attributes"):
            if any(key not in entry.get(part, {}) for key in base.get(part, {})):
                return False
        return True

    def aliases(self) -> dict[str, str]:
        """Return the other public names of everything that is written."""
        found: dict[str, str] = {}
        for value, names in self.registry.names.items():
            name = self.registry.name(value)
            if name in self.classes or name in self.functions:
                defined = f"{value.__module__}.{value.__qualname__}"
                found.update({alias: name for alias in {*names, defined} - {name}})
        return {**found, **SUPPLEMENT["aliases"]}


def only(cls: type, name: str, *others: str) -> bool:
    """Say whether a class has a special method, and none of the others."""
    return hasattr(cls, name) and not any(hasattr(cls, other) for other in others)


def mentioned(given: Any) -> list[type]:
    if isinstance(given, tuple):
        return [item for item in given if isinstance(item, type)]
    return [given] if isinstance(given, type) else []


def build(names: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return the text of each package's table, and notes for the one who runs this."""
    registry = Registry()
    packages = []
    for package in PACKAGES:
        try:
            registry.scan(package)
        except ImportError as error:
            registry.notes.append(f"{package.name} is not installed: {error}")
        else:
            packages.append(package)
    tables = Tables(registry)
    tables.collect()
    if "aioboto3" in registry.within:
        tables.classes.update(asyncio.run(aioboto3_resources()))
    tables.supplement()
    tables.settle_loops()
    tables.keep_async()
    tables.check_supplement()
    classes = tables.with_bases()
    functions = {
        name: entry
        for name, call in tables.functions.items()
        if (entry := tables.call(call))
    }
    aliases = tables.aliases()
    texts = {}
    for package in packages:
        if names and package.name not in names:
            continue
        table = {
            "version": version(package),
            "python": f"{sys.version_info.major}.{sys.version_info.minor}",
            "functions": of(package, functions),
            "classes": of(package, classes),
            "aliases": of(package, aliases),
        }
        texts[package.name] = dumped(table)
    return texts, sorted(set(registry.notes))


def version(package: Package) -> str:
    if package.distribution:
        return importlib.metadata.version(package.distribution)
    return ".".join(map(str, sys.version_info[:3]))


def of(package: Package, entries: dict[str, Any]) -> dict[str, Any]:
    prefix = f"{package.name}."
    return {name: entries[name] for name in sorted(entries) if name.startswith(prefix)}


def dumped(table: dict[str, Any]) -> str:
    """Return JSON with one function, class or alias per line."""
    parts = []
    for key, value in table.items():
        if isinstance(value, str):
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
            continue
        lines = [
            f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}"
            for name, entry in value.items()
        ]
        inner = ",\n".join(lines)
        parts.append(
            f"{json.dumps(key)}: {{\n{inner}\n}}" if inner else f'"{key}": {{}}'
        )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", nargs="*", help="only the tables of these packages")
    parser.add_argument(
        "--target", type=Path, default=TARGET, help="folder to write to"
    )
    options = parser.parse_args()
    # Django wants settings before channels is imported.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django.conf.global_settings")
    texts, notes = build(options.packages)
    options.target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (options.target / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}.json: {len(text)} bytes")
    for note in notes:
        print(note, file=sys.stderr)


if __name__ == "__main__":
    main()
