from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio

async def work(x=1):
    return x

"""

#: How a coroutine object is used: each pair drops it, and uses the same form well.
BAD = {
    "asked by a function of the project, and dropped all the same": """
        import inspect

        def is_async(function):
            return getattr(function, "is_async", inspect.iscoroutinefunction(function))

        def started(function):
            if is_async(function):
                function()  # LMB201
            return 1

        async def f():
            return started(work)
    """,
    "bare statement": """
        def f():
            work()  # LMB201
    """,
    "bare statement in async code": """
        async def f():
            work()  # LMB201
    """,
    "something else is told to mypy": """
        async def f():
            # type: ignore[unused-coroutine]
            work()  # type: ignore[call-arg]  # LMB201
    """,
    "assigned and never used": """
        def f():
            x = work()  # LMB201
    """,
    "assigned to the underscore": """
        async def f():
            _ = work()  # LMB201
    """,
    "awaited on one branch only": """
        async def f(flag):
            c = work()  # LMB201
            if flag:
                return await c
            return 0
    """,
    "returned early without it": """
        async def f(items):
            c = work()  # LMB201
            if not items:
                return []
            return await c
    """,
    "a truth test": """
        async def f():
            if work():  # LMB201
                return 1
    """,
    "negated": """
        async def f():
            return not work()  # LMB201
    """,
    "a comparison": """
        async def f():
            return work() == 1  # LMB201
    """,
    "of an object that is of a base, and by another name": """
        from typing import Any, cast
        class Base:
            pass
        class Job(Base):
            async def run(self): ...
        def f():
            job = Job()
            if isinstance(job, Base):
                job.run()  # LMB201
            cast(Any, Job()).run()  # LMB201
            cast(typ=Any, val=Job()).run()  # LMB201
    """,
    "arithmetic": """
        async def f():
            return work() + 1  # LMB201
    """,
    "a subscript": """
        async def f():
            return work()["a"]  # LMB201
    """,
    "an attribute": """
        async def f():
            return work().value  # LMB201
    """,
    "a plain for": """
        async def f():
            for x in work():  # LMB201
                print(x)
    """,
    "a plain with": """
        def f():
            with work():  # LMB201
                pass
    """,
    "unpacking": """
        async def f():
            a, b = work()  # LMB201
            return a, b
    """,
    "an f-string": """
        async def f():
            return f"{work()}"  # LMB201
    """,
    "str": """
        async def f():
            return str(work())  # LMB201
    """,
    "print": """
        async def f():
            print(work())  # LMB201
    """,
    "json.dumps, deep inside": """
        import json

        async def f():
            return json.dumps({"a": work()})  # LMB201
    """,
    "a logging argument": """
        import logging

        logger = logging.getLogger(__name__)

        async def f():
            logger.info("got %s", work())  # LMB201
    """,
    "a list that is never gathered": """
        def f():
            tasks = [work(), work(2)]  # LMB201
    """,
    "a comprehension that is never gathered": """
        async def f(xs):
            tasks = [work(x) for x in xs]  # LMB201
    """,
    "appended to a list that is never gathered": """
        async def f(xs):
            tasks = []
            for x in xs:
                tasks.append(work(x))  # LMB201
    """,
    "a dict that nobody reads": """
        async def f():
            jobs = {"a": work()}  # LMB201
    """,
    "map": """
        async def f(xs):
            results = list(map(work, xs))  # LMB201
    """,
    "a thread pool": """
        from concurrent.futures import ThreadPoolExecutor

        def f(xs):
            with ThreadPoolExecutor() as pool:
                return list(pool.map(work, xs))  # LMB201
    """,
    "a thread": """
        import threading

        def f():
            threading.Thread(target=work).start()  # LMB201
    """,
    "filter": """
        def f(xs):
            return list(filter(work, xs))  # LMB201
    """,
    "an asyncio function": """
        async def f():
            asyncio.sleep(1)  # LMB201
    """,
    "wait_for": """
        async def f():
            asyncio.wait_for(work(), 1)  # LMB201
    """,
    "an async generator": """
        async def numbers():
            yield 1

        async def f():
            numbers()  # LMB201
    """,
    "an async generator in a plain for": """
        async def numbers():
            yield 1

        async def f():
            return [x for x in numbers()]  # LMB201
    """,
    "Powertools' synchronous batch processor": """
        from aws_lambda_powertools.utilities.batch import BatchProcessor
        from aws_lambda_powertools.utilities.batch import EventType
        from aws_lambda_powertools.utilities.batch import process_partial_response

        processor = BatchProcessor(event_type=EventType.SQS)

        def lambda_handler(event, context):
            return process_partial_response(  # LMB201
                event=event, record_handler=work, processor=processor, context=context
            )
    """,
    "Powertools' batch processor as a context manager": """
        from aws_lambda_powertools.utilities.batch import BatchProcessor
        from aws_lambda_powertools.utilities.batch import EventType

        processor = BatchProcessor(event_type=EventType.SQS)

        def lambda_handler(event, context):
            with processor(records=event["Records"], handler=work):  # LMB201
                processor.process()
            return processor.response()
    """,
    "Powertools' batch processor as a decorator": """
        from aws_lambda_powertools.utilities.batch import BatchProcessor
        from aws_lambda_powertools.utilities.batch import EventType
        from aws_lambda_powertools.utilities.batch import batch_processor

        processor = BatchProcessor(event_type=EventType.SQS)

        @batch_processor(record_handler=work, processor=processor)  # LMB201
        def lambda_handler(event, context):
            return processor.response()
    """,
    "in try/finally": """
        async def f():
            try:
                c = work()  # LMB201
            finally:
                print("done")
    """,
    "in one arm of a match": """
        async def f(kind):
            match kind:
                case "a":
                    work()  # LMB201
                case _:
                    await work()
    """,
    "in a loop": """
        async def f(xs):
            for x in xs:
                work(x)  # LMB201
    """,
    "in a lambda's default place: a closure that never reads it": """
        def f():
            c = work()  # LMB201
            def inner():
                return 1
            return inner
    """,
    "at import": """
        work()  # LMB201
    """,
    "gathered and the gather dropped in a wrapper": """
        async def f():
            asyncio.wait([work()])  # LMB201
    """,
    "in a function under a middleware": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            return handler(event, context)
        @processor(limit=2)
        def lambda_handler(event, context):
            work()  # LMB201
            return {}
    """,
    "in a middleware": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            work()  # LMB201
            return handler(event, context)
        @processor
        def lambda_handler(event, context):
            return {}
    """,
    "formatted": """
        def f():
            return format(work())  # LMB201
    """,
    "given to a pool that calls it and no more": """
        from multiprocessing.pool import ThreadPool
        def f():
            ThreadPool().apply(work)  # LMB201
    """,
    "unpacked into one name": """
        def f():
            x, = work()  # LMB201
    """,
    "an object that is called, its class has an unknown base": """
        from vendor import Base
        class Named:
            async def __call__(self): pass
        class A(Base, Named): pass
        def f():
            A()()  # LMB201
    """,
    "encoded within a list": """
        import json
        def f():
            works = [work()]  # LMB201
            json.dumps(works)
    """,
    "a method of what a method gives that returns Self": """
        import vendor
        class Query:
            def where(self, key) -> "Self":
                return vendor.narrowed(self, key)
            async def rows(self):
                return []
        async def f():
            Query().where("a").rows()  # LMB201
    """,
    "a method of a parameter whose class stands in another one": """
        class Orders:
            class Repo:
                async def find(self):
                    return 1
        async def f(repo: Orders.Repo):
            repo.find()  # LMB201
    """,
    "a method of an item of a dict's copy": """
        class Repo:
            async def find(self):
                return 1
        async def f(repos: dict[str, Repo]):
            repos.copy()["a"].find()  # LMB201
    """,
    "one of three that are asked whether they are true": """
        async def f(a, b):
            return a and work() and b  # LMB201
    """,
    "a sorted list of it": """
        async def f():
            await asyncio.gather(*sorted([work(1)]))  # LMB201
    """,
    "an attribute of an object, put there by a helper": """
        class Job:
            run = None
        def prepare(job: Job):
            job.run = work
        async def f():
            job = Job()
            prepare(job)
            job.run()  # LMB201
    """,
    "made beside an object of a library": """
        import httpx
        async def f():
            work()  # LMB201
            return httpx.AsyncClient(timeout=5)
    """,
    "given to a helper of a helper, behind a question whether it is there": """
        def show(job):
            print(job)
        def show_both(job):
            return show(job)
        def f():
            job = work()  # LMB201
            if job:
                return show_both(job)
    """,
    "where something else is known to be async": """
        import inspect
        class Job:
            run = work
        async def f(job: Job):
            if inspect.iscoroutinefunction(job.run):
                await job.run()
            else:
                work()  # LMB201
    """,
    "of a function that is tried again": """
        import tenacity
        load = tenacity.retry(work)
        async def f():
            load()  # LMB201
    """,
}

GOOD = {
    "asked by a function of the project, which unwraps first": """
        import functools
        import inspect

        def _is_coroutine_function(function):
            while isinstance(function, functools.partial):
                function = function.func
            return inspect.iscoroutinefunction(function)

        def wrapped(function):
            if _is_coroutine_function(function):
                async def wrapper(*args):
                    await function(*args)
            else:
                def wrapper(*args):
                    function(*args)
            return wrapper

        async def f():
            await wrapped(work)()
    """,
    "asked of a method whose plain twin a derived class may have": """
        import asyncio
        import inspect

        class Client:
            async def start(self): ...

            def run(self):
                if inspect.iscoroutinefunction(self.start):
                    asyncio.run(self.start())
                else:
                    self.start()
                    self.stop()

            async def stop(self): ...
    """,
    "mypy and pyright are told that it is meant so": """
        async def f():
            work()  # type: ignore[unused-coroutine]
            work()  # pyright: ignore[reportUnusedCoroutine]
    """,
    "awaited": """
        async def f():
            await work()
    """,
    "given to what others may look into": """
        import asyncio
        from types import SimpleNamespace
        class Job:
            pass
        def f(jobs: list[Job], options: dict):
            jobs.append(work())
            return SimpleNamespace(**options, job=work())
        async def g():
            found = asyncio.get_running_loop().create_future()
            found.set_result(work())
            return await found
    """,
    "awaited later": """
        async def f():
            c = work()
            print("x")
            return await c
    """,
    "run": """
        def f():
            x = asyncio.run(work())
    """,
    "handed on under any name": """
        def f(schedule):
            _ = schedule(work())
    """,
    "awaited on both branches": """
        async def f(flag):
            c = work()
            if flag:
                return await c
            return await asyncio.wait_for(c, 1)
    """,
    "made only where it is awaited": """
        async def f(flag):
            c = None
            if flag:
                c = work()
            print("x")
            if flag:
                await c
    """,
    "compared with None": """
        async def f(flag):
            c = work() if flag else None
            if c is not None:
                await c
    """,
    "asked what it is": """
        import inspect

        async def f(value):
            c = work()
            if inspect.isawaitable(c):
                c = await c
            return c
    """,
    "closed on purpose": """
        def f():
            c = work()
            c.close()
    """,
    "rebound to its result": """
        async def f():
            c = work()
            c = await c
            return c["a"]
    """,
    "deleted": """
        def f():
            c = work()
            del c
    """,
    "a task group": """
        async def f():
            async with asyncio.TaskGroup() as group:
                group.create_task(work())
    """,
    "async for": """
        async def numbers():
            yield 1

        async def f():
            async for x in numbers():
                print(x)
            return [y async for y in numbers()]
    """,
    "async with": """
        from contextlib import asynccontextmanager

        @asynccontextmanager
        async def session():
            yield 1

        async def f():
            async with session() as s:
                return s
    """,
    "gathered later": """
        async def f(xs):
            tasks = []
            for x in xs:
                tasks.append(work(x))
            return await asyncio.gather(*tasks)
    """,
    "a comprehension, gathered": """
        async def f(xs):
            return await asyncio.gather(*[work(x) for x in xs])
    """,
    "a generator expression, gathered": """
        async def f(xs):
            return await asyncio.gather(*(work(x) for x in xs))
    """,
    "map, gathered": """
        async def f(xs):
            return await asyncio.gather(*map(work, xs))
    """,
    "awaited in a loop": """
        async def f(xs):
            tasks = [work(x) for x in xs]
            for task in tasks:
                await task
    """,
    "awaited in a loop over a dict": """
        async def f():
            jobs = {"a": work(), "b": work()}
            for name, job in jobs.items():
                print(name, await job)
    """,
    "awaited by index": """
        async def f():
            jobs = [work(), work()]
            return await jobs[0], await jobs[1]
    """,
    "stored on self": """
        class A:
            def f(self):
                self.c = work()
    """,
    "stored in a registry": """
        REGISTRY = []

        def f():
            REGISTRY.append(work())
    """,
    "a factory": """
        def f():
            return work()

        async def g():
            await f()
    """,
    "yielded": """
        def f():
            yield work()
    """,
    "run at the bottom of a script": """
        if __name__ == "__main__":
            asyncio.run(work())
    """,
    "the loop of a thread": """
        def f(loop):
            asyncio.run_coroutine_threadsafe(work(), loop).result()
    """,
    "a closure": """
        def f():
            c = work()
            async def inner():
                return await c
            return inner
    """,
    "Powertools' async batch processor": """
        from aws_lambda_powertools.utilities.batch import AsyncBatchProcessor
        from aws_lambda_powertools.utilities.batch import EventType
        from aws_lambda_powertools.utilities.batch import async_process_partial_response

        processor = AsyncBatchProcessor(event_type=EventType.SQS)

        def lambda_handler(event, context):
            return async_process_partial_response(
                event=event, record_handler=work, processor=processor, context=context
            )
    """,
    "a sync record handler": """
        from aws_lambda_powertools.utilities.batch import BatchProcessor
        from aws_lambda_powertools.utilities.batch import EventType

        processor = BatchProcessor(event_type=EventType.SQS)

        def record_handler(record):
            return asyncio.run(work(record))

        def lambda_handler(event, context):
            with processor(records=event["Records"], handler=record_handler):
                processor.process()
            return processor.response()
    """,
    "try and except": """
        async def f():
            c = work()
            try:
                return await c
            except ValueError:
                return None
    """,
    "finally awaits": """
        async def f():
            c = work()
            try:
                return 1
            finally:
                await c
    """,
    "match drives it": """
        async def f(kind):
            c = work()
            match kind:
                case "a":
                    return await c
                case _:
                    return await asyncio.shield(c)
    """,
    "walrus": """
        async def f():
            return await (c := work())
    """,
    "a name that is rebound to a sync function": """
        def other():
            work()

        def work(x=1):
            return x
    """,
    "an unknown decorator": """
        from vendor import background

        @background
        async def job():
            pass

        def f():
            job()
    """,
    "mocked": """
        from unittest.mock import Mock

        class A:
            async def load(self):
                pass

        def f():
            a = A()
            a.load = Mock()
            a.load()
    """,
    "an executor that runs the loop": """
        from concurrent.futures import ThreadPoolExecutor

        def f():
            with ThreadPoolExecutor() as pool:
                return pool.submit(asyncio.run, work()).result()
    """,
    "type checking only": """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            work()
    """,
    "an expected exception": """
        import pytest

        def f():
            with pytest.raises(TypeError):
                check(work())
    """,
    "the end of a raising path": """
        async def f(flag):
            c = work()
            if flag:
                raise ValueError(flag)
            return await c
    """,
    "middleware with options": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator
        def processor(handler, event, context, limit=1):
            return handler(event, context)
        @processor(limit=2)
        def lambda_handler(event, context):
            return {}
    """,
    "async code under a middleware with options": """
        from aws_lambda_powertools.middleware_factory import lambda_handler_decorator

        @lambda_handler_decorator(trace_execution=True)
        def processor(handler, event, context, limit=1):
            return asyncio.run(handler(event, context))
        @processor(limit=2)
        async def main(event, context):
            return await work()
        def lambda_handler(event, context):
            return main(event, context)
    """,
    "printed in a list, and awaited": """
        async def f():
            works = [work()]
            print(works[0])
            await works[0]
    """,
    "given to a pool that calls what drives it": """
        from multiprocessing.pool import ThreadPool
        def f():
            ThreadPool().apply(asyncio.run, [work()])
    """,
    "unpacked from a list": """
        async def f():
            x, = [work()]
            await x
    """,
    "a method that a base before it may have": """
        from vendor import Base
        class Named:
            async def go(self): pass
        class A(Base, Named): pass
        def f():
            A().go()
    """,
    "encoded when it is driven": """
        import json
        def f():
            json.dumps([asyncio.run(work())])
    """,
    "a method of what a method gives that says nothing": """
        import vendor
        class Query:
            def where(self, key):
                return vendor.narrowed(self, key)
            async def rows(self):
                return []
        async def f():
            Query().where("a").rows()
    """,
    "a plain method of a parameter whose class stands in another one": """
        class Orders:
            class Repo:
                def find(self):
                    return 1
            async def find(self):
                return 2
        async def f(repo: Orders.Repo):
            repo.find()
    """,
    "a method of a dict's key": """
        class Repo:
            async def find(self):
                return 1
        async def f(repos: dict[Repo, str]):
            repos.popitem()[1].find("a")
    """,
    "the last of three that are asked whether they are true": """
        async def f(a, b):
            return a and b and await work()
    """,
    "a list of it, by all that copies lists": """
        async def f():
            await asyncio.gather(*list([work(1)]))
            await asyncio.gather(*tuple([work(2)]))
            await asyncio.gather(*set([work(3)]))
    """,
    "given to an attribute whose name is not known": """
        class Job:
            pass
        async def f(name):
            job = Job()
            setattr(job, name, work())
            return job
    """,
    "given to an object of a library": """
        import httpx
        async def f():
            transport = work()
            return httpx.AsyncClient(transport=transport)
    """,
    "run by a helper of a helper, behind a question whether it is there": """
        def run(job):
            return asyncio.run(job)
        def run_both(job):
            return run(job)
        def f():
            job = work()
            if job:
                return run_both(job)
    """,
    "where it is known not to be async": """
        import inspect
        def show():
            return work
        async def f():
            if inspect.iscoroutinefunction(work):
                await work()
            else:
                work()
    """,
    "of a function that an unknown decorator changes": """
        import vendor
        load = vendor.retry(work)
        async def f():
            load()
    """,
}

