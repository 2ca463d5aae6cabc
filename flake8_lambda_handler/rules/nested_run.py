"""A loop is run by code that already runs in one.

## What it does

Reports `asyncio.run`, `loop.run_until_complete`, `loop.run_forever` and `Runner.run`
where a handler reaches them from inside a coroutine: directly, or through plain
functions that the coroutine calls.

## Why is this bad

A thread can run one loop at a time. Each invocation that gets there raises
`RuntimeError: asyncio.run() cannot be called from a running event loop` or
`RuntimeError: This event loop is already running`.

## Limits

Silent after `nest_asyncio.apply()`, where `RuntimeError` is caught, where the code looks
for a running loop first, and for calls that a thread makes (`asyncio.to_thread`,
`pool.submit(asyncio.run, ...)`).

## Example

```python
import asyncio


async def load(key):
    return key


async def main(event):
    return asyncio.run(load(1))


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## Use instead

```python
import asyncio


async def load(key):
    return key


async def main(event):
    return await load(1)


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Runners", `asyncio.run`
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.analyses.loops import nested
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB306"
MESSAGE = "`{call}`{where} is called while {outer} runs; it raises RuntimeError: {error}; {cure}"
REPAIR = "make the function around it `async def` and `await` the coroutine there"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the calls that run a loop inside a running one."""
    for one in invocation.of(session, module):
        for fact in nested.find(one):
            yield at(
                fact.node,
                call=fact.call,
                where=fact.where,
                outer=fact.outer,
                error=fact.error,
                cure=fact.cure,
            )
