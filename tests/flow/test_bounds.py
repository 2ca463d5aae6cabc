"""What is not followed to its end is never a finding."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_lambda_handler.flow.values import TEXT
from flake8_lambda_handler.flow.values import Address
from flake8_lambda_handler.flow.values import Object
from flake8_lambda_handler.flow.values import join
from tests.support import assert_marked
from tests.support import violations

AWAITED = """
import asyncio


async def audit(event):
    await asyncio.sleep(1)


async def main(event):
    task = asyncio.create_task(audit(event))
    await given_{first}(task)


{chain}


def given_0(task):
    return task


def lambda_handler(event, context):
    asyncio.run(main(event))
"""

CLOSED = """
import asyncio


async def audit(event):
    await asyncio.sleep(1)


def lambda_handler(event, context):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(audit(event))
    end_{first}(Holder(loop))


class Holder:
    def __init__(self, loop):
        self.loop = loop


{chain}


def end_0(holder):
    holder.loop.close()
"""


def exhausted(width: int) -> str:
    """Return a correct program whose calls multiply: each calls five of the next."""
    lines = ["import asyncio"]
    for i in range(5):
        lines.append(f"async def g0_{i}(x):\n    return x")
    for level in range(1, width):
        for i in range(5):
            star = "*" if level > 1 else ""
            calls = ", ".join(f"{star}g{level - 1}_{j}([x])" for j in range(5))
            lines.append(f"def g{level}_{i}(x):\n    return [{calls}]")
    calls = ", ".join(f"*g{width - 1}_{j}([1])" for j in range(5))
    lines.append(f"async def main():\n    await asyncio.gather({calls})")
    lines.append("def lambda_handler(event, context):\n    asyncio.run(main())")
    lines.append("    return {}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [2, 4, 7])
def test_steps_that_run_out_are_no_finding(width):
    assert violations(exhausted(width)) == []


def test_what_was_made_before_the_steps_ran_out_is_out_of_sight():
    source = exhausted(5).replace(
        "    await asyncio.gather",
        "    made = g0_0(1)\n    await asyncio.gather",
    )
    assert violations(source) == []


def test_what_a_statement_dropped_before_the_steps_ran_out_is_told():
    source = exhausted(5).replace(
        "    await asyncio.gather",
        "    g0_0(1)  # LMB201\n    if input():\n        g0_1(1)  # LMB201\n"
        "    await asyncio.gather",
    )
    assert_marked(source)


def test_what_was_dropped_before_many_steps_is_told():
    source = exhausted(3).replace(
        "    await asyncio.gather",
        "    made = g0_0(1)  # LMB201\n    await asyncio.gather",
    )
    assert_marked(source)


@pytest.mark.parametrize("depth", [1, 5, 9, 15, 40])
def test_task_that_is_awaited_behind_many_calls(depth):
    assert violations(chained(AWAITED, "def given_", "return given_", depth)) == []


@pytest.mark.parametrize("depth", [1, 5, 9])
def test_task_that_is_lost_behind_some_calls(depth):
    source = chained(AWAITED, "def given_", "return given_", depth)
    lost = source.replace("await given_", "given_").replace(
        "create_task(audit(event))", "create_task(audit(event))  # LMB203"
    )
    assert_marked(lost)


@pytest.mark.parametrize("depth", [1, 5, 9, 15, 40])
def test_loop_that_is_closed_behind_many_calls(depth):
    assert violations(chained(CLOSED, "def end_", "end_", depth)) == []


@pytest.mark.parametrize("depth", [1, 5, 9])
def test_loop_that_is_left_open_behind_some_calls(depth):
    source = chained(CLOSED, "def end_", "end_", depth)
    left = source.replace("holder.loop.close()", "print(holder)").replace(
        "new_event_loop()", "new_event_loop()  # LMB305"
    )
    assert_marked(left)


def chained(source: str, definition: str, call: str, depth: int) -> str:
    chain = "\n\n\n".join(
        f"{definition}{i}(value):\n    {call}{i - 1}(value)"
        for i in range(depth, 0, -1)
    )
    return source.format(first=depth, chain=chain)


@pytest.mark.parametrize("length", [3, 30, 300])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_coroutine_behind_a_long_chain_of_calls(length, is_reversed):
    functions = [f"def f{i}(x):\n    return f{i + 1}(x)\n" for i in range(length)]
    if is_reversed:
        functions.reverse()
    source = textwrap.dedent(
        """
        async def work(x):
            return x

        def f{}(x):
            return work(x)

        {}

        def lambda_handler(event, context):
            f0(event)  # LMB201
            return {{}}
        """
    )
    assert_marked(source.format(length, "\n".join(functions)))


def _importing(count: int, handler: str, last: str) -> dict[str, str]:
    """Return a handler and so many modules that it imports; the last one does more."""
    files = {f"m{i}.py": f"VALUE = {i}\n" for i in range(count)}
    files[f"m{count - 1}.py"] += last
    imports = "".join(f"import m{i}\n" for i in range(count))
    return {**files, "app.py": imports + handler}


ENCODES = """
import json

def lambda_handler(event, context):
    return {"body": json.dumps({"ids": {1, 2}})}
"""
RUNS = """
import asyncio

LOOP = asyncio.new_event_loop()

async def work():
    return asyncio.run(asyncio.sleep(1))

def lambda_handler(event, context):
    return asyncio.run(work())
"""
PATCHED = "import json\njson.JSONEncoder.default = lambda self, value: str(value)\n"
NESTED = "import nest_asyncio\nnest_asyncio.apply()\n"


@pytest.mark.parametrize(
    "handler, last, code",
    [(ENCODES, PATCHED, "LMB404"), (RUNS, NESTED, "LMB306")],
    ids=["json", "loops"],
)
def test_imports_that_are_not_all_known(handler, last, code):
    within = 199
    assert [one.code for one in violations(_importing(within, handler, ""))] == [code]
    assert violations(_importing(within, handler, last)) == []
    assert violations(_importing(within + 1, handler, last)) == []
    assert violations(_importing(within + 1, handler, "")) == []


def test_too_many_alternatives_are_gone_through_once():
    objects = [
        Object("object", Address(ast.Pass(), None, (), False)) for _ in range(99)
    ]
    found = join(*objects)
    for one in objects[:60]:
        found = join(join(found, one), join(found, TEXT))
    assert len(found.values) == len(objects) + 1
