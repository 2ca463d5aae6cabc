"""CloudFormation and AWS SAM templates, in YAML and JSON, CDK output included.

Sources, read 2026-11-20: AWS SAM developer guide, "Globals section of the AWS SAM
template", "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"; AWS
CloudFormation user guide, "AWS::Lambda::Function"; AWS CDK developer guide, "Testing
with AWS SAM" (the `aws:asset` metadata).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import fixed
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.callers import Callers
from flake8_lambda_handler.templates.intrinsics import Stack
from flake8_lambda_handler.templates.intrinsics import text_of
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.parsing import template_documents
from flake8_lambda_handler.templates.values import Scope

FILES = ("*.cfn", "*.json", "*.template", "*.yaml", "*.yml")
WORD = "andler"

FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
LAYERS = frozenset({"AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"})

_NAMED = re.compile(r"(?:template|sam)\.(?:ya?ml|json|template)", re.I)
_MARK = re.compile(r"AWS::(?:Lambda|Serverless)::")


def _is_sure_name(name: str) -> bool:
    """Tell whether a file of this name is meant to be such a template."""
    return _NAMED.fullmatch(name) is not None


def is_marked(text: str) -> bool:
    """Tell whether a text has the signs of such a template."""
    return "Resources" in text and _MARK.search(text) is not None


def read(path: str, files: TemplateFiles) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the template of a path declares.

    Raises:
        Unreadable: the file is a template that cannot be parsed.
    """
    is_named = _is_sure_name(os.path.basename(path))
    for root in template_documents(files, path, is_named, is_marked):
        if isinstance(root, Mapping):
            yield from found_in(Stack(root), os.path.dirname(path))


def found_in(stack: Stack, folder: str) -> Iterator[Declaration | RuntimeUse]:
    """Yield what a template in a folder declares."""
    shared: Mapping | None = None
    for section in stack.mappings(stack.root.get("Globals")):
        for shared in stack.mappings(section.get("Function")):
            runtime = shared.get("Runtime")
            if runtime is not None:
                yield from values.uses(
                    stack.scalars(runtime), runtime, "Globals.Function", "global"
                )
    callers = Callers(stack)
    for name, resource, scope in stack.resources():
        kind = text_of(resource.get("Type"))
        if kind in FUNCTIONS:
            settings = _Settings(stack, name, resource, scope, shared, folder)
            yield from settings.found(kind, callers)
        elif kind in LAYERS:
            for properties in stack.mappings(resource.get("Properties"), scope):
                yield from values.list_uses(
                    stack, properties.get("CompatibleRuntimes"), scope, name
                )
        else:
            continue
        for metadata in stack.mappings(resource.get("Metadata"), scope):
            method = metadata.get("BuildMethod")
            if method is not None:
                known = stack.scalars(method, scope)
                yield from values.uses(known, method, name, "build")


class _Settings:
    """What one function resource says, its own settings before the global ones."""

    def __init__(
        self,
        stack: Stack,
        name: str,
        resource: Mapping,
        scope: Scope | None,
        shared: Mapping | None,
        folder: str,
    ) -> None:
        self.stack = stack
        self.name = name
        self.resource = resource
        self.scope = scope
        self.shared = shared
        self.folder = folder
        self.own = stack.mappings(resource.get("Properties"), scope)

    def found(self, kind: str, callers: Callers) -> Iterator[Declaration | RuntimeUse]:
        stack, scope = self.stack, self.scope
        is_sam = kind == "AWS::Serverless::Function"
        ignored = self._ignored() if is_sam else {"*"}
        if "Image" in stack.texts(self._get("PackageType", ignored), scope):
            return
        runtime = self._get("Runtime", ignored)
        runtimes: list[RuntimeUse] = []
        if runtime is not None:
            known = stack.scalars(runtime, scope)
            runtimes = values.uses(known, runtime, self.name, "function")
            yield from runtimes
        if not values.is_python(stack.texts(runtime, scope)) or self._is_inline():
            return
        yield from values.declarations(
            "sam" if is_sam else "cloudformation",
            self.name,
            stack.scalars(self._get("Handler", ignored), scope),
            self._sam_code(ignored) if is_sam else self._code(),
            runtimes,
            () if scope else callers.of(self.name, self.own),
            not scope and self._is_fixed(is_sam, ignored),
            self._get("Layers", ignored) is not None,
        )

    def _is_fixed(self, is_sam: bool, ignored: set[str]) -> bool:
        metadata = self.stack.mappings(self.resource.get("Metadata"))
        methods = [one.get("BuildMethod") for one in metadata]
        return fixed.in_resource(
            self._get("CodeUri", ignored) if is_sam else self._own("Code"),
            self._get("Handler", ignored),
            [text_of(method) for method in methods if method is not None],
        )

    def _own(self, key: str) -> Node | None:
        for properties in self.own:
            value = properties.get(key)
            if value is not None:
                return value
        return None

    def _get(self, key: str, ignored: set[str]) -> Node | None:
        value = self._own(key)
        if value is None and self.shared is not None and not {"*", key} & ignored:
            value = self.shared.get(key)
        return value

    def _ignored(self) -> set[str]:
        """Return the global settings that the function does not take; `*` is all."""
        node = self.resource.get("IgnoreGlobals")
        items = self.stack.members(node) if isinstance(node, Sequence) else [node]
        return {text for item in items for text in self.stack.texts(item)}

    def _is_inline(self) -> bool:
        if self._own("InlineCode") is not None:
            return True
        code = self.stack.mappings(self._own("Code"), self.scope)
        return any(x.get("ZipFile") is not None for x in code)

    def _sam_code(self, ignored: set[str]) -> Iterator[str]:
        code = self._get("CodeUri", ignored)
        if code is None:
            yield self.folder
        yield from self._paths(code)

    def _code(self) -> Iterator[str]:
        yield from self._paths(self._own("Code"))
        for metadata in self.stack.mappings(self.resource.get("Metadata"), self.scope):
            if "Code" in self.stack.texts(metadata.get("aws:asset:property")):
                yield from self._paths(metadata.get("aws:asset:path"))

    def _paths(self, node: Node | None) -> Iterator[str]:
        for text in self.stack.texts(node, self.scope):
            path = values.code_path(self.folder, text)
            if path is not None:
                yield path
