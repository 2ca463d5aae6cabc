"""LMB303 on what works through a kept object: sessions, clients of a pool, cursors.

None of the libraries is installed here. Run under several loops with redis 8.1 (and a
server that answers), SQLAlchemy 2.1 with asyncpg 0.32, psycopg 3.3 and PostgreSQL 15,
motor 3.7 and websockets 17.4, 2026-11-22: what is marked fails under the second loop.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio

import redis.asyncio as redis
import websockets
from motor.motor_asyncio import AsyncIOMotorClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

"""

TAIL = """
def lambda_handler(event, context):
    return asyncio.run(main(event))
"""

BAD = {
    "a client of a kept pool": """
        POOL = redis.ConnectionPool.from_url("redis://a")  # LMB303
        async def main(event):
            client = redis.Redis(connection_pool=POOL)
            return (await client.get("a")).decode()
    """,
    "a client of a kept pool, closed by a with": """
        POOL = redis.BlockingConnectionPool(host="a")  # LMB303
        async def main(event):
            async with redis.Redis(connection_pool=POOL) as client:
                return (await client.get("a")).decode()
    """,
    "a client of a kept pool, in a helper": """
        POOL = redis.ConnectionPool(host="a")  # LMB303
        def connect():
            return redis.Redis(connection_pool=POOL)
        async def main(event):
            return (await connect().get("a")).decode()
    """,
    "a client with a pool of its own": """
        CLIENT = redis.Redis(connection_pool=redis.ConnectionPool(host="a"))  # LMB303
        async def main(event):
            return (await CLIENT.get("a")).decode()
    """,
    "a pipeline": """
        CLIENT = redis.Redis(host="a")  # LMB303
        async def main(event):
            async with CLIENT.pipeline() as pipeline:
                pipeline.set("a", 1)
                await pipeline.execute()
    """,
    "a session of an engine": """
        ENGINE = create_async_engine("postgresql+asyncpg://a")  # LMB303
        async def main(event):
            async with AsyncSession(ENGINE) as session:
                await session.execute(text("SELECT 1"))
    """,
    "a session of a maker": """
        ENGINE = create_async_engine("postgresql+asyncpg://a")  # LMB303
        Session = async_sessionmaker(ENGINE, expire_on_commit=False)
        async def main(event):
            async with Session() as session:
                await session.execute(text("SELECT 1"))
    """,
    "a session of a maker of before": """
        ENGINE = create_async_engine("postgresql+asyncpg://a")  # LMB303
        Session = sessionmaker(bind=ENGINE, class_=AsyncSession)
        async def main(event):
            async with Session() as session:
                await session.execute(text("SELECT 1"))
    """,
    "a cursor in async for": """
        CLIENT = AsyncIOMotorClient("mongodb://a")  # LMB303
        async def main(event):
            async for order in CLIENT.shop.orders.find({}):
                print(order)
    """,
    "a cursor in a comprehension": """
        ORDERS = AsyncIOMotorClient("mongodb://a")["shop"]["orders"]  # LMB303
        async def main(event):
            return [str(order["_id"]) async for order in ORDERS.find({})]
    """,
    "a cursor, to_list": """
        CLIENT = AsyncIOMotorClient("mongodb://a")  # LMB303
        async def main(event):
            return len(await CLIENT.shop.orders.find({}).to_list(None))
    """,
    "a connection of websockets": """
        CONNECTION = None
        async def main(event):
            global CONNECTION
            if CONNECTION is None:
                CONNECTION = await websockets.connect("ws://a")  # LMB303
            await CONNECTION.send("a")
    """,
}

GOOD = {
    "a client of a pool of the invocation": """
        async def main(event):
            pool = redis.ConnectionPool(host="a")
            client = redis.Redis(connection_pool=pool)
            return (await client.get("a")).decode()
    """,
    "a client that closes its pool": """
        POOL = redis.ConnectionPool.from_url("redis://a")
        async def main(event):
            async with redis.Redis.from_pool(POOL) as client:
                return (await client.get("a")).decode()
    """,
    "a pool that is disconnected": """
        POOL = redis.ConnectionPool.from_url("redis://a")
        async def main(event):
            client = redis.Redis(connection_pool=POOL)
            try:
                return (await client.get("a")).decode()
            finally:
                await POOL.disconnect()
    """,
    "a client whose pool is disconnected": """
        CLIENT = redis.Redis(host="a")
        async def main(event):
            try:
                return (await CLIENT.get("a")).decode()
            finally:
                await CLIENT.connection_pool.disconnect()
    """,
    "a client in a with": """
        CLIENT = redis.Redis(host="a")
        async def main(event):
            async with CLIENT as client:
                return (await client.get("a")).decode()
    """,
    "a session of an engine of the invocation": """
        async def main(event):
            engine = create_async_engine("postgresql+asyncpg://a")
            async with AsyncSession(engine) as session:
                await session.execute(text("SELECT 1"))
            await engine.dispose()
    """,
    "a maker without an engine": """
        Session = async_sessionmaker(expire_on_commit=False)
        async def main(event):
            engine = create_async_engine("postgresql+asyncpg://a")
            async with Session(bind=engine) as session:
                await session.execute(text("SELECT 1"))
            await engine.dispose()
    """,
    "an engine that is disposed of": """
        ENGINE = create_async_engine("postgresql+asyncpg://a")
        Session = async_sessionmaker(ENGINE)
        async def main(event):
            async with Session() as session:
                await session.execute(text("SELECT 1"))
            await ENGINE.dispose()
    """,
    "an engine of aiosqlite": """
        ENGINE = create_async_engine("sqlite+aiosqlite:///a.db")
        Session = async_sessionmaker(ENGINE)
        async def main(event):
            async with Session() as session:
                await session.execute(text("SELECT 1"))
    """,
    "an engine of psycopg": """
        ENGINE = create_async_engine("postgresql+psycopg://a")
        async def main(event):
            async with AsyncSession(ENGINE) as session:
                await session.execute(text("SELECT 1"))
    """,
    "a cursor of a client of the invocation": """
        async def main(event):
            client = AsyncIOMotorClient("mongodb://a")
            async for order in client.shop.orders.find({}):
                print(order)
    """,
    "a connection of psycopg": """
        import psycopg
        CONNECTION = None
        async def main(event):
            global CONNECTION
            if CONNECTION is None:
                CONNECTION = await psycopg.AsyncConnection.connect("")
            await CONNECTION.execute("SELECT 1")
    """,
    "a connection of websockets for each": """
        async def main(event):
            async with websockets.connect("ws://a") as connection:
                await connection.send("a")
    """,
}


def source(body):
    return HEAD + textwrap.dedent(body) + TAIL


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    assert_marked(source(BAD[name]))


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert_marked(source(GOOD[name]))


def test_message():
    (found,) = violations(source(BAD["a session of a maker"]).lstrip("\n"))
    assert found.text == (
        "`ENGINE` (sqlalchemy.ext.asyncio.AsyncEngine) is kept, but belongs to one event "
        "loop; the second invocation has another one and fails at `session.execute()` "
        "(line 15); make it in the coroutine"
    )


def test_dropped_coroutines_of_the_new_tables():
    assert_marked(
        """
        import psycopg
        import websockets

        async def main(url):
            async with await psycopg.AsyncConnection.connect(url) as connection:
                connection.commit()  # LMB201
                await connection.commit()
            async with websockets.connect(url) as socket:
                socket.send("a")  # LMB201
                await socket.send("a")
        """
    )
