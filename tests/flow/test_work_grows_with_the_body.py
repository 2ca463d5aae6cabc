"""Twice the body, about twice the work: calls of functions are counted, not seconds."""

from __future__ import annotations

import ast
import gc
import os
import sys

import pytest

from flake8_lambda_handler import engine
from flake8_lambda_handler.session import Session
from tests.support import project
from tests.support import settings_for
from tests.support import violations

HEAD = "import asyncio\nimport json\n\n\nLOCK = asyncio.Lock()\n\n\n"
HANDLER = "def lambda_handler(event, context):\n"
MANAGER = """\
class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        print(error)


"""


def rows(size, text):
    return "".join(text.replace("@", str(number)) for number in range(size))


def sequential_ifs(size):
    text = '    if event["a"] == @:\n        x = [@]\n'
    return HANDLER + "    x = []\n" + rows(size, text) + "    return x\n"


def elifs(size):
    text = '    elif event["a"] == @:\n        x = {"n": @}\n'
    start = "    if event:\n        x = []\n"
    return HANDLER + start + rows(size, text) + "    return x\n"


def early_returns(size):
    text = '    b@ = {"n": @}\n    if event["a"] == @:\n        return b@\n'
    return HANDLER + rows(size, text)


def tries(size):
    text = (
        "    try:\n        x@ = json.loads(event)\n"
        '    except ValueError:\n        x@ = {"n": @}\n'
    )
    return HANDLER + rows(size, text)


def with_blocks(size):
    text = (
        "    with Manager() as manager:\n"
        '        if event["a"] == @:\n            return {"n": @}\n'
    )
    return MANAGER + HANDLER + rows(size, text)


def finally_blocks(size):
    text = (
        '    try:\n        if event["a"] == @:\n            return {"n": @}\n'
        "    finally:\n        y@ = [@]\n"
    )
    return HANDLER + rows(size, text)


def loops(size):
    text = "    for item in event:\n        x@ = [item]\n"
    return HANDLER + rows(size, text)


def names_of_a_module(size):
    return rows(size, 'try:\n    X@ = {"n": @}\nexcept KeyError:\n    X@ = None\n')


def unpacked(size):
    text = (
        "    a@, b@ = (1, None) if event else (None, [@])\n    if a@:\n        pass\n"
    )
    return HANDLER + rows(size, text)


def coroutines(size):
    helper = "async def save(item):\n    return item\n\n\n"
    text = "    x@ = save(@)\n    if event:\n        await x@\n"
    return helper + "async def main(event):\n" + rows(size, text)


def calls_too_many_to_follow(size):
    helper = "def helper(items):\n" + rows(60, "    items.append(@)\n") + "\n\n"
    return helper + HANDLER + rows(size, "    x@ = [@]\n    helper(x@)\n")


def growing_structure(size):
    text = '    d["k@"] = {"n": @}\n    s = json.dumps(d)\n'
    return HANDLER + "    d = {}\n" + rows(size, text) + "    return s\n"


def compared(size):
    helper = "async def work(item):\n    return item\n\n\n"
    text = "    t@ = work(@)\n    t@ == event\n"
    return helper + "async def main(event):\n" + rows(size, text)


def functions_in_a_table(size):
    text = 'def f@(x):\n    return x\n\n\nTABLE["f@"] = f@\n\n\n'
    return "TABLE = {}\n\n\n" + rows(size, text)


def writers_of_a_global(size):
    text = "def f@(x):\n    global CACHE\n    CACHE = [x]\n    return CACHE\n\n\n"
    return "CACHE = None\n\n\n" + rows(size, text)


SOURCES = [
    growing_structure,
    compared,
    functions_in_a_table,
    writers_of_a_global,
    sequential_ifs,
    elifs,
    early_returns,
    tries,
    with_blocks,
    finally_blocks,
    loops,
    names_of_a_module,
    unpacked,
    coroutines,
    calls_too_many_to_follow,
]


