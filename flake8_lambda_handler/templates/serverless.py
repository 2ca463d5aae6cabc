"""Serverless Framework: `serverless.yml` and the files it includes.

Sources, read 2026-11-20: Serverless Framework documentation, "AWS - Functions",
"AWS - Layers", "Variables"; serverless-python-requirements, README (`module`, `layer`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from collections.abc import Iterator
from functools import cached_property

from flake8_lambda_handler.model import ALB
from flake8_lambda_handler.model import HTTP_1
from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import REST
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.root import leads_into
from flake8_lambda_handler.templates import cloudformation
from flake8_lambda_handler.templates import fixed
from flake8_lambda_handler.templates import serverless_images
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.intrinsics import Stack
from flake8_lambda_handler.templates.intrinsics import text_of
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import documents
from flake8_lambda_handler.templates.parsing import template_documents
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

FILES = ("*.json", "*.json.j2", "*.yaml", "*.yaml.j2", "*.yml", "*.yml.j2")
WORD = "andler"

_SUFFIXES = (".json", ".yaml", ".yml")
_NAMED = re.compile(r"serverless\.(?:ya?ml|json)", re.I)
_PROVIDER = re.compile(r"^(?:provider|[ \t{]*[\"']provider[\"'])[ \t]*:", re.M)
_PART = re.compile(
    r"^(?:(?:functions|layers|resources|service)|[ \t{]*[\"'](?:functions|layers)[\"'])"
    r"[ \t]*:",
    re.M,
)
_SOURCE = re.compile(r"(?P<type>\w+)(?:\((?P<in>.*?)\))?(?::(?P<address>.*))?", re.S)
#: What CloudFormation calls a function of the service.
_LOGICAL = re.compile(r"\b\w+?LambdaFunction")
_LITERAL = re.compile(r"[\w.-]+")
#: Longest text in which variables are looked for, in characters.
LONGEST_VARIABLE = 2000


def _is_sure_name(name: str) -> bool:
    """Tell whether a file of this name is meant to be such a template."""
    return _NAMED.fullmatch(name) is not None


def is_marked(text: str) -> bool:
    """Tell whether a text has the signs of such a template."""
    return (
        ("aws" in text or "python" in text)
        and _PROVIDER.search(text) is not None
        and _PART.search(text) is not None
    )


def read(
    path: str, files: TemplateFiles
) -> Iterator[Declaration | Embedded | RuntimeUse | Problem]:
    """Yield what the template of a path declares.

    Raises:
        Unreadable: the file is a template that cannot be parsed.
    """
    is_named = _is_sure_name(os.path.basename(path))
    for root in template_documents(files, path, is_named, is_marked):
        if isinstance(root, Mapping):
            service = Service(root, path, files)
            if service.is_for_aws(is_named):
                yield from service.found()
                yield from service.problems


class Service(Resolver):
    """The variables of one service, and what it declares."""

    def __init__(self, root: Mapping, path: str, files: TemplateFiles) -> None:
        super().__init__()
        self.root = root
        self.path = path
        self.folder = os.path.dirname(path)
        self.files = files
        self.problems: list[Problem] = []
        self._broken: set[str] = set()

    @cached_property
    def _root(self) -> str:
        """Return the folder that included files may not leave."""
        return Roots().of(self.folder)

    def is_for_aws(self, is_named: bool) -> bool:
        """Tell whether the provider is AWS; without a name the file's name decides."""
        known = self.values(self.root.get("provider"))
        names = [node.text for node in known if isinstance(node, Scalar)]
        for provider in known:
            if isinstance(provider, Mapping):
                names += self.texts(provider.get("name"))
        if not names:
            return is_named
        parts = ("service", "functions", "layers", "resources")
        return "aws" in names and (
            is_named or any(self.root.get(part) is not None for part in parts)
        )

    def found(self) -> Iterator[Declaration | Embedded | RuntimeUse]:
        """Yield what the service declares."""
        inherited: Node | None = None
        for provider in self.mappings(self.root.get("provider")):
            inherited = provider.get("runtime")
            if inherited is not None:
                known = self.scalars(inherited)
                yield from values.uses(known, inherited, "provider", "global")
        for name, function in self._named("functions"):
            yield from self._function(name, function, inherited)
        for name, layer in self._named("layers"):
            yield from values.list_uses(
                self, layer.get("compatibleRuntimes"), None, name
            )
        plugin = ["custom", "pythonRequirements", "layer", "compatibleRuntimes"]
        for runtimes in self.walk([self.root], plugin):
            yield from values.list_uses(self, runtimes, None, "pythonRequirements")
        for resources in self._maps("resources"):
            stack = Stack(resources, self.expand_literal)
            yield from cloudformation.found_in(stack, self.folder, self.files)

    def _maps(self, key: str) -> Iterator[Mapping]:
        """Yield the mappings of a part, which may also be a list of mappings."""
        for node in self.values(self.root.get(key)):
            if isinstance(node, Mapping):
                yield node
            elif isinstance(node, Sequence):
                for item in node.items:
                    yield from self.mappings(item)

    def _named(self, key: str) -> Iterator[tuple[str, Mapping]]:
        for mapping in self._maps(key):
            for label, value in mapping.entries():
                for body in self.mappings(value):
                    yield label.text, body

    def _function(
        self, name: str, function: Mapping, inherited: Node | None
    ) -> Iterator[Declaration | RuntimeUse]:
        runtime = function.get("runtime")
        image = function.get("image")
        if image is not None:
            callers = self._callers(name, function)
            yield from serverless_images.found(
                self, self.root, self.files, name, image, callers
            )
            return
        in_force = inherited if runtime is None else runtime
        # Without any runtime the framework takes one of Node.js.
        if in_force is None:
            return
        runtimes = values.uses(self.scalars(in_force), in_force, name, "function")
        yield from runtimes
        if not values.is_python(self.texts(in_force)):
            return
        modules = self.texts(function.get("module")) or [""]
        yield from values.declarations(
            "serverless",
            name,
            self.scalars(function.get("handler")),
            [os.path.normpath(os.path.join(self.folder, x)) for x in modules],
            runtimes,
            self._callers(name, function),
            fixed.in_service(self.root, function),
            "layers" in self.root.source.text,
        )

    def _callers(self, name: str, function: Mapping) -> tuple[str, ...]:
        """Return everybody who calls a function, as far as the service shows it."""
        found = {OTHER} if function.get("url") is not None else set()
        logical = name.replace("-", "Dash").replace("_", "Underscore")
        logical = f"{logical[:1].upper()}{logical[1:]}LambdaFunction"
        if not self._mentioned.isdisjoint((name, logical)):
            found.add(OTHER)
        for node in self.members(function.get("events")):
            for event in self.values(node) or [node]:
                entries = event.entries() if isinstance(event, Mapping) else ()
                pairs = [(label.text, value) for label, value in entries]
                kind, given = pairs[0] if len(pairs) == 1 else ("", event)
                found.add(self._caller(kind, given, function))
        return tuple(sorted(found))

    def _caller(self, kind: str, given: Node, function: Mapping) -> str:
        options = self.mappings(given)
        if kind == "http":
            proxies = {"", "lambda-proxy", "lambda_proxy", "aws-proxy", "aws_proxy"}
            known = [(x.get("integration"), x.get("async")) for x in options]
            is_proxy = all(
                is_async is None and text_of(how).lower() in proxies
                for how, is_async in known
            )
            return REST if is_proxy and (options or self.texts(given)) else OTHER
        if kind == "httpApi":
            own = self.walk([function], ["httpApi", "payload"])
            shared = self.walk([self.root], ["provider", "httpApi", "payload"])
            versions = {text_of(one) for one in own or shared}
            return HTTP_1 if versions == {"1.0"} else OTHER
        return ALB if kind == "alb" else OTHER

    @cached_property
    def _mentioned(self) -> set[str]:
        """Return all texts but those of the functions, and what they refer to."""
        found: set[str] = set()
        seen: set[int] = set()
        own = ("functions", "service")
        waiting = [x for label, x in self.root.entries() if label.text not in own]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Scalar):
                found.update([node.text, *_LOGICAL.findall(node.text)])
            elif isinstance(node, Mapping):
                waiting += [value for _, value in node.entries()]
            elif isinstance(node, Sequence):
                waiting += node.items
        return found

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        return self.expand_literal(node)

    def expand_literal(self, node: Node) -> Iterable[Node]:
        """Yield what a value stands for once its `${…}` variables are put in."""
        if not isinstance(node, Scalar) or "${" not in node.text:
            return (node,)
        return self._text(node)

    def _text(self, node: Scalar) -> Iterator[Node]:
        """Yield what a text with variables stands for.

        A text that is one variable can be anything; others are put together.
        """
        if len(node.text) > LONGEST_VARIABLE:
            return
        pieces: list[str | list[Scalar]] = []
        end = 0
        for start, stop in _variables(node.text):
            if start == 0 and stop == len(node.text):
                yield from self._variable(node.part(2, stop - 1))
                return
            pieces.append(node.text[end:start])
            end = stop
            if node.text.startswith("${AWS::", start):
                pieces.append(node.text[start:stop])  # CloudFormation's, left alone
                continue
            inner = node.part(start, stop)
            known = self.scalars(inner)
            if not known:
                return
            pieces.append(known)
        pieces.append(node.text[end:])
        yield from self.compose(node, pieces)

    def _variable(self, body: Scalar) -> Iterable[Node]:
        """Return what `source, fallback, …` stands for: the first that is known."""
        for number, (start, end) in enumerate(_split(body.text)):
            part = body.part(start, end)
            found = self._one(part)
            if found:
                return found
            if number and _LITERAL.fullmatch(part.text):
                return [part]
        return ()

    def _one(self, body: Scalar) -> list[Node]:
        text = body.text
        if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
            return [body.part(1, len(text) - 1)]
        if "${" in text:
            made = self.values(body)
            if text.startswith("${") and _variables(text) == [(0, len(text))]:
                return made
            return [
                value
                for scalar in made
                if isinstance(scalar, Scalar)
                for value in self._address(scalar)
            ]
        return self._address(body)

    def _address(self, body: Scalar) -> list[Node]:
        found = _SOURCE.fullmatch(body.text)
        if found is None:
            return []
        address = (found["address"] or "").strip()
        keys = [key for key in address.split(".") if key]
        if found["type"] == "self":
            return self.walk([self.root], keys)
        if found["type"] == "file":
            return self.walk(self._included(body, found["in"] or ""), keys)
        if found["type"] == "param":
            return self._parameter(address)
        if found["type"] == "sls" and address == "stage":
            return [Scalar(body.source, body.offset, x) for x in self._stages()]
        return []

    def _stages(self) -> list[str]:
        known = self.walk([self.root], ["provider", "stage"])
        return [x.text for x in known if isinstance(x, Scalar)] or ["dev"]

    def _parameter(self, name: str) -> list[Node]:
        for stage in [*self._stages(), "default"]:
            for path in (["params", stage, name], ["stages", stage, "params", name]):
                known = self.walk([self.root], path)
                if known:
                    return known
        return []

    def _included(self, body: Scalar, name: str) -> list[Node]:
        """Return the content of a file of the project, nothing when there is none."""
        path = os.path.normpath(os.path.join(self.folder, name.strip()))
        if not path.lower().endswith(_SUFFIXES):
            return []
        if not (is_inside(path, self._root) and leads_into(path, self._root)):
            return []
        try:
            return [
                x for root in documents(self.files, path) for x in self.values(root)
            ]
        except Unreadable as error:
            if os.path.exists(path) and path not in self._broken:
                self._broken.add(path)
                self.problems.append(_in_other_file(body, name.strip(), error.problem))
            return []


