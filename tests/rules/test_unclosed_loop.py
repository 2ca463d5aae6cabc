from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

MAIN = """
import asyncio
import contextlib

async def main(event=None):
    return {}

"""

#: Each invocation leaves a loop open.
BAD = {
    "never closed": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            return loop.run_until_complete(main(event))
    """,
    "never bound": """
        def lambda_handler(event, context):
            return asyncio.new_event_loop().run_until_complete(main(event))  # LMB305
    """,
    "set as current": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "set as current and fetched": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(asyncio.new_event_loop())  # LMB305
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(main(event))
    """,
    "through the policy": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop_policy().new_event_loop()  # LMB305
            return loop.run_until_complete(main(event))
    """,
    "uvloop": """
        import uvloop
        def lambda_handler(event, context):
            loop = uvloop.new_event_loop()  # LMB305
            return loop.run_until_complete(main(event))
    """,
    "a runner": """
        def lambda_handler(event, context):
            return asyncio.Runner().run(main(event))  # LMB305
    """,
    "left open by an early return": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            result = loop.run_until_complete(main(event))
            if not result:
                return {"statusCode": 404}
            loop.close()
            return result
    """,
    "left open when it fails": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            try:
                result = loop.run_until_complete(main(event))
                loop.close()
                return result
            except ValueError:
                return {"statusCode": 500}
    """,
    "closed by chance": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            result = loop.run_until_complete(main(event))
            if event.get("last"):
                loop.close()
            return result
    """,
    "in a helper": """
        def run(coro):
            loop = asyncio.new_event_loop()  # LMB305
            return loop.run_until_complete(coro)
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "in a helper that closes it on one path": """
        def run(coro):
            loop = asyncio.new_event_loop()  # LMB305
            try:
                result = loop.run_until_complete(coro)
            except ValueError:
                return None
            loop.close()
            return result
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "made by a factory": """
        def new_loop():
            loop = asyncio.new_event_loop()  # LMB305
            loop.set_debug(False)
            return loop
        def lambda_handler(event, context):
            return new_loop().run_until_complete(main(event))
    """,
    "instance of each invocation": """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()  # LMB305
            def run(self, event):
                return self.loop.run_until_complete(main(event))
        def lambda_handler(event, context):
            return Service().run(event)
    """,
    "in one of two functions": """
        def load():
            loop = asyncio.new_event_loop()  # LMB305
            return loop.run_until_complete(main())
        def save():
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main())
            finally:
                loop.close()
        def lambda_handler(event, context):
            load()
            return save()
    """,
    "left open by the exception handler of a helper": """
        def run(coro):
            loop = asyncio.new_event_loop()  # LMB305
            try:
                result = loop.run_until_complete(coro)
                loop.close()
            except KeyError:
                result = None
            return result
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "in a method": """
        class Service:
            def run(self, coro):
                self.result = asyncio.new_event_loop().run_until_complete(coro)  # LMB305
                return self.result
        def lambda_handler(event, context):
            return Service().run(main(event))
    """,
    "for each record": """
        def lambda_handler(event, context):
            found = []
            for record in event["Records"]:
                loop = asyncio.new_event_loop()  # LMB305
                found.append(loop.run_until_complete(main(record)))
            return found
    """,
    "in a global, made anew each time": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            LOOP = asyncio.new_event_loop()  # LMB305
            return LOOP.run_until_complete(main(event))
    """,
    "two loops, one closed": """
        def lambda_handler(event, context):
            one = asyncio.new_event_loop()  # LMB305
            two = asyncio.new_event_loop()
            try:
                one.run_until_complete(main(event))
                return two.run_until_complete(main(event))
            finally:
                two.close()
    """,
    "stopped is not closed": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            loop.call_later(0.01, loop.stop)
            loop.run_forever()
            return {}
    """,
    "for one kind of event": """
        def lambda_handler(event, context):
            if event["kind"] == "async":
                loop = asyncio.new_event_loop()  # LMB305
                return loop.run_until_complete(main(event))
            return {}
    """,
    "a loop class": """
        def lambda_handler(event, context):
            loop = asyncio.SelectorEventLoop()  # LMB305
            return loop.run_until_complete(main(event))
    """,
    "a helper that returns early": """
        def run(event):
            loop = asyncio.new_event_loop()  # LMB305
            loop.run_until_complete(main(event))
            if event:
                return 1
            loop.close()
            return 2
        def lambda_handler(event, context):
            run(event)
            return {}
    """,
    "set by its keyword": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(loop=asyncio.new_event_loop())  # LMB305
            return asyncio.get_event_loop().run_until_complete(main(event))
    """,
    "no thread runs it": """
        import threading
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            def serve():
                print(loop)
            threading.Thread(target=print).start()
            return loop.run_until_complete(main(event))
    """,
    "a helper returns before it uses and closes it": """
        def run(event):
            loop = asyncio.new_event_loop()  # LMB305
            if not event:
                return None
            found = loop.run_until_complete(main(event))
            loop.close()
            return found
        def lambda_handler(event, context):
            return run(event)
    """,
    "a handler that may fail": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            if not loop.run_until_complete(main(event)):
                raise NotImplementedError
            return 1
    """,
    "closed on one branch only, and another one for sure": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()  # LMB305
            other = asyncio.new_event_loop()
            found = loop.run_until_complete(main(event))
            try:
                other.close()
            except OSError:
                print("open")
            if found:
                loop.close()
            return found
    """,
    "kept by an object, whatever the condition": """
        class Holder:
            def run(self, event):
                if event["new"]:
                    print(event)
                else:
                    event = {}
                self.loop = asyncio.new_event_loop()  # LMB305
                return self.loop.run_until_complete(main(event))
        HOLDER = Holder()
        def lambda_handler(event, context):
            return HOLDER.run(event)
    """,
    "kept by an object, whatever the case": """
        class Holder:
            def run(self, event):
                match event["kind"]:
                    case "old":
                        event = {}
                self.loop = asyncio.new_event_loop()  # LMB305
                return self.loop.run_until_complete(main(event))
        HOLDER = Holder()
        def lambda_handler(event, context):
            return HOLDER.run(event)
    """,
}

