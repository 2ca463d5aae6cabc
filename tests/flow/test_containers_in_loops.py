"""What a loop does to each of many objects, and to none of them."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
import json
import uuid
from datetime import datetime


def make(item):
    return {"id": item["id"], "at": datetime.now()}


class Box:
    def __init__(self):
        self.value = {1, 2}

    def freeze(self):
        self.value = list(self.value)
"""

GOOD = {
    "sets that become lists in a loop over the values": """
        def lambda_handler(event, context):
            users = {}
            for record in event["Records"]:
                user = users.setdefault(record["user"], {"roles": set()})
                user["roles"].add(record["role"])
            for user in users.values():
                user["roles"] = list(user["roles"])
            return {"statusCode": 200, "body": json.dumps(users)}
    """,
    "sets that become sorted lists": """
        def lambda_handler(event, context):
            groups = {}
            for item in event["items"]:
                group = groups.setdefault(item["k"], {"ids": set(), "n": 0})
                group["ids"].add(item["id"])
            for group in groups.values():
                group["ids"] = sorted(group["ids"])
            return groups
    """,
    "a method for each object": """
        def lambda_handler(event, context):
            boxes = [Box() for _ in range(2)]
            for box in boxes:
                box.freeze()
            return [box.value for box in boxes]
    """,
    "rows of a helper": """
        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            for row in rows:
                row["at"] = str(row["at"])
            return rows
    """,
    "rows of a helper, in pairs with their keys": """
        def lambda_handler(event, context):
            rows = {item["id"]: make(item) for item in event["items"]}
            for key, row in rows.items():
                row["at"] = row["at"].isoformat()
            return rows
    """,
    "rows that a loop made, counted": """
        def lambda_handler(event, context):
            rows = []
            for item in event["items"]:
                rows.append({"at": datetime.now()})
            for number, row in enumerate(rows):
                row["number"] = number
                row["at"] = row["at"].isoformat()
            return rows
    """,
    "what lies within each row": """
        def lambda_handler(event, context):
            rows = []
            for item in event["items"]:
                rows.append({"meta": {"at": datetime.now()}})
            for row in rows:
                meta = row["meta"]
                meta["at"] = meta["at"].isoformat()
            return rows
    """,
    "a helper that converts each row": """
        def plain(row):
            row["at"] = row["at"].isoformat()
            return row

        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            return [plain(row) for row in rows]
    """,
    "a generator that converts each row": """
        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            for row in sorted(rows, key=lambda row: row["id"]):
                row["at"] = str(row["at"])
            return rows
    """,
    "deleted from each row": """
        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            for row in rows:
                del row["at"]
            return rows
    """,
    "popped from each row": """
        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            for row in rows:
                row.pop("at")
            return rows
    """,
    "one of many objects gets a set, another one goes back": """
        def lambda_handler(event, context):
            objects = []
            for i in range(2):
                one = {"v": None}
                objects.append(one)
            objects[1]["v"] = {1, 2}
            return objects[0]
    """,
    "one of many instances gets a set, another one goes back": """
        class Row:
            def __init__(self):
                self.value = None

        def lambda_handler(event, context):
            rows = [Row() for _ in range(2)]
            rows[1].value = {1, 2}
            return rows[0].value
    """,
    "some rows are converted, data decides which": """
        def lambda_handler(event, context):
            rows = [make(item) for item in event["items"]]
            for row in rows:
                if isinstance(row["at"], datetime):
                    row["at"] = row["at"].isoformat()
            return rows
    """,
    "what a row holds is asked in an expression": """
        def lambda_handler(event, context):
            row = {"at": datetime.now() if event else "never"}
            at = row["at"].isoformat() if isinstance(row["at"], datetime) else row["at"]
            return {"at": at}
    """,
    "a loop that surely runs": """
        def lambda_handler(event, context):
            ids = {1, 2}
            for _ in (1, 2):
                ids = sorted(ids)
            return ids
    """,
}

