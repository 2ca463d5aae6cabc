"""Methods that are plain in the version of a library that a project asks for."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

BOT = """
import discord
from discord.ext import commands

class Greetings(commands.Cog):
    @commands.command()
    async def hello(self, ctx, guild: discord.Guild):
        entry = guild.audit_logs(limit=1).find(print)  # LMB201
        await ctx.send("hello")
        ctx.send("again")  # LMB201

def setup(bot: commands.Bot):
    bot.add_cog(Greetings())  # LMB201
    bot.load_extension("cogs.other")  # LMB201
"""
#: The same where the version is old: what is sent was to be awaited then, too.
OLD = (
    BOT.replace("find(print)  # LMB201", "find(print)")
    .replace("Greetings())  # LMB201", "Greetings())")
    .replace('other")  # LMB201', 'other")')
)

NEW = {
    "nothing": {},
    "a newer version": {"requirements.txt": "aiohttp<1.9\ndiscord.py>=2.0\n"},
    "any version": {"requirements.txt": "discord.py\nfoo==1.2\n"},
    "another package": {"requirements.txt": "discord-webhook==1.1.0\n"},
    "from 1 on": {"setup.cfg": "[options]\ninstall_requires =\n    discord.py>=1.7\n"},
}
BEFORE = {
    "pinned": {"requirements.txt": "discord.py==1.7.3\n"},
    "with extras": {
        "requirements/base.txt": "",
        "requirements.txt": "discord.py[voice] ~= 1.5",
    },
    "below 2": {"setup.py": 'setup(install_requires=["discord.py>=1.5,<2"])\n'},
    "of Poetry": {
        "pyproject.toml": '[tool.poetry.dependencies]\n"discord.py" = "^1.5"\n'
    },
    "of Pipenv": {
        "Pipfile": '[packages]\ndiscord-py = {version = "==1.6", extras = []}\n'
    },
    "of what is installed": {
        "bot-1.0.dist-info/METADATA": "Requires-Dist: discord.py (==1.3.4)\n"
    },
}


@pytest.mark.parametrize("files", NEW.values(), ids=NEW)
def test_new(files):
    assert_marked({"bot/cog.py": BOT, **files})


@pytest.mark.parametrize("files", BEFORE.values(), ids=BEFORE)
def test_before(files):
    assert_marked({"bot/cog.py": OLD, **files})


def test_what_only_older_code_says():
    said = OLD.replace('"hello"', "str(ctx.author.avatar_url)")
    assert_marked(said)


OVERRIDING = """
from discord.ext import commands

class Bot(commands.Bot):
    {}def add_cog(self, cog):
        {}super().add_cog(cog){}
"""


@pytest.mark.parametrize("said", [("", "", ""), ("async ", "await ", "")])
def test_a_method_that_overrides_it(said):
    """A plain one shows that the other is plain, too."""
    assert_marked(OVERRIDING.format(*said))
    assert_marked(OVERRIDING.format("async ", "", "  # LMB201"))


def test_another_library():
    source = """
        import aioboto3

        async def main():
            aioboto3.Session().client("s3")  # LMB201
        """
    assert_marked({"app.py": source, **BEFORE["pinned"]})
