"""The handler returns a mapping with a key that Lambda cannot encode.

## What it does

Reports the keys in what a handler returns that are no text, number, boolean or `None`:
tuples, frozensets, `Decimal`, dates, UUIDs, plain enums, other objects, and `bytes`
that are not UTF-8. Each finding stands where the key is put in.

## Why is this bad

Every invocation that takes this path fails: `Runtime.MarshalError: Unable to marshal
response: keys must be str, int, float, bool or None, not tuple`.

`Decimal` and named tuples are fine as values and fail as keys. Members of `IntEnum`,
`StrEnum` and enums mixed with `str` or `int`, and UTF-8 `bytes`, are fine as keys; so
are numbers, which become text.

Runtimes: the outcome is the same with awslambdaric 2.0.7, 2.2.1, 3.0.0, 3.1.1, 4.0.4
and 4.2.2, on CPython 3.10, 3.11, 3.12 and 3.13.

## Limits

Silent when a key is not known. Two keys that become the same text (`1` and `"1"`) are
posted both, which is not reported.

## Example

```python
def lambda_handler(event, context):
    totals = {}
    for record in event["Records"]:
        totals[("body", "size")] = len(record["body"])
    return {"totals": totals}
```

## Use instead

```python
def lambda_handler(event, context):
    totals = {}
    for record in event["Records"]:
        totals["body/size"] = len(record["body"])
    return {"totals": totals}
```

## References

- awslambdaric 4.2.2, `lambda_runtime_marshaller.py`, read and run 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.encoding import findings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.session import Session

CODE = "LMB402"
MESSAGE = "{where} {what}{place}{origin}; {outcome}; {cure}"
REPAIR = "use a text as key, such as `str(...)` of it"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the returns of handlers with keys that Lambda cannot encode."""
    yield from findings.once(
        site
        for handler in find.of(session, module)
        for site in findings.of_handler(handler, "key")
    )
