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
from flake8_lambda_handler.model import Embedded
from flake8_lambda_handler.model import RuntimeUse
from flake8_lambda_handler.root import Roots
from flake8_lambda_handler.templates import cdk_callers
from flake8_lambda_handler.templates import cdk_code
from flake8_lambda_handler.templates import dockerfile
from flake8_lambda_handler.templates import values
from flake8_lambda_handler.templates.nodes import Mapping
from flake8_lambda_handler.templates.nodes import Node
from flake8_lambda_handler.templates.nodes import Scalar
from flake8_lambda_handler.templates.nodes import Source
from flake8_lambda_handler.templates.nodes import TemplateFiles
from flake8_lambda_handler.templates.nodes import Unreadable
from flake8_lambda_handler.templates.scripts import LONGEST
from flake8_lambda_handler.templates.scripts import Code
from flake8_lambda_handler.templates.scripts import Scripts
from flake8_lambda_handler.templates.stages import lambda_image
from flake8_lambda_handler.templates.typescript import Script
from flake8_lambda_handler.templates.typescript import ancestors
from flake8_lambda_handler.templates.typescript import arguments
from flake8_lambda_handler.templates.typescript import base
from flake8_lambda_handler.templates.typescript import snake
from flake8_lambda_handler.templates.typescript import text

FILES = ("*.cjs", "*.cts", "*.js", "*.mjs", "*.mts", "*.ts")
WORD = "andler"
#: A plugin of flake8 would have to look into all scripts of a project.
COMMAND_ONLY = True

#: Calls from one to the next that are followed, and how many from one file.
DEEPEST_CALLS = 3
MOST_RUNS = 300

_LIBRARY = re.compile(r"aws-cdk|monocdk")
_WORDS = re.compile(
    r"PYTHON_\d|[\"'`]python\d|Python(?:Function|Layer)|fromImageAsset|"
    r"build-python|Function\(|extends \w"
)
_MODULE = re.compile(r"(?:@aws-cdk|aws-cdk-lib|monocdk)/([\w-]+?)(?:-alpha)?(?:/.*)?")
_ATTRIBUTE = re.compile(r"PYTHON_(\d+)_(\d+)")
_FROM_IMAGE = "from_image"
_CALLS = frozenset({"call_expression", "new_expression"})
_STORED = {"compatibleRuntimes": "layer", "runtime": "function"}
_TEST = re.compile(r"\.(?:test|spec|d)\.\w+$")
_TESTS = frozenset({"__tests__", "test", "tests"})
_BODIES = frozenset(
    {"arguments", "arrow_function", "class_body", "function_declaration"}
)
_EQUAL = frozenset({"==", "===", "!=", "!=="})
_DIGITS = re.compile(r"\d+")


def read(
    path: str, files: TemplateFiles
) -> Iterator[Declaration | Embedded | RuntimeUse]:
    """Yield what the program of a path declares; nothing if it is a test, or built."""
    try:
        source = files.source(path)
    except Unreadable:
        return
    whole = source.text
    if not _WORDS.search(whole) or not _LIBRARY.search(whole) or len(whole) > LONGEST:
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


