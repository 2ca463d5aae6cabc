"""A name of a module is known by the statements that bind it, or by all of them."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_lambda_handler.facts.interface import Interface

#: What binds `name`, by the numbers of the statements from 0.
BOUND = {
    "a function": ("import os\ndef name(): ...", [1]),
    "an async method's class": ("class name:\n    async def f(self): ...", [0]),
    "one of several imports": ("from a import b, c as name\nimport d", [0]),
    "a fallback": (
        "try:\n    import name\nexcept ImportError:\n    name = None",
        [0],
    ),
    "an alternative": ("if x:\n    name = 1\nelse:\n    def name(): ...", [0]),
    "two modules of a package": ("import name.a\nimport b\nimport name.c", [0, 2]),
    "a walrus in a call": ("f(name := 1)", [0]),
    "what a block binds": ("with open(p) as name:\n    pass", [0]),
    "an attribute of another class": (
        "class name: ...\nclass b: ...\nb.limit = 1",
        [0],
    ),
    "an attribute of what Python brings": ("import sys\nsys.x = 1\nname = 1", [2]),
    "a body that binds nothing here": ("def f():\n    name = 1", []),
    "beside what tells of the names": (
        "from a import dir_of, has\n__all__ = has(globals())\nname = 1\n"
        "__getattr__ = partial(dir_of, names=globals())",
        [2],
    ),
    "beside names that are only read": ("print(globals().get(x))\nname = 1", [1]),
    "for type checkers only": ("if TYPE_CHECKING:\n    from a import name", []),
}

#: What takes the whole body.
WHOLE = {
    "bound again": "name = 1\nname = 2",
    "defined again": "def name(): ...\ndef name(): ...",
    "grown": "name = 1\nname += 1",
    "wrapped": "def name(): ...\nname = wrap(name)",
    "deleted": "name = 1\ndel name",
    "a fallback behind it": "name = None\ntry:\n    import name\nexcept E:\n    pass",
    "a loop's name": "name = 0\nfor name in x:\n    pass",
    "a match's name": "name = 0\nmatch x:\n    case [name]:\n        pass",
    "with an attribute": "def name(): ...\nname.limit = 1",
    "with an attribute in a loop": "class name: ...\nfor a in b:\n    a.limit = 1",
    "beside names that are handed out": "export(globals())\nname = 1",
    "beside names that a decorator gets": "name = 1\n\n@f(globals())\ndef g(): ...",
    "beside names that a function gets": "name = 1\rdef g():\r    export(globals())",
    "beside a patched import": "from a import B\nB.limit = 1\nname = 1",
    "beside an attribute of a result": "f().limit = 1\nname = 1",
}

#: Objects that the import changes behind the statement that makes them.
CHANGED = {
    "a method is called": "name = []\nname.append(1)",
    "an item is set": "name = {}\nname[1] = 2",
    "given to a call": "name = []\nfill(name)",
    "held by another name": "name = []\nother = name",
    "a decorator fills it": (
        "name = []\ndef add(f):\n    name.append(f)\n@add\ndef g(): ..."
    ),
    "a class's list": "class name:\n    all = []\nname.all.append(1)",
}
UNCHANGED = {
    "nobody uses it": "name = []\nother = []",
    "a function uses it later": "name = []\ndef f():\n    name.append(1)",
    "a foreign decorator": (
        "from a import b\nname = []\n@b\ndef f():\n    return name[0]"
    ),
    "a class without objects": "class name:\n    limit = 1\nname.f(2)",
    "a class's list with a subclass": "class name:\n    all = []\nclass b(name): ...",
    "another name of its kind": "name = []\nother = []\nother.append(1)",
}


@pytest.mark.parametrize("source, numbers", BOUND.values(), ids=BOUND)
def test_statements_that_bind_a_name(source, numbers):
    assert interface(source).statements("name") == numbers


@pytest.mark.parametrize("source", WHOLE.values(), ids=WHOLE)
def test_names_that_take_the_whole_body(source):
    assert interface(source).statements("name") is None


@pytest.mark.parametrize("source", CHANGED.values(), ids=CHANGED)
def test_objects_that_the_import_changes(source):
    assert interface(source).may_change("name")


@pytest.mark.parametrize("source", UNCHANGED.values(), ids=UNCHANGED)
def test_objects_that_stay_as_they_are_made(source):
    assert not interface(source).may_change("name")


def interface(source: str) -> Interface:
    text = textwrap.dedent(source)
    return Interface(ast.parse(text), text)
