"""LMB302 on clients, connections and pools that outlive the invocation that closes them.

What has no server here is not run: connections of psycopg2, psycopg and asyncpg.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio
import functools
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.dummy import Pool

import aiohttp
import httpx

def answer(request):
    return httpx.Response(200, text="ok")

"""

#: The source, and the error of the second invocation.
BAD = {
    "httpx client in a with": (
        """
        CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            with CLIENT as client:  # LMB302
                return client.get("http://a").text
        """,
        "Cannot reopen a client instance, once it has been closed.",
    ),
    "httpx client, close": (
        """
        CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            try:
                return CLIENT.get("http://a").text
            finally:
                CLIENT.close()  # LMB302
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "httpx client in closing": (
        """
        CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            with closing(CLIENT) as client:  # LMB302
                return client.get("http://a").text
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "httpx client, made lazily in a getter": (
        """
        CLIENT = None
        def get_client():
            global CLIENT
            if CLIENT is None:
                CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
            return CLIENT
        def lambda_handler(event, context):
            with get_client() as client:  # LMB302
                return client.get("http://a").text
        """,
        "Cannot reopen a client instance, once it has been closed.",
    ),
    "httpx client of a cached function": (
        """
        @functools.cache
        def get_client():
            return httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            text = get_client().get("http://a").text
            get_client().close()  # LMB302
            return text
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "httpx client, left where a name has put it": (
        """
        CACHE = {}
        def get_client():
            if "client" not in CACHE:
                client = httpx.Client(transport=httpx.MockTransport(answer))
                CACHE["client"] = client
            return CACHE["client"]
        def lambda_handler(event, context):
            text = get_client().get("http://a").text
            CACHE["client"].close()  # LMB302
            return text
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "httpx client of a kept object": (
        """
        class Api:
            def __init__(self):
                self.client = httpx.Client(transport=httpx.MockTransport(answer))
            def load(self):
                with self.client as client:  # LMB302
                    return client.get("http://a").text
        API = Api()
        def lambda_handler(event, context):
            return API.load()
        """,
        "Cannot reopen a client instance, once it has been closed.",
    ),
    "async httpx client, aclose": (
        """
        CLIENT = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        async def main():
            response = await CLIENT.get("http://a")
            await CLIENT.aclose()  # LMB302
            return response.text
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "async httpx client in an async with": (
        """
        CLIENT = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        async def main():
            async with CLIENT as client:  # LMB302
                return (await client.get("http://a")).text
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Cannot reopen a client instance, once it has been closed.",
    ),
    "async httpx client that its owner closes": (
        """
        class Api:
            def __init__(self):
                self.client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
            async def __aenter__(self):
                return self
            async def __aexit__(self, *error):
                await self.client.aclose()  # LMB302
            async def load(self):
                return (await self.client.get("http://a")).text
        API = Api()
        async def main():
            async with API as api:
                return await api.load()
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Cannot send a request, as the client has been closed.",
    ),
    "aiohttp session, made lazily, in a with": (
        """
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()
            async with SESSION as session:  # LMB302
                try:
                    return (await session.get("http://127.0.0.1:9")).status
                except aiohttp.ClientError:
                    return 0
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Session is closed",
    ),
    "aiohttp session, made lazily": (
        """
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None:
                SESSION = aiohttp.ClientSession()
            try:
                async with SESSION.get("http://127.0.0.1:9") as response:
                    return response.status
            except aiohttp.ClientError:
                return 0
            finally:
                await SESSION.close()  # LMB302
        def lambda_handler(event, context):
            return asyncio.run(main())
        """,
        "Session is closed",
    ),
    "connection of sqlite3": (
        """
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            cursor = CONNECTION.cursor()
            rows = cursor.execute("select 1").fetchall()
            CONNECTION.close()  # LMB302
            return rows
        """,
        "Cannot operate on a closed database.",
    ),
    "connection, closed when it fails": (
        """
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            try:
                return CONNECTION.execute("select nothing").fetchall()
            except sqlite3.OperationalError:
                CONNECTION.close()  # LMB302
        """,
        "Cannot operate on a closed database.",
    ),
    "pool of threads in a with": (
        """
        POOL = ThreadPoolExecutor()
        def lambda_handler(event, context):
            with POOL as pool:  # LMB302
                return list(pool.map(str, [1, 2]))
        """,
        "cannot schedule new futures after shutdown",
    ),
    "pool of threads, shutdown": (
        """
        POOL = ThreadPoolExecutor()
        def lambda_handler(event, context):
            found = POOL.submit(str, 1).result()
            POOL.shutdown()  # LMB302
            return found
        """,
        "cannot schedule new futures after shutdown",
    ),
    "pool of multiprocessing": (
        """
        POOL = Pool(2)
        def lambda_handler(event, context):
            found = POOL.map(str, [1, 2])
            POOL.close()  # LMB302
            POOL.join()
            return found
        """,
        "Pool not running",
    ),
}

GOOD = {
    "httpx client, taken out of where a name has put it": """
        CACHE = {}
        def get_client():
            if "client" not in CACHE:
                client = httpx.Client(transport=httpx.MockTransport(answer))
                CACHE["client"] = client
            return CACHE["client"]
        def lambda_handler(event, context):
            text = get_client().get("http://a").text
            CACHE.pop("client").close()
            return text
    """,
    "httpx client of the invocation, in a with": """
        def lambda_handler(event, context):
            with httpx.Client(transport=httpx.MockTransport(answer)) as client:
                return client.get("http://a").text
    """,
    "httpx client, never closed": """
        CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            return CLIENT.get("http://a").text
    """,
    "httpx client in closing, of the invocation": """
        def lambda_handler(event, context):
            client = httpx.Client(transport=httpx.MockTransport(answer))
            with closing(client):
                return client.get("http://a").text
    """,
    "httpx client, made anew when it is closed": """
        CLIENT = None
        def get_client():
            global CLIENT
            if CLIENT is None or CLIENT.is_closed:
                CLIENT = httpx.Client(transport=httpx.MockTransport(answer))
            return CLIENT
        def lambda_handler(event, context):
            with get_client() as client:
                return client.get("http://a").text
    """,
    "httpx client of a cached function that is cleared": """
        @functools.cache
        def get_client():
            return httpx.Client(transport=httpx.MockTransport(answer))
        def lambda_handler(event, context):
            text = get_client().get("http://a").text
            get_client().close()
            get_client.cache_clear()
            return text
    """,
    "httpx client of an object of the invocation": """
        class Api:
            def __init__(self):
                self.client = httpx.Client(transport=httpx.MockTransport(answer))
            def load(self):
                with self.client as client:
                    return client.get("http://a").text
        def lambda_handler(event, context):
            return Api().load()
    """,
    "async httpx client, let go": """
        CLIENT = None
        async def main():
            global CLIENT
            if CLIENT is None:
                CLIENT = httpx.AsyncClient(transport=httpx.MockTransport(answer))
            response = await CLIENT.get("http://a")
            await CLIENT.aclose()
            CLIENT = None
            return response.text
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "async httpx client in an async with, of the invocation": """
        async def main():
            async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
                return (await client.get("http://a")).text
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "async httpx client that its owner opens and closes": """
        class Api:
            async def __aenter__(self):
                self.client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
                return self
            async def __aexit__(self, *error):
                await self.client.aclose()
            async def load(self):
                return (await self.client.get("http://a")).text
        API = Api()
        async def main():
            async with API as api:
                return await api.load()
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "aiohttp session, made each time, in a with": """
        async def main():
            async with aiohttp.ClientSession() as session:
                try:
                    return (await session.get("http://127.0.0.1:9")).status
                except aiohttp.ClientError:
                    return 0
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "aiohttp session, asked whether it is closed": """
        SESSION = None
        async def main():
            global SESSION
            if SESSION is None or SESSION.closed:
                SESSION = aiohttp.ClientSession()
            try:
                async with SESSION.get("http://127.0.0.1:9") as response:
                    return response.status
            except aiohttp.ClientError:
                return 0
            finally:
                await SESSION.close()
        def lambda_handler(event, context):
            return asyncio.run(main())
    """,
    "connection of sqlite3, whose with is a transaction": """
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            with CONNECTION:
                return CONNECTION.execute("select 1").fetchall()
    """,
    "connection, made anew when it fails": """
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            global CONNECTION
            try:
                return CONNECTION.execute("select nothing").fetchall()
            except sqlite3.OperationalError:
                CONNECTION.close()
                CONNECTION = sqlite3.connect(":memory:")
    """,
    "cursor of a kept connection": """
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            with closing(CONNECTION.cursor()) as cursor:
                return cursor.execute("select 1").fetchall()
    """,
    "pool of threads of the invocation": """
        def lambda_handler(event, context):
            with ThreadPoolExecutor() as pool:
                return list(pool.map(str, [1, 2]))
    """,
    "pool of multiprocessing, closed by nobody": """
        POOL = Pool(2)
        def lambda_handler(event, context):
            return POOL.map(str, [1, 2])
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("name", BAD)
def test_bad(name):
    source, error = BAD[name]
    source = HEAD + textwrap.dedent(source)
    assert "LMB302" in source
    assert_marked(source)
    (found,) = violations(source)
    assert "; the second invocation raises " in found.text
    assert f"Error: {error.rstrip('.')}; make it in the handler, or" in found.text


@pytest.mark.parametrize("name", GOOD)
def test_good(name):
    assert "LMB" not in GOOD[name]
    assert_marked(HEAD + textwrap.dedent(GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_bad_under_the_runtime(name):
    source, error = BAD[name]
    first, second, third = invoke(HEAD + textwrap.dedent(source), events=[{}] * 3)
    assert first.ok
    assert error in str(second.error_message)
    assert error in str(third.error_message)


@pytest.mark.parametrize("name", GOOD)
def test_good_under_the_runtime(name):
    outcomes = invoke(HEAD + textwrap.dedent(GOOD[name]), events=[{}] * 3)
    assert len(outcomes) == 3 and outcomes.ok


#: The server that these need is not here: how each is made, and what is said.
CONNECTIONS = {
    "psycopg2.connect('')": "connection already closed",
    "psycopg.connect('')": "the connection is closed",
    "pymysql.connect()": "(0, '')",
    "mysql.connector.connect()": "MySQL Connection not available",
}


@pytest.mark.parametrize("made", CONNECTIONS)
def test_connections_of_databases(made):
    source = f"""
        import {made.rpartition(".")[0]}
        connection = {made}
        def lambda_handler(event, context):
            with connection.cursor() as cursor:
                cursor.execute("select 1")
            connection.close()  # LMB302
            return {{}}
    """
    assert_marked(source)
    (found,) = violations(source)
    assert f"Error: {CONNECTIONS[made]}; " in found.text


@pytest.mark.parametrize("opens", ["connect", "open", "ping", "reconnect"])
def test_connections_that_are_opened_again(opens):
    for name, mark in ((opens, ""), ("commit", "  # LMB302")):
        assert_marked(
            f"""
            import mysql.connector
            connection = mysql.connector.connect()
            def lambda_handler(event, context):
                connection.{name}()
                connection.cursor()
                connection.close(){mark}
            """
        )


@pytest.mark.parametrize("made", CONNECTIONS)
def test_connections_that_the_end_of_a_with_closes(made):
    mark = "" if made.startswith("psycopg2") else "  # LMB302"  # that commits
    assert_marked(f"""
        import {made.rpartition(".")[0]}
        CONNECTION = {made}
        def lambda_handler(event, context):
            with CONNECTION:{mark}
                CONNECTION.cursor().execute("select 1")
            return {{}}
    """)


@pytest.mark.parametrize(
    "call", ["ping(reconnect=True)", "reconnect()", "ping()", "connect()"]
)
def test_connections_that_are_opened_again(call):
    assert_marked(f"""
        import pymysql
        connection = pymysql.connect()
        def lambda_handler(event, context):
            connection.{call}
            with connection.cursor() as cursor:
                cursor.execute("select 1")
            connection.close()
            return {{}}
    """)


def test_message():
    (found,) = violations("""
        import sqlite3
        CONNECTION = sqlite3.connect(":memory:")
        def lambda_handler(event, context):
            rows = CONNECTION.execute("select 1").fetchall()
            CONNECTION.close()
            return rows
    """)
    assert found.text == (
        "connection `CONNECTION` from line 2 outlives the invocation and is closed; the "
        "second invocation raises ProgrammingError: Cannot operate on a closed database; "
        "make it in the handler, or leave it open"
    )


def test_the_default_of_a_parameter_has_its_name():
    found = violations("""
        import httpx
        def lambda_handler(event, context, one=httpx.Client(), *, two=httpx.Client()):
            one.close()
            two.close()
            return [one.get("http://a").text, two.get("http://a").text]
    """)
    told = [one.text.partition(" from ")[0] for one in found]
    assert told == ["client `one`", "client `two`"]


def test_made_in_another_file():
    assert_marked(
        {
            "db.py": """
                import sqlite3
                connection = sqlite3.connect(":memory:")
                def finish():
                    connection.commit()
                    connection.close()
            """,
            "app.py": """
                from db import connection
                from db import finish
                def lambda_handler(event, context):
                    rows = connection.execute("select 1").fetchall()
                    finish()  # LMB302
                    return rows
            """,
        }
    )


def test_only_one_of_two_is_closed():
    assert_marked("""
        import httpx
        ONE, TWO = httpx.Client(), httpx.Client()
        def lambda_handler(event, context):
            client = ONE if event.get("one") else TWO
            client.get("http://a")
            client.close()
            return {}
    """)
