"""What the expressions of Terraform can stand for.

Source, read 2026-11-20: Terraform language documentation, "Functions".
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.model import Place
from flake8_lambda_handler.templates.hcl import Expression
from flake8_lambda_handler.templates.hcl import argument
from flake8_lambda_handler.templates.hcl import expression
from flake8_lambda_handler.templates.hcl import name_of
from flake8_lambda_handler.templates.hcl import operands
from flake8_lambda_handler.templates.hcl import tree_of
from flake8_lambda_handler.templates.hcl import unescape
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Sequence
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.values import Resolver
from flake8_lambda_handler.templates.values import Scope

#: Most parts of an expression that are searched for names.
MOST_PARTS = 500

#: Functions that give back what they get.
_SAME = frozenset({"tostring", "toset", "tolist", "tomap", "nonsensitive"})


class _Fragment(Source):
    """A string of a JSON file, read as a Terraform template."""

    __slots__ = ("_scalar",)
    HEAD = 'x = "'

    def __init__(self, scalar: Scalar) -> None:
        super().__init__(scalar.source.path, f'{self.HEAD}{scalar.text}"\n')
        self._scalar = scalar

    @property
    def key(self) -> object:
        return self._scalar.key

    def place(self, offset: int) -> Place:
        start = max(offset - len(self.HEAD), 0)
        return self._scalar.part(start, start).place


class ExpressionResolver(Resolver):
    """What expressions stand for; sub-classes say in `named` what their names mean."""

    def named(self, base: Scalar, name: str, scope: Scope | None) -> Node | None:
        """Return the value of `base.name`, such as `var.runtime`."""
        raise NotImplementedError

    def references(self, node: Node) -> Iterator[tuple[str, ...]]:
        """Yield the names in an expression: `("data", "archive_file", "x", …)`."""
        if isinstance(node, Scalar):
            node = self._template(node)
        if not isinstance(node, Expression):
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
                    name_of(node.source, child.named_children[0]).text
                    for child in children
                    if child.type in ("variable_expr", "get_attr")
                )

    def _template(self, scalar: Scalar) -> Node:
        """Return a string of a JSON file as the template that it is."""
        if "${" not in scalar.text or not scalar.source.path.lower().endswith(".json"):
            return scalar
        fragment = _Fragment(scalar)
        tree = tree_of(fragment.text)
        if tree.root_node.has_error:
            return Node(scalar.source, scalar.offset)  # says nothing
        attribute = tree.root_node.named_children[0].named_children[0]
        return argument(fragment, attribute)["x"]

    def expand(self, node: Node, scope: Scope | None) -> Iterable[Node]:
        if isinstance(node, Scalar):
            template = self._template(node)
            return (node,) if template is node else self.values(template, scope)
        if isinstance(node, Expression):
            method = _EXPRESSIONS.get(node.tree.type)
            return () if method is None else method(self, node, scope)
        return (node,)

    def _tuple(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        sequence = Sequence(node.source, node.offset)
        sequence.items = [
            expression(node.source, child) for child in operands(node.tree)
        ]
        yield sequence

    def _object(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        mapping = Mapping(node.source, node.offset)
        for element in node.tree.named_children:
            key = element.child_by_field_name("key")
            value = element.child_by_field_name("val")
            if key is None or value is None:
                continue
            label = expression(node.source, key)
            names = label.tree.named_children if isinstance(label, Expression) else []
            if len(names) == 1 and names[0].type == "variable_expr":
                label = name_of(node.source, names[0])
            if isinstance(label, Scalar):
                mapping.add(label, expression(node.source, value))
        yield mapping

    def _conditional(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        parts = operands(node.tree)
        yield from self.values(expression(node.source, parts[2]), scope)
        while parts:
            yield from self.values(expression(node.source, parts[1]), scope)
            # The grammar reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`, though
            # Terraform means `a ? b : (c ? d : e)`.
            inner = parts[0].children
            is_bare = len(inner) == 1 and inner[0].type == "conditional"
            parts = operands(inner[0]) if is_bare else []

    def _quoted(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        pieces: list[str | list[Scalar]] = []
        end = node.offset
        for child in node.tree.named_children:
            text = node.source.text[child.start_byte : child.end_byte]
            if child.type == "template_literal":
                # The grammar drops the spaces around an interpolation.
                pieces.append(node.source.text[end : child.start_byte])
                pieces.append(unescape(text))
                end = child.end_byte
            elif child.type == "template_interpolation":
                pieces.append(node.source.text[end : child.start_byte])
                known = [
                    scalar
                    for x in operands(child)
                    for scalar in self.scalars(expression(node.source, x), scope)
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

    def _heredoc(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        return (node,)  # whole lines, which make no name

    def _call(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        name, arguments = called(node)
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

    def _traversal(self, node: Expression, scope: Scope | None) -> Iterable[Node]:
        children = [x for x in node.tree.named_children if x.type != "comment"]
        steps: list[Node] = []
        for child in children[1:]:
            parts = [x for x in child.named_children if x.type != "comment"]
            if child.type == "get_attr":
                steps.append(name_of(node.source, parts[0]))
            elif child.type == "index" and parts and parts[0].type == "new_index":
                steps += [expression(node.source, x) for x in operands(parts[0])]
            else:
                return []
        if children[0].type != "variable_expr":
            known = self.values(expression(node.source, children[0]), scope)
        elif steps and isinstance(steps[0], Scalar):
            base = name_of(node.source, children[0])
            known = self.values(self.named(base, steps[0].text, scope), scope)
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


_EXPRESSIONS: dict[
    str, Callable[[ExpressionResolver, Expression, Scope | None], Iterable[Node]]
] = {
    "tuple": ExpressionResolver._tuple,
    "object": ExpressionResolver._object,
    "conditional": ExpressionResolver._conditional,
    "quoted_template": ExpressionResolver._quoted,
    "heredoc_template": ExpressionResolver._heredoc,
    "function_call": ExpressionResolver._call,
    "expression": ExpressionResolver._traversal,
}


def called(node: Node) -> tuple[str, list[Node]]:
    """Return the function that an expression calls, and its arguments.

    `"${file(…)}"`, as Terraform 0.11 has it, is one, too.
    """
    if isinstance(node, Expression) and node.tree.type == "quoted_template":
        _, *inside, _ = node.tree.named_children
        if len(inside) == 1 and inside[0].type == "template_interpolation":
            node = next((expression(node.source, x) for x in operands(inside[0])), node)
    if not isinstance(node, Expression) or node.tree.type != "function_call":
        return "", []
    name, *children = node.tree.named_children
    arguments = [
        expression(node.source, x)
        for child in children
        if child.type == "function_arguments"
        for x in operands(child)
    ]
    return name_of(node.source, name).text, arguments
