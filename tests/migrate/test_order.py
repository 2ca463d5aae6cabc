"""The order of writing: killed between two files, a second run does the rest."""

from __future__ import annotations

import os

import pytest

from tests.migrate.rewriting import command
from tests.migrate.rewriting import dedented
from tests.support import project

PLAIN = "async def lambda_handler(event, context):\n    return event\n"
AWAITING = "async def lambda_handler(event, context):\n    return await work(event)\n"
USER = """
    import asyncio
    from {0} import lambda_handler

    asyncio.run(lambda_handler({{}}, None))
"""

#: Projects, and the order in which their files are written.
PROJECTS = {
    "a file that uses a handler": (
        {"app.py": AWAITING, "user.py": USER.format("app")},
        ["user.py", "app.py"],
    ),
    "a handler that is async for its users only": (
        {"app.py": PLAIN, "user.py": USER.format("app")},
        ["user.py", "app.py"],
    ),
    "a user that is a handler, which has a user": (
        {
            "app.py": AWAITING,
            "both.py": """
                import asyncio
                import app

                async def lambda_handler(event, context):
                    return await app.lambda_handler(event, context)
            """,
            "last.py": USER.format("both"),
        },
        ["last.py", "both.py", "app.py"],
    ),
    "re-exports": (
        {
            "a_user.py": USER.format("pack"),
            "orders.py": PLAIN,
            "pack.py": "from more import lambda_handler\n",
            "more.py": "from orders import lambda_handler\n",
        },
        ["more.py", "pack.py", "a_user.py", "orders.py"],
    ),
}
HANDLERS = ",".join(f"{name}.lambda_handler" for name in ("app", "both", "orders"))
ARGUMENTS = ("--lambda-handlers", HANDLERS)


def texts(folder, files):
    return {path: (folder / path).read_text() for path in files}


@pytest.fixture
def dies_after(monkeypatch):
    """Let the process die before it replaces one file more; tell which it has."""
    replace = os.replace

    def set_up(count):
        written = []

        def dies(source, target):
            if len(written) == count:
                raise KeyboardInterrupt
            written.append(os.path.basename(target))
            replace(source, target)

        monkeypatch.setattr(os, "replace", dies)
        return written

    return set_up


@pytest.mark.parametrize(("files", "order"), PROJECTS.values(), ids=PROJECTS)
def test_killed_between_two_files(files, order, dies_after):
    files = {path: dedented(text) for path, text in files.items()}
    with project(files) as folder:
        written = dies_after(len(files))
        assert command(*ARGUMENTS) == 0
        assert written == order
        done = texts(folder, files)
    for count in range(1, len(order)):
        with project(files) as folder:
            written = dies_after(count)
            with pytest.raises(KeyboardInterrupt):
                command(*ARGUMENTS)
            assert written == order[:count]
            dies_after(len(files))
            assert command(*ARGUMENTS) == 0
            assert texts(folder, files) == done
