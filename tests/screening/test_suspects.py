"""Bodies that are not followed would not have been reported."""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from flake8_lambda_handler.libraries import callbacks
from flake8_lambda_handler.libraries import data_calls
from flake8_lambda_handler.libraries import outside  # noqa: F401, for its tables
from flake8_lambda_handler.libraries import registry
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.rules import undriven_coroutine
from flake8_lambda_handler.screening.kinds import FOREIGN
from flake8_lambda_handler.screening.outside import KNOWN
from flake8_lambda_handler.screening.outside import imported
from flake8_lambda_handler.session import Session
from flake8_lambda_handler.session import Surroundings
from tests.support import ROOT
from tests.support import project
from tests.support import settings_for

CODE = """
import asyncio
from functools import partial, wraps
from typing import TypeVar
from other import Client, NAMES, fetch, make, plain, text

async def work(x=1):
    return x

def handed():
    return work()

class Worker:
    def __init__(self, client):
        self.client = Client()
        self.given = client
        self.jobs = [work]

    async def run(self): ...
    def name(self): ...

def start(given):
    given.run()

def later(given):
    start(given)

async def waits(given):
    await given.run()
    return given.name()

def named(given, name):
    getattr(given, name)()

def passed_on(given):
    named(given, NAMES[0])

def optional(given, name):
    return getattr(given, name, None)

def bound(given):
    return partial(looked_at, given)

def looked_at(given):
    return given.name

class Keeper:
    def __init__(self, client):
        self.client = client

    def keep(self, client):
        self._keep(client)

    def _keep(self, client):
        self.client = client

    def keep_by_name(self, name, client):
        setattr(self, name, client)

    def mention(self, client):
        print(client.name)

    def ask(self):
        self.client.get()

def call(function):
    function()
    return function

async def drive(function):
    return await function()

class Caller:
    def __init__(self, function):
        self.function = function

    def run(self):
        self.function()

def wrapped(function):
    @wraps(function)
    async def inner(*args):
        return await function(*args)
    return inner

def asks(function):
    def plainly():
        return function()
    async def awaiting():
        return await function()
    return awaiting if asyncio.iscoroutinefunction(function) else plainly

@asks
def asked(): ...

T = TypeVar("T", Client, str)

def made() -> T: ...
"""
OTHER = """
NAMES = ["run", "walk"]

class Client:
    async def get(self): ...
    def close(self): ...

async def fetch(): ...

def make():
    return Client()

def plain(): ...

def text(value):
    return str(value)
"""

