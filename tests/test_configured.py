"""The setting `lambda-handlers` follows what the runtime follows."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import violations

pytestmark = pytest.mark.usefixtures("with_and_without_git")

ASYNC = "async def process(event, context): return {}\n"
MARKED = ASYNC.replace("\n", "  # LMB101\n")

#: The patterns, and the files.
FOUND = {
    "an import under the name": (
        "app.lambda_handler",
        {"app.py": "from core import process as lambda_handler\n", "core.py": MARKED},
    ),
    "an import by name": (
        "app.process",
        {"app.py": "from core import process\n", "core.py": MARKED},
    ),
    "a private function by its name": (
        "app._pro*",
        {"app.py": MARKED.replace("process", "_process")},
    ),
    "an import of everything": (
        "app.process",
        {"app.py": "from core import *\n", "core.py": MARKED},
    ),
    "an import of everything, a glob for the function": (
        "app.pro*",
        {"app.py": "from core import *\n", "core.py": MARKED},
    ),
    "a package": (
        "api.process",
        {
            "api/__init__.py": "from .orders import process\n",
            "api/orders.py": MARKED,
        },
    ),
    "a package in a folder, with a slash": (
        "src/api.process",
        {
            "src/api/__init__.py": "from .orders import *\n",
            "src/api/orders.py": MARKED,
        },
    ),
    "one after the other": (
        "app.lambda_handler",
        {
            "app.py": "from api import main as lambda_handler\n",
            "api/__init__.py": "from .orders import process as main\n",
            "api/orders.py": MARKED,
        },
    ),
    "a glob for the folders": (
        "functions/*.lambda_handler",
        {
            "functions/a/app.py": "from core import process as lambda_handler\n",
            "core.py": MARKED,
        },
    ),
    "a glob for everything": (
        "*.lambda_handler",
        {"app.py": "from core import process as lambda_handler\n", "core.py": MARKED},
    ),
    "an import on a condition": (
        "app.lambda_handler",
        {
            "app.py": "try:\n    from core import process as lambda_handler\n"
            "except ImportError:\n    from .core import process as lambda_handler\n",
            "core.py": MARKED,
        },
    ),
    "an alias where it is defined": (
        "app.main",
        {
            "app.py": "from core import main\n",
            "core.py": ASYNC + "main = process  # LMB101\n",
        },
    ),
    "by an alias of the module": (
        "app.main",
        {"app.py": "import core\nmain = core.process  # LMB101\n", "core.py": ASYNC},
    ),
}
NOT_FOUND = {
    "another function of the file": (
        "app.lambda_handler",
        {"app.py": "from core import other as lambda_handler\n", "core.py": ASYNC},
    ),
    "another name": (
        "app.lambda_handler",
        {"app.py": "from core import process\n", "core.py": ASYNC},
    ),
    "another module": (
        "app.process",
        {
            "app.py": "def process(event, context): return {}\n",
            "other.py": "from core import process\n",
            "core.py": ASYNC,
        },
    ),
    "bound anew": (
        "app.process",
        {
            "app.py": "from core import process\ndef process(event, context): ...\n",
            "core.py": ASYNC,
        },
    ),
    "everything, but not that": (
        "app.main",
        {"app.py": "from core import *\n", "core.py": ASYNC},
    ),
    "what is of the module alone, by a glob": (
        "app.*",
        {"app.py": "from core import *\n", "core.py": ASYNC.replace("pro", "_pro")},
    ),
    "an import in a function": (
        "app.process",
        {
            "app.py": "def f():\n    from core import process\n    return process\n",
            "core.py": ASYNC,
        },
    ),
    "a circle": (
        "a.process",
        {
            "a.py": "from b import process\n",
            "b.py": "from a import process\n",
            "core.py": ASYNC,
        },
    ),
    "a private function, by a glob at its name's beginning": (
        "app.*process",
        {"app.py": ASYNC.replace("process", "_process")},
    ),
    "a test, by a glob": (
        "*.lambda_handler",
        {
            "tests/test_core.py": "from core import process as lambda_handler\n",
            "core.py": ASYNC,
        },
    ),
    "a glob for other folders": (
        "functions/*.lambda_handler",
        {
            "jobs/app.py": "from core import process as lambda_handler\n",
            "core.py": ASYNC,
        },
    ),
    "a package outside": (
        "app.lambda_handler",
        {
            "app.py": "from vendor.core import process as lambda_handler\n",
            "core.py": ASYNC,
        },
    ),
    "a name that is a module": (
        "app.core",
        {"app.py": "from pkg import core\n", "pkg/core.py": ASYNC},
    ),
}


def test_tables_have_equal_numbers():
    assert len(FOUND) == len(NOT_FOUND)


@pytest.mark.parametrize("pattern, files", FOUND.values(), ids=FOUND)
def test_found(pattern, files):
    assert "LMB101" in str(files)
    assert_marked(files, handlers=(pattern,))


@pytest.mark.parametrize("pattern, files", NOT_FOUND.values(), ids=NOT_FOUND)
def test_not_found(pattern, files):
    assert_marked(files, handlers=(pattern,))


#: Functions that a pattern with a glob may mean, and what they give.
DECORATORS = {
    "an inner function": (
        "def lambda_handler(name=None, retries=3):\n"
        "    def wrapper(function):\n"
        "        return function\n"
        "    return wrapper\n",
        0,
    ),
    "a partial": (
        "import functools\n"
        "def lambda_handler(name=None, retries=3):\n"
        "    return functools.partial(print, name)\n",
        0,
    ),
    "what makes a decorator, with an option called context": (
        "def lambda_handler(operation=None, context=True):\n"
        "    def wrapper(function):\n"
        "        def marked(*args):\n"
        "            return function(*args)\n"
        "        return marked\n"
        "    return wrapper\n",
        0,
    ),
    "what an inner function gives": (
        "def lambda_handler(event, context):\n"
        "    def names():\n"
        "        return {1}\n"
        "    return names()\n",
        1,
    ),
    "a set": ("def lambda_handler(event, context): return {1}\n", 1),
}


@pytest.mark.parametrize("source, count", DECORATORS.values(), ids=DECORATORS)
def test_a_glob_means_no_decorator(source, count):
    assert len(violations(source, handlers=("*.lambda_handler",))) == count
    assert len(violations(source, handlers=("app.lambda_handler",))) == 1


def test_a_decorator_that_another_file_imports_is_no_handler():
    source, _ = DECORATORS["an inner function"]
    files = {"core.py": source, "app.py": "from core import lambda_handler\n"}
    assert violations(files, handlers=("*.lambda_handler",)) == []
