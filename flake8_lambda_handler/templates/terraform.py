"""Terraform and OpenTofu: the `.tf` files of a folder, which make one module.

Sources, read 2026-11-20: Terraform language documentation, "Files and Configuration
Structure", "Override Files", "Input Variables" (order of `.tfvars` files), "JSON
Configuration Syntax"; AWS provider, `aws_lambda_function` and
`aws_lambda_layer_version`; archive provider, `archive_file`; registry module
terraform-aws-modules/lambda (`source_path`); OpenTofu 1.8 release notes (`.tofu`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.model import ALB
from flake8_lambda_handler.model import HTTP_1
from flake8_lambda_handler.model import OTHER
from flake8_lambda_handler.model import PROXY_SERVICES
from flake8_lambda_handler.model import REST
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.runtimes import version
from flake8_lambda_handler.templates import fixed
from flake8_lambda_handler.templates import rendered
from flake8_lambda_handler.templates import terraform_paths
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.hcl import JSON_LABELS
from flake8_lambda_handler.templates.hcl import Block
from flake8_lambda_handler.templates.hcl import json_blocks
from flake8_lambda_handler.templates.hcl import parse
from flake8_lambda_handler.templates.hcl_values import ExpressionResolver
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import documents
from flake8_lambda_handler.templates.terraform_code import contents
from flake8_lambda_handler.templates.terraform_code import in_place
from flake8_lambda_handler.templates.terraform_images import Images
from flake8_lambda_handler.templates.values import Scope

FILES = ("*.tf", "*.tf.json", "*.tfvars", "*.tfvars.json", "*.tofu", "*.tofu.json")
WORD = "andler"
#: The unit is the folder: `read` yields what all its files declare.
WHOLE_FOLDER = True
#: Arguments of a module block that hold a runtime, as modules in use call them.
MODULE_RUNTIMES = ("runtime", "lambda_runtime", "function_runtime", "python_runtime")
#: The module that hands its runtime to Lambda as it is.
LAMBDA_MODULE = "terraform-aws-modules/lambda/"
#: Most references that are followed from a function to its archive.
MOST_REFERENCES = 500

_LAMBDA = re.compile(r"aws_lambda_(?:function|layer_version)\b")
_MODULE_ARGUMENT = re.compile(r"(?:runtime|handler|compatible_runtimes|image_uri)\b")
_OWN_MARK = re.compile(rf"{_LAMBDA.pattern}|python\d")
_MENTION = re.compile(r"(?<![\w.-])(?:aws_lambda_function|module)\.[\w-]+")
_DEPENDENCY = re.compile(r"\bdepends_on\s*=\s*\[[^\]]*\]")
#: Resources that name a function and never call it.
_SILENT = frozenset({"aws_cloudwatch_log_group", "aws_cloudwatch_metric_alarm"})
_ARCHIVES = ("archive_file",)
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")


def read(
    path: str, files: TemplateFiles
) -> Iterator[Declaration | Embedded | RuntimeUse | Problem]:
    """Yield what all files in the folder of a path declare, and what is wrong there."""
    module = _Folder(os.path.dirname(path), files)
    if any(_is_marked(source.text) for source in module.sources):
        module.parse()
        yield from module.found()
    yield from module.problems


def _is_marked(text: str) -> bool:
    if _LAMBDA.search(text):
        return True
    return "module" in text and _MODULE_ARGUMENT.search(text) is not None


class _Folder(ExpressionResolver):
    """The blocks of one folder, and what its expressions stand for."""

    def __init__(self, folder: str, files: TemplateFiles) -> None:
        super().__init__()
        self.folder = folder
        self.files = files
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self._blocks: list[Block] = []
        self._named: dict[tuple[str, ...], Block] = {}
        self._given: dict[str, Node] = {}
        self._locals: dict[str, Node] = {}
        self._scopes: dict[int, list[Scope]] = {}
        self._outputs: dict[str, list[Block]] | None = None
        #: The blocks that mention each function or module.
        self._mentions: dict[str, list[Block]] = {}
        given = {name for at, name in map(os.path.split, files.given) if at == folder}
        for name in terraform_paths.files_in_order(folder, given):
            try:
                self.sources.append(files.source(os.path.join(folder, name)))
            except Unreadable as error:
                if error.text is None or _OWN_MARK.search(error.text):
                    self.problems.append(error.problem)

    def parse(self) -> None:
        """Collect the blocks of all files, in the order in which they count."""
        for source in self.sources:
            name = os.path.basename(source.path).lower()
            is_json = name.endswith(".json")
            blocks, given, error = self._json(source) if is_json else parse(source)
            if error is not None and _OWN_MARK.search(source.text):
                if not rendered.is_foreign(source):
                    self.problems.append(error.problem)
            if name.endswith((".tfvars", ".tfvars.json")):
                self._given.update(given)
                continue
            for block in blocks:
                for mention in set(_MENTION.findall(_DEPENDENCY.sub("", block.text))):
                    self._mentions.setdefault(mention, []).append(block)
                if block.names == ("locals",):
                    self._locals.update(block.arguments)
                elif terraform_paths.is_override(name) and block.names in self._named:
                    self._named[block.names].arguments.update(block.arguments)
                else:
                    self._named[block.names] = block
                    self._blocks.append(block)

    def _json(
        self, source: Source
    ) -> tuple[list[Block], dict[str, Node], Unreadable | None]:
        try:
            roots = [*documents(self.files, source.path)]
        except Unreadable as error:
            return [], {}, error
        blocks: list[Block] = []
        arguments: dict[str, Node] = {}
        for root in roots:
            if isinstance(root, Mapping):
                arguments.update(root.pairs)
                for type_, depth in JSON_LABELS.items():
                    blocks += json_blocks(root.get(type_), (type_,), depth)
        return blocks, arguments, None

    def found(self) -> Iterator[Declaration | Embedded | RuntimeUse]:
        """Yield what the folder declares."""
        for block in self._blocks:
            if block.names[:2] == ("resource", "aws_lambda_function"):
                yield from self._function(block)
            elif block.names[:2] == ("resource", "aws_lambda_layer_version"):
                name = ".".join(block.names[1:])
                for scope in self._instances(block):
                    runtimes = block.arguments.get("compatible_runtimes")
                    yield from values.list_uses(self, runtimes, scope, name)
            elif block.names[0] == "module":
                yield from self._module(block)

    @property
    def _images(self) -> Images:
        return Images(self, self._named, self.folder, self.files)

    def _function(self, block: Block) -> Iterator[Declaration | Embedded | RuntimeUse]:
        arguments = block.arguments
        name = ".".join(block.names[1:])
        archive = arguments.get("filename")
        for scope in self._instances(block):
            archives = [] if archive is None else [*self._archives(archive, scope)]
            if "Image" in self.texts(arguments.get("package_type"), scope):
                yield from self._images.of(block, scope, name, self._callers(block))
                continue
            runtimes = self._uses(arguments, ("runtime",), scope, name, "function")
            yield from runtimes
            if values.is_python(self.texts(arguments.get("runtime"), scope)):
                made_from = self._made_from(block, scope)
                held = [
                    x
                    for one in made_from
                    for x in contents(self, self.folder, one, scope)
                ]
                for declaration in values.declarations(
                    "terraform",
                    name,
                    self.scalars(arguments.get("handler"), scope),
                    self._archived(made_from, scope),
                    runtimes,
                    self._callers(block),
                    fixed.in_archives(block, archives, self.sources),
                    "layers" in arguments,
                ):
                    yield from in_place(declaration, held if runtimes else ())

    def _module(self, block: Block) -> Iterator[Declaration | RuntimeUse]:
        arguments = block.arguments
        name = ".".join(block.names)
        for scope in self._instances(block):
            layers = arguments.get("compatible_runtimes")
            yield from values.list_uses(self, layers, scope, name)
            if "image_uri" in arguments:
                yield from self._images.of(block, scope, name, self._callers(block))
            sources = self.texts(arguments.get("source"))
            runtimes = self._uses(arguments, MODULE_RUNTIMES, scope, name, "module")
            if not any(LAMBDA_MODULE in x for x in sources):
                # Other modules may make anything of a text, or be for other clouds.
                runtimes = [x for x in runtimes if version(x.identifier)]
            yield from runtimes
            known = self.texts(arguments.get("runtime"), scope)
            is_lambda = any("lambda" in x for x in sources)
            if runtimes or (is_lambda and values.is_python(known)):
                yield from values.declarations(
                    "terraform",
                    name,
                    self.scalars(arguments.get("handler"), scope),
                    self._source_paths(arguments.get("source_path"), scope),
                    runtimes,
                    self._callers(block),
                    has_layers="layers" in arguments,
                )

    def _callers(self, block: Block) -> tuple[str, ...]:
        """Return everybody who calls a function, as far as the folder shows it."""
        names = block.names[1:] if block.names[0] == "resource" else block.names
        is_many = not {"count", "for_each"}.isdisjoint(block.arguments)
        if is_many or any(x.path.endswith(".json") for x in self.sources):
            return ()
        name = ".".join(names)
        others = [x for x in self._mentions.get(name, ()) if x is not block]
        found = {self._caller(x, name) for x in others}
        return tuple(sorted(found - {""}))

    def _caller(self, block: Block, name: str) -> str:
        """Return who calls a function that a block mentions; nothing for nobody."""
        if block.names[0] == "output":
            return "" if f"{name}.function_name" in block.text else OTHER
        kind = block.names[1] if block.names[0] == "resource" else ""
        given = {key: self.texts(node) for key, node in block.arguments.items()}
        if kind in _SILENT:
            return ""
        if kind == "aws_lambda_permission":
            return (
                ""
                if PROXY_SERVICES.issuperset(given.get("principal") or [""])
                else OTHER
            )
        if kind in (
            "aws_lb_target_group_attachment",
            "aws_alb_target_group_attachment",
        ):
            return ALB
        if kind == "aws_api_gateway_integration":
            return REST if given.get("type") == ["AWS_PROXY"] else OTHER
        if kind == "aws_apigatewayv2_integration":
            version = given.get("payload_format_version", ["1.0"])
            is_http = version == ["1.0"] and self._is_http(
                block.arguments.get("api_id")
            )
            return HTTP_1 if is_http else OTHER
        return OTHER

    def _is_http(self, node: Node | None) -> bool:
        """Tell whether an expression names an HTTP API, not one of WebSockets."""
        for steps in self.references(node) if node is not None else ():
            block = self._named.get(("resource", *steps[:2]))
            if block is not None:
                return self.texts(block.arguments.get("protocol_type")) == ["HTTP"]
        return False

    def _uses(
        self,
        given: dict[str, Node],
        keys: Iterable[str],
        scope: Scope,
        *names: str,
    ) -> list[RuntimeUse]:
        return [
            use
            for key in keys
            if (node := given.get(key)) is not None
            for use in values.uses(self.scalars(node, scope), node, *names)
        ]

    def _instances(self, block: Block) -> list[Scope]:
        """Return a scope for each instance that `for_each` makes, as far as known."""
        node = block.arguments.get("for_each")
        if id(node) not in self._scopes:
            scopes: list[Scope] = []
            for each in self.values(node):
                if isinstance(each, Mapping):
                    scopes += [{"key": k, "value": v} for k, v in each.entries()]
                elif isinstance(each, Sequence):
                    for item in each.items:
                        for scalar in self.scalars(item):
                            scopes.append({"key": scalar, "value": scalar})
            self._scopes[id(node)] = scopes or [{}]
        return self._scopes[id(node)]

    def _source_paths(self, node: Node | None, scope: Scope) -> Iterator[str]:
        for found in self.values(node, scope):
            items = found.items if isinstance(found, Sequence) else [found]
            for item in items:
                for value in self.values(item, scope):
                    path: Node | None = value
                    if isinstance(value, Mapping):
                        path = value.get("path")
                    yield from self._paths(path, scope)

    def _paths(self, node: Node | None, scope: Scope) -> Iterator[str]:
        for text in self.texts(node, scope):
            path = values.code_path(self.folder, text)
            if path is not None:
                yield path

    def _made_from(self, block: Block, scope: Scope) -> list[Block]:
        """Return the archives that a function is made from."""
        keys = ("filename", "source_code_hash", "s3_key")
        nodes = [block.arguments[key] for key in keys if key in block.arguments]
        found = [x for node in nodes for x in self._archives(node, scope)]
        return list({id(archive): archive for archive in found}.values())

    def _archived(self, archives: list[Block], scope: Scope) -> Iterator[str]:
        """Yield the folders and files that archives hold."""
        for archive in archives:
            for name in ("source_dir", "source_file"):
                yield from self._paths(archive.arguments.get(name), scope)

    def _archives(self, node: Node, scope: Scope) -> Iterator[Block]:
        """Yield the archives that an expression names, or whose output it is."""
        seen: set[int] = set()
        waiting = [node]
        while waiting and len(seen) < MOST_REFERENCES:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for steps in self.references(node):
                for names in (("resource", *steps[:2]), ("data", *steps[1:3])):
                    block = self._named.get(names)
                    if block is None:
                        continue
                    if names[1] in _ARCHIVES:
                        yield block
                    elif names[1] in _OBJECTS and names[0] == "resource":
                        for key in ("source", "etag", "source_hash"):
                            if key in block.arguments:
                                waiting.append(block.arguments[key])
                if steps[0] == "local" and len(steps) > 1 and steps[1] in self._locals:
                    waiting.append(self._locals[steps[1]])
            for text in self.texts(node, scope):
                yield from self._archives_by_output().get(self._join(text), ())

    def _archives_by_output(self) -> dict[str, list[Block]]:
        if self._outputs is None:
            self._outputs = {}
            for block in self._blocks:
                if len(block.names) > 1 and block.names[1] in _ARCHIVES:
                    for text in self.texts(block.arguments.get("output_path")):
                        self._outputs.setdefault(self._join(text), []).append(block)
        return self._outputs

    def _join(self, text: str) -> str:
        return os.path.normpath(os.path.join(self.folder, text))

    def named(self, base: Scalar, name: str, scope: Scope | None) -> Node | None:
        kind = base.text
        if kind == "var":
            block = self._named.get(("variable", name))
            default = block.arguments.get("default") if block else None
            return self._given.get(name, default)
        if kind == "local":
            return self._locals.get(name)
        if kind == "each":
            return (scope or {}).get(name)
        if kind == "path" and (folder := terraform_paths.named(self.folder, name)):
            return Scalar(base.source, base.offset, folder)
        return None
