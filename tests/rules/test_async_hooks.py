"""A class calls a plain method of its own for nothing; a derived class makes it async."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

BASE = """\
class Base:
    def after(self):
        {body}
    async def run(self):
        {call}
    def later(self):
        return self._more()
    def _more(self):
        return 1
"""

DERIVED = """\
from base import Base

class Job(Base):
    async def after(self):
        print(1)
"""

#: The body of the plain method, and the call of it.
DROPPED = {
    "it does nothing": ("pass", "self.after()  # LMB201"),
    "it has to be defined": ("raise NotImplementedError", "self.after()  # LMB201"),
    "it does something": ("print(2)", "self.after()  # LMB201"),
    "a condition asks of something else": (
        "pass",
        "if inspect.iscoroutinefunction(print):\n"
        "            raise TypeError\n        else:\n            self.after()  # LMB201",
    ),
    "on one way": ("pass", "if self.later():\n            self.after()  # LMB201"),
}

TAKEN = {
    "awaited": ("pass", "await self.after()"),
    "returned": ("pass", "return self.after()"),
    "asked": (
        "pass",
        "import inspect\n        found = self.after()\n"
        "        if inspect.isawaitable(found):\n            await found",
    ),
    "another method": ("pass", "self.later()"),
    "a condition asks what belongs to it": (
        "pass",
        "if inspect.iscoroutinefunction(super().pool.gather):\n"
        "            raise TypeError\n        else:\n            self.after()",
    ),
}


@pytest.mark.parametrize(("body", "call"), [*DROPPED.values(), *TAKEN.values()])
def test_in_another_file(body, call):
    base = BASE.format(body=body, call=call)
    assert_marked({"base.py": base, "jobs/job.py": DERIVED})


@pytest.mark.parametrize(("body", "call"), [*DROPPED.values(), *TAKEN.values()])
def test_in_one_file(body, call):
    base = BASE.format(body=body, call=call)
    assert_marked({"app.py": base + DERIVED.replace("from base import Base", "")})


CALL = "self.after()  # LMB201"

#: What the other files hold, and whether the base drops a coroutine.
PROJECTS = {
    "a class between them": (
        "from base import Base\nclass Middle(Base): ...\n"
        "class Job(Middle):\n    async def after(self): ...\n",
        True,
    ),
    "beside a plain one": (
        DERIVED + "class Other(Base):\n    def after(self): ...\n",
        True,
    ),
    "a plain one": (DERIVED.replace("async def", "def"), False),
    "with its own way to call it": (
        DERIVED + "    async def run(self):\n        await self.after()\n",
        False,
    ),
    "a class between them with its own way": (
        "from base import Base\nclass Middle(Base):\n"
        "    async def run(self):\n        await self.after()\n"
        "class Job(Middle):\n    async def after(self): ...\n",
        False,
    ),
    "under a decorator": (
        DERIVED.replace("    async", "    @plainly\n    async").replace(
            "\n\n", "\nfrom vendor import plainly\n"
        ),
        False,
    ),
    "another class of the same name": (
        DERIVED.replace("from base", "from vendor"),
        False,
    ),
    "another method": (DERIVED.replace("after", "before"), False),
}


@pytest.mark.parametrize(("other", "is_told"), PROJECTS.values(), ids=PROJECTS)
def test_derived_classes(other, is_told):
    base = BASE.format(body="pass", call=CALL if is_told else "self.after()")
    assert_marked({"base.py": base, "job.py": other})


def test_a_private_way_that_nothing_leads_to_there():
    base = """
class Base:
    def after(self):
        pass
    async def run(self):
        self._end()
    def _end(self):
        self.after()
"""
    own = DERIVED + "    async def run(self):\n        await self.after()\n"
    assert_marked({"base.py": base, "job.py": own})
    base = base.replace("        self.after()", "        self.after()  # LMB201")
    assert_marked({"base.py": base, "job.py": DERIVED})


def test_a_test_derives_it():
    base = BASE.format(body="pass", call="self.after()")
    assert_marked({"base.py": base, "tests/test_job.py": DERIVED})


def test_words():
    base = BASE.format(body="pass", call="self.after()")
    (found,) = violations({"base.py": base, "job.py": DERIVED})
    assert found.text == (
        "`self.after()` is never awaited, and `after` of `Job` is async (job.py:4); make "
        "each `after` async and `await` it"
    )
    base = base.replace("async def run", "async def go(self): ...\n    def run")
    (found,) = violations({"base.py": base, "job.py": DERIVED})
    assert found.text.endswith("(job.py:4); make each `after` a plain function")
