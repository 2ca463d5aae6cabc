"""Working code of real projects, each beside broken code that differs a little."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio
import contextlib
import functools
import inspect
import unittest
from collections.abc import Awaitable
from collections.abc import Coroutine
from unittest.mock import patch

import pytest

async def work(item=None):
    await asyncio.sleep(0)
    return item

async def pages():
    yield 1

@contextlib.asynccontextmanager
async def opened():
    yield 1

start = asyncio.run

"""

PAIRS = {
    "fields of models": (
        """
        from typing import Any
        from pydantic import BaseModel, ConfigDict, field_validator
        class Job(BaseModel):
            model_config = ConfigDict(arbitrary_types_allowed=True)
            name: str
            result: Awaitable[int]
        class Held(BaseModel):
            value: Any
            other: int | Any = None
        class Read(BaseModel):
            name: str
            @field_validator("name", mode="before")
            @classmethod
            def run(cls, value):
                return asyncio.run(value)
        async def f():
            held = Held(value=work(), other=work())
            await Job(name="a", result=work()).result
            await held.value
            await held.other
        def g():
            return Read(name=work())
        """,
        """
        from pydantic import BaseModel
        class User(BaseModel):
            name: str
            tags: list[str] = []
            age: int | None = None
        async def f():
            found = work()  # LMB201
            User(name="a", age=found)
            return User(name=work(), tags=await work())  # LMB201
        """,
    ),
    "given to a method that derived classes have": (
        """
        class Tasks:
            def start(self, coroutine, name):
                'Run a coroutine.'
                pass
        class Owner:
            def __init__(self, tasks: Tasks):
                self.tasks = tasks
            def begin(self):
                return self.tasks.start(work(), "work")
            async def begin_all(self):
                await asyncio.gather(*[self.tasks.start(work(), "a") for _ in "ab"])
        """,
        """
        class Tasks:
            def start(self, coroutine, name):
                self.name = name
        class Owner:
            def __init__(self, tasks: Tasks):
                self.tasks = tasks
            def begin(self):
                return self.tasks.start(work(), "work")  # LMB201
        """,
    ),
    "one of several, by what they are sorted by": (
        """
        async def f():
            await max([(1, work()), (2, work())], key=lambda pair: pair[0])[1]
        """,
        """
        async def f():
            return max([(1, work())])[0]  # LMB201
        """,
    ),
    "the last of a list": (
        """
        async def f():
            made = [work(1), work(2)]
            await made[-1]
            await made[-2]
        """,
        """
        async def f():
            made = [work(1), work(2)]  # LMB201
            await made[-1]
        """,
    ),
    "items that are taken out one by one": (
        """
        async def f():
            made = {key: work(key) for key in "ab"}
            while made:
                key, one = made.popitem()
                await one
        """,
        """
        async def f():
            made = {key: work(key) for key in "ab"}  # LMB201
            while made:
                key, one = made.popitem()
                print(key)
        """,
    ),
    "lists that are put together": (
        """
        async def f():
            await asyncio.gather(*sum([[work(key)] for key in "ab"], []))
        """,
        """
        async def f():
            sum([[work(key)] for key in "ab"], []).clear()  # LMB201
        """,
    ),
    "a list that is shuffled": (
        """
        import random
        async def f():
            made = [work(1), work(2)]
            random.shuffle(made)
            await asyncio.gather(*made)
        """,
        """
        import random
        async def f():
            random.shuffle(work([1, 2]))  # LMB201
        """,
    ),
    "a name that is None as far as is known, and asked for": (
        """
        async def f():
            task = None
            if task is not None:
                await asyncio.shield(task)
        """,
        """
        async def f():
            task = None
            if task is None:
                await asyncio.shield(task)  # LMB201
        """,
    ),
    "the same, asserted": (
        """
        async def f():
            task = None
            assert task is not None
            await asyncio.gather(task)
        """,
        """
        async def f():
            task = None
            assert f is not None
            await asyncio.gather(task)  # LMB201
        """,
    ),
    "an attribute that others set, and that is asked for": (
        """
        class Session:
            def __init__(self):
                self._task = None
        async def f(fill):
            session = Session()
            async def later():
                fill(session)
            await later()
            task = session._task
            assert task is not None
            await asyncio.shield(task)
        """,
        """
        class Session:
            def __init__(self):
                self._task = None
        async def f(task=None):
            session, task = Session(), None
            await asyncio.shield(task)  # LMB201
            await asyncio.shield(session._task)  # LMB201
        """,
    ),
    "the class of an asserted object": (
        """
        class Client:
            async def send(self): ...
        def f(client):
            assert client
            client.send()
        """,
        """
        class Client:
            async def send(self): ...
        def f(client):
            assert isinstance(client, Client)
            client.send()  # LMB201
        """,
    ),
    "a call that raises for its arguments": (
        """
        async def newer(scope, receive, send): ...
        class Older:
            def __init__(self, scope): ...
            async def __call__(self, receive, send): ...
        class Server:
            def __init__(self, app):
                self.app = app
            async def serve(self, scope, receive, send):
                try:
                    made = self.app(scope, receive, send)
                except TypeError:
                    made = self.app(scope)(receive, send)
                await made
        def f(scope, receive, send):
            asyncio.run(Server(newer).serve(scope, receive, send))
            asyncio.run(Server(Older).serve(scope, receive, send))
        """,
        """
        async def newer(scope, receive=None, send=None): ...
        class Server:
            def __init__(self, app):
                self.app = app
            async def serve(self, scope, receive, send):
                self.app(scope)(receive, send)  # LMB201
        def f(scope, receive, send):
            asyncio.run(Server(newer).serve(scope, receive, send))
        """,
    ),
    "arguments that do not fit": (
        """
        class Repo:
            async def save(self, item, *, key): ...
            @staticmethod
            async def load(key): ...
        def f(repo: Repo, wrong):
            repo.save()
            repo.save(1)
            repo.save(1, 2, key=3)
            repo.save(1, key=2, name=3)
            Repo.save(1, key=2)
            repo.load()
        """,
        """
        class Repo:
            async def save(self, item, *, key): ...
            @staticmethod
            async def load(key): ...
            async def keep(self, *items, **fields): ...
        def f(repo: Repo, options):
            repo.save(1, key=2)  # LMB201
            repo.save(key=1, item=2)  # LMB201
            repo.save(*options)  # LMB201
            repo.save(**options)  # LMB201
            Repo.save(repo, 1, key=2)  # LMB201
            repo.load(1)  # LMB201
            repo.keep(1, 2, name=3)  # LMB201
        """,
    ),
    "asked what it is, in a test": (
        """
        def f():
            assert inspect.isawaitable(work())
            made = work()
            assert asyncio.iscoroutine(made)
            made = work()
            assert isinstance(made, Coroutine)
            assert isinstance(work(), Awaitable)
        """,
        """
        def f():
            made = work()  # LMB201
            if isinstance(made, dict):
                return 1
        """,
    ),
    "asked what it has, in a test": (
        """
        def f():
            context = opened()
            assert hasattr(context, "__aenter__")
            stream = pages()
            assert hasattr(stream, "__aiter__")
            assert hasattr(work(), "send")
        """,
        """
        def f():
            made = work()  # LMB201
            if hasattr(made, "items"):
                return 1
        """,
    ),
    "a context or a generator that a test looks at": (
        """
        def f():
            context = opened()
            assert context is not None
            assert "Context" in str(type(opened()))
            stream = pages()
            assert inspect.isasyncgen(stream)
        """,
        """
        def f():
            context = opened()  # LMB201
            print(context)
            stream = pages()  # LMB201
            print(stream)
        """,
    ),
    "a context or a generator that is made for one of the branches": (
        """
        async def f(flag):
            stream, context = pages(), opened()
            if flag:
                async for page in stream:
                    print(page)
            elif flag is None:
                async with context:
                    print(context)
        """,
        """
        async def f(flag):
            stream, made = pages(), work()  # LMB201 LMB201
            if flag:
                await made
        """,
    ),
    "what refuses it is expected to": (
        """
        def f():
            with pytest.raises((TypeError, ValueError)):
                start(lambda: None)
        class Tests(unittest.TestCase):
            def test(self):
                with self.assertRaises(ValueError):
                    asyncio.run(work)
        """,
        """
        def f():
            with open("log"):
                start(lambda: None)  # LMB201
        class Tests(unittest.TestCase):
            def test(self):
                with self.subTest(1):
                    asyncio.run(work)  # LMB201
        """,
    ),
    "what is called last, where an exception is wanted": (
        """
        class Client:
            def send(self, data):
                if not data:
                    raise ValueError
                return work()
        def test_plain(client: Client):
            with pytest.raises(ValueError):
                client.send(b"")
        async def test_entered(handler):
            with pytest.raises(ValueError):
                async with handler.open("xx"):
                    work()
        class Tests(unittest.TestCase):
            def test(self):
                with self.assertRaises(TypeError):
                    print("now")
                    work(json.dumps({1}))
        """,
        """
        class Client:
            def send(self, data):
                return work()
        def test_plain(client: Client):
            with open("log"):
                client.send(b"")  # LMB201
        async def test_before():
            with pytest.raises(ValueError):
                work()  # LMB201
                await asyncio.sleep(-1)
        async def test_itself():
            with pytest.raises(ValueError):
                work()  # LMB201
        """,
    ),
    "what decorates functions and classes, plain ones and async ones": (
        """
        def before(action):
            def decorate(target):
                if isinstance(target, type):
                    for name, method in inspect.getmembers(target, callable):
                        setattr(target, name, wrapped(method, action))
                    return target
                return wrapped(target, action)
            return decorate
        def wrapped(target, action):
            if inspect.iscoroutinefunction(target):
                async def inner(self, item):
                    await action(item)
                    await target(self, item)
            else:
                def inner(self, item):
                    action(item)
                    target(self, item)
            return inner
        class Resource:
            @before(work)
            @before(work)
            async def on_get(self, item):
                pass
        async def f(resource: Resource):
            await resource.on_get(1)
        """,
        """
        def before(action):
            def decorate(target):
                if isinstance(target, type):
                    for name, method in inspect.getmembers(target, callable):
                        setattr(target, name, wrapped(method, action))
                    return target
                return wrapped(target, action)
            return decorate
        def wrapped(target, action):
            if inspect.iscoroutinefunction(target):
                async def inner(self, item):
                    await action(item)
                    await target(self, item)
            else:
                def inner(self, item):
                    action(item)
                    target(self, item)
            return inner
        class Resource:
            @before(work)
            @before(work)
            async def on_get(self, item):
                pass
        async def f(resource: Resource):
            resource.on_get(1)  # LMB201
        """,
    ),
    "a method of a client, which is asked whether it is async": (
        """
        import aiohttp
        async def f(session: aiohttp.ClientSession):
            finish = session.close
            if asyncio.iscoroutinefunction(finish):
                await finish()
            else:
                finish()
        """,
        """
        import aiohttp
        async def f(session: aiohttp.ClientSession):
            finish = session.close
            if callable(finish):
                finish()  # LMB201
        """,
    ),
    "tests that are skipped": (
        """
        _FAST = False
        class Tests(unittest.TestCase):
            @unittest.skip("broken")
            def test_one(self):
                work()
            @unittest.skipUnless(_FAST, "slow")
            def test_two(self):
                work()
            @unittest.skipIf(not _FAST and True, "slow")
            def test_three(self):
                work()
        @pytest.mark.skip
        class TestMore:
            def test_four(self):
                work()
        """,
        """
        _FAST = False
        class Tests(unittest.TestCase):
            @unittest.expectedFailure
            def test_one(self):
                work()  # LMB201
            @unittest.skipIf(_FAST, "slow")
            def test_two(self):
                work()  # LMB201
            @unittest.skipUnless(not _FAST or unknown, "slow")
            def test_three(self):
                work()  # LMB201
        @pytest.mark.skipif(unknown, reason="slow")
        class TestMore:
            def test_four(self):
                work()  # LMB201
        """,
    ),
    "tests of the plain world among async ones": (
        """
        class Tests(unittest.TestCase):
            @client_context.require_sync
            def test_one(self):
                work()
        """,
        """
        class Tests(unittest.TestCase):
            @client_context.require_version
            def test_one(self):
                work()  # LMB201
        """,
    ),
    "a file that is made from an async one": (
        """
        _IS_SYNC = True
        def f(monitors):
            asyncio.sleep(1)
            if not _IS_SYNC:
                work()
        """,
        """
        _IS_SYNC = False
        def f(monitors):
            asyncio.sleep(1)  # LMB201
            if not _IS_SYNC:
                work()  # LMB201
        """,
    ),
    "functions that a test replaces": (
        """
        def test_one():
            with patch("app.work") as replaced:
                work()
            replaced.assert_called_once()
        @patch("app.work")
        def test_two(replaced):
            work(1)
        def test_three(monkeypatch):
            monkeypatch.setattr("app.work", print)
            work(2)
        """,
        """
        def test_one():
            with patch("app.other") as replaced:
                work()  # LMB201
        @patch("app.other")
        def test_two(replaced):
            work(1)  # LMB201
        def test_three(monkeypatch):
            monkeypatch.setattr("app.other", print)
            work(2)  # LMB201
        """,
    ),
    "what a class handles itself, its base does not get": (
        """
        class Base:
            def receive(self, message):
                if isinstance(message, dict):
                    self.keep(message)
            def keep(self, message): ...
        class Client(Base):
            async def receive(self, message):
                if isinstance(message, dict):
                    await self.keep(message)
                else:
                    super().receive(message)
            async def keep(self, message): ...
        class Other(Base):
            async def receive(self, message):
                if not isinstance(message, dict):
                    super().receive(message)
                    return
                await self.keep(message)
            async def keep(self, message): ...
        """,
        """
        class Base:
            def receive(self, message):
                if isinstance(message, dict):
                    self.keep(message)  # LMB201
            def keep(self, message): ...
        class Client(Base):
            async def receive(self, message):
                if isinstance(message, list):
                    await self.keep(message)
                else:
                    super().receive(message)
            async def keep(self, message): ...
        """,
    ),
    "the base gets another message": (
        """
        class Base:
            def receive(self, kind):
                if kind == "all":
                    self.keep(kind)
            def keep(self, kind): ...
        class Client(Base):
            async def receive(self, kind):
                if kind == "all":
                    return await self.keep(kind)
                super().receive(kind)
            async def keep(self, kind): ...
        """,
        """
        class Base:
            def receive(self, kind):
                if kind == "all":
                    self.keep(kind)  # LMB201
            def keep(self, kind): ...
        class Client(Base):
            async def receive(self, kind, inner):
                if kind == "all":
                    return await self.keep(kind)
                super().receive(inner)
            async def keep(self, kind): ...
        """,
    ),
    "objects that get other methods when they are made": (
        """
        def mirror(instance):
            for name in dir(instance):
                setattr(instance, name.strip("_"), start)
        class Mirrored(type):
            def __call__(cls, *args):
                made = super().__call__(*args)
                mirror(made)
                return made
        class Files(metaclass=Mirrored):
            def remove(self, path):
                self._remove(path)
            def _remove(self, path): ...
        class AsyncFiles(Files):
            async def _remove(self, path): ...
        def f(options):
            AsyncFiles().remove("x")
            AsyncFiles(*options).remove("x")
        """,
        """
        class Counted(type):
            def __call__(cls, *args):
                made = super().__call__(*args)
                print(made)
                return made
        class Files(metaclass=Counted):
            def remove(self, path):
                self._remove(path)  # LMB201
            def _remove(self, path): ...
        class AsyncFiles(Files):
            async def _remove(self, path): ...
        def f(options):
            AsyncFiles().remove("x")
            AsyncFiles(*options).remove("x")
        """,
    ),
    "plain methods for plain code, in the base of an async class": (
        """
        class File:
            def close(self):
                self.flush()
            def flush(self): ...
            def __exit__(self, *error):
                self.close()
            def __del__(self):
                self.close()
        class AsyncFile(File):
            async def close(self):
                await self.flush()
            async def flush(self): ...
        """,
        """
        class File:
            def close(self):
                self.flush()  # LMB201
            def flush(self): ...
        class AsyncFile(File):
            async def flush(self): ...
        """,
    ),
    "methods that a class decorator replaces": (
        """
        def plain(cls):
            for name, method in list(vars(cls).items()):
                if inspect.iscoroutinefunction(method):
                    setattr(cls, name, lambda *args, run=method: start(run(*args)))
            return cls
        @plain
        class Repo:
            async def save(self): ...
        class Orders(Repo): ...
        def f():
            Repo().save()
            Orders().save()
        """,
        """
        def marked(cls):
            setattr(cls, "is_marked", True)
            return cls
        @marked
        class Repo:
            async def save(self): ...
        class Orders(Repo): ...
        def f():
            Repo().save()  # LMB201
            Orders().save()  # LMB201
        """,
    ),
    "methods that a loop replaces": (
        """
        class Repo:
            async def save(self): ...
        for name in ("save",):
            setattr(Repo, name, lambda self, run=getattr(Repo, name): start(run(self)))
        def f():
            Repo().save()
        """,
        """
        class Repo:
            async def save(self): ...
            def __init__(self, options):
                for name in options:
                    setattr(self, name, options[name])
        class Other: ...
        for name in ("save",):
            setattr(Other, name, lambda self: None)
        def f():
            Repo({}).save()  # LMB201
        """,
    ),
    "methods that a metaclass replaces": (
        """
        class Plain(type):
            def __new__(cls, name, bases, namespace):
                for key, one in list(namespace.items()):
                    if inspect.iscoroutinefunction(one):
                        namespace[key] = lambda *args, run=one: start(run(*args))
                return super().__new__(cls, name, bases, namespace)
        class Repo(metaclass=Plain):
            async def save(self): ...
            def flush(self):
                self.save()
        def f():
            Repo().save()
        """,
        """
        KNOWN = {}
        class Listed(type):
            def __new__(cls, name, bases, namespace):
                made = super().__new__(cls, name, bases, namespace)
                KNOWN[name] = made
                return made
        class Repo(metaclass=Listed):
            async def save(self): ...
            def flush(self):
                self.save()  # LMB201
        def f():
            Repo().save()  # LMB201
        """,
    ),
    "methods that the base replaces in each derived class": (
        """
        class Plain:
            def __init_subclass__(cls):
                for name, one in list(vars(cls).items()):
                    if inspect.iscoroutinefunction(one):
                        setattr(cls, name, lambda *args, run=one: start(run(*args)))
        class Repo(Plain):
            async def save(self): ...
        def f():
            Repo().save()
        """,
        """
        KNOWN = {}
        class Listed:
            def __init_subclass__(cls):
                KNOWN[cls.__name__] = cls
        class Repo(Listed):
            async def save(self): ...
        def f():
            Repo().save()  # LMB201
        """,
    ),
    "methods that are wrapped when they are read": (
        """
        class Repo:
            async def save(self): ...
            def __getattribute__(self, name):
                found = object.__getattribute__(self, name)
                if inspect.iscoroutinefunction(found):
                    return lambda *args: start(found(*args))
                return found
        def f():
            Repo().save()
        """,
        """
        class Repo:
            async def save(self): ...
            def __getattr__(self, name):
                return None
        def f():
            Repo().save()  # LMB201
        """,
    ),
    "functions in a list in a dict, from a helper": (
        """
        def table():
            return {"jobs": [work]}
        async def f():
            await table()["jobs"][0](1)
        """,
        """
        def table():
            return {"jobs": [work]}
        async def f():
            table()["jobs"][0](1)  # LMB201
        """,
    ),
    "rest parameters that a branch replaces": (
        """
        def f(event, *run, **more):
            if event:
                run = more = work
            run(1)
            more(1)
        """,
        """
        def f(event, run, more):
            run = more = work
            run(1)  # LMB201
            more(1)  # LMB201
        """,
    ),
    "one of two conditions asks whether a function is async": (
        """
        TABLE = {"a": work}
        async def f(event):
            job = TABLE[event]
            if callable(job) and inspect.iscoroutinefunction(job):
                return await job(1)
            return job(1).real
        """,
        """
        TABLE = {"a": work}
        async def f(event):
            job = TABLE[event]
            if callable(job) and event:
                return await job(1)
            return job(1).real  # LMB201
        """,
    ),
    "two coroutines, made and awaited on one way": (
        """
        async def f(event):
            if event:
                first = work(1)
            if event:
                second = work(2)
            if event:
                await first
                return await second
        """,
        """
        async def f(event):
            if event:
                first = work(1)
            second = work(2)  # LMB201
            if event:
                await first
                return await second
        """,
    ),
    "asked by the base of its class": (
        """
        class Base: ...
        class Job(Base):
            async def run(self): ...
        class Other:
            def run(self): ...
        def f(event):
            job = Job() if event else Other()
            if not isinstance(job, Base):
                job.run()
        """,
        """
        class Base: ...
        class Job(Base):
            async def run(self): ...
        class Other:
            def run(self): ...
        def f(event):
            job = Job() if event else Other()
            if isinstance(job, Base):
                job.run()  # LMB201
        """,
    ),
    "given to a method of a set": (
        """
        async def f(event):
            jobs = {work(1)}.union([work(2)])
            await asyncio.gather(*jobs)
        """,
        """
        async def f(event):
            jobs = {work(1)}  # LMB201
            return len(jobs)
        """,
    ),
    "removed from a list": (
        """
        async def f(event):
            jobs, one = event["jobs"], work(3)
            jobs.append(one)
            jobs.remove(one)
            print({1}.union({one}))
        """,
        """
        async def f(event):
            jobs, one = event["jobs"], work(3)  # LMB201
            jobs.append(1)
        """,
    ),
    "given to a context manager": (
        """
        @contextlib.contextmanager
        def running(job):
            yield asyncio.run(job)
        def f(event):
            with running(work(1)) as found:
                print(found)
        """,
        """
        @contextlib.contextmanager
        def running():
            yield 1
        def f(event):
            with running():
                work(1)  # LMB201
        """,
    ),
    "the guard of a case": (
        """
        async def f(event):
            match event:
                case {"a": found} if await work(found):
                    return 1
        """,
        """
        async def f(event):
            match event:
                case {"a": found} if work(found):  # LMB201
                    return 1
        """,
    ),
    "the owner of an attribute that is deleted": (
        """
        async def f(event):
            del (await work(1)).rows
        """,
        """
        async def f(event):
            del work(1).rows  # LMB201
        """,
    ),
    "a method by the class that a class method is called for": (
        """
        class Base:
            @classmethod
            async def f(cls):
                await cls().go()
            async def go(self): ...
        """,
        """
        class Base:
            @classmethod
            async def f(cls):
                cls().go()  # LMB201
            async def go(self): ...
        """,
    ),
    "a property that its file assigns": (
        """
        class Job:
            async def run(self): ...
        class Queue:
            @property
            def job(self) -> Job:
                return self._job
            @job.setter
            def job(self, value):
                self._job = value
            def fill(self, value):
                self.job = value
        async def f(queue: Queue):
            await queue.job.run()
        """,
        """
        class Job:
            async def run(self): ...
        class Queue:
            @property
            def job(self) -> Job:
                return self._job
            @job.setter
            def job(self, value):
                self._job = value
            def fill(self, value):
                self.job = value
        async def f(queue: Queue):
            queue.job.run()  # LMB201
        """,
    ),
    "sent into a generator": (
        """
        async def f():
            job = work()
            await pages().asend(job)
        """,
        """
        async def f():
            job = work()
            await pages().asend(await job)
            work()  # LMB201
        """,
    ),
    "a lock and a queue that are handed on": (
        """
        class Locked:
            def __init__(self, lock):
                self.lock = lock
            def run(self):
                return self.lock.acquire
        def put(queue, item):
            queue.put(item)
        def f(event):
            Locked(asyncio.Lock()).run()
            put(asyncio.Queue(), 1)
        """,
        """
        class Queue:
            async def put(self, item): ...
        def put(queue, item):
            queue.put(item)  # LMB201
        def f(event):
            put(Queue(), 1)
        """,
    ),
    "names that a pattern binds": (
        """
        def f(event):
            run = work
            match event:
                case {"a": run}:
                    run(1)
                case [1, *run]:
                    run[0](1)
                case {"b": 1, **run}:
                    run(1)
        """,
        """
        def f(event):
            run = work
            match event:
                case {"a": found}:
                    run(1)  # LMB201
                    found(1)
        """,
    ),
    "a name that its function binds later": (
        """
        def f(event):
            def inner():
                work(1)
            inner()
            work = event
        """,
        """
        def f(event):
            def inner():
                work(1)  # LMB201
            inner()
        """,
    ),
    "a metaclass whose base makes something else": (
        """
        class Base(type):
            def __call__(cls, *args):
                return Other()
        class Meta(Base):
            def __call__(cls, *args):
                return super().__call__(*args)
        class Other:
            def run(self): ...
        class One(metaclass=Meta):
            async def run(self): ...
        def f():
            One().run()
        """,
        """
        class Meta(type):
            def __call__(cls, *args):
                return super().__call__(*args)
        class One(metaclass=Meta):
            async def run(self): ...
        def f():
            One().run()  # LMB201
        """,
    ),
    "one of two lists, of which one is empty": (
        """
        async def f(event):
            for run in [] if event else [work]:
                await run(1)
        """,
        """
        async def f(event):
            for run in [] if event else [work]:
                run(1)  # LMB201
        """,
    ),
    "taken out of a dict": (
        """
        async def f():
            key, job = {"a": work(1)}.popitem()
            return key, await job
        """,
        """
        async def f():
            key, job = {"a": work(1)}.popitem()  # LMB201
            return key
        """,
    ),
    "a function of the project that asks whether one is async": (
        """
        def is_async(function):
            return hasattr(function, "go") or inspect.iscoroutinefunction(function)
        def f():
            job = work
            if is_async(job):
                return asyncio.run(job(1))
            job(1)
        """,
        """
        def is_quick(function):
            return hasattr(function, "go") or inspect.iscoroutinefunction(function)
        def f():
            job = work
            if is_quick(job):
                return asyncio.run(job(1))
            job(1)  # LMB201
        """,
    ),
    "a global that a nested function reads": (
        """
        job = print
        def f():
            global job
            job = work
            def inner():
                job(1)
            inner()
        """,
        """
        job = work
        def f():
            def inner():
                job(1)  # LMB201
            inner()
        """,
    ),
    "given to a coroutine that is returned": (
        """
        async def outer(job, **more):
            return await job
        def f():
            job = work(1)
            return outer(job)
        """,
        """
        async def outer(job, **more):
            return await job
        def f():
            job = work(1)  # LMB201
            return outer(2)
        """,
    ),
    "added in place to a list": (
        """
        def made(*jobs):
            yield from jobs
        class Jobs:
            def __init__(self, *jobs):
                self.jobs = jobs
            def __iter__(self):
                yield from self.jobs
        async def f(event, more):
            jobs = []
            jobs += [work(1)] if event else (work(2),)
            jobs += made(work(3))
            jobs += Jobs(work(4))
            jobs.extend({"a": work(5)}.values())
            more.append(work(6))
            jobs.extend(more)
            await asyncio.gather(*jobs)
        """,
        """
        async def f(event):
            jobs = []
            jobs += work(1)  # LMB201
            jobs.extend(work(2))  # LMB201
            await asyncio.gather(*jobs)
        """,
    ),
    "given to what runs a function in a thread": (
        """
        from asgiref.sync import sync_to_async
        async def f():
            job = work(1)
            await sync_to_async(asyncio.run)(job)
            job = work(2)
            await sync_to_async(asyncio.run)(main=job)
        """,
        """
        from asgiref.sync import sync_to_async
        async def f():
            sync_to_async(print)(1)  # LMB201
        """,
    ),
    "members of an enumeration": (
        """
        import enum
        class Meta(enum.EnumMeta):
            def __iter__(cls):
                return iter([])
        class Color(enum.Enum, metaclass=Meta):
            async def run(self): ...
        def f():
            for one in Color:
                one.run()
        """,
        """
        import enum
        class Color(enum.Enum):
            RED = 1
            async def run(self): ...
        def f():
            for one in Color:
                one.run()  # LMB201
        """,
    ),
    "a metaclass from elsewhere": (
        """
        from elsewhere import Meta
        class One(metaclass=Meta):
            async def run(self): ...
        def f():
            One().run()
        """,
        """
        class Meta(type): ...
        class One(metaclass=Meta):
            async def run(self): ...
        def f():
            One().run()  # LMB201
        """,
    ),
    "an expected exception, and what comes behind it": (
        """
        def test_it():
            with pytest.raises(ValueError):
                asyncio.run(work)
            asyncio.run(work())
        """,
        """
        def test_it():
            with pytest.raises(ValueError):
                asyncio.run(work)
            asyncio.run(work)  # LMB201
        """,
    ),
    "a class that looks up its objects": (
        """
        class One:
            def __new__(cls, *args):
                cls.count(args)
                return CACHE[cls]
            @classmethod
            def count(cls, args): ...
            async def run(self): ...
        def f():
            One().run()
        """,
        """
        class One:
            def __new__(cls, *args):
                if cls not in CACHE:
                    CACHE[cls] = super().__new__(cls)
                return CACHE[cls]
            async def run(self): ...
        def f():
            One().run()  # LMB201
        """,
    ),
    "what goes through a list, element by element": (
        """
        import itertools
        async def f(kind):
            for run in itertools.chain([work], [work]):
                await run(0)
            for run in itertools.chain.from_iterable([[work]]):
                await run(1)
            for run in itertools.cycle([work]):
                await run(2)
            for run in itertools.dropwhile(kind, [work]):
                await run(3)
            for run in itertools.filterfalse(kind, [work]):
                await run(4)
            for run in itertools.islice([work], 1):
                await run(5)
            for run in itertools.takewhile(kind, [work]):
                await run(6)
            for _, runs in itertools.groupby([work], kind):
                for run in runs:
                    await run(7)
        """,
        """
        import itertools
        async def f(kind):
            for run in itertools.chain([work], [work]):
                run(0)  # LMB201
            for run in itertools.chain.from_iterable([[work]]):
                run(1)  # LMB201
            for run in itertools.cycle([work]):
                run(2)  # LMB201
            for run in itertools.dropwhile(kind, [work]):
                run(3)  # LMB201
            for run in itertools.filterfalse(kind, [work]):
                run(4)  # LMB201
            for run in itertools.islice([work], 1):
                run(5)  # LMB201
            for run in itertools.takewhile(kind, [work]):
                run(6)  # LMB201
            for _, runs in itertools.groupby([work], kind):
                for run in runs:
                    run(7)  # LMB201
        """,
    ),
    "where a slice begins": (
        """
        async def f(rows):
            return rows[await work(1) : 2]
        """,
        """
        async def f(rows):
            return rows[work(1) : 2]  # LMB201
        """,
    ),
    "given to methods that others write": (
        """
        from abc import abstractmethod
        from typing import Protocol
        class Sender(Protocol):
            def send(self, job, more): ...
        class Base:
            @abstractmethod
            def send(self, job):
                raise NotImplementedError
        def f(sender: Sender, base: Base):
            job = work(1)
            sender.send(job, more=work(2))
            base.send(work(3))
        """,
        """
        class Base:
            def send(self, job):
                return job is None
        def f(base: Base):
            job = work(1)  # LMB201
            base.send(job)
        """,
    ),
    "what a static method gets": (
        """
        class Job:
            @staticmethod
            def start(job):
                job.run()
            async def run(self): ...
        """,
        """
        class Job:
            def start(job):
                job.run()  # LMB201
            async def run(self): ...
        """,
    ),
    "a method with a docstring, which gives back what it gets": (
        """
        class Base:
            def same(self, job):
                '''Return it.'''
                return job
        def f(base: Base):
            asyncio.run(base.same(work(1)))
        """,
        """
        class Base:
            def same(self, job):
                '''Return it.'''
                return job
        def f(base: Base):
            base.same(work(1))  # LMB201
        """,
    ),
    "lambdas for what an annotation calls async": (
        """
        from typing import Awaitable, Callable
        class Job:
            def __init__(self, run: Callable[[], Awaitable]):
                self.run = run
        def plain(item):
            return item
        Job(run=lambda: work(1))
        Job(run=lambda: plain(1))
        def f(job: Job):
            job.run()
        """,
        """
        from typing import Awaitable, Callable
        class Job:
            def __init__(self, run: Callable[[], Awaitable]):
                self.run = run
        Job(run=lambda: work(1))
        Job(run=lambda: work(2))
        def f(job: Job):
            job.run()  # LMB201
        """,
    ),
    "properties of two classes, of which one is async": (
        """
        class Answer:
            @property
            def content(self):
                return b"x"
        class AsyncAnswer(Answer):
            @property
            async def content(self):
                return b"x"
        async def fetch(item) -> Answer | AsyncAnswer:
            return item.send()
        async def f(item):
            answer = await fetch(item)
            answer.content
            return len(answer.content)
        async def read(item) -> Answer:
            answer: Answer = await fetch(item)
            if isinstance(answer, AsyncAnswer):
                await answer.content
            return answer
        async def g(item):
            return len((await read(item)).content)
        """,
        """
        class Answer:
            @property
            async def content(self):
                return b"x"
        class AsyncAnswer(Answer):
            @property
            async def content(self):
                return b"x"
        async def fetch(item) -> Answer | AsyncAnswer:
            return item.send()
        async def f(item):
            answer = await fetch(item)
            return len(answer.content)  # LMB201
        """,
    ),
    "what an annotation says, and a condition does not": (
        """
        class Answer:
            async def close(self):
                pass
        class Other:
            def close(self):
                pass
        async def f(answer: Answer):
            if isinstance(answer, Answer):
                await answer.close()
            else:
                answer.close()
        async def g(answer: Answer | Other):
            if isinstance(answer, Answer):
                await answer.close()
            else:
                answer.close()
        """,
        """
        class Answer:
            async def close(self):
                pass
        class Other:
            async def close(self):
                pass
        async def f(answer: Answer):
            if isinstance(answer, Other):
                await answer.close()
            else:
                answer.close()  # LMB201
        async def g(answer: Answer | Other):
            if isinstance(answer, Answer):
                await answer.close()
            else:
                answer.close()  # LMB201
        """,
    ),
    "tests of what a coroutine refuses": (
        """
        def f():
            with pytest.raises(TypeError):
                work()[0]
            with pytest.raises((AttributeError, RuntimeError)):
                job = work()
                print(job.name)
            with pytest.raises(TypeError):
                with opened():
                    print(1)
            with pytest.raises(TypeError), opened():
                print(1)
        """,
        """
        def f():
            with pytest.raises(ValueError):
                work()[0]  # LMB201
            with pytest.raises((RuntimeError, KeyError)):
                job = work()  # LMB201
                print(job.name)
            with contextlib.suppress(TypeError):
                with opened():  # LMB201
                    print(1)
            with pytest.raises(ValueError), opened():  # LMB201
                print(1)
        """,
    ),
    "a stream on one way, a plain answer on the other": (
        """
        async def send(url):
            if url.is_stream():
                return pages(), 1
            return url.read(), 2
        async def f(url):
            answer, _ = await send(url)
            return answer.data.decode()
        """,
        """
        async def send(url):
            if url.is_stream():
                return pages(), 1  # LMB201
            return pages(), 2  # LMB201
        async def f(url):
            answer, _ = await send(url)
            return answer.data.decode()
        """,
    ),
    "a decorator that asks in a conditional expression": (
        """
        def traced(function):
            @functools.wraps(function)
            async def awaited(*args):
                return await function(*args)
            @functools.wraps(function)
            def called(*args):
                return function(*args)
            return awaited if inspect.iscoroutinefunction(function) else called
        class Files:
            @traced
            def close(self, name):
                return name
        def f(files: Files):
            files.close("a")
        """,
        """
        def traced(function):
            @functools.wraps(function)
            async def awaited(*args):
                return await function(*args)
            @functools.wraps(function)
            def called(*args):
                return function(*args)
            return awaited if inspect.iscoroutinefunction(function) else called
        class Files:
            @traced
            async def close(self, name):
                return name
        def f(files: Files):
            files.close("a")  # LMB201
        """,
    ),
    "given by names that are not all known": (
        """
        class Pipe:
            async def run(self, given, *args, **options):
                return await given
        async def f(pipe: Pipe, *args, **options):
            merged = {"given": work(1), **options}
            await pipe.run(*args, **merged)
        async def g(pipe, *args, **options):
            merged = {"given": work(1), **options}
            await pipe.run(**merged)
        """,
        """
        class Pipe:
            async def run(self, given, *args, **options):
                return await given
        async def f(pipe: Pipe, *args, **options):
            merged = {"given": work(1), **options}  # LMB201
            await pipe.run(*args, **options)
        async def g(pipe, *args, **options):
            merged = {"given": work(1), **options}  # LMB201
            await pipe.run(*merged)
        """,
    ),
    "what is left to iterate when the work is done": (
        """
        class Job:
            async def finish(self, item):
                await work(item)
                async def left():
                    yield item
                return left()
        async def f(job: Job):
            await job.finish(1)
            async for page in await job.finish(2):
                print(page)
        """,
        """
        class Job:
            def finish(self, item):
                async def left():
                    yield item
                return left()
            async def end(self, item):
                return pages()  # LMB201
        async def f(job: Job):
            job.finish(1)  # LMB201
            for page in await job.end(2):
                print(page)
        """,
    ),
    "who is given a coroutine asks if it is a function": (
        """
        class Later:
            def __init__(self, function):
                self.function = function
        class Jobs:
            def __init__(self, jobs=None):
                self.jobs = jobs or []
            def add(self, job):
                if asyncio.iscoroutinefunction(job) or isinstance(job, Later):
                    self.jobs.append(job())
                elif asyncio.iscoroutine(job):
                    self.jobs.append(job)
                else:
                    raise TypeError("no job")
            def put(self, job):
                self.jobs.append(job() if callable(job) else job)
            def push(self, job):
                if not inspect.iscoroutinefunction(job):
                    self.jobs.append(job)
                    return
                self.jobs.append(job())
            def run(self, loop):
                for job in self.jobs:
                    loop.create_task(job)
        def f(jobs: Jobs, loop):
            jobs.add(work(1))
            jobs.put(work(2))
            jobs.push(work(3))
            jobs.run(loop)
        """,
        """
        class Jobs:
            def __init__(self, jobs=None):
                self.jobs = jobs or []
            def add(self, job):
                if asyncio.iscoroutinefunction(job):
                    self.jobs.append(job())
            def put(self, job):
                if callable(job):
                    self.jobs.append(job())
                else:
                    print("no job")
            def run(self, loop):
                for job in self.jobs:
                    loop.create_task(job)
        def f(jobs: Jobs, loop):
            jobs.add(work(1))  # LMB201
            jobs.put(work(2))  # LMB201
            jobs.run(loop)
        """,
    ),
    "a method is asked whether it is async": (
        """
        class Model:
            async def end(self, item):
                return item
            async def __call__(self, item):
                return (
                    await self.end(item)
                    if inspect.iscoroutinefunction(self.end)
                    else self.end(item)
                )
        class Models:
            def __init__(self, model: Model):
                self.model = model
            async def run(self, item):
                if inspect.iscoroutinefunction(self.model.end):
                    await self.model.end(item)
                else:
                    self.model.end(item)
        class Own(Model):
            async def end(self, item):
                return 1
        async def f():
            model = Own()
            await model(1)
            await Models(model).run(1)
        """,
        """
        class Model:
            async def end(self, item):
                return item
        class Models:
            def __init__(self, model: Model):
                self.model = model
            async def run(self, item):
                if inspect.iscoroutinefunction(self.model.end):
                    self.model.end(item)  # LMB201
        async def f():
            await Models(Model()).run(1)
        """,
    ),
    "given by name to a coroutine": (
        """
        async def outer(item, job=None):
            return await job
        async def f():
            job = work(1)
            await outer(1, job=job)
        """,
        """
        async def outer(item, job=None):
            return item
        async def f():
            job = work(1)  # LMB201
            await outer(1, job=job)
        """,
    ),
}


@pytest.mark.parametrize("good", [one for one, _ in PAIRS.values()], ids=PAIRS)
def test_good(good):
    assert_marked(_whole(good))


@pytest.mark.parametrize("bad", [one for _, one in PAIRS.values()], ids=PAIRS)
def test_bad(bad):
    assert_marked(_whole(bad))


def test_a_wrapper_has_the_name_of_what_it_wraps():
    source = """
        def kept(function):
            def wrapper(*args):
                print(args)
                return function(*args)
            return wrapper
        class Files:
            @kept
            async def close(self):
                pass
        def f(files: Files):
            files.close()
        """
    (found,) = violations({"app.py": textwrap.dedent(source)})
    assert found.text == (
        "`files.close()` (line 4) is never awaited and does nothing; run it with "
        "`asyncio.run(...)`"
    )


def _whole(source: str) -> str:
    return HEAD + textwrap.dedent(source)
