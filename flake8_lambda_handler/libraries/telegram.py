"""Bots: python-telegram-bot, plain up to version 13, and its like; py-cord; ADK.

Read in python-telegram-bot 13.15 and 22.8, run with 22.8 and aiogram 3.31, 2026-11-22.
"""

from __future__ import annotations

import ast
import re

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.kinds import is_async
from flake8_lambda_handler.flow.markers import Marker
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import External
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries.method_names import OF_EXTENSIONS
from flake8_lambda_handler.libraries.registry import call_of
from flake8_lambda_handler.libraries.registry import made
from flake8_lambda_handler.libraries.registry import methods_of

#: What only code for version 20 and later says.
_SINCE_20 = re.compile(
    r"\bApplicationBuilder\b|\bApplication\.builder\(|\bContextTypes\.DEFAULT_TYPE\b"
    r"|\bimport\b[^\n]*\bfilters\b"
    r"|\bawait\s[\w.]*\b(?:app|application|bot|callback_query|message|query|update)\."
)

#: `python-telegram-bot==20.1`, `python-telegram-bot[ext]>=20`, `= "^21.0"`.
_ASKED_FOR_20 = re.compile(
    r"(?i)\bpython-telegram-bot\b(?!-)(?:\[[\w, -]*\])?[^\n#;]*?"
    r"(?:==|~=|>=|[~^]|=[ \t]*[\"'])[ \t]*[\"']?[2-9]\d\b"
)

#: What only code for py-cord says.
_OF_PYCORD = re.compile(
    r"\bslash_command\b|\bApplicationContext\b|\bdiscord\.Bot\(|\bdiscord\.commands\b"
)

#: `google-adk==0.5`, `google-adk<1`: sessions are plain there (read in 0.5.0).
_ASKED_FOR_PLAIN_ADK = re.compile(
    r"(?i)\bgoogle-adk\b(?!-)(?:\[[\w, -]*\])?[^\n#;]*?"
    r"(?:(?:==|~=|<=|\^|=[ \t]*[\"'])[ \t]*[\"']?0\.|<[ \t]*1(?![\d.]*[1-9]))"
)

#: Their methods run until they are done where no loop runs: in Pyrogram always (2.0.106,
#: `pyrogram/sync.py`), in Telethon after `import telethon.sync` (1.45.0).
_RUN_IN_PLAIN = ("pyrogram.", "telethon.")

#: Version 13 needs a module that Python 3.13 does not have any more.
_WITHOUT_IMGHDR = (3, 13)

#: Methods of a dispatcher that hand their bot to the functions that answer.
_FEEDING = frozenset({"feed_raw_update", "feed_update", "process_update"})


def is_plain(run: Run, type: str, name: str) -> bool:
    """Return whether a method of a type may be plain in the version that is used."""
    if type.startswith("discord."):
        return name in OF_EXTENSIONS and _OF_PYCORD.search(run.module.text) is not None
    if type.startswith("google.adk."):
        return run.world.asks_for(run.module, _ASKED_FOR_PLAIN_ADK)
    if type.startswith(_RUN_IN_PLAIN):
        function = run.frame.function
        return function is None or not function.is_async
    return type.startswith("telegram.") and not _is_new(run, run.module)


def _is_new(run: Run, module: Module) -> bool:
    return (
        _SINCE_20.search(module.text) is not None
        or all(version >= _WITHOUT_IMGHDR for version in run.world.versions(module))
        or run.world.asks_for(module, _ASKED_FOR_20)
    )


#: What calls a function with an update and its context: which argument that is.
_ANSWERING = {
    "telegram.ext.CallbackQueryHandler": 0,
    "telegram.ext.ChatJoinRequestHandler": 0,
    "telegram.ext.ChatMemberHandler": 0,
    "telegram.ext.CommandHandler": 1,
    "telegram.ext.InlineQueryHandler": 0,
    "telegram.ext.MessageHandler": 1,
    "telegram.ext.PollAnswerHandler": 0,
    "telegram.ext.PreCheckoutQueryHandler": 0,
    "telegram.ext.PrefixHandler": 2,
}

#: What the functions get that a router of aiogram calls, by the name of its decorator.
_OBSERVED = {
    "callback_query": "aiogram.types.CallbackQuery",
    "channel_post": "aiogram.types.Message",
    "edited_message": "aiogram.types.Message",
    "inline_query": "aiogram.types.InlineQuery",
    "message": "aiogram.types.Message",
}
_ROUTER = "aiogram.Router"
_DECORATOR = "<decorator of aiogram>"


@call_of(*_ANSWERING)
def _answering(run: Run, call: Call) -> Value:
    """Follow a function that answers updates, whatever its annotations say."""
    given = ["telegram.Update", "telegram.ext.CallbackContext"]
    _follow(run, call.argument(_ANSWERING[call.name], "callback"), given, call.node)
    return made(run, call, call.name)


def _follow(run: Run, function: Value, types: list[str], node: ast.AST) -> None:
    if is_async(function):
        given: list[Value] = [Object(type, None) for type in types]
        made = run.call(function, given, {}, Marker(node))
        # What it returns is sent as an answer.
        run.drive(run.awaited(made, node))


@call_of(_ROUTER)
def _router(run: Run, call: Call) -> Value:
    return made(run, call, _ROUTER)


@call_of(*[f"{_DECORATOR}.{name}" for name in _OBSERVED])
def _observing(run: Run, call: Call) -> Value:
    type = _OBSERVED[call.name.rpartition(".")[2]]
    _follow(run, call.argument(0), [type], call.node)
    return call.argument(0)


@methods_of("aiogram.Dispatcher", _ROUTER)
def _fed(run: Run, receiver: Object, call: Call) -> Value | None:
    """Note that a bot is used by what answers an update."""
    if call.name in _OBSERVED:
        return External(f"{_DECORATOR}.{call.name}")
    if call.name in _FEEDING:
        for bot in each(call.argument(0, "bot")):
            if isinstance(bot, Object):
                run.record(Used(call.node, bot, "__call__"))
    return None
