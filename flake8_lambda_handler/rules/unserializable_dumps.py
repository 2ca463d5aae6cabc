"""`json.dumps` in reach of a handler gets what it cannot encode.

## What it does

Reports calls of `json.dumps` and `json.dump` without `default=` or `cls=` that a
handler reaches, when the value holds something that the standard encoder refuses: a
datetime, a set, `bytes`, a `Decimal`, an item of a DynamoDB table, a caught exception,
`map(...)`.

What the routes of a resolver of Powertools return is encoded in the same way, but for
`Decimal`, dataclasses and models of pydantic; not with `enable_validation`, a `serializer`
or middlewares of its own. The routes are followed from the handler's `app.resolve(...)`.

Each finding stands at the expression that puts the object in, when that is in the
checked file, with the place of the call in its words; else at the call.

## Why is this bad

The call raises, after the work is done: `TypeError: Object of type Decimal is not JSON
serializable`.

This is not the encoder that Lambda uses for what a handler returns: that one takes
`Decimal` and `bytes`, `json.dumps` does not. The items of
`boto3.resource("dynamodb").Table(...)` hold every number as `Decimal`.

Runtimes: the same on CPython 3.10, 3.11, 3.12 and 3.13; the runtime client has no part
in it.

## Limits

A total of attributes of a DynamoDB item is taken for a number, and so are values of
`json.loads(text, parse_float=Decimal)` under a name such as `price`.

Silent when the value is not known, when the call is the only statement of a `try` that
catches what it raises or `TypeError` is caught by name, and when the handler, or a
module that it imports, replaces `json.JSONEncoder.default`. An item of DynamoDB is taken
to hold a number; with a projection it is not judged, and what `update_item` gives with
`UPDATED_NEW` only where its expression makes a number (`ADD visits :n`). `LastEvaluatedKey` has the attributes
of the key only: it is reported where a call on the same table shows a number in a key
(`Key("at").gt(7)`, `Key={"id": 7}`); what a template says of the table is not read. A call in another file with a
value from there is reported where the handler's file leads to it.

## Example

```python
import json
from datetime import datetime


def lambda_handler(event, context):
    body = {"id": event["id"], "at": datetime.now()}
    return {"statusCode": 200, "body": json.dumps(body)}
```

## Use instead

```python
import json
from datetime import datetime


def lambda_handler(event, context):
    body = {"id": event["id"], "at": datetime.now()}
    return {"statusCode": 200, "body": json.dumps(body, default=str)}
```

## References

- Python documentation, "json - JSON encoder and decoder", "Encoders and Decoders"
- boto3 documentation, "DynamoDB", "Valid DynamoDB types", read 2026-11-21
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses.encoding import findings
from flake8_lambda_handler.analyses.invocation import trace_of
from flake8_lambda_handler.analyses.loops.imported import imported_modules
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.flow.events import Dumped
from flake8_lambda_handler.flow.events import EncoderPatched
from flake8_lambda_handler.flow.events import Event
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.session import Session

CODE = "LMB404"
MESSAGE = "{where} {what}{place}{origin}; `json.dumps` raises {raised}: {error}; {cure}"
REPAIR = "call `json.dumps(..., default=str)`, or turn it into text or a number before"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the calls of `json.dumps` that fail for a handler of a module."""
    yield from findings.once(_sites(session, module))


def _sites(session: Session, module: Module) -> Iterator[Site]:
    for handler in find.of(session, module):
        summary = trace_of(handler)
        events = [] if summary is None or not handler.is_entry else summary.events
        found = [event for event in events if isinstance(event, Dumped)]
        if not found or _is_patched(session, module, events):
            continue
        for event in found:
            yield from findings.of_dump(handler, event)


def _is_patched(session: Session, module: Module, events: list[Event]) -> bool:
    """Return whether the code of a handler replaces `json.JSONEncoder.default`."""
    analysis = session.analysis
    modules, is_complete = imported_modules(module, analysis)
    for other in modules:
        if "JSONEncoder" in other.text:
            events = [*events, *analysis.module(other).events]
    return not is_complete or any(isinstance(event, EncoderPatched) for event in events)