def _in_other_file(at: Scalar, name: str, problem: Problem) -> Problem:
    """Return a problem of an included file, placed where the file is named."""
    what, colon, reason = problem.text.partition(":")
    where = f" in line {problem.place.line}" if colon else ""
    return Problem(at.place, f"names {name}, which {what}{where}{colon}{reason}")


def _variables(text: str) -> list[tuple[int, int]]:
    """Return start and end of each outermost `${…}`; an unclosed one is none."""
    found: list[tuple[int, int]] = []
    starts: list[int] = []
    index = 0
    while index < len(text):
        if text.startswith("${", index):
            starts.append(index)
            index += 2
            continue
        if text[index] == "}" and starts:
            start = starts.pop()
            if not starts:
                found.append((start, index + 1))
        index += 1
    return found


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the parts between the outermost commas, trimmed."""
    depth = start = 0
    quote = ""
    for index, character in enumerate([*text, ","]):
        if quote:
            if character == quote:
                quote = ""
            if index < len(text):
                continue
        elif character in "'\"":
            quote = character
        elif character in "{(":
            depth += 1
        elif character in "})":
            depth -= 1
        if index == len(text) or (character == "," and depth == 0):
            part = text[start:index]
            before = len(part) - len(part.lstrip())
            yield min(start + before, index), start + len(part.rstrip())
            start = index + 1