class _App(Scripts):
    """The functions and layers of one file, and of what it runs in others."""

    def __init__(self, source: Source, files: TemplateFiles) -> None:
        super().__init__(source, files)
        self._runs = 0
        settings = [*self._settings()]
        #: Where the constructs are whose runtimes count no more, as others are set.
        self._replaced = {
            one.start_byte: one.end_byte for _, one, _ in settings if one is not None
        }
        self._set = [(kind, value) for kind, _, value in settings]

    def dotted(self, tree: Any, script: Script) -> str:
        """Return what the CDK calls a name, as Python writes it; empty if not its."""
        module, *names = script.origin(tree) or ("",)
        found = _MODULE.fullmatch(module)
        if found is not None:
            names.insert(0, found[1].replace("-", "_"))
        elif module not in ("aws-cdk-lib", "monocdk"):
            return ""
        return ".".join(map(snake, names))

    def expand(self, node: Node, scope: values.Scope | None = None) -> Any:
        if isinstance(node, Code) and node.tree.type == "member_expression":
            found = self._runtime(node.tree, node.script)
            if found is not None:
                return (found,)
        elif isinstance(node, Code) and node.tree.type == "new_expression":
            called = self.dotted(_callee(node.tree), node.script)
            if called in constructs.RUNTIMES and arguments(node.tree):
                return self.scalars(node.at(arguments(node.tree)[0]))
        return super().expand(node, scope)

    def _runtime(self, tree: Any, script: Script) -> Scalar | None:
        """Return the runtime that an attribute of its class stands for."""
        name = tree.child_by_field_name("property")
        written = text(name)
        found = _ATTRIBUTE.fullmatch(written)
        if found is None and not written.isupper():
            return None
        owner = self.dotted(tree.child_by_field_name("object"), script)
        if owner not in constructs.RUNTIMES:
            return None
        identifier = f"python{found[1]}.{found[2]}" if found else written.lower()
        return Scalar(script.source, name.start_byte, identifier)

    def found(self) -> Iterator[Declaration | Embedded | RuntimeUse]:
        """Yield what the constructs declare, then the runtimes that others may take."""
        script = self.script
        for tree in (*script.news, *script.calls):
            yield from self._run(Code(script, tree), 0)
        for kind, value in self._set:
            items = self.members(value) if kind == "layer" else [value]
            for item in items:
                yield from self._uses(self.scalars(item), item, "", kind)
        for tree in script.attributes:
            runtime = self._runtime(tree, script)
            if runtime is not None and not _is_looked_at(tree, runtime.text):
                at, spans = tree.start_byte, self._replaced.items()
                if not any(start < at < end for start, end in spans):
                    yield from self._uses([runtime], Code(script, tree), "", "global")

    def _run(
        self, call: Code, depth: int
    ) -> Iterator[Declaration | Embedded | RuntimeUse]:
        """Yield what a call makes itself, or in the project's code that it runs."""
        tree, script = call.tree, call.script
        maker = _callee(tree)
        if maker.type == "super":
            cls = script.class_around(tree)
            maker = None if cls is None else base(cls)
        name = "" if maker is None else self.dotted(maker, script)
        given = [call.at(one) for one in arguments(tree)]
        construct = constructs.CONSTRUCTS.get(name)
        if construct is not None:
            for properties in self.mappings(given[2]) if len(given) > 2 else ():
                id_ = next(iter(self.texts(given[1])), "")
                made = self._construct(construct, id_, properties, tree)
                callers = cdk_callers.of(call, name, properties, self, self.dotted)
                yield from (cdk_callers.named(one, callers) for one in made)
        elif name in constructs.RUNTIMES and given:
            yield from self._uses(self.scalars(given[0]), call, "", "global")
        elif name in constructs.BUILT_IN and given:
            for named in self.scalars(given[0]):
                image = lambda_image(dockerfile.placed(named))
                if image is not None:
                    yield dockerfile.use_of(image, "")
        elif not name and depth < DEEPEST_CALLS and self._runs < MOST_RUNS:
            found = self.called(tree, script)
            if found is not None:
                home, function, whole = found
                self._runs += 1
                scope = self.scope(home, function, given)
                if home is script and call.scope:
                    scope = {**call.scope, **scope}
                for inside in (*home.news, *home.calls):
                    if whole.start_byte <= inside.start_byte < whole.end_byte:
                        yield from self._run(Code(home, inside, scope), depth + 1)

    def _uses(
        self, texts: list[Scalar], used_at: Node, resource: str, kind: str
    ) -> list[RuntimeUse]:
        found = []
        for one in texts:
            spelled = _ATTRIBUTE.match(one.source.text, one.offset)
            for use in values.uses([one], used_at, resource, kind):
                found.append(use._replace(spelling=spelled[0]) if spelled else use)
        return found

    def _construct(
        self, construct: Construct, name: str, properties: Mapping, tree: Any
    ) -> Iterator[Declaration | Embedded | RuntimeUse]:
        def get(key: str) -> Node | None:
            return properties.get(_camel(key)) if key else None

        node = get(construct.runtime)
        is_replaced = tree.start_byte in self._replaced
        if construct.kind == "layer":
            for item in () if is_replaced else self.members(node):
                yield from self._uses(self.scalars(item), item, name, "layer")
            return
        uses = []
        if node is not None and not is_replaced:
            uses = self._uses(self.scalars(node), node, name, "function")
        yield from uses
        known = self.texts(node)
        if not values.is_python(known) and _FROM_IMAGE not in known:
            return
        code, handler = get(construct.code), get(construct.handler)
        if construct.module:
            handlers = self._module_handlers(
                get(construct.module), get("handler"), properties
            )
            folders = [x for one in self.texts(code) for x in self._folders(one)]
            yield from values.declarations("cdk", name, handlers, folders, uses)
            return
        for held in (get(construct.text), *cdk_code.zipped(self, code)):
            if isinstance(held, Code):
                yield from self._inline(name, held, self.scalars(handler), uses)
        made = self.made(code)
        if made is None or made.tree.type not in _CALLS or not arguments(made.tree):
            return
        called = self.dotted(_callee(made.tree), made.script)
        first = made.at(arguments(made.tree)[0])
        handlers = self.scalars(handler)
        if called in constructs.IMAGES:
            yield from self._image(name, made)
        elif called in constructs.INLINE:
            yield from self._inline(name, first, handlers, uses)
        elif called in constructs.ASSETS:
            paths = self.texts(first)
            folders = [x for one in paths for x in self._folders(one)]
            yield from values.declarations(
                "cdk",
                name,
                handlers,
                folders,
                uses,
                is_fixed=cdk_code.is_settled(self, tree, made, handler)
                and (bool(self.home_folder) or all(map(os.path.isabs, paths))),
                has_layers="ayers" in made.source.text,
            )

    def _inline(
        self, name: str, code: Code, handlers: list[Scalar], uses: list[RuntimeUse]
    ) -> Iterator[Declaration | Embedded]:
        """Yield a function whose code is a text, of the program or of a file."""
        pieces = cdk_code.pieces(self, code)
        if pieces and uses:
            for one in values.declarations("cdk", name, handlers, (), uses):
                yield Embedded(one, pieces)
        path = cdk_code.file(self, code)
        for file in self.texts(path) if path is not None else ():
            stem = os.path.splitext(os.path.basename(file))[0]
            named = [
                Scalar(x.source, x.offset, f"{stem}.{x.text.rpartition('.')[2]}")
                for x in handlers
            ]
            yield from values.declarations(
                "cdk", name, named, self._folders(file), uses
            )

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

    def _folders(self, path: str) -> list[str]:
        """Return the folders of a path, that of the file itself after the app's."""
        found = []
        for home in filter(None, (self.home_folder, self.script.folder)):
            code = values.code_path(home, path)
            if code is not None and code not in found:
                found.append(code)
                if home == self.home_folder and os.path.isdir(code):
                    break
        return found

    def _image(self, name: str, made: Code) -> Iterator[Declaration | RuntimeUse]:
        folder, *more = map(made.at, arguments(made.tree))
        options = self.mappings(more[0]) if more else []
        given = options[0] if options else Mapping(made.source, made.offset)

        def words(key: str) -> list[Scalar] | None:
            node = given.get(key)
            if node is None:
                return None
            return [x for item in self.members(node) for x in self.scalars(item)]

        build = self.mappings(given.get("buildArgs"))
        entries = build[0].entries() if len(build) == 1 else ()
        image = dockerfile.Image(
            "cdk",
            name,
            words("cmd"),
            words("entrypoint"),
            next(iter(self.texts(given.get("target"))), ""),
            {label.text: x for label, node in entries for x in self.scalars(node)},
        )
        file = next(iter(self.texts(given.get("file"))), "Dockerfile")
        for one in self.texts(folder):
            for path in self._folders(one):
                if os.path.isfile(os.path.join(path, file)):
                    home = self.script.folder
                    yield from dockerfile.built(self.files, home, path, file, image)
                    return

    # -- what is set afterwards ------------------------------------------------------

    def _settings(self) -> Iterator[tuple[str, Any, Code]]:
        """Yield what sets runtimes: the kind, the construct if it is known, the value."""
        script = self.script
        for call in script.calls:
            function, given = _callee(call), arguments(call)
            method = snake(text(function.child_by_field_name("property")))
            start = constructs.OVERRIDES.get(method)
            if start is not None and len(given) == 2:
                for path in self.texts(Code(script, given[0])):
                    kind = constructs.PROPERTIES.get(path.removeprefix(start))
                    if kind and path.startswith(start):
                        owner = function.child_by_field_name("object")
                        yield kind, self._lowest(owner)[0], Code(script, given[1])
        for store in script.stores:
            left = store.child_by_field_name("left")
            kind = _STORED.get(text(left.child_by_field_name("property")), "")
            construct, is_lowest = self._lowest(left.child_by_field_name("object"))
            if kind and is_lowest:
                yield kind, construct, Code(script, store.child_by_field_name("right"))

    def _lowest(self, tree: Any) -> tuple[Any, bool]:
        """Return the construct that an object is of, and whether it is one resource."""
        made = self.made(Code(self.script, tree))
        if made is None:
            return None, False
        if made.tree.type == "member_expression":  # `function.node.defaultChild`
            node = made.tree.child_by_field_name("object")
            is_child = text(made.tree.child_by_field_name("property")) == "defaultChild"
            owner = node.child_by_field_name("object") if is_child else None
            above = None if owner is None else self.made(made.at(owner))
            return (above.tree if above is not None else None), is_child
        is_new = made.tree.type == "new_expression"
        name = self.dotted(_callee(made.tree), made.script) if is_new else ""
        return made.tree, name.rpartition(".")[2].startswith("Cfn")


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


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))