#: What a function `f` does that is worth following it, and what is not.
FOLLOWED = {
    "a coroutine that is entered": (
        "async def f():\n    async with make().get() as x:\n        return x"
    ),
    "a coroutine that is iterated": (
        "async def f():\n    async for x in work():\n        print(x)"
    ),
    "an async generator that is awaited": (
        "async def pages():\n    yield 1\nasync def f():\n    return await pages()"
    ),
    "a bare call": "def f():\n    work()",
    "a name for later": "def f():\n    task = work()\n    return 1",
    "handed to a call": "def f(pool):\n    text(work())",
    "an async function to an executor": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def f():\n    with ThreadPoolExecutor() as pool:\n        pool.submit(work)"
    ),
    "what a helper returns": "def f():\n    handed()",
    "an imported function": "def f():\n    fetch()",
    "a method of a made object": "def f():\n    client = make()\n    client.get()",
    "a method of an attribute": (
        "class A(Worker):\n    def f(self):\n        self.client.get()"
    ),
    "an item of a list": "class A(Worker):\n    def f(self):\n        self.jobs[0]()",
    "a partial": "def f():\n    later = partial(work, 2)\n    later()",
    "a lambda": "def f():\n    g = lambda: work()\n    g()",
    "a nested function": "def f():\n    def g():\n        work()\n    return g",
    "an object given away": "def f():\n    start(Worker(1))",
    "an object given on": "def f():\n    later(Worker(1))",
    "an object that is kept": "def f():\n    Keeper(Client())",
    "an object that a method keeps": "def f(keeper: Keeper):\n    keeper.keep(Client())",
    "an object that a method keeps by a name": (
        "def f(keeper: Keeper):\n    keeper.keep_by_name('client', Client())"
    ),
    "an async function in a list": (
        "LIST = []\ndef add(x):\n    LIST.insert(0, x)\n"
        "def f():\n    for one in LIST:\n        one()"
    ),
    "an object whose method is asked for by name": (
        "def f():\n    named(Worker(1), 'run')"
    ),
    "an object whose method another file names": "def f():\n    passed_on(Worker(1))",
    "an object, and a name that its own function spells": (
        "def f():\n    name = 'get'\n    named(make(), name)"
    ),
    "an object, and a name that its file spells outside functions": (
        "HOW = {'get': 1}\ndef f():\n    for name in HOW:\n        named(make(), name)"
    ),
    "an object made of one that it calls": (
        "class Asking:\n    def __init__(self, given):\n        self.given = given\n"
        "    def ask(self):\n        self.given.get()\n"
        "    async def get(self): ...\n"
        "def f():\n    Asking(Client()).ask()"
    ),
    "an async function to one that calls it": "def f():\n    call(work)",
    "an async function to a class that calls it": "def f():\n    Caller(work)",
    "a decorator that a method gives": (
        "class Calls:\n    def now(self):\n        return call\n"
        "calls = Calls()\ndef f():\n    @calls.now()\n    async def inner(): ..."
    ),
    "a decorator that calls": "def f():\n    @call\n    async def inner(): ...",
    "a library's": "def f():\n    asyncio.sleep(1)",
    "a method of a library's object": (
        "class A:\n    def __init__(self):\n        self.event = asyncio.Event()\n"
        "    def f(self):\n        self.event.wait()"
    ),
    "a call of a library's object": (
        "from fastapi import FastAPI\napp = FastAPI()\ndef f(x):\n    app(x, x, x)"
    ),
    "a call of what an annotation says is a library's": (
        "from fastapi import FastAPI\ndef f(app: FastAPI, x):\n    app(x, x, x)"
    ),
    "a condition": "async def f():\n    return 1 if work() else await work()",
    "an attribute of the result": "async def f():\n    return await work().real",
    "an attribute of the result is assigned": "def f():\n    work().real = 1",
    "an item of the result is assigned": "def f():\n    work()[0] = 1",
    "a call of the result": "def f():\n    return work()()",
    "merged into a dict": "def f():\n    return {**work()}",
    "raised": "def f():\n    raise work()",
    "data for a model": (
        "def f():\n    Model.model_validate(work())\nfrom other import Model"
    ),
    "to a call of a package of which something is known": (
        "import threading\ndef f():\n    threading.Thread(target=work).start()"
    ),
    "to a class of which a part of a package is known": (
        "from starlette import responses\n"
        "def f():\n    return responses.JSONResponse(work())"
    ),
    "a method that gives its own object": (
        "from vendor import narrowed\n"
        "class Rows(Client):\n"
        "    def where(self) -> 'Self':\n        return narrowed(self)\n"
        "def f():\n    Rows().where().get()"
    ),
    "one of two results of an async function": (
        "async def f(x):\n    if x:\n        return work()\n    return x"
    ),
}

