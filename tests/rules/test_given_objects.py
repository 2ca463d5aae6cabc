"""Methods of objects that generators, contexts, tables and singletons give."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import with_calls

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

import asyncio
import contextlib
import typing
from contextlib import contextmanager

from repo import Repo, T, TypeVar, UserRepo, Users

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
    "what gather gives": """
        async def load(name) -> Repo:
            return await connect(name)

        async def work(names):
            for repo in await asyncio.gather(*[load(name) for name in names]):
                CALL(repo.save(1))
    """,
    "what gather gives, one by one": """
        async def load(name):
            return Users()

        async def work(names):
            one, two = await asyncio.gather(load("one"), asyncio.sleep(1))
            CALL(one.save(1))
    """,
    "what a task of a group gives": """
        async def load(name) -> Repo:
            return await connect(name)

        async def work():
            async with asyncio.TaskGroup() as group:
                task = group.create_task(load("one"))
            CALL(task.result().save(1))
    """,
    "what a container of services gives": """
        class Container:
            def get(self, kind: type[T]) -> T:
                return self.made[kind]

        async def work(container: Container):
            CALL(container.get(Users).save(1))
    """,
    "what a resolver of classes gives": """
        def resolve(name, kind: typing.Type[T] = Repo, default=None) -> T | None:
            return REGISTRY.get(name, default)

        async def work():
            repo = resolve("users", Users)
            if repo is not None:
                CALL(repo.save(1))
    """,
    "what a function gives back": """
        def checked(thing: T) -> T:
            return connect(thing)

        async def work(repo: Repo):
            CALL(checked(repo).save(1))
    """,
    "what a type variable is bound to": """
        R = TypeVar("R", bound=Repo)

        async def work(repo: R) -> R:
            CALL(repo.save(1))
            return repo
    """,
    "what a cast says": """
        async def work(thing):
            repo = typing.cast(Repo, thing)
            CALL(repo.save(1))
    """,
    "what a cast says, in quotes": """
        async def work(things):
            CALL(typing.cast("Repo", things["repo"]).save(1))
    """,
    "what iterating an object gives": """
        class Pool:
            def __init__(self):
                self.repos: list[Repo] = []

            def __iter__(self):
                return iter(self.repos)

        async def work(pool: Pool):
            for repo in pool:
                CALL(repo.save(1))
    """,
    "what iterating an object gives, one by one": """
        class Pool:
            def __iter__(self) -> typing.Iterator[Repo]:
                yield from connect(self)

        async def work(pool: Pool):
            for repo in pool:
                CALL(repo.save(1))
    """,
    "items of a dict of an attribute": """
        class Pool:
            def __init__(self):
                self.repos: dict[str, Repo] = {}

            async def work(self):
                for name, repo in self.repos.items():
                    CALL(repo.save(name))
    """,
    "items that a dict may have": """
        class Pool:
            def __init__(self):
                self.repos: dict[str, list[Repo]] = {}

            async def work(self, name):
                for repo in self.repos.get(name, []):
                    CALL(repo.save(name))
    """,
    "an attribute by a method of another": """
        class Factory:
            def users(self) -> Repo: ...

        class Service:
            def __init__(self, factory: Factory):
                self.factory = factory

            async def open(self):
                self.repo = self.factory.users()

            async def work(self):
                CALL(self.repo.save(1))
    """,
    "an attribute by what is awaited": """
        class Factory:
            async def users(self) -> Repo: ...

        class Service:
            def __init__(self, factory: Factory):
                self.factory = factory
                self.repo = None

            async def open(self):
                self.repo = await self.factory.users()

            async def work(self):
                CALL(self.repo.save(1))
    """,
    "an attribute by a local name": """
        class Service:
            async def open(self):
                made = Users()
                self.repo = made

            async def work(self):
                CALL(self.repo.save(1))
    """,
    "an attribute of what is given": """
        class Tools:
            repo: Repo

        class Service:
            def __init__(self, tools: Tools):
                self.repo = tools.repo

            async def work(self):
                CALL(self.repo.save(1))
    """,
    "a dict of the module that is filled later": """
        REPOS: dict[str, Repo] = {}

        async def work(name):
            CALL(REPOS[name].save(1))
    """,
    "a dict of the module that is filled by functions": """
        REPOS: dict[str, Repo] = {}

        def add(name):
            REPOS[name] = Users()

        async def work(name):
            repo = REPOS.get(name)
            if repo is not None:
                CALL(repo.save(1))
    """,
    "a list of the module that is filled later": """
        REPOS: typing.List[Repo] = []

        async def work():
            for repo in REPOS:
                CALL(repo.save(1))
    """,
    "the values of a dict of the module": """
        REPOS: dict[str, list[Repo]] = {}

        async def work():
            for repos in REPOS.values():
                for repo in repos:
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
    return with_calls(HEAD + textwrap.dedent(SHAPES[shape]), call, mark)


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
    "a dict of the module of which nothing is said": """
        REPOS = {}

        async def work(name):
            REPOS[name].save(1)
    """,
    "a dict of the module that is said to hold anything": """
        REPOS: dict[str, typing.Any] = {}

        async def work(name):
            REPOS[name].save(1)
    """,
    "a list of a function that stays empty": """
        async def work():
            repos: list[Repo] = []
            for repo in repos:
                repo.save(1)
    """,
    "a dict of the module that is filled with others": """
        REPOS: dict[str, Repo] = {"one": connect("one")}

        async def work(name):
            REPOS[name].save(1)
    """,
    "a resolver of another class": """
        S = TypeVar("S")

        def resolve(kind: type[T]) -> S:
            return REGISTRY[kind]

        async def work():
            resolve(Users).save(1)
    """,
    "what gather may give": """
        async def load(name):
            return connect(name)

        async def work(names):
            for repo in await asyncio.gather(*[load(name) for name in names]):
                repo.save(1)
    """,
    "a class that a function gives": """
        def resolve(name: T) -> type[T]:
            return REGISTRY[name]

        async def work(users: Users):
            resolve(users).save(1)
    """,
    "an attribute by two methods": """
        class Service:
            async def open(self):
                self.repo = Users()

            async def reopen(self):
                self.repo = connect(self)

            async def work(self):
                self.repo.save(1)
    """,
    "an attribute by a name that is bound twice": """
        class Service:
            async def open(self, name):
                made = Users()
                if name:
                    made = connect(name)
                self.repo = made

            async def work(self):
                self.repo.save(1)
    """,
    "an object that is iterated by hand": """
        class Pool:
            def __iter__(self):
                return self

            def __next__(self):
                return connect(self)

        async def work(pool: Pool):
            for repo in pool:
                repo.save(1)
    """,
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


