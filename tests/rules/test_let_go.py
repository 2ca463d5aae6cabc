"""LMB302 and LMB303 on what an invocation lets go of when it is done with it.

Pairs: a line marked with `# reset` makes that the next invocation starts afresh, which
the runtime client shows to work; without it the mark tells what is found.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import on

HEAD = """
import asyncio

async def work(event=None):
    await asyncio.sleep(0)
    return "ok"

"""

PAIRS = {
    "loop in a global": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None:
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(work())
            finally:
                LOOP.close()  # LMB302
                LOOP = None  # reset
    """,
    "loop in an attribute": """
        class Service:
            loop = None
            def run(self):
                if self.loop is None:
                    self.loop = asyncio.new_event_loop()
                result = self.loop.run_until_complete(work())
                self.loop.close()  # LMB302
                self.loop = None  # reset
                return result
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run()
    """,
    "loop in a dictionary": """
        CACHE = {}
        def lambda_handler(event, context):
            if "loop" not in CACHE:
                CACHE["loop"] = asyncio.new_event_loop()
            result = CACHE["loop"].run_until_complete(work())
            CACHE["loop"].close()  # LMB302
            CACHE.clear()  # reset
            return result
    """,
    "coroutine in a global": """
        JOB = None
        async def main():
            global JOB
            if JOB is None:
                JOB = work()  # LMB303
            result = await JOB
            JOB = None  # reset
            return result
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "coroutine in a dictionary": """
        JOBS = {}
        async def main():
            if "job" not in JOBS:
                JOBS["job"] = work()  # LMB303
            result = await JOBS["job"]
            del JOBS["job"]  # reset
            return result
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "lock in a global": """
        LOCK = None
        async def one():
            async with LOCK:
                await asyncio.sleep(0.01)
        async def main():
            global LOCK
            if LOCK is None:
                LOCK = asyncio.Lock()  # LMB303
            await asyncio.gather(one(), one())
            LOCK = None  # reset
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
}


@pytest.mark.parametrize("source", PAIRS.values(), ids=PAIRS)
def test_good(source):
    lines = (HEAD + textwrap.dedent(source)).splitlines()
    text = "\n".join([line.split("  # LMB")[0] for line in lines]) + "\n"
    assert_marked(on("python3.13", text))
    assert invoke(text).ok


@pytest.mark.parametrize("source", PAIRS.values(), ids=PAIRS)
def test_bad(source):
    lines = (HEAD + textwrap.dedent(source)).splitlines()
    text = "\n".join([line for line in lines if "# reset" not in line]) + "\n"
    assert_marked(on("python3.13", text))
    first, second = invoke(text)
    assert first.ok
    assert second.error_type == "RuntimeError"


def test_what_init_sets_is_not_let_go():
    assert_marked(
        """
        import asyncio
        import functools
        import aiohttp

        @functools.cache
        def service():
            return Service()

        class Service:
            def __init__(self):
                self.session = None

            async def load(self, url):
                if self.session is None:
                    self.session = aiohttp.ClientSession()  # LMB303
                async with self.session.get(url) as response:
                    return await response.text()

        def lambda_handler(event, context):
            return asyncio.run(service().load(event["url"]))
        """
    )
