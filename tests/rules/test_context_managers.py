"""What handlers reach through context managers that are generators, as it really runs."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked

HEAD = """
import asyncio
import contextlib
import datetime

class Store:
    def __init__(self):
        self.rows = {}
        self.closed = False
    async def read(self, key):
        await asyncio.sleep(0)
        assert not self.closed
        return self.rows.get(key)
    async def close(self):
        self.closed = True

async def slow(done):
    await asyncio.sleep(30)
    done.append(1)

def lambda_handler(event, context):
    return asyncio.run(main())

"""

GOOD = {
    "one of several objects that are yielded": """
        class Client:
            async def send(self):
                return {}
        class Plain:
            def send(self):
                return {}
        @contextlib.asynccontextmanager
        async def both():
            yield Client(), Plain()
        async def main():
            async with both() as (one, two):
                two.send()
                return await one.send()
    """,
    "what is yielded is put right behind the `yield` only": """
        @contextlib.asynccontextmanager
        async def opened():
            store = Store()
            store.rows["day"] = "today"
            try:
                yield store
            finally:
                store.rows["day"] = datetime.date.today()
                await store.close()
        async def main():
            async with opened() as store:
                return {"day": await store.read("day")}
    """,
    "a loop that is closed behind the block": """
        @contextlib.contextmanager
        def new_loop():
            loop = asyncio.new_event_loop()
            try:
                yield loop
            finally:
                loop.close()
        async def main():
            return {}
        def lambda_handler(event, context):
            with new_loop() as loop:
                return loop.run_until_complete(main())
    """,
    "a lock that is let go of behind the block": """
        LOCK = None
        @contextlib.asynccontextmanager
        async def locked():
            global LOCK
            if LOCK is None:
                LOCK = asyncio.Lock()
            try:
                async with LOCK:
                    yield
            finally:
                LOCK = None
        async def one():
            async with locked():
                await asyncio.sleep(0)
        async def main():
            await one()
            return {}
    """,
    "a task that is awaited behind the block": """
        @contextlib.asynccontextmanager
        async def beside():
            task = asyncio.create_task(asyncio.sleep(0.01, "done"))
            try:
                yield {"begun": True}
            finally:
                await task
        async def main():
            async with beside() as state:
                return state
    """,
    "tasks of a list that is given": """
        @contextlib.asynccontextmanager
        async def gathered(tasks):
            yield
            await asyncio.gather(*tasks)
        async def main():
            tasks = []
            async with gathered(tasks):
                tasks.append(asyncio.create_task(asyncio.sleep(0.01)))
            return {}
    """,
    "one of several ways yields nothing": """
        @contextlib.asynccontextmanager
        async def opened(name):
            if name is None:
                raise LookupError(name)
            yield Store()
        async def main():
            try:
                async with opened(None) as store:
                    return store
            except LookupError:
                return {}
    """,
    "what the block catches and what it returns": """
        @contextlib.contextmanager
        def answering(answers):
            try:
                yield
            except ValueError as error:
                answers["error"] = str(error)
        async def main():
            answers = {}
            with answering(answers):
                raise ValueError("no")
            return answers
    """,
    "a method of a class, and of an object": """
        class Opener:
            def __init__(self, day):
                self.day = day
            @classmethod
            @contextlib.asynccontextmanager
            async def opened(cls, day):
                yield cls(day.isoformat())
            @contextlib.contextmanager
            def named(self):
                yield {"day": self.day}
        async def main():
            async with Opener.opened(datetime.date.today()) as opener:
                with opener.named() as answer:
                    return answer
    """,
    "one of two that are yielded, as asked": """
        @contextlib.contextmanager
        def day(as_text):
            if as_text:
                yield {"day": "today"}
            else:
                yield {"day": datetime.date.today()}
        async def main():
            with day(True) as answer:
                return {"day": str(answer["day"])}
    """,
    "again and again": """
        @contextlib.asynccontextmanager
        async def numbered(number):
            yield {"number": number}
        async def main():
            found = []
            for number in range(3):
                async with numbered(number) as one:
                    found.append(one)
            return found
    """,
}

GOOD["a name that a nested function binds"] = """
    async def main():
        task = None
        def begin():
            nonlocal task
            task = asyncio.create_task(asyncio.sleep(0.01))
        begin()
        if task is not None:
            await task
        return {}
