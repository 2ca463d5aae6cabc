"""Methods of objects that generators, contexts, tables and singletons give."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.support import assert_marked

REPO = """\
from __future__ import annotations

from abc import ABC
from abc import abstractmethod
from typing import Generic
from typing import TypeVar

T = TypeVar("T")


class Repo(ABC, Generic[T]):
    @abstractmethod
    async def save(self, item: T) -> None: ...

    def load(self, key) -> T: ...


class UserRepo(Repo[int]):
    async def find(self, name):
        return await connect(name)


class Users(UserRepo):
    async def save(self, item):
        await connect(item)
"""

HEAD = """\
from __future__ import annotations

import contextlib
import typing
from contextlib import contextmanager

from repo import Repo, UserRepo, Users

"""

#: One call in each, in place of `CALL`, with or without its `await`.
SHAPES = {
    "a base with a type in brackets": """
        async def work(repo: UserRepo):
            CALL(repo.save(1))
    """,
    "a derived class of its own": """
        class Special(Repo[str]):
            async def run(self):
                CALL(self.save("x"))
    """,
    "super() of a base with a type": """
        class Special(Repo[str]):
            async def save(self, item):
                CALL(super().save(item))
    """,
    "an annotation with a type": """
        async def work(repo: Repo[int]):
            CALL(repo.save(1))
    """,
    "an object of a class with a type": """
        async def work():
            repo = Users()
            CALL(repo.save(1))
    """,
    "what a generator gives": """
        def opened(names):
            for name in names:
                yield Users()

        async def work(names):
            for repo in opened(names):
                CALL(repo.save(1))
    """,
    "what a generator gives, by its annotation": """
        def opened(names) -> typing.Iterator[Repo]:
            yield from connect(names)

        async def work(names):
            for repo in opened(names):
                CALL(repo.save(1))
    """,
    "what a generator method gives": """
        class Pool:
            def repos(self):
                yield Users()

        async def work(pool: Pool):
            for repo in pool.repos():
                CALL(repo.save(1))
    """,
    "what an async generator gives": """
        async def opened(names):
            for name in names:
                yield Users()

        async def work(names):
            async for repo in opened(names):
                CALL(repo.save(1))
    """,
    "what an async generator gives, by its annotation": """
        async def opened(names) -> typing.AsyncIterator[Repo]:
            yield await connect(names)

        async def work(names):
            async for repo in opened(names):
                CALL(repo.save(1))
    """,
    "what an object gives in async for": """
        class Pool:
            async def __aiter__(self) -> typing.AsyncIterator[Repo]:
                yield await connect("pool")

        async def work(pool: Pool):
            async for repo in pool:
                CALL(repo.save(1))
    """,
    "what a context manager gives": """
        @contextmanager
        def lent(name):
            repo = Users()
            try:
                yield repo
            finally:
                print("closed")

        async def work(name):
            with lent(name) as repo:
                CALL(repo.save(1))
    """,
    "what a context manager gives, by its annotation": """
        @contextlib.contextmanager
        def lent(name) -> typing.Iterator[Repo]:
            yield connect(name)

        async def work(name):
            with lent(name) as repo:
                CALL(repo.save(1))
    """,
    "what a method that is a context manager gives": """
        class Pool:
            @contextmanager
            def lent(self) -> typing.Generator[Repo, None, None]:
                yield connect(self)

            async def work(self):
                with self.lent() as repo:
                    CALL(repo.save(1))
    """,
    "a singleton": """
        class Only(Users):
            _instance = None

            def __new__(cls, *args, **kwargs):
                if cls._instance is None:
                    cls._instance = super().__new__(cls)
                return cls._instance

        async def work():
            CALL(Only().save(1))
    """,
    "a singleton with a lock": """
        class Only(Users):
            _instance = None

            def __new__(cls):
                with LOCK:
                    if not cls._instance:
                        instance = object.__new__(cls)
                        cls._instance = instance
                return cls._instance

        async def work():
            only = Only()
            CALL(only.save(1))
    """,
    "a singleton by its metaclass": """
        class Singleton(type):
            _instances = {}

            def __call__(cls, *args, **kwargs):
                if cls not in cls._instances:
                    cls._instances[cls] = super().__call__(*args, **kwargs)
                return cls._instances[cls]

        class Only(metaclass=Singleton):
            async def save(self, item): ...

        ONLY = Only()

        async def work():
            CALL(ONLY.save(1))
    """,
    "a table that functions fill under names of their own": """
        TOOLS = {}

        def tool(function):
            TOOLS[function.__name__] = function
            return function

        @tool
        async def save(item): ...

        @tool
        async def find(item): ...

        async def work(name):
            CALL(TOOLS[name](1))
    """,
    "a called object with keywords": """
        class Tool:
            async def __call__(self, **options): ...

        async def work(tool: Tool, **options):
            CALL(tool(**options))
    """,
    "positional arguments of a class": """
        async def work(*repos: Repo):
            for repo in repos:
                CALL(repo.save(1))
    """,
    "positional arguments that an object keeps": """
        class Pool:
            def __init__(self, *repos: Repo):
                self.repos = repos

            async def work(self):
                for repo in self.repos:
                    CALL(repo.save(1))
    """,
}


def source(shape: str, call: str, mark: str = "") -> str:
    text = HEAD + textwrap.dedent(SHAPES[shape])
    return re.sub(
        r"CALL\((.*)\)$", lambda found: f"{call}{found[1]}{mark}", text, flags=re.M
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dropped_coroutine_is_found(shape):
    assert_marked({"repo.py": REPO, "app.py": source(shape, "", "  # LMB201")})


@pytest.mark.parametrize("shape", SHAPES)
def test_an_awaited_one_is_fine(shape):
    assert_marked({"repo.py": REPO, "app.py": source(shape, "await ")})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_method_that_is_not_async_is_fine(shape):
    files = {"repo.py": REPO, "app.py": source(shape, "")}
    for method in ("__call__", "find", "save"):
        files = {
            path: text.replace(f"async def {method}(", f"def {method}(")
            for path, text in files.items()
        }
    assert_marked(files)


#: What looks the same, and gives objects of which nothing is known.
UNKNOWN = {
    "a class whose brackets give something else": """
        class Repos:
            def __class_getitem__(cls, name):
                return connect(name)

            async def save(self, item): ...

        async def work():
            Repos["users"]().save(1)
    """,
    "an enumeration": """
        import enum

        class Kind(enum.Enum):
            ONE = 1

            async def save(self, item): ...

        async def work(name):
            Kind[name]().save(1)
    """,
    "a class that gives something else": """
        class Only:
            def __new__(cls):
                return connect("only")

            async def save(self, item): ...

        async def work():
            Only().save(1)
    """,
    "a metaclass that gives something else": """
        class Meta(type):
            def __call__(cls, *args):
                return connect(cls)

        class Only(metaclass=Meta):
            async def save(self, item): ...

        async def work():
            Only().save(1)
    """,
    "a generator of several kinds": """
        def opened(names):
            yield Users()
            yield connect(names)

        async def work(names):
            for repo in opened(names):
                repo.save(1)
    """,
    "a context that gives another kind": """
        class Pool:
            def __enter__(self):
                return connect(self)

            def __exit__(self, *error): ...

            async def save(self, item): ...

        async def work(pool: Pool):
            with pool as repo:
                repo.save(1)
    """,
    "a table of which one function is not async": """
        TOOLS = {}

        def tool(function):
            TOOLS[function.__name__] = function
            return function

        @tool
        async def save(item): ...

        @tool
        def find(item): ...

        async def work(name):
            TOOLS[name](1)
    """,
    "a table that others fill": """
        TOOLS = {}

        def fill(tools):
            for name in tools:
                TOOLS[name] = tools[name]

        async def save(item): ...

        TOOLS["save"] = save
        fill(connect("tools"))

        async def work(name):
            TOOLS[name](1)
    """,
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_of_others_nothing_is_said(text):
    assert_marked({"repo.py": REPO, "app.py": HEAD + textwrap.dedent(text)})


PLAIN = """\
from abc import ABC


