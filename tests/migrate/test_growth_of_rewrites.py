"""What `migrate` does grows no faster than a project: counted, not timed."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.migrate.rewriting import migrated

HANDLER = "async def {0}(event, context):\n    return await work({1})\n\n\n"
WORK = "async def work(key):\n    return key\n\n\n"
USE = "async def use{1}():\n    return await {0}({{}}, None)\n\n\n"


def _handlers(count):
    return "".join(HANDLER.format(f"h{n}_handler", n) for n in range(count))


def _decorated(count):
    text = f"def traced(f):\n    return f\n\n\n{WORK}{_handlers(count)}"
    return {"app.py": text.replace("async def h", "@traced\nasync def h")}


def _decorated_with_arguments(count):
    text = "def traced(key):\n    def decorate(f):\n        return f\n    return decorate\n"
    parts = [
        f"@traced({n})\n" + HANDLER.format(f"h{n}_handler", n) for n in range(count)
    ]
    return {"app.py": f"{text}\n\n{WORK}{''.join(parts)}"}


def _same_names(count):
    text = WORK + HANDLER.format("lambda_handler", 1)
    return {f"s{n}/app.py": text for n in range(count)}


def _same_names_used(count):
    use = "from app import lambda_handler\n" + USE.format("lambda_handler", "")
    return {**_same_names(count), **{f"s{n}/user.py": use for n in range(count)}}


def _imports_that_lead_nowhere(count):
    use = "from api import lambda_handler\n" + "print(lambda_handler)\n"
    return {**_same_names(count), **{f"t{n}/user.py": use for n in range(count)}}


def _one_user(count):
    names = [f"h{n}_handler" for n in range(count)]
    use = f"from app import {', '.join(names)}\n"
    use += "".join(USE.format(name, n) for n, name in enumerate(names))
    return {"app.py": WORK + _handlers(count), "user.py": use}


def _one_user_of_the_module(count):
    use = [USE.format(f"app.h{n}_handler", n) for n in range(count)]
    return {"app.py": WORK + _handlers(count), "user.py": "import app\n" + "".join(use)}


def _one_user_of_many_files(count):
    files = {
        f"m{n}.py": WORK + HANDLER.format(f"h{n}_handler", n) for n in range(count)
    }
    use = [f"from m{n} import h{n}_handler\n" for n in range(count)]
    use += [USE.format(f"h{n}_handler", n) for n in range(count)]
    return {**files, "user.py": "".join(use)}


def _many_users(count):
    files = {
        f"u{n}.py": f"from app import h{n}_handler\n" + USE.format(f"h{n}_handler", n)
        for n in range(count)
    }
    return {"app.py": WORK + _handlers(count), **files}


def _package(count):
    files = _one_user_of_many_files(count)
    files["user.py"] = "".join(f"from m{n} import *\n" for n in range(count))
    return files


def _helpers(count):
    helpers = [f"def f{n}():\n    f{n + 1}()\n\n\n" for n in range(count)]
    text = _handlers(count).replace("    return", "    f0()\n    return")
    return {"app.py": WORK + text + "".join(helpers)}


PROJECTS = {
    "decorated": _decorated,
    "decorated with arguments": _decorated_with_arguments,
    "same names": _same_names,
    "same names, used": _same_names_used,
    "imports that lead nowhere": _imports_that_lead_nowhere,
    "one user": _one_user,
    "one user of the module": _one_user_of_the_module,
    "one user of many files": _one_user_of_many_files,
    "many users": _many_users,
    "a package of star imports": _package,
    "helpers": _helpers,
}


def work(files, monkeypatch):
    """Return how many functions were called, and how many characters parsed."""
    counts = {"calls": 0, "parsed": 0}
    parse = ast.parse

    def counted(text, *arguments, **keywords):
        counts["parsed"] += len(text)
        return parse(text, *arguments, **keywords)

    def called(_frame, event, _argument):
        counts["calls"] += event == "call"

    monkeypatch.setattr(ast, "parse", counted)
    sys.setprofile(called)
    try:
        after, refused = migrated(files, handlers=("*.*_handler", "*/*.*_handler"))
    finally:
        sys.setprofile(None)
        monkeypatch.undo()
    assert refused == []
    assert "async def _" in "".join(after.values())
    return counts


@pytest.mark.parametrize("make", PROJECTS.values(), ids=PROJECTS)
def test_work_grows_with_the_project(make, monkeypatch):
    work(make(2), monkeypatch)  # what is loaded once
    few, many = work(make(8), monkeypatch), work(make(32), monkeypatch)
    assert [name for name in many if many[name] > 4.6 * few[name]] == []
