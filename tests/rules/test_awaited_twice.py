"""LMB303 on coroutines that one invocation awaits twice."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio

"""

TAIL = """
def lambda_handler(event, context):
    return asyncio.run(main(event))
"""

BAD = {
    "one after the other": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()  # LMB303
            a = await coro
            b = await coro
            return [a, b]
    """,
    "and in a gather": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()  # LMB303
            a = await coro
            b = await asyncio.gather(coro)
            return [a, b]
    """,
    "in a gather, and then": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()  # LMB303
            b = await asyncio.gather(coro)
            a = await coro
            return [a, b]
    """,
    "in wait_for, and then": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()  # LMB303
            b = await asyncio.wait_for(coro, 1)
            a = await coro
            return [a, b]
    """,
    "in a task, and by itself": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()  # LMB303
            task = asyncio.create_task(coro)
            a = await task
            return [a, await coro]
    """,
    "by two loops": """
        async def load(): return {"a": 1}
        def lambda_handler(event, context):
            coro = load()  # LMB303
            asyncio.run(coro)
            return asyncio.run(coro)
    """,
    "by a helper": """
        async def load(): return {"a": 1}
        async def both(coro):
            first = await coro
            return [first, await coro]
        async def main(event):
            return await both(load())  # LMB303
    """,
    "an attribute": """
        async def load(): return {"a": 1}
        class Job:
            def __init__(self):
                self.coro = load()  # LMB303
            async def run(self):
                return await self.coro
        async def main(event):
            job = Job()
            await job.run()
            return await job.coro
    """,
    "in a dictionary": """
        async def load(): return {"a": 1}
        async def main(event):
            jobs = {"a": load()}  # LMB303
            first = await jobs["a"]
            return [first, await jobs["a"]]
    """,
    "in a task of its own": """
        async def load(): return {"a": 1}
        async def inner():
            coro = load()  # LMB303
            return [await coro, await coro]
        async def main(event):
            return await asyncio.create_task(inner())
    """,
    "behind a task, and behind one of many": """
        async def load(): return {"a": 1}
        async def main(event):
            task = asyncio.ensure_future(load())
            await task
            for _ in [1, 2]:
                one = load()
                await one
            coro = load()  # LMB303
            a = await coro
            b = await coro
            return [a, b]
    """,
}

GOOD = {
    "in one of two branches each": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()
            if event.get("first"):
                a = await coro
            else:
                a = await coro
            return a
    """,
    "the second behind a return": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()
            if event.get("first"):
                return await coro
            return await coro
    """,
    "two of one helper": """
        async def load(): return {"a": 1}
        def make(): return load()
        async def main(event):
            one, two = make(), make()
            return [await one, await two]
    """,
    "many in a list": """
        async def load(i): return {"a": i}
        async def main(event):
            coros = [load(i) for i in range(3)]
            return [await coros[0], await coros[1], await coros[2]]
    """,
    "that of the round before": """
        async def load(i): return {"a": i}
        async def main(event):
            previous = None
            out = []
            for i in range(3):
                current = load(i)
                if previous is not None:
                    out.append(await previous)
                previous = current
            out.append(await previous)
            return out
    """,
    "a task": """
        async def load(): return {"a": 1}
        async def main(event):
            task = asyncio.ensure_future(load())
            return [await task, await task]
    """,
    "the error is caught": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()
            a = await coro
            try:
                b = await coro
            except RuntimeError:
                b = None
            return [a, b]
    """,
    "another one by the same name": """
        async def load(): return {"a": 1}
        async def main(event):
            coro = load()
            a = await coro
            coro = load()
            b = await coro
            return [a, b]
    """,
    "one for each round": """
        async def load(): return {"a": 1}
        async def main(event):
            out = []
            for i in range(2):
                coro = load()
                out.append(await coro)
            return out
    """,
    "two given to one helper": """
        async def load(n): return {"a": n}
        async def drive(coro): return await coro
        async def main(event):
            return [await drive(load(1)), await drive(load(2))]
    """,
    "a function that calls itself": """
        async def load(n):
            if n: return await load(n - 1)
            return 1
        async def main(event):
            return await load(2)
    """,
    "its result by the same name": """
        async def load(): return {"a": 1}
        async def main(event):
            value = load()
            value = await value
            return value
    """,
    "whatever it is": """
        import inspect
        async def load(): return {"a": 1}
        async def main(event):
            value = load()
            if inspect.isawaitable(value):
                value = await value
            if inspect.isawaitable(value):
                value = await value
            return value
    """,
    "a future of two": """
        async def load(): return {"a": 1}
        async def main(event):
            both = asyncio.gather(load(), load())
            return [await both, await both]
    """,
    "a task, and one of many, and each once": """
        async def load(): return {"a": 1}
        async def main(event):
            task = asyncio.ensure_future(load())
            await task
            await task
            for _ in [1, 2]:
                one = load()
                await one
            return await load()
    """,
}


def source(body):
    text = HEAD + textwrap.dedent(body)
    return text if "lambda_handler" in text else text + TAIL


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    assert_marked(source(BAD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert_marked(source(GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_each_invocation_fails(name):
    for outcome in invoke(source(BAD[name]), events=[{"first": True}, {}]):
        assert outcome.error_message == "cannot reuse already awaited coroutine"


@pytest.mark.parametrize("version", VERSIONS)
def test_each_invocation_fails_on_each_version(version):
    body = source(BAD["one after the other"])
    for outcome in invoke(body, python=interpreter(version)):
        assert outcome.error_message == "cannot reuse already awaited coroutine"


@pytest.mark.parametrize("name", GOOD)
def test_each_invocation_works(name):
    assert invoke(source(GOOD[name]), events=[{"first": True}, {}]).ok


def test_message():
    (found,) = violations(source(BAD["one after the other"]).lstrip("\n"))
    assert found.text == (
        "`coro` (a coroutine) is awaited twice, but can be once; every invocation raises "
        "RuntimeError at `await coro` (line 8); keep its result instead"
    )
