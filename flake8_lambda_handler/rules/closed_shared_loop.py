"""Event loop that outlives the invocation and is closed in it.

## What it does

Reports the place where a handler closes a loop that the next invocation uses again: one
made at import, in a cached function or lazily, or the loop of the main thread that
`asyncio.get_event_loop()` gives. `with contextlib.closing(LOOP)` closes it, and so does
`with` on a kept `asyncio.Runner`. A kept loop that is stopped while nothing runs on it
is reported as well, and so is one that is closed while the module is imported.

## Why is this bad

Lambda keeps the process for the next invocation, and the loop with it. The first
invocation works, which is all that most tests see. The second raises `RuntimeError:
Event loop is closed`, and so does each one after it until Lambda starts a new process.

## Limits

Silent when the code asks `is_closed()` and makes a new loop, when it lets go of the loop
(`LOOP = None`, `del`, `CACHE.pop(...)`) for the next invocation to make its own, and when it sets another
loop with `asyncio.set_event_loop`. From Python 3.14 on `asyncio.get_event_loop()` does
not get this far, see LMB304.

## Example

```python
import asyncio

LOOP = asyncio.new_event_loop()


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    try:
        return LOOP.run_until_complete(main(event))
    finally:
        LOOP.close()
```

## Use instead

```python
import asyncio


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(main(event))
    finally:
        loop.close()
```

## References

- Python documentation, "Event Loop", `loop.close`
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import closed
from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB302"
MESSAGE = "{what} {how}{where}; {when} raises RuntimeError: {error}; {cure}"
REPAIR = (
    "use `asyncio.run(...)` in the handler, which makes and closes a loop "
    "for each invocation"
)

HOW = {EVERY: "is {} by the import", SECOND: "outlives the invocation and is {}"}
CURES = {"closed": "use `asyncio.run(...)`", "stopped": "leave `stop()` out"}


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the places that close a loop which the next invocation needs."""
    for one in invocation.of(session, module):
        for fact in closed.find(one):
            yield at(
                fact.node,
                what=f"{fact.kind} `{fact.name}`{fact.made}",
                how=HOW[fact.when].format(fact.how),
                where=fact.where,
                when=fact.when,
                error=fact.error,
                cure=CURES[fact.how],
            )
