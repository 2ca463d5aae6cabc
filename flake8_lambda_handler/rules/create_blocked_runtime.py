"""Template declares a runtime on which AWS creates no new functions.

## What it does

Reports a Python runtime in a template when its day for blocking function creation has
passed. It takes the place of `LMB501`: one finding for each place, the most severe.

## Why is this bad

A deployment to a new account, region or stage fails, and so does every change that
makes AWS replace the function (a new name, for example). The runtime has had no
security patches for some time.

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
      Runtime: python3.7
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

- `--lambda-as-of YYYY-MM-DD`: the day that counts, today when absent.

## References

- AWS Lambda developer guide, "Lambda runtimes", "Runtime deprecation policy"
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from flake8_lambda_handler import runtimes
from flake8_lambda_handler.model import RuntimeUse

CODE = "LMB502"
MESSAGE = "{subject} accepts no new functions since {date}{cure}"
REPAIR = (
    "test on the newer runtime, then move; `flake8-lambda-handler migrate "
    "--fix LMB5xx` writes it"
)


def check_runtime(
    use: RuntimeUse,
    as_of: datetime.date,
    horizon_days: int,
    table: runtimes.Table = runtimes.TABLE,
) -> Iterator[dict[str, str]]:
    phase = runtimes.phase_of(use, as_of, horizon_days, table)
    if phase is not None and phase.name == "create-blocked":
        yield phase.fields(use)
