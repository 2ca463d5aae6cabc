"""Handler is a generator.

## What it does

Reports a handler that contains `yield`, in a `def` or in an `async def`.

## Why is this bad

Calling a generator function runs none of its body. Lambda gets a generator object and
every invocation fails with `Runtime.MarshalError: Unable to marshal response: Object of
type generator is not JSON serializable`. Response streaming from `yield` does not exist
in the Python runtime.

## Limits

A handler under a decorator that cannot be followed is not reported.

## Example

```python
def lambda_handler(event, context):
    for record in event["Records"]:
        yield record["body"]
```

## Use instead

```python
def lambda_handler(event, context):
    return [record["body"] for record in event["Records"]]
```

## References

- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.invocation import Kind
from flake8_lambda_handler.analyses.invocation import kind_of
from flake8_lambda_handler.analyses.invocation import other_function
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB102"
MESSAGE = (
    "handler `{name}` is {what}; Lambda does not iterate it, so {outcome}; return a list "
    "or a dict"
)
REPAIR = (
    "return all of it at once, as a list or a dict; Lambda streams nothing "
    "from Python's `yield`"
)
OUTCOME = "its body never runs and the call ends in Runtime.MarshalError"

WHAT = {Kind.GENERATOR: "a generator", Kind.ASYNC_GENERATOR: "an async generator"}


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the handlers of a module whose call gives Lambda a generator."""
    for handler in find.of(session, module):
        kind = kind_of(handler)
        if kind in WHAT:
            what = WHAT[kind] + other_function(handler)
            yield at(handler.node, name=handler.name, what=what, outcome=OUTCOME)
