"""A dropped coroutine is told in the file that drops it, whoever made the object."""

from __future__ import annotations

import ast

import pytest

from flake8_lambda_handler import engine
from flake8_lambda_handler.session import Session
from tests.support import assert_marked
from tests.support import project
from tests.support import settings_for

REPO = """\
class Repo:
    async def save(self, item): ...

    def load(self, key): ...
"""

SERVICE = """\
class Service:
    def __init__(self, repo):
        self.repo = repo

    async def run(self, item):
        {}
"""

APP = """\
import asyncio
from repo import Repo
from service import Service

service = Service(Repo())

def lambda_handler(event, context):
    return asyncio.run(service.run(event))
"""

CLIENTS = """\
import asyncio
import aioboto3
from repo import Repo

session = aioboto3.Session()

async def main(event):
    async with session.{}:
        await Repo(client).run(event)

def lambda_handler(event, context):
    asyncio.run(main(event))
"""
S3 = CLIENTS.format('client("s3") as client')
SESSION = CLIENTS.replace("aioboto3", "aiohttp").replace("Session()", "ClientSession")
SESSION = SESSION.format("() as client").replace("session.()", "session()")
KEEPER = """\
from typing import Any
class Repo:
    def __init__(self, client{}):
        self.client = client

    async def run(self, item):
        {}
"""

#: Files of a project; the marks say where what is told.
PROJECTS = {
    "a client of aioboto3": {
        "repo.py": KEEPER.format("", "self.client.put_object(Key=item)  # LMB201"),
        "app.py": S3,
    },
    "a client of aioboto3, annotated as anything": {
        "repo.py": KEEPER.format(": Any", "self.client.put_object(Key=item)  # LMB201"),
        "app.py": S3,
    },
    "a client of aioboto3, awaited": {
        "repo.py": KEEPER.format("", "await self.client.put_object(Key=item)"),
        "app.py": S3,
    },
    "a session of aiohttp": {
        "repo.py": KEEPER.format("", "self.client.post(item)  # LMB201"),
        "app.py": SESSION,
    },
    "a session of aiohttp, entered": {
        "repo.py": KEEPER.format(
            "",
            "async with self.client.post(item) as reply:\n"
            "            return await reply.json()",
        ),
        "app.py": SESSION,
    },
    "a client of boto3": {
        "repo.py": KEEPER.format("", "self.client.put_object(Key=item)"),
        "app.py": "import asyncio\nimport boto3\nfrom repo import Repo\n"
        "def lambda_handler(event, context):\n"
        "    asyncio.run(Repo(boto3.client('s3')).run(event))\n",
    },
    "in a dict that is returned, and dumped elsewhere": {
        "service.py": "class Service:\n    async def total(self, key): return 1\n"
        "    async def report(self, keys):\n        found = {}\n"
        "        for key in keys:\n"
        "            found[key] = self.total(key)  # LMB201\n        return found\n",
        "app.py": "import asyncio\nimport json\nfrom service import Service\n"
        "async def main(event):\n    found = await Service().report(event)\n"
        "    return json.dumps({'totals': found})\n"
        "def lambda_handler(event, context):\n    return asyncio.run(main(event))\n",
    },
    "in a list that is returned, and gathered elsewhere": {
        "service.py": "class Service:\n    async def total(self, key): return 1\n"
        "    async def report(self, keys):\n"
        "        return [self.total(key) for key in keys]\n",
        "app.py": "import asyncio\nfrom service import Service\n"
        "async def main(event):\n    jobs = await Service().report(event)\n"
        "    return await asyncio.gather(*jobs)\n"
        "def lambda_handler(event, context):\n    return asyncio.run(main(event))\n",
    },
    "a method of what the constructor got": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)  # LMB201"),
        "app.py": APP,
    },
    "an object that the handler makes": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)  # LMB201"),
        "app.py": "import asyncio\nfrom repo import Repo\nfrom service import Service\n"
        "def lambda_handler(event, context):\n"
        "    return asyncio.run(Service(repo=Repo()).run(event))\n",
    },
    "through another file": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)  # LMB201"),
        "build.py": "from service import Service\n"
        "def build(repo):\n    return Service(repo)\n",
        "app.py": APP.replace(
            "from service import Service", "from build import build"
        ).replace("Service(", "build("),
    },
    "a parameter of a function": {
        "repo.py": REPO,
        "tools.py": "import asyncio\ndef store(repo, item):\n"
        "    repo.save(item)  # LMB201\n",
        "app.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)\n",
    },
    "a parameter of an async function, by keyword": {
        "repo.py": REPO,
        "tools.py": "async def store(item, *, repo=None):\n"
        "    repo.save(item)  # LMB201\n",
        "app.py": "from repo import Repo\nimport tools\nrepo = Repo()\n"
        "async def work(event):\n    await tools.store(event, repo=repo)\n",
    },
    "used as a plain value": {
        "repo.py": REPO,
        "service.py": SERVICE.format("return f'{self.repo.save(item)}'  # LMB201"),
        "app.py": APP,
    },
    "in one file": {
        "app.py": REPO
        + SERVICE.format("self.repo.save(item)  # LMB201")
        + "async def work(event):\n    await Service(Repo()).run(event)\n",
    },
    "in the response of the handler": {
        "repo.py": REPO,
        "service.py": SERVICE.format("return self.repo.save(item)  # LMB201"),
        "app.py": APP,
    },
    "in a part of the response": {
        "repo.py": REPO,
        "service.py": SERVICE.format('return {"item": self.repo.save(item)}  # LMB201'),
        "app.py": APP,
    },
    "in the response, awaited": {
        "repo.py": REPO,
        "service.py": SERVICE.format('return {"item": await self.repo.save(item)}'),
        "app.py": APP,
    },
    "in the response, awaited by the handler's file": {
        "repo.py": REPO,
        "service.py": SERVICE.format("return self.repo.save(item)"),
        "app.py": APP.replace(
            "def lambda",
            "async def main(event):\n    return await (await service.run(event))"
            "\n\ndef lambda",
        ).replace("service.run(event))\n", "main(event))\n"),
    },
    "in the response, of a plain function": {
        "repo.py": REPO,
        "service.py": SERVICE.format("return self.repo.save(item)").replace(
            "async ", ""
        ),
        "app.py": APP,
    },
    "given back, and dropped by the caller": {
        "repo.py": REPO,
        "tools.py": "import asyncio\ndef store(repo, item):\n"
        "    return repo.save(item)\n",
        "app.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)  # LMB201\n",
    },
    "two callers": {
        "repo.py": REPO,
        "tools.py": "import asyncio\ndef store(repo, item):\n"
        "    repo.save(item)  # LMB201\n",
        "app.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)\n",
        "other.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)\n",
    },
    "awaited": {
        "repo.py": REPO,
        "service.py": SERVICE.format("await self.repo.save(item)"),
        "app.py": APP,
    },
    "run by the event loop": {
        "repo.py": REPO,
        "tools.py": "import asyncio\ndef store(repo, item):\n"
        "    asyncio.run(repo.save(item))\n",
        "app.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)\n",
    },
    "not async": {
        "repo.py": REPO.replace("async def", "def"),
        "service.py": SERVICE.format("self.repo.save(item)"),
        "app.py": APP,
    },
    "another method": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.load(item)"),
        "app.py": APP,
    },
    "given back, and awaited by the caller": {
        "repo.py": REPO,
        "service.py": SERVICE.format("return self.repo.save(item)").replace(
            "async def", "def"
        ),
        "app.py": APP,
    },
    "only a test gives it": {
        "repo.py": REPO,
        "service.py": "import asyncio\n" + SERVICE.format("self.repo.save(item)"),
        "tests/test_service.py": "from repo import Repo\nfrom service import Service\n"
        "async def test():\n    await Service(Repo()).run(1)  # LMB201\n",
    },
    "nobody gives it": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)"),
    },
    "a mock": {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)"),
        "app.py": APP.replace("Repo()", "make()"),
    },
    "a method of a base class, async in both": {
        "base.py": """\
import asyncio
import json
class Handler:
    def __call__(self, event, context):
        return asyncio.run(self.run(event))
    async def run(self, event):
        return {"body": json.dumps(self.process(event))}  # LMB201
    async def process(self, event): ...
""",
        "app.py": """\
from base import Handler
class Hook(Handler):
    async def process(self, event):
        return {}
lambda_handler = Hook()
""",
    },
    "names that stand for each other": {
        "repo.py": REPO,
        "tools.py": "import asyncio\ndef store(repo, item):\n    one = two = item\n"
        "    one, two = two, one\n    one.save(item)\n",
        "app.py": "from repo import Repo\nfrom tools import store\n"
        "def lambda_handler(event, context):\n    store(Repo(), event)\n",
    },
}


