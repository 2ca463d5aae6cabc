"""LMB201 on coroutines in queues and heaps: as Python itself decides."""

from __future__ import annotations

import textwrap

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

HEAD = """
import asyncio
import heapq
import queue

async def job(number=0): ...

async def drain(jobs):
    while not jobs.empty():
        await (await jobs.get())

def lambda_handler(event, context):
    asyncio.run(main())

"""

PAIRS = {
    "a queue of asyncio": (
        """
        async def main():
            jobs = asyncio.Queue()
            await jobs.put(job())
            await (await jobs.get())
        """,
        """
        async def main():
            jobs = asyncio.Queue()
            await jobs.put(job())  # LMB201
            str(await jobs.get())
        """,
    ),
    "what does not wait": (
        """
        async def main():
            jobs = asyncio.Queue()
            jobs.put_nowait(job())
            while not jobs.empty():
                await jobs.get_nowait()
        """,
        """
        async def main():
            jobs = asyncio.Queue()
            jobs.put_nowait(job())  # LMB201
            assert jobs.qsize() == 1
        """,
    ),
    "a queue of threads": (
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job())
            jobs.put(None)
            for one in iter(jobs.get, None):
                await one
        """,
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job())  # LMB201
            jobs.put(None)
            for one in iter(jobs.get, None):
                print(one)
        """,
    ),
    "beside a number, by its rank": (
        """
        async def main():
            jobs = queue.PriorityQueue()
            jobs.put((1, job()))
            _, one = jobs.get()
            await one
        """,
        """
        async def main():
            jobs = queue.PriorityQueue()
            jobs.put((1, job()))  # LMB201
            rank, _ = jobs.get()
        """,
    ),
    "by a function that is given the queue": (
        """
        async def main():
            jobs = asyncio.Queue()
            await jobs.put(job())
            await drain(jobs)
        """,
        """
        async def main():
            jobs, other = asyncio.Queue(), asyncio.Queue()
            await jobs.put(job())  # LMB201
            await drain(other)
        """,
    ),
    "by tasks that were started before": (
        """
        async def main():
            jobs = asyncio.Queue()
            tasks = [asyncio.create_task(drain(jobs)) for _ in range(2)]
            await jobs.put(job())
            await asyncio.gather(*tasks)
        """,
        """
        async def main():
            jobs, other = asyncio.Queue(), asyncio.Queue()
            tasks = [asyncio.create_task(drain(other)) for _ in range(2)]
            await jobs.put(job())  # LMB201
            await asyncio.gather(*tasks)
        """,
    ),
    "all that a queue holds": (
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job())
            await asyncio.gather(*jobs.queue)
        """,
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job())  # LMB201
            assert not jobs.empty()
        """,
    ),
    "its methods by other names": (
        """
        async def main():
            jobs = queue.SimpleQueue()
            put, get = jobs.put, jobs.get
            put(job())
            await get()
        """,
        """
        async def main():
            jobs = queue.SimpleQueue()
            put, get = jobs.put, jobs.get
            put(job())  # LMB201
            get()
        """,
    ),
    "a heap": (
        """
        async def main():
            heap = []
            heapq.heappush(heap, (1, job()))
            await heapq.heappop(heap)[1]
        """,
        """
        async def main():
            heap = []
            heapq.heappush(heap, (1, job()))  # LMB201
            heapq.heappop(heap)[0]
        """,
    ),
    "functions in a queue": (
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job)
            await jobs.get()()
        """,
        """
        async def main():
            jobs = queue.Queue()
            jobs.put(job)
            jobs.get()()  # LMB201
        """,
    ),
    "what only asks how much is left": (
        """
        async def main():
            jobs = asyncio.Queue()
            jobs.put_nowait(job())
            print(jobs.empty(), jobs.full(), jobs.maxsize, jobs.qsize())
            await jobs.get_nowait()
            jobs.task_done()
            await jobs.join()
        """,
        """
        async def main():
            jobs = asyncio.Queue()
            jobs.put_nowait(job())  # LMB201
            print(jobs.empty(), jobs.full(), jobs.maxsize, jobs.qsize())
            jobs.task_done()
            await jobs.join()
        """,
    ),
}


@pytest.mark.parametrize("good", [one for one, _ in PAIRS.values()], ids=PAIRS)
def test_good(good):
    assert not is_dropped(_whole(good))
    assert_marked(_whole(good))


@pytest.mark.parametrize("bad", [one for _, one in PAIRS.values()], ids=PAIRS)
def test_bad(bad):
    assert is_dropped(_whole(bad))
    assert_marked(_whole(bad))


def test_a_queue_that_an_object_keeps():
    source = """
    import asyncio
    async def job(): ...
    class Pool:
        def __init__(self):
            self.jobs = asyncio.Queue()
        async def add(self):
            await self.jobs.put(job())
            await self.jobs.put(job())
            self.jobs.put(1)  # LMB201
        async def run(self):
            await (await self.jobs.get())
    """
    assert_marked(source)


def _whole(source: str) -> str:
    return HEAD + textwrap.dedent(source)
