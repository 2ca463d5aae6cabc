"""The handler returns something that Lambda cannot encode.

## What it does

Follows what a handler returns, through variables, helper functions, mutations and
branches, and reports each object in it that the runtime's encoder refuses: sets,
datetimes, UUIDs, paths, IP addresses, exceptions, files and streams, iterators, dict
views, arrays of numpy and frames of pandas, dataclasses, pydantic models, rows of
SQLAlchemy, plain enums and other objects; circular references; and bytes that are no text inside a dict or
list, as `gzip.compress` and `os.urandom` give them.

Each finding stands at the expression that puts the object in, when that is in the
checked file; else where that file leads to it, with the other place in the words.

Responses of boto3 are judged by botocore's service models: `describe_instances()` holds
datetimes, the `Body` of `get_object()` is a stream. A whole response is made plain with
`json.loads(json.dumps(response, default=str))`.

## Why is this bad

Every invocation that takes this path fails, after the work is done:
`Runtime.MarshalError: Unable to marshal response: Object of type set is not JSON
serializable`.

The runtime does not use `json.dumps`. Its own encoder takes `Decimal`, UTF-8 `bytes`
inside a dict or list, named tuples, `IntEnum`, `StrEnum` and other enums mixed with
`str` or `int`, subclasses of `dict`, `list`, `str`, `int` and `float`, and objects with
`_asdict()`. None of these is reported.

`bytes` as the whole response are posted as they are, which is reported when they are
known not to be JSON: whoever reads the response as JSON fails.

Runtimes: the outcome is the same with awslambdaric 2.0.7, 2.2.1, 3.0.0, 3.1.1, 4.0.4
and 4.2.2 and simplejson 3.17.2 to 4.3.0, on CPython 3.10, 3.11, 3.12 and 3.13. Only
text differs: python3.12 and later post it unescaped, where python3.11 writes `\\u3053`.
python3.14 and the client inside the managed images have not been run.

## Limits

Silent when a value, or one of the values that it may have, is not known: the result of
a call outside the project, an argument, a decorator that cannot be followed. A boto3
response is reported for a member that the service always gives as far as its name
tells; it is encoded without an error while that list is empty. Other `bytes` of unknown
content are not reported. `event.get("tags") or set()` is reported for the events without
the key. What numpy and pandas make of numbers is reported where it is never one of
Python's (`.argmax()`, `.any()`, `.count()`, a `Series`): `.sum()`, `.max()` and `.iloc[0]`
of a column may give a `float64`, which is one. Coroutines in the response are LMB202's.

## Example

```python
def lambda_handler(event, context):
    names = {record["name"] for record in event["Records"]}
    return {"statusCode": 200, "names": names}
```

## Use instead

```python
def lambda_handler(event, context):
    names = {record["name"] for record in event["Records"]}
    return {"statusCode": 200, "names": sorted(names)}
```

## References

- AWS Lambda developer guide, "Define Lambda function handler in Python"
- awslambdaric 4.2.2, `lambda_runtime_marshaller.py`, read and run 2026-11-20
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.encoding import findings
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.session import Session

CODE = "LMB401"
MESSAGE = "{where} {what}{place}{origin}; {outcome}; {cure}"
REPAIR = "turn it into text, a number, a list or a dict before it is returned"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the returns of handlers that give Lambda what it cannot encode."""
    yield from findings.once(
        site
        for handler in find.of(session, module)
        for site in findings.of_handler(handler, "value")
    )