CALLEES = {
    "an alias": (
        """
        go = work
        def f():
            go()  # LMB201
        """
    ),
    "a partial": (
        """
        import functools
        go = functools.partial(work, 2)
        def f():
            go()  # LMB201
        """
    ),
    "a nested function": (
        """
        def f():
            async def inner():
                pass
            inner()  # LMB201
        """
    ),
    "a method through self": (
        """
        class A:
            async def load(self):
                pass
            def f(self):
                self.load()  # LMB201
        """
    ),
    "an inherited method": (
        """
        class Base:
            async def load(self):
                pass
        class A(Base):
            def f(self):
                self.load()  # LMB201
                super().load()  # LMB201
        """
    ),
    "a class method through cls": (
        """
        class A:
            @classmethod
            async def load(cls):
                pass
            @classmethod
            def f(cls):
                cls.load()  # LMB201
        """
    ),
    "a static method": (
        """
        class A:
            @staticmethod
            async def load():
                pass
        def f():
            A.load()  # LMB201
        """
    ),
    "an instance built in reach": (
        """
        class A:
            async def load(self):
                pass
        a = A()
        def f():
            a.load()  # LMB201
        def g():
            b = A()
            b.load()  # LMB201
        """
    ),
    "an instance on self": (
        """
        class A:
            async def load(self):
                pass
        class B:
            def __init__(self):
                self.a = A()
            def f(self):
                self.a.load()  # LMB201
        """
    ),
    "a sync factory": (
        """
        def make():
            return work()
        def f():
            make()  # LMB201
        """
    ),
    "a wrapper with functools.wraps": (
        """
        import functools
        def logged(function):
            @functools.wraps(function)
            def wrapper(*args):
                return function(*args)
            return wrapper
        @logged
        async def job():
            pass
        def f():
            job()  # LMB201
        """
    ),
    "a callable object": (
        """
        class Job:
            async def __call__(self):
                pass
        def f():
            Job()()  # LMB201
        """
    ),
    "a method behind a condition in its class": (
        """
        import sys
        class Job:
            if sys.platform == "win32":
                name = "a"
            else:
                name = "b"
            async def save(self):
                return 1
        def f():
            Job().save()  # LMB201
        """
    ),
    "a method that raises until a class replaces it": (
        """
        class Base:
            def load(self):
                '''Load it.'''
                raise NotImplementedError("load")
            def run(self):
                self.load()  # LMB201
        class Job(Base):
            async def load(self):
                return 1
        """
    ),
    "a parameter of a class of the function around": (
        """
        def f():
            class Job:
                async def save(self):
                    return 1
            def outer():
                def run(job: Job):
                    job.save()  # LMB201
                return run
            return outer()
        """
    ),
    "what a cast says": (
        """
        import typing
        class Job:
            async def save(self):
                return 1
        def f(found):
            typing.cast(Job, found).save()  # LMB201
            typing.cast("Job", val=found).save()  # LMB201
            typing.cast(object, val=Job()).save()  # LMB201
        """
    ),
    "cached functions that read what is around them": (
        """
        import functools
        def f():
            made = work
            @functools.cache
            def get():
                return made()
            get()  # LMB201
        class Job:
            async def save(self):
                return 1
            @functools.lru_cache
            def load(self):
                return self.save()
            def run(self):
                self.load()  # LMB201
        """
    ),
    "a coroutine in a partial that nobody gets": (
        """
        import functools
        def f(items):
            saving = work()  # LMB201
            after = functools.partial(print, saving)
        """
    ),
    "a coroutine in a partial that a list of many gets": (
        """
        import functools
        def f(items):
            saving = work()
            items.append(functools.partial(print, saving))
        """
    ),
    "conditionally defined, async both times": (
        """
        import sys
        if sys.platform == "linux":
            async def job():
                pass
        else:
            job = work
        def f():
            job()  # LMB201
        """
    ),
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))


