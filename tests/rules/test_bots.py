"""Bots, chains and browsers: libraries whose coroutines handlers of chats and models use."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

BAD = {
    "pyrogram: what a function is called with": """
        from pyrogram import Client, filters
        from pyrogram.types import Message
        app = Client("bot")
        @app.on_message(filters.command("start"))
        async def start(client, message):
            message.reply_text("hi")  # LMB201
            sent = await client.send_message(1, "hi")
            sent.delete()  # LMB201
            app.get_me()  # LMB201
        @Client.on_message(filters.private)
        async def private(_, update: Message):
            update.delete()  # LMB201
    """,
    "telethon: what a client gives": """
        from telethon import TelegramClient, events
        client = TelegramClient("user", 1, "hash")
        @client.on(events.NewMessage())
        async def answer(event: events.NewMessage.Event):
            me = client.get_me()  # LMB201
            print(me.username)
            client.send_message(event.chat_id, "hi")  # LMB201
    """,
    "telegram: an update that nobody processes": """
        import asyncio
        from telegram import Update
        from telegram.ext import ApplicationBuilder
        async def main(event):
            application = ApplicationBuilder().token("t").build()
            await application.initialize()
            application.process_update(Update.de_json(event, application.bot))  # LMB201
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "telegram: answers of a callback": """
        from telegram import Update
        from telegram.ext import Application, ContextTypes
        async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            update.message.reply_text("hi")  # LMB201
            context.bot.send_message(chat_id=1, text="hi")  # LMB201
            update.callback_query.answer()  # LMB201
    """,
    "telegram: a bot in a plain handler": """
        import telegram
        from telegram.ext import ApplicationBuilder
        bot = telegram.Bot(token="t")
        def lambda_handler(event, context):
            bot.send_message(chat_id=1, text="hi")  # LMB201
    """,
    "telegram: an application that is kept": """
        import asyncio
        from telegram import Update
        from telegram.ext import Application
        application = Application.builder().token("t").build()  # LMB303
        async def main(event):
            await application.initialize()
            await application.process_update(Update.de_json(event, application.bot))
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "telegram: a bot that is kept": """
        import asyncio
        from telegram import Bot
        bot = Bot("t")  # LMB303
        async def main(event):
            await bot.send_message(1, "x")
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "aiogram: nothing is sent": """
        from aiogram import Bot, Router
        from aiogram.fsm.context import FSMContext
        from aiogram.types import CallbackQuery, Message
        router = Router()
        @router.message()
        async def start(message: Message, bot: Bot, state: FSMContext):
            message.answer("hi")  # LMB201
            bot.send_message(1, "x")  # LMB201
            state.clear()  # LMB201
        @router.callback_query()
        async def press(query: CallbackQuery):
            query.message.edit_text("hi")
            query.answer()  # LMB201
        @router.inline_query()
        async def search(query):
            query.answer([])  # LMB201
        @router.edited_message()
        @router.channel_post()
        async def again(message):
            message.answer("hi")  # LMB201
    """,
    "aiogram: an update that nobody processes": """
        from aiogram import Bot, Dispatcher
        dp = Dispatcher()
        async def main(update):
            bot = Bot("t")
            dp.feed_update(bot, update)  # LMB201
    """,
    "aiogram: a bot that is kept, and answers": """
        import asyncio
        from aiogram import Bot, Dispatcher
        bot = Bot("t")  # LMB303
        dp = Dispatcher()
        async def main(update):
            await dp.feed_update(bot, update)
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "discord: a webhook and a client": """
        import aiohttp, discord
        async def post(text):
            async with aiohttp.ClientSession() as session:
                webhook = discord.Webhook.from_url("u", session=session)
                webhook.send(text)  # LMB201
        class Bot(discord.Client):
            async def on_ready(self):
                self.change_presence()  # LMB201
        def lambda_handler(event, context):
            client = discord.Client(intents=None)
            client.start("token")  # LMB201
    """,
    "langchain: a model in a plain handler": """
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(model="m")
        def lambda_handler(event, context):
            answer = llm.ainvoke(event["question"])  # LMB201
            return {"statusCode": 200, "body": str(answer)}
    """,
    "langchain: a chain": """
        from langchain_aws import ChatBedrockConverse
        from langchain_core.output_parsers import StrOutputParser
        from langchain_core.prompts import ChatPromptTemplate
        from langchain_core.runnables import RunnablePassthrough
        prompt = ChatPromptTemplate.from_template("{q}")
        chain = (
            {"q": RunnablePassthrough()}
            | prompt
            | ChatBedrockConverse(model="m")
            | StrOutputParser()
        )
        async def ask(question):
            answer = chain.ainvoke(question)  # LMB201
            return answer.strip()
    """,
    "langgraph: a compiled graph": """
        from langgraph.graph import StateGraph
        graph = StateGraph(dict)
        graph.add_node("a", print)
        app = graph.compile()
        async def ask(event):
            return app.ainvoke(event)["answer"]  # LMB201
    """,
    "gql: a query": """
        from gql import Client, gql
        client = Client(transport=None)
        async def ask():
            client.execute_async(gql("{a}"))  # LMB201
    """,
    "playwright: a page": """
        from playwright.async_api import async_playwright
        async def title(url):
            async with async_playwright() as p:
                browser = p.chromium.launch()  # LMB201
                page = await browser.new_page()
        async def other(url):
            async with async_playwright() as p:
                browser = await p.chromium.launch()
                page = await browser.new_page()
                page.goto(url)  # LMB201
                return await page.title()
    """,
    "tortoise: rows that are not written": """
        from tortoise.models import Model
        class User(Model):
            pass
        async def sign_up(name):
            User.create(name=name)  # LMB201
            user = await User.create(name=name)
            user.save()  # LMB201
    """,
    "aiogram: called by hand": """
        from aiogram import Router
        router = Router()
        @router.message()
        async def start(message):
            await message.answer("hi")
        def lambda_handler(event, context):
            start(event)  # LMB201
    """,
}

GOOD = {
    "pyrogram and telethon: what runs until it is done in plain functions": """
        from pyrogram import Client, idle
        from telethon.sync import TelegramClient
        app = Client("bot")
        def main(client: TelegramClient):
            app.start()
            app.send_message(1, "started")
            print(client.get_me().username)
            with app:
                for message in app.get_chat_history(1):
                    print(message.text)
            idle()
            app.stop()
        main(TelegramClient("user", 1, "hash"))
        app.run()
    """,
    "pyrogram: what is awaited, iterated or started": """
        import asyncio
        from pyrogram import Client, filters
        app = Client("bot")
        @app.on_message(filters.command("start"))
        async def start(client, message):
            sent = await message.reply_text("hi")
            await sent.edit_text("there")
            asyncio.create_task(client.send_message(1, "started"))
            async for old in client.get_chat_history(message.chat.id):
                print(old.text)
            await asyncio.gather(*[client.delete_messages(1, n) for n in range(3)])
            return await app.get_me()
        app.run()
    """,
    "a decorator of the same name, of another library": """
        from other import Client, Message, app
        @app.on_message()
        async def start(client, message):
            message.reply_text("hi")
    """,
    "telegram: version 13": """
        from telegram import Bot, Update
        from telegram.ext import CallbackContext, Dispatcher, Filters, MessageHandler
        bot = Bot("t")
        def echo(update: Update, context: CallbackContext):
            update.message.reply_text(update.message.text)
            context.bot.send_message(1, "x")
        def lambda_handler(event, context):
            bot.send_message(1, "x")
        async def hook(request):
            update = Update.de_json(await request.json(), bot)
            update.message.reply_text("hi")
    """,
    "telegram: awaited": """
        import asyncio
        from telegram import Update
        from telegram.ext import Application, ContextTypes
        async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            await update.message.reply_text("hi")
            await context.bot.send_message(chat_id=1, text="hi")
        async def main(event):
            application = Application.builder().token("t").build()
            await application.initialize()
            await application.process_update(Update.de_json(event, application.bot))
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "telegram: entered by each invocation": """
        import asyncio
        from telegram import Update
        from telegram.ext import Application
        application = Application.builder().token("t").build()
        async def main(event):
            async with application:
                await application.process_update(Update.de_json(event, application.bot))
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "telegram: shut down by each invocation": """
        import asyncio
        from telegram.ext import Application
        application = Application.builder().token("t").build()
        async def main(event):
            await application.initialize()
            try:
                await application.bot.send_message(1, "x")
            finally:
                await application.shutdown()
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "telegram: a bot of its own for each invocation": """
        import asyncio
        from telegram import Bot
        async def main(event):
            bot = Bot("t")
            await bot.send_message(1, "x")
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "aiogram: given to the dispatcher": """
        from aiogram import Router
        from aiogram.types import Message
        router = Router()
        @router.message()
        async def start(message: Message):
            await message.answer("hi")
            return message.answer("bye")
    """,
    "aiogram: the session is closed": """
        import asyncio
        from aiogram import Bot, Dispatcher
        bot = Bot("t")
        dp = Dispatcher()
        async def main(update):
            await dp.feed_update(bot, update)
            await bot.session.close()
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "aiogram: the context closes the session": """
        import asyncio
        from aiogram import Bot
        bot = Bot("t")
        async def main(update):
            async with bot.context():
                await bot.send_message(1, "x")
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "aiogram: the answer of a webhook": """
        import asyncio
        from aiogram import Bot, Dispatcher
        bot = Bot("t")
        dp = Dispatcher()
        async def main(update):
            return await dp.feed_webhook_update(bot, update)
        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "discord: a plain webhook": """
        import discord
        def lambda_handler(event, context):
            discord.SyncWebhook.from_url("u").send("x")
    """,
    "langchain: a plain chain": """
        import asyncio
        from langchain_core.prompts import ChatPromptTemplate
        from langchain_openai import ChatOpenAI
        chain = ChatPromptTemplate.from_template("{q}") | ChatOpenAI(model="m")
        def lambda_handler(event, context):
            chain.invoke(event)
            return asyncio.run(chain.ainvoke(event)).content
    """,
    "gql: a plain query": """
        from gql import Client, gql
        client = Client(transport=None)
        def lambda_handler(event, context):
            return client.execute(gql("{a}"))
    """,
    "playwright: the plain one": """
        from playwright.sync_api import sync_playwright
        def title(url):
            with sync_playwright() as p:
                page = p.chromium.launch().new_page()
                page.goto(url)
                return page.title()
    """,
    "playwright: awaited": """
        from playwright.async_api import async_playwright
        async def title(url):
            async with async_playwright() as p:
                browser = await p.chromium.launch()
                page = await browser.new_page()
                await page.goto(url)
                return await page.title()
    """,
    "tortoise: written, or with a plain method of its own": """
        from tortoise.models import Model
        class User(Model):
            def save(self):
                return None
        async def sign_up(name):
            user = await User.create(name=name)
            user.save()
            wanted = User.filter(name=name)
            return await wanted.first()
    """,
    "aiogram: called by hand, and run": """
        import asyncio
        from aiogram import Router
        router = Router()
        @router.message()
        async def start(message):
            await message.answer("hi")
        def lambda_handler(event, context):
            asyncio.run(start(event))
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB" in source
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(source)


#: What is called with an update and its context, which has the bot.
ANSWERING = [
    "CallbackQueryHandler(answer)",
    "ChatJoinRequestHandler(answer)",
    "ChatMemberHandler(answer)",
    "CommandHandler('start', answer)",
    "InlineQueryHandler(answer)",
    "MessageHandler(filters.TEXT, answer)",
    "PollAnswerHandler(answer)",
    "PreCheckoutQueryHandler(answer)",
    "PrefixHandler('!', 'start', answer)",
]


@pytest.mark.parametrize("handler", ANSWERING)
def test_what_telegram_calls(handler):
    name = handler.partition("(")[0]
    assert_marked(
        f"""
        from telegram.ext import Application, {name}, filters

        async def answer(update, context):
            context.bot.send_message(1, "x")  # LMB201
            await context.bot.send_message(1, "x")

        application = Application.builder().token("t").build()
        application.add_handler({handler})
        """
    )


PLAIN_OR_NOT = """
from telegram import Bot
bot = Bot("t")
def lambda_handler(event, context):
    bot.send_message(1, "x")
