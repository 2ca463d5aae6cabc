"""LMB201 on coroutines that are put into a global list, which nothing reads."""

from __future__ import annotations

import textwrap

import pytest

from tests.runtime_client import invoke
from tests.support import assert_marked
from tests.support import violations

HEAD = """
import asyncio

DONE = []

async def save(item):
    DONE.append(item)

"""

#: Every handler says how many items have been saved, after it has tried to save one.
BAD = {
    "in a plain handler": """
        JOBS = []
        def lambda_handler(event, context):
            JOBS.append(save(event))  # LMB201
            return len(DONE)
    """,
    "in a coroutine": """
        JOBS = []
        async def main(event):
            JOBS.append(save(event))  # LMB201
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return len(DONE)
    """,
    "in a helper": """
        JOBS = []
        def later(item):
            JOBS.append(save(item))  # LMB201
        def lambda_handler(event, context):
            later(event)
            return len(DONE)
    """,
    "in a set, by a name": """
        JOBS = set()
        def lambda_handler(event, context):
            job = save(event)  # LMB201
            JOBS.add(job)
            return len(DONE)
    """,
    "in a loop, and cleared": """
        JOBS = []
        def lambda_handler(event, context):
            for key in "ab":
                JOBS.append(save(key))  # LMB201
            JOBS.clear()
            return len(DONE)
    """,
    "in a deque": """
        from collections import deque
        JOBS = deque()
        def lambda_handler(event, context):
            JOBS.append(save(event))  # LMB201
            return len(DONE)
    """,
}

GOOD = {
    "gathered": """
        JOBS = []
        async def main(event):
            JOBS.append(save(event))
            await asyncio.gather(*JOBS)
            JOBS.clear()
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return len(DONE)
    """,
    "gathered by another function": """
        JOBS = []
        def later(item):
            JOBS.append(save(item))
        async def drain():
            while JOBS:
                await JOBS.pop()
        def lambda_handler(event, context):
            later(event)
            asyncio.run(drain())
            return len(DONE)
    """,
    "functions, called later": """
        JOBS = []
        def lambda_handler(event, context):
            JOBS.append(save)
            asyncio.run(JOBS[-1](event))
            return len(DONE)
    """,
    "given away under another name": """
        JOBS = []
        QUEUE = JOBS
        def lambda_handler(event, context):
            JOBS.append(save(event))
            asyncio.run(QUEUE.pop())
            return len(DONE)
    """,
    "found by its name": """
        JOBS = []
        def lambda_handler(event, context):
            JOBS.append(save(event))
            asyncio.run(globals()["JOBS"].pop())
            return len(DONE)
    """,
    "tasks, which run without being awaited": """
        TASKS = set()
        async def main(event):
            TASKS.add(asyncio.current_task())
            await save(event)
        def lambda_handler(event, context):
            asyncio.run(main(event))
            return len(DONE)
    """,
}


def test_tables_are_of_one_size():
    assert len(BAD) == len(GOOD)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    source = HEAD + textwrap.dedent(source)
    assert_marked(source)
    outcomes = invoke(source)
    assert outcomes.ok
    assert [outcome.result for outcome in outcomes] == [0, 0]


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB" not in source
    source = HEAD + textwrap.dedent(source)
    assert_marked(source)
    assert invoke(source)[0].result == 1


def test_a_list_that_another_file_reads():
    assert_marked(
        {
            "jobs.py": """
                JOBS = []

                async def save(item):
                    print(item)

                def later(item):
                    JOBS.append(save(item))
            """,
            "app.py": """
                import asyncio
                import jobs

                async def drain():
                    await asyncio.gather(*jobs.JOBS)

                def lambda_handler(event, context):
                    jobs.later(event)
                    asyncio.run(drain())
            """,
        }
    )


@pytest.mark.parametrize("name, mark", [("JOBS", ""), ("_jobs", "  # LMB201")])
def test_a_list_that_another_project_may_read(name, mark):
    assert_marked(
        f"""
        {name} = []

        async def save(item):
            print(item)

        def later(item):
            {name}.append(save(item)){mark}
        """
    )


def test_message():
    (found,) = violations(HEAD + textwrap.dedent(BAD["in a plain handler"]))
    assert found.text == (
        "`save()` is kept in `JOBS`, which nothing reads, and does nothing; run it with "
        "`asyncio.run(...)`"
    )
