"""Template that cannot be read or parsed.

## What it does

Reports a template that is not valid YAML, JSON or Terraform, is not UTF-8 text, cannot
be opened, or is nested too deeply. The rest of the run goes on. flake8, which checks
Python files only, shows it once: at line 1 of the file whose handler the template
names, or else of the first file that it is for.

## Why is this bad

Nothing in such a file can be checked: its functions are not known as handlers, and its
runtimes are not compared with the lifecycle table. Deployment tools fail on it, too.

## Limits

A file counts as a template when its name says so (`template.yaml`, `sam.yaml`,
`serverless.yml`, …) or when its text mentions Lambda resources. Others that cannot be
parsed, such as Helm charts, are left alone. A template of a template (Jinja,
cookiecutter and the like) is reported when it cannot be parsed and names a Python
runtime, or a handler whose file is there: exclude it, and check what it renders.

flake8 is silent about templates that are neither in a file's folder or above it nor in a
folder such as `infra/` beside those; `check` reports them.

## Example

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.lambda_handler, Runtime: python3.14
```

## Use instead

```yaml
Resources:
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.lambda_handler, Runtime: python3.14}
```

## References

- YAML 1.1 specification; RFC 8259, "The JavaScript Object Notation (JSON) Data
  Interchange Format"; Terraform language documentation, "Syntax"
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import Template

CODE = "LMB001"
MESSAGE = "template {text}"
REPAIR = "mend the text; until then nothing in this template is checked"


def check_template(template: Template) -> Iterator[Site]:
    for problem in template.problems:
        if problem.place.path == template.path:
            yield Site(problem.place.line, problem.place.column, {"text": problem.text})
