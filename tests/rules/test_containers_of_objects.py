"""Coroutines in the containers that objects keep: as Python itself decides."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

POOL = """
import asyncio
import heapq
from collections import defaultdict
from collections import deque

async def job(number): ...

class Pool:
    def __init__(self):
        {first}
    @property
    def all(self):
        return self.jobs
    def add(self, number):
        {put}
    async def run(self):
        {run}

async def main():
    pool = Pool()
    pool.add(1)
    await pool.run()

def lambda_handler(event, context):
    asyncio.run(main())
"""

EACH = "for one in self.jobs: await one"

#: What the constructor makes, what is put in, what awaits it; and what drops it instead.
CASES = {
    "a list": (
        "self.jobs = []",
        "self.jobs.append(job(number))",
        EACH,
        "[].append(job(number))",
    ),
    "a list, one after the other": (
        "self.jobs = []",
        "self.jobs.append(job(number)); self.jobs.append(job(number))",
        EACH,
        "jobs = []; jobs.append(job(number))",
    ),
    "several at once": (
        "self.jobs = []",
        "self.jobs.extend(job(one) for one in range(number))",
        EACH,
        "[job(one) for one in range(number)]",
    ),
    "a deque, one after the other": (
        "self.jobs = deque()",
        "self.jobs.append(job(number))",
        "while self.jobs: await self.jobs.popleft()",
        "jobs = deque([job(number)]); jobs.popleft()",
    ),
    "a dict, by a keyword": (
        "self.jobs = {}",
        "self.jobs.update(first=job(number))",
        "for one in self.jobs.values(): await one",
        "jobs = {}; jobs.update(first=job(number))",
    ),
    "a dict of lists": (
        "self.jobs = defaultdict(list)",
        "self.jobs[number].append(job(number))",
        "for jobs in self.jobs.values(): await asyncio.gather(*jobs)",
        "jobs = defaultdict(list); jobs[number].append(job(number))",
    ),
    "a set, by a name of it": (
        "self.jobs = set()",
        "jobs = self.jobs; jobs.add(job(number))",
        EACH,
        "jobs = set(self.jobs); jobs.add(job(number))",
    ),
    "a heap": (
        "self.jobs = []",
        "heapq.heappush(self.jobs, (number, job(number)))",
        "await heapq.heappop(self.jobs)[1]",
        "jobs = []; jobs.append((number, job(number)))",
    ),
    "through a property": (
        "self.jobs = []",
        "self.all.append(job(number))",
        EACH,
        "list(self.all).append(job(number))",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_good(name):
    first, put, run, _ = CASES[name]
    source = POOL.format(first=first, put=put, run=run)
    assert not is_dropped(source)
    assert_marked(source)


@pytest.mark.parametrize("name", CASES)
def test_bad(name):
    first, _, _, drop = CASES[name]
    run = "assert self.jobs is not None"
    assert is_dropped(POOL.format(first=first, put=drop, run=run))
    assert_marked(POOL.format(first=first, put=f"{drop}  # LMB201", run=run))


def test_a_field_of_a_dataclass():
    source = """
    from dataclasses import dataclass, field
    async def job(number): ...
    @dataclass
    class Pool:
        jobs: list = field(default_factory=list)
        def add(self, number):
            self.jobs.append(job(number))
            job(number)  # LMB201
        async def run(self):
            for one in self.jobs: await one
    """
    assert_marked(source)
