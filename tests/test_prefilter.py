"""Which files concern the plugin, by their text and by what they import."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from flake8_lambda_handler.libraries import async_apis
from flake8_lambda_handler.project.import_lines import all_imports
from flake8_lambda_handler.project.mentions import calls_django
from flake8_lambda_handler.session import Session
from tests.support import project
from tests.support import run
from tests.support import settings_for

in_any_project = pytest.mark.usefixtures("with_and_without_git")

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.main, CodeUri: .}
"""


def concerns(files, path="a.py", **settings):
    with project(files) as folder:
        one = Session(settings_for(folder, **settings))
        return one.concerns(str(folder / path), files[path])


#: Texts that make, run or drop a coroutine, or may: without any other file.
ALONE = {
    "an async function": "async def f(): pass\n",
    "more than one space": "async  \tdef f(): pass\n",
    "a backslash in between": "async \\\n  def f(): pass\n",
    "in a class": "class A:\n    async def f(self): pass\n",
    "after a colon": "if 1: x = 1\nelse:\n  async def f(): pass\n",
    "asyncio alone": "import asyncio\n",
    "a package": "import anyio\n",
    "a package that needs no word of its own": "import aioboto3\n",
    "a package by another name": "import anyio as a\n",
    "a part of a package": "import anyio.abc\n",
    "the second of two": "import os, anyio\n",
    "the first of two": "import anyio, os\n",
    "behind another name": "import os as o, anyio as a\n",
    "from a package": "from anyio import run\n",
    "from a part of a package": "from anyio.to_thread import run_sync\n",
    "everything of a package": "from anyio import *\n",
    "everything, close together": "from anyio import*\n",
    "in brackets": "from anyio import (\n    run,\n)\n",
    "tabs": "from\tanyio\timport\trun\n",
    "a backslash behind `import`": "import \\\n    anyio\n",
    "a backslash behind a comma": "import os, \\\n    anyio\n",
    "a backslash behind `from`": "from \\\n    anyio import run\n",
    "a backslash before `import`": "from anyio \\\n    import run\n",
    "a backslash and a carriage return": "import \\\r\n    anyio\r\n",
    "carriage returns alone": "x = 1\rimport anyio\rx = 2\r",
    "a bracket behind a backslash": "from anyio import \\\n    (run,\n     abc)\n",
    "after a semicolon": "x = 1; import anyio\n",
    "after another import": "import os; import anyio\n",
    "after a hash in a text": "x = '#'; import anyio\n",
    "before a comment": "import anyio  # import os\n",
    "in a condition": "if x:\n    import anyio\n",
    "in a condition's line": "if x: import anyio\n",
    "in a try": "try:\n    import anyio\nexcept ImportError:\n    anyio = None\n",
    "in the line of a try": "try: from anyio import run\nexcept ImportError: pass\n",
    "in a function": "def f():\n    import anyio\n    return anyio.run\n",
    "in a class's body": "class A:\n    from anyio import run\n",
    "after a form feed": "\fimport anyio\n",
    "in the last line, without an end": "x = 1\nimport anyio",
    "after a word that looks like it": "important = 1\nimport anyio\n",
    "the async half of a library": "import redis.asyncio\n",
    "the async half as an attribute": "import redis\nredis.asyncio.Redis()\n",
    "the async half as a name": "from redis import asyncio as r\n",
    "an async class": "import httpx\nhttpx.AsyncClient()\n",
    "an async class by name": "from httpx import AsyncClient as C\n",
    "a handler by name": "def lambda_handler(event, context): pass\n",
    "a handler as a value": "handler = app\n",
    "a handler after a word that looks like it": "handlers = {}\nhandler = app\n",
    "a handler after a semicolon": "x = 1;handler = app\n",
    "a handler with a type": "my_handler: Any = app\n",
    "a handler by the second name": "x = my_handler = app\n",
    "a handler by a walrus": "x = (my_handler := app)\n",
    "a handler of a type parameter": "def my_handler[T](event: T, context): pass\n",
    "a method, as far as one line tells": "class A:\n    def handler(self): pass\n",
}

