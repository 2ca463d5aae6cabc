"""The handler returns a coroutine.

## What it does

Reports a plain handler whose response is a coroutine, or holds one: `return main(event)`
with an async `main`, `lambda event, context: main(event)`, `{"body": load()}`.

## Why is this bad

Lambda does not await. Every invocation fails with `Runtime.MarshalError: Unable to
marshal response: Object of type coroutine is not JSON serializable`.

## Limits

Silent when the callee, or a decorator of the handler, cannot be followed.

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
from flake8_lambda_handler.analyses.encoding.findings import of_response
from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import response_place
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.analyses.overriding import is_async_everywhere
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.heap import Made
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB202"
MESSAGE = "{where} is the coroutine {what}, which nothing runs; {outcome}; {cure}"
REPAIR = (
    "return `asyncio.run(...)` of the coroutine; `flake8-lambda-handler "
    "migrate --fix LMB202` does it"
)
OUTCOME = (
    "Lambda raises Runtime.MarshalError: Object of type coroutine is not JSON "
    "serializable"
)

PLAIN = (Kind.RETURNS_COROUTINE, Kind.OTHER)


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the returns of handlers that give Lambda a coroutine."""
    for handler in find.of(session, module):
        summary = trace_of(handler)
        if summary is None or kind_of(handler) not in PLAIN:
            continue
        for value, state, node in summary.returns:
            found = describe.first_coroutine(summary, value, state)
            if found is None:
                continue
            path, made, address = found
            if not is_async_everywhere(session, made):
                continue
            site = response_place(handler, node)
            what = describe.coroutine(made, address, module)
            line = getattr(address.node, "lineno", 0)
            if address.module is module and line != getattr(site, "lineno", 0):
                what += f" from line {line}"
            yield at(
                site,
                name=handler.name,
                where=of_response(path, handler.name),
                what=what,
                outcome=OUTCOME,
                cure=_cure(session, made, address),
            )


def _cure(session: Session, made: Made, address: Address) -> str:
    """Return the repair: an async function that is run may have left the coroutine."""
    maker = session.analysis.made_in.get((made.origin or address).node)
    if maker is not None and maker.is_async:
        return f"`await` it in `{maker.name}()`"
    return "use `asyncio.run(...)`"
