from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

MAIN = """
import asyncio
import functools
from contextlib import closing

async def main(event=None):
    return {}

"""

#: The first invocation works, the second raises `Event loop is closed`.
BAD = {
    "made at import": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()  # LMB302
    """,
    "fetched at import": """
        LOOP = asyncio.get_event_loop()
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(main(event))
            LOOP.close()  # LMB302
            return result
    """,
    "get_event_loop in the handler": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()  # LMB302
    """,
    "get_event_loop in the handler, through the policy": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop_policy().get_event_loop()
            result = loop.run_until_complete(main(event))
            loop.close()  # LMB302
            return result
    """,
    "get_event_loop twice": """
        def lambda_handler(event, context):
            result = asyncio.get_event_loop().run_until_complete(main(event))
            asyncio.get_event_loop().close()  # LMB302
            return result
    """,
    "get_event_loop in a helper": """
        def run(coro):
            loop = asyncio.get_event_loop()
            result = loop.run_until_complete(coro)
            loop.close()  # LMB302
            return result
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "class attribute": """
        class Service:
            loop = asyncio.new_event_loop()
            def run(self, event):
                try:
                    return self.loop.run_until_complete(main(event))
                finally:
                    self.loop.close()  # LMB302
        def lambda_handler(event, context):
            return Service().run(event)
    """,
    "instance of a module-level object": """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()
            def run(self, event):
                result = self.loop.run_until_complete(main(event))
                self.loop.close()  # LMB302
                return result
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run(event)
    """,
    "lru_cache getter": """
        @functools.lru_cache()
        def get():
            return asyncio.new_event_loop()
        def lambda_handler(event, context):
            try:
                return get().run_until_complete(main(event))
            finally:
                get().close()  # LMB302
    """,
    "lazy global": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None:
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()  # LMB302
    """,
    "lazy global in a helper": """
        _loop = None
        def get_loop():
            global _loop
            if not _loop:
                _loop = asyncio.new_event_loop()
            return _loop
        def lambda_handler(event, context):
            loop = get_loop()
            result = loop.run_until_complete(main(event))
            loop.close()  # LMB302
            return result
    """,
    "dictionary entry": """
        CACHE = {"loop": asyncio.new_event_loop()}
        def lambda_handler(event, context):
            result = CACHE["loop"].run_until_complete(main(event))
            CACHE["loop"].close()  # LMB302
            return result
    """,
    "what setdefault gives": """
        CACHE = {}
        def lambda_handler(event, context):
            loop = CACHE.setdefault("loop", asyncio.new_event_loop())
            result = loop.run_until_complete(main(event))
            loop.close()  # LMB302
            return result
    """,
    "default argument": """
        def lambda_handler(event, context, loop=asyncio.new_event_loop()):
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()  # LMB302
    """,
    "function attribute": """
        def lambda_handler(event, context):
            try:
                return lambda_handler.loop.run_until_complete(main(event))
            finally:
                lambda_handler.loop.close()  # LMB302
        lambda_handler.loop = asyncio.new_event_loop()
    """,
    "closing": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            with closing(LOOP) as loop:  # LMB302
                return loop.run_until_complete(main(event))
    """,
    "a runner in a with": """
        RUNNER = asyncio.Runner()
        def lambda_handler(event, context):
            with RUNNER:  # LMB302
                return RUNNER.run(main(event))
    """,
    "a runner closed": """
        RUNNER = asyncio.Runner()
        def lambda_handler(event, context):
            result = RUNNER.run(main(event))
            RUNNER.close()  # LMB302
            return result
    """,
    "closed on one branch": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(main(event))
            if event.get("last"):
                LOOP.close()  # LMB302
            return result
    """,
    "closed when it fails": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            try:
                return LOOP.run_until_complete(main(event))
            except ValueError:
                LOOP.close()  # LMB302
                return {}
    """,
    "closed by a helper": """
        LOOP = asyncio.new_event_loop()
        def finish(loop):
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()  # LMB302
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(main(event))
            finish(LOOP)
            return result
    """,
    "closed at import, used in the handler": """
        LOOP = asyncio.new_event_loop()
        LOOP.run_until_complete(main())
        LOOP.close()  # LMB302
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """,
    "stopped while idle": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            result = LOOP.run_until_complete(main(event))
            LOOP.stop()  # LMB302
            return result
    """,
    "stopped, and another one runs in a thread": """
        import threading
        LOOP, OTHER = asyncio.new_event_loop(), asyncio.new_event_loop()
        def lambda_handler(event, context):
            threading.Thread(target=OTHER.run_forever).start()
            LOOP.run_until_complete(main(event))
            LOOP.stop()  # LMB302
    """,
    "stopped, and another one runs in an executor": """
        from concurrent.futures import ThreadPoolExecutor
        LOOP, OTHER = asyncio.new_event_loop(), asyncio.new_event_loop()
        def lambda_handler(event, context):
            ThreadPoolExecutor().submit(OTHER.run_forever)
            LOOP.run_until_complete(main(event))
            LOOP.stop()  # LMB302
    """,
    "stopped, and another one runs in the executor of a loop": """
        LOOP, OTHER = asyncio.new_event_loop(), asyncio.new_event_loop()
        async def serve():
            await asyncio.get_running_loop().run_in_executor(None, OTHER.run_forever)
        def lambda_handler(event, context):
            LOOP.run_until_complete(serve())
            LOOP.stop()  # LMB302
    """,
    "in an attribute, replaced when there is none": """
        class Service:
            def __init__(self):
                self._loop = None
            def run(self, event):
                if self._loop is None:
                    self._loop = asyncio.new_event_loop()
                try:
                    return self._loop.run_until_complete(main(event))
                finally:
                    self._loop.close()  # LMB302
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run(event)
    """,
    "in a global, replaced when there is none": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None:
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()  # LMB302
    """,
    "closed where the class of the event says so": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            if isinstance(event.get("last"), str):
                LOOP.close()  # LMB302
                return None
            return LOOP.run_until_complete(main(event))
    """,
    "a helper asks whether it runs": """
        LOOP = asyncio.new_event_loop()
        def is_usable(loop):
            return not loop.is_running()
        def lambda_handler(event, context):
            global LOOP
            found = LOOP.run_until_complete(main(event))
            LOOP.close()  # LMB302
            return found, is_usable(LOOP)
    """,
    "get_event_loop, and a question whether it runs": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            if not loop.is_running():
                loop.run_until_complete(main(event))
            loop.close()  # LMB302
            return {}
    """,
    "or closed, by a function that nobody follows": """
        LOOP = asyncio.new_event_loop()
        def is_first():
            return bool(functools)
        def lambda_handler(event, context):
            if is_first():
                LOOP.run_until_complete(main(event))
            else:
                LOOP.close()  # LMB302
            return {}
    """,
}

