"""Template declares a runtime whose deprecation is near.

## What it does

Reports a Python runtime in a template when its deprecation date lies ahead, at most
`--lambda-deprecation-horizon` days away. The default of 0 days reports nothing.

## Why is this bad

Moving to another Python takes time: dependencies with compiled parts, removed modules
of the standard library, tests. From the deprecation date on there are no security
patches.

## Limits

AWS has moved these dates several times. The table inside the package says what was
announced on its own day; `flake8-lambda-handler runtimes` prints both.

## Example

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.lambda_handler
      Runtime: python3.11
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

## Options

- `--lambda-deprecation-horizon DAYS`: how far to look ahead, 0 when absent.
- `--lambda-as-of YYYY-MM-DD`: the day that counts, today when absent.

## References

- AWS Lambda developer guide, "Lambda runtimes", "Runtime deprecation policy"
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import RuntimeUse

CODE = "LMB504"
MESSAGE = "{subject} will be deprecated on {date}{cure}"
REPAIR = (
    "test on the newer runtime before that day; `flake8-lambda-handler "
    "migrate --fix LMB5xx` writes it"
)
LEVEL = "warning"


def check_runtime(
    use: RuntimeUse,
    as_of: datetime.date,
    horizon_days: int,
    table: runtimes.Table = runtimes.TABLE,
) -> Iterator[dict[str, str]]:
    phase = runtimes.phase_of(use, as_of, horizon_days, table)
    if phase is not None and phase.name == "announced":
        yield phase.fields(use)
