from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

MAIN = """
import asyncio

async def main(event=None):
    return {}

"""

#: Every one works today, also in the third invocation.
BAD = {
    "made at import": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "fetched at import": """
        LOOP = asyncio.get_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "fetched through the policy": """
        LOOP = asyncio.get_event_loop_policy().get_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "made, set as current and fetched": """
        asyncio.set_event_loop(asyncio.new_event_loop())  # LMB301
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "by another name": """
        from asyncio import new_event_loop as fresh
        LOOP = fresh()  # LMB301
        def lambda_handler(event, context):
            run = LOOP.run_until_complete
            return run(main(event))
    """,
    "uvloop": """
        import uvloop
        LOOP = uvloop.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "used after an asyncio.run, which works": """
        LOOP = asyncio.get_event_loop()  # LMB301
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return LOOP.run_until_complete(main(event))
    """,
    "class attribute": """
        class Service:
            loop = asyncio.new_event_loop()  # LMB301
            def run(self, event):
                return self.loop.run_until_complete(main(event))
        def lambda_handler(event, context):
            return Service().run(event)
    """,
    "attribute of a module-level instance": """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()  # LMB301
            def run(self, event):
                return self.loop.run_until_complete(main(event))
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run(event)
    """,
    "attribute of an instance, made lazily": """
        class Service:
            def __init__(self):
                self.loop = None
            def run(self, event):
                if self.loop is None:
                    self.loop = asyncio.new_event_loop()  # LMB301
                return self.loop.run_until_complete(main(event))
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run(event)
    """,
    "default argument of the handler": """
        def lambda_handler(event, context, loop=asyncio.new_event_loop()):  # LMB301
            return loop.run_until_complete(main(event))
    """,
    "default argument of a helper": """
        def run(coro, *, loop=asyncio.new_event_loop()):  # LMB301
            return loop.run_until_complete(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "cached getter": """
        import functools
        @functools.lru_cache
        def get_loop():
            return asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "cached getter, decorator with arguments": """
        import functools
        @functools.lru_cache(maxsize=None)
        def get_loop():
            return asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "cached getter, functools.cache": """
        from functools import cache
        @cache
        def get_loop():
            loop = asyncio.new_event_loop()  # LMB301
            asyncio.set_event_loop(loop)
            return loop
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "lazy global": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None:
                LOOP = asyncio.new_event_loop()  # LMB301
            return LOOP.run_until_complete(main(event))
    """,
    "lazy global, or": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            LOOP = LOOP or asyncio.new_event_loop()  # LMB301
            return LOOP.run_until_complete(main(event))
    """,
    "lazy global in a helper that returns early": """
        LOOP = None
        def get_loop():
            global LOOP
            if LOOP is not None:
                return LOOP
            LOOP = asyncio.new_event_loop()  # LMB301
            return LOOP
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "dictionary entry": """
        CACHE = {"loop": asyncio.new_event_loop()}  # LMB301
        def lambda_handler(event, context):
            return CACHE["loop"].run_until_complete(main(event))
    """,
    "dictionary entry, made lazily": """
        CACHE = {}
        def lambda_handler(event, context):
            if "loop" not in CACHE:
                CACHE["loop"] = asyncio.new_event_loop()  # LMB301
            return CACHE["loop"].run_until_complete(main(event))
    """,
    "function attribute": """
        def lambda_handler(event, context):
            return lambda_handler.loop.run_until_complete(main(event))
        lambda_handler.loop = asyncio.new_event_loop()  # LMB301
    """,
    "filled by a function that the module calls": """
        LOOP = None
        def init():
            global LOOP
            LOOP = asyncio.new_event_loop()  # LMB301
        init()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "cached property of a kept object": """
        import functools
        class Service:
            @functools.cached_property
            def loop(self):
                return asyncio.new_event_loop()  # LMB301
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.loop.run_until_complete(main(event))
    """,
    "property of a kept object": """
        class Service:
            _loop = None
            @property
            def loop(self):
                if self._loop is None:
                    self._loop = asyncio.new_event_loop()  # LMB301
                return self._loop
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.loop.run_until_complete(main(event))
    """,
    "argument of a partial": """
        from functools import partial
        def handle(loop, event, context):
            return loop.run_until_complete(main(event))
        lambda_handler = partial(handle, asyncio.new_event_loop())  # LMB301
    """,
    "variable of a decorator": """
        def driven(function):
            loop = asyncio.get_event_loop()  # LMB301
            def wrapper(event, context):
                return loop.run_until_complete(function(event, context))
            return wrapper
        @driven
        async def lambda_handler(event, context):
            return {}
    """,
    "one of two": """
        ONE = asyncio.new_event_loop()  # LMB301
        TWO = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            loop = ONE if event.get("one") else TWO
            return loop.run_until_complete(main(event))
    """,
    "kept runner": """
        RUNNER = asyncio.Runner()  # LMB301
        def lambda_handler(event, context):
            return RUNNER.run(main(event))
    """,
    "run by a helper": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def run(coro):
            return LOOP.run_until_complete(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "run_forever": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            LOOP.call_soon(LOOP.stop)
            LOOP.run_forever()
            return {}
    """,
    "two handlers, one loop": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
        def other_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "handler is a method of a kept instance": """
        class Service:
            def __init__(self):
                self.loop = asyncio.get_event_loop()  # LMB301
            def handle(self, event, context):
                return self.loop.run_until_complete(main(event))
        lambda_handler = Service().handle
    """,
    "set as current at import, without a name": """
        asyncio.set_event_loop(asyncio.new_event_loop())  # LMB301
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "set as current by a function that the module calls": """
        def prepare():
            loop = asyncio.new_event_loop()  # LMB301
            asyncio.set_event_loop(loop)
        prepare()
        def drive(coro):
            return asyncio.get_event_loop().run_until_complete(coro)
        def lambda_handler(event, context):
            return drive(main(event))
    """,
    "set as current by the first invocation": """
        READY = False
        def lambda_handler(event, context):
            global READY
            if not READY:
                loop = asyncio.new_event_loop()  # LMB301
                asyncio.set_event_loop(loop)
                READY = True
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "set as current by the first invocation, in a helper": """
        STATE = {}
        def prepare():
            if "loop" not in STATE:
                asyncio.set_event_loop(asyncio.new_event_loop())  # LMB301
                STATE["loop"] = True
        def lambda_handler(event, context):
            prepare()
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
}

GOOD = {
    "asyncio.run": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "a new loop, set, used and closed": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
                asyncio.set_event_loop(None)
    """,
    "a runner in a with": """
        def lambda_handler(event, context):
            with asyncio.Runner() as runner:
                return runner.run(main(event))
    """,
    "a new loop if there is none or it is closed": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None or LOOP.is_closed():
                LOOP = asyncio.new_event_loop()
            return LOOP.run_until_complete(main(event))
    """,
    "the same in a helper": """
        LOOP = asyncio.new_event_loop()
        def get_loop():
            global LOOP
            if LOOP.is_closed():
                LOOP = asyncio.new_event_loop()
            return LOOP
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "a background thread, bound method": """
        import threading
        LOOP = asyncio.new_event_loop()
        threading.Thread(target=LOOP.run_forever, daemon=True).start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(main(event), LOOP).result()
    """,
    "a background thread, function": """
        import threading
        LOOP = asyncio.new_event_loop()
        def serve(loop):
            asyncio.set_event_loop(loop)
            loop.run_forever()
        threading.Thread(target=serve, args=(LOOP,), daemon=True).start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(main(event), LOOP).result()
    """,
    "a background thread, subclass": """
        import threading
        class Background(threading.Thread):
            def __init__(self):
                super().__init__(daemon=True)
                self.loop = asyncio.new_event_loop()
            def run(self):
                self.loop.run_forever()
        THREAD = Background()
        THREAD.start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(main(event), THREAD.loop).result()
    """,
    "a background thread, executor": """
        from concurrent.futures import ThreadPoolExecutor
        LOOP = asyncio.new_event_loop()
        ThreadPoolExecutor(1).submit(LOOP.run_forever)
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(main(event), LOOP).result()
    """,
    "made and used at import only": """
        LOOP = asyncio.new_event_loop()
        CONFIG = LOOP.run_until_complete(main())
        LOOP.close()
        def lambda_handler(event, context):
            return {"config": CONFIG}
    """,
    "made at import, never used": """
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "under __main__": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
        if __name__ == "__main__":
            LOOP = asyncio.new_event_loop()
            LOOP.run_until_complete(main())
    """,
    "in a function that only the command line calls": """
        LOOP = None
        def cli():
            global LOOP
            LOOP = asyncio.new_event_loop()
            LOOP.run_until_complete(main())
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "made anew by each invocation, though in a global": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()
    """,
    "get_event_loop in the handler": """
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "get_event_loop, or a new one": """
        def lambda_handler(event, context):
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "uvloop.install": """
        import uvloop
        uvloop.install()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "uvloop.run": """
        import uvloop
        def lambda_handler(event, context):
            return uvloop.run(main(event))
    """,
    "get_running_loop": """
        async def work():
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, str, 1)
        def lambda_handler(event, context):
            return asyncio.run(work())
    """,
    "a loop of somebody else": """
        from vendor import loop
        def lambda_handler(event, context):
            return loop.run_until_complete(main(event))
    """,
    "it may be another loop": """
        from vendor import find_loop
        LOOP = find_loop() or asyncio.new_event_loop()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "a server that owns its loop": """
        class Server:
            def __init__(self):
                self.loop = asyncio.new_event_loop()
            def serve(self):
                self.loop.run_forever()
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "no handler": """
        LOOP = asyncio.new_event_loop()
        def cli():
            return LOOP.run_until_complete(main())
    """,
    "nest_asyncio in a notebook's helper": """
        import nest_asyncio
        def run(coro):
            nest_asyncio.apply()
            return asyncio.get_event_loop().run_until_complete(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "cached property of an object of the invocation": """
        import functools
        class Service:
            @functools.cached_property
            def loop(self):
                return asyncio.new_event_loop()
        def lambda_handler(event, context):
            service = Service()
            try:
                return service.loop.run_until_complete(main(event))
            finally:
                service.loop.close()
    """,
    "loop of a thread, kept there": """
        import threading
        LOCAL = threading.local()
        def get_loop():
            if not hasattr(LOCAL, "kept"):
                LOCAL.kept = asyncio.new_event_loop()
            return LOCAL.kept
        def lambda_handler(event, context):
            return get_loop().run_until_complete(main(event))
    """,
    "context manager of the project": """
        import contextlib
        @contextlib.contextmanager
        def fresh():
            loop = asyncio.new_event_loop()
            try:
                yield loop
            finally:
                loop.close()
        def lambda_handler(event, context):
            with fresh() as loop:
                return loop.run_until_complete(main(event))
    """,
    "helper for code that may run in a loop": """
        from concurrent.futures import ThreadPoolExecutor
        def run(coro):
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                loop = None
            if loop and loop.is_running():
                with ThreadPoolExecutor() as pool:
                    return pool.submit(asyncio.run, coro).result()
            return asyncio.run(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "loop of the caller, or one of its own": """
        def run(coro, loop=None):
            loop = loop or asyncio.get_event_loop()
            return loop.run_until_complete(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "anyio.run": """
        import anyio
        def lambda_handler(event, context):
            return anyio.run(main, event)
    """,
    "loop in a process of its own": """
        import multiprocessing
        def child():
            loop = asyncio.new_event_loop()
            loop.run_until_complete(main())
        def lambda_handler(event, context):
            multiprocessing.Process(target=child).start()
            return {}
    """,
    "loop in a thread of its own": """
        import threading
        def child():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            asyncio.get_event_loop().run_until_complete(main())
        def lambda_handler(event, context):
            thread = threading.Thread(target=child)
            thread.start()
            thread.join()
            return {}
    """,
    "set as current, used and closed, by each invocation": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(asyncio.new_event_loop())
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "set as current on a branch, which closes it": """
        def lambda_handler(event, context):
            loop = None
            try:
                if event:
                    loop = asyncio.new_event_loop()
                    asyncio.set_event_loop(loop)
                    return loop.run_until_complete(main(event))
            finally:
                if loop is not None:
                    loop.close()
    """,
    "set as current at import, and taken away": """
        asyncio.set_event_loop(asyncio.new_event_loop())
        asyncio.set_event_loop(None)
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "set as current at import, and only coroutines ask for theirs": """
        asyncio.set_event_loop(asyncio.new_event_loop())
        async def now():
            return asyncio.get_event_loop().time()
        def lambda_handler(event, context):
            return asyncio.run(now())
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB301" in source
    assert_marked(on("python3.13", with_main(source)))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB301" not in source
    assert_marked(on("python3.13", with_main(source)))


def with_main(source: str) -> str:
    import textwrap

    return MAIN + textwrap.dedent(source)


def test_message():
    (found,) = violations(with_main(BAD["made at import"]))
    assert found.column == len("LOOP = ")
    assert found.text == (
        "event loop `LOOP` is kept for later invocations; it works until closed or "
        "`asyncio.run` is used"
    )


def test_runner_is_named():
    (found,) = violations(with_main(BAD["kept runner"]))
    assert found.text.startswith("runner `RUNNER` is kept for later invocations")


def test_loop_of_another_file_is_reported_at_its_use():
    files = {
        "app/aio.py": "import asyncio\n\nloop = asyncio.new_event_loop()\n",
        "app/__init__.py": "",
        "app/main.py": """
            from app.aio import loop

            async def main():
                return {}

            def lambda_handler(event, context):
                return loop.run_until_complete(main())  # LMB301
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert "`loop` (aio.py:3) is kept" in found.text


def test_loop_that_another_file_sets_as_current():
    files = {
        "boot.py": """
            import asyncio

            asyncio.set_event_loop(asyncio.new_event_loop())
        """,
        "app.py": """
            import asyncio
            import boot

            async def main():
                return {}

            def lambda_handler(event, context):
                return asyncio.get_event_loop().run_until_complete(main())  # LMB301
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert "(boot.py:3) is kept" in found.text


def test_loop_that_the_thread_has_is_not_kept_by_being_fetched_twice():
    source = with_main("""
        class Cycle:
            def __init__(self):
                self.loop = asyncio.get_event_loop()
        def lambda_handler(event, context):
            if event:
                Cycle().loop.run_until_complete(main(event))
            return asyncio.get_event_loop().run_until_complete(main(event))
    """)
    assert_marked(on("python3.13", source))


def test_loop_of_another_file_used_there():
    assert_marked(
        {
            "aio.py": """
                import asyncio

                _loop = None

                def run(coro):
                    global _loop
                    if not _loop:
                        _loop = asyncio.new_event_loop()
                    return _loop.run_until_complete(coro)
            """,
            "app.py": """
                import aio

                async def main():
                    return {}

                def lambda_handler(event, context):
                    return aio.run(main())  # LMB301
            """,
        }
    )


def test_tests_hold_no_handlers():
    source = with_main(BAD["made at import"]).replace("  # LMB301", "")
    assert violations(source, name="tests/test_app.py") == []
