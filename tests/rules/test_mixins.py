"""What a class calls that only the classes made of it have."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

TALK = """
class Talk:
    async def rename(self, token):
        if "rename" not in self.features():  # LMB201
            raise ValueError("no")
        await self.query(token)

    async def drop(self, token):
        self.query(token)  # LMB201
"""

QUIET = TALK.replace("  # LMB201", "")

API = """
class Api:
    async def features(self):
        return await self.query("features")

    async def query(self, path):
        return path
"""

CLIENT = """
from api import Api
from talk import Talk

class Client(Api, Talk):
    pass
"""

BAD = {
    "a class of both": {"talk.py": TALK, "api.py": API, "client.py": CLIENT},
    "a class that has them itself": {
        "talk.py": TALK,
        "client.py": "from talk import Talk\n" + API.replace("Api:", "Api(Talk):"),
    },
    "in the same file": {
        "talk.py": TALK + API + "class Client(Talk, Api):\n    pass\n"
    },
    "by a class of mixins": {
        "talk.py": TALK,
        "api.py": API,
        "methods.py": "from talk import Talk\nclass Methods(Talk):\n    pass\n",
        "client.py": CLIENT.replace("talk", "methods").replace("Talk", "Methods"),
    },
    "of two classes": {
        "talk.py": TALK,
        "api.py": API,
        "client.py": CLIENT + "class Other(Talk, Api):\n    pass\n",
    },
    "with an annotation of its object": {
        "talk.py": TALK.replace("(self", '(self: "Client"'),
        "api.py": API,
        "client.py": CLIENT,
    },
}

GOOD = {
    "nobody derives": {"talk.py": QUIET, "api.py": API},
    "a class that has plain ones": {
        "talk.py": QUIET,
        "client.py": CLIENT,
        "api.py": API.replace("async ", "").replace("await ", ""),
    },
    "one of two classes has plain ones": {
        "talk.py": QUIET,
        "api.py": API,
        "client.py": CLIENT
        + API.replace("Api:", "Plain(Talk):")
        .replace("async ", "")
        .replace("await ", ""),
    },
    "a base from outside may have them": {
        "talk.py": QUIET,
        "api.py": API,
        "client.py": CLIENT.replace("(Api", "(Base, Api").replace(
            "from api", "from framework import Base\nfrom api"
        ),
    },
    "its objects get others": {
        "talk.py": QUIET,
        "api.py": API,
        "client.py": CLIENT.replace(
            "    pass",
            "    def __init__(self, query, features):\n"
            "        self.query = query\n"
            "        self.features = features",
        ),
    },
    "only a test derives": {
        "talk.py": QUIET,
        "api.py": API,
        "tests/test_client.py": CLIENT,
    },
    "awaited": {
        "talk.py": QUIET.replace(" self.", " await self.").replace(
            "await await", "await"
        ),
        "api.py": API,
        "client.py": CLIENT,
    },
    "handed back": {
        "talk.py": "class Talk:\n    def rename(self):\n        return self.query(1)\n",
        "api.py": API,
        "client.py": CLIENT,
    },
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_bad(files):
    assert_marked(files)


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_good(files):
    assert_marked(files)
