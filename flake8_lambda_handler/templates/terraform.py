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
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import Place
from flake8_lambda_handler.model import Problem
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Files
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.parsing import ascii_bytes
from flake8_lambda_handler.templates.parsing import documents
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: The unit is the folder: `read` yields what all its files declare.
WHOLE_FOLDER = True
#: Arguments of a module block that hold a runtime, as modules in use call them.
MODULE_RUNTIMES = ("runtime", "lambda_runtime", "function_runtime", "python_runtime")
#: Functions that give back what they get, or its members.
_SAME = frozenset({"tostring", "toset", "tolist", "tomap", "nonsensitive"})
#: Most parts of an expression that are searched for the archive it names.
MOST_PARTS = 500

_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
_LAMBDA = re.compile(r"aws_lambda_(?:function|layer_version)\b")
_MODULE_ARGUMENT = re.compile(r"(?:runtime|handler|compatible_runtimes)\b")
_OWN_MARK = re.compile(rf"{_LAMBDA.pattern}|python\d")
_ESCAPE = re.compile(r"\\([nrt\"\\])|(\$\$|%%)(?=\{)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ARCHIVES = ("archive_file",)
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")
_WRAPPERS = frozenset(
    {"expression", "literal_value", "collection_value", "template_expr"}
)


def is_name(name: str) -> bool:
    """Tell whether a file of this name belongs to a Terraform module."""
    return name.lower().endswith(_SUFFIXES)


def is_sure_name(name: str) -> bool:
    """Tell whether a file of this name is meant for Lambda: no name says that."""
    return False


def read(path: str, files: Files) -> Iterator[Declaration | RuntimeUse | Problem]:
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


class _Block(NamedTuple):
    """A block: its type with its labels, and its arguments."""

    names: tuple[str, ...]
    arguments: dict[str, Node]


class _Expression(Node):
    """An expression that is not a plain string, with its syntax tree."""

    __slots__ = ("tree",)

    def __init__(self, source: Source, offset: int, tree: Any) -> None:
        super().__init__(source, offset)
        self.tree = tree


class _Fragment(Source):
    """A string of a JSON file, read as a Terraform template."""

    __slots__ = ("_scalar",)
    HEAD = 'x = "'

    def __init__(self, scalar: Scalar) -> None:
        super().__init__(scalar.source.path, f'{self.HEAD}{scalar.text}"\n')
        self._scalar = scalar

    def place(self, offset: int) -> Place:
        start = max(offset - len(self.HEAD), 0)
        return self._scalar.part(start, start).place


class _Folder(Resolver):
    """The blocks of one folder, and what its expressions stand for."""

    def __init__(self, folder: str, files: Files) -> None:
        super().__init__()
        self.folder = folder
        self.files = files
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self._blocks: dict[tuple[str, ...], _Block] = {}
        self._set: dict[str, Node] = {}
        self._locals: dict[str, Node] = {}
        self._parser: Any = None
        self._scopes: dict[int, list[Scope]] = {}
        self._outputs: dict[str, list[_Block]] | None = None
        for name in _files_in_order(folder):
            try:
                self.sources.append(files.source(os.path.join(folder, name)))
            except Unreadable as error:
                if error.text is None or _OWN_MARK.search(error.text):
                    self.problems.append(error.problem)

    def parse(self) -> None:
        """Collect the blocks of all files, in the order in which they count."""
        for source in self.sources:
            name = os.path.basename(source.path).lower()
            try:
                if name.endswith(".json"):
                    blocks, settings = self._json(source.path)
                else:
                    blocks, settings = self._hcl(source)
            except Unreadable as error:
                if _OWN_MARK.search(source.text):
                    self.problems.append(error.problem)
                continue
            if name.endswith((".tfvars", ".tfvars.json")):
                self._set.update(settings)
                continue
            overrides = _is_override(name)
            for block in blocks:
                if block.names == ("locals",):
                    self._locals.update(block.arguments)
                elif overrides and block.names in self._blocks:
                    self._blocks[block.names].arguments.update(block.arguments)
                else:
                    self._blocks[block.names] = block

    def _hcl(self, source: Source) -> tuple[list[_Block], dict[str, Node]]:
        tree = self._tree(source.text)
        if tree.root_node.has_error and _OWN_MARK.search(source.text):
            self.problems.append(_syntax_problem(source, tree.root_node))
        blocks: list[_Block] = []
        settings: dict[str, Node] = {}
        waiting = [tree.root_node]
        while waiting:
            node = waiting.pop()
            for child in node.named_children:
                if child.type in ("body", "ERROR"):
                    waiting.append(child)
                elif child.type == "block" and not child.has_error:
                    blocks.append(_block(source, child))
                elif child.type == "attribute" and not child.has_error:
                    settings.update(_argument(source, child))
        return blocks, settings

    def _tree(self, text: str) -> Any:
        if self._parser is None:
            from tree_sitter import Language
            from tree_sitter import Parser
            from tree_sitter_hcl import language

            self._parser = Parser(Language(language()))
        return self._parser.parse(ascii_bytes(text))

    def _json(self, path: str) -> tuple[list[_Block], dict[str, Node]]:
        blocks: list[_Block] = []
        for root in documents(self.files, path):
            if not isinstance(root, Mapping):
                continue
            for type_, depth in _JSON_LABELS.items():
                for names, body in _json_blocks(root.get(type_), (type_,), depth):
                    blocks.append(_Block(names, body.pairs))
            return blocks, root.pairs
        return blocks, {}

    def found(self) -> Iterator[Declaration | RuntimeUse]:
        """Yield what the folder declares."""
        for block in self._blocks.values():
            if block.names[:2] == ("resource", "aws_lambda_function"):
                yield from self._function(block)
            elif block.names[:2] == ("resource", "aws_lambda_layer_version"):
                name = ".".join(block.names[1:])
                for scope in self._instances(block):
                    runtimes = block.arguments.get("compatible_runtimes")
                    yield from values.list_uses(self, runtimes, scope, name)
            elif block.names[0] == "module":
                yield from self._module(block)

    def _function(self, block: _Block) -> Iterator[Declaration | RuntimeUse]:
        arguments = block.arguments
        name = ".".join(block.names[1:])
        for scope in self._instances(block):
            if "Image" in self.texts(arguments.get("package_type"), scope):
                continue
            runtimes = self._uses(block, ("runtime",), scope, name, "function")
            yield from runtimes
            if values.is_python(self.texts(arguments.get("runtime"), scope)):
                yield from values.declarations(
                    "terraform",
                    name,
                    self.scalars(arguments.get("handler"), scope),
                    self._archived(block, scope),
                    runtimes,
                )

    def _module(self, block: _Block) -> Iterator[Declaration | RuntimeUse]:
        arguments = block.arguments
        name = ".".join(block.names)
        for scope in self._instances(block):
            layers = arguments.get("compatible_runtimes")
            yield from values.list_uses(self, layers, scope, name)
            runtimes = self._uses(block, MODULE_RUNTIMES, scope, name, "module")
            yield from runtimes
            known = self.texts(arguments.get("runtime"), scope)
            is_lambda = any("lambda" in x for x in self.texts(arguments.get("source")))
            if runtimes or (is_lambda and values.is_python(known)):
                yield from values.declarations(
                    "terraform",
                    name,
                    self.scalars(arguments.get("handler"), scope),
                    self._source_paths(arguments.get("source_path"), scope),
                    runtimes,
                )

    def _uses(
        self,
        block: _Block,
        keys: Iterable[str],
        scope: Scope,
        name: str,
        kind: str,
    ) -> list[RuntimeUse]:
        return [
            use
            for key in keys
            if (node := block.arguments.get(key)) is not None
            for use in values.uses(self.scalars(node, scope), node, name, kind)
        ]

    def _instances(self, block: _Block) -> list[Scope]:
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

    def _archived(self, block: _Block, scope: Scope) -> Iterator[str]:
        """Yield what the archives hold that a function is made from."""
        for key in ("filename", "source_code_hash", "s3_key"):
            node = block.arguments.get(key)
            if node is None:
                continue
            for archive in self._archives(node, scope):
                for name in ("source_dir", "source_file"):
                    yield from self._paths(archive.arguments.get(name), scope)

    def _archives(self, node: Node, scope: Scope) -> Iterator[_Block]:
        """Yield the archives that an expression names, or whose output it is."""
        seen: set[int] = set()
        waiting = [node]
        while waiting and len(seen) < MOST_PARTS:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for steps in self._references(node):
                for names in (("resource", *steps[:2]), ("data", *steps[1:3])):
                    block = self._blocks.get(names)
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

    def _archives_by_output(self) -> dict[str, list[_Block]]:
        if self._outputs is None:
            self._outputs = {}
            for block in list(self._blocks.values()):
                if len(block.names) > 1 and block.names[1] in _ARCHIVES:
                    for text in self.texts(block.arguments.get("output_path")):
                        self._outputs.setdefault(self._join(text), []).append(block)
        return self._outputs

    def _join(self, text: str) -> str:
        return os.path.normpath(os.path.join(self.folder, text))

    def _references(self, node: Node) -> Iterator[tuple[str, ...]]:
        """Yield the names in an expression: `("data", "archive_file", "x", …)`."""
        if isinstance(node, Scalar):
            node = self._template(node)
        if not isinstance(node, _Expression):
            return
        waiting = [node.tree]
        seen = 0
        while waiting and seen < MOST_PARTS:
            tree = waiting.pop()
            seen += 1
            children = tree.named_children
            waiting += children
            if children and children[0].type == "variable_expr":
                yield tuple(
                    _name(node.source, child.named_children[0]).text
                    for child in children
                    if child.type in ("variable_expr", "get_attr")
                )

    def _template(self, scalar: Scalar) -> Node:
        """Return a string of a JSON file as the template that it is."""
        if "${" not in scalar.text or not scalar.source.path.lower().endswith(".json"):
            return scalar
        fragment = _Fragment(scalar)
        tree = self._tree(fragment.text)
        if tree.root_node.has_error:
            return Mapping(scalar.source, scalar.offset)
        attribute = tree.root_node.named_children[0].named_children[0]
        return _argument(fragment, attribute)["x"]

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if isinstance(node, Scalar):
            template = self._template(node)
            return (node,) if template is node else self.values(template, scope)
        if isinstance(node, _Expression):
            method = _EXPRESSIONS.get(node.tree.type)
            return () if method is None else method(self, node, scope)
        return (node,)

    def _tuple(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        sequence = Sequence(node.source, node.offset)
        sequence.items = [
            _expression(node.source, child) for child in _operands(node.tree)
        ]
        yield sequence

    def _object(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        mapping = Mapping(node.source, node.offset)
        for element in node.tree.named_children:
            key = element.child_by_field_name("key")
            value = element.child_by_field_name("val")
            if key is None or value is None:
                continue
            label = _expression(node.source, key)
            names = label.tree.named_children if isinstance(label, _Expression) else []
            if len(names) == 1 and names[0].type == "variable_expr":
                label = _name(node.source, names[0])
            if isinstance(label, Scalar):
                mapping.add(label, _expression(node.source, value))
        yield mapping

    def _conditional(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        parts = _operands(node.tree)
        yield from self.values(_expression(node.source, parts[2]), scope)
        while parts:
            yield from self.values(_expression(node.source, parts[1]), scope)
            # The grammar reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`, though
            # Terraform means `a ? b : (c ? d : e)`.
            inner = parts[0].children
            is_bare = len(inner) == 1 and inner[0].type == "conditional"
            parts = _operands(inner[0]) if is_bare else []

    def _quoted(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        pieces: list[str | list[Scalar]] = []
        end = node.offset
        for child in node.tree.named_children:
            text = node.source.text[child.start_byte : child.end_byte]
            if child.type == "template_literal":
                # The grammar drops the spaces around an interpolation.
                pieces.append(node.source.text[end : child.start_byte])
                pieces.append(_unescape(text))
                end = child.end_byte
            elif child.type == "template_interpolation":
                pieces.append(node.source.text[end : child.start_byte])
                known = [
                    scalar
                    for x in _operands(child)
                    for scalar in self.scalars(_expression(node.source, x), scope)
                ]
                if not known:
                    return
                pieces.append(known)
                end = child.end_byte
            elif child.type == "quoted_template_end":
                pieces.append(node.source.text[end : child.start_byte])
            elif child.type != "quoted_template_start":
                return
        yield from self.compose(node, pieces)

    def _call(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        children = node.tree.named_children
        name = node.source.text[children[0].start_byte : children[0].end_byte]
        arguments: list[Node] = [
            _expression(node.source, x)
            for child in children[1:]
            if child.type == "function_arguments"
            for x in _operands(child)
        ]
        if name in ("coalesce", "try"):
            for argument in arguments:
                known = [
                    x
                    for x in self.values(argument, scope)
                    if not isinstance(x, Scalar) or x.text
                ]
                if known:
                    return known
        elif name == "lookup" and len(arguments) in (2, 3):
            tables = self.values(arguments[0], scope)
            keys = self.texts(arguments[1], scope)
            fallback = arguments[2] if len(arguments) == 3 else None
            if not tables or not keys:
                return self.values(fallback, scope)
            return [
                value
                for table in tables
                for key in keys
                for value in self.walk([table], [key], scope)
                or self.values(fallback, scope)
            ]
        elif name == "merge":
            merged = Mapping(node.source, node.offset)
            for argument in arguments:
                for mapping in self.mappings(argument, scope):
                    for label, value in mapping.entries():
                        merged.add(label, value)
            return [merged]
        elif name in _SAME and len(arguments) == 1:
            return self.values(arguments[0], scope)
        return ()

    def _traversal(self, node: _Expression, scope: Scope | None) -> Iterable[Node]:
        children = [x for x in node.tree.named_children if x.type != "comment"]
        steps: list[Node] = []
        for child in children[1:]:
            parts = [x for x in child.named_children if x.type != "comment"]
            if child.type == "get_attr":
                steps.append(_name(node.source, parts[0]))
            elif child.type == "index" and parts and parts[0].type == "new_index":
                steps += [_expression(node.source, x) for x in _operands(parts[0])]
            else:
                return []
        if children[0].type != "variable_expr":
            known = self.values(_expression(node.source, children[0]), scope)
        elif steps and isinstance(steps[0], Scalar):
            base = _name(node.source, children[0])
            known = self.values(self._named(base, steps[0].text, scope), scope)
            del steps[0]
        else:
            return []
        for step in steps:
            known = [
                value
                for key in self.texts(step, scope)
                for value in self.walk(known, [key], scope)
            ]
        return known

    def _named(self, at: Scalar, name: str, scope: Scope | None) -> Node | None:
        base = at.text
        if base == "var":
            block = self._blocks.get(("variable", name))
            default = block.arguments.get("default") if block else None
            return self._set.get(name, default)
        if base == "local":
            return self._locals.get(name)
        if base == "each":
            return (scope or {}).get(name)
        if base == "path" and name in ("module", "root", "cwd"):
            return Scalar(at.source, at.offset, self.folder)
        return None


_EXPRESSIONS: dict[
    str, Callable[[_Folder, _Expression, Scope | None], Iterable[Node]]
] = {
    "tuple": _Folder._tuple,
    "object": _Folder._object,
    "conditional": _Folder._conditional,
    "quoted_template": _Folder._quoted,
    "function_call": _Folder._call,
    "expression": _Folder._traversal,
}

#: The blocks that matter, with the number of their labels.
_JSON_LABELS = {"variable": 1, "locals": 0, "module": 1, "data": 2, "resource": 2}


def _json_blocks(
    node: Node | None, names: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Mapping]]:
    """Yield the blocks of a JSON file; at every level a list may stand for one."""
    for item in node.items if isinstance(node, Sequence) else [node]:
        if not isinstance(item, Mapping):
            continue
        if depth == 0:
            yield names, item
            continue
        for key, value in item.pairs.items():
            yield from _json_blocks(value, (*names, key), depth - 1)


def _block(source: Source, tree: Any) -> _Block:
    names: list[str] = []
    arguments: dict[str, Node] = {}
    for child in tree.named_children:
        if child.type == "identifier":
            names.append(source.text[child.start_byte : child.end_byte])
        elif child.type == "string_lit":
            names.append(source.text[child.start_byte + 1 : child.end_byte - 1])
        elif child.type == "body":
            for part in child.named_children:
                if part.type == "attribute":
                    arguments.update(_argument(source, part))
    return _Block(tuple(names), arguments)


def _argument(source: Source, tree: Any) -> dict[str, Node]:
    name, value = (x for x in tree.named_children if x.type != "comment")
    key = source.text[name.start_byte : name.end_byte]
    return {key: _expression(source, value)}


def _operands(tree: Any) -> list[Any]:
    return [x for x in tree.named_children if x.type == "expression"]


def _name(source: Source, tree: Any) -> Scalar:
    start, end = tree.start_byte, tree.end_byte
    return Scalar(source, start, source.text[start:end])


def _expression(source: Source, tree: Any) -> Node:
    """Return a syntax tree as a scalar when it is a plain value, else unresolved."""
    while tree.type in _WRAPPERS:
        children = [x for x in tree.named_children if x.type != "comment"]
        if len(children) != 1 or children[0].type == "variable_expr":
            break
        tree = children[0]
    start, end = tree.start_byte, tree.end_byte
    if tree.type == "string_lit":
        text = source.text[start + 1 : end - 1]
        return Scalar(source, start + 1, _unescape(text))
    if tree.type in ("numeric_lit", "bool_lit"):
        return Scalar(source, start, source.text[start:end])
    if tree.type == "quoted_template":
        start += 1
    return _Expression(source, start, tree)


def _unescape(text: str) -> str:
    if "\\" not in text and "{" not in text:
        return text
    return _ESCAPE.sub(lambda x: _ESCAPES[x[1]] if x[1] else x[2][0], text)


def _files_in_order(folder: str) -> list[str]:
    """Return the names of the files that Terraform reads, overriding ones last."""
    try:
        names = sorted(x.name for x in os.scandir(folder) if not x.is_dir())
    except OSError:
        return []
    blocks: list[str] = []
    overrides: list[str] = []
    present = set(names)
    for name in names:
        if name.endswith((".tofu", ".tofu.json")) or (
            name.endswith((".tf", ".tf.json"))
            and name.replace(".tf", ".tofu") not in present
        ):
            (overrides if _is_override(name) else blocks).append(name)
    given = [x for x in names if x in ("terraform.tfvars", "terraform.tfvars.json")]
    given += [x for x in names if x.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return blocks + overrides + given


def _is_override(name: str) -> bool:
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def _syntax_problem(source: Source, root: Any) -> Problem:
    """Return the innermost place where the grammar gives up."""
    node = root
    while not node.is_missing:
        inner = [x for x in node.children if x.has_error or x.is_missing]
        errors = [x for x in inner if x.type == "ERROR" or x.is_missing] or inner
        if not errors:
            break
        node = errors[0]
    start = node.start_byte
    if node.is_missing:
        reason = f"`{node.type}` is missing"
        start = len(source.text[:start].rstrip())
    else:
        reason = "syntax error"
    return Problem(source.place(start), f"is not valid Terraform: {reason}")
