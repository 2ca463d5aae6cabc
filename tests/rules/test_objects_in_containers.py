"""Objects in lists and dicts with which, or by whose methods, other objects are filled."""

from __future__ import annotations

import pytest

from tests.support import assert_marked
from tests.support import is_dropped

STEPS = """\
class Load:
    async def run(self, item):
        return {"item": item}


class Save:
    async def run(self, item):
        return {"item": item}


class Plain:
    def run(self, item):
        return {"item": item}
"""

PIPELINE = """\
class Pipeline:
    def __init__(self, steps, name=""):
        self.steps = steps
        self.name = name

    def process(self, item):
        for step in self.steps:
            CALL(step.run(item))
"""

ADDED = """\
class Pipeline:
    def __init__(self):
        self.steps = []

    def add(self, step):
        self.steps.append(step)
        return self

    def process(self, item):
        for step in self.steps:
            CALL(step.run(item))
"""

NAMED = """\
class Pipeline:
    def __init__(self, steps):
        self.steps = steps

    def process(self, item):
        return CALL(self.steps["load"].run(item))["item"]
"""

#: How the objects are made, by the class.
BAD = {
    "a list": (PIPELINE, "pipeline = Pipeline([Load(), Save()])"),
    "a tuple, by keyword": (PIPELINE, "pipeline = Pipeline(steps=(Load(), Save()))"),
    "a list of a function": (
        PIPELINE,
        "def build():\n    steps = [Load(), Save()]\n    return Pipeline(steps)\n\n\n"
        "pipeline = build()",
    ),
    "several of them": (
        PIPELINE,
        "one, pipeline = Pipeline([Load()]), Pipeline([Save(), Load()])",
    ),
    "a dict": (NAMED, 'pipeline = Pipeline({"load": Load(), "save": Save()})'),
    "one after the other": (
        ADDED,
        "pipeline = Pipeline()\npipeline.add(Load())\npipeline.add(Save())",
    ),
    "put into the attribute": (
        ADDED,
        "pipeline = Pipeline()\npipeline.steps.append(Load())\npipeline.add(Load())",
    ),
}

GOOD = {
    "plain objects": (PIPELINE, "pipeline = Pipeline([Plain(), Plain()])"),
    "a plain object": (
        PIPELINE,
        "pipeline = Pipeline([Load(), Plain()])\npipeline.steps.pop(0)",
    ),
    "a list of plain objects elsewhere": (
        PIPELINE,
        "one, pipeline = Pipeline([Load()]), Pipeline([Plain()])",
    ),
    "what another list holds": (
        PIPELINE,
        "more = [Plain()]\npipeline = Pipeline([*more])",
    ),
    "a list that is changed": (
        PIPELINE,
        "def build():\n    steps = [Load()]\n    steps[0] = Plain()\n"
        "    return Pipeline(steps)\n\n\npipeline = build()",
    ),
    "plain objects in a dict": (NAMED, 'pipeline = Pipeline({"load": Plain()})'),
    "a plain object that is added": (
        ADDED,
        "pipeline = Pipeline()\npipeline.add(Plain())",
    ),
    "a plain object that is added, too": (
        ADDED,
        "pipeline, other = Pipeline(), Pipeline()\npipeline.add(Plain())\n"
        "other.add(Load())",
    ),
}

HEAD = "from pipeline import Pipeline\nfrom steps import Load, Plain, Save\n\n"
USE = "\n\n\ndef lambda_handler(event, context):\n    pipeline.process(event)\n"


def files(cls: str, made: str) -> dict[str, str]:
    return {"steps.py": STEPS, "pipeline.py": cls, "app.py": HEAD + made + USE}


def dropped(found: dict[str, str]) -> bool:
    """Return whether Python tells of a coroutine, in one module of all files."""
    return is_dropped("\n".join(found.values()).replace(HEAD, ""), TypeError)


@pytest.mark.parametrize("name", BAD)
def test_async_methods_only(name):
    cls, made = BAD[name]
    lines = cls.replace("CALL", "").splitlines()
    marked = "\n".join(f"{one}  # LMB201" if ".run(" in one else one for one in lines)
    assert dropped(files(marked, made))
    assert_marked(files(marked, made))


@pytest.mark.parametrize("name", GOOD)
def test_not_only_async_methods(name):
    cls, made = GOOD[name]
    found = files(cls.replace("CALL", ""), made)
    assert not dropped(found)
    assert_marked(found)


@pytest.mark.parametrize("cls", [PIPELINE, ADDED, NAMED])
def test_what_is_run(cls):
    name = {PIPELINE: "a list", ADDED: "one after the other", NAMED: "a dict"}[cls]
    found = files("import asyncio\n" + cls.replace("CALL", "asyncio.run"), BAD[name][1])
    assert not dropped(found)
    assert_marked(found)


def test_what_is_asked():
    asked = """\
import asyncio
import inspect


async def wait(job):
    return await job


class Pipeline:
    def __init__(self, steps):
        self.steps = steps

    def process(self, item):
        for step in self.steps:
            found = step.run(item)
            if inspect.isawaitable(found):
                found = asyncio.run(wait(found))
"""
    found = files(asked, BAD["a list"][1])
    assert not dropped(found)
    assert_marked(found)
