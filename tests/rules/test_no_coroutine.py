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
}

GOOD = {
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
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(WORK + textwrap.dedent(BAD[name][0]))
    assert found.text == MESSAGES[name]
