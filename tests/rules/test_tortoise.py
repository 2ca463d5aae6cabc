"""Rows and queries of Tortoise ORM, which do nothing unless they are awaited.

Each shape was run with Tortoise ORM 1.1.9 and SQLite, 2026-11-22.
"""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import with_calls

HEAD = """\
from tortoise import fields
from tortoise.models import Model


class Item(Model):
    id = fields.IntField(primary_key=True)
    name = fields.TextField()

    async def rename(self, name):
        self.name = name
        await self.save()

    def label(self):
        return self.name


async def work(event):
"""

#: One call in each, in place of `CALL`, with or without its `await`.
SHAPES = {
    "a row by its key": """
    item = await Item.get(id=1)
    CALL(item.save())
""",
    "a row that may be missing": """
    item = await Item.get_or_none(id=1)
    if item is not None:
        CALL(item.delete())
""",
    "the first of some rows": """
    item = await Item.filter(name="one").order_by("name").first()
    CALL(item.refresh_from_db())
""",
    "a row with related ones": """
    item = await Item.get(id=1).prefetch_related()
    CALL(item.fetch_related())
""",
    "each of some rows": """
    for item in await Item.filter(name="one"):
        CALL(item.save())
""",
    "each of all rows, one after the other": """
    async for item in Item.all():
        CALL(item.save())
""",
    "one of some rows": """
    items = await Item.all().limit(2)
    CALL(items[0].delete())
""",
    "a new row": """
    item = await Item.create(name="one")
    CALL(item.save())
""",
    "a row that may be new": """
    item, is_new = await Item.get_or_create(name="new")
    CALL(item.save())
""",
    "a row that is made here": """
    item = Item(name="one")
    CALL(item.save())
""",
    "a method of the class": """
    item = await Item.get(id=1)
    CALL(item.rename("two"))
""",
    "what makes a row": """
    CALL(Item.create(name="one"))
""",
    "a query that deletes": """
    CALL(Item.filter(name="one").delete())
""",
    "a query that changes rows": """
    CALL(Item.all().exclude(id=1).update(name="two"))
""",
}

GOOD = {
    "what is asked of a query before it is awaited": """
    print(Item.filter(name="one").delete().sql())
    query = Item.filter(name="one").count()
    print(query.sql())
    query = query.using_db(event)
    return await query
""",
    "a query that grows": """
    query = Item.all()
    if event:
        query = query.filter(name="one")
    for item in await query:
        print(item.name)
""",
    "rows that are gathered": """
    import asyncio
    items = await Item.all()
    await asyncio.gather(*(item.save() for item in items))
""",
    "a plain method": """
    item = await Item.get(id=1)
    item.label()
    item.update_from_dict({"name": "two"})
""",
    "values": """
    names = await Item.all().values_list("name", flat=True)
    rows = await Item.all().values()
    names.sort()
    return rows[0]["name"]
""",
}

OTHER = """\
from tortoise.models import Model


class Item(Model):
    def save(self):
        print("saved")


async def work(event):
    item = await Item.get(id=1)
    item.save()
    for item in await Item.all():
        item.save()
"""


@pytest.mark.parametrize("name", SHAPES)
def test_dropped(name):
    assert_marked(HEAD + with_calls(SHAPES[name][1:], "", "  # LMB201"))


@pytest.mark.parametrize("name", SHAPES)
def test_awaited(name):
    assert_marked(HEAD + with_calls(SHAPES[name][1:], "await "))


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_no_drop(body):
    assert_marked(HEAD + body[1:])


def test_a_plain_method_of_that_name():
    assert_marked(OTHER)


@pytest.mark.parametrize("used", ["if {}: print(1)", "print({} + 1)", "return str({})"])
def test_a_query_as_its_result(used):
    text = f"    {used.format(CALL)}"
    assert_marked(f"{HEAD}{text}  # LMB201\n")
    assert_marked(f"{HEAD}    {used.format(f'await {CALL}')}\n")


CALL = 'Item.filter(name="one").count()'
