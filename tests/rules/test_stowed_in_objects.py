"""LMB201 on coroutines in lists and dicts of objects, which nothing reads."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import is_dropped
from tests.support import violations

SERVICE = """\
import asyncio
from collections import deque


async def save(item):
    print(item)


class Service:
    def __init__(self):
        self.jobs = EMPTY

    def put(self, key):
        FILL

    def close(self):
        CLOSE


service = Service()
"""

APP = """\
import asyncio
from service import Service, service


def lambda_handler(event, context):
    service.put("key")
    USE
"""

#: What the container is at first, how it is filled, what `close` and the handler do.
BAD = {
    "a list": ("[]", "self.jobs.append(save(key))", "pass", "pass"),
    "a list that is cleared": (
        "[]",
        "self.jobs.append(save(key))",
        "self.jobs.clear()",
        "service.close()",
    ),
    "a set": ("set()", "self.jobs.add(save(key))", "pass", "pass"),
    "a deque": ("deque()", "self.jobs.append(save(key))", "pass", "pass"),
    "a dict": ("{}", "self.jobs[key] = save(key)", "pass", "pass"),
    "a dict from which it is taken away": (
        "{}",
        "self.jobs[key] = save(key)",
        "del self.jobs['key']",
        "service.close()",
    ),
    "filled by others, too": (
        "[]",
        "self.jobs.append(save(key))",
        "pass",
        "service.jobs.append(None)",
    ),
}

DRAIN = "[asyncio.run(one) for one in "

GOOD = {
    "run by itself": (
        "[]",
        "self.jobs.append(save(key))",
        f"{DRAIN}self.jobs]",
        "service.close()",
    ),
    "run by the handler": (
        "[]",
        "self.jobs.append(save(key))",
        "pass",
        f"{DRAIN}service.jobs]",
    ),
    "run by its name": (
        "[]",
        "self.jobs.append(save(key))",
        "pass",
        f'{DRAIN}getattr(service, "jobs")]',
    ),
    "run by what finds all": (
        "[]",
        "self.jobs.append(save(key))",
        f"[asyncio.run(two) for one in self.__dict__.values() for two in one]",
        "service.close()",
    ),
    "taken out": (
        "deque()",
        "self.jobs.append(save(key))",
        "asyncio.run(self.jobs.popleft())",
        "service.close()",
    ),
    "handed back": (
        "[]",
        "self.jobs.append(save(key))",
        "return self.jobs",
        f"{DRAIN}service.close()]",
    ),
    "taken from a dict": (
        "{}",
        "self.jobs[key] = save(key)",
        "asyncio.run(self.jobs['key'])",
        "service.close()",
    ),
    "functions": ("[]", "self.jobs.append(save)", "pass", "pass"),
}

MIXED = """\
import asyncio
from service import Service


class Draining:
    def drain(self):
        [asyncio.run(one) for one in self.jobs]


class Both(Draining, Service):
    pass


def lambda_handler(event, context):
    both = Both()
    both.put("key")
    both.drain()
"""


def files(case: tuple[str, str, str, str], mark: str) -> dict[str, str]:
    text, app = SERVICE, APP
    for word, part in zip(("EMPTY", "FILL", "CLOSE"), case):
        text = text.replace(word, part + mark if word == "FILL" else part)
    return {"service.py": text, "app.py": app.replace("USE", case[3])}


def dropped(found: dict[str, str]) -> bool:
    """Return whether Python tells of a coroutine, in one module of all files."""
    lines = "\n".join(found.values()).splitlines()
    return is_dropped("\n".join(one for one in lines if "from service" not in one))


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_nothing_reads_it(case):
    assert dropped(files(case, "  # LMB201"))
    assert_marked(files(case, "  # LMB201"))


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_something_reads_it(case):
    assert not dropped(files(case, ""))
    assert_marked(files(case, ""))


def test_a_class_beside_it_reads_it():
    found = {**files(BAD["a list"], ""), "app.py": MIXED}
    assert not dropped(found)
    assert_marked(found)


@pytest.mark.parametrize(
    "old, new",
    [
        ("class Service:", "from x import Base\n\n\nclass Service(Base):"),
        ("class Service:", "from x import kept\n\n\n@kept\nclass Service:"),
        ("service = Service()", ""),
    ],
    ids=["a base reads it", "a decorator reads it", "another project may"],
)
def test_who_else_may_read_it(old, new):
    text = files(BAD["a list"], "")["service.py"].replace(old, new)
    assert_marked({"service.py": text})


def test_words():
    found = violations(files(BAD["a list"], ""))
    assert [one.text for one in found] == [
        "`save()` is kept in `.jobs`, which nothing reads, and does nothing; "
        "run it with `asyncio.run(...)`"
    ]
