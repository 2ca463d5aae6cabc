"""LMB506: code that the declared runtime cannot import."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support import ROOT
from support import assert_marked
from support import on
from support import violations

from flake8_lambda_handler.analyses import versions
from flake8_lambda_handler.facts import needs
from tests.runtime_client import interpreter
from tests.runtime_client import invoke

HANDLER = "\ndef lambda_handler(event, context): return {}\n"

#: The runtime, and code that it cannot import.
BAD = {
    "match": (
        "python3.9",
        """
        def pick(x):
            match x:  # LMB506
                case 1: return 2
        """,
    ),
    "a new module": ("python3.10", "import tomllib  # LMB506"),
    "its names": ("python3.10", "from tomllib import loads  # LMB506"),
    "a new module below another": (
        "python3.7",
        "import importlib.metadata  # LMB506",
    ),
    "a new name": ("python3.10", "from enum import Enum, StrEnum  # LMB506"),
    "a new name of typing": ("python3.11", "from typing import override  # LMB506"),
    "a module that is gone": ("python3.12", "import distutils.util  # LMB506"),
    "names of it": ("python3.12", "from imp import reload  # LMB506"),
    "a later one that is gone": ("python3.13", "import cgi, json  # LMB506"),
    "a name that is gone": ("python3.11", "from inspect import getargspec  # LMB506"),
    "abstract classes": ("python3.10", "from collections import Mapping  # LMB506"),
    "in a class": (
        "python3.10",
        """
        class Settings:
            import tomllib  # LMB506
        """,
    ),
    "below a condition that holds": (
        "python3.10",
        """
        import sys
        if sys.version_info >= (3, 8):
            import tomllib  # LMB506
        """,
    ),
    "beside what waits for something else": (
        "python3.10",
        """
        try:
            import tomllib  # LMB506
        except KeyError:
            tomllib = None
        """,
    ),
    "a union in an annotation": (
        "python3.9",
        "def load(key: str | None) -> dict: ...  # LMB506",
    ),
    "a union in an annotation of a module": (
        "python3.9",
        "KEY: None | str = ''  # LMB506",
    ),
    "a generic in an annotation": (
        "python3.8",
        "def load() -> list[int]: ...  # LMB506",
    ),
    "walrus": ("python3.7", "if (x := 1): pass  # LMB506"),
    "positional parameters": ("python3.7", "def load(x, /): ...  # LMB506"),
    "any decorator": (
        "python3.8",
        """
        handlers = {}
        @handlers["x"]  # LMB506
        def load(x): ...
        """,
    ),
}
if sys.version_info >= (3, 11):
    BAD["except*"] = (
        "python3.10",
        """
        def load():
            try:  # LMB506
                pass
            except* ValueError:
                pass
        """,
    )
if sys.version_info >= (3, 12):
    BAD["type parameters"] = ("python3.11", "def load[T](x: T) -> T: ...  # LMB506")
    BAD["a type statement"] = ("python3.11", "type Keys = list[str]  # LMB506")
    BAD["quotes of an f-string in it"] = (
        "python3.11",
        """
        def load(x):
            return f"a {x["key"]}"  # LMB506
        """,
    )
    BAD["a backslash in an f-string"] = (
        "python3.11",
        """
        def load(x):
            return f"a {'\\n'.join(x)}"  # LMB506
        """,
    )
    BAD["a line end in an f-string"] = (
        "python3.11",
        """
        def load(x):
            return f"a {
                x}"
        """.replace('f"a {', 'f"a {  # LMB506'),
    )

#: The runtime, and code that it can import.
GOOD = {
    "on the version that brought it": (
        "python3.10",
        "def f(x):\n    match x:\n        case 1: pass",
    ),
    "a module that is there": ("python3.11", "import tomllib"),
    "a newer runtime than the table": ("python3.15", "import tomllib"),
    "not gone yet": ("python3.11", "import distutils, imp, asyncore"),
    "gone one later": ("python3.12", "import cgi"),
    "a name that stays": ("python3.10", "from enum import Enum"),
    "caught": (
        "python3.10",
        """
        try:
            import tomllib
        except ImportError:
            import json as tomllib
        """,
    ),
    "caught with others": (
        "python3.10",
        """
        try:
            import tomllib
        except (KeyError, ModuleNotFoundError):
            tomllib = None
        """,
    ),
    "caught with all": (
        "python3.12",
        """
        try:
            import distutils
        except Exception:
            distutils = None
        """,
    ),
    "suppressed": (
        "python3.10",
        """
        import contextlib
        with contextlib.suppress(ImportError):
            import tomllib
        """,
    ),
    "a version's branch": (
        "python3.10",
        """
        import sys
        if sys.version_info >= (3, 11):
            import tomllib
        else:
            import json
        """,
    ),
    "an open condition": (
        "python3.10",
        """
        import os
        if os.environ.get("X"):
            import tomllib
        """,
    ),
    "for the type checker": (
        "python3.10",
        """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from typing import Self
        """,
    ),
    "in a function": (
        "python3.10",
        """
        def load():
            import tomllib
        """,
    ),
    "as a script": (
        "python3.10",
        """
        if __name__ == "__main__":
            import tomllib
        """,
    ),
    "annotations that nobody evaluates": (
        "python3.9",
        """
        from __future__ import annotations
        def load(key: str | None) -> list[int]: ...
        """,
    ),
    "annotations in quotes": ("python3.9", "def load(key: 'str | None'): ..."),
    "annotations inside a function": (
        "python3.9",
        """
        def load(key):
            found: str | None = None
        """,
    ),
    "a generic since 3.9": ("python3.9", "def load() -> list[int]: ..."),
    "flags": ("python3.9", "import re\nX: int = re.I | re.M"),
    "several contexts in brackets": (
        "python3.8",
        """
        def load(a, b):
            with (a, b):
                pass
        """,
    ),
    "an f-string of all versions": (
        "python3.8",
        """
        def load(x):
            return f"a {x['key']} \\n {x!r:>{10}}" f'{x["key"]}' f'''{x["a"]} '{x}' '''
        """,
    ),
    "a relative import": ("python3.10", "from . import tomllib"),
    "a module that happens to be called alike": (
        "python3.10",
        "from enums import StrEnum",
    ),
}


def declared(runtime, source):
    files = on(runtime, HANDLER)
    files["app.py"] = f"{textwrap.dedent(source).strip()}\n{HANDLER}"
    return files


def only_these(found):
    return [one for one in found if one.code == "LMB506"]


@pytest.mark.parametrize(("runtime", "source"), BAD.values(), ids=BAD)
def test_bad(runtime, source):
    assert "LMB506" in source
    files = declared(runtime, source)
    lines = files["app.py"].split("\n")
    marks = [n for n, line in enumerate(lines, 1) if "# LMB506" in line]
    assert [one.line for one in only_these(violations(files))] == marks


@pytest.mark.parametrize(("runtime", "source"), GOOD.values(), ids=GOOD)
def test_good(runtime, source):
    assert only_these(violations(declared(runtime, source))) == []


@pytest.mark.parametrize(("runtime", "source"), BAD.values(), ids=BAD)
def test_nothing_is_said_without_a_runtime(runtime, source):
    files = declared(runtime, source)
    del files["template.yaml"]
    assert only_these(violations(files)) == []


@pytest.mark.parametrize(
    ("runtime", "source", "error"),
    [
        ("python3.10", BAD["a new module"][1], "Runtime.ImportModuleError"),
        ("python3.10", BAD["a new name"][1], "Runtime.ImportModuleError"),
        (
            "python3.10",
            BAD.get("except*", BAD["match"])[1],
            "Runtime.UserCodeSyntaxError",
        ),
        ("python3.12", BAD["names of it"][1], "Runtime.ImportModuleError"),
        ("python3.13", BAD["a later one that is gone"][1], "Runtime.ImportModuleError"),
        ("python3.11", BAD["a name that is gone"][1], "Runtime.ImportModuleError"),
        ("python3.10", BAD["abstract classes"][1], "Runtime.ImportModuleError"),
    ],
)
def test_lambda_says_so(runtime, source, error):
    if error == "Runtime.UserCodeSyntaxError" and "except*" not in BAD:
        pytest.skip("this Python has no syntax that its predecessor lacks")
    python = interpreter(runtime.removeprefix("python"))
    files = declared(runtime, source)
    (found,) = only_these(violations(files))
    assert found.text.endswith(f" and ends in {error}")
    outcomes = invoke({"app.py": files["app.py"]}, events=[{}], python=python)
    assert (outcomes.init_error or outcomes[0]).error_type == error


def test_full_messages():
    files = {
        **on("python3.12", HANDLER),
        "app.py": "import distutils\nfrom shop import orders\n" + HANDLER,
        "shop/__init__.py": "",
        "shop/orders.py": "from . import items\n",
        "shop/items.py": "\nimport imp\nimport tomllib\n",
    }
    assert [one[:3] + one[4:] for one in only_these(violations(files))] == [
        (
            "app.py",
            1,
            0,
            "`distutils` is gone since Python 3.12; "
            "`lambda_handler` runs on `python3.12` and ends in "
            "Runtime.ImportModuleError",
        ),
        (
            "app.py",
            2,
            0,
            "`imp` is gone since Python 3.12; `lambda_handler` runs on `python3.12` "
            "and ends in Runtime.ImportModuleError (shop/items.py:1)",
        ),
    ]


@pytest.mark.parametrize(
    "more",
    {
        "a module beside the code": {"cgi.py": ""},
        "elsewhere in the project": {"vendor/cgi/__init__.py": ""},
        "a dependency of a like name": {"requirements.txt": "legacy-cgi==2.6\n"},
        "setuptools": {"app.py": "import setuptools\nimport distutils\n" + HANDLER},
        "one above": {"pyproject.toml": 'dependencies = ["legacy-cgi"]\n'},
    }.values(),
)
def test_a_module_that_is_brought(more):
    files = declared("python3.13", "import cgi")
    assert len(only_these(violations(files))) == 1
    assert only_these(violations({**files, **more})) == []


def test_a_layer_may_bring_modules_but_no_syntax():
    files = declared("python3.9", "import tomllib\n" + textwrap.dedent(BAD["match"][1]))
    assert len(only_these(violations(files))) == 2
    layers = files["template.yaml"].replace("CodeUri: .", "CodeUri: ., Layers: [x]")
    assert len(only_these(violations({**files, "template.yaml": layers}))) == 1


def test_every_runtime_of_a_function_counts():
    files = declared("!If [Old, python3.8, python3.12]", "import tomllib")
    assert only_these(violations(files)) == []
    files = declared("!If [Old, python3.8, python3.10]", "import tomllib")
    (found,) = only_these(violations(files))
    assert "; `lambda_handler` runs on `python3.10` and ends in " in found.text


def test_the_table_is_that_of_this_python():
    data = json.loads(Path(needs.__file__).with_name("stdlib.json").read_text())
    here = sys.version_info[:2]
    for is_gone, kind in enumerate(("added", "removed")):
        for dotted, text in data[kind].items():
            if "." not in dotted:
                has = here >= tuple(map(int, text.split(".")))
                assert (dotted in sys.stdlib_module_names) is (has != bool(is_gone)), (
                    dotted
                )


def test_the_table_is_made_from_interpreters():
    pythons = [f"python3.{minor}" for minor in (10, 11, 12, 13)]
    for python in pythons:
        path = shutil.which(python)
        code = "import sys; print('python%d.%d' % sys.version_info[:2])"
        done = path and subprocess.run(
            [path, "-c", code], capture_output=True, text=True
        )
        if not done or done.stdout.strip() != python:
            pytest.skip(f"no {python} on this machine")
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import make_stdlib_changes
    finally:
        sys.path.pop(0)
    made = json.loads(make_stdlib_changes.table(pythons))
    assert made == json.loads(make_stdlib_changes.TARGET.read_text(encoding="utf-8"))


def test_mangled_quotes_in_long_files_cost_little():
    text = "".join(f"x{n} = f\"{{x}} '{{x}}' {n}\"\n" for n in range(1000))
    assert [*needs.syntax(ast.parse(text), text, (3, 9))] == []


def test_marks_are_the_whole_expectation():
    assert_marked(declared("python3.12", "import imp  # LMB506"))


@pytest.mark.parametrize("most, count", [(3, 0), (4, 1)])
def test_so_many_modules_are_looked_into(most, count, monkeypatch):
    monkeypatch.setattr(versions, "MOST_MODULES", most)
    files = {
        **on("python3.10", "import m1\ndef lambda_handler(event, context): ...\n"),
        "m1.py": "import m2\n",
        "m2.py": "import m3\n",
        "m3.py": "import tomllib\n",
    }
    found = [one.path for one in violations(files) if one.code == "LMB506"]
    assert found == ["app.py"] * count
