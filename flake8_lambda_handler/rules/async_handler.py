"""Handler is a coroutine function.

## What it does

Reports a handler that is declared with `async def`, directly or behind a decorator,
an alias, `functools.partial`, a bound method or an object with an async `__call__`.

## Why is this bad

Lambda calls the handler and encodes what it returns. It does not await: the body never
runs, and every invocation fails with `Runtime.MarshalError: Unable to marshal response:
Object of type coroutine is not JSON serializable`.

Powertools' decorators (`logger.inject_lambda_context`, `tracer.capture_lambda_handler`
and the rest) pass the coroutine on. A decorator that drives it (`asyncio.run`,
`async_to_sync`) makes the handler fine.

Conditions around definitions are settled by what is known: the runtime that a template
declares (else all on which functions can be created), `TYPE_CHECKING`, and that Lambda
always sets `AWS_LAMBDA_FUNCTION_NAME`, `AWS_REGION`, `AWS_EXECUTION_ENV`,
`LAMBDA_TASK_ROOT` and `_HANDLER`. Where it is open which definition counts, an async one
is reported.

## Limits

A handler under a decorator that cannot be followed (a package outside the project) is
not reported.

## Example

```python
async def lambda_handler(event, context):
    return {"id": event["id"]}
```

## Use instead

```python
import asyncio


def lambda_handler(event, context):
    return asyncio.run(_lambda_handler(event, context))


async def _lambda_handler(event, context):
    return {"id": event["id"]}
```

## References

- AWS Lambda developer guide, "Define Lambda function handler in Python"
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import other_function
from flake8_lambda_handler.analyses.invocation import passed_on_by
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB101"
MESSAGE = "handler `{name}` is {what}; Lambda does not await it, so {outcome}; {cure}"
REPAIR = (
    "write a `def` with `asyncio.run(...)`; "
    "`flake8-lambda-handler migrate` does it, but not in inline code"
)
REPAIR_INSIDE = (
    "rename it to `_handler`, and add "
    "`def handler(event, context): return asyncio.run(_handler(event, context))`"
)
NEVER = "its body never runs"
CURE = "use `asyncio.run(...)` in a `def`"
ENDS = " and the call ends in Runtime.MarshalError"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the handlers of a module whose call gives Lambda a coroutine."""
    for handler in find.of(session, module):
        if kind_of(handler) is Kind.ASYNC:
            what, outcome = "`async def`", NEVER + ENDS
            decorator = passed_on_by(handler)
            if not handler.is_async_def:
                other = "" if decorator else other_function(handler)
                what = f"a coroutine function{other}"
            if decorator is not None:
                outcome = NEVER  # it may answer something else
                what += f", and `{decorator}` does not run it"
            yield at(
                handler.node, name=handler.name, what=what, outcome=outcome, cure=CURE
            )
