"""Modules that stand beside the functions that import them, under roots of their own."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

ASYNC = "async def load(): ..."

#: An import in `functions/orders/app.py`, and files that may hold what it loads.
FOUND = {
    "the root of a layer": ("from db import load", ["layer/python/db.py"]),
    "a package in a layer": (
        "from tools.db import load",
        ["layers/base/python/tools/__init__.py", "layers/base/python/tools/db.py"],
    ),
    "a folder that is the root of a layer": ("from db import load", ["libs/db.py"]),
    "a shared folder in the sources": ("from db import load", ["src/shared/db.py"]),
    "a package beside the functions": (
        "from tools.db import load",
        ["libs/tools/__init__.py", "libs/tools/db.py"],
    ),
    "a package with sources of its own": (
        "from tools.db import load",
        ["shared/tools/src/tools/__init__.py", "shared/tools/src/tools/db.py"],
    ),
    "a package whose init has it": (
        "from tools import load",
        ["packages/tools/src/tools/__init__.py"],
    ),
    "a package without an init": (
        "from tools.db import load",
        ["packages/tools/db.py"],
    ),
    "a layer before another place": (
        "from db import load",
        ["layer/python/db.py", "libs/db.py"],
    ),
}

LOST = {
    "two packages of one name": (
        "from tools.db import load",
        [
            "a/tools/__init__.py",
            "a/tools/db.py",
            "b/tools/__init__.py",
            "b/tools/db.py",
        ],
    ),
    "two folders": ("from db import load", ["libs/db.py", "shared/db.py"]),
    "a module of a package": (
        "from db import load",
        ["libs/__init__.py", "libs/db.py"],
    ),
    "a package in a package": (
        "from tools.db import load",
        ["app/__init__.py", "app/tools/__init__.py", "app/tools/db.py"],
    ),
    "a module of any folder": ("from redis import load", ["infra/redis.py"]),
    "a package of the tests": (
        "from tools.db import load",
        ["tests/tools/__init__.py", "tests/tools/db.py"],
    ),
    "a longer name": ("from tools.db import load", ["libs/my_tools/db.py"]),
    "another module of the package": (
        "from tools.db import load",
        ["libs/tools/__init__.py", "libs/tools/data.py"],
    ),
}


@pytest.mark.parametrize(
    "line, paths, is_found",
    [(*one, True) for one in FOUND.values()] + [(*one, False) for one in LOST.values()],
    ids=[*FOUND, *LOST],
)
def test_what_an_import_loads(line, paths, is_found):
    mark = "  # LMB201" if is_found else ""
    assert_marked(
        {
            **{path: ASYNC for path in paths},
            "functions/orders/app.py": f"{line}\ndef work():\n    load(){mark}",
        }
    )


def test_a_client_is_as_bound_there_as_in_the_file():
    assert_marked(
        {
            "shared/clients/src/clients/__init__.py": "import httpx\n"
            "CLIENT = httpx.AsyncClient()\n",
            "functions/orders/app.py": "import asyncio\nfrom clients import CLIENT\n"
            "async def main():\n    await CLIENT.get('https://example.com')  # LMB303\n"
            "def lambda_handler(event, context):\n    asyncio.run(main())\n",
        }
    )
