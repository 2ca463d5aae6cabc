"""What async libraries give is awaited, entered or iterated, or does nothing."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

#: Where each call is awaited, or none.
SERVED = {
    "servers": """
        from aiohttp import web
        from quart import Quart, request, websocket
        routes = web.RouteTableDef()
        @routes.post("/")
        async def hook(request: web.Request):
            socket = web.WebSocketResponse()
            WORDsocket.prepare(request)MARK
            WORDsocket.send_str("a")MARK
            response = web.StreamResponse()
            WORDresponse.write(b"x")MARK
            return web.json_response({"a": 1})
        app = Quart(__name__)
        @app.route("/a")
        async def a():
            data = WORDrequest.get_json()MARK
            return {"name": data["name"]}
        @app.websocket("/b")
        async def b():
            WORDwebsocket.send("a")MARK
    """,
    "plain functions in threads": """
        from asgiref.sync import sync_to_async
        from channels.db import database_sync_to_async
        def store(name):
            print(name)
        class Chat:
            @database_sync_to_async
            def save(self, name):
                print(name)
            async def receive(self, name):
                WORDself.save(name)MARK
        @sync_to_async(thread_sensitive=False)
        def load(name):
            return {"name": name}
        async def f(name):
            WORDsync_to_async(store)(name)MARK
            storing = sync_to_async(store, thread_sensitive=True)
            WORDstoring(name)MARK
            loaded = WORDload(name)MARK
            return {"a": loaded["name"]}
    """,
    "consumers, documents and jobs": """
        from arq import create_pool
        from beanie import Document, init_beanie
        from channels.generic.websocket import AsyncWebsocketConsumer
        class Chat(AsyncWebsocketConsumer):
            async def connect(self):
                WORDself.accept()MARK
            async def chat(self, event):
                WORDself.send(text_data="a")MARK
        class Item(Document):
            name: str
        async def f(client, settings, name):
            WORDinit_beanie(database=client.db, document_models=[Item])MARK
            WORDItem(name=name).insert()MARK
            found = await Item.find_one(Item.name == name)
            WORDfound.delete()MARK
            pool = await create_pool(settings)
            WORDpool.enqueue_job("job", name)MARK
    """,
}

BAD = {
    "clients of models": """
        import litellm
        from google import genai
        from ollama import AsyncClient
        async def f(text):
            made = litellm.acompletion(model="m", messages=[])  # LMB201
            said = AsyncClient().chat(model="m")  # LMB201
            told = genai.Client().aio.models.generate_content(model="m")  # LMB201
            return made.choices[0], said["message"], told.text
    """,
    "tools and vectors": """
        from mcp import ClientSession
        from qdrant_client import AsyncQdrantClient
        class Store:
            def __init__(self):
                self.client = AsyncQdrantClient(url="x")
            async def open(self, name):
                if not self.client.collection_exists(name):  # LMB201
                    await self.client.create_collection(name)
        async def f(read, write):
            async with ClientSession(read, write) as session:
                session.initialize()  # LMB201
                return (await session.list_tools()).tools
    """,
    "brokers": """
        import aio_pika
        import nats
        from aiokafka import AIOKafkaProducer
        class Bus:
            def __init__(self) -> None:
                self.producer = AIOKafkaProducer()
            async def start(self) -> None:
                self.producer.start()  # LMB201
        async def f(url, body):
            connection = await aio_pika.connect_robust(url)
            channel = await connection.channel()
            channel.default_exchange.publish(body, routing_key="q")  # LMB201
            client = await nats.connect(url)
            client.publish("topic", body)  # LMB201
            await client.drain()
    """,
    "an engine of documents": """
        from odmantic import AIOEngine, Model
        class Item(Model):
            name: str
        async def f(engine: AIOEngine):
            item = await engine.find_one(Item, Item.name == "x")
            engine.save(item)  # LMB201
            if engine.count(Item) > 3:  # LMB201
                engine.delete(item)  # LMB201
            async with engine.session() as session:
                session.save_all([item])  # LMB201
    """,
    "answers of bots": """
        import discord
        import disnake
        async def f(one: discord.Interaction, two: disnake.CommandInteraction):
            one.response.send_message("a")  # LMB201
            one.followup.send("b")  # LMB201
            two.response.defer()  # LMB201
    """,
    "a dependency of fastapi under a name": """
        from typing import Annotated
        from fastapi import APIRouter, Depends
        from sqlalchemy.ext.asyncio import AsyncSession
        Database = Annotated[AsyncSession, Depends(print)]
        router = APIRouter()
        @router.delete("/{key}")
        async def remove(session: Database, key: str):
            found = session.get(object, key)  # LMB201
            session.commit()  # LMB201
            return found.name
    """,
    "an async function in a thread": """
        from anyio import to_thread
        from fastapi.concurrency import run_in_threadpool
        async def load(key): ...
        async def f(key):
            await to_thread.run_sync(load, key)  # LMB201
            return await run_in_threadpool(load, key)  # LMB201
    """,
    "asyncio streams": """
        import asyncio
        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)
            writer.write(b"x")
            writer.drain()  # LMB201
            head = reader.readline()  # LMB201
            writer.wait_closed()  # LMB201
            return head.decode()
    """,
    "an exit stack by its annotation": """
        from contextlib import AsyncExitStack
        async def f(stack: AsyncExitStack, client):
            stack.enter_async_context(client)  # LMB201
            stack.aclose()  # LMB201
    """,
    "aiohttp session.post": """
        import aiohttp
        async def f(url):
            async with aiohttp.ClientSession() as session:
                session.post(url, json={})  # LMB201
    """,
    "aiohttp session.get assigned": """
        import aiohttp
        async def f(url):
            async with aiohttp.ClientSession() as session:
                response = session.get(url)  # LMB201
                return response.status
    """,
    "aiohttp response.json": """
        import aiohttp
        async def f(url):
            async with aiohttp.ClientSession() as session:
                async with session.get(url) as response:
                    return response.json()["a"]  # LMB201
    """,
    "aiohttp response.json assigned": """
        import aiohttp
        async def f(url):
            async with aiohttp.ClientSession() as session:
                async with session.get(url) as response:
                    data = response.json()  # LMB201
                    return data["a"]
    """,
    "aiohttp sync with": """
        import aiohttp
        async def f(url):
            async with aiohttp.ClientSession() as session:
                with session.get(url) as response:  # LMB201
                    return response.status
    """,
    "aiohttp self.session": """
        import aiohttp
        class Client:
            def __init__(self):
                self.session = aiohttp.ClientSession()
            async def send(self, url):
                self.session.post(url, json={})  # LMB201
            async def close(self):
                self.session.close()  # LMB201
    """,
    "aiohttp list never gathered": """
        import aiohttp
        async def f(urls):
            async with aiohttp.ClientSession() as session:
                tasks = [session.get(u) for u in urls]  # LMB201
    """,
    "aioboto3 body read": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                response = await s3.get_object(Bucket="a", Key=key)
                return response["Body"].read()
        async def g(key):
            async with session.client("s3") as s3:
                response = await s3.get_object(Bucket="a", Key=key)
                text = response["Body"].read().decode()  # LMB201
                return text
        async def h(key):
            async with session.client("s3") as s3:
                body = (await s3.get_object(Bucket="a", Key=key))["Body"].read()  # LMB201
                return body.decode("utf-8")
        async def i(key):
            import json
            async with session.client("s3") as s3:
                response = await s3.get_object(Bucket="a", Key=key)
                return json.loads(response["Body"].read())  # LMB201
    """,
    "aioboto3 body with": """
        import aioboto3
        import json
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                response = await s3.get_object(Bucket="a", Key=key)
                async with response["Body"] as stream:
                    data = stream.read()  # LMB201
                    return json.loads(data)
    """,
    "aioboto3 waiter": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                waiter = s3.get_waiter("object_exists")
                waiter.wait(Bucket="a", Key=key)  # LMB201
    """,
    "aioboto3 paginator": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                paginator = s3.get_paginator("list_objects_v2")
                for page in paginator.paginate(Bucket="a"):  # LMB201
                    print(page)
    """,
    "aioboto3 paginator comp": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                paginator = s3.get_paginator("list_objects_v2")
                pages = paginator.paginate(Bucket="a")
                return [page for page in pages]  # LMB201
    """,
    "aioboto3 resource": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.resource("dynamodb") as db:
                table = await db.Table("x")
                table.put_item(Item={})  # LMB201
                response = table.get_item(Key={})  # LMB201
                return response["Item"]
    """,
    "aioboto3 resource Table not awaited": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.resource("dynamodb") as db:
                table = db.Table("x")  # LMB201
                await table.put_item(Item={})
    """,
    "aioboto3 collection": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.resource("s3") as s3:
                bucket = await s3.Bucket("x")
                for obj in bucket.objects.all():  # LMB201
                    print(obj)
    """,
    "aioboto3 batch_writer": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.resource("dynamodb") as db:
                table = await db.Table("x")
                async with table.batch_writer() as batch:
                    batch.put_item(Item={})  # LMB201
    """,
    "aioboto3 batch_writer sync with": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            async with session.resource("dynamodb") as db:
                table = await db.Table("x")
                with table.batch_writer() as batch:  # LMB201
                    batch.put_item(Item={})
    """,
    "aioboto3 sync client": """
        import aioboto3
        session = aioboto3.Session()
        async def f(key):
            with session.client("s3") as s3:  # LMB201
                return 1
        async def g(key):
            s3 = session.client("s3")  # LMB201
            return await s3.get_object(Bucket="a", Key=key)
    """,
    "aiobotocore": """
        from aiobotocore.session import get_session
        async def f(key):
            session = get_session()
            async with session.create_client("sqs") as sqs:
                sqs.send_message(QueueUrl="a", MessageBody="b")  # LMB201
                response = sqs.receive_message(QueueUrl="a")  # LMB201
                for m in response["Messages"]:
                    print(m)
    """,
    "aiobotocore response get": """
        from aiobotocore.session import get_session
        async def f(key):
            session = get_session()
            async with session.create_client("s3") as s3:
                r = await s3.get_object(Bucket="a", Key=key)
                async with r["Body"] as stream:
                    return stream.read().decode()  # LMB201
    """,
    "httpx": """
        import httpx
        async def f(url):
            async with httpx.AsyncClient() as client:
                r = client.get(url)  # LMB201
                return r.json()
        async def g(url):
            client = httpx.AsyncClient()
            client.post(url)  # LMB201
            await client.aclose()
        async def h(url):
            client = httpx.AsyncClient()
            r = await client.get(url)
            return r.aread()["a"]  # LMB201
        async def i(url):
            async with httpx.AsyncClient() as client:
                with client.stream("GET", url) as r:  # LMB201
                    return 1
    """,
    "httpx module client": """
        import httpx
        client = httpx.AsyncClient(timeout=3)
        async def f(url):
            client.get(url)  # LMB201
    """,
    "httpx.AsyncClient() chained": """
        import httpx
        async def f(url):
            return httpx.AsyncClient().get(url).json()  # LMB201
    """,
    "asyncpg": """
        import asyncpg
        async def f(dsn):
            conn = await asyncpg.connect(dsn)
            conn.execute("x")  # LMB201
            rows = conn.fetch("x")  # LMB201
            for row in rows:
                print(row)
            await conn.close()
        async def g(dsn):
            conn = asyncpg.connect(dsn)  # LMB201
            return await conn.fetch("x")
        async def h(dsn):
            pool = await asyncpg.create_pool(dsn)
            async with pool.acquire() as conn:
                row = conn.fetchrow("x")  # LMB201
                return row["a"]
        async def i(dsn):
            async with asyncpg.create_pool(dsn) as pool:
                pool.execute("x")  # LMB201
                async with pool.acquire() as conn:
                    async with conn.transaction():
                        conn.execute("y")  # LMB201
        async def j(dsn):
            pool = await asyncpg.create_pool(dsn)
            async with pool.acquire() as conn:
                with conn.transaction():  # LMB201
                    await conn.execute("y")
        async def k(dsn):
            pool = await asyncpg.create_pool(dsn)
            with pool.acquire() as conn:  # LMB201
                await conn.execute("y")
        async def l(dsn):
            pool = await asyncpg.create_pool(dsn)
            conn = pool.acquire()  # LMB201
            await conn.execute("y")
    """,
    "motor": """
        from motor.motor_asyncio import AsyncIOMotorClient
        client = AsyncIOMotorClient("x")
        db = client.shop
        async def f(x):
            db.orders.insert_one(x)
            doc = client["shop"]["orders"].find_one(x)  # LMB201
            return doc["_id"]
        async def g(x):
            doc = db["orders"].find_one(x)  # LMB201
            return doc["_id"]
        async def h(x):
            for doc in db.orders.find(x):  # LMB201
                print(doc)
        async def i(x):
            return db.orders.find(x).to_list(None)[0]  # LMB201
        async def j(x):
            result = db.orders.update_one(x, {})  # LMB201
            return result.modified_count
    """,
    "redis": """
        import redis.asyncio as redis
        r = redis.Redis()
        async def f(x):
            r.set("a", 1)  # LMB201
            value = r.get("a")  # LMB201
            return value.decode()
        async def g(x):
            if r.exists("a"):  # LMB201
                return 1
        async def h(x):
            async with r.pipeline() as p:
                p.set("a", 1)
                p.execute()  # LMB201
        async def i(x):
            r2 = redis.from_url("x")
            r2.delete("a")  # LMB201
            await r2.aclose()
        async def j(x):
            return int(r.incr("a"))  # LMB201
        async def k(x):
            with r.pipeline() as p:  # LMB201
                p.set("a", 1)
                await p.execute()
        async def l(x):
            with r.lock("a"):  # LMB201
                return 1
    """,
    "opensearch": """
        from opensearchpy import AsyncOpenSearch
        client = AsyncOpenSearch(hosts=[])
        async def f(x):
            client.index(index="a", body=x)  # LMB201
            r = client.search(index="a", body=x)  # LMB201
            return r["hits"]["hits"]
        async def g(x):
            client.indices.create(index="a")  # LMB201
        async def h(x):
            return [hit["_source"] for hit in client.search(index="a")["hits"]["hits"]]  # LMB201
    """,
    "opensearch bulk": """
        from opensearchpy import AsyncOpenSearch
        from opensearchpy.helpers import async_bulk
        client = AsyncOpenSearch(hosts=[])
        async def f(x):
            ok, errors = async_bulk(client, x)  # LMB201
            return ok
    """,
    "elasticsearch": """
        from elasticsearch import AsyncElasticsearch
        es = AsyncElasticsearch("x")
        async def f(x):
            r = es.search(index="a")  # LMB201
            return r["hits"]
    """,
    "openai": """
        from openai import AsyncOpenAI
        client = AsyncOpenAI()
        async def f(x):
            r = client.chat.completions.create(model="a")  # LMB201
            return r.choices[0].message.content
    """,
    "anthropic": """
        from anthropic import AsyncAnthropic
        client = AsyncAnthropic()
        async def f(x):
            r = client.messages.create(model="a")  # LMB201
            return r.content[0].text
        async def g(x):
            with client.messages.stream(model="a") as s:  # LMB201
                print(s)
    """,
    "sqlalchemy": """
        from sqlalchemy.ext.asyncio import create_async_engine, AsyncSession, async_sessionmaker
        engine = create_async_engine("x")
        Session = async_sessionmaker(engine)
        async def f(x):
            async with Session() as session:
                r = session.execute("x")  # LMB201
                session.commit()  # LMB201
                return r.scalars().all()
        async def g(x):
            async with AsyncSession(engine) as session:
                user = session.get(x, 1)  # LMB201
                return user.name
        async def h(x):
            async with engine.begin() as conn:
                rows = conn.execute("x").fetchall()  # LMB201
                return rows
        async def i(x):
            async with Session() as session:
                return session.scalars("x").all()  # LMB201
        async def j(x):
            with engine.connect() as conn:  # LMB201
                return conn
    """,
    "aiofiles": """
        import aiofiles
        import json
        async def f(x):
            async with aiofiles.open("a") as file:
                return json.loads(file.read())  # LMB201
        async def g(x):
            with aiofiles.open("a") as file:  # LMB201
                return 1
        async def h(x):
            async with aiofiles.open("a") as file:
                for line in file:  # LMB201
                    print(line)
    """,
    "asyncio queue, lock": """
        import asyncio
        async def f(q: asyncio.Queue):
            q.put(1)  # LMB201
            item = q.get()  # LMB201
            return item["a"]
        async def g():
            lock = asyncio.Lock()
            lock.acquire()  # LMB201
            with lock:  # LMB201
                return 1
        async def h():
            ev = asyncio.Event()
            ev.wait()  # LMB201
    """,
    "subprocess": """
        import asyncio
        async def f():
            proc = asyncio.create_subprocess_exec("ls")  # LMB201
            return proc.pid
        async def g():
            proc = await asyncio.create_subprocess_exec("ls")
            out, err = proc.communicate()  # LMB201
            return out
        async def h():
            proc = await asyncio.create_subprocess_exec("ls")
            code = proc.wait()  # LMB201
            if code != 0:
                return 1
    """,
    "slack": """
        from slack_sdk.web.async_client import AsyncWebClient
        client = AsyncWebClient(token="x")
        async def f(x):
            client.chat_postMessage(channel="a", text="b")  # LMB201
            r = client.users_info(user="a")  # LMB201
            return r["user"]
    """,
    "anyio": """
        import anyio
        async def f(x):
            anyio.sleep(1)  # LMB201
            p = anyio.Path("a")
            if p.exists():  # LMB201
                return p.read_text().strip()  # LMB201
    """,
    "a context manager of the project, plainly": """
        from contextlib import asynccontextmanager
        @asynccontextmanager
        async def opened(x):
            yield x
        async def f(x):
            with opened(x) as one:  # LMB201
                print(one)
        async def g(x):
            opened(x)  # LMB201
    """,
    "a cursor of psycopg": """
        import psycopg
        async def main():
            async with await psycopg.AsyncConnection.connect("") as connection:
                async with connection.cursor() as cursor:
                    cursor.execute("select 1")  # LMB201
                    return cursor.fetchall()[0]  # LMB201
    """,
    "rows of aiomysql": """
        import aiomysql
        async def main(pool: aiomysql.Pool):
            async with pool.acquire() as connection, connection.cursor() as cursor:
                await cursor.execute("select 1")
                (number,) = cursor.fetchone()  # LMB201
                return number
    """,
    "a database that another module makes": {
        "shop/__init__.py": "",
        "shop/db.py": """
            import databases
            database = databases.Database("sqlite+aiosqlite://")
        """,
        "shop/orders.py": """
            from shop.db import database
            async def load(key):
                row = database.fetch_one("select 1", {"key": key})  # LMB201
                if not row:
                    raise KeyError(key)
                return row["id"]
            async def clear():
                async with database.transaction():
                    database.execute("delete from orders")  # LMB201
                rows = database.fetch_all("select 1")  # LMB201
                return [row["id"] for row in rows]
        """,
    },
}

