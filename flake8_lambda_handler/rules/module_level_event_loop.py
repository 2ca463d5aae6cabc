"""Event loop that is kept across invocations.

## What it does

Reports a loop that outlives the invocation and on which a handler runs coroutines: made
or fetched while a module is imported (a global, a class attribute, a default argument),
in a cached function, or lazily in a `global`, an attribute or a dictionary. So is one
that has no name: made current with `asyncio.set_event_loop`, at import or by the first
invocation, and found again with `asyncio.get_event_loop()`. A kept `asyncio.Runner`
counts, too.

When more is known, the more exact rule reports instead: LMB302 when the handler closes
the loop, LMB303 when an object belongs to it and to another loop, LMB304 when fetching
it raises.

## Why is this bad

It works, also in the second and third invocation: nothing fails today. But nobody owns
the loop, and the next change breaks warm starts: one `loop.close()`, or one
`asyncio.run` over a client that belongs to the kept loop.

## Limits

There is a good reason to keep a loop: it is the only way to keep an async client over
warm starts, because the client belongs to the loop of its first use. Then say so where
the loop is made, never close it, and let all invocations use that loop and no other:

```python
# One loop for the life of the environment, never closed: CLIENT belongs to it.
LOOP = asyncio.new_event_loop()  # noqa: LMB301
CLIENT = httpx.AsyncClient()
```

Silent for a loop that runs in a thread of its own, for one that the code replaces when
`is_closed()` is true, and for `asyncio.get_event_loop()` inside the handler, which
gives the same loop to each invocation up to Python 3.13 (see LMB302 and LMB304).

## Example

```python
import asyncio

LOOP = asyncio.new_event_loop()


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    return LOOP.run_until_complete(main(event))
```

## Use instead

A loop for each invocation, with clients made inside:

```python
import asyncio


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Event Loop", `asyncio.run`
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.analyses.loops import kept
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB301"
MESSAGE = (
    "{what} `{name}`{where} is kept for later invocations; it works until closed or "
    "`asyncio.run` is used"
)
REPAIR = (
    "use `asyncio.run(...)` in the handler; or keep this loop, never close "
    "it, and use no other"
)
LEVEL = "warning"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the loops that outlive an invocation and of which no more is known."""
    for one in invocation.of(session, module):
        for fact in kept.find(one):
            yield at(fact.node, what=fact.what, name=fact.name, where=fact.where)
