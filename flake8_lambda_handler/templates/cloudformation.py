"""CloudFormation and AWS SAM templates, in YAML and JSON, CDK output included.

Sources, read 2026-11-20: AWS CloudFormation user guide, "Intrinsic function
reference" and "Fn::ForEach"; AWS SAM developer guide, "Globals section of the AWS SAM
template" and "AWS::Serverless::Function"; AWS CDK developer guide, "Testing with AWS
SAM" (the `aws:asset` metadata).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Files
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.parsing import template_documents
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
LAYERS = frozenset({"AWS::Lambda::LayerVersion", "AWS::Serverless::LayerVersion"})
#: Most resources that the loops of one template may make.
MOST_RESOURCES = 10_000
#: Most loops inside each other.
MOST_LOOPS = 5

_SUFFIXES = (".yaml", ".yml", ".json", ".template", ".cfn")
_NAMED = re.compile(r"(?:template|sam)\.(?:ya?ml|json|template)", re.I)
_MARK = re.compile(r"AWS::(?:Lambda|Serverless)::")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_LOOP = "Fn::ForEach::"
_LOOP_VARIABLE = re.compile(r"[$&]\{(\w+)\}")


def is_name(name: str) -> bool:
    """Tell whether a file of this name can be such a template."""
    name = name.lower()
    return name.endswith(_SUFFIXES) and not name.endswith((".tf.json", ".tofu.json"))


def is_sure_name(name: str) -> bool:
    """Tell whether a file of this name is meant to be such a template."""
    return _NAMED.fullmatch(name) is not None


def is_marked(text: str) -> bool:
    """Tell whether a text has the signs of such a template."""
    return "Resources" in text and _MARK.search(text) is not None


def read(path: str, files: Files) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the template of a path declares.

    Raises:
        Unreadable: the file is a template that cannot be parsed.
    """
    is_named = is_sure_name(os.path.basename(path))
    for root in template_documents(files, path, is_named, is_marked):
        if isinstance(root, Mapping):
            yield from found_in(Stack(root), os.path.dirname(path))


