"""What a round of a loop leaves behind is there in the next one."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked

HEAD = """\
import asyncio
import json


async def save(item):
    return item
"""

GOOD = {
    "gathered in the next round": """
        async def main(items):
            pending = []
            for item in items:
                await asyncio.gather(*pending)
                pending.append(save(item))
    """,
    "a task that the next round waits for": """
        async def main(items):
            task = None
            for item in items:
                if task is not None:
                    await task
                task = asyncio.create_task(save(item))

        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "returned in the next round": """
        async def main(item):
            saving = None
            while True:
                if saving is not None:
                    return await saving
                saving = save(item)
    """,
    "gathered when the outer loop comes round": """
        async def main(pages):
            pending = []
            for page in pages:
                await asyncio.gather(*pending)
                for item in page:
                    pending.append(save(item))
    """,
}

BAD = {
    "appended behind the encoding": """
        def lambda_handler(event, context):
            pages = []
            for item in event["items"]:
                print(json.dumps(pages))
                pages.append({item})  # LMB404
    """,
    "a task that no round waits for": """
        async def main(items):
            for item in items:
                if item:
                    task = asyncio.create_task(save(item))  # LMB203

        def lambda_handler(event, context):
            asyncio.run(main(event))
    """,
    "returned in the next round, not to be encoded": """
        def lambda_handler(event, context):
            ids = None
            while True:
                if ids is not None:
                    return ids  # LMB401
                ids = {event["id"]}
    """,
    "appended in an inner loop, behind the encoding": """
        def lambda_handler(event, context):
            pages = []
            for page in event["pages"]:
                for item in page:
                    print(json.dumps(pages))
                    pages.append({item})  # LMB404
    """,
}


def test_as_many_good_as_bad():
    assert len(GOOD) == len(BAD)


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_silent(source):
    assert_marked(HEAD + textwrap.dedent(source))


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_reported(source):
    assert_marked(HEAD + textwrap.dedent(source))
