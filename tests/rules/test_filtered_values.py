"""What conditions leave of dicts, lists and objects, as `json` itself decides."""

from __future__ import annotations

import array
import collections
import datetime
import fractions
import json
import textwrap
import types
from typing import Any

import pytest

from tests.support import assert_marked

HEAD = """
import datetime
import json

DAY = datetime.date(2026, 11, 20)
DROPPED = {"day"}

class Row:
    def __init__(self):
        self.tags = None

"""

#: What the handler does, and with which condition it is wrong instead.
PAIRS = {
    "a key": (
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if key != "day"}
        """,
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if key != "id"}  # LMB401
        """,
    ),
    "a key that is none of several": (
        """
        data = {"id": 1, "day": DAY, "tags": {1}}
        return [one for key, one in data.items() if key not in ("day", "tags")]
        """,
        """
        data = {"id": 1, "day": DAY, "tags": {1}}
        return [one for key, one in data.items() if key not in ("id", "tags")]  # LMB401
        """,
    ),
    "a key that is one of several": (
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if key in ["id", "name"]}
        """,
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if key in ["id", "day"]}  # LMB401
        """,
    ),
    "a key that somebody else knows": (
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if key not in DROPPED}
        """,
        """
        data = {"id": 1, "day": DAY}
        return {key: one for key, one in data.items() if one is not None}  # LMB401
        """,
    ),
    "a key that is asked by a method": (
        """
        data = {"id": 1, "day": DAY}
        return [one for key, one in data.items() if key.startswith("i")]
        """,
        """
        data = {"id": 1, "day": DAY}
        return [one for key, one in data.items() if one]  # LMB401
        """,
    ),
    "continue": (
        """
        data, found = {"id": 1, "day": DAY}, {}
        for key, one in data.items():
            if key == "day":
                continue
            found[key] = one
        return found
        """,
        """
        data, found = {"id": 1, "day": DAY}, {}
        for key, one in data.items():
            if key == "id":
                continue
            found[key] = one  # LMB401
        return found
        """,
    ),
    "append": (
        """
        data, found = {"id": 1, "day": DAY}, []
        for key, one in data.items():
            if key == "id":
                found.append(one)
        return found
        """,
        """
        data, found = {"id": 1, "day": DAY}, []
        for key, one in data.items():
            if key != "id":
                found.append(one)  # LMB401
        return found
        """,
    ),
    "rows of several kinds": (
        """
        rows = [{"kind": "id", "of": 1}, {"kind": "day", "of": DAY}]
        return [row for row in rows if row["kind"] != "day"]
        """,
        """
        rows = [{"kind": "id", "of": 1}, {"kind": "day", "of": DAY}]  # LMB401
        return [row for row in rows if row]
        """,
    ),
    "what is not right is replaced": (
        """
        data = {"id": 1, "day": DAY}
        for key, one in data.items():
            if isinstance(one, datetime.date):
                data[key] = one.isoformat()
        return data
        """,
        """
        data, texts = {"id": 1, "day": DAY}, {}  # LMB401
        for key, one in data.items():
            if isinstance(one, datetime.date):
                texts[key] = one.isoformat()
        return data
        """,
    ),
    "what is not right is deleted": (
        """
        data = {"id": 1, "day": DAY}
        for key in list(data):
            if key == "day":
                del data[key]
        return data
        """,
        """
        data, copy = {"id": 1, "day": DAY}, {"day": 1}  # LMB401
        for key in list(copy):
            if key == "day":
                del copy[key]
        return data
        """,
    ),
    "unpacked values": (
        """
        data = {"id": 1, "day": DAY}
        number, day = data.values()
        first, *rest = data.values()
        return [number, first, str(day), *data.keys()]
        """,
        """
        data = {"id": 1, "day": DAY}
        number, day = data.values()
        return [number, day]  # LMB401
        """,
    ),
    "an item that is none": (
        """
        data = {"tags": None}
        if event.get("tags"):
            data["tags"] = {1}
        if data["tags"] is None:
            return data
        return {"tags": sorted(data["tags"])}
        """,
        """
        data = {"tags": None}
        if not event.get("tags"):
            data["tags"] = {1}  # LMB401
        if data["tags"] is not None:
            return data
        return {}
        """,
    ),
    "an item that is one of two texts": (
        """
        data = {"state": "new"}
        if event.get("tags"):
            data["state"] = {1}
        if data["state"] == "new":
            return data
        return {"state": "old"}
        """,
        """
        data = {"state": "new"}
        if not event.get("tags"):
            data["state"] = {1}  # LMB401
        if data["state"] != "new":
            return data
        return {"state": "old"}
        """,
    ),
    "an attribute that is none": (
        """
        data = Row()
        if event.get("tags"):
            data.tags = {1}
        if data.tags is None:
            return {"tags": data.tags}
        return {"tags": sorted(data.tags)}
        """,
        """
        data = Row()
        if not event.get("tags"):
            data.tags = {1}
        if data.tags is not None:
            return {"tags": data.tags}  # LMB401
        return {}
        """,
    ),
    "what an encoder has refused": (
        """
        day = DAY
        try:
            json.dumps(day)
        except TypeError:
            day = str(day)
        return {"day": day}
        """,
        """
        day = DAY
        try:
            json.dumps(event)
        except TypeError:
            day = str(day)
        return {"day": day}  # LMB401
        """,
    ),
    "each of several that are converted in place": (
        """
        def clean(row):
            row.update(day=str(row["day"]))
            return row
        rows = ({"day": DAY}, {"day": DAY})
        return [clean(row) for row in rows]
        """,
        """
        def clean(row):
            row.update(id=str(row["day"]))
            return row
        rows = ({"day": DAY}, {"day": DAY})  # LMB401 LMB401
        return [clean(row) for row in rows]
        """,
    ),
    "one of two, by a condition": (
        """
        good, bad = {}, {}
        for key, one in {"id": 1, "day": DAY}.items():
            (good if isinstance(one, int) else bad)[key] = one
        return good
        """,
        """
        good, bad = {}, {}
        for key, one in {"id": 1, "day": DAY}.items():
            good[key] = one  # LMB401
        return good
        """,
    ),
    "a list of two, by a condition": (
        """
        good, bad = [], []
        for one in (1, DAY):
            (good if isinstance(one, int) else bad).append(one)
        return good
        """,
        """
        good, bad = [], []
        for one in (1, DAY):
            good.append(one)
        return good + bad  # LMB401
        """,
    ),
    "an item that is taken out of a dict": (
        """
        data = {"id": 1, "day": DAY}
        data.popitem()
        return data
        """,
        """
        data = {"id": 1, "day": DAY}  # LMB401
        data.pop("id")
        return data
        """,
    ),
    "an element that is taken out of a list": (
        """
        rows = ["a", DAY]
        rows.remove(DAY)
        return rows
        """,
        """
        rows = ["a", DAY]  # LMB401
        rows.index(DAY)
        return rows
        """,
    ),
    "the last of a list": (
        """
        rows = [DAY]
        rows.pop()
        return rows
        """,
        """
        rows = []
        for _ in range(3):
            rows.append(DAY)  # LMB401
        rows.pop()
        return rows
        """,
    ),
    "names that are taken out of a list, too": (
        """
        data, names = {"id": 1, "day": DAY}, ["day"]
        while names:
            data.pop(names.pop())
        return data
        """,
        """
        data, names = {"id": 1, "day": DAY}, ["id"]  # LMB401
        while names:
            names.pop()
        return data
        """,
    ),
}


@pytest.mark.parametrize("good", [one for one, _ in PAIRS.values()], ids=PAIRS)
def test_good(good):
    json.dumps(_answer(good))
    assert_marked(_source(good))


@pytest.mark.parametrize("bad", [one for _, one in PAIRS.values()], ids=PAIRS)
def test_bad(bad):
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(_answer(bad))
    assert_marked(_source(bad))


def _source(body: str) -> str:
    handler = "def lambda_handler(event, context):\n"
    return HEAD + handler + textwrap.indent(textwrap.dedent(body), "    ")


def _answer(body: str) -> object:
    names: dict[str, Any] = {}
    exec(_source(body), names)
    answer: object = names["lambda_handler"]({}, None)
    return answer


#: Objects that may be false: each is, as it stands here.
EMPTY = [
    "array.array('i')",
    "bytearray()",
    "collections.ChainMap({})",
    "collections.UserDict({})",
    "collections.UserList([])",
    "collections.UserString('')",
    "complex(0)",
    "datetime.timedelta(0)",
    "fractions.Fraction(0)",
    "memoryview(b'')",
    "types.MappingProxyType({})",
]


@pytest.mark.parametrize("empty", EMPTY)
def test_what_may_be_false(empty):
    names = [array, collections, datetime, fractions, types]
    imports = f"import {', '.join(one.__name__ for one in names)}"
    assert not eval(empty)
    assert_marked(
        f"""
        {imports}

        def lambda_handler(event, context):
            found = {empty} if event else None
            if found:
                return 1
            return found  # LMB401
        """
    )
