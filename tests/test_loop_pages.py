"""What LMB301 to LMB306 report fails under the real runtime client, when they say so.

Each page's example fails in the stated invocation, and its cure works for three. And
for each shape in which a loop, or an object bound to one, meets a warm start, the table
holds what really happens beside what the rules say.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
import textwrap

import pytest

from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import on
from tests.support import violations

EVENTS = [{}, {}, {}]


def page(rule: str, title: str) -> str:
    module = importlib.import_module(f"flake8_lambda_handler.rules.{rule}")
    text = ast.get_docstring(ast.parse(f'"""{module.__doc__}"""')) or ""
    block = re.search(rf"^## {title}\n.*?^```python\n(.*?)^```", text, re.S | re.M)
    assert block is not None
    return block[1]


#: Page, the invocation from which on its example fails, and the error.
PAGES = {
    "closed_shared_loop": (2, "Event loop is closed"),
    "loop_bound_global": (2, "is bound to a different event loop"),
    "get_event_loop": (1, "There is no current event loop"),
    "nested_run": (1, "cannot be called from a running event loop"),
}

WITH_CURE = [*PAGES, "module_level_event_loop", "unclosed_loop"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rule", PAGES)
def test_example_fails_as_stated(rule, version):
    first, error = PAGES[rule]
    example = page(rule, "Example")
    outcomes = invoke(example, events=EVENTS, python=interpreter(version))
    assert [outcome.ok for outcome in outcomes] == [
        number < first for number in (1, 2, 3)
    ], outcomes
    assert {outcome.error_type for outcome in outcomes[first - 1 :]} == {"RuntimeError"}
    assert error in outcomes[-1].error_message
    (found,) = violations(example)
    assert ("second" in found.text) is (first == 2)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rule", WITH_CURE)
def test_cure_works_for_three_invocations(rule, version):
    cure = page(rule, "Use instead")
    outcomes = invoke(cure, events=EVENTS, python=interpreter(version))
    assert outcomes.ok, outcomes
    assert len(outcomes) == len(EVENTS)


@pytest.mark.parametrize("version", VERSIONS)
def test_kept_loop_works_as_its_page_says(version):
    example = page("module_level_event_loop", "Example")
    assert invoke(example, events=EVENTS, python=interpreter(version)).ok


#: Room for a few invocations only: the first ones have about ten files open.
LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
from app import lambda_handler
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts as Linux does")
def test_unclosed_loops_use_up_the_file_descriptors():
    events = [{}] * 15
    for title, ok in (("Example", False), ("Use instead", True)):
        files = {"app.py": page("unclosed_loop", title), "limited.py": LIMITED}
        outcomes = invoke(files, handler="limited.lambda_handler", events=events)
        assert outcomes[0].ok
        assert outcomes.ok is ok, outcomes
        for failed in outcomes:
            if not failed.ok:
                assert failed.error_type == "OSError"
                assert "Too many open files" in failed.error_message


# -- every shape --------------------------------------------------------------------

WORK = """
import asyncio

async def work(event=None):
    await asyncio.sleep(0)
    return "ok"

