"""Async functions that a project's metadata makes commands."""

from __future__ import annotations

import pytest

from flake8_lambda_handler.project.commands import Command
from flake8_lambda_handler.project.commands import declared_in
from tests.support import assert_marked
from tests.support import project
from tests.support import violations

SCRIPTS = '[project.scripts]\nserve = "{}"\n'
MAIN = """
import asyncio


async def main():{mark}
    await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
"""
BAD_MAIN = MAIN.format(mark="  # LMB201")
GOOD_MAIN = MAIN.format(mark="")

BAD = {
    "in a package under src": {
        "pyproject.toml": SCRIPTS.format("server.app:main"),
        "src/server/__init__.py": "",
        "src/server/app.py": BAD_MAIN,
    },
    "passed on by the package": {
        "pyproject.toml": "[tool.poetry.scripts]\nserve = 'server:main'\n",
        "server/__init__.py": "from .app import main\n\n__all__ = ['main']\n",
        "server/app.py": BAD_MAIN,
    },
    "in setup.cfg": {
        "setup.cfg": """
            [options.entry_points]
            console_scripts =
                other = server:other
                serve = server:main
        """,
        "server.py": BAD_MAIN,
    },
    "in setup.py, under a decorator that keeps it async": {
        "setup.py": """
            from setuptools import setup

            setup(entry_points={"console_scripts": ["serve=server:main"]})
        """,
        "server.py": """
            import functools

            def traced(function):
                @functools.wraps(function)
                async def inner():
                    return await function()
                return inner

            @traced
            async def main():  # LMB201
                print("runs")
        """,
    },
}
GOOD = {
    "a plain function runs it": {
        "pyproject.toml": SCRIPTS.format("server.app:cli"),
        "server/__init__.py": "",
        "server/app.py": GOOD_MAIN + "\n\ndef cli():\n    asyncio.run(main())\n",
    },
    "the package has a plain function of that name": {
        "pyproject.toml": SCRIPTS.format("server:main"),
        "server/__init__.py": """
            import asyncio
            from . import app

            def main():
                asyncio.run(app.main())
        """,
        "server/app.py": GOOD_MAIN,
    },
    "a decorator makes it a plain function": {
        "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    serve = server:main\n",
        "server.py": """
            import asyncio
            import functools

            def command(function):
                @functools.wraps(function)
                def inner():
                    return asyncio.run(function())
                return inner

            @command
            async def main():
                print("runs")
        """,
    },
    "a decorator that is not known": {
        "pyproject.toml": SCRIPTS.format("server:main"),
        "server.py": """
            import asyncclick as click

            @click.command()
            async def main():
                print("runs")
        """,
    },
    "bound anew": {
        "pyproject.toml": SCRIPTS.format("server:main"),
        "server.py": GOOD_MAIN
        + "\nwork = main\n\ndef main():\n    asyncio.run(work())\n",
    },
    "another table": {
        "pyproject.toml": '[project.entry-points."pytest11"]\nserve = "server:main"\n',
        "server.py": GOOD_MAIN,
    },
    "another project's file": {
        "pyproject.toml": "[project]\nname = 'x'\n",
        "other/pyproject.toml": SCRIPTS.format("server:main"),
        "server.py": GOOD_MAIN,
    },
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert any("LMB201" in text for text in files.values())
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert not any("LMB201" in text for text in files.values())
    assert_marked(files)


def test_the_words_name_the_script():
    (found,) = violations(BAD["in a package under src"])
    assert found[1:4] == (4, 0, "LMB201")
    assert found.text == (
        "`main()` is called by the console script `serve`, which never awaits it; give "
        "it a plain function that calls `asyncio.run(...)`"
    )


def test_what_metadata_declares():
    files = {
        "pyproject.toml": """
            [project.scripts] # commands
            a = "one.two:main"
            "b-c" = 'one:run [extra]'  # not awaited
            # d = "one:off"
            [project.gui-scripts]
            e = "one:window"
            [tool.poetry.scripts]
            f = { reference = "six:main", type = "console" }
            [tool.other]
            g = "one:other"
        """,
        "setup.cfg": (
            "[options.entry_points]\nconsole_scripts =\n    h = one:main\n"
            "    # i = one:off\n\n[other]\nj = one:main\n"
        ),
        "setup.py": """
            setup(entry_points={
                'console_scripts': ['k = one:main', 'l=one.two:main'],
                'other': ['m = one:main'],
            })
        """,
    }
    with project({name: text for name, text in files.items()}) as folder:
        found = declared_in(str(folder))
    assert found == [
        Command("a", "one.two", "main"),
        Command("b-c", "one", "run"),
        Command("e", "one", "window"),
        Command("f", "six", "main"),
        Command("h", "one", "main"),
        Command("k", "one", "main"),
        Command("l", "one.two", "main"),
    ]