LEFT = {
    "an object given away, and its name asked": "def f():\n    text(Worker(1))",
    "an object given away, and awaited": "async def f():\n    await waits(Worker(1))",
    "an object, and a name that nobody spells": (
        "def f(name):\n    named(make(), name)"
    ),
    "an object, and a name that another function spells": (
        "def f(name):\n    named(make(), name)\n"
        "def spells(\n    x\n):\n    return x == 'get'"
    ),
    "an object made of one that it only asks for its name": (
        "class Shown:\n    def __init__(self, given):\n        self.given = given\n"
        "    def text(self):\n        return self.given.name\n"
        "    async def get(self): ...\n"
        "def f():\n    Shown(Client()).text()"
    ),
    "an object, and a default": "def f():\n    optional(Worker(1), 'run')",
    "an object bound to what looks at it": "def f():\n    bound(Worker(1))",
    "an object that a method mentions": (
        "def f(keeper: Keeper):\n    keeper.mention(Client())"
    ),
    "a plain value in a table under a name that is given": (
        "TABLE = {}\ndef add(name):\n    TABLE.setdefault(name, dict())\n"
        "def f():\n    for one in TABLE:\n        one()"
    ),
    "a function of a library, in a name": "def f():\n    sleep = asyncio.sleep\n    return 1",
    "an async function to one that awaits it": "async def f():\n    await drive(work)",
    "an async function looked at": "def f():\n    return isinstance(work, type)",
    "an async function behind a name": "def f():\n    name = work\n    return 1",
    "a route of a library's router": (
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "def f():\n    @router.get('/')\n    async def inner(): ..."
    ),
    "a decorator that wraps": "def f():\n    @wrapped\n    async def inner(): ...",
    "a decorator that asks": "def f():\n    print(asked())",
    "what a type variable stands for": "def f():\n    made().get()",
    "a list of its own": "def f(x):\n    xs = []\n    xs.append(x)\n    xs[0]()",
    "a lambda that is returned": "def f():\n    g = lambda: work()\n    return g",
    "awaited": "async def f():\n    await work()",
    "awaited behind a name": "async def f():\n    x = await work()\n    return x",
    "returned": "def f():\n    return work()",
    "run": "def f():\n    asyncio.run(work())",
    "gathered": "async def f(xs):\n    await asyncio.gather(*[work(x) for x in xs])",
    "as a task": "async def f():\n    await asyncio.create_task(work())",
    "a plain import": "def f():\n    plain()",
    "a plain method of a made object": "def f():\n    make().close()",
    "a method of a parameter": "def f(client):\n    client.get()",
    "a method of an attribute that was given": (
        "class A(Worker):\n    def f(self):\n        self.given.get()"
    ),
    "a plain method": "class A(Worker):\n    def f(self):\n        self.name()",
    "a plain method of a library's object": (
        "class A:\n    def __init__(self):\n        self.event = asyncio.Event()\n"
        "    def f(self):\n        self.event.set()"
    ),
    "entered": "async def f(x):\n    async with x.get() as y:\n        return y",
    "iterated": (
        "async def pages():\n    yield 1\n"
        "async def f():\n    async for x in pages():\n        print(x)"
    ),
    "handed to an unknown call": "def f(loop):\n    loop.create_task(work())",
    "a library's class": (
        "from fastapi import FastAPI\ndef f():\n    app = FastAPI()\n    FastAPI()"
    ),
    "what a library's object gives": (
        "from fastapi import FastAPI\ndef f(app: FastAPI):\n    app.router"
    ),
    "a class of its own": "def f():\n    client = Client()\n    return client",
    "no call at all": "def f(work):\n    return work",
    "awaited, and merged into a dict": "async def f():\n    return {**await work()}",
    "awaited, and raised": "async def f():\n    raise await work()",
    "awaited, and data for a model": (
        "async def f():\n    Model.model_validate(await work())\n"
        "from other import Model"
    ),
    "in a dict": "def f():\n    return {'a': work()}",
    "a call of a partial's result": "def f(make):\n    return make()()",
    "an item of an awaited result": "async def f():\n    (await work())[0] = 1",
    "to a decorator of an unknown package": (
        "from vendor import traced\n"
        "def f():\n    @traced\n    async def inner(): ...\n    inner()"
    ),
    "to a decorator that an unknown package makes": (
        "import vendor\n"
        "def f():\n    @vendor.traced('f')\n    async def inner(): ...\n    inner()"
    ),
    "to a call of an unknown package": (
        "import vendor\ndef f():\n    later = vendor.Job(work)\n    later.start()"
    ),
    "to a class of which nothing is known in its package": (
        "from starlette.responses import StreamingResponse\n"
        "async def f(x):\n    if x:\n        return StreamingResponse(work())\n"
        "    return x"
    ),
    "one of two async functions that are returned": (
        "async def f(x):\n    if x:\n        return work\n    return fetch"
    ),
    "into a set around a function": (
        "def f():\n    seen = set()\n    def once(x):\n"
        "        seen.add(x)\n        seen.discard(x)\n    once(1)"
    ),
}


@pytest.mark.parametrize("source", FOLLOWED.values(), ids=FOLLOWED)
def test_followed(source):
    assert "f" in followed(source)


@pytest.mark.parametrize("source", LEFT.values(), ids=LEFT)
def test_left(source):
    assert "f" not in followed(source)


