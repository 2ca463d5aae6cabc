"""Event loop that each invocation makes and leaves open.

## What it does

Reports a loop (or an `asyncio.Runner`) that is made inside an invocation and not closed
on every path on which the handler returns.

## Why is this bad

An open loop holds file descriptors: three each on Linux with asyncio's own loop, five
with uvloop. Nothing but the garbage collector closes them, and it is in no hurry: a loop
is part of a reference cycle. In the runtime client up to 265 were seen open after 300
invocations. At the limit of the environment (1,024 in Lambda) invocations raise
`OSError: [Errno 24] Too many open files`, also for connections and files that have
nothing to do with the loop.

## Limits

A path that ends in an exception does not count. Silent when the loop is given to code
that cannot be followed, or made because another one was missing, running or closed.

## Example

```python
import asyncio


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    loop = asyncio.new_event_loop()
    return loop.run_until_complete(main(event))
```

## Use instead

```python
import asyncio


async def main(event):
    return {"statusCode": 200}


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Event Loop", `loop.close`
- AWS Lambda developer guide, "Lambda quotas", file descriptors, read 2026-11-20
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-21
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.analyses.loops import unclosed
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB305"
MESSAGE = "{what} `{name}`{where} is {never}; {outcome}; {cure}"
OUTCOME = "each invocation leaves its file descriptors open, until OSError: Too many open files"
REPAIR = (
    "use `asyncio.run(...)`, which closes its loop; or close this one in a `finally`"
)
LEVEL = "warning"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the loops that an invocation makes and does not close."""
    for one in invocation.of(session, module):
        for fact in unclosed.find(one):
            never = "not closed on every path" if fact.sometimes else "never closed"
            is_runner = fact.what == "runner"
            yield at(
                fact.node,
                what=fact.what,
                name=fact.name,
                where=fact.where,
                never=never,
                outcome=OUTCOME,
                cure="use it in a `with`" if is_runner else "use `asyncio.run(...)`",
            )
