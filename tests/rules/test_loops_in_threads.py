"""LMB304 in threads that a handler starts: they have no current loop."""

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
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import as_completed
from multiprocessing.pool import ThreadPool

async def load(key=None):
    await asyncio.sleep(0)
    return key

"""

BAD = {
    "submit": """
        def fetch():
            loop = asyncio.get_event_loop()  # LMB304
            return loop.run_until_complete(load("a"))
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return pool.submit(fetch).result()
    """,
    "submit to a kept pool, a method": """
        class Client:
            def fetch(self, key):
                return asyncio.get_event_loop().run_until_complete(load(key))  # LMB304
        CLIENT, POOL = Client(), ThreadPoolExecutor(2)
        def lambda_handler(event, context):
            futures = [POOL.submit(CLIENT.fetch, key) for key in "ab"]
            return [future.result() for future in as_completed(futures)]
    """,
    "submit, a lambda": """
        def run(coroutine):
            return asyncio.get_event_loop().run_until_complete(coroutine)  # LMB304
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return pool.submit(lambda: run(load("a"))).result()
    """,
    "map": """
        def fetch(key):
            return asyncio.get_event_loop().run_until_complete(load(key))  # LMB304
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return list(pool.map(fetch, ["a", "b"]))
    """,
    "map of a pool of multiprocessing": """
        def fetch(key):
            return asyncio.get_event_loop().run_until_complete(load(key))  # LMB304
        def lambda_handler(event, context):
            with ThreadPool(2) as pool:
                return pool.map(fetch, ["a", "b"])
    """,
    "to_thread": """
        def fetch():
            return asyncio.get_event_loop().run_until_complete(load())  # LMB304
        async def main():
            return await asyncio.to_thread(fetch)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "run_in_executor": """
        def fetch():
            return asyncio.get_event_loop().run_until_complete(load())  # LMB304
        async def main():
            return await asyncio.get_running_loop().run_in_executor(None, fetch)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "another loop runs in the main thread": """
        def fetch():
            return asyncio.get_event_loop().run_until_complete(load())  # LMB304
        async def main():
            with ThreadPoolExecutor() as pool:
                return pool.submit(fetch).result()
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
}

GOOD = {
    "submit, and a loop of its own": """
        def fetch():
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(load("a"))
            finally:
                loop.close()
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return pool.submit(fetch).result()
    """,
    "submit to a kept pool, asyncio.run": """
        POOL = ThreadPoolExecutor(2)
        def fetch(key):
            return asyncio.run(load(key))
        def lambda_handler(event, context):
            return [POOL.submit(fetch, key).result() for key in "ab"]
    """,
    "submit, and a loop is set first": """
        def fetch():
            asyncio.set_event_loop(asyncio.new_event_loop())
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(load("a"))
            finally:
                loop.close()
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return pool.submit(fetch).result()
    """,
    "map, and an initializer sets a loop": """
        def start():
            asyncio.set_event_loop(asyncio.new_event_loop())
        def fetch(key):
            return asyncio.get_event_loop().run_until_complete(load(key))
        def lambda_handler(event, context):
            with ThreadPoolExecutor(2, initializer=start) as pool:
                return list(pool.map(fetch, ["a", "b"]))
    """,
    "the error is caught": """
        def fetch(key):
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(load(key))
        def lambda_handler(event, context):
            with ThreadPool(2) as pool:
                return pool.map(fetch, ["a", "b"])
    """,
    "to_thread, inside a loop of the thread": """
        async def current():
            return str(asyncio.get_event_loop())
        def fetch():
            return asyncio.run(current())
        async def main():
            return await asyncio.to_thread(fetch)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "the current loop of the main thread": """
        def fetch(loop):
            return asyncio.run_coroutine_threadsafe(load("a"), loop).result()
        async def main():
            loop = asyncio.get_event_loop()
            return await loop.run_in_executor(None, fetch, loop)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "a process": """
        def fetch():
            return asyncio.get_event_loop().run_until_complete(load("a"))
        def lambda_handler(event, context):
            with ProcessPoolExecutor() as pool:
                return pool.submit(fetch).result()
    """,
}


def _files(source: str) -> dict[str, str]:
    # A runtime on which the main thread's first call makes a loop.
    return on("python3.13", HEAD + textwrap.dedent(source))


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB304" in source
    assert_marked(_files(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(_files(source))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad_under_the_runtime(source, version):
    source = HEAD + textwrap.dedent(source)
    (outcome,) = invoke(source, events=[{}], python=interpreter(version))
    assert outcome.error_type == "RuntimeError"
    assert "There is no current event loop in thread" in str(outcome.error_message)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good_under_the_runtime(source):
    assert invoke(HEAD + textwrap.dedent(source)).ok


def test_a_thread_that_dies_alone():
    source = HEAD + textwrap.dedent("""
        def fetch():
            asyncio.get_event_loop().run_until_complete(load())  # LMB304
        def lambda_handler(event, context):
            thread = threading.Thread(target=fetch)
            thread.start()
            thread.join()
            return {}
    """)
    assert_marked(on("python3.13", source))
    (outcome,) = invoke(source, events=[{}])
    assert outcome.ok
    assert "There is no current event loop in thread" in outcome.stderr


def test_message():
    (found,) = violations(_files(BAD["submit"]))
    assert found.text == (
        "`asyncio.get_event_loop()` finds no event loop in the thread of `pool.submit()`; "
        "every invocation raises RuntimeError: There is no current event loop; use "
        "`asyncio.run(...)`"
    )
