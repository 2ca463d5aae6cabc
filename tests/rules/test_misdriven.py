"""LMB201 on what `await`, `async for` and `async with` refuse."""

from __future__ import annotations

import asyncio
import inspect
import textwrap
from typing import Any

import pytest

from tests.support import assert_marked
from tests.support import violations

STORE = """
import asyncio
import contextlib

class Store:
    async def pages(self):
        yield [1]
    async def items(self):
        await asyncio.sleep(0)
        return [1]
    async def session(self):
        return self
    @contextlib.asynccontextmanager
    async def opened(self):
        yield self

def plain():
    return None

store = Store()
"""

BAD = {
    "what a plain function gives": """
        def save(key):
            print(key)
        async def main():
            await save(1)  # LMB201
    """,
    "what a plain method gives": """
        class Cache:
            def __init__(self):
                self.held = {}
            def put(self, key):
                self.held[key] = 1
            def all(self):
                return {"a": 1}
        async def main():
            cache = Cache()
            print(await cache.all())  # LMB201
            await cache.put(1)  # LMB201
    """,
    "an async generator is awaited": """
        async def main():
            return await store.pages()  # LMB201
    """,
    "one that a name holds is awaited": """
        async def main():
            pages = store.pages()
            return await pages  # LMB201
    """,
    "a parameter's": """
        async def load(store: Store):
            return await store.pages()  # LMB201
        async def main():
            return await load(store)
    """,
    "an object's own": """
        class Shop(Store):
            async def load(self):
                return await self.pages()  # LMB201
        async def main():
            return await Shop().load()
    """,
    "what awaiting one gives would be iterated": """
        async def main():
            async for page in await store.pages():  # LMB201
                print(page)
    """,
    "`async for` over a coroutine": """
        async def main():
            async for item in store.items():  # LMB201
                print(item)
    """,
    "so in a comprehension": """
        async def main():
            return [item async for item in store.items()]  # LMB201
    """,
    "a coroutine is entered": """
        async def main():
            async with store.session() as session:  # LMB201
                return session
    """,
    "so is a generator that is no context manager": """
        async def opened():
            yield 1
        async def main():
            async with opened() as it:  # LMB201
                return it
    """,
    "an async function is not called": """
        async def load():
            return 1
        async def main():
            return await load  # LMB201
    """,
    "neither is a method": """
        async def main():
            return len(await store.items)  # LMB201
    """,
    "either of two": """
        async def main():
            pages = store.pages() if store else Store().pages()
            return await pages  # LMB201
    """,
}