"""


def test_version_13_does_not_run_on_a_newer_python():
    assert [v.code for v in violations(on("python3.13", PLAIN_OR_NOT))] == ["LMB201"]
    assert violations(on("python3.12", PLAIN_OR_NOT)) == []


def test_words_name_the_use_and_the_invocation():
    source = BAD["telegram: a bot that is kept"]
    assert [(v.line, v.column, v.text) for v in violations(source)] == [
        (
            3,
            6,
            "`bot` (telegram.Bot) is kept, but belongs to one event loop; the second"
            " invocation has another one and fails at `bot.send_message()` (line 5);"
            " make it in the coroutine",
        )
    ]


#: What discord.py calls, without annotations; each statement is told or not.
COGS = """
import asyncclick as click
import discord
from discord import app_commands
from discord.ext import commands

bot = commands.Bot(command_prefix="!")


@bot.event
async def on_message(message):
    {0}message.channel.send("seen"){1}
    print(message.content.upper())


@bot.command()
async def ping(ctx, name):
    {0}ctx.send(name){1}
    name.send("pong")


@bot.tree.command()
async def slash(interaction):
    {0}interaction.response.send_message("pong"){1}


@click.command()
async def sync(ctx):
    ctx.send("pong")


async def on_message_of_mine(message):
    message.reply("pong")