def test_tables_are_of_equal_size():
    assert abs(len(BAD) - len(GOOD)) <= 5


@pytest.mark.parametrize("source", CALLEES.values(), ids=CALLEES)
def test_callee(source):
    assert_marked(WORK + textwrap.dedent(source))


MODULES = {
    "absolute import": {
        "app/aio.py": "async def load(): pass\n",
        "app/main.py": "from app.aio import load\ndef f():\n    load()  # LMB201\n",
    },
    "relative import": {
        "app/__init__.py": "",
        "app/aio.py": "async def load(): pass\n",
        "app/main.py": "from .aio import load\ndef f():\n    load()  # LMB201\n",
    },
    "a module of a package": {
        "app/__init__.py": "",
        "app/aio.py": "async def load(): pass\n",
        "app/main.py": "from . import aio\ndef f():\n    aio.load()  # LMB201\n",
    },
    "a dotted import": {
        "app/__init__.py": "",
        "app/aio.py": "async def load(): pass\n",
        "main.py": "import app.aio\ndef f():\n    app.aio.load()  # LMB201\n",
    },
    "a dotted import without a package": {
        "app/aio.py": "async def load(): pass\n",
        "main.py": "import app.aio\ndef f():\n    app.aio.load()  # LMB201\n",
    },
    "a re-export": {
        "app/__init__.py": "from .aio import load\n",
        "app/aio.py": "async def load(): pass\n",
        "main.py": "from app import load as go\ndef f():\n    go()  # LMB201\n",
    },
    "a star import": {
        "aio.py": "async def load(): pass\n",
        "main.py": "from aio import *\ndef f():\n    load()  # LMB201\n",
    },
    "a src layout": {
        "src/app/aio.py": "async def load(): pass\n",
        "scripts/main.py": "from app.aio import load\ndef f():\n    load()  # LMB201\n",
    },
    "a Lambda layer": {
        "layers/common/python/common/aio.py": "async def load(): pass\n",
        "src/main.py": "from common.aio import load\ndef f():\n    load()  # LMB201\n",
    },
    "one of two Lambda layers, nobody knows which": {
        "layers/common/python/common/aio.py": "async def load(): pass\n",
        "layers/other/python/common/aio.py": "async def load(): pass\n",
        "src/main.py": "from common.aio import load\ndef f():\n    load()\n",
    },
    "a class of another module": {
        "aio.py": "class A:\n    async def load(self): pass\n",
        "main.py": (
            "from aio import A\n"
            "class B(A):\n    def f(self):\n        self.load()  # LMB201\n"
        ),
    },
    "a cycle of imports": {
        "one.py": "import two\nasync def load(): pass\n",
        "two.py": "from one import load\ndef f():\n    load()  # LMB201\n",
    },
    "a sync function of another module": {
        "aio.py": "async def _load(): pass\ndef load():\n    return 1\n",
        "main.py": "from aio import load\ndef f():\n    load()\n",
    },
    "a driver of another module": {
        "aio.py": "import asyncio\ndef drive(c):\n    return asyncio.run(c)\n",
        "main.py": (
            "from aio import drive\nasync def work(): pass\ndef f():\n    drive(work())\n"
        ),
    },
    "a helper that ignores it": {
        "aio.py": "def ignore(c):\n    return 1\n",
        "main.py": (
            "from aio import ignore\n"
            "async def work(): pass\n"
            "def f():\n    ignore(work())  # LMB201\n"
        ),
    },
}


