"""Event loop or client that outlives the invocation and is closed in it.

## What it does

Reports the place where a handler closes a loop that the next invocation uses again: one
made at import, in a cached function or lazily, or the loop of the main thread that
`asyncio.get_event_loop()` gives. `with contextlib.closing(LOOP)` closes it, and so does
`with` on a kept `asyncio.Runner`. A kept loop that is stopped while nothing runs on it
is reported as well, and so is one that is closed while the module is imported.

The same goes for what else cannot be used again once it is closed (`close()`, `aclose()`,
the end of a `with`): clients of httpx, sessions of aiohttp, connections of sqlite3,
psycopg, psycopg2, PyMySQL, MySQL Connector and asyncpg, and pools of threads and processes.

## Why is this bad

Lambda keeps the process for the next invocation, and the loop with it. The first
invocation works, which is all that most tests see. The second raises `RuntimeError:
Event loop is closed`, and so does each one after it until Lambda starts a new process.

Databases and clients say `connection already closed`, `Cannot send a request, as the client
has been closed.` or the like; the words of the finding have it.

## Limits

Silent when the code asks `is_closed()` (`closed`, `open`, `is_connected()`, `ping()`) and makes
a new one, when it lets go of it (`LOOP = None`, `del`, `CACHE.pop(...)`) for the next
invocation to make its own, and when it sets another loop with `asyncio.set_event_loop`.
Branches that Lambda never takes (`if __name__ == "__main__"`, `if not
os.environ.get("AWS_LAMBDA_FUNCTION_NAME")`) do not count, here and in LMB203 and LMB301 to LMB306.
Silent, too, for what connects again by itself: sessions of requests, clients of redis and
boto3, engines and sessions of SQLAlchemy; and for files, sockets, `ExitStack` and clients
of pymongo. From Python 3.14 on `asyncio.get_event_loop()` does
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
from flake8_lambda_handler.analyses.loops import shut
from flake8_lambda_handler.analyses.loops.invocation import EVERY
from flake8_lambda_handler.analyses.loops.invocation import SECOND
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB302"
MESSAGE = "{what} {how}{where}; {when} raises {error}; {cure}"
REPAIR = (
    "make and close it in the handler (`asyncio.run(...)` does so with a loop), or "
    "never close it"
)

HOW = {EVERY: "is {} by the import", SECOND: "outlives the invocation and is {}"}
CURES = {"closed": "use `asyncio.run(...)`", "stopped": "leave `stop()` out"}
CLIENT_CURE = "make it in the handler, or leave it open"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the places that close a loop which the next invocation needs."""
    for one in invocation.of(session, module):
        clients = shut.find(one)
        for fact in (*closed.find(one), *clients):
            yield at(
                fact.node,
                what=f"{fact.kind} `{fact.name}`{fact.made}",
                how=HOW[fact.when].format(fact.how),
                where=fact.where,
                when=fact.when,
                error=fact.error,
                cure=CLIENT_CURE if fact in clients else CURES[fact.how],
            )
