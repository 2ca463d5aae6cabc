"""LMB201 on what is given to asyncio in the place of a coroutine."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import on
from tests.support import violations

WORK = """
import asyncio
import functools

async def work(event=None):
    await asyncio.sleep(0)
    return "ok"

"""

#: The source, and the error of each invocation.
BAD = {
    "on a condition": (
        """
        def lambda_handler(event, context):
            if event != "never":
                return asyncio.run(work)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a function": (
        """
        def lambda_handler(event, context):
            return asyncio.run(work)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a function by another name": (
        """
        main = work
        def lambda_handler(event, context):
            return asyncio.run(main)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a method": (
        """
        class Service:
            async def run(self):
                return await work()
        def lambda_handler(event, context):
            return asyncio.run(Service().run)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a partial": (
        """
        def lambda_handler(event, context):
            return asyncio.run(functools.partial(work, event))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, an async generator": (
        """
        async def pages():
            yield await work()
        def lambda_handler(event, context):
            return asyncio.run(pages())  # LMB201
        """,
        "ValueError",
    ),
    "run_until_complete, a function": (
        """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(work)  # LMB201
            finally:
                loop.close()
        """,
        "TypeError",
    ),
    "gather, functions": (
        """
        async def main():
            return await asyncio.gather(work, work())  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "create_task, a function": (
        """
        async def main():
            return await asyncio.create_task(work)  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "wait_for, a function": (
        """
        async def main():
            return await asyncio.wait_for(work, 1)  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "asyncio.run, a gather": (
        """
        def lambda_handler(event, context):
            return asyncio.run(asyncio.gather(work(), work()))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a gather by name": (
        """
        def lambda_handler(event, context):
            jobs = asyncio.gather(*[work(key) for key in "ab"])
            return asyncio.run(jobs)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a future": (
        """
        def lambda_handler(event, context):
            return asyncio.run(asyncio.ensure_future(work()))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a list": (
        """
        def lambda_handler(event, context):
            return asyncio.run([work(), work()])  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a list by name": (
        """
        def lambda_handler(event, context):
            jobs = [work(key) for key in "ab"]
            return asyncio.run(jobs)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a tuple": (
        """
        def lambda_handler(event, context):
            return asyncio.run((work(), work()))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a lambda": (
        """
        def lambda_handler(event, context):
            return asyncio.run(lambda: work())  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a plain function": (
        """
        def main():
            return {}
        def lambda_handler(event, context):
            return asyncio.run(main)  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, what a plain function gives": (
        """
        def main(event):
            return {"statusCode": 200}
        def lambda_handler(event, context):
            return asyncio.run(main(event))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a plain function that counts": (
        """
        def main(event):
            return 1
        def lambda_handler(event, context):
            return asyncio.run(main(event))  # LMB201
        """,
        "ValueError",
    ),
    "asyncio.run, a plain function that gives nothing": (
        """
        def main(event):
            print(event)
        def lambda_handler(event, context):
            return asyncio.run(main(event))  # LMB201
        """,
        "ValueError",
    ),
    "run_until_complete, a list": (
        """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete([work(), work()])  # LMB201
            finally:
                loop.close()
        """,
        "TypeError",
    ),
    "run_until_complete, a lambda": (
        """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(lambda: work())  # LMB201
            finally:
                loop.close()
        """,
        "TypeError",
    ),
    "gather, a list": (
        """
        async def main():
            jobs = [work(key) for key in "ab"]
            return await asyncio.gather(jobs)  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "gather, a list that is filled": (
        """
        async def main():
            jobs = []
            for key in "ab":
                jobs.append(work(key))
            return await asyncio.gather(jobs, return_exceptions=True)  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "create_task, a lambda": (
        """
        async def main():
            return await asyncio.create_task(lambda: work())  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "create_task, a gather": (
        """
        async def main():
            return await asyncio.create_task(asyncio.gather(work(), work()))  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "ensure_future, a list": (
        """
        async def main():
            return await asyncio.ensure_future([work()])  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "wait, one coroutine": (
        """
        async def main():
            done, pending = await asyncio.wait(work())  # LMB201
            return len(done)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "as_completed, one coroutine": (
        """
        async def main():
            return [await one for one in asyncio.as_completed(work())]  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "run_coroutine_threadsafe, a function": (
        """
        import threading
        LOOP = asyncio.new_event_loop()
        threading.Thread(target=LOOP.run_forever, daemon=True).start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(work, LOOP).result()  # LMB201
        """,
        "TypeError",
    ),
    "create_task, a shielded task": (
        """
        async def main():
            task = asyncio.create_task(work())
            return await asyncio.create_task(asyncio.shield(task))  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
}

GOOD = {
    "asyncio.run, an async function that counts": """
        async def main(event):
            return 1
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "asyncio.wait, where the version of Python is asked for": """
        import sys
        async def main():
            if sys.version_info >= (3, 11):
                await asyncio.wait([asyncio.create_task(work())])
            else:
                await asyncio.wait([work()])
            return "ok"
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "asyncio.run, a list that is gathered": """
        async def main(jobs):
            return await asyncio.gather(*jobs)
        def lambda_handler(event, context):
            return asyncio.run(main([work(), work()]))
    """,
    "asyncio.run, one of a list": """
        def lambda_handler(event, context):
            jobs = [work(key) for key in "ab"]
            return [asyncio.run(job) for job in jobs]
    """,
    "asyncio.run, one of a tuple": """
        def lambda_handler(event, context):
            one, two = (work(), work())
            return [asyncio.run(one), asyncio.run(two)]
    """,
    "asyncio.run, a lambda that is called": """
        def lambda_handler(event, context):
            return asyncio.run((lambda: work())())
    """,
    "asyncio.run, a plain function that hands on a coroutine": """
        def main():
            return work()
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "asyncio.run, what a decorator makes async": """
        def in_thread(function):
            async def wrapper(*args):
                return await asyncio.to_thread(function, *args)
            return wrapper
        @in_thread
        def main(event):
            return {"statusCode": 200}
        def lambda_handler(event, context):
            return asyncio.run(main(event))
    """,
    "asyncio.run, a method that a derived class defines": """
        class Job:
            def main(self):
                pass
            def run(self):
                return asyncio.run(self.main())
        class Load(Job):
            async def main(self):
                return await work()
        def lambda_handler(event, context):
            return Load().run()
    """,
    "run_until_complete, a list that is gathered": """
        async def both(jobs):
            return await asyncio.gather(*jobs)
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(both([work(), work()]))
            finally:
                loop.close()
    """,
    "run_until_complete, an object that can be awaited": """
        class Job:
            def __await__(self):
                return work().__await__()
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(Job())
            finally:
                loop.close()
    """,
    "gather, the items of a list": """
        async def main():
            jobs = [work(key) for key in "ab"]
            return await asyncio.gather(*jobs)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "gather, the items of a list that is filled": """
        async def main():
            jobs = []
            for key in "ab":
                jobs.append(work(key))
            return await asyncio.gather(*jobs, return_exceptions=True)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "create_task, what a lambda gives": """
        async def main():
            return await asyncio.create_task((lambda: work())())
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "ensure_future, a gather": """
        async def main():
            return await asyncio.ensure_future(asyncio.gather(work(), work()))
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "ensure_future, an item of a list": """
        async def main():
            return await asyncio.ensure_future([work()][0])
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "wait, tasks": """
        async def main():
            tasks = [asyncio.create_task(work(key)) for key in "ab"]
            done, pending = await asyncio.wait(tasks)
            return len(done)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "as_completed, a list of coroutines": """
        async def main():
            jobs = [work(key) for key in "ab"]
            return [await one for one in asyncio.as_completed(jobs)]
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "run_coroutine_threadsafe, a coroutine": """
        import threading
        LOOP = asyncio.new_event_loop()
        threading.Thread(target=LOOP.run_forever, daemon=True).start()
        def lambda_handler(event, context):
            return asyncio.run_coroutine_threadsafe(work(), LOOP).result()
    """,
    "asyncio.run, a coroutine": """
        def lambda_handler(event, context):
            return asyncio.run(work())
    """,
    "asyncio.run, what a wrapper of asyncio gives": """
        def lambda_handler(event, context):
            return asyncio.run(asyncio.wait_for(work(), 1))
    """,
    "asyncio.run, a method's coroutine": """
        class Service:
            async def run(self):
                return await work()
        def lambda_handler(event, context):
            return asyncio.run(Service().run())
    """,
    "asyncio.run, a partial that is called": """
        def lambda_handler(event, context):
            return asyncio.run(functools.partial(work, event)())
    """,
    "asyncio.run, what an async generator gives": """
        async def pages():
            yield await work()
        def lambda_handler(event, context):
            return asyncio.run(anext(pages()))
        async def anext(items):
            async for item in items:
                return item
    """,
    "run_until_complete, a future": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(loop.create_task(work()))
            finally:
                loop.close()
    """,
    "run_until_complete, a gather on the current loop": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(asyncio.gather(work(), work()))
            finally:
                loop.close()
    """,
    "gather, coroutines": """
        async def main():
            return await asyncio.gather(work(), work())
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "to_thread, a plain function": """
        def load():
            return "ok"
        async def main():
            return await asyncio.to_thread(load)
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "it may be one or the other": """
        def drive(thing):
            if callable(thing):
                thing = thing()
            return asyncio.run(thing)
        def lambda_handler(event, context):
            return drive(work)
    """,
    "the function looks at it first": """
        import inspect
        def drive(thing):
            if inspect.iscoroutinefunction(thing):
                return asyncio.run(thing())
            return asyncio.run(thing)
        def lambda_handler(event, context):
            return drive(work)
    """,
    "the error is expected": """
        def lambda_handler(event, context):
            try:
                loop = asyncio.new_event_loop()
                return loop.run_until_complete(work)
            except TypeError:
                return loop.run_until_complete(work())
            finally:
                loop.close()
    """,
    "tasks and futures, given to what takes both": """
        async def main():
            task = asyncio.create_task(work())
            await asyncio.shield(task)
            found, _ = await asyncio.gather(task, asyncio.gather(work()))
            return await asyncio.ensure_future(asyncio.shield(task))
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    source, _ = BAD[name]
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert "LMB" not in GOOD[name]
    assert_marked(WORK + textwrap.dedent(GOOD[name]))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", BAD)
def test_bad_under_the_runtime(name, version):
    source, error = BAD[name]
    (outcome,) = invoke(
        WORK + textwrap.dedent(source), events=[{}], python=interpreter(version)
    )
    assert outcome.error_type == error
    (found,) = violations(on("python3.13", WORK + textwrap.dedent(source)))
    assert f" raises {error}; " in found.text


#: What some versions take: the source, the errors up to Python 3.10, 3.11 and from 3.12
#: on, and what is said.
CHANGED = {
    "wait, coroutines": (
        """
        async def main():
            done, pending = await asyncio.wait([work(1), work(2)])  # LMB201
            return len(done)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        (None, "TypeError", "TypeError"),
        "raises TypeError from Python 3.11 on; make tasks of them with "
        "`asyncio.create_task` and give it a list",
    ),
    "wait, a set of coroutines": (
        """
        async def main():
            jobs = {work(key) for key in "ab"}
            done, pending = await asyncio.wait(jobs)  # LMB201
            return len(done)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        (None, "TypeError", "TypeError"),
        "raises TypeError from Python 3.11 on; make tasks of them with "
        "`asyncio.create_task` and give it a list",
    ),
    "wait, what two loops have put in": (
        """
        async def main():
            jobs = []
            for key in "ab":
                jobs.append(work(key))
            for key in "cd":
                jobs.append(work(key))
            done, pending = await asyncio.wait(jobs)  # LMB201
            return len(done)
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        (None, "TypeError", "TypeError"),
        "raises TypeError from Python 3.11 on; make tasks of them with "
        "`asyncio.create_task` and give it a list",
    ),
    "gather, a generator expression": (
        """
        async def main():
            return await asyncio.gather(work(key) for key in "ab")  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        ("RuntimeError", "RuntimeError", "TypeError"),
        "raises TypeError (RuntimeError up to Python 3.11); put `*` before it",
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", CHANGED)
def test_changed_under_the_runtime(name, version):
    source, errors, said = CHANGED[name]
    source = WORK + textwrap.dedent(source)
    assert_marked(source)
    (found,) = violations(source)
    assert found.text.endswith(said)
    expected = errors[min(VERSIONS.index(version), 2)]
    (outcome,) = invoke(source, events=[{}], python=interpreter(version))
    assert outcome.error_type == expected


@pytest.mark.parametrize("name", GOOD)
def test_good_under_the_runtime(name):
    assert invoke(WORK + textwrap.dedent(GOOD[name])).ok


def test_runner_refuses_what_asyncio_run_refuses():
    assert_marked(
        WORK
        + textwrap.dedent("""
            def run_all(jobs):
                with asyncio.Runner() as runner:
                    runner.run(work)  # LMB201
                    runner.run(asyncio.gather(work(), work()))  # LMB201
                    return runner.run(work())
        """)
    )


def test_outside_of_handlers_too():
    assert_marked(
        WORK
        + textwrap.dedent("""
            async def start(group: asyncio.TaskGroup):
                async with asyncio.TaskGroup() as group:
                    group.create_task(work)  # LMB201
                    group.create_task(work())
        """)
    )


MESSAGES = {
    "asyncio.run, a method": (
        "async function `run` is given to `asyncio.run`, which wants a coroutine and "
        "raises ValueError; call it: `run(...)`"
    ),
    "asyncio.run, a gather": (
        "`asyncio.gather()` is given to `asyncio.run`, which wants a coroutine and raises "
        "ValueError; await it in a coroutine"
    ),
    "asyncio.run, an async generator": (
        "`pages()` is given to `asyncio.run`, which wants a coroutine and raises "
        "ValueError; iterate it with `async for`"
    ),
    "run_until_complete, a function": (
        "async function `work` is given to `run_until_complete`, which wants a coroutine "
        "and raises TypeError; call it: `work(...)`"
    ),
    "asyncio.run, a lambda": (
        "a lambda is given to `asyncio.run`, which wants a coroutine and raises "
        "ValueError; call it"
    ),
    "asyncio.run, a plain function": (
        "function `main` is given to `asyncio.run`, which wants a coroutine and raises "
        "ValueError; declare it as `async def` and call it"
    ),
    "asyncio.run, what a plain function gives": (
        "`main()`, which gives a dict, is given to `asyncio.run`, which wants a coroutine "
        "and raises ValueError; declare it as `async def`"
    ),
    "asyncio.run, a plain function that counts": (
        "`main()`, which gives an int, is given to `asyncio.run`, which wants a coroutine "
        "and raises ValueError; declare it as `async def`"
    ),
    "asyncio.run, a list by name": (
        "`jobs`, a list, is given to `asyncio.run`, which wants a coroutine and raises "
        "ValueError; await its items with `asyncio.gather`"
    ),
    "gather, a list": (
        "`jobs`, a list, is given to `asyncio.gather`, which wants coroutines and raises "
        "TypeError; put `*` before it"
    ),
    "wait, one coroutine": (
        "`work()` is given to `asyncio.wait`, which wants a list of tasks and raises "
        "TypeError; make tasks of them with `asyncio.create_task` and give it a list"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(WORK + textwrap.dedent(BAD[name][0]))
    assert found.text == MESSAGES[name]
