"""Template names a handler that Lambda cannot load.

## What it does

Reports a handler string for which the code has no module or no function, which has no
dot, names a method (`module.Class.method`), or names a module inside the interpreter.
The text is what Lambda itself says. flake8, which checks Python files only, shows it at
line 1 of the module that should hold the handler, or else of the first file of the code.
Where the one module of that name in the project lies outside of the code's folder, the
words say so.

## Why is this bad

The deployment succeeds, and every invocation fails before the handler's first line. Until
it is found, no other rule can look at the handler either.

## Limits

Only where the template says for good which folder holds the code, and that folder is
there with Python files: a literal `CodeUri` or `Code`, the folder of a `serverless.yml`
without plugins that pack code, a Terraform `archive_file` that nothing else builds, an
AWS CDK app or Pulumi program with a literal handler and one folder that it only packs
(`Code.from_asset`, `FileArchive`), where the finding stands in the program; of a container
image only a function that the module lacks which its Dockerfile copies there.
Silent where a layer, a dependency, a `Makefile` or a build may bring the module, for
folders such as `dist/`, and where the module makes names at run time (`globals()`,
`__getattr__`, star imports from outside). Silent about a module that lies outside of the
code's folder where a script or a pipeline beside them (`deploy.sh`, `buildspec.yml`,
`tox.ini`, ...) may copy it, and about short code in a template that neither imports much
nor looks into its event: a deployment may replace it. Silent for scripts that call
boto3's `create_function`: what is in the archive is decided when they run.

## Example

```python
def lambda_handler(event, context):
    return {"statusCode": 200}
```

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.14
```

## Use instead

```python
def lambda_handler(event, context):
    return {"statusCode": 200}
```

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.lambda_handler
      Runtime: python3.14
```

## References

- awslambdaric 4.2.2, `bootstrap.py`, `_get_handler`
- AWS Lambda developer guide, "Define Lambda function handler in Python"
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.project.missing import Unloadable

CODE = "LMB104"
MESSAGE = "handler `{handler}` cannot be loaded: {error}{cure}"
REPAIR = "name a module below the code folder, a dot, and a function that it binds"


def check_fault(fault: Unloadable) -> Iterator[dict[str, str]]:
    cure = f"; {fault.elsewhere}" if fault.elsewhere else ""
    cure += f"; did you mean `{fault.meant}`?" if fault.meant else ""
    yield {"handler": fault.declaration.handler, "error": fault.error, "cure": cure}
