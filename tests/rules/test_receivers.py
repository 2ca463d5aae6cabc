"""Methods of objects whose class only an annotation, a field or a result tells."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import with_calls

REPO = """\
from __future__ import annotations

from abc import ABC
from abc import abstractmethod
from typing import Protocol


class Repo:
    async def save(self, item): ...

    def load(self, key): ...

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error): ...


class Pool:
    async def __aenter__(self) -> Repo:
        return await connect("repo")

    async def __aexit__(self, *error): ...

    def repo(self) -> Repo:
        return REGISTRY["repo"]

    async def lent(self) -> Repo:
        return await connect("repo")


class UnitOfWork(ABC):
    @abstractmethod
    async def commit(self): ...

    @abstractmethod
    def repo(self) -> Repo: ...

    @property
    def first(self) -> Repo:
        return REGISTRY["first"]


class Sender(Protocol):
    async def send(self, message: str) -> None: ...


class SqlUnitOfWork(UnitOfWork):
    async def commit(self):
        await connect("commit")

    def repo(self):
        return connect("repo")


def get_repo() -> Repo:
    return REGISTRY["repo"]


async def open_repo() -> Repo | None:
    return await connect("repo")
"""

HEAD = """\
from __future__ import annotations

import attrs
import contextlib
import dataclasses
import functools
import typing
from dataclasses import dataclass
from typing import Annotated, Any, Optional, Union

from pydantic import BaseModel
from repo import Pool, Repo, Sender, UnitOfWork, get_repo, open_repo