@pytest.mark.parametrize("files", MODULES.values(), ids=MODULES)
def test_modules(files):
    assert_marked(files)


LIBRARIES = {
    "aioboto3": """
        import aioboto3

        session = aioboto3.Session()

        async def f():
            async with session.client("sqs") as sqs:
                sqs.send_message(QueueUrl="u", MessageBody="b")  # LMB201
                await sqs.send_message(QueueUrl="u", MessageBody="b")
            async with session.resource("dynamodb") as dynamodb:
                dynamodb.Table("t")  # LMB201
                table = await dynamodb.Table("t")
                table.put_item(Item={})  # LMB201
    """,
    "aiohttp": """
        import aiohttp

        async def f():
            async with aiohttp.ClientSession() as session:
                async with session.get("https://x") as response:
                    response.json()  # LMB201
                    return await response.text()
    """,
    "httpx": """
        import httpx

        async def f():
            async with httpx.AsyncClient() as client:
                client.get("https://x")  # LMB201
                response = await client.get("https://x")
                return response.json()
    """,
    "redis": """
        import redis.asyncio as redis

        async def f():
            client = redis.Redis()
            client.aclose()  # LMB201
            await client.aclose()
    """,
    "openai": """
        from openai import AsyncOpenAI

        client = AsyncOpenAI()

        async def f():
            client.chat.completions.create(model="m", messages=[])  # LMB201
            await client.chat.completions.create(model="m", messages=[])
    """,
    "anyio": """
        import anyio

        async def f():
            anyio.sleep(1)  # LMB201
            await anyio.sleep(1)
    """,
    "a module of the project with the same name": """
        import asyncio

        async def f():
            asyncio.sleep(0)  # LMB201
    """,
}


