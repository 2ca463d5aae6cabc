"""Who calls a function, as far as a CloudFormation or SAM template shows it.

What mentions a function in some other way than those known here may call it with any
event: then its responses are not judged.

Sources, read 2026-11-21: AWS SAM developer guide, "EventSource", "Api", "HttpApi"; AWS
CloudFormation user guide, "AWS::ApiGateway::Method Integration",
"AWS::ApiGatewayV2::Integration", "AWS::ElasticLoadBalancingV2::TargetGroup"; API Gateway
developer guide, "x-amazon-apigateway-integration object".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.model import ALB
from flake8_lambda_handler.model import HTTP_1
from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import PROXY_SERVICES
from flake8_lambda_handler.model import REST
from flake8_lambda_handler.templates.intrinsics import Stack
from flake8_lambda_handler.templates.intrinsics import intrinsic
from flake8_lambda_handler.templates.intrinsics import text_of
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Sequence

#: Resources that name a function and never call it.
_SILENT = frozenset(
    {
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::Logs::LogGroup",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::SubscriptionFilter",
        "Custom::LogRetention",
    }
)
_REST_APIS = frozenset(
    {"AWS::ApiGateway::Method", "AWS::ApiGateway::RestApi", "AWS::Serverless::Api"}
)
_HTTP_APIS = frozenset(
    {
        "AWS::ApiGatewayV2::Api",
        "AWS::ApiGatewayV2::Integration",
        "AWS::Serverless::HttpApi",
    }
)
#: The key of an integration that names what is called.
_URIS = frozenset({"IntegrationUri", "Uri", "uri"})
_IN_TEXT = re.compile(r"\$\{(\w+)")


class Callers:
    """The callers of the functions of one template."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def of(self, name: str, settings: Iterable[Mapping]) -> tuple[str, ...]:
        """Return the callers of a function: of its own settings, and of all others."""
        found = {*self._mentions.get(name, ())}
        for properties in settings:
            if properties.get("FunctionUrlConfig") is not None:
                found.add(OTHER)
            for events in self._stack.mappings(properties.get("Events")):
                for _, event in events.entries():
                    found.update(self._event(event))
        return tuple(sorted(found))

    def _event(self, node: Node) -> Iterator[str]:
        """Yield who sends an event of a SAM function, unless its API says that."""
        for event in self._stack.mappings(node):
            kind = text_of(event.get("Type"))
            options = self._stack.mappings(event.get("Properties"))
            if kind not in ("Api", "HttpApi") or not options:
                yield OTHER
                continue
            for given in options:
                yield from self._sent(kind, given)

    def _sent(self, kind: str, given: Mapping) -> Iterator[str]:
        api = given.get("RestApiId" if kind == "Api" else "ApiId")
        name, argument = ("", None) if api is None else intrinsic(api)
        known = self._apis.get(text_of(argument)) if name == "Ref" else None
        if api is not None and known is None:
            yield OTHER
        elif known and any(x.get("DefinitionBody") is not None for x in known):
            return
        elif known and any(x.get("DefinitionUri") is not None for x in known):
            yield OTHER
        elif kind == "Api":
            yield REST
        else:
            version = text_of(given.get("PayloadFormatVersion"))
            yield HTTP_1 if version == "1.0" else OTHER

    @cached_property
    def _apis(self) -> dict[str, list[Mapping]]:
        return {
            name: self._stack.mappings(resource.get("Properties"), scope)
            for name, resource, scope in self._stack.resources()
            if text_of(resource.get("Type"))
            in ("AWS::Serverless::Api", "AWS::Serverless::HttpApi")
        }

    @cached_property
    def _mentions(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for _, resource, _ in self._stack.resources():
            kind = text_of(resource.get("Type"))
            if kind in _SILENT or self._is_permission(kind, resource):
                continue
            for name, around in _mentioned(resource):
                found.setdefault(name, set()).add(_caller(kind, around))
        return found

    def _is_permission(self, kind: str, resource: Mapping) -> bool:
        """Tell whether a resource only allows a proxy to call a function."""
        if kind != "AWS::Lambda::Permission":
            return False
        properties = self._stack.mappings(resource.get("Properties"))
        return all(
            PROXY_SERVICES.issuperset(self._stack.texts(one.get("Principal")) or [""])
            for one in properties
        )


def _caller(kind: str, around: Mapping) -> str:
    """Return who calls a function that a resource mentions in a mapping."""
    if kind == "AWS::ElasticLoadBalancingV2::TargetGroup":
        return ALB
    type_ = around.get("Type") or around.get("type") or around.get("IntegrationType")
    if _URIS.isdisjoint(around.pairs) or text_of(type_).lower() != "aws_proxy":
        return OTHER
    if kind in _REST_APIS:
        return REST
    version = around.get("PayloadFormatVersion") or around.get("payloadFormatVersion")
    return HTTP_1 if kind in _HTTP_APIS and text_of(version) == "1.0" else OTHER


def _mentioned(resource: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield the names that a resource refers to, with the integration around each."""
    waiting: list[tuple[Node, Mapping]] = [(resource, resource)]
    seen: set[object] = set()
    while waiting:
        node, around = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        name, argument = intrinsic(node)
        if name in ("Ref", "GetAtt"):
            first = argument.items[0] if isinstance(argument, Sequence) else argument
            yield text_of(first).partition(".")[0], around
        elif name == "Sub":
            parts = argument.items if isinstance(argument, Sequence) else [argument]
            for found in _IN_TEXT.finditer(text_of(parts[0])):
                yield found[1], around
            waiting += [(part, around) for part in parts[1:]]
        elif isinstance(node, Mapping):
            if not _URIS.isdisjoint(node.pairs):
                around = node
            waiting += [(value, around) for _, value in node.entries()]
        elif isinstance(node, Sequence):
            waiting += [(item, around) for item in node.items]