BAD = {
    "sets that stay sets": """
        def lambda_handler(event, context):
            users = {}
            for record in event["Records"]:
                user = users.setdefault(record["user"], {"roles": set()})  # LMB404
                user["roles"].add(record["role"])
            for user in users.values():
                user["count"] = len(user["roles"])
            return {"statusCode": 200, "body": json.dumps(users)}
    """,
    "lists that become sets": """
        def lambda_handler(event, context):
            groups = {}
            for item in event["items"]:
                group = groups.setdefault(item["k"], {"ids": [], "n": 0})
                group["ids"].append(item["id"])
            for group in groups.values():
                group["ids"] = set(group["ids"])  # LMB401
            return groups
    """,
    "a method that leaves a set": """
        class Bag:
            def __init__(self):
                self.value = [1, 2]

            def melt(self):
                self.value = set(self.value)

        def lambda_handler(event, context):
            boxes = [Bag() for _ in range(2)]
            for box in boxes:
                box.melt()
            return [box.value for box in boxes]  # LMB401
    """,
    "rows of a helper": """
        def fresh(item):
            return {"id": item["id"], "at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            rows = [fresh(item) for item in event["items"]]
            for row in rows:
                row["id"] = str(row["id"])
            return rows
    """,
    "rows of a helper, in pairs with their keys": """
        def fresh(item):
            return {"id": item["id"], "at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            rows = {item["id"]: fresh(item) for item in event["items"]}
            for key, row in rows.items():
                row["key"] = key
            return rows
    """,
    "rows that a loop made, counted": """
        def lambda_handler(event, context):
            rows = []
            for item in event["items"]:
                rows.append({"at": datetime.now()})  # LMB401
            for number, row in enumerate(rows):
                row["number"] = number
            return rows
    """,
    "what lies within each row": """
        def lambda_handler(event, context):
            rows = []
            for item in event["items"]:
                rows.append({"meta": {"at": 1}})
            for row in rows:
                meta = row["meta"]
                meta["at"] = datetime.now()  # LMB401
            return rows
    """,
    "a helper that converts each row": """
        def rich(row):
            row["at"] = datetime.now()  # LMB401
            return row

        def lambda_handler(event, context):
            rows = [{"at": 1} for item in event["items"]]
            return [rich(row) for row in rows]
    """,
    "a loop over a sorted copy": """
        def lambda_handler(event, context):
            rows = [{"at": 1} for item in event["items"]]
            for row in sorted(rows, key=lambda row: row["id"]):
                row["at"] = datetime.now()  # LMB401
            return rows
    """,
    "another key is deleted from each row": """
        def fresh(item):
            return {"id": item["id"], "at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            rows = [fresh(item) for item in event["items"]]
            for row in rows:
                del row["id"]
            return rows
    """,
    "another key is popped from each row": """
        def fresh(item):
            return {"id": item["id"], "at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            rows = [fresh(item) for item in event["items"]]
            for row in rows:
                row.pop("id")
            return rows
    """,
    "the fresh object is one": """
        def lambda_handler(event, context):
            objects = []
            for i in range(2):
                one = {"v": None}
                one["v"] = {1, 2}  # LMB401
                objects.append(one)
            return objects[0]
    """,
    "the fresh instance is one": """
        class Row:
            def __init__(self):
                self.value = None

        def lambda_handler(event, context):
            row = Row()
            row.value = {1, 2}
            return row.value  # LMB401
    """,
    "the rows of a list that nothing converts": """
        def fresh(item):
            return {"id": item["id"], "at": datetime.now()}  # LMB401

        def lambda_handler(event, context):
            rows = [fresh(item) for item in event["items"]]
            for row in rows:
                print(row["at"])
            return rows
    """,
    "what a row holds is asked in an expression, the wrong way": """
        def lambda_handler(event, context):
            row = {"at": datetime.now() if event else "never"}
            at = row["at"] if isinstance(row["at"], datetime) else None
            return {"at": at}  # LMB401
    """,
    "a loop that may not run": """
        def lambda_handler(event, context):
            ids = {1, 2}
            for _ in event:
                ids = sorted(ids)
            return ids  # LMB401
    """,
}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "# LMB" not in source
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB" in source
    assert_marked(HEAD + textwrap.dedent(source))


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