@pytest.mark.parametrize("source", LIBRARIES.values(), ids=LIBRARIES)
def test_libraries(source):
    assert_marked(source)


def test_messages():
    found = violations(
        {
            "aio.py": "async def load(): pass\n",
            "app.py": textwrap.dedent(
                """\
                from aio import load

                async def f():
                    load()

                def g(flag):
                    c = load()
                    if flag:
                        print(c, load())

                def get():
                    return load

                async def h():
                    get()()

                async def i():
                    one, two = load()

                async def j():
                    run = load
                    def start():
                        return run()
                    start()

                class Job:
                    async def run(self): ...
                    def later(self):
                        return self.run()
                    @property
                    async def result(self): ...

                async def k(job: Job):
                    job.later()
                    job.result
                """
            ),
        }
    )
    assert [(one.line, one.column, one.text) for one in found] == [
        (4, 4, "`load()` (aio.py:1) is never awaited and does nothing; `await` it"),
        (
            7,
            8,
            "`load()` (aio.py:1) is never awaited; `print()` (line 9) gets the coroutine, "
            "not its result; run it with `asyncio.run(...)`",
        ),
        (
            9,
            17,
            "`load()` (aio.py:1) is never awaited; `print()` gets the coroutine, not its "
            "result; run it with `asyncio.run(...)`",
        ),
        (15, 4, "`load()` (aio.py:1) is never awaited and does nothing; `await` it"),
        (
            18,
            15,
            "`load()` (aio.py:1) is never awaited; unpacking raises TypeError; `await` "
            "it",
        ),
        (
            24,
            4,
            "`run()` (aio.py:1) (line 23) is never awaited and does nothing; `await` it",
        ),
        (34, 4, "`job.later()` is never awaited and does nothing; `await` it"),
        (35, 4, "`result()` is never awaited and does nothing; `await` it"),
    ]