#: Texts that look like those, with nothing in them.
NOT_ALONE = {
    "nothing": "",
    "plain": "import os\nx = 1\n",
    "a word in a comment": "# async handler\nx = 1\n",
    "a word in a text": "x = 'async def handler'\n".replace("async def", "async"),
    "a name that begins so": "async_default = 1\n",
    "a library whose name begins so": "import anyiox\n",
    "a library whose name ends so": "import xanyio\n",
    "a part of another library": "import os.anyio\n",
    "a name of another library": "from os import anyio\n",
    "another library by its name": "import os as anyio\n",
    "from another library by its name": "from os import path as anyio\n",
    "a package that is only named": "anyio = 1\n",
    "a package in a comment": "# import anyio\n",
    "a package behind a comment": "import os  # import anyio\n",
    "a package in a comment, indented": "def f():\n    # from anyio import run\n    pass\n",
    "a package in a sentence": "'''How to import anyio.'''\n",
    "a sync half of a library": "import redis\nredis.Redis()\n",
    "another sync half": "import contextlib\ncontextlib.suppress(KeyError)\n",
    "a sync name of a library": "from httpx import Client\nClient()\n",
    "a relative import of that name": "from . import anyio\n",
    "a relative module of that name": "from .anyio import run\n",
    "a function that is called so": "do_import(anyio)\n",
    "a dictionary": "x = {'import': anyio}\n",
    "a handler that is read": "print(handlers)\n",
    "a handler that is an attribute": "x.handler()\n",
    "a handler that is a part of a name": "def _handler2(event): pass\n",
    "a handler in a call": "f(handler)\n",
    "a handler that is entered": "with open(x) as my_handler:\n    pass\n",
    "a handler of a loop": "for handler in x:\n    pass\n",
    "a handler that is called": "x = 1\nreturn_handler(x)\n",
    "a handler that is called behind a word": "if x: handler(x)\n",
    "a handler by keyword": "f(x, handler=x)\n",
    "a handler that is compared": "if x:\n    handler == x\n",
    "a handler that is declared only": "handler: Any\n",
}


@pytest.mark.parametrize("text", ALONE.values(), ids=ALONE)
def test_concerned_by_its_text(text):
    assert concerns({"a.py": text})


@pytest.mark.parametrize("text", NOT_ALONE.values(), ids=NOT_ALONE)
def test_not_concerned_by_its_text(text):
    assert not concerns({"a.py": text})


@pytest.mark.parametrize("package", sorted(async_apis.async_packages()))
def test_every_package_that_has_a_table(package):
    word = "" if any(word in package for word in WORDS) else "Async"
    if package == "django":
        word = "aget_user"  # its names tell plain methods from others
    for text in (
        f"import {package}\n",
        f"import os, {package} as p\n",
        f"from {package} import {word or 'x'}\n",
        f"def f():\n    from {package}.x import {word or 'x'}\n",
    ):
        assert concerns({"a.py": f"{text}x = p.{word or 'x'}\n"}), text
        assert not concerns({"a.py": text.replace(package, f"no_{package}x")}), text


WORDS = ("async", "aio", "anyio", "motor", "discord", "langchain", "tortoise") + (
    "arq",
    "beanie",
    "channels",
    "databases",
    "disnake",
    "litellm",
    "nats",
    "quart",
    "starlette",
)


@pytest.mark.parametrize("package", sorted(async_apis.async_packages()))
def test_every_coroutine_of_a_table_holds_a_word(package):
    """What the words are for: without one, a library is used by its sync half."""
    functions = async_apis._async_table(package)["functions"]
    started = {name for name, (kind, _) in functions.items() if kind == "coroutine"}
    held = [n for n in started if any(word in n.lower() for word in WORDS)]
    # Those of Django are looked for as they are called.
    held += [n for n in started if package == "django" and calls_django(f"{n}(")]
    assert started == set(held)