class Session(ABC):
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error): ...

    async def __aiter__(self):
        yield 1

"""

#: Uses of a class that works with `async` only.
ONLY_ASYNC = {
    "with": """
        def lambda_handler(event, context):
            with Session() as session:  # LMB201
                return {}
    """,
    "with a parameter": """
        async def work(session: Session):
            with session:  # LMB201
                print("work")
    """,
    "for": """
        async def work(session: Session):
            for item in session:  # LMB201
                print(item)
    """,
    "a comprehension": """
        async def work(session: Session):
            return [item for item in session]  # LMB201
    """,
    "async with": """
        async def work(session: Session):
            async with session:
                async for item in session:
                    print(item)
    """,
    "a class that has both": """
        class Both(Session):
            def __enter__(self): ...

            def __exit__(self, *error): ...

            def __iter__(self):
                return iter(())

        async def work(session: Both):
            with session:
                for item in session:
                    print(item)
    """,
    "a derived class that has both": """
        class Both(Session):
            def __enter__(self): ...

            def __exit__(self, *error): ...

            def __iter__(self):
                return iter(())

        async def work(session: Session):
            with session:
                for item in session:
                    print(item)
    """,
    "a base from outside": """
        from lib import Base

        class Mixed(Session, Base): ...

        async def work(session: Mixed):
            with session:
                print("work")
    """,
    "items by number": """
        class Items(Session):
            def __getitem__(self, index): ...

        async def work(items: Items):
            for item in items:
                print(item)
    """,
    "one of two": """
        async def work(session: Session | None, other):
            with session or other:
                print("work")
    """,
}


@pytest.mark.parametrize("text", ONLY_ASYNC.values(), ids=ONLY_ASYNC)
def test_objects_that_need_async(text):
    assert_marked(PLAIN + textwrap.dedent(text))
