"""The handler returns what API Gateway or a load balancer refuses.

## What it does

Where the template shows that a REST API with Lambda proxy integration, an HTTP API with
payload format 1.0 or an Application Load Balancer calls the function, reports responses
that these refuse: a `body` that is a dict, a list or a number, no `statusCode`, and for
a REST API keys other than `statusCode`, `headers`, `multiValueHeaders`, `body` and
`isBase64Encoded`.

## Why is this bad

The invocation succeeds and the client gets an error: from a REST API 502 `Internal
server error` (its log: `Malformed Lambda proxy response`), from an HTTP API 500, from a
load balancer 502.

## Limits

Judged only when everything that the template shows to call the function is one of the
three; function URLs, HTTP APIs with payload format 2.0, queues, other functions and
whatever else mentions it make it silent. So are responses that are not known, like
those of Powertools' event handlers, Mangum or Chalice. In AWS CDK apps and Pulumi
programs in Python a function is followed through names, attributes and parameters; one
that goes into a list or a dict, or that a condition connects, is not judged; in
TypeScript and JavaScript only one that a constant or a parameter holds. A response
without `statusCode` is silent when another one of the handler has it: it may be for other
events. The caller itself cannot be run here; this is what its documentation says.

## Example

```python
def lambda_handler(event, context):
    return {"statusCode": 200, "body": {"id": event["pathParameters"]["id"]}}
```

```yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.lambda_handler
      CodeUri: .
      Events:
        Get:
          Type: Api
          Properties: {Path: "/orders/{id}", Method: get}
```

## Use instead

```python
import json


def lambda_handler(event, context):
    body = {"id": event["pathParameters"]["id"]}
    return {"statusCode": 200, "body": json.dumps(body)}
```

```yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.lambda_handler
      CodeUri: .
      Events:
        Get:
          Type: Api
          Properties: {Path: "/orders/{id}", Method: get}
```

## References

- Amazon API Gateway developer guide, "Set up Lambda proxy integrations in API Gateway",
  "Create AWS Lambda proxy integrations for HTTP APIs", read 2026-11-21
- Elastic Load Balancing, "Use Lambda functions as targets of an Application Load
  Balancer", read 2026-11-21
"""

from __future__ import annotations

from collections.abc import Iterator

from flake8_lambda_handler.analyses import proxies
from flake8_lambda_handler.analyses.encoding import findings
from flake8_lambda_handler.analyses.invocation import response_place
from flake8_lambda_handler.facts.module import Module
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.model import Site
from flake8_lambda_handler.model import at
from flake8_lambda_handler.session import Session

CODE = "LMB405"
MESSAGE = "{where} {what}{place}; {outcome}; {cure}"
REPAIR = 'return `{"statusCode": 200, "body": json.dumps(...)}`: a number and a text'


def check_module(session: Session, module: Module) -> Iterator[Site]:
    """Yield the responses of handlers that their callers refuse."""
    for handler in find.of(session, module):
        asking = proxies.callers(handler)
        for one in proxies.malformed(handler):
            otherwise = response_place(handler, one.node)
            node, place = findings.at_put(handler, one.puts, otherwise)
            yield at(
                node,
                where=findings.of_response(one.key, handler.name),
                what=one.what,
                place=place,
                outcome=proxies.OUTCOMES.get(asking, "the client gets an error"),
                cure=one.cure,
            )
