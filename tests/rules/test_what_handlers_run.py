"""LMB201 on what only the run of a handler shows: which objects do the work."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

BASE = """
import json

class Base:
    def __call__(self, event, context):
        data = json.loads(event["body"])
        result = self.run(data)MARK
        return {"statusCode": 200, "body": json.dumps(result)}

    def run(self, data):
        raise NotImplementedError
"""
TOLD = BASE.replace("MARK", "  # LMB201")
QUIET = BASE.replace("MARK", "")
CREATE = """
class Create(Base):
    async def run(self, data):
        return {"id": data["id"]}

lambda_handler = Create()
"""

ROUTES = """
ROUTES = {}

def route(name):
    def wrap(function):
        ROUTES[name] = function
        return function
    return wrap

@route("get")
async def get(args, http):
    found = http.get(args["url"])MARK
    return found.json()

@route("list")
async def list_all(args, http):
    return (await http.get("x")).json()
"""
RESOLVE = """
import asyncio
import httpx
from routes import ROUTES

async def resolve(event):
    async with httpx.AsyncClient() as http:
        return await ROUTES[event["name"]](event["arguments"], http)

def lambda_handler(event, context):
    return asyncio.run(resolve(event))
"""

PIPELINE = """
class Pipeline:
    def __init__(self, *stages):
        self.stages = stages

    async def __call__(self, item):
        for stage in self.stages:
            item = stage(item)MARK
        return item
"""
RUN = """
import asyncio
from pipeline import Pipeline

async def clean(item):
    return {**item, "clean": True}

pipeline = Pipeline(clean)

def lambda_handler(event, context):
    return asyncio.run(pipeline(event))
"""

BAD = {
    "a method of a derived class": TOLD + CREATE,
    "a method of a derived class, called in another file": {
        "base.py": QUIET,
        "app.py": "from base import Base\n"
        + CREATE.replace("(self, data):", "(self, data):  # LMB201"),
    },
    "functions of a table, given a client": {
        "routes.py": ROUTES.replace("MARK", "  # LMB201"),
        "app.py": RESOLVE,
    },
    "functions that an object is given": {
        "pipeline.py": PIPELINE.replace("MARK", "  # LMB201"),
        "app.py": RUN,
    },
}

GOOD = {
    "a plain method of a derived class": QUIET + CREATE.replace("async def", "def"),
    "a method of a derived class, run": QUIET.replace(
        "self.run(data)", "asyncio.run(self.run(data))"
    ).replace("import json", "import asyncio\nimport json")
    + CREATE,
    "functions of a table, given a client, awaited": {
        "routes.py": ROUTES.replace("http.get(args", "await http.get(args").replace(
            "MARK", ""
        ),
        "app.py": RESOLVE,
    },
    "functions that an object is given, awaited": {
        "pipeline.py": PIPELINE.replace("stage(item)", "await stage(item)").replace(
            "MARK", ""
        ),
        "app.py": RUN,
    },
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert "LMB201" in str(files)
    assert_marked(files, handlers=("*.lambda_handler",))


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert "LMB201" not in str(files)
    assert_marked(files, handlers=("*.lambda_handler",))
