"""LMB303 on futures that another loop than their own runs."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import VERSIONS
from tests.runtime_client import interpreter
from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import on
from tests.support import violations

WORK = """
import asyncio

async def work(event=None):
    await asyncio.sleep(0)
    return "ok"

"""

BAD = {
    "gather on a new loop": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                jobs = asyncio.gather(work(), work())  # LMB303
                return loop.run_until_complete(jobs)
            finally:
                loop.close()
    """,
    "ensure_future on a new loop": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(
                    asyncio.ensure_future(work())  # LMB303
                )
            finally:
                loop.close()
    """,
    "gather on a kept loop": """
        LOOP = asyncio.new_event_loop()  # LMB301
        def lambda_handler(event, context):
            return LOOP.run_until_complete(
                asyncio.gather(work(), work())  # LMB303
            )
    """,
    "in a helper": """
        def drive(future):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(future)
            finally:
                loop.close()
        def lambda_handler(event, context):
            return drive(asyncio.gather(work(), work()))  # LMB303
    """,
    "shielded, on a new loop": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                job = asyncio.shield(work())  # LMB303
                return loop.run_until_complete(job)
            finally:
                loop.close()
    """,
}

GOOD = {
    "gather on the current loop": """
        def lambda_handler(event, context):
            loop = asyncio.get_event_loop()
            return loop.run_until_complete(asyncio.gather(work(), work()))
    """,
    "gather on a loop that is made current": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            try:
                return loop.run_until_complete(asyncio.gather(work(), work()))
            finally:
                loop.close()
    """,
    "a task of the loop itself": """
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(loop.create_task(work()))
            finally:
                loop.close()
    """,
    "gather inside of the loop": """
        async def main():
            return await asyncio.gather(work(), work())
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                return loop.run_until_complete(main())
            finally:
                loop.close()
    """,
    "made under the loop that runs it": """
        async def started():
            return asyncio.gather(work(), work())
        def lambda_handler(event, context):
            loop = asyncio.new_event_loop()
            try:
                jobs = loop.run_until_complete(started())
                return loop.run_until_complete(jobs)
            finally:
                loop.close()
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    source = WORK + textwrap.dedent(source)
    assert_marked(on("python3.13", source))
    outcomes = invoke(source)
    for outcome in outcomes:
        assert outcome.error_type == "ValueError"
        assert "The future belongs to a different loop" in outcome.error_message


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    source = WORK + textwrap.dedent(source)
    assert_marked(on("python3.13", source))
    assert invoke(source).ok


@pytest.mark.parametrize("version", VERSIONS)
def test_on_each_version(version):
    source = WORK + textwrap.dedent(BAD["gather on a new loop"])
    (outcome,) = invoke(source, events=[{}], python=interpreter(version))
    assert outcome.error_type == "ValueError"


def test_message():
    (found,) = violations(WORK.lstrip() + textwrap.dedent(BAD["gather on a new loop"]))
    assert found.text == (
        "`jobs` (a future) belongs to the thread's current loop, another one runs it; "
        "every invocation raises ValueError at `loop.run_until_complete()` (line 12); "
        "call it in a coroutine"
    )
