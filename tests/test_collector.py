"""The garbage collector stays away from a check, and loses nothing for good."""

from __future__ import annotations

import ast
import gc
import weakref
from collections.abc import Collection
from collections.abc import Iterator

import pytest

from flake8_lambda_handler import collector
from flake8_lambda_handler import session as session_module
from flake8_lambda_handler.collector import Collector
from flake8_lambda_handler.engine import check_module
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.facts.scopes import Scope
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.flow.activation import Activation
from flake8_lambda_handler.flow.classes import ClassFacts
from flake8_lambda_handler.flow.values import Frame
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.session import Session
from tests.support import project
from tests.support import settings_for


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    gc.enable()
    gc.unfreeze()
    yield
    gc.enable()
    gc.unfreeze()


def test_the_collector_is_away_during_a_check():
    with Collector().away():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_has_disabled_the_collector_finds_it_so():
    gc.disable()
    with Collector().away():
        assert not gc.isenabled()
    assert not gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_failed_check_gives_the_collector_back():
    with pytest.raises(KeyError), Collector().away():
        raise KeyError
    assert gc.isenabled()


@pytest.mark.parametrize("more, is_set_apart", [(1_000, True), (-10_000, False)])
def test_many_new_objects_are_set_apart(monkeypatch, more, is_set_apart):
    monkeypatch.setattr(collector, "_FRESH", 20_000)
    with Collector().away():
        kept = [[] for _ in range(20_000 + more)]
    assert (gc.get_freeze_count() > len(kept)) == is_set_apart


def test_garbage_waits_where_nothing_else_runs():
    ours = Collector(is_alone=True)
    with ours.away():
        pass
    assert not gc.isenabled()
    circle = Circle()
    seen = weakref.ref(circle)
    del circle
    kept = [[] for _ in range(200_000)]
    assert seen() is not None
    ours.collect()
    assert seen() is None
    assert len(kept) == 200_000
    assert not gc.isenabled()


def test_garbage_is_set_apart_until_all_is_collected():
    ours = Collector()
    with ours.away():
        kept = [[] for _ in range(200_000)]
        circle = Circle()
        seen = weakref.ref(circle)
        del circle
    assert gc.get_freeze_count() > len(kept)
    assert seen() is not None
    gc.collect()
    assert seen() is not None
    ours.collect()
    assert seen() is None
    assert gc.get_freeze_count() > len(kept)


def test_nothing_is_set_apart_that_was_not():
    Collector().collect()
    assert gc.get_freeze_count() == 0


CODE = """
import asyncio
from shared import Client, One
IS_LOCAL = False
def retried_once_more(function):
    def again(*args):
        return function(*args)
    return again
if IS_LOCAL:
    close = None
@retried_once_more
async def f(given: One):
    said: Client = given
    client = Client()
    later = lambda: client.get()
    client.get()
    client.close()
    given.close()
"""

SHARED = """
import asyncio
from typing import TypeVar
One = TypeVar("One", bound="Client")
class Limits:
    limit: int = read()
class Client(Limits):
    async def get(self): ...
    def close(self):
        self.closed = True
"""


def known_of(paths: Collection[str]) -> set[str]:
    """Return the kinds of the objects of some files that are still there."""
    found = set()
    for one in gc.get_objects():
        if isinstance(one, Scope):
            is_there = getattr(one.node, "name", "") == "retried_once_more"
        elif isinstance(one, (BodyTerms, Module)):
            is_there = one.path in paths
        elif isinstance(one, (Activation, ClassFacts, Frame, Function)):
            home = one.cls if isinstance(one, ClassFacts) else one
            is_there = home.module.path in paths
        else:
            is_there = False
        if is_there:
            found.add(type(one).__name__)
    return found


def test_what_is_let_go_goes_without_the_collector(monkeypatch):
    monkeypatch.setattr(Collector, "collect", lambda self: None)
    with project({"app.py": CODE, "shared.py": SHARED}) as folder:
        path = str(folder / "app.py")
        paths = {path, str(folder / "shared.py")}
        gc.disable()
        session = Session(settings_for(folder))
        module = session.module(path, ast.parse(CODE), CODE)
        assert [one.line for one in check_module(session, module)] == [16]
        assert known_of(paths) == {
            *("Activation", "BodyTerms", "ClassFacts", "Frame", "Function", "Module"),
            "Scope",
        }
        monkeypatch.setattr(session_module, "USUAL", session_module.Room(1, -1))
        del module
        session._forget()
        assert not known_of(paths)