GOOD = {
    "an engine of documents": """
        from odmantic import AIOEngine, Model, SyncEngine
        class Item(Model):
            name: str
        async def f(engine: AIOEngine):
            async for one in engine.find(Item, Item.name == "x"):
                await engine.delete(one)
            found = await engine.find(Item)
            async with engine.session() as session:
                await session.save_all(found)
            return len(found)
        def plain(engine: SyncEngine):
            engine.save(Item(name="x"))
            return engine.count(Item)
    """,
    "the plain halves of libraries": """
        import litellm
        from google import genai
        from ollama import Client
        from qdrant_client import QdrantClient
        def f(text):
            made = litellm.completion(model="m", messages=[])
            said = Client().chat(model="m")
            told = genai.Client().models.generate_content(model="m")
            QdrantClient(url="x").create_collection("c")
            return made.choices[0], said["message"], told.text
    """,
    "what these give without waiting": """
        import discord
        from aiokafka import AIOKafkaConsumer
        from google import genai
        async def f(one: discord.Interaction, consumer: AIOKafkaConsumer):
            if not one.response.is_done():
                await one.response.defer()
            consumer.subscribe(["topic"])
            async for part in await genai.Client().aio.models.generate_content_stream():
                print(part)
            async for message in consumer:
                print(message.value)
    """,
    "a plain session of fastapi under a name": """
        from typing import Annotated
        from fastapi import Depends
        from sqlalchemy.orm import Session
        Database = Annotated[Session, Depends(print)]
        def remove(session: Database, key: str):
            session.commit()
    """,
    "a plain function in a thread, and one that is looked at": """
        import inspect
        from fastapi.concurrency import run_in_threadpool
        def read(key): ...
        async def load(key): ...
        async def f(key):
            await run_in_threadpool(read, key)
            found = await run_in_threadpool(load, key)
            return await found if inspect.isawaitable(found) else found
    """,
    "asyncio streams": """
        import asyncio
        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)
            writer.write(b"x")
            await writer.drain()
            head = await reader.readline()
            writer.close()
            return head.decode()
    """,
    "an exit stack by its annotation": """
        from contextlib import AsyncExitStack
        async def f(stack: AsyncExitStack, client):
            stack.push_async_callback(print)
            return await stack.enter_async_context(client)
    """,
    "aiohttp, awaited, entered, gathered, as a task": """
        import asyncio
        import aiohttp
        async def f(urls):
            async with aiohttp.ClientSession() as session:
                await session.post(urls[0])
                async with session.get(urls[0]) as response:
                    data = await response.json()
                later = session.get(urls[0])
                async with later as response:
                    print(response.status, data["a"])
                coming = [session.get(url) for url in urls]
                await asyncio.gather(*coming)
                task = asyncio.create_task(session.get(urls[0]))
                await task
                return await session.get(urls[0])
        async def g(session: aiohttp.ClientSession, url):
            request = session.get if url else session.post
            async with request(url) as response:
                return response.status
    """,
    "aiohttp, made by a helper": """
        import aiohttp
        class Client:
            def __init__(self):
                self.session = aiohttp.ClientSession()
            def request(self, url):
                return self.session.get(url)
            async def fetch(self, url):
                async with self.request(url) as response:
                    return await response.text()
            async def close(self):
                await self.session.close()
    """,
    "aioboto3": """
        import aioboto3
        from contextlib import AsyncExitStack
        session = aioboto3.Session()
        async def f(key):
            async with session.client("s3") as s3:
                response = await s3.get_object(Bucket="a", Key=key)
                text = (await response["Body"].read()).decode()
                async with response["Body"] as stream:
                    data = await stream.read()
                waiter = s3.get_waiter("object_exists")
                await waiter.wait(Bucket="a", Key=key)
                async for page in s3.get_paginator("list_objects_v2").paginate(Bucket="a"):
                    print(page["Contents"][0]["Key"])
                pages = [page async for page in s3.get_paginator("x").paginate()]
                url = await s3.generate_presigned_url("get_object")
                return text, data, pages, url, s3.can_paginate("x"), response["ETag"].strip()
        async def g(key):
            stack = AsyncExitStack()
            s3 = await stack.enter_async_context(session.client("s3"))
            context = session.client("sqs")
            sqs = await context.__aenter__()
            await sqs.send_message(QueueUrl="a", MessageBody="b")
            await context.__aexit__(None, None, None)
            return s3
        async def h():
            async with session.resource("dynamodb") as db:
                table = await db.Table("x")
                async with table.batch_writer() as batch:
                    await batch.put_item(Item={})
                return (await table.get_item(Key={}))["Item"]
            async with session.resource("s3") as s3:
                bucket = await s3.Bucket("x")
                async for one in bucket.objects.filter(Prefix="a").limit(3):
                    print(one.key)
    """,
    "boto3 is not aioboto3": """
        import boto3
        s3 = boto3.client("s3")
        async def f(key):
            body = s3.get_object(Bucket="a", Key=key)["Body"].read()
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket="a"):
                print(page)
            with boto3.resource("dynamodb").Table("x").batch_writer() as batch:
                batch.put_item(Item={})
            return body.decode()
    """,
    "httpx": """
        import httpx
        async def f(url):
            async with httpx.AsyncClient() as client:
                response = await client.get(url)
                async with client.stream("GET", url) as stream:
                    async for line in stream.aiter_lines():
                        print(line)
                return response.json()["a"], response.text
        def g(url):
            with httpx.Client() as client:
                return client.get(url).json()
    """,
    "asyncpg": """
        import asyncpg
        async def f(dsn):
            pool = await asyncpg.create_pool(dsn)
            async with pool.acquire() as conn, conn.transaction():
                await conn.execute("x")
                async for row in conn.cursor("x"):
                    print(row["a"])
                cursor = await conn.cursor("x")
            conn = await pool.acquire()
            try:
                return [dict(row) for row in await conn.fetch("x")], cursor
            finally:
                await pool.release(conn)
        async def g(dsn):
            pool = asyncpg.create_pool(dsn)
            async with pool:
                return await pool.fetchval("x")
    """,
    "motor": """
        from motor.motor_asyncio import AsyncIOMotorClient
        client = AsyncIOMotorClient("x")
        db = client.shop
        async def f(x):
            await db.orders.insert_one(x)
            future = db.orders.insert_one(x)
            future.add_done_callback(print)
            doc = await client["shop"]["orders"].find_one(x)
            async for one in db.orders.find(x).sort("a").limit(3):
                print(one["_id"])
            docs = await db.orders.find(x).to_list(None)
            return doc["_id"], docs[0]
        async def g(x):
            db.audit.insert_one(x)
    """,
    "redis": """
        import asyncio
        import redis
        import redis.asyncio
        r = redis.asyncio.Redis()
        sync = redis.Redis()
        async def f(x):
            await r.set("a", 1)
            value = (await r.get("a")).decode()
            async with r.pipeline() as p:
                p.set("a", 1).get("b")
                await p.execute()
            async with r.lock("a"):
                return value
        def g(x):
            with sync.pipeline() as p:
                p.execute()
            return sync.get("a").decode()
    """,
    "opensearch and elasticsearch": """
        from elasticsearch import AsyncElasticsearch
        from opensearchpy import AsyncOpenSearch, OpenSearch
        from opensearchpy.helpers import async_bulk, async_scan, bulk
        client = AsyncOpenSearch(hosts=[])
        es = AsyncElasticsearch("x")
        async def f(x):
            await client.index(index="a", body=x)
            found = await client.search(index="a", body=x)
            ok, errors = await async_bulk(client, x)
            async for hit in async_scan(client):
                print(hit["_source"])
            return found["hits"]["hits"], ok, (await es.search(index="a"))["hits"]
        def g(x):
            ok, errors = bulk(OpenSearch(), x)
            return OpenSearch().search(index="a")["hits"], ok
    """,
    "sqlalchemy": """
        from sqlalchemy import create_engine
        from sqlalchemy.ext.asyncio import AsyncSession
        from sqlalchemy.ext.asyncio import async_sessionmaker
        from sqlalchemy.ext.asyncio import create_async_engine
        engine = create_async_engine("x")
        Session = async_sessionmaker(engine)
        async def f(x):
            async with Session() as session, session.begin():
                session.add(x)
                rows = (await session.execute("x")).scalars().all()
                await session.commit()
                user = await session.get(x, 1)
                user.close()
                user.delete()
            async with engine.connect() as conn:
                async for row in await conn.stream("x"):
                    print(row.id)
            async with engine.begin() as conn:
                return (await conn.execute("x")).fetchall(), rows
        def g(x):
            with create_engine("x").connect() as conn:
                return conn.execute("x").fetchall()
    """,
    "aiofiles": """
        import aiofiles
        import json
        async def f(x):
            async with aiofiles.open("a") as file:
                text = json.loads(await file.read())
                async for line in file:
                    print(line)
            handle = await aiofiles.open("a")
            await handle.close()
            return text
    """,
    "asyncio": """
        import asyncio
        lock = asyncio.Lock()
        async def f(queue: asyncio.Queue):
            async with lock:
                await queue.put(1)
            process = await asyncio.create_subprocess_exec("ls")
            out, err = await process.communicate()
            if await process.wait() != 0:
                return None
            queue.put_nowait(out)
            async with asyncio.timeout(3):
                return await queue.get()
    """,
    "openai and anthropic": """
        from anthropic import AsyncAnthropic
        from openai import AsyncOpenAI
        openai = AsyncOpenAI()
        anthropic = AsyncAnthropic()
        async def f(x):
            answer = await openai.chat.completions.create(model="a")
            async for model in openai.models.list():
                print(model.id)
            page = await openai.models.list()
            async with anthropic.messages.stream(model="a") as stream:
                async for text in stream.text_stream:
                    print(text)
            stream = await openai.chat.completions.create(model="a", stream=True)
            async for chunk in stream:
                print(chunk)
            return answer.choices[0].message.content, page.data
    """,
    "a context manager of the project": """
        from contextlib import asynccontextmanager, contextmanager
        @asynccontextmanager
        async def opened(x):
            yield x
        @contextmanager
        def plain(x):
            yield x
        async def f(x):
            async with opened(x) as one:
                print(one)
            later = opened(x)
            async with later as two:
                with plain(x) as three:
                    return one, two, three
    """,
    "a cursor of psycopg": """
        import psycopg
        async def main():
            async with await psycopg.AsyncConnection.connect("") as connection:
                cursor = connection.cursor(name="large")
                await cursor.execute("select 1")
                return [row async for row in cursor]
    """,
    "rows of aiomysql, which are there before they are awaited": """
        import aiomysql
        async def main(pool: aiomysql.Pool):
            async with pool.acquire() as connection, connection.cursor() as cursor:
                await cursor.execute("select 1; select 2")
                first = cursor.fetchone()
                cursor.fetchall()
                return await first
    """,
    "a database that another module makes": {
        "shop/__init__.py": "",
        "shop/db.py": """
            from databases import Database
            database = Database("sqlite+aiosqlite://")
        """,
        "shop/orders.py": """
            from shop.db import database
            @database.transaction()
            async def load(key):
                row = await database.fetch_one("select 1", {"key": key})
                async for one in database.iterate("select 2"):
                    print(one)
                transaction = await database.transaction()
                await transaction.rollback()
                return row and row["id"]
        """,
    },
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in str(source)
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(source)


def test_words():
    found = violations(
        """
        import aioboto3
        import aiohttp

        session = aioboto3.Session()

        async def f(url, flag):
            async with aiohttp.ClientSession() as http:
                http.post(url)
                later = http.get(url)
                if flag:
                    await later
            context = session.client("s3")
            with session.client("s3") as s3:
                print(s3)
            async with session.client("s3") as s3:
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket="a"):
                    print(page)
        """
    )
    assert [(one.line, one.column, one.text) for one in found] == [
        (8, 8, "`http.post()` is never awaited and does nothing; `await` it"),
        (
            9,
            16,
            "`http.get()` is not awaited on every path, and does nothing on the others; "
            "`await` it",
        ),
        (
            12,
            14,
            "`session.client()` is never entered and does nothing; enter it with "
            "`async with`",
        ),
        (
            13,
            9,
            "`session.client()` is never entered; a plain `with` fails; enter it with "
            "`async with`",
        ),
        (
            16,
            20,
            "`AioPageIterator` is used in a plain `for`, which raises TypeError; write "
            "`async for`",
        ),
    ]


@pytest.mark.parametrize("word, mark", [("", "  # LMB201"), ("await ", "")])
@pytest.mark.parametrize("source", SERVED.values(), ids=SERVED)
def test_what_serves_and_stores(source, word, mark):
    assert_marked(source.replace("WORD", word).replace("MARK", mark))
