"""What LMB201, LMB202 and LMB203 report is really lost under the real client.

Each shape is both judged by the rules and run: the marks say what is reported, the
second item what the runtime shows for it. The body of the coroutine prints a line, so
that a coroutine which did run cannot hide.
"""

from __future__ import annotations

import re
import sys
import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked

WORK = """
import asyncio
import json
import logging

async def work(x=1):
    print("the body ran")
    return x

async def slow():
    await asyncio.sleep(60)
    print("the body ran")

"""

WARNING = "RuntimeWarning: coroutine 'work' was never awaited"
ENCODING = "Object of type coroutine is not JSON serializable"

#: Shape, and what there is to see of it: a warning, the error of the invocation, or
#: nothing at all.
SHAPES = {
    "bare statement": (
        """
        def lambda_handler(event, context):
            work()  # LMB201
            return {}
        """,
        WARNING,
    ),
    "assigned and never used": (
        """
        def lambda_handler(event, context):
            x = work()  # LMB201
            return {}
        """,
        WARNING,
    ),
    "a method that only the derived class makes async": (
        """
        class Base:
            def __call__(self, event, context):
                return {"body": json.dumps(self.run(event))}  # LMB201
            def run(self, event):
                raise NotImplementedError
        class Create(Base):
            async def run(self, event):
                return await work()
        def lambda_handler(event, context):
            return Create()(event, context)
        """,
        ENCODING,
    ),
    "listeners that an object calls": (
        """
        class Bus:
            def __init__(self):
                self.listeners = {}
            def subscribe(self, name, listener):
                self.listeners.setdefault(name, []).append(listener)
            def publish(self, name):
                for listener in self.listeners.get(name, []):
                    listener()  # LMB201
        bus = Bus()
        bus.subscribe("created", work)
        def lambda_handler(event, context):
            bus.publish("created")
            return {}
        """,
        WARNING,
    ),
    "a wrapper that retries": (
        """
        def retry(function):
            def wrapper():
                for attempt in range(3):
                    try:
                        return function()
                    except ValueError:
                        continue
            return wrapper
        again = retry(work)
        def lambda_handler(event, context):
            again()  # LMB201
            return {}
        """,
        WARNING,
    ),
    "a task that is taken for its result": (
        """
        async def main(event):
            task = asyncio.create_task(slow())
            return {"id": task["id"]}  # LMB201
        def lambda_handler(event, context):
            return asyncio.run(main(event))
        """,
        "'_asyncio.Task' object is not subscriptable",
    ),
    "a list that is never gathered": (
        """
        def lambda_handler(event, context):
            tasks = [work() for _ in range(3)]  # LMB201
            return {}
        """,
        WARNING,
    ),
    "on one branch": (
        """
        def lambda_handler(event, context):
            c = work()  # LMB201
            if event.get("fast"):
                return asyncio.run(c)
            return {}
        """,
        WARNING,
    ),
    "a truth test": (
        """
        def lambda_handler(event, context):
            if work():  # LMB201
                return {}
        """,
        WARNING,
    ),
    "a comparison": (
        """
        def lambda_handler(event, context):
            return {"same": work() == 1}  # LMB201
        """,
        WARNING,
    ),
    "an f-string": (
        """
        def lambda_handler(event, context):
            return {"text": f"{work()}"}  # LMB201
        """,
        WARNING,
    ),
    "print": (
        """
        def lambda_handler(event, context):
            print(work())  # LMB201
            return {}
        """,
        WARNING,
    ),
    "a logging argument": (
        """
        def lambda_handler(event, context):
            logging.warning("%s", work())  # LMB201
            return {}
        """,
        WARNING,
    ),
    "arithmetic": (
        """
        def lambda_handler(event, context):
            return work() + 1  # LMB201
        """,
        "TypeError",
    ),
    "a subscript": (
        """
        def lambda_handler(event, context):
            return work()["a"]  # LMB201
        """,
        "TypeError",
    ),
    "an attribute": (
        """
        def lambda_handler(event, context):
            return work().value  # LMB201
        """,
        "AttributeError",
    ),
    "an attribute of what an object keeps": (
        """
        class Service:
            async def load(self):
                self.user = work()  # LMB201
                return self.user["name"]

        def lambda_handler(event, context):
            return asyncio.run(Service().load())
        """,
        "TypeError",
    ),
    "kept by an object, and never read": (
        """
        class Service:
            async def load(self):
                self._user = work()  # LMB201
                return {}

        def lambda_handler(event, context):
            return asyncio.run(Service().load())
        """,
        WARNING,
    ),
    "what an annotation says of a function": (
        """
        from collections.abc import Awaitable, Callable

        async def notify(hook: Callable[[int], Awaitable[int]]):
            hook(1)  # LMB201
            return {}

        def lambda_handler(event, context):
            return asyncio.run(notify(work))
        """,
        WARNING,
    ),
    "an item, lines later": (
        """
        def lambda_handler(event, context):
            found = work()  # LMB201
            print("found")
            return {"name": found["name"]}
        """,
        "TypeError",
    ),
    "encoded deep in a dict": (
        """
        def lambda_handler(event, context):
            answer = {"data": {"found": work()}}  # LMB201
            return json.dumps(answer)
        """,
        ENCODING,
    ),
    "ordered, lines later": (
        """
        def lambda_handler(event, context):
            count = work()  # LMB201
            if count > 3:
                return {}
        """,
        "TypeError",
    ),
    "a truth test, lines later": (
        """
        def lambda_handler(event, context):
            is_known = work()  # LMB201
            if not is_known:
                return {"statusCode": 404}
            return {"statusCode": 200}
        """,
        WARNING,
    ),
    "matched": (
        """
        def lambda_handler(event, context):
            match work():  # LMB201
                case 1:
                    return {"one": True}
                case _:
                    return {"one": False}
        """,
        WARNING,
    ),
    "one arm of a conditional expression": (
        """
        def lambda_handler(event, context):
            found = {} if event.get("empty") else work()  # LMB201
            return {"name": found.get("name")}
        """,
        "AttributeError",
    ),
    "behind an `or`": (
        """
        def lambda_handler(event, context):
            found = event.get("item") or work()  # LMB201
            return {"name": found["name"]}
        """,
        "TypeError",
    ),
    "what setdefault gives": (
        """
        def lambda_handler(event, context):
            cache = {}
            found = cache.setdefault("a", work())  # LMB201
            return {"name": found["name"]}
        """,
        "TypeError",
    ),
    "summed": (
        """
        def lambda_handler(event, context):
            return {"sum": sum(work(x) for x in [1, 2])}  # LMB201
        """,
        "TypeError",
    ),
    "read as JSON": (
        """
        def lambda_handler(event, context):
            return json.loads(work())  # LMB201
        """,
        "TypeError",
    ),
    "keywords of a call": (
        """
        def lambda_handler(event, context):
            return dict(**work())  # LMB201
        """,
        "TypeError",
    ),
    "a plain for": (
        """
        def lambda_handler(event, context):
            return [x for x in work()]  # LMB201
        """,
        "TypeError",
    ),
    "unpacking": (
        """
        def lambda_handler(event, context):
            a, b = work()  # LMB201
            return a
        """,
        "TypeError",
    ),
    "a thread": (
        """
        import threading

        def lambda_handler(event, context):
            thread = threading.Thread(target=work)  # LMB201
            thread.start()
            thread.join()
            return {}
        """,
        WARNING,
    ),
    "an object that works with async for only": (
        """
        class Rows:
            async def __aiter__(self):
                yield 1

        def lambda_handler(event, context):
            return [row for row in Rows()]  # LMB201
        """,
        "'Rows' object is not iterable",
    ),
    "what a context manager gives": (
        """
        import contextlib

        class Repo:
            async def save(self, item):
                await work()

        @contextlib.contextmanager
        def lent():
            yield Repo()

        def lambda_handler(event, context):
            with lent() as repo:
                repo.save(event)  # LMB201
            return {}
        """,
        "coroutine 'Repo.save' was never awaited",
    ),
    "a singleton of a generic class": (
        """
        from typing import Generic, TypeVar

        T = TypeVar("T")

        class Repo(Generic[T]):
            _only = None

            def __new__(cls):
                if cls._only is None:
                    cls._only = super().__new__(cls)
                return cls._only

            async def save(self, item):
                await work()

        class Users(Repo[int]):
            pass

        def lambda_handler(event, context):
            Users().save(event)  # LMB201
            return {}
        """,
        "coroutine 'Repo.save' was never awaited",
    ),
    "an item of a table of functions": (
        """
        TABLE = {"a": work, "b": slow}

        def lambda_handler(event, context):
            run = TABLE.get(event.get("kind", "a"))
            if run is not None:
                run()  # LMB201
            return {}
        """,
        WARNING,
    ),
    "registered by a decorator": (
        """
        TABLE = {}

        def registered(name):
            def keep(function):
                TABLE[name] = function
                return function
            return keep

        work = registered("a")(work)

        def lambda_handler(event, context):
            TABLE[event.get("kind", "a")]()  # LMB201
            return {}
        """,
        WARNING,
    ),
    "a lambda for a thread": (
        """
        import threading

        def lambda_handler(event, context):
            thread = threading.Thread(target=lambda: work())  # LMB201
            thread.start()
            thread.join()
            return {}
        """,
        WARNING,
    ),
    "a timer": (
        """
        import threading

        def lambda_handler(event, context):
            timer = threading.Timer(0, work)  # LMB201
            timer.start()
            timer.join()
            return {}
        """,
        WARNING,
    ),
    "a callback of the loop": (
        """
        async def main():
            asyncio.get_running_loop().call_soon(work)  # LMB201
            await asyncio.sleep(0)
            return {}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "was never awaited",
    ),
    "returned by an async function that is awaited once": (
        """
        async def get():
            return work()  # LMB201

        async def main():
            return {"name": (await get())["name"]}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "TypeError",
    ),
    "the key of max": (
        """
        def lambda_handler(event, context):
            return {"most": max([1, 2], key=work)}  # LMB201
        """,
        "TypeError",
    ),
    "filter": (
        """
        def lambda_handler(event, context):
            return {"kept": list(filter(work, [1, 2]))}  # LMB201
        """,
        WARNING,
    ),
    "in a coroutine that runs": (
        """
        async def main():
            work()  # LMB201
            return {}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        WARNING,
    ),
    "wait_for": (
        """
        def lambda_handler(event, context):
            asyncio.wait_for(work(), 1)  # LMB201
            return {}
        """,
        WARNING,
    ),
    "an async generator": (
        """
        async def numbers():
            print("the body ran")
            yield 1

        def lambda_handler(event, context):
            numbers()  # LMB201
            return {}
        """,
        None,
    ),
    "returned": (
        """
        def lambda_handler(event, context):
            return work()  # LMB202
        """,
        ENCODING,
    ),
    "inside the response": (
        """
        def lambda_handler(event, context):
            return {"items": [work()]}  # LMB202
        """,
        ENCODING,
    ),
    "a dropped task": (
        """
        async def main():
            asyncio.create_task(slow())  # LMB203
            return {}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        None,
    ),
    "a future without a loop": (
        """
        def lambda_handler(event, context):
            asyncio.ensure_future(work())  # LMB203
            return {}
        """,
        None,
    ),
}