class Cog(commands.Cog):
    @commands.hybrid_command(name="pong")
    async def pong(self, ctx, *, text):
        {0}ctx.author.send(text){1}
        self.bot.told.send(text)

    @commands.Cog.listener()
    async def on_member_join(self, member):
        {0}member.send("hello"){1}

    async def on_message(self, message):
        message.reply("pong")

    @commands.command()
    async def last(self, ctx):
        {0}ctx.channel.send("last"){1}
        return await ctx.channel.history(limit=1).flatten()

    @commands.command()
    async def said(self, ctx: "Context"):
        ctx.send("pong")


class Client(discord.Client):
    async def on_message(self, message):
        {0}message.reply("pong"){1}


async def setup(bot):
    {0}bot.add_cog(Cog()){1}
    bot.told.send("ready")
"""


@pytest.mark.parametrize("word, mark", [("", "  # LMB201"), ("await ", "")])
def test_what_a_bot_of_discord_gives(word, mark):
    assert_marked(COGS.format(word, mark))


def test_commands_that_are_none_of_a_bot():
    for line in ("from own import commands", "from fabric import commands"):
        text = COGS.format("", "").replace("from discord.ext import commands", line)
        text = text.replace("import discord\n", "import own as discord\n")
        assert_marked(text)


@pytest.mark.parametrize(
    "decorator, mark", [("slash_command", ""), ("command", "  # LMB201")]
)
def test_a_fork_of_discord_with_plain_methods(decorator, mark):
    assert_marked(
        f"""
