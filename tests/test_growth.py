"""What grows with a project grows no faster than the project: counted, not timed."""

from __future__ import annotations

import ast
import gc
import os
import sys
import tracemalloc
import weakref
from collections import Counter

import pytest
from support import project
from support import settings_for

from flake8_lambda_handler import engine
from flake8_lambda_handler import reading
from flake8_lambda_handler import session
from flake8_lambda_handler.handlers import find
from flake8_lambda_handler.project import index
from flake8_lambda_handler.session import Session

HANDLER = "def handler(event, context):\n    return {'at': {1}}\n"
SAM = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """\
  F{0}:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: {1}}}
"""


def _services(count):
    return {f"s{n}/app.py": HANDLER for n in range(count)}


def _services_with_words(count):
    text = f"{HANDLER}\n\napp = None  # import app\n"
    return {f"s{n}/app.py": text for n in range(count)}


def _services_with_imports(count):
    text = f"import util\nfrom util import go\nimport boto3, app\n{HANDLER}"
    return {
        **{f"s{n}/app.py": text for n in range(count)},
        **{f"s{n}/util.py": "def go(): ...\n" for n in range(count)},
    }


def _one_folder(count):
    text = "import shared\nfrom shared import handler as h\n"
    return {
        "shared.py": "def go(): ...\n",
        **{f"m{n}.py": text + HANDLER for n in range(count)},
    }


def _one_template(count):
    template = SAM + "".join(FUNCTION.format(n, f"s{n}/") for n in range(count))
    return {"template.yaml": template, **_services(count)}


def _one_template_of_a_build(count):
    template = SAM + "".join(FUNCTION.format(n, f"build/s{n}/") for n in range(count))
    return {"template.yaml": template, **_services(count)}


PROJECTS = {
    "services": _services,
    "services with words": _services_with_words,
    "services with imports": _services_with_imports,
    "one folder": _one_folder,
    "one template": _one_template,
    "one template of a build": _one_template_of_a_build,
}


def check(folder, paths):
    """Check the files one after the other, as flake8 and the command do."""
    one = Session(settings_for(folder))
    found = []
    for path in paths:
        full = os.path.join(folder, path)
        text = one.project.source(full)
        if one.concerns(full, text):
            module = one.module(full, ast.parse(text), text)
            found += engine.check_module(one, module, declared=True)
    return found


def work(files, monkeypatch):
    """Return how often a check of the files does what costs time."""
    counts = Counter()

    def count(owner, name):
        function = getattr(owner, name)

        def counted(*arguments, **keywords):
            counts[name] += 1
            return function(*arguments, **keywords)

        monkeypatch.setattr(owner, name, counted)

    count(reading, "read")
    count(ast, "parse")
    count(os, "scandir")
    count(os.path, "relpath")
    count(index.Project, "_uses_import")
    count(index, "is_test_path")
    count(index.Project, "home")
    with project(files) as folder:
        check(folder, [path for path in files if path.endswith(".py")])
    monkeypatch.undo()
    return counts


@pytest.mark.parametrize("make", PROJECTS.values(), ids=PROJECTS)
def test_work_grows_with_the_project(make, monkeypatch):
    few, many = work(make(10), monkeypatch), work(make(40), monkeypatch)
    assert [name for name in many if many[name] > 4.5 * few[name]] == []
    assert few["read"] >= 10


@pytest.mark.parametrize("make", PROJECTS.values(), ids=PROJECTS)
def test_memory_grows_with_the_project(make):
    def peak(count):
        files = make(count)
        with project(files) as folder:
            tracemalloc.start()
            check(folder, [path for path in files if path.endswith(".py")])
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(320) < 6 * peak(80)


#: A handler in a large file, and a file that holds nothing.
LARGE = HANDLER + f"# {'x' * 78}\n" * 1000
PLAIN = "VALUE = 1\n"


def _alive(texts):
    """Return how many of the modules are kept after each of the files is checked."""
    found = []
    modules = []
    gc.collect()
    gc.freeze()  # what other tests have left is not looked through each time
    with project({f"m{n}.py": text for n, text in enumerate(texts)}) as folder:
        one = Session(settings_for(folder))
        for number, text in enumerate(texts):
            path = str(folder / f"m{number}.py")
            if one.concerns(path, text):
                module = one.module(path, ast.parse(text), text)
                engine.check_module(one, module, declared=True)
                modules.append(weakref.ref(module))
                del module
            gc.collect()
            found.append(sum(module() is not None for module in modules))
    gc.unfreeze()
    return found


