"""LMB201 on what functions do with clients and objects that no annotation describes."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

SENT = """
import aioboto3

async def main(body):
    async with aioboto3.Session().client("sqs") as client:
        await send(client, body)
"""
HELPER = """
async def send(client, body):
    client.send_message(QueueUrl="x", MessageBody=body)  # LMB201
"""
AWAITING = """
async def send(client, body):
    await client.send_message(QueueUrl="x", MessageBody=body)
"""

#: An object that hands on to another one what it does not know.
CACHED = """
class Repo:
    async def save(self, item):
        print(item)

class Cached:
    def __init__(self, inner: Repo):
        self._inner = inner

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._inner, name)

"""

TELEGRAM = """
from telegram.ext import Application, CommandHandler, MessageHandler, filters

"""
AIOGRAM = """
from aiogram import Dispatcher, Router

dispatcher = Dispatcher()
router = Router()

"""

#: A session that is made when it is first asked for.
LAZY = """
import aiohttp

class Bot:
    _session = None

    @property
    def session(self):
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def stop(self):
        CALL
"""

BAD = {
    "a property that makes it once": LAZY.replace(
        "CALL", "self.session.close()  # LMB201"
    ),
    "a client of AWS": HELPER + SENT,
    "a client of AWS, in another file": {
        "send.py": HELPER,
        "app.py": "from send import send" + SENT,
    },
    "a session": """
import aiohttp

async def send(session, url):
    session.post(url)  # LMB201

async def main(url):
    async with aiohttp.ClientSession() as session:
        await send(session, url)
""",
    "a delegate": CACHED
    + """
repo = Cached(Repo())

def lambda_handler(event, context):
    repo.save(event)  # LMB201
""",
    "a delegate of which an annotation tells": CACHED
    + """
async def main(repo: Cached):
    repo.save(1)  # LMB201
    await repo.save(2)
""",
    "by the names of the module": CACHED
    + """
import sys

repo = Repo()

def lambda_handler(event, context):
    globals()["repo"].save(event)  # LMB201
    sys.modules[__name__].repo.save(event)  # LMB201
""",
    "an update of a bot": TELEGRAM
    + """
async def start(update, context):
    update.message.reply_text("x")  # LMB201

async def echo(update, context):
    context.bot.send_message(update.effective_chat.id, "x")  # LMB201

def main():
    app = Application.builder().token("x").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(MessageHandler(filters.TEXT, echo))
""",
    "an update of a bot, in another file": {
        "start.py": """
async def start(update, context):
    update.message.reply_text("x")  # LMB201
    await update.message.reply_text("y")
""",
        "bot.py": TELEGRAM
        + """
from start import start

def main():
    app = Application.builder().token("x").build()
    app.add_handler(CommandHandler("start", start))
""",
    },
    "a message that a router hands on": AIOGRAM
    + """
@dispatcher.message()
async def hello(message):
    message.answer("x")  # LMB201

@router.callback_query()
async def pressed(query, state):
    query.answer()  # LMB201
""",
}

GOOD = {
    "a property that makes it once": LAZY.replace("CALL", "await self.session.close()"),
    "a client of AWS, awaited": AWAITING + SENT,
    "a client of AWS, awaited in another file": {
        "send.py": AWAITING,
        "app.py": "from send import send" + SENT,
    },
    "a plain client of AWS": """
import boto3

def send(client, body):
    client.send_message(QueueUrl="x", MessageBody=body)

def main(body):
    send(boto3.client("sqs"), body)
""",
    "an exception that somebody has caught": """
def note(failure):
    print(failure)

async def load():
    return {}

async def main():
    waiting = load()
    try:
        return await waiting
    except ValueError as failure:
        note(failure)
""",
    "a delegate, awaited": CACHED
    + """
async def main(repo: Cached):
    await repo.save(2)
""",
    "a delegate with a method of its own": CACHED
    + """
class Plain(Cached):
    def save(self, item):
        print(item)

repo = Plain(Repo())

def lambda_handler(event, context):
    repo.save(event)
""",
    "what hands on something else": CACHED.replace(
        "return getattr(self._inner, name)",
        "return lambda *args: run(getattr(self._inner, name)(*args))",
    )
    + """
repo = Cached(Repo())

def lambda_handler(event, context):
    repo.save(event)
""",
    "by the names of another module": CACHED
    + """
import sys

repo = Repo()

def lambda_handler(event, context):
    sys.modules["other"].repo.save(event)
""",
    "an update of a bot, answered": TELEGRAM
    + """
async def start(update, context):
    await update.message.reply_text("x")
    return update.message.text

def plain(update, context):
    update.message.reply_text("x")

def main():
    app = Application.builder().token("x").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CommandHandler("plain", plain))
""",
    "a message that a router hands on, answered": AIOGRAM
    + """
@dispatcher.message()
async def hello(message):
    await message.answer("x")

@router.errors()
async def failed(error):
    error.answer()
""",
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert "LMB201" in str(files)
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert "LMB201" not in str(files)
    assert_marked(files)
