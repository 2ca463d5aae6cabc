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
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import assets
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates import embedded
from flake8_lambda_handler.templates import fixed
from flake8_lambda_handler.templates import samconfig
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

FILES = (
    "*.cfn",
    "*.json",
    "*.json.j2",
    "*.template",
    "*.yaml",
    "*.yaml.j2",
    "*.yml",
    "*.yml.j2",
)
WORD = "andler"

FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
LAYERS = frozenset({"AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"})

#: Where an image is built, by which file, up to which stage, with which arguments.
_SAM_IMAGE = ("DockerContext", "Dockerfile", "DockerBuildTarget", "DockerBuildArgs")
_CDK_IMAGE = (
    "aws:asset:path",
    "aws:asset:dockerfile-path",
    "aws:asset:docker-build-target",
    "aws:asset:docker-build-args",
)
_NAMED = re.compile(r"(?:template|sam)\.(?:ya?ml|json|template)", re.I)
_MARK = re.compile(r"AWS::(?:Lambda|Serverless)::")


def _is_sure_name(name: str) -> bool:
    """Tell whether a file of this name is meant to be such a template."""
    return _NAMED.fullmatch(name) is not None


def is_marked(text: str) -> bool:
    """Tell whether a text has the signs of such a template."""
    return "Resources" in text and _MARK.search(text) is not None


def read(
    path: str, files: TemplateFiles
) -> Iterator[Declaration | Embedded | RuntimeUse]:
    """Yield what the template of a path declares.

    Raises:
        Unreadable: the file is a template that cannot be parsed.
    """
    is_named = _is_sure_name(os.path.basename(path))
    for root in template_documents(files, path, is_named, is_marked):
        if isinstance(root, Mapping):
            stack = Stack(root, given=lambda: samconfig.given(files, path))
            yield from found_in(stack, os.path.dirname(path), files)


def found_in(
    stack: Stack, folder: str, files: TemplateFiles
) -> Iterator[Declaration | Embedded | RuntimeUse]:
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
            yield from settings.found(kind, callers, files)
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

    def found(
        self, kind: str, callers: Callers, files: TemplateFiles
    ) -> Iterator[Declaration | Embedded | RuntimeUse]:
        stack, scope = self.stack, self.scope
        is_sam = kind == "AWS::Serverless::Function"
        ignored = self._ignored() if is_sam else {"*"}
        if "Image" in stack.texts(self._get("PackageType", ignored), scope):
            yield from self._image(is_sam, files, callers, ignored)
            return
        runtime = self._get("Runtime", ignored)
        runtimes: list[RuntimeUse] = []
        if runtime is not None:
            known = stack.scalars(runtime, scope)
            runtimes = values.uses(known, runtime, self.name, "function")
            yield from runtimes
        if not values.is_python(stack.texts(runtime, scope)):
            return
        inline = self._inline()
        pieces = embedded.pieces(inline) if inline is not None and not scope else ()
        if inline is not None and not (pieces and runtimes):
            return
        for one in values.declarations(
            "sam" if is_sam else "cloudformation",
            self.name,
            stack.scalars(self._get("Handler", ignored), scope),
            () if pieces else self._sam_code(ignored) if is_sam else self._code(files),
            runtimes,
            () if scope else callers.of(self.name, self.own),
            not scope and self._is_fixed(is_sam, ignored, bool(pieces)),
            self._get("Layers", ignored) is not None,
        ):
            yield Embedded(one, pieces) if pieces else one

    def _is_fixed(self, is_sam: bool, ignored: set[str], is_embedded: bool) -> bool:
        if is_embedded:
            return fixed.is_written(self._get("Handler", ignored))
        metadata = self.stack.mappings(self.resource.get("Metadata"))
        methods = [one.get("BuildMethod") for one in metadata]
        return fixed.in_resource(
            self._get("CodeUri", ignored) if is_sam else self._own("Code"),
            self._get("Handler", ignored),
            [text_of(method) for method in methods if method is not None],
        )

    def _image(
        self, is_sam: bool, files: TemplateFiles, callers: Callers, ignored: set[str]
    ) -> Iterator[Declaration | RuntimeUse]:
        """Yield what the function's Dockerfile declares, when it is known."""
        stack, scope = self.stack, self.scope
        image = dockerfile.Image(
            "sam" if is_sam else "cloudformation",
            self.name,
            callers=() if scope else callers.of(self.name, self.own),
        )
        for config in stack.mappings(self._get("ImageConfig", ignored), scope):
            image = image._replace(
                command=dockerfile.words(stack, config.get("Command"), scope),
                entry=dockerfile.words(stack, config.get("EntryPoint"), scope),
                folder=dockerfile.first(stack, config.get("WorkingDirectory"), scope),
            )
        is_built = False
        for metadata in stack.mappings(self.resource.get("Metadata"), scope):
            for keys in (_SAM_IMAGE, _CDK_IMAGE):
                context, name, target, arguments = map(metadata.get, keys)
                paths = [*self._paths(context)]
                if name is not None and context is None:
                    paths = [self.folder]
                image = image._replace(
                    target=dockerfile.first(stack, target, scope),
                    arguments=dockerfile.arguments(stack, arguments, scope),
                )
                file = dockerfile.first(stack, name, scope) or "Dockerfile"
                for path in paths:
                    is_built = True
                    yield from dockerfile.built(files, self.folder, path, file, image)
        if not is_built:
            yield from dockerfile.elsewhere(image)

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

    def _inline(self) -> Node | None:
        """Return the code that stands in the template itself."""
        inline = self._own("InlineCode")
        for code in self.stack.mappings(self._own("Code"), self.scope):
            inline = inline or code.get("ZipFile")
        return inline

    def _sam_code(self, ignored: set[str]) -> Iterator[str]:
        code = self._get("CodeUri", ignored)
        if code is None:
            yield self.folder
        yield from self._paths(code)

    def _code(self, files: TemplateFiles) -> Iterator[str]:
        yield from self._paths(self._own("Code"))
        template = self.stack.root.source.path
        for object_ in self.stack.mappings(self._own("Code"), self.scope):
            for key in self.stack.texts(object_.get("S3Key"), self.scope):
                path = assets.code(files, template, key)
                if path is not None:
                    yield path
        for metadata in self.stack.mappings(self.resource.get("Metadata"), self.scope):
            if "Code" in self.stack.texts(metadata.get("aws:asset:property")):
                yield from self._paths(metadata.get("aws:asset:path"))

    def _paths(self, node: Node | None) -> Iterator[str]:
        for text in self.stack.texts(node, self.scope):
            path = values.code_path(self.folder, text)
            if path is not None:
                yield path
