"""Object that belongs to one event loop is used under another.

## What it does

Reports where an object is made that outlives the invocation and belongs to a loop, when
it is used under a loop that is new for each invocation (`asyncio.run`, a `Runner` or
`new_event_loop()` inside the handler). The words name the first such use; what an
imported file makes is reported at that use, and so is what works through another object: a
session of SQLAlchemy through its engine, a client of redis through its pool, a cursor
through its client. Such objects are the sessions and clients of aiohttp, aioboto3,
aiobotocore, httpx, redis, motor, pymongo, openai, anthropic and others, bots of telegram
and aiogram, browsers of playwright, connections and pools of databases, what an
`AsyncExitStack` has entered, futures, and the locks, queues and events of asyncio.

## Why is this bad

The object works with the loop that ran when it was made or first used. That loop is
closed at the end of the first invocation; in the second one the object raises
`RuntimeError: Event loop is closed`, or an error of its own library. A module-level
`httpx.AsyncClient` fails in every other invocation.

Since Python 3.10 a lock, semaphore, queue, event or condition of asyncio belongs to no
loop until somebody has to wait for it. So it works in tests, and under contention the
second invocation raises `RuntimeError: ... is bound to a different event loop`. It is
reported only where two tasks can meet at it. Up to Python 3.9 it belongs to the loop
that is current when it is made, and every wait fails.

A client of aiohttp cannot be made while a module is imported at all: it needs a running
loop.

A coroutine object can be awaited once. One that is made at import (`SETTINGS = load()`),
lazily, or by a function under `functools.cache` or a cache of cachetools works in the first invocation; the next
one raises `RuntimeError: cannot reuse already awaited coroutine`. What it gave is what
should be kept. A task may be awaited again once it is done; but one that the first
invocation only starts is cancelled with its loop, and the invocation that awaits it later
ends the process with `CancelledError`. A coroutine that one invocation awaits twice
raises the same error each time.

Outside of a running loop `asyncio.gather`, `ensure_future` and `shield` give a future of
the thread's current loop. `asyncio.new_event_loop()` makes another one: without
`asyncio.set_event_loop` its `run_until_complete(asyncio.gather(...))` raises `ValueError:
The future belongs to a different loop`, each time.

## Limits

Silent for a coroutine behind a condition that may ask what an earlier invocation has
left, for an object that the invocation closes or lets go of (`CLIENT = None`), for one
that is kept per loop, and for one whose arguments choose its transport, its limits or its
pool (a pool that keeps no connection belongs to no loop), and for engines of aiosqlite and
psycopg, which belong to none. Objects of libraries that are
in no table are unknown.

## Example

```python
import asyncio

LIMIT = asyncio.Semaphore(2)


async def load(key):
    async with LIMIT:
        await asyncio.sleep(0.01)
        return key


async def main(event):
    return await asyncio.gather(*[load(key) for key in range(5)])


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## Use instead

Make it where the loop runs:

```python
import asyncio


async def load(key, limit):
    async with limit:
        await asyncio.sleep(0.01)
        return key


async def main(event):
    limit = asyncio.Semaphore(2)
    return await asyncio.gather(*[load(key, limit) for key in range(5)])


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Synchronization Primitives", changes of 3.10
- awslambdaric 4.2.2 with aiohttp, httpx and aioboto3, observed on Python 3.10 to 3.13,
  2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import bound
from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.analyses.loops import spent
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import IMPORT
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB303"
MESSAGE = "`{name}` ({type}{where}) {how}; {then}; {cure}"
REPAIR = (
    "make it in the coroutine that uses it; or keep one loop and run every "
    "invocation on it"
)
BELONGS = "is kept, but belongs to one event loop"
ONCE = "is kept, but can be awaited once"
TWICE = "is awaited twice, but can be once"
CANCELLED = "is kept, but is cancelled when its loop stops"
STRAY = "belongs to the thread's current loop, another one runs it"
MAKE = "make it in the coroutine"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield each kept object that is used under a loop that is not its own."""
    told = set()
    for one in invocation.of(session, module):
        for site in (*_bound(one), *_spent(one)):
            key = (site.line, site.fields["name"])
            if key not in told:  # for another handler, or as one of many
                told.add(key)
                yield site


def _bound(one: invocation.Invocation) -> Iterator[Site]:
    for fact in bound.find(one):
        if fact.when == IMPORT:
            how = "needs a running event loop"
            then = f"{IMPORT} has none and raises RuntimeError"
            yield _site(fact, fact.type, how, then, MAKE)
            continue
        fails = "fails if it has to wait" if fact.waits else "fails"
        then = f"{fact.when} has another one and {fails} at {fact.use}"
        yield _site(fact, fact.type, BELONGS, then, MAKE)


def _spent(one: invocation.Invocation) -> Iterator[Site]:
    for fact in spent.strays(one):
        then = f"{fact.when} raises ValueError at {fact.use}"
        yield _site(fact, f"a {fact.kind}", STRAY, then, "call it in a coroutine")
    for fact in spent.twice(one):
        then = f"{fact.when} raises RuntimeError at {fact.use}"
        yield _site(fact, f"a {fact.kind}", TWICE, then, "keep its result instead")
    for fact in spent.find(one):
        how, error, cure = ONCE, "raises RuntimeError", "keep its result instead"
        if fact.kind == "task":
            how, error, cure = BELONGS, "has another one and fails", MAKE
            if fact.when != EVERY:
                how, error = CANCELLED, "ends with CancelledError"
        then = f"{fact.when} {error} at {fact.use}"
        yield _site(fact, f"a {fact.kind}", how, then, cure)


def _site(
    fact: bound.Bound | spent.Spent, type: str, how: str, then: str, cure: str
) -> Site:
    return at(
        fact.node,
        name=fact.name,
        type=type,
        where=_made_in(fact.where),
        how=how,
        then=then,
        cure=cure,
    )


def _made_in(where: str) -> str:
    return f", made in {where.strip(' ()')}" if where else ""
