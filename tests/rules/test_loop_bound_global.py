from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import on
from tests.support import violations

IMPORTS = """
import asyncio

import aiohttp
import aioboto3
import httpx

"""

DRIVEN = """
def lambda_handler(event, context):
    return asyncio.run(main(event))
"""

#: With `asyncio.run` in each invocation the second one fails, or the one that is said.
BAD = {
    "aiohttp session, lazy global": """
        SESSION = None
        async def main(event):
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()  # LMB303
            async with SESSION.get(event["url"]) as response:
                return await response.json()
    """,
    "aiohttp session, in a getter": """
        SESSION = None
        async def get_session():
            global SESSION
            if SESSION is None or SESSION.closed:
                SESSION = aiohttp.ClientSession()  # LMB303
            return SESSION
        async def main(event):
            session = await get_session()
            async with session.get(event["url"]) as response:
                return await response.json()
    """,
    "aiohttp session, getter that returns early": """
        SESSION = None
        def get_session():
            global SESSION
            if SESSION:
                return SESSION
            SESSION = aiohttp.ClientSession()  # LMB303
            return SESSION
        async def main(event):
            async with get_session().get(event["url"]) as response:
                return await response.json()
    """,
    "aiohttp session, made at import": """
        SESSION = aiohttp.ClientSession()  # LMB303
        async def main(event):
            async with SESSION.get(event["url"]) as response:
                return await response.json()
    """,
    "aiohttp session, attribute of a kept object": """
        class Api:
            def __init__(self):
                self.session = None
            async def get(self, url):
                if self.session is None:
                    self.session = aiohttp.ClientSession()  # LMB303
                async with self.session.get(url) as response:
                    return await response.text()
        API = Api()
        async def main(event):
            return await API.get(event["url"])
    """,
    "aiohttp session, dictionary entry": """
        CACHE = {}
        async def main(event):
            if "session" not in CACHE:
                CACHE["session"] = aiohttp.ClientSession()  # LMB303
            return await CACHE["session"].get(event["url"])
    """,
    "httpx client, what setdefault gives": """
        CACHE = {}
        async def main(event):
            client = CACHE.setdefault("client", httpx.AsyncClient())  # LMB303
            await client.get(event["url"])
    """,
    "aiohttp session, what setdefault gives": """
        CACHE = {}
        async def main(event):
            session = CACHE.setdefault("session", aiohttp.ClientSession())  # LMB303
            async with session.get(event["url"]) as response:
                return response.status
    """,
    "httpx client, what setdefault of a kept object gives": """
        class Api:
            def __init__(self):
                self.cache = {}
            def client(self):
                return self.cache.setdefault("client", httpx.AsyncClient())  # LMB303
        API = Api()
        async def main(event):
            await API.client().get(event["url"])
    """,
    "aiohttp session, cached getter": """
        import functools
        @functools.cache
        def session():
            return aiohttp.ClientSession()  # LMB303
        async def main(event):
            return await session().get(event["url"])
    """,
    "httpx client": """
        CLIENT = httpx.AsyncClient(timeout=5)  # LMB303
        async def main(event):
            response = await CLIENT.get(event["url"])
            return response.json()
    """,
    "httpx client, class attribute": """
        class Api:
            client = httpx.AsyncClient()  # LMB303
            async def get(self, url):
                return (await self.client.get(url)).json()
        async def main(event):
            return await Api().get(event["url"])
    """,
    "httpx client, default argument": """
        async def load(url, client=httpx.AsyncClient()):  # LMB303
            return (await client.get(url)).json()
        async def main(event):
            return await load(event["url"])
    """,
    "httpx client in tasks": """
        CLIENT = httpx.AsyncClient()  # LMB303
        async def load(url):
            return (await CLIENT.get(url)).json()
        async def main(event):
            return await asyncio.gather(*[load(url) for url in event["urls"]])
    """,
    "httpx client in a task group": """
        CLIENT = httpx.AsyncClient()  # LMB303
        async def load(url):
            return (await CLIENT.get(url)).json()
        async def main(event):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(load(url)) for url in event["urls"]]
            return [task.result() for task in tasks]
    """,
    "httpx stream": """
        CLIENT = httpx.AsyncClient()  # LMB303
        async def main(event):
            async with CLIENT.stream("GET", event["url"]) as response:
                return response.status_code
    """,
    "aioboto3 client, entered by hand": """
        SESSION = aioboto3.Session()
        CLIENT = None
        async def main(event):
            global CLIENT
            if CLIENT is None:
                CLIENT = await SESSION.client("sqs").__aenter__()  # LMB303
            await CLIENT.send_message(QueueUrl="q", MessageBody="x")
            return {}
    """,
    "aioboto3 client, entered by a stack": """
        from contextlib import AsyncExitStack
        SESSION = aioboto3.Session()
        STACK = AsyncExitStack()
        CLIENT = None
        async def main(event):
            global CLIENT
            if CLIENT is None:
                CLIENT = await STACK.enter_async_context(SESSION.client("sqs"))  # LMB303
            await CLIENT.send_message(QueueUrl="q", MessageBody="x")
            return {}
    """,
    "redis": """
        import redis.asyncio as redis
        CACHE = redis.Redis(host="cache")  # LMB303
        async def main(event):
            return await CACHE.get(event["key"])
    """,
    "redis, from_url": """
        from redis.asyncio import from_url
        CACHE = from_url("redis://cache")  # LMB303
        async def main(event):
            return await CACHE.get(event["key"])
    """,
    "openai": """
        from openai import AsyncOpenAI
        CLIENT = AsyncOpenAI()  # LMB303
        async def main(event):
            reply = await CLIENT.chat.completions.create(model="x", messages=[])
            return {"id": str(reply)}
    """,
    "motor": """
        from motor.motor_asyncio import AsyncIOMotorClient
        CLIENT = AsyncIOMotorClient("mongodb://db")  # LMB303
        async def main(event):
            found = await CLIENT.shop.orders.find_one({})
            return {"id": str(found)}
    """,
    "sqlalchemy": """
        from sqlalchemy.ext.asyncio import create_async_engine
        ENGINE = create_async_engine("postgresql+asyncpg://db")  # LMB303
        async def main(event):
            async with ENGINE.begin() as connection:
                await connection.execute("select 1")
            return {}
    """,
    "pool, awaited once": """
        import asyncpg
        POOL = None
        async def main(event):
            global POOL
            if POOL is None:
                POOL = await asyncpg.create_pool("postgres://db")  # LMB303
            return await POOL.fetchval("select 1")
    """,
    "made by an asyncio.run at import": """
        async def connect():
            return aiohttp.ClientSession()  # LMB303
        SESSION = asyncio.run(connect())
        async def main(event):
            async with SESSION.get(event["url"]) as response:
                return await response.json()
    """,
    "lock, somebody holds it while he waits": """
        LOCK = asyncio.Lock()  # LMB303
        async def one(key):
            async with LOCK:
                await asyncio.sleep(0.01)
            return key
        async def main(event):
            return await asyncio.gather(one(1), one(2))
    """,
    "lock, acquired": """
        LOCK = asyncio.Lock()  # LMB303
        async def one(key):
            await LOCK.acquire()
            try:
                await asyncio.sleep(0.01)
            finally:
                LOCK.release()
        async def main(event):
            await asyncio.gather(*[one(key) for key in event["keys"]])
            return {}
    """,
    "lock, between tasks and their starter": """
        LOCK = asyncio.Lock()  # LMB303
        async def one():
            async with LOCK:
                await asyncio.sleep(0.01)
        async def main(event):
            task = asyncio.create_task(one())
            async with LOCK:
                await asyncio.sleep(0.01)
            await task
            return {}
    """,
    "semaphore": """
        LIMIT = asyncio.Semaphore(3)  # LMB303
        async def one(key):
            async with LIMIT:
                await asyncio.sleep(0.01)
        async def main(event):
            tasks = [asyncio.create_task(one(key)) for key in event["keys"]]
            await asyncio.wait(tasks)
            return {}
    """,
    "semaphore in a task group": """
        LIMIT = asyncio.BoundedSemaphore(3)  # LMB303
        async def one(key):
            async with LIMIT:
                await asyncio.sleep(0.01)
        async def main(event):
            async with asyncio.TaskGroup() as group:
                for key in event["keys"]:
                    group.create_task(one(key))
            return {}
    """,
    "condition": """
        READY = asyncio.Condition()  # LMB303
        async def one():
            async with READY:
                await READY.wait()
        async def main(event):
            await one()
            return {}
    """,
    "event that is cleared": """
        READY = asyncio.Event()  # LMB303
        async def main(event):
            READY.clear()
            asyncio.get_running_loop().call_later(0.01, READY.set)
            await READY.wait()
            return {}
    """,
    "queue, read before it is filled": """
        QUEUE = asyncio.Queue()  # LMB303
        async def main(event):
            asyncio.get_running_loop().call_later(0.01, QUEUE.put_nowait, 1)
            return await QUEUE.get()
    """,
    "queue with workers": """
        QUEUE = asyncio.Queue()  # LMB303
        async def worker():
            while True:
                item = await QUEUE.get()
                QUEUE.task_done()
        async def main(event):
            tasks = [asyncio.create_task(worker()) for _ in range(3)]
            for item in event["items"]:
                QUEUE.put_nowait(item)
            await asyncio.gather(*tasks)
            return {}
    """,
    "future of the import's loop": """
        LOOP = asyncio.new_event_loop()
        ANSWER = LOOP.create_future()  # LMB303
        async def main(event):
            return await ANSWER
    """,
    "semaphore kept in an attribute": """
        class Service:
            def __init__(self):
                self._gate = None
            def gate(self):
                if self._gate is None:
                    self._gate = asyncio.Semaphore(2)  # LMB303
                return self._gate
        SERVICE = Service()
        async def main(event):
            async def one():
                async with SERVICE.gate():
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "lock of an instance": """
        class Service:
            def __init__(self):
                self.lock = asyncio.Lock()  # LMB303
        SERVICE = Service()
        async def main(event):
            async def one():
                async with SERVICE.lock:
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "lock of a cached function": """
        import functools
        @functools.lru_cache(maxsize=None)
        def lock_of(name):
            return asyncio.Lock()  # LMB303
        async def main(event):
            async def one():
                async with lock_of("one"):
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "lock in a global, made the first time": """
        LOCK = None
        def get_lock():
            global LOCK
            if LOCK is None:
                LOCK = asyncio.Lock()  # LMB303
            return LOCK
        async def main(event):
            async def one():
                async with get_lock():
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "another client is closed": """
        CLIENT, OTHER = httpx.AsyncClient(), httpx.AsyncClient()  # LMB303
        async def main(event):
            await CLIENT.get(event["url"])
            await OTHER.aclose()
    """,
    "lock, a task that goes on and its starter": """
        LOCK = asyncio.Lock()  # LMB303
        async def one():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            other = asyncio.ensure_future(one())
            await one()
            await other
    """,
    "two locks at one go": """
        FIRST = asyncio.Lock()  # LMB303
        async def one(second):
            async with FIRST, second:
                return 1
        async def main(event):
            second = asyncio.Lock()
            await asyncio.gather(one(second), one(second))
    """,
    "a queue that workers empty, and that is joined": """
        JOBS = asyncio.Queue()  # LMB303
        async def work():
            while not JOBS.empty():
                JOBS.get_nowait()
                JOBS.task_done()
        async def main(event):
            for job in event["jobs"]:
                JOBS.put_nowait(job)
            worker = asyncio.create_task(work())
            await JOBS.join()
            await worker
    """,
    "a lock for two futures": """
        LOCK = asyncio.Lock()  # LMB303
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            one = asyncio.ensure_future(work())
            two = asyncio.ensure_future(work())
            return await one, await two
    """,
    "a lock that is entered together with something else": """
        LOCK = asyncio.Lock()  # LMB303
        async def work(slots):
            async with LOCK, slots:
                print("alone")
        async def main(event):
            slots = asyncio.Semaphore(2)
            await asyncio.gather(work(slots), work(slots))
    """,
    "a lock for a task, and for those that start later": """
        LOCK = asyncio.Lock()  # LMB303
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            task = asyncio.create_task(work())
            await asyncio.gather(work())
            return await task
    """,
    "a lock for a task, and for whoever has started it": """
        LOCK = asyncio.Lock()  # LMB303
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            task = asyncio.create_task(work())
            await work()
            return await task
    """,
    "a lock for somebody before and after the start of a task": """
        LOCK = asyncio.Lock()  # LMB303
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await work()
            task = asyncio.create_task(work())
            await work()
            return await task
    """,
    "a lock for a task of a group, and for whoever has started it": """
        LOCK = asyncio.Lock()  # LMB303
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            async with asyncio.TaskGroup() as group:
                group.create_task(work())
                await work()
    """,
    "a future that waits for its result": """
        LATER = asyncio.Future()  # LMB303
        async def main(event):
            event["wait"](LATER)
            return await LATER
    """,
}

