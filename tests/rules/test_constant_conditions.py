"""Conditions that are constant for a process: their branches never mix.

A table of pairs: the same code, with a condition that each process answers once and for
all, and with one that each event may answer otherwise.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import on

HEAD = """
import asyncio
import httpx
import os
import platform

STAGE = os.environ.get("STAGE", "dev")
IS_LOCAL = bool(os.getenv("LOCAL"))

async def main(event=None):
    return {}

"""

#: `{one}` and `{other}` are the same condition, `{not_one}` is its opposite; the code
#: that is reported where they mix.
PAIRS = {
    "the loop is fetched here, an asyncio.run stands there": """
        def lambda_handler(event, context):
            if {one}:
                loop = asyncio.get_event_loop()  # LMB304
                return loop.run_until_complete(main(event))
            return asyncio.run(main(event))
    """,
    "the client is made here and used there": """
        CLIENT = None
        async def load(event):
            global CLIENT
            if {one}:
                if CLIENT is None:
                    CLIENT = httpx.AsyncClient()  # LMB303
            if {not_one}:
                return (await CLIENT.get(event["url"])).text
        def lambda_handler(event, context):
            return asyncio.run(load(event))
    """,
    "the client is made here and used behind a return": """
        CLIENT = None
        async def load(event):
            global CLIENT
            if {one}:
                CLIENT = httpx.AsyncClient()  # LMB303
                return None
            return (await CLIENT.get(event["url"])).text
        def lambda_handler(event, context):
            return asyncio.run(load(event))
    """,
    "the coroutine is made here and awaited there": """
        JOB = None
        async def load(event):
            global JOB
            if {one}:
                JOB = main()  # LMB303
                return None
            return await JOB
        def lambda_handler(event, context):
            return asyncio.run(load(event))
    """,
    "the loop is made here and run there": """
        LOOP = None
        def lambda_handler(event, context):
            global LOOP
            if {one}:
                LOOP = asyncio.new_event_loop()  # LMB301
                return None
            return LOOP.run_until_complete(main(event))
    """,
    "the loop is closed here and run there": """
        LOOP = asyncio.new_event_loop(){kept}
        def lambda_handler(event, context):
            if {one}:
                LOOP.close()  # LMB302
                return None
            return LOOP.run_until_complete(main(event))
    """,
}

CONSTANT = {
    "environment": ('os.getenv("LOCAL")', 'not os.getenv("LOCAL")'),
    "name of the module": ("IS_LOCAL", "not IS_LOCAL"),
    "comparison": ('STAGE == "dev"', 'STAGE != "dev"'),
    "machine": ('"arm" in platform.machine()', '"arm" not in platform.machine()'),
}

BY_EVENT = ('event.get("x")', 'not event.get("x")')


@pytest.mark.parametrize("one, not_one", CONSTANT.values(), ids=CONSTANT)
@pytest.mark.parametrize("source", PAIRS.values(), ids=PAIRS)
def test_good(source, one, not_one):
    is_kept = "{kept}" in source
    text = _filled(source, one, not_one, kept="  # LMB301" if is_kept else "")
    lines = [line.split("  # LMB30")[0] for line in text.splitlines()]
    if is_kept:
        lines = text.replace("  # LMB302", "").splitlines()
    assert_marked(on("python3.13", HEAD + "\n".join(lines) + "\n"))


@pytest.mark.parametrize("source", PAIRS.values(), ids=PAIRS)
def test_bad(source):
    assert_marked(on("python3.13", HEAD + _filled(source, *BY_EVENT)))


@pytest.mark.parametrize("name, mark", [("STAGE", "  # LMB304"), ("OTHER", "")])
def test_a_name_of_the_function_around_is_not_constant(name, mark):
    source = f"""
        def lambda_handler(event, context):
            {name} = event["stage"]
            def inner():
                if STAGE:
                    loop = asyncio.get_event_loop(){mark}
                    return loop.run_until_complete(main(event))
                return asyncio.run(main(event))
            return inner()
    """
    assert_marked(on("python3.13", HEAD + textwrap.dedent(source)))


def _filled(source: str, one: str, not_one: str, *, kept: str = "") -> str:
    source = textwrap.dedent(source)
    for name, text in (("one", one), ("not_one", not_one), ("kept", kept)):
        source = source.replace("{%s}" % name, text)
    return source
