"""Findings do not depend on the order of definitions and files, nor on hash seeds."""

from __future__ import annotations

import itertools
import random
import textwrap

import pytest

from tests import support
from tests.rules.test_undriven_coroutine import MODULES
from tests.rules.test_undriven_coroutine import PLACES
from tests.rules.test_unserializable_dumps import FILES as DUMPED
from tests.rules.test_unserializable_return import FILES as RETURNED
from tests.support import project
from tests.support import run
from tests.support import violations

#: Functions that call each other; each finding is named by what stands in its line.
CIRCLES = {
    "two": (
        """
        async def work():
            return 1

        def visit(node):
            result = walk(node)
            return result

        def walk(node):
            for child in node:
                visit(child)
            return work()

        def use(event):
            visit(event)
        """,
        ["visit(child)", "visit(event)"],
    ),
    "three": (
        """
        async def work():
            return 1

        def one(node):
            return two(node)

        def two(node):
            return three(node)

        def three(node):
            if node:
                return one(node[1:])
            return work()

        def use(event):
            three(event)
        """,
        ["three(event)"],
    ),
    "driven": (
        """
        async def work():
            return 1

        def visit(node):
            result = walk(node)
            return result

        async def walk(node):
            for child in node:
                await visit(child)
            return await work()

        async def use(event):
            await visit(event)
        """,
        [],
    ),
    "two circles that share a function": (
        """
        async def work():
            return 1

        def left(node):
            return middle(node)

        def right(node):
            return middle(node)

        def middle(node):
            if node == 1:
                return left(node)
            if node == 2:
                return right(node)
            return work()

        def use(event):
            left(event)
            right(event)
        """,
        ["left(event)", "right(event)"],
    ),
    "itself": (
        """
        async def work():
            return 1

        def again(node):
            if node:
                return again(node[1:])
            return work()

        def use(event):
            again(event)
        """,
        ["again(event)"],
    ),
}


@pytest.mark.parametrize("source, expected", CIRCLES.values(), ids=CIRCLES)
def test_definitions_in_any_order(source, expected):
    definitions = textwrap.dedent(source).strip().split("\n\n")
    for order in itertools.permutations(definitions):
        text = "\n\n".join(order) + "\n"
        found = violations(text + "\n\nasync def last():\n    return 1\n")
        lines = [text.split("\n")[one.line - 1].strip() for one in found]
        assert sorted(lines) == sorted(expected), text


def test_longer_circles_in_some_orders():
    size = 60
    definitions = [
        f"def f{i}(x):\n    return f{(i + 1) % size}(x)" for i in range(1, size)
    ]
    definitions.append("def f0(x):\n    return f1(x) if x else work()")
    definitions.append("async def work():\n    return 1")
    definitions.append("def use(x):\n    f7(x)")
    answers = set()
    for seed in range(6):
        order = random.Random(seed).sample(definitions, len(definitions))
        text = "\n\n\n".join(order) + "\n"
        found = violations(text)
        answers.add(tuple(text.split("\n")[one.line - 1].strip() for one in found))
    assert len(answers) == 1, answers


ENCODER = """
import json

json.JSONEncoder.default = lambda self, o: str(o)
"""
HANDLER = """
import json
{}

def lambda_handler(event, context):
    return {{"body": json.dumps({{"ids": {{1, 2}}}})}}
"""


@pytest.mark.parametrize("names", [("a.py", "b.py"), ("b.py", "a.py")])
@pytest.mark.parametrize("statement, codes", [("", ["LMB404"]), ("import {}", [])])
def test_encoder_that_another_file_sets_counts_where_it_is_imported(
    names, statement, codes
):
    encoder, handler = names
    imported = statement.format(encoder.removesuffix(".py"))
    files = {encoder: ENCODER, handler: HANDLER.format(imported)}
    assert [one.code for one in violations(files)] == codes


SEEDED = """
from datetime import datetime
from pydantic import BaseModel


class Plain(BaseModel):
    id: str


class Dated(BaseModel):
    at: datetime


def handler(event, context):
    order = Plain(id="1") if event else Dated(at=event)
    return order.model_dump()


def pair_handler(event, context):
    make = {"a": set, "b": list, "c": frozenset}[event["kind"]] if event else set
    values = [make(), {1}, datetime.now(), None] if event else (set(), "a")
    return {"values": values, "made": make()}
"""


def test_findings_do_not_depend_on_the_hash_seed():
    with project({"app.py": SEEDED}) as folder:
        command = ["flake8_lambda_handler", "check", "--isolated", "app.py"]
        outputs = {
            run(*command, cwd=folder, PYTHONHASHSEED=str(seed)).stdout
            for seed in range(8)
        }
    (output,) = outputs
    assert "app.py:16:5: LMB401 `at` in the response is a `datetime`" in output


#: Sources of several files, from the tables of the rules.
SEVERAL = {
    name: files
    for table in (MODULES, PLACES, DUMPED, RETURNED)
    for name, files in table.items()
    if len(files) > 1 and all(path.endswith(".py") for path in files)
}


@pytest.mark.parametrize("files", SEVERAL.values(), ids=SEVERAL)
def test_files_in_any_order(files):
    texts = {path: textwrap.dedent(text) for path, text in files.items()}
    with project(texts) as folder:
        settings = support.settings_for(folder)
        answers = {
            tuple(support._check(folder, list(order), settings))
            for order in itertools.islice(itertools.permutations(texts), 12)
        }
    assert len(answers) == 1
