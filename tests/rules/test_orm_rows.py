"""Rows of SQLAlchemy and SQLModel in a response (LMB401), beside what is made of them."""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.support import assert_marked
from tests.support import violations

HEAD = """\
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declarative_base
from sqlalchemy.orm import mapped_column, sessionmaker
from sqlmodel import SQLModel

engine = create_engine("sqlite://")
Make = sessionmaker(engine)
Old = declarative_base()

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)

    def plain(self):
        return {"id": self.id}

class Item(Old):
    __tablename__ = "items"

class Hero(SQLModel, table=True):
    id: int
"""

#: Expressions with a `session` that give rows, and near misses.
ROWS = {
    "session.query(Order).first()": "session.query(Order).first().plain()",
    "session.query(Order).filter(Order.id > 1).all()": (
        "[one.plain() for one in session.query(Order).filter(Order.id > 1).all()]"
    ),
    "[one for one in session.query(Item)]": "[one.id for one in session.query(Item)]",
    "session.query(Order).one()": "session.query(Order).count()",
    "session.query(Order).distinct().filter(1).filter_by(id=1).limit(1).all()": (
        "session.query(Order).distinct().filter(1).filter_by(id=1).limit(1).count()"
    ),
    "session.query(Order).offset(1).order_by(1).where(1).all()": (
        "session.query(Order).offset(1).order_by(1).where(1).count()"
    ),
    "session.query(Order).options(1).with_for_update().first()": (
        "session.query(Order).options(1).with_for_update().exists()"
    ),
    "session.execute(select(Order)).scalar()": (
        "session.execute(select(Order)).scalar() is None"
    ),
    "session.execute(select(Order)).scalar_one_or_none()": (
        "session.execute(select(Order)).scalar_one_or_none() is None"
    ),
    "session.get(Order, event['id'])": "session.get(Order, event['id']).id",
    "session.scalars(select(Order)).all()": "session.scalars(select(Order.id)).all()",
    "session.scalars(select(Item).where(Item.id == 1)).first()": (
        "session.scalar(select(Item.id).where(Item.id == 1))"
    ),
    "session.execute(select(Order)).scalars().all()": (
        "session.execute(select(Order.id)).scalars().all()"
    ),
    "session.execute(select(Order)).scalar_one()": (
        "session.execute(select(Order)).scalar_one().id"
    ),
    "session.execute(select(Order)).unique().scalars().first()": (
        "session.execute(select(Order)).rowcount"
    ),
    "session.scalar(select(Order))": "session.scalar(select(Order.id))",
    "Order(id=1)": "Order(id=1).plain()",
    "Item()": "Item.__tablename__",
    "Hero(id=1)": "Hero(id=1).model_dump()",
}


@pytest.mark.parametrize("session", ["Session(engine)", "Make()"])
@pytest.mark.parametrize("bad, good", ROWS.items(), ids=ROWS)
def test_rows(bad, good, session):
    source = f"""
        def lambda_handler(event, context):
            with {session} as session:
                return {{
                    "bad": {bad},  # LMB401
                    "good": {good},
                }}
    """
    assert_marked(HEAD + textwrap.dedent(source))


def test_a_base_that_nobody_knows():
    source = """
        from models import Base

        class Order(Base):
            pass

        def lambda_handler(event, context):
            return {"order": Order(), "session": event["session"].query(Order).all()}
    """
    assert_marked(textwrap.dedent(source))


#: What a coroutine gives, with an async `session` or a `connection` of asyncpg.
AWAITED = {
    "(await session.scalars(select(Order))).all()": (
        "(await session.scalars(select(Order.id))).all()"
    ),
    "(await session.execute(select(Order))).scalars().first()": (
        "(await session.execute(select(Order))).rowcount"
    ),
    "await session.scalar(select(Order))": "await session.scalar(select(Order.id))",
    "await session.get(Order, 1)": "(await session.get(Order, 1)).id",
    "await connection.fetch('SELECT 1')": (
        "[dict(one) for one in await connection.fetch('SELECT 1')]"
    ),
    "await connection.fetchrow('SELECT 1')": (
        "dict(await connection.fetchrow('SELECT 1'))"
    ),
}


@pytest.mark.parametrize("bad, good", AWAITED.items(), ids=AWAITED)
def test_awaited_rows(bad, good):
    source = f"""
        import asyncio
        import asyncpg
        from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

        async def main():
            make = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
            connection = await asyncpg.connect("postgres://a")
            async with make() as session:
                return {{
                    "bad": {bad},  # LMB401
                    "good": {good},
                }}

        def lambda_handler(event, context):
            return asyncio.run(main())
    """
    assert_marked(HEAD + textwrap.dedent(source))


#: What plain SQL gives in a `json.dumps`; the runtime encodes a row, and no mapping.
PLAIN = {
    "[one._mapping for one in rows]": "[dict(one._mapping) for one in rows]",
    "[one for one in rows.mappings()]": "[dict(one) for one in rows.mappings()]",
    "rows.fetchall()": "[dict(one._mapping) for one in rows.fetchall()]",
    "rows.all()": "[one._asdict() for one in rows.all()]",
    "rows.fetchone()": "rows.fetchone()[0]",
    "rows.first()": "rows.first().id",
    "rows.one()": "list(rows.one())",
    "rows.mappings().all()": "[dict(one) for one in rows.mappings().all()]",
    "rows.mappings().first()": "dict(rows.mappings().first())",
    "rows": "rows.scalars().all()",
}


@pytest.mark.parametrize(
    "opened", ["engine.connect()", "engine.begin()", "Session(engine)"]
)
@pytest.mark.parametrize("bad, good", PLAIN.items(), ids=PLAIN)
def test_rows_of_plain_sql(bad, good, opened):
    source = f"""
        import json
        from sqlalchemy import text

        def lambda_handler(event, context):
            with {opened} as connection:
                rows = connection.execute(text("select id from orders"))
                json.dumps({{"good": {good}, "count": rows.rowcount}})
                return json.dumps({{"bad": {bad}}})  # LMB404
    """
    assert_marked(HEAD + textwrap.dedent(source))


def test_rows_that_the_runtime_encodes():
    source = """
        from sqlalchemy import text

        def lambda_handler(event, context):
            with engine.connect() as connection:
                rows = connection.execute(text("select id from orders"))
                if event:
                    return {"rows": rows.mappings().all()}  # LMB401
                return {"rows": rows.fetchall()}
    """
    assert_marked(HEAD + textwrap.dedent(source))


def test_rows_of_sqlite_by_what_is_set_on_the_connection():
    source = """
        import sqlite3

        def lambda_handler(event, context):
            connection = sqlite3.connect("a")
            if event["plain"]:
                connection.isolation_level = None
                return connection.execute("select 1").fetchall()
            connection.row_factory = sqlite3.Row
            connection.isolation_level = None
            return connection.execute("select 1").fetchall()  # LMB401
    """
    assert_marked(HEAD + textwrap.dedent(source))


def test_words_of_rows():
    source = """
        import json
        from sqlalchemy import text

        def lambda_handler(event, context):
            with engine.connect() as connection:
                rows = connection.execute(text("select id from orders"))
                return json.dumps([rows.mappings().first(), rows.mappings(), rows])
    """
    found = violations(HEAD + textwrap.dedent(source))
    names = [re.findall(r"is an? `(\w+)`", one.text) for one in found]
    assert names == [["RowMapping"], ["MappingResult"], ["CursorResult"]]
