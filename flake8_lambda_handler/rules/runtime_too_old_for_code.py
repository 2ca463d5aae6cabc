"""The code of a handler needs what the declared runtime does not have.

## What it does

Reports syntax, modules and names of the standard library that the Python of the
declared runtime does not have yet (`match` on `python3.9`, `tomllib` on `python3.10`,
`from enum import StrEnum`), or no longer has (`distutils` on `python3.12`, `imp`,
`cgi`): in the handler's module, and in what it imports inside the project at its start.
For another module, the finding stands at the import that leads there.

## Why is this bad

The import of the module fails, and so does every invocation: with
`Runtime.UserCodeSyntaxError`, `Runtime.ImportModuleError`, or for types that are evaluated
`TypeError`. On the machine of whoever wrote it, a newer or older Python hides that.

## Limits

Silent about what functions import when they are called, about conditions and `try`
blocks that wait for an import to fail, and about modules which layers or listed
dependencies may bring. A value with several branches is reported when all of them lack
it. Names are known for the changes from Python 3.10 to 3.13, for others the common ones.

## Example

```python
import cgi


def lambda_handler(event, context):
    return cgi.parse_header(event["type"])[0]
```

```yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Parse:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.lambda_handler
      Runtime: python3.13
```

## Use instead

```python
from email.message import Message


def lambda_handler(event, context):
    message = Message()
    message["Content-Type"] = event["type"]
    return message.get_content_type()
```

```yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Parse:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.lambda_handler
      Runtime: python3.13
```

## References

- Python documentation, "What's New in Python"; PEP 594, PEP 632
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses import versions
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.reports import relative
from flake8_lambda_handler.session import Session

CODE = "LMB506"
MESSAGE = (
    "{what} {change} Python {version}; `{handler}` runs on `{runtime}` and ends in "
    "{error}{where}"
)
REPAIR = "declare a runtime that has it, or write what the declared one has"


def check_module(session: Session, module: Module) -> Iterator[Site]:
    for node, need, handler, runtime, other in versions.lacking(session, module):
        where = ""
        if other is not None:
            where = f" ({relative(other.path)}:{need.node.lineno})"  # type: ignore
        yield at(
            node,
            what=need.what,
            change="is gone since" if need.is_gone else "is new in",
            version=".".join(map(str, need.version)),
            handler=handler,
            runtime=runtime,
            error=need.error,
            where=where,
        )