"""

BAD = {
    "one of several objects that are yielded": """
        class Client:
            async def send(self):
                return {}
        @contextlib.asynccontextmanager
        async def clients(*names):
            async with contextlib.AsyncExitStack():
                yield [Client() for _ in names]
        @contextlib.asynccontextmanager
        async def both():
            yield Store(), Client()
        async def main():
            async with clients("a", "b") as (one, two):
                one.send()  # LMB201
                await two.send()
            async with both() as (store, client):
                store.read("a")  # LMB201
                return await client.send()
    """,
    "a value that the generator puts in": """
        @contextlib.asynccontextmanager
        async def opened():
            store = Store()
            store.rows["day"] = datetime.date.today()  # LMB401
            yield store
        async def main():
            async with opened() as store:
                return store.rows
    """,
    "a loop that outlives the block": """
        LOOP = asyncio.new_event_loop()
        @contextlib.contextmanager
        def one_loop():
            try:
                yield LOOP
            finally:
                LOOP.close()  # LMB302
        async def main():
            return {}
        def lambda_handler(event, context):
            with one_loop() as loop:
                return loop.run_until_complete(main())
    """,
    "a task that nobody awaits, begun in the block": """
        @contextlib.asynccontextmanager
        async def beside(done):
            asyncio.create_task(slow(done))  # LMB203
            yield done
        async def main():
            async with beside([]) as done:
                return {"done": done}
    """,
    "a coroutine that is kept": """
        KEPT = {}
        @contextlib.asynccontextmanager
        async def kept():
            if "store" not in KEPT:
                KEPT["store"] = Store().read("day")  # LMB303
            yield KEPT["store"]
        async def main():
            async with kept() as reading:
                return {"day": await reading}
    """,
    "what a function does that the block's bus keeps": """
        class Bus:
            def __init__(self):
                self.subscribers = {}
            def subscribe(self, name, function):
                self.subscribers.setdefault(name, []).append(function)
            async def publish(self, name):
                return [await one() for one in self.subscribers[name]]
        async def on_order():
            return {"day": datetime.date.today()}  # LMB401
        @contextlib.asynccontextmanager
        async def built():
            bus = Bus()
            bus.subscribe("order", on_order)
            yield bus
        async def main():
            async with built() as bus:
                return {"results": await bus.publish("order")}
    """,
    "a method of a class, and of an object": """
        class Opener:
            def __init__(self, day):
                self.day = day
            @classmethod
            @contextlib.asynccontextmanager
            async def opened(cls, day):
                yield cls(day)
            @contextlib.contextmanager
            def named(self):
                yield {"day": self.day}  # LMB401
        async def main():
            async with Opener.opened(datetime.date.today()) as opener:
                with opener.named() as answer:
                    return answer
    """,
    "a response that is refused on one way": """
        @contextlib.contextmanager
        def answering():
            answer = {}
            yield answer
            answer["day"] = datetime.date.today()  # LMB401
        async def main():
            with answering() as answer:
                answer["ok"] = True
            return answer
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    source = HEAD + textwrap.dedent(source)
    assert "LMB" not in source
    assert_marked(source)
    outcomes = invoke(source, events=({}, {}, {}))
    assert outcomes.ok, outcomes


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    source = HEAD + textwrap.dedent(source)
    assert_marked(source)
    outcomes = invoke(source, events=({}, {}, {}))
    is_lost = "LMB203" in source and [one.result for one in outcomes] == (
        [{"done": []}] * 3
    )
    is_lost |= "LMB201" in source and "never awaited" in outcomes.stderr
    assert is_lost or not outcomes.ok, outcomes