@pytest.mark.parametrize("files", PROJECTS.values(), ids=PROJECTS)
def test_where_it_is_told(files):
    assert_marked(files)


def told(files: dict[str, str], *names: str) -> set[str]:
    """Return which of some files tell anything when no other one is checked."""
    found = set()
    with project(files) as folder:
        session = Session(settings_for(folder))
        for name in names:
            path, text = str(folder / name), files[name]
            if session.concerns(path, text):
                module = session.module(path, ast.parse(text), text)
                if list(engine.check_module(session, module)):
                    found.add(name)
    return found


def test_each_file_is_judged_on_its_own():
    files = PROJECTS["through another file"]
    assert told(files, "service.py") == {"service.py"}
    assert told(files, "app.py", "build.py") == set()
    assert told(files, "app.py", "service.py", "build.py") == {"service.py"}


@pytest.mark.parametrize("callers, place", [(20, "service.py"), (21, "app0.py")])
def test_many_callers(callers, place):
    files = {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)"),
        **{f"app{number}.py": APP for number in range(callers)},
    }
    assert told(files, "service.py", "app0.py") == {place}


@pytest.mark.parametrize("others, place", [(497, "service.py"), (498, "app.py")])
def test_large_projects(others, place):
    files = {
        "repo.py": REPO,
        "service.py": SERVICE.format("self.repo.save(item)"),
        "app.py": APP,
        **{f"m{number}.py": "" for number in range(others)},
    }
    assert told(files, "service.py", "app.py") == {place}
