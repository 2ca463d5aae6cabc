"""Coroutines that become attributes of objects, and that nothing runs there."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

WORK = """
import asyncio
import json
from dataclasses import dataclass

async def work(x=1):
    return x

class Repo:
    async def get(self, key):
        return {"a": key}

"""

BAD = {
    "compared at once, with a base from outside": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.errors = {}
                if data:
                    self.errors = work(data)  # LMB201
                    if self.errors == {}:
                        return self.done(data)
                return self.show(errors=self.errors)
    """,
    "an item of it at once, with a base from outside": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.found: dict = work(data)  # LMB201
                key = "a"
                try:
                    print(key, self.found[key])
                finally:
                    await self.close(self.found)
    """,
    "iterated at once, with a base from outside": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.found = work(data)  # LMB201
                for one in self.found:
                    print(one)
    """,
    "an attribute of it, in another method": """
        class Job:
            def __init__(self):
                self.pending = work()  # LMB201
            def read(self):
                return self.pending.result
    """,
    "an attribute of it, in the same method": """
        class Job:
            async def run(self):
                self.pending = work()  # LMB201
                return self.pending.result
    """,
    "an item of it, in a derived class": """
        class Base:
            def __init__(self):
                self.found = work()  # LMB201
        class Job(Base):
            def read(self):
                return self.found["a"]
    """,
    "its length": """
        class Report:
            async def load(self):
                self.rows = work()  # LMB201
            def count(self):
                return len(self.rows)
    """,
    "joined to a text": """
        class Report:
            async def load(self):
                self.rows = work()  # LMB201
            def text(self):
                return ", ".join(self.rows)
    """,
    "compared": """
        class Report:
            async def load(self):
                self.name = work()  # LMB201
                if self.name == "x":
                    return 1
    """,
    "in an f-string": """
        class Report:
            async def load(self):
                self.name = work()  # LMB201
                print(f"{self.name}")
    """,
    "read through a local name": """
        class Report:
            async def load(self):
                self.user = work()  # LMB201
            def name(self):
                user = self.user
                print("a name")
                return user["name"]
    """,
    "a private one that nothing reads": """
        class Job:
            async def load(self):
                self._rows = work()  # LMB201
                return 1
    """,
    "of an object that stays in the function": """
        class Box:
            pass
        async def run():
            box = Box()
            box.task = work()  # LMB201
            return 1
    """,
    "of an object, and an attribute of it": """
        class Box:
            pass
        async def run():
            box = Box()
            box.task = work()  # LMB201
            return box.task.result
    """,
    "of an object by its annotation": """
        class Order:
            user = None
        async def fill(order: Order, repo: Repo):
            order.user = repo.get(1)  # LMB201
            return order.user["a"]
    """,
    "a field of a dataclass": """
        @dataclass
        class Order:
            items: list
            total: int
        async def run(event):
            order = Order(items=work(), total=1)  # LMB201
            return len(order.items)
    """,
    "a field of a dataclass by its place": """
        @dataclass
        class Order:
            items: list
        async def run(event):
            order = Order(work())  # LMB201
            for one in order.items:
                print(one)
    """,
    "given to a constructor": """
        class Job:
            def __init__(self, data):
                self.data = data
        async def run():
            job = Job(work())  # LMB201
            return job.data["a"]
    """,
    "of a repository": """
        class Service:
            def __init__(self, repo: Repo):
                self.repo = repo
            async def load(self, key):
                self.user = self.repo.get(key)  # LMB201
                return {"user": self.user["a"]}
    """,
    "beside a plain value": """
        class Service:
            def __init__(self):
                self.user = {}
            async def load(self, key):
                self.user = work(key)  # LMB201
            def name(self):
                return self.user["name"]
    """,
    "an attribute of the same name in another class": """
        class Other:
            def __init__(self, task):
                self.found = task
            async def read(self):
                return await self.found
        class Job:
            def __init__(self):
                self.found = work()  # LMB201
            def read(self):
                return self.found["a"]
    """,
    "given to a dataclass that only keeps it": """
        from dataclasses import dataclass
        @dataclass
        class Job:
            pending: object
        async def main():
            job = Job(work())  # LMB201
            print(job)
    """,
    "kept on both branches, and used plainly": """
        class Job:
            async def load(self, flag):
                found = work()  # LMB201
                if flag:
                    self.first = found
                else:
                    self.second = found
                return self.first["a"]
    """,
    "an attribute that nothing uses, beside a handler": """
        class Job:
            def __init__(self):
                self.task = work()  # LMB201
        def make():
            return Job()
        def lambda_handler(event, context):
            make()
            return {}
    """,
}

