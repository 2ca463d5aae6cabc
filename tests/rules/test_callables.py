"""Callables that are kept in containers, or given to what never awaits."""

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

JOB = """
        import enum
        from functools import partial
        class Kind(enum.Enum):
            ASYNC = 1
            SYNC = 2
        def kind_of(target):
            while isinstance(target, partial):
                target = target.func
            if asyncio.iscoroutinefunction(target):
                return Kind.ASYNC
            return Kind.SYNC
        class Job:
            def __init__(self, target):
                self.target = target
                self.kind = kind_of(target)
"""

#: Whichever of them is picked, calling it makes a coroutine.
KEPT = {
    "a method of an object in a dict": """
        class One:
            async def run(self, x): return x
        class Two:
            async def run(self, x): return 2
        JOBS = {"one": One(), "two": Two()}
        async def f(message):
            JOBS[message.kind].run(message)  # LMB201
    """,
    "a method of a class in a dict": """
        class One:
            async def run(self, x): return x
        class Two:
            async def run(self, x): return 2
        JOBS = {"one": One, "two": Two}
        async def f(message):
            job = JOBS[message.kind]()
            job.run(message)  # LMB201
    """,
    "an item of a dict, under a name": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        def lambda_handler(event, context):
            for message in event["Records"]:
                worker = WORKERS[message["kind"]]
                worker(message)  # LMB201
    """,
    "under the attribute of a message": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        async def f(message):
            worker = WORKERS[message.kind]
            worker(message)  # LMB201
    """,
    "called on the spot": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        async def f(message):
            WORKERS[message.kind](message)  # LMB201
    """,
    "what `get` gives": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            ACTIONS.get(name)(record)  # LMB201
    """,
    "what `get` gives, unless it is None": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            action = ACTIONS.get(name)
            if action is None:
                raise KeyError(name)
            action(record)  # LMB201
    """,
    "what `get` gives, with a default": """
        async def other(x): return x
        async def third(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            action = ACTIONS.get(name, third)
            action(record)  # LMB201
    """,
    "what `get` gives, if anything": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            action = ACTIONS.get(name)
            if action:
                action(record)  # LMB201
    """,
    "its result is used": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            action = ACTIONS.get(name)
            if not action:
                return
            return {"result": action(record)["id"]}  # LMB201
    """,
    "lambdas that make coroutines": """
        ACTIONS = {"a": lambda x: work(x), "b": lambda x: work(2)}
        async def f(name, record):
            ACTIONS[name](record)  # LMB201
    """,
    "each of a list": """
        async def other(x): return x
        STEPS = [work, other]
        async def f(record):
            for step in STEPS:
                step(record)  # LMB201
    """,
    "each of a tuple of pairs": """
        async def other(x): return x
        STEPS = (("a", work), ("b", other))
        async def f(record):
            for name, step in STEPS:
                step(record)  # LMB201
    """,
    "each item of a dict": """
        async def other(x): return x
        STEPS = {"a": work, "b": other}
        async def f(record):
            for name, step in STEPS.items():
                step(record)  # LMB201
    """,
    "each value of a dict": """
        async def other(x): return x
        STEPS = {"a": work, "b": other}
        async def f(record):
            for step in STEPS.values():
                step(record)  # LMB201
    """,
    "an attribute of the class": """
        async def other(x): return x
        class Router:
            ROUTES = {"a": work, "b": other}
            async def go(self, name):
                self.ROUTES[name](1)  # LMB201
    """,
    "an attribute of the object": """
        class Router:
            def __init__(self):
                self.routes = {"a": self.a, "b": self.b}
            async def a(self, x): return x
            async def b(self, x): return x
            async def go(self, name):
                self.routes[name](1)  # LMB201
    """,
    "a dict of bound methods": """
        class Router:
            async def a(self, x): return x
            async def b(self, x): return x
            async def go(self, name):
                routes = {"a": self.a, "b": self.b}
                routes[name](1)  # LMB201
    """,
    "registered by a decorator": """
        HANDLERS = {}
        def register(name):
            def wrap(func):
                HANDLERS[name] = func
                return func
            return wrap
        @register("a")
        async def a(x): return x
        @register("b")
        async def b(x): return x
        def lambda_handler(event, context):
            HANDLERS[event["kind"]](event)  # LMB201
    """,
    "partials": """
        from functools import partial
        ACTIONS = {"a": partial(work, 1), "b": partial(work, 2)}
        def f(name):
            ACTIONS[name]()  # LMB201
    """,
    "an item of the result is read": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        def f(event):
            result = WORKERS[event["kind"]](event)  # LMB201
            return {"statusCode": 200, "body": result["body"]}
    """,
    "the result is encoded": """
        import json
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        def f(event):
            result = WORKERS[event["kind"]](event)  # LMB201
            return {"statusCode": 200, "body": json.dumps(result)}
    """,
    "all results are asked": """
        async def other(x): return x
        CHECKS = [work, other]
        def f(event):
            return all(check(event) for check in CHECKS)  # LMB201
    """,
    "one or the other": """
        async def other(x): return x
        def f(event):
            if event["a"]:
                worker = work
            else:
                worker = other
            worker(event)  # LMB201
    """,
    "the target of a job, whatever kind it is": JOB
    + """
        async def f(event):
            job = Job(partial(work, 1))
            if event["now"]:
                job.target()  # LMB201
            await job.target()
    """,
    "the target of a job whose name is asked for": """
        from functools import partial
        class Job:
            def __init__(self, target):
                self.target = target
                self.name = "job"
        async def f(event):
            job = Job(partial(work, 1))
            if job.name == event["name"]:
                job.target()  # LMB201
            await job.target()
    """,
}

KEPT_WELL = {
    "a method of an object in a dict, awaited": """
        class One:
            async def run(self, x): return x
        class Two:
            async def run(self, x): return 2
        JOBS = {"one": One(), "two": Two()}
        async def f(message):
            await JOBS[message.kind].run(message)
    """,
    "a method of objects in a dict, one of which is plain": """
        class One:
            async def run(self, x): return x
        class Two:
            def run(self, x): return 2
        JOBS = {"one": One(), "two": Two()}
        async def f(message):
            JOBS[message.kind].run(message)
    """,
    "awaited": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        async def f(event):
            await WORKERS[event["kind"]](event)
            worker = WORKERS.get(event["kind"])
            return await worker(event)
    """,
    "run": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        def f(event):
            worker = WORKERS[event["kind"]]
            return asyncio.run(worker(event))
    """,
    "awaited, its result is used": """
        async def other(x): return {"id": x}
        WORKERS = {"a": work, "b": other}
        async def f(event):
            result = await WORKERS[event["kind"]](event)
            return result["id"]
    """,
    "returned to a caller that awaits": """
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        def start(event):
            return WORKERS[event["kind"]](event)
        async def f(event):
            return await start(event)
    """,
    "one of them is sync": """
        def other(x): return x
        WORKERS = {"a": work, "b": other}
        def f(event):
            WORKERS[event["kind"]](event)
    """,
    "one of them is unknown": """
        from vendor import other
        WORKERS = {"a": work, "b": other}
        def f(event):
            WORKERS[event["kind"]](event)
    """,
    "asked what it is": """
        import inspect
        async def other(x): return x
        WORKERS = {"a": work, "b": other}
        async def f(event):
            result = WORKERS[event["kind"]](event)
            if inspect.isawaitable(result):
                result = await result
            return result["id"]
    """,
    "gathered from a list": """
        async def other(x): return x
        STEPS = [work, other]
        async def f(event):
            return await asyncio.gather(*[step(event) for step in STEPS])
    """,
    "one after the other": """
        async def other(x): return x
        STEPS = (("a", work), ("b", other))
        async def f(event):
            for name, step in STEPS:
                print(name, await step(event))
    """,
    "tasks of a group": """
        async def other(x): return x
        STEPS = {"a": work, "b": other}
        async def f(event):
            async with asyncio.TaskGroup() as group:
                for step in STEPS.values():
                    group.create_task(step(event))
    """,
    "no entry, no call": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        async def f(name, record):
            action = ACTIONS.get(name)
            if action is None:
                return None
            return await action(record)
    """,
    "a default that is sync": """
        async def other(x): return x
        ACTIONS = {"a": work, "b": other}
        def f(name, record):
            ACTIONS.get(name, print)(record)
    """,
    "lambdas that run": """
        ACTIONS = {"a": lambda x: asyncio.run(work(x)), "b": lambda x: None}
        def f(name, record):
            ACTIONS[name](record)
    """,
    "lambdas, awaited": """
        ACTIONS = {"a": lambda x: work(x), "b": lambda x: work(2)}
        async def f(name, record):
            return await ACTIONS[name](record)
    """,
    "partials, awaited": """
        from functools import partial
        ACTIONS = {"a": partial(work, 1), "b": partial(work, 2)}
        async def f(name):
            return await ACTIONS[name]()
    """,
    "methods, awaited": """
        class Router:
            def __init__(self):
                self.routes = {"a": self.a, "b": self.b}
            async def a(self, x): return x
            async def b(self, x): return x
            async def go(self, name):
                return await self.routes[name](1)
    """,
    "registered, awaited": """
        HANDLERS = {}
        def register(name):
            def wrap(func):
                HANDLERS[name] = func
                return func
            return wrap
        @register("a")
        async def a(x): return x
        def lambda_handler(event, context):
            return asyncio.run(HANDLERS[event["kind"]](event))
    """,
    "registered, some sync": """
        HANDLERS = {}
        def register(name):
            def wrap(func):
                HANDLERS[name] = func
                return func
            return wrap
        @register("a")
        async def a(x): return x
        @register("b")
        def b(x): return x
        def lambda_handler(event, context):
            HANDLERS[event["kind"]](event)
    """,
    "either way, awaited": """
        async def other(x): return x
        async def f(event):
            worker = work if event["a"] else other
            await worker(event)
    """,
    "a table of classes": """
        class A:
            async def go(self): pass
        class B:
            def go(self): pass
        TABLE = {"a": A, "b": B}
        def f(name):
            TABLE[name]().go()
    """,
    "a table of runners": """
        def run_a(x): return asyncio.run(work(x))
        def run_b(x): return asyncio.run(work(x + 1))
        TABLE = {"a": run_a, "b": run_b}
        def f(name):
            TABLE[name](1)
            return {"x": TABLE[name](2)["a"]}
    """,
    "the target of a job of the other kind": JOB
    + """
        async def f():
            job = Job(partial(work, 1))
            if job.kind is Kind.SYNC:
                job.target()
            else:
                await job.target()
    """,
    "the targets of jobs that a loop made": JOB
    + """
        async def f(names):
            jobs = {}
            for name in names:
                jobs[name] = Job(partial(work, name))
            run(jobs[names[0]])
        def run(job):
            if job.kind is Kind.SYNC:
                job.target()
    """,
    "the target of one of two jobs": JOB
    + """
        async def f(event):
            job = Job(work) if event["a"] else Job(partial(work, 1))
            if job.kind is Kind.SYNC:
                job.target()
    """,
    "the target of a job that is not of this kind": JOB
    + """
        async def f():
            job = Job(partial(work, 1))
            if job.kind != Kind.ASYNC:
                job.target()
    """,
}

#: What calls a function that it is given, and does nothing with a coroutine.
GIVEN = {
    "a lambda for `map`": """
        def f(xs):
            return sum(map(lambda x: work(x), xs))  # LMB201
    """,
    "a method for a pool": """
        from concurrent.futures import ThreadPoolExecutor
        class A:
            async def go(self, x): ...
            def run(self, xs):
                with ThreadPoolExecutor() as pool:
                    for x in xs:
                        pool.submit(self.go, x)  # LMB201
    """,
    "a lambda for a pool": """
        from concurrent.futures import ThreadPoolExecutor
        def f(xs):
            with ThreadPoolExecutor() as pool:
                for x in xs:
                    pool.submit(lambda: work(x))  # LMB201
    """,
    "a function for a pool, its results are awaited there": """
        from concurrent.futures import ThreadPoolExecutor
        def f(xs):
            with ThreadPoolExecutor() as pool:
                futures = [pool.submit(work, x) for x in xs]  # LMB201
            return [future.result() for future in futures]
    """,
    "a pool of the module": """
        from concurrent.futures import ThreadPoolExecutor
        POOL = ThreadPoolExecutor()
        def f(xs):
            POOL.submit(work, xs)  # LMB201
    """,
    "a lambda for a thread": """
        from threading import Thread
        def f(xs):
            Thread(target=lambda: work(xs)).start()  # LMB201
    """,
    "a partial for a thread": """
        from threading import Thread
        from functools import partial
        def f(xs):
            Thread(target=partial(work, xs)).start()  # LMB201
    """,
    "a method for a thread": """
        from threading import Thread
        class A:
            async def go(self): ...
            def run(self):
                t = Thread(target=self.go, daemon=True)  # LMB201
                t.start()
    """,
    "a timer": """
        from threading import Timer
        def f(xs):
            Timer(1, work).start()  # LMB201
    """,
    "a signal": """
        import signal
        async def stop(signum, frame): ...
        signal.signal(signal.SIGTERM, stop)  # LMB201
    """,
    "a signal, in a function": """
        import signal
        async def stop(signum, frame): ...
        def f():
            signal.signal(signal.SIGTERM, stop)  # LMB201
    """,
    "the end of the process": """
        import atexit
        async def stop(): ...
        atexit.register(stop)  # LMB201
    """,
    "the end of the process, decorated": """
        import atexit
        @atexit.register  # LMB201
        async def stop(): ...
    """,
    "a lambda for the end of the process": """
        import atexit
        atexit.register(lambda: work())  # LMB201
    """,
    "a signal, by the loop": """
        import signal
        async def main():
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, work)  # LMB201
    """,
    "the loop, later": """
        async def main():
            loop = asyncio.get_running_loop()
            loop.call_soon(work)  # LMB201
            loop.call_later(1, work, 2)  # LMB201
            loop.call_soon_threadsafe(work)  # LMB201
    """,
    "an executor": """
        async def main():
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, work)  # LMB201
    """,
    "the end of a task": """
        async def main():
            task = asyncio.create_task(work())
            task.add_done_callback(done)  # LMB201
            await task
        async def done(task): ...
    """,
    "the end of what a loop gives": """
        class Request:
            def __init__(self, thread):
                self.loop = asyncio.new_event_loop()
                self.answer = self.loop.create_future()

            def dispose(self):
                async def close(answer):
                    await answer.result().close()
                self.answer.add_done_callback(close)  # LMB201
    """,
    "the end of what is not known": """
        class Request:
            def __init__(self, thread):
                self.answer = thread.create_future()

            def dispose(self):
                self.answer.add_done_callback(done)  # LMB201
        async def done(answer): ...
    """,
    "a loop that is given": """
        import signal
        class Server:
            def __init__(self, loop, server):
                self.loop = loop
                server.loop.add_signal_handler(signal.SIGINT, self.stop)  # LMB201

            async def stop(self): ...

            def close(self):
                self.loop.call_soon_threadsafe(self.stop)  # LMB201

            async def update(self):
                await self.loop.run_in_executor(None, self.stop)  # LMB201
    """,
    "the key of `sorted`": """
        def f(xs):
            return sorted(xs, key=work)  # LMB201
    """,
    "the key of `max`": """
        def f(xs):
            return max(xs, key=work)  # LMB201
    """,
    "the key of `sort`": """
        def f(xs):
            xs = list(xs)
            xs.sort(key=work)  # LMB201
    """,
    "reduce": """
        from functools import reduce
        async def add(a, b): ...
        def f(xs):
            return reduce(add, xs)  # LMB201
    """,
    "a finalizer": """
        import weakref
        def f(xs):
            weakref.finalize(xs, work)  # LMB201
    """,
    "the end of a block": """
        from contextlib import AsyncExitStack
        async def f(xs):
            async with AsyncExitStack() as stack:
                stack.callback(work)  # LMB201
    """,
    "the default of an encoder": """
        import json
        def f(xs):
            return json.dumps(xs, default=work)  # LMB201
    """,
    "a replacement": """
        import re
        async def rep(m): ...
        def f(xs):
            return re.sub("a", rep, xs)  # LMB201
    """,
}

GIVEN_WELL = {
    "a lambda that runs": """
        from threading import Timer
        def f(xs):
            Timer(1, lambda: asyncio.run(work(xs))).start()
    """,
    "a signal that starts a task": """
        import signal
        async def stop(): ...
        async def f(tasks):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTERM, lambda: tasks.add(asyncio.create_task(stop())))
            tasks.append(loop)
    """,
    "a sync signal handler": """
        import signal
        def stop(signum, frame): ...
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    """,
    "at exit, run": """
        import atexit
        atexit.register(lambda: asyncio.run(work()))
        atexit.register(asyncio.run, work())
    """,
    "a pool that runs": """
        from concurrent.futures import ThreadPoolExecutor
        def f(xs):
            with ThreadPoolExecutor() as pool:
                return [pool.submit(lambda: asyncio.run(work(x))) for x in xs]
    """,
    "a pool that calls run": """
        from concurrent.futures import ThreadPoolExecutor
        def f(xs):
            with ThreadPoolExecutor() as pool:
                pool.submit(asyncio.run, work(xs))
    """,
    "soon, a task": """
        async def f(keep):
            loop = asyncio.get_running_loop()
            loop.call_soon(asyncio.ensure_future, work())
            loop.call_soon(print, 1)
            loop.call_later(1, lambda: keep(work()))
    """,
    "a sync callback": """
        async def f():
            task = asyncio.create_task(work())
            task.add_done_callback(print)
            task.add_done_callback(lambda done: print(done.result()))
            await task
    """,
    "a loop that is given, and what it can call": """
        import signal
        class Server:
            def __init__(self, loop):
                self.loop = loop
                loop.add_signal_handler(signal.SIGINT, self.stop)
                loop.add_signal_handler(
                    signal.SIGTERM, lambda: asyncio.create_task(self.shut())
                )

            def stop(self): ...

            async def shut(self): ...

            def close(self):
                self.loop.call_soon_threadsafe(self.loop.create_task, self.shut())
                self.loop.call_soon_threadsafe(asyncio.create_task, self.shut())
    """,
    "a class of the project that awaits what it calls at the end": """
        class Answer:
            def __init__(self):
                self.done = []

            def add_done_callback(self, function):
                self.done.append(function)

            async def end(self):
                for function in self.done:
                    await function(self)

        def register(answers):
            answers["first"].add_done_callback(work)
    """,
    "another loop, which awaits what it calls": """
        def start(app):
            app.call_later(1, work)
            app.call_soon(work)
            app.add_callback(work)
    """,
    "sync keys": """
        import functools, heapq, itertools
        def f(xs):
            xs.sort(key=len)
            functools.reduce(lambda a, b: a + b, xs)
            heapq.nlargest(1, xs, key=lambda x: x["a"])
            list(itertools.groupby(xs, key=len))
            return sorted(xs, key=lambda x: x["a"]), max(xs, key=len), min(xs, default=work)
    """,
    "a sync default": """
        import json
        def f(xs):
            return json.dumps(xs, default=str), json.loads(xs, object_hook=dict)
    """,
    "awaited in a thread": """
        def target():
            asyncio.run(work())
        def f():
            import threading
            threading.Thread(target=target).start()
            threading.Timer(1, target).start()
    """,
    "a replacement text": """
        import re
        def f(xs):
            return re.sub("a", "b", xs), re.sub("a", lambda m: m[0], xs)
    """,
    "an async exit": """
        from contextlib import AsyncExitStack
        async def f(xs):
            async with AsyncExitStack() as stack:
                stack.push_async_callback(work)
                stack.callback(print)
    """,
}

#: The containers stand in another file.
MODULES = {
    "other module": {
        "workers.py": """
            async def a(x): return x
            async def b(x): return x
            WORKERS = {"a": a, "b": b}
        """,
        "app.py": """
            from workers import WORKERS
            def lambda_handler(event, context):
                worker = WORKERS[event["kind"]]
                worker(event)  # LMB201
        """,
    },
    "other module, function": {
        "workers.py": """
            async def a(x): return x
            async def b(x): return x
            WORKERS = {"a": a, "b": b}
            def find(name):
                return WORKERS[name]
        """,
        "app.py": """
            import workers
            def lambda_handler(event, context):
                worker = workers.find(event["kind"])
                worker(event)  # LMB201
        """,
    },
    "other module, lambdas": {
        "workers.py": """
            async def a(x): return x
            ACTIONS = {"a": lambda x: a(x), "b": lambda x: a(1)}
        """,
        "app.py": """
            from workers import ACTIONS
            def lambda_handler(event, context):
                ACTIONS.get(event["kind"])(event)  # LMB201
        """,
    },
}


@pytest.mark.parametrize(
    "source", [*KEPT.values(), *GIVEN.values()], ids=[*KEPT, *GIVEN]
)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


GOOD = {**KEPT_WELL, **GIVEN_WELL}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("files", MODULES.values(), ids=MODULES)
def test_modules(files):
    assert_marked(files)


def test_words():
    found = violations(
        """
        import asyncio
        import atexit
        from threading import Timer

        async def work(x=1):
            return x

        TABLE = {"a": work, "b": asyncio.sleep}
        STEPS = [work, work]

        def started():
            return work()

        def f(name):
            for step in STEPS:
                step(name)
            Timer(1, work)
            Timer(1, lambda: work(2))
            with ThreadPoolExecutor() as pool:
                pool.submit(started)
            Timer(1, partial(partial(work), 2))

        from concurrent.futures import ThreadPoolExecutor
        from functools import partial
        """
    )
    assert [(one.line, one.column, one.text) for one in found] == [
        (
            16,
            8,
            "`step()` is never awaited and does nothing; run it with "
            "`asyncio.run(...)`",
        ),
        (
            17,
            4,
            "async function `work` is given to `threading.Timer`, which calls it and "
            "never awaits; give it a plain function",
        ),
        (
            18,
            4,
            "a lambda, which returns the coroutine `work()`, is given to "
            "`threading.Timer`, which calls it and never awaits; give it a plain function",
        ),
        (
            20,
            8,
            "`started`, which returns the coroutine `work()`, is given to `submit`, which "
            "calls it and never awaits; give it a plain function",
        ),
        (
            21,
            4,
            "async function `work` is given to `threading.Timer`, which calls it and "
            "never awaits; give it a plain function",
        ),
    ]
