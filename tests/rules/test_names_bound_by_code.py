"""Names and attributes that code binds without writing them: as Python itself decides."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

HEAD = """
import asyncio
import functools
import sys

async def load(): ...

async def save(): ...

def sync(function):
    @functools.wraps(function)
    def inner(*args):
        return asyncio.run(function(*args))
    return inner

"""

PAIRS = {
    "each async function of the file is replaced": (
        """
        for name, one in list(globals().items()):
            if asyncio.iscoroutinefunction(one):
                globals()[name] = sync(one)

        def lambda_handler(event, context):
            save()
        """,
        """
        for name, one in list(globals().items()):
            if asyncio.iscoroutinefunction(one):
                globals()["load"] = sync(one)

        def lambda_handler(event, context):
            save()  # LMB201
        """,
    ),
    "only names that begin with a text are bound": (
        """
        for name in ("", "_now"):
            globals()[f"save{name}"] = sync(load)

        def lambda_handler(event, context):
            save()
        """,
        """
        for name in ("load", "save"):
            globals()[f"sync_{name}"] = sync(save)

        def lambda_handler(event, context):
            save()  # LMB201
        """,
    ),
    "all at once": (
        """
        globals().update({one.__name__: sync(one) for one in (load, save)})

        def lambda_handler(event, context):
            save()
        """,
        """
        globals().update(load=sync(load))

        def lambda_handler(event, context):
            save()  # LMB201
        """,
    ),
    "by a function that is given the names": (
        """
        def wrap(names):
            for name in ("load", "save"):
                names[name] = sync(names[name])
        wrap(globals())

        def lambda_handler(event, context):
            save()
        """,
        """
        def show(names):
            for name in ("load", "save"):
                print(names[name])
        show({"load": load, "save": save})

        def lambda_handler(event, context):
            save()  # LMB201
            print("save" in globals(), globals()["save"], globals().get("load"))
        """,
    ),
    "attributes of the module": (
        """
        this = sys.modules[__name__]
        for name in dir(this):
            if asyncio.iscoroutinefunction(getattr(this, name)):
                setattr(this, name, sync(getattr(this, name)))

        def lambda_handler(event, context):
            save()
        """,
        """
        this = sys.modules[__name__]
        for name in dir(this):
            if asyncio.iscoroutinefunction(getattr(this, name)):
                print(this, name, sync(getattr(this, name)))

        def lambda_handler(event, context):
            save()  # LMB201
        """,
    ),
    "attributes that an object is given as a dict": (
        """
        class Job:
            def __init__(self, **given):
                self.__dict__.update(given)
        async def run():
            job = Job(work=load())
            await job.work
        def lambda_handler(event, context):
            asyncio.run(run())
        """,
        """
        class Job:
            def __init__(self, **given):
                self._work = given["work"]
        async def run():
            job = Job(work=load())  # LMB201
            print(job._work)
        def lambda_handler(event, context):
            asyncio.run(run())
        """,
    ),
    "one of them": (
        """
        class Job:
            def __init__(self):
                self.work = None
                vars(self)["work"] = load()
        async def run():
            await Job().work
        def lambda_handler(event, context):
            asyncio.run(run())
        """,
        """
        class Job:
            def __init__(self):
                self.work = None
                vars(self)["other"] = load()
        async def run():
            job = Job()  # LMB201
            job.other.name
        def lambda_handler(event, context):
            asyncio.run(run())
        """,
    ),
}


@pytest.mark.parametrize("good", [one for one, _ in PAIRS.values()], ids=PAIRS)
def test_good(good):
    assert not is_dropped(_whole(good), AttributeError)
    assert_marked(_whole(good))


@pytest.mark.parametrize("bad", [one for _, one in PAIRS.values()], ids=PAIRS)
def test_bad(bad):
    assert is_dropped(_whole(bad), AttributeError)
    assert_marked(_whole(bad))


def test_the_names_of_another_module():
    tools = HEAD
    app = """
    import asyncio
    import tools
    {}

    def lambda_handler(event, context):
        tools.save(){}
    """
    for binding in (
        "vars(tools).update(save=lambda: asyncio.run(tools.load()))",
        "tools.__dict__['save'] = lambda: asyncio.run(tools.load())",
        "for name in ('load', 'save'): setattr(tools, name, tools.sync(tools.save))",
    ):
        assert_marked({"tools.py": tools, "app.py": app.format(binding, "")})
    for reading in ("print(vars(tools), tools.__dict__)", "getattr(tools, 'save')"):
        assert_marked({"tools.py": tools, "app.py": app.format(reading, "  # LMB201")})


def test_an_async_handler_that_is_replaced():
    source = HEAD + textwrap.dedent(
        """
        async def lambda_handler(event, context):{}
            return {{}}

        for name, one in list(globals().items()):
            if asyncio.iscoroutinefunction(one):
                globals()[{}] = sync(one)
        """
    )
    assert_marked(source.format("", "name"))
    assert_marked(source.format("  # LMB101", "f'sync_{name}'"))


def _whole(source: str) -> str:
    return HEAD + textwrap.dedent(source)