#: Code that drives its coroutines out of sight, or only looks as if it dropped them.
#: What uses `found`, a coroutine, and what the words say of that.
USES = {
    "print(found)": "`print()` (line 6) gets the coroutine, not its result",
    "logging.info(found)": "a logging call (line 6) gets the coroutine, not its result",
    "format(found)": "`format()` (line 6) gets the coroutine, not its result",
    "found + 1": "arithmetic (line 6) gets the coroutine, not its result",
    "1 + found": "arithmetic (line 6) gets the coroutine, not its result",
    "-found": "arithmetic (line 6) gets the coroutine, not its result",
    "found['a']": "a subscript (line 6) raises TypeError",
    "bytes(found)": "`bytes()` (line 6) gets the coroutine, not its result",
    "len(found)": "`len()` (line 6) raises TypeError",
    "found.rows": "attribute `rows` (line 6) raises AttributeError",
    "not found": "a truth test (line 6) finds it always true",
    "[*found]": "a plain `for` (line 6) raises TypeError",
    "sorted(found)": "a plain `for` (line 6) raises TypeError",
}


@pytest.mark.parametrize("use, words", USES.items())
def test_words_of_a_use(use, words):
    (found,) = violations(
        f"""
        import logging
        async def work(x=1):
            return x
        async def f():
            found = work()
            return {use}
        """
    )
    assert found.text == f"`work()` is never awaited; {words}; `await` it"