GOOD = {
    "aiohttp session of the invocation": """
        async def main(event):
            async with aiohttp.ClientSession() as session:
                async with session.get(event["url"]) as response:
                    return await response.json()
    """,
    "aiohttp session, closed each time": """
        SESSION = None
        async def main(event):
            global SESSION
            if SESSION is None or SESSION.closed:
                SESSION = aiohttp.ClientSession()
            try:
                response = await SESSION.get(event["url"])
                return await response.json()
            finally:
                await SESSION.close()
    """,
    "aiohttp session, a new one in the global each time": """
        SESSION = None
        async def main(event):
            global SESSION
            SESSION = aiohttp.ClientSession()
            response = await SESSION.get(event["url"])
            return await response.json()
    """,
    "httpx client, what setdefault of a local dict gives": """
        async def main(event):
            cache = {}
            client = cache.setdefault("client", httpx.AsyncClient())
            await client.get(event["url"])
    """,
    "httpx client, what setdefault gives for each loop": """
        CACHE = {}
        async def main(event):
            loop = asyncio.get_running_loop()
            client = CACHE.setdefault(id(loop), httpx.AsyncClient())
            await client.get(event["url"])
    """,
    "httpx client, what setdefault gives, and let go": """
        CACHE = {}
        async def main(event):
            client = CACHE.setdefault("client", httpx.AsyncClient())
            await client.get(event["url"])
            CACHE.pop("client")
    """,
    "aiohttp session, one for each loop": """
        SESSIONS = {}
        def get_session():
            loop = asyncio.get_running_loop()
            if loop not in SESSIONS:
                SESSIONS[loop] = aiohttp.ClientSession()
            return SESSIONS[loop]
        async def main(event):
            response = await get_session().get(event["url"])
            return await response.json()
    """,
    "aiohttp session, made anew for another loop": """
        SESSION = None
        async def main(event):
            global SESSION
            if SESSION is None or SESSION._loop is not asyncio.get_running_loop():
                SESSION = aiohttp.ClientSession()
            response = await SESSION.get(event["url"])
            return await response.json()
    """,
    "aiohttp session, attribute of an object of the invocation": """
        class Api:
            def __init__(self):
                self.session = None
            async def get(self, url):
                if self.session is None:
                    self.session = aiohttp.ClientSession()
                async with self.session.get(url) as response:
                    return await response.text()
        async def main(event):
            return await Api().get(event["url"])
    """,
    "httpx client of the invocation": """
        async def main(event):
            async with httpx.AsyncClient() as client:
                return (await client.get(event["url"])).json()
    """,
    "httpx client without kept connections": """
        CLIENT = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0))
        async def main(event):
            return (await CLIENT.get(event["url"])).json()
    """,
    "httpx client, not async": """
        CLIENT = httpx.Client()
        async def main(event):
            return CLIENT.get(event["url"]).json()
    """,
    "httpx client, only built requests with it": """
        CLIENT = httpx.AsyncClient()
        async def main(event):
            return {"url": str(CLIENT.build_request("GET", event["url"]))}
    """,
    "aioboto3 session": """
        SESSION = aioboto3.Session()
        async def main(event):
            async with SESSION.client("sqs") as client:
                await client.send_message(QueueUrl="q", MessageBody="x")
            return {}
    """,
    "stack of the invocation": """
        from contextlib import AsyncExitStack
        SESSION = aioboto3.Session()
        async def main(event):
            async with AsyncExitStack() as stack:
                client = await stack.enter_async_context(SESSION.client("sqs"))
                await client.send_message(QueueUrl="q", MessageBody="x")
            return {}
    """,
    "sqlalchemy without a pool": """
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool
        ENGINE = create_async_engine("postgresql+asyncpg://db", poolclass=NullPool)
        async def main(event):
            async with ENGINE.begin() as connection:
                await connection.execute("select 1")
            return {}
    """,
    "sqlalchemy, disposed each time": """
        from sqlalchemy.ext.asyncio import create_async_engine
        ENGINE = create_async_engine("postgresql+asyncpg://db")
        async def main(event):
            async with ENGINE.begin() as connection:
                await connection.execute("select 1")
            await ENGINE.dispose()
            return {}
    """,
    "motor, asks for the running loop": """
        from motor.motor_asyncio import AsyncIOMotorClient
        CLIENT = AsyncIOMotorClient("mongodb://db")
        CLIENT.get_io_loop = asyncio.get_running_loop
        async def main(event):
            found = await CLIENT.shop.orders.find_one({})
            return {"id": str(found)}
    """,
    "redis, not async": """
        import redis
        CACHE = redis.Redis(host="cache")
        async def main(event):
            return {"value": str(CACHE.get(event["key"]))}
    """,
    "a client of somebody else": """
        from vendor import AsyncClient
        CLIENT = AsyncClient()
        async def main(event):
            return (await CLIENT.get(event["url"])).json()
    """,
    "it may be another client": """
        from vendor import client
        CLIENT = client or httpx.AsyncClient()
        async def main(event):
            return (await CLIENT.get(event["url"])).json()
    """,
    "used by a function that nobody calls": """
        CLIENT = httpx.AsyncClient()
        async def load(url):
            return (await CLIENT.get(url)).json()
        async def main(event):
            return {}
    """,
    "made under __main__": """
        CLIENT = None
        async def main(event):
            return {}
        if __name__ == "__main__":
            CLIENT = httpx.AsyncClient()
    """,
    "lock, nobody waits": """
        LOCK = asyncio.Lock()
        async def main(event):
            async with LOCK:
                await asyncio.sleep(0.01)
            return {}
    """,
    "lock, nobody else runs while it is held": """
        LOCK = asyncio.Lock()
        COUNTS = {}
        async def one(key):
            async with LOCK:
                COUNTS[key] = 1
        async def main(event):
            await asyncio.gather(*[one(key) for key in event["keys"]])
            return {}
    """,
    "lock, one task after the other": """
        LOCK = asyncio.Lock()
        async def one():
            async with LOCK:
                await asyncio.sleep(0.01)
        async def main(event):
            await asyncio.gather(one())
            await asyncio.gather(one())
            async with LOCK:
                await asyncio.sleep(0.01)
            return {}
    """,
    "semaphore for all of them": """
        LIMIT = asyncio.Semaphore(2)
        async def one(key):
            async with LIMIT:
                await asyncio.sleep(0.01)
        async def main(event):
            await asyncio.gather(one(1), one(2))
            return {}
    """,
    "semaphore of the invocation": """
        async def one(key, limit):
            async with limit:
                await asyncio.sleep(0.01)
        async def main(event):
            limit = asyncio.Semaphore(2)
            await asyncio.gather(*[one(key, limit) for key in event["keys"]])
            return {}
    """,
    "lock of threads": """
        import threading
        LOCK = threading.Lock()
        async def one(key):
            with LOCK:
                return key
        async def main(event):
            await asyncio.gather(one(1), one(2))
            return {}
    """,
    "condition, nobody waits": """
        READY = asyncio.Condition()
        async def main(event):
            async with READY:
                READY.notify_all()
            return {}
    """,
    "event that is set first": """
        READY = asyncio.Event()
        async def main(event):
            READY.set()
            await READY.wait()
            READY.clear()
            return {}
    """,
    "event that is never cleared": """
        READY = asyncio.Event()
        async def start():
            READY.set()
        async def main(event):
            await asyncio.gather(READY.wait(), start())
            return {}
    """,
    "queue, filled before it is read": """
        QUEUE = asyncio.Queue()
        async def main(event):
            await QUEUE.put(event)
            return await QUEUE.get()
    """,
    "queue, asked whether it is empty": """
        QUEUE = asyncio.Queue()
        async def main(event):
            for item in event["items"]:
                QUEUE.put_nowait(item)
            found = []
            while not QUEUE.empty():
                found.append(str(await QUEUE.get()))
            return found
    """,
    "queue of threads": """
        import queue
        QUEUE = queue.Queue()
        async def main(event):
            QUEUE.put(event)
            return {"size": QUEUE.qsize()}
    """,
    "semaphore kept for the running loop, in an attribute": """
        class Service:
            def __init__(self):
                self._loop = None
                self._gate = None
            def gate(self):
                if self._loop is not asyncio.get_running_loop():
                    self._loop = asyncio.get_running_loop()
                    self._gate = asyncio.Semaphore(2)
                return self._gate
        SERVICE = Service()
        async def main(event):
            async def one():
                async with SERVICE.gate():
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "locks in a dict, one for each loop": """
        LOCKS = {}
        def get_lock():
            loop = asyncio.get_running_loop()
            if loop not in LOCKS:
                LOCKS[loop] = asyncio.Lock()
            return LOCKS[loop]
        async def main(event):
            async def one():
                async with get_lock():
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "lock of a cached function, one for each loop": """
        import functools
        @functools.lru_cache(maxsize=None)
        def lock_of(loop):
            return asyncio.Lock()
        async def main(event):
            async def one():
                async with lock_of(asyncio.get_running_loop()):
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "lock in a global beside its loop": """
        LOOP = None
        LOCK = None
        def get_lock():
            global LOOP, LOCK
            if LOOP is not asyncio.get_running_loop():
                LOOP, LOCK = asyncio.get_running_loop(), asyncio.Lock()
            return LOCK
        async def main(event):
            async def one():
                async with get_lock():
                    await asyncio.sleep(1)
            await asyncio.gather(*[one() for _ in range(9)])
    """,
    "the client itself is closed, and left to the next one to make": """
        CLIENT, OTHER = None, httpx.AsyncClient()
        async def main(event):
            global CLIENT
            CLIENT = CLIENT or httpx.AsyncClient()
            await CLIENT.get(event["url"])
            await CLIENT.aclose()
            CLIENT = None
    """,
    "lock, one after the other": """
        LOCK = asyncio.Lock()
        async def one():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await one()
            await one()
    """,
    "one lock, and nothing that pauses": """
        FIRST = asyncio.Lock()
        async def one():
            async with FIRST:
                return 1
        async def main(event):
            await asyncio.gather(one(), one())
    """,
    "two locks, each for one task": """
        ROWS = asyncio.Lock()
        PAGES = asyncio.Lock()
        async def load_rows():
            async with ROWS:
                await asyncio.sleep(1)
        async def load_pages():
            async with PAGES:
                await asyncio.sleep(1)
        async def main(event):
            await asyncio.gather(load_rows(), load_pages())
    """,
    "a queue that is empty when it is joined": """
        JOBS = asyncio.Queue()
        async def main(event):
            for job in event["jobs"]:
                JOBS.put_nowait(job)
            while not JOBS.empty():
                JOBS.get_nowait()
                JOBS.task_done()
            await JOBS.join()
    """,
    "a lock for one future after the other": """
        LOCK = asyncio.Lock()
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            return await work(), await work()
    """,
    "a lock for some tasks, and for one that starts when they are done": """
        LOCK = asyncio.Lock()
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await asyncio.gather(work())
            task = asyncio.create_task(work())
            return await task
    """,
    "a lock for somebody who starts a task afterwards": """
        LOCK = asyncio.Lock()
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await work()
            task = asyncio.create_task(work())
            return await task
    """,
    "a lock for the tasks of two groups, one after the other": """
        LOCK = asyncio.Lock()
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await asyncio.gather(work())
            await asyncio.gather(work())
            return await work()
    """,
    "a lock for somebody who starts a group of one task afterwards": """
        LOCK = asyncio.Lock()
        async def work():
            async with LOCK:
                await asyncio.sleep(1)
        async def main(event):
            await work()
            async with asyncio.TaskGroup() as group:
                group.create_task(work())
    """,
    "a future that has its result": """
        DONE = asyncio.Future()
        async def main(event):
            DONE.set_result(event)
            return await DONE
    """,
}

#: How the object is driven decides.
DRIVERS = {
    "asyncio.run": ("asyncio.run(main(event))", True),
    "a loop of the invocation": ("closed(asyncio.new_event_loop(), main(event))", True),
    "a runner of the invocation": ("in_runner(main(event))", True),
    "anyio.run": ("anyio.run(main, event)", True),
    "the thread's own loop": (
        "asyncio.get_event_loop().run_until_complete(main(event))",
        False,
    ),
    "a kept loop": ("LOOP.run_until_complete(main(event))  # noqa", False),
    "a loop of a cached function": ("cached().run_until_complete(main(event))", False),
    "a kept loop, or a new one": (
        "(LOOP.run_until_complete if event else asyncio.run)(main(event))",
        False,
    ),
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB303" in source
    assert_marked(IMPORTS + textwrap.dedent(source) + DRIVEN)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB303" not in source
    assert_marked(IMPORTS + textwrap.dedent(source) + DRIVEN)


@pytest.mark.parametrize("driver, is_bad", DRIVERS.values(), ids=DRIVERS)
def test_driver(driver, is_bad):
    source = f"""
        import asyncio
        import functools
        import anyio
        import httpx

        LOOP = asyncio.new_event_loop()
        CLIENT = httpx.AsyncClient()

        @functools.cache
        def cached():
            return asyncio.new_event_loop()

        def closed(loop, coro):
            try:
                return loop.run_until_complete(coro)
            finally:
                loop.close()

        def in_runner(coro):
            with asyncio.Runner() as runner:
                return runner.run(coro)

        async def main(event):
            return (await CLIENT.get(event["url"])).text

        def lambda_handler(event, context):
            return {driver}
    """
    found = {one.code for one in violations(on("python3.13", source))} - {"LMB301"}
    assert found == ({"LMB303"} if is_bad else set())


def test_kept_loop_under_which_the_object_is_used_too_is_not_reported_twice():
    assert_marked(
        """
        import asyncio
        import httpx

        LOOP = asyncio.new_event_loop()
        CLIENT = httpx.AsyncClient()  # LMB303

        async def main(url):
            return (await CLIENT.get(url)).text

        def lambda_handler(event, context):
            LOOP.run_until_complete(main("a"))
            return asyncio.run(main("b"))
        """
    )


MESSAGES = {
    "aiohttp session, lazy global": (
        "`SESSION` (aiohttp.ClientSession) is kept, but belongs to one event loop; the "
        "second invocation has another one and fails at `SESSION.get()` (line 13); make "
        "it in the coroutine"
    ),
    "aiohttp session, made at import": (
        "`SESSION` (aiohttp.ClientSession) needs a running event loop; the import has "
        "none and raises RuntimeError; make it in the coroutine"
    ),
    "made by an asyncio.run at import": (
        "`SESSION` (aiohttp.ClientSession) is kept, but belongs to one event loop; every "
        "invocation has another one and fails at `SESSION.get()` (line 12); make it in "
        "the coroutine"
    ),
    "aiohttp session, attribute of a kept object": (
        "`self.session` (aiohttp.ClientSession) is kept, but belongs to one event loop; "
        "the second invocation has another one and fails at `self.session.get()` (line "
        "14); make it in the coroutine"
    ),
    "lock, somebody holds it while he waits": (
        "`LOCK` (asyncio.Lock) is kept, but belongs to one event loop; the second "
        "invocation has another one and fails if it has to wait at `async with LOCK` "
        "(line 10); make it in the coroutine"
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name):
    (found,) = violations(IMPORTS + textwrap.dedent(BAD[name]) + DRIVEN)
    assert found.text == MESSAGES[name]


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.lambda_handler
      Runtime: {runtime}
      CodeUri: .
"""


@pytest.mark.parametrize(
    "runtime, when",
    [("python3.9", "every invocation"), ("python3.10", "the second invocation")],
)
def test_until_python_3_9_a_lock_is_bound_when_it_is_made(runtime, when):
    source = IMPORTS + textwrap.dedent(BAD["semaphore"]) + DRIVEN
    files = {"template.yaml": TEMPLATE.format(runtime=runtime), "app.py": source}
    (found,) = [one for one in violations(files) if one.code == "LMB303"]
    assert f"; {when} has another one and fails if it has to wait at " in found.text


def test_object_of_another_file():
    files = {
        "clients.py": """
            import httpx

            client = httpx.AsyncClient()
        """,
        "app.py": """
            import asyncio
            from clients import client

            async def main(event):
                return (await client.get(event["url"])).text  # LMB303

            def lambda_handler(event, context):
                return asyncio.run(main(event))
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`client` (httpx.AsyncClient, made in clients.py:3) is kept, but belongs to one "
        "event loop; the second invocation has another one and fails at `client.get()` "
        "(line 5); "
    )


def test_made_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "clients.py": """
            import httpx

            class Clients:
                def __init__(self):
                    self.http = httpx.AsyncClient()
        """,
        "app.py": """
            import asyncio
            from clients import Clients

            CLIENTS = Clients()  # LMB303

            async def main(event):
                return (await CLIENTS.http.get(event["url"])).text

            def lambda_handler(event, context):
                return asyncio.run(main(event))
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert found.text.startswith(
        "`self.http` (httpx.AsyncClient, made in clients.py:5) is kept, but belongs to "
    )


def test_an_object_of_two_handlers_is_reported_once():
    assert_marked(
        """
        import asyncio
        import httpx

        CLIENT = httpx.AsyncClient()  # LMB303

        async def load(url):
            return (await CLIENT.get(url)).text

        async def save(url):
            return (await CLIENT.post(url)).text

        def lambda_handler(event, context):
            return asyncio.run(load("a"))

        def save_handler(event, context):
            return asyncio.run(save("a"))
        """,
        handlers=("app.*handler",),
    )


def test_nest_asyncio_runs_everything_on_one_loop():
    source = """
        import asyncio
        import httpx
        {first}

        CLIENT = httpx.AsyncClient(){mark}

        async def load(url):
            return (await CLIENT.get(url)).text

        def lambda_handler(event, context):
            return asyncio.run(load("a"))
    """
    nested = "import nest_asyncio; nest_asyncio.apply()"
    assert_marked(source.format(first="", mark="  # LMB303"))
    assert_marked(source.format(first=nested, mark=""))


def test_used_in_another_file_is_reported_at_the_call_that_leads_there():
    files = {
        "clients.py": """
            import httpx

            client = httpx.AsyncClient()

            async def load(url):
                return (await client.get(url)).text
        """,
        "app.py": """
            import asyncio
            from clients import load

            def lambda_handler(event, context):
                return asyncio.run(load(event["url"]))  # LMB303
        """,
    }
    assert_marked(files)
    (found,) = violations(files)
    assert "another one and fails at `client.get()` (clients.py:6); " in found.text
