"""Async functions that Click and Typer make commands of."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio
import click
import typer

"""

BAD = {
    "a command": """
@click.command()
@click.option("--name", default="x")
@click.pass_context
async def main(ctx, name):  # LMB201
    await asyncio.sleep(1)

if __name__ == "__main__":
    main()
""",
    "a command without brackets": """
from click import command

@command
async def main():  # LMB201
    print("runs")
""",
    "commands of a group, and of one in it": """
@click.group()
def cli(): ...

@cli.group(name="db")
def database(): ...

@cli.command("run")
async def run():  # LMB201
    print("runs")
""",
    "commands of Typer": """
app = typer.Typer(help="tools")

@app.callback()
async def prepare():  # LMB201
    print("runs")

@app.command()
async def run(name: str = typer.Option("x")):  # LMB201
    print("runs")
""",
}
GOOD = {
    "a plain function runs it": """
@click.command()
def main():
    asyncio.run(work())

async def work():
    print("runs")
""",
    "a class of commands that may run it": """
class AsyncCommand(click.Command):
    def invoke(self, ctx):
        return asyncio.run(super().invoke(ctx))

@click.command(cls=AsyncCommand)
async def main():
    print("runs")
""",
    "a group whose class may": """
from app.groups import AsyncGroup

@click.group(cls=AsyncGroup)
def cli(): ...

@cli.command()
async def run():
    print("runs")
""",
    "a decorator that runs it": """
import functools

def coro(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return asyncio.run(function(*args, **kwargs))
    return wrapper

@click.command()
@coro
async def main():
    print("runs")
""",
    "a decorator that nobody knows": """
from app.tools import driven

@click.command()
@driven
@click.option("--name")
async def main(name):
    print("runs")
""",
    "an async twin of Click": """
import asyncclick as click

@click.command()
async def main():
    print("runs")
""",
    "what runs the result": """
@click.command()
async def main():
    print("runs")

if __name__ == "__main__":
    asyncio.run(main(standalone_mode=False))
""",
    "what gets the results of a group": """
@click.group()
def cli(): ...

@cli.result_callback()
def run_it(result):
    asyncio.run(result)

@cli.command()
async def run():
    print("runs")
""",
    "a class derived from Typer": """
class AsyncTyper(typer.Typer): ...

app = AsyncTyper()

@app.command()
async def run():
    print("runs")
""",
    "an app of another framework": """
from quart import Quart

app = Quart(__name__)

@app.cli.command("run")
async def run():
    print("runs")
""",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(HEAD + source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB201" not in source
    assert_marked(HEAD + source)


GROUP = "import {0}\n\n\n{1}\n"


@pytest.mark.parametrize(
    "group, mark",
    [
        ("@click.group()\ndef cli(): ...", "  # LMB201"),
        ("@click.group(cls=make())\ndef cli(): ...", ""),
        ("cli = click.Group()", "  # LMB201"),
        ("cli = make(click.Group)", ""),
    ],
)
def test_a_group_of_another_file(group, mark):
    files = {
        "tool/__init__.py": "",
        "tool/cli.py": GROUP.format("click\nfrom app import make", group),
        "tool/run.py": (
            "import click\nfrom tool.cli import cli\n\n\n"
            f"@cli.command()\nasync def run():{mark}\n    print('runs')\n"
        ),
    }
    assert_marked(files)


def test_the_words_name_the_library():
    (found,) = violations(HEAD + BAD["a command"])
    assert found.text == (
        "async command `main` is called by Click, which never awaits it; give it a plain "
        "function that calls `asyncio.run(...)`"
    )