def test_modules_are_let_go_when_there_are_many():
    alive = _alive([LARGE] * 60)
    assert alive[7] == 8
    assert max(alive) < 40


def test_modules_stay_while_files_that_hold_nothing_come_between():
    assert _alive([HANDLER, HANDLER, PLAIN, PLAIN, HANDLER]) == [1, 2, 2, 2, 3]


ASYNC = "async def go(): ...\n"


def _module_by_many_names(count):
    imports = "".join(f"import util as u{n}\nu{n}.x\n" for n in range(count))
    return {"app.py": imports, "util.py": ASYNC}


def _many_names_of_a_module(count):
    imports = "".join(f"from util import g{n}\n" for n in range(count))
    names = "".join(f"g{n} = {n}\n" for n in range(count))
    return {"app.py": imports, "util.py": ASYNC + names}


def _chain_of_names(count):
    chain = "".join(f"def f{n}(): return f{n + 1}()\n" for n in range(count))
    return {
        "app.py": "from util import g\n",
        "util.py": f"{chain}f{count} = go\n{ASYNC}",
    }


def _circle_of_modules(count):
    return {
        "app.py": "from m0 import x\n",
        **{
            f"m{n}.py": f"from m{(n + 1) % count} import go\ngo()\n{ASYNC * (n == 5)}"
            for n in range(count)
        },
    }


def _stars(count):
    return {
        "app.py": "from m0 import x\n",
        **{f"m{n}.py": f"from m{n + 1} import *\n" for n in range(count)},
        f"m{count}.py": ASYNC,
    }


def _users_of_many_names(count):
    return {
        "app.py": "".join(f"from m{n} import x\n" for n in range(count)),
        "util.py": "".join(f"async def go{n}(): ...\n" for n in range(count)),
        **{f"m{n}.py": "import util\nx = util.y\n" for n in range(count)},
    }


def _many_names_in_one_block(count):
    block = "".join(f"    x{n} = go or x{n + 1}\n" for n in range(count))
    return {"app.py": "from util import x1\n", "util.py": f"{ASYNC}if go:\n{block}"}


TEXTS = {
    "many names in one block": _many_names_in_one_block,
    "a module by many names": _module_by_many_names,
    "many names of a module": _many_names_of_a_module,
    "a chain of names": _chain_of_names,
    "a circle of modules": _circle_of_modules,
    "stars": _stars,
    "users of many names": _users_of_many_names,
    "a line of many imports": lambda n: {"app.py": "import os; " * n},
    "many lines in one": lambda n: {"app.py": "import os, \\\n" * n},
    "many open brackets": lambda n: {"app.py": "from a import (\n" * n},
    "words in many lines": lambda n: {"app.py": "important = handlers\n" * n},
}


@pytest.mark.parametrize("make", TEXTS.values(), ids=TEXTS)
def test_calls_for_the_imports_of_a_file_grow_with_the_texts(make):
    def calls(count):
        counted = []
        files = make(count)
        with project(files) as folder:
            one = Session(settings_for(folder))
            one.concerns(str(folder / "other.py"), "import os, boto3\n")  # loads
            before = sys.getprofile()
            sys.setprofile(lambda *event: counted.append(event[1]))
            one.concerns(str(folder / "app.py"), files["app.py"])
            sys.setprofile(before)
        return len(counted)

    assert calls(160) < 4.5 * calls(40)


REPOSITORY = "class Repository:\n    async def put(self, item): ...\n"


def _given_objects(one, use):
    """Return what makes a project in which many are given objects by another file."""

    def make(count):
        names = ", ".join(f"X{n}" for n in range(count))
        parts = [one.format(n) for n in range(count)]
        return {
            "parts.py": REPOSITORY + "".join(parts),
            "main.py": f"from parts import Repository, {names}\n"
            + "".join(use.format(n) for n in range(count)),
        }

    return make


GIVEN = {
    "constructors": _given_objects(
        "class X{0}:\n    def __init__(self, given):\n        self.given = given\n"
        "    def run(self):\n        self.given.put(1)\n",
        "X{0}(Repository()).run()\n",
    ),
    "functions": _given_objects(
        "def X{0}(given):\n    given.put(1)\n", "X{0}(Repository())\n"
    ),
}