"""

#: One call in each, in place of `CALL`, with or without its `await`.
SHAPES = {
    "a parameter": """
        async def work(repo: Repo):
            CALL(repo.save(1))
    """,
    "a parameter, in quotes": """
        async def work(repo: "Repo"):
            CALL(repo.save(1))
    """,
    "a keyword-only parameter": """
        async def work(*, repo: Repo):
            CALL(repo.save(1))
    """,
    "a parameter that may be none": """
        async def work(repo: Repo | None = None):
            if repo:
                CALL(repo.save(1))
    """,
    "an optional parameter that is there": """
        async def work(repo: Optional[Repo] = None):
            if repo is None:
                return
            CALL(repo.save(1))
    """,
    "a parameter with a default of its own": """
        async def work(repo: Repo = get_repo()):
            CALL(repo.save(1))
    """,
    "an annotated parameter": """
        async def work(repo: Annotated[Repo, "injected"]):
            CALL(repo.save(1))
    """,
    "a parameter of an abstract class": """
        async def work(uow: UnitOfWork):
            CALL(uow.commit())
    """,
    "a parameter of a protocol": """
        async def work(sender: Sender):
            CALL(sender.send("hello"))
    """,
    "what an abstract method gives": """
        async def work(uow: UnitOfWork):
            repo = uow.repo()
            CALL(repo.save(1))
    """,
    "what a property gives": """
        async def work(uow: UnitOfWork):
            CALL(uow.first.save(1))
    """,
    "an attribute from a parameter": """
        class Service:
            def __init__(self, repo: Repo):
                self.repo = repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "attributes of one name in two classes": """
        class Other:
            def __init__(self, repo):
                self.repo = repo

        class Service:
            def __init__(self, repo: Repo) -> None:
                self.repo = repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute with a default": """
        class Service:
            def __init__(self, repo: Repo | None = None):
                self.repo = repo or Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute with a conditional default": """
        class Service:
            def __init__(self, repo: Optional[Repo] = None):
                self.repo = repo if repo is not None else Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute that may be given": """
        class Service:
            def __init__(self, limit, repo=None):
                self.repo = repo or Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute that may be given, by a condition": """
        class Service:
            def __init__(self, *, repo=None):
                self.repo = Repo() if repo is None else repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a parameter that may be given": """
        async def work(item, repo=None):
            repo = repo or Repo()
            CALL(repo.save(item))
    """,
    "a parameter that may be given, by a condition": """
        async def work(item, repo=None):
            if repo is None:
                repo = Repo()
            CALL(repo.save(item))
    """,
    "a field that is there": """
        @dataclass
        class Service:
            repo: Repo | None = None

            def get_repo(self) -> Repo:
                if self.repo is None:
                    raise TypeError("no repo")
                return self.repo

            async def run(self, item):
                CALL(self.get_repo().save(item))
    """,
    "an object of which not all is known": """
        class Special(Repo):
            def __init__(self, **options):
                self.options = options

        async def work(options):
            repo = Special(**options)
            CALL(repo.save(1))
    """,
    "in a loop that never ends": """
        async def work(repo: Repo, queue):
            while True:
                item = queue.get()
                CALL(repo.save(item))
    """,
    "an item of a list": """
        async def work(repos: list[Repo]):
            for repo in repos:
                CALL(repo.save(1))
    """,
    "an item of a sequence, by its place": """
        async def work(repos: typing.Sequence["Repo"]):
            CALL(repos[0].save(1))
    """,
    "a value of a dict": """
        async def work(repos: dict[str, Repo], name):
            repo = repos.get(name)
            if repo is not None:
                CALL(repo.save(1))
    """,
    "the values of a dict": """
        async def work(repos: typing.Mapping[str, Repo]):
            for repo in repos.values():
                CALL(repo.save(1))
    """,
    "an item of an attribute": """
        class Service:
            def __init__(self):
                self.repos: dict[str, Repo] = {}

            def add(self, name, repo):
                self.repos[name] = repo

            async def run(self, name):
                CALL(self.repos[name].save(1))
    """,
    "an attribute of an attribute": """
        class Inner:
            def __init__(self, repo: Repo):
                self.repo = repo

        class Service:
            def __init__(self, inner: Inner):
                self._inner = inner

            async def run(self, item):
                CALL(self._inner.repo.save(item))
    """,
    "an attribute annotated in the class": """
        class Service:
            repo: Repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute annotated where it is assigned": """
        class Service:
            def __init__(self, registry):
                self.repo: Repo = registry["repo"]

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute of a base class": """
        class Base:
            def __init__(self, repo: Repo):
                self.repo = repo

        class Service(Base):
            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set by super": """
        class Base:
            def __init__(self, repo: Repo):
                self.repo = repo

        class Service(Base):
            def __init__(self, repo: Repo, limit):
                super().__init__(repo)
                self.limit = limit

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute made in the constructor": """
        class Service:
            def __init__(self):
                self.repo = Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set by what `async with` gives": """
        class Service:
            def __init__(self):
                self.repo = None

            async def connect(self):
                async with Pool() as repo:
                    self.repo = repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set by a function in a method": """
        class Service:
            def __init__(self):
                self.repo = None

            def connect(self):
                async def inner():
                    self.repo = await Pool().lent()
                return inner()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "attributes that are set together": """
        class Service:
            async def connect(self):
                self.limit, self.repo = 1, await Pool().lent()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set by what may give none": """
        class Service:
            async def connect(self):
                self.repo = await open_repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set from a pair": """
        async def pair():
            return 1, Repo()

        class Service:
            async def connect(self):
                limit, repo = await pair()
                self.repo = repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute set up later": """
        class Service:
            def __init__(self):
                self.repo = None

            async def connect(self):
                self.repo = Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "an attribute closed at the end": """
        class Service:
            def __init__(self, repo: Repo):
                self._repo = repo

            def close(self):
                self._repo = None

            async def run(self, item):
                CALL(self._repo.save(item))
    """,
    "a field of a dataclass": """
        @dataclass
        class Service:
            repo: Repo
            limit: int = 3

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a field of a dataclass with a factory": """
        @dataclasses.dataclass
        class Service:
            repo: Repo = dataclasses.field(default_factory=Repo)

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a field of attrs": """
        @attrs.define
        class Service:
            repo: Repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a field of a model": """
        class Service(BaseModel):
            repo: Repo

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a field of an instance": """
        @dataclass
        class Tools:
            repo: Repo

        async def work(tools: Tools):
            CALL(tools.repo.save(1))
    """,
    "what a factory gives": """
        async def work():
            repo = get_repo()
            CALL(repo.save(1))
    """,
    "what an async factory gives": """
        async def work():
            repo = await open_repo()
            if repo is not None:
                CALL(repo.save(1))
    """,
    "what a method gives": """
        async def work(pool: Pool):
            CALL(pool.repo().save(1))
    """,
    "what an async method gives": """
        async def work(pool: Pool):
            repo = await pool.lent()
            CALL(repo.save(1))
    """,
    "what async with gives: itself": """
        async def work():
            async with Repo() as repo:
                CALL(repo.save(1))
    """,
    "what async with gives: another": """
        async def work(pool: Pool):
            async with pool as repo:
                CALL(repo.save(1))
    """,
    "what an async context manager gives": """
        @contextlib.asynccontextmanager
        async def lent():
            repo = Repo()
            try:
                yield repo
            finally:
                print("closed")

        async def work():
            async with lent() as repo:
                CALL(repo.save(1))
    """,
    "what an annotated async context manager gives": """
        @contextlib.asynccontextmanager
        async def lent() -> typing.AsyncIterator[Repo]:
            yield await connect()

        async def work():
            async with lent() as repo:
                CALL(repo.save(1))
    """,
    "what a method that is a context manager gives": """
        class Service:
            @contextlib.asynccontextmanager
            async def lent(self):
                yield Repo()

            async def run(self):
                async with self.lent() as repo:
                    CALL(repo.save(1))
    """,
    "a variable": """
        async def work(registry):
            repo: Repo = registry["repo"]
            CALL(repo.save(1))
    """,
    "a global": """
        REPO: Repo = REGISTRY["repo"]

        async def work():
            CALL(REPO.save(1))
    """,
    "a cached property": """
        class Service:
            @functools.cached_property
            def repo(self):
                return Repo()

            async def run(self, item):
                CALL(self.repo.save(item))
    """,
    "a name-mangled method": """
        class Service:
            async def __save(self, item): ...

            async def run(self, item):
                CALL(self.__save(item))
    """,
    "a method of the base": """
        class Special(Repo):
            async def save(self, item):
                CALL(super().save(item))
    """,
    "a class method of the own class": """
        class Service:
            @classmethod
            async def load(cls): ...

            @classmethod
            async def run(cls):
                CALL(cls.load())
    """,
    "what isinstance tells": """
        async def work(thing):
            if isinstance(thing, Repo):
                CALL(thing.save(1))
    """,
    "a property that can be set": """
        class Service:
            @property
            def repo(self) -> Repo:
                return load("repo")

            @repo.setter
            def repo(self, repo: Repo) -> None:
                keep("repo", repo)

            def close(self):
                self.repo = None

            async def work(self):
                CALL(self.repo.save(1))
    """,
    "an attribute of a class that its method imports": """
        class Service:
            def __init__(self):
                self.__repo = None

            def connect(self):
                from repo import Repo as Made
                self.__repo = Made()

            @property
            def repo(self):
                return self.__repo

        async def work(service: Service):
            CALL(service.repo.save(1))
    """,
    "an object made from a class that is given": """
        async def work(kind: type[Repo]):
            CALL(kind().save(1))
    """,
}


def source(shape: str, call: str, mark: str = "") -> str:
    return with_calls(HEAD + textwrap.dedent(SHAPES[shape]), call, mark)


#: Where the class of an attribute is not known.
UNTOLD = {
    "what a function in the constructor sets later": """
        class Service:
            def __init__(self):
                self.repo = Repo()

                def set_up(repo):
                    self.repo = repo

                REGISTRY.on_start(set_up)

            async def run(self, item):
                self.repo.save(item)
    """,
    "what a function sets on another object of that name": """
        class Service:
            def __init__(self):
                self.repo = Repo()

            def connect(self):
                def inner(self):
                    self.repo = REGISTRY["repo"]
                return inner

            async def run(self, item):
                self.repo.save(item)
    """,
    "what one of two imports in the method gives": """
        class Service:
            def __init__(self, plain):
                if plain:
                    from plain import Store
                else:
                    from repo import Repo as Store
                self.store = Store()

            async def run(self, item):
                self.store.save(item)
    """,
    "one of the parts of what is not known": """
        class Service:
            async def connect(self):
                self.repo, self.limit = REGISTRY["repo"], Repo()

            async def run(self, item):
                self.repo.save(item)
    """,
    "the rest of the parts": """
        class Service:
            async def connect(self):
                *self.repo, self.limit = Repo(), Repo(), 1

            async def run(self, item):
                self.repo.save(item)
    """,
}


@pytest.mark.parametrize("text", UNTOLD.values(), ids=UNTOLD)
def test_an_attribute_that_nothing_tells_of(text):
    head = HEAD + "from registry import REGISTRY\n\n"
    assert_marked({"repo.py": REPO, "app.py": head + textwrap.dedent(text)})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dropped_coroutine_is_found(shape):
    assert_marked({"repo.py": REPO, "app.py": source(shape, "", "  # LMB201")})


@pytest.mark.parametrize("shape", SHAPES)
def test_an_awaited_one_is_fine(shape):
    assert_marked({"repo.py": REPO, "app.py": source(shape, "await ")})


@pytest.mark.parametrize("shape", SHAPES)
def test_a_method_that_is_not_async_is_fine(shape):
    files = {"repo.py": REPO, "app.py": source(shape, "")}
    for method in ("__save", "commit", "load", "save", "send"):
        files = {
            path: text.replace(f"async def {method}(", f"def {method}(")
            for path, text in files.items()
        }
    assert_marked(files)


USER = """\
from repo import Repo

