"""LMB201 on tasks that are taken for their results, and what `as_completed` gives."""

from __future__ import annotations

import asyncio
import textwrap

import pytest

from tests.support import assert_marked

AROUND = """
import asyncio
import json

async def load(key):
    return {"key": key}

def lambda_handler(event, context):
    return asyncio.run(main(event))

"""

BAD = {
    "a subscript": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            return {"body": task["key"]}  # LMB201
    """,
    "a subscript, after it is awaited": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            await asyncio.gather(*tasks)
            return [task["key"] for task in tasks]  # LMB201
    """,
    "an attribute": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            return {"body": task.text}  # LMB201
    """,
    "of a group": """
        async def main(event):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(load(event["id"]))
            return {"body": task["key"]}  # LMB201
    """,
    "those that are done": """
        async def main(event):
            pending = {asyncio.create_task(load(key)) for key in event["keys"]}
            done, pending = await asyncio.wait(pending)
            return [one["key"] for one in done]  # LMB201
    """,
    "`json.dumps`": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            return {"body": json.dumps(task)}  # LMB201
    """,
    "what `as_completed` gives is no task": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            found = []
            for one in asyncio.as_completed(tasks):  # LMB201
                found.append(one.result())
            return found
    """,
    "what `as_completed` gives is no result": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            return [one["key"] for one in asyncio.as_completed(tasks)]  # LMB201
    """,
}

GOOD = {
    "awaited": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            return {"body": (await task)["key"]}
    """,
    "asked for its result": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            done, pending = await asyncio.wait(tasks, timeout=3)
            for task in pending:
                task.cancel()
            return [task.result()["key"] for task in done if not task.exception()]
    """,
    "an attribute that somebody sets": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            task.label = "first"
            await task
            return {"body": task.label, "name": task.get_name()}
    """,
    "of a group, asked for its result": """
        async def main(event):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(load(event["id"]))
            return {"body": task.result()["key"]}
    """,
    "as keys, and compared": """
        async def main(event):
            keys = {asyncio.create_task(load(key)): key for key in event["keys"]}
            done, _ = await asyncio.wait(keys)
            first = next(iter(keys))
            return [keys[task] for task in done if task == first or task in keys]
    """,
    "`json.dumps` of its result": """
        async def main(event):
            task = asyncio.create_task(load(event["id"]))
            return {"body": json.dumps(await task)}
    """,
    "what `as_completed` gives is awaited": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            found = [await one for one in asyncio.as_completed(tasks)]
            for one in asyncio.as_completed(tasks):
                if len(found) > 3:
                    break
                found.append(await one)
            return found
    """,
    "what `as_completed` gives is kept, and awaited": """
        async def main(event):
            tasks = [asyncio.create_task(load(key)) for key in event["keys"]]
            waiting = []
            for index, one in enumerate(asyncio.as_completed(tasks)):
                waiting.append(one)
            return await asyncio.gather(*waiting)
    """,
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_bad(source):
    assert "LMB201" in source
    assert_marked(AROUND + textwrap.dedent(source))


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD)
def test_good(source):
    assert "LMB201" not in source
    assert_marked(AROUND + textwrap.dedent(source))


def test_what_asyncio_gives():
    async def main():
        task = asyncio.create_task(asyncio.sleep(0, {"key": 1}))
        with pytest.raises(TypeError):
            task["key"]
        with pytest.raises(AttributeError):
            task.text
        for one in asyncio.as_completed([task]):
            assert not hasattr(one, "result")
            return await one

    assert asyncio.run(main()) == {"key": 1}
