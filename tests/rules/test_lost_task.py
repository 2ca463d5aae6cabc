from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

AROUND = """
import asyncio

async def audit(event=None):
    await asyncio.sleep(1)

def lambda_handler(event, context):
    return asyncio.run(main(event))

"""

BAD = {
    "a task that only an object of its own keeps": """
        async def main(event):
            cache = {}
            cache["audit"] = asyncio.ensure_future(audit(event))  # LMB203
    """,
    "tasks that are asked how they are": """
        async def main(event):
            asyncio.create_task(audit(event)).done()  # LMB203
            asyncio.create_task(audit(event)).cancelled()  # LMB203
            asyncio.create_task(audit(event)).get_coro()  # LMB203
            asyncio.create_task(audit(event)).get_name()  # LMB203
            asyncio.create_task(audit(event)).set_name("audit")  # LMB203
            asyncio.create_task(audit(event)).add_done_callback(print)  # LMB203
    """,
    "a sleep as long as its own": """
        async def main(event):
            asyncio.create_task(audit(event))  # LMB203
            await asyncio.sleep(1)
    """,
    "a turn of the loop for a task that waits": """
        async def main(event):
            asyncio.create_task(audit(event))  # LMB203
            await asyncio.sleep(0)
    """,
    "a sleep before it": """
        async def main(event):
            await asyncio.sleep(5)
            asyncio.create_task(audit(event))  # LMB203
    """,
    "a turn of the loop for one of two that waits": """
        async def note(event): ...

        async def main(event):
            asyncio.gather(note(event), audit(event))  # LMB203
            await asyncio.sleep(0)
    """,
    "dropped": """
        async def main(event):
            asyncio.create_task(audit(event))  # LMB203
            return {}
    """,
    "kept and never awaited": """
        async def main(event):
            task = asyncio.create_task(audit(event))  # LMB203
            return {}
    """,
    "kept in a list": """
        async def main(event):
            tasks = []
            for item in event["items"]:
                tasks.append(asyncio.create_task(audit(item)))  # LMB203
            return {}
    """,
    "each bound to the same name, and kept in a set": """
        async def main(event):
            tasks = set()
            for item in event["items"]:
                task = asyncio.create_task(audit(item))  # LMB203
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            return {"count": len(tasks)}
    """,
    "kept in a global set, with the usual callback": """
        background = set()

        async def main(event):
            task = asyncio.create_task(audit(event))  # LMB203
            background.add(task)
            task.add_done_callback(background.discard)
            return {}
    """,
    "ensure_future": """
        async def main(event):
            asyncio.ensure_future(audit(event))  # LMB203
            return {}
    """,
    "a gather that nobody awaits": """
        async def main(event):
            asyncio.gather(audit(), audit())  # LMB203
            return {}
    """,
    "on the running loop": """
        async def main(event):
            loop = asyncio.get_running_loop()
            loop.create_task(audit(event))  # LMB203
            return {}
    """,
    "in a helper": """
        async def main(event):
            await start(event)
            return {}

        async def start(event):
            asyncio.create_task(audit(event))  # LMB203
    """,
    "a turn of the loop for a task of a function that is not followed": """
        async def main(event):
            asyncio.create_task(asyncio.to_thread(print))  # LMB203
            await asyncio.sleep(0)
    """,
    "one beside another that is awaited": """
        async def main(event):
            first = asyncio.create_task(audit(event))
            await first
            asyncio.create_task(audit(event))  # LMB203
    """,
}

