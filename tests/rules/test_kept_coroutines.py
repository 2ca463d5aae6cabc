"""LMB303 on coroutines and tasks that are kept, and awaited again."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import on
from tests.support import violations

HEAD = """
import asyncio
import functools
import os

async def load(key=None):
    await asyncio.sleep(0)
    return {}

"""

TAIL = """
def lambda_handler(event, context):
    return asyncio.run(main(event))
"""

REUSED = "cannot reuse already awaited coroutine"

#: What stands between HEAD and TAIL, and the error of the second invocation.
BAD = {
    "made at import": (
        """
        SETTINGS = load()  # LMB303
        async def main(event):
            return await SETTINGS
        """,
        REUSED,
    ),
    "made at import, in a helper": (
        """
        def prepare():
            return load("a")  # LMB303
        SETTINGS = prepare()
        async def main(event):
            return await SETTINGS
        """,
        REUSED,
    ),
    "made by the first invocation": (
        """
        SETTINGS = None
        async def main(event):
            global SETTINGS
            if SETTINGS is None:
                SETTINGS = load()  # LMB303
            return await SETTINGS
        """,
        REUSED,
    ),
    "made by the first invocation, in a getter": (
        """
        _settings = None
        def settings():
            global _settings
            if _settings is not None:
                return _settings
            _settings = load()  # LMB303
            return _settings
        async def main(event):
            return await settings()
        """,
        REUSED,
    ),
    "made by the first invocation, in a dictionary": (
        """
        CACHE = {}
        async def main(event):
            if "settings" not in CACHE:
                CACHE["settings"] = load()  # LMB303
            return await CACHE["settings"]
        """,
        REUSED,
    ),
    "class attribute": (
        """
        class Repository:
            settings = load()  # LMB303
            async def get(self):
                return await self.settings
        async def main(event):
            return await Repository().get()
        """,
        REUSED,
    ),
    "attribute of a kept object": (
        """
        class Repository:
            def __init__(self):
                self.settings = load()  # LMB303
            async def get(self):
                return await self.settings
        REPOSITORY = Repository()
        async def main(event):
            return await REPOSITORY.get()
        """,
        REUSED,
    ),
    "cached property of a kept object": (
        """
        class Repository:
            @functools.cached_property
            async def settings(self):  # LMB303
                return await load()
        REPOSITORY = Repository()
        async def main(event):
            return await REPOSITORY.settings
        """,
        REUSED,
    ),
    "default argument": (
        """
        async def main(event, settings=load()):  # LMB303
            return await settings
        """,
        REUSED,
    ),
    "a cached function gives it": (
        """
        @functools.lru_cache
        def settings():
            return load()  # LMB303
        async def main(event):
            return await settings()
        """,
        REUSED,
    ),
    "a cached async function": (
        """
        @functools.cache
        async def settings():  # LMB303
            return await load()
        async def main(event):
            return await settings()
        """,
        REUSED,
    ),
    "a cached async function with arguments": (
        """
        @functools.lru_cache(maxsize=None)
        async def settings(stage):  # LMB303
            return await load(stage)
        async def main(event):
            return await settings(event.get("stage", "dev"))
        """,
        REUSED,
    ),
    "gathered": (
        """
        JOBS = [load("a"), load("b")]  # LMB303
        async def main(event):
            return await asyncio.gather(*JOBS)
        """,
        REUSED,
    ),
    "in a task of each invocation": (
        """
        SETTINGS = load()  # LMB303
        async def main(event):
            return await asyncio.create_task(SETTINGS)
        """,
        REUSED,
    ),
    "behind a condition on the event": (
        """
        SETTINGS = load()  # LMB303
        async def main(event):
            return await SETTINGS
        def lambda_handler(event, context):
            if event is None:
                return None
            return asyncio.run(main(event))
        """,
        REUSED,
    ),
    "behind a condition that is constant for a process": (
        """
        STAGE = os.environ.get("STAGE", "dev")
        SETTINGS = load()  # LMB303
        async def main(event):
            if STAGE == "none":
                return None
            return await SETTINGS
        """,
        REUSED,
    ),
    "task of an import's loop": (
        """
        LOOP = asyncio.new_event_loop()
        TASK = LOOP.create_task(load())  # LMB303
        async def main(event):
            return await TASK
        """,
        "await wasn't used with future",
    ),
    "task that the first invocation only starts": (
        """
        TASK = None
        async def main(event):
            global TASK
            if TASK is None:
                TASK = asyncio.create_task(load())  # LMB303
                return {}
            return await TASK
        """,
        "",
    ),
    "beside two of which one is awaited": (
        """
        ONE = load()
        OTHER = load()
        SETTINGS = load()  # LMB303
        async def main(event):
            await (ONE if event else OTHER)
            return await SETTINGS
        """,
        REUSED,
    ),
}

GOOD = {
    "a function that is kept": """
        SETTINGS = load
        async def main(event):
            return await SETTINGS()
    """,
    "awaited at import": """
        SETTINGS = asyncio.run(load())
        async def main(event):
            return SETTINGS
    """,
    "replaced by what it gives": """
        SETTINGS = load()
        LOADED = None
        async def main(event):
            global LOADED
            if LOADED is None:
                LOADED = await SETTINGS
            return LOADED
    """,
    "replaced by what it gives, in a dictionary": """
        SETTINGS = load()
        CACHE = {}
        async def main(event):
            if "settings" not in CACHE:
                CACHE["settings"] = await SETTINGS
            return CACHE["settings"]
    """,
    "replaced by what it gives, behind a return": """
        SETTINGS = load()
        LOADED = None
        async def main(event):
            global LOADED
            if LOADED is not None:
                return LOADED
            LOADED = await SETTINGS
            return LOADED
    """,
    "asks whether it is one": """
        import inspect
        SETTINGS = load()
        async def main(event):
            global SETTINGS
            if inspect.isawaitable(SETTINGS):
                SETTINGS = await SETTINGS
            return SETTINGS
    """,
    "made anew by each invocation, though in a global": """
        SETTINGS = None
        async def main(event):
            global SETTINGS
            SETTINGS = load()
            return await SETTINGS
    """,
    "attribute of an object of the invocation": """
        class Repository:
            def __init__(self):
                self.settings = load()
            async def get(self):
                return await self.settings
        async def main(event):
            return await Repository().get()
    """,
    "attribute of a kept object, made anew": """
        class Repository:
            async def get(self):
                self.settings = load()
                return await self.settings
        REPOSITORY = Repository()
        async def main(event):
            return await REPOSITORY.get()
    """,
    "property of a kept object": """
        class Repository:
            @property
            async def settings(self):
                return await load()
        REPOSITORY = Repository()
        async def main(event):
            return await REPOSITORY.settings
    """,
    "the error is caught": """
        SETTINGS = load()
        async def main(event):
            try:
                return await SETTINGS
            except RuntimeError:
                return {}
    """,
    "a cached function gives the function": """
        @functools.lru_cache
        def settings():
            return load
        async def main(event):
            return await settings()()
    """,
    "a cached function keeps what it gives": """
        @functools.lru_cache
        def settings():
            return asyncio.run(load())
        def lambda_handler(event, context):
            return settings()
        async def main(event):
            return {}
    """,
    "a lambda that makes it": """
        MAKE = lambda: load()
        async def main(event):
            return await MAKE()
    """,
    "functions in a list": """
        JOBS = [load, load]
        async def main(event):
            return await asyncio.gather(*[job() for job in JOBS])
    """,
    "task that the first invocation waits for": """
        TASK = None
        async def main(event):
            global TASK
            if TASK is None:
                TASK = asyncio.create_task(load())
            return await TASK
    """,
    "task of an import's loop, done there": """
        LOOP = asyncio.new_event_loop()
        TASK = LOOP.create_task(load())
        LOOP.run_until_complete(TASK)
        async def main(event):
            return await TASK
    """,
    "task that is started and awaited elsewhere": """
        TASK = None
        async def main(event):
            global TASK
            if TASK is None:
                TASK = asyncio.create_task(load())
                await asyncio.wait({TASK})
                return {}
            return await TASK
    """,
    "beside others, of which one is a function": """
        async def main(event):
            one, other = load("a"), load("b")
            first, second = (one, other) if event else (other, one)
            await first
            await second
            return await SETTINGS()
        SETTINGS = load
    """,
}


def source(text: str) -> str:
    text = HEAD + textwrap.dedent(text)
    return text if "def lambda_handler" in text else text + TAIL


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    text, _ = BAD[name]
    assert "LMB303" in text
    assert_marked(source(text))


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert "LMB" not in GOOD[name]
    assert_marked(source(GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_bad_under_the_runtime(name):
    text, error = BAD[name]
    first, second = invoke(source(text))
    if error == REUSED:
        assert first.ok
    if error:
        assert second.error_type == "RuntimeError"
        assert error in second.error_message
    else:
        assert first.ok
        assert second.payload is None, "the process has ended"


@pytest.mark.parametrize("name", GOOD)
def test_good_under_the_runtime(name):
    assert invoke(source(GOOD[name])).ok


@pytest.mark.parametrize("version", VERSIONS)
def test_on_each_version(version):
    text, error = BAD["made at import"]
    first, second = invoke(source(text), python=interpreter(version))
    assert first.ok
    assert error in second.error_message


MESSAGES = {
    "made at import": (
        "`SETTINGS` (a coroutine) is kept, but can be awaited once; the second invocation "
        "raises RuntimeError at `await SETTINGS` (line 12); keep its result instead"
    ),
    "a cached async function with arguments": (
        "`settings()` (a coroutine) is kept, but can be awaited once; the next call with "
        "the same arguments raises RuntimeError at `await settings()` (line 14); keep its "
        "result instead"
    ),
    "task of an import's loop": (
        "`TASK` (a task) is kept, but belongs to one event loop; every invocation has "
        "another one and fails at `await TASK` (line 13); make it in the coroutine"
    ),
    "task that the first invocation only starts": (
        "`TASK` (a task) is kept, but is cancelled when its loop stops; the second "
        "invocation ends with CancelledError at `await TASK` (line 16); make it in the "
        "coroutine"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(source(BAD[name][0]).lstrip("\n"))
    assert found.text == MESSAGES[name]


def test_made_in_another_file_is_reported_at_the_use():
    files = {
        "settings.py": "async def load():\n    return {}\n\nSETTINGS = load()\n",
        "app.py": """
            import asyncio
            from settings import SETTINGS

            async def main():
                return await SETTINGS  # LMB303

            def lambda_handler(event, context):
                return asyncio.run(main())
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith("`SETTINGS` (a coroutine, made in settings.py:4) is")


def test_awaited_at_import_and_again():
    text = HEAD + textwrap.dedent("""
        SETTINGS = load()  # LMB303
        FIRST = asyncio.run(SETTINGS)
        async def main(event):
            return await SETTINGS
    """)
    assert_marked(text + TAIL)
    (found,) = violations(text + TAIL)
    assert "; every invocation raises RuntimeError at " in found.text
    assert not invoke(text + TAIL)[0].ok


def test_declared_runtime_does_not_matter():
    assert_marked(on("python3.12", source(BAD["made at import"][0])))