class Service:
    def __init__(self, repo: Repo):
        self.repo = repo

    async def run(self):
        self.repo.save(1){}
"""

#: What stands in another file, and whether the call is told.
DERIVED = {
    "an async method": (
        "other.py",
        "from repo import Repo\nclass Other(Repo):\n    async def save(self, item): ...",
        True,
    ),
    "no method": (
        "other.py",
        "from repo import Repo\nclass Other(Repo):\n    def load(self, key): ...",
        True,
    ),
    "a method of another base": (
        "other.py",
        "class Repo: ...\nclass Other(Repo):\n    def save(self, item): ...",
        True,
    ),
    "a method, for tests": (
        "tests/test_service.py",
        "from repo import Repo\nclass Fake(Repo):\n    def save(self, item): ...",
        True,
    ),
    "a method that is not async": (
        "other.py",
        "from repo import Repo\nclass Other(Repo):\n    def save(self, item): ...",
        False,
    ),
    "a method of a class that is derived twice": (
        "other.py",
        "import repo\nclass One(repo.Repo): ...\n"
        "class Two(One):\n    def save(self, item): ...",
        False,
    ),
    "a method under a decorator": (
        "other.py",
        "from repo import Repo\nfrom lib import driven\n"
        "class Other(Repo):\n    @driven\n    async def save(self, item): ...",
        False,
    ),
    "a method under a decorator that awaits it": (
        "other.py",
        "import functools\nfrom repo import Repo\n"
        "def again(method):\n    @functools.wraps(method)\n"
        "    async def wrapper(*args):\n        return await method(*args)\n"
        "    return wrapper\n"
        "class Other(Repo):\n    @again\n    async def save(self, item): ...",
        True,
    ),
    "a method under a decorator that runs it": (
        "other.py",
        "import asyncio\nfrom repo import Repo\n"
        "def driven(method):\n"
        "    def wrapper(*args):\n        return asyncio.run(method(*args))\n"
        "    return wrapper\n"
        "class Other(Repo):\n    @driven\n    async def save(self, item): ...",
        False,
    ),
    "a method that says that it overrides": (
        "other.py",
        "from typing import override\nfrom repo import Repo\n"
        "class Other(Repo):\n    @override\n    async def save(self, item): ...",
        True,
    ),
    "a method that says that it overrides, and is not async": (
        "other.py",
        "from typing import override\nfrom repo import Repo\n"
        "class Other(Repo):\n    @override\n    def save(self, item): ...",
        False,
    ),
    "a method of another name": (
        "other.py",
        "from repo import Repo\nclass Other(Repo):\n    save = Repo.load",
        False,
    ),
    "a method under a decorator, of what may be no class": (
        "other.py",
        "from repo import Repo\nfrom lib import driven\nimport sys\n"
        "if sys.argv:\n    class Other(Repo):\n"
        "        @driven\n        async def save(self, item): ...\n"
        "else:\n    Other = None",
        False,
    ),
}


@pytest.mark.parametrize("path, text, is_told", DERIVED.values(), ids=DERIVED)
def test_derived_classes_agree(path, text, is_told):
    user = USER.format("  # LMB201" if is_told else "")
    assert_marked({"repo.py": REPO, path: text, "app.py": user})


SELF = """\
class Base:
    async def hook(self): ...

    async def run(self):
        self.hook(){}