@pytest.mark.parametrize("package", ["", "asyncio", "concurrent", "email", "importlib"])
def test_every_import_of_the_standard_library_is_found(package):
    """What Python's own parser finds; what stands in a docstring may be found too."""
    folder = Path(sysconfig.get_path("stdlib"), package)
    for path in sorted(folder.glob("**/*.py" if package else "*.py")):
        text = path.read_text(encoding="utf-8")
        expected = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                expected |= {(one.name, 0, "") for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                dotted = node.module or ""
                expected |= {(dotted, node.level, one.name) for one in node.names}
        assert expected <= {one[:3] for one in all_imports(text)}, path


ASYNC = "async def f(): pass\n"

#: `a.py`, and the files that make it matter.
IMPORTED = {
    "a coroutine": {"a.py": "from b import f\n", "b.py": ASYNC},
    "by another name": {"a.py": "from b import f as g\n", "b.py": ASYNC},
    "the second name": {"a.py": "from b import x, f\n", "b.py": ASYNC},
    "everything": {"a.py": "from b import *\n", "b.py": ASYNC},
    "in brackets": {
        "a.py": "from b import (  # (all)\n    x,\n    f\n)\n",
        "b.py": ASYNC,
    },
    "behind a backslash": {"a.py": "from b import \\\n    f\n", "b.py": ASYNC},
    "in brackets behind a backslash": {
        "a.py": "from b import \\\n    (x,\n     f)\n",
        "b.py": ASYNC,
    },
    "after a semicolon": {"a.py": "import os; from b import f\n", "b.py": ASYNC},
    "in a function": {
        "a.py": "def g():\n    from b import f\n    f()\n",
        "b.py": ASYNC,
    },
    "in a condition": {"a.py": "if x: from b import f\n", "b.py": ASYNC},
    "in a try": {"a.py": "try:\n    from b import f\nexcept E: pass\n", "b.py": ASYNC},
    "a class with an async method": {
        "a.py": "from b import C\n",
        "b.py": "class C:\n    async def f(self): pass\n",
    },
    "a class that derives from one": {
        "a.py": "from b import D\n",
        "b.py": "class C:\n    async def f(self): pass\nclass D(C): pass\n",
    },
    "a factory": {
        "a.py": "from b import g\n",
        "b.py": "async def f(): pass\ndef g(): return f()\n",
    },
    "a factory above": {
        "a.py": "from b import g\n",
        "b.py": "def g(): return f()\nasync def f(): pass\n",
    },
    "a value": {"a.py": "from b import x\n", "b.py": f"{ASYNC}x = f\n"},
    "a value with a type": {"a.py": "from b import x\n", "b.py": f"{ASYNC}x: A = f\n"},
    "a function that is decorated": {
        "a.py": "from b import g\n",
        "b.py": "from asyncio import timeout\n@timeout(\n    1\n)\ndef g(): pass\n",
    },
    "in a condition of the other": {
        "a.py": "from b import f\n",
        "b.py": f"try:\n    import c\nexcept E:\n    {ASYNC}",
    },
    "a value in a condition of the other": {
        "a.py": "from b import x\n",
        "b.py": f"{ASYNC}if 1:\n    x = f\n",
    },
    "two values at once": {
        "a.py": "from b import y\n",
        "b.py": f"{ASYNC}x, y = 1, f\n",
    },
    "below a comment in the first column": {
        "a.py": "from b import g\n",
        "b.py": f"{ASYNC}def g():\n# old\n    return f()\n",
    },
    "below a text in the first column": {
        "a.py": "from b import g\n",
        "b.py": f"{ASYNC}def g():\n    '''\nAll of it.\n'''\n    return f()\n",
    },
    "a function that knows only asyncio": {
        "a.py": "from b import g\n",
        "b.py": "import asyncio\ndef g(): return asyncio.sleep(1)\n",
    },
    "a function that imports asyncio": {
        "a.py": "from b import g\n",
        "b.py": "def g():\n    import asyncio\n    return asyncio.sleep(1)\n",
    },
    "a function that uses asyncio by another name": {
        "a.py": "from b import g\n",
        "b.py": "import asyncio as aio_\ndef g(): return aio_.sleep(1)\n",
    },
    "a function that uses a name of asyncio": {
        "a.py": "from b import g\n",
        "b.py": "from asyncio import sleep\ndef g(): return sleep(1)\n",
    },
    "a client of a library": {
        "a.py": "from b import s\n",
        "b.py": "import aioboto3\ns = aioboto3.Session()\n",
    },
    "a client of the async half of a library": {
        "a.py": "from b import s\n",
        "b.py": "import httpx\ns = httpx.AsyncClient()\n",
    },
    "a re-export of a library": {
        "a.py": "from b import sleep\nsleep(1)\n",
        "b.py": "from asyncio import sleep\n",
    },
    "a re-export of a library's module": {
        "a.py": "import b\nb.asyncio.sleep(1)\n",
        "b.py": "import asyncio\n",
    },
    "a re-export": {
        "a.py": "from p import f\n",
        "p/__init__.py": "from .b import f\n",
        "p/b.py": ASYNC,
    },
    "a re-export by another name": {
        "a.py": "from p import g\n",
        "p/__init__.py": "from .b import f as g\n",
        "p/b.py": ASYNC,
    },
    "a re-export of everything": {
        "a.py": "from p import f\n",
        "p/__init__.py": "from .b import *\n",
        "p/b.py": ASYNC,
    },
    "a re-export through three modules": {
        "a.py": "from b import f\n",
        "b.py": "from c import f\n",
        "c.py": "from d import f\n",
        "d.py": ASYNC,
    },
    "a user of what is imported": {
        "a.py": "from b import g\n",
        "b.py": "import c\ndef g(): return c.f()\n",
        "c.py": ASYNC,
    },
    "a method of what is imported": {
        "a.py": "from b import C\n",
        "b.py": "from c import f\nclass C:\n    def g(self): return f()\n",
        "c.py": ASYNC,
    },
    "a module": {"a.py": "import b\nb.f()\n", "b.py": ASYNC},
    "a module by another name": {"a.py": "import b as c\nc.f()\n", "b.py": ASYNC},
    "the second module": {"a.py": "import os, b\nb.f()\n", "b.py": ASYNC},
    "a module that is called like a library": {
        "a.py": "import anyio\nanyio.f()\n",
        "anyio.py": ASYNC,
    },
    "a module behind a name that ends so": {
        "a.py": "import b\nx = ab.f, [b.f]\n",
        "b.py": ASYNC,
    },
    "one module by many names": {
        "a.py": "import b as c\nimport b as d\nc.x\nd.f()\n",
        "b.py": ASYNC,
    },
    "a module of a package": {
        "a.py": "from p import b\nb.f()\n",
        "p/__init__.py": "",
        "p/b.py": ASYNC,
    },
    "a module of a folder": {"a.py": "from p import b\nb.f()\n", "p/b.py": ASYNC},
    "a module of a module": {"a.py": "import p.b\np.b.f()\n", "p/b.py": ASYNC},
    "a part of a module by another name": {
        "a.py": "import p.b as c\nc.f()\n",
        "p/b.py": ASYNC,
    },
    "the package of a module": {
        "a.py": "import p.b\np.f()\n",
        "p/__init__.py": ASYNC,
        "p/b.py": "",
    },
    "a module over two lines": {"a.py": "import b\n(b\n .f())\n", "b.py": ASYNC},
    "a module with spaces": {"a.py": "import b\nb . f()\n", "b.py": ASYNC},
    "a folder above": {
        "s/a.py": "from p.b import f\n",
        "p/b.py": ASYNC,
    },
    "a folder `src`": {"a.py": "from b import f\n", "src/b.py": ASYNC},
    "a layer": {"s/a.py": "from b import f\n", "layer/python/b.py": ASYNC},
    "beside it in a package": {
        "p/a.py": "from b import f\n",
        "p/__init__.py": "",
        "p/b.py": ASYNC,
    },
    "relative, the same folder": {
        "p/a.py": "from .b import f\n",
        "p/__init__.py": "",
        "p/b.py": ASYNC,
    },
    "relative, a module": {
        "p/a.py": "from . import b\nb.f()\n",
        "p/__init__.py": "",
        "p/b.py": ASYNC,
    },
    "relative, the package": {
        "p/a.py": "from . import f\n",
        "p/__init__.py": ASYNC,
    },
    "relative, close together": {
        "p/a.py": "from.b import(f)\n",
        "p/__init__.py": "",
        "p/b.py": ASYNC,
    },
    "relative, one level up": {
        "p/q/a.py": "from ..b import f\n",
        "p/b.py": ASYNC,
    },
    "relative, a module one level up": {
        "p/q/a.py": "from .. import b\nb.f()\n",
        "p/b.py": ASYNC,
    },
    "relative, two levels up": {
        "p/q/r/a.py": "from ...b import f\n",
        "p/b.py": ASYNC,
    },
    "a circle, the coroutine behind it": {
        "a.py": "from b import g\n",
        "b.py": "from c import f\ndef g(): return f()\n",
        "c.py": f"from b import g\n{ASYNC}",
    },
    "a circle of two that name each other": {
        "a.py": "from b import x\n",
        "b.py": "from c import y\nx = y\n",
        "c.py": "from b import x\nimport d\ny = x, d.f\n",
        "d.py": ASYNC,
    },
    "carriage returns alone": {
        "a.py": "from b import f\n",
        "b.py": "x = 1\rfrom c import f\r",
        "c.py": "x = 1\rasync def f(): pass\r",
    },
}

#: `a.py`, and files that do not make it matter.
NOT_IMPORTED = {
    "another name": {"a.py": "from b import g\n", "b.py": f"{ASYNC}def g(): pass\n"},
    "a name that begins so": {
        "a.py": "from b import ff\n",
        "b.py": f"{ASYNC}def ff(): pass\n",
    },
    "everything of a plain module": {"a.py": "from b import *\n", "b.py": "x = 1\n"},
    "a module that is not used": {"a.py": "import b\nf = 1\n", "b.py": ASYNC},
    "another part of a module": {
        "a.py": "import b\nb.g.f()\nb.x().f()\n",
        "b.py": ASYNC,
    },
    "a module that is called like a library": {
        "a.py": "import anyio\nfrom redis.asyncio import g\nanyio.g()\n",
        "anyio.py": f"{ASYNC}def g(): pass\n",
        "redis/asyncio/__init__.py": "def g(): pass\n",
    },
    "the part of a name that ends so": {
        "a.py": "import b, ab, _b\nab.f()\n_b.f()\n",
        "b.py": ASYNC,
        "ab.py": "def f(): pass\n",
        "_b.py": "def f(): pass\n",
    },
    "the part of another": {"a.py": "import b, os\nos.f()\n", "b.py": ASYNC},
    "a part of the name that is covered": {
        "a.py": "import b as c\nb.f()\n",
        "b.py": ASYNC,
    },
    "another module of a package": {
        "a.py": "from p import c\nc.f()\n",
        "p/b.py": ASYNC,
        "p/c.py": "def f(): pass\n",
    },
    "a plain half of a module": {
        "a.py": "from b import g\ng()\n",
        "b.py": "import asyncio\ndef g(): return 1\n",
    },
    "the sync half of a library": {
        "a.py": "from b import s\n",
        "b.py": "import httpx\ns = httpx.Client()\n",
    },
    "an attribute of that name": {
        "a.py": "from b import g\n",
        "b.py": f"{ASYNC}def g(x): return x.f()\n",
    },
    "a function below a decorated one": {
        "a.py": "from b import g\n",
        "b.py": "from asyncio import timeout\n@timeout\ndef f(): pass\ndef g(): pass\n",
    },
    "below what only runs as a program": {
        "a.py": "from b import g\n",
        "b.py": f"{ASYNC}if __name__ == '__main__':\n    x = f()\ndef g(): return x\n",
    },
    "a text that is closed again": {
        "a.py": "from b import g\n",
        "b.py": f"def g():\n    '''\nAll.\n'''\n{ASYNC}",
    },
    "a name that a plain re-export gives": {
        "a.py": "from p import g\n",
        "p/__init__.py": "from .b import f, g\n",
        "p/b.py": f"{ASYNC}def g(): pass\n",
    },
    "a circle of imports": {
        "a.py": "from b import f\n",
        "b.py": "from a import f\n",
    },
    "a circle with a coroutine beside it": {
        "a.py": "from b import g\n",
        "b.py": "from c import h\ndef g(): return h()\n",
        "c.py": f"from b import g\n{ASYNC}def h(): return 1\n",
    },
    "an import in a comment": {"a.py": "# from b import f\n", "b.py": ASYNC},
    "an import in a text": {"a.py": "x = 'from b import f'\n", "b.py": ASYNC},
    "the standard library": {"a.py": "from json import f\n", "json.py": ASYNC},
    "a folder of somebody else": {
        "a.py": "from c import f\n",
        "node_modules/c.py": ASYNC,
    },
    "a module that is not there": {"a.py": "from c import f\n", "b.py": ASYNC},
    "relative, another level": {
        "p/q/a.py": "from .b import f\n",
        "p/b.py": ASYNC,
    },
    "relative, above the project": {"a.py": "from ...b import f\n", "b.py": ASYNC},
    "a file that cannot be read": {"a.py": "from b import f\n", "b.py": "\udcff"},
    "another file's word": {"a.py": "x = 1\n", "b.py": ASYNC},
}


def asked(files):
    """Return the path of the file that is asked about."""
    (path,) = (path for path in files if path.endswith("a.py"))
    return path


def written(files):
    """Return the files without those that no text can stand for."""
    return {path: text.replace("\udcff", "# é\n") for path, text in files.items()}


@in_any_project
@pytest.mark.parametrize("files", IMPORTED.values(), ids=IMPORTED)
def test_concerned_by_an_import(files):
    assert concerns(files, asked(files))


@in_any_project
@pytest.mark.parametrize("files", NOT_IMPORTED.values(), ids=NOT_IMPORTED)
def test_not_concerned_by_an_import(files):
    files = written(files)
    assert not concerns(files, asked(files))


@in_any_project
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize(
    "files",
    [*IMPORTED.values(), *NOT_IMPORTED.values()],
    ids=[*IMPORTED, *NOT_IMPORTED],
)
def test_answers_do_not_depend_on_the_order(files, first):
    """Whatever was asked before, a file gets the answer that it gets alone."""
    files = written(files)
    alone = {path: concerns(files, path) for path in files}
    with project(files) as folder:
        one = Session(settings_for(folder))
        for path in sorted(files, reverse=first):
            assert one.concerns(str(folder / path), files[path]) is alone[path], path


#: Settings, files, and whether `a.py` holds a handler by them.
NAMED = {
    "a setting": ({"handlers": ("a.main",)}, {}, True),
    "a setting with a glob": ({"handlers": ("*.main",)}, {}, True),
    "a template": ({}, {"template.yaml": SAM}, True),
    "a template in a folder beside": (
        {},
        {"infra/template.yaml": SAM.replace("CodeUri: .", "CodeUri: ..")},
        True,
    ),
    "a template that is named": (
        {"templates": ("x/y/z.yaml",)},
        {"x/y/z.yaml": SAM.replace("CodeUri: .", "CodeUri: ../..")},
        True,
    ),
    "a setting for another file": ({"handlers": ("b.main",)}, {}, False),
    "a template of another file": (
        {},
        {"template.yaml": SAM.replace("a.main", "b.main")},
        False,
    ),
    "a template of another function": (
        {},
        {"template.yaml": SAM.replace("a.main", "a.other")},
        False,
    ),
    "a template far below": ({}, {"x/y/template.yaml": SAM}, False),
    "a file that is no template": ({}, {"template.txt": SAM}, False),
}


@in_any_project
@pytest.mark.parametrize("settings, files, expected", NAMED.values(), ids=NAMED)
def test_concerned_by_a_handler(settings, files, expected):
    files = {"a.py": "def main(event, context): return {}\n", **files}
    assert concerns(files, **settings) is expected


#: Files, and the line and code of what flake8 shows in `a.py`.
SHOWN = {
    "a package that is imported": (
        {"a.py": "import anyio\n\ndef f():\n    anyio.sleep(1)\n"},
        "4 LMB201",
    ),
    "a package by another name": (
        {"a.py": "import os, anyio as a\n\ndef f():\n    a.sleep(1)\n"},
        "4 LMB201",
    ),
    "asyncio in a function": (
        {"a.py": "def f():\n    import asyncio; asyncio.sleep(1)\n"},
        "2 LMB201",
    ),
    "a backslash": (
        {"a.py": "import \\\n    asyncio as s\n\ndef f():\n    s.sleep(1)\n"},
        "5 LMB201",
    ),
    "a function of another file": (
        {"a.py": "from b import f\n\nf()\n", "b.py": ASYNC},
        "3 LMB201",
    ),
    "a module of a package": (
        {"a.py": "from p import b\n\nb.f()\n", "p/b.py": ASYNC},
        "3 LMB201",
    ),
    "a function that knows only asyncio": (
        {
            "a.py": "from b import g\n\ng()\n",
            "b.py": "import asyncio\n\ndef g(): return asyncio.sleep(1)\n",
        },
        "3 LMB201",
    ),
    "a handler in a template": (
        {
            "a.py": "def main(event, context):\n    return {'a': {1}}\n",
            "template.yaml": SAM,
        },
        "2 LMB401",
    ),
    "nothing": ({"a.py": "import b\n\nb.g()\n", "b.py": ASYNC}, ""),
    "a re-export that is plain": (
        {"a.py": "from b import g\n\ng()\n", "b.py": f"{ASYNC}def g(): pass\n"},
        "",
    ),
}


@in_any_project
@pytest.mark.parametrize("files, expected", SHOWN.values(), ids=SHOWN)
def test_flake8_shows_what_is_found(files, expected):
    with project(files) as folder:
        done = run("flake8", "--isolated", "--select=LMB,E9", "a.py", cwd=folder)
    rows = [line.split(":", 3) for line in done.stdout.splitlines()]
    found = [f"{row} {text.split()[0]}" for _, row, _, text in rows]
    assert (" ".join(found), done.stderr) == (expected, "")