TRAPS = {
    "pytest's async tests and fixtures": """
        import pytest

        @pytest.fixture
        async def item():
            return await work()

        @pytest.mark.asyncio
        async def test_item(item):
            assert item == 1
    """,
    "unittest's async tests": """
        import unittest

        class Tests(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.item = await work()

            async def test_item(self):
                self.assertEqual(await work(), 1)
    """,
    "a callback of a framework": """
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/")
        async def index():
            return await work()

        app.add_route("/x", index)
    """,
    "overloads": """
        from typing import overload

        @overload
        async def load(x: int) -> int: ...
        @overload
        async def load(x: str) -> str: ...
        def load(x):
            return x

        def f():
            load(1)
    """,
    "a protocol's method, handed on": """
        from typing import Protocol

        class Loader(Protocol):
            async def load(self) -> int: ...

        async def f(loader: Loader):
            return loader.load()
    """,
    "an abstract method": """
        import abc

        class Base(abc.ABC):
            @abc.abstractmethod
            async def load(self): ...

            def run(self):
                return self.load()
    """,
    "a method that a subclass overrides, of an unknown base": """
        from vendor import Base

        class A(Base):
            def run(self):
                self.load()
    """,
    "patched for a test": """
        from unittest import mock

        class A:
            async def load(self):
                pass

        def test_a():
            with mock.patch.object(A, "load"):
                A.load = mock.Mock()
                A().load()
    """,
    "an async context manager class": """
        class Session:
            async def __aenter__(self):
                return self
            async def __aexit__(self, *args):
                pass
            async def get(self):
                return 1

        async def f():
            async with Session() as session:
                return await session.get()
    """,
    "contextlib": """
        from contextlib import AsyncExitStack

        async def f(make):
            async with AsyncExitStack() as stack:
                session = await stack.enter_async_context(make())
                stack.push_async_callback(work)
                return session
    """,
    "await in a comprehension": """
        async def f(xs):
            return [await c for c in [work(x) for x in xs]]
    """,
    "as_completed": """
        async def f(xs):
            for c in asyncio.as_completed([work(x) for x in xs]):
                await c
    """,
    "wait with tasks": """
        async def f(xs):
            tasks = {asyncio.create_task(work(x)) for x in xs}
            done, pending = await asyncio.wait(tasks)
            return [task.result() for task in done]
    """,
    "anyio's task group takes the function": """
        import anyio

        async def f(xs):
            async with anyio.create_task_group() as group:
                for x in xs:
                    group.start_soon(work, x)
    """,
    "a generator that yields coroutines": """
        def jobs(xs):
            for x in xs:
                yield work(x)

        async def f(xs):
            for job in jobs(xs):
                await job
    """,
    "a dispatch table": """
        async def other():
            pass

        TABLE = {"a": work, "b": other}

        async def f(name):
            return await TABLE[name]()
    """,
    "a helper that may be sync or async": """
        import inspect

        async def call(function):
            result = function()
            if inspect.isawaitable(result):
                result = await result
            return result

        async def f():
            return await call(work)
    """,
    "sorted coroutines, awaited": """
        async def f():
            first, second = work(), work()
            return await second, await first
    """,
    "swapped": """
        async def f():
            a, b = work(), work()
            a, b = b, a
            return await a, await b
    """,
    "popped": """
        async def f(xs):
            jobs = [work(x) for x in xs]
            while jobs:
                await jobs.pop()
    """,
    "a conditional expression": """
        async def f(flag):
            job = work() if flag else asyncio.sleep(0)
            await job
    """,
    "or": """
        async def f(job=None):
            await (job or work())
    """,
    "nonlocal": """
        def outer():
            job = None

            def start():
                nonlocal job
                job = work()

            async def wait():
                await job

            return start, wait
    """,
    "a default argument": """
        def f(job=work()):
            return job
    """,
    "exec may read it": """
        def f():
            job = work()
            return locals()
    """,
    "raised": """
        def f():
            job = work()
            raise StopIteration(job)
    """,
    "returned in a tuple": """
        def f():
            return work(), 1
    """,
    "keyword arguments": """
        async def f():
            jobs = dict(a=work(), b=work())
            await asyncio.gather(*jobs.values())
    """,
    "a retry decorator": """
        from tenacity import retry

        @retry
        async def job():
            pass

        async def f():
            await job()
    """,
    "given by the name of the parameter": """
        async def f():
            await asyncio.create_task(coro=work(), name="w")
            await asyncio.wait_for(fut=work(), timeout=1)
            async with asyncio.TaskGroup() as group:
                group.create_task(coro=work())

        def g(loop):
            tasks = [asyncio.create_task(name="w", coro=work())]
            return tasks
    """,
    "an argument that a nested function drives": """
        def drive(coroutine, pool):
            async def wrapper():
                return await asyncio.create_task(coroutine)
            pool.call(wrapper)

        def f(pool):
            drive(work(), pool)
    """,
    "a list that is gathered if it is not empty": """
        async def f(xs):
            tasks = [work(x) for x in xs]
            tasks += [work(x) for x in xs]
            if tasks:
                await asyncio.gather(*tasks)
    """,
    "a list whose length is asked": """
        async def f(xs):
            tasks = [work(x) for x in xs]
            print(len(tasks), tasks)
            await asyncio.gather(*tasks)
    """,
    "printed, then awaited": """
        import logging

        async def f():
            job = work()
            print(job, f"{job}", job == 1)
            logging.debug("%s", job)
            await job
    """,
    "the key of a dict": """
        async def f(xs):
            names = {work(x): x for x in xs}
            for job in names:
                print(names[job], await job)
    """,
    "run_until_complete": """
        def f():
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(work())
            finally:
                loop.close()
    """,
}