GOOD = {
    "what setdefault of a local dict gives": """
        def lambda_handler(event, context):
            loop = {}.setdefault("loop", asyncio.new_event_loop())
            result = loop.run_until_complete(main(event))
            loop.close()
            return result
    """,
    "never closed": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(main(event))
    """,
    "made by each invocation": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "made by each invocation, closed without a finally": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            result = loop.run_until_complete(main(event))
            loop.close()
            return result
    """,
    "made, set and fetched by each invocation": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(asyncio.new_event_loop())
            loop = asyncio.get_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "made by a helper": """
        def get_loop():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            return loop
        def lambda_handler(event, context):
            loop = get_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "instance of each invocation": """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()
            def run(self, event):
                try:
                    return self.loop.run_until_complete(main(event))
                finally:
                    self.loop.close()
        def lambda_handler(event, context):
            return Service().run(event)
    """,
    "a new loop when it is closed": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None or LOOP.is_closed():
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()
    """,
    "get_event_loop, a new one when it is closed": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            if loop.is_closed():
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "get_event_loop, a new one for the next invocation": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            result = loop.run_until_complete(main(event))
            loop.close()
            asyncio.set_event_loop(asyncio.new_event_loop())
            return result
    """,
    "runner of the invocation": """
        def lambda_handler(event, context):
            with asyncio.Runner() as runner:
                return runner.run(main(event))
    """,
    "runner of the invocation, closed": """
        def lambda_handler(event, context):
            runner = asyncio.Runner()
            try:
                return runner.run(main(event))
            finally:
                runner.close()
    """,
    "closing a loop of the invocation": """
        def lambda_handler(event, context):
            with closing(asyncio.new_event_loop()) as loop:
                return loop.run_until_complete(main(event))
    """,
    "closed at import, not used again": """
        loop = asyncio.new_event_loop()
        CONFIG = loop.run_until_complete(main())
        loop.close()
        def lambda_handler(event, context):
            return CONFIG
    """,
    "closed under __main__": """
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
        if __name__ == "__main__":
            lambda_handler({}, None)
            asyncio.get_event_loop().close()
    """,
    "closed by a function that nobody calls": """
        def stop():
            asyncio.get_event_loop().close()
        def lambda_handler(event, context):
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "a file of the same name": """
        LOOP = open("loop.txt")
        def lambda_handler(event, context):
            LOOP.close()
            return {}
    """,
    "it may be another loop": """
        from vendor import choose
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            loop = choose(LOOP)
            loop.close()
            return {}
    """,
    "a new loop in the global each time": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            global LOOP
            LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()
    """,
    "closed by a thread that owns it": """
        import threading
        def serve():
            loop = asyncio.new_event_loop()
            try:
                loop.run_until_complete(main())
            finally:
                loop.close()
        def lambda_handler(event, context):
            threading.Thread(target=serve).start()
            return {}
    """,
    "asyncio.run": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "stopped by what runs on it, in a thread whose function runs it": """
        import threading
        LOOP = asyncio.new_event_loop()
        async def stop():
            LOOP.stop()
        def serve():
            LOOP.run_forever()
        def lambda_handler(event, context):
            thread = threading.Thread(target=serve)
            thread.start()
            stopping = asyncio.run_coroutine_threadsafe(stop(), LOOP)
            thread.join()
            LOOP.run_until_complete(LOOP.shutdown_asyncgens())
            return stopping.result()
    """,
    "stopped by what runs on it, in an executor": """
        from concurrent.futures import ThreadPoolExecutor
        LOOP = asyncio.new_event_loop()
        async def stop():
            LOOP.stop()
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                pool.submit(LOOP.run_forever)
                stopping = asyncio.run_coroutine_threadsafe(stop(), LOOP)
            LOOP.run_until_complete(LOOP.shutdown_asyncgens())
            return stopping.result()
    """,
    "stopped by what runs on it, in the executor of another loop": """
        LOOP = asyncio.new_event_loop()
        async def stop():
            LOOP.stop()
        async def serve():
            stopping = asyncio.run_coroutine_threadsafe(stop(), LOOP)
            await asyncio.get_running_loop().run_in_executor(None, LOOP.run_forever)
            return stopping
        def lambda_handler(event, context):
            stopping = asyncio.run(serve())
            LOOP.run_until_complete(LOOP.shutdown_asyncgens())
            return stopping.result()
    """,
    "stopped by what runs on it": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            loop.call_later(0.01, loop.stop)
            loop.run_forever()
            loop.close()
            return {}
    """,
    "a policy of somebody's own": """
        from vendor import Policy
        asyncio.set_event_loop_policy(Policy())
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            result = loop.run_until_complete(main(event))
            loop.close()
            return result
    """,
    "in an attribute, replaced when it is closed": """
        class Service:
            def __init__(self):
                self._loop = None
            def run(self, event):
                if self._loop is None or self._loop.is_closed():
                    self._loop = asyncio.new_event_loop()
                try:
                    return self._loop.run_until_complete(main(event))
                finally:
                    self._loop.close()
        SERVICE = Service()
        def lambda_handler(event, context):
            return SERVICE.run(event)
    """,
    "in a global, replaced when it is closed": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if LOOP is None or LOOP.is_closed():
                LOOP = asyncio.new_event_loop()
            try:
                return LOOP.run_until_complete(main(event))
            finally:
                LOOP.close()
    """,
    "closed where the class of a setting says so, and not used there": """
        import os
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            if isinstance(os.environ.get("LAST"), str):
                LOOP.close()
                return None
            return LOOP.run_until_complete(main(event))
    """,
    "a helper asks whether it is closed, and then it is replaced": """
        LOOP = asyncio.new_event_loop()
        def is_usable(loop):
            return not loop.is_closed()
        def lambda_handler(event, context):
            global LOOP
            if not is_usable(LOOP):
                LOOP = asyncio.new_event_loop()
            found = LOOP.run_until_complete(main(event))
            LOOP.close()
            return found
    """,
    "get_event_loop, and a question whether it is closed": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            if not loop.is_closed():
                loop.run_until_complete(main(event))
            loop.close()
            return {}
    """,
    "or closed, by a name of the module": """
        LOOP = asyncio.new_event_loop()  # LMB301
        RUNS = bool(functools)
        def lambda_handler(event, context):
            if RUNS:
                LOOP.run_until_complete(main(event))
            else:
                LOOP.close()
            return {}
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB302" in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB302" not in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


MESSAGES = {
    "made at import": (
        "event loop `LOOP` from line 9 outlives the invocation and is closed; the second "
        "invocation raises RuntimeError: Event loop is closed; use `asyncio.run(...)`"
    ),
    "a runner in a with": (
        "runner `RUNNER` from line 9 outlives the invocation and is closed; the second "
        "invocation raises RuntimeError: Runner is closed; use `asyncio.run(...)`"
    ),
    "closed at import, used in the handler": (
        "event loop `LOOP` from line 9 is closed by the import; every invocation raises "
        "RuntimeError: Event loop is closed; use `asyncio.run(...)`"
    ),
    "stopped while idle": (
        "event loop `LOOP` from line 9 outlives the invocation and is stopped; the second "
        "invocation raises RuntimeError: Event loop stopped before Future completed; "
        "leave `stop()` out"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(MAIN + textwrap.dedent(BAD[name]))
    assert found.text == MESSAGES[name]


def test_closed_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "aio.py": """
            import asyncio

            loop = asyncio.new_event_loop()

            def run(coro):
                try:
                    return loop.run_until_complete(coro)
                finally:
                    loop.close()
        """,
        "app.py": """
            from aio import run

            async def main():
                return {}

            def lambda_handler(event, context):
                return run(main())  # LMB302
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text == (
        "event loop `loop` from aio.py:3 outlives the invocation and is closed "
        "(aio.py:9); the second invocation raises RuntimeError: Event loop is closed; "
        "use `asyncio.run(...)`"
    )