@pytest.mark.parametrize("source, trace", SHAPES.values(), ids=SHAPES)
def test_shape(source, trace):
    source = WORK + textwrap.dedent(source)
    assert re.search("# LMB20[123]", source)
    assert_marked(source)
    if "ensure_future" in source and sys.version_info >= (3, 14):
        pytest.skip("Python 3.14 raises RuntimeError here")
    outcomes = invoke(source, events=[{}, {}])
    shown = outcomes.stderr + "".join(
        f"{one.error_type}: {one.error_message}" for one in outcomes
    )
    assert "the body ran" not in outcomes.stdout
    if trace is None:
        assert outcomes.ok and "Warning" not in shown
    else:
        assert trace in shown


BATCH = """
from aws_lambda_powertools.utilities.batch import BatchProcessor
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.batch import process_partial_response

processor = BatchProcessor(event_type=EventType.SQS)

async def record_handler(record):
    raise ValueError("every message is bad")

def lambda_handler(event, context):
    return process_partial_response(  # LMB201
        event=event,
        record_handler=record_handler,
        processor=processor,
        context=context,
    )
"""


def test_batch_processor_reports_no_failure_while_nothing_ran():
    pytest.importorskip("aws_lambda_powertools")
    assert_marked(BATCH)
    record = {"messageId": "1", "body": "x", "eventSource": "aws:sqs"}
    (outcome,) = invoke(BATCH, events=[{"Records": [record]}])
    assert outcome.result == {"batchItemFailures": []}