def work(source):
    """Return how many functions, of Python and of C, judging a source calls."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        if event in ("call", "c_call"):
            count += 1
            assert count < 10_000_000, "this would not end"

    gc.collect()
    sys.setprofile(counted)
    try:
        violations(source)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("source", SOURCES)
def test_twice_the_body(source):
    violations(HEAD + source(4))  # what is read once in a process is read now
    small, large, huge = (work(HEAD + source(size)) for size in (30, 80, 180))
    # From 30 to 80 is 50 more, from 80 to 180 twice as much.
    assert huge - large <= 2.4 * (large - small)


def nested_loops(depth):
    heads = "".join(
        f"{'    ' * level}for x{level} in event:\n" for level in range(1, depth + 1)
    )
    return HANDLER + heads + "    " * (depth + 1) + "print(x1)\n"


def test_loops_in_loops():
    violations(nested_loops(2))
    small, large, huge = (work(nested_loops(depth)) for depth in (4, 7, 13))
    # From 4 to 7 is 3 more, from 7 to 13 twice as much.
    assert huge - large <= 3 * (large - small)


def attributes_of_attributes(size):
    """Return a name that goes through attributes of what lies outside the project."""
    text = "    node = node.a@\n"
    start = "async def main(event):\n    node = event or client.inner or httpx\n"
    return {
        "client/inner.py": "async def get(): ...\n",
        "app.py": "import client.inner\nimport httpx\n\n\n"
        + start
        + rows(size, text)
        + "    client.inner.get(node)\n",
    }


def test_attributes_of_attributes():
    violations(attributes_of_attributes(4))
    small, large, huge = (work(attributes_of_attributes(size)) for size in (10, 20, 40))
    assert huge - large <= 2.4 * (large - small)


CALLER = """
import helper

async def work():
    return 1

def use(event):
    helper.go(event)
    work()
"""
HELPER = "import deep\n\n\ndef go(event):\n    return deep.go(event)\n"


@pytest.mark.parametrize(
    "deep, parsed, told",
    [
        ("def go(event):\n    return event\n", {"app.py", "helper.py"}, 1),
        (
            "async def go(event):\n    return event\n",
            {"app.py", "helper.py", "deep.py"},
            2,
        ),
    ],
    ids=["nothing async", "async"],
)
def test_a_call_into_code_without_coroutines_is_not_followed(deep, parsed, told):
    files = {"app.py": CALLER, "helper.py": HELPER, "deep.py": deep}
    with project(files) as folder:
        session = Session(settings_for(folder))
        path, tree = str(folder / "app.py"), ast.parse(CALLER)
        assert session.concerns(path, CALLER)
        module = session.module(path, tree, CALLER)
        assert len(engine.check_module(session, module)) == told
        kept = session.project.with_trees
        assert {os.path.basename(one.path) for one in kept} == parsed


def names_of_an_import(size):
    """Return a module whose names are all asked for, and could be changed by it."""
    made = rows(size, "n@ = [@]\n") + "\n\n" + rows(size, "def f@():\n    return n@\n")
    used = "import made\n\n\nasync def main(event):\n    main(event)\n"
    return {"made.py": made, "app.py": used + rows(size, "    print(made.n@)\n")}


def test_names_of_an_import():
    violations(names_of_an_import(4))
    small, large, huge = (work(names_of_an_import(size)) for size in (30, 80, 180))
    assert huge - large <= 2.4 * (large - small)


def calls_of_a_derived_class(size, called):
    """Return a class whose methods call the next one many times, and one derived."""
    methods = "".join(
        f"    async def {name}(self):\n" + rows(size, f"        await {inner}\n") + "\n"
        for name, inner in {"a": "self.b()", "b": called}.items()
    )
    own = "class Own(Base):\n    async def own(self):\n"
    main = "async def main():\n    await Own().own()\n    main()\n"
    head = "import asyncio\n\nLOCK = asyncio.Lock()\n\n\n"
    calls = rows(size, "        await self.a()\n") + "\n\n"
    return f"{head}class Base:\n{methods}\n{own}{calls}{main}"


@pytest.mark.parametrize("called", ["asyncio.sleep(1)", "LOCK.acquire()"])
def test_calls_of_a_derived_class(called):
    first, *texts = (calls_of_a_derived_class(size, called) for size in (4, 2, 4, 8))
    assert len(violations(first)) == 1
    small, large, huge = map(work, texts)
    assert huge - large <= 2.4 * (large - small)
