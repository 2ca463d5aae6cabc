"""What expressions are as texts: literals, pieces put together, and paths."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from collections.abc import Iterator

from flake8_lambda_handler.programs.objects import Objects
from flake8_lambda_handler.programs.values import MOST_STEPS
from flake8_lambda_handler.programs.values import MOST_VALUES
from flake8_lambda_handler.programs.values import Spot
from flake8_lambda_handler.programs.values import Text

#: What gives back the path that it is given.
_SAME_PATH = frozenset(
    {
        "os.fspath",
        "os.path.abspath",
        "os.path.normpath",
        "os.path.realpath",
        "pathlib.Path",
        "pathlib.PurePath",
        "str",
    }
)
_SAME_PATH_METHODS = frozenset({"absolute", "as_posix", "resolve"})
_HERE = frozenset({"os.getcwd", "pathlib.Path.cwd"})


class Texts(Objects):
    """The texts that expressions can be."""

    def texts(self, spot: Spot, steps: int = 0) -> list[Text]:
        """Return the texts that an expression can be, each with where it is written.

        Paths are texts: relative to the folder in which the program runs, or absolute.
        """
        found: dict[Text, None] = {}
        for one in self.values(spot, steps):
            for text in self._texts(one, steps + 1):
                found[text] = None
                if len(found) == MOST_VALUES:
                    return [*found]
        return [*found]

    def _texts(self, spot: Spot, steps: int) -> Iterator[Text]:
        node = spot.node
        if steps > MOST_STEPS:
            return
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield Text(node.value, spot)
        elif isinstance(node, ast.Name):
            if node.id == "__file__":
                yield Text(spot.program.module.path, spot, False)
        elif isinstance(node, ast.JoinedStr):
            pieces = [
                part.value
                if isinstance(part, ast.FormattedValue) and part.conversion == -1
                else part
                for part in node.values
            ]
            yield from self._pieces(pieces, "", spot, steps)
        elif isinstance(node, ast.BinOp):
            if isinstance(node.op, (ast.Add, ast.Div)):
                separator = "/" if isinstance(node.op, ast.Div) else ""
                yield from self._pieces((node.left, node.right), separator, spot, steps)
        elif isinstance(node, ast.Call):
            yield from self._called(node, spot, steps)
        elif isinstance(node, ast.Attribute):
            if node.attr == "parent":
                yield from self._above(spot.at(node.value), 1, spot, steps)
        elif isinstance(node, ast.Subscript):
            yield from self._parents(node, spot, steps)

    def _called(self, node: ast.Call, spot: Spot, steps: int) -> Iterator[Text]:
        function = spot.program.origin(node.func) or getattr(node.func, "id", "")
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if function in _HERE:
            yield Text(".", spot, False)
        elif function == "os.path.dirname" and node.args:
            yield from self._above(spot.at(node.args[0]), 1, spot, steps)
        elif function == "os.path.join" or function in _SAME_PATH:
            if node.args:
                yield from self._pieces(node.args, "/", spot, steps)
        elif not function and method in _SAME_PATH_METHODS:
            assert isinstance(node.func, ast.Attribute)
            yield from self._pieces([node.func.value], "/", spot, steps)
        elif not function and method == "joinpath":
            assert isinstance(node.func, ast.Attribute)
            pieces = [node.func.value, *node.args]
            yield from self._pieces(pieces, "/", spot, steps)

    def _pieces(
        self, nodes: Iterable[ast.expr], separator: str, spot: Spot, steps: int
    ) -> Iterator[Text]:
        """Yield each way to put pieces together."""
        found = [""]
        for number, node in enumerate(nodes):
            alternatives = self.texts(spot.at(node), steps)
            found = [
                os.path.join(start, end.text)
                if separator and number
                else start + end.text
                for start in found
                for end in alternatives
            ][:MOST_VALUES]
        for one in found:
            yield Text(one, spot, False)

    def _above(self, inner: Spot, times: int, spot: Spot, steps: int) -> Iterator[Text]:
        """Yield the folders so many steps above a path that is absolute."""
        for one in self.texts(inner, steps):
            path = one.text
            if os.path.isabs(path):
                for _ in range(times):
                    path = os.path.dirname(path)
                yield Text(path, spot, False)

    def _parents(self, node: ast.Subscript, spot: Spot, steps: int) -> Iterator[Text]:
        """Yield the folder that `path.parents[1]` is."""
        owner, number = node.value, node.slice
        if isinstance(owner, ast.Attribute) and owner.attr == "parents":
            if isinstance(number, ast.Constant) and isinstance(number.value, int):
                above = number.value + 1
                if 0 < above < MOST_STEPS:
                    yield from self._above(spot.at(owner.value), above, spot, steps)
