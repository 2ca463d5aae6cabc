"""The handler returns a coroutine.

## What it does

Reports a plain handler whose response is a coroutine, or holds one: `return main(event)`
with an async `main`, `lambda event, context: main(event)`, `{"body": load()}`.

## Why is this bad

Lambda does not await. Every invocation fails with `Runtime.MarshalError: Unable to
marshal response: Object of type coroutine is not JSON serializable`.

## Limits

Silent when the callee, or a decorator of the handler, cannot be followed. Where an async
function returns the coroutine without `await` (`async def get(): return find()`), LMB201
stands at that call, which is what changes.

## Example

```python
async def main(event):
    return {"id": event["id"]}


def lambda_handler(event, context):
    return main(event)
```

## Use instead

```python
import asyncio


async def main(event):
    return {"id": event["id"]}


def lambda_handler(event, context):
    return asyncio.run(main(event))
```

## References

- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses import coroutines as describe
from flake8_lambda_handler.analyses import handed_back
from flake8_lambda_handler.analyses.handed_back import HandedBack
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import Misused
from flake8_lambda_handler.flow.values import Function
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB202"
MESSAGE = "{where} is the coroutine {what}, which nothing runs; {outcome}; {cure}"
REPAIR = (
    "return `asyncio.run(...)`; `flake8-lambda-handler migrate --fix LMB202` does it, "
    "but not in inline code"
)
REPAIR_INSIDE = "`import asyncio`, and return `asyncio.run(...)` of the coroutine"
OUTCOME = (
    "Lambda raises Runtime.MarshalError: Object of type coroutine is not JSON "
    "serializable"
)


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the returns of handlers that give Lambda a coroutine."""
    for one in handed_back.of(session, module):
        if one.is_left_by_async(session) or _is_told(one):
            continue  # LMB201
        what = describe.coroutine(one.made, one.address, module)
        line = getattr(one.address.node, "lineno", 0)
        if one.address.module is module and line != getattr(one.node, "lineno", 0):
            what += f" from line {line}"
        yield at(
            one.node,
            name=one.handler.name,
            where=one.where,
            what=what,
            outcome=OUTCOME,
            cure=_cure(one.maker),
        )


def _is_told(one: HandedBack) -> bool:
    """Return whether a handler itself took a coroutine for its result before."""
    summary = trace_of(one.handler)
    if summary is None or not one.handler.module.owns(one.call):
        return False
    return any(
        isinstance(event, Misused)
        and event.is_certain
        and event.depth == 0
        and event.value.address == one.address
        for event in summary.events
    )


def _cure(maker: Function | None) -> str:
    """Return the repair: an async function that is run may have left the coroutine."""
    if maker is not None:
        return f"`await` it in `{maker.name}()`"
    return "use `asyncio.run(...)`"