class Stack(Resolver):
    """Intrinsic functions of one template, in the short and the long form.

    `literal` says what a scalar or collection stands for that is no intrinsic
    function; Serverless Framework has variables of its own there.
    """

    def __init__(
        self, root: Mapping, literal: Callable[[Node], Iterable[Node]] | None = None
    ) -> None:
        super().__init__()
        self.root = root
        self._literal = literal
        self._made = 0

    def section(self, name: str) -> Mapping | None:
        """Return a part of the template, None when it has none of that name."""
        return next(iter(self.mappings(self.root.get(name))), None)

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        name, argument = _function(node)
        if name:
            method = _INTRINSICS.get(name)
            return () if method is None else method(self, argument, scope)
        if isinstance(node, Scalar) and scope:
            return (_in_loop(node, scope),)
        return (node,) if self._literal is None else self._literal(node)

    def resources(self) -> Iterator[tuple[str, Mapping, Scope | None]]:
        """Yield name, body and loop variables of each resource."""
        for resources in self.mappings(self.root.get("Resources")):
            yield from self._resources(resources, None)

    def _resources(
        self, resources: Mapping, scope: Scope | None
    ) -> Iterator[tuple[str, Mapping, Scope | None]]:
        for label, node in resources.entries():
            if label.text.startswith(_LOOP):
                yield from self._loop(node, scope)
                continue
            self._made += 1
            if self._made > MOST_RESOURCES:
                return
            name = _in_loop(label, scope).text if scope else label.text
            for resource in self.mappings(node, scope):
                yield name, resource, scope

    def _loop(
        self, node: Node, scope: Scope | None
    ) -> Iterator[tuple[str, Mapping, Scope | None]]:
        """Yield the resources of `Fn::ForEach::Name: [Variable, [items], {…}]`."""
        if not isinstance(node, Sequence) or len(node.items) != 3:
            return
        variable, items, body = node.items
        if not isinstance(variable, Scalar) or not isinstance(body, Mapping):
            return
        if scope is not None and len(scope) >= MOST_LOOPS:
            return
        for item in self.members(items, scope):
            for value in self.scalars(item, scope):
                self._made += 1
                if self._made > MOST_RESOURCES:
                    return
                yield from self._resources(
                    body, {**(scope or {}), variable.text: value}
                )

    def _ref(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        for name in self.texts(node, scope):
            if scope and name in scope:
                yield scope[name]
                continue
            parameters = self.section("Parameters")
            parameter = parameters.get(name) if parameters else None
            if not isinstance(parameter, Mapping):
                continue
            kind = _text(parameter.get("Type"))
            default = parameter.get("Default")
            if default is None or kind.startswith("AWS::SSM::"):
                continue  # the default of these is the name of a stored value
            if isinstance(default, Scalar) and "List" in kind:
                yield _split(default, ",")
            else:
                yield default

    def _sub(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        local: Mapping | None = None
        if isinstance(node, Sequence):
            if len(node.items) != 2 or not isinstance(node.items[1], Mapping):
                return
            local = node.items[1]
            node = node.items[0]
        if not isinstance(node, Scalar):
            return
        pieces: list[str | list[Scalar]] = []
        end = 0
        for found in _VARIABLE.finditer(node.text):
            pieces.append(node.text[end : found.start()])
            end = found.end()
            name = found[1].strip()
            if name.startswith("!"):
                pieces.append(f"${{{name[1:]}}}")
                continue
            value = local.get(name) if local else None
            if value is not None:
                known = self.scalars(value, scope)
            else:
                known = [
                    scalar
                    for made in self._ref(node.part(*found.span(1)), scope)
                    for scalar in self.scalars(made, scope)
                ]
            if not known:
                return
            pieces.append(known)
        pieces.append(node.text[end:])
        if all(isinstance(piece, str) for piece in pieces):
            yield Scalar(node.source, node.offset, "".join(map(str, pieces)))
        else:
            yield from self.compose(node, pieces)

    def _join(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        for delimiter in self.texts(node.items[0], scope):
            for sequence in self.values(node.items[1], scope):
                if not isinstance(sequence, Sequence):
                    continue
                pieces: list[str | list[Scalar]] = []
                for item in sequence.items:
                    known = self.scalars(item, scope)
                    if not known:
                        break
                    pieces += [delimiter, known] if pieces else [known]
                else:
                    yield from self.compose(node, pieces)

    def _select(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        index, items = node.items
        for text in self.texts(index, scope):
            yield from self.walk(self.values(items, scope), [text], scope)

    def _split(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return
        for delimiter in self.texts(node.items[0], scope):
            for text in self.scalars(node.items[1], scope):
                if delimiter:
                    yield _split(text, delimiter)

    def _if(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if isinstance(node, Sequence) and len(node.items) == 3:
            yield from self.values(node.items[1], scope)
            yield from self.values(node.items[2], scope)

    def _find_in_map(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if not isinstance(node, Sequence) or len(node.items) < 3:
            return
        mappings = self.section("Mappings")
        found: list[Node] = [] if mappings is None else [mappings]
        for key in node.items[:3]:
            found = self._rows(found, key, scope)
        yield from found
        if len(node.items) > 3 and isinstance(node.items[3], Mapping):
            yield from self.values(node.items[3].get("DefaultValue"), scope)

    def _rows(self, tables: list[Node], key: Node, scope: Scope | None) -> list[Node]:
        """Return a row of each table, every row when the key is known to AWS only."""
        name, argument = _function(key)
        if name == "Ref" and _text(argument).startswith("AWS::"):
            return [
                row
                for table in tables
                if isinstance(table, Mapping)
                for _, value in table.entries()
                for row in self.values(value, scope)
            ]
        return [
            row
            for text in self.texts(key, scope)
            for row in self.walk(tables, [text], scope)
        ]


_INTRINSICS: dict[str, Callable[[Stack, Node, Scope | None], Iterable[Node]]] = {
    "Ref": Stack._ref,
    "Sub": Stack._sub,
    "Join": Stack._join,
    "Select": Stack._select,
    "Split": Stack._split,
    "If": Stack._if,
    "FindInMap": Stack._find_in_map,
}


def _function(node: Node) -> tuple[str, Node]:
    """Return name and argument of an intrinsic function; no name when it is none."""
    if node.tag.startswith("!") and node.tag != "!":
        return node.tag[1:], _untagged(node)
    if isinstance(node, Mapping) and len(node.pairs) == 1:
        ((key, argument),) = node.pairs.items()
        if key == "Ref":
            return key, argument
        if key.startswith("Fn::") and not key.startswith(_LOOP):
            return key[4:], argument
    return "", node


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _untagged(node: Node) -> Node:
    copy: Node
    if isinstance(node, Mapping):
        copy = Mapping(node.source, node.offset)
        copy.pairs, copy.labels, copy.merged = node.pairs, node.labels, node.merged
    elif isinstance(node, Sequence):
        copy = Sequence(node.source, node.offset)
        copy.items = node.items
    else:
        assert isinstance(node, Scalar)
        copy = Scalar(node.source, node.offset, node.text)
    return copy


def _in_loop(node: Scalar, scope: Scope) -> Scalar:
    """Return a text of a loop's body with the loop's variables put in."""

    def value(found: re.Match[str]) -> str:
        known = scope.get(found[1])
        if not isinstance(known, Scalar):
            return found[0]
        plain = found[0].startswith("&")
        return re.sub(r"[^0-9A-Za-z]", "", known.text) if plain else known.text

    text = _LOOP_VARIABLE.sub(value, node.text)
    return node if text == node.text else Scalar(node.source, node.offset, text)


def _split(scalar: Scalar, delimiter: str) -> Sequence:
    """Return the pieces of a text, each standing where it stands."""
    sequence = Sequence(scalar.source, scalar.offset)
    start = 0
    for piece in scalar.text.split(delimiter):
        before = len(piece) - len(piece.lstrip())
        end = start + len(piece.rstrip())
        sequence.items.append(scalar.part(min(start + before, end), end))
        start += len(piece) + len(delimiter)
    return sequence


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
    for name, resource, scope in stack.resources():
        kind = _text(resource.get("Type"))
        if kind in FUNCTIONS:
            settings = _Settings(stack, name, resource, scope, shared, folder)
            yield from settings.found(kind)
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

    def found(self, kind: str) -> Iterator[Declaration | RuntimeUse]:
        stack, scope = self.stack, self.scope
        is_sam = kind == "AWS::Serverless::Function"
        ignored = self._ignored() if is_sam else {"*"}
        if "Image" in stack.texts(self._get("PackageType", ignored), scope):
            return
        runtime = self._get("Runtime", ignored)
        runtimes: list[RuntimeUse] = []
        if runtime is not None:
            is_shared = self._own("Runtime") is None
            runtimes = values.uses(
                stack.scalars(runtime, scope),
                runtime,
                "Globals.Function" if is_shared else self.name,
                "global" if is_shared else "function",
            )
            yield from runtimes
        if not values.is_python(stack.texts(runtime, scope)) or self._is_inline():
            return
        yield from values.declarations(
            "sam" if is_sam else "cloudformation",
            self.name,
            stack.scalars(self._get("Handler", ignored), scope),
            self._sam_code(ignored) if is_sam else self._code(),
            runtimes,
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
