"""The handler returns NaN or an infinity.

## What it does

Reports `float("nan")`, `math.inf`, `Decimal("NaN")`, `1e999` and the like in what a
handler returns.

## Why is this bad

The invocation succeeds. The runtime posts a bare `NaN` or `Infinity`, which JSON does
not have: API Gateway, JavaScript and every strict reader refuse the whole response.
Infinite and undefined `Decimal` values are posted in the same way.

Runtimes: the same with awslambdaric 2.0.7, 2.2.1, 3.0.0, 3.1.1, 4.0.4 and 4.2.2, on
CPython 3.10, 3.11, 3.12 and 3.13.

## Limits

Only constants are known, what is added to an infinity, what NaN is part of, and what two
constants give; the result of any other calculation is not. An infinity that is one of several values is taken for the start of a
search for the least or the greatest, also where nothing was found
(`min(prices, default=math.inf)`). NaN as
a *key* becomes the text `"NaN"`, which is valid. What `json.dumps` writes is not
judged.

## Example

```python
def lambda_handler(event, context):
    sizes = [len(record["body"]) for record in event["Records"]]
    if not sizes:
        return {"mean": float("nan")}
    return {"mean": sum(sizes) / len(sizes), "limit": float("inf")}
```

## Use instead

```python
def lambda_handler(event, context):
    sizes = [len(record["body"]) for record in event["Records"]]
    if not sizes:
        return {"mean": None}
    return {"mean": sum(sizes) / len(sizes), "limit": None}
```

## References

- RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format", section 6
- awslambdaric 4.2.2, observed on Python 3.10 to 3.13, 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.encoding import findings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.session import Session

CODE = "LMB403"
MESSAGE = (
    "{where} {what}{place}{origin}; Lambda sends `{error}`, which is not JSON; {cure}"
)
REPAIR = "return `None`, or a text, where there is no finite number"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the returns of handlers with numbers that JSON does not have."""
    yield from findings.once(
        site
        for handler in find.of(session, module)
        for site in findings.of_handler(handler, "number")
    )