"""


def test_what_self_is_derived_classes_may_change():
    assert_marked(SELF.format("  # LMB201"))
    assert_marked(SELF.format("") + "class Sooner(Base):\n    def hook(self): ...")


#: Ways to import the class of a parameter, and whether it is found.
IMPORTS = {
    "from repo import Repo": True,
    "import repo\nfrom repo import Repo as Store\nRepo = Store": True,
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from repo import Repo": True,
    "import typing as t\nif t.TYPE_CHECKING:\n    from .repo import Repo": True,
    "from all import *": True,
    "from again import Repo": True,
    "try:\n    from repo import Repo\nexcept ImportError:\n    Repo = None": False,
    "from outside import Repo": False,
    "from outside import *": False,
    "from typing import Any as Repo": False,
    "Repo = make()": False,
    "from repo import get_repo as Repo": False,
}


@pytest.mark.parametrize("line, is_found", IMPORTS.items())
def test_how_a_class_is_imported(line, is_found):
    mark = "  # LMB201" if is_found else ""
    assert_marked(
        {
            "repo.py": REPO,
            "all.py": "from repo import *",
            "again.py": "from repo import Repo as Repo",
            "app.py": f"{line}\nasync def work(repo: 'Repo'):\n    repo.save(1){mark}",
        }
    )


#: Annotations of a parameter whose method `save` is called and dropped.
ANNOTATIONS = {
    "Repo": True,
    "repo.Repo": True,
    "'Repo'": True,
    "'repo.Repo'": True,
    "Repo | None": True,
    "None | Repo": True,
    "'Repo | None'": True,
    "Optional[Repo]": True,
    "typing.Optional['Repo']": True,
    "Union[Repo, None]": True,
    "Annotated[Repo, Depends(get_repo)]": True,
    "Final[Repo]": True,
    "Kept[int]": True,
    "Repo | Kept": True,
    "Repo | Unknown": False,
    "Union[Repo, str]": False,
    "list[Repo]": False,
    "dict[str, Repo]": False,
    "dict[Repo, str]": False,
    "Callable[[], Repo]": False,
    "Any": False,
    "'Repo['": False,
    "'not python'": False,
    "3": False,
    "f()": False,
    "T": False,
    "Repo()": False,
}


@pytest.mark.parametrize("annotation, is_found", ANNOTATIONS.items())
def test_what_an_annotation_says(annotation, is_found):
    mark = "  # LMB201" if is_found else ""
    assert_marked(
        {
            "repo.py": REPO,
            "app.py": "import typing, repo\nfrom repo import Repo, get_repo\n"
            "from typing import *\nT = TypeVar('T', bound=Repo)\n"
            "class Kept(Repo, Generic[T]):\n    async def save(self, item): ...\n"
            f"async def work(x: {annotation}):\n    x.save(1){mark}\n",
        }
    )


#: Objects of libraries, by their annotation.
OUTSIDE = {
    "import httpx\nclass C(httpx.AsyncClient): ...\n"
    "async def work(c: C):\n    c.get('/')": True,
    "import httpx\nclass C(httpx.AsyncClient):\n    def get(self, url): ...\n"
    "async def work(c: C):\n    c.get('/')": False,
    "import httpx\nclass C(httpx.Client): ...\n"
    "async def work(c: C):\n    c.get('/')": False,
    "import httpx\nasync def work(client: httpx.AsyncClient):\n    client.get('/')": True,
    "from httpx import AsyncClient as C\nasync def work(*, c: C):\n    c.get('/')": True,
    "from asyncio import Queue\nasync def work(q: 'Queue[int]'):\n    q.put(1)": True,
    "from redis.asyncio import Redis\nclass A:\n    def __init__(self, r: Redis):\n"
    "        self.r = r\n    async def work(self):\n        self.r.acl_list()": True,
    "from redis.asyncio import Redis\nclass A:\n    def __init__(self, r: Redis):\n"
    "        self.run = r.register_script('')\n"
    "    async def work(self):\n        self.run(keys=[])": True,
    "from redis import Redis\nclass A:\n    def __init__(self, r: Redis):\n"
    "        self.run = r.register_script('')\n"
    "    async def work(self):\n        self.run(keys=[])": False,
    "import httpx\nasync def work(client: httpx.Client):\n    client.get('/')": False,
    "from queue import Queue\nasync def work(q: Queue):\n    q.put(1)": False,
    "from redis import Redis\nasync def work(r: Redis):\n    r.set('a', 1)": False,
    "import asyncio\nasync def work(q: asyncio.Queue):\n    q.put_nowait(1)": False,
}


@pytest.mark.parametrize("text, is_found", OUTSIDE.items())
def test_objects_of_libraries(text, is_found):
    assert_marked(text + ("  # LMB201" if is_found else ""))


#: An annotation says which methods there are, and not what is encoded.
RESPONSES = [
    "from repo import Repo\ndef lambda_handler(event, context):\n"
    "    return load(event)\ndef load(event) -> Repo:\n    return event['x']",
    "from repo import Repo\ndef lambda_handler(event, context):\n"
    "    x: Repo = event['x']\n    return {'x': x}",
    "from repo import Repo\ndef lambda_handler(event, context):\n"
    "    return show(event['x'])\ndef show(x: Repo | None):\n    return {'x': x}",
    "from repo import Repo\nlambda_handler: Repo = make()",
]


@pytest.mark.parametrize("text", RESPONSES)
def test_annotations_say_nothing_of_responses(text):
    assert_marked({"repo.py": REPO, "app.py": text})


INHERITED = """\
class Base:
    def hook(self): ...

    def run(self):
        self.hook()  # LMB201