GOOD = {
    "tasks that are ended or asked what they gave": """
        async def main(event):
            task = asyncio.create_task(audit(event))
            task.cancel()
            task = asyncio.create_task(audit(event))
            task.exception()
    """,
    "a task that an object from outside keeps": """
        import vendor

        async def main(event):
            cache = vendor.cache()
            cache["audit"] = asyncio.ensure_future(audit(event))
            vendor.state.task = asyncio.ensure_future(audit(event))
            await cache["audit"]
            await vendor.state.task
    """,
    "a longer sleep than its own": """
        async def main(event):
            asyncio.create_task(audit(event))
            await asyncio.sleep(1.5)
    """,
    "a turn of the loop for a task that never waits": """
        async def note(event):
            print(event)

        async def main(event):
            asyncio.create_task(note(event))
            await asyncio.sleep(0)
    """,
    "a sleep of unknown length": """
        async def main(event):
            asyncio.create_task(audit(event))
            await asyncio.sleep(event["seconds"])
    """,
    "a sleep as long as two tasks may take": """
        async def note(event): ...

        async def main(event):
            asyncio.gather(note(event), audit(event))
            await asyncio.sleep(2)
    """,
    "awaited": """
        async def main(event):
            await asyncio.create_task(audit(event))
            return {}
    """,
    "each bound to the same name, and awaited from a set": """
        async def main(event):
            tasks = set()
            for item in event["items"]:
                task = asyncio.create_task(audit(item))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            await asyncio.gather(*tasks)
            return {}
    """,
    "awaited at the end": """
        async def main(event):
            task = asyncio.create_task(audit(event))
            response = {}
            await task
            return response
    """,
    "a list, gathered": """
        async def main(event):
            tasks = []
            for item in event["items"]:
                tasks.append(asyncio.create_task(audit(item)))
            await asyncio.gather(*tasks)
            return {}
    """,
    "a global set, waited for": """
        background = set()

        async def main(event):
            task = asyncio.create_task(audit(event))
            background.add(task)
            await asyncio.wait(background)
            return {}
    """,
    "a task group": """
        async def main(event):
            async with asyncio.TaskGroup() as group:
                group.create_task(audit(event))
            return {}
    """,
    "given to something unknown": """
        from vendor import remember

        async def main(event):
            remember(asyncio.create_task(audit(event)))
            return {}
    """,
    "cancelled on purpose": """
        async def main(event):
            task = asyncio.create_task(audit(event))
            task.cancel()
            return {}
    """,
    "workers around a queue": """
        async def worker(queue):
            while True:
                await queue.get()
                queue.task_done()

        async def main(event):
            queue = asyncio.Queue()
            asyncio.create_task(worker(queue))
            await queue.join()
            return {}
    """,
    "a sleep for a task of a function that is not followed": """
        async def main(event):
            asyncio.create_task(asyncio.to_thread(print))
            await asyncio.sleep(1)
    """,
    "one after the other, each awaited": """
        async def main(event):
            first = asyncio.create_task(audit(event))
            await first
            second = asyncio.create_task(audit(event))
            await second
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB203" in source
    assert_marked(AROUND + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(AROUND + textwrap.dedent(source))


def test_a_server_is_left_alone():
    assert_marked(
        """
        import asyncio

        async def audit():
            pass

        async def start(server):
            asyncio.create_task(audit())
            await server.serve_forever()
        """
    )


SYNC = {
    "ensure_future without a loop": """
        def lambda_handler(event, context):
            asyncio.ensure_future(audit())  # LMB203
            return {}
    """,
    "gather without a loop": """
        def lambda_handler(event, context):
            asyncio.gather(audit())  # LMB203
            return {}
    """,
}


@pytest.mark.parametrize("source", SYNC.values(), ids=SYNC)
def test_sync(source):
    before = AROUND.partition("def lambda_handler")[0]
    assert_marked(before + textwrap.dedent(source))


REFUSED = {
    "in the handler": """
        def lambda_handler(event, context):
            asyncio.create_task(audit())  # LMB203
            return {}
    """,
    "in a helper": """
        def start():
            return asyncio.create_task(audit())  # LMB203
        def lambda_handler(event, context):
            start()
            return {}
    """,
    "awaited later": """
        async def done(task):
            await task
        def lambda_handler(event, context):
            task = asyncio.create_task(audit())  # LMB203
            asyncio.run(done(task))
            return {}
    """,
    "before the loop that runs it": """
        def lambda_handler(event, context):
            asyncio.set_event_loop(loop := asyncio.new_event_loop())
            try:
                loop.run_until_complete(asyncio.create_task(audit()))  # LMB203
            finally:
                loop.close()
            return {}
    """,
}

STARTED = {
    "in what a loop runs": """
        def start():
            return asyncio.create_task(audit())
        async def main():
            await start()
        def lambda_handler(event, context):
            asyncio.run(main())
            return {}
    """,
    "by the loop itself": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                loop.run_until_complete(loop.create_task(audit()))
            finally:
                loop.close()
            return {}
    """,
    "the error is caught": """
        def lambda_handler(event, context):
            try:
                asyncio.create_task(audit())
            except RuntimeError:
                asyncio.run(audit())
            return {}
    """,
}

QUICK = AROUND.partition("def lambda_handler")[0].replace("sleep(1)", "sleep(0)")


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_no_loop_runs(source):
    text = QUICK + textwrap.dedent(source)
    assert_marked(text)
    (found,) = violations(text)
    assert found.text == (
        "what `create_task` starts, `audit()`, is never started: no loop runs, "
        "RuntimeError: no running event loop; use `asyncio.run(...)`"
    )
    for outcome in invoke(text):
        assert outcome.error_message == "no running event loop"


@pytest.mark.parametrize("source", STARTED.values(), ids=STARTED)
def test_a_loop_runs(source):
    text = QUICK + textwrap.dedent(source)
    assert "LMB203" not in [one.code for one in violations(text)]
    assert invoke(text).ok


