"""Parameters without annotations, of functions: what all callers of the project give."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

REPO = """\
class Repo:
    async def put(self, item):
        return item


class Plain:
    def put(self, item):
        return item
"""

SAVING = """\
def save(repo, item=None):
    CALL(repo.put(item))
"""

#: Between the function and who gives it something.
MIDDLE = """\
from saving import save


def store(first, item):
    save(first, item)
"""

#: What calls `store`, in `app.py`.
BAD = {
    "an object": "    store(Repo(), event)",
    "a name": "    repo = Repo()\n    store(repo, item=event)",
    "by keyword": "    store(item=event, first=Repo())",
    "twice": "    store(Repo(), event)\n    store(Repo(), None)",
    "a parameter": "    handle(Repo(), event)\n\n\n"
    "def handle(repo: Repo, event):\n    store(repo, event)",
    "by the module": "    middle.store(Repo(), event)",
    "an attribute": "    App().run(event)\n\n\nclass App:\n    def __init__(self):\n"
    "        self.repo = Repo()\n\n    def run(self, event):\n"
    "        store(self.repo, event)",
}

GOOD = {
    "a plain object": "    store(Plain(), event)",
    "a plain object elsewhere": "    store(Plain(), event)\n\n\n"
    "def other(event):\n    store(Repo(), event)",
    "one or the other": "    for one in (Plain(), Plain()):\n        store(one, event)",
    "something else by `partial`": "    import functools\n"
    "    functools.partial(store, Plain())(event)\n\n\n"
    "def other(event):\n    store(Repo(), event)",
    "something else by another name": "    keep = store\n    keep(Plain(), event)\n\n\n"
    "def other(event):\n    store(Repo(), event)",
    "several at once": "    store(*[Plain(), event])\n\n\n"
    "def other(event):\n    store(Repo(), event)",
    "a name that is bound again": "    repo = Repo()\n    repo = Plain()\n"
    "    store(repo, event)",
}

HEAD = "import middle\nfrom middle import store\nfrom repo import Plain, Repo\n\n\n"
HANDLER = "def lambda_handler(event, context):\n"


def files(saving: str, used: str) -> dict[str, str]:
    app = f"{HEAD}{HANDLER}{used}\n"
    return {
        "repo.py": REPO,
        "saving.py": saving,
        "middle.py": MIDDLE,
        "app.py": app,
        "tests/test_saving.py": "from saving import save\nsave(object(), 1)\n",
    }


def dropped(found: dict[str, str]) -> bool:
    """Return whether Python tells of a coroutine, in one module of all files."""
    text = "\n".join(one for path, one in found.items() if "tests" not in path)
    for own in (HEAD, "from saving import save\n", "middle."):
        text = text.replace(own, "")
    return is_dropped(text)


@pytest.mark.parametrize("used", BAD.values(), ids=BAD)
def test_the_same_class_everywhere(used):
    found = files(
        SAVING.replace("CALL(repo.put(item))", "repo.put(item)  # LMB201"), used
    )
    assert dropped(found)
    assert_marked(found)


@pytest.mark.parametrize("used", GOOD.values(), ids=GOOD)
def test_not_the_same_class_everywhere(used):
    found = files(SAVING.replace("CALL", ""), used)
    assert not dropped(found)
    assert_marked(found)


def test_what_is_run():
    found = files(
        "import asyncio\n\n\n" + SAVING.replace("CALL", "asyncio.run"), BAD["a name"]
    )
    assert not dropped(found)
    assert_marked(found)


@pytest.mark.parametrize(
    "saving",
    [
        "def wrapped(function):\n    return function\n\n\n@wrapped\n"
        "def save(repo, item):\n    repo.put(item)\n",
        "from repo import Plain\n\n\ndef save(repo, item):\n    repo = Plain()\n"
        "    repo.put(item)\n",
        "from repo import Plain\n\n\ndef save(repo, item):\n"
        "    if isinstance(repo, Plain):\n        repo.put(item)\n",
    ],
    ids=["decorated", "bound again", "asked"],
)
def test_what_the_function_is(saving):
    assert_marked(files(saving, BAD["a name"]))
