"""Methods whose names are computed: `getattr(self, f"on_{event}")`, as Python has them."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

HEAD = """
import asyncio
import inspect

class Bot:
    async def on_start(self): return "start"
    async def on_stop(self): return "stop"
    async def on_other(self): return "other"
    def name(self): return "bot"

def lambda_handler(event, context):
    return asyncio.run(main(event.get("kind", "start")))

"""

PAIRS = {
    "an f-string": (
        """
        async def main(kind):
            await getattr(Bot(), f"on_{kind}")()
        """,
        """
        async def main(kind):
            getattr(Bot(), f"on_{kind}")()  # LMB201
        """,
    ),
    "a sum, and a default": (
        """
        class Reply(Bot):
            async def answer(self, kind):
                method = getattr(self, "on_" + kind, self.on_other)
                return {"answer": await method()}
        async def main(kind):
            return await Reply().answer(kind)
        """,
        """
        class Reply(Bot):
            async def answer(self, kind):
                method = getattr(self, "on_" + kind, self.on_other)
                return {"answer": str(method())}  # LMB201
        async def main(kind):
            return await Reply().answer(kind)
        """,
    ),
    "none, for want of a method": (
        """
        async def main(kind):
            method = getattr(Bot(), f"on_{kind}", None)
            if method is not None:
                await method()
        """,
        """
        async def main(kind):
            method = getattr(Bot(), f"on_{kind}", None)
            if method is not None:
                method()  # LMB201
        """,
    ),
    "one of them is plain": (
        """
        class Mixed(Bot):
            def on_start(self): return "start"
        async def main(kind):
            answer = getattr(Mixed(), f"on_{kind}")()
            if inspect.isawaitable(answer):
                answer = await answer
            return answer
        """,
        """
        class Mixed(Bot):
            async def on_start(self): return "begun"
        async def main(kind):
            answer = getattr(Mixed(), f"on_{kind}")()  # LMB201
            return f"{answer}"
        """,
    ),
    "another beginning, or a plain default": (
        """
        async def main(kind):
            return getattr(Bot(), f"{kind}", "none"), getattr(Bot(), f"na{'me'}")()
        """,
        """
        async def main(kind):
            print(getattr(Bot(), f"on_st{'op'}")())  # LMB201
        """,
    ),
}


@pytest.mark.parametrize("good", [good for good, _ in PAIRS.values()], ids=PAIRS)
def test_good(good):
    source = HEAD + textwrap.dedent(good)
    assert_marked(source)
    assert not is_dropped(source)


@pytest.mark.parametrize("bad", [bad for _, bad in PAIRS.values()], ids=PAIRS)
def test_bad(bad):
    source = HEAD + textwrap.dedent(bad)
    assert_marked(source)
    assert is_dropped(source)
