"""The garbage collector stays away from a check, and loses nothing for good."""

from __future__ import annotations

import ast
import gc
import weakref
from collections.abc import Iterator

import pytest

from flake8_lambda_handler import collector
from flake8_lambda_handler import session as session_module
from flake8_lambda_handler.collector import Collector
from flake8_lambda_handler.engine import check_module
from flake8_lambda_handler.facts.terms import BodyTerms
from flake8_lambda_handler.flow.activation import Activation
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
    ours.collect(everywhere=False)
    assert seen() is None
    assert gc.get_freeze_count() > len(kept)


def test_garbage_is_set_apart_until_all_is_collected():
    ours = Collector()
    with ours.away():
        kept = [[] for _ in range(200_000)]
        circle = Circle()
        seen = weakref.ref(circle)
        del circle
    assert gc.get_freeze_count() > len(kept)
    assert seen() is not None
    ours.collect()
    assert seen() is None


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("is_alone", [False, True])
def test_what_was_set_apart_can_be_collected(is_alone, everywhere):
    ours = Collector(is_alone=is_alone)
    circle = Circle()
    seen = weakref.ref(circle)
    with ours.away():
        kept = [[] for _ in range(200_000)]
    if is_alone:
        ours.collect()
    del circle
    gc.collect()
    assert seen() is not None, "it was not set apart"
    ours.collect(everywhere=everywhere)
    assert (seen() is not None) == (is_alone and not everywhere)
    assert gc.get_freeze_count() > len(kept)


CODE = """
import asyncio
class Client:
    async def get(self): ...
    def close(self):
        self.closed = True
async def f():
    client = Client()
    client.get()
    client.close()
"""


def test_what_is_let_go_goes_without_the_collector(monkeypatch):
    monkeypatch.setattr(Collector, "collect", lambda self, everywhere=True: None)
    with project({"app.py": CODE}) as folder:
        path = str(folder / "app.py")

        def known():
            found = gc.get_objects()
            terms = [one for one in found if isinstance(one, BodyTerms)]
            runs = [one for one in found if isinstance(one, Activation)]
            return (
                any(one.path == path for one in terms),
                any(one.module.path == path for one in runs),
            )

        gc.collect()
        assert known() == (False, False)
        gc.disable()
        session = Session(settings_for(folder))
        module = session.module(path, ast.parse(CODE), CODE)
        assert [one.line for one in check_module(session, module)] == [9]
        assert known() == (True, True)
        monkeypatch.setattr(session_module, "KEPT_TERMS", -1)
        session._forget()
        assert known() == (False, False)