HOOKS = """
from typing import Awaitable, Callable

Hook = Callable[[str], Awaitable[None]]

class Bus:
    def __init__(self):
        self.hooks: dict[str, list[Hook]] = {}

    def on(self, name, hook: Hook):
        self.hooks.setdefault(name, []).append(hook)

    async def fire(self, name):
        for hook in self.hooks.get(name, []):
            hook(name)  # LMB201
"""


GLOBAL_HOOKS = """
from typing import Awaitable, Callable

HOOKS: list[Callable[[str], Awaitable[None]]] = []

def on(hook):
    HOOKS.append(hook)
    return hook

async def fire(name):
    for hook in HOOKS:
        hook(name)  # LMB201
"""


def test_functions_that_a_list_of_the_module_gets():
    assert_marked(GLOBAL_HOOKS)
    assert_marked(GLOBAL_HOOKS.replace("hook(name)  # LMB201", "await hook(name)"))
    plain = GLOBAL_HOOKS.replace("Awaitable[None]", "None").replace("# LMB201", "")
    assert_marked(plain)


def test_functions_that_a_dict_may_have():
    assert_marked(HOOKS)
    assert_marked(HOOKS.replace("hook(name)  # LMB201", "await hook(name)"))
    assert_marked(HOOKS.replace("Awaitable[None]", "None").replace("# LMB201", ""))