#: What a library gives, and a trace of what became of it.
LIBRARIES = {
    "a request that is never sent": (
        "aiohttp",
        """
        import asyncio
        import aiohttp

        async def main():
            async with aiohttp.ClientSession() as session:
                session.post("http://127.0.0.1:9/")  # LMB201
            return {}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "coroutine 'ClientSession._request' was never awaited",
    ),
    "a client that is not entered": (
        "aioboto3",
        """
        import asyncio
        import aioboto3

        async def main():
            with aioboto3.Session().client("s3", region_name="eu-west-1"):  # LMB201
                return {}

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Error: ",
    ),
    "pages that are not iterated with async for": (
        "aioboto3",
        """
        import asyncio
        import aioboto3

        KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}

        async def main():
            found = []
            context = aioboto3.Session().client("s3", region_name="eu-west-1", **KEYS)
            async with context as s3:
                pages = s3.get_paginator("list_objects_v2").paginate(Bucket="a")
                for page in pages:  # LMB201
                    found.append(str(page))
            return found

        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "coroutine 'AioPageIterator._make_request' was never awaited",
    ),
}


@pytest.mark.parametrize("package, source, trace", LIBRARIES.values(), ids=LIBRARIES)
def test_library(package, source, trace):
    pytest.importorskip(package)
    assert_marked(source)
    outcomes = invoke(textwrap.dedent(source), events=[{}])
    shown = outcomes.stderr + "".join(
        f"{one.error_type}: {one.error_message}" for one in outcomes
    )
    assert trace in shown