"""

#: What stands in the handler's file behind WORK; the code that reports it, or None;
#: the invocations that fail, `0` for the import; a part of the error.
SHAPES = {
    "asyncio.run in the handler": (
        """
        def lambda_handler(event, context):
            return asyncio.run(work())
        """,
        None,
        "",
        "",
    ),
    "new_event_loop and close in the handler": (
        """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(work())
            finally:
                loop.close()
        """,
        None,
        "",
        "",
    ),
    "module-level get_event_loop, never closed": (
        """
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(work())
        """,
        "LMB301",
        "",
        "",
    ),
    "module-level loop, closed in the handler": (
        """
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            try:
                return LOOP.run_until_complete(work())
            finally:
                LOOP.close()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "class attribute, closed": (
        """
        class Service:
            loop = asyncio.new_event_loop()
            def run(self):
                try:
                    return self.loop.run_until_complete(work())
                finally:
                    self.loop.close()
        def lambda_handler(event, context):
            return Service().run()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "instance of a module-level object, closed": (
        """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()
            def run(self):
                result = self.loop.run_until_complete(work())
                self.loop.close()
                return result
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "lru_cache getter, closed": (
        """
        from functools import lru_cache
        @lru_cache
        def get():
            return asyncio.new_event_loop()
        def lambda_handler(event, context):
            result = get().run_until_complete(work())
            get().close()
            return result
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "lazy global, closed": (
        """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None:
                LOOP = asyncio.new_event_loop()
            result = LOOP.run_until_complete(work())
            LOOP.close()
            return result
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "dictionary entry, closed": (
        """
        CACHE = {"loop": asyncio.new_event_loop()}
        def lambda_handler(event, context):
            result = CACHE["loop"].run_until_complete(work())
            CACHE["loop"].close()
            return result
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "default argument, closed": (
        """
        def lambda_handler(event, context, loop=asyncio.new_event_loop()):
            result = loop.run_until_complete(work())
            loop.close()
            return result
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "function attribute, closed": (
        """
        def lambda_handler(event, context):
            result = lambda_handler.loop.run_until_complete(work())
            lambda_handler.loop.close()
            return result
        lambda_handler.loop = asyncio.new_event_loop()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "with contextlib.closing": (
        """
        from contextlib import closing
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            with closing(LOOP) as loop:
                return loop.run_until_complete(work())
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "get_event_loop in the handler": (
        """
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        None,
        "",
        "",
    ),
    "get_event_loop in the handler, closed": (
        """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(work())
            finally:
                loop.close()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "get_event_loop through the policy, closed": (
        """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop_policy().get_event_loop()
            result = loop.run_until_complete(work())
            loop.close()
            return result
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "a new loop if there is none or it is closed": (
        """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None or LOOP.is_closed():
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(work())
            finally:
                LOOP.close()
        """,
        None,
        "",
        "",
    ),
    "asyncio.run, then get_event_loop": (
        """
        def lambda_handler(event, context):
            asyncio.run(work())
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        "LMB304",
        "123",
        "There is no current event loop",
    ),
    "get_event_loop, then asyncio.run": (
        """
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(work())
            return asyncio.run(work())
        """,
        "LMB304",
        "23",
        "There is no current event loop",
    ),
    "asyncio.run at import, get_event_loop in the handler": (
        """
        CONFIG = asyncio.run(work())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        "LMB304",
        "123",
        "There is no current event loop",
    ),
    "asyncio.run at import, then get_event_loop": (
        """
        CONFIG = asyncio.run(work())
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(work())
        """,
        "LMB304",
        "0",
        "There is no current event loop",
    ),
    "module-level get_event_loop, used after an asyncio.run": (
        """
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            asyncio.run(work())
            return LOOP.run_until_complete(work())
        """,
        "LMB301",
        "",
        "",
    ),
    "the loop is set after an asyncio.run": (
        """
        def lambda_handler(event, context):
            asyncio.run(work())
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return asyncio.get_event_loop().run_until_complete(work())
            finally:
                loop.close()
        """,
        None,
        "",
        "",
    ),
    "runner in a helper, then get_event_loop": (
        """
        def load():
            with asyncio.Runner() as runner:
                return runner.run(work())
        def lambda_handler(event, context):
            load()
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        "LMB304",
        "123",
        "There is no current event loop",
    ),
    "get_event_loop, then a runner in a helper": (
        """
        def load():
            runner = asyncio.Runner()
            try:
                return runner.run(work())
            finally:
                runner.close()
        def lambda_handler(event, context):
            asyncio.get_event_loop().run_until_complete(work())
            return load()
        """,
        "LMB304",
        "23",
        "There is no current event loop",
    ),
    "runner with a factory, then get_event_loop": (
        """
        def lambda_handler(event, context):
            with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
                runner.run(work())
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        None,
        "",
        "",
    ),
    "set as current at import": (
        """
        asyncio.set_event_loop(asyncio.new_event_loop())
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        "LMB301",
        "",
        "",
    ),
    "set as current at import, closed": (
        """
        asyncio.set_event_loop(asyncio.new_event_loop())
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(work())
            finally:
                loop.close()
        """,
        "LMB302",
        "23",
        "Event loop is closed",
    ),
    "set as current by the first invocation": (
        """
        READY = False
        def lambda_handler(event, context):
            global READY
            if not READY:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
                READY = True
            return asyncio.get_event_loop().run_until_complete(work())
        """,
        "LMB301",
        "",
        "",
    ),
    "stop on the idle loop": (
        """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(work())
            if event.get("first", True):
                LOOP.stop()
            return result
        """,
        "LMB302",
        "2",
        "Event loop stopped before Future completed.",
    ),
    "kept runner": (
        """
        RUNNER = asyncio.Runner()
        def lambda_handler(event, context):
            return RUNNER.run(work())
        """,
        "LMB301",
        "",
        "",
    ),
    "kept runner in a with": (
        """
        RUNNER = asyncio.Runner()
        def lambda_handler(event, context):
            with RUNNER:
                return RUNNER.run(work())
        """,
        "LMB302",
        "23",
        "Runner is closed",
    ),
    "loop closed at import": (
        """
        LOOP = asyncio.new_event_loop()
        LOOP.run_until_complete(work())
        LOOP.close()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(work())
        """,
        "LMB302",
        "123",
        "Event loop is closed",
    ),
    "stopped while idle": (
        """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(work())
            LOOP.stop()
            return result
        """,
        "LMB302",
        "2",
        "Event loop stopped before Future completed.",
    ),
    "stopped by what runs on its thread": (
        """
        import threading
        LOOP = asyncio.new_event_loop()
        async def stop():
            LOOP.stop()
        def lambda_handler(event, context):
            thread = threading.Thread(target=LOOP.run_forever)
            thread.start()
            stopping = asyncio.run_coroutine_threadsafe(stop(), LOOP)
            thread.join(5)
            LOOP.run_until_complete(LOOP.shutdown_asyncgens())
            return stopping.result(5)
        """,
        None,
        "",
        "",
    ),
    "background thread": (
        """
        import threading
        LOOP = asyncio.new_event_loop()
        threading.Thread(target=LOOP.run_forever, daemon=True).start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(work(), LOOP).result(5)
        """,
        None,
        "",
        "",
    ),
    "run_until_complete inside a running loop": (
        """
        async def main():
            return asyncio.get_event_loop().run_until_complete(work())
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB306",
        "123",
        "This event loop is already running",
    ),
    "another loop inside a running loop": (
        """
        async def main():
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(work())
            finally:
                loop.close()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB306",
        "123",
        "Cannot run the event loop while another loop is running",
    ),
    "runner inside a running loop": (
        """
        async def main():
            runner = asyncio.Runner()
            return runner.run(work())
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB306",
        "123",
        "Runner.run() cannot be called from a running event loop",
    ),
    "asyncio.run in a thread of a running loop": (
        """
        def load():
            return asyncio.run(work())
        async def main():
            return await asyncio.to_thread(load)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "lock, nobody waits": (
        """
        LOCK = asyncio.Lock()
        async def main():
            async with LOCK:
                return await work()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "lock, held by tasks that never pause": (
        """
        LOCK = asyncio.Lock()
        FOUND = []
        async def one(key):
            async with LOCK:
                FOUND.append(key)
        async def main():
            await asyncio.gather(one(1), one(2), one(3))
            return len(FOUND)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "lock, somebody waits": (
        """
        LOCK = asyncio.Lock()
        async def one():
            async with LOCK:
                await asyncio.sleep(0.01)
        async def main():
            await asyncio.gather(one(), one())
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "is bound to a different event loop",
    ),
    "semaphore with room for all": (
        """
        LIMIT = asyncio.Semaphore(2)
        async def one():
            async with LIMIT:
                await asyncio.sleep(0.01)
        async def main():
            await asyncio.gather(one(), one())
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "semaphore, somebody waits": (
        """
        LIMIT = asyncio.Semaphore(2)
        async def one(key):
            async with LIMIT:
                await asyncio.sleep(0.01)
        async def main():
            await asyncio.gather(*[one(key) for key in range(3)])
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "is bound to a different event loop",
    ),
    "queue, filled first": (
        """
        QUEUE = asyncio.Queue()
        async def main():
            await QUEUE.put("ok")
            return await QUEUE.get()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "queue, somebody waits": (
        """
        QUEUE = asyncio.Queue()
        async def main():
            asyncio.get_running_loop().call_later(0.01, QUEUE.put_nowait, "ok")
            return await QUEUE.get()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "is bound to a different event loop",
    ),
    "event, set first": (
        """
        READY = asyncio.Event()
        async def main():
            READY.clear()
            READY.set()
            return await READY.wait()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "event, set by the first invocation for good": (
        """
        READY = asyncio.Event()
        async def main():
            asyncio.get_running_loop().call_later(0.01, READY.set)
            return await READY.wait()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "event, somebody waits": (
        """
        READY = asyncio.Event()
        async def main():
            READY.clear()
            asyncio.get_running_loop().call_later(0.01, READY.set)
            return await READY.wait()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "is bound to a different event loop",
    ),
    "condition, somebody waits": (
        """
        READY = asyncio.Condition()
        async def wake():
            async with READY:
                READY.notify_all()
        async def main():
            async with READY:
                waker = asyncio.create_task(wake())
                await READY.wait()
            await waker
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "is bound to a different event loop",
    ),
    "the same lock on one kept loop": (
        """
        LOOP = asyncio.new_event_loop()
        LOCK = asyncio.Lock()
        async def one():
            async with LOCK:
                await asyncio.sleep(0.01)
        async def main():
            await asyncio.gather(one(), one())
            return "ok"
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main())
        """,
        "LMB301",
        "",
        "",
    ),
    "future of another loop": (
        """
        LOOP = asyncio.new_event_loop()
        ANSWER = LOOP.create_future()
        async def main():
            return await ANSWER
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "123",
        "",
    ),
    "future of the first loop, done": (
        """
        CACHE = {}
        async def main():
            if "answer" not in CACHE:
                CACHE["answer"] = asyncio.get_running_loop().create_future()
                CACHE["answer"].set_result("ok")
            return await CACHE["answer"]
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "aiohttp session at import": (
        """
        import aiohttp, os
        SESSION = aiohttp.ClientSession()
        async def main():
            async with SESSION.get(os.environ["URL"]) as response:
                return await response.json()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "0",
        "no running event loop",
    ),
    "aiohttp session, kept": (
        """
        import aiohttp, os
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()
            async with SESSION.get(os.environ["URL"]) as response:
                return await response.json()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "Event loop is closed",
    ),
    "aiohttp session of the invocation": (
        """
        import aiohttp, os
        async def main():
            async with aiohttp.ClientSession() as session:
                async with session.get(os.environ["URL"]) as response:
                    return await response.json()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "aiohttp session on one kept loop": (
        """
        import aiohttp, os
        LOOP = asyncio.new_event_loop()
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()
            async with SESSION.get(os.environ["URL"]) as response:
                return await response.json()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main())
        """,
        "LMB301",
        "",
        "",
    ),
    "aiohttp session on the thread's own loop": (
        """
        import aiohttp, os
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()
            async with SESSION.get(os.environ["URL"]) as response:
                return await response.json()
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main())
        """,
        None,
        "",
        "",
    ),
    "httpx client at import: every other invocation": (
        """
        import httpx, os
        CLIENT = httpx.AsyncClient()
        async def main():
            return (await CLIENT.get(os.environ["URL"])).json()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "2",
        "Event loop is closed",
    ),
    "httpx client without kept connections": (
        """
        import httpx, os
        CLIENT = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
        async def main():
            return (await CLIENT.get(os.environ["URL"])).json()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
    "aioboto3 client, kept": (
        """
        import aioboto3, os
        SESSION = aioboto3.Session()
        CLIENT = None
        async def main():
            global CLIENT
            if CLIENT is None:
                url = os.environ["URL"]
                CLIENT = await SESSION.client("dynamodb", endpoint_url=url).__aenter__()
            return (await CLIENT.list_tables())["TableNames"]
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "LMB303",
        "23",
        "",
    ),
    "aioboto3 session, kept": (
        """
        import aioboto3, os
        SESSION = aioboto3.Session()
        async def main():
            url = os.environ["URL"]
            async with SESSION.client("dynamodb", endpoint_url=url) as client:
                return (await client.list_tables())["TableNames"]
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
        "",
        "",
    ),
}

#: `asyncio.Runner` came with this version.
RUNNER_SINCE = (3, 11)


@pytest.mark.parametrize("name", SHAPES)
def test_rules_say(name):
    body, code, failing, _ = SHAPES[name]
    found = violations(on("python3.13", WORK + textwrap.dedent(body)))
    assert [one.code for one in found] == ([code] if code else [])
    if not failing:
        return
    text = found[0].text
    if failing == "0":
        assert "the import" in text
    elif code in ("LMB302", "LMB303", "LMB304"):
        assert ("every invocation" in text) is failing.startswith("1")
        assert ("the second invocation" in text) is failing.startswith("2")


@pytest.mark.parametrize("name", SHAPES)
def test_runtime_does(name, url):
    body, _, failing, error = SHAPES[name]
    for package in re.findall(r"^\s*import (\w+), os$", body, re.M):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    if "Runner" in body and sys.version_info < RUNNER_SINCE:
        pytest.skip("asyncio.Runner came with Python 3.11")
    if "get_event_loop" in body and sys.version_info >= (3, 14):
        pytest.skip("observed up to Python 3.13")
    outcomes = invoke(
        WORK + textwrap.dedent(body),
        events=[{"first": True}, {"first": False}, {"first": False}],
        environment={
            "URL": url,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
    )
    if failing == "0":
        assert outcomes == ()
        assert error in outcomes.init_error.error_message
        return
    failed = [str(number) for number, one in enumerate(outcomes, 1) if not one.ok]
    assert "".join(failed) == failing, outcomes
    for number in failing:
        assert error in outcomes[int(number) - 1].error_message