@pytest.mark.parametrize("source", TRAPS.values(), ids=TRAPS)
def test_trap(source):
    found = violations(WORK + textwrap.dedent(source))
    assert [one for one in found if one.code.startswith("LMB2")] == []


#: Each coroutine is told once, at a line of the file in which it is.
PLACES = {
    "a helper that drops is told once": {
        "app.py": """
            async def save(item):
                print(item)

            def keep(items):
                for item in items:
                    save(item)  # LMB201

            def one(event):
                keep([event])

            def two(event):
                keep([event, event])
        """,
    },
    "a helper that drops what another one makes is told once": {
        "app.py": """
            async def save(item):
                print(item)

            def made(items):
                return save(items)

            def keep(items):
                made([items])  # LMB201

            def one(event):
                keep([event])

            def two(event):
                keep({"event": event})
        """,
    },
    "a helper that gives back is told at its callers": {
        "app.py": """
            async def save(item):
                print(item)

            def made(items):
                return save(items)

            def one(event):
                made([event])  # LMB201

            def two(event):
                made({"event": event})  # LMB201
        """,
    },
    "a helper in another file is told there": {
        "helper.py": """
            async def save(item):
                print(item)



            def keep(items):
                save(items)  # LMB201
        """,
        "app.py": """
            from helper import keep

            def one(event):
                keep([event])
        """,
    },
    "a decorator in another file is told there": {
        "helper.py": """
            import asyncio

            async def audit():
                print("audit")



            def audited(function):
                def wrapper(event, context):
                    audit()  # LMB201
                    return function(event, context)
                return wrapper
        """,
        "app.py": """
            from helper import audited

            @audited
            def lambda_handler(event, context):
                return {}
        """,
    },
}


@pytest.mark.parametrize("files", PLACES.values(), ids=PLACES)
def test_places(files):
    assert_marked(files)


def test_words_of_what_has_no_short_name():
    (found,) = violations(
        """
        class Managed:
            async def __aenter__(self): ...
            async def __aexit__(self, *error): ...

        def f():
            with (lambda: Managed())():
                pass
        """
    )
    assert found.text == (
        "`Managed` is used in a plain `with`, which fails; write `async with`"
    )


CURES = {
    "opened()": "`opened()` is never entered and does nothing; enter it with `async with`",
    "pages()": "`pages()` is never iterated and does nothing; iterate it with `async for`",
    "asyncio.as_completed([])": (
        "`asyncio.as_completed()` is never awaited and does nothing; `await` it"
    ),
}


@pytest.mark.parametrize("call, words", CURES.items())
def test_words_of_a_cure(call, words):
    (found,) = violations(
        f"""
        import asyncio
        import contextlib
        @contextlib.asynccontextmanager
        async def opened():
            yield 1
        async def pages():
            yield 1
        async def f():
            {call}
        """
    )
    assert found.text == words
