"""AWS CDK apps in TypeScript and JavaScript; only the command reads them.

Sources, read 2026-11-21: AWS CDK API reference, `aws-cdk-lib.aws_lambda`,
`@aws-cdk/aws-lambda-python-alpha`; what `constructs` says for every language.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from flake8_lambda_handler import constructs
from flake8_lambda_handler.constructs import Construct
from flake8_lambda_handler.model import Declaration
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.root import is_inside
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.typescript import Code
from flake8_lambda_handler.templates.typescript import Script
from flake8_lambda_handler.templates.typescript import ancestors
from flake8_lambda_handler.templates.typescript import arguments

FILES = ("*.cjs", "*.cts", "*.js", "*.mjs", "*.mts", "*.ts")
WORD = "andler"
#: A plugin of flake8 would have to look into all scripts of a project.
COMMAND_ONLY = True

#: Longest program that is read, in characters: longer ones are bundles of many.
LONGEST = 300_000

_LIBRARY = re.compile(r"aws-cdk|monocdk")
_WORDS = re.compile(r"PYTHON_\d|[\"'`]python\d|Python(?:Function|Layer)|fromImageAsset")
_MODULE = re.compile(r"(?:@aws-cdk|aws-cdk-lib|monocdk)/([\w-]+?)(?:-alpha)?(?:/.*)?")
_ATTRIBUTE = re.compile(r"PYTHON_(\d+)_(\d+)")
_FROM_IMAGE = "from_image"
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TEST = re.compile(r"\.(?:test|spec|d)\.\w+$")
_TESTS = frozenset({"__tests__", "test", "tests"})
_BODIES = frozenset(
    {"arguments", "arrow_function", "class_body", "function_declaration"}
)
_EQUAL = frozenset({"==", "===", "!=", "!=="})
_DIGITS = re.compile(r"\d+")


def read(path: str, files: TemplateFiles) -> Iterator[Declaration | RuntimeUse]:
    """Yield what the program of a path declares; nothing if it is a test, or built."""
    try:
        source = files.source(path)
    except Unreadable:
        return
    text = source.text
    if not _WORDS.search(text) or not _LIBRARY.search(text) or len(text) > LONGEST:
        return
    if not _is_test(path) and not _is_compiled(path):
        yield from _App(source, files).found()


def _is_test(path: str) -> bool:
    folder, name = os.path.split(path)
    below = folder[len(Roots().of(folder)) :].split(os.sep)
    return _TEST.search(name) is not None or not _TESTS.isdisjoint(below)


def _is_compiled(path: str) -> bool:
    stem, suffix = os.path.splitext(path)
    return suffix.endswith("js") and os.path.isfile(f"{stem}.{suffix[1:-2]}ts")


class _App(Script):
    """The functions and layers of one file."""

    def __init__(self, source: Source, files: TemplateFiles) -> None:
        super().__init__(source)
        self.files = files

    def dotted(self, tree: Any) -> str:
        """Return what the CDK calls a name, as Python writes it; empty if not its."""
        module, *names = self.origin(tree) or ("",)
        found = _MODULE.fullmatch(module)
        if found is not None:
            names.insert(0, found[1].replace("-", "_"))
        elif module not in ("aws-cdk-lib", "monocdk"):
            return ""
        return ".".join(map(_snake, names))

    def expand(self, node: Node, scope: values.Scope | None = None) -> Any:
        if isinstance(node, Code) and node.tree.type == "member_expression":
            found = self._runtime(node.tree)
            if found is not None:
                return (found,)
        elif isinstance(node, Code) and node.tree.type == "new_expression":
            called = self.dotted(node.tree.child_by_field_name("constructor"))
            if called in constructs.RUNTIMES and arguments(node.tree):
                return self.scalars(self.code(arguments(node.tree)[0]))
        return super().expand(node, scope)

    def _runtime(self, tree: Any) -> Scalar | None:
        """Return the runtime that an attribute of its class stands for."""
        if self.dotted(tree.child_by_field_name("object")) not in constructs.RUNTIMES:
            return None
        name = tree.child_by_field_name("property")
        text = name.text.decode()
        found = _ATTRIBUTE.fullmatch(text)
        text = f"python{found[1]}.{found[2]}" if found else text.lower()
        return Scalar(self.source, name.start_byte, text)

    def found(self) -> Iterator[Declaration | RuntimeUse]:
        """Yield what the constructs declare, then the runtimes that others may take."""
        for tree in self.news:
            name = self.dotted(tree.child_by_field_name("constructor"))
            given = arguments(tree)
            construct = constructs.CONSTRUCTS.get(name)
            if construct is not None and len(given) > 2:
                for properties in self.mappings(self.code(given[2])):
                    id_ = next(iter(self.texts(self.code(given[1]))), name)
                    yield from self._construct(construct, id_, properties)
            elif name in constructs.RUNTIMES and given:
                text = self.scalars(self.code(given[0]))
                yield from self._uses(text, self.code(tree), "", "global")
        for tree in self.attributes:
            runtime = self._runtime(tree)
            if runtime is not None and not _is_looked_at(tree, runtime.text):
                yield from self._uses([runtime], self.code(tree), "", "global")

    def _uses(
        self, texts: list[Scalar], used_at: Node, resource: str, kind: str
    ) -> list[RuntimeUse]:
        found = []
        for text in texts:
            spelled = _ATTRIBUTE.match(text.source.text, text.offset)
            for use in values.uses([text], used_at, resource, kind):
                found.append(use._replace(spelling=spelled[0]) if spelled else use)
        return found

    def _construct(
        self, construct: Construct, name: str, properties: Mapping
    ) -> Iterator[Declaration | RuntimeUse]:
        def get(key: str) -> Node | None:
            return properties.get(_camel(key)) if key else None

        node = get(construct.runtime)
        if construct.kind == "layer":
            for item in self.members(node):
                yield from self._uses(self.scalars(item), item, name, "layer")
            return
        uses = []
        if node is not None:
            uses = self._uses(self.scalars(node), node, name, "function")
        yield from uses
        known = self.texts(node)
        if not values.is_python(known) and _FROM_IMAGE not in known:
            return
        code = get(construct.code)
        if construct.module:
            handlers = self._module_handlers(
                get(construct.module), get("handler"), properties
            )
            folders = [x for text in self.texts(code) for x in self._folders(text)]
        else:
            handlers = self.scalars(get(construct.handler))
            folders = []
            for tree in self._makers(code):
                called = self.dotted(_callee(tree))
                if called in constructs.IMAGES:
                    yield from self._image(name, tree)
                    return
                if called not in constructs.ASSETS:
                    return
                for text in self.texts(self.code(arguments(tree)[0])):
                    folders += self._folders(text)
        yield from values.declarations("cdk", name, handlers, folders, uses)

    def _module_handlers(
        self, index: Node | None, handler: Node | None, around: Mapping
    ) -> list[Scalar]:
        """Return the handlers of a construct that names file and function apart."""
        files = self.texts(index) if index is not None else [constructs.DEFAULT_INDEX]
        names = [Scalar(around.source, around.offset, constructs.DEFAULT_HANDLER)]
        if handler is not None:
            names = self.scalars(handler)
        return [
            Scalar(one.source, one.offset, f"{file.removesuffix('.py')}.{one.text}")
            for file in files
            for one in names
        ]

    def _makers(self, node: Node | None) -> Iterator[Any]:
        """Yield the calls that make the code of a function."""
        for _ in range(5):
            if not isinstance(node, Code):
                return
            if node.tree.type in ("call_expression", "new_expression"):
                if arguments(node.tree):
                    yield node.tree
                return
            value = self._bound.get(node.tree.text.decode())
            node = None if value is None else self.code(value)

    def _folders(self, text: str) -> list[str]:
        """Return the folders that a path can mean: from the app's own, or the file's."""
        homes = [self.folder]
        root = Roots().of(self.folder)
        folder = self.folder
        while is_inside(folder, root):
            if os.path.isfile(os.path.join(folder, "cdk.json")):
                homes.insert(0, folder)
                break
            folder = os.path.dirname(folder)
        found = [values.code_path(home, text) for home in homes]
        return [path for path in dict.fromkeys(found) if path is not None]

    def _image(self, name: str, tree: Any) -> Iterator[Declaration | RuntimeUse]:
        folder, *more = arguments(tree)
        options = self.mappings(self.code(more[0])) if more else []
        given = options[0] if options else Mapping(self.source, tree.start_byte)

        def words(key: str) -> list[Scalar] | None:
            node = given.get(key)
            if node is None:
                return None
            return [x for item in self.members(node) for x in self.scalars(item)]

        image = dockerfile.Image(
            "cdk",
            name,
            words("cmd"),
            words("entrypoint"),
            next(iter(self.texts(given.get("target"))), ""),
        )
        file = next(iter(self.texts(given.get("file"))), "Dockerfile")
        for text in self.texts(self.code(folder)):
            for path in self._folders(text):
                if os.path.isfile(os.path.join(path, file)):
                    yield from dockerfile.built(
                        self.files, self.folder, path, file, image
                    )
                    return


def _callee(tree: Any) -> Any:
    name = "constructor" if tree.type == "new_expression" else "function"
    return tree.child_by_field_name(name)


def _is_looked_at(tree: Any, identifier: str) -> bool:
    """Tell whether a runtime is only compared, or one of a table of versions."""
    wanted = _DIGITS.findall(identifier)
    for inner, around in ancestors(tree):
        kind = around.type
        if kind in _BODIES:
            return False
        if kind == "binary_expression":
            operator = around.child_by_field_name("operator")
            return operator is not None and operator.text.decode() in _EQUAL
        if kind == "switch_case":
            value = around.child_by_field_name("value")
            return value == inner or _DIGITS.findall(value.text.decode()) == wanted
        if kind in ("if_statement", "ternary_expression"):
            test = around.child_by_field_name("condition")
            if test == inner or _DIGITS.findall(test.text.decode()) == wanted:
                return True
        if kind == "pair":
            key = around.child_by_field_name("key")
            return key == inner or _DIGITS.findall(key.text.decode()) == wanted
    return False


def _snake(name: str) -> str:
    return name if name[:1].isupper() else _CAPITAL.sub("_", name).lower()


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))
