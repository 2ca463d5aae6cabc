"""Which scope a name belongs to."""

from __future__ import annotations

import ast

import pytest

from flake8_lambda_handler.migrate.names import TreeNames
from tests.migrate.rewriting import dedented

#: The last `x` of a source is the module's.
OF_THE_MODULE = {
    "a function": """
        def f():
            return x
    """,
    "behind a comprehension of the same variable": """
        def f():
            [x for x in y]
            return x
    """,
    "a class between": """
        class C:
            x = 1
            def f(self):
                return x
    """,
    "declared global": """
        def f():
            global x
            x = 1
            return x
    """,
    "a default": "def f(x=x): pass",
    "a decorator": """
        @x
        def f(): x = 1
    """,
}
LOCAL = {
    "a parameter": """
        def f(x):
            return x
    """,
    "a comprehension": "[x for x in y]",
    "a function around": """
        def f():
            x = 1
            def g():
                return x
    """,
    "declared nonlocal": """
        def f():
            x = 1
            def g():
                nonlocal x
                x = 2
                return x
    """,
    "a walrus in a comprehension": """
        def f():
            [(x := y) for y in z]
            return x
    """,
    "a lambda expression": "f = lambda x: x",
}


@pytest.mark.parametrize(
    "source", [*OF_THE_MODULE.values(), *LOCAL.values()], ids=[*OF_THE_MODULE, *LOCAL]
)
def test_home(source):
    names = TreeNames(ast.parse(dedented(source)))
    loads = [
        node
        for node in names.nodes
        if isinstance(node, ast.Name) and (node.id, type(node.ctx)) == ("x", ast.Load)
    ]
    last = max(loads, key=lambda node: (node.lineno, node.col_offset))
    is_of_module = names.home(last, "x") is names.tree
    assert is_of_module == (source in OF_THE_MODULE.values())
    assert (last in names.loads("x")) == is_of_module
