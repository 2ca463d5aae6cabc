"""The methods of Django whose names begin with an `a`: they do nothing unless awaited.

Each shape was run with Django 6.1.3 and SQLite, 2026-11-22.
"""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import with_calls

MODELS = """\
from django.contrib.auth.models import AbstractUser
from django.db import models


class Open(models.Manager):
    async def close(self):
        await self.filter(name="one").aupdate(name="two")


class Item(models.Model):
    name = models.TextField()

    async def rename(self, name):
        self.name = name
        await self.asave()

    def label(self):
        return self.name


class Entry(models.Model):
    name = models.TextField()
    every = models.Manager()
    opened = Open()


class Account(AbstractUser):
    pass
"""

HEAD = """\
from django.contrib.auth import alogin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.cache import cache
from django.shortcuts import aget_object_or_404
from django.shortcuts import get_object_or_404

from shop.models import Account
from shop.models import Entry
from shop.models import Item

Person = get_user_model()


"""
ASYNC = HEAD + "async def view(request, key):\n"
PLAIN = HEAD + "def view(request, key):\n"

#: One call in each, in place of `CALL`, with or without its `await`.
SHAPES = {
    "a new row": """
    CALL(Item.objects.acreate(name="one"))
""",
    "rows of a query of queries": """
    CALL(Item.objects.filter(name="one").exclude(id=key).aupdate(name="two"))
""",
    "a manager of the project": """
    CALL(Entry.opened.close())
""",
    "what a manager of the project inherits": """
    CALL(Entry.opened.acreate(name="one"))
""",
    "a manager by another name": """
    entry = await Entry.every.filter(name="one").alast()
    if entry:
        CALL(entry.asave())
""",
    "a row by its key": """
    item = await Item.objects.aget(id=key)
    CALL(item.asave())
""",
    "a row that may be missing": """
    item = await Item.objects.order_by("name").afirst()
    if item is not None:
        CALL(item.adelete())
""",
    "a row that may be new": """
    item, is_new = await Item.objects.aget_or_create(name="new")
    if is_new:
        CALL(item.arefresh_from_db())
""",
    "each row": """
    async for item in Item.objects.filter(name="one"):
        CALL(item.asave())
""",
    "each row, a few at a time": """
    async for item in Item.objects.all().aiterator(chunk_size=10):
        CALL(item.asave())
""",
    "a row that was made": """
    item = Item(name="one")
    CALL(item.asave())
""",
    "users of Django": """
    CALL(User.objects.acreate(username="one"))
""",
    "users of whatever class they are": """
    person = await Person.objects.aget(id=key)
    CALL(person.asave())
""",
    "users of a derived class": """
    CALL(Account.objects.filter(id=key).adelete())
""",
    "the cache": """
    CALL(cache.aset("one", 1, 300))
""",
    "a login": """
    CALL(alogin(request, key))
""",
}

#: The same in plain code, where only a name was mistaken for another.
MISTAKEN = {
    "a row by its key": """
    item = Item.objects.get(id=key)
    CALL(item.asave())
""",
    "a row or an answer": """
    item = get_object_or_404(Item, id=key)
    CALL(item.adelete())
""",
    "each row": """
    for item in Item.objects.filter(name="one"):
        CALL(item.asave())
""",
    "the first row": """
    if item := Item.objects.order_by("name").first():
        CALL(item.arefresh_from_db())
""",
    "a row that may be new": """
    item, is_new = Item.objects.get_or_create(name="new")
    CALL(item.asave())
""",
    "a user": """
    user = User(username="one")
    CALL(user.asave())
""",
    "the cache": """
    CALL(cache.aset("one", 1, 300))
""",
}


def view(head, source, before, mark=""):
    """Return a project with a view in which each `CALL(...)` is what it holds."""
    text = head + with_calls(source, before, mark).lstrip("\n")
    return {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/views.py": text}


@pytest.mark.parametrize("source", SHAPES.values(), ids=SHAPES)
def test_a_call_that_is_not_awaited(source):
    assert_marked(view(ASYNC, source, "", "  # LMB201"))


@pytest.mark.parametrize("source", SHAPES.values(), ids=SHAPES)
def test_a_call_that_is_awaited(source):
    assert_marked(view(ASYNC, source, "await "))


@pytest.mark.parametrize("source", MISTAKEN.values(), ids=MISTAKEN)
def test_a_call_in_plain_code(source):
    assert_marked(view(PLAIN, source, "", "  # LMB201"))


@pytest.mark.parametrize("source", MISTAKEN.values(), ids=MISTAKEN)
def test_the_plain_method_of_that_name(source):
    source = source.replace(".a", ".", 1)
    assert_marked(view(PLAIN, source, ""))


#: Calls whose results are used as if they were rows.
USED = """
    item = Item.objects.aget(id=key)  # LMB201
    found = aget_object_or_404(Item, id=key)  # LMB201
    number = Item.objects.filter(name="one").acount()  # LMB201
    if Item.objects.filter(name="two").aexists():  # LMB201
        return found.name
    for one in Item.objects.all().aiterator():  # LMB201
        print(one)
    return item.name, number + 1
"""


def test_results_that_are_not_awaited():
    assert_marked(view(ASYNC, USED, ""))


#: What works.
GOOD = """
    import asyncio

    numbers = await asyncio.gather(Item.objects.acount(), Account.objects.acount())
    later = Item.objects.aget(id=key)
    item = await later
    row = await Item.objects.values("name").afirst()
    names = {one.name async for one in Item.objects.filter(id=key)}
    rows = [row[0] async for row in Item.objects.values_list("name")]
    return numbers, item.label(), row and row["name"], names, rows
"""

#: What is not known.
OPEN = """\
from vendor import models
from vendor import Managers
from django.db import models as real


class Item(models.Model):
    pass


class Row(real.Model):
    objects = Managers()


async def work(items):
    Item.objects.aget(id=1)
    Row.objects.aget(id=1)
    items.aget(id=1)
"""


def test_what_works():
    assert_marked(view(ASYNC, GOOD, ""))
    assert_marked(OPEN)