class One(Base):
    async def hook(self): ...


class Two(Base): ...

"""

#: Functions in any order: what `run` does depends on whose it is.
CALLERS = [
    "def one():\n    One().run()",
    "def two():\n    Two().run()",
    "def any_one(given: One):\n    given.run()",
    "def any_two(given: Two):\n    given.run()",
    "def base():\n    Base().run()",
]


@pytest.mark.parametrize("shift", range(len(CALLERS)))
def test_an_inherited_method_is_that_of_its_object(shift):
    callers = CALLERS[shift:] + CALLERS[:shift]
    assert_marked(INHERITED + "\n\n".join(callers))


JOB = """\
import asyncio

class Job:
    def __init__(self, target):
        self.target = target
        self.is_plain = not asyncio.iscoroutinefunction(target)

def run(job):
    {}
        job.target(){}

async def work(): ...

def main():
    run(Job(work))
"""

#: What stands before the call of a function that an object holds.
GUARDS = {
    "if job.is_plain:": False,
    "if not job.is_plain:\n        asyncio.run(job.target())\n    else:": False,
    "if job is not None:": False,
    "if asyncio:": True,
    "for _ in range(3):": True,
}


@pytest.mark.parametrize("guard, is_told", GUARDS.items())
def test_a_condition_may_ask_what_an_object_holds(guard, is_told):
    assert_marked(JOB.format(guard, "  # LMB201" if is_told else ""))


TWO = """\
class One:
    async def save(self): ...

class Two:
    async def save(self): ...

async def work(given: One | Two):
    given.save(){}
"""


def test_classes_derived_from_one_of_two_agree():
    assert_marked(TWO.format("  # LMB201"))
    assert_marked(TWO.format("") + "class Three(Two):\n    def save(self): ...")


def test_an_async_context_manager_may_be_a_decorator():
    assert_marked(
        """
        import contextlib

        @contextlib.asynccontextmanager
        async def guarded():
            yield

        @guarded()
        async def work(): ...

        async def main():
            await work()
            work()  # LMB201
        """
    )