import discord
from discord.ext import commands

bot = commands.Bot(command_prefix="!", intents=discord.Intents.all())


@bot.{decorator}()
async def ping(ctx):
    await ctx.send("pong")


bot.load_extension("cogs.x"){mark}
"""
    )


#: What asks for a version of python-telegram-bot whose methods are to be awaited, or not.
TELEGRAM = {
    "pinned": ("requirements.txt", "python-telegram-bot==20.1\n", True),
    "in a folder": ("requirements/base.txt", "python-telegram-bot==21.10\n", True),
    "from 20 on": (
        "setup.cfg",
        "install_requires =\n    python-telegram-bot[ext]>=20\n",
        True,
    ),
    "of Poetry": ("pyproject.toml", '[x]\npython-telegram-bot = "^20.3"\n', True),
    "any": ("requirements.txt", "python-telegram-bot\nfoo==20.1\n", False),
    "up to 20": ("requirements.txt", "python-telegram-bot>=13,<21\n", False),
    "13": ("requirements.txt", "python-telegram-bot~=13.15\n", False),
    "another package": ("requirements.txt", "python-telegram-bot-x==20.1\n", False),
}


@pytest.mark.parametrize("name, text, is_new", TELEGRAM.values(), ids=TELEGRAM)
def test_the_version_that_a_project_asks_for(name, text, is_new):
    source = """
        class Notifier:
            def __init__(self):
                from telegram import Bot
                self.bot = Bot(token="t")
            def post(self, lines):
                for line in lines:
                    self.send(line)  # LMB201
            def send(self, line):
                return self.bot.send_message(1, line)
    """
    if not is_new:
        source = source.replace("  # LMB201", "")
    assert_marked({"bot/notifier.py": source, name: text})


#: What a bot is told, and hands on to another module.
HANDED_ON = {
    "bot.py": """
        import discord
        from menu import answer
        client = discord.Client()

        @client.event
        async def on_message(message):
            if message.author != client.user:
                await answer(message, "hi")

        client.run("t")
    """,
    "menu.py": """
        async def answer(message, text):
            if text:
                message.channel.send(text)  # LMB201
                return
            await message.channel.send("nothing")
            message.channel.history.append(text)
    """,
}


def test_what_a_bot_hands_on():
    assert_marked(HANDED_ON)


def test_what_something_else_hands_on_as_well():
    menu = HANDED_ON["menu.py"].replace("  # LMB201", "")
    other = (
        "from menu import answer\nfrom other import it\n\n"
        "async def main():\n    await answer(it, 'a')\n"
    )
    assert_marked({**HANDED_ON, "menu.py": menu, "other_bot.py": other})


def test_a_page_that_is_handed_on():
    assert_marked(
        {
            "crawl.py": """
                from playwright.async_api import Page
                from steps import login

                async def crawl(page: Page):
                    await login(page)
            """,
            "steps.py": """
                async def login(page):
                    page.goto("https://example.org")  # LMB201
                    await page.locator("#name").fill("x")
                    page.locator("#go").click()  # LMB201
            """,
        }
    )


#: What asks for a version of ADK whose sessions are to be awaited, or not.
ADK = {
    "any": ("requirements.txt", "google-adk\n", True),
    "since 1": ("requirements.txt", "google-adk>=1.2,<2\n", True),
    "pinned": ("pyproject.toml", '[x]\ngoogle-adk = "^1.0.0"\n', True),
    "pinned below 1": ("requirements.txt", "google-adk==0.5.0\n", False),
    "of Poetry, below 1": ("pyproject.toml", '[x]\ngoogle-adk = "^0.3"\n', False),
    "up to 1": ("requirements.txt", "google-adk>=0.1,<1.0\n", False),
    "another package": ("requirements.txt", "google-adk-x==0.5.0\n", True),
}


@pytest.mark.parametrize(("name", "text", "is_async"), ADK.values(), ids=ADK)
def test_sessions_of_an_agent(name, text, is_async):
    mark = "  # LMB201" if is_async else ""
    app = f"""\
from google.adk.runners import InMemoryRunner
from google.adk.sessions import DatabaseSessionService

service = DatabaseSessionService(db_url="sqlite:///agent.db")

async def find():
    return service.list_sessions(app_name="a", user_id="b").sessions{mark}

async def run(agent):
    runner = InMemoryRunner(agent)
    runner.session_service.create_session(app_name="a", user_id="b"){mark}
    await service.get_session(app_name="a", user_id="b", session_id="c")
"""
    assert_marked({name: text, "app.py": app})
