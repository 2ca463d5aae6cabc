"""Bots: python-telegram-bot, a plain library up to version 13, and aiogram.

Read in python-telegram-bot 13.15 and 22.8, run with 22.8 and aiogram 3.31, 2026-11-22.
"""

from __future__ import annotations

import re

from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import Used
from flake8_lambda_handler.flow.run import Call
from flake8_lambda_handler.flow.run import Run
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import Value
from flake8_lambda_handler.flow.values import each
from flake8_lambda_handler.libraries.registry import methods_of

#: What only code for version 20 and later says.
_SINCE_20 = re.compile(
    r"\bApplicationBuilder\b|\bApplication\.builder\(|\bContextTypes\.DEFAULT_TYPE\b"
    r"|\bimport\b[^\n]*\bfilters\b"
    r"|\bawait\s[\w.]*\b(?:app|application|bot|callback_query|message|query|update)\."
)

#: Version 13 needs a module that Python 3.13 does not have any more.
_WITHOUT_IMGHDR = (3, 13)

#: Methods of a dispatcher that hand their bot to the functions that answer.
_FEEDING = frozenset({"feed_raw_update", "feed_update", "process_update"})


def is_plain(run: Run, type: str) -> bool:
    """Return whether methods of a type may be plain ones in the version that is used."""
    return type.startswith("telegram.") and not _is_new(run, run.module)


def _is_new(run: Run, module: Module) -> bool:
    return _SINCE_20.search(module.text) is not None or all(
        version >= _WITHOUT_IMGHDR for version in run.world.versions(module)
    )


@methods_of("aiogram.Dispatcher")
def _fed(run: Run, receiver: Object, call: Call) -> Value | None:
    """Note that a bot is used by what answers an update."""
    if call.name in _FEEDING:
        for bot in each(call.argument(0, "bot")):
            if isinstance(bot, Object):
                run.record(Used(call.node, bot, "__call__"))
    return None