KEEPING = {
    "a global": """
        TASK = None
        async def main(event):
            global TASK
            if TASK is None:
                TASK = asyncio.create_task(audit())
                return 0
            await TASK
            return 1
    """,
    "a dictionary": """
        CACHE = {}
        async def main(event):
            if "task" not in CACHE:
                CACHE["task"] = asyncio.create_task(audit())
                return 0
            await CACHE["task"]
            return 1
    """,
    "an attribute": """
        class State:
            task = None
        STATE = State()
        async def main(event):
            if STATE.task is None:
                STATE.task = asyncio.create_task(audit())
                return 0
            await STATE.task
            return 1
    """,
}


@pytest.mark.parametrize("source", KEEPING.values(), ids=KEEPING)
def test_a_kept_task_on_a_kept_loop(source):
    before = AROUND.partition("def lambda_handler")[0].replace(
        "sleep(1)", "sleep(0.01)"
    )
    text = before + textwrap.dedent(source)
    kept = """
        LOOP = asyncio.new_event_loop()
        def lambda_handler(event, context):
            return LOOP.run_until_complete(main(event))
    """
    text_kept = text + textwrap.dedent(kept)
    assert [one.code for one in violations(text_kept)] == ["LMB301"]
    assert [one.result for one in invoke(text_kept)] == [0, 1]
    fresh = kept.replace("LOOP = asyncio.new_event_loop()", "")
    fresh = fresh.replace("LOOP.run_until_complete", "asyncio.run")
    text_fresh = text + textwrap.dedent(fresh)
    assert {one.code for one in violations(text_fresh)} <= {"LMB203", "LMB303"}
    assert violations(text_fresh)
    assert not invoke(text_fresh).ok


RACES = {
    "the first of several": """
        async def main(event):
            tasks = [asyncio.create_task(work(one)) for one in (0, 60)]
            done, pending = await asyncio.wait(
                tasks, return_when=asyncio.FIRST_COMPLETED
            )
            return [one.result() for one in done]
    """,
    "as_completed, broken off": """
        async def main(event):
            for one in asyncio.as_completed([work(0), work(60)]):
                return [await one]
    """,
    "a thread of the default pool": """
        async def main(event):
            done = []
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, done.append, 0)
            return [0]
    """,
}


@pytest.mark.parametrize("source", RACES.values(), ids=RACES)
def test_a_race(source):
    text = "import asyncio\n" + textwrap.dedent(source)
    text += textwrap.dedent("""
        async def work(pause):
            await asyncio.sleep(pause)
            return pause
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """)
    assert_marked(text)
    assert [one.result for one in invoke(text)] == [[0], [0]]


STOPS = "it is cancelled when its loop stops; keep the task and `await` it"
STARTS = "no loop runs, so it never starts; run it with `asyncio.run(...)`"
MESSAGES = {
    "a task": (
        AROUND + textwrap.dedent(BAD["dropped"]),
        f"what `create_task` starts, `audit()`, is never awaited; {STOPS}",
    ),
    "on a loop that another thread runs": (
        "import asyncio\n"
        "LOOP = asyncio.new_event_loop()\n"
        "async def a(): await asyncio.sleep(1)\n"
        "def lambda_handler(event, context):\n"
        "    asyncio.run_coroutine_threadsafe(a(), LOOP)\n",
        "what `run_coroutine_threadsafe` starts, `a()`, is never awaited; it is lost "
        "when the handler returns; wait for its result",
    ),
    "several": (
        "import asyncio\n"
        "async def a(): await asyncio.sleep(1)\n"
        "def lambda_handler(event, context):\n"
        "    asyncio.gather(a(), a(), a())\n",
        f"what `gather` starts, `a()`, `a()`, ..., is never awaited; {STARTS}",
    ),
    "who knows how many": (
        "import asyncio\n"
        "async def a(): await asyncio.sleep(1)\n"
        "def lambda_handler(event, context):\n"
        "    asyncio.gather(*[a() for _ in event])\n",
        f"what `gather` starts is never awaited; {STARTS}",
    ),
}


@pytest.mark.parametrize("source, text", MESSAGES.values(), ids=MESSAGES)
def test_message(source, text):
    found = violations(source)
    assert [one.text for one in found] == [text]


def test_task_that_a_decorator_in_another_file_loses_is_told_at_the_handler():
    files = {
        "helper.py": """
            import asyncio

            async def audit():
                await asyncio.sleep(1)



            def audited(function):
                def wrapper(event, context):
                    async def main():
                        asyncio.create_task(audit())
                    asyncio.run(main())
                    return function(event, context)
                return wrapper
        """,
        "app.py": """
            from helper import audited

            @audited
            def lambda_handler(event, context):  # LMB203
                return {}
        """,
    }
    assert_marked(files)


def test_task_that_a_helper_in_another_file_loses_is_told_at_the_call():
    files = {
        "helper.py": """
            import asyncio

            async def audit():
                await asyncio.sleep(1)



            async def start():
                asyncio.create_task(audit())
        """,
        "app.py": """
            import asyncio
            from helper import start

            def lambda_handler(event, context):
                asyncio.run(start())  # LMB203
                return {}
        """,
    }
    assert_marked(files)
