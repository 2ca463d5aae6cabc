"""What objects are made with, where no annotation says it: the project shows."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

CLIENT = """\
class Client:
    async def send(self, item):
        return item


class Plain:
    def send(self, item):
        return item
"""

SERVICE = """\
class Service:
    def __init__(self, client, name="", *, other=None):
        self._client = client
        self._other = other
        self.name = name

    async def run(self, item):
        found = self._client.send(item){}
        return found["id"]

    async def close(self):
        await self._client.send(None)
"""

HEAD = "from client import Client, Plain\nfrom service import Service\n"

#: What makes the objects, in `app.py`.
BAD = {
    "at import": "service = Service(Client())",
    "of a global": "client = Client()\nservice = Service(client)",
    "in a function": """
def build():
    client = Client()
    return Service(client, "main")
""",
    "in a function with an annotation": """
def build(client: Client):
    return Service(client=client)
""",
    "in a method, of an attribute": """
class App:
    def __init__(self):
        self.client = Client()
        self.service = None

    async def start(self):
        self.service = Service(self.client)
""",
    "of an attribute that is given in turn": """
class App:
    def __init__(self, client):
        self.client = client

    def service(self):
        return Service(self.client)
""",
    "in several places, and for tests": """
one = Service(Client())


def check(found):
    return Service(Client()) if isinstance(found, Service) else found
""",
    "by the module's name": "import service\nmade = service.Service(Client())",
}

GOOD = {
    "something else": "service = Service(Plain())",
    "one or the other": "one, two = Service(Client()), Service(Plain())",
    "nobody knows what": "def build(client):\n    return Service(client)",
    "with a star": "service = Service(*[Client()])",
    "with more than that": "OPTIONS = {}\nservice = Service(**OPTIONS)",
    "by somebody else, too": "service = Service(Client())\nmade = make(Service)",
    "of a derived class, too": """
service = Service(Client())


class Other(Service):
    def __init__(self):
        super().__init__(Plain())
""",
    "under another name, too": """
from service import Service as Other
one, two = Service(Client()), Other(Plain())
""",
}

#: What else is there, in `main.py`.
OTHERS = {
    "in turn": "from app import App\nfrom client import Client\napp = App(Client())\n",
    "": "print()\n",
}


def files(text: str, mark: str) -> dict[str, str]:
    is_in_turn = "class App" in text and "def __init__(self, client)" in text
    return {
        "client.py": CLIENT,
        "service.py": SERVICE.format(mark),
        "app.py": HEAD + text,
        "main.py": OTHERS["in turn" if is_in_turn else ""],
        "tests/test_service.py": HEAD + "service = Service(Plain())\n",
    }


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_method_of_what_an_object_was_made_with(text):
    assert_marked(files(text, "  # LMB201"))


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_it_was_made_with_is_not_sure(text):
    assert_marked(files(text, ""))


def test_an_attribute_that_others_set():
    text = (
        SERVICE.format("")
        + "\n    def use(self, client):\n        self._client = client"
    )
    assert_marked({**files(BAD["at import"], ""), "service.py": text})


@pytest.mark.parametrize(
    "old, new",
    [
        ("class Service", "@provided\nclass Service"),
        ("    def __init__", "    @provided\n    def __init__"),
        (
            "    async def close",
            "    @classmethod\n    def plain(cls):\n        return cls(Plain())\n\n"
            "    async def close",
        ),
    ],
)
def test_who_else_may_make_it(old, new):
    text = SERVICE.format("").replace(old, new)
    assert_marked({**files(BAD["at import"], ""), "service.py": text})


def test_what_is_given_by_name_only():
    text = SERVICE.replace("found = self._client", "found = self._other")
    for given, mark in (("other=Client()", "  # LMB201"), ("other=None", "")):
        app = HEAD + f"service = Service(Plain(), {given})"
        assert_marked(
            {"client.py": CLIENT, "service.py": text.format(mark), "app.py": app}
        )


@pytest.mark.parametrize("given", ["Client", "Plain"])
@pytest.mark.parametrize("inner", [True, False], ids=["twice", "once"])
def test_a_package_that_hands_the_class_on(given, inner):
    """Who imports the package counts, too, also by a package above it."""
    mark = "  # LMB201" if given == "Client" else ""
    made = {"shop/client.py": CLIENT, "shop/service.py": SERVICE.format(mark)}
    init = "from .client import Client, Plain\nfrom .service import Service\n"
    if inner:
        made["lib/__init__.py"] = "from shop import Client, Plain, Service\n"
    else:
        init += "service = Service(Client())\n"
    app = f"from lib import Plain, Service, Client\nservice = Service({given}())\n"
    assert_marked(
        {
            **made,
            "shop/__init__.py": init,
            "app.py": app if inner else app.replace("lib", "shop"),
            "other.py": "import shop\n",
        }
    )


def test_a_package_that_too_many_use():
    made = {"shop/client.py": CLIENT, "shop/service.py": SERVICE.format("")}
    made["shop/__init__.py"] = "from .client import Client\nfrom .service import *\n"
    app = "from shop import Client, Service\nservice = Service(Client())\n"
    assert_marked({**made, **{f"app{index}.py": app for index in range(21)}})
