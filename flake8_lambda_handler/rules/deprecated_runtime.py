"""Template declares a runtime that AWS has deprecated.

## What it does

Reports a Python runtime in a template whose deprecation date has passed: in AWS SAM,
CloudFormation, Serverless Framework and Terraform, for functions, global settings,
layers, build methods and module blocks, and in Dockerfiles for Lambda's base images and
build images. References are followed; the finding stands where the identifier is
written, once for each place; a value that several functions share names them. So it does
in Python files that use the AWS CDK (`Runtime.PYTHON_3_8`,
`CfnFunction(runtime="python3.8")`, `add_property_override("Runtime", "python3.8")`, and
images in which code is built), Pulumi, or boto3's client of Lambda
(`create_function(Runtime="python3.8")`), and in those of TypeScript and JavaScript that
use the AWS CDK, which only `check` reads.

## Why is this bad

From its deprecation date on, AWS gives a runtime no security patches and no technical
support, and names the days on which creating and updating functions will be blocked.
Functions on it keep running. Its base image gets no more patches either; what is made
of it can be deployed all the same, so `LMB502` and `LMB503` say nothing of images.

## Limits

A value that the template alone does not decide (a parameter without a default, a value
from a parameter store or another stack, a macro) is not reported; nor, in Python, what
is only compared, one of a table from which a version chooses, or tests; what an aspect
or another file sets afterwards is not seen: on which functions, only the run of the app
tells. The dates come from a table inside the package; `flake8-lambda-handler runtimes`
prints it with its day.

## Example

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.lambda_handler
      Runtime: python3.8
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

CODE = "LMB501"
MESSAGE = "{subject} is deprecated since {date}{cure}"
REPAIR = (
    "test on the newer runtime, then move; `flake8-lambda-handler migrate "
    "--fix LMB5xx` writes it"
)
LEVEL = "warning"


def check_runtime(
    use: RuntimeUse,
    as_of: datetime.date,
    horizon_days: int,
    table: runtimes.Table = runtimes.TABLE,
) -> Iterator[dict[str, str]]:
    phase = runtimes.phase_of(use, as_of, horizon_days, table)
    if phase is not None and phase.name == "deprecated":
        yield phase.fields(use)
