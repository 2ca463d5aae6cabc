"""`asyncio.get_event_loop()` where there is no loop to get.

## What it does

Reports `asyncio.get_event_loop()` (also through the event loop policy) outside of a
running loop, in a handler or while its module is imported, when it is known to raise:

- after `asyncio.run`, an `asyncio.Runner` or `anyio.run`, which take the current loop
  away when they are done: anywhere before it in the same process, so also at import, in
  another helper, or in the invocation before;
- in a thread that the handler starts (`pool.submit`, `pool.map`, `Thread(target=...)`,
  `asyncio.to_thread`, `run_in_executor`), where no loop was set: on every runtime;
- where no loop was set, on a runtime from `python3.14` on. A declared runtime counts
  while AWS supports it. Without one the newest counts, `python3.14`, which LMB501
  recommends. Up to Python 3.13 the first call makes a loop.

## Why is this bad

It raises `RuntimeError: There is no current event loop in thread 'MainThread'`.

## Limits

Silent in the `run` of a class derived from `Thread`, for `threading.Timer`, in a pool with
an `initializer`, which may set a loop for each thread, and in processes. Silent where
`RuntimeError` is caught, where a loop or a policy has been set, and where a template
declares a supported runtime before `python3.14`; a runtime that is declared elsewhere (in
the code of a CDK app, say) is not known. Where it would raise on the newest runtime only,
LMB302 goes on to say what happens before. That it raises from Python 3.14 on is taken from
the change in CPython and was not run here: no interpreter of that version was at hand.

## Example

```python
import asyncio


async def load(key):
    return key


def lambda_handler(event, context):
    first = asyncio.run(load(1))
    second = asyncio.get_event_loop().run_until_complete(load(2))
    return [first, second]
```

## Use instead

```python
import asyncio


async def load(key):
    return key


async def main(event):
    return [await load(1), await load(2)]


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- Python documentation, "Event Loop", `asyncio.get_event_loop`, change of 3.14
- python/cpython pull request 126354
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.loops import fetched
from flake8_lambda_handler.analyses.loops import invocation
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB304"
MESSAGE = "`{call}`{where} finds no event loop {why}; {when} raises {error}; {cure}"
ERROR = "RuntimeError: There is no current event loop"
REPAIR = "use `asyncio.run(...)`; inside a coroutine `asyncio.get_running_loop()`"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the calls of `get_event_loop()` that raise, with the evidence."""
    for one in invocation.of(session, module):
        for fact in fetched.find(one):
            yield at(
                fact.node,
                call=fact.call,
                where=fact.where,
                when=fact.when,
                why=fact.why,
                error=ERROR,
                cure="use `asyncio.run(...)`",
            )
