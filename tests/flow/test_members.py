"""A module that is imported costs what is asked of it, and says what it would say."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flake8_lambda_handler import engine
from flake8_lambda_handler.session import Session
from tests.support import assert_marked
from tests.support import project
from tests.support import settings_for

USER = "from a import load\ndef f():\n    load()"
ASYNC = "async def load(): ..."
PLAIN = "def load(): ..."

#: What a module makes of `load`: the whole of it counts, not one statement alone.
MODULES = {
    "defined": (ASYNC, True),
    "defined behind what it needs": (
        f"{ASYNC}\ndef one(f):\n    return f\nload = one(load)",
        True,
    ),
    "bound to another name": ("async def first(): ...\nload = first", True),
    "bound through a later import": (
        "from b import pick\nload = pick()",
        True,
    ),
    "read from a dict": (
        "async def first(): ...\nALL = {'a': first}\nload = ALL['a']",
        True,
    ),
    "imported where it can be": (
        # Where it is `None`, the call raises.
        "try:\n    from b import load\nexcept ImportError:\n    load = None",
        True,
    ),
    "imported where it can be, or else made": (
        f"try:\n    from b import load\nexcept ImportError:\n    {PLAIN}",
        False,
    ),
    "bound again": (f"{ASYNC}\n{PLAIN}", False),
    "wrapped": (
        f"{ASYNC}\nimport asgiref.sync as s\nload = s.async_to_sync(load)",
        False,
    ),
    "replaced in a dict": (
        "async def first(): ...\ndef second(): ...\n"
        "ALL = {'a': first}\nALL['a'] = second\nload = ALL['a']",
        False,
    ),
    "replaced by a function": (
        f"{ASYNC}\ndef setup():\n    global load\n    load = print",
        False,
    ),
}


@pytest.mark.parametrize("source, is_async", MODULES.values(), ids=MODULES)
def test_what_a_module_says_of_a_name(source, is_async):
    files = {
        "a.py": source,
        "b.py": f"{ASYNC}\ndef pick():\n    return load",
        "main.py": USER + ("  # LMB201" if is_async else ""),
    }
    assert_marked(files)


#: A method that a module puts on a class of its own, or of another module.
PATCHES = {
    "no other": ("", True),
    "in another class": ("class Other: ...\nOther.limit = 1", True),
    "in the class": ("Client.load = print", False),
    "in a loop": ("for one in (Client,):\n    one.load = print", False),
}


@pytest.mark.parametrize("patch, is_async", PATCHES.values(), ids=PATCHES)
def test_methods_that_are_replaced(patch, is_async):
    mark = "  # LMB201" if is_async else ""
    assert_marked(
        {
            "a.py": f"class Client:\n    async def load(self): ...\n{patch}",
            "main.py": f"from a import Client\ndef f():\n    Client().load(){mark}",
        }
    )


def parsed(files: dict[str, str]) -> list[str]:
    """Return the files that checking `main.py` parses, in order."""
    with project(files) as folder:
        session = Session(settings_for(folder))
        path = str(folder / "main.py")
        text = files["main.py"]
        assert session.concerns(path, text)
        engine.check_module(session, session.module(path, ast.parse(text), text))
        stems = [Path(module.path).stem for module in session.project.with_trees]
        return [stem for stem in stems if stem != "main"]


def crowd(imports: str) -> dict[str, str]:
    """Return 200 modules that import each other, every one with async functions."""
    return {
        f"m{i}.py": f"import m{(i + 1) % 200}\nfrom m{(i + 7) % 200} import g{(i + 7) % 200}"
        f"\nclass C{i}(m{(i + 1) % 200}.C{(i + 1) % 200}): ...\nasync def g{i}(): ...\n"
        + imports
        for i in range(200)
    }


def test_a_chain_of_imports_parses_its_links():
    files = crowd("")
    files["m1.py"] += "from m2 import load\n"
    files["m2.py"] += "from m3 import load as load\n"
    files["m3.py"] += ASYNC
    files["main.py"] = "from m1 import load\ndef f():\n    load()"
    assert parsed(files) == ["m1", "m2", "m3"]


def test_a_file_that_only_imports_parses_nothing():
    files = crowd("")
    files["main.py"] = (
        "import m1, m2\nfrom m3 import g3\nasync def f():\n    await g3()"
    )
    assert parsed(files) in ([], ["m3"])


@pytest.mark.parametrize("name, count", [("g3", 1), ("C198", 4)])
def test_a_name_parses_what_it_needs(name, count):
    files = crowd("")
    files["m1.py"] = files["m1.py"].replace(
        "(m2.C2): ...", ":\n    async def g(self): ..."
    )
    files["main.py"] = f"import {'m' + name[1:]} as m\ndef f():\n    m.{name}().g()"
    assert len(parsed(files)) == count