@pytest.mark.parametrize("make", GIVEN.values(), ids=GIVEN)
def test_calls_for_what_a_project_gives_grow_with_it(make):
    def calls(count):
        counted = []
        with project(make(count)) as folder:
            check(folder, ["parts.py"])  # loads
            before = sys.getprofile()
            sys.setprofile(lambda *event: counted.append(event[1]))
            found = check(folder, ["parts.py"])
            sys.setprofile(before)
        assert [one.code for one in found] == ["LMB201"] * count
        return len(counted)

    assert calls(80) < 4.5 * calls(20)


def test_user_of_a_handler_is_found_however_it_imports():
    """What the index of imports must not miss: then a guess would be wrong."""
    ways = [
        "from app import handler\nhandler({}, None)\n",
        "from app import \\\n    handler\nhandler({}, None)\n",
        "from app import (  # of (all)\n    # the\n    handler as h,\n)\nh({}, None)\n",
        "import app\napp.handler({}, None)\n",
        "import os, app as a\na.handler({}, None)\n",
        "import os; import app\napp.handler({}, None)\n",
        "if True: import app; app.handler({}, None)\n",
        "def f():\n    from app import handler\n    return handler({}, None)\n",
        "from . import app\napp.handler({}, None)\n",
        "from .app import handler\nhandler({}, None)\n",
        "try: from app import handler\nexcept ImportError: pass\nhandler({}, None)\n",
        "x = 'é'; from app import handler\nhandler({}, None)\n",
    ]
    others = [
        "import app\n",
        "import other\nother.handler({}, None)\n",
        "from other import handler\nhandler({}, None)\n",
        "def handler(): ...\nhandler()\n",
        "# from app import handler\nhandler = print\nhandler()\n",
        "'''\nfrom app import handler\n'''\nhandler = print\nhandler()\n",
        "from app import other\nother({}, None)\n",
        "import app.handler\n",
    ]
    source = "async def handler(event, context):\n    return {}\n"
    for text in ways + others:
        with project({"app.py": source, "user.py": text}) as folder:
            one = Session(settings_for(folder))
            path = str(folder / "app.py")
            found = find.of(one, one.module(path, ast.parse(source), source))
            assert bool(found) is (text in others), text
            assert one.project.is_used_elsewhere(
                one.project.parse(path), "handler"
            ) is (text in ways)


@pytest.mark.parametrize("path", ["tests/user.py", "test_user.py", "a/testing/user.py"])
def test_tests_are_no_users(path):
    files = {"app.py": HANDLER, path: "from app import handler\nhandler({}, None)\n"}
    with project(files) as folder:
        one = Session(settings_for(folder))
        assert not one.project.is_used_elsewhere(
            one.project.parse(str(folder / "app.py")), "handler"
        )


def test_what_is_known_is_let_go_with_many_modules():
    files = {f"m{n}.py": LARGE for n in range(14)}
    alive = []
    gc.collect()
    gc.freeze()
    with project(files) as folder:
        one = Session(settings_for(folder))
        made = [
            one.module(str(folder / path), ast.parse(text), text)
            for path, text in files.items()
        ]
        first = weakref.ref(made.pop(0))
        while made:
            one.drop(made.pop())
            gc.collect()
            alive.append(first() is not None)
    gc.unfreeze()
    # A million characters, of which each file has 81,000.
    assert alive == [True] * 12 + [False]


@pytest.mark.parametrize(
    "files_known, most, are_kept",
    [
        (99, {"USUAL": 1_000, "OF_MANY": 10}, True),
        (99, {"USUAL": 10, "OF_MANY": 1_000}, False),
        (1, {"USUAL": 1_000, "OF_MANY": 10}, False),
        (1, {"USUAL": 10, "OF_MANY": 1_000}, True),
    ],
)
def test_terms_are_kept_until_there_are_many(files_known, most, are_kept, monkeypatch):
    monkeypatch.setattr(session, "MANY_FILES", files_known)
    for name, terms in most.items():
        monkeypatch.setattr(session, name, session.Room(1, terms))
    files = {"app.py": ASYNC, "user.py": "import app\napp.go()\n", "other.py": PLAIN}
    with project(files) as folder:
        one = Session(settings_for(folder))

        def suspects():
            path = str(folder / "user.py")
            text = one.project.source(path)
            module = one.module(path, ast.parse(text), text)
            around = one.around(module)
            assert around.suspicious(module) == {(0, 0)}
            return around._suspects

        before = suspects()
        one.module(str(folder / "other.py"), ast.parse(PLAIN), PLAIN)
        assert (suspects() is before) is are_kept
