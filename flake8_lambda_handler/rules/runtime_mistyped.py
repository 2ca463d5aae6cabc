"""Template declares a Python runtime that AWS never had.

## What it does

Reports a runtime that is meant for Python and is not spelt as AWS spells it
(`python39`, `Python3.9`, `python-3.9`, `python3.9.1`, `python3`, `pyhton3.9`), or is
spelt so with a version that Lambda never had (`python3.1`, `python3.5`): for functions,
global settings, layers, build methods, and modules of terraform-aws-modules.

## Why is this bad

The deployment fails: Lambda takes the identifiers of its list and no other text. `python39`
is what other clouds call it.

## Limits

Versions above those of the lifecycle table may be newer than this release and are not
reported, nor are identifiers of other languages and values with unknown parts. An
unquoted `3.10` in YAML is read as it is written.

## Example

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.lambda_handler
      Runtime: python314
```

## Use instead

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.lambda_handler
      Runtime: python3.14
```

## References

- AWS Lambda API reference, "CreateFunction", parameter `Runtime`
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import RuntimeUse

CODE = "LMB505"
MESSAGE = "{subject} is none that Lambda has; the deployment fails{cure}"
REPAIR = "write an identifier of Lambda; `flake8-lambda-handler runtimes` lists them"


def check_runtime(
    use: RuntimeUse,
    as_of: datetime.date,
    horizon_days: int,
    table: runtimes.Table = runtimes.TABLE,
) -> Iterator[dict[str, str]]:
    if runtimes.is_mistyped(use.identifier, table):
        yield runtimes.words(use, runtimes.meant(use.identifier, as_of, table))
