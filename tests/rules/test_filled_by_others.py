"""LMB201 on what called functions and methods put into lists, dicts and registries."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

REPO = """
class Repo:
    async def save(self, item):
        print(item)

"""

#: An object that keeps functions by name, and calls them.
BUS = """
class Bus:
    def __init__(self):
        self._listeners = {}

    def subscribe(self, name, listener):
        self._listeners.setdefault(name, []).append(listener)

    def on(self, name):
        def decorate(listener):
            self.subscribe(name, listener)
            return listener
        return decorate

    def publish(self, name, event):
        for listener in self._listeners.get(name, []):
            listener(event)MARK

bus = Bus()

"""
DROPS = BUS.replace("MARK", "  # LMB201")
IS_FINE = BUS.replace("MARK", "")

#: A class that keeps functions for all its objects.
APP = """
class App:
    handlers = {}

    @classmethod
    def register(cls, name):
        def decorate(function):
            cls.handlers[name] = function
            return function
        return decorate

    def dispatch(self, event):
        return self.handlers[event["type"]](event)

app = App()

"""

BAD = {
    "a list that a function fills": REPO
    + """
def connect(repos):
    repos.append(Repo())

def lambda_handler(event, context):
    repos = []
    connect(repos)
    repos[0].save(event)  # LMB201
""",
    "a list that a function fills, in a loop": REPO
    + """
def connect(repos):
    repos.append(Repo())

def lambda_handler(event, context):
    repos = []
    connect(repos)
    for repo in repos:
        repo.save(event)  # LMB201
""",
    "a dict that a function fills": REPO
    + """
def wire(services):
    services["repo"] = Repo()

def lambda_handler(event, context):
    services = {}
    wire(services)
    services["repo"].save(event)  # LMB201
""",
    "listeners of an object, in its method": DROPS
    + """
async def created(event):
    print(event)

bus.subscribe("created", created)

def lambda_handler(event, context):
    bus.publish("created", event)
""",
    "listeners of an object, by a decorator": DROPS
    + """
@bus.on("created")
async def created(event):
    print(event)

def lambda_handler(event, context):
    bus.publish("created", event)
""",
    "a registry of a class": APP
    + """
@app.register("created")
async def created(event):
    print(event)

def lambda_handler(event, context):
    app.dispatch(event)  # LMB201
""",
    "a property beside an attribute of the same name": REPO
    + """
import asyncio

class Service:
    def __init__(self, repo):
        self.repo = repo

    async def __call__(self, item):
        self.repo.save(item)  # LMB201

class Container:
    @property
    def repo(self):
        return Repo()

    @property
    def service(self):
        return Service(self.repo)

container = Container()

def lambda_handler(event, context):
    asyncio.run(container.service(event))
""",
}

GOOD = {
    "a list that a function fills, and somebody awaits": REPO
    + """
def connect(repos):
    repos.append(Repo())

async def main(event):
    repos = []
    connect(repos)
    await repos[0].save(event)
    for repo in repos:
        await repo.save(event)
""",
    "a list to which a function may add others": REPO
    + """
def connect(repos, other):
    repos.append(Repo())
    repos.append(other)

def lambda_handler(event, context):
    repos = []
    connect(repos, event)
    repos[0].save(event)
""",
    "a dict in which a function puts something in its place": REPO
    + """
class Plain:
    def save(self, item):
        print(item)

def wire(services):
    services["repo"] = Repo()

def replace(services):
    services["repo"] = Plain()

def lambda_handler(event, context):
    services = {}
    wire(services)
    replace(services)
    services["repo"].save(event)
""",
    "plain listeners of an object": IS_FINE
    + """
def created(event):
    print(event)

async def later(event):
    print(event)

bus.subscribe("created", created)

def lambda_handler(event, context):
    bus.publish("created", event)
""",
    "listeners that a method awaits": IS_FINE.replace(
        "    def publish", "    async def publish"
    ).replace("            listener(event)", "            await listener(event)")
    + """
import asyncio

@bus.on("created")
async def created(event):
    print(event)

def lambda_handler(event, context):
    asyncio.run(bus.publish("created", event))
""",
    "a registry of a class that somebody awaits": APP
    + """
import asyncio

@app.register("created")
async def created(event):
    print(event)

def lambda_handler(event, context):
    asyncio.run(app.dispatch(event))
""",
    "a registry of a class that has a plain function, too": APP
    + """
@app.register("created")
async def created(event):
    print(event)

@app.register("deleted")
def deleted(event):
    print(event)

def lambda_handler(event, context):
    app.dispatch(event)
""",
    "a method that somebody else may replace": REPO
    + """
class Container:
    def repo(self):
        return Repo()

    def fake(self, repo):
        self.repo = repo

container = Container()

def lambda_handler(event, context):
    container.repo().save(event)
""",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(source)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB201" not in source
    assert_marked(source)