GOOD = {
    "closed in a finally": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                loop.close()
    """,
    "set, used, closed": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(main(event))
            finally:
                asyncio.set_event_loop(None)
                loop.close()
    """,
    "closed on the straight path": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            result = loop.run_until_complete(main(event))
            loop.close()
            return result
    """,
    "closed on every branch": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            result = loop.run_until_complete(main(event))
            if result:
                loop.close()
                return result
            loop.close()
            return {}
    """,
    "closed when it fails as well": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                result = loop.run_until_complete(main(event))
            except ValueError:
                loop.close()
                return {"statusCode": 500}
            loop.close()
            return result
    """,
    "closed unless it is": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                if not loop.is_closed():
                    loop.close()
    """,
    "closing": """
        def lambda_handler(event, context):
            with contextlib.closing(asyncio.new_event_loop()) as loop:
                return loop.run_until_complete(main(event))
    """,
    "an exit stack": """
        def lambda_handler(event, context):
            with contextlib.ExitStack() as stack:
                loop = asyncio.new_event_loop()
                stack.callback(loop.close)
                return loop.run_until_complete(main(event))
    """,
    "a runner in a with": """
        def lambda_handler(event, context):
            with asyncio.Runner(debug=True) as runner:
                return runner.run(main(event))
    """,
    "a runner, closed": """
        def lambda_handler(event, context):
            runner = asyncio.Runner()
            try:
                return runner.run(main(event))
            finally:
                runner.close()
    """,
    "closed by a helper": """
        def finish(loop):
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main(event))
            finally:
                finish(loop)
    """,
    "closed by a nested function": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            def finish():
                loop.close()
            try:
                return loop.run_until_complete(main(event))
            finally:
                finish()
    """,
    "closed by its owner": """
        class Service:
            def __enter__(self):
                self.loop = asyncio.new_event_loop()
                return self
            def __exit__(self, *error):
                self.loop.close()
            def run(self, event):
                return self.loop.run_until_complete(main(event))
        def lambda_handler(event, context):
            with Service() as service:
                return service.run(event)
    """,
    "closed with its owner": """
        class Service:
            def __init__(self):
                self.loop = asyncio.new_event_loop()
            def __del__(self):
                self.loop.close()
            def run(self, event):
                return self.loop.run_until_complete(main(event))
        def lambda_handler(event, context):
            return Service().run(event)
    """,
    "made in a try, closed if there is one": """
        def lambda_handler(event, context):
            loop = None
            try:
                loop = asyncio.new_event_loop()
                return loop.run_until_complete(main(event))
            except ValueError:
                return {}
            finally:
                if loop:
                    loop.close()
    """,
    "closed in a finally of a finally": """
        def lambda_handler(event, context):
            try:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
                result = loop.run_until_complete(main(event))
                loop.close()
                return result
            except Exception as error:
                return {"statusCode": 500, "body": str(error)}
            finally:
                try:
                    if "loop" in locals() and not loop.is_closed():
                        loop.close()
                except:
                    pass
    """,
    "closed by who made it": """
        def run(coro, given=None):
            own = given is None
            if own:
                given = asyncio.new_event_loop()
            try:
                return given.run_until_complete(coro)
            finally:
                if own:
                    given.close()
        def lambda_handler(event, context):
            return run(main(event))
    """,
    "fetched again and closed": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(asyncio.new_event_loop())
            result = asyncio.get_event_loop().run_until_complete(main(event))
            asyncio.get_event_loop().close()
            return result
    """,
    "only when there is none": """
        def lambda_handler(event, context):
            try:
                loop = asyncio.get_event_loop()
            except RuntimeError:
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "only when the old one is closed": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            if loop.is_closed():
                loop = asyncio.new_event_loop()
                asyncio.set_event_loop(loop)
            return loop.run_until_complete(main(event))
    """,
    "given to code that is not known": """
        from vendor import drive
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            return drive(loop, main(event))
    """,
    "runs in a thread": """
        import threading
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, daemon=True).start()
            return asyncio.run_coroutine_threadsafe(main(event), loop).result()
    """,
    "asyncio.run": """
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "a helper that returns late": """
        def run(event):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(main(event))
            loop.close()
            return 1 if event else 2
        def lambda_handler(event, context):
            run(event)
            return {}
    """,
    "closed before every exception": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                loop.run_until_complete(main(event))
            finally:
                loop.close()
            raise ValueError(event)
    """,
    "runs in a thread, in a function of it": """
        import threading
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            def serve():
                loop.run_forever()
                loop.close()
            threading.Thread(target=serve).start()
            loop.call_soon_threadsafe(loop.stop)
            return {}
    """,
    "one in place of a closed one, by a match": """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            match LOOP.is_closed():
                case True:
                    loop = asyncio.new_event_loop()
                case _:
                    loop = LOOP
            return loop.run_until_complete(main(event))
    """,
    "a handler that always fails": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(main(event))
            raise NotImplementedError
    """,
    "closed on both branches, and another one for sure": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            other = asyncio.new_event_loop()
            found = loop.run_until_complete(main(event))
            try:
                other.close()
            except OSError:
                print("open")
            if found:
                loop.close()
            else:
                loop.close()
            return found
    """,
    "kept by an object that has returned before, in an else": """
        class Holder:
            def run(self, event):
                if event["new"]:
                    print(event)
                else:
                    return {}
                self.loop = asyncio.new_event_loop()
                return self.loop.run_until_complete(main(event))
        HOLDER = Holder()
        def lambda_handler(event, context):
            return HOLDER.run(event)
    """,
    "kept by an object that has returned before, in a case": """
        class Holder:
            def run(self, event):
                match event["kind"]:
                    case "old":
                        return {}
                self.loop = asyncio.new_event_loop()
                return self.loop.run_until_complete(main(event))
        HOLDER = Holder()
        def lambda_handler(event, context):
            return HOLDER.run(event)
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB305" in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB305" not in source
    assert_marked(on("python3.13", MAIN + textwrap.dedent(source)))


MESSAGES = {
    "never closed": (
        "event loop `loop` is never closed; each invocation leaves its file descriptors "
        "open, until OSError: Too many open files; use `asyncio.run(...)`"
    ),
    "left open by an early return": (
        "event loop `loop` is not closed on every path; each invocation leaves its file "
        "descriptors open, until OSError: Too many open files; use `asyncio.run(...)`"
    ),
    "a runner": (
        "runner `asyncio.Runner()` is never closed; each invocation leaves its file "
        "descriptors open, until OSError: Too many open files; use it in a `with`"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(MAIN + textwrap.dedent(BAD[name]))
    assert found.text == MESSAGES[name]


def test_made_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "aio.py": """
            import asyncio

            def run(coro):
                return asyncio.new_event_loop().run_until_complete(coro)
        """,
        "app.py": """
            from aio import run

            async def main():
                return {}

            def lambda_handler(event, context):
                return run(main())  # LMB305
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert "(aio.py:4) is never closed" in found.text