GOOD = {
    "a plain method that derived classes make async": """
        class Base:
            def ready(self):
                pass
            def told(self):
                return {}
            async def run(self):
                await self.ready()
                return await self.told()
        class Shop(Base):
            async def ready(self):
                print("ready")
            async def told(self):
                return {}
        async def main():
            await Shop().run()
    """,
    "a plain function that gives a coroutine, or sometimes none": """
        def pages(key=None):
            return store.items()
        def made(key=None):
            if key:
                return None
            return asyncio.ensure_future(store.items())
        async def main():
            await pages()
            await made()
    """,
    "a function that is defined twice": """
        try:
            from vendor import load
        except ImportError:
            load = store.items
        if store:
            def save():
                return asyncio.sleep(0)
        else:
            def save():
                return None
        async def main():
            await load()
            await save()
    """,
    "a decorator that makes it async": """
        import functools
        def in_thread(function):
            @functools.wraps(function)
            async def wrapper(*args):
                return await asyncio.to_thread(function, *args)
            return wrapper
        @in_thread
        def save(key):
            print(key)
        async def main():
            await save(1)
    """,
    "each with its own": """
        async def main():
            async for page in store.pages():
                print(page)
            async with store.opened() as opened:
                print(opened)
            return [item for item in await store.items()]
    """,
    "the next of a generator": """
        async def main():
            pages = store.pages()
            return await pages.__anext__(), await anext(pages, None)
    """,
    "a coroutine that gives a generator": """
        async def load():
            return store.pages()
        async def main():
            async for page in await load():
                print(page)
    """,
    "a coroutine that gives a context manager": """
        async def load():
            return store.opened()
        async def main():
            async with await load() as it:
                return it
    """,
    "a base class that only says what there is": """
        class Base:
            async def pages(self):
                raise NotImplementedError
            async def show(self):
                async for page in self.pages():
                    print(page)
        class Shop(Base):
            async def pages(self):
                yield [1]
        async def main():
            await Shop().show()
    """,
    "a base class that gives nothing": """
        class Base:
            async def pages(self):
                return None
            async def show(self):
                async for page in self.pages():
                    print(page)
        class Shop(Base):
            async def pages(self):
                yield [1]
        async def main():
            await Shop().show()
    """,
    "a derived class that has a coroutine in its place": """
        class Shop(Store):
            async def load(self):
                return await self.pages()
        class Small(Shop):
            async def pages(self):
                return [1]
        async def main():
            await Small().load()
    """,
    "what asks": """
        import inspect
        async def run(function):
            result = function()
            if inspect.isasyncgen(result):
                return [one async for one in result]
            return await result
        async def main():
            return await run(store.pages), await run(store.items)
    """,
    "an object that is both": """
        class Request:
            def __await__(self):
                return asyncio.sleep(0).__await__()
            async def __aenter__(self):
                return self
            async def __aexit__(self, *error):
                pass
        def get():
            return Request()
        async def main():
            await get()
            async with get():
                pass
    """,
    "a property that gives a coroutine": """
        class Shop(Store):
            @property
            async def total(self):
                return 1
        async def main():
            return await Shop().total
    """,
    "a function that another name hides": """
        async def load():
            return 1
        async def main():
            load = asyncio.ensure_future(asyncio.sleep(0))
            return await load
    """,
    "one of two": """
        async def main(pages=None):
            pages = pages or asyncio.sleep(0)
            return await pages
    """,
    "a test that expects it": """
        import pytest
        async def main():
            with pytest.raises(TypeError):
                await store.pages()
    """,
    "a test that replaces it": """
        from unittest import mock
        async def main():
            with mock.patch.object(Store, "pages", mock.AsyncMock()):
                return await store.pages()
    """,
    "a test that replaces it of one object": """
        from unittest import mock
        async def main():
            store = Store()
            store.pages = mock.AsyncMock()
            return await store.pages()
    """,
}


def run(source: str) -> Any:
    names: dict[str, Any] = {}
    exec(STORE + textwrap.dedent(source), names)
    main = names["main"]
    assert inspect.iscoroutinefunction(main)
    return asyncio.run(main())


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    run(source)
    assert_marked(STORE + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    # Entering raised an `AttributeError` up to Python 3.10.
    with pytest.raises((AttributeError, TypeError)):
        run(source)
    assert "LMB201" in source
    assert_marked(STORE + textwrap.dedent(source))


MESSAGES = {
    "await plain()": (
        "what the plain function `plain` (line 16) gives is awaited, which raises "
        "TypeError; call it without `await`, or declare it as `async def`"
    ),
    "await store.pages()": (
        "`store.pages()` gives an async generator, which `await` refuses; iterate it "
        "with `async for`"
    ),
    "await store.items": (
        "function `items` is not called, and `await` refuses it; call it: `items(...)`"
    ),
    "[one async for one in store.items()]": (
        "`store.items()` gives a coroutine, which `async for` refuses; `await` it "
        "first: `async for ... in await`, or a plain `for`"
    ),
}


@pytest.mark.parametrize("expression", MESSAGES)
def test_message(expression):
    [violation] = violations(f"{STORE}\nasync def main():\n    {expression}\n")
    assert violation.text == MESSAGES[expression]
