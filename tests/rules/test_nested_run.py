from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio

async def work(key=None):
    return key

def lambda_handler(event, context):
    return asyncio.run(main(event))

"""

BAD = {
    "asyncio.run in a coroutine": """
        async def main(event):
            return asyncio.run(work())  # LMB306
    """,
    "in a plain function that a coroutine calls": """
        def load(key):
            return asyncio.run(work(key))  # LMB306
        async def main(event):
            return [load(key) for key in event["keys"]]
    """,
    "three calls deep": """
        def first():
            return second()
        def second():
            return third()
        def third():
            return asyncio.run(work())  # LMB306
        async def inner():
            return first()
        async def main(event):
            return await inner()
    """,
    "run_until_complete on the running loop": """
        async def main(event):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(work())  # LMB306
    """,
    "run_until_complete on the running loop, by its other name": """
        async def main(event):
            return asyncio.get_running_loop().run_until_complete(work())  # LMB306
    """,
    "run_until_complete on a new loop": """
        async def main(event):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(work())  # LMB306
            finally:
                loop.close()
    """,
    "a runner": """
        async def main(event):
            with asyncio.Runner() as runner:
                return runner.run(work())  # LMB306
    """,
    "in a task": """
        async def load(key):
            return asyncio.run(work(key))  # LMB306
        async def main(event):
            return await asyncio.gather(*[load(key) for key in event["keys"]])
    """,
    "in a task of a group": """
        async def load(key):
            return asyncio.run(work(key))  # LMB306
        async def main(event):
            async with asyncio.TaskGroup() as group:
                group.create_task(load(1))
            return {}
    """,
    "in a method": """
        class Service:
            def load(self, key):
                return asyncio.run(work(key))  # LMB306
        async def main(event):
            return Service().load(event["key"])
    """,
    "for some events": """
        async def main(event):
            if event.get("key"):
                return asyncio.run(work(event["key"]))  # LMB306
            return {}
    """,
    "another error is caught": """
        async def main(event):
            try:
                return asyncio.run(work())  # LMB306
            except KeyError:
                return {}
    """,
    "uvloop.run": """
        import uvloop
        async def main(event):
            return uvloop.run(work())  # LMB306
    """,
    "the running loop was only asked for other things": """
        def load(key):
            return asyncio.run(work(key))  # LMB306
        async def main(event):
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, str, 1)
            return load(1)
    """,
    "another error of a module is expected": """
        async def main(event):
            try:
                return asyncio.run(work())  # LMB306
            except asyncio.TimeoutError:
                return await work()
    """,
}

GOOD = {
    "await": """
        async def main(event):
            return await work()
    """,
    "one after the other": """
        def before():
            return asyncio.run(work())
        async def main(event):
            return await work()
        before()
    """,
    "in a thread": """
        async def main(event):
            return await asyncio.to_thread(asyncio.run, work())
    """,
    "in a thread, by way of a function": """
        def load():
            return asyncio.run(work())
        async def main(event):
            return await asyncio.to_thread(load)
    """,
    "in an executor of the loop": """
        async def main(event):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, asyncio.run, work())
    """,
    "in an executor": """
        from concurrent.futures import ThreadPoolExecutor
        async def main(event):
            with ThreadPoolExecutor() as pool:
                return pool.submit(asyncio.run, work()).result()
    """,
    "after nest_asyncio.apply": """
        import nest_asyncio
        nest_asyncio.apply()
        async def main(event):
            return asyncio.run(work())
    """,
    "after nest_asyncio.apply in the handler": """
        async def main(event):
            import nest_asyncio
            nest_asyncio.apply()
            return asyncio.get_event_loop().run_until_complete(work())
    """,
    "looks for a running loop": """
        from concurrent.futures import ThreadPoolExecutor
        def load(coro):
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                return asyncio.run(coro)
            with ThreadPoolExecutor() as pool:
                return pool.submit(asyncio.run, coro).result()
        async def main(event):
            return load(work())
    """,
    "looks whether the loop runs": """
        def load(coro):
            loop = asyncio.get_event_loop()
            if loop.is_running():
                return asyncio.run_coroutine_threadsafe(coro, loop)
            return loop.run_until_complete(coro)
        async def main(event):
            return await asyncio.wrap_future(load(work()))
    """,
    "a helper looks": """
        def in_loop():
            try:
                asyncio.get_running_loop()
                return True
            except RuntimeError:
                return False
        def load():
            if in_loop():
                return None
            return asyncio.run(work())
        async def main(event):
            return load()
    """,
    "the error is caught": """
        async def main(event):
            try:
                return asyncio.run(work())
            except RuntimeError:
                return {}
    """,
    "a script that nobody calls": """
        async def main(event):
            return {}
        async def cli():
            return asyncio.run(work())
    """,
    "it may be another function": """
        from vendor import run
        async def main(event):
            return run(work())
    """,
    "the error is expected by the name that its module gives it": """
        import builtins
        async def main(event):
            try:
                return asyncio.run(work())
            except builtins.RuntimeError:
                return await work()
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB306" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB306" not in source
    assert_marked(WORK + textwrap.dedent(source))


MESSAGES = {
    "asyncio.run in a coroutine": (
        "`asyncio.run()` is called while the loop of `asyncio.run()` "
        "(line 7) runs; it raises RuntimeError: asyncio.run() cannot be called from a running event loop; "
        "`await` instead"
    ),
    "run_until_complete on the running loop": (
        "`loop.run_until_complete()` is called while the loop of `asyncio.run()` "
        "(line 7) runs; it raises RuntimeError: This event loop is already running; "
        "`await` instead"
    ),
    "run_until_complete on a new loop": (
        "`loop.run_until_complete()` is called while the loop of `asyncio.run()` "
        "(line 7) runs; it raises RuntimeError: Cannot run the event loop while another loop is running; "
        "`await` instead"
    ),
    "a runner": (
        "`runner.run()` is called while the loop of `asyncio.run()` "
        "(line 7) runs; it raises RuntimeError: Runner.run() cannot be called from a running event loop; "
        "`await` instead"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(WORK + textwrap.dedent(BAD[name]))
    assert found.text == MESSAGES[name]


def test_run_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "aio.py": """
            import asyncio

            def run(coro):
                return asyncio.run(coro)
        """,
        "app.py": """
            from aio import run

            async def work():
                return {}

            async def main():
                return run(work())  # LMB306

            def lambda_handler(event, context):
                return run(main())
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`asyncio.run()` (aio.py:4) is called while the loop of "
    )
    assert found.text.endswith("; make `run` async and `await`")
