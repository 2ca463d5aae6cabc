"""LMB201 in tests: the objects that fixtures give."""

from __future__ import annotations

import pytest

from tests.support import assert_marked

CLIENT = """
class Client:
    def __init__(self, url): ...
    async def start(self): ...
    async def fetch(self, key): ...
    def name(self): ...
"""

CONFTEST = """
import pytest
import pytest_asyncio
from collections.abc import AsyncIterator
from client import Client

@pytest.fixture
def client() -> Client:
    return make()

@pytest.fixture(scope="session")
def made():
    return Client("a")

@pytest_asyncio.fixture
async def started():
    client = Client("a")
    await client.start()
    yield client

@pytest.fixture
async def said(client) -> AsyncIterator[Client]:
    client.start()  # LMB201
    yield client

@pytest.fixture
def mocked():
    client = Client("a")
    client.fetch = lambda key: {}
    return client

@pytest.fixture
def one_of(request):
    if request.param:
        return Client("a")
    return make()

@pytest.fixture(name="other")
def made_for_others():
    return Client("a")
"""

TESTS = """
import pytest
from unittest.mock import Mock, patch

@pytest.mark.asyncio
async def test_fetch(client, made):
    client.start()  # LMB201
    await made.start()
    assert made.fetch(1) == {}  # LMB201
    assert made.name() == ""

async def test_started(started, said):
    result = started.fetch(1)  # LMB201
    assert result == 3
    said.fetch(1)  # LMB201

class TestClient:
    async def test_more(self, started):
        started.start()  # LMB201

def test_what_is_replaced(mocked, one_of, other):
    assert mocked.fetch(1) == one_of.fetch(1) == other.fetch(1)

def test_patched(client, monkeypatch):
    monkeypatch.setattr(client, "fetch", Mock(return_value=1))
    assert client.fetch(1) == 1
    with patch.object(type(client), "start", Mock()):
        client.start()

@pytest.mark.parametrize("client", [1, 2])
def test_given_otherwise(client):
    assert client.fetch(1) == 1

async def helper(client):
    client.start()
"""


def test_fixtures_of_the_folder_above():
    # `client` is parametrized in this file: nobody knows which it is.
    text = TESTS.replace(
        "client.start()  # LMB201\n    await", "client.start()\n    await"
    )
    assert_marked(
        {
            "client.py": CLIENT,
            "tests/conftest.py": CONFTEST,
            "tests/unit/test_client.py": text,
        }
    )


def test_a_fixture_with_an_annotation():
    text = "async def test_it(client):\n    client.start()  # LMB201\n"
    assert_marked(
        {"client.py": CLIENT, "conftest.py": CONFTEST, "test_client.py": text}
    )


OWN = """
import pytest
from unittest.mock import Mock
from client import Client

@pytest.fixture
def client():
    return {}

def test_it(client):
    client.start(){}
    assert client.fetch(1) == {{}}{}
"""


def test_the_nearest_fixture_counts():
    mark = "  # LMB201"
    for given, told in (("Mock()", ""), ("Client('a')", mark)):
        files = {"client.py": CLIENT, "conftest.py": CONFTEST}
        assert_marked({**files, "tests/test_own.py": OWN.format(given, told, told)})


@pytest.mark.parametrize("parameter", ["client", "client: Client"])
def test_a_method_that_a_test_replaces(parameter):
    text = f"""
from unittest.mock import Mock
from client import Client

def test_it({parameter}):
    client.fetch = Mock(return_value=1)
    assert client.fetch(1) == 1
"""
    files = {"client.py": CLIENT, "conftest.py": CONFTEST}
    assert_marked({**files, "tests/test_own.py": text})
