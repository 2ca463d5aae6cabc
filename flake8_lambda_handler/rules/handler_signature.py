"""Lambda cannot call the handler as `handler(event, context)`.

## What it does

Reports a handler that does not accept exactly two positional arguments.

## Why is this bad

The runtime calls `handler(event, context)`: two positional arguments and nothing else.
The signature is not looked at when the function is deployed or started; every
invocation fails with `TypeError`.

## Limits

A decorator may change the signature. One that is defined in the project is followed; a
handler under any other is not reported. Nor is what the project uses as a decorator, unless
a template names it. Where no template and no setting names the
function, one with fewer than two parameters is reported under the name `lambda_handler`
only, and only if nothing in the project calls it.

## Example

```python
def lambda_handler(event, context, table):
    return table.get_item(Key={"id": event["id"]})["Item"]
```

## Use instead

```python
def lambda_handler(event, context, table=None):
    return {"id": event["id"]}
```

## References

- AWS Lambda developer guide, "Define Lambda function handler in Python"
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flake8_lambda_handler.analyses.invocation import refusal
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.handlers.handler import Handler
from flake8_lambda_handler.model import ZAPPA_EVENT
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB103"
MESSAGE = (
    "handler `{name}` {why}; `{name}(event, context)`, as Lambda calls it, raises "
    "TypeError; {cure}"
)
REPAIR = "take two parameters, `event` and `context`, and give all others a default"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the handlers of a module that two positional arguments do not fit."""
    for handler in find.of(session, module):
        is_adapted = any(x.format == ZAPPA_EVENT for x in handler.declarations)
        found = None if is_adapted else refusal(handler)
        if found is not None and not _is_decorator(session, handler, module):
            why, cure = found
            yield at(handler.node, name=handler.name, why=why, cure=cure)


def _is_decorator(session: Session, handler: Handler, module: Module) -> bool:
    """Return whether the project decorates functions with what only a name tells of."""
    used = rf"(?m)^[ \t]*@(?:\w+\.)*{re.escape(handler.name)}\b"
    return not handler.declarations and session.project.has_text(module, used)
