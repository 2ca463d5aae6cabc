"""Which of several bases a method comes from decides whether it is async."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
from elsewhere import Foreign


class Base:
    def go(self):
        return 1

    def run(self):
        self.go()


class Left(Base):
    pass


class Right(Base):
    async def go(self):
        return 2


class Apart:
    async def go(self):
        return 3


class RunsItself(Base):
    async def go(self):
        return 4

    async def run(self):
        await self.go()
"""

BAD = {
    "the first base has it": """
        class Both(Apart, Base):
            pass

        def f():
            Both().go()  # LMB201
    """,
    "the second base, of which the first is no class": """
        class Both(Left, Right):
            pass

        def f():
            Both().go()  # LMB201
    """,
    "the second of two that are derived from one": """
        class Both(Left, Right):
            def other(self):
                super().go()  # LMB201
    """,
}

GOOD = {
    "the second base has it": """
        class Both(Left, Apart):
            pass

        def f():
            Both().go()
    """,
    "a base from outside may have it": """
        class Both(Foreign, Right):
            pass

        def f():
            Both().go()
    """,
    "its own": """
        class Both(Left, Right):
            def go(self):
                return 5

        def f():
            Both().go()
    """,
}

#: Whether the base of these classes is told that a derived class makes its hook async.
DERIVED = {
    "class Job(Right): pass": True,
    "class Job(Left, Right): pass": True,
    "class Job(Left, RunsItself): pass": False,
    "class Job(RunsItself): pass": False,
}


def without_hooks(source: str) -> str:
    """Return the head without the method that calls another one, and a source."""
    head = HEAD.replace("    def run(self):\n        self.go()\n", "")
    return head + "\n\n" + textwrap.dedent(source)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "# LMB201" in source
    assert_marked(without_hooks(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    assert_marked(without_hooks(source))


@pytest.mark.parametrize("derived, is_told", DERIVED.items())
def test_a_hook(derived, is_told):
    head, _, right = HEAD.partition("class Right")
    right, _, rest = right.partition("class Apart")
    runs = "class RunsItself" + rest.partition("class RunsItself")[2]
    if is_told:
        head = head.replace("        self.go()\n", "        self.go()  # LMB201\n")
    middle = "class Right" + right if is_told else runs
    assert_marked(head + middle + "\n\n" + derived + "\n")


def test_tables_are_balanced():
    assert len(GOOD) == len(BAD)
