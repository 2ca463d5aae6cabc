"""Methods of objects that a body makes, each with what is known of it."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

REPO = """\
KEPT = []


class Repo:
    async def save(self): ...


class Other:
    def save(self): ...


def make():
    return Repo()


async def work(): ...


def load(): ...

"""

BAD = {
    "the arguments of a constructor decide": """
        class Service:
            def __init__(self, plain=False):
                if plain:
                    self.repo = Other()
                else:
                    self.repo = Repo()

        def one():
            Service().repo.save()  # LMB201
    """,
    "a method sets an attribute": """
        class Service:
            def __init__(self):
                self.repo = None

            def connect(self):
                self.repo = make()

        def one():
            service = Service()
            service.connect()
            service.repo.save()  # LMB201
    """,
    "a constructor calls a method that sets an attribute": """
        class Service:
            def __init__(self):
                self._connect()

            def _connect(self):
                self.repo = make()

        def one():
            service = Service()
            service.repo.save()  # LMB201
    """,
    "a method fills a container of its object": """
        class Cache:
            def __init__(self):
                self.items = {}

            def put(self, key):
                self.items[key] = Repo()

        def one():
            cache = Cache()
            cache.put("a")
            cache.items["a"].save()  # LMB201
    """,
    "a method gives back what it is given": """
        class Through:
            def give(self, what):
                return what

        def one():
            Through().give(Repo()).save()  # LMB201
    """,
    "an attribute that says what it will be": """
        class Service:
            def __init__(self):
                self.repo: "Repo | None" = None

            async def run(self):
                self.repo.save()  # LMB201

        def one(service: Service):
            service.repo.save()  # LMB201
    """,
}

GOOD = {
    "the arguments of a constructor decide": """
        class Service:
            def __init__(self, plain=False):
                if plain:
                    self.repo = Other()
                else:
                    self.repo = Repo()

        def one():
            Service(True).repo.save()
    """,
    "a method sets an attribute to another object": """
        class Service:
            def __init__(self):
                self.repo = Repo()

            def connect(self):
                self.repo = Other()

        def one():
            service = Service()
            service.connect()
            service.repo.save()
    """,
    "a constructor sets what the derived one has set": """
        class Base:
            def __init__(self):
                self.repo = Other()

        class Service(Base):
            def __init__(self):
                self.repo = Repo()
                super().__init__()
                self.repo.save()
    """,
    "a constructor keeps its object for others": """
        class Job:
            def __init__(self):
                KEPT.append(self)

        def one():
            job = Job()
            job.work = work()

        async def run():
            for job in KEPT:
                await job.work
    """,
    "a constructor lets a method keep its object": """
        class Job:
            def __init__(self):
                self.keep()

            def keep(self):
                KEPT.append(self)

        def one():
            job = Job()
            job.work = work()
    """,
    "an attribute that says what it will be, which is plain": """
        class Service:
            def __init__(self):
                self.repo: "Other | None" = None

            async def run(self):
                self.repo.save()
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(REPO + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB201" not in source
    assert_marked(REPO + textwrap.dedent(source))
