"""What grows with a project grows no faster than the project: counted, not timed."""

from __future__ import annotations

import ast
import os
import re
import tracemalloc
from collections import Counter

import pytest
from support import project
from support import settings_for

from flake8_lambda_handler import engine
from flake8_lambda_handler import handlers
from flake8_lambda_handler import reading
from flake8_lambda_handler.project import Project

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
    one = Project(settings_for(folder))
    for path in paths:
        full = os.path.join(folder, path)
        text = one.source(full)
        if one.concerns(full, text):
            module = one.module(full, ast.parse(text), text)
            engine.check_module(module, one.settings, declared=True)


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
    count(handlers, "uses_import")
    count(handlers, "is_test_path")
    count(Project, "_binds")
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


def test_text_is_scanned_once_for_what_its_imports_lead_to(monkeypatch):
    def scans(count):
        imports = "".join(f"import util as u{n}\nu{n}.x\n" for n in range(count))
        scanned = []
        finditer = re.finditer
        monkeypatch.setattr(
            re, "finditer", lambda *given: scanned.append(1) or finditer(*given)
        )
        files = {"app.py": imports, "util.py": "async def go(): ...\n"}
        with project(files) as folder:
            one = Project(settings_for(folder))
            assert not one.concerns(str(folder / "app.py"), imports)
            assert one.concerns(str(folder / "b.py"), f"{imports}u{count - 1}.go()\n")
        monkeypatch.undo()
        return len(scanned)

    assert scans(40) == scans(10)


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
            one = Project(settings_for(folder))
            path = str(folder / "app.py")
            found = one.module(path, ast.parse(source), source).handlers
            assert bool(found) is (text in others), text
            assert one.is_used_elsewhere(one.parse(path), "handler") is (text in ways)


@pytest.mark.parametrize("path", ["tests/user.py", "test_user.py", "a/testing/user.py"])
def test_tests_are_no_users(path):
    files = {"app.py": HANDLER, path: "from app import handler\nhandler({}, None)\n"}
    with project(files) as folder:
        one = Project(settings_for(folder))
        assert not one.is_used_elsewhere(one.parse(str(folder / "app.py")), "handler")