GOOD = {
    "used after something else that has the object": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.errors = work(data)
                self.settle()
                if self.errors == {}:
                    return 1
                self.errors = work(data)
                await settled(data)
                return self.errors["a"]
    """,
    "used after a call in the same statement": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.errors = work(data)
                if self.settled() and self.errors == {}:
                    return 1
    """,
    "set to something else, or of another object": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data, other):
                self.errors = work(data)
                self.errors = {}
                if self.errors == {}:
                    return 1
                self.errors = work(data)
                return other.errors["a"]
    """,
    "looked at, and given away": """
        from vendor import Flow
        class Step(Flow):
            async def run(self, data):
                self.errors = work(data)
                if self.errors is None:
                    return 1
                return self.done(self.errors)
    """,
    "a property that runs it": """
        from vendor import Flow
        class Step(Flow):
            @property
            def errors(self):
                return self.held
            @errors.setter
            def errors(self, coroutine):
                self.held = asyncio.run(coroutine)
            def run(self, data):
                self.errors = work(data)
                return self.errors["a"]
    """,
    "awaited in another method": """
        class Job:
            def __init__(self):
                self.pending = work()
            async def read(self):
                return await self.pending
    """,
    "awaited in the same method": """
        class Job:
            async def run(self):
                self.pending = work()
                return (await self.pending).result
    """,
    "awaited in a derived class": """
        class Base:
            def __init__(self):
                self.found = work()
        class Job(Base):
            async def read(self):
                return (await self.found)["a"]
    """,
    "replaced by its own result": """
        class Report:
            async def load(self):
                self.rows = work()
                self.rows = await self.rows
                return len(self.rows)
    """,
    "gathered": """
        class Report:
            async def load(self):
                self.one, self.two = work(), work()
                return await asyncio.gather(self.one, self.two)
    """,
    "a task": """
        class Report:
            async def load(self):
                self.task = asyncio.ensure_future(work())
                self.task.add_done_callback(print)
    """,
    "run in a loop": """
        class Report:
            def load(self):
                self.job = work()
                return asyncio.run(self.job)
    """,
    "read through a local name, and awaited": """
        class Report:
            async def load(self):
                self.user = work()
            async def name(self):
                user = self.user
                return (await user)["name"]
    """,
    "a public one that nothing here reads": """
        class Job:
            async def load(self):
                self.rows = work()
                return 1
    """,
    "of an object that is returned": """
        class Box:
            pass
        async def run():
            box = Box()
            box.task = work()
            return box
    """,
    "of an object, and awaited": """
        class Box:
            pass
        async def run():
            box = Box()
            box.task = work()
            return (await box.task).result
    """,
    "of an object by its annotation, and awaited": """
        class Order:
            user = None
        async def fill(order: Order, repo: Repo):
            order.user = repo.get(1)
            return (await order.user)["a"]
    """,
    "a field of a dataclass, awaited": """
        @dataclass
        class Order:
            items: object
        async def run(event):
            order = Order(items=work())
            return await order.items
    """,
    "a field of a dataclass, handed on": """
        @dataclass
        class Order:
            items: object
        async def run(event, send):
            order = Order(work())
            send(order.items)
    """,
    "given to a constructor, and awaited": """
        class Job:
            def __init__(self, data):
                self.data = data
            async def get(self):
                return await self.data
        async def run():
            return await Job(work()).get()
    """,
    "awaited before it is kept": """
        class Service:
            async def load(self, key):
                self.user = await work(key)
                return {"user": self.user["a"]}
    """,
    "asked for first": """
        class Service:
            def __init__(self):
                self.task = None
            def start(self):
                if self.task is None:
                    self.task = work()
            async def wait(self):
                return await self.task
    """,
    "a property gives it": """
        class Service:
            def __init__(self):
                self._one = work()
            @property
            def one(self):
                return self._one
    """,
    "closed by hand": """
        class Service:
            def __init__(self):
                self._one = work()
            def stop(self):
                self._one.close()
    """,
    "of a class with a base from elsewhere": """
        from vendor import Task
        class Job(Task):
            def __init__(self):
                self._body = work()
    """,
    "read under a name that is not written": """
        class Service:
            def __init__(self):
                self._one = work()
            def get(self, name):
                return getattr(self, name)
    """,
    "another name for it is awaited": """
        class Service:
            async def load(self):
                job = work()
                self._job = job
                return await job
    """,
    "given to a dataclass, and awaited there": """
        from dataclasses import dataclass
        @dataclass
        class Job:
            pending: object
        async def main():
            job = Job(work())
            return await job.pending
    """,
    "kept on both branches, and awaited": """
        class Job:
            async def load(self, flag):
                found = work()
                if flag:
                    self.first = found
                else:
                    self.second = found
                return await (self.first if flag else self.second)
    """,
    "an attribute that nothing uses here, in a file without a handler": """
        class Job:
            def __init__(self):
                self.task = work()
        def make():
            return Job()
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(WORK + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert_marked(WORK + textwrap.dedent(source))


JOB = """
class Job:
    def __init__(self, repo):
        self.found = work()

async def work():
    return {"a": 1}
"""


def test_another_file_awaits_it():
    app = "from job import Job\nasync def run():\n    return await Job(1).found\n"
    assert_marked({"job.py": JOB, "app.py": app})


def test_another_file_uses_it_plainly():
    app = "from job import Job\nasync def run():\n    return Job(1).found['a']\n"
    assert_marked(
        {"job.py": JOB.replace("work()\n", "work()  # LMB201\n", 1), "app.py": app}
    )


def test_words():
    found = violations(
        """
        import dataclasses

        async def work(x=1):
            return x

        class Job:
            def __init__(self):
                self.found = work()
            def read(self):
                return self.found["a"]
            async def load(self):
                self._more = work()

        @dataclasses.dataclass
        class Order:
            items: object

        async def main():
            print(Order(work()))
        """
    )
    assert [(one.line, one.text) for one in found] == [
        (
            8,
            "`work()` is kept in `.found` and never awaited; a subscript (line 10) raises "
            "TypeError; run it with `asyncio.run(...)`",
        ),
        (12, "`work()` is kept in `._more` and never awaited; `await` it"),
        (19, "`work()` is kept in `.items` and never awaited; `await` it"),
    ]