def followed(source: str) -> set[str]:
    """Return the names of the functions that are followed, `""` for the module."""
    text = CODE + source + "\n"
    with project({"app.py": text, "other.py": OTHER}) as folder:
        made = Session(settings_for(folder))
        module = made.module(str(folder / "app.py"), ast.parse(text), text)
        places = made.around(module).suspicious(module)
        assert places is not None
        names = {(node.lineno, node.col_offset): node.name for node in module.functions}
        return {names.get(place, "") for place in places}


def test_what_is_known_of_packages():
    names = [
        name
        for table in (registry.CALLS, registry.METHODS, callbacks.CALLBACKS)
        for name in table
        if not set(name) & set("< ")
    ]
    names += [*data_calls.MODULES, *data_calls.FUNCTIONS, *data_calls.MOVING]
    assert [name for name in names if imported(name) == FOREIGN] == []
    assert [
        one
        for one in KNOWN
        if not any(f"{name}.".startswith(f"{one}.") for name in names)
    ] == []


def test_the_text_that_is_checked_counts():
    old = "async def f(): ...\ndef g():\n    return f.__name__\n"
    new = old.replace("def g", "async def g")
    user = "from other import g\ndef h():\n    g()\n"
    with project({"app.py": user, "other.py": old}) as folder:
        made = Session(settings_for(folder))

        def asked() -> int:
            module = made.module(str(folder / "app.py"), ast.parse(user), user)
            return len(made.around(module).suspicious(module) or ())

        assert asked() == 0
        made.module(str(folder / "other.py"), ast.parse(new), new)
        assert asked() == 1


def test_nothing_is_followed_in_a_file_without_suspects():
    files = {
        "app.py": "from other import fetch\n\nasync def f():\n    await fetch()\n",
        "other.py": OTHER,
    }
    with project(files) as folder:
        made = Session(settings_for(folder))
        text = files["app.py"]
        module = made.module(str(folder / "app.py"), ast.parse(text), text)
        assert list(undriven_coroutine.check_module(made, module)) == []
        assert made.around(module).suspicious(module) == frozenset()
        assert "analysis" not in vars(made.around(module))


# -- the same findings as if everything was followed ---------------------------------


def tables() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each example of the tests of rules: a name and its files."""
    for path in sorted((ROOT / "tests" / "rules").glob("test_*.py")):
        module = importlib.import_module(f"tests.rules.{path.stem}")
        lead = getattr(module, "WORK", "")
        for name, table in sorted(vars(module).items()):
            if name.isupper() and isinstance(table, dict):
                for key, value in table.items():
                    if isinstance(value, str):
                        text = textwrap.dedent(lead) + textwrap.dedent(value)
                        yield f"{path.stem} {name} {key}", {"app.py": text}
                    elif isinstance(value, dict) and all(
                        isinstance(text, str) for text in value.values()
                    ):
                        yield f"{path.stem} {name} {key}", value


def _is_python(files: dict[str, str]) -> bool:
    try:
        for path, text in files.items():
            if path.endswith(".py"):
                ast.parse(textwrap.dedent(text))
    except SyntaxError:
        return False
    return True


EXAMPLES = {name: files for name, files in tables() if _is_python(files)}


def test_there_are_examples():
    assert len(EXAMPLES) > 700


@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("change", ["$^", r"\bawait\s+"], ids=["as it is", "no await"])
def test_findings_are_those_of_following_everything(part, change):
    for name, files in list(EXAMPLES.items())[part::8]:
        texts = {
            path: re.sub(change, "", textwrap.dedent(text).lstrip("\n"))
            for path, text in files.items()
        }
        with project(texts) as folder:
            screened = found(folder, texts)
            with mock.patch.object(Surroundings, "suspicious", lambda *_: None):
                assert screened == found(folder, texts), name


def found(folder: Path, texts: dict[str, str]) -> list[tuple[str, Site]]:
    """Return what LMB201 says of files."""
    session = Session(settings_for(folder))
    sites = []
    for path in sorted(texts):
        full, text = str(folder / path), texts[path]
        if path.endswith(".py") and session.concerns(full, text):
            module = session.module(full, ast.parse(text), text)
            told = undriven_coroutine.check_module(session, module)
            sites += [(path, site) for site in told]
    return sites
